"""Warming between intake and equilibrator: statistics, seasons, rates by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.qc.check import CHECKS
from oceanco2.qc.checks import warming as checks
from oceanco2.qc.warming import Warming, _around, _medians, warming_of

NAN = np.nan
START = np.datetime64("2020-01-01", "ns")


def dataset(hours, warming, sst=10.0):
    time = START + (np.array(hours) * 3600e9).astype("timedelta64[ns]")
    sea = np.full(len(hours), sst)
    data = {"SST": ("time", sea), "T_equ": ("time", sea + np.array(warming))}
    return xr.Dataset(data, coords={"time": time})


def test_medians_of_hours_and_their_rates():
    hours = [0.0, 0.25, 0.5, 1.0, 1.5, 2.25, 5.0]
    ds = dataset(hours, [1.0, 2.0, 6.0, 4.0, 5.0, 3.0, 7.0])
    found = warming_of(ds, np.ones(7, dtype=bool))
    np.testing.assert_allclose(found.hourly, [2.0, 4.5, 3.0, 7.0])
    np.testing.assert_allclose(found.rates, [2.5, -1.5])  # not over the gap
    around = [2.0, 3.0, 4.5, 7.0]
    assert _around(found.hourly).tolist() == around
    np.testing.assert_allclose(found.deviations[:3], [-1.0, 0.0, 4.0])
    assert _medians(
        np.array([5.0, 1.0, 3.0, 2.0]), np.array([0, 0, 0, 1]), 2
    ).tolist() == [
        *(3.0, 2.0),
    ]


def test_rows_that_count():
    ds = dataset([2.0, 0.0, 1.0, 3.0], [5.0, 1.0, NAN, 9.0])
    found = warming_of(ds, np.array([True, True, True, False]))
    np.testing.assert_allclose(found.values, [1.0, 5.0])  # in order of time
    assert warming_of(ds, np.zeros(4, dtype=bool)) is None
    assert warming_of(ds.drop_vars("SST"), np.ones(4, dtype=bool)) is None
    assert warming_of(ds.drop_vars("T_equ"), np.ones(4, dtype=bool)) is None


def test_statistics_by_name():
    values = np.array([-4.0, -0.1, 0.0, 1.0, 3.0, 3.1])
    deviations = np.array([0.3, -0.31, 0.4, 0.0, 0.0, 0.0])
    rates = np.array([-3.0, 1.0, 2.0])
    found = Warming(values, values, rates, deviations)
    assert found.share_above(3.0) == pytest.approx(2 / 6)
    assert found.numbers() == {
        "minimum": -4.0,
        "median": 0.5,
        "maximum": 3.1,
        "standard_deviation": pytest.approx(np.std(values)),
        "share_above_1": pytest.approx(3 / 6),
        "share_above_3": pytest.approx(2 / 6),
        "share_cooling": pytest.approx(1 / 6),
        "share_apart_0.3": pytest.approx(2 / 6),
        "rate_median": 2.0,
        "rate_95_percent": pytest.approx(2.9),
        "rate_maximum": 3.0,
    }
    none = Warming(values, values, rates[:0], deviations).numbers()
    assert (
        none["rate_median"] is none["rate_95_percent"] is none["rate_maximum"] is None
    )


@pytest.mark.parametrize(
    ("day", "latitude", "share"),
    [
        ("2021-08-16", 50.0, 1.0),  # day 227 after 1 January
        ("2021-02-14", 50.0, 0.0),
        ("2021-08-16", -50.0, 0.0),
        ("2021-02-14", -50.0, 1.0),
        ("2021-05-17", 0.0, 0.5),
    ],
)
def test_when_the_sea_is_warmest(day, latitude, share):
    time = np.array([day], dtype="datetime64[ns]")
    found = checks._summer(time, np.array([latitude]))
    assert found[0] == pytest.approx(share, abs=0.01)


def cooling(value, latitude, day="2021-02-14"):
    check = CHECKS["cooling"]
    size = 5
    return check.function(
        np.full(size, value),
        60.0 * np.arange(size),
        latitude=np.full(size, latitude),
        time=np.full(size, np.datetime64(day, "ns")),
        **check.options().model_dump(),
    ).tolist()


@pytest.mark.parametrize(
    ("latitude", "day", "limit"),
    [
        (0.0, "2021-02-14", 1.0),
        (40.0, "2021-02-14", 1.0),
        (50.0, "2021-02-14", 0.55),
        (60.0, "2021-02-14", 0.1),
        (80.0, "2021-02-14", 0.1),
        (60.0, "2021-08-16", 0.3),
        (-60.0, "2021-02-14", 0.3),
        (-60.0, "2021-08-16", 0.1),
    ],
)
def test_cooling_by_latitude_and_season(latitude, day, limit):
    assert cooling(-limit + 0.01, latitude, day) == [2] * 5
    assert cooling(-limit - 0.01, latitude, day) == [3] * 5
    assert cooling(limit + 5.0, latitude, day) == [2] * 5


def test_rows_half_an_hour_away():
    t = 600.0 * np.arange(8)
    before, after, hours, known = checks._half_hour_neighbours(t)
    assert before.tolist() == [0, 0, 0, 0, 1, 2, 3, 4]
    assert after.tolist() == [3, 4, 5, 6, 7, 7, 7, 7]
    assert known.tolist() == [False] * 3 + [True] * 2 + [False] * 3
    assert hours[3] == 1.0
    for pause, near in ((5400.0, True), (5401.0, False)):
        gap = np.array([0.0, pause / 2, pause])
        assert checks._half_hour_neighbours(gap)[3].tolist() == [False, near, False]


def constant(values, sst, **options):
    check = CHECKS["constant_warming"]
    seconds = 1800.0 * np.arange(len(values))
    complete = check.options(**options).model_dump()
    arrays = (np.array(values, dtype=float), seconds)
    found = check.function(*arrays, SST=np.array(sst, dtype=float), **complete)
    return found.tolist()


def test_constant_warming_of_a_sea_that_changes():
    sea = np.arange(15.0)
    assert constant([0.5] * 15, sea) == [1] * 15  # noted for all
    assert constant([0.5] * 15, np.zeros(15)) == [2] * 15
    assert constant([0.5] * 13, sea[:13]) == [2] * 13  # six hours are not too long
    assert constant([0.5] * 13, sea[:13], minutes=359.0) == [1] * 13
    mixed = [0.5] * 15 + [0.1, 0.9] * 3
    found = constant(mixed, np.arange(21.0))
    assert found == [3] * 15 + [2] * 6
    assert constant([0.5, 0.5], [1.0, 2.0], minutes=0.0, distinct=0.0) == [2, 2]
