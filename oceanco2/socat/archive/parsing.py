"""Parse SOCAT files in chunks, by several threads; report lines that are not rows."""

import re
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from oceanco2.compiling import threads
from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.expocode import check_expocode
from oceanco2.socat.archive import _kernels
from oceanco2.socat.archive.layout import CLOCK, STAMP, Layout
from oceanco2.socat.archive.printing import Array, Text
from oceanco2.socat.archive.source import BLOCK, Piece
from oceanco2.socat.archive.store_reader import StoredPiece
from oceanco2.socat.archive.table import NANOSECONDS, ArchiveRows, decode_text

#: What can be wrong with a line.
KINDS = {
    "fields": "the number of cells differs from the header",
    "number": "a cell is not a number",
    "time": "invalid date or time",
    "expocode": "invalid expocode",
    "header": "repeated header",
    "truncated": "the file ends within the line",
    "encoding": "bytes that cannot be decoded in the encoding of the file",
    "column": "a column appears twice in the header",
    "end": "the last line has no line end",
}
#: Most problems in the attributes of a table, and in a report.
KEPT, LISTED = 1000, 100_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of one line; the line is skipped or kept."""

    file: str
    line: int
    kind: str
    text: str
    row: str = ""
    skipped: bool = True

    def __str__(self) -> str:
        """Return one line of text."""
        outcome = "skipped" if self.skipped else "kept"
        return f"{self.file}, line {self.line}: {self.text}; {outcome}"

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as a dict, for tables and JSON."""
        return {
            "file": self.file,
            "line": self.line,
            "kind": self.kind,
            "text": self.text,
            "set_aside": self.skipped,
            "row": self.row,
        }


@dataclass
class LineCounts:
    """Counts of lines below the headers: rows, empty and skipped lines, problems."""

    lines: int = 0
    rows: int = 0
    selected: int = 0
    empty: int = 0
    skipped: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    strict: bool = False

    def record(self, problems: Iterable[Problem]) -> None:
        """Count and list problems; raise ReadError at the first if strict."""
        for problem in problems:
            if self.strict and problem.kind != "end":
                raise ReadError(f"{problem} (strict)")
            self.kinds[problem.kind] += 1
            self.skipped += problem.skipped
            if len(self.problems) < LISTED:
                self.problems.append(problem)
            else:
                self.unlisted += 1

    def summary(self) -> str:
        """Return the counts as one line of text."""
        text = f"{self.lines} lines: {self.rows} rows read"
        if self.skipped:
            text += f", {self.skipped} skipped"
        if self.empty:
            text += f", {self.empty} empty"
        kinds = ", ".join(f"{n} x {KINDS[k]}" for k, n in sorted(self.kinds.items()))
        return f"{text} ({kinds})" if kinds else text


_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_MISSING_TEXTS = {"", "nan", "na", "n/a", "null", *("-" * n for n in range(1, 6))}
#: Numbers that mean "missing" in files of data providers.
_MISSING_CODES = (
    *(-999.0, -999.9, -999.99, -999.999),
    *(-9999.0, -9999.9, -9999.99, -99999.0, -99999.9),
)
#: State of a line that a check skips.
_SKIPPED = 255
#: Longest text of a cell in a message.
_LONGEST_CELL = 40


@dataclass
class Parsed:
    """Rows and problems of a chunk."""

    rows: ArchiveRows
    lines: int
    empty: int
    problems: list[Problem]


@lru_cache(maxsize=65536)
def is_expocode(label: str) -> bool:
    """Return whether a text is a valid expocode.

    Examples
    --------
    >>> is_expocode("33AT20120417"), is_expocode("33AT20121317")
    (True, False)
    """
    try:
        check_expocode(label)
    except OceanCO2Error:
        return False
    return True


def parse_piece(piece: Piece | StoredPiece, layout: Layout) -> Parsed:
    """Parse the lines of a piece."""
    if isinstance(piece, StoredPiece):
        rows = piece.rows(layout)
        return Parsed(rows, rows.size, 0, [])
    text, separator = piece.text, ord(layout.file.separator)
    count = int(np.count_nonzero(text[piece.start : piece.end] == _kernels.NEWLINE))
    arrays = _empty_arrays(layout, count)
    _kernels.parse(text, piece.start, piece.end, separator, layout.plan, arrays)
    _mask_missing_codes(layout, arrays.numbers)
    rows = _as_rows(layout, arrays, text, count)
    problems = _UnusualLines(layout, rows, arrays.state, piece.cut).check()
    empty = int(np.count_nonzero(arrays.state == _kernels.EMPTY))
    valid = rows.take(arrays.state == _kernels.VALID)
    return Parsed(valid, count, empty, problems)


