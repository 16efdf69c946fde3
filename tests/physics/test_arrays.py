"""Floats, lists, arrays, Series, DataArrays and dask arrays: the same kind out."""

import dask
import dask.array as da
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import oceanco2.physics as ph
from oceanco2.errors import OptionError
from tests.physics.test_physics_traps import CALLS

T = np.array([5.0, 15.0, 25.0])

FUNCTIONS = {
    "water_vapour_pressure": ("hPa", lambda t: ph.water_vapour_pressure(t, 35.0)),
    "fugacity_coefficient": ("1", lambda t: ph.fugacity_coefficient(t, 1013.0, 400.0)),
    "fco2_from_pco2": ("uatm", lambda t: ph.fco2_from_pco2(400.0, t, 1013.0)),
    "pco2_from_fco2": ("uatm", lambda t: ph.pco2_from_fco2(400.0, t, 1013.0)),
    "pco2_from_xco2": ("uatm", lambda t: ph.pco2_from_xco2(400.0, t, 35.0, 1013.0)),
    "xco2_from_pco2": (
        "umol mol-1",
        lambda t: ph.xco2_from_pco2(400.0, t, 35.0, 1013.0),
    ),
    "fco2_from_xco2": ("uatm", lambda t: ph.fco2_from_xco2(400.0, t, 35.0, 1013.0)),
    "xco2_from_fco2": (
        "umol mol-1",
        lambda t: ph.xco2_from_fco2(400.0, t, 35.0, 1013.0),
    ),
    "correct_to_temperature": (
        "uatm",
        lambda t: ph.correct_to_temperature(400.0, t, t),
    ),
    "fco2_at_sst": ("uatm", lambda t: ph.fco2_at_sst(400.0, t, t, 35.0, 1013.0)),
    "sea_level_pressure": ("hPa", lambda t: ph.sea_level_pressure(1000.0, t, 10.0)),
    "solubility": ("mol m-3 atm-1", lambda t: ph.solubility(t, 35.0)),
    "solubility_mass": (
        "mol kg-1 atm-1",
        lambda t: ph.solubility(t, 35.0, per="mass"),
    ),
    "schmidt_number": ("1", lambda t: ph.schmidt_number(t, "O2")),
    "transfer_velocity": ("cm h-1", lambda t: ph.transfer_velocity(7.0, t)),
    "wind_at_10m": ("m s-1", lambda t: ph.wind_at_10m(t, 20.0)),
    "cool_skin": ("K", ph.cool_skin),
    "skin_temperature": ("degree_Celsius", lambda t: ph.skin_temperature(t, -0.2)),
    "salty_skin": ("1", ph.salty_skin),
    "flux": ("mmol m-2 d-1", lambda t: ph.flux(380.0, 400.0, 7.0, t, 35.0)),
    "flux_rapid": (
        "mmol m-2 d-1",
        lambda t: ph.flux(380.0, 400.0, 7.0, t, 35.0, scheme="rapid"),
    ),
    "flux_from_xco2": (
        "mmol m-2 d-1",
        lambda t: ph.flux_from_xco2(380.0, 400.0, 7.0, t, 35.0, 1013.0),
    ),
    "density": ("kg m-3", lambda t: ph.density(35.0, t, 0.0, 50.0)),
    "practical_salinity": ("1", lambda t: ph.practical_salinity(42.9, t)),
    "absolute_salinity": ("g kg-1", lambda t: ph.absolute_salinity(t, 0.0, 50.0)),
    "fco2_uncertainty": (
        "uatm",
        lambda t: ph.fco2_uncertainty(400.0, t, t, 35.0, 1013.0, u_sst=0.05),
    ),
}


#: Formulas that are not given a temperature above, so that its units would be wrong.
OF_OTHERS = ("wind_at_10m", "cool_skin", "salty_skin", "absolute_salinity")


