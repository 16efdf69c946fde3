"""WOCE flags of a SOCAT file, and the comments that explain flags 3 and 4."""

import json
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import xarray as xr

from oceanco2.expocode import plain_text
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    QUESTIONABLE,
    TEST_BITS,
    VARIABLES,
    named_tests,
)

_RESULT = ("xCO2_water", "pCO2_", "fCO2_", "xCO2_atm", "delta_")
#: Tolerance for times of manual flags, which are given to the millisecond.
_TOLERANCE = np.timedelta64(500, "us")
#: Bits that are not mentioned in comments: explained by other words or no help.
_NOT_MENTIONED = TEST_BITS["input"] | TEST_BITS["missing"]


def worst_flag(ds: xr.Dataset, names: Iterable[str]) -> np.ndarray:
    """Return the worst flag of several results in each row."""
    worst = np.zeros(ds.sizes["time"], dtype="int8")
    for name in names:
        if f"{name}_flag" in ds:
            flag = ds[f"{name}_flag"].to_numpy()
            evaluated = np.isin(flag, (GOOD, QUESTIONABLE, BAD))
            worst = np.where(evaluated, np.maximum(worst, flag), worst).astype("int8")
    return worst


def comments(
    ds: xr.Dataset,
    rows: np.ndarray,
    names: Sequence[str],
    *,
    with_inputs: bool = True,
) -> list[str]:
    """Explain for each row why its results are questionable or bad."""
    result_bits = np.zeros(rows.size, dtype="int64")
    for name in names:
        if f"{name}_tests" in ds and f"{name}_flag" in ds:
            flagged = np.isin(ds[f"{name}_flag"].to_numpy()[rows], (QUESTIONABLE, BAD))
            result_bits |= np.where(flagged, ds[f"{name}_tests"].to_numpy()[rows], 0)
    inputs = _inputs(ds) if with_inputs else []
    masks = [result_bits]
    for name in inputs:
        mask = ds[f"{name}_tests"].to_numpy()[rows].astype("int64")
        flagged = np.isin(ds[f"{name}_flag"].to_numpy()[rows], (QUESTIONABLE, BAD))
        # Its bits are in the result's only if it is an input of that result.
        cascaded = (result_bits & TEST_BITS["input"] != 0) & (mask & ~result_bits == 0)
        masks.append(np.where(flagged & cascaded, mask, 0))
    kinds, kind = np.unique(np.stack(masks), axis=1, return_inverse=True)
    texts = [_sentence(inputs, column) for column in kinds.T]
    row_comments = [texts[i] for i in kind.ravel()]
    return _with_reasons(ds, rows, (*names, *inputs), row_comments)


def _inputs(ds: xr.Dataset) -> list[str]:
    names = [n for n in (*VARIABLES, "position", "time") if not n.startswith(_RESULT)]
    return [n for n in names if f"{n}_flag" in ds and f"{n}_tests" in ds]


def _sentence(inputs: Sequence[str], masks: np.ndarray) -> str:
    result_mask, *rest = (int(mask) for mask in masks)
    explained = 0
    parts = []
    for name, mask in zip(inputs, rest, strict=True):
        if mask & ~_NOT_MENTIONED:
            explained |= mask
            parts.append(f"{name}: {_check_names(mask & ~_NOT_MENTIONED)}")
    not_explained = result_mask & ~explained & ~_NOT_MENTIONED
    if not_explained:
        parts.insert(0, _check_names(not_explained))
    return "; ".join(parts) or "flagged without a test"


def _check_names(mask: int) -> str:
    return ", ".join(name.replace("_", " ") for name in named_tests(mask))


def _with_reasons(
    ds: xr.Dataset, rows: np.ndarray, names: Collection[str], row_comments: list[str]
) -> list[str]:
    """Add the reasons of manual flags."""
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
        in_period = (time >= start - _TOLERANCE) & (time <= end + _TOLERANCE)
        for row in np.flatnonzero(in_period):
            if reason not in row_comments[row]:
                row_comments[row] = f"{row_comments[row]} ({reason})"
    return row_comments
