"""Temperature corrections: entries of users, limits of a step, what is needed."""

import numpy as np
import pytest

from oceanco2 import physics as ph
from oceanco2.errors import FormulaError, OptionError, RangeWarning, UnknownNameError
from oceanco2.physics import temperature as module
from oceanco2.physics.temperature import (
    TemperatureCorrection,
    large_step,
    resolve_correction,
    step_checks,
)

NAN = np.nan
GAS = 8.314462618


def by_hand(name, f1, t1, t2, s):
    """The factor f2/f1 of each form as it is printed."""
    step = 1.0 / (t1 + 273.15) - 1.0 / (t2 + 273.15)
    if name == "weiss_1982":  # many small steps of d ln f/dt, f in atm
        n = 20_000
        width, log_f = (t2 - t1) / n, np.log(f1 * 1e-6)
        for i in range(n):
            t = t1 + (i + 0.5) * width
            half = log_f + 0.5 * width * (0.03107 - 2.785e-4 * t - 1.839e-3 * log_f)
            log_f += width * (0.03107 - 2.785e-4 * t - 1.839e-3 * half)
        return np.exp(log_f) / (f1 * 1e-6)
    enthalpy = {
        "humphreys_2024_constant": 28995.0,
        "humphreys_2024_enthalpy": 25288.0,
        "humphreys_2024_parameterised": 31318.4463
        + (139.487529 - 1.21087624 * t1 - 3.02071783 * s + 0.166972942 * f1) * t1
        - (4.22484243 + 0.652212406 * s) * s
        - (16.9522191 + 5.47585838e-4 * f1) * f1
        + 0.309654019 * s * f1,
    }
    if name in enthalpy:
        return np.exp(enthalpy[name] / GAS * step)
    exponent = {
        "takahashi_1993": 0.0423 * (t2 - t1),
        "takahashi_2009": 0.0433 * (t2 - t1) - 4.35e-5 * (t2**2 - t1**2),
        "none": 0.0,
    }
    return np.exp(exponent[name])


@pytest.mark.parametrize("name", ph.TEMPERATURE_CORRECTIONS)
@pytest.mark.parametrize(
    "state", [(400.0, 20.5, 20.0, 35.0), (250.0, -1.0, 3.0, 25.0), (900, 28.0, 8.0, 38)]
)
def test_printed_forms(name, state):
    f1, t1, t2, s = state
    found = ph.correct_to_temperature(f1, t1, t2, name, salinity=s, on_range="ignore")
    assert found == pytest.approx(f1 * by_hand(name, f1, t1, t2, s), rel=1e-9)
    there = ph.correct_to_temperature(f1, t1, t1, name, salinity=s)
    assert there == pytest.approx(f1, rel=1e-14)


# ---- the step -----------------------------------------------------------------------


def test_a_step_of_one_kelvin():
    assert module.LARGEST_STEP == 1.0
    for step, large in ((1.0, False), (-1.0, False), (1.001, True), (-1.001, True)):
        assert large_step(10.0, 10.0 + step) == large
        found = ph.correct_to_temperature(400.0, 10.0, 10.0 + step, on_range="nan")
        assert np.isnan(found) == large
    with pytest.warns(RangeWarning, match="temperature step outside -1..1 K"):
        ph.correct_to_temperature(400.0, 10.0, 12.0)


def test_checks_of_a_step():
    step, first, second = step_checks(1, 2)
    assert (step.formula, step.argument) == (
        "temperature correction",
        "temperature step",
    )
    assert (step.low, step.high, step.units) == (-1.0, 1.0, "K (SOCAT flags A and B)")
    assert not step.fatal
    arrays = [np.array([400.0]), np.array([10.0]), np.array([11.5])]
    assert step.fires(arrays)
    assert not step.fires([*arrays[:2], np.array([11.0])])
    for check, index in ((first, 1), (second, 2)):
        assert (check.formula, check.argument) == (
            "temperature correction",
            "temperature",
        )
        assert (check.low, check.high) == (-np.inf, 100.0)
        assert (check.units, check.fatal) == ("degree_Celsius", True)
        arrays = [np.array([400.0]), np.array([10.0]), np.array([10.0])]
        assert not check.fires(arrays)
        arrays[index] = np.array([100.0])
        assert not check.fires(arrays)
        arrays[index] = np.array([100.1])
        assert check.fires(arrays)


@pytest.mark.parametrize("which", [0, 1])
def test_kelvin_is_refused(which):
    temperatures = [20.0, 20.0]
    temperatures[which] = 293.15
    with pytest.raises(FormulaError, match=r"outside -inf\.\.100 degree_Celsius"):
        ph.correct_to_temperature(400.0, *temperatures, on_range="ignore")
    temperatures = [99.5, 99.5]
    temperatures[which] = 100.0
    assert np.isfinite(ph.correct_to_temperature(400.0, *temperatures))


