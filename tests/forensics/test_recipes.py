"""Recipes in words, how odd they are, and their factors, by hand."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from oceanco2.forensics.columns import Columns, columns_of, printed_step
from oceanco2.forensics.recipes import (
    Factors,
    Recipe,
    missing_warming,
    oddness,
    unit_factor,
)
from oceanco2.physics import water_vapour_pressure
from tests.datasets import fugacity
from tests.forensics.test_forensics import SOURCE, USUAL, table

TARGET = "fCO2_water_SST_wet"
STANDARD = {"pressure": "P_equ", "temperature": "T_equ", "salinity": "salinity"}
PARTIAL = Recipe("pCO2_water_Tequ_wet", fugacity="pco2", fugacity_temperature="T_equ")


def odd(recipe, target=TARGET):
    """The count of deviations: each further one counts less, and all never over 6."""
    value = oddness(recipe, target, STANDARD)
    assert 0.0 <= value < 6.0
    return -6.0 * np.log(1.0 - value / 6.0)


#: What is changed in the usual recipe, and its price.
PRICES = [
    ({}, 0.0),
    ({"pressure_offset": 0.5}, 4.0),
    ({"units": "Pa"}, 4.0),
    ({"fugacity": "none"}, 3.0),
    ({"virial_pressure": "standard_atmosphere"}, 1.0),
    ({"fugacity_temperature": "SST"}, 1.0),
    ({"fugacity": "neglect"}, 0.5),
    ({"fugacity": "pco2"}, 0.7),
    ({"temperature_correction": "takahashi_2009"}, 1.0),
    ({"temperature_correction": "weiss_1982"}, 1.0),
    ({"temperature_correction": "none"}, 3.0),
    ({"temperature_correction": "humphreys_2024_enthalpy"}, 4.0),
    ({"temperature_correction": "another"}, 2.0),
    ({"pressure": "P_atm"}, 1.5),
    ({"pressure": "P_atm + 3"}, 2.0),
    ({"pressure": "standard_atmosphere"}, 3.0),
    ({"pressure": "1013/P"}, 5.0),
    ({"vapour": "none"}, 3.0),
    ({"vapour": "none", "vapour_temperature": "SST", "salinity": 0.0}, 3.0),
    ({"vapour": "dickson_2007"}, 0.8),
    ({"vapour": "another"}, 1.2),
    ({"vapour_temperature": "SST"}, 2.0),
    ({"salinity": 35.0}, 1.0),
    ({"salinity": 0.0}, 1.6),
    ({"pressure": "P_atm", "fugacity": "neglect"}, 2.0),
]


@pytest.mark.parametrize(("changes", "price"), PRICES)
def test_price_of_each_deviation(changes, price):
    assert odd(replace(USUAL, **changes)) == pytest.approx(price, abs=1e-9)


def test_price_depends_on_what_the_column_says():
    partial = replace(USUAL, fugacity="none")
    assert odd(partial, "pCO2_water_SST_wet") == pytest.approx(0.0)
    assert odd(USUAL, "pCO2_water_SST_wet") == pytest.approx(3.0)
    assert odd(USUAL, "fCO2_water_Tequ_wet") == pytest.approx(3.0)
    none = replace(USUAL, temperature_correction="none")
    assert odd(none, "fCO2_water_Tequ_wet") == pytest.approx(0.0)
    # A fugacity needs no term, and a partial pressure no water vapour.
    start = Recipe("fCO2_water_Tequ_wet", temperature_correction="takahashi_1993")
    assert odd(start) == pytest.approx(0.0)
    assert odd(PARTIAL, "fCO2_water_Tequ_wet") == pytest.approx(0.7)
    assert exp(0.0) == 1.0


WORDS = [
    (
        {},
        f"{SOURCE}; times (P_equ - weiss_price_1980 at T_equ); fugacity with"
        " (1 - x)^2 at T_equ; corrected to SST: takahashi_1993",
    ),
    (
        {"dried": True, "vapour": "none", "pressure_offset": -1.25, "units": "Pa"},
        f"{SOURCE}, dried with its water vapour; times P_equ -1.250 hPa without water"
        " vapour; fugacity with (1 - x)^2 at T_equ; corrected to SST: takahashi_1993;"
        " in Pa",
    ),
    (
        {"salinity": 35.0, "fugacity": "pco2", "temperature_correction": "none"},
        f"{SOURCE}; times (P_equ - weiss_price_1980 at T_equ, salinity 35); fugacity"
        " with (1 - pCO2)^2 at T_equ; no temperature correction",
    ),
    (
        {"pressure": "1013/P", "fugacity": "neglect", "virial_pressure": "x"},
        f"{SOURCE}; divided by pressure (1013 hPa / P); fugacity without (1 - x)^2, at"
        " 1 atm at T_equ; corrected to SST: takahashi_1993",
    ),
    (
        {"source": "pCO2_water_Tequ_wet", "fugacity": "none"},
        "pCO2_water_Tequ_wet; no fugacity term; corrected to SST: takahashi_1993",
    ),
]


@pytest.mark.parametrize(("changes", "words"), WORDS)
def test_words(changes, words):
    assert replace(USUAL, **changes).words() == words


def test_parts_that_matter():
    assert USUAL.to_dict() == {
        "source": SOURCE,
        "pressure": "P_equ",
        "vapour": "weiss_price_1980",
        "vapour_temperature": "T_equ",
        "salinity": "salinity",
        "fugacity": "xco2",
        "virial_pressure": "measured",
        "fugacity_temperature": "T_equ",
        "temperature_correction": "takahashi_1993",
        "units": "uatm",
    }
    bare = replace(USUAL, vapour="none", fugacity="none", temperature_correction="none")
    assert bare.to_dict() == {
        "source": SOURCE,
        "pressure": "P_equ",
        "vapour": "none",
        "fugacity": "none",
        "temperature_correction": "none",
        "units": "uatm",
    }
    offset = replace(USUAL, dried=True, pressure_offset=2.0).to_dict()
    assert (offset["dried"], offset["pressure_offset"]) == (True, 2.0)


X, T, SST, S, P = 400.0, 20.3, 20.0, 34.5, 1010.0
VALUES = {SOURCE: X, "T_equ": T, "SST": SST, "salinity": S, "P_equ": P, "P_atm": 1005.0}
VALUES |= {"xCO2_water_Tequ_wet": 390.0, "xH2O_water": 25.0, "T_atm": 18.0}
VALUES |= {"xCO2_atm_wet_actual": 395.0, "xH2O_atm": 5.0, "pCO2_water_Tequ_wet": 380.0}


def computed(**changes):
    columns = Columns({k: np.array([v]) for k, v in VALUES.items()}, {}, {})
    return float(Factors(columns).result(replace(USUAL, **changes))[0])


VAPOUR = {
    (t, s): float(water_vapour_pressure(t, s)) for t in (T, SST) for s in (S, 0.0)
}
PARTS = {"fugacity": "none", "temperature_correction": "none"}
#: Recipes without fugacity and temperature step, and their result.
PRESSURES = [
    ({}, X * (P - VAPOUR[T, S]) / 1013.25),
    ({"vapour_temperature": "SST"}, X * (P - VAPOUR[SST, S]) / 1013.25),
    ({"salinity": 0.0}, X * (P - VAPOUR[T, 0.0]) / 1013.25),
    ({"pressure": "P_atm"}, X * (1005.0 - VAPOUR[T, S]) / 1013.25),
    ({"pressure": "P_atm + 3"}, X * (1008.0 - VAPOUR[T, S]) / 1013.25),
    ({"pressure": "standard_atmosphere"}, X * (1013.25 - VAPOUR[T, S]) / 1013.25),
    ({"pressure_offset": 2.5}, X * (P + 2.5 - VAPOUR[T, S]) / 1013.25),
    ({"pressure": "1013/P"}, X * 1013.0 / P),
    ({"pressure": "1013/P", "pressure_offset": 3.0}, X * 1013.0 / (P + 3.0)),
    ({"vapour": "none"}, X * P / 1013.25),
    ({"vapour": "none", "units": "ubar"}, X * P / 1000.0),
    ({"vapour": "none", "units": "Pa"}, X * P / 10000.0),
    (
        {"vapour": "none", "source": "xCO2_water_Tequ_wet", "dried": True},
        390.0 / (1 - 0.025) * P / 1013.25,
    ),
    (
        {"vapour": "none", "source": "xCO2_atm_wet_actual", "dried": True},
        395.0 / (1 - 0.005) * P / 1013.25,
    ),
    ({"source": "pCO2_water_Tequ_wet"}, 380.0),
]


@pytest.mark.parametrize(("changes", "result"), PRESSURES)
def test_partial_pressure_of_each_recipe(changes, result):
    assert computed(**(PARTS | changes)) == pytest.approx(result, rel=1e-9)


def test_fugacity_and_temperature_step():
    """By the formulas of SOCAT's rules; 4.23 % per kelvin."""
    _, at_equilibrator = fugacity(X, T, S, P)
    plain = computed(temperature_correction="none")
    assert plain == pytest.approx(at_equilibrator, rel=1e-6)
    assert computed() == pytest.approx(
        at_equilibrator * exp(0.0423 * (SST - T)), rel=1e-6
    )
    partial, _ = fugacity(X, T, S, P)
    kelvin = T + 273.15
    second = (
        -1636.75 + 12.0408 * kelvin - 0.0327957 * kelvin**2 + 3.16528e-5 * kelvin**3
    )
    cross = 57.7 - 0.118 * kelvin
    for changes, fraction, pressure in (
        ({"fugacity": "neglect"}, None, P),
        ({"fugacity": "pco2"}, partial, P),
        ({"fugacity": "xco2"}, X, P),
        ({"virial_pressure": "standard_atmosphere"}, X, 1013.25),
        ({"pressure_offset": 5.0}, X, P + 5.0),
    ):
        share = 1.0 if fraction is None else (1 - fraction * 1e-6) ** 2
        exponent = (second + 2 * share * cross) * pressure / 1013.25 / 82.0578 / kelvin
        offset = changes.get("pressure_offset", 0.0)
        start = X * (P + offset - VAPOUR[T, S]) / 1013.25
        got = computed(temperature_correction="none", **changes)
        assert got == pytest.approx(start * exp(exponent), rel=2e-8), changes


