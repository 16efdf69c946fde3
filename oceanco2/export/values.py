"""Values, flags and their origin on some rows, as exchange formats need them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.vocabulary import BAD, QUESTIONABLE, TEST_BITS, VALUE_TYPES

DOUBTFUL = (QUESTIONABLE, BAD)


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """One quantity that several variables hold, row by row."""

    values: np.ndarray
    flags: np.ndarray
    types: np.ndarray
    source: np.ndarray


def merged(ds: xr.Dataset, names: Sequence[str], rows: np.ndarray) -> Merged:
    """Take in each row the first variable that has a value or a doubt there."""
    values = np.full(rows.size, np.nan)
    flags = np.full(rows.size, 9, dtype=np.int8)
    types = np.zeros(rows.size, dtype=np.int8)
    source = np.full(rows.size, -1)
    for number, name in enumerate(names):
        if name not in ds.variables:
            continue
        mine, theirs = values_of(ds, name, rows), flags_of(ds, name, rows)
        take = (source < 0) & (np.isfinite(mine) | np.isin(theirs, DOUBTFUL))
        source[take] = number
        values[take], flags[take] = mine[take], theirs[take]
        types[take] = types_of(ds, name, rows)[take]
    return Merged(values, flags, types, source)


def spread_of(
    ds: xr.Dataset, names: Sequence[str], rows: np.ndarray, found: Merged
) -> np.ndarray | None:
    """Return the standard uncertainty of what `merged` took."""
    spread = np.full(rows.size, np.nan)
    for number, name in enumerate(names):
        mine = values_of(ds, f"{name}_uncertainty", rows)
        spread = np.where(found.source == number, mine, spread)
    spread = np.where(np.isfinite(found.values), spread, np.nan)
    return spread if np.isfinite(spread).any() else None


def values_of(ds: xr.Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    """Return values on some rows."""
    if name not in ds.variables:
        return np.full(rows.size, np.nan)
    values = ds[name].to_numpy()[rows].astype(np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def flags_of(ds: xr.Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    """Return effective WOCE flags on some rows."""
    name = "position" if name in ("latitude", "longitude") else name
    if f"{name}_flag" not in ds:
        return np.zeros(rows.size, dtype=np.int8)
    return ds[f"{name}_flag"].to_numpy()[rows].astype(np.int8)


def types_of(ds: xr.Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    """Return where values come from, on some rows."""
    there = np.isfinite(values_of(ds, name, rows))
    if f"{name}_type" in ds:
        kind = ds[f"{name}_type"].to_numpy()[rows].astype(np.int8)
    else:
        words = ds[name].attrs.get("value_type") if name in ds.variables else None
        word = words if words in VALUE_TYPES else "measured"
        word = "interpolated" if name.endswith("_interp") else word
        kind = np.full(rows.size, VALUE_TYPES[str(word)], dtype=np.int8)
    return np.where(there, kind, VALUE_TYPES["missing"]).astype(np.int8)


def automatic_layer(ds: xr.Dataset) -> xr.Dataset:
    """Return a dataset as it would be if no person had flagged anything."""
    new = {}
    for name in map(str, ds.data_vars):
        if name.endswith("_flag_automatic"):
            new[name.removesuffix("_automatic")] = ds[name]
        elif name.endswith("_tests"):
            kept = ds[name].to_numpy() & ~np.int64(TEST_BITS["manual"])
            new[name] = ds[name].copy(data=kept.astype(ds[name].dtype))
    out = ds.assign(new)
    out.attrs = {k: v for k, v in ds.attrs.items() if k != "manual_flags"}
    return out


def undecided(ds: xr.Dataset, names: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Tell which rows have a doubt about a result that no person has judged."""
    out = np.zeros(rows.size, dtype=bool)
    for name in names:
        if f"{name}_tests" in ds:
            tests = ds[f"{name}_tests"].to_numpy()[rows]
            doubtful = np.isin(flags_of(ds, name, rows), DOUBTFUL)
            out |= doubtful & (tests & TEST_BITS["manual"] == 0)
    return out


def half_up(values: np.ndarray, decimals: int) -> np.ndarray:
    """Round decimal numbers half away from zero, as they are printed.

    Examples
    --------
    >>> half_up(np.array([2.0005, -0.0005, 1.00049]), 3).tolist()
    [2.001, -0.001, 1.0]
    """
    from decimal import ROUND_HALF_UP, Decimal

    scaled = values * 10.0**decimals
    out = np.rint(scaled) / 10.0**decimals
    with np.errstate(invalid="ignore"):
        near = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < 1e-6
    step = Decimal(1).scaleb(-decimals)
    for i in np.flatnonzero(near):
        exact = Decimal(repr(float(values[i])))
        out[i] = float(exact.quantize(step, ROUND_HALF_UP))
    return out


def printed(values: np.ndarray, decimals: int, missing: str) -> list[str]:
    """Print numbers with a fixed number of decimals, halves away from zero.

    Examples
    --------
    >>> printed(np.array([2.0005, np.nan, -0.0001]), 3, "NaN")
    ['2.001', 'NaN', '0.000']
    """
    form = f"%.{decimals}f"
    numbers = half_up(np.asarray(values, dtype=np.float64), decimals) + 0.0
    return [form % x if x == x else missing for x in numbers.tolist()]  # noqa: PLR0124
