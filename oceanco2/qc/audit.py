"""Flags of people travel with the dataset: who said what, when, on which rows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.qc.manual import (
    NOBODY,
    ManualFlag,
    Moments,
    applied,
    read_manual,
)
from oceanco2.vocabulary import FLAG_VALUES, QUESTIONABLE

#: Global attribute that holds the lines, each with its account.
ATTRIBUTE = "manual_flags"
_WORDS = {code: word for word, code in FLAG_VALUES.items()}
_FIELDS = tuple(field.name for field in fields(ManualFlag))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What people have said of a dataset, earlier and now."""

    entries: list[ManualFlag]
    flags: dict[str, np.ndarray]


def earlier(ds: xr.Dataset) -> list[ManualFlag]:
    """Return the lines that a dataset carries."""
    carried = ds.attrs.get(ATTRIBUTE) or []
    if isinstance(carried, str):
        carried = json.loads(carried)
    return [
        ManualFlag(**{key: said[key] for key in _FIELDS if key in said})
        for said in carried
    ]


def spoken(ds: xr.Dataset, manual: str | Path | None, names: Iterable[str]) -> Spoken:
    """Gather the flags of people that a dataset carries and those of a CSV."""
    known = dict.fromkeys(names)
    new = read_manual(manual) if manual is not None else []
    repeated = {entry.said for entry in new}
    old = [entry for entry in earlier(ds) if entry.said not in repeated]
    flags = {
        name: ds[f"{name}_flag_manual"].to_numpy().astype(np.int8)  # a copy
        for name in known
        if f"{name}_flag_manual" in ds
    }
    moments = Moments(ds["time"].to_numpy())
    for entry in old:
        if entry.variable in known:
            if entry.variable not in flags:
                flags[entry.variable] = np.full(moments.size, NOBODY, "int8")
            flags[entry.variable][moments.rows(entry)] = entry.flag
    for name, mine in applied(new, ds, known, str(manual)).items():
        flags[name] = np.where(mine > NOBODY, mine, flags.get(name, NOBODY))
    flags = {name: mine.astype(np.int8) for name, mine in flags.items()}
    return Spoken([*old, *new], flags)


def account(
    said: Spoken, time: np.ndarray, automatic: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """Write down who said what, and what the automatic flags were there."""
    moments = Moments(time)
    meant = [moments.rows(entry) for entry in said.entries]
    last: dict[str, np.ndarray] = {}
    for place, (entry, rows) in enumerate(zip(said.entries, meant, strict=True)):
        if entry.variable not in last:
            last[entry.variable] = np.full(time.size, -1)
        last[entry.variable][rows] = place
    told = []
    for place, (entry, rows) in enumerate(zip(said.entries, meant, strict=True)):
        before = automatic.get(entry.variable)
        told.append(
            {key: getattr(entry, key) for key in _FIELDS}
            | {
                "rows": int(rows.size),
                "rows_standing": int((last[entry.variable][rows] == place).sum()),
                "automatic": {} if before is None else _counts(before[rows]),
            }
        )
    return {ATTRIBUTE: told} if told else {}


def _counts(flags: np.ndarray) -> dict[str, int]:
    codes, numbers = np.unique(flags, return_counts=True)
    return {_WORDS[int(code)]: int(n) for code, n in zip(codes, numbers, strict=True)}


def audit(ds: xr.Dataset) -> dict[str, Any]:
    """Say who has flagged what in a dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.

    Returns
    -------
    dict
        Ready for JSON: ``entries`` (the lines with file, line, digest, rows and the
        automatic flags there), ``variables`` (rows by flag of people, and how many
        differ from the automatic flag) and ``remarks``.
    """
    carried = ds.attrs.get(ATTRIBUTE) or []
    entries = json.loads(carried) if isinstance(carried, str) else list(carried)
    variables: dict[str, dict[str, Any]] = {}
    for name in (str(n).removesuffix("_flag_manual") for n in ds.data_vars):
        if f"{name}_flag_manual" not in ds:
            continue
        mine = ds[f"{name}_flag_manual"].to_numpy()
        told = mine > NOBODY
        variables[name] = {"flags": _counts(mine[told])}
        if f"{name}_flag_automatic" in ds:
            other = ds[f"{name}_flag_automatic"].to_numpy() != mine
            variables[name]["changed"] = int((told & other).sum())
    return {"entries": entries, "variables": variables, "remarks": _remarks(entries)}


def _remarks(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        where = f"{entry.get('file') or '?'}:{entry.get('line') or '?'}"
        lacking = [key for key in ("who", "when") if not entry.get(key)]
        if lacking and int(entry["flag"]) >= QUESTIONABLE:
            found.setdefault(f"without {' and '.join(lacking)}", []).append(where)
        if entry.get("rows") == 0:
            found.setdefault("about no row of this dataset", []).append(where)
    return [
        f"{len(where):,} lines {what}: {', '.join(where[:5])}"
        + (" ..." if len(where) > 5 else "")
        for what, where in found.items()
    ]


def audit_text(ds: xr.Dataset) -> str:
    """Say in words who has flagged what in a dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.

    Returns
    -------
    str
        One block a line of a person's flags.
    """
    found = audit(ds)
    if not found["entries"] and not found["variables"]:
        return "no flag was set by a person"
    lines = [_told(entry) for entry in found["entries"]]
    for name, about in found["variables"].items():
        changed = about.get("changed", "?")
        lines.append(
            f"{name}: by people {_listed(about['flags'])};"
            f" {changed} differ from the automatic flag"
        )
    return "\n".join([*lines, *found["remarks"]])


def _told(entry: Mapping[str, Any]) -> str:
    period = " to ".join(dict.fromkeys((entry["start"], entry["end"])))
    rows = f"{entry.get('rows', '?')} rows ({entry.get('rows_standing', '?')} standing)"
    who = f"{entry['who'] or 'nobody named'}, {entry['when'] or 'no date'}"
    source = f"{entry.get('file', '')}:{entry.get('line', '')}"
    return "\n".join(
        (
            f"{entry['variable']}: {_WORDS[int(entry['flag'])]}, {period}, {rows}",
            f"  {entry['reason'] or 'no reason'}",
            f"  {who}; {source} sha256 {entry.get('sha256', '')[:12]}",
            f"  automatic flags there: {_listed(entry.get('automatic') or {})}",
        )
    )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{word} {n:,}" for word, n in counts.items()) or "none"
