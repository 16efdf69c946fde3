"""Layout of an undocumented text table: separator, header, units, codes, times."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.records import join_quoted
from oceanco2.readers.table import RawTable, column_key, texts_of
from oceanco2.readers.text_table import SEPARATOR_NAMES, fields
from oceanco2.text import decode, split_lines
from oceanco2.units import stated

#: Rows that are examined, spread over the file.
_MOST_ROWS = 4000
_MISSING_CODES = (
    -999.0,
    -9999.0,
    -99.0,
    -9.0,
    -999.9,
    -999.99,
    -9.999,
    -99999.0,
    99999.0,
)


#: Rows among which the column names are searched.
_FIRST_ROWS = 4
_ONE = ("1", "1e-3", "0.001", "1E-3")


@dataclass(slots=True)
class Layout:
    """Layout of a text table."""

    file: str
    separator: str = ","
    skip: int = 0
    until: str | None = None
    comment: str | None = None
    units: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    columns: list[np.ndarray] = field(default_factory=list)
    decimal: str = "."
    missing: list[str] = field(default_factory=list)
    rows: int = 0
    preamble: list[str] = field(default_factory=list)
    standard_names: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    reader: str = "delimited"

    def unit(self, position: int) -> str:
        """Return the entry of a column in the row of units."""
        return self.units[position] if position < len(self.units) else ""

    def numbers(self, position: int) -> np.ndarray:
        """Return a column as numbers."""
        return to_numbers(self.columns[position], self.missing, self.decimal)[0]


def find_layout(
    content: bytes, file: str, separators: Iterable[str] = SEPARATOR_NAMES
) -> Layout:
    """Find the layout of a text table."""
    text, _ = decode(content, "auto", file)
    lines = join_quoted(split_lines(text))
    layout = Layout(file)
    start = _after_comments(layout, lines)
    table_lines = [(i, s) for i, s in enumerate(lines) if i >= start and s.strip()]
    if layout.comment:
        table_lines = [
            (i, s) for i, s in table_lines if not s.startswith(layout.comment)
        ]
    layout.separator, width = _choose_separator(
        [s for _, s in table_lines], file, separators
    )
    cells = [(i, fields(s, layout.separator)) for i, s in table_lines]
    wide = [k for k, (_, row) in enumerate(cells) if _count_cells(row) >= width - 1]
    # A row of column numbers may stand above the names.
    named = (k for k in wide[:_FIRST_ROWS] if _share_of_numbers(cells[k][1]) <= 0.5)
    header_position = next(named, wide[0])
    header_line, names = cells[header_position]
    if _share_of_numbers(names) > 0.5:
        raise ReadError(
            f"{file}: line {header_line + 1}, the first of the table, contains numbers:"
            " there is no row of column names. Write a platform file with 'names'"
        )
    layout.skip = 0 if layout.until else header_line
    layout.preamble = lines[:header_line]
    layout.names = _strip_row(names)
    rows = [row for _, row in cells[header_position + 1 :]]
    if len(rows) > 1 and _share_of_numbers(rows[1]) > 0.0 and _is_units(rows[0]):
        layout.units, rows = rows[0], rows[1:]
    layout.rows = len(rows)
    if not rows:
        raise ReadError(f"{file}: has column names but no rows")
    _sample_rows(layout, rows)
    sampled = (np.isfinite(layout.numbers(i)).any() for i in range(len(layout.names)))
    if not any(sampled):
        raise ReadError(f"{file}: no separator splits it into columns of numbers")
    return layout


def _is_units(row: list[str]) -> bool:
    """Whether a row is one of units: no numbers, or 1 of salinity among units."""
    filled = [cell.strip() for cell in row if cell.strip()]
    words = [cell for cell in filled if cell not in _ONE]
    if _share_of_numbers(words) > 0.0:
        return False
    known = sum(bool(stated(word, "1")) for word in words)
    return len(words) == len(filled) or known > len(words) / 2


def layout_of_table(table: RawTable, file: str, reader: str) -> Layout:
    """Describe a table whose columns a reader has found already."""
    step = max(1, table.lines.size // _MOST_ROWS)
    empty = np.full(table.lines.size, "", dtype=object)
    layout = Layout(
        file,
        reader=reader,
        names=table.names,
        units=[
            next(iter(table.units.get(column_key(name), ())), "")
            for name in table.names
        ],
        standard_names=table.standard_names,
        columns=[
            texts_of(table.cells.get(i, empty)[::step]) for i in range(len(table.names))
        ],
        rows=table.lines.size,
    )
    layout.missing = _missing_codes(layout)
    return layout


def _after_comments(layout: Layout, lines: list[str]) -> int:
    first = next((i for i, s in enumerate(lines) if s.strip()), 0)
    if lines and lines[first].lstrip().startswith("/*"):
        for i, line in enumerate(lines):
            if line.strip().endswith("*/"):
                layout.until = "*/"
                return i + 1
    marked = sum(s.startswith("#") for s in lines[:50])
    if marked and any(not s.startswith("#") for s in lines[:200]):
        layout.comment = "#"
    return 0


def _choose_separator(
    lines: list[str], file: str, separators: Iterable[str] = SEPARATOR_NAMES
) -> tuple[str, int]:
    """Choose the separator that gives most lines the same, largest number of fields."""
    sample = lines[:: max(1, len(lines) // 400)] or lines
    best: tuple[float, str, int] = (0.0, "", 0)
    for separator in separators:
        widths = Counter(_count_cells(fields(s, separator)) for s in sample)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        # A tenth of the rows may lack the last cells.
        score = count / max(len(sample), 1) * min(width, 12)
        if width >= 2 and score > best[0] * 1.02:
            best = (score, separator, width)
    if best[2] < 2 or best[0] < 0.8:
        raise ReadError(
            f"{file}: no separator splits it into columns: not a text table"
        )
    return best[1], best[2]


def _count_cells(row: list[str]) -> int:
    return len(_strip_row(row))


def _strip_row(row: list[str]) -> list[str]:
    out = [cell.strip() for cell in row]
    while len(out) > 1 and not out[-1]:
        out.pop()
    return out


def _share_of_numbers(row: list[str]) -> float:
    """Fraction of the filled cells that are numbers or begin like a date."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return sum(cell[:1].isdigit() or _is_number(cell) for cell in filled) / max(
        len(filled), 1
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _sample_rows(layout: Layout, rows: list[list[str]]) -> None:
    step = max(1, len(rows) // _MOST_ROWS)
    complete_rows = [row for row in rows[::step] if len(row) >= len(layout.names) - 1]
    size = len(layout.names)
    padded = [(row + [""] * size)[:size] for row in complete_rows]
    layout.columns = [
        np.array([row[i].strip() for row in padded], dtype=object) for i in range(size)
    ]
    if layout.separator != ",":
        commas = sum(
            _has_decimal_comma(c) for column in layout.columns for c in column[:20]
        )
        points = sum("." in c for column in layout.columns for c in column[:20])
        layout.decimal = "," if commas > points else "."
    layout.missing = _missing_codes(layout)


def _has_decimal_comma(cell: str) -> bool:
    left, comma, right = cell.partition(",")
    return bool(comma) and left.lstrip("-").isdigit() and right.isdigit()


def _missing_codes(layout: Layout) -> list[str]:
    """Find missing codes: extreme values that occur in several columns."""
    counts: Counter[float] = Counter()
    for position in range(len(layout.names)):
        values = layout.numbers(position)
        valid = values[np.isfinite(values)]
        for code in _MISSING_CODES:
            if (valid == code).any() and code in (valid.min(), valid.max()):
                counts[code] += 1
    # -9 may be a temperature: one column is not enough.
    codes = [c for c, n in counts.items() if n > 1 or abs(c) >= 99.0]
    if counts and not codes:
        code_list = ", ".join(f"{c:g}" for c in counts)
        layout.questions.append(f"is {code_list} a missing value?")
    return [f"{code:g}" for code in codes]


def simplify_name(name: str) -> str:
    """Keep the letters and digits of a name, in upper case.

    Examples
    --------
    >>> simplify_name("DATE_UTC__ddmmyyyy")
    'DATEUTCDDMMYYYY'
    """
    return re.sub(r"[^A-Z0-9]", "", name.upper())
