"""Rows of exchange formats: measurements of water and air, WOCE flags, comments.

A measurement is a row with a CO2 result, or with one that was flagged questionable
or bad; gas standards, flushing and unused rows are skipped. Rows are in order of time.
Values are not changed; flags state their quality.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, bits_of
from oceanco2.errors import ProcessingError
from oceanco2.text import plain_text
from oceanco2.vocabulary import (
    AIR_RESULTS,
    BAD,
    GOOD,
    QUESTIONABLE,
    RUN_TYPES,
    VALUE_TYPES,
    VARIABLES,
    WATER_RESULTS,
    possible,
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
    bits = _bits(ds)
    texts = [_sentence(inputs, column, bits) for column in kinds.T]
    row_comments = [texts[i] for i in kind.ravel()]
    return _with_reasons(ds, rows, (*names, *inputs), row_comments)


def _inputs(ds: xr.Dataset) -> list[str]:
    names = [n for n in (*VARIABLES, "position", "time") if not n.startswith(_RESULT)]
    return [n for n in names if f"{n}_flag" in ds and f"{n}_tests" in ds]


def _bits(ds: xr.Dataset) -> dict[str, int]:
    """Return the bits of all tests in a dataset, under the names that it has."""
    bits: dict[str, int] = {}
    for name in map(str, ds.data_vars):
        if name.endswith("_tests"):
            bits |= bits_of(ds[name].attrs)
    return bits


def _sentence(inputs: Sequence[str], masks: np.ndarray, bits: Mapping[str, int]) -> str:
    result_mask, *rest = (int(mask) for mask in masks)
    explained = 0
    parts = []
    for name, mask in zip(inputs, rest, strict=True):
        if mask & ~_NOT_MENTIONED:
            explained |= mask
            parts.append(f"{name}: {_check_names(mask & ~_NOT_MENTIONED, bits)}")
    not_explained = result_mask & ~explained & ~_NOT_MENTIONED
    if not_explained:
        parts.insert(0, _check_names(not_explained, bits))
    return "; ".join(parts) or "flagged without a test"


def _check_names(mask: int, bits: Mapping[str, int]) -> str:
    return ", ".join(n.replace("_", " ") for n, bit in bits.items() if mask & bit)


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


#: Nominal values are correct for these: the depth of the intake is not measured.
_MAY_BE_NOMINAL = ("sample_depth", "latitude", "longitude")


def results(side: str) -> tuple[str, ...]:
    """Return the CO2 results for water or air, in the order of exchange formats."""
    return WATER_RESULTS if side == "water" else AIR_RESULTS


def usable_values(ds: xr.Dataset, name: str) -> tuple[np.ndarray, list[str]]:
    """Return the measured and possible values of a variable, with notes."""
    values = np.array(ds[name].to_numpy(), dtype=np.float64)
    notes = []
    values[~np.isfinite(values)] = np.nan
    nominal = _nominal(ds, name) & np.isfinite(values)
    if nominal.any():
        notes.append(
            f"{int(nominal.sum())} nominal values, not measured, are not written"
        )
        values[nominal] = np.nan
    impossible = np.isnan(possible(name, values)) & ~np.isnan(values)
    if impossible.any():
        count = int(impossible.sum())
        notes.append(f"{count} impossible values are written as missing")
        values[impossible] = np.nan
    return values, notes


def _nominal(ds: xr.Dataset, name: str) -> np.ndarray:
    if name in _MAY_BE_NOMINAL:
        return np.zeros(ds.sizes["time"], dtype=bool)
    if f"{name}_type" in ds:
        return ds[f"{name}_type"].to_numpy() == VALUE_TYPES["nominal"]
    is_nominal = ds[name].attrs.get("value_type") == "nominal"
    return np.full(ds.sizes["time"], is_nominal)


_HALF = np.timedelta64(500, "us")
#: Keys of the platform file that supply required variables, for messages.
_SOURCE = {
    "latitude": "[variables] latitude",
    "longitude": "[variables] longitude",
    "SST": "[variables] SST",
    "salinity": "[variables] salinity, or a nominal one: { value = 35.0 }",
    "P_atm": "[variables] P_atm",
    "pCO2_water_SST_wet": "[variables] xCO2 with T_equ and P_equ",
    "fCO2_water_SST_wet": "[variables] xCO2 with T_equ and P_equ",
    "xCO2_water_SST_dry": "[variables] xCO2_water_SST_dry",
    "xCO2_atm_dry_actual": "[variables] xCO2_atm_dry_actual",
}


@dataclass(frozen=True, slots=True, eq=False)
class Measurements:
    """Rows of an exchange file."""

    rows: np.ndarray
    time: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    water: np.ndarray
    left_out: Mapping[str, int]


def require(ds: xr.Dataset, names: Sequence[str], receiver: str) -> None:
    """Raise an error for a missing variable, with the key of the platform file."""
    for name in names:
        if name not in ds.variables:
            key = _SOURCE.get(name, f"[variables] {name}")
            raise ProcessingError(
                f"{receiver} needs {name}: it is missing in the dataset"
                f" (platform file: {key})"
            )


def require_flags(ds: xr.Dataset, names: Sequence[str], receiver: str) -> None:
    """Raise an error for a dataset without quality flags."""
    if not any(f"{name}_flag" in ds for name in names):
        raise ProcessingError(
            f"{receiver} needs quality flags: the dataset was not flagged"
            " (oceanco2.flag)"
        )


def require_attribute(ds: xr.Dataset, name: str, receiver: str, key: str) -> str:
    """Return a global attribute that the format requires."""
    value = str(ds.attrs.get(name) or "").strip()
    if not value:
        raise ProcessingError(
            f"{receiver} needs {name!r}: the dataset has no such attribute"
            f" (platform file: {key})"
        )
    return value


def measurements(
    ds: xr.Dataset,
    receiver: str,
    *,
    include_air: bool = True,
    with_position: bool = False,
    distinct: bool = False,
    with_missing: bool = False,
) -> Measurements:
    """Select the rows of an exchange file."""
    water, air = (_has_result(ds, side) for side in ("water", "air"))
    if with_missing:
        water |= _is_run_of(ds, "water")
        air |= _is_run_of(ds, "air")
    time = (ds["time"].to_numpy() + _HALF).astype("datetime64[ms]")
    position = {n: _coordinate(ds, n) for n in ("latitude", "longitude")}
    no_position = np.isnan(position["latitude"]) | np.isnan(position["longitude"])
    reason = np.full(time.size, "", dtype=object)
    exclusions = [("no time", np.isnat(time))]
    if "flushing" in ds:  # gas of the previous run is still in the system
        exclusions.append(("flushing", ds["flushing"].to_numpy() == 1))
    exclusions.append(("no CO2 measurement", ~(water | (air & include_air))))
    exclusions.append(("no position", no_position & with_position))
    for text, excluded in exclusions:
        reason[excluded & (reason == "")] = text
    order = np.argsort(time, kind="stable")
    order = order[reason[order] == ""]
    if distinct and order.size:
        repeated = np.append(False, np.diff(time[order]) == np.timedelta64(0))
        reason[order[repeated]] = "same time as the row before"
        order = order[~repeated]
    texts, counts = np.unique(reason[reason != ""].astype(str), return_counts=True)
    left_out = dict(zip(texts.tolist(), counts.tolist(), strict=True))
    if order.size == 0:
        reasons = "; ".join(f"{count} {text}" for text, count in left_out.items())
        raise ProcessingError(
            f"no row can be written for {receiver}: {reasons or 'none'}"
        )
    lat, lon = position["latitude"][order], position["longitude"][order]
    return Measurements(order, time[order], lat, lon, water[order], left_out)


def _has_result(ds: xr.Dataset, side: str) -> np.ndarray:
    """Whether a row has a CO2 result of water or air, or a flag of 3 or 4 on one."""
    names = [name for name in results(side) if name in ds]
    if side == "air":  # measured, not interpolated values
        names = [name for name in names if not name.endswith("_interp")]
    present = worst_flag(ds, names) > GOOD
    for name in names:
        present |= np.isfinite(ds[name].to_numpy())
    return present


def _is_run_of(ds: xr.Dataset, side: str) -> np.ndarray:
    """Whether a row is a run of water or air, even without a result."""
    if "run_type" not in ds:
        return np.ones(ds.sizes["time"], dtype=bool)
    return ds["run_type"].to_numpy() == RUN_TYPES[side]


def _coordinate(ds: xr.Dataset, name: str) -> np.ndarray:
    if name not in ds.variables:
        return np.full(ds.sizes["time"], np.nan)
    values = np.array(ds[name].to_numpy(), dtype=np.float64)
    limit = 90.0 if name == "latitude" else 360.0
    values[~(np.abs(values) <= limit)] = np.nan
    if name == "longitude":
        values = np.where(values > 180, values - 360, values)
        values = np.where(values <= -180, values + 360, values)
    return values
