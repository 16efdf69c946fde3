"""Compiled: statistics of each month and cell from the sums of bins.

Weighted means give every data set the same weight: they are means of the means of
the data sets. The weighted standard deviation belongs to them: it is that of all
observations about the weighted mean, with equal weight for each data set,
sqrt(mean over data sets of (its variance + (its mean - weighted mean)**2)). With one
data set it is the unweighted one. Both are those of a population (n, not n - 1).
"""

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.grids._kernels import (
    COUNT,
    EAST,
    FIRST,
    FLOAT_SCALE,
    GREATEST,
    KEY,
    LEAST,
    NORTH,
    SQUARES,
    STRIDE,
    SUM,
    VARIABLES,
)
from oceanco2.grids.wide import Int, add_128, as_float, multiply_signed, subtract_128

#: Columns of the averages: six per variable, then the two offsets.
WEIGHTED, UNWEIGHTED, MINIMUM, MAXIMUM, STD_WEIGHTED, STD_UNWEIGHTED = range(6)
PER_VARIABLE = 6
COLUMNS = PER_VARIABLE * VARIABLES + 2


@compiled
def moments(part: np.ndarray) -> tuple[float, float]:
    """Return mean and variance from the sums, exact up to one rounding."""
    n = part[COUNT]
    low, high = part[SUM], part[SUM + 1]
    middle = np.int64(np.rint(as_float(low, high) / n))
    # Squares about an integer near the mean: no large numbers are subtracted.
    shift, more = multiply_signed(np.int64(n), np.int64(0), middle)
    rest, rest_high = subtract_128(low, high, shift, more)
    away = as_float(rest, rest_high) / n
    pair = np.empty(2, np.int64)
    pair[0], pair[1] = low, high
    add_128(pair, 0, rest, rest_high)
    shift, more = multiply_signed(pair[0], pair[1], middle)
    squares, squares_high = subtract_128(part[SQUARES], part[SQUARES + 1], shift, more)
    variance = max(as_float(squares, squares_high) / n - away * away, 0.0)
    # Rounding must not lift a mean above the greatest value.
    mean = (float(middle) + away) / FLOAT_SCALE
    mean = min(max(mean, part[LEAST] / FLOAT_SCALE), part[GREATEST] / FLOAT_SCALE)
    return mean, variance / (FLOAT_SCALE * FLOAT_SCALE)


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
def _variable_statistics(
    bins: np.ndarray, order: np.ndarray, at: int, out: np.ndarray
) -> Int:
    """Write the six statistics of a variable in a cell; return its count."""
    total_sums = np.zeros(STRIDE, np.int64)
    means = np.empty(order.size)
    variances = np.empty(order.size)
    sets = 0
    for i in order:
        part = bins[i, at : at + STRIDE]
        if part[COUNT] == 0:
            continue
        means[sets], variances[sets] = moments(part)
        if sets == 0:
            total_sums[:] = part
        else:
            total_sums[COUNT] += part[COUNT]
            add_128(total_sums, SUM, part[SUM], part[SUM + 1])
            add_128(total_sums, SQUARES, part[SQUARES], part[SQUARES + 1])
            total_sums[LEAST] = min(total_sums[LEAST], part[LEAST])
            total_sums[GREATEST] = max(total_sums[GREATEST], part[GREATEST])
        sets += 1
    if sets == 0:
        out[:] = np.nan
        return np.int64(0)
    mean, variance = moments(total_sums)
    middle, deviation = _weighted(means[:sets], variances[:sets])
    out[WEIGHTED], out[UNWEIGHTED] = middle, mean
    out[MINIMUM], out[MAXIMUM] = (
        total_sums[LEAST] / FLOAT_SCALE,
        total_sums[GREATEST] / FLOAT_SCALE,
    )
    out[STD_WEIGHTED], out[STD_UNWEIGHTED] = deviation, np.sqrt(variance)
    return np.int64(total_sums[COUNT])


@compiled
def summarise(
    bins: np.ndarray, order: np.ndarray, counts: np.ndarray, averages: np.ndarray
) -> np.ndarray:
    """Compute the statistics of every month and cell; return their keys."""
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
            counts[cell, 1 + v] = _variable_statistics(bins, order[begin:end], at, six)
            for k in range(PER_VARIABLE):
                averages[cell, PER_VARIABLE * v + k] = six[k]
        n = counts[cell, 1]
        averages[cell, COLUMNS - 2] = north / n / FLOAT_SCALE
        averages[cell, COLUMNS - 1] = east / n / FLOAT_SCALE
        cell, begin = cell + 1, end
    return keys
