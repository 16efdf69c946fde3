"""Evaluate programs on floats, lists, arrays, Series, DataArrays and dask arrays."""

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from oceanco2.errors import FormulaError, OptionError, RangeWarning, choose
from oceanco2.physics._engine.program import Array, Check, Program
from oceanco2.physics._engine.running import run
from oceanco2.physics._entries import UNITS
from oceanco2.units import conversion, reconcile

ON_RANGE = ("warn", "nan", "raise", "ignore")


def evaluate(
    program: Program,
    inputs: Sequence[Any],
    parameters: tuple[float, ...] = (),
    *,
    attrs: Mapping[str, str],
    on_range: str = "warn",
) -> Any:
    """Evaluate a program on inputs of any supported type."""
    choose("on_range", on_range, ON_RANGE)

    def kernel(*arrays: Array) -> Array:
        values, count = run(program, arrays, parameters)
        if count:
            values = _outside(program, arrays, values, count, on_range)
        return values

    return wrap(kernel, inputs, attrs, [UNITS.get(a, "") for a in program.arguments])


def _outside(
    program: Program, arrays: Sequence[Array], values: Array, count: int, on_range: str
) -> Array:
    fatal = [check for check in program.checks if check.fatal and check.fires(arrays)]
    if on_range == "ignore" and not fatal:
        return values
    fired = fatal or [check for check in program.checks if check.fires(arrays)]
    reasons = "; ".join(dict.fromkeys(map(_reason, fired)))
    text = f"{program.name}: {count} of {values.size} samples: {reasons}"
    if on_range == "raise" or fatal:
        raise FormulaError(text)
    if on_range == "nan":
        return np.where(program.outside(arrays), np.nan, values)
    warnings.warn(RangeWarning(text), stacklevel=_user_level())
    return values


def _reason(check: Check) -> str:
    units = "" if check.units == "1" else f" {check.units}"
    limits = f"{check.low:g}..{check.high:g}{units}"
    return f"{check.argument} outside {limits} of {check.formula}"


def _user_level() -> int:
    # The warning names the line of the caller outside this package.
    level, frame = 2, sys._getframe(2)
    while frame.f_back and "oceanco2.physics" in frame.f_globals.get("__name__", ""):
        frame, level = frame.f_back, level + 1
    return level


def _is(value: Any, module: str, name: str) -> bool:
    # A library that is not imported cannot have made one of the inputs.
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, getattr(loaded, name))


def wrap(
    kernel: Callable[..., Array],
    inputs: Sequence[Any],
    attrs: Mapping[str, str],
    units: Sequence[str] = (),
) -> Any:
    """Apply a function of float64 arrays to inputs of any supported type.

    DataArrays that state other units than `units` are converted; "" takes any.
    """
    if any(_is(value, "xarray", "DataArray") for value in inputs):
        return _wrap_xarray(kernel, in_units(inputs, units), attrs)
    if any(_is(value, "dask.array", "Array") for value in inputs):
        return _wrap_dask(kernel, inputs)
    if any(_is(value, "pandas", "Series") for value in inputs):
        return _wrap_pandas(kernel, inputs, attrs)
    arrays = [_float64(value) for value in inputs]
    result = kernel(*arrays)
    return float(result) if all(a.ndim == 0 for a in arrays) else result


def in_units(inputs: Sequence[Any], units: Sequence[str]) -> list[Any]:
    """Convert DataArrays that state other units; others have none to state."""
    converted = list(inputs)
    for i, canonical in enumerate(units):
        value = inputs[i]
        if canonical and _is(value, "xarray", "DataArray"):
            stated = str(value.attrs.get("units", ""))
            scale, offset = conversion(reconcile([stated], "", canonical)[0], canonical)
            if (scale, offset) != (1.0, 0.0):
                converted[i] = value * scale + offset
    return converted


