"""Flag and bits of a flux, row by row, by hand."""

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.fluxes.quality import Quality, of_air, outside, worst_quality
from oceanco2.physics.parametrisations import TRANSFER_VELOCITIES
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE

RANGE, INPUT, NONE = (TEST_BITS[n] for n in ("range", "input", "missing"))
FORMULA = TEST_BITS["outside_formula"]


def quality(flags, tests):
    return Quality(np.array(flags, np.int8), np.array(tests, np.int64))


def test_the_worst_of_two_inputs_and_the_bits_of_both():
    one = quality([GOOD, QUESTIONABLE, GOOD, BAD], [RANGE, RANGE, 0, RANGE])
    two = quality([GOOD, GOOD, QUESTIONABLE, GOOD], [0, 0, FORMULA, 0])
    got = worst_quality([one, None, two], np.ones(4))
    assert got.flag.tolist() == [GOOD, QUESTIONABLE, QUESTIONABLE, BAD]
    # A good value keeps its bits to itself.
    assert got.tests.tolist() == [0, RANGE | INPUT, FORMULA | INPUT, RANGE | INPUT]


def test_the_bits_of_a_missing_flux():
    flux = np.array([np.nan, np.nan, np.nan, 1.0, np.nan])
    part = quality(
        [GOOD, QUESTIONABLE, BAD, MISSING, MISSING], [0, RANGE, RANGE, NONE, NONE]
    )
    got = worst_quality([part], flux)
    # No flux from a bad input is bad; from any other it is missing, with one bit.
    assert got.flag.tolist() == [MISSING, MISSING, BAD, 0, MISSING]
    assert got.tests.tolist() == [NONE, NONE, RANGE | INPUT | NONE, 0, NONE]
    # One input is bad and another one is missing: nothing was measured.
    got = worst_quality([quality([BAD], [RANGE]), quality([MISSING], [NONE])], flux[:1])
    assert (got.flag.tolist(), got.tests.tolist()) == ([MISSING], [NONE])


def test_a_formula_outside_its_range_and_high_wind():
    got = worst_quality(
        [quality([GOOD] * 3, [0] * 3)],
        np.ones(3),
        formula=np.array([True, False, False]),
        high_wind=np.array([False, True, False]),
    )
    assert got.flag.tolist() == [GOOD, QUESTIONABLE, GOOD]
    assert got.tests.tolist() == [FORMULA, 0, 0]


def test_limits_of_a_formula_are_inside():
    entry = TRANSFER_VELOCITIES["wanninkhof_2014"]  # 3 to 15 m/s
    wind = np.array([2.9, 3.0, 15.0, 15.1, np.nan])
    found = outside([entry], {"wind_speed": wind})
    assert found.tolist() == [True, False, False, True, False]


def test_air_of_two_sources():
    ds = xr.Dataset(
        {
            "a_flag": ("time", np.array([2, 3, 4], np.int8)),
            "a_tests": ("time", np.array([0, RANGE, RANGE])),
            "b_flag": ("time", np.array([3, 3, 3], np.int8)),
        }
    )
    got = of_air(ds, np.array([1, 2, 0]), {"a": 1, "b": 2, "c": 3})
    assert got.flag.tolist() == [2, 3, MISSING]
    assert got.tests.tolist() == [0, 0, NONE]
