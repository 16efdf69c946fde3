"""Forcing: names, bounds and units of every kind, worked out by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, UnitsError
from oceanco2.fluxes import forcing
from oceanco2.fluxes.forcing import AIR, ICE, MOMENTS, PRESSURE, WIND, Join
from oceanco2.vocabulary import VARIABLES


def given(kind, option):
    with forcing.dataset(kind, option) as (ds, source):
        assert source == "given"
        return ds[kind.variable].to_numpy().tolist()


def test_names():
    for kind in (WIND, PRESSURE, ICE, AIR):
        for name in (kind.variable, *kind.names):
            low = VARIABLES[kind.variable].bounds[0]
            ds = xr.Dataset({"a": ("time", [9.0]), name: ("time", [low])})
            assert given(kind, ds) == [low]
        for name in kind.standard_names:
            named = ("time", [0.5], {"standard_name": name})
            ds = xr.Dataset({"a": ("time", [9.0]), "b": named})
            assert given(kind, ds) == [0.5]
        assert given(kind, xr.DataArray([0.5], dims="time")) == [0.5]
        assert given(kind, xr.Dataset({"a": ("time", [0.5])})) == [0.5]
        ds = xr.Dataset({"a": ("time", [9.0]), "b": ("time", [9.0])})
        with pytest.raises(ProcessingError, match=r"it has a, b\. Rename one"):
            given(kind, ds)
    for east, north in WIND.components:
        ds = xr.Dataset({east: ("time", [3.0]), north: ("time", [-4.0])})
        assert given(WIND, ds) == [5.0]
    with pytest.raises(OptionError, match="wind must not be a list: use a number"):
        given(WIND, [1.0])


def test_units():
    array = xr.DataArray([1.0], dims="time", attrs={"units": "km/h"})
    assert given(WIND, array)[0] == pytest.approx(1.0 / 3.6)
    array.attrs["units"] = "m s**-1"
    assert given(WIND, array) == [1.0]
    array.attrs["units"] = "Pa"
    assert given(PRESSURE, array)[0] == pytest.approx(0.01)
    with pytest.raises(UnitsError, match="wind, "):
        given(WIND, array)
    for units in ("(0 - 1)", "", "1"):
        array.attrs["units"] = units
        assert given(ICE, array) == [1.0]
    expected = {"wind_speed_squared": "m2 s-2", "wind_speed_cubed": "m3 s-3"}
    assert dict(MOMENTS) == expected
    squared = ("time", [2.0], {"units": "m2 s-1"})
    ds = xr.Dataset({"ws": ("time", [1.0]), "wind_speed_squared": squared})
    with pytest.raises(UnitsError, match="units are 'm2 s-1', not 'm2 s-2'"):
        given(WIND, ds)
    ds["wind_speed_squared"].attrs["units"] = "m**2 s**-2"
    assert given(WIND, ds) == [1.0]


def test_numbers():
    for kind in (WIND, PRESSURE, ICE, AIR):
        low, high = VARIABLES[kind.variable].bounds
        assert forcing.number(kind, low) == low
        assert forcing.number(kind, high) == high
        for value in (np.nextafter(low, -np.inf), np.nextafter(high, np.inf), np.nan):
            with pytest.raises(OptionError, match=f"{kind.option} must be between"):
                forcing.number(kind, value)


def test_joins():
    assert Join() == Join("linear", 6.0)
    assert Join("nearest", 1.5).text == "nearest in time, samples up to 1.5 h away"
    for hours in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(OptionError, match="limit_hours must be more than 0"):
            Join("linear", hours)
    with pytest.raises(OptionError, match="join must be one of linear, nearest"):
        Join("cubic")
