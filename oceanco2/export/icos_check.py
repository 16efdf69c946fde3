"""What the Carbon Portal does with an ICOS OTC table, offline.

The rules of its format ``asciiOtcProductCsv``: the first column is the time whatever
its header says, names match exactly, a null is an empty cell or NaN, infinities are
refused, a flag is one character, other columns are allowed.
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

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.export.icos import FLAG

#: Values that every table must have, each with its flag.
MANDATORY = ("fCO2 [uatm]", "pCO2 [uatm]", "P_sal [psu]", "Temp [degC]")
#: Values that the portal knows beside these, each with its flag.
OPTIONAL = (
    "pCO2 in atmosphere [uatm]",
    "fCO2 in atmosphere [uatm]",
    "Atmospheric Pressure [hPa]",
)
POSITION = ("Latitude", "Longitude")
_LIMIT = {"Latitude": 90.0, "Longitude": 180.0}
#: Flags of positions that the portal takes.
GOOD_POSITION = frozenset("29")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{0,9})?Z", re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason for which the portal would refuse a table.

    Attributes
    ----------
    line : int
        Of the file, from 1; 0 for the file as a whole.
    column : str
        Header of the column; empty where a whole line is meant.
    text : str
        What is wrong.
    """

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        """Say it in one line."""
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{f'{self.column}: ' if self.column else ''}{self.text}"


@dataclass(frozen=True, slots=True)
class IcosCheck:
    """A table as the portal reads it.

    Attributes
    ----------
    rows : int
        Rows of data: ``nRows`` of the metadata.
    positions : int
        Positions that the portal takes: flag 2 or 9, or no column of flags.
    start, stop : str
        First and last time; empty where there is none.
    columns : tuple of str
        Headers.
    refusals : tuple of Refusal
        Empty if the table is ingested.
    """

    rows: int
    positions: int
    start: str
    stop: str
    columns: tuple[str, ...]
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> bool:
        """Whether the portal takes it.

        Returns
        -------
        bool
            True if there is no refusal.
        """
        return not self.refusals

    def report(self) -> dict[str, Any]:
        """Return everything, ready for JSON.

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
    """Read an ICOS OTC L1 or L2 table under the rules of the Carbon Portal.

    Parameters
    ----------
    path : str, Path or bytes
        The file, or what it holds.
    fixed_station : bool, default False
        A fixed station needs no positions; a ship does.

    Returns
    -------
    IcosCheck
        What was read and every reason to refuse it, with line and column.

    Raises
    ------
    ReadError
        If the file cannot be read at all.
    """
    content = path if isinstance(path, bytes) else _content(Path(path))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _nothing(Refusal(line, "", "is not UTF-8 text"))
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(records, [])
    except csv.Error as error:
        return _nothing(Refusal(1, "", f"no comma-separated text: {error}"))
    refusals = list(_about_header(header, fixed_station))
    table = _Table(header)
    try:
        for record in records:
            refusals += table.row(records.line_num, record)
    except csv.Error as error:
        said = f"no comma-separated text: {error}"
        refusals.append(Refusal(records.line_num, "", said))
    refusals += table.about_all(fixed_station)
    return IcosCheck(
        table.rows,
        table.positions,
        table.start,
        table.stop,
        tuple(header),
        tuple(refusals),
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from None


def _nothing(refusal: Refusal) -> IcosCheck:
    return IcosCheck(0, 0, "", "", (), (refusal,))


def _about_header(header: Sequence[str], fixed_station: bool) -> Iterator[Refusal]:
    wanted = [name for value in MANDATORY for name in (value, value + FLAG)]
    for name in [*wanted, *(() if fixed_station else POSITION)]:
        if name not in header:
            hint = did_you_mean(name, [h for h in header if h not in wanted])
            yield Refusal(1, name, f"no such column; names match exactly.{hint}")
    for name, count in Counter(header[1:]).items():
        if count > 1:
            yield Refusal(1, name, f"{count} columns of this name")


class _Table:
    """Reads rows and keeps what can be said at the end only."""

    def __init__(self, header: Sequence[str]) -> None:
        self.header = header
        known = {*MANDATORY, *OPTIONAL, *POSITION}  # others are not looked at
        places = {name: i for i, name in enumerate(header) if i > 0}
        self.values = {n: i for n, i in places.items() if n in known}
        flags = {name + FLAG for name in known}
        self.flags = {n: i for n, i in places.items() if n in flags}
        self.rows = self.positions = 0
        self.start = self.stop = ""

    def row(self, line: int, record: Sequence[str]) -> list[Refusal]:
        """Read one record; an empty line is none."""
        if not record:
            return []
        self.rows += 1
        if len(record) != len(self.header):
            said = f"{len(record)} fields, the header has {len(self.header)}"
            return [Refusal(line, "", said)]
        found = []
        problem = _instant(record[0])
        if problem:
            found.append(Refusal(line, self.header[0], problem))
        else:
            self.start = min(self.start or record[0], record[0])
            self.stop = max(self.stop, record[0])
        numbers: dict[str, float] = {}
        for name, place in self.values.items():
            numbers[name], problem = _number(record[place])
            if problem:
                found.append(Refusal(line, name, problem))
        for name, place in self.flags.items():
            if len(record[place]) > 1:
                said = f"flag {record[place]!r} is not one character"
                found.append(Refusal(line, name, said))
        return found + self._position(line, record, numbers)

    def _position(
        self, line: int, record: Sequence[str], numbers: Mapping[str, float]
    ) -> list[Refusal]:
        if not set(POSITION) <= set(numbers):
            return []
        for name in POSITION:
            place = self.flags.get(name + FLAG)
            if place is not None and record[place] not in GOOD_POSITION:
                return []
        if any(math.isnan(numbers[name]) for name in POSITION):
            return []
        self.positions += 1
        return [
            Refusal(line, name, f"{numbers[name]:g} beyond {limit:g}")
            for name, limit in _LIMIT.items()
            if abs(numbers[name]) > limit
        ]

    def about_all(self, fixed_station: bool) -> list[Refusal]:
        """Say what only the whole table shows."""
        if not self.rows:
            return [Refusal(0, "", "no rows of data")]
        moves = not fixed_station and set(POSITION) <= set(self.values)
        if moves and not self.positions:
            return [Refusal(0, "", "no position with flag 2 or 9: no coverage")]
        return []


def _instant(cell: str) -> str:
    """Say why a text is no UTC time of ISO 8601; empty if it is one."""
    match = _INSTANT.fullmatch(cell)
    try:
        if match is None:
            raise ValueError
        datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        return f"{cell!r} is no time such as 2020-01-01T00:00:00.000Z"
    return ""


def _number(cell: str) -> tuple[float, str]:
    """Return the number and what is wrong with it; NaN where there is none."""
    if cell in ("", "NaN"):
        return math.nan, ""
    if _INFINITE.fullmatch(cell):
        return math.nan, f"{cell!r} is infinite"
    if not _NUMBER.fullmatch(cell):
        return math.nan, f"{cell!r} is not a number"
    value = float(cell)
    return value, f"{cell!r} is infinite" if math.isinf(value) else ""
