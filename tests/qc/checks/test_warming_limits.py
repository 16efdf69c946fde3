"""Warming: limits on both sides, worked out by hand."""

import numpy as np
import pytest

from oceanco2.qc.check import NOTED
from oceanco2.qc.checks import warming
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

DEFAULTS = [
    (
        warming.WarmingOutlierOptions,
        {
            "questionable": 0.3,
            "bad": 3.0,
            "sigma": 4.0,
            "samples": 31,
            "minutes": 60.0,
        },
    ),
    (warming.WarmingRateOptions, {"limit": 1.0, "front": 0.5, "samples": 15}),
    (
        warming.CoolingOptions,
        {"low": 1.0, "high": 0.1, "summer": 0.3, "band": (40.0, 60.0), "samples": 15},
    ),
    (
        warming.ConstantWarmingOptions,
        {"minutes": 360.0, "distinct": 10.0, "share": 0.95, "tolerance": 1e-4},
    ),
]


@pytest.mark.parametrize(("options", "expected"), DEFAULTS)
def test_defaults(options, expected):
    assert options().model_dump() == expected


@pytest.mark.parametrize(
    ("size", "flag"),
    [
        (0.29, GOOD),
        (0.31, QUESTIONABLE),
        (-0.31, QUESTIONABLE),
        (2.99, QUESTIONABLE),
        (3.01, BAD),
        (-3.01, BAD),
    ],
)
def test_an_outlier(size, flag):
    values = np.full(21, 0.2)
    values[10] += size
    found = warming.check_warming_outlier(
        values, 120.0 * np.arange(21), SST=np.full(21, 10.0)
    )
    assert found[10] == flag
    assert (np.delete(found, 10) == GOOD).all()


def test_a_front_is_no_outlier():
    values, sst = np.full(21, 0.2), np.full(21, 10.0)
    values[10], sst[10] = 0.7, 11.0  # sea 1 K, equilibrator 1.5 K: 0.5 < 0.3 + 1
    seconds = 120.0 * np.arange(21)
    assert warming.check_warming_outlier(values, seconds, SST=sst)[10] == GOOD
    smallest = warming._front(values, sst, seconds, samples=31, minutes=60.0)
    assert smallest[10] == pytest.approx(1.0)
    assert np.delete(smallest, 10) == pytest.approx(np.zeros(20))
    sst[10] = 9.6  # in opposite directions: sea -0.4 K, equilibrator +0.1 K
    assert warming._front(values, sst, seconds, samples=31, minutes=60.0)[10] == 0.0
    assert warming.check_warming_outlier(values, seconds, SST=sst)[10] == QUESTIONABLE


def ramp(per_hour, sea_per_hour=0.0, n=121):
    hours = np.arange(n) / 30.0  # every two minutes
    return warming.check_warming_rate(
        per_hour * hours, 3600.0 * hours, SST=10.0 + sea_per_hour * hours
    )


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_rates(sign):
    assert (ramp(sign * 0.9) == GOOD).all()
    assert (ramp(sign * 1.1)[20:-20] == QUESTIONABLE).all()
    # At a front both change by 0.5 K or more in the same direction.
    assert (ramp(sign * 1.1, sign * 0.6) == GOOD).all()
    assert (ramp(sign * 1.1, sign * 0.4)[20:-20] == QUESTIONABLE).all()
    assert (ramp(sign * 1.1, -sign * 0.6)[20:-20] == QUESTIONABLE).all()
    assert (ramp(sign * 9.0, n=5) == GOOD).all()


def test_rows_half_an_hour_away():
    t = 600.0 * np.arange(10)
    before, after, hours, known = warming._half_hour_neighbours(t)
    assert known.tolist() == [False] * 3 + [True] * 4 + [False] * 3
    assert before[3:7].tolist() == [0, 1, 2, 3]
    assert after[3:7].tolist() == [6, 7, 8, 9]
    assert hours.tolist() == [1.0] * 10
    t[5:] += 1800.0
    *_, hours, known = warming._half_hour_neighbours(t)
    assert known[4] == (hours[4] <= 1.5)
    t[5:] += 3600.0
    assert not warming._half_hour_neighbours(t)[3][3:7].any()


MARCH, AUGUST = "2023-02-14", "2023-08-16"


@pytest.mark.parametrize(
    ("latitude", "day", "limit"),
    [
        (0.0, AUGUST, 1.0),
        (40.0, AUGUST, 1.0),
        (-40.0, MARCH, 1.0),
        (60.0, AUGUST, 0.3),
        (80.0, AUGUST, 0.3),
        (60.0, MARCH, 0.1),
        (-60.0, MARCH, 0.3),
        (-60.0, AUGUST, 0.1),
        (50.0, AUGUST, 0.65),
        (50.0, MARCH, 0.55),
    ],
)
def test_cooling(latitude, day, limit):
    time = np.full(9, np.datetime64(day, "ns"))
    for factor, flag in ((0.95, GOOD), (1.05, QUESTIONABLE)):
        found = warming.check_cooling(
            np.full(9, -limit * factor),
            60.0 * np.arange(9),
            latitude=np.full(9, latitude),
            time=time,
        )
        assert (found == flag).all()
    found = warming.check_cooling(
        np.full(9, limit * 1.05),
        60.0 * np.arange(9),
        latitude=np.full(9, latitude),
        time=time,
    )
    assert (found == GOOD).all()


def test_summer():
    days = np.array([AUGUST, MARCH], "datetime64[ns]")
    assert warming._summer(days, np.array([50.0, 50.0])) == pytest.approx(
        [1.0, 0.0], abs=1e-3
    )
    assert warming._summer(days, np.array([-50.0, -50.0])) == pytest.approx(
        [0.0, 1.0], abs=1e-3
    )
    assert warming._summer(days[:1], np.array([0.0])) == pytest.approx([1.0], abs=1e-3)


def constant(n_constant, n_other, minutes=10.0):
    n = n_constant + n_other
    values = np.full(n, 0.25)
    values[n_constant:] = 1.0 + 0.1 * np.arange(n_other)
    return warming.check_constant_warming(
        values, 60.0 * minutes * np.arange(n), SST=10.0 + 0.1 * np.arange(n)
    )


def test_constant_warming():
    assert (constant(50, 0) == NOTED).all()
    assert (constant(37, 0) == GOOD).all()  # six hours, not more
    assert (constant(38, 0) == NOTED).all()
    found = constant(95, 5)
    assert (found[:95] == NOTED).all()
    assert (found[95:] == GOOD).all()
    found = constant(94, 6)
    assert (found[:94] == QUESTIONABLE).all()
    assert (found[94:] == GOOD).all()
    assert (constant(10, 0, minutes=60.0) == GOOD).all()  # nine steps of the sea
    assert (constant(11, 0, minutes=60.0) == NOTED).all()
    assert (constant(2, 0, minutes=600.0) == GOOD).all()
    still = warming.check_constant_warming(
        np.full(50, 0.25), 600.0 * np.arange(50), SST=np.full(50, 10.0)
    )
    assert (still == GOOD).all()
