"""Put observations into bins: month, cell and data set; compiled.

Values become whole numbers of billionths (`SCALE`), so sums are exact whatever the
order of the rows: numbers printed with up to nine decimals are not changed at all.
A bin is a row of int64: key, data set, sums of the offsets from the middle of the
cell, then for each variable the count, the sum and the sum of squares (128 bits
each), the least and the greatest.
"""

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.grids.wide import Whole, add, product

#: Whole numbers per unit.
SCALE = 1_000_000_000
#: Values must be smaller than this, so that 2**27 squares fit into 127 bits.
LARGEST = 1e6
KEY, SET, NORTH, EAST, FIRST, STRIDE, VARIABLES = 0, 1, 2, 3, 4, 7, 3
COUNT, SUM, SQUARES, LEAST, GREATEST = 0, 1, 3, 5, 6
WIDTH = FIRST + STRIDE * VARIABLES
#: Why a row is left out; the order of the counts.
NO_TIME, OTHER_TIME, NO_PLACE, NO_VALUE, ELSEWHERE, REASONS = 0, 1, 2, 3, 4, 5

#: NaT, as an int64.
NOT_A_TIME = np.iinfo(np.int64).min
_HIGH = np.iinfo(np.int64).max
_SCALE = float(SCALE)
_MIX1, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)

Bins = tuple[np.ndarray, np.ndarray]
Grid = tuple[Whole, Whole, Whole]
Rows = tuple[np.ndarray, ...]


@compiled
def month_of(day: Whole) -> Whole:
    """Return the month of a day."""
    shifted = day + 719468  # since 0000-03-01
    era = shifted // 146097
    rest = shifted - era * 146097
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    of_year = rest - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    return (year + era * 400 - 1970) * 12 + march + 2


@compiled
def _slot(key: Whole, number: Whole, last: Whole) -> Whole:
    """Return where to begin to look in a hash table of `last` + 1 places."""
    mixed = (np.uint64(key) * _MIX1) ^ (np.uint64(number) * _MIX2)
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX1
    return np.int64((mixed ^ (mixed >> _SHIFT)) & np.uint64(last))


@compiled
def _find(bins: Bins, used: Whole, key: Whole, number: Whole) -> Whole:
    """Return the bin of a key and data set: a new one if it is the `used`-th."""
    state, slots = bins
    last = slots.size - 1
    place = _slot(key, number, last)
    while slots[place]:
        index = np.int64(slots[place] - 1)
        if state[index, KEY] == key and state[index, SET] == number:
            return index
        place = (place + 1) & last
    slots[place] = used + 1
    row = state[used]
    row[:] = 0
    row[KEY], row[SET] = key, number
    for v in range(VARIABLES):
        row[FIRST + STRIDE * v + LEAST] = _HIGH
        row[FIRST + STRIDE * v + GREATEST] = -_HIGH
    return np.int64(used)


@compiled
def _full(bins: Bins, used: Whole) -> bool:
    """Return whether the tables must grow before another bin is made."""
    return bool(2 * used >= bins[1].size or used >= bins[0].shape[0])


@compiled
def _take(row: np.ndarray, start: int, value: float) -> None:
    """Add a value to the sums of a variable; NaN and what is too large is none."""
    if not abs(value) < LARGEST:
        return
    whole = np.int64(np.rint(value * _SCALE))
    row[start + COUNT] += 1
    add(row, start + SUM, whole, whole >> 63)
    size = abs(whole)
    low, high = product(size, size)
    add(row, start + SQUARES, low, high)
    row[start + LEAST] = min(row[start + LEAST], whole)
    row[start + GREATEST] = max(row[start + GREATEST], whole)


