"""Value of a sensor at a time or over a period, and its interpolation error."""

from dataclasses import dataclass

import numpy as np

from oceanco2.alignment.sampling import UNUSABLE, Groups, Readings, groups, ranks
from oceanco2.interpolation import SAME_TIME, difference, mean, neighbours, on_circle
from oceanco2.vocabulary import MISSING, VALUE_TYPES

#: Groups of a periodic sensor are used within this many mean intervals.
_MAX_INTERVALS = 1.5


@dataclass(frozen=True, slots=True)
class SensorValues:
    """Values of a sensor, and the readings used for each.

    Attributes
    ----------
    values : ndarray, shape (m,)
        NaN if there is none.
    flags : ndarray of int16
        Flag of the worst value used; 9 if there is none.
    kind : ndarray of int8
        Codes of `VALUE_TYPES`: measured, interpolated or missing.
    start, end : ndarray
        Times of the first and last value used [s]; NaN if there is none.
    around : ndarray of bool
        Whether questionable or bad values in between were skipped.
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
) -> SensorValues:
    """Find the value of a continuous sensor at the times of measurements.

    In this order: the good value at exactly that time; linear interpolation between
    the nearest good values within `max_gap` on both sides; the value at exactly that
    time with its flag, if it is not good; missing. Values are never extrapolated.

    Parameters
    ----------
    readings : Readings
        Readings of the sensor.
    at : ndarray, shape (m,)
        Times of the measurements, shifted to the sensor [s].
    max_gap : float, default 300.0
        Longest distance to a neighbour, on either side [s].
    may_interpolate : bool, default True
        False for values that must be measured at exactly that time.
    nearest : bool, default False
        Use the nearer neighbour instead of interpolating.

    Returns
    -------
    SensorValues
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
    has_value = near.before >= 0
    first, last = (good[i[has_value]] for i in (near.before, near.after))
    out_flags = np.full(at.shape, MISSING, dtype=np.int16)
    out_flags[has_value] = np.minimum(
        flags[first], flags[last]
    )  # 0 is less certain than 2
    start, end = np.full(at.shape, np.nan), np.full(at.shape, np.nan)
    start[has_value], end[has_value] = times[first], times[last]
    around = np.zeros(at.shape, dtype=bool)
    flagged = np.flatnonzero((order > 0) & (order < UNUSABLE))
    if flagged.size:
        passed = np.searchsorted(flagged, last) - np.searchsorted(flagged, first)
        around[has_value] = passed > 0
        position = np.clip(
            np.searchsorted(times[flagged], at - SAME_TIME), 0, flagged.size - 1
        )
        exact = (kind == 0) & (np.abs(times[flagged[position]] - at) < SAME_TIME)
        index = flagged[position[exact]]
        out[exact], out_flags[exact] = values[index], flags[index]
        start[exact] = end[exact] = times[index]
        kind[exact] = VALUE_TYPES["measured"]
    return SensorValues(out, out_flags, kind, start, end, around)


def periodic_value_at(
    readings: Readings,
    at: np.ndarray,
) -> SensorValues:
    """Find the value of a sensor that reports in bursts.

    The group that spans the time; otherwise the groups on either side whose middle is
    within 1.5 mean intervals: the value of a single group; the better of two with
    different flags; linear interpolation between the middles of two good ones; missing
    if both are not good.

    Parameters
    ----------
    readings : Readings
        Readings of the sensor.
    at : ndarray, shape (m,)
        Times of the measurements, shifted to the sensor [s].

    Returns
    -------
    SensorValues
        Values with flags and types; ``start`` and ``end`` are those of the groups.
    """
    bursts = groups(readings)
    if not bursts.middle.size:
        return _empty_result(at.shape)
    first, last, spans = _neighbouring_groups(bursts, at)
    has_value = first >= 0
    one, two = bursts.middle[first], bursts.middle[last]
    weight = (at - one) / np.where(two > one, two - one, 1.0)
    weight = np.where(first == last, 0.0, weight)
    step = difference(bursts.values[first], bursts.values[last], bursts.circle)
    out = on_circle(bursts.values[first] + weight * step, bursts.circle)
    kind = np.where(spans, VALUE_TYPES["measured"], VALUE_TYPES["interpolated"])
    return SensorValues(
        values=np.where(has_value, out, np.nan),
        flags=np.where(has_value, bursts.flags[first], MISSING).astype(np.int16),
        kind=np.where(has_value, kind, 0).astype(np.int8),
        start=np.where(has_value, bursts.first[first], np.nan),
        end=np.where(has_value, bursts.last[last], np.nan),
        around=np.zeros(at.shape, dtype=bool),
    )


def _empty_result(shape: tuple[int, ...]) -> SensorValues:
    nan = np.full(shape, np.nan)
    none = np.zeros(shape, dtype=np.int8)
    flags = np.full(shape, MISSING, dtype=np.int16)
    return SensorValues(nan, flags, none, nan.copy(), nan.copy(), none.astype(bool))


