"""Positions that are none, inland, or on a stretch apart from the track."""

import numpy as np
import pytest

from oceanco2.qc.checks.track import check_land, check_speed, without_fix
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

HOUR = 3600.0
MILE = 1.852 / 111.195  # degrees of a great circle; SOCAT's sphere


def nowhere(lat, lon, hours, **options):
    arrays = (np.array(x, dtype=float) for x in (lat, lon))
    return without_fix(*arrays, HOUR * np.array(hours), **options).tolist()


def test_zero_zero_far_from_the_track():
    assert nowhere([0, 0, 45, 45], [0, 0, -20, -20], [0, 1, 2, 3]) == [1, 1, 0, 0]
    assert nowhere([45, 0, 0, 45], [-20, 0, 0, -20], [0, 1, 2, 3]) == [0, 1, 1, 0]
    assert nowhere([45, 45, 0], [-20, -20, 0], [0, 1, 2]) == [0, 0, 1]
    assert nowhere([45, np.nan, 0], [-20, 0, 0], [0, 1, 2]) == [0, 0, 1]


def test_one_zero_is_a_position():
    assert nowhere([0, 5, 0], [5, 0, -3], [0, 1, 2]) == [0, 0, 0]


def test_only_zero_zero():
    assert nowhere([0, 0], [0, 0], [0, 1]) == [1, 1]
    assert nowhere([0, 0], [0, 0], [0, 1], moored=True) == [0, 0]
    assert nowhere([34, 0], [-120, 0], [0, 1], moored=True) == [0, 1]
    assert nowhere([34, 35], [-120, 0], [0, 1]) == [0, 0]


@pytest.mark.parametrize(
    ("hours", "miles", "there"),
    [
        (0.1, 29.9, True),  # an hour's sailing, however close in time
        (0.1, 30.1, False),
        (2.0, 59.9, True),
        (2.0, 60.1, False),
        (24.0, 719.0, True),
        (30.0, 719.0, True),  # nobody sails on for longer
        (30.0, 721.0, False),
    ],
)
def test_neighbours_within_reach(hours, miles, there):
    found = nowhere([0, miles * MILE], [0, 0], [0, hours])
    assert found == [not there, False]
    found = nowhere([miles * MILE, 0], [0, 0], [0, hours])
    assert found == [False, not there]


def test_both_neighbours_count_and_a_block_is_judged_by_its_ends():
    assert nowhere([0.2, 0, 45], [0, 0, -20], [0, 1, 2]) == [0, 1, 0]
    assert nowhere([45, 0, 0.2], [-20, 0, 0], [0, 1, 2]) == [0, 1, 0]
    assert nowhere([0.2, 0, -0.2], [0, 0, 0], [0, 1, 2]) == [0, 0, 0]
    # the middle of the block is a day from any fix, its ends are not
    assert nowhere([9, 0, 0, 0, 9], [0] * 5, [0, 1, 25, 49, 50]) == [0, 1, 1, 1, 0]
    # two blocks, each with its own neighbours
    lat, lon = [9, 0, 9, 0.2, 0, 0.2], [0] * 6
    assert nowhere(lat, lon, [0, 1, 2, 50, 51, 52]) == [0, 1, 0, 0, 0, 0]


def test_inland_is_questionable():
    lat = np.array([48.1, 45.0, np.nan, 53.5])
    lon = np.array([11.6, -20.0, 11.6, 9.9])  # Munich, the Atlantic, none, Hamburg
    found = check_land(lat, np.zeros(4), longitude=lon)
    assert found.tolist() == [QUESTIONABLE, GOOD, GOOD, GOOD]
    assert found.dtype == np.int8


def speeds(lat, lon, blame="one", hours=None, **options):
    n = len(lat)
    seconds = HOUR * (np.arange(n) if hours is None else np.array(hours))
    found = check_speed(
        np.array(lat, float), np.array(lon, float), seconds, blame=blame, **options
    )
    return found.tolist()


