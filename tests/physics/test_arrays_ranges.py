"""Values outside a range, pairs of results, Series: what comes out and what is said."""

import sys
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from oceanco2 import physics as ph
from oceanco2.errors import FormulaError, OptionError, RangeWarning
from oceanco2.physics._arrays import ON_RANGE, _is, in_units, wrap, wrap_pair

NAN = np.nan
#: The solubility of Weiss (1974): -2 to 40 degC, salinity 0 to 40.
COLD, SALT = [-2.0, -2.1, 20.0, 20.0], [40.0, 35.0, 40.1, NAN]
TEXT = (
    "solubility of CO2: 2 of 4 samples: temperature outside -2..40 degree_Celsius of"
    " weiss_1974; salinity outside 0..40 of weiss_1974"
)


def test_units_of_dataarrays():
    kelvin = xr.DataArray([293.15], dims="x", attrs={"units": "K"})
    celsius = xr.DataArray([20.0], dims="x", attrs={"units": "degC"})
    given = [kelvin, celsius, kelvin, 293.15]
    found = in_units(given, ("degree_Celsius", "degree_Celsius", ""))
    assert float(found[0][0]) == pytest.approx(20.0)
    assert found[1] is celsius
    assert found[2] is kelvin
    assert found[3] == 293.15
    assert given[0] is kelvin
    plain = celsius.drop_attrs()
    assert in_units([plain, 1.0], ("hPa", "hPa")) == [plain, 1.0]


def test_the_policies():
    assert ON_RANGE == ("warn", "nan", "raise", "ignore")
    with pytest.raises(OptionError, match=r"^on_range must be one of .*, not 'x'"):
        ph.solubility(20.0, 35.0, on_range="x")


def test_a_warning_names_all_reasons_and_the_line_of_the_caller():
    with pytest.warns(RangeWarning) as caught:
        warned = ph.solubility(np.array(COLD), np.array(SALT))
    assert [str(w.message) for w in caught] == [TEXT]
    assert Path(caught[0].filename) == Path(__file__)
    inside = ph.solubility(np.array(COLD), np.array(SALT), on_range="ignore")
    np.testing.assert_array_equal(warned, inside)
    assert np.isfinite(inside).tolist() == [True, True, True, False]
    with pytest.warns(RangeWarning) as caught:  # through another formula
        ph.flux(380.0, 400.0, 2.9, 20.0, 35.0)
    assert Path(caught[0].filename) == Path(__file__)


def test_one_reason():
    with pytest.warns(RangeWarning) as caught:
        ph.solubility([20.0, -3.0, 41.0], 35.0)
    text = "solubility of CO2: 2 of 3 samples: temperature outside -2..40"
    assert [str(w.message) for w in caught] == [f"{text} degree_Celsius of weiss_1974"]


def test_outside_becomes_nan():
    found = ph.solubility(np.array(COLD), np.array(SALT), on_range="nan")
    inside = ph.solubility(-2.0, 40.0)
    np.testing.assert_array_equal(found, [inside, NAN, NAN, NAN])
    assert found.dtype == np.float64


def test_outside_is_an_error():
    with pytest.raises(FormulaError) as caught:
        ph.solubility(np.array(COLD), np.array(SALT), on_range="raise")
    assert str(caught.value) == TEXT


@pytest.mark.parametrize("policy", ON_RANGE)
def test_kelvin_is_always_an_error_that_names_nothing_else(policy):
    temperatures = np.array([20.0, 293.15, 22.0])
    with pytest.raises(FormulaError) as caught:
        ph.correct_to_temperature(400.0, 20.0, temperatures, on_range=policy)
    text = str(caught.value)
    assert text.startswith("fCO2 at another temperature: 2 of 3 samples: temperature ")
    assert text.endswith("outside -inf..100 degree_Celsius of temperature correction")
    assert "SOCAT" not in text


def test_a_large_step_is_named():
    with pytest.warns(RangeWarning) as caught:
        ph.correct_to_temperature(400.0, 20.0, 21.5)
    text = "fCO2 at another temperature: 1 of 1 samples: temperature step outside -1..1"
    assert [str(w.message) for w in caught] == [
        f"{text} K (SOCAT flags A and B) of temperature correction"
    ]


# ---- pairs --------------------------------------------------------------------------

ATTRS = ({"name": "a", "units": "m"}, {"name": "b", "meaning": "x"})


def halves(x, y):
    return x + y, (x > y).astype(np.int8)


def pair(x, y=2.0):
    return wrap_pair(halves, (x, y), ATTRS, np.int8)


def test_pair_of_numbers():
    first, second = pair(3.0)
    assert (first, second) == (5.0, 1)
    assert (type(first), type(second)) == (float, int)


@pytest.mark.parametrize(
    "given",
    [[1.0, 3.0], np.array([1, 3], "f4"), np.ma.masked_array([1.0, 3.0], [False] * 2)],
)
def test_pair_of_arrays(given):
    first, second = pair(given)
    assert first.tolist() == [3.0, 5.0]
    assert second.tolist() == [0, 1]
    assert (first.dtype, second.dtype) == (np.float64, np.int8)


