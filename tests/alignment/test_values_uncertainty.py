"""Uncertainty of values between readings: structure functions of known series."""

import numpy as np
import pytest

from oceanco2.alignment.sampling import (
    Readings,
    group_starts,
    groups,
    measurement_mode,
    ranks,
)
from oceanco2.alignment.values import (
    SensorValues,
    StructureFunction,
    fit_structure_function,
    interpolation_uncertainty,
    periodic_value_at,
    value_at,
    value_over,
)

WALK = StructureFunction(step=60.0, size=1.0, power=1.0)
NOTHING = (1.0, 0.0, 1.0)


def found(values, times=None):
    times = 10.0 * np.arange(len(values)) if times is None else times
    result = fit_structure_function(times, np.asarray(values, dtype=float))
    return result.step, result.size, result.power


@pytest.mark.parametrize(
    ("left", "right", "variance"),
    [
        (30.0, 30.0, 0.25),
        (15.0, 45.0, 0.1875),
        (45.0, 15.0, 0.1875),
        (0.0, 60.0, 0.0),
        (60.0, 60.0, 0.5),
        (0.0, 0.0, 0.0),
    ],
)
def test_between_two_readings_of_a_random_walk(left, right, variance):
    deviation = WALK.deviation(np.array([left]), np.array([right]))
    assert deviation[0] == pytest.approx(np.sqrt(variance), abs=1e-12)
    twice = StructureFunction(60.0, 4.0, 1.0)
    assert twice.deviation(np.array([left]), np.array([right]))[0] == pytest.approx(
        2.0 * np.sqrt(variance), abs=1e-12
    )


def test_a_straight_line_has_no_error_of_interpolation():
    line = StructureFunction(60.0, 1.0, 2.0)
    left, right = np.array([10.0, 30.0, 59.0]), np.array([50.0, 30.0, 1.0])
    assert line.deviation(left, right) == pytest.approx(np.zeros(3), abs=1e-7)


def test_differences_of_two_values():
    walk = StructureFunction(60.0, 0.25, 1.0)
    spacing = np.array([240.0, 60.0, 0.0, -5.0])
    assert walk.difference(spacing).tolist() == [1.0, 0.5, 0.0, 0.0]
    line = StructureFunction(10.0, 4.0, 2.0)
    assert line.difference(np.array([30.0])).tolist() == [6.0]


def test_a_ramp_with_and_without_noise():
    ramp = 3.0 * np.arange(201)
    assert found(ramp) == pytest.approx((10.0, 9.0, 2.0))
    # squares at 1, 2, 4 steps: 1 + 1, 4, 16; the noise cancels in differences
    noisy = np.arange(201) + 0.5 * (-1.0) ** np.arange(201)
    assert found(noisy) == pytest.approx((10.0, 2.0 / 3.0, 2.0))


def test_a_wave_of_four_steps_has_the_smallest_power():
    wave = np.tile([0.0, 1.0, 1.0, 0.0], 101)[:401]
    assert found(wave) == pytest.approx((10.0, 0.5, 0.2))


def test_noise_alone_has_no_structure():
    assert found((-1.0) ** np.arange(200)) == (10.0, 0.0, 1.0)
    assert found(np.zeros(200)) == (10.0, 0.0, 1.0)


def test_too_few_readings_have_no_structure():
    ramp = np.arange(30.0)
    for count in (0, 1, 20, 21, 23):
        assert found(ramp[:count]) == NOTHING
    assert found(ramp[:24]) == pytest.approx((10.0, 1.0, 2.0))
    assert found(ramp, np.zeros(30)) == NOTHING


def test_only_regular_spacing_counts():
    times = 10.0 * np.arange(100)
    values = np.arange(100.0)
    times[50:] += 1000.0
    values[50:] += 77.0
    assert found(values, times) == pytest.approx((10.0, 1.0, 2.0))
    times = 10.0 * np.arange(100)
    times[50:] += 2.4  # a quarter of a step is regular
    assert found(values, times)[1] > 10.0
    times[50:] += 0.2
    assert found(values, times) == pytest.approx((10.0, 1.0, 2.0))


