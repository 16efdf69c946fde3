"""Names of files, dates and fixed numbers of MAPCO2 tables."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.formats import mapco2


def times(*texts):
    return np.array(texts, dtype="datetime64[ns]")


def test_months():
    names = [mapco2._month(np.datetime64(f"2020-{m:02}-15")) for m in range(1, 13)]
    assert names == [
        f"{name}2020"
        for name in [
            *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
            *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ]
    ]


def test_file_names():
    time = times("2020-03-01", "NaT", "2019-12-31", "2020-02-01")
    ds = xr.Dataset(coords={"time": time}, attrs={"platform_name": "TAO 170W/0N"})
    assert mapco2.mapco2_file_name(ds) == "TAO_170W_0N_Dec2019_Mar2020.csv"
    with pytest.raises(ProcessingError, match="no row with a time"):
        mapco2.mapco2_file_name(ds.isel(time=[1]))


def test_dates_and_times():
    days, clock = mapco2._dates_and_times(times("2020-01-02T03:04", "2020-11-30"))
    assert days == ["01/02/2020", "11/30/2020"]
    assert clock == ["03:04", "00:00"]
    _, clock = mapco2._dates_and_times(times("2020-01-02T03:04:05", "2020-11-30"))
    assert clock == ["03:04:05", "00:00:00"]


def test_fixed_numbers():
    assert mapco2._fixed(np.array([1.25, np.nan, -3.0]), 3) == [
        "1.250",
        "-999",
        "-3.000",
    ]
