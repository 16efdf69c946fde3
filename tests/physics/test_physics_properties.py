"""What must hold for every input."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import oceanco2.physics as ph

settings.register_profile("physics", deadline=None, max_examples=60)
settings.load_profile("physics")

fraction = st.floats(50.0, 2000.0)
temperature = st.floats(-2.0, 39.8)
salinity = st.floats(0.0, 40.0)
pressure = st.floats(900.0, 1060.0)
wind = st.floats(0.0, 20.0)
ignore = {"on_range": "ignore"}

WIND_ONLY = [n for n, e in ph.TRANSFER_VELOCITIES.items() if not e.inputs]


def same(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=0)


@given(
    fraction, temperature, salinity, pressure, st.sampled_from(list(ph.WATER_VAPOUR))
)
def test_round_trips(x, t, s, p, vapour):
    pco2 = ph.pco2_from_xco2(x, t, s, p, vapour_pressure=vapour)
    same(ph.xco2_from_pco2(pco2, t, s, p, vapour_pressure=vapour), x)
    same(ph.pco2_from_fco2(ph.fco2_from_pco2(pco2, t, p), t, p), pco2)
    same(ph.pco2_from_fco2(ph.fco2_from_pco2(pco2, t, p, x), t, p, x), pco2)
    for which in ("xco2", "pco2", "neglect"):
        options = {"vapour_pressure": vapour, "mole_fraction": which}
        fco2 = ph.fco2_from_xco2(x, t, s, p, **options)
        same(ph.xco2_from_fco2(fco2, t, s, p, **options), x)


@given(fraction, temperature, salinity, pressure)
def test_fugacity_is_below_partial_pressure(x, t, s, p):
    pco2 = ph.pco2_from_xco2(x, t, s, p)
    fco2 = ph.fco2_from_xco2(x, t, s, p)
    assert 0.0 < fco2 < pco2 < x * p / 1013.25
    same(fco2, ph.fco2_from_pco2(pco2, t, p, x))
    same(fco2, pco2 * ph.fugacity_coefficient(t, p, x))


@given(
    fraction,
    temperature,
    st.floats(20.0, 40.0),
    pressure,
    st.sampled_from(list(ph.TEMPERATURE_CORRECTIONS)),
)
def test_equal_temperatures_change_nothing(x, t, s, p, method):
    options = {"temperature_correction": method}
    same(ph.fco2_at_sst(x, t, t, s, p, **options), ph.fco2_from_xco2(x, t, s, p))
    same(ph.correct_to_temperature(x, t, t, method, salinity=s), x)


@given(
    fraction,
    temperature,
    st.floats(-1.0, 1.0),
    st.floats(20.0, 40.0),
    pressure,
    st.sampled_from(list(ph.TEMPERATURE_CORRECTIONS)),
)
def test_the_fused_chain_is_its_steps(x, t, step, s, p, method):
    sst = t + step
    fused = ph.fco2_at_sst(x, t, sst, s, p, temperature_correction=method, **ignore)
    fco2 = ph.fco2_from_xco2(x, t, s, p)
    steps = ph.correct_to_temperature(fco2, t, sst, method, salinity=s, **ignore)
    same(fused, steps)


@given(
    fraction,
    st.floats(0.0, 30.0),
    st.floats(0.01, 5.0),
    st.sampled_from(["takahashi_1993", "takahashi_2009", "weiss_1982"]),
)
def test_temperature_steps_go_back_and_rise(f, t, step, method):
    there = ph.correct_to_temperature(f, t, t + step, method, **ignore)
    assert there > f
    back = ph.correct_to_temperature(there, t + step, t, method, **ignore)
    np.testing.assert_allclose(back, f, rtol=1e-11)


@pytest.mark.parametrize("name", WIND_ONLY)
@settings(max_examples=30)
@given(wind, st.floats(0.0, 5.0), temperature)
def test_transfer_velocity_is_positive_and_rises(name, u, more, t):
    low = ph.transfer_velocity(u, t, name, **ignore)
    high = ph.transfer_velocity(u + more, t, name, **ignore)
    assert low >= 0.0
    if name == "liss_merlivat_1986":  # its pieces and exponents meet with a step
        assume((u <= 3.6) == (u + more <= 3.6))
    assert high >= low * (1.0 - 1e-12)


@pytest.mark.parametrize("scheme", ["bulk", "rapid"])
@settings(max_examples=60)
@given(fraction, fraction, st.floats(3.0, 15.0), temperature, salinity)
def test_flux_follows_the_gradient(scheme, water, air, u, t, s):
    skin = {"cool_skin": 0.0, "salty_skin": 0.0} if scheme == "rapid" else {}
    assume(t > -1.79)
    value = ph.flux(water, air, u, t, s, scheme=scheme, **skin)
    assert np.sign(value) == np.sign(water - air)
    assert ph.flux(water, water, u, t, s, scheme=scheme, **skin) == 0.0
    if skin:
        same(value, ph.flux(water, air, u, t, s))


@given(fraction, fraction, st.floats(3.0, 15.0), temperature, salinity, st.floats(0, 1))
def test_flux_is_its_factors(water, air, u, t, s, ice):
    k, k0 = ph.transfer_velocity(u, t), ph.solubility(t, s)
    expected = 2.4e-4 * k * k0 * (water - air) * (1.0 - ice)
    value = ph.flux(water, air, u, t, s, ice)
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-300)
    given_k = ph.flux(water, air, u, t, s, ice, k=k)
    np.testing.assert_allclose(given_k, expected, rtol=1e-12, atol=1e-300)


@given(fraction, fraction, st.floats(3.0, 15.0), temperature, salinity, pressure)
def test_flux_from_the_mole_fraction_is_the_same_flux(water, x, u, t, s, p):
    air = ph.fco2_from_xco2(x, t, s, p)
    value = ph.flux_from_xco2(water, x, u, t, s, p)
    scale = 2.4e-4 * ph.transfer_velocity(u, t) * ph.solubility(t, s) * (water + air)
    assert abs(value - ph.flux(water, air, u, t, s)) <= 1e-13 * scale


@given(fraction, temperature, st.floats(-1, 1), st.floats(20, 40), pressure)
def test_sensitivities_match_central_differences(x, t, step, s, p):
    point = [x, t, t + step, s, p]
    for method in ("takahashi_1993", "weiss_1982", "humphreys_2024_parameterised"):
        options = {"temperature_correction": method}
        slopes = ph.fco2_sensitivities(*point, **options)
        widths = (x * 1e-4, 1e-3, 1e-3, 1e-2, 0.1)
        for i, (slope, h) in enumerate(zip(slopes.values(), widths, strict=True)):
            ahead, behind = list(point), list(point)
            ahead[i] += h
            behind[i] -= h
            difference = (
                ph.fco2_at_sst(*ahead, **options, **ignore)
                - ph.fco2_at_sst(*behind, **options, **ignore)
            ) / (2.0 * h)
            np.testing.assert_allclose(slope, difference, rtol=1e-6, atol=1e-8)
