"""Flags set by people: read, applied on top, never lost, never without a reason."""

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
NOBODY = FLAG_VALUES["not_evaluated"]
_SETTABLE = (GOOD, QUESTIONABLE, BAD)
#: Times in such files are typed: to the millisecond is the same moment.
_SLACK = np.timedelta64(500, "us")

#: Years that nanoseconds can tell; no word such as "now".
_TIME = re.compile(
    r"(?P<utc>(?:19|20|21)\d\d-\d\d-\d\d"
    r"(?:[T ]\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?)?)"
    r" ?(?:Z|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?)?"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ManualFlag:
    """One line of a person's flags."""

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
    def said(self) -> tuple[str | int, ...]:
        """What the person wrote, wherever it stands."""
        return tuple(getattr(self, key) for key in COLUMNS)


def read_manual(path: str | Path) -> list[ManualFlag]:
    """Read flags set by people.

    Parameters
    ----------
    path : str or Path
        CSV with the columns start, end, variable, flag, reason, who, when, set apart
        by comma, semicolon or tab; lines that begin with ``#`` are comments. An end
        that is a date without a time is the end of that day.

    Returns
    -------
    list of ManualFlag
        In the order of the file; a later line wins.

    Raises
    ------
    ProcessingError
        If the file cannot be read or a line cannot be right; names file and line.
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
    # Spreadsheets set cells apart by what is usual in their country.
    mark = next((m for m in ";\t" if lines and m in lines[0][1]), ",")
    rows = list(csv.reader([line for _, line in lines], delimiter=mark))
    head = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    if head != COLUMNS:
        raise ProcessingError(f"{path}: the first line must be {','.join(COLUMNS)}")
    if len(rows) != len(lines):
        raise ProcessingError(f"{path}: a quoted text goes on over the end of its line")
    name, sha256 = Path(path).name, digest(content)
    return [
        replace(_entry(row, f"{path}:{n}"), file=name, line=n, sha256=sha256)
        for row, (n, _) in zip(rows[1:], lines[1:], strict=True)
    ]


def _entry(row: list[str], where: str) -> ManualFlag:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(COLUMNS):
        raise ProcessingError(f"{where}: has {len(cells)} fields, needs {len(COLUMNS)}")
    said = dict(zip(COLUMNS, cells, strict=True))
    said["end"] = said["end"] or said["start"]
    if _DAY.fullmatch(said["end"]):
        said["end"] += "T23:59:59.999"
    for key in ("start", "end"):
        said[key] = _utc(said[key], where)
    if _moment(said["end"], where) < _moment(said["start"], where):
        raise ProcessingError(f"{where}: end lies before start")
    if said["flag"] not in {str(flag) for flag in _SETTABLE}:
        raise ProcessingError(f"{where}: flag {said['flag']!r} is not 2, 3 or 4")
    flag = int(said["flag"])
    if flag != GOOD and not said["reason"]:
        raise ProcessingError(f"{where}: flag {flag} needs a reason")
    if said["when"]:
        _moment(said["when"], f"{where}: when")
    return ManualFlag(**(said | {"flag": flag}))  # type: ignore[arg-type]


def _moment(text: str, where: str) -> np.datetime64:
    """Read a time with the offset of its zone, if it tells one, taken off."""
    if not text:
        raise ProcessingError(f"{where}: needs a time")
    found = _TIME.fullmatch(text)
    if found is None:
        raise ProcessingError(f"{where}: {text!r} is no ISO time")
    try:
        moment = np.datetime64(found["utc"], "ns")
    except ValueError:
        raise ProcessingError(f"{where}: {text!r} is no ISO time") from None
    if found["sign"]:
        offset = 60 * int(found["hours"]) + int(found["minutes"] or 0)
        moment -= np.timedelta64(int(f"{found['sign']}{offset}"), "m")
    return moment


def _utc(text: str, where: str) -> str:
    """Write a time of another zone as UTC; others stay as they were typed."""
    moment = _moment(text, where)
    zone = _TIME.fullmatch(text)
    if zone is None or not zone["sign"]:
        return text
    return str(np.datetime_as_string(moment, unit="ms"))


class Moments:
    """Finds the rows that lines speak about."""

    def __init__(self, time: np.ndarray) -> None:
        self.size = time.size
        self._order = np.argsort(time, kind="stable")
        self._sorted = time[self._order]

    def rows(self, entry: ManualFlag) -> np.ndarray:
        """Return the rows of one line."""
        first = _moment(entry.start, entry.file) - _SLACK
        last = _moment(entry.end, entry.file) + _SLACK
        start = np.searchsorted(self._sorted, first, side="left")
        return self._order[start : np.searchsorted(self._sorted, last, side="right")]


def applied(
    entries: list[ManualFlag], ds: xr.Dataset, known: Mapping[str, object], path: str
) -> dict[str, np.ndarray]:
    """Turn lines into one array of flags a variable."""
    moments = Moments(ds["time"].to_numpy())
    flags: dict[str, np.ndarray] = {}
    for entry in entries:
        where = f"{path}:{entry.line}"
        if entry.variable not in known:
            hint = did_you_mean(entry.variable, known)
            if entry.variable in ("latitude", "longitude"):
                hint = " Did you mean 'position'?"
            raise ProcessingError(f"{where}: no variable {entry.variable!r}.{hint}")
        rows = moments.rows(entry)
        if not rows.size:
            said = f"{where}: {entry.variable} {entry.start}: no row at that time"
            warnings.warn(said, DataWarning, stacklevel=2)
        if entry.variable not in flags:
            flags[entry.variable] = np.full(moments.size, NOBODY, np.int8)
        flags[entry.variable][rows] = entry.flag
    return flags
