"""A ship that does not exist writes raw files, and the truth is known."""

import shutil
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from tqdm import tqdm

from oceanco2.errors import OptionError, OutputError, did_you_mean
from oceanco2.physics import fco2_from_xco2
from oceanco2.platforms import Platform, load
from oceanco2.provenance import now, package_version
from oceanco2.simulation.faults import FAULTS, Day
from oceanco2.simulation.instrument import Rows, analyser_rows, stream_rows
from oceanco2.simulation.world import World, build
from oceanco2.simulation.writers import WRITERS, Job
from oceanco2.vocabulary import RUN_TYPES, VARIABLES, attrs_of, coded_attrs

__all__ = ["FAULTS", "WRITERS", "SimulatedCruise", "simulate"]

_DAY = 86400.0
_TRUTH = "truth.nc"


@dataclass(frozen=True, slots=True)
class SimulatedCruise:
    """What a simulation wrote.

    Attributes
    ----------
    files : tuple of Path
        The raw files, then the truth.
    truth : xarray.Dataset
        True values at the times of the analyser's rows, and which fault hit which.
    """

    files: tuple[Path, ...]
    truth: xr.Dataset


def simulate(
    platform: str | Path | Platform,
    *,
    days: float = 3.0,
    seed: int = 0,
    folder: str | Path,
    start: str = "2024-03-01",
    noise: bool = True,
    faults: Iterable[str] | str = (),
) -> SimulatedCruise:
    """Write raw files of a plausible cruise, in the instruments' own formats.

    Parameters
    ----------
    platform : str, Path or Platform
        Whose files: columns, units, standards, lags and uncertainties are followed.
    days : float, default 3.0
        Length; any, written day by day.
    seed : int, default 0
        Same seed, same bytes; all days but the last do not depend on the length.
    folder : str or Path
        A new or empty folder, or one that holds an earlier simulation.
    start : str, default "2024-03-01"
        First day, ISO 8601.
    noise : bool, default True
        False for ideal sensors and cylinders: processing gives back the truth.
    faults : iterable of str or str
        Names of `FAULTS`, or ``"all"``.

    Returns
    -------
    SimulatedCruise
        Paths and truth.

    Raises
    ------
    OptionError
        If an option cannot be, or a file cannot be simulated.
    UnknownNameError
        If there is no such platform or fault.
    OutputError
        If the folder cannot be written.
    """
    if not isinstance(platform, Platform):
        platform = load(platform)
    names = [faults] if isinstance(faults, str) else list(faults)
    chosen = list(FAULTS) if names == ["all"] else names
    for name in chosen:
        FAULTS[name]
    _check(platform, days, seed)
    begin = _moment(start)
    folder = Path(folder)
    with _new_folder(folder) as held:
        truth = _write(platform, days, seed, begin, noise, chosen, Path(held))
        files = _moved(Path(held), folder, truth)
    return SimulatedCruise(files, truth)


def _check(platform: Platform, days: float, seed: int) -> None:
    if not 0.0 < days <= 36500.0:
        raise OptionError(f"days is {days:g}; it must be above 0 and at most 36500")
    if seed < 0:
        raise OptionError(f"seed is {seed}; it must not be negative")
    for name, definition in platform.files.items():
        if definition.reader not in WRITERS:
            known = ", ".join(WRITERS)
            hint = did_you_mean(definition.reader, WRITERS)
            raise OptionError(
                f"{platform.path}: [files.{name}] no simulator for the reader"
                f" {definition.reader!r}.{hint} There is one for {known}."
            )
    if "xCO2" not in platform.variables or not platform.standards:
        raise OptionError(
            f"{platform.path}: only a platform with an analyser (xCO2) and gas"
            " standards can be simulated, not one of delivered results"
        )


def _moment(start: str) -> np.datetime64:
    try:
        return np.datetime64(start.removesuffix("Z"), "s")
    except ValueError:
        raise OptionError(f"start is {start!r}; it must be like 2024-03-01") from None


