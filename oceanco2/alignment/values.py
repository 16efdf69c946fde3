"""Value of a sensor at the time, or over the period, of a measurement."""

from dataclasses import dataclass

import numpy as np

from oceanco2.alignment.interpolation import (
    SAME,
    difference,
    mean,
    neighbours,
    on_circle,
)
from oceanco2.alignment.modes import Groups, groups
from oceanco2.alignment.readings import NEVER, Readings, ranks
from oceanco2.vocabulary import MISSING, VALUE_TYPES

#: Groups of a periodic sensor count if their middle is within so many mean intervals.
_INTERVALS = 1.5


@dataclass(frozen=True, slots=True)
class Found:
    """Values of a sensor, and what each was made from.

    Attributes
    ----------
    values : ndarray, shape (m,)
        NaN where there is none.
    flags : ndarray of int16
        Flag of the worst value used; 9 where there is none.
    kind : ndarray of int8
        Codes of `VALUE_TYPES`: measured, interpolated or missing.
    start, end : ndarray
        Times of the first and last value used [s]; NaN where there is none.
    around : ndarray of bool
        Questionable or bad values were left out in between.
    """

    values: np.ndarray
    flags: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    end: np.ndarray
    around: np.ndarray


def value_at(
    readings: Readings,
    at: np.ndarray,
    *,
    max_gap: float = 300.0,
    may_interpolate: bool = True,
    nearest: bool = False,
) -> Found:
    """Find the value of a continuous sensor at the times of measurements.

    The value at that very time if it is good; else on the line between the nearest
    good values within `max_gap` on both sides; else the value at that very time with
    its flag, if it is not good; else nothing. Never extrapolated.

    Parameters
    ----------
    readings : Readings
        Of the sensor.
    at : ndarray, shape (m,)
        Times of the measurements, moved to the sensor's place [s].
    max_gap : float, default 300.0
        Farthest that a neighbour may be, on either side [s].
    may_interpolate : bool, default True
        False for values that must be measured at that very time.
    nearest : bool, default False
        Take the nearer neighbour instead of the line between both.

    Returns
    -------
    Found
        Values with flags and types.

    Examples
    --------
    >>> import numpy as np
    >>> minutes = 60.0 * np.arange(11, 24)
    >>> flags = np.full(13, 2)
    >>> flags[6] = 4
    >>> sensor = Readings(minutes, np.arange(11.0, 24.0), flags)
    >>> found = value_at(sensor, np.array([1020.0]))
    >>> found.values, found.kind, found.around
    (array([17.]), array([2], dtype=int8), array([ True]))
    """
    times, values, flags = readings.times, readings.values, readings.flags
    order = readings.order
    good = np.flatnonzero(order == 0)
    gap = max_gap if may_interpolate else -1.0
    near = neighbours(
        times[good], values[good], at, gap, nearest=nearest, circle=readings.circle
    )
    out, kind = near.values, near.kind
    there = near.before >= 0
    first, last = (good[i[there]] for i in (near.before, near.after))
    marks = np.full(at.shape, MISSING, dtype=np.int16)
    marks[there] = np.minimum(flags[first], flags[last])  # 0 is less sure than 2
    start, end = np.full(at.shape, np.nan), np.full(at.shape, np.nan)
    start[there], end[there] = times[first], times[last]
    around = np.zeros(at.shape, dtype=bool)
    left = np.flatnonzero((order > 0) & (order < NEVER))
    if left.size:
        passed = np.searchsorted(left, last) - np.searchsorted(left, first)
        around[there] = passed > 0
        place = np.clip(np.searchsorted(times[left], at - SAME), 0, left.size - 1)
        exact = (kind == 0) & (np.abs(times[left[place]] - at) < SAME)
        chosen = left[place[exact]]
        out[exact], marks[exact] = values[chosen], flags[chosen]
        start[exact] = end[exact] = times[chosen]
        kind[exact] = VALUE_TYPES["measured"]
    return Found(out, marks, kind, start, end, around)


