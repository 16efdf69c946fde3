"""WOCE flags of a SOCAT file, and the comment that flags 3 and 4 must have."""

import json
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import xarray as xr

from oceanco2.identity import plain_text
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    QUESTIONABLE,
    TEST_BITS,
    VARIABLES,
    named_tests,
)

_RESULT = ("xCO2_water", "pCO2_", "fCO2_", "xCO2_atm", "delta_")
#: Times that people type are right to the millisecond.
_TYPED = np.timedelta64(500, "us")
#: Said elsewhere in the comment, or nothing that helps a reader.
_SILENT = TEST_BITS["input"] | TEST_BITS["missing"]


def worst_flag(ds: xr.Dataset, names: Iterable[str]) -> np.ndarray:
    """Return the worst flag that any of some results has."""
    worst = np.zeros(ds.sizes["time"], dtype="int8")
    for name in names:
        if f"{name}_flag" in ds:
            flag = ds[f"{name}_flag"].to_numpy()
            judged = np.isin(flag, (GOOD, QUESTIONABLE, BAD))
            worst = np.where(judged, np.maximum(worst, flag), worst).astype("int8")
    return worst


def comments(
    ds: xr.Dataset,
    rows: np.ndarray,
    names: Sequence[str],
    *,
    with_inputs: bool = True,
) -> list[str]:
    """Say for each row why its results are questionable or bad."""
    own = np.zeros(rows.size, dtype="int64")
    for name in names:
        if f"{name}_tests" in ds and f"{name}_flag" in ds:
            doubtful = np.isin(ds[f"{name}_flag"].to_numpy()[rows], (QUESTIONABLE, BAD))
            own |= np.where(doubtful, ds[f"{name}_tests"].to_numpy()[rows], 0)
    inputs = _inputs(ds) if with_inputs else []
    masks = [own]
    for name in inputs:
        mask = ds[f"{name}_tests"].to_numpy()[rows].astype("int64")
        doubtful = np.isin(ds[f"{name}_flag"].to_numpy()[rows], (QUESTIONABLE, BAD))
        # Its bits are in the result's only if it is an input of that result.
        cascaded = (own & TEST_BITS["input"] != 0) & (mask & ~own == 0)
        masks.append(np.where(doubtful & cascaded, mask, 0))
    kinds, kind = np.unique(np.stack(masks), axis=1, return_inverse=True)
    texts = [_sentence(inputs, column) for column in kinds.T]
    said = [texts[i] for i in kind.ravel()]
    return _with_reasons(ds, rows, (*names, *inputs), said)


def _inputs(ds: xr.Dataset) -> list[str]:
    names = [n for n in (*VARIABLES, "position", "time") if not n.startswith(_RESULT)]
    return [n for n in names if f"{n}_flag" in ds and f"{n}_tests" in ds]


def _sentence(inputs: Sequence[str], masks: np.ndarray) -> str:
    own, *rest = (int(mask) for mask in masks)
    explained = 0
    parts = []
    for name, mask in zip(inputs, rest, strict=True):
        if mask & ~_SILENT:
            explained |= mask
            parts.append(f"{name}: {_words(mask & ~_SILENT)}")
    alone = own & ~explained & ~_SILENT
    if alone:
        parts.insert(0, _words(alone))
    return "; ".join(parts) or "flagged without a test"


def _words(mask: int) -> str:
    return ", ".join(name.replace("_", " ") for name in named_tests(mask))


def _with_reasons(
    ds: xr.Dataset, rows: np.ndarray, names: Collection[str], said: list[str]
) -> list[str]:
    """Add what the people who flagged by hand gave as their reason."""
    entries = ds.attrs.get("manual_flags") or []
    time = ds["time"].to_numpy()[rows]
    for entry in json.loads(entries) if isinstance(entries, str) else entries:
        reason = plain_text(entry.get("reason", ""))
        if not reason or entry["variable"] not in names or int(entry["flag"]) < 3:
            continue
        start, end = (
            np.datetime64(str(entry[key]).removesuffix("Z"), "ns")
            for key in ("start", "end")
        )
        meant = (time >= start - _TYPED) & (time <= end + _TYPED)
        for row in np.flatnonzero(meant):
            if reason not in said[row]:
                said[row] = f"{said[row]} ({reason})"
    return said
