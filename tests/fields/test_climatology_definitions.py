"""Months, names, cells and trend of a climatology by hand."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ReadError, UnitsError
from oceanco2.fields import climatology as c

NAN = np.nan
PATH = Path("a.nc")


def axis(values, units=None):
    attrs = {} if units is None else {"units": units}
    return xr.Dataset(coords={"time": ("time", values, attrs)})["time"]


@pytest.mark.parametrize(
    ("values", "units", "expected"),
    [
        ([0, 11, 12.9], "months since 1990-1-15", [(1, 1990), (12, 1990), (1, 1991)]),
        ([0.5], "month since 2000-12", [(12, 2000)]),
        ([0, 31], "days since 2010-01-01", [(1, 2010), (2, 2010)]),
        ([0], "days since 1799-06-01", None),
        ([0], "days since 1800-06-01", [(6, 1800)]),
        ([0], "days since 2200-06-01", [(6, 2200)]),
        ([0], "days since 2201-06-01", None),
        ([0], "days", None),
        ([0], None, None),
        ([0], "what since when", None),
    ],
)
def test_dates(values, units, expected):
    assert c._decode_dates(axis(values, units)) == expected


def test_months_without_dates():
    ds = xr.Dataset({"v": ("t", np.zeros(12)), "w": ("u", [0.0]), "x": ("z", [1, 2])})
    months = [(month, None) for month in range(1, 13)]
    assert c._months_and_years(ds, "t", "a.nc") == months
    assert c._months_and_years(ds, "u", "a_2010-07.nc") == [(7, 2010)]
    assert c._months_and_years(ds, None, "a_201012.nc") == [(12, 2010)]
    for dim, name in (("u", "a_2010-13.nc"), ("z", "a_2010-07.nc"), ("u", "a.nc")):
        with pytest.raises(ReadError, match="has no known months"):
            c._months_and_years(ds, dim, name)


@pytest.mark.parametrize(
    ("name", "year"),
    [("pco2_2005", [2005.0]), ("a1995b", [1995.0]), ("a12005", []), ("a1805", [])],
)
def test_year_of_a_name(name, year):
    assert c._year_of(name) == year


@pytest.mark.parametrize(
    ("units", "factor"),
    [
        ("uatm", 1.0),
        ("micro atmospheres", 1.0),
        ("mu-atm", 1.0),
        ("\u00b5atm", 1.0),
        ("Pa", 1e6 / 101325.0),
        (None, 1.0),
    ],
)
def test_units(units, factor):
    attrs = {} if units is None else {"units": units}
    da = xr.DataArray([1.0], attrs=attrs)
    assert c._factor(da, PATH) == pytest.approx(factor, rel=1e-9)


def test_units_of_something_else():
    with pytest.raises(UnitsError, match=r"a\.nc, v"):
        c._factor(xr.DataArray([1.0], name="v", attrs={"units": "m"}), PATH)


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["pco2", "fco2"], "fco2"),
        (["fco2", "fco2_ave_weighted"], "fco2_ave_weighted"),
        (["fco2_std", "fco2_count_nobs", "pco2"], "pco2"),
        (["my_pco2", "spco2"], "spco2"),
        (["pco2_air", "sea_pco2"], "sea_pco2"),
    ],
)
def test_names(names, name):
    ds = xr.Dataset({n: (("y", "x"), np.zeros((2, 2))) for n in names})
    assert c._co2_variable(ds, "", PATH) == name
    assert c._co2_variable(ds, names[0], PATH) == names[0]
    with pytest.raises(OptionError, match="other"):
        c._co2_variable(ds, "other", PATH)


def test_no_name():
    ds = xr.Dataset({"pco2": ("x", [1.0])})
    with pytest.raises(OptionError, match="set 'variable' to one of none"):
        c._co2_variable(ds, "", PATH)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("pco2_ave_error", True),
        ("pco2_std", True),
        ("pco2_err", True),
        ("pco2_uncertainty", True),
        ("pco2_sd", True),
        ("pco2_range", False),
    ],
)
def test_scatter(other, found):
    ds = xr.Dataset({n: ("x", [1.0]) for n in ("pco2_ave", other)})
    assert c._scatter_name(ds, "pco2_ave") == (other if found else None)
    ds[other] = ("y", [1.0, 2.0])
    assert c._scatter_name(ds, "pco2_ave") is None


def test_calendar():
    times = ["1969-12-31T23:59", "1970-01-01", "2010-12-31T23:59", "2011-01-01"]
    months, years = c.calendar(np.array(times, "datetime64[ns]"))
    assert months.tolist() == [12, 1, 12, 1]
    assert years.tolist() == [1969, 1970, 2010, 2011]


def test_cells_of_points():
    nodes = np.array([10.0, 12.0, 14.0])
    points = np.array([8.9, 9.0, 10.9, 11.1, 15.0, 15.1, NAN])
    assert c._nearest_cell(nodes, points).tolist() == [-1, 0, 0, 1, 2, -1, -1]
    assert c._nearest_cell(nodes[::-1], np.array([10.0, 14.0])).tolist() == [2, 0]
    globe = np.arange(0.5, 360.0)
    points = np.array([-0.4, 0.4, 359.6, 360.2, -179.5, -360.0 + 5.5])
    assert c._nearest_cell(globe, points).tolist() == [359, 0, 359, 0, 180, 5]


def test_gaps_are_filled_across_the_seam_not_the_pole():
    values = np.full((3, 4), NAN)
    values[0, 0], values[0, 3], values[1, 2] = 10.0, 30.0, 50.0
    expected = [[10, 30, 40, 30], [20, 30, 50, 30], [NAN, 50, 50, 50]]
    np.testing.assert_allclose(c._fill_gaps(values), expected)


def field(month, year, value, scatter=None):
    plane = np.full((2, 2), float(value))
    return c.Field(month, year, plane, None if scatter is None else plane * 0 + scatter)


def climatology(*fields, year=None):
    nodes = np.array([0.0, 1.0])
    return c.Climatology(nodes, nodes, fields, year)


def at(clim, time, **options):
    place = np.array([0.0])
    got = c.climatology_at(
        clim, np.array([time], "datetime64[ns]"), place, place, **options
    )
    return [float(values[0]) for values in got]


def test_dated_fields_come_first_then_the_mean_of_years():
    clim = climatology(
        field(7, 2010, 300, 3), field(7, 2012, 320, 5), field(8, None, 1)
    )
    assert at(clim, "2010-07-05") == [300.0, 3.0]
    assert at(clim, "2012-07-05") == [320.0, 5.0]
    assert at(clim, "2011-07-05") == [310.0, 0.0]
    assert at(clim, "2011-08-05") == [1.0, 0.0]
    value, scatter = at(clim, "2011-09-05")
    assert np.isnan(value)
    assert scatter == 0.0
    one = climatology(field(7, 2010, 300, 3))
    assert at(one, "2015-07-05") == [300.0, 3.0]


def test_trend():
    clim = climatology(field(7, None, 300), year=2000.0)
    late = 2010 + 6.5 / 12 - 2000.5
    assert at(clim, "2010-07-01")[0] == 300.0
    assert at(clim, "2010-07-01", trend=2.0)[0] == pytest.approx(300 + 2 * late)
    got = at(clim, "2010-07-01", trend=2.0, year=2005.0)[0]
    assert got == pytest.approx(300 + 2 * (late - 5))
    dated = climatology(field(7, 2010, 300), year=2000.0)
    assert at(dated, "2010-07-01", trend=2.0)[0] == 300.0
    with pytest.raises(OptionError, match="a trend needs 'reference_year'"):
        at(climatology(field(7, None, 300)), "2010-07-01", trend=1.0)
