"""Write raw files in the formats of the instruments: cells, clocks, columns."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oceanco2.dates import DAY, DAY_MS, DAY_SECONDS, EPOCH, days_since_1970
from oceanco2.errors import OptionError
from oceanco2.physics import sea_level_pressure
from oceanco2.platforms import FileDefinition, Platform, Time, VariableSource
from oceanco2.registry import Registry
from oceanco2.simulation.faults import Day
from oceanco2.simulation.instrument import SimulatedRows, standards_at
from oceanco2.simulation.mapco2 import frame_texts
from oceanco2.units import conversion
from oceanco2.vocabulary import RUN_TYPES, VARIABLES

#: (Raw column, occurrence) to texts.
Columns = dict[tuple[str, int], np.ndarray]

_LETTERS = {"latitude": "NS", "longitude": "EW"}


def format_numbers(values: np.ndarray, digits: int) -> np.ndarray:
    """Format numbers with fixed decimals."""
    texts = ["" if np.isnan(v) else f"{v:.{digits}f}" for v in values]
    return np.array(texts, dtype=object)


def format_positions(
    values: np.ndarray, name: str, source: VariableSource, digits: int
) -> dict[str, np.ndarray]:
    """Format positions with the packing, sign and hemisphere of a file."""
    columns = {}
    if source.hemisphere:
        letters = np.where(values < 0.0, _LETTERS[name][1], _LETTERS[name][0])
        columns[source.hemisphere] = letters.astype(object)
        values = np.abs(values)
    if source.positive in ("west", "south"):
        values = -values
    texts = [_format_position(value, source.format, digits) for value in values]
    return {source.columns[0]: np.array(texts, dtype=object)} | columns


def _format_position(value: float, layout: str, digits: int) -> str:
    if np.isnan(value):
        return ""
    if layout == "decimal":
        return f"{value:.{digits}f}"
    sign = "-" if value < 0 else ""
    # Rounded before it is split, because 60 minutes are not valid.
    width = digits + 3
    if layout == "ddmmss":
        minutes, seconds = divmod(round(abs(value) * 3600.0, digits), 60.0)
        degrees, minutes = divmod(minutes, 60.0)
        return f"{sign}{degrees:.0f}{minutes:02.0f}{seconds:0{width}.{digits}f}"
    degrees, minutes = divmod(round(abs(value) * 60.0, digits), 60.0)
    separator = " " if layout == "dd mm.mmmm" else ""
    return f"{sign}{degrees:.0f}{separator}{minutes:0{width}.{digits}f}"


def arrange_columns(
    columns: Columns, names: list[str] | None, size: int
) -> list[tuple[str, np.ndarray]]:
    """Arrange columns in the order of the names; unused ones are empty."""
    empty = np.full(size, "", dtype=object)
    counts: dict[str, int] = {}
    for name, occurrence in columns:
        counts[name] = max(counts.get(name, 0), occurrence)
    order = list(names) if names is not None else list(counts)
    for name, count in counts.items():
        order += [name] * (count - order.count(name)) if names is None else []
    seen: dict[str, int] = {}
    table = []
    for name in order:
        seen[name] = seen.get(name, 0) + 1
        table.append((name, columns.get((name, seen[name]), empty)))
    return table


def time_columns(
    definition: FileDefinition, times: np.ndarray, where: str
) -> dict[str, np.ndarray]:
    """Format times as in the file."""
    spec = definition.time
    if spec is None:
        raise OptionError(f"{where} lacks 'time', which describes date and time")
    times = times - np.timedelta64(round(spec.offset_seconds * 1000), "ms")
    if spec.columns:
        return _split_format(spec, times)
    if spec.seconds or spec.days:
        days = (times - EPOCH) / DAY - days_since_1970(spec.since)
        if spec.days:
            return {spec.days: np.array([f"{v:.8f}" for v in days], dtype=object)}
        seconds = days * DAY_SECONDS
        return {
            str(spec.seconds): np.array([f"{v:.3f}" for v in seconds], dtype=object)
        }
    if spec.decimal_year:
        first = times.astype("datetime64[Y]")
        start, end = (y.astype(times.dtype) for y in (first, first + 1))
        years = first.astype(float) + 1970 + (times - start) / (end - start)
        return {spec.decimal_year: np.array([f"{v:.11f}" for v in years], dtype=object)}
    if spec.date:
        columns = {spec.date: format_times(times, _first_format(spec.date_format))}
    elif spec.month:
        columns = _year_column(spec, times) | {spec.month: format_times(times, "%m")}
        columns[str(spec.day)] = _format_days(
            spec, times, format_times(times, "%d").astype(float)
        )
    else:
        year = times.astype("datetime64[Y]").astype("datetime64[D]")
        days = (times.astype("datetime64[D]") - year).astype(float) + spec.january_first
        columns = _year_column(spec, times) | {
            str(spec.day_of_year): _format_days(spec, times, days)
        }
    return columns | _time_of_day(spec, times)


def format_times(times: np.ndarray, time_format: str) -> np.ndarray:
    """Format times with strftime.

    Examples
    --------
    >>> format_times(np.array(["2024-03-01T06:00"], "datetime64[s]"), "%d.%m.%y %H:%M")
    array(['01.03.24 06:00'], dtype=object)
    """
    instants = times.astype("datetime64[us]").astype(object)
    return np.array([m.strftime(time_format) for m in instants], dtype=object)


def _first_format(formats: str | list[str] | None) -> str:
    return formats if isinstance(formats, str) else (formats or [""])[0]


def _split_format(spec: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    """Split a format over its columns; the first gets the remainder."""
    columns = spec.columns or []
    parts = _first_format(spec.format).split(" ")
    first_size = len(parts) - len(columns) + 1
    if first_size < 1:
        raise OptionError(
            f"the simulator cannot write {_first_format(spec.format)!r} in"
            f" {len(columns)} columns: the format needs a blank between them"
        )
    parts = [" ".join(parts[:first_size]), *parts[first_size:]]
    return {c: format_times(times, p) for c, p in zip(columns, parts, strict=True)}


def _year_column(spec: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    return {spec.year: format_times(times, "%Y")} if isinstance(spec.year, str) else {}


def _day_fraction(times: np.ndarray) -> np.ndarray:
    """Fraction of the day."""
    ms = (times - times.astype("datetime64[D]")).astype("timedelta64[ms]")
    return ms.astype(float) / DAY_MS


def _format_days(spec: Time, times: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Format days, with fraction if no other column has the time."""
    if spec.time or spec.hour or spec.day_fraction:
        return np.array([f"{v:.0f}" for v in days], dtype=object)
    return np.array([f"{v:.10f}" for v in days + _day_fraction(times)], dtype=object)