def test_a_long_stretch_elsewhere_is_bad_and_the_track_goes_on():
    lat = 45.0 + 0.1 * np.arange(40)
    lon = np.full(40, -20.0)
    lon[12:21] = 20.0  # the sign of nine rows
    assert speeds(lat, lon) == [GOOD] * 12 + [BAD] * 9 + [GOOD] * 19
    lon[:] = -20.0
    lon[:9] = 20.0
    assert speeds(lat, lon) == [BAD] * 9 + [GOOD] * 31
    lon[:] = -20.0
    lon[31:] = 20.0
    assert speeds(lat, lon) == [GOOD] * 31 + [BAD] * 9


def test_two_stretches_elsewhere():
    lat = 45.0 + 0.1 * np.arange(80)
    lon = np.full(80, -20.0)
    lon[10:17], lon[30:37] = 20.0, 50.0
    expected = [GOOD] * 10 + [BAD] * 7 + [GOOD] * 13 + [BAD] * 7 + [GOOD] * 43
    assert speeds(lat, lon) == expected


def test_a_jump_halfway_blames_one_row_only():
    lat, lon = np.full(40, 45.0), np.full(40, -20.0)
    lon[20:] = 20.0
    assert speeds(lat, lon) == [GOOD] * 20 + [BAD] + [GOOD] * 19
    lon[:] = -20.0
    lon[29:] = 20.0  # 29 of 40 rows are less than three quarters
    assert speeds(lat, lon) == [GOOD] * 29 + [BAD] + [GOOD] * 10
    lon[29] = -20.0
    assert speeds(lat, lon) == [GOOD] * 30 + [BAD] * 10


@pytest.mark.parametrize(("km", "bad"), [(299.0, 2), (301.0, 8)])
def test_shorter_jumps_are_those_of_a_clock(km, bad):
    lat = np.full(40, 0.0)
    lat[12:20] += km / 111.195
    assert speeds(lat, np.full(40, -20.0)).count(BAD) == bad


@pytest.mark.parametrize(("count", "bad"), [(24, 24 * 6), (25, 2 * 25)])
def test_many_stretches_are_no_track(count, bad):
    lon = np.full(30 * count + 10, -20.0)
    for k in range(count):
        lon[30 * k + 10 : 30 * k + 16] = 40.0
    assert speeds(np.zeros(lon.size), lon).count(BAD) == bad


def test_the_limit_of_doubt_sets_no_stretch_aside():
    lat = np.zeros(40)
    lat[12:20] += 5.0  # 300 miles in eight hours: 38 knots
    hours = np.arange(40.0)
    hours[12:] += 7.0
    hours[20:] += 7.0
    found = speeds(lat, np.full(40, -20.0), hours=hours)
    assert found.count(BAD) == 0
    assert found.count(QUESTIONABLE) == 2


def test_one_misplaced_fix_is_the_only_one_that_is_blamed():
    """Also where both ends of a fast leg are blamed, as by QuinCe."""
    lat = 0.1 * np.arange(9.0)
    lat[4] += 9.0
    limits = {"questionable": 311.0, "bad": 311.0}
    for blame in ("one", "both"):
        found = speeds(lat, np.zeros(9), blame, **limits)
        assert found == [GOOD] * 4 + [BAD] + [GOOD] * 4
    lat[5:] += 9.0
    found = speeds(lat, np.zeros(9), "both", **limits)
    assert found == [GOOD] * 3 + [BAD] * 2 + [GOOD] * 4


def test_where_the_check_of_land_runs():
    land = CHECKS["land"]
    assert land.tables == ("latitude",)
    assert land.needs == ("longitude",)
    assert land.limits == {"default": {"latitude": {}}}
    assert land.contradiction == "land"
    assert land.bit == 54
    assert not any((land.kinds, land.impossible, land.fixed, land.track))
