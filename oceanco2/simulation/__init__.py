"""A ship that does not exist writes raw files, and the truth is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import xarray as xr
from tqdm import tqdm

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.platforms import Platform, load
from oceanco2.simulation import instrument_faults  # noqa: F401  (fills FAULTS)
from oceanco2.simulation.faults import FAULTS, Day
from oceanco2.simulation.folders import TRUTH, whole_folder
from oceanco2.simulation.frames import frame_rows
from oceanco2.simulation.instrument import analyser_rows, lag_of, stream_rows
from oceanco2.simulation.membrane import membrane_rows
from oceanco2.simulation.truth import joined, save, truth_attrs, truth_of
from oceanco2.simulation.world import World, build
from oceanco2.simulation.writers import WRITERS, Job

__all__ = ["FAULTS", "WRITERS", "SimulatedCruise", "simulate"]

_DAY = 86400.0
_FIRST, _LAST = np.datetime64("1700-01-01", "s"), np.datetime64("2262-01-01", "s")


#: Instruments that are no analyser with gas standards, by calibration model.
_SENSORS = {"hydroc": membrane_rows, "mapco2": frame_rows}


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
        First day or moment, ISO 8601, UTC.
    noise : bool, default True
        False for ideal sensors and cylinders: processing gives back the truth.
    faults : iterable of str or str
        Names of `FAULTS`, or ``"all"`` for those that can strike the platform.

    Returns
    -------
    SimulatedCruise
        Paths and truth. ``fault_<name>`` marks the rows that a fault spoils; of lost
        standards those that have none.

    Raises
    ------
    OptionError
        If an option cannot be, or a file cannot be simulated.
    UnknownNameError
        If there is no such platform or fault.
    OutputError
        If the folder cannot be written or holds something else.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> cruise = simulate("demo_ship", days=0.5, seed=1, folder=mkdtemp())
    >>> [path.name for path in cruise.files]
    ['2024-061dat.txt', '2024-061tsg.csv', 'truth.nc']
    """
    if not isinstance(platform, Platform):
        platform = load(platform)
    _check(platform, days, seed)
    chosen = _chosen(platform, [faults] if isinstance(faults, str) else list(faults))
    begin = _moment(start, days)
    folder = Path(folder)
    with whole_folder(folder) as held:
        truth = _write(platform, days, seed, begin, noise, chosen, held)
    names = [*truth.attrs["raw_files"].split("\n"), TRUTH]
    return SimulatedCruise(tuple(folder / name for name in names), truth)


def _chosen(platform: Platform, names: list[str]) -> list[str]:
    """Check the faults; all are those whose variables some file logs."""
    for name in names:
        if name != "all":
            FAULTS[name]
    lacking = {name: _lacking(platform, fault.needs) for name, fault in FAULTS.items()}
    for name in names:
        if lacking.get(name):
            raise OptionError(
                f"fault {name!r} cannot strike {platform.name}: the files that the"
                f" simulator spoils do not log {', '.join(lacking[name])}"
            )
    return [n for n in FAULTS if n in names or ("all" in names and not lacking[n])]


def _lacking(platform: Platform, needs: tuple[str, ...]) -> list[str]:
    main = platform.main_file()
    own = platform.files[main].reader == "general_oceanics"
    always = {"std val", "latitude", "water_flow", "gas_flow"} if own else set()
    for name, source in platform.variables.items():
        if source.value is None and (
            platform.file_of(source) == main or name in ("SST", "salinity")
        ):
            always.add(name)
    if platform.calibration.model not in _SENSORS:
        always.add("standards")
    return [name for name in needs if name not in always]


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
    if platform.calibration.model in _SENSORS:
        return
    if "xCO2" not in platform.variables or not platform.standards:
        raise OptionError(
            f"{platform.path}: only a platform with an analyser (xCO2) and gas"
            " standards, or with a HydroC or MAPCO2, can be simulated, not one of"
            " delivered results"
        )
    main = platform.main_file()
    definition = platform.files[main]
    if definition.reader == "delimited" and not (
        definition.run_columns and platform.runs
    ):
        raise OptionError(
            f"{platform.path}: [files.{main}] needs 'run_columns' and [runs]: without"
            " them nobody knows standards from samples"
        )


def _moment(start: str, days: float) -> np.datetime64:
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        raise OptionError(f"start is {start!r}; it must be like 2024-03-01") from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    begin = np.datetime64(moment, "s")
    if begin < _FIRST or begin + np.timedelta64(int(days * _DAY), "s") >= _LAST:
        raise OptionError(f"start is {start!r}: times must be from 1700 to 2261")
    return begin


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
        day = _day(world, platform, span, start, seed, noise)
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
        pieces.append(truth_of(day, platform, start, hit))
    truth = joined(pieces)
    truth.attrs = truth_attrs(platform, seed, days, noise, faults, list(paths))
    save(truth, folder / TRUTH)
    return truth


def _file_name(platform: Platform, name: str, start: np.datetime64, number: int) -> str:
    """Fill the pattern of a definition: the first star becomes the day."""
    pattern = platform.files[name].pattern
    moment = start + np.timedelta64(number, "D")
    day = moment.astype("datetime64[D]")
    of_year = int((day - day.astype("datetime64[Y]")).astype(int)) + 1
    word = f"{str(day)[:4]}-{of_year:03d}"
    if pattern == "*":
        return f"{word}{name}.txt"
    if sum(pattern == other.pattern for other in platform.files.values()) > 1:
        word += name
    return pattern.replace("*", word, 1).replace("*", "").replace("?", "0")


def _day(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> Day:
    read = _SENSORS.get(platform.calibration.model, analyser_rows)
    rows = read(world, platform, span, start, seed, noise)
    # A little more on either side: the analyser's last rows are joined across midnight.
    stream = stream_rows(world, platform, span[:2], seed, noise)
    if span[1] >= span[2]:
        stream = stream_rows(world, platform, (span[0], span[1] + 1800.0), seed, noise)
    size = rows.seconds.size
    standards = tuple(dict.fromkeys(s.run for s in platform.standards))
    day = Day(rows, stream, standards, lag_of(platform, "SST"))
    day.shift, day.typed = np.zeros(size), np.ones(size)
    day.keep = np.ones(size, dtype=bool)
    return day
