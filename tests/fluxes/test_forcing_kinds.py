"""Forcing: names, bounds and units of every kind, worked out by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import (
    DataWarning,
    OptionError,
    ProcessingError,
    UnitsError,
)
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
    with pytest.raises(UnitsError, match=r"'m2 s-2' must .* not 'm2 s-1'"):
        given(WIND, ds)
    ds["wind_speed_squared"].attrs["units"] = "m**2 s**-2"
    assert given(WIND, ds) == [1.0]
    ds["wind_speed_squared"].attrs["units"] = "knots2"
    with forcing.dataset(WIND, ds) as (converted, _):
        value = float(converted["wind_speed_squared"][0])
    assert value == pytest.approx(2.0 * (1852 / 3600) ** 2)


@pytest.mark.parametrize(
    ("header", "speed"),
    [
        ("wind_speed [knots]", 8.231111),
        ("wind_speed (knots)", 8.231111),
        ("wind_speed (kt)", 8.231111),
        ("wind_speed_kts", 8.231111),
        ("wind_speed, knots", 8.231111),
        ("wind_speed / km/h", 4.444444),
        ("WSPD (cm/s)", 0.16),
        ("wind_speed (m s-1)", 16.0),
        ("wind_speed_10m", 16.0),
        ("wind_speed", 16.0),
        ("wind_speed (10 min mean)", 16.0),
    ],
)
def test_units_in_headers_of_a_table(tmp_path, header, speed):
    path = tmp_path / "wind.csv"
    path.write_text(
        f'time [UTC],"{header}"\n2020-01-01T00:00:00Z,16\n', encoding="utf-8"
    )
    with forcing.dataset(WIND, path) as (ds, source):
        assert source == "wind.csv"
        assert float(ds["wind_speed"][0]) == pytest.approx(speed, abs=1e-6)


@pytest.mark.parametrize("header", ["wind_speed [bananas]", "wind_speed (hPa)"])
def test_units_that_nobody_knows_in_a_table(tmp_path, header):
    path = tmp_path / "wind.csv"
    path.write_text(f"time,{header}\n2020-01-01T00:00:00Z,16\n", encoding="utf-8")
    expected = rf"^wind\.csv, wind_speed: units .* not '{header[12:-1]}'"
    with pytest.raises(UnitsError, match=expected), forcing.dataset(WIND, path):
        pass


def test_other_quantities_of_a_table_do_not_matter(tmp_path):
    path = tmp_path / "wind.csv"
    text = "time,wind_speed (knots),slp (hPa),T (foo)\n2020-01-01,10,1010,3\n"
    path.write_text(text, encoding="utf-8")
    with forcing.dataset(WIND, path) as (ds, _):
        assert float(ds["wind_speed"][0]) == pytest.approx(5.144444)
    with forcing.dataset(PRESSURE, path) as (ds, _):
        assert float(ds["P_atm"][0]) == 1010.0


def test_values_outside_the_valid_range_of_a_file():
    attrs = {"valid_range": [0.0, 50.0]}
    values = [3.0] * 10 + [99.0]
    array = xr.DataArray(values, dims="time", attrs=attrs)
    text = (
        "^wind: 'wind_speed': 1 of 11 values outside its valid range, 0 to 50: missing$"
    )
    with pytest.warns(DataWarning, match=text):
        found = given(WIND, array)
    assert found[:10] == [3.0] * 10
    assert np.isnan(found[10])
    array.attrs["valid_range"] = [0.0, 2.0]
    text = (
        "^wind: 10 of 11 values of 'wind_speed' are outside its valid range, 0 to 2,"
        " which is not applied$"
    )
    array[10] = 1.0
    with pytest.warns(DataWarning, match=text):
        assert given(WIND, array)[0] == 3.0


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
