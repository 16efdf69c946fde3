"""Manual flags: read from CSV and flag_arrays to the rows of a dataset."""

import csv
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.errors import DataWarning, ProcessingError, did_you_mean
from oceanco2.provenance import digest
from oceanco2.vocabulary import BAD, FLAG_VALUES, GOOD, QUESTIONABLE

COLUMNS = ("start", "end", "variable", "flag", "reason", "who", "when")
NO_MANUAL_FLAG = FLAG_VALUES["not_evaluated"]
_SETTABLE = (GOOD, QUESTIONABLE, BAD)
#: Times in such files have milliseconds: they match rows within half of one.
_SLACK = np.timedelta64(500, "us")

#: Years that fit into nanoseconds; no words such as "now".
_TIME = re.compile(
    r"(?P<utc>(?:19|20|21)\d\d-\d\d-\d\d"
    r"(?:[T ]\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?)?)"
    r" ?(?:Z|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?)?"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ManualFlag:
    """One manual flag: a line of the CSV."""

    start: str
    end: str
    variable: str
    flag: int
    reason: str
    who: str
    when: str
    file: str = ""
    line: int = 0
    sha256: str = ""

    @property
    def content(self) -> tuple[str | int, ...]:
        """Return the columns of the CSV, without file and line."""
        return tuple(getattr(self, key) for key in COLUMNS)


def read_manual(path: str | Path) -> list[ManualFlag]:
    """Read manual flags from a CSV.

    Parameters
    ----------
    path : str or Path
        CSV with the columns start, end, variable, flag, reason, who, when, separated
        by comma, semicolon or tab; lines that begin with ``#`` are comments. An end
        that is a date without a time means the end of that day.

    Returns
    -------
    list of ManualFlag
        In the order of the file; a later line wins.

    Raises
    ------
    ProcessingError
        If the file cannot be read or a line is invalid; names file and line.
    """
    try:
        content = Path(path).read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ProcessingError(f"{path}: cannot be read: {error}") from None
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    # Spreadsheets use the separator of their locale.
    delimiter = next((m for m in ";\t" if lines and m in lines[0][1]), ",")
    rows = list(csv.reader([line for _, line in lines], delimiter=delimiter))
    header = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    if header != COLUMNS:
        raise ProcessingError(f"{path}: the first line must be {','.join(COLUMNS)}")
    if len(rows) != len(lines):
        raise ProcessingError(f"{path}: quoted text must not continue on the next line")
    name, sha256 = Path(path).name, digest(content)
    return [
        replace(_entry(row, f"{path}:{n}"), file=name, line=n, sha256=sha256)
        for row, (n, _) in zip(rows[1:], lines[1:], strict=True)
    ]


def _entry(row: list[str], where: str) -> ManualFlag:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(COLUMNS):
        raise ProcessingError(f"{where}: {len(cells)} fields instead of {len(COLUMNS)}")
    fields = dict(zip(COLUMNS, cells, strict=True))
    fields["end"] = fields["end"] or fields["start"]
    if _DAY.fullmatch(fields["end"]):
        fields["end"] += "T23:59:59.999"
    for key in ("start", "end"):
        fields[key] = _utc(fields[key], where)
    if _parse_time(fields["end"], where) < _parse_time(fields["start"], where):
        raise ProcessingError(f"{where}: end is before start")
    if fields["flag"] not in {str(flag) for flag in _SETTABLE}:
        raise ProcessingError(
            f"{where}: flag must be 2, 3 or 4, not {fields['flag']!r}"
        )
    flag = int(fields["flag"])
    if flag != GOOD and not fields["reason"]:
        raise ProcessingError(f"{where}: flag {flag} requires a reason")
    if fields["when"]:
        _parse_time(fields["when"], f"{where}: when")
    return ManualFlag(**(fields | {"flag": flag}))  # type: ignore[arg-type]


def _parse_time(text: str, where: str) -> np.datetime64:
    """Parse a time and convert it to UTC if it has an offset."""
    if not text:
        raise ProcessingError(f"{where}: a time is required")
    match = _TIME.fullmatch(text)
    if match is None:
        raise ProcessingError(f"{where}: {text!r} is not an ISO time")
    try:
        moment = np.datetime64(match["utc"], "ns")
    except ValueError:
        raise ProcessingError(f"{where}: {text!r} is not an ISO time") from None
    if match["sign"]:
        offset = 60 * int(match["hours"]) + int(match["minutes"] or 0)
        moment -= np.timedelta64(int(f"{match['sign']}{offset}"), "m")
    return moment


def _utc(text: str, where: str) -> str:
    """Write a time with an offset as UTC; leave others unchanged."""
    moment = _parse_time(text, where)
    match = _TIME.fullmatch(text)
    if match is None or not match["sign"]:
        return text
    return str(np.datetime_as_string(moment, unit="ms"))


class RowFinder:
    """Finds the rows that manual flags refer to."""

    def __init__(self, time: np.ndarray) -> None:
        self.size = time.size
        self._order = np.argsort(time, kind="stable")
        self._sorted = time[self._order]

    def rows(self, entry: ManualFlag) -> np.ndarray:
        """Return the rows of one manual flag."""
        first = _parse_time(entry.start, entry.file) - _SLACK
        last = _parse_time(entry.end, entry.file) + _SLACK
        start = np.searchsorted(self._sorted, first, side="left")
        return self._order[start : np.searchsorted(self._sorted, last, side="right")]


def flag_arrays(
    entries: list[ManualFlag],
    ds: xr.Dataset,
    variables: Mapping[str, object],
    path: str,
) -> dict[str, np.ndarray]:
    """Convert manual flags to one array for each variable."""
    finder = RowFinder(ds["time"].to_numpy())
    flags: dict[str, np.ndarray] = {}
    for entry in entries:
        where = f"{path}:{entry.line}"
        if entry.variable not in variables:
            hint = did_you_mean(entry.variable, variables)
            if entry.variable in ("latitude", "longitude"):
                hint = " Did you mean 'position'?"
            raise ProcessingError(f"{where}: no variable {entry.variable!r}.{hint}")
        rows = finder.rows(entry)
        if not rows.size:
            message = f"{where}: {entry.variable} {entry.start}: no row at this time"
            warnings.warn(message, DataWarning, stacklevel=2)
        if entry.variable not in flags:
            flags[entry.variable] = np.full(finder.size, NO_MANUAL_FLAG, np.int8)
        flags[entry.variable][rows] = entry.flag
    return flags
