"""CO2 of the air by latitude: reading, interpolation, damaged files."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.fields.air import (
    interpolate_mbl,
    read_air,
    read_globalview,
    read_noaa_mbl,
)
from oceanco2.fluxes import flux

HEAD = """# NOAA GREENHOUSE GAS MBL SURFACE REFERENCE
# File Creation: 2017-03-30T19:41:38
# on the WMO CO2 X2019 scale
# Format = (F12.6,82(1X,F12.4))
# Sine of latitude steps:   -1.00   0.00   1.00
#
"""
ROWS = """ 2010.000000 380.0 0.1 385.0 0.2 390.0 0.3
 2010.500000 382.0 0.1 386.0 0.2 388.0 0.3
 2011.000000 384.0 0.1 387.0 0.2 392.0 0.3
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "any_name.dat"
    path.write_text(HEAD + ROWS)
    return path


def test_table_is_read(table):
    mbl = read_noaa_mbl(table)
    assert mbl.dims == ("time", "sin_latitude")
    assert mbl["time"].dtype == "datetime64[ns]"
    assert mbl["time"].to_numpy()[1] == np.datetime64("2010-07-02T12:00")
    assert mbl.to_numpy()[1].tolist() == [382.0, 386.0, 388.0]
    assert mbl["uncertainty"].to_numpy()[0].tolist() == [0.1, 0.2, 0.3]
    assert mbl.attrs["scale"] == "WMO X2019"
    assert mbl.attrs["units"] == "umol mol-1"


def test_interpolation_in_time_and_sine(table):
    mbl = read_noaa_mbl(table)
    quarter = np.datetime64("2010-01-01") + np.timedelta64(91 * 24 + 6, "h")
    times = np.array(["2010-01-01", "2010-01-01", quarter, "2011-01-01"], "M8[ns]")
    latitude = np.array([-90.0, 30.0, 0.0, 90.0])
    found = interpolate_mbl(mbl, times, latitude)
    np.testing.assert_allclose(found, [380.0, 387.5, 385.5, 392.0], rtol=1e-12)
    sigma = interpolate_mbl(mbl["uncertainty"], times, latitude)
    np.testing.assert_allclose(sigma, [0.1, 0.25, 0.2, 0.3])


def test_nothing_outside_the_times(table):
    times = np.array(["2009-12-31", "2011-01-02", "NaT"], "datetime64[ns]")
    assert np.isnan(interpolate_mbl(read_noaa_mbl(table), times, np.zeros(3))).all()
    times = np.full(2, np.datetime64("2010-02-01", "ns"))
    latitude = np.array([np.nan, 5.0])
    found = interpolate_mbl(read_noaa_mbl(table), times, latitude)
    assert np.isnan(found).tolist() == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Sine of latitude", "Latitude", "not a NOAA marine boundary layer table"),
        ("   0.00   1.00", "   0.00   zero", "must contain only numbers"),
        ("   0.00   1.00", "   0.00  -1.00", "must increase from -1 to 1"),
        (" 390.0 0.3\n", " 390.0\n", r"any_name.dat:7: 6 columns instead of 7"),
        ("382.0", "38x.0", r"any_name.dat:8: .*38x"),
        ("2010.500000", "2009.500000", "must exist and have increasing"),
        (ROWS, "", "rows must exist"),
    ],
)
def test_damaged_tables(table, old, new, words):
    table.write_text((HEAD + ROWS).replace(old, new))
    with pytest.raises(ReadError, match=words):
        read_noaa_mbl(table)


