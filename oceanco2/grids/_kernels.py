"""Compiled: observations into bins, repeated rows, statistics of cells.

Weighted means give every data set the same weight: they are means of the means of
the data sets. The weighted standard deviation belongs to them: it is that of all
observations about the weighted mean, with equal weight for each data set,
sqrt(mean over data sets of (its variance + (its mean - weighted mean)**2)). With one
data set it is the unweighted one. Both are those of a population (n, not n - 1).

Sums are integers of 128 bits, so that they do not depend on the order of their terms.
A number is two int64: the low half (its bits, read as unsigned) and the high half.
Arithmetic is modulo 2**128: a result is exact if it fits.
"""

from typing import Any, NamedTuple

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.dates import month_number

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_TWO_64 = 18446744073709551616.0

Int = Any  # an int64, which is an int here and another type inside of numba


@compiled
def add_128(row: np.ndarray, at: int, low: Int, high: Int) -> None:
    """Add a number to the one at a position of a row."""
    before = np.uint64(row[at])
    after = before + np.uint64(low)
    row[at] = np.int64(after)
    row[at + 1] += high
    if after < before:
        row[at + 1] += 1


@compiled
def multiply_unsigned(a: Int, b: Int) -> tuple[Int, Int]:
    """Multiply two numbers, read as unsigned."""
    x, y = np.uint64(a), np.uint64(b)
    x0, x1, y0, y1 = x & _LOW, x >> _HALF, y & _LOW, y >> _HALF
    p00, p01, p10, p11 = x0 * y0, x0 * y1, x1 * y0, x1 * y1
    middle = (p00 >> _HALF) + (p01 & _LOW) + (p10 & _LOW)
    low = (p00 & _LOW) | (middle << _HALF)
    high = p11 + (p01 >> _HALF) + (p10 >> _HALF) + (middle >> _HALF)
    return np.int64(low), np.int64(high)


@compiled
def multiply_signed(low: Int, high: Int, factor: Int) -> tuple[Int, Int]:
    """Multiply a signed number by a signed int64."""
    out, more = multiply_unsigned(low, factor)
    more += high * factor  # wraps
    if factor < 0:
        more -= low  # the high half of a negative factor is all ones
    return out, more


@compiled
def subtract_128(low: Int, high: Int, low2: Int, high2: Int) -> tuple[Int, Int]:
    """Subtract the second number from the first."""
    borrow = 1 if np.uint64(low) < np.uint64(low2) else 0
    return np.int64(np.uint64(low) - np.uint64(low2)), high - high2 - borrow


@compiled
def as_float(low: Int, high: Int) -> float:
    """Convert a signed number to the nearest float64, or its neighbour."""
    if high >= 0:
        return float(high) * _TWO_64 + float(np.uint64(low))
    low2, high2 = subtract_128(0, 0, low, high)
    return -(float(high2) * _TWO_64 + float(np.uint64(low2)))


#: Integers per unit.
SCALE = 1_000_000_000
#: Values must be smaller than this, so that 2**27 squares fit into 127 bits.
LARGEST = 1e6
KEY, SET, NORTH, EAST, FIRST, STRIDE, VARIABLES = 0, 1, 2, 3, 4, 7, 3
COUNT, SUM, SQUARES, LEAST, GREATEST = 0, 1, 3, 5, 6
WIDTH = FIRST + STRIDE * VARIABLES
#: Reasons to skip a row; the order of the counts.
NO_TIME, OTHER_TIME, NO_POSITION, NO_VALUE, NOT_COASTAL, REASONS = 0, 1, 2, 3, 4, 5

#: NaT, as an int64.
NOT_A_TIME = np.iinfo(np.int64).min
_HIGH = np.iinfo(np.int64).max
FLOAT_SCALE = float(SCALE)
_MIX1, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)


class Bins(NamedTuple):
    """Sums of each bin, and the hash table of their positions (plus one; 0 is free)."""

    table: np.ndarray
    slots: np.ndarray


