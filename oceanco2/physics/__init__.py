"""Formulas: numbers, arrays, Series or DataArrays in, the same kind out.

Temperatures are degree_Celsius (ITS-90), salinity is practical, pressures are hPa,
mole fractions umol/mol of dry air, partial pressures and fugacities uatm, wind m/s,
transfer velocities cm/h, fluxes mmol m-2 d-1 and positive out of the ocean. NaN in,
NaN out; what has no physical meaning gives NaN. Outside the published range of a
formula the value is computed and one `RangeWarning` says how many samples;
``on_range`` can be ``"nan"``, ``"raise"`` or ``"ignore"`` instead.

Weiss-type fits are on the temperature scales of 1948 and 1968. ITS-90 temperatures
are not converted, as in nearly all of the field: that would change K0 by -1.3e-4 and
the fCO2 chain by 2.3e-5 at most.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oceanco2.physics.air_sea_flux import flux, flux_from_xco2
    from oceanco2.physics.catalogue import (
        REGISTRIES,
        describe_transfer_velocities,
        plot_transfer_velocities,
        transfer_velocity_table,
    )
    from oceanco2.physics.equilibrator import fco2_at_sst
    from oceanco2.physics.fugacity import (
        VIRIAL,
        cross_virial_coefficient,
        fco2_from_pco2,
        fugacity_coefficient,
        pco2_from_fco2,
        second_virial_coefficient,
    )
    from oceanco2.physics.mole_fraction import (
        dry_mole_fraction,
        fco2_from_xco2,
        pco2_from_xco2,
        xco2_from_fco2,
        xco2_from_pco2,
    )
    from oceanco2.physics.parametrisations import (
        TransferVelocity,
        register_transfer_velocity,
    )
    from oceanco2.physics.pressure import (
        SEA_LEVEL_PRESSURE,
        register_sea_level_pressure,
        sea_level_pressure,
    )
    from oceanco2.physics.recommended import fco2rec
    from oceanco2.physics.schmidt import (
        SCHMIDT_NUMBERS,
        SchmidtNumber,
        register_schmidt_number,
        schmidt_number,
    )
    from oceanco2.physics.seawater import (
        absolute_salinity,
        conservative_temperature,
        density,
        freezing_temperature,
        per_mass_from_per_volume,
        per_volume_from_per_mass,
        practical_salinity,
    )
    from oceanco2.physics.sensitivities import (
        fco2_sensitivities,
        fco2_uncertainty,
        flux_sensitivities,
    )
    from oceanco2.physics.sensors import (
        hydroc_signal,
        hydroc_xco2,
        mapco2_dry_mole_fraction,
        sami_pco2,
        sami_temperature,
        vapour_of_humidity,
    )
    from oceanco2.physics.skin import (
        SKIN_MODELS,
        SkinModel,
        cool_skin,
        register_skin_model,
        salty_skin,
        skin_temperature,
    )
    from oceanco2.physics.solubilities import (
        SOLUBILITIES,
        Solubility,
        ostwald_solubility,
        register_solubility,
        solubility,
    )
    from oceanco2.physics.temperature import (
        TEMPERATURE_CORRECTIONS,
        TemperatureCorrection,
        correct_to_temperature,
        register_temperature_correction,
    )
    from oceanco2.physics.transfer import TRANSFER_VELOCITIES, transfer_velocity
    from oceanco2.physics.vapour import (
        WATER_VAPOUR,
        register_water_vapour,
        water_vapour_pressure,
    )
    from oceanco2.physics.wind import (
        WIND_HEIGHTS,
        drag_coefficient,
        register_wind_height,
        wind_at_10m,
    )

_HOMES = {
    "equilibrator": ("fco2_at_sst",),
    "air_sea_flux": ("flux", "flux_from_xco2"),
    "fugacity": (
        "VIRIAL",
        "cross_virial_coefficient",
        "fco2_from_pco2",
        "fugacity_coefficient",
        "pco2_from_fco2",
        "second_virial_coefficient",
    ),
    "catalogue": (
        "REGISTRIES",
        "describe_transfer_velocities",
        "plot_transfer_velocities",
        "transfer_velocity_table",
    ),
    "sensors": (
        "hydroc_signal",
        "hydroc_xco2",
        "mapco2_dry_mole_fraction",
        "sami_pco2",
        "sami_temperature",
        "vapour_of_humidity",
    ),
    "mole_fraction": (
        "dry_mole_fraction",
        "fco2_from_xco2",
        "pco2_from_xco2",
        "xco2_from_fco2",
        "xco2_from_pco2",
    ),
    "parametrisations": ("TransferVelocity", "register_transfer_velocity"),
    "pressure": (
        "SEA_LEVEL_PRESSURE",
        "register_sea_level_pressure",
        "sea_level_pressure",
    ),
    "recommended": ("fco2rec",),
    "schmidt": (
        "SCHMIDT_NUMBERS",
        "SchmidtNumber",
        "register_schmidt_number",
        "schmidt_number",
    ),
    "seawater": (
        "absolute_salinity",
        "conservative_temperature",
        "density",
        "freezing_temperature",
        "per_mass_from_per_volume",
        "per_volume_from_per_mass",
        "practical_salinity",
    ),
    "skin": (
        "SKIN_MODELS",
        "SkinModel",
        "cool_skin",
        "register_skin_model",
        "salty_skin",
        "skin_temperature",
    ),
    "solubilities": (
        "SOLUBILITIES",
        "Solubility",
        "ostwald_solubility",
        "register_solubility",
        "solubility",
    ),
    "temperature": (
        "TEMPERATURE_CORRECTIONS",
        "TemperatureCorrection",
        "correct_to_temperature",
        "register_temperature_correction",
    ),
    "transfer": ("TRANSFER_VELOCITIES", "transfer_velocity"),
    "sensitivities": ("fco2_sensitivities", "fco2_uncertainty", "flux_sensitivities"),
    "vapour": ("WATER_VAPOUR", "register_water_vapour", "water_vapour_pressure"),
    "wind": (
        "WIND_HEIGHTS",
        "drag_coefficient",
        "register_wind_height",
        "wind_at_10m",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "REGISTRIES",
    "SCHMIDT_NUMBERS",
    "SEA_LEVEL_PRESSURE",
    "SKIN_MODELS",
    "SOLUBILITIES",
    "TEMPERATURE_CORRECTIONS",
    "TRANSFER_VELOCITIES",
    "VIRIAL",
    "WATER_VAPOUR",
    "WIND_HEIGHTS",
    "SchmidtNumber",
    "SkinModel",
    "Solubility",
    "TemperatureCorrection",
    "TransferVelocity",
    "absolute_salinity",
    "conservative_temperature",
    "cool_skin",
    "correct_to_temperature",
    "cross_virial_coefficient",
    "density",
    "describe_transfer_velocities",
    "drag_coefficient",
    "dry_mole_fraction",
    "fco2_at_sst",
    "fco2_from_pco2",
    "fco2_from_xco2",
    "fco2_sensitivities",
    "fco2_uncertainty",
    "fco2rec",
    "flux",
    "flux_from_xco2",
    "flux_sensitivities",
    "freezing_temperature",
    "fugacity_coefficient",
    "hydroc_signal",
    "hydroc_xco2",
    "mapco2_dry_mole_fraction",
    "ostwald_solubility",
    "pco2_from_fco2",
    "pco2_from_xco2",
    "per_mass_from_per_volume",
    "per_volume_from_per_mass",
    "plot_transfer_velocities",
    "practical_salinity",
    "register_schmidt_number",
    "register_sea_level_pressure",
    "register_skin_model",
    "register_solubility",
    "register_temperature_correction",
    "register_transfer_velocity",
    "register_water_vapour",
    "register_wind_height",
    "salty_skin",
    "sami_pco2",
    "sami_temperature",
    "schmidt_number",
    "sea_level_pressure",
    "second_virial_coefficient",
    "skin_temperature",
    "solubility",
    "transfer_velocity",
    "transfer_velocity_table",
    "vapour_of_humidity",
    "water_vapour_pressure",
    "wind_at_10m",
    "xco2_from_fco2",
    "xco2_from_pco2",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'oceanco2.physics' has no attribute {name!r}")
    value = getattr(import_module(f"oceanco2.physics.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *globals()])
