"""Rows of a piece of a file: numbers, times and words, and the bytes they came from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from oceanco2.socat_format import Text
from oceanco2.socat_format.printing import Array

NANOSECONDS = "datetime64[ns]"


@dataclass
class Rows:
    """Some rows."""

    numbers: dict[str, Array]
    words: dict[str, Text]
    time: Array | None
    lines: Array
    text: Array = field(repr=False)
    spans: Array = field(repr=False)
    file: str = ""

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return self.lines.size

    def take(self, which: Array) -> "Rows":
        """Return some of the rows."""
        if which.all():
            return self
        return replace(
            self,
            numbers={name: values[which] for name, values in self.numbers.items()},
            words={
                name: Text(text.codes[which], text.words)
                for name, text in self.words.items()
            },
            time=None if self.time is None else self.time[which],
            lines=self.lines[which],
            spans=self.spans[which],
        )

    def matches(self, name: str, wanted: Callable[[str], bool]) -> Array:
        """Return where a word is one of those wanted."""
        text = self.words[name]
        found = [wanted(decoded(word)) for word in text.words]
        return np.array(found, bool)[text.codes]


def decoded(word: bytes) -> str:
    """Return a word as text: UTF-8, else ISO-8859-1."""
    try:
        return word.decode("utf-8").strip()
    except UnicodeDecodeError:
        return word.decode("iso-8859-1").strip()


class Lexicon:
    """Words of a whole file: each has one number, in the order of appearance."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._index: dict[str, int] = {}

    def codes(self, text: Text) -> Array:
        """Return the numbers of words."""
        seen = np.zeros(len(text.words), bool)
        seen[text.codes] = True
        table = np.zeros(len(text.words), np.int32)
        for i in np.flatnonzero(seen).tolist():
            table[i] = self._number(decoded(text.words[i]))
        return table[text.codes]

    def _number(self, word: str) -> int:
        number = self._index.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number


def join(parts: Sequence[Array], dtype: str | None = None) -> Array:
    """Put arrays behind each other."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype or np.float64)
