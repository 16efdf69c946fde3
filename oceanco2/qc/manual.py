"""Manual flags: read from CSV, applied, kept with an audit trail; the template."""

import csv
import json
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, named_tests
from oceanco2.datasets import set_by_hand
from oceanco2.errors import DataWarning, ProcessingError, ReadError, choose_name
from oceanco2.files import digest, reading
from oceanco2.qc.cascade import INPUTS
from oceanco2.text import decode, is_empty, split_lines
from oceanco2.vocabulary import (
    BAD,
    FLAG_VALUES,
    GOOD,
    QUESTIONABLE,
    RUN_TYPES,
    VARIABLES,
)

if TYPE_CHECKING:
    import pandas as pd

#: In place of a file: flags given in Python.
PYTHON = "Python"
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
        by comma, semicolon or tab, in UTF-8 or Windows-1252; lines that begin with
        ``#`` are comments. An end that is a date without a time means the end of that
        day.

    Returns
    -------
    list of ManualFlag
        In the order of the file; a later line wins.

    Raises
    ------
    ProcessingError
        If the file cannot be read or a line is invalid; names file and line.
    """
    with reading(path, error=ProcessingError):
        content = Path(path).read_bytes()
    lines = [
        (number, line)
        for number, line in enumerate(_lines(content, str(path)), start=1)
        if line.strip() and not line.startswith("#")
    ]
    # Spreadsheets use the separator of their locale.
    delimiter = next((m for m in ";\t" if lines and m in lines[0][1]), ",")
    try:
        rows = list(csv.reader([line for _, line in lines], delimiter=delimiter))
    except csv.Error as error:
        raise ProcessingError(f"{path}: is not a CSV: {error}") from None
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


def _lines(content: bytes, path: str) -> list[str]:
    """Return the lines of a text; spreadsheets also write Windows-1252."""
    if is_empty(content):
        return []
    try:
        return split_lines(decode(content, "auto", path)[0])
    except ReadError as error:
        raise ProcessingError(str(error)) from None


#: Columns that a table of Python may lack.
_OPTIONAL = {"end": "", "who": "", "when": "", "reason": ""}


def manual_table(table: "pd.DataFrame") -> list[ManualFlag]:
    """Return the manual flags of a table with the columns of the CSV."""
    columns = [str(name).strip().lower() for name in table.columns]
    for name in columns:
        choose_name("column", name, COLUMNS, "manual flags", error=ProcessingError)
    required = [name for name in COLUMNS if name not in {*columns, *_OPTIONAL}]
    if required or len(set(columns)) < len(columns):
        fault = f"no column {', '.join(required)}" if required else "a column twice"
        raise ProcessingError(f"manual flags: {fault}; needed: {', '.join(COLUMNS)}")
    entries = []
    for number, row in enumerate(table.itertuples(index=False, name=None), start=1):
        texts = _OPTIONAL | dict(zip(columns, map(_cell, row), strict=True))
        where = f"manual flags, row {number}"
        entry = _entry([texts[name] for name in COLUMNS], where)
        entries.append(replace(entry, file=PYTHON, line=number))
    return entries


def _cell(value: Any) -> str:
    """Return a value of a table as the CSV has it; moments keep their time of day."""
    import pandas as pd

    value = np.asarray(value)[()] if hasattr(value, "dtype") else value
    if np.ndim(value) == 0 and pd.isna(value):
        return ""
    if isinstance(value, np.datetime64 | datetime):
        return pd.Timestamp(value).isoformat()
    if isinstance(value, float | np.floating) and value % 1 == 0:
        return str(int(value))
    return str(value)


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
        position = entry.variable in ("latitude", "longitude")
        if position and entry.variable not in variables:
            raise ProcessingError(
                f"{where}: {entry.variable} has no separate flag. Did you mean"
                " 'position'?"
            )
        choose_name("variable", entry.variable, variables, where, error=ProcessingError)
        rows = finder.rows(entry)
        if not rows.size:
            message = f"{where}: {entry.variable} {entry.start}: no row at this time"
            warnings.warn(message, DataWarning, stacklevel=2)
        if entry.variable not in flags:
            flags[entry.variable] = np.full(finder.size, NO_MANUAL_FLAG, np.int8)
        flags[entry.variable][rows] = entry.flag
    return flags


#: Global attribute that holds the manual flags with their audit trail.
ATTRIBUTE = "manual_flags"
_FLAG_NAMES = {code: word for word, code in FLAG_VALUES.items()}
_FIELDS = tuple(field.name for field in fields(ManualFlag))


@dataclass(frozen=True, slots=True)
class ManualEntries:
    """Manual flags of a dataset: those stored in it and new ones."""

    entries: list[ManualFlag]
    flags: dict[str, np.ndarray]


def stored_entries(ds: xr.Dataset) -> list[ManualFlag]:
    """Return the manual flags that are stored in a dataset."""
    stored = ds.attrs.get(ATTRIBUTE) or []
    if isinstance(stored, str):
        stored = json.loads(stored)
    return [
        ManualFlag(**{key: entry[key] for key in _FIELDS if key in entry})
        for entry in stored
    ]


def given_entries(manual: "str | Path | pd.DataFrame | None") -> list[ManualFlag]:
    """Return the manual flags of a CSV or of a table."""
    if manual is None:
        return []
    return (
        read_manual(manual) if isinstance(manual, str | Path) else manual_table(manual)
    )


def _entries_by_hand(ds: xr.Dataset, name: str) -> list[ManualFlag]:
    """Return flags that somebody set in the dataset; neighbours in time are one."""
    rows = set_by_hand(ds, name)
    if rows is None or not rows.any():
        return []
    time, flags = ds["time"].to_numpy(), ds[f"{name}_flag"].to_numpy()
    order = np.argsort(time, kind="stable")
    kinds = np.where(rows, flags, -1)[order]
    starts = np.flatnonzero(np.diff(kinds, prepend=-2) != 0)
    ends = np.append(starts[1:], order.size) - 1
    reason, entries = "set in the dataset by hand", []
    for start, end in zip(starts, ends, strict=True):
        if rows[order[start]]:
            period = [_time_text(time[order[row]]) for row in (start, end)]
            cells = [*period, name, str(kinds[start]), reason, "", ""]
            entry = _entry(cells, f"{name}_flag, changed by hand")
            entries.append(replace(entry, file=PYTHON))
    return entries


def manual_entries(
    ds: xr.Dataset, manual: "str | Path | pd.DataFrame | None", names: Iterable[str]
) -> ManualEntries:
    """Collect the manual flags of a dataset, stored or set by hand, and new ones."""
    variables = dict.fromkeys(names)
    new = given_entries(manual)
    repeated = {entry.content for entry in new}
    old = [entry for entry in stored_entries(ds) if entry.content not in repeated]
    old += [entry for name in variables for entry in _entries_by_hand(ds, name)]
    flags = {
        name: ds[f"{name}_flag_manual"].to_numpy().astype(np.int8)  # a copy
        for name in variables
        if f"{name}_flag_manual" in ds
    }
    finder = RowFinder(ds["time"].to_numpy())
    for entry in old:
        if entry.variable in variables:
            if entry.variable not in flags:
                flags[entry.variable] = np.full(finder.size, NO_MANUAL_FLAG, "int8")
            flags[entry.variable][finder.rows(entry)] = entry.flag
    source = str(manual) if isinstance(manual, str | Path) else PYTHON
    for name, values in flag_arrays(new, ds, variables, source).items():
        flags[name] = np.where(
            values > NO_MANUAL_FLAG, values, flags.get(name, NO_MANUAL_FLAG)
        )
    flags = {name: values.astype(np.int8) for name, values in flags.items()}
    return ManualEntries([*old, *new], flags)


#: Run types whose gas is known: their readings calibrate the samples.
_REFERENCES = [RUN_TYPES[word] for word in ("standard", "zero", "span")]


def bad_references(ds: xr.Dataset, entries: Iterable[ManualFlag]) -> dict[str, Any]:
    """Return where manual flags call a reading of a gas standard bad, by variable."""
    named = [
        e for e in entries if e.variable in VARIABLES and e.variable in ds.data_vars
    ]
    if not named:
        return {}
    known = np.zeros(ds.sizes["time"], dtype=bool)
    if "run_type" in ds:
        known |= np.isin(ds["run_type"].to_numpy(), _REFERENCES)
    if "state_zero" in ds:
        known |= ds["state_zero"].to_numpy() > 0
    finder = RowFinder(ds["time"].to_numpy())
    bad: dict[str, np.ndarray] = {}
    for entry in named:
        rows = bad.setdefault(entry.variable, np.zeros(known.size, dtype=bool))
        rows[finder.rows(entry)] = entry.flag == BAD
    return {name: rows & known for name, rows in bad.items() if (rows & known).any()}


def check_references(ds: xr.Dataset, entries: Iterable[ManualFlag]) -> None:
    """Raise ProcessingError if flags would change the calibration of a dataset."""
    before = bad_references(ds, stored_entries(ds))
    after = bad_references(ds, [*stored_entries(ds), *entries])
    for name in {**before, **after}:
        changed = before.get(name, False) != after.get(name, np.array(False))
        if changed.any():
            raise ProcessingError(
                f"{name}: manual flags of {int(changed.sum())} readings of gas"
                " standards change the calibration: process the raw files with these"
                " flags (process --manual)"
            )


def audit_attrs(
    manual: ManualEntries, time: np.ndarray, automatic: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """Return the audit trail as an attribute, with automatic flags by entry."""
    finder = RowFinder(time)
    rows_of_entries = [finder.rows(entry) for entry in manual.entries]
    last: dict[str, np.ndarray] = {}
    for number, (entry, rows) in enumerate(
        zip(manual.entries, rows_of_entries, strict=True)
    ):
        if entry.variable not in last:
            last[entry.variable] = np.full(time.size, -1)
        last[entry.variable][rows] = number
    trail = []
    for number, (entry, rows) in enumerate(
        zip(manual.entries, rows_of_entries, strict=True)
    ):
        before = automatic.get(entry.variable)
        trail.append(
            {key: getattr(entry, key) for key in _FIELDS}
            | {
                "rows": int(rows.size),
                "rows_standing": int((last[entry.variable][rows] == number).sum()),
                "automatic": {} if before is None else _counts(before[rows]),
            }
        )
    return {ATTRIBUTE: trail} if trail else {}


def _counts(flags: np.ndarray) -> dict[str, int]:
    codes, numbers = np.unique(flags, return_counts=True)
    return {
        _FLAG_NAMES[int(code)]: int(n) for code, n in zip(codes, numbers, strict=True)
    }


def audit(ds: xr.Dataset) -> dict[str, Any]:
    """Return the audit trail of the manual flags in a dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.

    Returns
    -------
    dict
        Ready for JSON: ``entries`` (manual flags with file, line, digest, rows and the
        automatic flags there), ``variables`` (rows by manual flag, and how many
        differ from the automatic flag) and ``remarks``.
    """
    stored = ds.attrs.get(ATTRIBUTE) or []
    entries = json.loads(stored) if isinstance(stored, str) else list(stored)
    variables: dict[str, dict[str, Any]] = {}
    for name in (str(n).removesuffix("_flag_manual") for n in ds.data_vars):
        if f"{name}_flag_manual" not in ds:
            continue
        values = ds[f"{name}_flag_manual"].to_numpy()
        is_set = values > NO_MANUAL_FLAG
        variables[name] = {"flags": _counts(values[is_set])}
        if f"{name}_flag_automatic" in ds:
            changed = ds[f"{name}_flag_automatic"].to_numpy() != values
            variables[name]["changed"] = int((is_set & changed).sum())
    return {"entries": entries, "variables": variables, "remarks": _remarks(entries)}


def _remarks(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    issues: dict[str, list[str]] = {}
    for entry in entries:
        where = f"{entry.get('file') or '?'}:{entry.get('line') or '?'}"
        missing = [key for key in ("who", "when") if not entry.get(key)]
        if missing and int(entry["flag"]) >= QUESTIONABLE:
            issues.setdefault(f"without {' and '.join(missing)}", []).append(where)
        if entry.get("rows") == 0:
            issues.setdefault("that match no row of this dataset", []).append(where)
    return [
        f"{len(where):,} entries {what}: {', '.join(where[:5])}"
        + (" ..." if len(where) > 5 else "")
        for what, where in issues.items()
    ]


def audit_text(ds: xr.Dataset) -> str:
    """Return the audit trail of the manual flags in a dataset as text.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.

    Returns
    -------
    str
        One block for each manual flag.
    """
    trail = audit(ds)
    if not trail["entries"] and not trail["variables"]:
        return "no manual flags"
    lines = [_entry_text(entry) for entry in trail["entries"]]
    for name, counts in trail["variables"].items():
        changed = counts.get("changed", "?")
        lines.append(
            f"{name}: manual flags {_counts_text(counts['flags'])};"
            f" {changed} differ from the automatic flag"
        )
    return "\n".join([*lines, *trail["remarks"]])


def _entry_text(entry: Mapping[str, Any]) -> str:
    period = " to ".join(dict.fromkeys((entry["start"], entry["end"])))
    rows = (
        f"{entry.get('rows', '?')} rows ({entry.get('rows_standing', '?')} in effect)"
    )
    who = f"{entry['who'] or 'no name'}, {entry['when'] or 'no date'}"
    source = f"{entry.get('file', '')}:{entry.get('line', '')}"
    return "\n".join(
        (
            f"{entry['variable']}: {_FLAG_NAMES[int(entry['flag'])]}, {period}, {rows}",
            f"  {entry['reason'] or 'no reason'}",
            f"  {who}; {source} sha256 {entry.get('sha256', '')[:12]}",
            f"  automatic flags there: {_counts_text(entry.get('automatic') or {})}",
        )
    )


def _counts_text(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{word} {n:,}" for word, n in counts.items()) or "none"


_RESULT = "fCO2_water_SST_wet"


def flagged_names(ds: xr.Dataset) -> list[str]:
    """Return the variables that have flags."""
    names = ("position", "time", *VARIABLES)
    return [name for name in names if f"{name}_flag" in ds]


def manual_template(ds: xr.Dataset, variables: str | Iterable[str] = ()) -> str:
    """Return a CSV template of the flagged periods that await a manual decision.

    Neighbours in time with the same flag and tests are one line. Rows that have a
    manual flag already are omitted.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.
    variables : str or iterable of str, optional
        Variables to list. By default all flags of the fugacity of the water, and of
        every other variable the flags that do not come from its inputs.

    Returns
    -------
    str
        CSV that `read_manual` reads; every line is a comment until its ``#`` is
        removed.

    Raises
    ------
    ProcessingError
        If the dataset has no flags.
    UnknownNameError
        If a variable has no flags.
    """
    flagged = flagged_names(ds)
    if not flagged:
        raise ProcessingError("the dataset has no flags: nothing to review")
    chosen = [variables] if isinstance(variables, str) else list(variables)
    for name in chosen:
        choose_name("variable with a flag", name, flagged)
    with_inputs = {*chosen} or {_RESULT}
    lines = [",".join(COLUMNS)]
    for name in chosen or _inputs_first(flagged):
        lines += _template_lines(ds, name, with_inputs=name in with_inputs)
    return "\n".join(lines) + "\n"


def _inputs_first(flagged: Sequence[str]) -> list[str]:
    """Sort inputs before results."""
    return sorted(flagged, key=lambda name: (name in INPUTS, name == _RESULT))


def _template_lines(ds: xr.Dataset, name: str, with_inputs: bool) -> list[str]:
    time = ds["time"].to_numpy()
    flags = ds[f"{name}_flag"].to_numpy().astype(np.int64)
    tests = np.zeros(flags.shape, np.int64)
    attrs = ds[f"{name}_tests"].attrs if f"{name}_tests" in ds else {}
    if f"{name}_tests" in ds:
        tests = ds[f"{name}_tests"].to_numpy().astype(np.int64)
    undecided = (flags == QUESTIONABLE) | (flags == BAD)
    if f"{name}_flag_manual" in ds:
        undecided &= ds[f"{name}_flag_manual"].to_numpy() == NO_MANUAL_FLAG
    if not with_inputs:
        undecided &= (tests & TEST_BITS["input"]) == 0
    order = np.argsort(time, kind="stable")
    order = order[~np.isnat(time[order])]
    if not order.size:
        return []
    # Flags of 3 and 4 differ from the 0 of all other rows.
    kinds = [np.where(undecided, array, 0)[order] for array in (flags, tests)]
    changes = [np.diff(kind, prepend=-1) != 0 for kind in kinds]
    starts = np.flatnonzero(changes[0] | changes[1])
    ends = np.append(starts[1:], order.size) - 1
    out = []
    for start, end in zip(order[starts], order[ends], strict=True):
        if undecided[start]:
            reason = " ".join(named_tests(int(tests[start]), attrs)) or "no test named"
            first, last = (_time_text(time[row]) for row in (start, end))
            out.append(f"#{first},{last},{name},{flags[start]},{reason},,")
    return out


def _time_text(moment: np.datetime64) -> str:
    """Format a time with enough digits to find its row again."""
    return str(np.datetime_as_string(moment, unit="ms"))
