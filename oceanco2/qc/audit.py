"""Manual flags stored in the dataset, with their audit trail."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.qc.manual import (
    NO_MANUAL_FLAG,
    ManualFlag,
    RowFinder,
    flag_arrays,
    read_manual,
)
from oceanco2.vocabulary import FLAG_VALUES, QUESTIONABLE

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


def manual_entries(
    ds: xr.Dataset, manual: str | Path | None, names: Iterable[str]
) -> ManualEntries:
    """Collect the manual flags stored in a dataset and those of a CSV."""
    variables = dict.fromkeys(names)
    new = read_manual(manual) if manual is not None else []
    repeated = {entry.content for entry in new}
    old = [entry for entry in stored_entries(ds) if entry.content not in repeated]
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
    for name, values in flag_arrays(new, ds, variables, str(manual)).items():
        flags[name] = np.where(
            values > NO_MANUAL_FLAG, values, flags.get(name, NO_MANUAL_FLAG)
        )
    flags = {name: values.astype(np.int8) for name, values in flags.items()}
    return ManualEntries([*old, *new], flags)


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