def test_angles_over_north():
    directions = np.mod(350.0 + np.arange(40.0), 360.0)
    result = fit_structure_function(10.0 * np.arange(40), directions, 0.0)
    assert (result.size, result.power) == pytest.approx((1.0, 2.0))


def test_uncertainty_by_the_kind_of_value():
    readings = Readings(10.0 * np.arange(101), np.arange(101.0))
    at = np.array([15.0, 20.0, 1030.0, -40.0, 5.0])
    result = SensorValues(
        values=np.zeros(5),
        flags=np.full(5, 2),
        kind=np.array([2, 1, 2, 2, 0], dtype=np.int8),
        start=np.array([10.0, 20.0, 1000.0, 0.0, np.nan]),
        end=np.array([20.0, 20.0, 1000.0, 0.0, np.nan]),
        around=np.zeros(5, dtype=bool),
    )
    out = interpolation_uncertainty(readings, result, at)
    np.testing.assert_allclose(out, [0.0, 0.0, 3.0, 4.0, np.nan], atol=1e-7)
    late = interpolation_uncertainty(readings, result, at, lag=40.0)
    np.testing.assert_allclose(late, [4.0, 4.0, 5.0, np.sqrt(32.0), np.nan])


# ---- readings -----------------------------------------------------------------------


def test_ranks_of_all_flags():
    flags = np.array([2, -2, 0, 1, 3, 4, 9, -10, -100, -200, 5])
    assert ranks(flags).tolist() == [0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 4]
    values = np.where(np.arange(11) == 1, np.nan, 1.0)
    assert ranks(flags, values).tolist()[:3] == [0, 4, 0]
    assert ranks(flags[:2], np.array(["a", "b"])).tolist() == [0, 0]
    assert ranks(flags).dtype == np.int8


def test_readings_are_good_without_flags():
    readings = Readings(np.arange(3.0), np.array([1.0, np.nan, 3.0]))
    assert readings.flags.tolist() == [2, 2, 2]
    assert readings.order.tolist() == [0, 4, 0]


def test_pauses_longer_than_five_minutes_in_whole_seconds():
    times = np.array([0.0, 300.0, 600.9, 901.9, 1202.899, 1203.0])
    assert group_starts(times).tolist() == [0, 3]
    assert group_starts(times, np.array(list("aabbcc"))).tolist() == [0, 2, 3, 4]
    assert group_starts(np.array([])).tolist() == []


def bursts(*sizes):
    return np.concatenate([3600.0 * i + np.arange(n) for i, n in enumerate(sizes)])


@pytest.mark.parametrize(
    ("sizes", "mode"),
    [
        ([1, 1, 1], "periodic"),
        ([1, 1], "continuous"),  # one pause
        ([25, 25, 25], "periodic"),
        ([25, 25, 26], "continuous"),
        ([26] * 5 + [1] * 5, "periodic"),
        ([26] * 6 + [1] * 6, "continuous"),
    ],
)
def test_modes_of_sensors(sizes, mode):
    assert measurement_mode(bursts(*sizes)) == mode


def test_bursts_are_means_of_their_best_readings():
    times = np.array([0.0, 10.0, 20.0, 1000.0, 1010.0, 3000.0])
    values = np.array([1.0, 2.0, 6.0, np.nan, 4.0, 5.0])
    flags = np.array([3, 3, 4, 2, 4, -100])
    found = groups(Readings(times, values, flags, 0.0))
    assert found.first.tolist() == [0.0, 1010.0]
    assert found.last.tolist() == [20.0, 1010.0]
    assert found.middle.tolist() == [10.0, 1010.0]
    assert found.values.tolist() == [1.5, 4.0]
    assert found.flags.tolist() == [3, 4]
    assert found.circle == 0.0
    nothing = groups(Readings(times[:1], values[3:4]))
    assert nothing.middle.size == nothing.flags.size == 0


def test_bursts_of_text_end_where_it_changes():
    times = np.arange(4.0)
    found = groups(Readings(times, np.array(list("aabb"), dtype=object)))
    assert found.values.tolist() == ["a", "b"]
    assert found.first.tolist() == [0.0, 2.0]


HOURLY = Readings(3600.0 * np.arange(3), np.array([10.0, 20.0, 40.0]))


