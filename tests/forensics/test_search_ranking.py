"""The order of recipes, and sums of logarithms against recipes computed exactly."""

import importlib
from dataclasses import replace

import numpy as np
import pytest

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.recipes import Factors, Recipe, oddness
from oceanco2.forensics.scoring import Rounding
from oceanco2.forensics.search import (
    _MAX_CANDIDATES,
    _MEDIAN_STEP,
    _MIN_DIFFERENCE,
    _SAMPLE,
    PENALTY,
    Candidate,
    Grid,
    _combine,
    _pressures,
    _temperature_corrections,
    _vapours,
    rank_recipes,
    search,
    standard_columns,
)
from tests.forensics.test_forensics import (
    DECIMALS,
    SOURCE,
    TARGET,
    USUAL,
    cruise,
    exact,
    printed,
)


def made(recipe=USUAL, decimals=4, rows=60, seed=1):
    values = printed(cruise(seed, rows), DECIMALS)
    published = np.round(exact(values, recipe), decimals)
    steps = {name: 10.0 ** -DECIMALS[name] for name in values}
    return Columns(values, {TARGET: published}, steps | {TARGET: 10.0**-decimals})


def grid_of(table, source=SOURCE, target=TARGET):
    return Grid(table, Factors(table), target, source)


def test_sums_are_recipes():
    """Every sum is the logarithm of its recipe; the virial term differs by x, pCO2."""
    table = made(rows=20)
    grid = grid_of(table)
    assert grid.standard == standard_columns(table, SOURCE)
    np.testing.assert_allclose(grid.published, np.log(table.published[TARGET]))
    begins = [begin for begin, *_ in grid.starts]
    assert begins == list(_vapours(table, SOURCE, Recipe(SOURCE)))
    for begin, ln_pco2, (ends, sums) in grid.starts[::17]:
        assert sums.shape == (len(ends), 20)
        assert {end.pressure for end in ends} == {begin.pressure}
        for number in range(0, len(ends), 11):
            recipe = _combine(begin, ends[number], "uatm")
            direct = np.log(grid.factors.result(recipe))
            np.testing.assert_allclose(ln_pco2 + sums[number], direct, atol=3e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"units": "Pa"},
        {"units": "ubar"},
        {"pressure": "P_atm + 3"},
        {"vapour_temperature": "SST"},
        {"salinity": 35.0},
    ],
)
def test_the_best_recipe_of_the_grid(changes):
    recipe = replace(USUAL, **changes)
    grid = grid_of(made(recipe, decimals=6, rows=200))
    scale = np.full(200, 1e-5)
    assert grid.best(scale, 1) == [recipe]
    best = grid.best(scale, 4)
    assert best[0] == recipe
    assert len(best) == len(set(best))
    assert 4 <= len(best) <= 8


def test_recipes_with_an_offset_are_candidates():
    """Without it the pressure of the laboratory would fit better."""
    recipe = replace(USUAL, pressure_offset=9.0)
    grid = grid_of(made(recipe, decimals=6, rows=200))
    scale = np.full(200, 1e-5)
    assert USUAL not in grid.best(scale, 1)
    best = grid.best(scale, 5)
    assert USUAL in best
    assert {r.units for r in best[5:]} <= {"uatm"}
    assert {r.pressure for r in best[5:]} <= {"P_equ", "P_atm"}


def ranked(table, recipes, *, published=None, width=1e-6, shifts=()):
    if published is not None:
        table = replace(table, published={TARGET: published})
    size = table.published[TARGET].size
    digits = Rounding(*(np.full(size, width * k) for k in (2.0, 1.0, 1.0)), shifts)
    return rank_recipes(table, Factors(table), TARGET, recipes, digits)


def loss(ratio):
    """Student's t with three degrees of freedom."""
    return 2.0 * np.log(1.0 + ratio**2 / 3.0)


def test_misfit_and_cost():
    """Two hundred independent rows at most if rounding explains all, else forty."""
    table = made(rows=60)
    signs = np.resize([1.0, -1.0], 60)
    computed = exact(table.values, USUAL)
    for size, misfit in (
        (1.0e-6, 200 * loss(1.0)),  # the median of |ratio| is below the rounding
        (1.02e-6, 40 * loss(1 / 1.4826)),
    ):
        (found,) = ranked(table, [USUAL], published=computed / (1.0 + size * signs))
        assert found.recipe == USUAL
        assert found.misfit == pytest.approx(misfit, rel=1e-4)
        assert found.cost == pytest.approx(misfit, rel=1e-4)
    odd = replace(USUAL, fugacity="neglect")
    found = ranked(table, [odd, USUAL], published=computed)
    assert [c.recipe for c in found] == [USUAL, odd]
    standard = standard_columns(table, SOURCE)
    extra = 3.0 * oddness(odd, TARGET, standard)
    assert found[1].cost - found[1].misfit == pytest.approx(extra)
    assert extra > 0


def test_a_constant_difference_that_rounding_explains():
    table = made(rows=60)
    signs = np.resize([1.0, -1.0], 60)
    computed = exact(table.values, USUAL)
    published = computed / (1.0 + 1e-6 * signs)
    near = replace(USUAL, pressure_offset=0.001)
    one, two = ranked(table, [USUAL, near], published=published)
    assert (one.recipe, two.recipe) == (USUAL, near)
    assert two.misfit > one.misfit
    shifts = ((2e-6, 1.0),)  # within three widths: the offset of 1e-6 is allowed
    _, allowed = ranked(table, [USUAL, near], published=published, shifts=shifts)
    assert allowed.misfit < two.misfit


