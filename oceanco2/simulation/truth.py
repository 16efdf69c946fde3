"""What is true of a simulated cruise, beside its raw files."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.physics import fco2_from_xco2
from oceanco2.platforms import Platform
from oceanco2.provenance import package_version
from oceanco2.simulation.faults import FAULTS, Day
from oceanco2.vocabulary import RUN_TYPES, VARIABLES, attrs_of, coded_attrs

_ONLY = {
    "fCO2_water_SST_wet": "water",
    "xCO2_water_Tequ_dry": "water",
    "xCO2_water_SST_dry": "water",
    "xCO2_atm_dry_actual": "air",
    "fCO2_atm_wet_actual": "air",
}


def truth_of(
    day: Day, platform: Platform, start: np.datetime64, hit: dict[str, np.ndarray]
) -> xr.Dataset:
    """Gather the truth of a day."""
    seconds = np.rint(day.rows.seconds * 1e9).astype("timedelta64[ns]")
    t = start.astype("datetime64[ns]") + seconds
    true = dict(day.rows.truth)
    air = _air_fugacity(true, platform)
    true |= {"fCO2_atm_wet_interp": air, "fCO2_atm_wet_actual": air}
    run_type = true["run_type"]
    data: dict[str, Any] = {}
    for name in VARIABLES:
        if name in true and name not in ("latitude", "longitude"):
            values = true[name]
            if name in _ONLY:
                here = run_type == RUN_TYPES[_ONLY[name]]
                values = np.where(here, values, np.nan)
            data[name] = ("time", values, attrs_of(name))
    data["run_type"] = ("time", run_type, coded_attrs("run type", RUN_TYPES, "int8"))
    for name, units in (("gain", "1"), ("offset", "umol mol-1")):
        about = {"long_name": f"{name} of the analyser", "units": units}
        data[f"analyser_{name}"] = ("time", true[name], about)
    for name, spoilt in hit.items():
        mask = np.zeros(t.size, dtype=np.int8)
        mask[spoilt] = 1
        about = coded_attrs(FAULTS[name].description, {"no": 0, "yes": 1}, "int8")
        data[f"fault_{name}"] = ("time", mask, about)
    places = {
        name: ("time", true[name], attrs_of(name)) for name in ("latitude", "longitude")
    }
    whole = xr.Dataset(data, coords={"time": ("time", t), **places})
    return whole.isel(time=day.keep)


def _air_fugacity(true: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
    options = platform.reduction
    one = options.virial_pressure == "standard_atmosphere"
    return fco2_from_xco2(
        true["xCO2_atm_dry_actual"],
        true["SST"],
        true["salinity"],
        true["P_atm"],
        vapour_pressure=options.vapour_pressure,
        mole_fraction=options.mole_fraction,
        virial_pressure="1atm" if one else None,
        on_range="ignore",
    )


def joined(pieces: list[xr.Dataset]) -> xr.Dataset:
    """Join days."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return xr.concat(pieces, "time", combine_attrs="override")


def truth_attrs(
    platform: Platform,
    seed: int,
    days: float,
    noise: bool,
    faults: list[str],
    files: list[str],
) -> dict[str, Any]:
    """Say how a simulation was made, so that it can be made again."""
    made = f"oceanco2 {package_version()} simulator"
    return {
        "title": f"truth of a simulated cruise of {platform.name}",
        "source": made,
        "history": f"{made}: {days:g} days, seed {seed}",
        "platform_file_sha256": platform.sha256,
        "seed": seed,
        "days": days,
        "noise": int(noise),
        "faults": " ".join(faults),
        "raw_files": "\n".join(files),
    }


def save(truth: xr.Dataset, path: Path) -> None:
    """Write the truth."""
    encoding: dict[Any, dict[str, Any]]
    encoding = {name: {"zlib": True, "complevel": 1} for name in truth.data_vars}
    encoding["time"] = {
        "units": "seconds since 1970-01-01T00:00:00Z",
        "dtype": "int64",
        "_FillValue": None,
    }
    truth.to_netcdf(path, engine="netcdf4", encoding=encoding)