def periodic_value_at(
    readings: Readings,
    at: np.ndarray,
) -> Found:
    """Find the value of a sensor that reports in bursts.

    The group that spans the time. Else the groups on either side whose middle is
    within 1.5 mean intervals: of one alone its value; of two with different flags the
    better one; between two good ones the line between their middles; of two that are
    equally not good nothing.

    Parameters
    ----------
    readings : Readings
        Of the sensor.
    at : ndarray, shape (m,)
        Times of the measurements, moved to the sensor's place [s].

    Returns
    -------
    Found
        Values with flags and types; ``start`` and ``end`` are those of the groups.
    """
    bursts = groups(readings)
    if not bursts.middle.size:
        return _nothing(at.shape)
    first, last, spans = _places(bursts, at)
    there = first >= 0
    one, two = bursts.middle[first], bursts.middle[last]
    weight = (at - one) / np.where(two > one, two - one, 1.0)
    weight = np.where(first == last, 0.0, weight)
    step = difference(bursts.values[first], bursts.values[last], bursts.circle)
    out = on_circle(bursts.values[first] + weight * step, bursts.circle)
    kind = np.where(spans, VALUE_TYPES["measured"], VALUE_TYPES["interpolated"])
    return Found(
        values=np.where(there, out, np.nan),
        flags=np.where(there, bursts.flags[first], MISSING).astype(np.int16),
        kind=np.where(there, kind, 0).astype(np.int8),
        start=np.where(there, bursts.first[first], np.nan),
        end=np.where(there, bursts.last[last], np.nan),
        around=np.zeros(at.shape, dtype=bool),
    )


def _nothing(shape: tuple[int, ...]) -> Found:
    nan = np.full(shape, np.nan)
    none = np.zeros(shape, dtype=np.int8)
    flags = np.full(shape, MISSING, dtype=np.int16)
    return Found(nan, flags, none, nan.copy(), nan.copy(), none.astype(bool))


def _places(
    bursts: Groups, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose the groups for each time: the same twice for one, -1 for none."""
    size = bursts.middle.size
    limit = _INTERVALS * np.ptp(bursts.middle) / max(size - 1, 1)
    later = np.searchsorted(bursts.middle, at, side="right")
    before, after = np.clip(later - 1, 0, size - 1), np.clip(later, 0, size - 1)
    order = ranks(bursts.flags)
    left = np.where((later > 0) & (at - bursts.middle[before] <= limit), 0, NEVER)
    right = np.where((later < size) & (bursts.middle[after] - at <= limit), 0, NEVER)
    # The rank of a side that is too far is worse than that of any flag.
    left, right = np.maximum(left, order[before]), np.maximum(right, order[after])
    first = np.where(left <= right, before, after)
    last = np.where(right <= left, after, before)
    nothing = (left == right) & (left > 0)
    first, last = np.where(nothing, -1, first), np.where(nothing, -1, last)
    spans = np.zeros(at.shape, dtype=bool)
    for place in (before, after):
        inside = (bursts.first[place] - SAME < at) & (at < bursts.last[place] + SAME)
        first, last = np.where(inside, place, first), np.where(inside, place, last)
        spans |= inside
    return first, last, spans


def value_over(
    readings: Readings,
    period: tuple[float, float],
    *,
    may_interpolate: bool = True,
) -> Found:
    """Find the value of a sensor over the period of a measurement.

    The mean of the readings with the best flag within the period; if there are none,
    the value at the middle of the period as in `value_at`.

    Parameters
    ----------
    readings : Readings
        Of the sensor.
    period : tuple of float
        First and last moment of the measurement [s].
    may_interpolate : bool, default True
        Whether readings outside may stand in.

    Returns
    -------
    Found
        One value; ``start`` and ``end`` are the first and last usable reading within
        the period, ``around`` tells that some were left out for their flags.

    Examples
    --------
    >>> import numpy as np
    >>> minutes = 60.0 * np.arange(11, 16)
    >>> flags = np.array([2, 2, 4, 3, 2])
    >>> sensor = Readings(minutes, np.arange(11.0, 16.0), flags)
    >>> found = value_over(sensor, (660.0, 900.0))
    >>> found.values.round(3), found.around
    (array([12.667]), array([ True]))
    """
    times, order = readings.times, readings.order
    low, high = period[0] - SAME, period[1] + SAME
    inside = np.flatnonzero((times > low) & (times < high) & (order < NEVER))
    if not inside.size:
        middle = np.array([sum(period) / 2.0])
        return value_at(readings, middle, may_interpolate=may_interpolate)
    best = inside[order[inside] == order[inside].min()]
    return Found(
        values=np.array([mean(readings.values[best], readings.circle)]),
        flags=readings.flags[best[:1]].astype(np.int16),
        kind=np.array([VALUE_TYPES["measured"]], dtype=np.int8),
        start=times[inside[:1]],
        end=times[inside[-1:]],
        around=np.array([best.size < inside.size]),
    )
