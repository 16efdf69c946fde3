"""One piece of a file to rows; what is no row is told."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from oceanco2.dashboard.expocode import check_expocode
from oceanco2.errors import OceanCO2Error
from oceanco2.socat_format import Text
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis import _parsing
from oceanco2.synthesis.bytesource import Piece
from oceanco2.synthesis.layout import CLOCK, STAMP, Layout
from oceanco2.synthesis.problems import KINDS, Problem
from oceanco2.synthesis.rows import NANOSECONDS, Rows, decoded
from oceanco2.synthesis.stored import StoredPiece

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_NOTHING = {"", "nan", "na", "n/a", "null", *("-" * n for n in range(1, 6))}
#: Numbers that stand for nothing in files of other people.
_CODES = (
    *(-999.0, -999.9, -999.99, -999.999),
    *(-9999.0, -9999.9, -9999.99, -99999.0, -99999.9),
)
#: Letters of a cell in a message.
_SHORT = 40


@dataclass
class Parsed:
    """What a piece holds."""

    rows: Rows
    lines: int
    blank: int
    problems: list[Problem]


@lru_cache(maxsize=65536)
def is_expocode(word: str) -> bool:
    """Return whether a word can be an expocode.

    Examples
    --------
    >>> is_expocode("33AT20120417"), is_expocode("33AT20121317")
    (True, False)
    """
    try:
        check_expocode(word)
    except OceanCO2Error:
        return False
    return True


def parse_piece(piece: Piece | StoredPiece, layout: Layout) -> Parsed:
    """Parse the lines of a piece."""
    if isinstance(piece, StoredPiece):
        rows = piece.rows(layout)
        return Parsed(rows, rows.size, 0, [])
    text, bounds = piece.text, (piece.start, piece.end)
    count = int(np.count_nonzero(text[piece.start : piece.end] == _parsing.NEWLINE))
    wide = len(layout.words)
    numbers = np.empty((len(layout.numbers), count))
    times = np.empty(count, np.int64)
    codes = np.empty((wide, count), np.int32)
    words = np.empty((wide, count, 2), np.int64)
    counts = np.zeros(wide, np.int64)
    tables = np.full((wide, 1 << (2 * count).bit_length()), -1, np.int32)
    starts = np.empty(count + 1, np.int64)
    state = np.empty(count, np.uint8)
    separator = ord(layout.file.separator)
    into = (numbers, times, codes, words, counts, tables, starts, state)
    _parsing.parse(text, bounds, separator, layout.plan, into)
    _without_codes(layout, numbers)
    spans = np.stack([starts[:-1], starts[1:]], axis=1)
    texts = {
        name: Text(codes[i], _words(text, words[i, : counts[i]]))
        for i, name in enumerate(layout.words)
    }
    time = times.view(NANOSECONDS) if layout.timed else None
    by_name = dict(zip(layout.numbers, numbers, strict=True))
    for name, fixed in layout.fixed.items():
        texts[name] = Text(np.zeros(count, np.int32), [fixed.encode()])
    name = layout.file.name
    rows = Rows(by_name, texts, time, np.arange(count), text, spans, name)
    problems = _Doubts(layout, rows, state, piece.cut).told()
    blank = int(np.count_nonzero(state == _parsing.BLANK))
    return Parsed(rows.take(state == _parsing.FINE), count, blank, problems)


def _words(text: Array, places: Array) -> list[bytes]:
    return [text[at : at + length].tobytes() for at, length in places]


def _without_codes(layout: Layout, numbers: Array) -> None:
    for name, values in zip(layout.numbers, numbers, strict=True):
        # A sea floor above the sea is no missing value.
        low = values <= -999.0
        if low.any() and name != "ETOPO2_depth":
            values[low & np.isin(values, _CODES)] = np.nan


class _Doubts:
    """Look once more at each line that is not as usual."""

    def __init__(self, layout: Layout, rows: Rows, state: Array, cut: bool) -> None:
        self.layout, self.rows, self.state, self.cut = layout, rows, state, cut
        self.problems: list[Problem] = []

    def told(self) -> list[Problem]:
        self._look_at_expocodes()
        self._look_at_encoding()
        doubtful = (self.state != _parsing.FINE) & (self.state != _parsing.BLANK)
        for i in np.flatnonzero(doubtful).tolist():
            self._look(i)
        if self.cut and self.state.size and self.state[-1] == _parsing.FINE:
            self._look_at_the_end()
        self.problems.sort(key=lambda problem: problem.line)
        return self.problems

    def _line(self, i: int) -> bytes:
        start, end = self.rows.spans[i]
        line = self.rows.text[start:end].tobytes()
        return line.removesuffix(b"\n").removesuffix(b"\r")

    def _tell(self, i: int, kind: str, text: str = "", aside: bool = True) -> None:
        row, name = decoded(self._line(i)), self.layout.file.name
        told = f"{KINDS[kind]}: {text}" if text else KINDS[kind]
        self.problems.append(Problem(name, i, kind, told, row, aside))
        if aside:
            self.state[i] = 255

    def _look(self, i: int) -> None:
        line = self._line(i)
        cells = [decoded(cell) for cell in line.split(self._separator())]
        header = self.layout.file.header
        state, last = self.state[i], self.cut and i == self.state.size - 1
        if tuple(cells) == header or (len(cells) > 2 and _is_header(cells, header)):
            same = tuple(cells) == header
            text = "" if same else "its columns are others, those of the first hold"
            self._tell(i, "header", text)
        elif state == _parsing.WRONG_COUNT:
            kind = "truncated" if last and len(cells) < len(header) else "fields"
            self._tell(i, kind, f"{len(cells)} instead of {len(header)}")
        elif state == _parsing.WRONG_TIME:
            self._tell(i, "time", self._clock(cells))
        elif state == _parsing.UNUSUAL:
            self._convert(i, cells, last)

    def _separator(self) -> bytes:
        return self.layout.file.separator.encode()

    def _clock(self, cells: list[str]) -> str:
        fields = self.layout.fields
        if CLOCK[0] in fields:
            told = [f"{n} {cells[fields[n]]}" for n in CLOCK if n in fields]
            return ", ".join(told)
        return cells[fields[STAMP]]

    def _convert(self, i: int, cells: list[str], last: bool) -> None:
        """Let Python convert a row that is printed in another way."""
        plan, clock = self.layout.plan, np.zeros(6)
        for field, cell in enumerate(cells):
            number, _, part = plan[field]
            if part == _parsing.STAMP:
                self._tell(i, "truncated" if last else "time", _short(cell))
                return
            if number < 0 and part < 0:
                continue
            value = _value(cell)
            if value is None:
                name = self.layout.file.header[field]
                kind = "truncated" if last else "number"
                self._tell(i, kind, f"{name} is {_short(cell)}")
                return
            if number >= 0:
                self.rows.numbers[self.layout.numbers[number]][i] = value
            if part >= 0:
                clock[part] = value
        self.state[i] = _parsing.FINE
        if self.rows.time is not None:
            moment = _parsing.time_of(clock)
            self.rows.time.view(np.int64)[i] = moment
            if moment == _parsing.NONE:
                self._tell(i, "time", self._clock(cells))

    def _look_at_the_end(self) -> None:
        i = self.state.size - 1
        if self._line(i).endswith(self._separator()):
            self._tell(i, "truncated", "its last cell is empty")
        else:
            self._tell(i, "end", aside=False)

    def _look_at_expocodes(self) -> None:
        text = self.rows.words.get("Expocode")
        if text is None or "Expocode" in self.layout.fixed:
            return
        bad = [not is_expocode(decoded(word)) for word in text.words]
        if any(bad):
            hit = np.array(bad)[text.codes] & (self.state == _parsing.FINE)
            for i in np.flatnonzero(hit).tolist():
                word = decoded(text.words[text.codes[i]])
                self._tell(i, "expocode", _short(word))

    def _look_at_encoding(self) -> None:
        if self.layout.file.encoding != "utf-8":
            return
        for text in self.rows.words.values():
            bad = [not _is_utf8(word) for word in text.words]
            if any(bad):
                hit = np.array(bad)[text.codes] & (self.state == _parsing.FINE)
                for i in np.flatnonzero(hit).tolist():
                    told = "not UTF-8, read as ISO-8859-1"
                    self._tell(i, "encoding", told, aside=False)


def _short(cell: str) -> str:
    """Return a cell in quotes, as much of it as goes into a line."""
    text = repr(cell)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 4]}...{text[-1]}"


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_header(cells: list[str], header: tuple[str, ...]) -> bool:
    same = sum(cell in header for cell in cells)
    return 2 * same > len(cells)


def _value(cell: str) -> float | None:
    """Convert a cell that is printed in an unusual way; None if it is no number."""
    if cell.lower() in _NOTHING:
        return np.nan
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return np.nan if value in _CODES else value
