"""The traps TR-01 to TR-32 of docs/formulas.md#traps as regression tests.

TR-12 and TR-31 belong to the recalculation of SOCAT and to the crossover check.
"""

import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2.errors import FormulaError, OptionError, RangeWarning, UnverifiedError
from oceanco2.physics.fugacity import fugacity_coefficient

ATM = 1013.25


def close(value, right, rtol=1e-9):
    np.testing.assert_allclose(value, right, rtol=rtol, atol=0)


def test_tr01_solubility_is_not_divided_by_dry_pressure():
    close(ph.solubility(20.0, 35.0), 33.2152315385)
    grams = ph.flux(380.0, 400.0, 7.0, 20.0, 35.0) * 12.011e-3
    close(grams, -0.0234045034212)


def test_tr02_tr03_flux_uses_solubility_per_volume():
    litre, kilogram = ph.solubility(20.0, 35.0), ph.solubility(20.0, 35.0, per="mass")
    assert kilogram * 1e3 / litre - 1 == pytest.approx(-0.0243, abs=2e-4)
    k = ph.transfer_velocity(7.0, 20.0)
    close(ph.flux(380.0, 400.0, 7.0, 20.0, 35.0), 2.4e-4 * k * litre * -20.0)


def test_tr04_moist_solubility_takes_no_fugacity():
    close(ph.solubility(20.0, 35.0, "weiss_price_1980_f"), 32.3595503356)
    with pytest.raises(OptionError, match="does not multiply fugacity"):
        ph.flux(380.0, 400.0, 7.0, 20.0, 35.0, solubility="weiss_price_1980_f")
    with pytest.raises(OptionError, match="takes no pressure"):
        ph.solubility(20.0, 35.0, "weiss_price_1980_f", pressure=1000.0)


def test_tr05_virial_term_is_there():
    with_term = ph.fco2_at_sst(400.0, 20.5, 20.0, 35.0, ATM)
    pco2 = ph.pco2_from_xco2(400.0, 20.5, 35.0, ATM)
    without = ph.correct_to_temperature(pco2, 20.5, 20.0)
    assert without - with_term == pytest.approx(1.29, abs=0.005)


def test_tr06_pressure_is_in_hpa():
    close(ph.fco2_from_pco2(400.0, 20.0, ATM, 400.0), 398.642747446)


def test_tr07_virial_term_uses_the_given_pressure():
    given = ph.fco2_at_sst(400.0, 5.5, 5.0, 35.0, 960.0)
    fixed = ph.fco2_at_sst(400.0, 5.5, 5.0, 35.0, 960.0, virial_pressure="1atm")
    assert 0.05 < given - fixed < 0.09
    close(
        fixed,
        ph.fco2_at_sst(400.0, 5.5, 5.0, 35.0, 960.0, virial_pressure=ATM),
        1e-15,
    )


def test_tr08_virial_exponent_has_atmospheres():
    value = fugacity_coefficient(20.0, ATM, mole_fraction="neglect")
    close(value, 0.996608402677, 3e-8)


@pytest.mark.parametrize("kind", [float, np.array, lambda x: [x]])
def test_tr09_kelvin_is_refused(kind):
    arguments = kind(400.0), kind(293.65), kind(293.15)
    for policy in ("warn", "ignore", "nan"):
        with pytest.raises(FormulaError, match="degree_Celsius"):
            ph.correct_to_temperature(*arguments, "takahashi_2009", on_range=policy)
    with pytest.raises(FormulaError, match="degree_Celsius"):
        ph.fco2_at_sst(400.0, 293.65, kind(293.15), 35.0, ATM, on_range="ignore")


def test_tr10_the_two_takahashi_forms_are_not_mixed():
    step = {"on_range": "ignore"}
    close(ph.correct_to_temperature(400.0, 20.0, 15.0, **step), 323.747712421)
    value = ph.correct_to_temperature(400.0, 20.0, 15.0, "takahashi_2009", **step)
    close(value, 324.594609097)


def test_tr11_weiss_1982_takes_the_logarithm_in_atm():
    warm = ph.correct_to_temperature(400.0, 20.0, 20.01, "weiss_1982")
    assert 0.036 < np.log(warm / 400.0) / 0.01 < 0.044


def test_tr13_tr14_vapour_pressure_is_in_hpa_and_not_e_times_too_large():
    close(ph.water_vapour_pressure(25.0, 35.0), 0.0306552999632 * ATM)


def test_tr15_solubility_per_mass_coefficient():
    close(ph.solubility(20.0, 35.0, per="mass"), 0.0324074443856)


def test_tr16_old_schmidt_polynomial_outside_its_range_is_never_silent():
    for t in (-1.5, 35.0, 40.0):
        with pytest.warns(RangeWarning, match=r"0\.\.30 .*wanninkhof_1992"):
            old = ph.schmidt_number(t, method="wanninkhof_1992")
    close(old, 86.444)
    close(ph.schmidt_number(40.0), 269.712)


@pytest.mark.parametrize(
    ("gas", "value"),
    [
        ("O2", 568.2032),  # TR-17: the sign of the cubic term
        ("N2O", 697.016),
        ("CH4", 686.6208),
        ("DMS", 940.6088),
        ("SF6", 1027.932),
    ],
)
def test_tr17_schmidt_numbers_of_other_gases(gas, value):
    close(ph.schmidt_number(20.0, gas), value)


def test_tr18_fourth_coefficient_of_wanninkhof_2014():
    close(ph.schmidt_number(40.0), 269.712)


