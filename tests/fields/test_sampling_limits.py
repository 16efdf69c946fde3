"""Samples of pressure between and beyond its times; what is missing."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields.sampling import NearestField, nearest, open_field


def field_of(folder, hours=(0, 6, 12), units="Pa", kind="pressure"):
    n = len(hours)
    start = np.datetime64("2020-01-01T00", "ns")
    values = 100000.0 + 100.0 * np.arange(n)[:, None, None] + np.zeros((n, 2, 4))
    values += np.array([0.0, 10.0])[:, None] + np.array([0.0, 1.0, 2.0, 3.0])
    da = xr.DataArray(
        values,
        dims=("time", "lat", "lon"),
        coords={
            "time": start + np.array(hours) * np.timedelta64(1, "h"),
            "lat": [-10.0, 10.0],
            "lon": [0.0, 90.0, 180.0, 270.0],
        },
        attrs={"units": units},
    )
    path = folder / "field.nc"
    da.to_dataset(name="slp").to_netcdf(path, engine="netcdf4")
    return NearestField(path, kind)


def at(field, time, lat=-10.0, lon=0.0):
    args = np.array([time], "datetime64[s]"), np.array([lat]), np.array([lon])
    return float(field.at(*args)[0])


@pytest.mark.parametrize(
    ("time", "value"),
    [
        ("2020-01-01T00:00:00", 1000.0),
        ("2020-01-01T03:00:00", 1000.0),
        ("2020-01-01T03:00:01", 1001.0),
        ("2020-01-01T12:00:00", 1002.0),
        ("2020-01-01T18:00:00", 1002.0),
        ("2020-01-01T18:00:01", np.nan),
        ("2019-12-31T18:00:00", 1000.0),
        ("2019-12-31T17:59:59", np.nan),
        ("NaT", np.nan),
    ],
)
def test_nearest_time(tmp_path, time, value):
    got = at(field_of(tmp_path), time)
    assert got == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    ("hours", "value"), [(6, 1000.0), (6.001, np.nan), (-6, 1000.0), (-6.001, np.nan)]
)
def test_one_time_counts_for_six_hours(tmp_path, hours, value):
    field = field_of(tmp_path, hours=(0,))
    time = np.datetime64("2020-01-01T00", "s") + np.timedelta64(round(hours * 3600))
    assert at(field, time) == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    ("lat", "lon", "extra"),
    [
        (-10.0, 0.0, 0.0),
        (10.0, 0.0, 0.1),
        (0.0, 0.0, 0.0),
        (0.1, 0.0, 0.1),
        (-80.0, -90.0, 0.03),
        (80.0, 316.0, 0.1),
        (-10.0, 314.0, 0.03),
        (-10.0, 46.0, 0.01),
        (-10.0, 44.0, 0.0),
        (np.nan, 0.0, np.nan),
        (0.0, np.nan, np.nan),
    ],
)
def test_nearest_place(tmp_path, lat, lon, extra):
    got = at(field_of(tmp_path), "2020-01-01T00", lat, lon)
    assert got == pytest.approx(1000.0 + extra, nan_ok=True)


def test_one_node_and_reversed_axes():
    assert nearest(np.array([5.0]), np.array([1.0, 9.0])).tolist() == [0, 0]
    axis, points = np.array([3.0, 2.0, 1.0]), np.array([9.0, 1.4, 1.5, 1.6, -4.0])
    assert nearest(axis, points).tolist() == [0, 2, 2, 1, 2]


def test_what_is_no_climatology(tmp_path):
    with pytest.raises(ReadError, match="must have the 12 months"):
        field_of(tmp_path, kind="salinity")
    with pytest.raises(ReadError, match=r"slp: units .* 'hPa' must be one of"):
        field_of(tmp_path, units="K")


def test_a_field_is_kept(tmp_path):
    field_of(tmp_path)
    path = str(tmp_path / "field.nc")
    assert open_field(path, "pressure") is open_field(path, "pressure")
    assert open_field(path, "pressure").kind == "pressure"
