"""Nearest samples of monthly salinity and of pressure, on small fields."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields.sampling import NearestField, nearest

LAT, LON = np.array([-10.0, 0.0, 20.0]), np.array([0.0, 90.0, 350.0])


def salinity(path, names=("time", "lat", "lon"), name="s_an", size=12, more=()):
    """100 x month number + 10 x row + column."""
    shape = (size, 3, 3)
    values = np.add.outer(np.arange(1, size + 1) * 100.0, np.arange(9.0).reshape(3, 3))
    ds = xr.Dataset({name: (names, values.reshape(shape))})
    ds = ds.assign_coords({names[1]: LAT, names[2]: LON})
    for extra in more:
        ds[extra] = (names, values)
    ds.to_netcdf(path)
    return path


def pressure(path, times, units="Pa", factor=1.0, name="slp"):
    values = np.add.outer(np.arange(len(times)) * 100.0, np.arange(9.0).reshape(3, 3))
    ds = xr.Dataset({name: (("time", "lat", "lon"), values * factor)})
    ds[name].attrs["units"] = units
    ds = ds.assign_coords(time=np.array(times, "datetime64[ns]"), lat=LAT, lon=LON)
    ds.to_netcdf(path)
    return path


def sampled(field, when, lat, lon):
    time = np.array([when] * len(lat), "datetime64[ns]")
    return field.at(time, np.array(lat, float), np.array(lon, float)).tolist()


@pytest.mark.parametrize(
    ("axis", "points", "circle", "expected"),
    [
        (
            [0.0, 10.0, 20.0],
            [-99.0, 4.9, 5.0, 5.1, 15.1, 99.0],
            0.0,
            [0, 0, 0, 1, 2, 2],
        ),
        ([20.0, 10.0, 0.0], [-99.0, 5.1, 15.1], 0.0, [2, 1, 0]),
        (
            [0.0, 120.0, 240.0],
            [299.0, 301.0, -1.0, 361.0, 59.0],
            360.0,
            [2, 0, 0, 0, 0],
        ),
        ([180.0, -60.0, 60.0], [-119.0, 119.0, 121.0, -179.0], 360.0, [1, 2, 0, 0]),
        ([5.0], [0.0, 9.0], 0.0, [0, 0]),
        ([5.0], [200.0], 360.0, [0]),
    ],
)
def test_nearest_nodes(axis, points, circle, expected):
    found = nearest(np.array(axis), np.array(points), circle)
    assert found.tolist() == expected


def test_the_month_counts_not_the_year(tmp_path):
    field = NearestField(salinity(tmp_path / "s.nc"), "salinity")
    assert sampled(field, "2024-03-31", [-9.0, 9.0, 11.0], [1.0, 80.0, -6.0]) == [
        300.0,
        304.0,
        308.0,
    ]
    assert sampled(field, "1969-12-01", [0.0], [0.0]) == [1203.0]
    lost = sampled(field, "2024-01-01", [np.nan, 0.0], [0.0, np.nan])
    assert np.isnan(lost).all()
    assert np.isnan(sampled(field, "NaT", [0.0], [0.0])).all()


@pytest.mark.parametrize("time", ["time", "month", "tmnth", "t", "climatology_time"])
@pytest.mark.parametrize(
    ("lat", "lon"), [("lat", "lon"), ("latitude", "longitude"), ("ylat", "xlon")]
)
def test_names_of_axes(tmp_path, time, lat, lon):
    path = salinity(tmp_path / "s.nc", (time, lat.upper(), lon))
    field = NearestField(path, "salinity")
    assert sampled(field, "2024-01-01", [20.0], [90.0]) == [107.0]


@pytest.mark.parametrize(
    "name", ["s_an", "salinity", "sal", "sss", "s_mn", "so", "S", "anything"]
)
def test_names_of_salinity(tmp_path, name):
    path = salinity(tmp_path / "s.nc", name=name)
    field = NearestField(path, "salinity")
    assert sampled(field, "2024-01-01", [20.0], [90.0]) == [107.0]


def test_the_surface_is_the_first_depth(tmp_path):
    values = np.arange(12.0 * 2 * 9).reshape(12, 2, 3, 3)
    ds = xr.Dataset({"S": (("t", "depth", "lat", "lon"), values)})
    ds.assign_coords(lat=LAT, lon=LON).to_netcdf(tmp_path / "s.nc")
    field = NearestField(tmp_path / "s.nc", "salinity")
    assert sampled(field, "2024-02-01", [-10.0], [0.0]) == [18.0]


@pytest.mark.parametrize(
    ("units", "factor"),
    [
        *(("Pa", 0.01), ("pascals", 0.01), ("Pascal", 0.01), ("kPa", 10.0)),
        *(("hPa", 1.0), ("mb", 1.0), ("mbar", 1.0), (" millibar ", 1.0)),
        ("millibars", 1.0),
    ],
)
def test_units_of_pressure(tmp_path, units, factor):
    times = ["2024-01-01T00", "2024-01-01T06"]
    field = NearestField(pressure(tmp_path / "p.nc", times, units), "pressure")
    found = sampled(field, "2024-01-01T04", [20.0], [90.0])
    np.testing.assert_allclose(found, [107.0 * factor])


@pytest.mark.parametrize(
    "name",
    ["slp", "msl", "mslp", "pressure", "air_pressure_at_mean_sea_level", "other"],
)
def test_times_of_pressure(tmp_path, name):
    """Within one step of the field; without a second step within six hours."""
    times = ["2024-01-01T00", "2024-01-01T03", "2024-01-01T06"]
    path = pressure(tmp_path / "p.nc", times, "hPa", name=name)
    field = NearestField(path, "pressure")
    for when, value in (
        ("2023-12-31T21:00:00", 0.0),
        ("2023-12-31T20:59:59", np.nan),
        ("2024-01-01T01:30", 0.0),
        ("2024-01-01T01:31", 100.0),
        ("2024-01-01T09:00:00", 200.0),
        ("2024-01-01T09:00:01", np.nan),
    ):
        found = sampled(field, when, [-10.0], [0.0])
        np.testing.assert_array_equal(found, [value], when)
    alone = NearestField(pressure(tmp_path / "q.nc", times[:1], "hPa"), "pressure")
    assert sampled(alone, "2024-01-01T06", [-10.0], [0.0]) == [0.0]
    assert np.isnan(sampled(alone, "2024-01-01T06:00:01", [-10.0], [0.0])).all()


def test_what_is_no_such_field(tmp_path):
    with pytest.raises(ReadError, match=r"12 months of a\s+climatology, not 11"):
        NearestField(salinity(tmp_path / "a.nc", size=11), "salinity")
    path = pressure(tmp_path / "b.nc", ["2024-01-01"], "K")
    with pytest.raises(ReadError, match=r"slp: units .* must be one of Pa, .*'K'"):
        NearestField(path, "pressure")
    path = salinity(tmp_path / "c.nc", name="one", more=["two"])
    with pytest.raises(ReadError, match=r"recognised as salinity.*it has one, two"):
        NearestField(path, "salinity")
    path = salinity(tmp_path / "d.nc", ("time", "north", "lon"))
    with pytest.raises(ReadError, match="no dimension lat or latitude or ylat"):
        NearestField(path, "salinity")
