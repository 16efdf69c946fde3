"""Linear propagation, with correlated temperatures."""

import numpy as np
import pytest

import oceanco2.physics as ph

POINT = (400.0, 20.5, 20.0, 35.0, 1013.25)


def test_budget_of_a_ship():
    u = ph.fco2_uncertainty(
        *POINT, u_xco2=0.2, u_t_equ=0.05, u_sst=0.05, u_p_equ=0.2, u_salinity=0.1
    )
    assert u == pytest.approx(1.17772654143, rel=1e-9)


def test_a_common_temperature_error_nearly_cancels():
    u = {"u_t_equ": 0.05, "u_sst": 0.05}
    apart = ph.fco2_uncertainty(*POINT, **u)
    together = ph.fco2_uncertainty(*POINT, corr_teq_sst=1.0, **u)
    opposite = ph.fco2_uncertainty(*POINT, corr_teq_sst=-1.0, **u)
    assert apart == pytest.approx(1.1597, abs=5e-5)
    assert together == pytest.approx(0.0273007957063, rel=1e-6)
    assert opposite == pytest.approx((2 * apart**2 - together**2) ** 0.5)
    half = ph.fco2_uncertainty(*POINT, corr_teq_sst=0.5, **u)
    slopes = ph.fco2_sensitivities(*POINT)
    a, b = slopes["t_equ"] * 0.05, slopes["sst"] * 0.05
    assert half == pytest.approx((a * a + b * b + a * b) ** 0.5)


def test_monte_carlo_agrees():
    rng = np.random.default_rng(8)
    n = 400_000
    t_error, s_error = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], n).T * 0.05
    x, t_equ, sst, s, p = POINT
    sample = ph.fco2_at_sst(
        x + rng.normal(0, 0.3, n),
        t_equ + t_error,
        sst + s_error,
        s + rng.normal(0, 0.1, n),
        p + rng.normal(0, 1.0, n),
        on_range="ignore",
    )
    u = ph.fco2_uncertainty(
        *POINT,
        u_xco2=0.3,
        u_t_equ=0.05,
        u_sst=0.05,
        u_salinity=0.1,
        u_p_equ=1.0,
        corr_teq_sst=0.6,
    )
    assert np.std(sample) == pytest.approx(u, rel=0.01)


def test_pressure_of_the_virial_term_moves_with_the_pressure():
    slopes = ph.fco2_sensitivities(*POINT)
    fixed = ph.fco2_sensitivities(*POINT, virial_pressure="1atm")
    assert slopes["p_equ"] == pytest.approx(0.383933434614, rel=1e-9)
    assert fixed["p_equ"] > slopes["p_equ"]


@pytest.mark.parametrize("name", ["W14", "N00", "M01", "LM86"])
def test_flux_slopes_match_central_differences(name):
    point = [380.0, 400.0, 7.0, 20.0, 35.0, 0.1]
    slopes = ph.flux_sensitivities(*point, name)
    for i, (slope, h) in enumerate(zip(slopes.values(), [1e-2] * 6, strict=True)):
        ahead, behind = list(point), list(point)
        ahead[i] += h
        behind[i] -= h
        difference = (ph.flux(*ahead, name) - ph.flux(*behind, name)) / (2 * h)
        assert slope == pytest.approx(difference, rel=1e-5)


def test_flux_slope_by_a_given_transfer_velocity():
    slopes = ph.flux_sensitivities(380.0, 400.0, None, 20.0, 35.0, k=12.0)
    flux = ph.flux(380.0, 400.0, None, 20.0, 35.0, k=12.0)
    assert slopes["transfer_velocity"] == pytest.approx(flux / 12.0)