@pytest.fixture
def argument(name, dataarray):
    """The DataArray; without its units where a formula takes something else."""
    other = name in OF_OTHERS or name.startswith(("k-", "U10-", "skin-"))
    return dataarray.drop_attrs() if other else dataarray


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_kind_of_the_input_comes_out(name, dataarray, argument):
    units, call = FUNCTIONS[name]
    expected = call(T)
    assert isinstance(expected, np.ndarray)
    assert expected.dtype == np.float64
    assert type(call(15.0)) is float
    assert call(15.0) == expected[1]
    assert type(call(np.float32(15.0))) is float
    np.testing.assert_array_equal(call([5, 15, 25]), expected)
    np.testing.assert_array_equal(call(T.astype("f4")), expected)
    np.testing.assert_array_equal(call(T[:, np.newaxis])[:, 0], expected)
    series = call(pd.Series(T, index=[7, 8, 9], name="SST"))
    assert isinstance(series, pd.Series)
    assert list(series.index) == [7, 8, 9]
    np.testing.assert_array_equal(series, expected)
    result = call(argument)
    assert isinstance(result, xr.DataArray)
    np.testing.assert_array_equal(result, expected)
    assert result.attrs["units"] == units
    assert result.attrs["long_name"]
    assert "standard_name" not in result.attrs
    assert result.name
    assert result.name != "SST"
    assert "time" in result.coords
    assert dataarray.attrs["units"] == "degree_Celsius"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_dask_stays_lazy_and_equals_numpy_bit_for_bit(name, argument):
    _, call = FUNCTIONS[name]
    lazy = call(argument.chunk(time=2))
    assert dask.is_dask_collection(lazy)
    np.testing.assert_array_equal(lazy.compute(), call(T))
    bare = call(da.from_array(T, chunks=2))
    assert isinstance(bare, da.Array)
    np.testing.assert_array_equal(bare.compute(), call(T))


@pytest.mark.parametrize("name", CALLS)
def test_every_registry_entry_takes_dataarrays_and_dask(name, argument):
    call = CALLS[name]
    expected = call(T)
    result = call(argument)
    np.testing.assert_array_equal(result, expected)
    assert result.attrs["units"]
    lazy = call(argument.chunk(time=2))
    assert dask.is_dask_collection(lazy)
    np.testing.assert_array_equal(lazy.compute(), expected)


def test_dataarrays_broadcast_by_name(dataarray):
    salinity = xr.DataArray([30.0, 35.0], dims="depth")
    result = ph.solubility(dataarray, salinity)
    assert result.dims == ("time", "depth")
    np.testing.assert_array_equal(result, ph.solubility(T[:, None], [[30.0, 35.0]]))


def test_shapes_broadcast():
    result = ph.fco2_at_sst(
        np.full((2, 1, 1), 400.0), T[:, None], T[:, None], [33.0, 34.0], 1013.0
    )
    assert result.shape == (2, 3, 2)
    assert result[1, 2, 1] == ph.fco2_at_sst(400.0, 25.0, 25.0, 34.0, 1013.0)


def test_masked_values_become_nan():
    masked = np.ma.masked_array(T, [False, True, False])
    assert np.isnan(ph.solubility(masked, 35.0)).tolist() == [False, True, False]


def test_series_must_share_an_index():
    a, b = pd.Series(T), pd.Series(T, index=[1, 2, 3])
    with pytest.raises(OptionError, match="share one index"):
        ph.solubility(a, b)


def test_nullable_integers_of_pandas():
    series = pd.Series([5, None, 25], dtype="Int64")
    result = ph.solubility(series, 35.0)
    assert np.isnan(result[1])
    assert result[0] == ph.solubility(5.0, 35.0)


def test_inputs_are_not_changed():
    x, t = np.full(3, 400.0), T.copy()
    x.flags.writeable = t.flags.writeable = False
    ph.fco2_at_sst(x, t, t, 35.0, 1013.0)


def test_wind_moments_are_written_down(dataarray):
    wind = dataarray.assign_attrs(units="m s-1")  # so has its square
    mean = ph.transfer_velocity(wind, 20.0, on_range="ignore")
    assert mean.attrs["wind_moments"] == "the mean wind was raised to the power"
    given = ph.transfer_velocity(
        wind, 20.0, wind_speed_squared=1.2 * wind**2, on_range="ignore"
    )
    assert given.attrs["wind_moments"] == "given"
    np.testing.assert_allclose(given, 1.2 * mean, rtol=1e-14)
    rayleigh = ph.transfer_velocity(wind, 20.0, moments="rayleigh", on_range="ignore")
    assert "Rayleigh" in rayleigh.attrs["wind_moments"]
    np.testing.assert_allclose(rayleigh, 4.0 / np.pi * mean, rtol=1e-14)
    flux = ph.flux(
        380.0,
        400.0,
        wind,
        20.0,
        35.0,
        wind_speed_squared=1.2 * wind**2,
        on_range="ignore",
    )
    assert flux.attrs["wind_moments"] == "given"
    assert flux.attrs["parametrisation"] == "wanninkhof_2014"
