"""Air: limits on both sides of the background and of a plume."""

import numpy as np
import pytest

from oceanco2.fields.air import marine_background
from oceanco2.qc.checks import air
from oceanco2.vocabulary import GOOD


def test_defaults():
    assert air.AirPlausibilityOptions().model_dump() == {
        "questionable": (-15.0, 25.0),
        "bad": (-60.0, 200.0),
        "file": "",
    }
    assert air.PlumeOptions().model_dump() == {
        "questionable": 5.0,
        "bad": 50.0,
        "sigma": 6.0,
        "samples": 31,
        "hours": 12.0,
    }


@pytest.mark.parametrize(
    ("difference", "flag"),
    [
        (0.0, 2),
        (-14.9, 2),
        (-15.1, 3),
        (24.9, 2),
        (25.1, 3),
        (-59.9, 3),
        (-60.1, 4),
        (199.9, 3),
        (200.1, 4),
        (np.nan, 2),
    ],
)
def test_marine_air(difference, flag):
    time = np.array(["2020-05-05T03:00", "2020-05-05T20:00"], "datetime64[ns]")
    latitude = np.array([45.2, 45.9])
    noon = np.array(["2020-05-05T12:00"], "datetime64[ns]")
    expected = marine_background(noon, np.array([45.5]))
    assert air._expected(time, latitude, "") == pytest.approx([*expected, *expected])
    found = air.check_air_plausibility(
        expected + difference + np.zeros(2),
        np.arange(2.0),
        time=time,
        latitude=latitude,
    )
    assert found.tolist() == [flag, flag]


def test_background_by_days_and_degrees():
    time = np.array(["2020-05-05", "2020-05-06", "2020-05-06"], "datetime64[ns]")
    latitude = np.array([90.0, 90.0, 10.0])
    noon = time + np.timedelta64(12, "h")
    expected = marine_background(noon, np.array([90.0, 90.0, 10.5]))
    assert air._expected(time, latitude, "") == pytest.approx(expected)
    found = air.check_air_plausibility(
        np.array([9999.0]),
        np.zeros(1),
        time=time[:1],
        latitude=np.array([np.nan]),
    )
    assert found.tolist() == [GOOD]


@pytest.mark.parametrize(
    ("excess", "flag"),
    [(4.9, 2), (5.1, 3), (49.9, 3), (50.1, 4), (-60.0, 2), (np.nan, 2)],
)
def test_plumes(excess, flag):
    values = np.full(15, 410.0)
    values[7] += excess
    found = air.check_plume(values, 60.0 * np.arange(15))
    assert found[7] == flag
    assert (np.delete(found, 7) == GOOD).all()


def test_few_samples_are_no_background():
    for size, flagged in ((4, False), (5, True)):
        values = np.full(size, 410.0)
        values[2] += 60.0
        found = air.check_plume(values, 60.0 * np.arange(size))
        assert (found[2] != GOOD) == flagged