def test_tr19_intercept_of_mcgillis_2001_is_scaled():
    close(ph.transfer_velocity(10.0, 5.0, "M01"), 19.163526863)


def test_tr20_unverified_cubic_relation_is_not_shipped():
    with pytest.raises(UnverifiedError, match="reference Schmidt number"):
        ph.transfer_velocity(10.0, 20.0, "wanninkhof_mcgillis_1999")


def test_tr21_to_tr23_liss_merlivat_1986():
    for kind in (float, np.float64, np.array):
        close(ph.transfer_velocity(kind(10.0), 20.0, "LM86"), 17.8602261185)
    close(ph.transfer_velocity(3.0, 20.0, "LM86"), 0.474610826302)
    close(ph.transfer_velocity(15.0, 20.0, "LM86"), 37.1416903897)


def test_tr24_short_and_long_term_winds():
    close(ph.transfer_velocity(10.0, 20.0, "W92"), 30.8058810974)
    close(ph.transfer_velocity(10.0, 20.0, "W92LT"), 38.7557858967)


def test_tr25_parentheses_of_the_logarithmic_profile():
    close(ph.wind_at_10m(8.0, 20.0), 7.56520691997)


def test_tr26_skin_temperature_reaches_the_solubility():
    cold = ph.flux(380.0, 400.0, 7.0, 20.0, 35.0, scheme="rapid", cool_skin=-0.17)
    close(cold, -2.10723125166)


def test_tr27_moorings_are_not_recomputed_with_buck():
    dry = ph.dry_mole_fraction(462.4, 17.25)
    args = (dry, 27.731, 35.082, 1010.0)
    assert abs(ph.fco2_from_xco2(*args) - 450.7) < 0.1
    buck = ph.fco2_from_xco2(*args, vapour_pressure="buck_licor")
    assert buck - 450.7 == pytest.approx(-0.45, abs=0.06)


def test_tr28_absolute_salinity_never_reaches_weiss():
    absolute = ph.absolute_salinity(35.0, -30.0, 0.0)
    error = ph.solubility(20.0, absolute) / ph.solubility(20.0, 35.0) - 1
    close(error, -0.000769881465656, 1e-6)
    vapour = ph.water_vapour_pressure(20.0, absolute)
    error = vapour / ph.water_vapour_pressure(20.0, 35.0) - 1
    close(error, -8.99148840097e-05, 1e-6)


def test_tr29_zero_celsius_is_27315():
    close(ph.water_vapour_pressure(20.0, 35.0) / ATM, 0.0226225832144)


CALLS = {
    **{
        f"k-{name}": (
            lambda x, name=name: ph.transfer_velocity(
                x,
                20.0,
                name,
                friction_velocity=x,
                wave_height=x,
                salinity=35.0,
                a_nb=1.55e-4,
                a_b=1e-5,
                on_range="ignore",
            )
        )
        for name in ph.TRANSFER_VELOCITIES
    },
    **{
        f"f(t)-{name}": (
            lambda x, name=name: ph.correct_to_temperature(
                400.0, x, x + 0.5, name, salinity=35.0
            )
        )
        for name in ph.TEMPERATURE_CORRECTIONS
    },
    **{
        f"pH2O-{name}": lambda x, name=name: ph.water_vapour_pressure(x, 35.0, name)
        for name in ph.WATER_VAPOUR
    },
    **{
        f"K0-{name}": lambda x, name=name: ph.solubility(x, 35.0, name)
        for name in ph.SOLUBILITIES
    },
    **{
        f"Sc-{name}": lambda x, name=name: ph.schmidt_number(
            x,
            method=name,
            **(
                {"viscosity": 1e-6, "salinity": 35.0}
                if ph.SCHMIDT_NUMBERS[name].needs_viscosity
                else {}
            ),
        )
        for name in ph.SCHMIDT_NUMBERS
    },
    **{
        f"U10-{name}": lambda x, name=name: ph.wind_at_10m(x, 20.0, name)
        for name in ph.WIND_HEIGHTS
    },
    **{
        f"slp-{name}": lambda x, name=name: ph.sea_level_pressure(1000.0, x, 15.0, name)
        for name in ph.SEA_LEVEL_PRESSURE
    },
    **{
        f"skin-{name}": lambda x, name=name: ph.cool_skin(
            x,
            name,
            friction_velocity=0.05 * x,
            sensible_heat=10.0,
            latent_heat=100.0,
            longwave=50.0,
            temperature=20.0,
            salinity=35.0,
        )
        for name in ph.SKIN_MODELS
    },
}


@pytest.mark.parametrize("name", CALLS)
def test_tr30_every_option_takes_scalar_array_and_empty(name):
    call = CALLS[name]
    one = call(5.0)
    assert type(one) is float
    assert np.isfinite(one)
    many = call(np.array([[5.0, 7.0], [np.nan, 5.0]]))
    assert many.shape == (2, 2)
    assert many[0, 0] == many[1, 1] == one
    if not name.endswith("fixed"):
        assert np.isnan(many[1, 0])
    assert call(np.array([])).shape == (0,)


def test_tr32_the_name_of_the_option_is_kept(dataarray):
    fco2 = ph.fco2_at_sst(
        400.0, dataarray, dataarray, 35.0, ATM, temperature_correction="takahashi_2009"
    )
    assert fco2.attrs["temperature_correction"] == "takahashi_2009"
    assert ph.TEMPERATURE_CORRECTIONS["takahashi_2009"].doi.endswith("2008.12.009")
