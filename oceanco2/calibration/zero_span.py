"""MAPCO2 and its kin: zero and span in each cycle, dried by their own humidity."""

from collections.abc import Collection
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.models import model
from oceanco2.errors import PlatformError
from oceanco2.physics import mapco2_dry_mole_fraction
from oceanco2.platforms import Platform
from oceanco2.vocabulary import RUN_TYPES, attrs_of

_NEEDED = ("xCO2", "P_analyser", "RH", "T_RH", "RH_span")
_MADE = {"water": "xCO2_water_SST_dry", "air": "xCO2_atm_dry_actual"}


def made(platform: Platform) -> Collection[str]:
    """List what the model adds, before data are read.

    Parameters
    ----------
    platform : Platform
        Its ``variables`` and ``mapco2``.

    Returns
    -------
    tuple of str
        Names of variables.

    Raises
    ------
    PlatformError
        If the platform file lacks something.
    """
    names = [*_NEEDED]
    if platform.mapco2 is not None and platform.mapco2.span_gas is not None:
        names += ["zero_reading", "span_reading"]
    lacking = [name for name in names if name not in platform.variables]
    if lacking:
        raise PlatformError(
            f"{platform.path}: [variables] lacks {', '.join(lacking)}:"
            " [calibration] model 'mapco2' needs them"
        )
    return tuple(_MADE.values())


@model(
    "mapco2",
    description="PMEL MAPCO2, ASVCO2: zero and span of the cycle, humidity taken off",
    cite="Sutton et al. (2014), doi:10.5194/essd-6-353-2014",
    made=made,
)
def calibrate_mapco2(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Dry the samples of a system that sets zero and span itself.

    Parameters
    ----------
    ds : xarray.Dataset
        With ``xCO2`` as read, ``P_analyser``, ``RH``, ``T_RH``, the humidity
        ``RH_span`` of the span gas of the cycle, and run types.
    platform : Platform
        Its ``mapco2`` table: with ``span_gas`` the readings are first brought to zero
        and span of the cycle once more.

    Returns
    -------
    xarray.Dataset
        With ``xCO2_calibrated``, ``xCO2_water_SST_dry`` and ``xCO2_atm_dry_actual``.

    References
    ----------
    .. [1] Sutton et al. (2014), Earth Syst. Sci. Data 6, 353-366,
       doi:10.5194/essd-6-353-2014.
    """
    readings = ds["xCO2"].to_numpy()
    said = "zero and span as set by the system"
    gas = platform.mapco2.span_gas if platform.mapco2 else None
    if gas is not None:
        zero, span = (ds[n].to_numpy() for n in ("zero_reading", "span_reading"))
        with np.errstate(divide="ignore", invalid="ignore"):
            readings = (readings - zero) * gas / (span - zero)
        said = f"zero and span of the cycle, span gas {gas:g} umol mol-1"
    dry = mapco2_dry_mole_fraction(
        readings,
        *(ds[name].to_numpy() for name in ("P_analyser", "RH", "T_RH", "RH_span")),
    )
    new: dict[str, Any] = {
        "xCO2_calibrated": (
            "time",
            readings,
            attrs_of("xCO2_calibrated", method=said),
        )
    }
    run_type = ds["run_type"].to_numpy()
    for word, name in _MADE.items():
        values = np.where(run_type == RUN_TYPES[word], dry, np.nan)
        text = f"{said}; dried by its humidity above that of the span gas"
        new[name] = ("time", values, attrs_of(name, method=text))
        if "xCO2_flag_delivered" in ds:
            new[f"{name}_flag_delivered"] = ds["xCO2_flag_delivered"]
    return ds.assign({key: value for key, value in new.items() if key not in ds})
