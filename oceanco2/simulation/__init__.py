"""Simulated raw files with known true values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import xarray as xr
from tqdm import tqdm

from oceanco2.dates import DAY_SECONDS
from oceanco2.errors import OptionError, choose
from oceanco2.platforms import Platform, load
from oceanco2.simulation.faults import FAULTS, Day
from oceanco2.simulation.hydroc import membrane_rows
from oceanco2.simulation.instrument import analyser_rows, lag_of, stream_rows
from oceanco2.simulation.mapco2 import frame_rows
from oceanco2.simulation.truth import (
    TRUTH,
    join_days,
    simulation_folder,
    truth_attrs,
    truth_of,
    write_truth,
)
from oceanco2.simulation.world import World, build_world
from oceanco2.simulation.writers import WRITERS, Job

__all__ = ["FAULTS", "WRITERS", "SimulatedCruise", "simulate"]


_FIRST, _LAST = np.datetime64("1700-01-01", "s"), np.datetime64("2262-01-01", "s")

#: Instruments other than an analyser with gas standards, by calibration model.
_SENSORS = {"hydroc": membrane_rows, "mapco2": frame_rows}


@dataclass(frozen=True, slots=True)
class SimulatedCruise:
    """Files and true values of a simulation.

    Attributes
    ----------
    files : tuple of Path
        The raw files, then ``truth.nc``.
    truth : xarray.Dataset
        True values at the times of the analyser rows, and the rows of each fault.
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
    """Write raw files of a simulated cruise in the formats of the instruments.

    Parameters
    ----------
    platform : str, Path or Platform
        Defines files, columns, units, standards, lags and uncertainties.
    days : float, default 3.0
        Length [d]; written day by day.
    seed : int, default 0
        The same seed gives the same bytes; all days but the last do not depend on
        `days`.
    folder : str or Path
        A new or empty folder, or one with an earlier simulation.
    start : str, default "2024-03-01"
        Start, ISO 8601, UTC.
    noise : bool, default True
        False for ideal sensors and cylinders: processing returns the true values.
    faults : iterable of str or str
        Names of `FAULTS`, or ``"all"`` for all that are possible for the platform.

    Returns
    -------
    SimulatedCruise
        Paths and true values. ``fault_<name>`` marks the rows that a fault affects;
        for lost standards the rows without standards.

    Raises
    ------
    OptionError
        If an option is invalid, or a file cannot be simulated.
    UnknownNameError
        If the platform or fault does not exist.
    OutputError
        If the folder cannot be written or contains other files.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> cruise = simulate("demo_ship", days=0.5, seed=1, folder=mkdtemp())
    >>> [path.name for path in cruise.files]
    ['2024-061dat.txt', '2024-061tsg.csv', 'truth.nc']
    """
    if not isinstance(platform, Platform):
        platform = load(platform)
    _validate(platform, days, seed)
    fault_names = _select_faults(
        platform, [faults] if isinstance(faults, str) else list(faults)
    )
    begin = _parse_start(start, days)
    folder = Path(folder)
    with simulation_folder(folder) as temporary:
        truth = _write_days(platform, days, seed, begin, noise, fault_names, temporary)
    names = [*truth.attrs["raw_files"].split("\n"), TRUTH]
    return SimulatedCruise(tuple(folder / name for name in names), truth)


def _select_faults(platform: Platform, names: list[str]) -> list[str]:
    """Validate the faults; ``all`` are those whose variables are logged."""
    for name in names:
        if name != "all":
            FAULTS[name]
    missing = {
        name: _missing_variables(platform, fault.needs)
        for name, fault in FAULTS.items()
    }
    for name in names:
        if missing.get(name):
            raise OptionError(
                f"fault {name!r} is not possible for {platform.name}: its simulated"
                f" files do not log {', '.join(missing[name])}"
            )
    return [n for n in FAULTS if n in names or ("all" in names and not missing[n])]


def _missing_variables(platform: Platform, needs: tuple[str, ...]) -> list[str]:
    main = platform.main_file()
    is_general_oceanics = platform.files[main].reader == "general_oceanics"
    logged = (
        {"std val", "latitude", "water_flow", "gas_flow"}
        if is_general_oceanics
        else set()
    )
    for name, source in platform.variables.items():
        if source.value is None and (
            platform.file_of(source) == main or name in ("SST", "salinity")
        ):
            logged.add(name)
    if platform.calibration.model not in _SENSORS:
        logged.add("standards")
    return [name for name in needs if name not in logged]