@compiled
def _cell(latitude: float, longitude: float, grid: Grid, scratch: np.ndarray) -> Whole:
    """Return the cell of a position, -1 if it is none; offsets from the middle."""
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 540.0):
        return np.int64(-1)
    step = grid[0]
    north = np.int64(np.rint(latitude * _SCALE)) + 90 * SCALE
    east = np.int64(np.rint(longitude * _SCALE)) + 180 * SCALE
    east -= (east // (360 * SCALE)) * 360 * SCALE
    row = min(north // step, 180 * SCALE // step - 1)
    column = east // step
    scratch[0] = north - row * step - step // 2
    scratch[1] = east - column * step - step // 2
    return np.int64(row * (360 * SCALE // step) + column)


@compiled
def _key(
    moment: Whole,
    place: tuple[float, float],
    value: float,
    grid: Grid,
    mask: np.ndarray,
    scratch: np.ndarray,
) -> Whole:
    """Return the key of a row's bin, or -1 - why it is left out."""
    if moment == NOT_A_TIME:
        return np.int64(-1 - NO_TIME)
    today = moment // grid[2]
    if today != scratch[2]:
        scratch[2], scratch[3] = today, month_of(today)
    month = scratch[3]
    if not 0 <= month < grid[1]:
        return np.int64(-1 - OTHER_TIME)
    cell = _cell(place[0], place[1], grid, scratch)
    if cell < 0:
        return np.int64(-1 - NO_PLACE)
    if not abs(value) < LARGEST:
        return np.int64(-1 - NO_VALUE)
    if mask.size and not mask[cell]:
        return np.int64(-1 - ELSEWHERE)
    return np.int64(month * (360 * SCALE // grid[0]) * (180 * SCALE // grid[0]) + cell)


@compiled
def bin_rows(
    rows: Rows,
    grid: Grid,
    mask: np.ndarray,
    bins: Bins,
    state: tuple[Whole, Whole],
    left_out: np.ndarray,
) -> tuple[Whole, Whole]:
    """Add rows to the bins until the rows end or a table is full."""
    time, latitude, longitude, number, first, second, third = rows
    start, used = state
    scratch = np.full(4, NOT_A_TIME)
    index, key, last = np.int64(-1), np.int64(-1), np.int64(0)
    for i in range(start, time.size):
        place = latitude[i], longitude[i]
        this = _key(time[i], place, first[i], grid, mask, scratch)
        if this < 0:
            left_out[-1 - this] += 1
            continue
        if this != key or number[i] != last or index < 0:
            if _full(bins, used):
                return np.int64(i), used
            key, last = this, number[i]
            index = _find(bins, used, key, last)
            used = max(used, index + 1)
        row = bins[0][index]
        row[NORTH] += scratch[0]
        row[EAST] += scratch[1]
        _take(row, FIRST, first[i])
        _take(row, FIRST + STRIDE, second[i])
        _take(row, FIRST + 2 * STRIDE, third[i])
    return np.int64(time.size), used


@compiled
def merge_bins(
    other: np.ndarray, bins: Bins, state: tuple[Whole, Whole]
) -> tuple[Whole, Whole]:
    """Add other bins to the bins until they end or a table is full."""
    start, used = state
    for i in range(start, other.shape[0]):
        if _full(bins, used):
            return np.int64(i), used
        more = other[i]
        index = _find(bins, used, more[KEY], more[SET])
        used = max(used, index + 1)
        row = bins[0][index]
        row[NORTH] += more[NORTH]
        row[EAST] += more[EAST]
        for v in range(VARIABLES):
            at = FIRST + STRIDE * v
            row[at + COUNT] += more[at + COUNT]
            add(row, at + SUM, more[at + SUM], more[at + SUM + 1])
            add(row, at + SQUARES, more[at + SQUARES], more[at + SQUARES + 1])
            row[at + LEAST] = min(row[at + LEAST], more[at + LEAST])
            row[at + GREATEST] = max(row[at + GREATEST], more[at + GREATEST])
    return np.int64(other.shape[0]), used


@compiled
def fill_slots(bins: Bins, used: Whole) -> None:
    """Enter the bins into a new hash table."""
    state, slots = bins
    last = slots.size - 1
    for i in range(used):
        place = _slot(state[i, KEY], state[i, SET], last)
        while slots[place]:
            place = (place + 1) & last
        slots[place] = i + 1