def _neighbouring_groups(
    bursts: Groups, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last group for each time (-1 for none), and whether one spans it."""
    size = bursts.middle.size
    limit = _MAX_INTERVALS * np.ptp(bursts.middle) / max(size - 1, 1)
    later = np.searchsorted(bursts.middle, at, side="right")
    before, after = np.clip(later - 1, 0, size - 1), np.clip(later, 0, size - 1)
    order = ranks(bursts.flags)
    left = np.where((later > 0) & (at - bursts.middle[before] <= limit), 0, UNUSABLE)
    right = np.where((later < size) & (bursts.middle[after] - at <= limit), 0, UNUSABLE)
    # A side that is too far ranks below any flag.
    left, right = np.maximum(left, order[before]), np.maximum(right, order[after])
    first = np.where(left <= right, before, after)
    last = np.where(right <= left, after, before)
    none = (left == right) & (left > 0)
    first, last = np.where(none, -1, first), np.where(none, -1, last)
    spans = np.zeros(at.shape, dtype=bool)
    for group in (before, after):
        inside = (bursts.first[group] - SAME_TIME < at) & (
            at < bursts.last[group] + SAME_TIME
        )
        first, last = np.where(inside, group, first), np.where(inside, group, last)
        spans |= inside
    return first, last, spans


def value_over(
    readings: Readings,
    period: tuple[float, float],
    *,
    may_interpolate: bool = True,
) -> SensorValues:
    """Find the value of a sensor over the period of a measurement.

    The mean of the readings with the best flag within the period; without readings
    the value at the middle of the period as in `value_at`.

    Parameters
    ----------
    readings : Readings
        Readings of the sensor.
    period : tuple of float
        Start and end of the measurement [s].
    may_interpolate : bool, default True
        Whether readings outside the period may be used instead.

    Returns
    -------
    SensorValues
        One value; ``start`` and ``end`` are the first and last usable reading within
        the period, ``around`` that some were skipped for their flags.

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
    low, high = period[0] - SAME_TIME, period[1] + SAME_TIME
    inside = np.flatnonzero((times > low) & (times < high) & (order < UNUSABLE))
    if not inside.size:
        middle = np.array([sum(period) / 2.0])
        return value_at(readings, middle, may_interpolate=may_interpolate)
    best = inside[order[inside] == order[inside].min()]
    return SensorValues(
        values=np.array([mean(readings.values[best], readings.circle)]),
        flags=readings.flags[best[:1]].astype(np.int16),
        kind=np.array([VALUE_TYPES["measured"]], dtype=np.int8),
        start=times[inside[:1]],
        end=times[inside[-1:]],
        around=np.array([best.size < inside.size]),
    )


#: Fewest pairs of readings for a structure function.
_MIN_READINGS = 20


@dataclass(frozen=True, slots=True)
class StructureFunction:
    """Structure function: mean square difference of values by time lag."""

    step: float
    size: float
    power: float

    def deviation(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the standard error of linear interpolation between two neighbours.

        Examples
        --------
        Halfway in a random walk, a quarter of the variance of the whole step:

        >>> import numpy as np
        >>> walk = StructureFunction(step=60.0, size=1.0, power=1.0)
        >>> walk.deviation(np.array([30.0]), np.array([30.0]))
        array([0.5])
        """
        total = np.where(left + right > 0.0, left + right, 1.0)
        weight = left / total
        one, two, both = (self._square(t) for t in (left, right, left + right))
        variance = (1.0 - weight) * one + weight * two - weight * (1.0 - weight) * both
        return np.sqrt(np.maximum(variance, 0.0))

    def difference(self, spacing: np.ndarray) -> np.ndarray:
        """Return the standard deviation of the difference of two values."""
        return np.sqrt(self._square(np.maximum(spacing, 0.0)))

    def _square(self, spacing: np.ndarray) -> np.ndarray:
        return self.size * (spacing / self.step) ** self.power


def fit_structure_function(
    times: np.ndarray, values: np.ndarray, circle: float | None = None
) -> StructureFunction:
    """Estimate the structure function of a series of good values.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> walk = np.cumsum(rng.normal(0.0, 0.1, 20_000))
    >>> found = fit_structure_function(10.0 * np.arange(20_000), walk)
    >>> found.step, round(found.size, 2), round(found.power, 1)
    (10.0, 0.01, 1.0)
    """
    if times.size <= _MIN_READINGS:
        return StructureFunction(1.0, 0.0, 1.0)
    step = float(np.median(np.diff(times)))
    squares = [_mean_square(times, values, step, n, circle) for n in (1, 2, 4)]
    if step <= 0.0 or not np.isfinite(squares).all():
        return StructureFunction(1.0, 0.0, 1.0)
    one, two, four = squares
    if not two - one > 3.0 * one * np.sqrt(2.0 / times.size):
        return StructureFunction(step, 0.0, 1.0)  # only noise
    # Noise adds the same to all three and cancels in differences.
    power = float(np.clip(np.log2(max((four - two) / (two - one), 1e-9)), 0.2, 2.0))
    size = min((two - one) / (2.0**power - 1.0), one)
    return StructureFunction(step, size, power)


def _mean_square(
    times: np.ndarray, values: np.ndarray, step: float, n: int, circle: float | None
) -> float:
    """Mean square difference of readings n steps apart, within regular spacing."""
    spacing = times[n:] - times[:-n]
    regular = np.abs(spacing - n * step) < 0.25 * step
    if regular.sum() < _MIN_READINGS:
        return np.nan
    return float((difference(values[:-n], values[n:], circle)[regular] ** 2).mean())


def interpolation_uncertainty(
    readings: Readings, result: SensorValues, at: np.ndarray, lag: float = 0.0
) -> np.ndarray:
    """Return the uncertainty from the time between a value and its readings."""
    good = readings.order == 0
    series = fit_structure_function(
        readings.times[good], readings.values[good], readings.circle
    )
    left, right = at - result.start, result.end - at
    between = (left >= 0.0) & (right >= 0.0)
    line = series.deviation(np.where(between, left, 0.0), np.where(between, right, 0.0))
    outside = series.difference(np.maximum(-left, -right))
    out = np.where(between, line, outside)
    out[result.kind == VALUE_TYPES["measured"]] = 0.0
    out[result.kind == VALUE_TYPES["missing"]] = np.nan
    return np.hypot(out, series.difference(np.full(at.shape, lag)))
