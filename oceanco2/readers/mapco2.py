"""PMEL MAPCO2: the frames that a moored system sends by Iridium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, Wanted, table_of
from oceanco2.readers.text import decode, split_lines
from oceanco2.readers.times import Cells, on_the_axis

_HEAD = re.compile(
    r"\s*(?:NORM|FAST)\s+\S+\s+\S+\s+(\d{4})/(\d\d)/(\d\d)\s+(\d\d):(\d\d):(\d\d)"
)
_GPS = re.compile(
    r"\s*\d\d/\d\d/\d{4}\s+\d\d:\d\d:\d\d"
    r"\s+(\d{1,2})(\d\d\.\d+)\s+([NS])\s+(\d{1,3})(\d\d\.\d+)\s+([EW])\b"
)
_RESULT = re.compile(
    r"\s*SW_xCO2\(dry\)\s*([-+\d.]+)(?:\s+Atm_xCO2\(dry\)\s*([-+\d.]+))?"
)
_HEX = re.compile(r"[0-9A-Fa-f]{4}\Z")
#: In the order of the lines: the number at their beginning is a minute.
STATES = (
    *("zero on", "zero off", "zero postcal", "span on", "span off", "span postcal"),
    *("equil on", "equil off", "air on", "air off"),
)
_FIELDS = (
    *("Licor temp", "Licor temp sd", "Licor press", "Licor press sd"),
    *("xCO2", "xCO2 sd", "O2", "O2 sd", "RH", "RH sd", "RH temp", "RH temp sd"),
    *("raw 1", "raw 1 sd", "raw 2", "raw 2 sd"),
)
_BLOCKS = {"SEAFET DATA": "END SEAFET DATA", "PH": "END PH", "SBE16 DATA": "END SBE16"}
_RUNS = {
    "equil off": "water",
    "air off": "air",
    "zero *": "zero",
    "span *": "span",
    "equil on": "ignored",
    "air on": "ignored",
    "unknown": "ignored",
}
#: Columns of the whole cycle, repeated on each of its rows.
_CYCLE = (
    *("latitude", "longitude", "zero coefficient", "span coefficient"),
    *("span RH", "zero residual", "span reading", "flags"),
    *("SBE16 temperature", "SBE16 conductivity", "SBE16 salinity"),
)


_COMPUTED = {"SW dry": "equil off", "Atm dry": "air off"}
#: The pressure that counts: with the pump off it is that of the air.
_SAMPLE = "sample press"
_SAMPLES = ("equil off", "air off")


@dataclass(slots=True)
class Frame:
    """One cycle.

    Attributes
    ----------
    start : numpy.datetime64
        Run start.
    lines : list of tuple
        Line number, minute and 16 numbers of each data line.
    values : dict of str to float
        What holds for the whole cycle.
    whole : bool
        Whether its last line came.
    """

    start: np.datetime64
    lines: list[tuple[int, float, list[float]]] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)
    whole: bool = False

    def states(self) -> list[str]:
        """Name the states of its data lines by their position.

        Returns
        -------
        list of str
            ``"unknown"`` where lines of a whole frame were lost on the way.
        """
        known = len(self.lines) == len(STATES) or not self.whole
        known &= len(self.lines) <= len(STATES)
        return (
            list(STATES[: len(self.lines)]) if known else ["unknown"] * len(self.lines)
        )


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    offset = definition.time.offset_seconds if definition.time else 0.0
    seconds, _ = rows.numbers("seconds")
    fine = np.isfinite(seconds)
    times = np.full(seconds.shape, np.datetime64("NaT", "ms"))
    whole = np.rint((seconds[fine] + offset) * 1e3).astype("int64")
    times[fine] = np.datetime64(0, "ms") + whole.astype("timedelta64[ms]")
    return on_the_axis(times, where, "the frame heads", ["seconds"], rows), []


def _looks(head: bytes) -> bool:
    return re.search(rb"^\s*(NORM|FAST) \d{5} \d{5} \d{4}/", head, re.M) is not None


@reader(
    "mapco2",
    description="PMEL MAPCO2: raw frames as sent by Iridium",
    proven=True,
    cite="Sutton et al. (2014), doi:10.5194/essd-6-353-2014",
    times=_times,
    time_columns=lambda _: ([], ["seconds"]),
    run_columns=("state",),
    runs=_RUNS,
    position={"latitude": "latitude", "longitude": "longitude"},
    sniff=_looks,
)
def read_mapco2(definition: FileDefinition, raw: RawFile, _wanted: Wanted) -> RawTable:
    """Cut the frames of one file into rows, one a data line.

    Parameters
    ----------
    definition : FileDefinition
        Encoding; the layout is known.
    raw : RawFile
        The raw file.
    _wanted : Wanted
        Not needed: frames are short.

    Returns
    -------
    RawTable
        State, readings (pressure in kPa), position, and for the whole cycle the
        coefficients, the humidity of the span gas (``span RH``), the residuals of
        the calibration and ``flags`` (2 good, 3 if a Licor bit is set, 4 if zero or
        span failed). ``SW dry`` and ``Atm dry`` are what the system computed,
        ``sample press`` is the pressure of water and air rows alone.

    Raises
    ------
    ReadError
        If there is no frame.
    """
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    doubts: list[str] = []
    frames = list(_frames(lines, raw.name, doubts))
    if not frames:
        raise ReadError(f"{raw.name}: no frame: no line begins with NORM or FAST")
    table = _table(frames)
    table.notes = notes
    lost = [f for f in frames if f.whole and len(f.lines) != len(STATES)]
    doubts += [
        f"{raw.name}: the frame of {frame.start} has {len(frame.lines)} data lines,"
        f" not {len(STATES)}: its states are unknown, not used"
        for frame in lost
    ]
    table.doubts = doubts
    return table


def _frames(lines: list[str], file: str, doubts: list[str]) -> Iterator[Frame]:
    frame: Frame | None = None
    block: str | None = None
    inside: list[str] = []
    for number, line in enumerate(lines, 1):
        head = _HEAD.match(line)
        if head:
            if frame is not None:
                yield frame
            frame, block = _begun(head, f"{file}: line {number}", doubts), None
            continue
        word = line.strip().upper()
        if block is not None:
            if word == _BLOCKS[block]:
                _keep_block(frame, block, inside)
                block = None
            inside.append(line)
        elif word in _BLOCKS:
            block, inside = word, []
        elif frame is not None and word:
            _keep_line(frame, number, line)
    if frame is not None:
        yield frame


def _begun(head: re.Match[str], where: str, doubts: list[str]) -> Frame | None:
    year, month, day, hour, minute, second = head.groups()
    said = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    try:
        return Frame(np.datetime64(said, "s"))
    except ValueError:
        doubts.append(f"{where}: the run start {said} is no time: frame not used")
        return None


def _keep_line(frame: Frame, number: int, line: str) -> None:
    """Put a line of a frame where it belongs, by its shape."""
    gps, result = _GPS.match(line), _RESULT.match(line)
    parts = line.split()
    if gps:
        frame.values |= _position(gps)
    elif result:
        frame.whole = True
        for name, text in zip(_COMPUTED, result.groups(), strict=True):
            value = _number(text or "")
            frame.values[name] = float("nan") if value > 9000.0 else value
    elif len(parts) >= 17 and any(_HEX.match(p) for p in parts[4:6]):
        frame.values |= _system(parts)
    elif re.match(r"\d\d\Z", parts[0]) and len(parts) <= 17:
        numbers = [_number(part) for part in parts[1:]]
        numbers += [float("nan")] * (16 - len(numbers))
        frame.lines.append((number, float(parts[0]), numbers))


def _position(gps: re.Match[str]) -> dict[str, float]:
    d1, m1, north, d2, m2, east = gps.groups()
    latitude, longitude = float(d1) + float(m1) / 60.0, float(d2) + float(m2) / 60.0
    return {
        "latitude": -latitude if north == "S" else latitude,
        "longitude": -longitude if east == "W" else longitude,
    }


def _system(parts: list[str]) -> dict[str, float]:
    """Read coefficients and the two bytes of flags: span first, zero second."""
    place = 5 if _HEX.match(parts[5]) else 4  # older firmware has one span
    span, zero = int(parts[place][:2], 16), int(parts[place][2:], 16)
    flag = 2.0 if not span | zero else 4.0 if 255 in (span, zero) else 3.0
    return {
        "zero coefficient": _number(parts[2]),
        "span coefficient": _number(parts[3]),
        "flags": flag,
    }


def _keep_block(frame: Frame | None, block: str, inside: list[str]) -> None:
    """Take the CTD that follows a frame; the other blocks are other instruments."""
    if frame is None or block != "SBE16 DATA" or len(inside) < 3:
        return
    first, third = inside[0].split(), inside[2].split()
    found = {"SBE16 temperature": first[:1], "SBE16 conductivity": first[2:3]}
    found["SBE16 salinity"] = third[:1]
    for name, texts in found.items():
        value = _number(texts[0]) if texts else float("nan")
        # Missing is a run of nines.
        frame.values[name] = float("nan") if value > 99.9 else value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _table(frames: list[Frame]) -> RawTable:
    states: list[str] = []
    rows: list[list[float]] = []
    numbers: list[int] = []
    for frame in frames:
        named = frame.states()
        by_state = dict(zip(named, frame.lines, strict=True))
        whole = frame.values | _calibration(by_state)
        begin = float(frame.start.astype("int64"))
        before = -1.0
        for state, (number, minute, readings) in zip(named, frame.lines, strict=True):
            # Two lines of one minute: the second is later.
            later = 30.0 if minute == before else 0.0
            before = minute
            own = [begin + 60.0 * minute + later, *readings]
            own += [whole.get(name, float("nan")) for name in _CYCLE]
            for name, at in _COMPUTED.items():
                own.append(whole.get(name, np.nan) if state == at else np.nan)
            press = readings[_FIELDS.index("Licor press")]
            own.append(press if state in _SAMPLES else np.nan)
            states.append(state)
            rows.append(own)
            numbers.append(number)
    names = ("seconds", *_FIELDS, *_CYCLE, *_COMPUTED, _SAMPLE)
    cells = np.array(rows, dtype=float).reshape(-1, len(names))
    columns = {"state": np.array(states, dtype=object)}
    columns |= {name: cells[:, i].copy() for i, name in enumerate(names)}
    flags = ["" if np.isnan(v) else f"{v:.0f}" for v in columns["flags"]]
    columns["flags"] = np.array(flags, dtype=object)
    table = table_of(columns, np.array(numbers, dtype=np.int32))
    table.damaged = np.isnan(cells[:, 1 : 1 + len(_FIELDS)]).any(axis=1)
    return table


def _calibration(
    lines: dict[str, tuple[int, float, list[float]]],
) -> dict[str, float]:
    """Gather what the samples of a cycle need of its calibration."""
    x, humidity = _FIELDS.index("xCO2"), _FIELDS.index("RH")
    wanted = {
        "span RH": ("span off", humidity),
        "zero residual": ("zero postcal", x),
        "span reading": ("span postcal", x),
    }
    return {
        name: lines[state][2][place]
        for name, (state, place) in wanted.items()
        if state in lines
    }
