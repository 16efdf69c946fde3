"""Flags set by people: read, applied on top, never lost, never without a reason."""

import csv
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


@dataclass(frozen=True, slots=True)
class ManualFlag:
    """One line of a person's flags.

    Attributes
    ----------
    start, end : str
        ISO 8601, UTC, both included.
    variable : str
        Name on the dataset, or ``position`` or ``time``.
    flag : int
        2, 3 or 4.
    reason : str
        Needed for 3 and 4.
    who, when : str
        Who judged, and when.
    file : str
        Name of the CSV.
    line : int
        Where it stands there.
    sha256 : str
        Digest of the CSV.
    """

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
        """What the person wrote, wherever it stands.

        Returns
        -------
        tuple
            The columns of the CSV.
        """
        return tuple(getattr(self, key) for key in COLUMNS)


def read_manual(path: str | Path) -> list[ManualFlag]:
    """Read flags set by people.

    Parameters
    ----------
    path : str or Path
        CSV with the columns start, end, variable, flag, reason, who, when; lines that
        begin with ``#`` are comments.

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
    rows = list(csv.reader([line for _, line in lines]))
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
    for key in ("start", "end"):
        _moment(said[key], where)
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
    try:
        moment = np.datetime64(text.removesuffix("Z"), "ns")
    except ValueError:
        raise ProcessingError(f"{where}: {text!r} is no ISO time") from None
    if np.isnat(moment):
        raise ProcessingError(f"{where}: needs a time")
    return moment


class Moments:
    """Finds the rows that lines speak about.

    Parameters
    ----------
    time : ndarray of datetime64
        Times of all rows, in any order.
    """

    def __init__(self, time: np.ndarray) -> None:
        self.size = time.size
        self._order = np.argsort(time, kind="stable")
        self._sorted = time[self._order]

    def rows(self, entry: ManualFlag) -> np.ndarray:
        """Return the rows of one line.

        Parameters
        ----------
        entry : ManualFlag
            The line.

        Returns
        -------
        ndarray of int
            From start to end, both included, to the millisecond.
        """
        first = _moment(entry.start, entry.file) - _SLACK
        last = _moment(entry.end, entry.file) + _SLACK
        start = np.searchsorted(self._sorted, first, side="left")
        return self._order[start : np.searchsorted(self._sorted, last, side="right")]


def applied(
    entries: list[ManualFlag], ds: xr.Dataset, known: Mapping[str, object], path: str
) -> dict[str, np.ndarray]:
    """Turn lines into one array of flags a variable.

    Parameters
    ----------
    entries : list of ManualFlag
        From `read_manual`.
    ds : xarray.Dataset
        The data they are about.
    known : mapping
        Variables that have flags.
    path : str
        The CSV, for messages.

    Returns
    -------
    dict of str to ndarray of int8
        0 where nobody said anything.

    Raises
    ------
    ProcessingError
        If a variable is not on the dataset.

    Warns
    -----
    DataWarning
        If a line matches no row.
    """
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
