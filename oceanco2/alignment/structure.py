"""What interpolation in time adds to the uncertainty of a value."""

from dataclasses import dataclass

import numpy as np

from oceanco2.alignment.interpolation import difference
from oceanco2.alignment.readings import Readings
from oceanco2.alignment.values import Found
from oceanco2.vocabulary import VALUE_TYPES

#: Pairs of readings that the structure function is made from, at least.
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Structure:
    """Structure function of a series: how far values apart in time differ."""

    step: float
    size: float
    power: float

    def deviation(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the standard error of the line between two neighbours.

        Examples
        --------
        Halfway in a random walk, a quarter of the variance of the whole step:

        >>> import numpy as np
        >>> walk = Structure(step=60.0, size=1.0, power=1.0)
        >>> walk.deviation(np.array([30.0]), np.array([30.0]))
        array([0.5])
        """
        whole = np.where(left + right > 0.0, left + right, 1.0)
        weight = left / whole
        one, two, both = (self._square(t) for t in (left, right, left + right))
        variance = (1.0 - weight) * one + weight * two - weight * (1.0 - weight) * both
        return np.sqrt(np.maximum(variance, 0.0))

    def difference(self, apart: np.ndarray) -> np.ndarray:
        """Return how far a value differs from another, as a standard deviation."""
        return np.sqrt(self._square(np.maximum(apart, 0.0)))

    def _square(self, apart: np.ndarray) -> np.ndarray:
        return self.size * (apart / self.step) ** self.power


def structure_of(
    times: np.ndarray, values: np.ndarray, circle: float | None = None
) -> Structure:
    """Estimate the structure function of a series of good values.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> walk = np.cumsum(rng.normal(0.0, 0.1, 20_000))
    >>> found = structure_of(10.0 * np.arange(20_000), walk)
    >>> found.step, round(found.size, 2), round(found.power, 1)
    (10.0, 0.01, 1.0)
    """
    if times.size <= _FEWEST:
        return Structure(1.0, 0.0, 1.0)
    step = float(np.median(np.diff(times)))
    squares = [_mean_square(times, values, step, n, circle) for n in (1, 2, 4)]
    if step <= 0.0 or not np.isfinite(squares).all():
        return Structure(1.0, 0.0, 1.0)
    one, two, four = squares
    if not two - one > 3.0 * one * np.sqrt(2.0 / times.size):
        return Structure(step, 0.0, 1.0)  # nothing but noise
    # Noise adds the same to all three: differences do not have it.
    power = float(np.clip(np.log2(max((four - two) / (two - one), 1e-9)), 0.2, 2.0))
    size = min((two - one) / (2.0**power - 1.0), one)
    return Structure(step, size, power)


def _mean_square(
    times: np.ndarray, values: np.ndarray, step: float, n: int, circle: float | None
) -> float:
    """Mean square difference of readings n steps apart, where they really are."""
    apart = times[n:] - times[:-n]
    here = np.abs(apart - n * step) < 0.25 * step
    if here.sum() < _FEWEST:
        return np.nan
    return float((difference(values[:-n], values[n:], circle)[here] ** 2).mean())


def interpolation_uncertainty(
    readings: Readings, found: Found, at: np.ndarray, lag: float = 0.0
) -> np.ndarray:
    """Return what the time between a value and its readings makes uncertain."""
    good = readings.order == 0
    series = structure_of(readings.times[good], readings.values[good], readings.circle)
    left, right = at - found.start, found.end - at
    between = (left >= 0.0) & (right >= 0.0)
    line = series.deviation(np.where(between, left, 0.0), np.where(between, right, 0.0))
    away = series.difference(np.maximum(-left, -right))
    out = np.where(between, line, away)
    out[found.kind == VALUE_TYPES["measured"]] = 0.0
    out[found.kind == VALUE_TYPES["missing"]] = np.nan
    return np.hypot(out, series.difference(np.full(at.shape, lag)))