def _time_of_day(spec: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    if spec.day_fraction:
        return {spec.day_fraction: _fixed_decimals(_day_fraction(times))}
    if spec.time:
        return {spec.time: format_times(times, _first_format(spec.time_format))}
    columns: dict[str, np.ndarray] = {}
    rest, parts = (
        _day_fraction(times),
        ((spec.hour, 24), (spec.minute, 60), (spec.second, 60)),
    )
    present = [(column, size) for column, size in parts if column]
    for number, (column, size) in enumerate(present):
        # Rounded to milliseconds first, or 59.9999 minutes would lose a minute.
        rest = np.round(rest * size, 9)
        integer = np.floor(rest)
        last = number == len(present) - 1
        columns[str(column)] = (
            _fixed_decimals(rest) if last else _fixed_decimals(integer, 0)
        )
        rest = rest - integer
    return columns


def _fixed_decimals(values: np.ndarray, digits: int = 9) -> np.ndarray:
    return np.array([f"{v:.{digits}f}" for v in values], dtype=object)


_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
_GO_COLUMNS = (
    *("Type", "error", "PC Date", "PC Time", "GPS date", "gps time", "latitude"),
    *("longitude", "equ temp", "std val", "CO2 mv", "CO2 um/m", "H2O mv", "H2O mm/m"),
    *("licor temp", "licor press", " atm press", "equ press", "H2O flow"),
    *("licor flow", "equ pump", "vent flow", "cond temp"),
)
_GO_CLOCKS = (("PC Date", "PC Time"), ("GPS date", "gps time"))
_GO_DIAGNOSTICS = {
    "latitude": "latitude",
    "longitude": "longitude",
    "H2O flow": "water_flow",
    "licor flow": "gas_flow",
    "licor temp": "T_analyser",
    "vent flow": "vent_flow",
    "cond temp": "T_condenser",
}
_GPS_OFFSET = 84  # s, the computer clock is ahead of GPS


@dataclass(slots=True)
class Job:
    """One file of one day."""

    path: Path
    name: str
    platform: Platform
    rows: SimulatedRows
    day: Day
    main: bool
    start: np.datetime64
    digits: int

    @property
    def definition(self) -> FileDefinition:
        """The file definition."""
        return self.platform.files[self.name]

    def times(self) -> np.ndarray:
        """Return the times printed in the file."""
        seconds = self.rows.seconds + (self.day.clock_shift if self.main else 0.0)
        return self.start.astype("datetime64[ms]") + np.rint(seconds * 1e3).astype(
            "timedelta64[ms]"
        )


WRITERS: Registry[Callable[[Job], None]] = Registry("simulator for the reader")


def raw_columns(job: Job) -> Columns:
    """Convert readings to the raw columns of a file."""
    columns: Columns = {}
    platform = job.platform
    empty = np.full(job.rows.seconds.size, "", dtype=object)
    for name, source in platform.variables.items():
        if source.value is None and platform.file_of(source) == job.name:
            for column, texts in _variable_columns(job, name, source).items():
                columns[column, source.occurrence] = texts
    for (
        source
    ) in platform.delivered.values():  # from a laboratory ashore, not simulated
        if source.value is None and platform.file_of(source) == job.name:
            for column in source.columns:
                columns.setdefault((column, source.occurrence), empty)
    return columns


def _variable_columns(
    job: Job, name: str, source: VariableSource
) -> dict[str, np.ndarray]:
    """Convert one variable to the columns that it is read from."""
    empty = np.full(job.rows.seconds.size, "", dtype=object)
    if name not in job.rows.measured:
        return dict.fromkeys(source.columns, empty)
    values = _undo_calibration(job, name, source)
    if name in ("latitude", "longitude"):
        columns = format_positions(values, name, source, job.digits)
    else:
        canonical = VARIABLES[name].units
        scale, offset = conversion(source.units or canonical, canonical)
        columns = _split_parts(
            source, values, (values - offset) / scale, scale, job.digits
        )
    if job.definition.decimal == ",":
        columns = {c: _with_decimal_commas(texts) for c, texts in columns.items()}
    if source.flag:
        columns[source.flag] = np.full(values.shape, "2", dtype=object)
    return columns


def _split_parts(
    source: VariableSource,
    values: np.ndarray,
    raw: np.ndarray,
    scale: float,
    digits: int,
) -> dict[str, np.ndarray]:
    parts = [raw]
    if source.sum:
        # A differential sensor reads small numbers; other values are in one column.
        small = np.where(values < 1.0, 0.0, 0.4 / scale)
        parts = [raw - small * (len(source.sum) - 1)]
        parts += [small] * (len(source.sum) - 1)
    elif source.difference:
        parts = [raw + 0.4 / scale, np.full(raw.shape, 0.4 / scale)]
    pairs = zip(source.columns, parts, strict=True)
    return {column: format_numbers(part, digits) for column, part in pairs}


def _with_decimal_commas(texts: np.ndarray) -> np.ndarray:
    return np.array([text.replace(".", ",") for text in texts], dtype=object)


def _undo_calibration(job: Job, name: str, source: VariableSource) -> np.ndarray:
    """Invert the calibration: height and polynomial."""
    values = job.rows.measured[name].astype(float)
    if source.height:
        ratio = sea_level_pressure(
            np.full(values.shape, 1000.0),
            job.rows.truth["SST"],
            source.height,
            job.platform.reduction.sea_level_pressure,
            on_range="ignore",
        )
        values = values * 1000.0 / ratio
    sensor = job.platform.sensors.get(source.sensor)
    if sensor and sensor.calibrations:
        values = _invert_polynomials(values, sensor.calibrations, job.times())
    return values


def _invert_polynomials(
    values: np.ndarray, calibrations: list, times: np.ndarray
) -> np.ndarray:
    out = values.copy()
    for entry in sorted(calibrations, key=lambda c: c.valid_from):
        selected = times >= np.datetime64(entry.valid_from.replace(tzinfo=None), "ms")
        curve = np.polynomial.Polynomial(entry.polynomial)
        slope = curve.deriv()
        x = values[selected]
        for _ in range(20):  # Newton; sensors are almost linear
            x = x - (curve(x) - values[selected]) / slope(x)
        out[selected] = x
    return out


def _append_lines(job: Job, head: list[str], lines: list[str]) -> None:
    is_new = not job.path.exists()
    setting = job.definition.encoding
    encoding = "utf-8" if setting == "auto" else setting
    with job.path.open("a", encoding=encoding, newline="\n") as file:
        file.writelines(f"{line}\n" for line in ([*head, *lines] if is_new else lines))


def _apply_faults(job: Job, lines: list[str]) -> list[str]:
    """Apply faults to lines: not logged, truncated or repeated."""
    if not job.main:
        return lines
    truncated, repeated = set(job.day.truncated), set(job.day.repeated)
    logged: list[str] = []
    block: list[str] = []
    for number, line in enumerate(lines):
        if block and number not in repeated:
            logged += block
            block = []
        if not job.day.is_logged[number]:
            continue
        logged.append(line[: int(len(line) * 0.6)] if number in truncated else line)
        if number in repeated:
            block.append(line)
    return logged + block


def _general_oceanics(job: Job) -> None:
    """Write a log of the General Oceanics system."""
    standard = _standard_columns(job)
    raw = raw_columns(job)
    described = {name.strip().lower(): name for name, _ in raw}
    names = [described.get(c.strip().lower(), c) for c in _GO_COLUMNS]
    names += [c for c in dict.fromkeys(n for n, _ in raw) if c not in names]
    names += [c for c in standard if c not in names]
    for name, occurrence in raw:
        names += [name] * (occurrence - names.count(name))
    for name in names:
        if name in standard and (name, 1) not in raw:
            raw[name, 1] = standard[name]
    table = arrange_columns(raw, names, job.rows.seconds.size)
    short = job.rows.truth["run_type"] == RUN_TYPES["ignored"]
    cells = zip(*(texts for _, texts in table), strict=True)
    # The system writes short rows when it wakes up, filters or shuts down.
    lines = [
        "\t".join(row[:8] if is_short else row)
        for row, is_short in zip(cells, short, strict=True)
    ]
    # Real headers have a blank before this name.
    head = [" atm press" if n == "atm press" else n for n, _ in table]
    _append_lines(job, ["\t".join(head)], _apply_faults(job, lines))


def _standard_columns(job: Job) -> dict[str, np.ndarray]:
    """Columns of the system that a platform file need not describe."""
    rows, start = job.rows, job.start
    which = standards_at(job.platform, rows.labels, rows.seconds, start)
    certified = [s.xCO2 for s in job.platform.standards]
    entered = [
        f"{certified[i] * f:g}" if i >= 0 else "NaN"
        for i, f in zip(which, job.day.entered_factor, strict=True)
    ]
    columns = {
        "Type": rows.labels,
        "error": np.full(rows.seconds.size, "0", dtype=object),
        "std val": np.array(entered, dtype=object),
    }
    columns |= {
        n: format_numbers(rows.measured[v], job.digits)
        for n, v in _GO_DIAGNOSTICS.items()
    }
    pc = job.times() - _clock_offset(job)
    gps = pc - np.timedelta64(_GPS_OFFSET, "s")
    if job.definition.options.get("clock") == "gps":  # then GPS is the correct clock
        pc, gps = pc + np.timedelta64(_GPS_OFFSET, "s"), pc
    # Two digits are ambiguous in other centuries.
    is_unambiguous = (
        int(str(start)[:4]) >= 1970 and int(str(job.times().max())[:4]) < 2068
    )
    day = "%d/%m/%y" if is_unambiguous else "%d/%m/%Y"
    for (date, time), times in zip(_GO_CLOCKS, (pc, gps), strict=True):
        columns |= {
            date: format_times(times, day),
            time: format_times(times, "%H:%M:%S"),
        }
    if job.definition.time is not None:
        columns |= time_columns(job.definition, job.times(), f"[files.{job.name}]")
    return columns | _run_columns(job)


def _clock_offset(job: Job) -> np.timedelta64:
    seconds = job.definition.options.get("offset_seconds", 0)
    return np.timedelta64(round(1000 * seconds), "ms")


def _run_columns(job: Job) -> dict[str, np.ndarray]:
    """Columns of run types; each part of a label has its own column."""
    columns = job.definition.run_columns or []
    parts = [label.split("|") for label in job.rows.labels]
    return {
        column: np.array([(*p, *[""] * len(columns))[i] for p in parts], dtype=object)
        for i, column in enumerate(columns if job.main else [])
    }


def _delimited(job: Job) -> None:
    """Write a text table described in the platform file."""
    definition = job.definition
    header = definition.header
    setting = definition.separator or "comma"
    separator = _SEPARATORS.get(setting.lower(), setting)
    columns: Columns = {}
    times = time_columns(definition, job.times(), f"[files.{job.name}]")
    decimal = definition.decimal == ","
    for name, texts in (times | _run_columns(job)).items():
        numbers = decimal and not any(c in texts[0] for c in ":/ ")
        columns[name, 1] = _with_decimal_commas(texts) if numbers else texts
    columns |= {
        key: texts for key, texts in raw_columns(job).items() if key not in columns
    }
    table = arrange_columns(columns, definition.names, job.rows.seconds.size)
    default_missing = (
        "NaN" if separator == " " else ""
    )  # with blanks as separator empty cells need a text
    missing = (definition.missing or [default_missing])[0] or default_missing
    cells = [np.where(texts == "", missing, texts) for _, texts in table]
    lines = [separator.join(row) for row in zip(*cells, strict=True)]
    head = ["simulated"] * header.skip
    head += [header.until] if header.until is not None else []
    names = [(*name.split("|"), *[""] * header.rows) for name, _ in table]
    if header.rows == 1:
        names = [(name,) for name, _ in table]
    head += [separator.join(n[i] for n in names) for i in range(header.rows)]
    head += [separator.join("-" for _ in table)] * header.units
    _append_lines(job, head, _apply_faults(job, lines))


def _mapco2(job: Job) -> None:
    """Write the frames of a moored system."""
    spoilt = (job.day.truncated, job.day.repeated)
    _append_lines(job, [], frame_texts(job.rows, job.times(), job.digits, *spoilt))


WRITERS.add("mapco2", _mapco2)
WRITERS.add("general_oceanics", _general_oceanics)
WRITERS.add("delimited", _delimited)
WRITERS.add("contros_table", _delimited)
