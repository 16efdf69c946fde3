"""Check ICOS OTC tables by the rules of the Carbon Portal, offline.

Rules of its format ``asciiOtcProductCsv``: the first column is the time, whatever its
header; names match exactly; a missing value is an empty cell or NaN; infinities are
rejected; a flag is one character; other columns are allowed.
"""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from oceanco2.errors import not_found
from oceanco2.files import reading
from oceanco2.icos.tables import FLAG

#: Required columns, each with a column of flags.
MANDATORY = ("fCO2 [uatm]", "pCO2 [uatm]", "P_sal [psu]", "Temp [degC]")
#: Optional columns that the portal reads, each with a column of flags.
OPTIONAL = (
    "pCO2 in atmosphere [uatm]",
    "fCO2 in atmosphere [uatm]",
    "Atmospheric Pressure [hPa]",
)
POSITION = ("Latitude", "Longitude")
_LIMIT = {"Latitude": 90.0, "Longitude": 180.0}
#: Flags of positions that the portal uses.
GOOD_POSITION = frozenset("29")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{0,9})?Z", re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which the portal would reject a table.

    Attributes
    ----------
    line : int
        Line number from 1; 0 for the whole file.
    column : str
        Header of the column; empty for a whole line.
    text : str
        What is wrong.
    """

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        """Return line, column and text in one line."""
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{f'{self.column}: ' if self.column else ''}{self.text}"


@dataclass(frozen=True, slots=True)
class IcosCheck:
    """Result of the check of a table.

    Attributes
    ----------
    rows : int
        Number of data rows: ``nRows`` of the metadata.
    positions : int
        Number of positions that the portal uses: flag 2 or 9, or no column of flags.
    start, stop : str
        First and last time; empty if there is none.
    columns : tuple of str
        Headers.
    refusals : tuple of Refusal
        Reasons for rejection; empty if the table is accepted.
    """

    rows: int
    positions: int
    start: str
    stop: str
    columns: tuple[str, ...]
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> bool:
        """Whether the portal accepts the table.

        Returns
        -------
        bool
            True if there is no refusal.
        """
        return not self.refusals

    def report(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON.

        Returns
        -------
        dict
            ``accepted``, ``nRows``, ``positions``, ``start``, ``stop``, ``messages``.
        """
        return {
            "accepted": self.accepted,
            "nRows": self.rows,
            "positions": self.positions,
            "start": self.start,
            "stop": self.stop,
            "messages": [
                {"line": r.line, "column": r.column, "text": r.text}
                for r in self.refusals
            ],
        }


def check_icos(path: str | Path | bytes, *, fixed_station: bool = False) -> IcosCheck:
    """Check an ICOS OTC L1 or L2 table by the rules of the Carbon Portal.

    Parameters
    ----------
    path : str, Path or bytes
        The file, or its content.
    fixed_station : bool, default False
        A fixed station needs no positions; a ship does.

    Returns
    -------
    IcosCheck
        Counts and all reasons for rejection, with line and column.

    Raises
    ------
    ReadError
        If the file cannot be read.
    """
    content = path if isinstance(path, bytes) else _content(Path(path))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _rejected(Refusal(line, "", "is not UTF-8 text"))
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(records, [])
    except csv.Error as error:
        return _rejected(Refusal(1, "", f"is not comma-separated text: {error}"))
    refusals = list(_header_refusals(header, fixed_station))
    table = _TableCheck(header)
    try:
        for record in records:
            refusals += table.row(records.line_num, record)
    except csv.Error as error:
        message = f"is not comma-separated text: {error}"
        refusals.append(Refusal(records.line_num, "", message))
    refusals += table.whole_table(fixed_station)
    return IcosCheck(
        table.rows,
        table.positions,
        table.start,
        table.stop,
        tuple(header),
        tuple(refusals),
    )


def _content(path: Path) -> bytes:
    with reading(path):
        return path.read_bytes()


