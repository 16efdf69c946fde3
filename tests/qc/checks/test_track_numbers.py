"""Track and clock: limits on both sides, worked out by hand."""

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.qc.check import Track
from oceanco2.qc.checks import track
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

KNOT = 1.0 / 60.04  # degrees of latitude in an hour, nearly


def test_defaults():
    content = track.SpeedOptions().model_dump()
    assert content == {"questionable": 30.0, "bad": 80.0, "blame": "one"}
    assert {kind: row["questionable"] for kind, row in track._SPEEDS.items()} == {
        "ship": 30.0,
        "surface_vehicle": 15.0,
        "drifter": 10.0,
        "mooring": 10.0,
    }
    assert {row["bad"] for row in track._SPEEDS.values()} == {80.0}
    knots = 160.0 * 3600.0 / 1852.0
    expected = {"questionable": knots, "bad": knots, "blame": "both"}
    assert pytest.approx(knots) == track._QUINCE_KNOTS
    assert expected == track._QUINCE


@pytest.mark.parametrize(
    ("lat", "lon", "flag"),
    [
        (90.0, 180.0, GOOD),
        (-90.0, -180.0, GOOD),
        (90.1, 0.0, BAD),
        (-90.1, 0.0, BAD),
        (0.0, 180.1, BAD),
        (0.0, -180.1, BAD),
        (np.nan, 0.0, BAD),
        (0.0, np.nan, BAD),
    ],
)
def test_positions(lat, lon, flag):
    found = track.check_position(np.array([lat]), np.array([lon]))
    assert found.tolist() == [flag]
    assert found.dtype == np.int8


def test_measured_speeds():
    lat = np.array([0.0, 10.0, np.nan, 30.0, 30.0]) * KNOT
    seconds = 3600.0 * np.array([0.0, 1.0, 1.5, 2.0, 2.0])
    fixes = Track(lat, np.zeros(5), seconds, np.arange(5))
    slow = track.SpeedOptions(questionable=9.0)
    found = track._measure_speed(fixes, slow)
    assert found[:2] == pytest.approx([10.0, 20.0], rel=1e-3)
    assert np.isnan(found[2])
    assert found[3:].tolist() == [np.inf, np.inf]
    # Speeds that are allowed are no reason for a flag.
    found = track._measure_speed(fixes, track.SpeedOptions(questionable=15.0))
    assert found[1] == pytest.approx(20.0, rel=1e-3)
    assert np.isnan(found).tolist() == [True, False, True, False, False]
    fixes = Track(lat, np.zeros(5), seconds, np.array([1]))
    assert track._measure_speed(fixes, slow) == pytest.approx([20.0], rel=1e-3)


def speed(knots, blame="both", **options):
    """A ship that goes one knot but for one leg."""
    steps = np.ones(8)
    steps[4] = knots
    lat = np.append(0.0, np.cumsum(steps)) * KNOT
    return track.check_speed(
        lat, np.zeros(9), 3600.0 * np.arange(9), blame=blame, **options
    )


@pytest.mark.parametrize(
    ("knots", "flag"),
    [(29.0, GOOD), (31.0, QUESTIONABLE), (79.0, QUESTIONABLE), (81.0, BAD)],
)
def test_both_ends_of_a_fast_leg(knots, flag):
    assert speed(knots).tolist() == [GOOD] * 4 + [flag] * 2 + [GOOD] * 3
    found = speed(knots, "one")
    assert (found != GOOD).sum() == (flag != GOOD)
    assert found.max() == flag


def test_a_misplaced_fix():
    lat = np.arange(9.0) * KNOT
    lat[4] += 1.0
    seconds = 3600.0 * np.arange(9)
    found = track.check_speed(lat, np.zeros(9), seconds, blame="one")
    assert found.tolist() == [GOOD] * 4 + [QUESTIONABLE] + [GOOD] * 4
    lat[4] += 9.0
    found = track.check_speed(lat, np.zeros(9), seconds, blame="one")
    assert found.tolist() == [GOOD] * 4 + [BAD] + [GOOD] * 4
    assert track.check_speed(lat[:1], lat[:1], seconds[:1]).tolist() == [GOOD]
    with pytest.raises(OptionError, match="blame must be one of one, both"):
        track.check_speed(lat, lat, seconds, blame="all")


