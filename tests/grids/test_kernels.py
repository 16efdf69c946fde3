"""Sums of 128 bits against Python's integers; cells, keys and statistics by hand."""

import warnings

import numpy as np
import pytest

from oceanco2.grids import _kernels as kernels
from oceanco2.grids._kernels import (
    Bins,
    Grid,
    Observations,
    add_128,
    as_float,
    bin_rows,
    fill_slots,
    first_of_equals,
    merge_bins,
    moments,
    multiply_signed,
    multiply_unsigned,
    subtract_128,
    summarise,
)

NAN = np.nan
BILLION = 10**9
NUMBERS = [0, 1, -1, 7, -350 * BILLION, 2**63 - 1, -(2**63), 2**32, 2**32 - 1, -(2**31)]
NUMBERS += [123456789012345678, -98765432109876543]


@pytest.fixture(autouse=True)
def wrapping():
    """Without compiling, NumPy warns where 64 bits overflow as they should."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "overflow", RuntimeWarning)
        yield


def halves(number):
    """Low and high half of a number modulo 2**128, as int64."""
    number %= 2**128
    pair = np.array([number % 2**64, number >> 64], np.uint64).view(np.int64)
    return pair[0], pair[1]


def whole(low, high):
    """The signed number of two halves."""
    number = int(np.uint64(np.int64(low))) + (int(np.uint64(np.int64(high))) << 64)
    return number - 2**128 if number >= 2**127 else number


def test_products_and_sums_are_those_of_python():
    for a in NUMBERS:
        for b in NUMBERS:
            x, y = np.int64(a), np.int64(b)
            found = whole(*multiply_unsigned(x, y)) % 2**128
            assert found == (a % 2**64) * (b % 2**64)
            assert whole(*multiply_signed(*halves(a), y)) == a * b
            assert whole(*subtract_128(*halves(a * 5), *halves(b))) == a * 5 - b
            row = np.array([99, *halves(a * 3), 99], np.int64)
            add_128(row, 1, *halves(b * 2))
            assert whole(row[1], row[2]) == a * 3 + b * 2
            assert row[0] == row[3] == 99
            big = a * b
            assert as_float(*halves(big)) == pytest.approx(float(big), rel=3e-16)


def test_names_of_columns_are_their_places():
    k = kernels
    assert (k.KEY, k.SET, k.NORTH, k.EAST, k.FIRST) == (0, 1, 2, 3, 4)
    assert (k.COUNT, k.SUM, k.SQUARES, k.LEAST, k.GREATEST) == (0, 1, 3, 5, 6)
    assert (k.STRIDE, k.VARIABLES, k.WIDTH) == (7, 3, 25)
    assert (k.PER_VARIABLE, k.COLUMNS) == (6, 20)
    assert (k.SCALE, k.FLOAT_SCALE, k.LARGEST) == (BILLION, 1e9, 1e6)


DAY = 86400
DEGREE = Grid(BILLION, 12 * 130, DAY)
QUARTER = Grid(BILLION // 4, 12 * 130, DAY)


def tables(size=64):
    return Bins(np.zeros((size, 25), np.int64), np.zeros(2 * size, np.int32))


def binned(rows, grid=DEGREE, mask=(), bins=None, start=0, used=0):
    """Bin rows of time, latitude, longitude, data set, fCO2, SST and salinity."""
    kinds = [np.int64, float, float, np.int64, float, float, float]
    columns = [
        np.array(c, k) for c, k in zip(zip(*rows, strict=True), kinds, strict=True)
    ]
    bins = bins or tables()
    skipped = np.zeros(5, np.int64)
    mask = np.array(mask, bool)
    row, used = bin_rows(Observations(*columns), grid, mask, bins, start, used, skipped)
    return bins, row, used, skipped.tolist()


def key_of(latitude, longitude, time=0, grid=DEGREE):
    bins, _, used, skipped = binned(
        [(time, latitude, longitude, 1, 400.0, NAN, NAN)], grid
    )
    if used == 0:
        return -1 - skipped.index(1)
    assert skipped == [0] * 5
    assert used == 1
    row = bins.table[0]
    return int(row[0]), row[2] / 1e9, row[3] / 1e9


@pytest.mark.parametrize(
    ("latitude", "longitude", "cell", "north", "east"),
    [
        (-90.0, -180.0, 0, -0.5, -0.5),
        (-89.75, -179.25, 0, -0.25, 0.25),
        (-89.0, -180.0, 360, -0.5, -0.5),
        (-89.0001, -178.0, 2, 0.4999, -0.5),
        (90.0, 179.9, 180 * 360 - 1, 0.5, 0.4),
        (0.5, 0.5, 90 * 360 + 180, 0.0, 0.0),
        (0.5, 360.5, 90 * 360 + 180, 0.0, 0.0),
        (0.5, -359.5, 90 * 360 + 180, 0.0, 0.0),
        (0.5, 180.0, 90 * 360, 0.0, -0.5),
        (0.5, 540.0, 90 * 360, 0.0, -0.5),
        (0.5, -540.0, 90 * 360, 0.0, -0.5),
    ],
)
def test_cells_of_a_degree(latitude, longitude, cell, north, east):
    assert key_of(latitude, longitude) == pytest.approx((cell, north, east), abs=2e-9)


def test_cells_of_a_quarter_degree():
    # row 200 from the south, column 721 from 180 W
    assert key_of(-39.9, 0.3, grid=QUARTER) == pytest.approx(
        (200 * 1440 + 721, -0.025, -0.075), abs=2e-9
    )
    assert key_of(90.0, 0.0, grid=QUARTER)[0] == 719 * 1440 + 720
    month = key_of(-90.0, -180.0, 31 * DAY, QUARTER)[0]
    assert month == 720 * 1440


@pytest.mark.parametrize(
    ("time", "month"),
    [
        (0, 0),
        (31 * DAY - 1, 0),
        (31 * DAY, 1),
        (365 * DAY, 12),
        ((130 * 365 + 32) * DAY - 1, 1559),  # 32 leap days until 2100
    ],
)
def test_months_are_the_higher_part_of_keys(time, month):
    assert key_of(-90.0, -180.0, time)[0] == month * 64800


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((np.iinfo(np.int64).min, 0, 0, 1, 400, 1, 1), 0),
        ((-1, 0, 0, 1, 400, 1, 1), 1),
        (((130 * 365 + 32) * DAY, 0, 0, 1, 400, 1, 1), 1),
        ((0, 90.001, 0, 1, 400, 1, 1), 2),
        ((0, -90.001, 0, 1, 400, 1, 1), 2),
        ((0, 0, 540.001, 1, 400, 1, 1), 2),
        ((0, NAN, 0, 1, 400, 1, 1), 2),
        ((0, 0, NAN, 1, 400, 1, 1), 2),
        ((0, 0, 0, 1, NAN, 1, 1), 3),
        ((0, 0, 0, 1, 1e6, 1, 1), 3),
        ((0, 0, 0, 1, -1e6, 1, 1), 3),
        ((0, 0, 0, 1, np.inf, 1, 1), 3),
    ],
)
def test_reasons_to_skip_a_row(row, reason):
    good = (0, 0, 0, 1, 400, 1, 1)
    _, end, used, skipped = binned([row, good, row])
    assert (end, used) == (3, 1)
    assert skipped == [2 * (i == reason) for i in range(5)]


def test_a_mask_of_cells():
    mask = np.zeros(64800, bool)
    mask[90 * 360 + 180] = True
    rows = [(0, 0.5, 0.5, 1, 1, 1, 1), (0, 0.5, 1.5, 1, 1, 1, 1)]
    _, _, used, skipped = binned(rows, mask=mask)
    assert used == 1
    assert skipped == [0, 0, 0, 0, 1]


ROWS = [
    (0, 0.25, 0.5, 1, 350.0, 10.0, NAN),
    (5, 0.75, 0.75, 1, -2.5, NAN, 35.0),
    (9, 0.5, 0.5, 2, 999999.0, 1e6, 36.0),  # another data set; SST too large
    (0, 0.5, 0.5, 1, 1.5e-9, 12.0, NAN),
    (0, 9.5, 0.5, 1, 5.0, 13.0, NAN),  # another cell
]
#: count, sum, sum of squares, least and greatest, in billionths
FCO2 = [
    (3, 347500000002, 350000000000**2 + 2500000000**2 + 4, -2500000000, 350000000000),
    (1, 999999 * BILLION, (999999 * BILLION) ** 2, 999999 * BILLION, 999999 * BILLION),
    (1, 5 * BILLION, 25 * BILLION**2, 5 * BILLION, 5 * BILLION),
]
LEAST, GREATEST = 2**63 - 1, 1 - 2**63
SST = [
    (2, 22 * BILLION, 244 * BILLION**2, 10 * BILLION, 12 * BILLION),
    (0, 0, 0, LEAST, GREATEST),
    (1, 13 * BILLION, 169 * BILLION**2, 13 * BILLION, 13 * BILLION),
]
SALINITY = [
    (1, 35 * BILLION, 35**2 * BILLION**2, 35 * BILLION, 35 * BILLION),
    (1, 36 * BILLION, 36**2 * BILLION**2, 36 * BILLION, 36 * BILLION),
    (0, 0, 0, LEAST, GREATEST),
]


def sums(row, at):
    part = row[at : at + 7]
    return (
        *(int(part[0]), whole(part[1], part[2]), whole(part[3], part[4])),
        *(int(part[5]), int(part[6])),
    )


def test_sums_of_bins():
    bins, end, used, skipped = binned(ROWS)
    assert (end, used, skipped) == (5, 3, [0] * 5)
    for i in range(3):
        assert sums(bins.table[i], 4) == FCO2[i]
        assert sums(bins.table[i], 11) == SST[i]
        assert sums(bins.table[i], 18) == SALINITY[i]
    assert bins.table[:3, 1].tolist() == [1, 2, 1]
    assert bins.table[:3, 2].tolist() == [0, 0, 0]
    assert bins.table[0, 3] == BILLION // 4
    assert sorted(bins.slots[bins.slots > 0].tolist()) == [1, 2, 3]


def test_a_full_table_stops_and_goes_on():
    rows = [(0, 0.5, i + 0.5, 1, 1.0 + i, 1.0, 1.0) for i in range(9)]
    bins, end, used, _ = binned(rows, bins=tables(4))
    assert (end, used) == (4, 4)
    larger = tables(16)
    larger.table[:4] = bins.table
    fill_slots(larger, used)
    again, end, used, _ = binned(rows, bins=larger, start=end, used=used)
    assert (end, used) == (9, 9)
    direct, _, _, _ = binned(rows)
    np.testing.assert_array_equal(again.table[:9], direct.table[:9])
    # Every bin is found again: none is added.
    _, end, used, _ = binned(rows, bins=again, used=9)
    assert (end, used) == (9, 9)
    assert again.table[:9, 4].tolist() == [2] * 9
    few = Bins(np.zeros((9, 25), np.int64), np.zeros(4, np.int32))
    _, end, used, _ = binned(rows, bins=few)
    assert (end, used) == (2, 2)  # half of the slots


def test_merged_bins_are_those_of_all_rows():
    together, _, used, _ = binned(ROWS * 2)
    one, _, _, _ = binned(ROWS)
    other = one.table[:3].copy()
    assert merge_bins(other, one, 0, 3) == (3, 3)
    np.testing.assert_array_equal(one.table[:used], together.table[:used])
    empty = tables(2)
    assert merge_bins(other, empty, 0, 0) == (2, 2)
    empty = tables(8)
    assert merge_bins(other, empty, 1, 0) == (3, 2)
    np.testing.assert_array_equal(empty.table[:2], other[1:])


def test_mean_and_variance():
    for values in ([350.0, 352.0, 357.0], [-1.5], [0.1, 0.2], [999999.0, -999999.0]):
        rows = [(0, 0, 0, 1, value, NAN, NAN) for value in values]
        mean, variance = moments(binned(rows)[0].table[0, 4:11])
        assert mean == pytest.approx(np.mean(values), rel=1e-15, abs=1e-15)
        assert variance == pytest.approx(np.var(values), rel=1e-14)
    rows = [(0, 0, 0, 1, 380.0 + i * 1e-9, NAN, NAN) for i in (0, 1, 2)]
    mean, variance = moments(binned(rows)[0].table[0, 4:11])
    assert variance == pytest.approx(2 / 3 * 1e-18, rel=1e-9)  # nothing is lost


def test_statistics_of_cells():
    rows = [
        *((0, 0.75, 0.25, 1, x, NAN, 30.0) for x in (350.0, 352.0, 357.0)),
        (0, 0.5, 0.5, 2, 360.0, 4.0, NAN),
        (0, 0.5, 0.5, 3, 340.0, 6.0, NAN),
        (0, 3.5, 3.5, 1, 1.0, NAN, NAN),
    ]
    bins, _, used, _ = binned(rows)
    order = np.argsort(bins.table[:used, 0], kind="stable")
    counts, averages = np.empty((2, 4)), np.empty((2, 20), np.float32)
    keys = summarise(bins.table[:used], order, counts, averages)
    assert keys.tolist() == [90 * 360 + 180, 93 * 360 + 183]
    assert counts.tolist() == [[3, 5, 2, 3], [1, 1, 0, 0]]
    middle = (353.0 + 360.0 + 340.0) / 3
    apart = [26 / 3 + (353 - middle) ** 2, (360 - middle) ** 2, (340 - middle) ** 2]
    all_rows = [350.0, 352.0, 357.0, 360.0, 340.0]
    first = [middle, np.mean(all_rows), 340.0, 360.0]
    first += [np.sqrt(np.mean(apart)), np.std(all_rows)]
    first += [5.0, 5.0, 4.0, 6.0, 1.0, 1.0]
    first += [30.0, 30.0, 30.0, 30.0, 0.0, 0.0]
    first += [0.75 / 5, -0.75 / 5]
    np.testing.assert_allclose(averages[0], first, rtol=1e-6)
    second = [1.0] * 4 + [0.0] * 2 + [NAN] * 12 + [0.0] * 2
    np.testing.assert_allclose(averages[1], second, atol=1e-9)


def repeated(keys, values, start=0):
    keys, values = np.array(keys, np.int64).T, np.array(values, float).T
    keep = np.ones(keys.shape[1], bool)
    unsorted, tail = first_of_equals(start, keys, values, keep)
    return keep.tolist(), int(unsorted), int(tail)


def test_repeated_rows():
    same = [(1, 5)] * 4
    values = [(1.0, NAN), (2.0, 3.0), (1.0, NAN), (2.0, NAN)]
    assert repeated(same, values) == ([True, True, False, True], 0, 0)
    # Rows before the start are compared, but not judged.
    assert repeated(same, [(1.0, 1.0)] * 4, 2) == ([True, True, False, False], 0, 0)
    keys = [(1, 5), (1, 5), (2, 5), (2, 5), (2, 6), (2, 4), (1, 3)]
    equal = [(1.0, 1.0)] * 7
    assert repeated(keys, equal) == (
        *([True, False, True, False, True, True, True], 1, 6),
    )
    assert repeated([(1, 5), (1, 4), (1, 3)], equal[:3], 2)[1:] == (1, 2)
    assert repeated([(1, 5), (1, 4)], equal[:2], 1)[1:] == (1, 1)
    assert repeated([(1, 5), (1, 6), (1, 6)], equal[:3])[1:] == (0, 1)
