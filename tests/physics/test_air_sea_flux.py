"""The flux in numbers, and what it says of its wind."""

import numpy as np
import pytest
import xarray as xr

import oceanco2.physics as ph

#: Water, air, wind, temperature, salinity.
POINT = (380.0, 400.0, 7.0, 20.0, 35.0)


def with_attrs(*inputs, **options):
    first = xr.DataArray(np.array([inputs[0]]), dims="time")
    return ph.flux(first, *inputs[1:], **options).attrs


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({}, "the mean wind was raised to the power"),
        ({"moments": "rayleigh"}, "of a Rayleigh distribution with the mean wind"),
        ({"wind_speed_squared": 60.0}, "given"),
        ({"parametrisation": "GM12"}, "mean wind, as the formula wants it"),
        ({"parametrisation": "W92LT"}, "mean wind, as the formula wants it"),
    ],
)
def test_the_wind_moments_are_named(options, note):
    assert with_attrs(*POINT, **options)["wind_moments"] == note


def test_a_rayleigh_wind_in_numbers():
    """<U^2> is 4/pi and <U^3> 6/pi times the power of the mean."""
    alone = ph.flux(*POINT)
    assert ph.flux(*POINT, moments="rayleigh") == pytest.approx(
        alone * 4.0 / np.pi, rel=1e-12
    )
    given = ph.flux(*POINT, wind_speed_squared=49.0 * 4.0 / np.pi)
    assert given == pytest.approx(alone * 4.0 / np.pi, rel=1e-12)
    options = {"k": 3.3 + 0.026 * 343.0 * 6.0 / np.pi, "parametrisation": "M01"}
    k = options.pop("k") * (ph.schmidt_number(20.0) / 660.0) ** -0.5
    got = ph.flux(*POINT, moments="rayleigh", **options)
    assert got == pytest.approx(ph.flux(*POINT, k=k), rel=1e-12)


@pytest.mark.parametrize(
    ("water", "air", "wind", "t", "s", "ice", "expected"),
    [
        (380.0, 400.0, 7.0, 20.0, 35.0, 0.0, -1.94858907845),
        (350.0, 410.0, 10.0, 5.0, 34.0, 0.2, -10.1852741736),
        (400.0, 400.0, 7.0, 20.0, 35.0, 0.0, 0.0),
    ],
)
def test_the_published_check(water, air, wind, t, s, ice, expected):
    got = ph.flux(water, air, wind, t, s, ice)
    assert got == pytest.approx(expected, rel=1e-10)


def test_ice_is_between_none_and_all():
    inputs = (350.0, 410.0, 10.0, 5.0, 34.0)
    silent = {"on_range": "ignore"}
    assert ph.flux(*inputs, -0.1, **silent) == ph.flux(*inputs, 0.0)
    assert ph.flux(*inputs, 1.1, **silent) == ph.flux(*inputs, 1.0) == 0.0
    assert ph.flux(*inputs, 0.25) == pytest.approx(0.75 * ph.flux(*inputs), rel=1e-12)
