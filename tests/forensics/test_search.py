"""Pieces of the search for recipes: which are tried, and the cheapest of them."""

from dataclasses import replace

import numpy as np
import pytest

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.recipes import Factors, Recipe
from oceanco2.forensics.scoring import Rounding, loss
from oceanco2.forensics.search import (
    Grid,
    _combine,
    _continuations,
    _fugacities,
    _pressures,
    _temperature_corrections,
    _vapours,
    _with_pressure_offset,
    rank_recipes,
    search,
    standard_columns,
)
from oceanco2.physics import TEMPERATURE_CORRECTIONS, WATER_VAPOUR
from tests.forensics.test_forensics import SOURCE, USUAL

TARGET, AIR = "fCO2_water_SST_wet", "xCO2_atm_dry_actual"
VALUES = {SOURCE: 400.0, "T_equ": 15.2, "SST": 15.0, "salinity": 35.0}
VALUES |= {"P_equ": 1010.0, "P_atm": 1009.0, "T_atm": 12.0, AIR: 400.0}


def columns(*left_out, size=20, **changes):
    values = {k: v for k, v in (VALUES | changes).items() if k not in left_out}
    arrays = {k: np.full(size, float(v)) for k, v in values.items()}
    return Columns(arrays, {}, {})


def test_pressures():
    assert _pressures(columns(), SOURCE) == [
        *("P_equ", "P_atm", "P_atm + 3", "standard_atmosphere"),
    ]
    assert _pressures(columns(), AIR) == ["P_equ", "P_atm", "standard_atmosphere"]
    same = columns(P_atm=1010.0)
    assert _pressures(same, SOURCE) == ["P_equ", "standard_atmosphere"]
    assert _pressures(same, AIR) == ["P_atm", "standard_atmosphere"]
    assert _pressures(columns("P_equ", "P_atm"), SOURCE) == ["standard_atmosphere"]


def test_water_vapours():
    start = Recipe(SOURCE)
    recipes = list(_vapours(columns(), SOURCE, start))
    assert len(recipes) == 4 * (1 + len(WATER_VAPOUR) * 2 * 3) + 1
    assert len(set(recipes)) == len(recipes)
    assert {r.vapour_temperature for r in recipes} == {"", "T_equ", "SST"}
    assert {r.salinity for r in recipes} == {"", "salinity", 35.0, 0.0}
    assert recipes[-1] == replace(start, pressure="1013/P")
    fresh = list(_vapours(columns("salinity", "P_equ"), SOURCE, start))
    assert {r.salinity for r in fresh} == {"", 35.0, 0.0}
    assert not [r for r in fresh if r.pressure == "1013/P"]
    air = {r.vapour_temperature for r in _vapours(columns(), AIR, Recipe(AIR))}
    assert air == {"", "T_equ", "SST", "T_atm"}
    partial = list(_vapours(columns(), "pCO2_water_Tequ_wet", start))
    assert [r.pressure for r in partial] == _pressures(columns(), SOURCE)
    assert {r.vapour for r in partial} == {"none"}


def test_fugacities():
    def tried(source, *left_out):
        return list(_fugacities(columns(*left_out), source, Recipe(source)))

    assert len(tried(SOURCE)) == 1 + 3 * 2 * 2
    assert {r.fugacity for r in tried(SOURCE)} == {"none", "xco2", "pco2", "neglect"}
    partial = "pCO2_water_Tequ_wet"
    assert len(tried(partial)) == 1 + 2 * 2 * 2
    assert {r.fugacity for r in tried(partial)} == {"none", "pco2", "neglect"}
    assert tried("fCO2_water_Tequ_wet") == [Recipe("fCO2_water_Tequ_wet")]
    temperatures = {r.fugacity_temperature for r in tried(AIR)}
    assert temperatures == {"", "T_equ", "SST", "T_atm"}
    assert len(tried(SOURCE, "SST")) == 1 + 3 * 2
    pressures = {r.virial_pressure for r in tried(SOURCE)}
    assert pressures == {"measured", "standard_atmosphere"}


def test_temperature_corrections():
    every = list(TEMPERATURE_CORRECTIONS)
    assert _temperature_corrections(columns(), SOURCE) == every
    assert _temperature_corrections(columns(), "xCO2_water_SST_dry") == ["none"]
    for name in ("T_equ", "SST"):
        assert _temperature_corrections(columns(name), SOURCE) == ["none"]


def test_continuations_for_each_pressure():
    table = columns()
    found = _continuations(
        table, Factors(table), SOURCE, Recipe(SOURCE), table.values[SOURCE]
    )
    assert set(found) == {*_pressures(table, SOURCE), "1013/P"}
    for name, (recipes, sums) in found.items():
        assert {r.pressure for r in recipes} == {name}
        assert len(recipes) == len(sums) == 13 * len(TEMPERATURE_CORRECTIONS)
        assert sums.shape[1] == 20
    bare = columns("P_equ")
    found = _continuations(
        bare, Factors(bare), SOURCE, Recipe(SOURCE), bare.values[SOURCE]
    )
    assert "1013/P" not in found


