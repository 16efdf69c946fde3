"""Split lines into cells; a broken line affects no other row."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError, choose
from oceanco2.platforms import FileDefinition
from oceanco2.readers.numbers import BLANK, to_numbers
from oceanco2.readers.table import (
    RawTable,
    RequiredColumns,
    hash_lines,
    units_by_column,
)

SEPARATORS = {
    "tab": "\t",
    "\t": "\t",
    "comma": ",",
    ",": ",",
    "semicolon": ";",
    ";": ";",
    "pipe": "|",
    "|": "|",
    "space": " ",
    " ": " ",
}
SEPARATOR_NAMES = {
    "\t": "tab",
    ",": "comma",
    ";": "semicolon",
    "|": "pipe",
    " ": "space",
}
_CHUNK = 200_000
_SAMPLE = 20  # rows that show the separator
# Before version 3 the default of pandas could be wrong in the last digit.
_FLOAT_OPTIONS: dict[str, Any] = (
    {} if int(pd.__version__.split(".")[0]) >= 3 else {"float_precision": "round_trip"}
)


def guess_separator(line: str, rows: Sequence[str] = ()) -> str:
    """Guess the separator of a header line: that of the rows below, if they have one.

    Examples
    --------
    >>> guess_separator("SST, SBE 38, degC;salinity", ["10.1;35"])
    ';'
    """
    counts = {s: line.count(s) for s in "\t;,|" if s in line}
    alike = {s: sum(row.count(s) == counts[s] for row in rows) for s in counts}
    return max(counts, key=lambda s: (alike[s], counts[s]), default=" ")


def fields(line: str, separator: str) -> list[str]:
    """Split one line into trimmed cells, quotes respected.

    Examples
    --------
    >>> fields('1, "GO, SLEEP" ,3', ",")
    ['1', 'GO, SLEEP', '3']
    """
    if separator == " ":
        line = " ".join(line.split())
        if not line:
            return []
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    try:
        row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:  # an open quote before a very long rest
        row = line.split(separator)
    return [cell.strip() for cell in row]


def split_columns(
    lines: list[str], width: int, separator: str, columns: dict[int, bool], decimal: str
) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Split lines into columns."""
    if separator == " ":
        lines = [" ".join(line.split()) for line in lines]
    quoted = np.fromiter(('"' in line for line in lines), bool, len(lines))
    counts = np.fromiter((x.count(separator) for x in lines), np.int64, len(lines)) + 1
    regular = np.flatnonzero(~quoted & (counts == width))
    irregular = np.flatnonzero(quoted | (counts != width))
    damaged = np.zeros(len(lines), dtype=bool)
    irregular_texts: dict[int, list[str]] = {column: [] for column in columns}
    widths = np.full(len(lines), width)
    for i in irregular:
        row = fields(lines[i], separator)
        widths[i] = len(row)
        damaged[i] = any(row[width:])
        for column, texts in irregular_texts.items():
            texts.append(row[column] if column < len(row) else "")
    damaged |= (widths < width) & ~_is_common_width(widths)
    regular_cells = _split_regular(
        [lines[i] for i in regular], separator, columns, decimal
    )
    cells = {}
    for column, texts in irregular_texts.items():
        texts_of_column = np.array(texts, dtype=object)
        cells[column] = _interleave(
            regular_cells[column], regular, texts_of_column, irregular, decimal
        )
    return cells, damaged | _lost_a_field(cells, widths, width)


def _lost_a_field(
    cells: dict[int, np.ndarray], widths: np.ndarray, width: int
) -> np.ndarray:
    """Mask common rows that lack a cell in the middle rather than at the end.

    Their numbers are far outside of those that complete rows have in the same columns.
    """
    lost = np.zeros(widths.shape, dtype=bool)
    complete = widths == width
    for narrow in np.unique(widths[widths < width]):
        rows = widths == narrow
        far = [
            _is_far(values[rows], values[complete])
            for column, values in cells.items()
            if column < narrow and values.dtype != object
        ]
        if sum(far) >= 2 and 2 * sum(far) >= len(far):
            lost |= rows
    return lost


def _is_far(values: np.ndarray, others: np.ndarray) -> bool:
    """Whether most values are further from others than these are from each other."""
    values, others = (x[np.isfinite(x)] for x in (values, others))
    if not values.size or not others.size:
        return False
    low, high = others.min(), others.max()
    spread = high - low
    far = (values < low - spread) | (values > high + spread)
    return bool(far.mean() > 0.5)