ORDERS = [
    ([1, 2, 3], [0, 0, 0], [0, 1, 2], [2, 2, 2]),
    ([1, 9, 2, 3], [0] * 4, [0, 1, 2, 3], [2, 3, 2, 2]),
    ([1, 2, 3, 0], [0] * 4, [0, 1, 2, 3], [2, 2, 2, 3]),
    ([1, 2, 2, 3], [0] * 4, [0, 1, 2, 3], [2, 2, 2, 2]),
    ([2, 1, 3], [0, 0, 0], [0, 1, 2], None),
    # Newest first; twice the same time; a clock that went back in such a file
    ([2, 1], [0, 0], [0, 1], [2, 2]),
    ([5, 3, 3, 1], [0] * 4, [0, 1, 2, 3], [2, 2, 2, 2]),
    ([9, 8, 3, 7, 6], [0] * 5, [0, 1, 2, 3, 4], [2, 2, 3, 2, 2]),
    ([9, 8, 7, 6, 1, 5, 4], [0] * 7, list(range(7)), [2, 2, 2, 2, 3, 2, 2]),
    # Blocks of time in any order; one that overlaps the next by a row
    ([7, 8, 9, 4, 5, 6, 1, 2, 3], [0] * 9, list(range(9)), [2] * 9),
    ([4, 5, 6, 1, 2, 4], [0] * 6, list(range(6)), [2] * 6),
    ([4, 6, 7, 8, 1, 2, 3, 5], [0] * 8, list(range(8)), [3] + [2] * 7),
    # A clock that went back into the block before
    ([1, 2, 3, 4, 5, 6, 3, 4, 7, 8], [0] * 10, list(range(10)), [2] * 6 + [3, 3, 2, 2]),
    # Sorted by something else
    ([1, 9, 2, 8, 3, 7, 4, 6, 5, 9, 0, 9], [0] * 12, list(range(12)), [2] * 12),
    ([5, 6, 1, 2], [0, 0, 1, 1], [0, 1, 0, 1], [2, 2, 2, 2]),
    ([1, 2, 3], [0, 0, 0], [0, 2, 1], [2, 3, 2]),
    ([1, 2, 5, 6], [1, 1, 0, 0], [0, 1, 0, 1], [2, 2, 2, 2]),
    ([5, 6, 1, 3, 2, 4, 6], [0, 0, 1, 1, 1, 1, 1], [0, 1, 0, 1, 2, 3, 4], None),
]


@pytest.mark.parametrize(("seconds", "file", "row", "expected"), ORDERS)
def test_time_order(seconds, file, row, expected):
    found = track.check_time_order(
        np.array(seconds, dtype=float), np.array(file), np.array(row)
    )
    if seconds == [2, 1, 3]:
        assert sorted(found) == [GOOD, GOOD, QUESTIONABLE]
    elif expected is None:
        assert found.max() == QUESTIONABLE
        assert (found[[0, 1, 2, 5, 6]] == GOOD).all()
    elif seconds == [1, 2, 3] and row == [0, 2, 1]:
        assert (found != GOOD).sum() == 1
    else:
        assert found.tolist() == expected


@pytest.mark.parametrize(("rows", "blamed"), [(25, True), (24, False)])
def test_so_many_steps_back_are_an_order(rows, blamed):
    t = np.arange(rows + 1.0)
    t[2:12:2] -= 1.5
    files = np.zeros(rows + 1, int)
    found = track.check_time_order(t, files, np.arange(rows + 1))
    assert (found == QUESTIONABLE).sum() == (5 if blamed else 0)
    t[2] += 1.5  # four steps only
    found = track.check_time_order(t[:12], files[:12], np.arange(12))
    assert (found == QUESTIONABLE).sum() == 4


