"""Times, types, growth and reports of accumulators, each with a value of its own."""

import pickle

import numpy as np
import pytest

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.grids import Accumulator, Duplicates, accumulator, dataset_number
from oceanco2.grids._kernels import (
    NO_POSITION,
    NO_TIME,
    NO_VALUE,
    NOT_COASTAL,
    OTHER_TIME,
    WIDTH,
)
from oceanco2.grids._kernels import REASONS as COUNT
from oceanco2.grids.accumulator import REASONS, _full_column, _integer_times

NAN = np.nan
NONE = np.iinfo(np.int64).min


def test_constants_of_both_modules_agree():
    assert accumulator._WIDTH == WIDTH == 25
    assert len(REASONS) == COUNT == 5
    assert REASONS[NO_TIME] == "no time"
    assert REASONS[OTHER_TIME] == "before 1970 or after 2099"
    assert REASONS[NO_POSITION] == "no position on the globe"
    assert REASONS[NO_VALUE] == "no fCO2"
    assert REASONS[NOT_COASTAL] == "400 km or more from land"
    assert accumulator._SCALE == 1_000_000_000
    assert accumulator._FIRST_BINS == 1024


@pytest.mark.parametrize(
    ("unit", "per_day"),
    [("s", 86400), ("ms", 86400 * 10**3), ("us", 86400 * 10**6), ("ns", 86400 * 10**9)],
)
def test_units_of_time_are_kept(unit, per_day):
    times, day = _integer_times(np.array(["1970-01-02", "NaT"], f"datetime64[{unit}]"))
    assert day == per_day
    assert times.tolist() == [per_day, NONE]
    assert times.dtype == np.int64


def test_other_times_are_seconds():
    for unit in ("D", "M", "10s"):
        values = np.array(["1970-02-01", "NaT"], f"datetime64[{unit}]")
        times, day = _integer_times(values)
        expected = values.astype("datetime64[s]").view(np.int64)
        assert (times.tolist(), day) == (expected.tolist(), 86400)
    for kind in ("int32", "uint16", "int64"):
        times, day = _integer_times(np.array([5, 7], kind))
        assert (times.tolist(), times.dtype, day) == ([5, 7], np.int64, 86400)
    times, day = _integer_times([0.9, -0.1, NAN, np.inf, 1e300, -1e300])
    assert times.tolist() == [0, -1, NONE, NONE, 10**17, -(10**17)]
    assert day == 86400
    assert _integer_times(5)[0].tolist() == [5]
    with pytest.raises(OptionError, match="time must have one dimension, not 2"):
        _integer_times([[1, 2]])
    with pytest.raises(
        OptionError, match="time must be datetime64 or seconds, not <U1"
    ):
        _integer_times(["a"])


def test_columns_are_filled():
    found = _full_column(np.array(3), np.float64, 2)
    assert (found.tolist(), found.dtype) == ([3.0, 3.0], np.float64)
    found = _full_column(np.arange(6)[::2], np.int64, 3)
    assert found.flags.c_contiguous
    with pytest.raises(
        OptionError, match=r"columns differ in length: \(2,\) and \(3,\)"
    ):
        _full_column(np.zeros(2), np.float64, 3)


def filled(count, product="monthly"):
    """One row in each of `count` cells, and one without position."""
    sums = Accumulator(product)
    cells = np.append(np.arange(count) + 0.5, NAN)
    sums.add([0.0] * (count + 1), np.where(cells % 2 > 1, 0.5, -0.5), cells / 10,
             np.arange(count + 1), 400.0, 1.0, 1.0)  # fmt: skip
    return sums


def test_tables_grow():
    small, large = filled(3), filled(1100)
    assert small._bins.shape == (1024, 25)
    assert small._slots.shape == (2048,)
    assert small.nbytes == 1024 * 25 * 8 + 2048 * 4
    assert large._bins.shape == (2048, 25)
    assert large._slots.shape == (4096,)
    assert large.nbytes == 2 * small.nbytes
    assert (small.rows, large.rows) == (3, 1100)
    assert large.left_out == {"no position on the globe": 1}
    both = filled(3).merge(large)
    assert both.rows == 1103
    assert both._used == 1100
    assert both.left_out == {"no position on the globe": 2}
    itself = filled(3)
    assert itself.merge(itself) is itself
    assert (itself.rows, itself._used) == (6, 3)
    assert itself.left_out == {"no position on the globe": 2}