def _empty_arrays(layout: Layout, count: int) -> _kernels.LineArrays:
    width = len(layout.labels)
    return _kernels.LineArrays(
        numbers=np.empty((len(layout.numbers), count)),
        times=np.empty(count, np.int64),
        codes=np.empty((width, count), np.int32),
        labels=np.empty((width, count, 2), np.int64),
        counts=np.zeros(width, np.int64),
        tables=np.full((width, 1 << (2 * count).bit_length()), -1, np.int32),
        starts=np.empty(count + 1, np.int64),
        state=np.empty(count, np.uint8),
    )


def _as_rows(
    layout: Layout, arrays: _kernels.LineArrays, text: Array, count: int
) -> ArchiveRows:
    texts = {
        name: Text(arrays.codes[i], _labels(text, arrays.labels[i, : arrays.counts[i]]))
        for i, name in enumerate(layout.labels)
    }
    for name, fixed in layout.fixed.items():
        texts[name] = Text(np.zeros(count, np.int32), [fixed.encode()])
    return ArchiveRows(
        numbers=dict(zip(layout.numbers, arrays.numbers, strict=True)),
        labels=texts,
        time=arrays.times.view(NANOSECONDS) if layout.timed else None,
        lines=np.arange(count),
        text=text,
        spans=np.stack([arrays.starts[:-1], arrays.starts[1:]], axis=1),
        file=layout.file.name,
    )


def _labels(text: Array, spans: Array) -> list[bytes]:
    return [text[at : at + length].tobytes() for at, length in spans]


def _mask_missing_codes(layout: Layout, numbers: Array) -> None:
    for name, values in zip(layout.numbers, numbers, strict=True):
        # A sea floor above sea level is not a missing value.
        low = values <= -999.0
        if low.any() and name != "ETOPO2_depth":
            values[low & np.isin(values, _MISSING_CODES)] = np.nan


class _UnusualLines:
    """Check each line that the compiled parser could not convert."""

    def __init__(
        self, layout: Layout, rows: ArchiveRows, state: Array, cut: bool
    ) -> None:
        self.layout, self.rows, self.state, self.cut = layout, rows, state, cut
        self.problems: list[Problem] = []

    def check(self) -> list[Problem]:
        """Return the problems in order of lines, and mark the lines to skip."""
        self._check_expocodes()
        self._check_encoding()
        converted = (self.state == _kernels.VALID) | (self.state == _kernels.EMPTY)
        for i in np.flatnonzero(~converted).tolist():
            self._check_line(i)
        if self.cut and self.state.size and self.state[-1] == _kernels.VALID:
            self._check_end()
        self.problems.sort(key=lambda problem: problem.line)
        return self.problems

    def _line(self, i: int) -> bytes:
        start, end = self.rows.spans[i]
        line = self.rows.text[start:end].tobytes()
        return line.removesuffix(b"\n").removesuffix(b"\r")

    def _record(self, i: int, kind: str, text: str = "", skipped: bool = True) -> None:
        row, name = decode_text(self._line(i)), self.layout.file.name
        message = f"{KINDS[kind]}: {text}" if text else KINDS[kind]
        self.problems.append(Problem(name, i, kind, message, row, skipped))
        if skipped:
            self.state[i] = _SKIPPED

    def _check_line(self, i: int) -> None:
        line = self._line(i)
        cells = [decode_text(cell) for cell in line.split(self._separator())]
        header = self.layout.file.header
        state, last = self.state[i], self.cut and i == self.state.size - 1
        if tuple(cells) == header or (len(cells) > 2 and _is_header(cells, header)):
            same = tuple(cells) == header
            text = "" if same else "with other columns; the first header is used"
            self._record(i, "header", text)
        elif state == _kernels.WRONG_COUNT:
            kind = "truncated" if last and len(cells) < len(header) else "fields"
            self._record(i, kind, f"{len(cells)} instead of {len(header)}")
        elif state == _kernels.WRONG_TIME:
            self._record(i, "time", self._clock(cells))
        elif state == _kernels.UNUSUAL:
            self._convert(i, cells, last)

    def _separator(self) -> bytes:
        return self.layout.file.separator.encode()

    def _clock(self, cells: list[str]) -> str:
        fields = self.layout.fields
        if CLOCK[0] in fields:
            parts = [f"{n} {cells[fields[n]]}" for n in CLOCK if n in fields]
            return ", ".join(parts)
        return cells[fields[STAMP]]

    def _convert(self, i: int, cells: list[str], last: bool) -> None:
        """Convert the cells of one row in Python, or record which one is invalid."""
        plan, clock = self.layout.plan, np.zeros(6)
        for position, cell in enumerate(cells):
            number, _, part = plan[position]
            if part == _kernels.WHOLE_STAMP:
                self._record(i, "truncated" if last else "time", _short(cell))
                return
            if number < 0 and part < 0:
                continue
            value = _value(cell)
            if value is None:
                name = self.layout.file.header[position]
                kind = "truncated" if last else "number"
                self._record(i, kind, f"{name} is {_short(cell)}")
                return
            if number >= 0:
                self.rows.numbers[self.layout.numbers[number]][i] = value
            if part >= 0:
                clock[part] = value
        self.state[i] = _kernels.VALID
        if self.rows.time is not None:
            moment = _kernels.time_of(clock)
            self.rows.time.view(np.int64)[i] = moment
            if moment == _kernels.NONE:
                self._record(i, "time", self._clock(cells))

    def _check_end(self) -> None:
        i = self.state.size - 1
        if self._line(i).endswith(self._separator()):
            self._record(i, "truncated", "its last cell is empty")
        else:
            self._record(i, "end", skipped=False)

    def _check_expocodes(self) -> None:
        text = self.rows.labels.get("Expocode")
        if text is None or "Expocode" in self.layout.fixed:
            return
        bad = [not is_expocode(decode_text(label)) for label in text.labels]
        if any(bad):
            hit = np.array(bad)[text.codes] & (self.state == _kernels.VALID)
            for i in np.flatnonzero(hit).tolist():
                label = decode_text(text.labels[text.codes[i]])
                self._record(i, "expocode", _short(label))

    def _check_encoding(self) -> None:
        if self.layout.file.encoding != "utf-8":
            return
        for text in self.rows.labels.values():
            bad = [not _is_utf8(label) for label in text.labels]
            if any(bad):
                hit = np.array(bad)[text.codes] & (self.state == _kernels.VALID)
                for i in np.flatnonzero(hit).tolist():
                    message = "not UTF-8, read as ISO-8859-1"
                    self._record(i, "encoding", message, skipped=False)