def test_files_that_are_sorted_by_run_type():
    seconds, label = np.array([0, 5, 9, 1, 6, 2, 7]), np.array([0, 0, 0, 1, 1, 2, 2])
    files, row = np.zeros(7, int), np.arange(7)
    assert (track.check_time_order(seconds, files, row, label) == GOOD).all()
    assert (track.check_time_order(seconds, files, row) == QUESTIONABLE).any()
    # Labels that return are those of a log in order of time.
    label[-1] = 0
    assert (track.check_time_order(seconds, files, row, label) == QUESTIONABLE).any()
    # A clock that went back within one run type
    seconds, label = np.array([0, 5, 2, 9, 1, 6]), np.array([0, 0, 0, 0, 1, 1])
    found = track.check_time_order(seconds, files[:6], row[:6], label)
    assert (found == QUESTIONABLE).sum() == 1
    assert (found[4:] == GOOD).all()


def test_air_that_follows_water_though_it_was_measured_before():
    t = np.arange(80.0).reshape(-1, 8)
    t = np.column_stack([t[:, 4:], t[:, :4]]).ravel()
    label = np.tile([0] * 4 + [1] * 4, 10)

    def blamed(cycles, times=t, label=label):
        rows = np.arange(8 * cycles)
        label = label if label is None else label[rows]
        found = track.check_time_order(times[rows], rows * 0, rows, label)
        return np.flatnonzero(found == QUESTIONABLE).tolist()

    assert len(blamed(10, label=None)) == 36
    assert blamed(10) == []
    # Less than ten rows are not enough to tell.
    assert len(blamed(4)) == 0
    assert len(blamed(4, label=None)) == 12
    assert len(blamed(3)) == 8
    # One in ten may have gone back all the same.
    wrong = t.copy()
    for cycle in range(3):
        rows = 8 * cycle + np.array([1, 2])
        wrong[rows] = wrong[rows[::-1]]
    found = blamed(10, wrong)
    assert len(found) == 3
    assert {row % 8 for row in found} <= {1, 2}
    rows = np.array([33, 34])
    wrong[rows] = wrong[rows[::-1]]
    assert len(blamed(10, wrong)) > 10


LATEST = np.datetime64("2026-01-02", "ms")


@pytest.mark.parametrize(
    ("time", "flag"),
    [
        ("1949-12-31T23:59:59.999", BAD),
        ("1950-01-01", GOOD),
        ("2026-01-02", GOOD),
        ("2026-01-02T00:00:00.001", BAD),
        ("NaT", GOOD),
    ],
)
def test_times_before_1950_and_in_the_future(time, flag):
    time = np.array([time], "datetime64[ns]")
    found = track.check_impossible_time(time, LATEST)
    assert (found.tolist(), found.dtype) == ([flag], np.int8)


def test_a_clock_that_was_not_set():
    time = np.datetime64("2024-03-01", "ns") + np.arange(60) * np.timedelta64(1, "h")
    time[:2] = np.datetime64("1980-01-06")
    found = track.check_impossible_time(time, LATEST)
    assert found.tolist() == [BAD] * 2 + [GOOD] * 58
    # Rows of the future and of 1899 are not others that they could be close to.
    time[:40] = np.datetime64("2099-01-06")
    time[40:42] = np.datetime64("1899-12-30")
    assert (track.check_impossible_time(time, LATEST)[42:] == GOOD).all()
    assert (track.check_impossible_time(time, LATEST)[:42] == BAD).all()


def test_duplicate_times():
    found = track.check_duplicate_time(np.array([1.0, 1.0, 1.0, 2.0]))
    assert found.tolist() == [GOOD, QUESTIONABLE, QUESTIONABLE, GOOD]