def test_values_that_cannot_be():
    found = ph.correct_to_temperature(
        [-1.0, 400.0, 400.0, NAN, 0.0],
        [20.0, -273.2, 20.0, 20.0, 20.0],
        [20.0, -273.1, NAN, 20.0, 20.0],
        on_range="ignore",
    )
    np.testing.assert_array_equal(found, [NAN, NAN, NAN, NAN, 0.0])
    negative = ph.correct_to_temperature(400.0, 20.0, 20.0, salinity=[-0.1, 0.0])
    np.testing.assert_array_equal(negative, [NAN, 400.0])


# ---- entries ------------------------------------------------------------------------


def test_defaults_of_an_entry():
    entry = TemperatureCorrection(name="a", long_name="A", formula=abs, expression="x")
    assert (entry.needs_salinity, entry.needs_fugacity) == (False, False)
    assert resolve_correction(entry) is entry
    assert resolve_correction("weiss_1982").name == "weiss_1982"
    for wrong in (True, "x"):
        with pytest.raises(UnknownNameError):
            resolve_correction(wrong)


@pytest.mark.parametrize("coefficient", [0.05, 0, np.float64(0.0412)])
def test_an_own_coefficient(coefficient):
    entry = resolve_correction(coefficient)
    assert entry is resolve_correction(float(coefficient))
    assert entry.name == f"own coefficient {coefficient:g} K-1"
    assert entry.long_name == "own coefficient"
    assert entry.expression == f"f2 = f1 exp[{coefficient:g} (t2 - t1)]"
    assert (entry.status, entry.needs_fugacity) == ("own", False)
    found = ph.correct_to_temperature(400.0, 20.0, 20.5, coefficient)
    assert found == pytest.approx(400.0 * np.exp(0.5 * coefficient), rel=1e-14)
    assert entry.formula(1.0, 20.0, 22.0, 35.0) == pytest.approx(2.0 * coefficient)


def own(f1, t1, t2, salinity):
    return 1e-3 * salinity * (t2 - t1) + 0.0 * f1


class Unnamed:
    def __call__(self, f1, t1, t2, salinity):
        return own(f1, t1, t2, salinity)


def test_an_own_function():
    entry = resolve_correction(own)
    assert (entry.name, entry.long_name) == ("own", "own")
    assert (entry.expression, entry.status) == ("own", "own")
    assert entry.needs_fugacity
    assert not entry.needs_salinity
    assert resolve_correction(own) is entry
    assert resolve_correction(Unnamed()).name == "own"
    found = ph.correct_to_temperature(400.0, 20.0, 20.5, own)
    assert found == pytest.approx(400.0 * np.exp(0.5 * 0.035), rel=1e-14)
    found = ph.correct_to_temperature(400.0, 20.0, 20.5, own, salinity=20.0)
    assert found == pytest.approx(400.0 * np.exp(0.5 * 0.020), rel=1e-14)


def test_salinity_that_is_needed():
    name = "humphreys_2024_parameterised"
    with pytest.raises(OptionError) as caught:
        ph.correct_to_temperature(400.0, 20.0, 20.5, name)
    assert str(caught.value) == f"temperature correction {name!r} needs salinity"
    with pytest.warns(
        RangeWarning, match=r"salinity outside 20..inf of humphreys_2024"
    ):
        ph.correct_to_temperature(400.0, 20.0, 20.5, name, salinity=19.9)
    assert ph.correct_to_temperature(400.0, 20.0, 20.5, name, salinity=20.0) > 400.0


def test_the_program():
    program = module._program(ph.TEMPERATURE_CORRECTIONS["takahashi_2009"])
    names = ("fco2", "temperature_from", "temperature_to", "salinity")
    assert (program.name, program.arguments) == ("fCO2 at another temperature", names)
    assert program.floors == (0.0, pytest.approx(-273.15), pytest.approx(-273.15), 0.0)
    assert len(program.checks) == 3
    fitted = module._program(ph.TEMPERATURE_CORRECTIONS["humphreys_2024_parameterised"])
    last = fitted.checks[-1]
    assert (last.argument, last.low, last.high) == ("salinity", 20.0, np.inf)
    assert last.index == 3


def test_a_registered_correction():
    @ph.register_temperature_correction(
        "test_only", long_name="T", expression="x", no_doi="a test"
    )
    def formula(_f1, t1, t2, _salinity):
        return 0.1 * (t2 - t1)

    try:
        found = ph.correct_to_temperature(400.0, 20.0, 20.5, "test_only")
        assert found == pytest.approx(400.0 * np.exp(0.05))
        entry = ph.TEMPERATURE_CORRECTIONS["test_only"]
        assert (entry.name, entry.formula) == ("test_only", formula)
    finally:
        ph.TEMPERATURE_CORRECTIONS._entries.pop("test_only")
