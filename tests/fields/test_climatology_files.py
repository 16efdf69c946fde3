"""Climatologies from files: several files, months, units, scatter, what is refused."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields.climatology import read_climatology

LAT, LON = [-10.0, 0.0, 10.0], [20.0, 30.0]


def written(path, value=300.0, dims=("lat", "lon"), lat=LAT, scatter=None, **attrs):
    plane = value + np.arange(6.0).reshape(3, 2)
    if dims[0] == "lon":
        plane = plane.T
    ds = xr.Dataset({"fco2_ave": (dims, plane, attrs)}, {"lat": lat, "lon": LON})
    if scatter is not None:
        ds["fco2_std"] = (dims, np.full(plane.shape, float(scatter)))
    ds.to_netcdf(path)
    return path


def test_files_of_several_months(tmp_path):
    for year, value in ((2009, 300.0), (2010, 320.0)):
        written(tmp_path / f"co2_{year}-07.nc", value, scatter=value / 100)
    found = read_climatology(str(tmp_path / "co2_*.nc"))
    assert found.latitude.tolist() == LAT
    assert found.longitude.tolist() == LON
    assert [(f.month, f.year) for f in found.fields] == [(7, 2009), (7, 2010)]
    assert found.year == 2009.5
    for field, value in zip(found.fields, (300.0, 320.0), strict=True):
        np.testing.assert_array_equal(field.values, value + np.arange(6).reshape(3, 2))
        assert (field.scatter == value / 100).all()
        assert field.values.dtype == np.float64


def test_the_order_of_axes_and_the_units_do_not_count(tmp_path):
    path = written(tmp_path / "a_201001.nc", dims=("lon", "lat"), units="Pa", scatter=2)
    (field,) = read_climatology(str(path)).fields
    factor = 1e6 / 101325.0
    plane = (300.0 + np.arange(6).reshape(3, 2)) * factor
    np.testing.assert_allclose(field.values, plane, rtol=1e-9)
    np.testing.assert_allclose(field.scatter, 2.0 * factor, rtol=1e-9)


def test_fill_values_that_are_not_declared(tmp_path):
    values = np.array([[9.9, 10.0], [10000.0, 10000.1], [-999.0, np.nan]])
    ds = xr.Dataset({"fco2": (("lat", "lon"), values)}, {"lat": LAT, "lon": LON})
    ds.to_netcdf(tmp_path / "a_201001.nc")
    (field,) = read_climatology(str(tmp_path / "a_201001.nc")).fields
    expected = [[np.nan, 10.0], [10000.0, np.nan], [np.nan, np.nan]]
    np.testing.assert_array_equal(field.values, expected)
    assert field.scatter is None


def twelve(path, name="fco2"):
    values = np.add.outer(300.0 + np.arange(12), np.zeros((3, 2)))
    ds = xr.Dataset({name: (("time", "lat", "lon"), values)}, {"lat": LAT, "lon": LON})
    ds.to_netcdf(path)
    return str(path)


def test_some_months(tmp_path):
    path = twelve(tmp_path / "a.nc")
    found = read_climatology(path)
    assert [f.month for f in found.fields] == list(range(1, 13))
    assert [f.values[0, 0] for f in found.fields] == [300.0 + m for m in range(12)]
    assert {f.year for f in found.fields} == {None}
    assert found.year is None
    some = read_climatology(path, months=[3, 1])
    assert [(f.month, f.values[0, 0]) for f in some.fields] == [(1, 300.0), (3, 302.0)]


def test_the_year_in_the_name_of_the_variable(tmp_path):
    path = twelve(tmp_path / "a.nc", name="fco2_2005")
    assert read_climatology(path).year == 2005.0
    assert read_climatology(path, variable="fco2_2005").year == 2005.0


def test_files_that_do_not_fit(tmp_path):
    one = written(tmp_path / "co2_2009-07.nc")
    two = written(tmp_path / "co2_2010-07.nc", lat=[-10.0, 0.0, 11.0])
    with pytest.raises(ReadError) as caught:
        read_climatology(str(tmp_path / "co2_*.nc"))
    assert str(caught.value) == f"{two}: its grid differs from that of {one}"
    with pytest.raises(ReadError, match="climatology"):
        read_climatology(str(tmp_path / "x.nc"))
    with pytest.raises(ReadError):
        read_climatology(str(tmp_path / "x*.nc"))
