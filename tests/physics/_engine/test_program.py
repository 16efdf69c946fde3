"""Outside a published range, and what has no meaning at all."""

import math
import warnings

import numpy as np
import pytest
import xarray as xr

import oceanco2.physics as ph
from oceanco2.errors import FormulaError, OptionError, RangeWarning

T = np.array([20.0, 45.0, np.nan, 50.0])


def test_one_warning_names_formula_range_and_samples():
    with pytest.warns(RangeWarning) as caught:
        values = ph.solubility(T, 35.0)
    assert len(caught) == 1
    text = str(caught[0].message)
    assert text == (
        "solubility of CO2: 2 of 4 samples: temperature outside"
        " -2..40 degree_Celsius of weiss_1974"
    )
    assert caught[0].filename == __file__
    assert np.isfinite(values).tolist() == [True, True, False, True]


def test_a_chain_gives_one_warning_for_all_its_formulas():
    with pytest.warns(RangeWarning) as caught:
        ph.fco2_at_sst(400.0, 20.0, [20.0, 22.0], [35.0, 45.0], 1013.0)
    assert len(caught) == 1
    text = str(caught[0].message)
    assert "1 of 2 samples" in text
    assert "salinity outside 0..40 of weiss_price_1980" in text
    assert "temperature step outside -1..1 K" in text


def test_the_other_policies():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ignored = ph.solubility(T, 35.0, on_range="ignore")
        masked = ph.solubility(T, 35.0, on_range="nan")
    assert np.isnan(ignored).tolist() == [False, False, True, False]
    assert np.isnan(masked).tolist() == [False, True, True, True]
    with pytest.raises(FormulaError, match="2 of 4 samples"):
        ph.solubility(T, 35.0, on_range="raise")
    with pytest.raises(OptionError, match="Did you mean 'raise'"):
        ph.solubility(T, 35.0, on_range="rise")


def test_outside_means_beyond_the_limits():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ph.solubility([-2.0, 40.0], [0.0, 40.0])
        ph.water_vapour_pressure([-2.0, 39.85], 35.0)
        ph.schmidt_number([-2.0, 40.0])
        ph.schmidt_number([0.0, 30.0], method="wanninkhof_1992")
        ph.transfer_velocity([3.0, 15.0], 20.0)
        ph.transfer_velocity([0.0, 20.0], 20.0, "SW07")
        ph.wind_at_10m(5.0, [1.0, 50.0])
        ph.sea_level_pressure(1000.0, 10.0, [0.0, 100.0])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: ph.transfer_velocity(2.9, 20.0), "wind_speed outside 3..15"),
        (lambda: ph.transfer_velocity(20.1, 20.0, "N00"), "wind_speed outside 0..20"),
        (lambda: ph.wind_at_10m(5.0, 0.5), "height outside 1..50"),
        (lambda: ph.sea_level_pressure(1000.0, 10.0, 101.0), "height outside 0..100"),
        (lambda: ph.flux(380.0, 400.0, 7.0, 20.0, 35.0, 1.1), "ice outside 0..1"),
        (lambda: ph.fco2_from_pco2(400.0, 41.0, 1013.0), "-2..39.85"),
        (
            lambda: ph.correct_to_temperature(
                800.0, 15.4, 14.9, "humphreys_2024_parameterised", salinity=7.0
            ),
            "salinity outside 20..inf of humphreys_2024_parameterised",
        ),
    ],
)
def test_every_formula_warns(call, text):
    with pytest.warns(RangeWarning, match=text):
        assert math.isfinite(call())


def test_ice_is_clipped():
    with pytest.warns(RangeWarning):
        assert ph.flux(380.0, 400.0, 7.0, 20.0, 35.0, 1.1) == 0.0
    open_water = ph.flux(380.0, 400.0, 7.0, 20.0, 35.0)
    with pytest.warns(RangeWarning):
        assert ph.flux(380.0, 400.0, 7.0, 20.0, 35.0, -0.1) == open_water


def test_goddijn_murphy_is_zero_below_its_root():
    k = ph.transfer_velocity([0.0, 1.5, 1.6], 20.0, "GM12")
    assert k[0] == k[1] == 0.0
    assert k[2] > 0.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: ph.water_vapour_pressure(-273.15, 35.0, on_range="ignore"),
        lambda: ph.water_vapour_pressure(20.0, -0.1, on_range="ignore"),
        lambda: ph.solubility(-300.0, 35.0, on_range="ignore"),
        lambda: ph.fco2_at_sst(-1.0, 20.0, 20.0, 35.0, 1013.0),
        lambda: ph.fco2_at_sst(400.0, 20.0, 20.0, 35.0, 0.0, on_range="ignore"),
        lambda: ph.fco2_from_xco2(400.0, 20.0, 35.0, -5.0, on_range="ignore"),
        lambda: ph.transfer_velocity(-0.1, 20.0, on_range="ignore"),
        lambda: ph.flux(380.0, 400.0, -7.0, 20.0, 35.0, on_range="ignore"),
        lambda: ph.wind_at_10m(-1.0, 20.0),
        lambda: ph.wind_at_10m(1.0, 0.0, on_range="ignore"),
        lambda: ph.cool_skin(-1.0),
        lambda: ph.density(-1.0, 10.0, 0.0, 50.0),
    ],
)
def test_what_has_no_meaning_is_nan(call):
    assert math.isnan(call())


@pytest.mark.parametrize("position", range(7))
def test_nan_goes_through_the_fused_flux(position):
    point = [380.0, 400.0, 7.0, 20.0, 35.0, 1013.0, 0.1]
    point[position] = math.nan
    for scheme in ("bulk", "rapid"):
        assert math.isnan(ph.flux_from_xco2(*point, scheme=scheme))


@pytest.mark.parametrize("position", range(5))
def test_nan_goes_through_the_fused_chain(position):
    point = [400.0, 20.1, 20.0, 35.0, 1013.0]
    point[position] = math.nan
    for method in ph.TEMPERATURE_CORRECTIONS:
        assert math.isnan(ph.fco2_at_sst(*point, temperature_correction=method))


def test_dataarrays_warn_too():
    with pytest.warns(RangeWarning, match="2 of 4 samples"):
        ph.solubility(xr.DataArray(T, dims="time"), 35.0)


def test_a_long_array_is_counted_once():
    t = np.full(400_000, 20.0)
    t[::1000] = 41.0
    with pytest.warns(RangeWarning, match="400 of 400000 samples") as caught:
        ph.solubility(t, 35.0)
    assert len(caught) == 1


def test_entries_give_the_mask():
    entry = ph.WATER_VAPOUR["weiss_price_1980"]
    mask = entry.outside(temperature=T, salinity=[35.0, 35.0, 41.0, 35.0])
    assert mask.tolist() == [False, True, True, True]
    wind = xr.DataArray([2.0, 10.0], dims="time")
    assert ph.TRANSFER_VELOCITIES["W14"].outside(wind_speed=wind).dims == ("time",)
    with pytest.raises(OptionError, match="no range of 'height'"):
        entry.outside(height=3.0)
