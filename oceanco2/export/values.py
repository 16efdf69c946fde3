"""Values, flags, origin and uncertainty of variables on selected rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.vocabulary import BAD, QUESTIONABLE, VALUE_TYPES

FLAGGED = (QUESTIONABLE, BAD)


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """One quantity, merged row by row from several variables."""

    values: np.ndarray
    flags: np.ndarray
    types: np.ndarray
    source: np.ndarray


def merge_variables(ds: xr.Dataset, names: Sequence[str], rows: np.ndarray) -> Merged:
    """In each row, use the first variable with a value or a flag of 3 or 4."""
    values = np.full(rows.size, np.nan)
    flags = np.full(rows.size, 9, dtype=np.int8)
    types = np.zeros(rows.size, dtype=np.int8)
    source = np.full(rows.size, -1)
    for number, name in enumerate(names):
        if name not in ds.variables:
            continue
        values_here, flags_here = values_of(ds, name, rows), flags_of(ds, name, rows)
        selected = (source < 0) & (
            np.isfinite(values_here) | np.isin(flags_here, FLAGGED)
        )
        source[selected] = number
        values[selected], flags[selected] = values_here[selected], flags_here[selected]
        types[selected] = types_of(ds, name, rows)[selected]
    return Merged(values, flags, types, source)


def uncertainty_of(
    ds: xr.Dataset, names: Sequence[str], rows: np.ndarray, merged_values: Merged
) -> np.ndarray | None:
    """Return the standard uncertainty of values of `merge_variables`."""
    result = np.full(rows.size, np.nan)
    for number, name in enumerate(names):
        uncertainty = values_of(ds, f"{name}_uncertainty", rows)
        result = np.where(merged_values.source == number, uncertainty, result)
    result = np.where(np.isfinite(merged_values.values), result, np.nan)
    return result if np.isfinite(result).any() else None


def values_of(ds: xr.Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    """Return values on selected rows."""
    if name not in ds.variables:
        return np.full(rows.size, np.nan)
    values = ds[name].to_numpy()[rows].astype(np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def flags_of(ds: xr.Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    """Return effective WOCE flags on selected rows."""
    name = "position" if name in ("latitude", "longitude") else name
    if f"{name}_flag" not in ds:
        return np.zeros(rows.size, dtype=np.int8)
    return ds[f"{name}_flag"].to_numpy()[rows].astype(np.int8)


def types_of(ds: xr.Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    """Return the origin of values (measured, interpolated, ...) on selected rows."""
    present = np.isfinite(values_of(ds, name, rows))
    if f"{name}_type" in ds:
        kind = ds[f"{name}_type"].to_numpy()[rows].astype(np.int8)
    else:
        attribute = ds[name].attrs.get("value_type") if name in ds.variables else None
        value_type = attribute if attribute in VALUE_TYPES else "measured"
        value_type = "interpolated" if name.endswith("_interp") else value_type
        kind = np.full(rows.size, VALUE_TYPES[str(value_type)], dtype=np.int8)
    return np.where(present, kind, VALUE_TYPES["missing"]).astype(np.int8)


def automatic_layer(ds: xr.Dataset) -> xr.Dataset:
    """Return the dataset with automatic flags only."""
    replaced = {}
    for name in map(str, ds.data_vars):
        if name.endswith("_flag_automatic"):
            replaced[name.removesuffix("_automatic")] = ds[name]
        elif name.endswith("_tests"):
            bits = ds[name].to_numpy() & ~np.int64(TEST_BITS["manual"])
            replaced[name] = ds[name].copy(data=bits.astype(ds[name].dtype))
    layer = ds.assign(replaced)
    layer.attrs = {k: v for k, v in ds.attrs.items() if k != "manual_flags"}
    return layer


def undecided(ds: xr.Dataset, names: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Whether a row has a flag of 3 or 4 on a result without a manual decision."""
    result = np.zeros(rows.size, dtype=bool)
    for name in names:
        if f"{name}_tests" in ds:
            tests = ds[f"{name}_tests"].to_numpy()[rows]
            flagged = np.isin(flags_of(ds, name, rows), FLAGGED)
            result |= flagged & (tests & TEST_BITS["manual"] == 0)
    return result


def half_up(values: np.ndarray, decimals: int) -> np.ndarray:
    """Round decimal numbers, halves away from zero.

    Examples
    --------
    >>> half_up(np.array([2.0005, -0.0005, 1.00049]), 3).tolist()
    [2.001, -0.001, 1.0]
    """
    from decimal import ROUND_HALF_UP, Decimal

    scaled = values * 10.0**decimals
    rounded = np.rint(scaled) / 10.0**decimals
    with np.errstate(invalid="ignore"):
        is_half = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < 1e-6
    step = Decimal(1).scaleb(-decimals)
    for i in np.flatnonzero(is_half):
        exact = Decimal(repr(float(values[i])))
        rounded[i] = float(exact.quantize(step, ROUND_HALF_UP))
    return rounded


def format_numbers(values: np.ndarray, decimals: int, missing: str) -> list[str]:
    """Format numbers with a fixed number of decimals, halves away from zero.

    Examples
    --------
    >>> format_numbers(np.array([2.0005, np.nan, -0.0001]), 3, "NaN")
    ['2.001', 'NaN', '0.000']
    """
    form = f"%.{decimals}f"
    numbers = half_up(np.asarray(values, dtype=np.float64), decimals) + 0.0
    return [form % x if x == x else missing for x in numbers.tolist()]  # noqa: PLR0124
