"""What interpolation adds to the uncertainty: what is said is what happens."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.alignment import Readings, value_at
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
