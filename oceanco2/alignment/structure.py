"""Uncertainty that interpolation in time adds to a value."""

from dataclasses import dataclass

import numpy as np

from oceanco2.alignment.readings import Readings
from oceanco2.alignment.values import SensorValues
from oceanco2.interpolation import difference
from oceanco2.vocabulary import VALUE_TYPES

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
