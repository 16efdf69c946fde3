"""Raw transmissions of PMEL MAPCO2 systems: a frame per cycle, a row per reading."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from oceanco2.dates import HOUR
from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.numbers import to_degrees
from oceanco2.readers.reader import drafted_sources, reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, format_lines, hash_lines
from oceanco2.readers.times import (
    Cells,
    check_times,
    clock_offset,
    join_texts,
    milliseconds,
    number_columns,
    parse,
    parse_each,
    read_times,
    text_columns,
)
from oceanco2.text import decode, split_lines

#: States of a cycle, in the order of the lines of a frame.
STATES = (
    *("zero on", "zero off", "zero postcal", "span on", "span off", "span postcal"),
    *("equil on", "equil off", "air on", "air off"),
)
#: State of a reading whose frame has lost lines.
UNKNOWN_STATE = "unplaced"
MEASURING = ("NORM", "FAST")
#: Other transmissions in the same layout: deployment, recovery, position, status.
OTHER_MODES = ("DEPL", "RECV", "POSO", "STSF")
#: Fields of a reading; pressures are kPa, temperatures degree_Celsius, the last
#: four counts; sd are standard deviations of 2 Hz samples.
READING = (
    *("minute", "licor temp", "licor temp sd", "licor press", "licor press sd"),
    *("xCO2", "xCO2 sd", "O2", "O2 sd", "RH", "RH sd", "RH temp", "RH temp sd"),
    *("raw 1", "raw 1 sd", "raw 2", "raw 2 sd"),
)

_HEAD = re.compile(
    r"(?P<mode>[A-Za-z]{3,5})\s+\S+\s+\S+\s+(?P<date>\d{4}/\d{1,2}/\d{1,2})\s+"
    r"(?P<time>\d{1,2}:\d{2}:\d{2})(?P<rest>.*)"
)
_WORD = re.compile(rf"({'|'.join((*MEASURING, *OTHER_MODES))})(\s|$)")
_REST = re.compile(
    r"\s*(?P<name>.*?)\s+(?P<serial>\d+)(\s+(?P<firmware>\d+\.\d+))?"
    r"(\s+\d{1,2}/\d{1,2}/\d{4})?\s*"
)
_FIX = re.compile(
    r"(?P<date>\d{1,2}/\d{1,2}/\d{4})\s+(?P<time>\d{1,2}:\d{2}:\d{2})\s+"
    r"(?P<lat>\d+\.\d*)\s*(?P<ns>[NS])\s+(?P<lon>\d+\.\d*)\s*(?P<ew>[EW])\b"
    r"(\s+(?P<seconds>\d+))?"
)
_DATED = re.compile(r"\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d{2}:\d{2}\b")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_DRY = re.compile(r"(SW|Atm)_xCO2\(dry\)\s+(\S+)", re.IGNORECASE)
_BLOCK = re.compile(r"(seafet data|ph|sbe16 data|met data)$", re.IGNORECASE)
_END = re.compile(r"end\b", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """One data line."""

    line: int
    fields: list[str]
    state: str = UNKNOWN_STATE
    short: bool = False


@dataclass(slots=True)
class Frame:
    """One cycle of a system, with the diagnostics sent for it."""

    line: int
    mode: str = ""
    start: str = ""
    name: str = ""
    serial: str = ""
    firmware: str = ""
    fix: dict[str, str] = field(default_factory=dict)
    system: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    dry_values: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    sbe16: list[str] = field(default_factory=list)


def is_head(text: str) -> bool:
    """Whether a line begins a frame."""
    return bool(_WORD.match(text) or _HEAD.match(text))


@dataclass(slots=True)
class Log:
    """The frames of a file, read line by line."""

    frames: list[Frame] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    block: str = ""
    block_fields: list[str] = field(default_factory=list)

    def read_line(self, number: int, line: str) -> None:
        """Read one line."""
        text, fields = line.strip(), line.split()
        if is_head(text):
            self.block = ""
            self.frames.append(_frame_of_head(number, text))
        elif _is_reading(fields):
            self.block = ""
            self._frame(number).readings.append(Reading(number, fields))
        elif self.block:
            self._read_block_line(text, fields)
        elif _BLOCK.match(text):
            self.block, self.block_fields = text.split()[0].lower(), []
        elif not self._read_frame_line(number, text, fields):
            self.unread.append(number)

    def _frame(self, number: int) -> Frame:
        """Return the current frame; before the first one a frame without a time."""
        if not self.frames:
            self.frames.append(Frame(number))
        return self.frames[-1]

    def _read_block_line(self, text: str, fields: list[str]) -> None:
        if not _END.match(text):
            self.block_fields += fields
            return
        if self.block == "sbe16" and self.frames:
            self.frames[-1].sbe16 = self.block_fields
        self.block = ""

    def _read_frame_line(self, number: int, text: str, fields: list[str]) -> bool:
        """Read a line of header, end or short reading; False if it is unknown."""
        fix = _FIX.match(text)
        if fix:
            # A second fix: the header of the next frame, with its time, is lost.
            if not self.frames or self.frames[-1].fix or self.frames[-1].readings:
                self.frames.append(Frame(number))
            self.frames[-1].fix = {k: v or "" for k, v in fix.groupdict().items()}
            return True
        return bool(self.frames) and _read_known_line(
            self.frames[-1], number, text, fields
        )


def _read_known_line(frame: Frame, number: int, text: str, fields: list[str]) -> bool:
    dry_values = _DRY.findall(text)
    at_start = not frame.readings and not frame.system
    if dry_values:
        frame.dry_values |= {which.lower(): value for which, value in dry_values}
        frame.closed = True
    elif at_start and not frame.fix and _DATED.match(text):
        frame.fix = {"date": fields[0], "time": fields[1]}  # without a position
    elif (
        at_start
        and len(fields) >= 4
        and "." in fields[0]
        and _count_numbers(fields) >= 4
    ):
        frame.system = fields
    elif not frame.closed and _is_short_reading(fields):
        incomplete = [fields[0], *[""] * (len(READING) - 1)]
        frame.readings.append(Reading(number, incomplete, short=True))
    else:
        return False
    return True


def _count_numbers(fields: list[str]) -> int:
    return sum(1 for text in fields if _NUMBER.fullmatch(text))


def _is_reading(fields: list[str]) -> bool:
    if len(fields) != len(READING) or "." in fields[0]:
        return False
    return _count_numbers(fields) >= 12


def _is_short_reading(fields: list[str]) -> bool:
    """Whether a line is a reading that lost fields: minute and temperature first."""
    if len(fields) < 2 or not fields[0].isdecimal() or len(fields[0]) > 3:
        return False
    return "." in fields[1] and _count_numbers(fields) >= 0.7 * len(fields)


def _frame_of_head(number: int, text: str) -> Frame:
    match = _HEAD.match(text)
    if not match:
        return Frame(number, mode=text.split(maxsplit=1)[0])
    frame = Frame(number, mode=match["mode"].upper())
    frame.start = f"{match['date']} {match['time']}"
    rest = _REST.fullmatch(match["rest"])
    if rest:
        frame.name, frame.serial = rest["name"], rest["serial"]
        frame.firmware = rest["firmware"] or ""
    return frame


def assign_states(frames: list[Frame]) -> None:
    """Set the state of each reading from the position of its line."""
    for frame in frames:
        _drop_repeated(frame)
    complete = [f for f in frames if len(f.readings) == len(STATES)]
    patterns = Counter(tuple(r.fields[0] for r in f.readings) for f in complete)
    common_minutes = patterns.most_common(1)[0][0] if patterns else None
    for frame in frames:
        for reading, state in zip(
            frame.readings, _states_of(frame, common_minutes), strict=True
        ):
            reading.state = state


def drop_incomplete_systems(frames: list[Frame]) -> list[int]:
    """Drop system lines that lost a field, which shifts others; return their frames.

    Lines of one firmware are alike; of as many of two kinds the longer ones count.
    """
    incomplete = []
    for firmware in {frame.firmware for frame in frames}:
        alike = [f for f in frames if f.firmware == firmware and f.system]
        shapes = Counter(_system_shape(frame.system) for frame in alike)
        usual = max(shapes, key=lambda s: (_is_complete(s), shapes[s], s), default=None)
        for frame in alike:
            if _system_shape(frame.system) != usual:
                incomplete.append(frame.line)
                frame.system = []
    return sorted(incomplete)


def _system_shape(fields: list[str]) -> tuple[int, int]:
    """Return the number of fields before and after the flags of a system line."""
    position = _flags_position(fields)
    return position, len(fields) - position - 1


def _is_complete(shape: tuple[int, int]) -> bool:
    return shape[0] > 0 and shape[1] in (0, len(_MET))


def _flags_position(fields: list[str]) -> int:
    """Return where the flags are; older firmware has no second span."""
    positions = (i for i in (4, 5) if len(fields) > i and _FLAGS.fullmatch(fields[i]))
    return next(positions, 0)


def _drop_repeated(frame: Frame) -> None:
    """Drop readings that appear more than once in the frame."""
    if len(frame.readings) <= len(STATES):
        return
    seen: set[tuple[str, ...]] = set()
    unique = []
    for reading in frame.readings:
        key = tuple(reading.fields)
        if key not in seen or reading.short:
            unique.append(reading)
        seen.add(key)
    frame.readings = unique


def _states_of(frame: Frame, common_minutes: tuple[str, ...] | None) -> list[str]:
    count = len(frame.readings)
    if count >= len(STATES):
        more = count - len(STATES)
        return [*STATES, *[UNKNOWN_STATE] * more]
    first = list(STATES[:count])
    may_be_cut = not frame.closed
    if common_minutes is None:
        return first if may_be_cut else [UNKNOWN_STATE] * count
    minutes = [r.fields[0] for r in frame.readings]
    if may_be_cut and minutes == list(common_minutes[:count]):
        return first
    matches = [
        combination
        for combination in combinations(range(len(STATES)), count)
        if all(
            common_minutes[p] == m for p, m in zip(combination, minutes, strict=True)
        )
    ]
    if not matches:
        return first if may_be_cut else [UNKNOWN_STATE] * count
    candidates = [set(options) for options in zip(*matches, strict=True)]
    return [STATES[p.pop()] if len(p) == 1 else UNKNOWN_STATE for p in candidates]


#: Run types of the states of a cycle, for MAPCO2 and ASVCO2.
RUNS = {
    "zero*": "zero",
    "span*": "span",
    "equil on": "ignored",
    "equil off": "water",
    "air on": "ignored",
    "air off": "air",
    UNKNOWN_STATE: "ignored",
}
_RUNS = RUNS | {f"{mode} *": "ignored" for mode in OTHER_MODES}
_BATTERIES = ("logic battery", "transmitter battery")
_COEFFICIENTS = ("zero coefficient", "span coefficient", "span2 coefficient")
_MET = (
    *("SST", "SST sd", "conductivity", "conductivity sd", "salinity", "salinity sd"),
    *("wind east", "wind east sd", "wind north", "wind north sd"),
    *("compass", "vane", "wind"),
)
_FLAGS = re.compile(r"[0-9A-Fa-f]{4}")
_ALL_NINES = re.compile(r"[+-]?9+\.?9*")
#: Number of fields of an SBE16 block to the position of salinity.
_SBE16_SALINITY = {34: 28, 36: 28, 44: 38, 46: 38}
_SBE16 = ("SBE16 temp", "SBE16 temp sd", "SBE16 cond", "SBE16 cond sd")
_START = ["%Y/%m/%d %H:%M:%S"]
_FIXED = ["%m/%d/%Y %H:%M:%S"]
_LONGEST_CYCLE = 180.0  # minutes, length of a cycle
_CLOCK_LIMIT = HOUR


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Start of the run plus the minute of the reading."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    starts = parse(rows.texts("run start"), _START)
    minutes = rows.numbers("minute")[0]
    minutes = np.where((minutes >= 0) & (minutes < _LONGEST_CYCLE), minutes, np.nan)
    times = starts + milliseconds(minutes * 60e3) + clock_offset(definition)
    described, columns = "the head of the frame", ["run start", "minute"]
    return check_times(times, where, described, columns, rows), []


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        return text_columns(definition.time), number_columns(definition.time)
    return ["run start", "minute", "fix date", "fix time"], []


def _clocks(rows: Cells, times: np.ndarray) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Time of the satellite fix, one per cycle."""
    texts = join_texts([rows.texts("fix date"), rows.texts("fix time")])
    return {"fix": parse_each(texts, _FIXED)}


