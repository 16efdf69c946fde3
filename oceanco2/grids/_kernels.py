"""Compiled: add observations to bins of month, cell and data set.

Values are rounded to integers of billionths (`SCALE`), so sums are exact in any order
of the rows: numbers with up to nine decimals are not changed at all. A bin is a row
of int64: key, data set, sums of the offsets from the centre of the cell, then for
each variable the count, the sum and the sum of squares (128 bits each), the minimum
and the maximum.
"""

from typing import Any, NamedTuple

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.grids.wide import Int, add_128, multiply_unsigned

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


@compiled
def month_of(day: Int) -> Int:
    """Return the month since January 1970 of a day since 1970-01-01."""
    shifted = day + 719468  # since 0000-03-01
    era = shifted // 146097
    rest = shifted - era * 146097
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    of_year = rest - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    return (year + era * 400 - 1970) * 12 + march + 2


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
    """Add rows to the bins until the rows end or a table is full.

    Return the row to continue with, and the number of bins.
    """
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
