"""Raw files as the instruments write them, by the name of their reader."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oceanco2.physics import sea_level_pressure
from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.registry import Registry
from oceanco2.simulation.cells import Columns, laid_out, number_texts, position_texts
from oceanco2.simulation.clocks import clock, time_columns
from oceanco2.simulation.faults import Day
from oceanco2.simulation.frame_texts import frame_texts
from oceanco2.simulation.instrument import Rows, standards_at
from oceanco2.units import conversion
from oceanco2.vocabulary import RUN_TYPES, VARIABLES

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
_GO_COLUMNS = (
    *("Type", "error", "PC Date", "PC Time", "GPS date", "gps time", "latitude"),
    *("longitude", "equ temp", "std val", "CO2 mv", "CO2 um/m", "H2O mv", "H2O mm/m"),
    *("licor temp", "licor press", " atm press", "equ press", "H2O flow"),
    *("licor flow", "equ pump", "vent flow", "cond temp"),
)
_GO_CLOCKS = (("PC Date", "PC Time"), ("GPS date", "gps time"))
_GO_OWN = {
    "latitude": "latitude",
    "longitude": "longitude",
    "H2O flow": "water_flow",
    "licor flow": "gas_flow",
    "licor temp": "T_analyser",
    "vent flow": "vent_flow",
    "cond temp": "T_condenser",
}
_GPS_LATE = 84  # the computer's clock is ahead of the satellites


@dataclass(slots=True)
class Job:
    """One file of one day."""

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
        """The file definition."""
        return self.platform.files[self.name]

    def times(self) -> np.ndarray:
        """Return what the clock of the file says."""
        seconds = self.rows.seconds + (self.day.shift if self.main else 0.0)
        return self.start.astype("datetime64[ms]") + np.rint(seconds * 1e3).astype(
            "timedelta64[ms]"
        )


WRITERS: Registry[Callable[[Job], None]] = Registry("simulator for the reader")


def columns_of(job: Job) -> Columns:
    """Turn readings into the raw columns of a file."""
    found: Columns = {}
    platform = job.platform
    empty = np.full(job.rows.seconds.size, "", dtype=object)
    for name, source in platform.variables.items():
        if source.value is None and platform.file_of(source) == job.name:
            for column, texts in _texts(job, name, source).items():
                found[column, source.occurrence] = texts
    for source in platform.delivered.values():  # a shore laboratory's, not simulated
        if source.value is None and platform.file_of(source) == job.name:
            for column in source.columns:
                found.setdefault((column, source.occurrence), empty)
    return found


def _texts(job: Job, name: str, source: VariableSource) -> dict[str, np.ndarray]:
    """Write one variable as the columns it is read from."""
    empty = np.full(job.rows.seconds.size, "", dtype=object)
    if name not in job.rows.measured:
        return dict.fromkeys(source.columns, empty)
    values = _uncalibrated(job, name, source)
    if name in ("latitude", "longitude"):
        found = position_texts(values, name, source, job.digits)
    else:
        own = VARIABLES[name].units
        scale, offset = conversion(source.units or own, own)
        found = _parts(source, values, (values - offset) / scale, scale, job.digits)
    if job.definition.decimal == ",":
        found = {c: _commas(texts) for c, texts in found.items()}
    if source.flag:
        found[source.flag] = np.full(values.shape, "2", dtype=object)
    return found


def _parts(
    source: VariableSource,
    values: np.ndarray,
    raw: np.ndarray,
    scale: float,
    digits: int,
) -> dict[str, np.ndarray]:
    parts = [raw]
    if source.sum:
        # A differential sensor reads small numbers, a dead one takes the whole.
        small = np.where(values < 1.0, 0.0, 0.4 / scale)
        parts = [raw - small * (len(source.sum) - 1)]
        parts += [small] * (len(source.sum) - 1)
    elif source.difference:
        parts = [raw + 0.4 / scale, np.full(raw.shape, 0.4 / scale)]
    pairs = zip(source.columns, parts, strict=True)
    return {column: number_texts(part, digits) for column, part in pairs}


def _commas(texts: np.ndarray) -> np.ndarray:
    return np.array([text.replace(".", ",") for text in texts], dtype=object)


def _uncalibrated(job: Job, name: str, source: VariableSource) -> np.ndarray:
    """Undo what the calibration will do: height and polynomial."""
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
        values = _inverse(values, sensor.calibrations, job.times())
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


def _append(job: Job, head: list[str], lines: list[str]) -> None:
    new = not job.path.exists()
    said = job.definition.encoding
    encoding = "utf-8" if said == "auto" else said
    with job.path.open("a", encoding=encoding, newline="\n") as file:
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
    given = _always_there(job)
    raw = columns_of(job)
    mine = {name.strip().lower(): name for name, _ in raw}
    names = [mine.get(c.strip().lower(), c) for c in _GO_COLUMNS]
    names += [c for c in dict.fromkeys(n for n, _ in raw) if c not in names]
    names += [c for c in given if c not in names]
    for name, occurrence in raw:
        names += [name] * (occurrence - names.count(name))
    for name in names:
        if name in given and (name, 1) not in raw:
            raw[name, 1] = given[name]
    table = laid_out(raw, names, job.rows.seconds.size)
    short = job.rows.truth["run_type"] == RUN_TYPES["ignored"]
    cells = zip(*(texts for _, texts in table), strict=True)
    # The system writes half a row when it wakes up, filters or shuts down.
    lines = [
        "\t".join(row[:8] if half else row)
        for row, half in zip(cells, short, strict=True)
    ]
    # The real header has a blank before this name.
    head = [" atm press" if n == "atm press" else n for n, _ in table]
    _append(job, ["\t".join(head)], _broken(job, lines))


def _always_there(job: Job) -> dict[str, np.ndarray]:
    """Write the columns of the system that a platform file need not name."""
    rows, start = job.rows, job.start
    which = standards_at(job.platform, rows.labels, rows.seconds, start)
    content = [s.xCO2 for s in job.platform.standards]
    typed = [
        f"{content[i] * f:g}" if i >= 0 else "NaN"
        for i, f in zip(which, job.day.typed, strict=True)
    ]
    given = {
        "Type": rows.labels,
        "error": np.full(rows.seconds.size, "0", dtype=object),
        "std val": np.array(typed, dtype=object),
    }
    given |= {n: number_texts(rows.measured[v], job.digits) for n, v in _GO_OWN.items()}
    pc = job.times() - _offset(job)
    gps = pc - np.timedelta64(_GPS_LATE, "s")
    if job.definition.options.get("clock") == "gps":  # then that one is right
        pc, gps = pc + np.timedelta64(_GPS_LATE, "s"), pc
    # Two digits cannot tell the centuries apart.
    near = int(str(start)[:4]) >= 1970 and int(str(job.times().max())[:4]) < 2068
    day = "%d/%m/%y" if near else "%d/%m/%Y"
    for (date, time), times in zip(_GO_CLOCKS, (pc, gps), strict=True):
        given |= {date: clock(times, day), time: clock(times, "%H:%M:%S")}
    if job.definition.time is not None:
        given |= time_columns(job.definition, job.times(), f"[files.{job.name}]")
    return given | _run_columns(job)


def _offset(job: Job) -> np.timedelta64:
    said = job.definition.options.get("offset_seconds", 0)
    return np.timedelta64(round(1000 * said), "ms")


def _run_columns(job: Job) -> dict[str, np.ndarray]:
    """Write the run types; the parts of a label stand in a column each."""
    columns = job.definition.run_columns or []
    parts = [label.split("|") for label in job.rows.labels]
    return {
        column: np.array([(*p, *[""] * len(columns))[i] for p in parts], dtype=object)
        for i, column in enumerate(columns if job.main else [])
    }


def _delimited(job: Job) -> None:
    """Write any text table that the platform file describes."""
    definition = job.definition
    header = definition.header
    said = definition.separator or "comma"
    separator = _SEPARATORS.get(said.lower(), said)
    found: Columns = {}
    times = time_columns(definition, job.times(), f"[files.{job.name}]")
    decimal = definition.decimal == ","
    for name, texts in (times | _run_columns(job)).items():
        numbers = decimal and not any(c in texts[0] for c in ":/ ")
        found[name, 1] = _commas(texts) if numbers else texts
    found |= {key: texts for key, texts in columns_of(job).items() if key not in found}
    table = laid_out(found, definition.names, job.rows.seconds.size)
    usual = "NaN" if separator == " " else ""  # blanks alone part no empty cells
    missing = (definition.missing or [usual])[0] or usual
    cells = [np.where(texts == "", missing, texts) for _, texts in table]
    lines = [separator.join(row) for row in zip(*cells, strict=True)]
    head = ["simulated"] * header.skip
    head += [header.until] if header.until is not None else []
    names = [(*name.split("|"), *[""] * header.rows) for name, _ in table]
    if header.rows == 1:
        names = [(name,) for name, _ in table]
    head += [separator.join(n[i] for n in names) for i in range(header.rows)]
    head += [separator.join("-" for _ in table)] * header.units
    _append(job, head, _broken(job, lines))


def _mapco2(job: Job) -> None:
    """Write the frames of a moored system."""
    spoilt = (job.day.cut, job.day.again)
    _append(job, [], frame_texts(job.rows, job.times(), job.digits, *spoilt))


WRITERS.add("mapco2", _mapco2)
WRITERS.add("general_oceanics", _general_oceanics)
WRITERS.add("delimited", _delimited)
WRITERS.add("contros_table", _delimited)
