"""Rows of chunks: numbers, times, texts; tables collected from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from oceanco2.socat.archive.layout import INTEGERS, TIME
from oceanco2.socat.archive.printing import Array, Text
from oceanco2.socat.columns import column_of

if TYPE_CHECKING:
    import pandas as pd


NANOSECONDS = "datetime64[ns]"


@dataclass
class ArchiveRows:
    """Rows of a SOCAT file: columns of numbers and of texts, times, line numbers."""

    numbers: dict[str, Array]
    labels: dict[str, Text]
    time: Array | None
    lines: Array
    text: Array = field(repr=False)
    spans: Array = field(repr=False)
    file: str = ""

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return self.lines.size

    def take(self, mask: Array) -> "ArchiveRows":
        """Return the rows where the mask is true."""
        if mask.all():
            return self
        return replace(
            self,
            numbers={name: values[mask] for name, values in self.numbers.items()},
            labels={
                name: Text(text.codes[mask], text.labels)
                for name, text in self.labels.items()
            },
            time=None if self.time is None else self.time[mask],
            lines=self.lines[mask],
            spans=self.spans[mask],
        )

    def matches(self, name: str, condition: Callable[[str], bool]) -> Array:
        """Return a mask of the rows whose text meets a condition."""
        text = self.labels[name]
        matching = [condition(decode_text(label)) for label in text.labels]
        return np.array(matching, bool)[text.codes]


def decode_text(label: bytes) -> str:
    """Decode bytes as UTF-8, or as ISO-8859-1 if they are not UTF-8."""
    try:
        return label.decode("utf-8").strip()
    except UnicodeDecodeError:
        return label.decode("iso-8859-1").strip()


class StringTable:
    """Distinct texts of all chunks, numbered in order of appearance."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self._index: dict[str, int] = {}

    def codes(self, text: Text) -> Array:
        """Return the number of each text in this table."""
        seen = np.zeros(len(text.labels), bool)
        seen[text.codes] = True
        table = np.zeros(len(text.labels), np.int32)
        for i in np.flatnonzero(seen).tolist():
            table[i] = self._number(decode_text(text.labels[i]))
        return table[text.codes]

    def _number(self, label: str) -> int:
        number = self._index.setdefault(label, len(self.labels))
        if number == len(self.labels):
            self.labels.append(label)
        return number


def join(parts: Sequence[Array], dtype: str | None = None) -> Array:
    """Concatenate arrays."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype or np.float64)


#: Value of a missing integer.
MISSING = -1


class Table:
    """Columns of rows that arrive in chunks."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.string_tables = {
            n: StringTable() for n in self.names if _is_label_column(n)
        }
        self._parts: dict[str, list[Array]] = {name: [] for name in self.names}
        self.size = 0

    def add(self, rows: ArchiveRows, more: Mapping[str, Array] | None = None) -> None:
        """Append rows."""
        for name in self.names:
            if more and name in more:
                part = more[name]
            elif name == TIME:
                part = (
                    rows.time
                    if rows.time is not None
                    else _missing_values(name, rows.size)
                )
            elif name in rows.labels:
                part = self.string_tables[name].codes(rows.labels[name])
            elif name in rows.numbers:
                part = as_stored(name, rows.numbers[name])
            else:
                part = _missing_values(name, rows.size)
            self._parts[name].append(part)
        self.size += rows.size

    def take(self, count: int) -> dict[str, Array]:
        """Remove the first rows and return their columns."""
        taken = {}
        for name in self.names:
            column = join(self._parts[name], _dtype(name))
            taken[name], rest = column[:count], column[count:]
            self._parts[name] = [rest] if rest.size else []
        self.size = max(self.size - count, 0)
        return taken

    def frame(self, count: int | None = None) -> "pd.DataFrame":
        """Remove the first rows and return them as a table."""
        import pandas as pd

        taken = self.take(self.size if count is None else count)
        columns: dict[str, Any] = {}
        for name in self.names:
            values = taken.pop(name)
            if name in self.string_tables:
                labels = pd.Index(self.string_tables[name].labels, dtype="str")
                columns[name] = pd.Categorical.from_codes(values, categories=labels)
            else:
                columns[name] = values
        return pd.DataFrame(columns, copy=False)


def _is_label_column(name: str) -> bool:
    column = column_of(name)
    return column.kind == "text" if column else "oceanco2" not in name and name != TIME


def _dtype(name: str) -> str:
    if name == TIME:
        return NANOSECONDS
    if _is_label_column(name):
        return "int32"
    return "int16" if name in INTEGERS else "float64"


def as_stored(name: str, values: Array) -> Array:
    """Convert the values of an integer column to int16; leave others unchanged."""
    if name not in INTEGERS:
        return values
    return np.where(np.isnan(values), MISSING, values).astype(np.int16)


def _missing_values(name: str, size: int) -> Array:
    if name == TIME:
        return np.full(size, np.datetime64("NaT"), NANOSECONDS)
    kind = _dtype(name)
    return np.full(size, np.nan if kind == "float64" else MISSING, kind)