@pytest.mark.parametrize("count", [1, 1023, 1024, 1100])
def test_pickled_accumulators(count):
    sums = filled(count)
    state = sums.__getstate__()
    assert sorted(state) == ["bins", "left_out", "product"]
    assert state["bins"].shape == (count, 25)
    again = pickle.loads(pickle.dumps(sums))
    assert again.product is sums.product
    assert (again.rows, again._used, again.left_out) == (count, count, sums.left_out)
    np.testing.assert_array_equal(again._bins[:count], sums._bins[:count])
    again.add([0.0], 0.5, 0.05, 10**6, 400.0, 1.0, 1.0)
    assert again._used == count + 1


def test_what_cannot_be_added():
    sums = Accumulator("monthly")
    with pytest.raises(OptionError, match="dataset_id must be integers, not float64"):
        sums.add([0], 1.0, 1.0, 1.5, 400.0, 1.0, 1.0)
    with pytest.raises(
        OptionError, match="cannot merge the yearly product into the monthly one"
    ):
        sums.merge(Accumulator("yearly"))
    with pytest.raises(ProcessingError, match=r"no row to grid \(skipped: 0\)"):
        sums.result()
    sums.add([0], NAN, 1.0, 1, 400.0, 1.0, 1.0)
    with pytest.raises(
        ProcessingError,
        match=r"\(skipped: other: 1,234, no position on the globe: 1\)",
    ):
        sums.result({"other": 1234})
    assert sums.merge(Accumulator("monthly")) is sums


def test_each_value_goes_to_its_variable():
    sums = Accumulator("monthly")
    sums.add([0], 50.25, -20.75, 1, 400.0, 12.0, 35.0)
    cell = sums.result().sel(ylat=50.5, xlon=-20.5).isel(tmnth=0)
    for name, value in (
        *(("fco2_ave_unwtd", 400.0), ("sst_ave_unwtd", 12.0)),
        *(("salinity_ave_unwtd", 35.0), ("count_ncruise", 1.0)),
        *(("lat_offset_unwtd", -0.25), ("lon_offset_unwtd", -0.25)),
    ):
        assert float(cell[name]) == value
    coastal = Accumulator("coastal")
    coastal.add([0, 0], [53.9, -50.0], [8.0, -140.0], 1, 400.0, 12.0, 35.0)
    assert coastal.left_out == {"400 km or more from land": 1}
    assert coastal._mask.shape == (720 * 1440,)
    cell = coastal.result().sel(ylat=53.875, xlon=8.125).isel(tmnth=0)
    assert float(cell["coast_fco2_ave_unwtd"]) == 400.0


def test_numbers_of_data_sets_are_the_same_everywhere():
    import hashlib

    digest = hashlib.blake2b(b"26NA20050107", digest_size=8).hexdigest()
    assert dataset_number("26NA20050107") == int(digest, 16) // 2


def first(found, times, values, number=1):
    size = len(times)
    fixed = np.full(size, 1.0)
    numbers = np.full(size, number)
    return found.first(np.array(times), numbers, fixed, fixed, np.array(values), fixed,
                       fixed).tolist()  # fmt: skip


def test_duplicates_across_chunks():
    found = Duplicates()
    assert (found.found, found.unsorted) == (0, 0)
    assert first(found, [1.0, 2.0, 2.0], [5, 5, 5]) == [True, True, False]
    assert found.found == 1
    assert first(found, [2.0, 2.0, 3.0], [5, 6, 6]) == [False, True, True]
    assert found.found == 2
    assert first(found, [3.0], [6], number=2) == [True]
    assert first(found, [2.0], [6], number=2) == [True]
    assert (found.found, found.unsorted) == (2, 1)
    small = Duplicates()
    assert first(small, np.array([1, 1, 2], np.float32), [5, 5, 5]) == [
        True,
        False,
        True,
    ]
    for position in range(5):
        columns = [np.ones(2) for _ in range(5)]
        columns[position][1] = 2.0
        keep = Duplicates().first(np.zeros(2), np.ones(2, int), *columns)
        assert keep.tolist() == [True, True]