@pytest.mark.parametrize(
    ("hours", "value", "kind", "start", "end"),
    [
        (0.0, 10.0, 1, 0.0, 0.0),
        (0.25, 12.5, 2, 0.0, 1.0),
        (1.5, 30.0, 2, 1.0, 2.0),
        (3.5, 40.0, 2, 2.0, 2.0),  # within 1.5 intervals of the last
        (3.51, np.nan, 0, np.nan, np.nan),
        (-1.5, 10.0, 2, 0.0, 0.0),
        (-1.51, np.nan, 0, np.nan, np.nan),
    ],
)
def test_values_of_a_periodic_sensor(hours, value, kind, start, end):
    found = periodic_value_at(HOURLY, np.array([hours * 3600.0]))
    np.testing.assert_allclose(found.values, [value])
    assert found.kind.tolist() == [kind]
    np.testing.assert_allclose(
        [found.start[0], found.end[0]], [start * 3600, end * 3600]
    )
    assert found.flags.tolist() == [2 if kind else 9]
    assert not found.around.any()


def test_the_better_of_two_bursts():
    def at(*flags):
        readings = Readings(HOURLY.times[:2], HOURLY.values[:2], np.array(flags))
        found = periodic_value_at(readings, np.array([900.0]))
        return found.values[0], found.flags[0]

    assert at(2, 2) == (12.5, 2)
    assert at(2, 3) == (10.0, 2)
    assert at(4, 2) == (20.0, 2)
    assert at(4, 3) == (20.0, 3)
    for same in (3, 4):
        value, flag = at(same, same)
        assert np.isnan(value)
        assert flag == 9


def test_a_sensor_without_readings():
    none = Readings(np.array([]), np.array([]))
    found = periodic_value_at(none, np.array([1.0, 2.0]))
    assert np.isnan([found.values, found.start, found.end]).all()
    assert found.flags.tolist() == [9, 9]
    assert found.kind.tolist() == [0, 0]
    assert found.around.tolist() == [False, False]


def test_flags_and_times_of_continuous_values():
    flags = np.array([0, 2, 3, 2])
    readings = Readings(100.0 * np.arange(4), np.array([1.0, 2.0, 9.0, 4.0]), flags)
    found = value_at(readings, np.array([50.0, 100.0, 200.0, 250.0, 900.0]))
    np.testing.assert_allclose(found.values, [1.5, 2.0, 3.0, 3.5, np.nan])
    assert found.flags.tolist() == [0, 2, 2, 2, 9]
    assert found.kind.tolist() == [2, 1, 2, 2, 0]
    np.testing.assert_array_equal(found.start, [0, 100, 100, 100, np.nan])
    np.testing.assert_array_equal(found.end, [100, 100, 300, 300, np.nan])
    assert found.around.tolist() == [False, False, True, True, False]
    # the flagged value itself, where nothing is near enough to interpolate
    exact = value_at(readings, np.array([200.0, 250.0]), may_interpolate=False)
    np.testing.assert_array_equal(exact.values, [9.0, np.nan])
    assert exact.flags.tolist() == [3, 9]
    assert exact.kind.tolist() == [1, 0]
    assert exact.start[0] == exact.end[0] == 200.0
    nearest = value_at(readings, np.array([60.0]), nearest=True)
    assert nearest.values.tolist() == [2.0]
    short = value_at(readings, np.array([250.0]), max_gap=149.0)
    assert np.isnan(short.values[0])


def test_values_over_a_period_with_its_ends():
    readings = Readings(100.0 * np.arange(4), np.array([1.0, 2.0, 9.0, 4.0]))
    assert value_over(readings, (100.0, 200.0)).values.tolist() == [5.5]
    assert value_over(readings, (100.0004, 200.0)).values.tolist() == [5.5]
    assert value_over(readings, (100.001, 200.0)).values.tolist() == [9.0]
    assert value_over(readings, (100.0, 199.999)).values.tolist() == [2.0]
    between = value_over(readings, (110.0, 150.0))
    assert between.values[0] == pytest.approx(4.1)
    assert between.kind.tolist() == [2]
    assert np.isnan(value_over(readings, (110.0, 150.0), may_interpolate=False).values)