def _short(cell: str) -> str:
    """Return a cell in quotes, shortened for a message."""
    text = repr(cell)
    if len(text) <= _LONGEST_CELL:
        return text
    return f"{text[: _LONGEST_CELL - 4]}...{text[-1]}"


def _is_utf8(label: bytes) -> bool:
    try:
        label.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_header(cells: list[str], header: tuple[str, ...]) -> bool:
    same = sum(cell in header for cell in cells)
    return 2 * same > len(cells)


def _value(cell: str) -> float | None:
    """Convert a cell of unusual format; None if it is not a number."""
    if cell.lower() in _MISSING_TEXTS:
        return np.nan
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return np.nan if value in _MISSING_CODES else value


Work = Callable[[ArchiveRows], Any]


@dataclass
class _ChunkResult:
    parsed: Parsed
    selected: ArchiveRows
    result: Any
    size: int


def stream(
    layout: Layout,
    counts: LineCounts,
    work: Work | None = None,
    *,
    select: Callable[[ArchiveRows], ArchiveRows] | None = None,
    block: int = BLOCK,
    workers: int | None = None,
    progress: bool | None = None,
) -> Iterator[tuple[ArchiveRows, Any]]:
    """Yield the selected rows of each chunk of a file, and the result of `work`."""
    file = layout.file
    counts.record(_duplicate_columns(layout))
    line = file.line + 1

    def task(read: Callable[[], Piece], size: int) -> _ChunkResult:
        parsed = parse_piece(read(), layout)
        rows = select(parsed.rows) if select else parsed.rows
        return _ChunkResult(parsed, rows, work(rows) if work else None, size)

    jobs = file.source.pieces(file.start, block)
    with _progress_bar(file.name, file.source.size, progress) as advance:
        for chunk in _in_order(task, jobs, workers or threads()):
            parsed, rows = chunk.parsed, chunk.selected
            counts.lines += parsed.lines
            counts.rows += parsed.rows.size
            counts.empty += parsed.empty
            counts.selected += rows.size
            if parsed.problems:
                before = file.source.lines_before(file.start) + line
                counts.record(replace(p, line=p.line + before) for p in parsed.problems)
            rows.lines = rows.lines + line
            line += parsed.lines
            advance(chunk.size)
            yield rows, chunk.result


def _in_order(
    task: Callable[..., _ChunkResult],
    jobs: Iterator[tuple[Callable[[], Piece], int]],
    workers: int,
) -> Iterator[_ChunkResult]:
    if workers == 1:
        for job in jobs:
            yield task(*job)
        return
    pending: deque[Future[_ChunkResult]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="oceanco2") as pool:
        try:
            for job in jobs:
                pending.append(pool.submit(task, *job))
                if len(pending) > workers + 1:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def _duplicate_columns(layout: Layout) -> list[Problem]:
    file = layout.file
    return [
        Problem(
            file.name,
            file.line,
            "column",
            f"column {name!r} appears twice in the header, as {first + 1} and"
            f" {second + 1}: the first is used",
            skipped=False,
        )
        for name, first, second in layout.duplicates
    ]


@contextmanager
def _progress_bar(
    name: str, size: int, progress: bool | None
) -> Iterator[Callable[[int], Any]]:
    visible = sys.stderr.isatty() if progress is None else progress
    if not visible:
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=size, desc=name, unit="B", unit_scale=True, leave=False) as bar:
        yield bar.update
