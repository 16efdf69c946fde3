"""Loops of the checks on a few samples: every limit on both of its sides."""

import numpy as np
import pytest

from oceanco2.qc import _kernels as kernels

NAN = np.nan


def flagged(loop, values, *arguments):
    """Flags that a loop gives to values."""
    flags = np.full(len(values), 2, dtype=np.int8)
    loop(np.array(values, dtype=float), *arguments, flags)
    return flags.tolist()


def minutes(*times):
    return 60.0 * np.array(times, dtype=float)


def test_impossible_values_become_bad_and_nan():
    values = np.array([1.9, 2.0, 3.0, 3.1, NAN])
    out, flags = np.zeros(5), np.full(5, 2, dtype=np.int8)
    tests = np.array([8, 0, 0, 8, 8], dtype=np.int64)
    kernels.mask_impossible(values, 2.0, 3.0, out, flags, tests, 2)
    np.testing.assert_array_equal(out, [NAN, 2.0, 3.0, NAN, NAN])
    assert flags.tolist() == [4, 2, 2, 4, 2]
    assert tests.tolist() == [10, 0, 0, 10, 8]


def test_flags_only_rise_and_a_note_sets_the_bit_alone():
    flags = np.array([2, 3, 4, 2, 2, 2], dtype=np.int8)
    tests = np.array([8, 0, 0, 0, 0, 0], dtype=np.int64)
    issued = np.array([3, 2, 3, 1, 9, 0], dtype=np.int8)
    kernels.merge_flags(flags, tests, issued, 2)
    assert flags.tolist() == [3, 3, 4, 2, 9, 2]
    assert tests.tolist() == [10, 0, 2, 2, 2, 0]


def test_two_nested_ranges():
    values = [-5.1, -5.0, -0.1, 0.0, 10.0, 10.1, 15.0, 15.1, NAN]
    found = flagged(kernels.ranges, values, 0.0, 10.0, -5.0, 15.0)
    assert found == [4, 3, 3, 2, 2, 3, 3, 4, 2]


@pytest.mark.parametrize(
    ("values", "times", "found"),
    [
        ([1, 1, 1, 2], (0, 5, 11, 12), [4, 4, 4, 2]),
        ([1, 1, 1, 2], (0, 5, 10.99, 12), [2, 2, 2, 2]),  # whole minutes
        ([2, 1, 1, 1], (0, 1, 5, 12), [2, 4, 4, 4]),
        ([1, 1, 2, 2], (0, 50, 51, 99), [2, 2, 2, 2]),  # two are no run
        ([1, NAN, 1, 1], (0, 5, 6, 11), [4, 2, 4, 4]),
        ([NAN, 1, 1, NAN], (0, 5, 60, 99), [2, 2, 2, 2]),
    ],
)
def test_runs_of_equal_values(values, times, found):
    assert flagged(kernels.constant, values, minutes(*times), 10.0) == found


def test_the_smallest_step_between_neighbours():
    assert kernels.resolution(np.array([1.0, NAN, 1.5, 1.25, 1.25])) == 0.25
    assert kernels.resolution(np.array([5.0, 5.0])) == 0.0
    assert kernels.resolution(np.array([NAN, 5.0])) == 0.0


@pytest.mark.parametrize(
    ("values", "limit", "gap", "found"),
    [
        ([0, 1, 11, 1, 1], 5.0, 1.0, [2, 2, 4, 2, 2]),  # a spike alone
        ([0, 1, 11, 11, 11], 5.0, 1.0, [2, 4, 4, 2, 2]),  # both sides of a step
        ([0, 1, 11, 6, 6], 5.0, 1.0, [2, 2, 4, 2, 2]),  # it is back within the limit
        ([0, 1, 11, 6.1, 6], 5.0, 1.0, [2, 4, 4, 2, 2]),
        ([0, 1, 11, NAN, 1], 5.0, 2.0, [2, 2, 4, 2, 2]),
        ([0, 1, 1, 1, 11], 5.0, 1.0, [2, 2, 2, 4, 4]),  # the last one
        ([0, 1, 11, 1, 1], 10.0, 1.0, [2] * 5),
        ([0, 1, 11, 1, 1], 5.0, 0.9, [2] * 5),
        ([0, 0, 10, 0, 0], 5.0, 1.0, [2] * 5),  # one step of the resolution
        ([NAN, NAN, 1, 2, 3], 5.0, 1.0, [2] * 5),
    ],
)
def test_changes_per_minute(values, limit, gap, found):
    times = minutes(*range(len(values)))
    assert flagged(kernels.gradient, values, times, limit, gap) == found


@pytest.mark.parametrize(
    ("values", "questionable", "bad", "flag"),
    [
        ([0, 10, 0], 5.0, 10.0, 3),
        ([0, 10, 0], 5.0, 9.9, 4),
        ([0, 10, 0], 10.0, 20.0, 2),
        ([0, -10, 0], 9.9, 20.0, 3),
        ([0, 10, 4], 5.9, 9.0, 3),  # 8 above the middle less half of the difference
        ([4, 10, 0], 6.0, 9.0, 2),
        ([0, 5, 10], 0.0, 9.0, 2),
    ],
)
def test_spikes_stand_out_on_both_sides(values, questionable, bad, flag):
    times = np.array([0.0, 60.0, 120.0])
    found = flagged(kernels.spike, values, times, questionable, bad, 60.0)
    assert found == [2, flag, 2]
    for late in ([0.0, 61.0, 120.0], [0.0, 60.0, 121.0]):
        found = flagged(kernels.spike, values, np.array(late), questionable, bad, 60.0)
        assert found == [2, 2, 2]


