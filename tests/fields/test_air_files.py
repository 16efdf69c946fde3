"""Files of marine air: everything that is read, and every reason to refuse one."""

import re

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields import air

HEADER = """# Scale: WMO CO2 X2019
# File Creation: 2024-05-01 10:00
# Sine of latitude steps: -1.00 0.00 0.50
"""
ROWS = """2008.0 385.0 0.1 386.0 0.2 387.0 0.3
2008.5 385.5 0.4 386.5 0.5 387.5 0.6

2010.0 388.0 0.7 389.0 0.8 390.0 0.9
"""
UNITS = "umol mol-1"
LONG_NAME = "mole fraction of CO2 in dry air, marine boundary layer reference"
ATTRS = {
    "units": UNITS,
    "long_name": LONG_NAME,
    "interpolation": "linear in time and in the sine of latitude, none outside",
}


def written(tmp_path, text):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_of_a_table(tmp_path):
    path = written(tmp_path, HEADER + ROWS)
    for table in (air.read_noaa_mbl(path), air.read_air(path), air.read_air(str(path))):
        assert table.name == "xCO2_air"
        assert table.dims == ("time", "sin_latitude")
        assert table.dtype == np.float64
        values = [[385, 386, 387], [385.5, 386.5, 387.5], [388, 389, 390]]
        np.testing.assert_array_equal(table, values)
        error = table["uncertainty"]
        stated = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
        np.testing.assert_array_equal(error, stated)
        assert error.dims == table.dims
        assert error.attrs == {
            "units": UNITS,
            "long_name": "uncertainty of the mole fraction, as the file gives it",
        }
        assert table["sin_latitude"].to_numpy().tolist() == [-1.0, 0.0, 0.5]
        assert table["sin_latitude"].attrs == {"units": "1"}
        assert table["time"].dtype == np.dtype("datetime64[ns]")
        # the year 2008 has 366 days: its middle is the 2nd of July, 0:00
        times = ["2008-01-01", "2008-07-02", "2010-01-01"]
        assert (table["time"].to_numpy() == np.array(times, "datetime64[ns]")).all()
        assert table.attrs == ATTRS | {
            "title": "NOAA greenhouse gas marine boundary layer reference",
            "scale": "WMO X2019",
            "file_creation": "2024-05-01",
            "source_file": "a.txt",
        }


def test_a_header_that_says_less(tmp_path):
    header = HEADER.splitlines()[-1] + "\n"
    attrs = air.read_noaa_mbl(written(tmp_path, header + ROWS)).attrs
    assert attrs["scale"] == attrs["file_creation"] == "not stated in the file"


def test_decimal_years():
    years = np.array([2009.0, 2009.5, 2012.25, 1969.75])
    expected = np.array(
        ["2009-01-01", "2009-07-02T12", "2012-04-01T12", "1969-10-01T18"],
        "datetime64[ns]",
    )
    found = air._times_of_years(years)
    assert (found == expected).all()
    assert found.dtype == expected.dtype
    second = 1.0 / (365 * 86400)
    near = air._times_of_years(np.array([2009.0 + 1.4 * second, 2009.0 + 1.6 * second]))
    start = np.datetime64("2009-01-01", "s")
    assert ((near - start) / np.timedelta64(1, "s")).tolist() == [1.0, 2.0]


LATITUDES = "# Sine of latitude steps:"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            LATITUDES,
            "# steps:",
            "not a NOAA marine boundary layer table: no line '# Sine",
        ),
        (
            LATITUDES,
            "Sine of latitude steps:",
            "no line '# Sine of latitude steps: ...",
        ),
        (
            "-1.00 0.00",
            "-1.00 x",
            "'# Sine of latitude steps: -1.00 x 0.50' must contain",
        ),
        ("0.00 0.50", "0.50 0.50", "must increase from -1 to 1"),
        ("-1.00 0.00 0.50", "0.50", "must increase from -1 to 1"),
        ("-1.00", "-1.01", "must increase from -1 to 1"),
        ("2008.5 385.5", "2008.5", ":5: 6 columns instead of 7"),
        ("388.0 0.7", "388.0 y", ":7: could not convert string to float: 'y'"),
        ("2010.0", "2008.5", "rows must exist and have increasing times"),
        (ROWS, "", "rows must exist and have increasing times"),
    ],
)
def test_damaged_tables(tmp_path, old, new, words):
    text = HEADER + ROWS
    assert old in text
    path = written(tmp_path, text.replace(old, new, 1))
    with pytest.raises(ReadError, match="^" + re.escape(str(path))) as caught:
        air.read_noaa_mbl(path)
    assert words in str(caught.value)


