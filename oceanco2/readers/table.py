"""The cells of one raw file, as a reader hands them over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError, did_you_mean


@dataclass(frozen=True, slots=True)
class Wanted:
    """Columns that are needed; a reader may leave out all others."""

    texts: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, texts: Collection[str], numbers: Collection[str]) -> "Wanted":
        """Make one from names in any spelling."""
        said = frozenset(name.strip().lower() for name in texts)
        return cls(said, frozenset(n.strip().lower() for n in numbers) - said)

    def among(self, names: list[str]) -> dict[int, bool]:
        """Find the wanted columns in a header."""
        lower = [name.lower() for name in names]
        return {
            i: name in self.texts
            for i, name in enumerate(lower)
            if name in self.texts or name in self.numbers
        }


@dataclass(slots=True)
class RawTable:
    """Cells of one raw file."""

    names: list[str]
    cells: dict[int, np.ndarray]
    lines: np.ndarray
    damaged: np.ndarray
    content: np.ndarray
    units: dict[str, set[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    file: str = ""
    digest: str = ""

    def column(self, name: str, occurrence: int = 1) -> np.ndarray | None:
        """Find the cells of a column."""
        position = locate(self.names, name, occurrence)
        return None if position is None else self.cells.get(position)

    def chosen(self, rows: np.ndarray) -> "RawTable":
        """Return the table with some of its rows."""
        return replace(
            self,
            cells={column: cells[rows] for column, cells in self.cells.items()},
            lines=self.lines[rows],
            damaged=self.damaged[rows],
            content=self.content[rows],
        )


def table_of(columns: Mapping[str, np.ndarray], lines: np.ndarray) -> RawTable:
    """Make a table from whole columns, for readers of formats that are no text table.

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
        content=hashes(["\t".join(row) for row in rows]),
    )


def texts_of(cells: np.ndarray) -> np.ndarray:
    """Return cells as texts."""
    if cells.dtype == object:
        return cells
    return np.array(
        ["" if np.isnan(v) else repr(float(v)) for v in cells], dtype=object
    )


def joined(parts: list[np.ndarray]) -> np.ndarray:
    """Join columns; texts win where some are numbers."""
    if len({part.dtype == object for part in parts}) > 1:
        parts = [texts_of(part) for part in parts]
    return np.concatenate(parts)


def merged(tables: list[RawTable]) -> RawTable:
    """Join tables with different headers by the names of their columns."""
    if len(tables) == 1:
        return tables[0]
    names: list[str] = []
    keys: list[tuple[str, int]] = []
    for table in tables:
        for name, key in zip(table.names, _keys(table.names), strict=True):
            if key not in keys:
                names.append(name)
                keys.append(key)
    cells = {}
    for position, key in enumerate(keys):
        parts = [_part(table, key) for table in tables]
        if any(part is not None for part in parts):
            filled = [
                np.full(t.lines.size, np.nan) if p is None else p
                for p, t in zip(parts, tables, strict=True)
            ]
            cells[position] = joined(filled)
    told: dict[str, set[str]] = {}
    for table in tables:
        for name, units in table.units.items():
            told.setdefault(name, set()).update(units)
    return RawTable(
        names,
        cells,
        np.concatenate([t.lines for t in tables]),
        np.concatenate([t.damaged for t in tables]),
        np.concatenate([t.content for t in tables]),
        told,
        [note for t in tables for note in t.notes],
        [doubt for t in tables for doubt in t.doubts],
    )


def _keys(names: list[str]) -> list[tuple[str, int]]:
    """Tell columns apart by name and how often it stood before."""
    lower = [name.lower() for name in names]
    return [(name, lower[:i].count(name)) for i, name in enumerate(lower)]


def _part(table: RawTable, key: tuple[str, int]) -> np.ndarray | None:
    keys = _keys(table.names)
    return table.cells.get(keys.index(key)) if key in keys else None


def locate(names: list[str], name: str, occurrence: int = 1) -> int | None:
    """Find a column name, first as written, then ignoring case.

    Examples
    --------
    >>> locate(["time", "H2O", "h2o", "H2O"], "H2O", 2)
    3
    """
    name = name.strip()
    for same in (lambda n: n == name, lambda n: n.lower() == name.lower()):
        found = [i for i, n in enumerate(names) if same(n)]
        if len(found) >= occurrence:
            return found[occurrence - 1]
    return None


def missing_column(
    names: list[str], name: str, occurrence: int, file: str, where: str
) -> ReadError:
    """Say that a declared column is not there, and which is nearest."""
    there = sum(n.lower() == name.strip().lower() for n in names)
    which = f" number {occurrence}" if occurrence > 1 and there else ""
    hint = "" if there else did_you_mean(name, names)
    listed = ", ".join(repr(n) for n in names if n)
    listed = listed if len(listed) < 800 else f"{listed[:800]} ..."
    return ReadError(
        f"{file}: no column {name!r}{which} ({where}).{hint} There are: {listed}."
    )


def hashes(lines: list[str]) -> np.ndarray:
    """Hash whole lines, to find doublets."""
    if not lines:
        return np.empty(0, dtype=np.uint64)
    return pd.util.hash_array(np.array(lines, dtype=object), categorize=False)


def say_lines(lines: Collection[int] | np.ndarray) -> str:
    """Say which lines of a file are meant.

    Examples
    --------
    >>> say_lines([7]), say_lines(range(1, 10))
    ('line 7', '9 rows (lines 1, 2, 3, 4, 5 ...)')
    """
    numbers = list(map(int, lines))
    shown = ", ".join(map(str, numbers[:5])) + (" ..." if len(numbers) > 5 else "")
    if len(numbers) > 1:
        return f"{len(numbers)} rows (lines {shown})"
    return f"line {shown}"
