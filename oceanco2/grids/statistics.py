"""From bins to the numbers of each month and cell; compiled.

Weighted means give every data set the same weight: they are means of the means of
the data sets. The weighted standard deviation goes with them: it is the one of all
observations about the weighted mean where each data set has the same weight,
sqrt(mean over data sets of (its variance + (its mean - weighted mean)**2)). With one
data set it is the unweighted one. Both are those of a population (n, not n - 1).
"""

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.grids.binning import (
    COUNT,
    EAST,
    FIRST,
    GREATEST,
    KEY,
    LEAST,
    NORTH,
    SCALE,
    SQUARES,
    STRIDE,
    SUM,
    VARIABLES,
)
from oceanco2.grids.wide import Whole, add, as_float, minus, times

#: Columns of the averages: six per variable, then the two offsets.
WEIGHTED, PLAIN, MINIMUM, MAXIMUM, STD_WEIGHTED, STD_PLAIN = range(6)
PER_VARIABLE = 6
COLUMNS = PER_VARIABLE * VARIABLES + 2

_SCALE = float(SCALE)


@compiled
def moments(part: np.ndarray) -> tuple[float, float]:
    """Return mean and variance of what was summed, exact before one rounding."""
    n = part[COUNT]
    low, high = part[SUM], part[SUM + 1]
    middle = np.int64(np.rint(as_float(low, high) / n))
    # Squares about a whole number near the mean: nothing large is subtracted.
    shift, more = times(np.int64(n), np.int64(0), middle)
    rest, rest_high = minus(low, high, shift, more)
    away = as_float(rest, rest_high) / n
    pair = np.empty(2, np.int64)
    pair[0], pair[1] = low, high
    add(pair, 0, rest, rest_high)
    shift, more = times(pair[0], pair[1], middle)
    squares, squares_high = minus(part[SQUARES], part[SQUARES + 1], shift, more)
    variance = max(as_float(squares, squares_high) / n - away * away, 0.0)
    # Rounding must not lift a mean above the greatest value.
    mean = (float(middle) + away) / _SCALE
    mean = min(max(mean, part[LEAST] / _SCALE), part[GREATEST] / _SCALE)
    return mean, variance / (_SCALE * _SCALE)


@compiled
def _weighted(means: np.ndarray, variances: np.ndarray) -> tuple[float, float]:
    """Return mean and standard deviation with equal weights."""
    for i in range(1, means.size):
        mean, variance = means[i], variances[i]
        j = i - 1
        while j >= 0 and (
            means[j] > mean or (means[j] == mean and variances[j] > variance)
        ):
            means[j + 1], variances[j + 1] = means[j], variances[j]
            j -= 1
        means[j + 1], variances[j + 1] = mean, variance
    total = 0.0
    for i in range(means.size):
        total += means[i]
    middle = min(max(total / means.size, means[0]), means[means.size - 1])
    total = 0.0
    for i in range(means.size):
        total += variances[i] + (means[i] - middle) ** 2
    return middle, np.sqrt(total / means.size)


@compiled
def _variable(bins: np.ndarray, order: np.ndarray, at: int, out: np.ndarray) -> Whole:
    """Write the six numbers of a variable in a cell; return how many values it has."""
    whole = np.zeros(STRIDE, np.int64)
    means = np.empty(order.size)
    variances = np.empty(order.size)
    sets = 0
    for i in order:
        part = bins[i, at : at + STRIDE]
        if part[COUNT] == 0:
            continue
        means[sets], variances[sets] = moments(part)
        if sets == 0:
            whole[:] = part
        else:
            whole[COUNT] += part[COUNT]
            add(whole, SUM, part[SUM], part[SUM + 1])
            add(whole, SQUARES, part[SQUARES], part[SQUARES + 1])
            whole[LEAST] = min(whole[LEAST], part[LEAST])
            whole[GREATEST] = max(whole[GREATEST], part[GREATEST])
        sets += 1
    if sets == 0:
        out[:] = np.nan
        return np.int64(0)
    mean, variance = moments(whole)
    middle, deviation = _weighted(means[:sets], variances[:sets])
    out[WEIGHTED], out[PLAIN] = middle, mean
    out[MINIMUM], out[MAXIMUM] = whole[LEAST] / _SCALE, whole[GREATEST] / _SCALE
    out[STD_WEIGHTED], out[STD_PLAIN] = deviation, np.sqrt(variance)
    return np.int64(whole[COUNT])


@compiled
def summarise(
    bins: np.ndarray, order: np.ndarray, counts: np.ndarray, averages: np.ndarray
) -> np.ndarray:
    """Compute the numbers of every month and cell."""
    keys = np.empty(counts.shape[0], np.int64)
    six = np.empty(PER_VARIABLE)
    cell, begin = 0, 0
    while begin < order.size:
        key = bins[order[begin], KEY]
        end = begin
        north, east = np.int64(0), np.int64(0)
        while end < order.size and bins[order[end], KEY] == key:
            north += bins[order[end], NORTH]
            east += bins[order[end], EAST]
            end += 1
        keys[cell] = key
        counts[cell, 0] = end - begin
        for v in range(VARIABLES):
            at = FIRST + STRIDE * v
            counts[cell, 1 + v] = _variable(bins, order[begin:end], at, six)
            for k in range(PER_VARIABLE):
                averages[cell, PER_VARIABLE * v + k] = six[k]
        n = counts[cell, 1]
        averages[cell, COLUMNS - 2] = north / n / _SCALE
        averages[cell, COLUMNS - 1] = east / n / _SCALE
        cell, begin = cell + 1, end
    return keys
