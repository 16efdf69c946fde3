"""Lines to records: separators, quotes, blanks (docs/socat-rules.md#file-layout).

A record that breaks the rules is never dropped: it keeps its place and says its line.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from types import MappingProxyType
from typing import NamedTuple

from oceanco2.dashboard.encodings import Source

#: The dashboard's word for what stands between two cells.
SEPARATORS = MappingProxyType({"tab": "\t", "comma": ",", "semicolon": ";"})
#: A quoted cell that never ends must not swallow the file.
_MOST_LINES = 20


class Record(NamedTuple):
    """Cells of one record."""

    #: Number of its first line.
    line: int
    #: Without the blanks and quotes around them.
    cells: list[str]
    #: Why it cannot be taken apart; empty if it can.
    fault: str = ""
    #: Whether its last line ends.
    complete: bool = True


class Records(Iterator[Record]):
    """The records of a file that are not blank, in order.

    Parameters
    ----------
    source : Source
        The file.
    mark : str
        What separates two cells.

    Attributes
    ----------
    width : int
        Number of cells that a record should have, once known: a quoted cell goes over
        several lines only if that comes out.
    """

    def __init__(self, source: Source, mark: str) -> None:
        self.width = 0
        self._mark = mark
        self._lines = source.lines()
        self._waiting: deque[str] = deque()
        self._number = 0
        self._again: list[Record] = []

    def give_back(self, record: Record) -> None:
        """Put a record back, to be the next.

        Parameters
        ----------
        record : Record
            The last one returned.
        """
        self._again.append(record)

    def __next__(self) -> Record:
        """Return the next record."""
        if self._again:
            return self._again.pop()
        while True:
            line = self._waiting.popleft() if self._waiting else next(self._lines)
            self._number += 1
            if '"' in line:
                record = self._quoted(line)
            else:
                cells = self._split(line)
                record = Record(self._number, cells, "", line[-1] == "\n")
            if any(record.cells) or record.fault:
                return record

    def _split(self, line: str) -> list[str]:
        plain = " " not in line and line.isascii()
        if plain and (self._mark == "\t" or "\t" not in line):
            return line.rstrip("\n").split(self._mark)
        return [cell.strip() for cell in line.split(self._mark)]

    def _quoted(self, line: str) -> Record:
        number, texts = self._number, [line]
        cells, fault = self._cells(line)
        while cells is None and len(texts) < _MOST_LINES:
            more = self._waiting.popleft() if self._waiting else next(self._lines, None)
            if more is None:
                break
            texts.append(more)
            cells, fault = self._cells("".join(texts))
        whole = cells is not None and not fault and len(cells) in (self.width, 0)
        if cells is None or (len(texts) > 1 and not whole and self.width):
            # The line stands for itself, and those after it are read anew.
            self._waiting.extendleft(reversed(texts[1:]))
            return Record(number, self._plain(line), "a quote that does not end", True)
        self._number += len(texts) - 1
        return Record(number, cells, fault, texts[-1].endswith("\n"))

    def _cells(self, text: str) -> tuple[list[str] | None, str]:
        """Cells of text with quotes; None while a quote is open."""
        said = ""
        # Blanks behind a quote do no harm.
        for attempt in (text, re.sub(rf'" +(?={self._mark}|\n|$)', '"', text)):
            reader = csv.reader(
                io.StringIO(attempt),
                delimiter=self._mark,
                skipinitialspace=True,
                strict=True,
            )
            try:
                return [cell.strip() for cell in next(reader)], ""
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    return None, ""
                said = "a quote amid text"
        return self._plain(text), said

    def _plain(self, text: str) -> list[str]:
        return [cell.strip(' "\n') for cell in text.split(self._mark)]
