"""Raw transmissions of PMEL MAPCO2 systems: one frame a cycle, one row a reading."""

import re

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.clocks import milliseconds, parse, parse_each
from oceanco2.readers.entries import reader
from oceanco2.readers.mapco2_frames import (
    MEASURING,
    OTHER_MODES,
    READING,
    UNPLACED,
    Frame,
    Log,
    Reading,
    is_head,
    place,
)
from oceanco2.readers.positions import to_degrees
from oceanco2.readers.sources import RawFile
from oceanco2.readers.stamps import option_offset
from oceanco2.readers.table import RawTable, Wanted, hashes, say_lines
from oceanco2.readers.text import decode, split_lines
from oceanco2.readers.times import (
    Cells,
    joined_texts,
    number_columns,
    on_the_axis,
    read_times,
    text_columns,
)

#: What the states of a cycle are; MAPCO2 and ASVCO2 alike.
RUNS = {
    "zero*": "zero",
    "span*": "span",
    "equil on": "ignored",
    "equil off": "water",
    "air on": "ignored",
    "air off": "air",
    UNPLACED: "ignored",
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
_NINES = re.compile(r"[+-]?9+\.?9*")
#: Fields of an SBE16 block: how many there are to where salinity stands.
_SBE16_SALINITY = {34: 28, 36: 28, 44: 38, 46: 38}
_SBE16 = ("SBE16 temp", "SBE16 temp sd", "SBE16 cond", "SBE16 cond sd")
_START = ["%Y/%m/%d %H:%M:%S"]
_FIXED = ["%m/%d/%Y %H:%M:%S"]
_LONGEST = 180.0  # minutes; then the next cycle begins
_APART = np.timedelta64(1, "h")


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Start of the run plus the minute of the reading; the fix is no clock."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    starts = parse(rows.texts("run start"), _START)
    minutes = rows.numbers("minute")[0]
    minutes = np.where((minutes >= 0) & (minutes < _LONGEST), minutes, np.nan)
    times = starts + milliseconds(minutes * 60e3) + option_offset(definition)
    described, columns = "the head of the frame", ["run start", "minute"]
    return on_the_axis(times, where, described, columns, rows), []


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        return text_columns(definition.time), number_columns(definition.time)
    return ["run start", "minute", "fix date", "fix time"], []


def _clocks(rows: Cells, times: np.ndarray) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Keep the time of the satellite fix, which is one for the whole cycle."""
    texts = joined_texts([rows.texts("fix date"), rows.texts("fix time")])
    return {"fix": parse_each(texts, _FIXED)}


def _sniff(head: bytes) -> bool:
    lines = split_lines(head.decode("latin-1"))
    heads = [line.split()[0] for line in lines if line.strip() and is_head(line)]
    return any(mode in MEASURING for mode in heads)


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
)
def read_mapco2(definition: FileDefinition, raw: RawFile, wanted: Wanted) -> RawTable:
    """Cut one file of frames into readings."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    log = Log()
    for number, line in enumerate(split_lines(text), 1):
        if line.strip():
            log.take(number, line)
    if not log.frames or not any(frame.mode for frame in log.frames):
        raise ReadError(
            f"{raw.name}: holds no MAPCO2 frame (a line that begins with NORM or FAST)"
            f"; it starts {text.strip()[:60]!r}"
        )
    if not text.endswith(("\n", "\r")):
        _cut_off(log.frames)
    place(log.frames)
    table = _table(log.frames, wanted)
    table.notes = notes
    table.doubts = _doubts(log, raw.name)
    return table


def _cut_off(frames: list[Frame]) -> None:
    """Distrust the last number of a file that ends in the middle of a line."""
    last = frames[-1]
    readings = [r for frame in frames for r in frame.readings if not r.short]
    if last.dry:
        lengths = [len(v) for frame in frames for v in frame.dry.values()]
        key = list(last.dry)[-1]
        if len(last.dry[key]) < max(lengths) or len(lengths) == 1:
            del last.dry[key]
    elif last.readings and readings and last.readings[-1] is readings[-1]:
        end = readings[-1]
        if len(readings) == 1 or len(end.fields[-1]) < len(readings[-2].fields[-1]):
            end.fields, end.short = [end.fields[0], *[""] * (len(READING) - 1)], True


def _table(frames: list[Frame], wanted: Wanted) -> RawTable:
    pairs = [(frame, reading) for frame in frames for reading in frame.readings]
    facts = {frame.line: _facts(frame) for frame in frames}
    names = [*READING, "state", *_FACTS, *_PRINTED]
    cells: dict[int, np.ndarray] = {}
    for column in wanted.among(names):
        name = names[column]
        if column < len(READING):
            texts = [reading.fields[column] for _, reading in pairs]
        elif name == "state":
            texts = [_label(frame, reading) for frame, reading in pairs]
        elif name in _PRINTED:
            texts = [_printed(f, r, *_PRINTED[name]) for f, r in pairs]
        else:
            texts = [facts[frame.line][name] for frame, _ in pairs]
        cells[column] = np.array(texts, dtype=object)
    lines = np.array([reading.line for _, reading in pairs], dtype=np.int32)
    short = np.array([reading.short for _, reading in pairs], dtype=bool)
    content = [
        "\t".join((f.start, f.name, f.serial, r.state, *r.fields)) for f, r in pairs
    ]
    return RawTable(names, cells, lines, short, hashes(content))


_PRINTED = {"SW_xCO2(dry)": ("sw", "equil off"), "Atm_xCO2(dry)": ("atm", "air off")}
_FACTS = (
    *("mode", "system", "serial", "firmware", "run start", "cycle"),
    *("latitude", "longitude", "fix date", "fix time", "fix seconds"),
    *(*_BATTERIES, *_COEFFICIENTS, "flags", "span status", "zero status", *_MET),
    *(*_SBE16, "SBE16 sal", "SBE16 sal sd", "water temp", "water sal"),
)


def _label(frame: Frame, reading: Reading) -> str:
    if frame.mode in OTHER_MODES:
        return f"{frame.mode} {reading.state}"
    return reading.state


def _printed(frame: Frame, reading: Reading, which: str, state: str) -> str:
    """Text of what the system computed, in the row that it is of only."""
    return frame.dry.get(which, "") if reading.state == state else ""


def _facts(frame: Frame) -> dict[str, str]:
    """Give what is said once in a frame, by column."""
    out = dict.fromkeys(_FACTS, "")
    out |= {"mode": frame.mode, "system": frame.name, "serial": frame.serial}
    out |= {"firmware": frame.firmware, "run start": frame.start}
    out["cycle"] = re.sub(r"\D", "", frame.start)
    out |= {
        "fix date": frame.fix.get("date", ""),
        "fix time": frame.fix.get("time", ""),
    }
    out["fix seconds"] = frame.fix.get("seconds", "")
    out |= _position(frame) | _system(frame.system) | _sbe16(frame.sbe16)
    out["water temp"] = out["SST"] or out["SBE16 temp"]
    out["water sal"] = out["salinity"] or out["SBE16 sal"]
    return out


def _has_fix(frame: Frame) -> bool:
    """Tell a position from the zeros that stand where there was no fix."""
    date, lat, lon = (frame.fix.get(k, "") for k in ("date", "lat", "lon"))
    nowhere = not lat.strip("0.") and not lon.strip("0.")
    return bool(lat) and not nowhere and bool(date.strip("0/"))


def _position(frame: Frame) -> dict[str, str]:
    if not _has_fix(frame):
        return {}
    said = VariableSource(column="fix", format="ddmm.mmmm")
    out = {}
    for name, key, side in (("latitude", "lat", "ns"), ("longitude", "lon", "ew")):
        cell = np.array([f"{frame.fix[key]}{frame.fix[side]}"], dtype=object)
        degrees, odd = to_degrees(name, cell, said)
        # What is no position goes on as it is: the row then says so.
        out[name] = cell[0] if odd[0] else repr(float(degrees[0]))
    return out


def _system(fields: list[str]) -> dict[str, str]:
    """Name the fields of the system line; older firmware has no second span."""
    at = next((i for i in (4, 5) if len(fields) > i and _FLAGS.fullmatch(fields[i])), 0)
    out = dict(zip((*_BATTERIES, *_COEFFICIENTS), fields[: at or 4], strict=False))
    if not at:
        return out
    out["flags"] = fields[at]
    out["span status"] = str(int(fields[at][:2], 16))
    out["zero status"] = str(int(fields[at][2:], 16))
    met = dict(zip(_MET, fields[at + 1 :], strict=False))
    water = [met.get(name, "") for name in ("SST", "conductivity", "salinity")]
    if not any(text.strip("+-0.") for text in water):  # no such sensor
        met |= dict.fromkeys(_MET[:6], "")
    return out | met


def _sbe16(fields: list[str]) -> dict[str, str]:
    at = _SBE16_SALINITY.get(len(fields))
    if at is None:
        return {}
    said = [*fields[:4], *fields[at : at + 2]]
    names = (*_SBE16, "SBE16 sal", "SBE16 sal sd")
    return dict(zip(names, (_without_nines(t) for t in said), strict=True))


def _without_nines(text: str) -> str:
    return "" if _NINES.fullmatch(text) and text.count("9") >= 4 else text


def _doubts(log: Log, file: str) -> list[str]:
    said = []
    if log.unread:
        said.append(f"{file}: {say_lines(log.unread)} is nothing known: not read")
    empty = [f.line for f in log.frames if not f.readings]
    if empty:
        said.append(f"{file}: no reading in the frame of {say_lines(empty)}")
    known = (*MEASURING, *OTHER_MODES, "")
    odd = [f.line for f in log.frames if f.mode not in known]
    if odd:
        said.append(f"{file}: {say_lines(odd)}: the mode is not known, taken as NORM")
    lost = [r.line for f in log.frames for r in f.readings if r.state == UNPLACED]
    if lost:
        said.append(
            f"{file}: {say_lines(lost)}: the state of the reading is not known,"
            " lines of its frame are lost: not used"
        )
    return said + _clock_doubts(log.frames, file)


def _clock_doubts(frames: list[Frame], file: str) -> list[str]:
    """Warn where run start and satellites are hours apart: a clock was reset."""
    timed = [f for f in frames if f.start and _has_fix(f)]
    if not timed:
        return []
    starts = parse_each(np.array([f.start for f in timed], dtype=object), _START)
    fixes = [f"{f.fix['date']} {f.fix['time']}" for f in timed]
    fixed = parse_each(np.array(fixes, dtype=object), _FIXED)
    apart = np.abs(fixed - starts)
    odd = np.flatnonzero(apart > _APART)
    if not odd.size:
        return []
    hours = (fixed - starts)[odd[0]] / np.timedelta64(1, "h")
    lines = say_lines([timed[i].line for i in odd])
    return [
        f"{file}: {lines}: the satellite fix is {hours:.1f} h from the start of the"
        " run (which is used): one of the clocks is wrong"
    ]
