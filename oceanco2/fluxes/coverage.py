"""Forcing that no row gets a value from: why, and values that cannot be right."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.units import conversion

if TYPE_CHECKING:
    from oceanco2.fluxes.forcing import ForcingKind

#: Codes of missing values are few; most values of a field in another unit are wrong.
_MOST = 0.5
#: Share of possible values, of those that are not zero, that other units may leave.
_FEW = 0.05


class NotCoveredError(ProcessingError):
    """Forcing has no value on any row."""


def check_possible(
    kind: "ForcingKind",
    values: np.ndarray,
    source: str,
    *,
    error: type[Exception] = ProcessingError,
) -> None:
    """Raise an error if values are those of another unit; zero is in any unit."""
    low, high = kind.bounds
    values = values[np.isfinite(values) & (values != 0)]
    wrong = (values < low) | (values > high)
    if not wrong.any() or (~wrong).sum() > _FEW * wrong.sum():
        return
    for unit in kind.other_units:
        scale, offset = conversion(unit, kind.units)
        converted = values[wrong] * scale + offset
        fits = (converted >= low) & (converted <= high)
        # What is a code in this unit is a code in the other one, too.
        if fits.mean() > _MOST and converted[fits].max() >= kind.least:
            raise error(
                f"{kind.option} from {source}: {_listed(values[wrong][fits])} cannot be"
                f" {kind.meaning} ({low:g} to {high:g}): {unit}?"
            )


def _listed(values: np.ndarray) -> str:
    low, high = f"{values.min():.6g}", f"{values.max():.6g}"
    return f"values {low} to {high}" if low != high else f"values {low}"


def why_no_value(
    kind: "ForcingKind", array: xr.DataArray, ds: xr.Dataset, method: str, source: str
) -> NotCoveredError:
    """Return the error that says why no row gets a value: time, place or values."""
    start = f"{kind.option} from {source} has no value for any row ({method}): "
    time = f"it covers {_span(array)}, the dataset {_span(ds)}"
    if not _overlap(array["time"].to_numpy(), ds["time"].to_numpy()):
        return NotCoveredError(start + time)
    for name in ("latitude", "longitude"):
        if name in array.dims:
            axis, points = array[name].to_numpy(), ds[name].to_numpy()
            points = points[np.isfinite(points)]
            if not points.size:
                return NotCoveredError(f"{start}the dataset has no {name}")
            if name == "longitude":
                points = axis.min() + (points - axis.min()) % 360.0
            if not _overlap(axis, points):
                return NotCoveredError(
                    f"{start}it covers {name}s {axis.min():g} to {axis.max():g}, the"
                    f" dataset {points.min():g} to {points.max():g}"
                )
    values = array.to_numpy()
    finite = values[np.isfinite(values)]
    if not finite.size:
        return NotCoveredError(f"{start}all its values are missing (NaN)")
    low, high = kind.bounds
    if array.name == kind.variable and not ((finite >= low) & (finite <= high)).any():
        units = "" if kind.units == "1" else f" {kind.units}"
        return NotCoveredError(
            f"{start}{_listed(finite)} cannot be {kind.meaning}"
            f" ({low:g} to {high:g}{units})"
        )
    return NotCoveredError(f"{start}its values there are missing; {time}")


def _overlap(axis: np.ndarray, points: np.ndarray) -> bool:
    axis, points = (x[~np.isnan(x)] for x in (axis, points))
    both = axis.size > 0 and points.size > 0
    return bool(both and points.max() >= axis.min() and points.min() <= axis.max())


def _span(data: xr.Dataset | xr.DataArray) -> str:
    times = data["time"].to_numpy()
    if not times.size:
        return "no time"
    return " to ".join(np.datetime_as_string([times.min(), times.max()], unit="m"))