def _rejected(refusal: Refusal) -> IcosCheck:
    return IcosCheck(0, 0, "", "", (), (refusal,))


def _header_refusals(header: Sequence[str], fixed_station: bool) -> Iterator[Refusal]:
    required = [name for value in MANDATORY for name in (value, value + FLAG)]
    for name in [*required, *(() if fixed_station else POSITION)]:
        if name not in header:
            others = [h for h in header if h not in required]
            yield Refusal(1, name, not_found("column", name, others))
    for name, count in Counter(header[1:]).items():
        if count > 1:
            yield Refusal(1, name, f"{count} columns of this name")


class _TableCheck:
    """Check rows one by one, and keep counts for the checks of the whole table."""

    def __init__(self, header: Sequence[str]) -> None:
        self.header = header
        recognised = {*MANDATORY, *OPTIONAL, *POSITION}  # other columns are not checked
        positions = {name: i for i, name in enumerate(header) if i > 0}
        self.values = {n: i for n, i in positions.items() if n in recognised}
        flags = {name + FLAG for name in recognised}
        self.flags = {n: i for n, i in positions.items() if n in flags}
        self.rows = self.positions = 0
        self.start = self.stop = ""

    def row(self, line: int, record: Sequence[str]) -> list[Refusal]:
        """Check one record; empty lines are skipped."""
        if not record:
            return []
        self.rows += 1
        if len(record) != len(self.header):
            message = f"{len(record)} fields, the header has {len(self.header)}"
            return [Refusal(line, "", message)]
        refusals = []
        problem = _time_problem(record[0])
        if problem:
            refusals.append(Refusal(line, self.header[0], problem))
        else:
            self.start = min(self.start or record[0], record[0])
            self.stop = max(self.stop, record[0])
        numbers: dict[str, float] = {}
        for name, position in self.values.items():
            numbers[name], problem = _number(record[position])
            if problem:
                refusals.append(Refusal(line, name, problem))
        for name, position in self.flags.items():
            if len(record[position]) > 1:
                message = f"flag {record[position]!r} is not one character"
                refusals.append(Refusal(line, name, message))
        return refusals + self._position(line, record, numbers)

    def _position(
        self, line: int, record: Sequence[str], numbers: Mapping[str, float]
    ) -> list[Refusal]:
        if not set(POSITION) <= set(numbers):
            return []
        for name in POSITION:
            position = self.flags.get(name + FLAG)
            if position is not None and record[position] not in GOOD_POSITION:
                return []
        if any(math.isnan(numbers[name]) for name in POSITION):
            return []
        self.positions += 1
        return [
            Refusal(line, name, f"{numbers[name]:g} beyond {limit:g}")
            for name, limit in _LIMIT.items()
            if abs(numbers[name]) > limit
        ]

    def whole_table(self, fixed_station: bool) -> list[Refusal]:
        """Return the problems of the table as a whole."""
        if not self.rows:
            return [Refusal(0, "", "no rows of data")]
        needs_position = not fixed_station and set(POSITION) <= set(self.values)
        if needs_position and not self.positions:
            return [Refusal(0, "", "no position with flag 2 or 9: no coverage")]
        return []


def _time_problem(cell: str) -> str:
    """Return the problem of a time as text; empty for a valid UTC time of ISO 8601."""
    match = _INSTANT.fullmatch(cell)
    try:
        if match is None:
            raise ValueError
        datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        return f"{cell!r} is not a time such as 2020-01-01T00:00:00.000Z"
    return ""


def _number(cell: str) -> tuple[float, str]:
    """Return the number (NaN if missing) and the problem with it."""
    if cell in ("", "NaN"):
        return math.nan, ""
    if _INFINITE.fullmatch(cell):
        return math.nan, f"{cell!r} is infinite"
    if not _NUMBER.fullmatch(cell):
        return math.nan, f"{cell!r} is not a number"
    value = float(cell)
    return value, f"{cell!r} is infinite" if math.isinf(value) else ""
