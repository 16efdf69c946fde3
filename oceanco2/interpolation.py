"""Linear interpolation: in time between near neighbours (also angles), and on grids.

Curves that keep their end values outside, as drifts and lags do, use numpy.interp.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from oceanco2.dates import SECOND
from oceanco2.vocabulary import VALUE_TYPES

#: Times are in whole milliseconds: a smaller difference is the same time [s].
SAME_TIME = 5e-4
#: Angles, and the lower end of their range [degrees].
CIRCLES = {
    "longitude": -180.0,
    "wind_dir": 0.0,
    "ship_dir": 0.0,
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Interpolated values, and the neighbours used for each."""

    values: np.ndarray
    kind: np.ndarray
    before: np.ndarray
    after: np.ndarray


def interpolate(
    times: np.ndarray,
    values: np.ndarray,
    at: np.ndarray,
    max_gap: float,
    *,
    nearest: bool = False,
    circle: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Interpolate between near neighbours; never extrapolate.

    Examples
    --------
    >>> import numpy as np
    >>> interpolate(np.array([0.0, 60.0]), np.array([1.0, 2.0]), np.array([30.0]), 300)
    (array([1.5]), array([2], dtype=int8))

    Interpolation passes north between 350 and 20 degrees:

    >>> two = np.array([0.0, 60.0]), np.array([350.0, 20.0])
    >>> interpolate(*two, np.array([20.0]), 300, circle=0.0)[0]
    array([0.])
    """
    result = neighbours(times, values, at, max_gap, nearest=nearest, circle=circle)
    return result.values, result.kind


def neighbours(
    times: np.ndarray,
    values: np.ndarray,
    at: np.ndarray,
    max_gap: float,
    *,
    nearest: bool = False,
    circle: float | None = None,
) -> Neighbours:
    """Interpolate, and return the neighbours used."""
    out = np.full(at.shape, np.nan)
    kind = np.zeros(at.shape, dtype=np.int8)
    none = np.full(at.shape, -1)
    if not times.size:
        return Neighbours(out, kind, none, none.copy())
    later = np.searchsorted(times, at, side="left")
    before = np.clip(later - 1, 0, times.size - 1)
    after = np.clip(later, 0, times.size - 1)
    left, right = at - times[before], times[after] - at
    between = (later > 0) & (later < times.size)
    # A microsecond is a rounding error: the limit itself is near enough.
    between &= np.maximum(left, right) <= max_gap + 1e-6
    weight = left / np.where(left + right > 0, left + right, 1.0)
    if nearest:
        weight = np.rint(weight)
    step = difference(values[before], values[after], circle)
    out[between] = (values[before] + weight * step)[between]
    kind[between] = VALUE_TYPES["interpolated"]
    for neighbour in (before, after):
        exact = np.abs(times[neighbour] - at) < SAME_TIME
        out[exact] = values[neighbour[exact]]
        kind[exact] = VALUE_TYPES["measured"]
        before[exact] = after[exact] = neighbour[exact]
    has_value = kind > 0
    return Neighbours(
        on_circle(out, circle),
        kind,
        np.where(has_value, before, none),
        np.where(has_value, after, none),
    )


def difference(
    first: np.ndarray, second: np.ndarray, circle: float | None
) -> np.ndarray:
    """Difference from one value to another; of angles the shorter one."""
    if circle is None:
        return second - first
    return np.mod(second - first + 180.0, 360.0) - 180.0


def on_circle(values: np.ndarray, circle: float | None) -> np.ndarray:
    """Bring angles back into their range."""
    if circle is None:
        return values
    if circle < 0.0:  # the date line is +180
        return 180.0 - np.mod(180.0 - values, 360.0)
    return np.mod(values - circle, 360.0) + circle


def mean(values: np.ndarray, circle: float | None = None) -> float:
    """Mean; of angles that of their unit vectors."""
    if circle is None:
        return float(values.mean())
    turned = np.exp(1j * np.deg2rad(values)).mean()
    return float(on_circle(np.rad2deg(np.angle(turned)), circle))


#: Rows interpolated at a time, so that temporary arrays stay small.
BLOCK = 500_000


def seconds(times: np.ndarray, origin: np.datetime64) -> np.ndarray:
    """Return times as seconds since an origin."""
    return (times - origin) / SECOND


def _as_numbers(axis: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if axis.dtype.kind != "M":
        return np.asarray(axis, np.float64), np.asarray(points, np.float64)
    return seconds(axis, axis[0]), seconds(points, axis[0])


def brackets(
    axis: np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the nodes on both sides of each point."""
    below = np.clip(np.searchsorted(axis, points, side="right") - 1, 0, None)
    above = np.minimum(below + 1, axis.size - 1)
    width = np.where(above > below, axis[above] - axis[below], 1.0)
    weight = (points - axis[below]) / width
    outside = ~((points >= axis[0]) & (points <= axis[-1]))
    return below, np.where(outside, np.nan, weight), above


def interpolate_grid(
    values: np.ndarray, axes: Sequence[np.ndarray], points: Sequence[np.ndarray]
) -> np.ndarray:
    """Interpolate linearly along every axis.

    Examples
    --------
    >>> nodes, points = np.array([0.0, 1.0]), np.array([0.5, 2.0])
    >>> interpolate_grid(np.array([1.0, 3.0]), [nodes], [points])
    array([ 2., nan])
    """
    shape = np.shape(points[0])
    flat = [np.ravel(p) for p in points]
    out = np.empty(flat[0].size)
    for start in range(0, out.size, BLOCK):
        rows = slice(start, start + BLOCK)
        out[rows] = _interpolate_block(values, axes, [p[rows] for p in flat])
    return out.reshape(shape)


def _interpolate_block(
    values: np.ndarray, axes: Sequence[np.ndarray], points: Sequence[np.ndarray]
) -> np.ndarray:
    sides = [
        brackets(*_as_numbers(axis, p)) for axis, p in zip(axes, points, strict=True)
    ]
    total = np.zeros(points[0].size)
    for corner in product((0, 1), repeat=len(sides)):
        weight = np.ones(points[0].size)
        index = []
        for side, (below, fraction, above) in zip(corner, sides, strict=True):
            weight = weight * (fraction if side else 1.0 - fraction)
            index.append(above if side else below)
        # A missing node without weight does not matter.
        total += np.where(weight == 0.0, 0.0, weight * values[tuple(index)])
    return total
