"""Raw files as the instruments write them, by the name of their reader."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.physics import sea_level_pressure
from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.registry import Registry
from oceanco2.simulation.faults import Day
from oceanco2.simulation.instrument import Rows
from oceanco2.units import conversion
from oceanco2.vocabulary import VARIABLES

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
_GO_COLUMNS = (
    *("Type", "error", "PC Date", "PC Time", "GPS date", "gps time", "latitude"),
    *("longitude", "equ temp", "std val", "CO2 mv", "CO2 um/m", "H2O mv", "H2O mm/m"),
    *("licor temp", "licor press", " atm press", "equ press", "H2O flow"),
    *("licor flow", "equ pump", "vent flow", "cond temp"),
)
_GPS_LATE = 84  # the computer's clock is ahead of the satellites


@dataclass(slots=True)
class Job:
    """One file of one day.

    Attributes
    ----------
    path : Path
        Where to write.
    name : str
        Key of the file definition.
    platform : Platform
        Columns, units, formats.
    rows : Rows
        What to write.
    day : Day
        Broken lines and clocks of the analyser's log.
    main : bool
        Whether it is the analyser's stream.
    start : numpy.datetime64
        Start of the cruise.
    digits : int
        Decimals.
    """

    path: Path
    name: str
    platform: Platform
    rows: Rows
    day: Day
    main: bool
    start: np.datetime64
    digits: int

    @property
    def definition(self) -> FileDefinition:
        """The file definition.

        Returns
        -------
        FileDefinition
            Of the platform file.
        """
        return self.platform.files[self.name]

    def times(self) -> np.ndarray:
        """Return what the clock of the file says.

        Returns
        -------
        ndarray of datetime64[ms]
            Shifted where a fault shifts it.
        """
        seconds = self.rows.seconds + (self.day.shift if self.main else 0.0)
        return self.start.astype("datetime64[ms]") + np.rint(seconds * 1e3).astype(
            "timedelta64[ms]"
        )


WRITERS: Registry[Callable[[Job], None]] = Registry("simulator for the reader")


def columns_of(job: Job) -> dict[str, np.ndarray]:
    """Turn readings into the raw columns of a file.

    Parameters
    ----------
    job : Job
        What to write.

    Returns
    -------
    dict of str to ndarray of object
        Raw column to texts.
    """
    found: dict[str, np.ndarray] = {}
    empty = np.full(job.rows.seconds.size, "", dtype=object)
    platform = job.platform
    for name, source in platform.variables.items():
        if source.value is not None or platform.file_of(source) != job.name:
            continue
        if name not in job.rows.measured:
            found |= dict.fromkeys(source.columns, empty)
            continue
        values = _uncalibrated(job, name, source)
        scale, offset = conversion(
            source.units or VARIABLES[name].units, VARIABLES[name].units
        )
        raw = (values - offset) / scale
        parts = [raw]
        if source.sum:
            # A differential sensor reads small numbers, a dead one takes the whole.
            small = np.where(values < 1.0, 0.0, 0.4 / scale)
            parts = [raw - small * (len(source.sum) - 1)]
            parts += [small] * (len(source.sum) - 1)
        elif source.difference:
            parts = [raw + 0.4 / scale, np.full(raw.shape, 0.4 / scale)]
        for column, part in zip(source.columns, parts, strict=True):
            found[column] = np.array([_text(v, job.digits) for v in part], dtype=object)
        if source.flag:
            found[source.flag] = np.full(raw.shape, "2", dtype=object)
    return found


def _text(value: float, digits: int) -> str:
    return "" if np.isnan(value) else f"{value:.{digits}f}"


def _uncalibrated(job: Job, name: str, source: VariableSource) -> np.ndarray:
    """Undo what the calibration will do: height, polynomial, sign and packing."""
    values = job.rows.measured[name].astype(float)
    if source.height:
        water = job.rows.truth["SST"]
        method = job.platform.reduction.sea_level_pressure
        ratio = sea_level_pressure(
            np.full(values.shape, 1000.0),
            water,
            source.height,
            method,
            on_range="ignore",
        )
        values = values * 1000.0 / ratio
    sensor = job.platform.sensors.get(source.sensor)
    if sensor and sensor.calibrations:
        values = _inverse(values, sensor.calibrations, job.times())
    if source.positive in ("west", "south"):
        values = -values
    if source.format == "ddmm.mmmm":
        whole = np.floor(np.abs(values))
        values = np.sign(values) * (whole * 100.0 + (np.abs(values) - whole) * 60.0)
    elif source.format != "decimal":
        raise OptionError(f"the simulator cannot write positions as {source.format!r}")
    return values


def _inverse(values: np.ndarray, calibrations: list, times: np.ndarray) -> np.ndarray:
    out = values.copy()
    for entry in sorted(calibrations, key=lambda c: c.valid_from):
        here = times >= np.datetime64(entry.valid_from.replace(tzinfo=None), "ms")
        curve = np.polynomial.Polynomial(entry.polynomial)
        slope = curve.deriv()
        x = values[here]
        for _ in range(20):  # Newton; sensors are almost linear
            x = x - (curve(x) - values[here]) / slope(x)
        out[here] = x
    return out


def _clock(times: np.ndarray, way: str) -> np.ndarray:
    moments = times.astype("datetime64[us]").astype(object)
    return np.array([m.strftime(way) for m in moments], dtype=object)


def _append(job: Job, head: list[str], lines: list[str]) -> None:
    new = not job.path.exists()
    with job.path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in ([*head, *lines] if new else lines))


def _broken(job: Job, lines: list[str]) -> list[str]:
    """Lines that are logged, cut or repeated as the faults want it."""
    if not job.main:
        return lines
    cut, again = set(job.day.cut), set(job.day.again)
    kept: list[str] = []
    block: list[str] = []
    for number, line in enumerate(lines):
        if block and number not in again:
            kept += block
            block = []
        if not job.day.keep[number]:
            continue
        kept.append(line[: int(len(line) * 0.6)] if number in cut else line)
        if number in again:
            block.append(line)
    return kept + block


def _general_oceanics(job: Job) -> None:
    """Write a log of the General Oceanics system."""
    raw = columns_of(job)
    size = job.rows.seconds.size
    true = {s.run: s.xCO2 for s in job.platform.standards}
    typed = [
        f"{true[x] * f:g}" if x in true else "NaN"
        for x, f in zip(job.rows.labels, job.day.typed, strict=True)
    ]
    pc = job.times()
    gps = pc - np.timedelta64(_GPS_LATE, "s")
    usual = {
        "Type": job.rows.labels,
        "error": np.full(size, "0", dtype=object),
        "PC Date": _clock(pc, "%d/%m/%y"),
        "PC Time": _clock(pc, "%H:%M:%S"),
        "GPS date": _clock(gps, "%d/%m/%y"),
        "gps time": _clock(gps, "%H:%M:%S"),
        "std val": np.array(typed, dtype=object),
    }
    if job.definition.time is not None:
        usual |= _time_columns(job)
    for name in ("latitude", "longitude"):
        if name not in job.platform.variables:
            values = job.rows.measured[name]
            usual[name] = np.array([_text(v, job.digits) for v in values], dtype=object)
    lower = {column.strip().lower(): column for column in raw}
    names = [
        lower.get(c.strip().lower(), c) if c not in usual else c for c in _GO_COLUMNS
    ]
    names += [c for c in [*raw, *usual] if c not in names]
    blank = np.full(size, "", dtype=object)
    table = [usual.get(n, raw.get(n, blank)) for n in names]
    lines = []
    for number, cells in enumerate(zip(*table, strict=True)):
        short = job.rows.truth["run_type"][number] == 6  # the system writes half a row
        lines.append("\t".join(cells[:8] if short else cells))
    # The real header has a blank before this name.
    head = [" atm press" if n == "atm press" else n for n in names]
    _append(job, ["\t".join(head)], _broken(job, lines))


def _time_columns(job: Job) -> dict[str, np.ndarray]:
    way, times = job.definition.time, job.times()
    if way is None:
        raise OptionError(f"[files.{job.name}] lacks 'time'")
    times = times - np.timedelta64(round(way.offset_seconds * 1000), "ms")

    def first(said: str | list[str] | None) -> str:
        return said if isinstance(said, str) else (said or [""])[0]

    if way.columns:
        pieces = first(way.format).split(" ")
        if len(pieces) != len(way.columns):
            pieces = [first(way.format)] if len(way.columns) == 1 else pieces
        if len(pieces) != len(way.columns):
            raise OptionError(f"the simulator cannot split {first(way.format)!r}")
        return {c: _clock(times, p) for c, p in zip(way.columns, pieces, strict=True)}
    if way.date and way.time:
        dates = _clock(times, first(way.date_format))
        return {way.date: dates, way.time: _clock(times, first(way.time_format))}
    if isinstance(way.year, str) and way.month and way.day:
        parts = zip((way.year, way.month, way.day), ("%Y", "%m", "%d"), strict=True)
        found = {c: _clock(times, p) for c, p in parts}
        for column, part in ((way.hour, "%H"), (way.minute, "%M"), (way.second, "%S")):
            if column:
                found[column] = _clock(times, part)
        return found
    raise OptionError(
        f"the simulator cannot write times as [files.{job.name}] has them"
    )


def _delimited(job: Job) -> None:
    """Write any text table that the platform file describes."""
    definition = job.definition
    separator = definition.separator or ","
    separator = _SEPARATORS.get(separator, separator)
    table = _time_columns(job) | columns_of(job)
    if definition.run_columns and job.main:
        table[definition.run_columns[0]] = job.rows.labels
    missing = definition.missing[0] if definition.missing else ""
    cells = [np.where(c == "", missing, c) for c in table.values()]
    lines = [separator.join(row) for row in zip(*cells, strict=True)]
    header = definition.header
    head = ["simulated"] * header.skip
    head += [header.until] if header.until is not None else []
    head += [separator.join(table)] * min(header.rows, 1)
    head += [separator.join("-" for _ in table)] * header.units
    _append(job, head, _broken(job, lines))


WRITERS.add("general_oceanics", _general_oceanics)
WRITERS.add("delimited", _delimited)