def test_missing_values_are_no_neighbours_of_a_spike():
    times = np.arange(5.0)
    found = flagged(kernels.spike, [0, NAN, 10, NAN, 0], times, 5.0, 20.0, 9.0)
    assert found == [2, 2, 3, 2, 2]


def test_sorted_windows():
    window = np.array([1.0, 2.0, 4.0, 8.0])
    for old, new, expected in ((2, 9, [1, 4, 8, 9]), (8, 0, [0, 1, 4, 9])):
        kernels._replace_sorted(window, float(old), float(new))
        assert window.tolist() == expected
    kernels._replace_sorted(window, 4.0, 4.5)
    assert window.tolist() == [0.0, 1.0, 4.5, 9.0]
    five = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    assert kernels._median_distance(five, 4.0, np.empty(5)) == 3.0


@pytest.mark.parametrize(
    ("row", "near", "found"),
    [(2, 0.5, True), (3, 0.5, False), (3, 9.0, True), (3, 8.9, False)],
)
def test_the_majority_of_a_window(row, near, found):
    x = np.array([0.0, 0.0, 0.0, 9.0, 9.0])
    assert kernels._near_majority(x, 0, 4, row, near) is found


def outliers(values, side=2, questionable=2.0, bad=8.0, sigma=3.0, times=None):
    times = np.arange(float(len(values))) if times is None else times
    arguments = (times, side, questionable, bad, sigma, 10.0)
    return flagged(kernels.outlier, values, *arguments)


def test_values_far_from_the_running_median():
    calm = [0.0] * 7
    for value, flag in ((2.0, 2), (2.1, 3), (8.0, 3), (8.2, 4), (-2.1, 3), (-9.0, 4)):
        values = [*calm[:3], value, *calm[4:]]
        assert outliers(values) == [2, 2, 2, flag, 2, 2, 2]
    assert outliers([5.0, *calm[1:]]) == [2] * 7  # too near the end
    assert outliers([0.0, 0.0, 9.0, 0.0]) == [2] * 4  # shorter than a window
    assert outliers([0.0, 0.0, 9.0, 0.0, 0.0]) == [2, 2, 4, 2, 2]
    # the distances from the median 5 are 5, 4, 0, 5, 35: 35 / (1.4826 * 5) is 4.72
    wide = [0.0, 1.0, 40.0, 5.0, 10.0]
    assert outliers(wide, sigma=4.7) == [2, 2, 4, 2, 2]
    assert outliers(wide, sigma=4.8) == [2] * 5


def test_windows_do_not_reach_over_a_gap():
    values = [0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 0.0]
    times = np.arange(7.0)
    for late in range(1, 5):
        shifted = np.where(np.arange(7) >= late, times + 9.5, times)
        assert outliers(values, times=shifted) == [2] * 7, late
    near = np.where(np.arange(7) >= 3, times + 9.0, times)  # ten seconds are no gap
    assert outliers(values, times=near)[2] == 4
    beyond = np.where(np.arange(7) >= 5, times + 99.0, times)
    assert outliers(values, times=beyond)[2] == 4


def test_values_many_deviations_from_the_mean():
    values = [0.0, 0.0, NAN, 0.0, 0.0, 10.0]  # mean 2, deviation 4
    assert flagged(kernels.deviation, values, 1.99) == [2, 2, 2, 2, 2, 4]
    assert flagged(kernels.deviation, values, 2.01) == [2] * 6
    assert flagged(kernels.deviation, [NAN, NAN], 1.0) == [2, 2]


@pytest.mark.parametrize("optional", [True, False])
def test_flags_of_an_input_reach_a_result(optional):
    flags = np.array([2, 2, 2, 4, 2, 2], dtype=np.int8)
    tests = np.array([1, 0, 0, 0, 0, 0], dtype=np.int64)
    impossible = np.zeros(6, dtype=bool)
    of_input = np.array([2, 3, 4, 3, 9, 0], dtype=np.int8)
    bits = np.array([8, 8, 2, 8, 8, 8], dtype=np.int64)
    becomes = np.arange(10, dtype=np.int8)
    kernels.cascade_input(
        flags, tests, impossible, of_input, bits, becomes, optional, 2, 32
    )
    assert flags.tolist() == [2, 3, 4, 4, 2, 2]
    assert tests.tolist() == [1, 40, 34, 40, 0 if optional else 40, 0]
    assert impossible.tolist() == [False, False, True, False, False, False]


def test_a_milder_flag_of_an_input():
    flags, tests = np.array([2, 2], dtype=np.int8), np.zeros(2, dtype=np.int64)
    becomes = np.array([0, 0, 0, 2, 3], dtype=np.int8)
    kernels.cascade_input(
        *(flags, tests, np.zeros(2, dtype=bool), np.array([3, 4], dtype=np.int8)),
        *(np.zeros(2, dtype=np.int64), becomes, False, 2, 32),
    )
    assert flags.tolist() == [2, 3]
    assert tests.tolist() == [32, 32]


def test_speeds_of_legs():
    radius = 180.0 / np.pi * 60.0  # a degree is 60 units
    lat, lon = np.array([0.0, 1.0, 1.0, 1.0, 2.0]), np.array([0.0, 0.0, 0.0, 0.0, 0.0])
    hours = 3600.0 * np.array([0.0, 2.0, 3.0, 3.0, 3.0])
    found = kernels.legs(lat, lon, hours, radius, 10.0, 0.5)
    np.testing.assert_allclose(found, [12.5, 0.0, 0.0, np.inf])
    assert kernels.legs(lat[:0], lon[:0], hours[:0], radius, 0.0, 1.0).size == 0
    assert kernels.kilometres(0.0, 0.0, 0.0, 180.0, 1.0) == pytest.approx(np.pi)
    assert kernels.kilometres(60.0, 0.0, 60.0, 90.0, 1.0) == pytest.approx(
        np.arccos(0.75)
    )
