"""Columns put together from pieces of files."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from oceanco2.socat_format import column_of
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis.layout import INTEGERS, TIME
from oceanco2.synthesis.rows import NANOSECONDS, Lexicon, Rows, join

if TYPE_CHECKING:
    import pandas as pd

#: Where a whole number is missing.
MISSING = -1


class Table:
    """Columns of rows that come in pieces."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.lexicons = {n: Lexicon() for n in self.names if _is_words(n)}
        self._parts: dict[str, list[Array]] = {name: [] for name in self.names}
        self.size = 0

    def add(self, rows: Rows, more: Mapping[str, Array] | None = None) -> None:
        """Add rows."""
        for name in self.names:
            if more and name in more:
                part = more[name]
            elif name == TIME:
                part = rows.time if rows.time is not None else _nothing(name, rows.size)
            elif name in rows.words:
                part = self.lexicons[name].codes(rows.words[name])
            elif name in rows.numbers:
                part = as_stored(name, rows.numbers[name])
            else:
                part = _nothing(name, rows.size)
            self._parts[name].append(part)
        self.size += rows.size

    def take(self, count: int) -> dict[str, Array]:
        """Return the first rows and forget them."""
        taken = {}
        for name in self.names:
            whole = join(self._parts[name], _dtype(name))
            taken[name], rest = whole[:count], whole[count:]
            self._parts[name] = [rest] if rest.size else []
        self.size = max(self.size - count, 0)
        return taken

    def frame(self, count: int | None = None) -> "pd.DataFrame":
        """Return the first rows as a table and forget them."""
        import pandas as pd

        taken = self.take(self.size if count is None else count)
        columns: dict[str, Any] = {}
        for name in self.names:
            values = taken.pop(name)
            if name in self.lexicons:
                words = pd.Index(self.lexicons[name].words, dtype="str")
                columns[name] = pd.Categorical.from_codes(values, categories=words)
            else:
                columns[name] = values
        return pd.DataFrame(columns, copy=False)


def _is_words(name: str) -> bool:
    column = column_of(name)
    return column.kind == "text" if column else "oceanco2" not in name and name != TIME


def _dtype(name: str) -> str:
    if name == TIME:
        return NANOSECONDS
    if _is_words(name):
        return "int32"
    return "int16" if name in INTEGERS else "float64"


def as_stored(name: str, values: Array) -> Array:
    """Return values as a table keeps them: whole numbers as such."""
    if name not in INTEGERS:
        return values
    return np.where(np.isnan(values), MISSING, values).astype(np.int16)


def _nothing(name: str, size: int) -> Array:
    if name == TIME:
        return np.full(size, np.datetime64("NaT"), NANOSECONDS)
    kind = _dtype(name)
    return np.full(size, np.nan if kind == "float64" else MISSING, kind)