def _sniff(head: bytes) -> bool:
    lines = split_lines(head.decode("latin-1"))
    heads = [line.split()[0] for line in lines if line.strip() and is_head(line)]
    return any(mode in MEASURING for mode in heads)


def drafted_columns() -> dict[str, tuple[VariableSource, ...]]:
    """Columns of the readings, of the diagnostics and of what the system computed."""
    units = {
        ("cycle", "cycle"): "1",
        ("SST", "water temp"): "degree_Celsius",
        ("salinity", "water sal"): "1",
        ("xCO2_std", "xCO2 sd"): "umol mol-1",
        ("P_analyser", "licor press"): "kPa",
        ("T_analyser", "licor temp"): "degree_Celsius",
        ("RH", "RH"): "percent",
        ("T_RH", "RH temp"): "degree_Celsius",
        ("oxygen_percent", "O2"): "percent",
        ("signal_detector", "raw 1"): "1",
        ("signal_reference", "raw 2"): "1",
        ("zero_coefficient", "zero coefficient"): "1",
        ("span_coefficient", "span coefficient"): "1",
        ("span2_coefficient", "span2 coefficient"): "1",
        ("zero_status", "zero status"): "1",
        ("span_status", "span status"): "1",
        ("xCO2_water_SST_dry_delivered", "SW_xCO2(dry)"): "umol mol-1",
        ("xCO2_atm_dry_actual_delivered", "Atm_xCO2(dry)"): "umol mol-1",
    }
    humid = VariableSource(column="xCO2", units="umol mol-1", dry=False)
    return {"xCO2": (humid,)} | drafted_sources(units)


