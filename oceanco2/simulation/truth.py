"""True values of a simulated cruise, in truth.nc."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OutputError
from oceanco2.files import create_folder, reading, writing_folder
from oceanco2.physics import fco2_from_xco2
from oceanco2.platforms import Platform
from oceanco2.provenance import package_version
from oceanco2.simulation.faults import FAULTS, Day
from oceanco2.vocabulary import RUN_TYPES, VARIABLES, attrs_of, coded_attrs

_RUN_TYPE_OF = {
    "fCO2_water_SST_wet": "water",
    "xCO2_water_Tequ_dry": "water",
    "xCO2_water_SST_dry": "water",
    "xCO2_atm_dry_actual": "air",
    "fCO2_atm_wet_actual": "air",
}


def truth_of(
    day: Day, platform: Platform, start: np.datetime64, faults: dict[str, np.ndarray]
) -> xr.Dataset:
    """Collect the true values of a day."""
    seconds = np.rint(day.rows.seconds * 1e9).astype("timedelta64[ns]")
    t = start.astype("datetime64[ns]") + seconds
    true = dict(day.rows.truth)
    air = _true_air_fugacity(true, platform)
    true |= {"fCO2_atm_wet_interp": air, "fCO2_atm_wet_actual": air}
    run_type = true["run_type"]
    data: dict[str, Any] = {}
    for name in VARIABLES:
        if name in true and name not in ("latitude", "longitude"):
            values = true[name]
            if name in _RUN_TYPE_OF:
                selected = run_type == RUN_TYPES[_RUN_TYPE_OF[name]]
                values = np.where(selected, values, np.nan)
            data[name] = ("time", values, attrs_of(name))
    data["run_type"] = ("time", run_type, coded_attrs("run type", RUN_TYPES, "int8"))
    for name, units in (("gain", "1"), ("offset", "umol mol-1")):
        attrs = {"long_name": f"{name} of the analyser", "units": units}
        data[f"analyser_{name}"] = ("time", true[name], attrs)
    for name, spoilt_rows in faults.items():
        mask = np.zeros(t.size, dtype=np.int8)
        mask[spoilt_rows] = 1
        attrs = coded_attrs(FAULTS[name].description, {"no": 0, "yes": 1}, "int8")
        data[f"fault_{name}"] = ("time", mask, attrs)
    position = {
        name: ("time", true[name], attrs_of(name)) for name in ("latitude", "longitude")
    }
    truth = xr.Dataset(data, coords={"time": ("time", t), **position})
    return truth.isel(time=day.is_logged)


def _true_air_fugacity(true: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
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


def join_days(pieces: list[xr.Dataset]) -> xr.Dataset:
    """Concatenate days."""
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
    """Attributes from which the simulation can be repeated."""
    software = f"oceanco2 {package_version()} simulator"
    return {
        "title": f"truth of a simulated cruise of {platform.name}",
        "source": software,
        "history": f"{software}: {days:g} days, seed {seed}",
        "platform_file_sha256": platform.sha256,
        "seed": seed,
        "days": days,
        "noise": int(noise),
        "faults": " ".join(faults),
        "raw_files": "\n".join(files),
    }


def write_truth(truth: xr.Dataset, path: Path) -> None:
    """Write the true values."""
    encoding: dict[Any, dict[str, Any]]
    encoding = {name: {"zlib": True, "complevel": 1} for name in truth.data_vars}
    encoding["time"] = {
        "units": "seconds since 1970-01-01T00:00:00Z",
        "dtype": "int64",
        "_FillValue": None,
    }
    truth.to_netcdf(path, engine="netcdf4", encoding=encoding)


TRUTH = "truth.nc"


@contextmanager
def simulation_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder; its files replace those of an earlier simulation."""
    earlier = _earlier_files(folder)
    create_folder(folder.parent)
    move = partial(_move_files, earlier=earlier)
    with writing_folder(folder, move=move) as temporary:
        yield temporary


def _earlier_files(folder: Path) -> list[str]:
    """List the raw files of an earlier simulation."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file, not a folder")
    with reading(folder, error=OutputError):
        if not folder.is_dir() or not any(folder.iterdir()):
            return []
    attrs: dict[str, object] = {}
    truth = folder / TRUTH
    with suppress(OSError, ValueError), xr.open_dataset(truth, engine="netcdf4") as old:
        attrs = dict(old.attrs)
    names = str(attrs.get("raw_files", "")).split("\n")
    if "simulator" not in str(attrs.get("source", "")) or not names[0]:
        raise OutputError(f"{folder}: not empty, and contains no earlier simulation")
    return [name for name in names if Path(name).name == name]


def _move_files(temporary: Path, folder: Path, earlier: list[str]) -> None:
    new = sorted(path.name for path in temporary.iterdir())
    for name in new:
        if name not in (*earlier, TRUTH) and (folder / name).exists():
            raise OutputError(
                f"{folder / name}: exists, but is not part of an earlier simulation"
            )
    for name in earlier:
        (folder / name).unlink(missing_ok=True)
    # truth.nc first: it lists the files if the computer stops in between.
    for name in sorted(new, key=lambda name: name != TRUTH):
        (temporary / name).replace(folder / name)
