from .air_sea_flux import flux, flux_from_xco2
from .catalogue import (
    REGISTRIES,
    describe_transfer_velocities,
    plot_transfer_velocities,
    transfer_velocity_table,
)
from .equilibrator import fco2_at_sst
from .fugacity import (
    VIRIAL,
    cross_virial_coefficient,
    fco2_from_pco2,
    fugacity_coefficient,
    pco2_from_fco2,
    second_virial_coefficient,
)
from .mole_fraction import (
    dry_mole_fraction,
    fco2_from_xco2,
    pco2_from_xco2,
    xco2_from_fco2,
    xco2_from_pco2,
)
from .parametrisations import (
    TRANSFER_VELOCITIES,
    TransferVelocity,
    register_transfer_velocity,
)
from .pressure import (
    SEA_LEVEL_PRESSURE,
    register_sea_level_pressure,
    sea_level_pressure,
)
from .recommended import fco2rec
from .schmidt import (
    SCHMIDT_NUMBERS,
    SchmidtNumber,
    register_schmidt_number,
    schmidt_number,
)
from .seawater import (
    absolute_salinity,
    conservative_temperature,
    density,
    freezing_temperature,
    per_mass_from_per_volume,
    per_volume_from_per_mass,
    practical_salinity,
)
from .sensitivities import fco2_sensitivities, fco2_uncertainty, flux_sensitivities
from .sensors import (
    hydroc_signal,
    hydroc_xco2,
    mapco2_dry_mole_fraction,
    sami_pco2,
    sami_temperature,
    vapour_of_humidity,
)
from .skin import (
    SKIN_MODELS,
    SkinModel,
    cool_skin,
    register_skin_model,
    salty_skin,
    skin_temperature,
)
from .solubilities import (
    SOLUBILITIES,
    Solubility,
    ostwald_solubility,
    register_solubility,
    solubility,
)
from .temperature import (
    TEMPERATURE_CORRECTIONS,
    TemperatureCorrection,
    correct_to_temperature,
    register_temperature_correction,
)
from .transfer import transfer_velocity
from .vapour import WATER_VAPOUR, register_water_vapour, water_vapour_pressure
from .wind import WIND_HEIGHTS, drag_coefficient, register_wind_height, wind_at_10m

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
