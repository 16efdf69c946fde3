"""Accuracy of the vectorised exp and log, and of whole chains, against mpmath."""

import functools

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oceanco2.physics as ph
from oceanco2.physics._engine.elementary import fast_exp, fast_log, fast_power
from oceanco2.physics._engine.program import Program
from oceanco2.physics._engine.running import run

mp.mp.dps = 50
pytestmark = pytest.mark.compiled


def compiled_exp(x, _p):
    return fast_exp(x)


def compiled_log(x, _p):
    return fast_log(x)


def compiled_power(x, _p):
    return fast_power(x, -5.257)


@functools.cache
def program(function):
    return Program("test", function, ("x",), (-np.inf,))


def values(function, x):
    return run(program(function), [np.asarray(x, float)])[0]


def ulps(value, exact):
    """Distance of a float from an exact number in units of its last place."""
    return abs((mp.mpf(float(value)) - exact) / mp.mpf(float(np.spacing(abs(value)))))


def test_exp_is_within_two_ulp_over_the_whole_range():
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.uniform(-700, 700, 4000), rng.uniform(-8, 8, 8000)])
    for results in (values(compiled_exp, x), fast_exp(x)):
        pairs = zip(results, x, strict=True)
        assert max(ulps(v, mp.exp(mp.mpf(a))) for v, a in pairs) < 2.0


def test_log_is_within_two_ulp_over_the_whole_range():
    rng = np.random.default_rng(4)
    x = np.concatenate(
        [
            10.0 ** rng.uniform(-300, 300, 4000),
            rng.uniform(2.6, 3.2, 4000),  # T/100
            rng.uniform(1e-5, 1e-2, 4000),  # fugacity in atm
            rng.uniform(0.1, 3.0, 4000),
        ]
    )
    for results in (values(compiled_log, x), fast_log(x)):
        pairs = zip(results, x, strict=True)
        assert max(ulps(v, mp.log(mp.mpf(a))) for v, a in pairs) < 2.0


@settings(max_examples=300, deadline=None)
@given(st.floats(-700.0, 700.0))
def test_exp_at_any_number(x):
    assert ulps(values(compiled_exp, x), mp.exp(mp.mpf(x))) < 2.0


@settings(max_examples=300, deadline=None)
@given(st.floats(1e-300, 1e300))
def test_log_at_any_number(x):
    assert ulps(values(compiled_log, x), mp.log(mp.mpf(x))) < 2.0


def test_special_arguments():
    x = np.array([np.nan, 0.0, -1.0, 1.0])
    np.testing.assert_array_equal(values(compiled_log, x), [np.nan, np.nan, np.nan, 0])
    x = np.array([np.nan, 0.0, -1e9])
    np.testing.assert_array_equal(values(compiled_exp, x)[:2], [np.nan, 1.0])
    assert 0.0 <= values(compiled_exp, x)[2] < 1e-307
    x = np.array([np.nan, 0.0, -2.0, 1.0])
    expected = [np.nan, np.inf, np.nan, 1.0]
    np.testing.assert_array_equal(values(compiled_power, x), expected)


def exact_vapour(t, s):
    kelvin = mp.mpf(t) + mp.mpf("273.15")
    return mp.exp(
        mp.mpf("24.4543")
        - mp.mpf("67.4509") * (100 / kelvin)
        - mp.mpf("4.8489") * mp.log(kelvin / 100)
        - mp.mpf("0.000544") * mp.mpf(s)
    )


def exact_fugacity(x, t, s, p):
    kelvin = mp.mpf(t) + mp.mpf("273.15")
    atm = mp.mpf(p) / mp.mpf("1013.25")
    pco2 = mp.mpf(x) * (atm - exact_vapour(t, s))
    b = (
        mp.mpf("-1636.75")
        + mp.mpf("12.0408") * kelvin
        - mp.mpf("0.0327957") * kelvin**2
        + mp.mpf("3.16528e-5") * kelvin**3
    )
    delta = mp.mpf("57.7") - mp.mpf("0.118") * kelvin
    virial = b + 2 * (1 - mp.mpf(x) * mp.mpf("1e-6")) ** 2 * delta
    return pco2 * mp.exp(atm * virial / (mp.mpf("82.0575") * kelvin))


def exact_flux(fw, x, u, t, s, p, ice):
    t_mp = mp.mpf(t)
    hundred = (t_mp + mp.mpf("273.15")) / 100
    k0 = mp.exp(
        mp.mpf("-58.0931")
        + mp.mpf("90.5069") / hundred
        + mp.mpf("22.2940") * mp.log(hundred)
        + mp.mpf(s)
        * (
            mp.mpf("0.027766")
            - mp.mpf("0.025888") * hundred
            + mp.mpf("0.0050578") * hundred**2
        )
    )
    schmidt = (
        mp.mpf("2116.8")
        - mp.mpf("136.25") * t_mp
        + mp.mpf("4.7353") * t_mp**2
        - mp.mpf("0.092307") * t_mp**3
        + mp.mpf("0.0007555") * t_mp**4
    )
    k = mp.mpf("0.251") * mp.mpf(u) ** 2 / mp.sqrt(schmidt / 660)
    gradient = mp.mpf(fw) - exact_fugacity(x, t, s, p)
    return mp.mpf("0.24") * k * k0 * gradient * (1 - mp.mpf(ice))


def test_the_chain_agrees_with_fifty_digits():
    rng = np.random.default_rng(5)
    n = 500
    x, sst = rng.uniform(100, 1500, n), rng.uniform(-1, 38, n)
    t_equ, s = sst + rng.uniform(-1, 1, n), rng.uniform(0, 40, n)
    p = rng.uniform(930, 1050, n)
    result = ph.fco2_at_sst(x, t_equ, sst, s, p)
    for i in range(n):
        step = mp.mpf("0.0423") * (mp.mpf(sst[i]) - mp.mpf(t_equ[i]))
        exact = exact_fugacity(x[i], t_equ[i], s[i], p[i]) * mp.exp(step)
        assert abs(mp.mpf(result[i]) - exact) < 1e-9


def test_the_flux_agrees_with_fifty_digits():
    rng = np.random.default_rng(6)
    n = 500
    fw, x = rng.uniform(100, 1000, n), rng.uniform(300, 500, n)
    u, t, s = rng.uniform(3, 15, n), rng.uniform(-2, 38, n), rng.uniform(0, 40, n)
    p, ice = rng.uniform(930, 1050, n), rng.uniform(0, 1, n)
    result = ph.flux_from_xco2(fw, x, u, t, s, p, ice)
    for i in range(n):
        exact = exact_flux(fw[i], x[i], u[i], t[i], s[i], p[i], ice[i])
        assert abs(mp.mpf(result[i]) - exact) < 1e-9


def test_solubility_and_vapour_agree_with_fifty_digits():
    rng = np.random.default_rng(7)
    t, s = rng.uniform(-2, 39, 300), rng.uniform(0, 40, 300)
    vapour = ph.water_vapour_pressure(t, s)
    for i in range(300):
        exact = exact_vapour(t[i], s[i]) * mp.mpf("1013.25")
        assert abs(mp.mpf(vapour[i]) / exact - 1) < 1e-14