class Grid(NamedTuple):
    """Cell size in billionths of a degree, number of months, time units per day."""

    step: Int
    months: Int
    day: Int


class Observations(NamedTuple):
    """Columns of rows; `time` is an integer."""

    time: Any
    latitude: Any
    longitude: Any
    data_set: Any
    fco2: Any
    sst: Any
    salinity: Any


month_of = compiled(month_number)


@compiled
def _slot(key: Int, number: Int, last: Int) -> Int:
    """Return the first slot to look at in a hash table of `last` + 1 slots."""
    mixed = (np.uint64(key) * _MIX1) ^ (np.uint64(number) * _MIX2)
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX1
    return np.int64((mixed ^ (mixed >> _SHIFT)) & np.uint64(last))


@compiled
def _find(bins: Bins, used: Int, key: Int, number: Int) -> Int:
    """Return the bin of a key and data set; it is new if it is number `used`."""
    table, slots = bins.table, bins.slots
    last = slots.size - 1
    slot = _slot(key, number, last)
    while slots[slot]:
        index = np.int64(slots[slot] - 1)
        if table[index, KEY] == key and table[index, SET] == number:
            return index
        slot = (slot + 1) & last
    slots[slot] = used + 1
    row = table[used]
    row[:] = 0
    row[KEY], row[SET] = key, number
    for v in range(VARIABLES):
        row[FIRST + STRIDE * v + LEAST] = _HIGH
        row[FIRST + STRIDE * v + GREATEST] = -_HIGH
    return np.int64(used)


@compiled
def _is_full(bins: Bins, used: Int) -> bool:
    """Return whether the tables must grow before another bin is added."""
    return bool(2 * used >= bins.slots.size or used >= bins.table.shape[0])


@compiled
def _add_value(row: np.ndarray, start: int, value: float) -> None:
    """Add a value to the sums of a variable; ignore NaN and values too large."""
    if not abs(value) < LARGEST:
        return
    scaled = np.int64(np.rint(value * FLOAT_SCALE))
    row[start + COUNT] += 1
    add_128(row, start + SUM, scaled, scaled >> 63)
    size = abs(scaled)
    low, high = multiply_unsigned(size, size)
    add_128(row, start + SQUARES, low, high)
    row[start + LEAST] = min(row[start + LEAST], scaled)
    row[start + GREATEST] = max(row[start + GREATEST], scaled)