def wrap_pair(
    kernel: Callable[..., tuple[Array, Array]],
    inputs: Sequence[Any],
    attrs: tuple[Mapping[str, str], Mapping[str, Any]],
    dtype: Any,
    units: Sequence[str] = (),
) -> tuple[Any, Any]:
    """Apply a function with two results to inputs of any supported type."""

    def blockwise(*blocks: Any) -> tuple[Array, Array]:
        return kernel(*map(_float64, blocks))

    if any(_is(value, "xarray", "DataArray") for value in inputs):
        return _pair_xarray(blockwise, in_units(inputs, units), attrs, dtype)
    if any(_is(value, "dask.array", "Array") for value in inputs):
        import dask.array as da

        signature = ",".join(["()"] * len(inputs)) + "->(),()"
        kinds = [np.float64, dtype]
        lazy = da.apply_gufunc(
            blockwise, signature, *map(_lazy_or_float64, inputs), output_dtypes=kinds
        )
        return lazy[0], lazy[1]
    results: list[Array] = []

    def once(*arrays: Array) -> Array:
        results[:] = kernel(*arrays)
        return results[0]

    first = wrap(once, inputs, attrs[0])
    if np.ndim(first) == 0:
        return first, int(results[1])
    if not _is(first, "pandas", "Series"):
        return first, results[1]
    second = first.astype(dtype) if first.empty else first.isna().astype(dtype)
    second[:] = results[1]
    return first, second.rename(attrs[1].get("name"))


def _pair_xarray(
    kernel: Callable[..., tuple[Array, Array]],
    inputs: Sequence[Any],
    attrs: tuple[Mapping[str, str], Mapping[str, Any]],
    dtype: Any,
) -> tuple[Any, Any]:
    import xarray as xr

    pair = xr.apply_ufunc(
        kernel,
        *map(_lazy_or_float64, inputs),
        dask="parallelized",
        output_core_dims=[[], []],
        output_dtypes=[np.float64, dtype],
        keep_attrs=False,
    )
    for result, about in zip(pair, map(dict, attrs), strict=True):
        result.name = about.pop("name", None)
        result.attrs = about
    return pair[0], pair[1]


def _float64(value: Any) -> Array:
    if isinstance(value, np.ma.MaskedArray):
        return np.ma.filled(value.astype(np.float64), np.nan)
    if _is(value, "pandas", "Series"):
        return np.asarray(value.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(value, dtype=np.float64)


def _lazy_or_float64(value: Any) -> Any:
    lazy = _is(value, "xarray", "DataArray") or _is(value, "dask.array", "Array")
    return value if lazy else _float64(value)


def _wrap_xarray(
    kernel: Callable[..., Array], inputs: Sequence[Any], attrs: Mapping[str, str]
) -> Any:
    import xarray as xr

    result = xr.apply_ufunc(
        lambda *blocks: kernel(*map(_float64, blocks)),
        *map(_lazy_or_float64, inputs),
        dask="parallelized",
        output_dtypes=[np.float64],
        keep_attrs=False,
    )
    rest = dict(attrs)
    result.name = rest.pop("name", None)
    result.attrs = rest
    return result


def _wrap_dask(kernel: Callable[..., Array], inputs: Sequence[Any]) -> Any:
    import dask.array as da

    signature = ",".join(["()"] * len(inputs)) + "->()"
    return da.apply_gufunc(
        lambda *blocks: kernel(*map(_float64, blocks)),
        signature,
        *map(_lazy_or_float64, inputs),
        output_dtypes=np.float64,
    )


def _wrap_pandas(
    kernel: Callable[..., Array], inputs: Sequence[Any], attrs: Mapping[str, str]
) -> Any:
    import pandas as pd

    series = [value for value in inputs if isinstance(value, pd.Series)]
    index = series[0].index
    if not all(other.index.equals(index) for other in series[1:]):
        raise OptionError("Series of one call must share one index; align them first")
    values = kernel(*map(_float64, inputs))
    if values.shape != (len(index),):
        raise OptionError(
            f"a Series of {len(index)} values does not match the shape {values.shape}"
        )
    return pd.Series(values, index=index, name=attrs.get("name"))