def test_steps_of_latitude_at_the_limit(tmp_path):
    two = HEADER.replace("-1.00 0.00 0.50", "-1.0 1.0")
    table = air.read_noaa_mbl(written(tmp_path, f"{two}2008.0 385 0.1 386 0.2\n"))
    assert table["sin_latitude"].to_numpy().tolist() == [-1.0, 1.0]
    assert table.shape == (1, 2)


# ---- netCDF -------------------------------------------------------------------------


def netcdf(tmp_path, dims=("TDAY", "LAT"), time=None, attrs=None, **more):
    days = np.array(["2010-01-01", "2010-01-09"], "datetime64[ns]")
    data = {"CO2": (dims, np.array([[385.0, 386.0], [0.0, 387.0]]), attrs or {})}
    nodes = more.pop("nodes", np.array([-90.000001, 30.0]))
    coords = {dims[0]: days if time is None else time, dims[1]: nodes}
    path = tmp_path / "air.nc"
    xr.Dataset(data | more, coords).to_netcdf(path)
    return path


def test_all_of_a_netcdf(tmp_path):
    attrs = {"long_name": "CO2 of air", "history": "made", "units": "ppm"}
    path = netcdf(tmp_path, attrs=attrs)
    for table in (air.read_globalview(path), air.read_air(path)):
        assert table.name == "xCO2_air"
        np.testing.assert_array_equal(table, [[385.0, 386.0], [np.nan, 387.0]])
        assert np.isnan(table["uncertainty"]).all()
        assert table["sin_latitude"].to_numpy().tolist() == [-1.0, 0.5]
        assert table["time"].dtype == np.dtype("datetime64[ns]")
        assert table.attrs == ATTRS | {
            "title": "CO2 of air",
            "scale": "not stated in the file",
            "source": "made",
            "source_file": "air.nc",
        }
    bare = air.read_globalview(netcdf(tmp_path)).attrs
    assert bare["title"] == "CO2 by latitude"
    assert "source" not in bare


def test_codes_of_missing_uncertainties(tmp_path):
    error = (("TDAY", "LAT"), np.array([[-0.9e30, -1.1e30], [0.5, 0.0]]))
    found = air.read_globalview(netcdf(tmp_path, UNCERTAIN=error))["uncertainty"]
    np.testing.assert_array_equal(found, [[-0.9e30, np.nan], [0.5, 0.0]])


def test_axes_that_are_something_else(tmp_path):
    for changes in ({"time": np.array([1.0, 2.0])}, {"nodes": np.array([1, 2])}):
        path = netcdf(tmp_path, **changes)
        with pytest.raises(ReadError) as caught:
            air.read_globalview(path)
        assert str(caught.value) == f"{path}: CO2 is not along time and latitude"
    path = tmp_path / "other.nc"
    xr.Dataset({"a": ("x", [1.0]), "b": ("x", [1.0])}).to_netcdf(path)
    with pytest.raises(ReadError) as caught:
        air.read_globalview(path)
    text = "no variable CO2 along time and latitude; it has a, b"
    assert str(caught.value) == f"{path}: {text}"
    xr.Dataset().to_netcdf(path)
    with pytest.raises(ReadError, match="it has none"):
        air.read_globalview(path)


def test_interpolation_by_hand():
    times = np.array(["2010-01-01", "2010-01-05"], "datetime64[ns]")
    table = xr.DataArray(
        [[380.0, 384.0, 390.0], [388.0, 392.0, 398.0]],
        coords={"time": times, "sin_latitude": [-1.0, 0.0, 1.0]},
        dims=("time", "sin_latitude"),
    )
    when = ["2010-01-01", "2010-01-02", "2010-01-05", "2010-01-03", "2009-12-31"]
    places = [-90.0, 30.0, 90.0, -30.0, 0.0]
    expected = [380.0, 384.0 + 3.0 + 2.0, 398.0, 382.0 + 4.0, np.nan]
    for array in (table, table.T):
        found = air.interpolate_mbl(array, np.array(when, "datetime64[D]"), places)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert found.dtype == np.float64


def test_latitudes_of_single_precision():
    times = np.array(["2010-01-01", "2010-01-05"], "datetime64[ns]")
    table = xr.DataArray(
        [[380.0, 480.0], [380.0, 480.0]],
        coords={"time": times, "sin_latitude": [-1.0, 1.0]},
        dims=("time", "sin_latitude"),
    )
    single = np.array([12.3], np.float32)
    found = air.interpolate_mbl(table, times[:1], single)
    sine = np.sin(np.radians(float(single[0])))
    np.testing.assert_allclose(found, 430.0 + 50.0 * sine, rtol=1e-13)
