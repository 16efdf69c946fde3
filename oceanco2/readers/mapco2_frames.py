"""Frames of a MAPCO2 system: which line is what, and which state a reading is of."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

#: The states of a cycle; the position of a line says which it is of.
STATES = (
    *("zero on", "zero off", "zero postcal", "span on", "span off", "span postcal"),
    *("equil on", "equil off", "air on", "air off"),
)
#: Of a reading whose frame has lost lines, so that nobody knows its state.
UNPLACED = "unplaced"
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
    state: str = UNPLACED
    short: bool = False


@dataclass(slots=True)
class Frame:
    """One cycle of a system, with what else was sent for it."""

    line: int
    mode: str = ""
    start: str = ""
    name: str = ""
    serial: str = ""
    firmware: str = ""
    fix: dict[str, str] = field(default_factory=dict)
    system: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    dry: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    sbe16: list[str] = field(default_factory=list)


def is_head(text: str) -> bool:
    """Tell whether a line begins a frame."""
    return bool(_WORD.match(text) or _HEAD.match(text))


@dataclass(slots=True)
class Log:
    """The frames of a file, taken line by line."""

    frames: list[Frame] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    block: str = ""
    inside: list[str] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """Take one line."""
        text, fields = line.strip(), line.split()
        if is_head(text):
            self.block = ""
            self.frames.append(_head(number, text))
        elif _is_reading(fields):
            self.block = ""
            self._frame(number).readings.append(Reading(number, fields))
        elif self.block:
            self._inside(text, fields)
        elif _BLOCK.match(text):
            self.block, self.inside = text.split()[0].lower(), []
        elif not self._of_the_frame(number, text, fields):
            self.unread.append(number)

    def _frame(self, number: int) -> Frame:
        """Return the open frame; readings without any get one without a time."""
        if not self.frames:
            self.frames.append(Frame(number))
        return self.frames[-1]

    def _inside(self, text: str, fields: list[str]) -> None:
        if not _END.match(text):
            self.inside += fields
            return
        if self.block == "sbe16" and self.frames:
            self.frames[-1].sbe16 = self.inside
        self.block = ""

    def _of_the_frame(self, number: int, text: str, fields: list[str]) -> bool:
        """Take a line of head, end or short reading; False if it is nothing known."""
        found = _FIX.match(text)
        if found:
            # A second fix: the head of another frame is lost, and its time with it.
            if not self.frames or self.frames[-1].fix or self.frames[-1].readings:
                self.frames.append(Frame(number))
            self.frames[-1].fix = {k: v or "" for k, v in found.groupdict().items()}
            return True
        return bool(self.frames) and _took(self.frames[-1], number, text, fields)


def _took(frame: Frame, number: int, text: str, fields: list[str]) -> bool:
    dry = _DRY.findall(text)
    fresh = not frame.readings and not frame.system
    if dry:
        frame.dry |= {which.lower(): value for which, value in dry}
        frame.closed = True
    elif fresh and not frame.fix and _DATED.match(text):
        frame.fix = {"date": fields[0], "time": fields[1]}  # without a position
    elif fresh and len(fields) >= 4 and "." in fields[0] and _numeric(fields) >= 4:
        frame.system = fields
    elif not frame.closed and _is_short(fields):
        lost = [fields[0], *[""] * (len(READING) - 1)]
        frame.readings.append(Reading(number, lost, short=True))
    else:
        return False
    return True


def _numeric(fields: list[str]) -> int:
    return sum(1 for text in fields if _NUMBER.fullmatch(text))


def _is_reading(fields: list[str]) -> bool:
    if len(fields) != len(READING) or "." in fields[0]:
        return False
    return _numeric(fields) >= 12


def _is_short(fields: list[str]) -> bool:
    """Tell a reading that lost some fields from other lines: minute, temperature."""
    if len(fields) < 2 or not fields[0].isdecimal() or len(fields[0]) > 3:
        return False
    return "." in fields[1] and _numeric(fields) >= 0.7 * len(fields)


def _head(number: int, text: str) -> Frame:
    found = _HEAD.match(text)
    if not found:
        return Frame(number, mode=text.split(maxsplit=1)[0])
    frame = Frame(number, mode=found["mode"].upper())
    frame.start = f"{found['date']} {found['time']}"
    rest = _REST.fullmatch(found["rest"])
    if rest:
        frame.name, frame.serial = rest["name"], rest["serial"]
        frame.firmware = rest["firmware"] or ""
    return frame


def place(frames: list[Frame]) -> None:
    """Say which state each reading is of; the position of its line decides."""
    for frame in frames:
        _once(frame)
    whole = [f for f in frames if len(f.readings) == len(STATES)]
    rhythms = Counter(tuple(r.fields[0] for r in f.readings) for f in whole)
    rhythm = rhythms.most_common(1)[0][0] if rhythms else None
    for frame in frames:
        for reading, state in zip(frame.readings, _states(frame, rhythm), strict=True):
            reading.state = state


def _once(frame: Frame) -> None:
    """Drop readings that stand in the frame twice."""
    if len(frame.readings) <= len(STATES):
        return
    seen: set[tuple[str, ...]] = set()
    kept = []
    for reading in frame.readings:
        key = tuple(reading.fields)
        if key not in seen or reading.short:
            kept.append(reading)
        seen.add(key)
    frame.readings = kept


def _states(frame: Frame, rhythm: tuple[str, ...] | None) -> list[str]:
    count = len(frame.readings)
    if count >= len(STATES):
        more = count - len(STATES)
        return [*STATES, *[UNPLACED] * more]
    first = list(STATES[:count])
    early = not frame.closed
    if rhythm is None:
        return first if early else [UNPLACED] * count
    minutes = [r.fields[0] for r in frame.readings]
    if early and minutes == list(rhythm[:count]):
        return first
    fits = [
        chosen
        for chosen in combinations(range(len(STATES)), count)
        if all(rhythm[p] == m for p, m in zip(chosen, minutes, strict=True))
    ]
    if not fits:
        return first if early else [UNPLACED] * count
    places = [set(options) for options in zip(*fits, strict=True)]
    return [STATES[p.pop()] if len(p) == 1 else UNPLACED for p in places]