def test_the_pressure_is_dropped_where_it_is_not_used():
    begin = replace(USUAL, fugacity="none", temperature_correction="none")
    end = replace(begin, fugacity="pco2", virial_pressure="standard_atmosphere")
    end = replace(end, fugacity_temperature="SST", temperature_correction="weiss_1982")
    joined = _combine(begin, end, "Pa")
    assert joined == replace(end, pressure="P_equ", units="Pa")
    partial = replace(begin, source="pCO2_water_Tequ_wet")
    assert _combine(partial, end, "uatm").pressure == ""
    measured = replace(end, virial_pressure="measured")
    assert _combine(partial, measured, "uatm").pressure == "P_equ"
    none = replace(measured, fugacity="none")
    assert _combine(partial, none, "uatm").pressure == ""


def grid(source, table):
    """A grid of which only single methods are called."""
    made = object.__new__(Grid)
    made.columns, made.source, made.target = table, source, TARGET
    made.factors, made.standard = Factors(table), standard_columns(table, source)
    return made


@pytest.mark.parametrize(
    ("source", "water", "dried"),
    [
        ("xCO2_water_Tequ_wet", "xH2O_water", [False, True]),
        ("xCO2_atm_wet_actual", "xH2O_atm", [False]),
        ("xCO2_atm_wet", "xH2O_atm", [False, True]),
        ("xCO2_water_Tequ_wet", "xH2O_atm", [False]),
        (SOURCE, "xH2O_water", [False]),
        ("pCO2_water_Tequ_wet", "xH2O_water", [False]),
    ],
)
def test_wet_mole_fractions_may_be_dried(source, water, dried):
    table = columns(**{source: 400.0, water: 10.0})
    assert grid(source, table)._sources() == [Recipe(source, dried=d) for d in dried]


def test_the_twelve_recipes_that_fit_best():
    begin = replace(USUAL, fugacity="none", temperature_correction="none")
    ends = [
        replace(USUAL, vapour="none", temperature_correction=f"c{i}") for i in range(20)
    ]
    ratio = np.outer(np.arange(20.0), np.ones(300)) / 10.0
    found = grid(SOURCE, columns())._cheapest(ratio, begin, ends, "uatm")
    assert [r.temperature_correction for _, r in found] == [f"c{i}" for i in range(12)]
    costs = np.array([cost for cost, _ in found])
    # At most two hundred rows count; every recipe here is as odd.
    steps = np.diff(costs) / 200.0
    np.testing.assert_allclose(steps, np.diff(loss(np.arange(12) / 10.0)))
    few = grid(SOURCE, columns())._cheapest(ratio[:, :10], begin, ends, "uatm")
    assert few[1][0] - few[0][0] == pytest.approx(10 * loss(np.array(0.1)))


def test_an_offset_that_fits_best_is_taken_off():
    table = columns(size=90)
    recipe = replace(USUAL, vapour="none")
    effect = np.full(90, 1 / 1010.0)
    noise = np.resize([1e-6, -1e-6, 0.0], 90)
    difference = np.stack([2.5 * effect + noise, -1.0 * effect])
    left = grid(SOURCE, table)._shifted(difference, recipe)
    np.testing.assert_allclose(left[1], 0.0, atol=1e-12)
    assert np.abs(left[0]).max() <= 2.1e-6


def shifted_by(offset, step=0.0, **changes):
    """The offset that is found in a table made with another pressure."""
    table = columns(size=50)
    factors = Factors(table)
    recipe = replace(USUAL, **changes)
    published = factors.result(replace(recipe, pressure_offset=offset))
    ratio = factors.result(recipe) / published - 1.0
    found = _with_pressure_offset(
        recipe, ratio, factors, published=published, step=step
    )
    return None if found is None else found.pressure_offset


def test_pressure_offsets_that_are_found():
    for offset in (2.0, -1.3, 0.03, 50.0):  # repeated once: a third order is left
        assert shifted_by(offset) == pytest.approx(offset, rel=4e-3, abs=1e-3)
    assert shifted_by(0.019) is None
    assert shifted_by(70.0) is None
    assert shifted_by(0.2, step=0.1) is None  # less than two and a half steps
    assert shifted_by(0.3, step=0.1) == pytest.approx(0.3, abs=2e-3)
    assert shifted_by(2.0, pressure="P_atm") == pytest.approx(2.0, abs=5e-3)
    for changes in (
        {"pressure": "standard_atmosphere"},
        {"units": "Pa"},
        {"pressure": "P_atm + 3"},
    ):
        assert shifted_by(2.0, **changes) is None


def test_ranking_needs_five_rows():
    def ranked(size):
        table = columns(size=size)
        result = Factors(table).result(USUAL)
        table.published[TARGET] = result
        tiny = np.full(size, 1e-6)
        digits = Rounding(tiny, tiny, tiny, ())
        odd = replace(USUAL, temperature_correction="none")
        recipes = [odd, USUAL]
        return rank_recipes(table, Factors(table), TARGET, recipes, digits)

    found = ranked(5)
    assert found[0].recipe == USUAL
    assert found[0].misfit == pytest.approx(0.0, abs=1e-9)
    assert found[0].cost == pytest.approx(0.0, abs=1e-9)
    assert ranked(4) == []
    table = columns(size=4)
    table.published[TARGET] = np.full(4, 390.0)
    assert search(table, TARGET, SOURCE) == []