def test_pair_of_series():
    first, second = pair(pd.Series([1.0, 3.0], index=[5, 6], name="x"))
    assert (first.name, second.name) == ("a", "b")
    assert first.tolist() == [3.0, 5.0]
    assert second.tolist() == [0, 1]
    assert second.dtype == np.int8
    assert list(second.index) == [5, 6]
    first, second = pair(pd.Series([], dtype=float))
    assert (first.size, second.size, second.dtype) == (0, 0, np.int8)
    lost, second = pair(pd.Series([NAN, 3.0]))
    assert np.isnan(lost[0])
    assert second.tolist() == [0, 1]


def test_pair_of_dataarrays():
    given = xr.DataArray([1.0, 3.0], dims="time", name="x", attrs={"units": "?"})
    for chunked in (False, True):
        first, second = pair(given.chunk(time=1) if chunked else given)
        assert dask.is_dask_collection(first) == chunked
        assert (first.dtype, second.dtype) == (np.float64, np.int8)
        assert (first.name, second.name) == ("a", "b")
        assert first.attrs == {"units": "m"}
        assert second.attrs == {"meaning": "x"}
        assert first.to_numpy().tolist() == [3.0, 5.0]
        assert second.to_numpy().tolist() == [0, 1]
    assert ATTRS[0]["name"] == "a"  # what was given is not changed


def test_pair_of_dask_arrays():
    first, second = pair(da.from_array(np.array([1.0, 3.0]), chunks=1))
    assert isinstance(first, da.Array)
    assert (first.dtype, second.dtype) == (np.float64, np.int8)
    assert first.compute().tolist() == [3.0, 5.0]
    assert second.compute().tolist() == [0, 1]
    assert first.numblocks == (2,)
    lazy = da.from_array(np.array([1.0, 3.0]), chunks=2)
    assert pair([1.0, 4.0], lazy)[1].compute().tolist() == [0, 1]


# ---- one result ---------------------------------------------------------------------


def total(x, y):
    assert x.dtype == y.dtype == np.float64
    return x + y


def wrapped(*inputs):
    return wrap(total, inputs, {"name": "sum", "units": "m", "more": "x"})


def test_kinds_of_one_result():
    assert wrapped(1, 2) == 3.0
    assert type(wrapped(1, 2)) is float
    assert type(wrapped(np.float32(1), np.int8(2))) is float
    assert wrapped([1], 2).tolist() == [3.0]
    given = xr.DataArray([1, 2], dims="x", name="y", attrs={"a": "b"})
    result = wrapped(2, given)
    assert result.name == "sum"
    assert result.attrs == {"units": "m", "more": "x"}
    lazy = wrapped([1.0, 2.0], da.from_array(np.array([1, 2], "i4"), chunks=2))
    assert isinstance(lazy, da.Array)
    assert lazy.dtype == np.float64
    assert lazy.compute().tolist() == [2.0, 4.0]
    chunked = wrapped(2.0, given.chunk(x=1))
    assert chunked.dtype == np.float64
    assert chunked.chunks == ((1, 1),)
    assert chunked.compute().to_numpy().tolist() == [3.0, 4.0]
    series = wrapped(pd.Series([1, 2], index=["a", "b"], name="z"), [1.0, 2.0])
    assert (series.name, list(series.index)) == ("sum", ["a", "b"])
    assert series.tolist() == [2.0, 4.0]
    masked = np.ma.masked_array([1, 2], [False, True])
    np.testing.assert_array_equal(wrapped(masked, 1.0), [2.0, NAN])


def test_series_that_do_not_fit():
    one = pd.Series([1.0, 2.0])
    with pytest.raises(OptionError) as caught:
        wrapped(one, pd.Series([1.0, 2.0], index=[1, 2]))
    text = "Series of one call must share one index; align them first"
    assert str(caught.value) == text
    with pytest.raises(OptionError) as caught:
        wrapped(one, np.ones((2, 1)))
    text = "a Series of 2 values does not match the shape (2, 2)"
    assert str(caught.value) == text
    same = pd.Series([1.0, 2.0])
    assert wrapped(one, same).tolist() == [2.0, 4.0]


def test_libraries_that_are_not_loaded(monkeypatch):
    assert _is(pd.Series([1.0]), "pandas", "Series")
    assert not _is([1.0], "pandas", "Series")
    monkeypatch.delitem(sys.modules, "pandas")
    assert not _is([1.0], "pandas", "Series")


@pytest.mark.parametrize("kind", ["dask", "xarray"])
def test_nothing_is_computed_before_it_is_asked_for(kind):
    """Not even to find out the type of the result."""
    calls = []

    def watched(x):
        calls.append(x.size)
        return 2.0 * x, np.ones(x.shape, np.int8)

    given = da.from_array(np.array([1.0, 3.0]), chunks=2)
    if kind == "xarray":
        given = xr.DataArray(given, dims="time")
    one = wrap(lambda x: watched(x)[0], (given,), ATTRS[0])
    pair = wrap_pair(watched, (given,), ATTRS, np.int8)
    assert calls == []
    assert [x.dtype for x in (one, *pair)] == [np.float64, np.float64, np.int8]
    assert np.asarray(one).tolist() == np.asarray(pair[0]).tolist() == [2.0, 6.0]
    assert set(calls) == {2}
