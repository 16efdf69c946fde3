"""Pieces of the look-up in climatologies, by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ReadError
from oceanco2.fields.climatology import (
    Climatology,
    Field,
    _axes,
    _by_month,
    _co2_variable,
    _fill_gaps,
    _months_and_years,
    _nearest_cell,
    _scatter_name,
    _year_of,
    climatology_at,
    matching,
)


def test_empty_cells_get_the_mean_of_their_neighbours():
    nan = np.nan
    values = np.array([[1.0, nan, 4.0], [2.0, 3.0, nan], [nan, nan, nan]])
    filled = _fill_gaps(values)
    # Rows end at the poles, columns go around.
    assert filled[0, 1] == pytest.approx((1 + 4 + 2 + 3) / 4)
    assert filled[1, 2] == pytest.approx((4 + 1 + 3 + 2) / 4)
    assert filled[2, 0] == filled[2, 1] == filled[2, 2] == pytest.approx(2.5)
    assert filled[0, 0] == 1.0
    lonely = np.full((4, 5), nan)
    lonely[0, 0] = 7.0
    filled = _fill_gaps(lonely)
    assert np.argwhere(np.isfinite(filled)).tolist() == [
        *([0, 0], [0, 1], [0, 4], [1, 0], [1, 1], [1, 4]),
    ]


@pytest.mark.parametrize(
    ("axis", "points", "cells"),
    [
        ([0.0, 10.0, 20.0], [-5.0, -5.1, 4.9, 5.1, 25.0, 25.1], [0, -1, 0, 1, 2, -1]),
        ([20.0, 10.0, 0.0], [1.0, 19.0], [2, 0]),
        ([45.0, 135.0, 225.0, 315.0], [0.0, 89.0, 91.0, 359.0, -1.0], [0, 0, 1, 3, 3]),
        ([-135.0, -45.0, 45.0, 135.0], [179.0, 181.0, 361.0], [3, 0, 2]),
        ([0.0, 90.0, 180.0], [181.0, 226.0], [2, -1]),
        ([5.0], [100.0, np.nan], [0, -1]),
    ],
)
def test_cells_of_an_axis(axis, points, cells):
    assert _nearest_cell(np.array(axis), np.array(points)).tolist() == cells


def field(month, year, value, scatter=None):
    grid = np.full((2, 2), float(value))
    return Field(month, year, grid, None if scatter is None else grid * 0 + scatter)


def test_one_field_of_each_month():
    axes = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    fields = (field(1, 2000, 10.0), field(1, 2002, 30.0, 5.0), field(2, 2000, 7.0, 2.0))
    by_month = _by_month(Climatology(*axes, fields, 2001.0))
    assert set(by_month) == {1, 2}
    assert (by_month[1].values == 20.0).all()
    assert by_month[1].scatter is None
    assert by_month[1].year is None
    assert (by_month[2].scatter == 2.0).all()
    fields[0].values[0, 0] = np.nan
    fields[1].values[:] = np.nan
    half = _by_month(Climatology(*axes, fields, 2001.0))[1].values
    assert np.isnan(half).tolist() == [[True, False], [False, False]]
    own = _by_month(Climatology(*axes, (*fields, field(1, None, 99.0)), None))
    assert (own[1].values == 99.0).all()


def test_months_of_years_come_first_then_months():
    axes = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    fields = (field(1, 2000, 10.0, 3.0), field(1, 2002, 30.0))
    climatology = Climatology(*axes, fields, 2001.0)
    days = ("2000-01-15", "2002-01-15", "2010-01-15", "2010-02-15", "2000-01-15")
    time = np.array(days, "datetime64[ns]")
    places = np.array([0.0, 0.0, 0.0, 0.0, 50.0])
    value, scatter = climatology_at(climatology, time, places, np.zeros(5), trend=2.0)
    january = 20.0 + 2.0 * (2010 + 0.5 / 12 - 2001.5)
    np.testing.assert_allclose(value, [10.0, 30.0, january, np.nan, np.nan])
    assert scatter.tolist() == [3.0, 0.0, 0.0, 0.0, 0.0]
    value, _ = climatology_at(
        climatology, time, places, np.zeros(5), trend=2.0, year=2000.0
    )
    assert value[2] == pytest.approx(january + 2.0)


def dataset(name="fco2", dims=("time", "lat", "lon"), time=None, sizes=(2, 2, 2)):
    ds = xr.Dataset({name: (dims, np.zeros(sizes))})
    ds = ds.assign_coords({d: np.arange(2.0) for d in dims[-2:]})
    if time is not None:
        ds[dims[0]] = (dims[0], np.array(time[1], float), {"units": time[0]})
    return ds


@pytest.mark.parametrize(
    ("units", "values", "found"),
    [
        ("months since 2009-12-01", [0.0, 1.9], [(12, 2009), (1, 2010)]),
        ("months since 2010-01-15", [12.0, 13.0], [(1, 2011), (2, 2011)]),
        ("days since 2010-01-01", [0.0, 31.0], [(1, 2010), (2, 2010)]),
    ],
)
def test_dates_of_an_axis(units, values, found):
    ds = dataset(time=(units, values))
    assert _months_and_years(ds, "time", "x.nc") == found


def test_dates_without_an_axis():
    twelve = dataset(sizes=(12, 2, 2))
    assert _months_and_years(twelve, "time", "x.nc") == [
        (m, None) for m in range(1, 13)
    ]
    one = dataset(sizes=(1, 2, 2))
    assert _months_and_years(one, "time", "fco2_2010-07.nc") == [(7, 2010)]
    assert _months_and_years(one, None, "fco2_201007.nc") == [(7, 2010)]
    with pytest.raises(ReadError, match="has no known months"):
        _months_and_years(dataset(), "time", "fco2_2010-07.nc")
    days = ("days since 0001-01-01", 15 + 30.4 * np.arange(12))
    old = dataset(sizes=(12, 2, 2), time=days)
    assert _months_and_years(old, "time", "x.nc") == [(m, None) for m in range(1, 13)]


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("clim_2005.nc", [2005.0]),
        ("clim_1999_v2", [1999.0]),
        ("clim_12005", []),
        ("clim_1805", []),
        ("fco2", []),
    ],
)
def test_year_in_a_name(name, years):
    assert _year_of(name) == years


def test_axes_by_units_and_by_names(tmp_path):
    for dims in (("time", "lat", "lon"), ("T", "YLAT", "XLON"), ("tmnth", "y", "x")):
        found = _axes(dataset(dims=dims)["fco2"], tmp_path)
        assert found == dict(zip(("time", "lat", "lon"), dims, strict=True))
    found = _axes(dataset(dims=("step", "nav_lat", "nav_lon"))["fco2"], tmp_path)
    assert found["time"] == "step"
    ds = dataset(dims=("a", "b", "c"))
    ds["b"].attrs["units"], ds["c"].attrs["units"] = "degrees_north", "degrees_east"
    expected = {"time": "a", "lat": "b", "lon": "c"}
    assert _axes(ds["fco2"], tmp_path) == expected
    ds["b"].attrs["units"], ds["c"].attrs["units"] = "degree_N", "degree_E"
    assert _axes(ds["fco2"], tmp_path) == expected
    ds["b"].attrs["units"] = "m"
    with pytest.raises(ReadError, match="fco2 has dimensions a, b, c; it needs"):
        _axes(ds["fco2"], tmp_path)
    bare = dataset().drop_vars("lat")
    with pytest.raises(ReadError, match="with coordinates"):
        _axes(bare["fco2"], tmp_path)


def test_variable_of_co2(tmp_path):
    ds = dataset("spco2").assign(sst=dataset()["fco2"])
    assert _co2_variable(ds, "", tmp_path) == "spco2"
    assert _co2_variable(ds, "sst", tmp_path) == "sst"
    both = ds.assign(fco2_ave_weighted=dataset()["fco2"])
    assert _co2_variable(both, "", tmp_path) == "fco2_ave_weighted"
    with pytest.raises(OptionError, match="set 'variable' to one of sst"):
        _co2_variable(ds[["sst"]], "", tmp_path)


def test_variable_of_the_scatter():
    ds = dataset("fco2_ave_weighted")
    assert _scatter_name(ds, "fco2_ave_weighted") is None
    other = ds["fco2_ave_weighted"]
    assert _scatter_name(ds.assign(fco2_std_weighted=other), "fco2_ave_weighted") == (
        "fco2_std_weighted"
    )
    short = ds.assign(fco2_std_weighted=other.isel(time=0))
    assert _scatter_name(short, "fco2_ave_weighted") is None


def test_files_of_a_pattern(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("a1.nc", "a2.nc", "b/a3.nc", "c[1].nc"):
        (tmp_path / name).write_text("")
    names = [p.name for p in matching(tmp_path / "a*.nc")]
    assert names == ["a1.nc", "a2.nc"]
    assert [p.name for p in matching(tmp_path / "*" / "a?.nc")] == ["a3.nc"]
    assert matching(tmp_path / "a1.nc") == [tmp_path / "a1.nc"]
    assert matching(tmp_path / "c[1].nc") == [tmp_path / "c[1].nc"]
    assert matching(tmp_path / "b") == []
    assert matching(tmp_path / "x.nc") == []
    assert matching(tmp_path / "b*") == []