def _is_common_width(widths: np.ndarray) -> np.ndarray:
    """Mask rows whose number of fields occurs in at least a tenth of the rows."""
    unique, which, counts = np.unique(widths, return_inverse=True, return_counts=True)
    is_common = counts >= max(20, 0.1 * widths.size)
    return is_common[which] if unique.size else np.zeros(0, dtype=bool)


def _interleave(
    regular_cells: np.ndarray,
    regular: np.ndarray,
    irregular_cells: np.ndarray,
    irregular: np.ndarray,
    dec: str,
) -> np.ndarray:
    """Merge regular and irregular rows in order; numbers only if all are numbers."""
    if regular_cells.dtype != object:
        numbers, unreadable = to_numbers(irregular_cells, (), dec)
        blank = np.array(
            [not t or t.lower() in BLANK for t in irregular_cells], dtype=bool
        )
        # A comma may separate thousands: the texts are needed to tell.
        commas = dec == "." and any("," in t for t in irregular_cells)
        if commas or unreadable.any() or (np.isnan(numbers) & ~blank).any():
            regular_cells = np.array(
                [_format_number(v, dec) for v in regular_cells], dtype=object
            )
        else:
            irregular_cells = numbers
    out = np.empty(regular.size + irregular.size, dtype=regular_cells.dtype)
    out[regular] = regular_cells
    out[irregular] = irregular_cells
    return out


def _format_number(value: float, decimal: str) -> str:
    return "" if np.isnan(value) else repr(float(value)).replace(".", decimal)


def _split_regular(
    lines: list[str], separator: str, columns: dict[int, bool], decimal: str
) -> dict[int, np.ndarray]:
    """Split lines that have the right number of fields and no quotes."""
    texts = {c for c, text in columns.items() if text}
    parts: dict[int, list[np.ndarray]] = {c: [] for c in columns}
    for start in range(0, len(lines), _CHUNK):
        content = "\n".join(lines[start : start + _CHUNK]).encode("utf-8", "replace")
        chunk = _numeric_columns(
            content, separator, sorted(set(columns) - texts), decimal
        )
        as_text = texts | {c for c in columns if c not in chunk}
        chunk |= _text_columns(content, separator, sorted(as_text))
        for column, values in parts.items():
            values.append(chunk[column])
    out = {}
    for column, values in parts.items():
        if not values:
            out[column] = np.empty(0, dtype=object if columns[column] else np.float64)
        elif len({v.dtype == object for v in values}) > 1:
            as_texts = [
                v if v.dtype == object else _format_numbers(v, decimal) for v in values
            ]
            out[column] = np.concatenate(as_texts)
        else:
            out[column] = np.concatenate(values)
    return out


def _format_numbers(values: np.ndarray, decimal: str) -> np.ndarray:
    return np.array([_format_number(v, decimal) for v in values], dtype=object)


def _read_csv(content: bytes, separator: str, columns: list[int], **more: Any) -> Any:
    return pd.read_csv(
        io.BytesIO(content),
        sep=separator,
        header=None,
        usecols=columns,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        keep_default_na=False,
        engine="c",
        low_memory=False,
        encoding="utf-8",
        **more,
    )


def _numeric_columns(
    content: bytes, separator: str, columns: list[int], decimal: str
) -> dict[int, np.ndarray]:
    """Read columns that contain only numbers and blanks."""
    if not columns:
        return {}
    blank = {column: list(BLANK) for column in columns}
    options: dict[str, Any] = {"na_values": blank, "decimal": decimal} | _FLOAT_OPTIONS
    frame = _read_csv(content, separator, columns, **options)
    out = {}
    for column in columns:
        kind = frame[column].dtype
        if kind in (np.float64, np.int64, np.uint64):
            out[column] = frame[column].to_numpy(dtype=np.float64)
    return out


def _text_columns(
    content: bytes, separator: str, columns: list[int]
) -> dict[int, np.ndarray]:
    if not columns:
        return {}
    frame = _read_csv(content, separator, columns, dtype=object, na_filter=False)
    out = {}
    for column in columns:
        texts = frame[column].to_numpy(dtype=object)
        out[column] = np.array([t.strip() for t in texts], dtype=object)
    return out