def draft_tables(_raw: RawFile) -> tuple[list[str], list[str]]:
    """Name the model of the calibration, which every system of this kind has."""
    return ["\n[calibration]", 'model = "mapco2"'], []


@reader(
    "mapco2",
    description="raw transmissions (Iridium frames) of PMEL MAPCO2 moored systems",
    proven=True,
    cite="Sutton et al. 2014, doi:10.5194/essd-6-353-2014",
    times=_times,
    time_columns=_time_columns,
    run_columns=("state",),
    runs=_RUNS,
    position={name: VariableSource(column=name) for name in ("latitude", "longitude")},
    clocks=_clocks,
    options=("offset_seconds",),
    sniff=_sniff,
    drafted=drafted_columns(),
    draft_tables=draft_tables,
)
def read_mapco2(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one file of frames into readings."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    log = Log()
    for number, line in enumerate(split_lines(text), 1):
        if line.strip():
            log.read_line(number, line)
    if not log.frames or not any(frame.mode for frame in log.frames):
        raise ReadError(
            f"{raw.name}: contains no MAPCO2 frame (a line that begins with NORM or"
            f" FAST); it starts {text.strip()[:60]!r}"
        )
    if not text.endswith(("\n", "\r")):
        _drop_cut_number(log.frames)
    assign_states(log.frames)
    incomplete = drop_incomplete_systems(log.frames)
    table = _table(log.frames, required)
    table.notes = notes
    table.warnings = _frame_warnings(log, raw.name)
    if incomplete:
        table.warnings.append(
            f"{raw.name}: in the frame of {format_lines(incomplete)} the line of the"
            " system has another number of fields than in others: not used"
        )
    return table


def _drop_cut_number(frames: list[Frame]) -> None:
    """Drop the last number of a file that ends in the middle of a line."""
    last = frames[-1]
    readings = [r for frame in frames for r in frame.readings if not r.short]
    if last.dry_values:
        lengths = [len(v) for frame in frames for v in frame.dry_values.values()]
        key = list(last.dry_values)[-1]
        if len(last.dry_values[key]) < max(lengths) or len(lengths) == 1:
            del last.dry_values[key]
    elif last.readings and readings and last.readings[-1] is readings[-1]:
        end = readings[-1]
        if len(readings) == 1 or len(end.fields[-1]) < len(readings[-2].fields[-1]):
            end.fields, end.short = [end.fields[0], *[""] * (len(READING) - 1)], True


def _table(frames: list[Frame], required: RequiredColumns) -> RawTable:
    pairs = [(frame, reading) for frame in frames for reading in frame.readings]
    frame_values = {frame.line: _frame_values(frame) for frame in frames}
    names = [*READING, "state", *_FRAME_COLUMNS, *_COMPUTED_COLUMNS]
    cells: dict[int, np.ndarray] = {}
    for column in required.positions_in(names):
        name = names[column]
        if column < len(READING):
            texts = [reading.fields[column] for _, reading in pairs]
        elif name == "state":
            texts = [_state_label(frame, reading) for frame, reading in pairs]
        elif name in _COMPUTED_COLUMNS:
            texts = [
                _computed_by_system(f, r, *_COMPUTED_COLUMNS[name]) for f, r in pairs
            ]
        else:
            texts = [frame_values[frame.line][name] for frame, _ in pairs]
        cells[column] = np.array(texts, dtype=object)
    lines = np.array([reading.line for _, reading in pairs], dtype=np.int32)
    short = np.array([reading.short for _, reading in pairs], dtype=bool)
    content = [
        "\t".join((f.start, f.name, f.serial, r.state, *r.fields)) for f, r in pairs
    ]
    return RawTable(names, cells, lines, short, hash_lines(content))


_COMPUTED_COLUMNS = {
    "SW_xCO2(dry)": ("sw", "equil off"),
    "Atm_xCO2(dry)": ("atm", "air off"),
}
_FRAME_COLUMNS = (
    *("mode", "system", "serial", "firmware", "run start", "cycle"),
    *("latitude", "longitude", "fix date", "fix time", "fix seconds"),
    *(*_BATTERIES, *_COEFFICIENTS, "flags", "span status", "zero status", *_MET),
    *(*_SBE16, "SBE16 sal", "SBE16 sal sd", "water temp", "water sal"),
)


def _state_label(frame: Frame, reading: Reading) -> str:
    if frame.mode in OTHER_MODES:
        return f"{frame.mode} {reading.state}"
    return reading.state


def _computed_by_system(frame: Frame, reading: Reading, which: str, state: str) -> str:
    """Value computed by the system, only in the row that it belongs to."""
    return frame.dry_values.get(which, "") if reading.state == state else ""


def _frame_values(frame: Frame) -> dict[str, str]:
    """Values given once per frame, by column."""
    out = dict.fromkeys(_FRAME_COLUMNS, "")
    out |= {"mode": frame.mode, "system": frame.name, "serial": frame.serial}
    out |= {"firmware": frame.firmware, "run start": frame.start}
    out["cycle"] = re.sub(r"\D", "", frame.start)
    out |= {
        "fix date": frame.fix.get("date", ""),
        "fix time": frame.fix.get("time", ""),
    }
    out["fix seconds"] = frame.fix.get("seconds", "")
    out |= (
        _frame_position(frame)
        | _system_values(frame.system)
        | _sbe16_values(frame.sbe16)
    )
    out["water temp"] = out["SST"] or out["SBE16 temp"]
    out["water sal"] = out["salinity"] or out["SBE16 sal"]
    return out


def _has_fix(frame: Frame) -> bool:
    """Whether there is a position; zeros are printed without a fix."""
    date, lat, lon = (frame.fix.get(k, "") for k in ("date", "lat", "lon"))
    nowhere = not lat.strip("0.") and not lon.strip("0.")
    return bool(lat) and not nowhere and bool(date.strip("0/"))


def _frame_position(frame: Frame) -> dict[str, str]:
    if not _has_fix(frame):
        return {}
    source = VariableSource(column="fix", format="ddmm.mmmm")
    out = {}
    for name, key, letter in (("latitude", "lat", "ns"), ("longitude", "lon", "ew")):
        cell = np.array([f"{frame.fix[key]}{frame.fix[letter]}"], dtype=object)
        degrees, invalid = to_degrees(name, cell, source)
        # An invalid position is kept as text, so that the row is reported.
        out[name] = cell[0] if invalid[0] else repr(float(degrees[0]))
    return out


def _system_values(fields: list[str]) -> dict[str, str]:
    """Fields of the system line."""
    flags_position = _flags_position(fields)
    out = dict(
        zip((*_BATTERIES, *_COEFFICIENTS), fields[: flags_position or 4], strict=False)
    )
    if not flags_position:
        return out
    out["flags"] = fields[flags_position]
    out["span status"] = str(int(fields[flags_position][:2], 16))
    out["zero status"] = str(int(fields[flags_position][2:], 16))
    met = dict(zip(_MET, fields[flags_position + 1 :], strict=False))
    water = [met.get(name, "") for name in ("SST", "conductivity", "salinity")]
    if not any(text.strip("+-0.") for text in water):  # no such sensor
        met |= dict.fromkeys(_MET[:6], "")
    return out | met


def _sbe16_values(fields: list[str]) -> dict[str, str]:
    position = _SBE16_SALINITY.get(len(fields))
    if position is None:
        return {}
    values = [*fields[:4], *fields[position : position + 2]]
    names = (*_SBE16, "SBE16 sal", "SBE16 sal sd")
    return dict(zip(names, (_drop_nines(t) for t in values), strict=True))


def _drop_nines(text: str) -> str:
    return "" if _ALL_NINES.fullmatch(text) and text.count("9") >= 4 else text


def _frame_warnings(log: Log, file: str) -> list[str]:
    messages = []
    if log.unread:
        messages.append(f"{file}: skipped {format_lines(log.unread)}: not recognised")
    empty = [f.line for f in log.frames if not f.readings]
    if empty:
        messages.append(f"{file}: no reading in the frame of {format_lines(empty)}")
    known_modes = (*MEASURING, *OTHER_MODES, "")
    unknown = [f.line for f in log.frames if f.mode not in known_modes]
    if unknown:
        messages.append(
            f"{file}: {format_lines(unknown)}: unknown mode, treated as NORM"
        )
    lost = [r.line for f in log.frames for r in f.readings if r.state == UNKNOWN_STATE]
    if lost:
        messages.append(
            f"{file}: {format_lines(lost)}: state of the reading unknown,"
            " because lines of its frame are lost: not used"
        )
    return messages + _clock_warnings(log.frames, file)


def _clock_warnings(frames: list[Frame], file: str) -> list[str]:
    """Warn if run start and satellite fix differ by hours: a clock was reset."""
    with_times = [f for f in frames if f.start and _has_fix(f)]
    if not with_times:
        return []
    starts = parse_each(np.array([f.start for f in with_times], dtype=object), _START)
    fixes = [f"{f.fix['date']} {f.fix['time']}" for f in with_times]
    fixed = parse_each(np.array(fixes, dtype=object), _FIXED)
    difference = np.abs(fixed - starts)
    large = np.flatnonzero(difference > _CLOCK_LIMIT)
    if not large.size:
        return []
    hours = (fixed - starts)[large[0]] / HOUR
    lines = format_lines([with_times[i].line for i in large])
    return [
        f"{file}: {lines}: the satellite fix is {hours:.1f} h from the start of the"
        " run (which is used): one of the clocks is wrong"
    ]