def _validate(platform: Platform, days: float, seed: int) -> None:
    if not 0.0 < days <= 36500.0:
        raise OptionError(f"days must be above 0 and at most 36500, not {days:g}")
    if seed < 0:
        raise OptionError(f"seed must be 0 or more, not {seed}")
    for name, definition in platform.files.items():
        where = f"{platform.path}: [files.{name}]"
        choose("reader of simulated files", definition.reader, WRITERS, where)
    if platform.calibration.model in _SENSORS:
        return
    if "xCO2" not in platform.variables or not platform.standards:
        raise OptionError(
            f"{platform.path}: only a platform with an analyser (xCO2) and gas"
            " standards, a HydroC or a MAPCO2 can be simulated, not delivered"
            " results"
        )
    main = platform.main_file()
    definition = platform.files[main]
    if definition.reader == "delimited" and not (
        definition.run_columns and platform.runs
    ):
        raise OptionError(
            f"{platform.path}: [files.{main}] needs 'run_columns' and [runs] to"
            " distinguish standards from samples"
        )


def _parse_start(start: str, days: float) -> np.datetime64:
    try:
        time = datetime.fromisoformat(start)
    except ValueError:
        raise OptionError(f"start must be like 2024-03-01, not {start!r}") from None
    if time.tzinfo is not None:
        time = time.astimezone(UTC).replace(tzinfo=None)
    begin = np.datetime64(time, "s")
    if begin < _FIRST or begin + np.timedelta64(int(days * DAY_SECONDS), "s") >= _LAST:
        raise OptionError(
            f"start is {start!r}, but times must be between 1700 and 2261"
        )
    return begin


def _write_days(
    platform: Platform,
    days: float,
    seed: int,
    start: np.datetime64,
    noise: bool,
    faults: list[str],
    folder: Path,
) -> xr.Dataset:
    world = build_world(seed, days, moves=platform.kind != "mooring")
    last = days * DAY_SECONDS
    pieces: list[xr.Dataset] = []
    paths: dict[str, None] = {}
    numbers = range(int(np.ceil(days)))
    for number in tqdm(numbers, "simulating", unit="day", disable=None, leave=False):
        span = (number * DAY_SECONDS, min((number + 1) * DAY_SECONDS, last), last)
        day = _simulate_day(world, platform, span, start, seed, noise)
        spoilt_rows = {
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
        pieces.append(truth_of(day, platform, start, spoilt_rows))
    truth = join_days(pieces)
    truth.attrs = truth_attrs(platform, seed, days, noise, faults, list(paths))
    write_truth(truth, folder / TRUTH)
    return truth


def _file_name(platform: Platform, name: str, start: np.datetime64, number: int) -> str:
    """File name of a day: replaces the first star of the pattern."""
    pattern = platform.files[name].pattern
    moment = start + np.timedelta64(number, "D")
    day = moment.astype("datetime64[D]")
    day_of_year = int((day - day.astype("datetime64[Y]")).astype(int)) + 1
    stem = f"{str(day)[:4]}-{day_of_year:03d}"
    if pattern == "*":
        return f"{stem}{name}.txt"
    if sum(pattern == other.pattern for other in platform.files.values()) > 1:
        stem += name
    return pattern.replace("*", stem, 1).replace("*", "").replace("?", "0")


def _simulate_day(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> Day:
    simulate_rows = _SENSORS.get(platform.calibration.model, analyser_rows)
    rows = simulate_rows(world, platform, span, start, seed, noise)
    # Longer on the last day: the last analyser rows need values after midnight.
    stream = stream_rows(world, platform, span[:2], seed, noise)
    if span[1] >= span[2]:
        stream = stream_rows(world, platform, (span[0], span[1] + 1800.0), seed, noise)
    size = rows.seconds.size
    standards = tuple(dict.fromkeys(s.run for s in platform.standards))
    day = Day(rows, stream, standards, lag_of(platform, "SST"))
    day.clock_shift, day.entered_factor = np.zeros(size), np.ones(size)
    day.is_logged = np.ones(size, dtype=bool)
    return day
