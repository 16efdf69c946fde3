"""Air-sea fluxes of CO2, positive out of the ocean.

The formulas are those of `oceanco2.physics`; this package interpolates wind and air to
the rows of a dataset and adds flags and uncertainty.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.bits import mask_attrs
from oceanco2.datasets import check_dataset
from oceanco2.fluxes.computation import (
    SCHEMES,
    Model,
    compute,
    moments_used,
    outside_range,
)
from oceanco2.fluxes.forcing import Join
from oceanco2.fluxes.inputs import AIR_SOURCES, Inputs, gather
from oceanco2.fluxes.quality import HIGH_WIND, Quality, worst_quality
from oceanco2.fluxes.uncertainty import (
    choose_uncertainties,
    propagate,
    uncertainty_text,
)
from oceanco2.provenance import add_history
from oceanco2.vocabulary import attrs_of, coded_attrs, flag_attrs

__all__ = ["flux"]


_SKIN = {"rapid": "; Woolf et al. (2016), doi:10.1002/2015JC011427", "bulk": ""}
_INPUTS = {
    "wind_speed_10m": ("wind",),
    "solubility": ("SST", "salinity"),
    "transfer_velocity": ("wind", "SST"),
    "fCO2_atm_wet_flux": ("air",),
    "flux_CO2": ("water", "air", "wind", "SST", "salinity", "ice"),
}


def assemble(
    model: Model,
    inputs: Inputs,
    values: Mapping[str, np.ndarray],
    deviation: tuple[np.ndarray, np.ndarray],
    comment: str,
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    """Return the new variables with attributes, flags and tests."""
    new: dict[str, tuple[str, np.ndarray, dict[str, Any]]] = {}
    outside_formula, high_wind = (
        outside_range(model, inputs),
        inputs.columns["wind"] > HIGH_WIND,
    )
    attrs_by_name = attributes(model, inputs)
    for name, array in values.items():
        parts = [inputs.parts.get(part) for part in _INPUTS[name]]
        depends_on_wind = name in ("transfer_velocity", "flux_CO2")
        quality = worst_quality(
            parts, array, *((outside_formula, high_wind) if depends_on_wind else ())
        )
        new |= _with_flag(name, array, attrs_by_name[name], quality)
    total, systematic = deviation
    base = "flux_CO2_uncertainty"
    attrs = attrs_of(base, comment=comment)
    new[base] = ("time", total, attrs)
    new[f"{base}_systematic"] = (
        "time",
        systematic,
        {
            "units": attrs["units"],
            "long_name": f"systematic part of the {attrs['long_name']}",
            "comment": "the part that all rows share: it does not average out;"
            " transfer velocity, solubility, air that was not measured on board",
        },
    )
    new["flux_CO2"][2]["ancillary_variables"] += f" {base} {base}_systematic"
    long_name = "where the CO2 of the air in the flux comes from"
    codes = coded_attrs(long_name, AIR_SOURCES, "int8")
    new["air_source"] = ("time", inputs.air_source, codes)
    return new


def _with_flag(
    name: str, array: np.ndarray, attrs: dict[str, Any], quality: Quality
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    attrs = attrs | {"ancillary_variables": f"{name}_flag {name}_tests"}
    return {
        name: ("time", array, attrs),
        f"{name}_flag": ("time", quality.flag, flag_attrs(name)),
        f"{name}_tests": ("time", quality.tests, mask_attrs(name, quality.unknown)),
    }


def attributes(model: Model, inputs: Inputs) -> dict[str, dict[str, Any]]:
    """Return the attributes of each variable: what it is and how it was computed."""
    k, descriptions = model.velocity, inputs.descriptions
    moments = model.wind_moments
    if moments_used(model, inputs):
        moments = f"means of the powers given: {', '.join(moments_used(model, inputs))}"
    formula = f"k = ({k.expression}) (Sc/{k.schmidt_reference:g})^-1/2"
    if k.scaling is not None:
        formula = f"k = {k.expression}, with its own Schmidt number scaling"
    source = f"{k.long_name}{f', doi:{k.doi}' if k.doi else ''}"
    velocity = {
        "method": k.name,
        "formula": formula,
        "references": source,
        "schmidt_number": model.schmidt.name,
        "wind_moments": moments,
    }
    flux = velocity | {
        "scheme": model.scheme,
        "formula": f"{SCHEMES[model.scheme]}; {formula}",
        "references": source + _SKIN[model.scheme],
        "solubility": model.solubility.name,
        "wind": descriptions["wind"],
        "air": descriptions["air"],
        "ice": descriptions["ice"],
        "comment": "positive: out of the ocean; negative: into the ocean",
    }
    if model.scheme == "rapid":
        name = getattr(model.cool_skin, "name", "given")
        flux["skin"] = f"{name}, salinity {model.salty_skin:+g}; SST is the subskin"
    air = {"comment": f"air: {descriptions['air']}"}
    if "pressure" in descriptions:
        air["pressure"] = descriptions["pressure"]
    extras = {
        "wind_speed_10m": {"comment": f"wind: {descriptions['wind']}"},
        "solubility": {"method": model.solubility.name},
        "transfer_velocity": velocity,
        "fCO2_atm_wet_flux": air,
        "flux_CO2": flux,
    }
    return {name: attrs_of(name, **extra) for name, extra in extras.items()}


_FORMULAS = (
    "scheme",
    "moments",
    "schmidt",
    "solubility",
    "cool_skin",
    "salty_skin",
    "on_range",
)
_FORCING = ("wind", "wind_height", "wind_profile", "xco2_air", "pressure", "ice")


def flux(
    ds: xr.Dataset,
    parametrisation: Any = "W14",
    *,
    wind: Any = None,
    wind_height: float | None = None,
    wind_profile: Any = "log_sutton_2017",
    moments: str | None = None,
    xco2_air: Any = None,
    pressure: Any = None,
    ice: Any = None,
    join: str = "linear",
    limit_hours: float = 6.0,
    scheme: str = "bulk",
    cool_skin: Any = "donlon_2002",
    salty_skin: float = 0.1,
    schmidt: Any = "wanninkhof_2014",
    solubility: Any = "weiss_1974",
    uncertainties: Mapping[str, float] | None = None,
    on_range: str = "flag",
) -> xr.Dataset:
    """Add the air-sea flux of CO2 and its factors to a dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.process`, or read back from its file, with
        ``fCO2_water_SST_wet``, ``SST`` and ``salinity``.
    parametrisation : str, TransferVelocity, mapping or callable, default "W14"
        Transfer velocity, see `oceanco2.physics.transfer_velocity`.
    wind : float, DataArray, Dataset, str or Path, optional
        Wind speed [m s-1] instead of the ship's ``wind_speed``: a number, an array
        along time (and latitude, longitude), or a netCDF or CSV file with one.
        A dataset may also contain ``wind_speed_squared`` and ``wind_speed_cubed``, the
        means of the powers; eastward and northward components are combined.
    wind_height : float, optional
        Height of the wind [m]; 10 by default, which for the ship's own is stated as
        assumed.
    wind_profile : str, default "log_sutton_2017"
        Profile that converts the wind to 10 m.
    moments : {None, "rayleigh"}
        Assumed distribution, for winds that are means over days.
    xco2_air : float, DataArray, str or Path, optional
        Mole fraction of CO2 in dry air [umol mol-1] for rows without good air
        measurements of their own: a number, an array along time, or a file of the
        marine boundary layer reference (`read_noaa_mbl`, `read_globalview`).
    pressure : float, DataArray, str or Path, optional
        Sea level pressure for `xco2_air` instead of ``P_atm`` [hPa].
    ice : float, DataArray, str or Path, optional
        Sea-ice area fraction [1]; ``sea_ice_area_fraction`` of the dataset, else no
        ice.
    join : {"linear", "nearest"}
        How forcing is interpolated to the times of the rows.
    limit_hours : float, default 6
        Samples of forcing farther from a row than this are not used [h].
    scheme : {"bulk", "rapid"}
        Bulk, or interfacial with a cool and salty skin, where SST is taken as the
        subskin temperature.
    cool_skin : str or float, default "donlon_2002"
        For ``"rapid"``, see `oceanco2.physics.flux`.
    salty_skin : float, default 0.1
        For ``"rapid"``: salinity difference of the skin [1].
    schmidt, solubility : str
        Names in `SCHMIDT_NUMBERS` and `SOLUBILITIES` of `oceanco2.physics`.
    uncertainties : mapping of str to float, optional
        Standard uncertainties instead of the defaults in `budget.DEFAULTS`.
    on_range : {"flag", "warn", "nan", "raise"}
        Outside a published range: the test ``outside_formula`` is always set; above
        20 m/s the flux is questionable.

    Returns
    -------
    xarray.Dataset
        The dataset with ``wind_speed_10m`` [m s-1], ``solubility`` [mol m-3 atm-1],
        ``transfer_velocity`` [cm h-1], ``fCO2_atm_wet_flux`` [uatm], ``flux_CO2``
        [mmol m-2 d-1] with flags and tests, ``flux_CO2_uncertainty`` (one sigma),
        ``flux_CO2_uncertainty_systematic`` (its part that does not average out) and
        ``air_source``.

    Raises
    ------
    ProcessingError
        If wind, air or another input is missing; the message says how to provide it.
    OptionError
        If an option has an invalid value.
    UnknownNameError
        If a formula does not exist.

    See Also
    --------
    oceanco2.physics.flux : The formula.
    """
    options = dict(locals())  # every option by its name
    check_dataset(ds)
    model = Model.of(parametrisation, **{name: options[name] for name in _FORMULAS})
    errors = choose_uncertainties(model.velocity.relative_uncertainty, uncertainties)
    joining = Join(join, limit_hours)
    inputs = gather(ds, joining=joining, **{name: options[name] for name in _FORCING})
    values, run = compute(model, inputs, ds)
    deviation = propagate(ds, inputs, run, values["flux_CO2"], errors)
    comment = uncertainty_text(ds, errors)
    new = assemble(model, inputs, values, deviation, comment)
    step = f"flux of CO2, {model.velocity.name}, {model.scheme}"
    attrs = add_history(ds.attrs, step, values["flux_CO2"].tobytes())
    return ds.assign(new).assign_attrs(attrs)