@compiled
def _cell(latitude: float, longitude: float, grid: Grid, scratch: np.ndarray) -> Int:
    """Return the cell of a position, -1 if invalid; store offsets from its centre."""
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 540.0):
        return np.int64(-1)
    step = grid.step
    north = np.int64(np.rint(latitude * FLOAT_SCALE)) + 90 * SCALE
    east = np.int64(np.rint(longitude * FLOAT_SCALE)) + 180 * SCALE
    east -= (east // (360 * SCALE)) * 360 * SCALE
    row = min(north // step, 180 * SCALE // step - 1)
    column = east // step
    scratch[0] = north - row * step - step // 2
    scratch[1] = east - column * step - step // 2
    return np.int64(row * (360 * SCALE // step) + column)


@compiled
def _bin_key(
    time: Int,
    latitude: float,
    longitude: float,
    value: float,
    grid: Grid,
    mask: np.ndarray,
    scratch: np.ndarray,
) -> Int:
    """Return the key of the bin of a row, or -1 minus the reason to skip the row."""
    if time == NOT_A_TIME:
        return np.int64(-1 - NO_TIME)
    today = time // grid.day
    if today != scratch[2]:
        scratch[2], scratch[3] = today, month_of(today)
    month = scratch[3]
    if not 0 <= month < grid.months:
        return np.int64(-1 - OTHER_TIME)
    cell = _cell(latitude, longitude, grid, scratch)
    if cell < 0:
        return np.int64(-1 - NO_POSITION)
    if not abs(value) < LARGEST:
        return np.int64(-1 - NO_VALUE)
    if mask.size and not mask[cell]:
        return np.int64(-1 - NOT_COASTAL)
    cells = (360 * SCALE // grid.step) * (180 * SCALE // grid.step)
    return np.int64(month * cells + cell)


@compiled
def bin_rows(
    rows: Observations,
    grid: Grid,
    mask: np.ndarray,
    bins: Bins,
    start: Int,
    used: Int,
    skipped: np.ndarray,
) -> tuple[Int, Int]:
    """Add rows to the bins until the rows end or a table is full."""
    time, number = rows.time, rows.data_set
    scratch = np.full(4, NOT_A_TIME)
    index, key, last = np.int64(-1), np.int64(-1), np.int64(0)
    for i in range(start, time.size):
        new_key = _bin_key(
            time[i],
            rows.latitude[i],
            rows.longitude[i],
            rows.fco2[i],
            grid,
            mask,
            scratch,
        )
        if new_key < 0:
            skipped[-1 - new_key] += 1
            continue
        if new_key != key or number[i] != last or index < 0:
            if _is_full(bins, used):
                return np.int64(i), used
            key, last = new_key, number[i]
            index = _find(bins, used, key, last)
            used = max(used, index + 1)
        row = bins.table[index]
        row[NORTH] += scratch[0]
        row[EAST] += scratch[1]
        _add_value(row, FIRST, rows.fco2[i])
        _add_value(row, FIRST + STRIDE, rows.sst[i])
        _add_value(row, FIRST + 2 * STRIDE, rows.salinity[i])
    return np.int64(time.size), used


@compiled
def merge_bins(other: np.ndarray, bins: Bins, start: Int, used: Int) -> tuple[Int, Int]:
    """Add other bins to the bins until they end or a table is full."""
    for i in range(start, other.shape[0]):
        if _is_full(bins, used):
            return np.int64(i), used
        more = other[i]
        index = _find(bins, used, more[KEY], more[SET])
        used = max(used, index + 1)
        row = bins.table[index]
        row[NORTH] += more[NORTH]
        row[EAST] += more[EAST]
        for v in range(VARIABLES):
            at = FIRST + STRIDE * v
            row[at + COUNT] += more[at + COUNT]
            add_128(row, at + SUM, more[at + SUM], more[at + SUM + 1])
            add_128(row, at + SQUARES, more[at + SQUARES], more[at + SQUARES + 1])
            row[at + LEAST] = min(row[at + LEAST], more[at + LEAST])
            row[at + GREATEST] = max(row[at + GREATEST], more[at + GREATEST])
    return np.int64(other.shape[0]), used


@compiled
def fill_slots(bins: Bins, used: Int) -> None:
    """Enter all bins into an empty hash table."""
    table, slots = bins.table, bins.slots
    last = slots.size - 1
    for i in range(used):
        slot = _slot(table[i, KEY], table[i, SET], last)
        while slots[slot]:
            slot = (slot + 1) & last
        slots[slot] = i + 1


@compiled
def _equal(values: np.ndarray, i: int, j: int) -> bool:
    for k in range(values.shape[0]):
        a, b = values[k, i], values[k, j]
        if a != b and not (np.isnan(a) and np.isnan(b)):
            return False
    return True


@compiled
def first_of_equals(
    start: int, keys: np.ndarray, values: np.ndarray, keep: np.ndarray
) -> tuple[Int, Int]:
    """Set `keep` to False for repeated rows; return unsorted rows, where to resume."""
    unsorted = 0
    same = np.int64(0)  # first row of this data set and time
    for i in range(keys.shape[1]):
        new_time = (
            i == 0 or keys[0, i] != keys[0, i - 1] or keys[1, i] != keys[1, i - 1]
        )
        if new_time:
            same = np.int64(i)
            if i >= start and i > 0 and keys[0, i] == keys[0, i - 1]:
                unsorted += keys[1, i] < keys[1, i - 1]
            continue
        if i < start:
            continue
        for j in range(same, i):
            if keep[j] and _equal(values, i, j):
                keep[i] = False
                break
    return unsorted, same


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
