"""Cells of one raw file, and of all files of a stream."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError, not_found
from oceanco2.platforms import FileDefinition
from oceanco2.readers.numbers import to_numbers

#: Names of columns that hold a time beside the one that is used, without blanks; not
#: those of a beginning, an end or a local time.
_CLOCK_KINDS = {
    "day": "(JD|JDAY|JULDAY|JULIAN(DAY|DATE)?|DOY|YD|YDAY|YEARDAY|DAYOFYEAR)(GMT|UTC)?",
    "unix": "(UNIX|POSIX|EPOCH)(TIME|TIMESTAMP|SECONDS)?",
    "clock": "(GPS|UTC|GMT)+(DATE)?TIME(STAMP)?"
    "|(DATE)?TIME(STAMP)?(GPS|UTC|GMT)(HHMMSS)?"
    "|DAYFRAC(TION)?|FRAC(TION)?(OF)?DAY",
}


def clock_kind(name: str) -> str:
    """Return how a column writes a time, by its name; empty if it writes none.

    Examples
    --------
    >>> [clock_kind(name) for name in ("JD_GMT", "GPS time", "end time UTC")]
    ['day', 'clock', '']
    """
    simplified = re.sub(r"[^A-Z0-9]", "", name.upper())
    kinds = (k for k, names in _CLOCK_KINDS.items() if re.fullmatch(names, simplified))
    return next(kinds, "")


@dataclass(frozen=True, slots=True)
class RequiredColumns:
    """Columns to read as text and as numbers; a reader may skip all others."""

    texts: frozenset[str]
    numbers: frozenset[str]
    #: Whether other clocks are read, too.
    clocks: bool = False

    @classmethod
    def of(cls, texts: Collection[str], numbers: Collection[str]) -> "RequiredColumns":
        """Build from names in any case."""
        text_names = frozenset(name.strip().lower() for name in texts)
        return cls(
            text_names, frozenset(n.strip().lower() for n in numbers) - text_names
        )

    def positions_to_read(self, names: list[str]) -> dict[int, bool]:
        """Find the required columns, and other clocks to compare with the one used."""
        positions = self.positions_in(names)
        others = [i for i, n in enumerate(names) if self.clocks and clock_kind(n)]
        return dict.fromkeys(others, False) | positions

    def positions_in(self, names: list[str]) -> dict[int, bool]:
        """Find the required columns in a header; True for those read as text."""
        lower = [name.lower() for name in names]
        return {
            i: name in self.texts
            for i, name in enumerate(lower)
            if name in self.texts or name in self.numbers
        }


@dataclass(slots=True)
class RawTable:
    """Cells of one raw file.

    ``units`` are what the file states, by `column_key`; ``wrong_ranges`` say of columns
    why the range that the file calls valid cannot be right; ``scales`` are those of
    temperatures; ``preamble`` are the lines above the table.
    """

    names: list[str]
    cells: dict[int, np.ndarray]
    lines: np.ndarray
    damaged: np.ndarray
    content: np.ndarray
    units: dict[str, set[str]] = field(default_factory=dict)
    standard_names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    wrong_ranges: dict[str, str] = field(default_factory=dict)
    scales: dict[str, str] = field(default_factory=dict)
    preamble: list[str] = field(default_factory=list)
    file: str = ""
    digest: str = ""

    def column(self, name: str, occurrence: int = 1) -> np.ndarray | None:
        """Find the cells of a column."""
        position = locate(self.names, name, occurrence)
        return None if position is None else self.cells.get(position)

    def select(self, rows: np.ndarray) -> "RawTable":
        """Return the table with selected rows."""
        return replace(
            self,
            cells={column: cells[rows] for column, cells in self.cells.items()},
            lines=self.lines[rows],
            damaged=self.damaged[rows],
            content=self.content[rows],
        )


def table_of(columns: Mapping[str, np.ndarray], lines: np.ndarray) -> RawTable:
    """Build a table from complete columns, for formats that are not text tables.

    Examples
    --------
    >>> import numpy as np
    >>> table = table_of({"CO2": np.array([380.0, 381.5])}, np.array([1, 2]))
    >>> table.column("co2")
    array([380. , 381.5])
    """
    cells = dict(enumerate(columns.values()))
    rows = list(zip(*(texts_of(c) for c in cells.values()), strict=True))
    return RawTable(
        names=[name.strip() for name in columns],
        cells=cells,
        lines=np.asarray(lines, dtype=np.int32),
        damaged=np.zeros(len(lines), dtype=bool),
        content=hash_lines(["\t".join(row) for row in rows]),
    )


def texts_of(cells: np.ndarray) -> np.ndarray:
    """Return cells as texts."""
    if cells.dtype == object:
        return cells
    return np.array(
        ["" if np.isnan(value) else repr(float(value)) for value in cells], dtype=object
    )


def concatenate_cells(parts: list[np.ndarray]) -> np.ndarray:
    """Concatenate cells of several tables; as texts if any part is text."""
    if len({part.dtype == object for part in parts}) > 1:
        parts = [texts_of(part) for part in parts]
    return np.concatenate(parts)


def merge_tables(tables: list[RawTable]) -> RawTable:
    """Concatenate tables with different headers by column name."""
    if len(tables) == 1:
        return tables[0]
    names: list[str] = []
    keys: list[tuple[str, int]] = []
    for table in tables:
        for name, key in zip(table.names, _column_keys(table.names), strict=True):
            if key not in keys:
                names.append(name)
                keys.append(key)
    cells = {}
    for position, key in enumerate(keys):
        parts = [_cells_of(table, key) for table in tables]
        if any(part is not None for part in parts):
            filled = [
                np.full(t.lines.size, np.nan) if p is None else p
                for p, t in zip(parts, tables, strict=True)
            ]
            cells[position] = concatenate_cells(filled)
    units_of: dict[str, set[str]] = {}
    for table in tables:
        for name, units in table.units.items():
            units_of.setdefault(name, set()).update(units)
    return RawTable(
        names,
        cells,
        np.concatenate([t.lines for t in tables]),
        np.concatenate([t.damaged for t in tables]),
        np.concatenate([t.content for t in tables]),
        units=units_of,
        standard_names={k: v for t in tables for k, v in t.standard_names.items()},
        notes=[note for t in tables for note in t.notes],
        warnings=[message for t in tables for message in t.warnings],
        wrong_ranges={k: v for t in tables for k, v in t.wrong_ranges.items()},
        scales={k: v for t in tables for k, v in t.scales.items()},
    )


def column_key(name: str, occurrence: int = 1) -> str:
    """Key of a column in ``units`` of a table.

    Examples
    --------
    >>> column_key(" SST "), column_key("SST", 2)
    ('sst', 'sst #2')
    """
    name = name.strip().lower()
    return name if occurrence == 1 else f"{name} #{occurrence}"


def units_by_column(names: list[str], texts: list[str]) -> dict[str, set[str]]:
    """Return the entries of a row of units by `column_key`."""
    pairs = zip(_column_keys(names), texts, strict=False)
    return {column_key(name, n + 1): {text} for (name, n), text in pairs if text}


def _column_keys(names: list[str]) -> list[tuple[str, int]]:
    """Key of each column: its name and how many columns before have the same."""
    lower = [name.lower() for name in names]
    return [(name, lower[:i].count(name)) for i, name in enumerate(lower)]


def _cells_of(table: RawTable, key: tuple[str, int]) -> np.ndarray | None:
    keys = _column_keys(table.names)
    return table.cells.get(keys.index(key)) if key in keys else None


def locate(names: list[str], name: str, occurrence: int = 1) -> int | None:
    """Find the position of a column name, first exactly, then ignoring case.

    Examples
    --------
    >>> locate(["time", "H2O", "h2o", "H2O"], "H2O", 2)
    3
    """
    name = name.strip()
    for same in (lambda n: n == name, lambda n: n.lower() == name.lower()):
        positions = [i for i, n in enumerate(names) if same(n)]
        if len(positions) >= occurrence:
            return positions[occurrence - 1]
    return None


def missing_column(
    names: list[str], name: str, occurrence: int, file: str, where: str
) -> ReadError:
    """Error for a missing column, suggesting the nearest name."""
    present = sum(n.lower() == name.strip().lower() for n in names)
    which = f" number {occurrence}" if occurrence > 1 and present else ""
    others = () if present else names
    unknown = not_found(f"column{which}", name, filter(None, names), similar=others)
    return ReadError(f"{file}: {where}: {unknown}")


def hash_lines(lines: list[str]) -> np.ndarray:
    """Hash complete lines, to find duplicates."""
    if not lines:
        return np.empty(0, dtype=np.uint64)
    return pd.util.hash_array(np.array(lines, dtype=object), categorize=False)


def format_lines(lines: Collection[int] | np.ndarray) -> str:
    """Format line numbers for a message.

    Examples
    --------
    >>> format_lines([7]), format_lines(range(1, 10))
    ('line 7', '9 rows (lines 1, 2, 3, 4, 5 ...)')
    """
    numbers = list(map(int, lines))
    first_lines = ", ".join(map(str, numbers[:5])) + (
        " ..." if len(numbers) > 5 else ""
    )
    if len(numbers) > 1:
        return f"{len(numbers)} rows (lines {first_lines})"
    return f"line {first_lines}"


@dataclass(slots=True)
class StreamRows:
    """Rows of all files of a stream, in the order of ``order``."""

    tables: list[RawTable]
    definition: FileDefinition
    where: str
    order: np.ndarray | None = None
    absent: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    #: First and last time of each table, once the rows are sorted.
    spans: list[tuple[np.datetime64, np.datetime64]] = field(default_factory=list)

    def cells(
        self, name: str, occurrence: int = 1, *, required: bool = False
    ) -> np.ndarray:
        """Return a column as it was read."""
        parts = [table.column(name, occurrence) for table in self.tables]
        tables_without = [
            t for t, p in zip(self.tables, parts, strict=True) if p is None
        ]
        if tables_without and (required or len(tables_without) == len(parts)):
            first = tables_without[0]
            raise missing_column(first.names, name, occurrence, first.file, self.where)
        if tables_without:
            self.absent[name] = [table.file for table in tables_without]
        filled = [
            np.full(t.lines.size, np.nan) if p is None else p
            for t, p in zip(self.tables, parts, strict=True)
        ]
        return self.in_order(concatenate_cells(filled))

    def texts(
        self, name: str, occurrence: int = 1, *, required: bool = False
    ) -> np.ndarray:
        """Return a column as texts."""
        return texts_of(self.cells(name, occurrence, required=required))

    def numbers(
        self,
        name: str,
        occurrence: int = 1,
        *,
        missing: Collection[str] = (),
        required: bool = False,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return a column as numbers."""
        cells = self.cells(name, occurrence, required=required)
        codes = [*self.definition.missing, *missing]
        file = self.definition
        return to_numbers(cells, codes, file.decimal, file.thousands)

    def concatenate(self, attribute: str) -> np.ndarray:
        """Concatenate one attribute of all tables."""
        return self.in_order(
            np.concatenate([getattr(t, attribute) for t in self.tables])
        )

    def file_index(self) -> np.ndarray:
        """Return the index of the file of each row."""
        sizes = [t.lines.size for t in self.tables]
        dtype = np.int16 if len(sizes) <= np.iinfo(np.int16).max else np.int32
        return self.in_order(np.repeat(np.arange(len(sizes), dtype=dtype), sizes))

    def locate(self, row: int) -> str:
        """Return file and line of a row, for messages."""
        table = self.tables[int(self.file_index()[row])]
        return f"{table.file}:{self.concatenate('lines')[row]}"

    def in_order(self, values: np.ndarray) -> np.ndarray:
        """Put an array of all rows into the order of ``order``."""
        return values if self.order is None else values[self.order]

    def sort_by_time(self, time: np.ndarray) -> tuple[np.ndarray, int]:
        """Sort rows by time, file and line; drop duplicates and rows without time."""
        index = self.file_index()
        latest = np.datetime64("2262-01-01", "ns")
        filled = np.where(np.isnat(time), latest, time)
        starts = np.cumsum([0, *(t.lines.size for t in self.tables)])
        first = np.minimum.reduceat(filled, starts[:-1])
        order = sorted(
            range(len(first)), key=lambda i: (first[i], self.tables[i].digest)
        )
        rank = np.argsort(order)[index]
        all_rows = np.lexsort((self.concatenate("lines"), rank, time))
        timed = all_rows[~np.isnat(time[all_rows])]
        _, first_rows = np.unique(self.concatenate("content")[timed], return_index=True)
        kept_rows = timed[np.sort(first_rows)]
        # From here on the tables are in the order of their first times.
        old_positions = np.concatenate(
            [np.arange(starts[i], starts[i + 1]) for i in order]
        )
        new_positions = np.empty_like(old_positions)
        new_positions[old_positions] = np.arange(old_positions.size)
        last = np.maximum.reduceat(
            np.where(np.isnat(time), first[index], time), starts[:-1]
        )
        self.spans = [(first[i], last[i]) for i in order]
        self.tables = [self.tables[i] for i in order]
        self.order = new_positions[kept_rows]
        return time[kept_rows], int(timed.size - kept_rows.size)