def test_units():
    assert unit_factor("uatm") == 1.0
    assert unit_factor("ubar") == pytest.approx(1013.25 / 1000.0)
    assert unit_factor("Pa") == pytest.approx(101325e-6)


# ---- columns ------------------------------------------------------------------------


def read(**columns):
    ones = np.ones(12)
    values = {name: ones * value for name, value in columns.items()}
    return columns_of(table(values, ones * 380.0))


#: Median printed, name of the column, factor to canonical units, unit in the note.
SIZES = [
    *(("P_equ", 1.0, 1013.25, "atm"), ("P_equ", 0.5, 1013.25, "atm")),
    *(("P_equ", 1.5, 1013.25, "atm"), ("P_atm", 25.0, 33.8638866667, "inHg")),
    *(("P_atm", 33.0, 33.8638866667, "inHg"), ("P_atm", 70.0, 10.0, "kPa")),
    *(("P_atm", 120.0, 10.0, "kPa"), ("P_atm", 600.0, 1.33322387415, "mmHg")),
    *(("P_atm", 799.0, 1.33322387415, "mmHg"), ("P_atm", 70000.0, 0.01, "Pa")),
    *(("P_atm", 120000.0, 0.01, "Pa"), (SOURCE, 5e-5, 1e6, "mol mol-1")),
    *((SOURCE, 5e-3, 1e6, "mol mol-1"), (SOURCE, 0.05, 1e3, "mmol mol-1")),
    *((SOURCE, 5.0, 1e3, "mmol mol-1"),),
]


