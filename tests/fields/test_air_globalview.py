"""The netCDF of marine air that SOCAT uses: CO2 by time and latitude."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields.air import read_globalview

TIMES = np.array(["2010-01-01", "2010-01-09"], "datetime64[ns]")
NODES = np.array([-90.000001, 0.0, 90.000001])


def written(tmp_path, **changes):
    co2 = np.array([[385.0, 386.0, 387.0], [385.5, -1e34, 387.5]])
    error = np.array([[0.1, 0.2, 0.3], [0.1, -1e34, 0.0]])
    names = ("TDAY", "LAT")
    data = {"CO2": (names, co2), "UNCERTAIN": (names, error)} | changes
    ds = xr.Dataset(
        {name: value for name, value in data.items() if value is not None},
        {"TDAY": TIMES, "LAT": NODES},
    )
    ds.to_netcdf(tmp_path / "air.nc")
    return tmp_path / "air.nc"


def test_values_and_uncertainties_of_the_file(tmp_path):
    air = read_globalview(written(tmp_path))
    np.testing.assert_array_equal(
        air.to_numpy(), [[385.0, 386.0, 387.0], [385.5, np.nan, 387.5]]
    )
    stated = next(c for name, c in air.coords.items() if "uncertainty" in str(name))
    np.testing.assert_array_equal(
        stated.to_numpy(), [[0.1, 0.2, 0.3], [0.1, np.nan, 0.0]]
    )
    np.testing.assert_array_equal(air["sin_latitude"], [-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(air["time"], TIMES)


def test_a_file_without_uncertainties(tmp_path):
    air = read_globalview(written(tmp_path, UNCERTAIN=None))
    stated = next(c for name, c in air.coords.items() if "uncertainty" in str(name))
    assert np.isnan(stated).all()


def test_files_that_are_something_else(tmp_path):
    with pytest.raises(ReadError, match="no variable CO2 along time and latitude"):
        read_globalview(written(tmp_path, CO2=None))
    with pytest.raises(ReadError, match="no variable CO2 along time and latitude"):
        read_globalview(written(tmp_path, CO2=("TDAY", np.array([385.0, 386.0]))))