def test_other_files_are_refused(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        read_air(tmp_path / "nowhere.txt")
    rubbish = tmp_path / "x.nc"
    rubbish.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(ReadError, match="cannot be read as netCDF"):
        read_air(rubbish)
    xr.Dataset({"T": ("x", [1.0])}).to_netcdf(tmp_path / "t.nc")
    with pytest.raises(ReadError, match="no variable CO2 along time and latitude"):
        read_globalview(tmp_path / "t.nc")
    xr.Dataset({"CO2": (("x", "y"), [[1.0]])}).to_netcdf(tmp_path / "u.nc")
    with pytest.raises(ReadError, match="not along time and latitude"):
        read_air(tmp_path / "u.nc")


def moored(n=3):
    times = np.datetime64("2010-03-01", "ns") + np.arange(n) * np.timedelta64(1, "D")
    columns = {
        "fCO2_water_SST_wet": 350.0,
        "SST": 15.0,
        "salinity": 35.0,
        "P_atm": 1010.0,
        "wind_speed": 8.0,
    }
    data = {k: ("time", np.full(n, v)) for k, v in columns.items()}
    place = {"latitude": ("time", np.full(n, 30.0))}
    return xr.Dataset(data, {"time": times, **place})


def test_flux_with_the_air_of_a_file(table):
    ds = moored()
    out = flux(ds, xco2_air=table)
    fraction = interpolate_mbl(read_noaa_mbl(table), ds["time"], ds["latitude"])
    same = flux(ds, xco2_air=xr.DataArray(fraction, {"time": ds["time"]}))
    np.testing.assert_allclose(out["flux_CO2"], same["flux_CO2"], rtol=1e-12)
    array = flux(ds, xco2_air=read_noaa_mbl(table))
    np.testing.assert_array_equal(out["flux_CO2"], array["flux_CO2"])
    assert (out["flux_CO2"] < 0).all()
    assert "any_name.dat" in out["flux_CO2"].attrs["air"]
    assert (out["air_source"] == 3).all()


def test_air_of_another_time_is_an_error(table):
    ds = moored().assign_coords(time=np.array(["2020", "2021", "2022"], "M8[ns]"))
    with pytest.raises(
        ProcessingError, match="covers 2010-01-01 to 2011-01-01: no row"
    ):
        flux(ds, xco2_air=table)
    with pytest.raises(ProcessingError, match="needs latitude"):
        flux(moored().drop_vars("latitude"), xco2_air=table)


# ---- real files ---------------------------------------------------------------------


@pytest.fixture
def noaa(test_data):
    return read_air(test_data / "atm_noaa_mbl/co2_GHGreference.876316650_surface.txt")


@pytest.fixture
def globalview(test_data):
    return read_air(test_data / "atm_globalview_2013/gvco2_2013.nc")


def test_noaa_edition_of_2017(noaa):
    assert noaa.shape == (1777, 41)
    first, last = noaa.isel(sin_latitude=0)[[0, -1]]
    assert (float(first), float(first["uncertainty"])) == (334.6367, 0.0849)
    assert (float(last), float(last["uncertainty"])) == (398.4857, 0.0567)
    assert noaa["time"].to_numpy()[0] == np.datetime64("1979-01-01")
    assert noaa["time"].to_numpy()[-1] == np.datetime64("2016-01-01")


def test_edition_of_socat(globalview):
    assert globalview.shape == (1633, 41)
    assert float(globalview[0, 0]) == pytest.approx(334.6322, abs=5e-5)
    assert float(globalview[-1, -1]) == pytest.approx(400.0726, abs=5e-5)
    steps = np.diff(globalview["sin_latitude"])
    np.testing.assert_allclose(steps, 0.05, atol=1e-6)


@pytest.mark.parametrize("name", ["noaa", "globalview"])
def test_exact_at_every_node(name, request):
    field = request.getfixturevalue(name)
    latitude = np.degrees(np.arcsin(field["sin_latitude"].to_numpy()))
    times = np.repeat(field["time"].to_numpy()[::50], latitude.size)
    found = interpolate_mbl(field, times, np.tile(latitude, field[::50].shape[0]))
    assert np.abs(found - field.to_numpy()[::50].ravel()).max() < 1e-4


def test_edition_of_socat_is_dated_three_days_later(noaa, globalview):
    """The same field; the times of the netCDF stand as they are in the file."""
    assert globalview["time"].to_numpy()[0] == np.datetime64("1979-01-04")
    times = globalview["time"].to_numpy()[1:-1]
    for latitude in (-60.0, 0.0, 45.0):
        place = np.full(times.size, latitude)
        theirs = interpolate_mbl(globalview, times, place)
        early = times - np.timedelta64(3, "D")
        assert np.abs(theirs - interpolate_mbl(noaa, early, place)).mean() < 0.05
        same = np.abs(theirs - interpolate_mbl(noaa, times, place)).mean()
        assert 0.02 < same < 0.3
