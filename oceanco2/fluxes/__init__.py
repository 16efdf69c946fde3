"""Air-sea fluxes of CO2, positive out of the ocean.

The formulas are those of `oceanco2.physics`; this package interpolates wind and air to
the rows of a dataset and adds flags and uncertainty.
"""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from oceanco2.fluxes.computation import compute
from oceanco2.fluxes.description import assemble
from oceanco2.fluxes.forcing import Join
from oceanco2.fluxes.inputs import gather
from oceanco2.fluxes.model import Model
from oceanco2.fluxes.uncertainty import (
    choose_uncertainties,
    propagate,
    uncertainty_text,
)
from oceanco2.provenance import add_history

__all__ = ["flux"]


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
    wind_height: float = 10.0,
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
    wind_height : float, default 10
        Height of the wind [m].
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
    model = Model.of(parametrisation, **{name: options[name] for name in _FORMULAS})
    errors = choose_uncertainties(model.velocity.relative_uncertainty, uncertainties)
    joining = Join(join, limit_hours)
    inputs = gather(ds, joining=joining, **{name: options[name] for name in _FORCING})
    values, run = compute(model, inputs, ds)
    deviation = propagate(ds, inputs, run, values["flux_CO2"], errors)
    comment = uncertainty_text(ds, errors)
    new = assemble(model, inputs, values, deviation, comment)
    step = f"flux of CO2, {model.velocity.name}, {model.scheme}"
    return ds.assign(new).assign_attrs(add_history(ds.attrs, step))
