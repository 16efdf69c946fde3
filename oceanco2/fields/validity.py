"""Valid ranges of netCDF variables: values outside are missing."""

from typing import Any

import numpy as np
import xarray as xr

#: A range that more values miss than this share is wrong itself.
_MOST_OUTSIDE = 0.1


def valid_only(array: xr.DataArray) -> tuple[xr.DataArray, str, str]:
    """Set values outside the valid range to NaN.

    Returns the array, a note on how many were set, and what is wrong with the range:
    one that more than a tenth of the values miss is not applied.
    """
    ranges = [r for r in _ranges(array) if r != (-np.inf, np.inf)]
    if not ranges or array.dtype.kind not in "iuf":
        return array, "", ""
    values = array.to_numpy()
    finite = np.isfinite(values)
    total = int(finite.sum())
    # Unpacking may round: half a step more is inside.
    step = abs(_number(array.encoding.get("scale_factor"), 0.0)) / 2.0
    outside = [
        finite & ((values < low - step) | (values > high + step))
        for low, high in ranges
    ]
    counts = [int(mask.sum()) for mask in outside]
    fitting = [i for i, count in enumerate(counts) if count <= _MOST_OUTSIDE * total]
    best = fitting[0] if fitting else 0
    (low, high), count = ranges[best], counts[best]
    valid = f"outside its valid range, {low:.6g} to {high:.6g}"
    if not count:
        return array, "", ""
    if not fitting:
        return array, "", f"{count} of {total} values of {array.name!r} are {valid}"
    note = f"{array.name!r}: {count} of {total} values {valid}: missing"
    return array.where(~outside[best]), note, ""


def _ranges(array: xr.DataArray) -> list[tuple[float, float]]:
    """Return the valid range, unpacked; two where it may be packed or not."""
    attrs = array.attrs
    pair = np.ravel(attrs.get("valid_range", ()))
    if pair.size != 2:
        pair = np.array(
            [attrs.get("valid_min", -np.inf), attrs.get("valid_max", np.inf)]
        )
    try:
        low, high = (float(limit) for limit in pair)
    except (TypeError, ValueError):
        return []
    scale, offset = (_number(array.encoding.get(k), d) for k, d in _PACKING.items())
    if (scale, offset) == (1.0, 0.0):
        return [(low, high)]
    unpacked = sorted((low * scale + offset, high * scale + offset))
    # A range of floating-point numbers beside packed integers may be unpacked.
    is_float = any(np.asarray(attrs.get(key, 0)).dtype.kind == "f" for key in _LIMITS)
    packed_as = np.dtype(array.encoding.get("dtype", np.float64))
    both = is_float and packed_as.kind in "iu"
    return [(unpacked[0], unpacked[1]), *([(low, high)] if both else [])]


_LIMITS = ("valid_range", "valid_min", "valid_max")
_PACKING = {"scale_factor": 1.0, "add_offset": 0.0}


def _number(value: Any, default: float) -> float:
    return default if value is None else float(np.ravel(value)[0])
