"""Land, distances from land and usual salinity of positions."""

import numpy as np
import pytest

from oceanco2 import geography
from oceanco2.geography import (
    is_inland,
    is_oceanic,
    ocean_fraction,
    usual_salinity,
)

CELL = 0.25


def ask(function, *places):
    lat, lon = np.array(places, dtype=float).T
    return function(lat, lon).tolist()


def test_inland():
    inland = [(48.1, 11.6), (45.0, 20.0), (-25.0, 135.0), (42.0, 50.5), (48.1, 371.6)]
    assert ask(is_inland, *inland) == [True] * 5  # the Caspian, and 11.6 E again
    # harbours, fjords and rivers: Hamburg, Bergen, Bordeaux, Porto
    near = [(53.54, 9.98), (60.4, 5.32), (44.86, -0.55), (41.14, -8.6)]
    assert ask(is_inland, *near) == [False] * 4
    none = [(np.nan, 11.6), (48.1, np.nan), (90.1, 11.6), (-90.1, 11.6)]
    assert ask(is_inland, *none) == [False] * 4


def test_inland_is_a_cell_and_its_eight_neighbours():
    land = ocean_fraction() == 0
    rng = np.random.default_rng(1)
    row, column = rng.integers(1, 719, 4000), rng.integers(0, 1440, 4000)
    row, column = np.append(row, [400, 400]), np.append(column, [0, 1439])
    around = [
        land[row + i, (column + j) % 1440] for i in (-1, 0, 1) for j in (-1, 0, 1)
    ]
    lat, lon = -90 + CELL * (row + 0.9), -180 + CELL * (column + 0.1)
    assert is_inland(lat, lon).tolist() == np.all(around, axis=0).tolist()
    assert 0.1 < np.all(around, axis=0).mean() < 0.5


def test_edges_of_the_grid():
    places = [(90.0, 0.0), (-90.0, 0.0), (-80.0, 180.0), (-80.0, -180.0)]
    expected = [False, True, *[bool(x) for x in ask(is_inland, (-80.0, 180.0)) * 2]]
    assert ask(is_inland, *places) == expected


def test_oceanic_is_not_coastal():
    places = [(45.0, -20.0), (45.0, -10.0), (np.nan, 0.0), (45.0, 20.0)]
    assert ask(is_oceanic, *places) == [True, False, False, False]


@pytest.mark.parametrize(
    ("place", "low", "high"),
    [
        ((45.0, -20.0), 35.6, 35.8),
        ((45.0, 340.0), 35.6, 35.8),
        ((57.5, 19.5), 5.8, 9.2),  # Baltic
        ((30.0, 180.0), 34.8, 35.2),
        ((35.0, 25.0), 38.4, 39.2),
    ],
)
def test_usual_salinity(place, low, high):
    found = usual_salinity(*np.array([place]).T)
    assert [round(float(x[0]), 1) for x in found] == [low, high]


def test_seas_without_a_mean():
    lat, lon = (
        np.array([43.0, 42.0, np.nan, 45.0, 95.0]),
        np.array([34.0, 50, 0, 20, 0]),
    )
    low, high = usual_salinity(lat, lon)
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_the_file_holds_rounded_means(test_data):
    import xarray as xr

    source = test_data / "ferret_climatology" / "levitus_annual_1deg.nc"
    with xr.open_dataset(source, decode_times=False) as ds:
        means = ds["SALT"].to_numpy()
    with np.load(geography._SALINITY_FILE) as file:
        steps = file["salinity"]
    assert steps.shape == (180, 360)
    assert steps.dtype == np.uint8
    np.testing.assert_array_equal(steps > 0, np.isfinite(means))
    there = steps > 0
    assert np.abs(0.2 * steps[there] - means[there]).max() < 0.1001
