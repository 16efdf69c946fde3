"""Rows of a piece of a file: numbers, times and words, and the bytes they came from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from oceanco2.socat_format import Text
from oceanco2.socat_format.printing import Array

NANOSECONDS = "datetime64[ns]"


@dataclass
class Rows:
    """Some rows.

    Attributes
    ----------
    numbers : dict of str to ndarray of float64
        Column to values.
    words : dict of str to Text
        Column to words.
    time : ndarray of datetime64, or None
        Times (UTC), where they are wanted.
    lines : ndarray of int64
        Line number of each row in its file.
    text : ndarray of uint8
        Bytes of the piece.
    spans : ndarray of int64
        First byte of each row, and the byte behind it, two columns.
    file : str
        Name of the file.
    """

    numbers: dict[str, Array]
    words: dict[str, Text]
    time: Array | None
    lines: Array
    text: Array = field(repr=False)
    spans: Array = field(repr=False)
    file: str = ""

    @property
    def size(self) -> int:
        """Return the number of rows.

        Returns
        -------
        int
            Rows.
        """
        return self.lines.size

    def take(self, which: Array) -> "Rows":
        """Return some of the rows.

        Parameters
        ----------
        which : ndarray of bool
            True for those to take.

        Returns
        -------
        Rows
            These, in their order.
        """
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
        """Return where a word is one of those wanted.

        Parameters
        ----------
        name : str
            Column of words.
        wanted : callable
            Whether a word is wanted.

        Returns
        -------
        ndarray of bool
            One for each row.
        """
        text = self.words[name]
        found = [wanted(decoded(word)) for word in text.words]
        return np.array(found, bool)[text.codes]


def decoded(word: bytes) -> str:
    """Return a word as text: UTF-8, else ISO-8859-1.

    Parameters
    ----------
    word : bytes
        The word.

    Returns
    -------
    str
        The text, blanks around it taken off.
    """
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
        """Return the numbers of words.

        Parameters
        ----------
        text : Text
            Column of a piece.

        Returns
        -------
        ndarray of int32
            Numbers that hold in the whole file.
        """
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
    """Put arrays behind each other.

    Parameters
    ----------
    parts : sequence of ndarray
        The arrays; there may be none.
    dtype : str, optional
        Of the result where there are none.

    Returns
    -------
    ndarray
        One array.
    """
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype or np.float64)
