"""Frames of a MAPCO2 system: kinds of lines, and the state of each reading."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

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
    usual_minutes = patterns.most_common(1)[0][0] if patterns else None
    for frame in frames:
        for reading, state in zip(
            frame.readings, _states_of(frame, usual_minutes), strict=True
        ):
            reading.state = state


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


def _states_of(frame: Frame, usual_minutes: tuple[str, ...] | None) -> list[str]:
    count = len(frame.readings)
    if count >= len(STATES):
        more = count - len(STATES)
        return [*STATES, *[UNKNOWN_STATE] * more]
    first = list(STATES[:count])
    may_be_cut = not frame.closed
    if usual_minutes is None:
        return first if may_be_cut else [UNKNOWN_STATE] * count
    minutes = [r.fields[0] for r in frame.readings]
    if may_be_cut and minutes == list(usual_minutes[:count]):
        return first
    matches = [
        combination
        for combination in combinations(range(len(STATES)), count)
        if all(usual_minutes[p] == m for p, m in zip(combination, minutes, strict=True))
    ]
    if not matches:
        return first if may_be_cut else [UNKNOWN_STATE] * count
    candidates = [set(options) for options in zip(*matches, strict=True)]
    return [STATES[p.pop()] if len(p) == 1 else UNKNOWN_STATE for p in candidates]
