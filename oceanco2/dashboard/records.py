"""Lines to records: separators, quotes, blanks (docs/socat-rules.md#file-layout).

Invalid records are kept in order, with their line number and the reason.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from types import MappingProxyType
from typing import NamedTuple

from oceanco2.socat.checker.reading import Source

#: Names of the delimiters on the dashboard.
SEPARATORS = MappingProxyType({"tab": "\t", "comma": ",", "semicolon": ";"})
#: Most lines of a quoted cell; one that never ends must not take the whole file.
_MOST_LINES = 20


class Record(NamedTuple):
    """Cells of one record."""

    #: Number of its first line.
    line: int
    #: Text of the cells without surrounding blanks and quotes.
    cells: list[str]
    #: Why it cannot be split into cells; empty if it can.
    fault: str = ""
    #: Whether its last line ends with a line break.
    complete: bool = True


class Records(Iterator[Record]):
    """The records of a file that are not blank, in order.

    Parameters
    ----------
    source : Source
        The file.
    delimiter : str
        Character between two cells.

    Attributes
    ----------
    width : int
        Number of cells that a record should have, once known: a quoted cell may span
        several lines only if the record then has this number.
    """

    def __init__(self, source: Source, delimiter: str) -> None:
        self.width = 0
        self._delimiter = delimiter
        self._lines = source.lines()
        self._pending: deque[str] = deque()
        self._number = 0
        self._pushed_back: list[Record] = []

    def push_back(self, record: Record) -> None:
        """Push a record back, so that it is returned again.

        Parameters
        ----------
        record : Record
            The last one returned.
        """
        self._pushed_back.append(record)

    def __next__(self) -> Record:
        """Return the next record."""
        if self._pushed_back:
            return self._pushed_back.pop()
        while True:
            line = self._pending.popleft() if self._pending else next(self._lines)
            self._number += 1
            if '"' in line:
                record = self._quoted_record(line)
            else:
                cells = self._split(line)
                record = Record(self._number, cells, "", line[-1] == "\n")
            if any(record.cells) or record.fault:
                return record

    def _split(self, line: str) -> list[str]:
        needs_no_stripping = " " not in line and line.isascii()
        if needs_no_stripping and (self._delimiter == "\t" or "\t" not in line):
            return line.rstrip("\n").split(self._delimiter)
        return [cell.strip() for cell in line.split(self._delimiter)]

    def _quoted_record(self, line: str) -> Record:
        number, lines = self._number, [line]
        cells, fault = self._split_quoted(line)
        while cells is None and len(lines) < _MOST_LINES:
            next_line = (
                self._pending.popleft() if self._pending else next(self._lines, None)
            )
            if next_line is None:
                break
            lines.append(next_line)
            cells, fault = self._split_quoted("".join(lines))
        is_complete = cells is not None and not fault and len(cells) in (self.width, 0)
        if cells is None or (len(lines) > 1 and not is_complete and self.width):
            # Take this line as a record of its own and read the following ones again.
            self._pending.extendleft(reversed(lines[1:]))
            return Record(
                number, self._split_invalid(line), "a quote that does not end", True
            )
        self._number += len(lines) - 1
        return Record(number, cells, fault, lines[-1].endswith("\n"))

    def _split_quoted(self, text: str) -> tuple[list[str] | None, str]:
        """Split text with quotes into cells; None while a quote is open."""
        fault = ""
        # Blanks after a closing quote are allowed.
        for attempt in (text, re.sub(rf'" +(?={self._delimiter}|\n|$)', '"', text)):
            reader = csv.reader(
                io.StringIO(attempt),
                delimiter=self._delimiter,
                skipinitialspace=True,
                strict=True,
            )
            try:
                return [cell.strip() for cell in next(reader)], ""
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    return None, ""
                fault = "a quote amid text"
        return self._split_invalid(text), fault

    def _split_invalid(self, text: str) -> list[str]:
        return [cell.strip(' "\n') for cell in text.split(self._delimiter)]
