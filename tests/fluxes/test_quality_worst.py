"""Flags of fluxes, row by row, by their definition."""

from types import SimpleNamespace

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.fluxes import quality
from oceanco2.fluxes.quality import Quality

INPUT, MISSING = TEST_BITS["input"], TEST_BITS["missing"]
FORMULA = TEST_BITS["outside_formula"]


def part(flags, tests=None):
    flag = np.array(flags, dtype=np.int8)
    return Quality(flag, np.array(tests or [0] * flag.size, dtype=np.int64))


def test_the_worst_input_counts():
    parts = [part([2, 3, 4, 2, 9], [1, 2, 4, 8, 16]), None, part([2, 2, 3, 3, 2])]
    found = quality.worst_quality(parts, np.array([1.0, 1.0, 1.0, 1.0, np.nan]))
    assert found.flag.tolist() == [2, 3, 4, 3, 9]
    assert found.tests.tolist() == [0, 2 | INPUT, 4 | INPUT, INPUT, MISSING]
    assert found.flag.dtype == np.int8


def test_no_result():
    nan = np.full(4, np.nan)
    found = quality.worst_quality([part([4, 3, 2, 4]), part([2, 2, 2, 9])], nan)
    assert found.flag.tolist() == [4, 9, 9, 9]
    assert found.tests.tolist() == [INPUT | MISSING, MISSING, MISSING, MISSING]


def test_formulas_and_high_winds():
    found = quality.worst_quality(
        [part([2, 2, 4, 3])],
        np.ones(4),
        np.array([True, False, False, False]),
        np.array([False, True, True, True]),
    )
    assert found.flag.tolist() == [2, 3, 4, 3]
    assert found.tests.tolist() == [FORMULA, 0, INPUT, INPUT]
    assert quality.HIGH_WIND == 20.0


def test_ranges_of_formulas():
    entries = [
        SimpleNamespace(valid=[("wind", 0.0, 20.0), ("other", 0.0, 1.0)]),
        SimpleNamespace(valid=[("SST", -2.0, 30.0)]),
    ]
    columns = {
        "wind": np.array([0.0, 20.0, -0.1, 20.1, 5.0, 5.0, np.nan]),
        "SST": np.array([-2.0, 30.0, 5.0, 5.0, -2.1, 30.1, np.nan]),
    }
    found = quality.outside(entries, columns)
    assert found.tolist() == [False, False, True, True, True, True, False]


def test_quality_of_variables():
    ds = xr.Dataset({"a_flag": ("time", [2, 3]), "a_tests": ("time", [0, 8])})
    assert quality.of_variable(ds, "b") is None
    found = quality.of_variable(ds, "a")
    assert (found.flag.tolist(), found.tests.tolist()) == ([2, 3], [0, 8])
    found = quality.of_variable(ds.drop_vars("a_tests"), "a")
    assert (found.flag.tolist(), found.tests.tolist()) == ([2, 3], [0, 0])
    assert found.unknown == {}


def test_quality_of_air():
    ds = xr.Dataset(
        {"a_flag": ("time", [3, 3, 3, 3]), "a_tests": ("time", [8, 8, 8, 8])}
    )
    found = quality.of_air(ds, np.array([0, 1, 2, 3]), {"a": 1, "b": 2})
    assert found.flag.tolist() == [9, 3, 0, 0]
    assert found.tests.tolist() == [MISSING, 8, 0, 0]
