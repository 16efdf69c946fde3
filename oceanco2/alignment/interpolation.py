"""Linear interpolation in time between near neighbours, on a line or a circle."""

from dataclasses import dataclass

import numpy as np

from oceanco2.vocabulary import VALUE_TYPES

#: Clocks count whole milliseconds: less than half of one is the same time.
SAME = 5e-4
#: Directions and the longitude: where their circle begins [degrees].
CIRCLES = {
    "longitude": -180.0,
    "wind_dir": 0.0,
    "ship_dir": 0.0,
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands on either side of wanted times."""

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
    """Interpolate between neighbours that are near enough; never extrapolate.

    Parameters
    ----------
    times : ndarray, shape (n,)
        Rising times of good values [s].
    values : ndarray, shape (n,)
        Good values.
    at : ndarray, shape (m,)
        Wanted times [s].
    max_gap : float
        Farthest that a neighbour may be, on either side [s].
    nearest : bool, default False
        Take the nearer neighbour instead of the line between both.
    circle : float, optional
        For directions [degrees]: where their circle begins (0 or -180).

    Returns
    -------
    values : ndarray, shape (m,)
        NaN where no value is near enough.
    kind : ndarray of int8, shape (m,)
        Codes of `VALUE_TYPES`.

    Examples
    --------
    >>> import numpy as np
    >>> interpolate(np.array([0.0, 60.0]), np.array([1.0, 2.0]), np.array([30.0]), 300)
    (array([1.5]), array([2], dtype=int8))

    North lies between 350 and 20 degrees:

    >>> two = np.array([0.0, 60.0]), np.array([350.0, 20.0])
    >>> interpolate(*two, np.array([20.0]), 300, circle=0.0)[0]
    array([0.])
    """
    found = neighbours(times, values, at, max_gap, nearest=nearest, circle=circle)
    return found.values, found.kind


def neighbours(
    times: np.ndarray,
    values: np.ndarray,
    at: np.ndarray,
    max_gap: float,
    *,
    nearest: bool = False,
    circle: float | None = None,
) -> Neighbours:
    """Interpolate, and tell from what."""
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
    # A microsecond is rounding: a neighbour at the limit is near enough.
    between &= np.maximum(left, right) <= max_gap + 1e-6
    weight = left / np.where(left + right > 0, left + right, 1.0)
    if nearest:
        weight = np.rint(weight)
    step = difference(values[before], values[after], circle)
    out[between] = (values[before] + weight * step)[between]
    kind[between] = VALUE_TYPES["interpolated"]
    for place in (before, after):
        exact = np.abs(times[place] - at) < SAME
        out[exact] = values[place[exact]]
        kind[exact] = VALUE_TYPES["measured"]
        before[exact] = after[exact] = place[exact]
    there = kind > 0
    return Neighbours(
        on_circle(out, circle),
        kind,
        np.where(there, before, none),
        np.where(there, after, none),
    )


def difference(
    first: np.ndarray, second: np.ndarray, circle: float | None
) -> np.ndarray:
    """Return the way from one value to another, the short one on a circle."""
    if circle is None:
        return second - first
    return np.mod(second - first + 180.0, 360.0) - 180.0


def on_circle(values: np.ndarray, circle: float | None) -> np.ndarray:
    """Bring values back to the circle they belong to."""
    if circle is None:
        return values
    if circle < 0.0:  # the date line is +180
        return 180.0 - np.mod(180.0 - values, 360.0)
    return np.mod(values - circle, 360.0) + circle


def mean(values: np.ndarray, circle: float | None = None) -> float:
    """Return the mean; of directions that of their unit vectors."""
    if circle is None:
        return float(values.mean())
    turned = np.exp(1j * np.deg2rad(values)).mean()
    return float(on_circle(np.rad2deg(np.angle(turned)), circle))
