"""Flags, bursts and the mode of a sensor."""

import numpy as np
import pytest

from oceanco2.alignment import sampling
from oceanco2.alignment.sampling import (
    Readings,
    group_starts,
    groups,
    measurement_mode,
    ranks,
)


@pytest.mark.parametrize(
    ("flag", "rank"),
    [
        *((2, 0), (-2, 0), (0, 0), (1, 1), (3, 2), (4, 3)),
        *((9, 4), (-10, 4), (-100, 4), (-200, 4), (5, 4)),
    ],
)
def test_ranks_of_flags(flag, rank):
    found = ranks(np.array([flag]))
    assert found.tolist() == [rank]
    assert found.dtype == np.int8


def test_missing_values_are_never_used_texts_always():
    flags = np.array([2, 2, 3])
    assert ranks(flags, np.array([1.0, np.nan, np.nan])).tolist() == [0, 4, 4]
    assert ranks(flags, np.array(["a", "nan", "b"])).tolist() == [0, 0, 2]
    assert ranks(flags, np.array([1, 2, 3])).tolist() == [0, 0, 2]


def test_readings_without_flags_are_good():
    readings = Readings(np.arange(3.0), np.array([1.0, np.nan, 2.0]))
    assert readings.flags.tolist() == [2, 2, 2]
    assert readings.flags.dtype == np.int16
    assert readings.circle is None
    assert readings.order.tolist() == [0, 4, 0]
    flags = np.array([3, 2, 4])
    assert Readings(np.arange(3.0), np.ones(3), flags).flags is flags
    assert Readings(np.arange(3.0), np.ones(3), flags).order.tolist() == [2, 0, 3]


@pytest.mark.parametrize(
    ("pause", "starts"),
    [(299.0, [0]), (300.0, [0]), (300.999, [0]), (301.0, [0, 2]), (1e6, [0, 2])],
)
def test_a_pause_of_more_than_300_whole_seconds_separates(pause, starts):
    times = np.array([0.0, 1.0, 1.0 + pause])
    assert group_starts(times).tolist() == starts


def test_another_text_begins_a_group():
    times = np.array([0.0, 1.0, 2.0, 400.0, 401.0])
    texts = np.array(["a", "a", "b", "b", "b"])
    assert group_starts(times, texts).tolist() == [0, 2, 3]
    assert group_starts(times[:0], texts[:0]).tolist() == []
    assert group_starts(np.array([-1e12])).tolist() == [0]


def bursts(*sizes):
    return np.concatenate([1e4 * i + np.arange(n) for i, n in enumerate(sizes)])


@pytest.mark.parametrize(
    ("sizes", "mode"),
    [
        ([5], "continuous"),
        ([5, 5], "continuous"),  # one pause
        ([5, 5, 5], "periodic"),  # two
        ([25] * 4, "periodic"),
        ([25, 25, 26], "continuous"),  # more than 25 on average
        ([26] * 5 + [1] * 9, "periodic"),
        ([26] * 6 + [1] * 9, "continuous"),  # six large groups
        ([25] * 6 + [1] * 9, "periodic"),
    ],
)
def test_the_mode_of_a_sensor(sizes, mode):
    assert measurement_mode(bursts(*sizes)) == mode


def test_texts_that_change_make_smaller_groups():
    times = bursts(30, 30, 30)
    assert measurement_mode(times) == "continuous"
    texts = np.tile(np.repeat(["a", "b"], 15), 3)
    assert measurement_mode(times, texts) == "periodic"
    # pauses count, not changes of the text
    assert measurement_mode(times[:30], texts[:30]) == "continuous"


def test_means_of_the_best_readings_of_bursts():
    times = np.array([0.0, 10.0, 20.0, 1000.0, 1010.0, 2000.0, 3000.0])
    values = np.array([1.0, 3.0, 50.0, 7.0, 9.0, np.nan, 4.0])
    flags = np.array([2, 0, 4, 3, 4, 2, 4])
    found = groups(Readings(times, values, flags))
    assert found.first.tolist() == [0.0, 1000.0, 3000.0]
    assert found.last.tolist() == [20.0, 1010.0, 3000.0]
    assert found.middle.tolist() == [10.0, 1005.0, 3000.0]
    assert found.values.tolist() == [2.0, 7.0, 4.0]
    assert found.flags.tolist() == [2, 3, 4]
    assert found.flags.dtype == np.int16
    assert found.circle is None


def test_bursts_of_angles_and_texts():
    times = np.array([0.0, 1.0, 1000.0])
    found = groups(Readings(times, np.array([350.0, 30.0, 90.0]), circle=0.0))
    np.testing.assert_allclose(found.values, [10.0, 90.0])
    assert found.circle == 0.0
    texts = np.array(["x", "y", "y"], dtype=object)
    found = groups(Readings(times, texts))
    assert found.values.tolist() == ["x", "y", "y"]
    assert found.middle.tolist() == [0.0, 1.0, 1000.0]


def test_no_usable_reading():
    found = groups(Readings(np.array([0.0]), np.array([np.nan])))
    for name in ("first", "last", "middle", "values", "flags"):
        assert getattr(found, name).size == 0
    assert found.flags.dtype == np.int16


def test_limits():
    assert (sampling.GROUP_GAP, sampling.MAX_MEAN_VALUES) == (300.0, 25)
    assert sampling.MAX_LARGE_GROUPS == 5
