"""What interpolation adds to the uncertainty: what is said is what happens."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.alignment import Readings, periodic_value_at, value_at, value_over
from oceanco2.alignment.values import (
    StructureFunction,
    fit_structure_function,
    interpolation_uncertainty,
)
from oceanco2.uncertainty import add_uncertainty
from tests.datasets import canonical_dataset


def walk(seed=0, size=40_000, noise=0.0):
    """A random walk every 5 s: 1e-4 K2 a step, and a reading of it."""
    rng = np.random.default_rng(seed)
    true = 12.0 + np.cumsum(rng.normal(0.0, 0.01, size))
    return 5.0 * np.arange(size), true, true + rng.normal(0.0, noise, size)


@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_errors_of_interpolation_are_as_large_as_stated(noise):
    """Every 24th value is kept (two minutes apart), the others are to be found."""
    times, true, read = walk(noise=noise)
    kept = slice(None, None, 24)
    sensor = Readings(times[kept], read[kept])
    at = times[12:-24:24]
    result = value_at(sensor, at)
    sigma = interpolation_uncertainty(sensor, result, at)
    own = np.hypot(sigma, noise / np.sqrt(2.0))  # the noise of both neighbours
    scaled = (result.values - true[12:-24:24]) / own
    assert 0.85 < scaled.std() < 1.15
    # A quarter of the variance of 24 steps, as for any random walk.
    expected = np.sqrt(24 * 1e-4 / 4)
    assert np.median(sigma) == pytest.approx(expected, rel=0.25)


def test_a_smooth_curve_costs_nothing_and_noise_alone_neither():
    times = 10.0 * np.arange(5000)
    line = fit_structure_function(times, 0.001 * times)
    assert line.power == pytest.approx(2.0)
    one = np.array([300.0])
    assert line.deviation(one, one)[0] == pytest.approx(0.0, abs=1e-6)
    noise = np.random.default_rng(1).normal(0.0, 0.05, 5000)
    assert fit_structure_function(times, noise).deviation(one, one)[0] == 0.0
    assert fit_structure_function(times[:5], noise[:5]).deviation(one, one)[0] == 0.0


def test_measured_values_have_none_and_missing_ones_nothing():
    times, _, read = walk(size=1000)
    sensor = Readings(times, read)
    at = np.array([50.0, 52.5, 9000.0])
    sigma = interpolation_uncertainty(sensor, value_at(sensor, at), at)
    assert sigma[0] == 0.0
    assert 0.0 < sigma[1] < 0.02
    assert np.isnan(sigma[2])
    # A lag known to 60 s only: the signal differs by twelve steps.
    late = interpolation_uncertainty(sensor, value_at(sensor, at), at, lag=60.0)
    assert late[0] == pytest.approx(np.sqrt(12e-4), rel=0.25)


def test_it_grows_with_the_gap():
    one = StructureFunction(step=10.0, size=1e-4, power=1.2)
    halves = np.array([5.0, 60.0, 300.0])
    assert (np.diff(one.deviation(halves, halves)) > 0.0).all()


def test_it_enters_the_budget():
    ds = canonical_dataset()
    ds = ds.drop_vars([n for n in ds.data_vars if str(n).endswith("_uncertainty")])
    ship = platforms.load("demo_ship")  # SST +- 0.02
    before = add_uncertainty(ds, ship)
    added = np.full(ds.sizes["time"], 0.15)
    ds["SST_interpolation_uncertainty"] = ("time", added)
    after = add_uncertainty(ds, ship)
    np.testing.assert_allclose(after["SST_uncertainty"], np.hypot(0.02, 0.15))
    message = after["SST_uncertainty"].attrs["uncertainty_source"]
    assert message.startswith("platform file; interpolation in time")
    water = np.isfinite(ds["fCO2_water_SST_wet"].to_numpy())
    sigma = [
        d["fCO2_water_SST_wet_uncertainty"].to_numpy()[water] for d in (before, after)
    ]
    more = np.sqrt(sigma[1] ** 2 - sigma[0] ** 2)
    expected = 0.0423 * 0.15 * ds["fCO2_water_SST_wet"].to_numpy()[water]
    np.testing.assert_allclose(more, expected, rtol=2e-3)


def test_one_burst_alone_is_used_at_its_own_time_only():
    sensor = Readings(np.array([100.0, 110.0]), np.array([1.0, 3.0]))
    found = periodic_value_at(sensor, np.array([99.0, 100.0, 105.0, 110.0, 111.0]))
    np.testing.assert_array_equal(found.values, [np.nan, 2.0, 2.0, 2.0, np.nan])
    assert found.kind.tolist() == [0, 1, 1, 1, 0]
    assert found.flags.tolist() == [9, 2, 2, 2, 9]
    np.testing.assert_array_equal(found.start, [np.nan, 100, 100, 100, np.nan])
    np.testing.assert_array_equal(found.end, [np.nan, 110, 110, 110, np.nan])
    assert not found.around.any()


def test_bursts_count_within_one_and_a_half_mean_intervals():
    """Middles 0, 1000 and 3000 s: 1500 s on average, so 2250 s."""
    times = np.array([0.0, 1000.0, 3000.0])
    sensor = Readings(times, np.array([1.0, 2.0, 4.0]))
    at = np.array([-2250.0, -2251.0, 500.0, 2000.0, 5250.0, 5251.0])
    found = periodic_value_at(sensor, at)
    np.testing.assert_allclose(found.values, [1.0, np.nan, 1.5, 3.0, 4.0, np.nan])
    assert found.kind.tolist() == [2, 0, 2, 2, 2, 0]


def test_parts_of_a_second_count_as_between_neighbours():
    """A quarter and three quarters of a second in a walk of 1 K2 a second."""
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(0.0, 1.0, 5000))
    sensor = Readings(np.arange(5000.0), walk)
    at = np.array([100.25, 100.75, 100.5])
    sigma = interpolation_uncertainty(sensor, value_at(sensor, at), at)
    fit = fit_structure_function(np.arange(5000.0), walk)
    left, right = at - 100.0, 101.0 - at
    np.testing.assert_allclose(sigma, fit.deviation(left, right))
    assert sigma[0] == pytest.approx(sigma[1])
    assert sigma[2] > sigma[0] > 0.3


def test_values_over_a_period():
    times = np.array([0.0, 10.0, 20.0, 30.0])
    sensor = Readings(times, np.array([1.0, 2.0, 6.0, 9.0]), np.array([2, 2, 3, 2]))
    found = value_over(sensor, (10.0, 30.0))
    assert (found.values[0], found.flags[0], found.kind[0]) == (5.5, 2, 1)
    assert (found.start[0], found.end[0], found.around[0]) == (10.0, 30.0, True)
    assert (found.flags.dtype, found.kind.dtype) == (np.int16, np.int8)
    alone = value_over(sensor, (19.0, 21.0))
    assert (alone.values[0], alone.flags[0], alone.around[0]) == (6.0, 3, False)
    # nothing within: the value at the middle, if it may be interpolated
    between = value_over(sensor, (1.0, 5.0))
    assert (between.values[0], between.kind[0]) == (1.3, 2)
    strict = value_over(sensor, (1.0, 5.0), may_interpolate=False)
    assert np.isnan(strict.values[0])
    assert strict.kind[0] == 0


def test_limits_of_continuous_values():
    sensor = Readings(np.array([0.0, 400.0]), np.array([1.0, 5.0]))
    at = np.array([99.0, 100.0, 300.0, 301.0])
    found = value_at(sensor, at)
    np.testing.assert_array_equal(found.kind, [0, 2, 2, 0])
    np.testing.assert_allclose(found.values[1:3], [2.0, 4.0])
    near = value_at(sensor, np.array([199.0, 201.0]), nearest=True)
    assert near.values.tolist() == [1.0, 5.0]
    assert value_at(sensor, at, max_gap=301.0).kind.tolist() == [2, 2, 2, 2]