def test_rows_without_a_value_are_left_out():
    table = made(rows=12)
    table.values["salinity"][3] = np.nan
    table.published[TARGET][5] = np.nan
    found = ranked(table, [USUAL], width=1e-3)
    assert [c.recipe for c in found] == [USUAL]
    assert np.isfinite(found[0].misfit)
    table.values["salinity"][6:11] = np.nan
    assert len(ranked(table, [USUAL], width=1e-3)) == 1  # five rows are left
    table.values["salinity"][11] = np.nan
    assert ranked(table, [USUAL], width=1e-3) == []


def test_an_offset_is_added_to_the_recipes():
    table = made(replace(USUAL, pressure_offset=2.0), decimals=6)
    found = ranked(table, [USUAL])
    assert len(found) == 2
    assert found[0].recipe.pressure_offset == pytest.approx(2.0, abs=0.01)
    assert found[1].recipe == USUAL
    assert found[0].misfit < found[1].misfit
    direct = exact(table.values, found[0].recipe) / table.published[TARGET] - 1.0
    assert np.abs(direct).max() < 1e-5
    (alone,) = ranked(table, [found[0].recipe])
    assert found[0].misfit == pytest.approx(alone.misfit)
    table.steps["P_equ"] = 0.81  # two and a half steps are more than the offset
    assert len(ranked(table, [USUAL])) == 1
    table.steps["P_equ"] = 0.79
    assert len(ranked(table, [USUAL])) == 2


def test_a_search_of_five_rows():
    table = made(rows=5)
    found = search(table, TARGET, SOURCE)
    assert found[0].cost <= found[-1].cost
    computed = exact(table.values, found[0].recipe)
    np.testing.assert_allclose(computed, table.published[TARGET], rtol=1e-6)
    costs = [c.cost for c in found]
    assert costs == sorted(costs)


ODD = replace(USUAL, salinity=35.0, virial_pressure="standard_atmosphere")


@pytest.mark.parametrize(("decimals", "recipe"), [(2, USUAL), (6, ODD)])
def test_a_search_finds_the_recipe(decimals, recipe):
    found = search(made(recipe, decimals, rows=200), TARGET, SOURCE)
    assert found[0].recipe == recipe
    assert len(found) > 60


def test_constants():
    assert (PENALTY, _MEDIAN_STEP, _SAMPLE) == (3.0, 9, 900)
    assert (_MAX_CANDIDATES, _MIN_DIFFERENCE) == (60, 4.0)


def test_a_partial_pressure_as_source():
    """Its pressure does not vary from row to row in the first step."""
    source = "pCO2_water_Tequ_wet"
    table = made()
    recipe = Recipe(
        source,
        pressure="P_equ",
        fugacity="pco2",
        fugacity_temperature="T_equ",
        temperature_correction="takahashi_1993",
    )
    partial = replace(USUAL, fugacity="none", temperature_correction="none")
    table.values[source] = exact(table.values, partial)
    table.published[TARGET] = exact(table.values, recipe)
    grid = grid_of(table, source)
    best = grid.best(np.full(60, 1e-6), 5)
    assert best[0] == recipe
    assert len(best) >= 5
    assert search(table, TARGET, source)[0].recipe == recipe


@pytest.mark.parametrize(
    ("first", "second", "calls", "kept"),
    [
        ("exact", "other", 1, "exact"),
        ("other", "exact", 2, "exact"),
        ("other", "odd", 2, "other"),
    ],
)
def test_recipes_that_rounding_alone_explains_win(
    monkeypatch, first, second, calls, kept
):
    module = importlib.import_module("oceanco2.forensics.search")
    table = made(decimals=6, rows=20)
    recipes = {
        "exact": USUAL,
        "other": replace(USUAL, salinity=35.0),
        "odd": replace(USUAL, temperature_correction="none"),
    }
    given = []

    def rank(columns, factors, target, candidates, digits):
        given.append(candidates)
        name = (first, second)[len(given) - 1]
        return [Candidate(recipes[name], 1.0, 1.0)]

    monkeypatch.setattr(module, "rank_recipes", rank)
    (found,) = search(table, TARGET, SOURCE)
    assert found.recipe == recipes[kept]
    assert len(given) == calls
    monkeypatch.setattr(module, "rank_recipes", lambda *_: [])
    assert search(table, TARGET, SOURCE) == []


def test_a_pressure_of_unknown_resolution():
    table = made(replace(USUAL, pressure_offset=0.05), decimals=6)
    del table.steps["P_equ"]
    found = ranked(table, [USUAL])
    assert found[0].recipe.pressure_offset == pytest.approx(0.05, abs=1e-3)


def test_two_temperatures_are_enough_for_a_correction():
    both = Columns(dict.fromkeys(("T_equ", "SST"), np.zeros(3)), {}, {})
    assert len(_temperature_corrections(both, SOURCE)) > 3


def test_equal_pressures_without_some_values():
    pressure = np.array([1010.0, np.nan, 1011.0])
    both = Columns({"P_equ": pressure, "P_atm": pressure.copy()}, {}, {})
    assert _pressures(both, SOURCE) == ["P_equ", "standard_atmosphere"]
    both.values["P_atm"][1] = 1010.0
    assert len(_pressures(both, SOURCE)) == 4