@dataclass(slots=True)
class Head:
    """Header of a table: lines before the rows, column names, and rows of units."""

    start: int
    names: list[str]
    separator: str
    lines: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    units: list[list[str]] = field(default_factory=list)

    def above(self, lines: list[str]) -> list[str]:
        """Return the lines above the rows that are no column names."""
        return [line for line in lines[: self.start] if line not in self.lines]


def split_rows(
    definition: FileDefinition,
    lines: list[str],
    head: Head,
    span: tuple[int, int],
    required: RequiredColumns,
) -> RawTable:
    """Split the lines below a header."""
    numbers = [
        i
        for i in range(*span)
        if (line := lines[i]) and line not in head.lines and not line.isspace()
    ]
    if definition.comment:
        numbers = [i for i in numbers if not _is_comment(lines[i], definition)]
    selected = [lines[i] for i in numbers]
    line_numbers = [i + 1 for i in numbers]
    header = (head.names, head.separator)
    table = table_of_lines(
        *header, selected, line_numbers, required, definition.decimal
    )
    for texts in head.units:
        for column, unit in units_by_column(head.names, texts).items():
            table.units.setdefault(column, set()).update(unit)
    return table


def table_of_lines(
    names: list[str],
    separator: str,
    lines: list[str],
    line_numbers: list[int],
    required: RequiredColumns,
    decimal: str = ".",
) -> RawTable:
    """Split lines that share their column names."""
    cells, damaged = split_columns(
        lines, len(names), separator, required.positions_to_read(names), decimal
    )
    return RawTable(
        names=names,
        cells=cells,
        lines=np.array(line_numbers, dtype=np.int32),
        damaged=damaged,
        content=hash_lines(lines),
    )


def _is_comment(line: str, definition: FileDefinition) -> bool:
    mark = definition.comment
    return bool(mark) and line.lstrip().startswith(str(mark))


def find_head(definition: FileDefinition, lines: list[str], file: str) -> Head:
    """Find where the rows begin, the column names and the separator."""
    header = definition.header
    start = header.skip
    if header.until is not None:
        start = _line_after(header.until, lines, file)
    header_lines: list[str] = []
    while len(header_lines) < header.rows + header.units:
        if start >= len(lines):
            raise ReadError(f"{file}: ends within its header")
        line = lines[start]
        if line.strip() and not _is_comment(line, definition):
            header_lines.append(line)
        start += 1
    first_line = (
        header_lines[0]
        if header_lines
        else next((x for x in lines[start:] if x.strip()), "")
    )
    below = list(islice((x for x in lines[start:] if x.strip()), _SAMPLE))
    separator, notes = _separator_of(definition, first_line, below, file)
    if definition.names is not None:
        names = [name.strip() for name in definition.names]
    elif not header.rows:
        raise ReadError(f"{file}: 'header' has no row of names: set 'names'")
    else:
        names = join_names(
            [fields(line, separator) for line in header_lines[: header.rows]]
        )
    units = [fields(line, separator) for line in header_lines[header.rows :]]
    return Head(start, names, separator, set(header_lines), notes, units)


def _line_after(until: str, lines: list[str], file: str) -> int:
    prefix = until.strip().lower()
    for i, line in enumerate(lines):
        if line.strip().lower().startswith(prefix):
            return i + 1
    raise ReadError(f"{file}: no line starts with {until!r} (end of the header)")


def _separator_of(
    definition: FileDefinition, line: str, below: Sequence[str], file: str
) -> tuple[str, list[str]]:
    name = definition.separator
    if name is None:
        separator = guess_separator(line, below)
        return separator, [
            f"{file}: separator assumed to be {SEPARATOR_NAMES[separator]}"
        ]
    if name.lower() not in SEPARATORS:
        allowed = [name for name in SEPARATORS if len(name) > 1]
        choose("separator", name, allowed, file, error=ReadError)
    return SEPARATORS[name.lower()], []


def join_names(rows: list[list[str]]) -> list[str]:
    """Join several header rows; a blank repeats the name to its left."""
    if len(rows) == 1:
        names = rows[0]
    else:
        width = max(map(len, rows), default=0)
        filled = []
        for short in rows:
            row = short + [""] * (width - len(short))
            for i in range(1, width):
                row[i] = row[i] or row[i - 1]
            filled.append(row)
        names = ["|".join(parts) for parts in zip(*filled, strict=True)]
    while names and not names[-1].strip("|"):
        names = names[:-1]
    return names