def _new_folder(folder: Path) -> tempfile.TemporaryDirectory:
    """Hold everything beside the folder until all is written."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: cannot be written, it is a file")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _TRUTH).exists():
        raise OutputError(f"{folder}: is not empty and holds no earlier simulation")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".simulation.", dir=folder.parent)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None


def _moved(held: Path, folder: Path, truth: xr.Dataset) -> tuple[Path, ...]:
    """Put the new files in the place of those of an earlier simulation."""
    folder.mkdir(exist_ok=True)
    if (folder / _TRUTH).exists():
        with xr.open_dataset(folder / _TRUTH) as old:
            for name in str(old.attrs.get("raw_files", "")).split(" "):
                (folder / name).unlink(missing_ok=True) if name else None
    made = [held / name for name in truth.attrs["raw_files"].split(" ")]
    for path in [*made, held / _TRUTH]:
        shutil.move(path, folder / path.name)
    return (*(folder / path.name for path in made), folder / _TRUTH)


def _write(
    platform: Platform,
    days: float,
    seed: int,
    start: np.datetime64,
    noise: bool,
    faults: list[str],
    folder: Path,
) -> xr.Dataset:
    world = build(seed, days, moves=platform.kind != "mooring")
    last = days * _DAY
    pieces: list[xr.Dataset] = []
    paths: dict[str, None] = {}
    numbers = range(int(np.ceil(days)))
    for number in tqdm(numbers, "simulating", unit="day", disable=None, leave=False):
        span = (number * _DAY, min((number + 1) * _DAY, last), last)
        day = _day(world, platform, span, seed, noise)
        hit = {
            name: FAULTS[name].spoil(
                day, np.random.default_rng(np.random.SeedSequence([seed, 7, number, i]))
            )
            for i, name in enumerate(FAULTS)
            if name in faults
        }
        for name in platform.files:
            path = folder / _file_name(platform, name, start, number)
            main = name == platform.main_file()
            rows = day.rows if main else day.stream
            digits = 5 if noise else 8
            definition = platform.files[name]
            job = Job(path, name, platform, rows, day, main, start, digits)
            WRITERS[definition.reader](job)
            paths[path.name] = None
        pieces.append(_truth(day, start, hit))
    truth = _joined(pieces)
    truth.attrs = _attrs(platform, seed, days, noise, faults, list(paths))
    _save(truth, folder / _TRUTH)
    return truth


def _joined(pieces: list[xr.Dataset]) -> xr.Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return xr.concat(pieces, "time", combine_attrs="override")


def _save(truth: xr.Dataset, path: Path) -> None:
    encoding: dict[Any, dict[str, Any]]
    encoding = {name: {"zlib": True, "complevel": 1} for name in truth.data_vars}
    encoding["time"] = {
        "units": "seconds since 1970-01-01T00:00:00Z",
        "_FillValue": None,
    }
    truth.to_netcdf(path, engine="netcdf4", encoding=encoding)


def _file_name(platform: Platform, name: str, start: np.datetime64, number: int) -> str:
    """Fill the pattern of a definition: the first star becomes the day."""
    pattern = platform.files[name].pattern
    day = (start + np.timedelta64(number, "D")).astype("datetime64[D]")
    of_year = int((day - day.astype("datetime64[Y]")).astype(int)) + 1
    word = f"{str(day)[:4]}-{of_year:03d}"
    if pattern == "*":
        return f"{word}{name}.txt"
    return pattern.replace("*", word, 1).replace("*", "").replace("?", "0")


def _day(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    seed: int,
    noise: bool,
) -> Day:
    rows = analyser_rows(world, platform, span, seed, noise)
    # A little more on either side: the analyser's last rows are joined across midnight.
    stream = stream_rows(world, platform, span[:2], seed, noise)
    if span[1] >= span[2]:
        stream = stream_rows(world, platform, (span[0], span[1] + 1800.0), seed, noise)
    size = rows.seconds.size
    standards = tuple(dict.fromkeys(s.run for s in platform.standards))
    day = Day(rows, stream, standards)
    day.shift, day.typed = np.zeros(size), np.ones(size)
    day.keep = np.ones(size, dtype=bool)
    return day


def _truth(day: Day, start: np.datetime64, hit: dict[str, np.ndarray]) -> xr.Dataset:
    rows: Rows = day.rows
    t = start.astype("datetime64[ns]") + np.rint(rows.seconds * 1e9).astype(
        "timedelta64[ns]"
    )
    true = rows.truth
    run_type = true["run_type"]
    data: dict[str, Any] = {}
    water = run_type == RUN_TYPES["water"]
    air = run_type == RUN_TYPES["air"]
    only = {
        "fCO2_water_SST_wet": water,
        "xCO2_water_Tequ_dry": water,
        "xCO2_atm_dry_actual": air,
    }
    for name in VARIABLES:
        if name in true and name not in ("latitude", "longitude"):
            values = np.where(only.get(name, True), true[name], np.nan)
            data[name] = ("time", values, attrs_of(name))
    fugacity = fco2_from_xco2(
        true["xCO2_atm_dry_actual"],
        true["SST"],
        true["salinity"],
        true["P_atm"],
        on_range="ignore",
    )
    data["fCO2_atm_wet_interp"] = ("time", fugacity, attrs_of("fCO2_atm_wet_interp"))
    data["run_type"] = ("time", run_type, coded_attrs("run type", RUN_TYPES, "int8"))
    data |= _analyser(true)
    for name, spoilt in hit.items():
        mask = np.zeros(t.size, dtype=np.int8)
        mask[spoilt] = 1
        about = coded_attrs(FAULTS[name].description, {"no": 0, "yes": 1}, "int8")
        data[f"fault_{name}"] = ("time", mask, about)
    places = {
        name: ("time", true[name], attrs_of(name)) for name in ("latitude", "longitude")
    }
    kept = day.keep
    return xr.Dataset(data, coords={"time": ("time", t), **places}).isel(time=kept)


def _analyser(true: dict[str, np.ndarray]) -> dict[str, Any]:
    return {
        f"analyser_{name}": (
            "time",
            true[name],
            {"long_name": f"{name} of the analyser", "units": units},
        )
        for name, units in (("gain", "1"), ("offset", "umol mol-1"))
    }


def _attrs(
    platform: Platform,
    seed: int,
    days: float,
    noise: bool,
    faults: list[str],
    files: list[str],
) -> dict[str, Any]:
    return {
        "title": f"truth of a simulated cruise of {platform.name}",
        "source": f"oceanco2 {package_version()} simulator",
        "history": f"{now()} simulated",
        "platform_file_sha256": platform.sha256,
        "seed": seed,
        "days": days,
        "noise": int(noise),
        "faults": " ".join(faults),
        "raw_files": " ".join(files),
    }
