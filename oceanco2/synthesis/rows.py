"""Rows of a chunk of a file: numbers, times, texts, and the bytes they come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from oceanco2.socat.archive.printing import Array, Text

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