@pytest.mark.parametrize(("name", "value", "factor", "unit"), SIZES)
def test_units_by_the_size_of_values(name, value, factor, unit, monkeypatch):
    monkeypatch.setattr("oceanco2.forensics.columns.possible", lambda _, v: v)
    found = read(**{name: value})
    np.testing.assert_allclose(found.values[name], value * factor)
    assert found.notes == [f"{name} is in {unit}, judging by its values"]


def test_values_between_the_units_stay():
    for name, value in (("P_atm", 1000.0), ("P_equ", 800.0), (SOURCE, 400.0)):
        found = read(**{name: value})
        assert found.values[name][0] == value
        assert not found.notes
    found = read(SST=290.0)
    assert found.values["SST"][0] == pytest.approx(16.85)
    assert found.notes == ["SST is in K, not degree_Celsius"]
    assert read(T_atm=300.0).notes == ["T_atm is in K, not degree_Celsius"]
    assert not read(salinity=35.0).notes


def test_raw_values_come_first_and_empty_ones_are_none():
    ones = np.ones(12)
    ds = table({"SST": ones, "SST_raw": 2 * ones, "T_equ": np.nan * ones}, 3 * ones)
    found = columns_of(ds)
    assert found.values["SST"][0] == 2.0
    assert "T_equ" not in found.values
    assert found.published[TARGET][0] == 3.0
    assert found.steps == {"SST": 1.0, TARGET: 1.0}
    chosen = found.select(np.array([1, 2]))
    assert chosen.values["SST"].size == chosen.published[TARGET].size == 2
    assert chosen.steps == found.steps


def test_two_columns_are_exchanged_with_their_digits():
    ones = np.ones(12)
    found = columns_of(table({"SST": ones * 1.5, "T_equ": ones * 2.25}, ones))
    other = found.swapped("SST", "T_equ")
    assert (other.values["SST"][0], other.values["T_equ"][0]) == (2.25, 1.5)
    assert (other.steps["SST"], other.steps["T_equ"]) == (0.01, 0.1)
    assert found.values["SST"][0] == 1.5


def test_digits_of_most_values_decide():
    assert printed_step(np.array([*[0.5] * 99, 0.123])) == 0.1
    assert printed_step(np.array([*[0.5] * 98, 0.123, 0.456])) == 0.001
    assert printed_step(np.array([1.123456789])) == pytest.approx(1e-9)
    assert printed_step(np.array([1e9 + 0.5])) == 0.1


def test_the_warming_that_is_missing():
    published = np.full(10, 350.0)
    for warming in (0.4, -0.4, 4.99, -4.99):
        computed = published * np.exp(0.0423 * warming)
        assert missing_warming(computed, published) == pytest.approx(warming)
    assert missing_warming(published * np.exp(0.0423 * 5.01), published) is None
    computed = published * np.exp(0.0423 * np.r_[np.full(9, 0.4), -0.1])
    assert missing_warming(computed, published) == pytest.approx(0.4)
    computed[1] = 349.0  # two of ten are of the other sign
    assert missing_warming(computed, published) is None
    computed[0:2] = np.nan, -1.0  # nothing is known of these
    assert missing_warming(computed, published) is None
    computed[9] = np.nan
    assert missing_warming(computed, published) == pytest.approx(0.4)
    assert missing_warming(np.full(10, np.nan), published) is None
