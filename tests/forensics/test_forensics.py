"""Made tables with a known recipe and oddity: the right one is found."""

import os
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oceanco2.forensics import Recipe, diagnose_table
from oceanco2.forensics.columns import Columns, printed_step
from oceanco2.forensics.recipes import Factors

SOURCE, TARGET = "xCO2_water_Tequ_dry", "fCO2_water_SST_wet"
USUAL = Recipe(
    SOURCE,
    pressure="P_equ",
    vapour="weiss_price_1980",
    vapour_temperature="T_equ",
    salinity="salinity",
    fugacity="xco2",
    fugacity_temperature="T_equ",
    temperature_correction="takahashi_1993",
)


def cruise(seed, rows=400):
    """Inputs that vary as at sea, with all their digits."""
    random = np.random.default_rng(seed)
    method = np.linspace(0.0, 1.0, rows)
    waves = np.cumsum(random.normal(size=(6, rows)), axis=1) / np.sqrt(rows)
    sst = 6.0 + 20.0 * method + waves[0]
    p_equ = 1008.0 + 8.0 * waves[1] + random.normal(0, 0.2, rows)
    return {
        SOURCE: 370.0 + 60.0 * waves[2] + random.normal(0, 1, rows),
        "T_equ": sst + 0.35 + 0.25 * waves[3] + random.normal(0, 0.03, rows),
        "SST": sst,
        "salinity": 34.6 + 0.9 * waves[4],
        "P_equ": p_equ,
        "P_atm": p_equ + 1.5 + 2.0 * waves[5] + random.normal(0, 0.2, rows),
    }


def printed(values, decimals):
    return {name: np.round(v, decimals[name]) for name, v in values.items()}


def exact(values, recipe):
    return Factors(Columns(values, {}, {})).result(recipe)


def table(values, result, target=TARGET):
    time = np.datetime64("2020-01-01", "ns") + np.arange(result.size) * np.timedelta64(
        120, "s"
    )
    data = {name: ("time", v) for name, v in values.items()}
    data[f"{target}_delivered"] = ("time", result)
    return xr.Dataset(data, coords={"time": time})


DECIMALS = {SOURCE: 3, "T_equ": 3, "SST": 3, "salinity": 3, "P_equ": 2, "P_atm": 2}
RECIPES = st.builds(
    replace,
    st.just(USUAL),
    pressure=st.sampled_from(["P_equ", "P_equ", "P_atm", "P_atm + 3"]),
    vapour_temperature=st.sampled_from(["T_equ", "T_equ", "SST"]),
    salinity=st.sampled_from(["salinity", "salinity", 35.0]),
    fugacity=st.sampled_from(["xco2", "neglect", "pco2", "none"]),
    virial_pressure=st.sampled_from(["measured", "standard_atmosphere"]),
    fugacity_temperature=st.sampled_from(["T_equ", "SST"]),
    temperature_correction=st.sampled_from(
        ["takahashi_1993", "takahashi_2009", "weiss_1982", "none"]
    ),
    pressure_offset=st.sampled_from([0.0, 0.0, 0.75, -1.3, 4.0]),
)


def kinds(diagnosis):
    return {f["kind"] for f in diagnosis.to_dict()["findings"]}


@settings(
    max_examples=int(os.environ.get("OCEANCO2_RECIPES", "15")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    recipe=RECIPES,
    seed=st.integers(0, 10_000),
    spoilt=st.sampled_from([0.0, 0.05]),
    exchanged=st.sampled_from([False, False, True]),
)
def test_any_recipe_and_oddity_is_found(recipe, seed, spoilt, exchanged):
    """The recipe found gives what the true one gives, and each oddity is named."""
    if recipe.pressure == "P_atm + 3":
        recipe = replace(recipe, pressure_offset=0.0)
    values = printed(cruise(seed), DECIMALS)
    truth = np.round(exact(values, recipe), 3)
    random = np.random.default_rng(seed)
    bad = random.random(truth.size) < spoilt
    given_result = truth + np.where(bad, random.normal(0, 15, truth.size), 0.0)
    shown = dict(values)
    if exchanged:
        shown["T_equ"], shown["SST"] = values["SST"], values["T_equ"]
    diagnosis = diagnose_table(table(shown, np.round(given_result, 3)))
    result = diagnosis.results[0]
    present = dict(shown)
    if result.swapped:
        present["T_equ"], present["SST"] = shown["SST"], shown["T_equ"]
    output = exact(present, result.recipe)
    assert np.median(np.abs(output - truth)) < 0.002, result.recipe.words()
    assert result.verdict == "reproduced"
    expected = set()
    if recipe.temperature_correction == "none" and not exchanged:
        expected.add("missing_temperature_correction")
    if recipe.pressure_offset:
        expected.add("pressure_offset")
    elif recipe.pressure.startswith("P_atm"):
        expected.add("atmospheric_pressure")
    if recipe.fugacity == "none":
        expected.add("mislabelled")
    if exchanged and recipe.temperature_correction != "none":
        expected.add("swapped_columns")
    assert expected <= kinds(diagnosis)


def test_the_usual_recipe_has_nothing_odd():
    values = printed(cruise(1), DECIMALS)
    diagnosis = diagnose_table(table(values, np.round(exact(values, USUAL), 2)))
    assert diagnosis.results[0].recipe == USUAL
    assert kinds(diagnosis) == set()
    assert diagnosis.results[0].fit.share == 1.0


@pytest.mark.parametrize(
    ("name", "change", "unit"),
    [
        ("P_equ", lambda v: v / 10.0, "kPa"),
        ("P_equ", lambda v: v / 1013.25, "atm"),
        ("SST", lambda v: v + 273.15, "K"),
        (SOURCE, lambda v: v * 1e-6, "mol mol-1"),
    ],
)
def test_units_by_their_size(name, change, unit):
    values = printed(cruise(2), DECIMALS)
    result = np.round(exact(values, USUAL), 2)
    diagnosis = diagnose_table(table(values | {name: change(values[name])}, result))
    assert diagnosis.results[0].verdict == "reproduced"
    texts = [f.text for f in diagnosis.findings if f.kind == "units"]
    assert len(texts) == 1
    assert texts[0].startswith(name)
    assert unit in texts[0]


@pytest.mark.parametrize("units", ["ubar", "Pa"])
def test_units_of_the_result(units):
    values = printed(cruise(3), DECIMALS)
    recipe = replace(USUAL, units=units)
    diagnosis = diagnose_table(table(values, np.round(exact(values, recipe), 3)))
    assert diagnosis.results[0].recipe.units == units
    assert "units" in kinds(diagnosis)


def test_rows_with_other_inputs_are_a_stretch():
    values = printed(cruise(4, rows=2000), DECIMALS)
    used = dict(values)
    wrong = np.zeros(2000)
    wrong[1400:1700] = 0.05
    used["SST"] = values["SST"] + wrong
    diagnosis = diagnose_table(table(values, np.round(exact(used, USUAL), 3)))
    stretches = [f for f in diagnosis.results[0].findings if f.rows]
    assert [f.rows for f in stretches] == [(1401, 1700)]
    assert stretches[0].value == pytest.approx(0.05, abs=0.002)
    assert diagnosis.results[0].recipe == USUAL


def test_exchanged_pressures_show_in_water_and_air():
    values = printed(cruise(8), DECIMALS)
    values["xCO2_atm_dry_interp"] = np.full(400, 390.0)
    air = replace(
        USUAL,
        source="xCO2_atm_dry_interp",
        pressure="P_atm",
        vapour_temperature="SST",
        fugacity_temperature="SST",
        temperature_correction="none",
    )
    ds = table(values, np.round(exact(values, USUAL), 3))
    result = np.round(exact(values, air), 3)
    ds["fCO2_atm_wet_interp_delivered"] = ("time", result)
    assert "swapped_columns" not in kinds(diagnose_table(ds))
    ds["P_equ"], ds["P_atm"] = ds["P_atm"], ds["P_equ"]
    assert "swapped_columns" in kinds(diagnose_table(ds))


def test_equal_results_under_two_names():
    values = printed(cruise(5), DECIMALS)
    result = np.round(exact(values, USUAL), 3)
    ds = table(values, result)
    ds["fCO2_water_Tequ_wet_delivered"] = ds[f"{TARGET}_delivered"]
    diagnosis = diagnose_table(ds)
    assert {"equal_columns", "mislabelled"} <= kinds(diagnosis)
    # The other column is right: nothing is missing in it.
    assert "missing_temperature_correction" not in kinds(diagnosis)


def test_noise_alone_is_not_reproducible():
    random = np.random.default_rng(6)
    values = printed(cruise(6), DECIMALS)
    result = np.round(random.uniform(250.0, 450.0, 400), 2)
    diagnosis = diagnose_table(table(values, result))
    assert diagnosis.results[0].verdict == "not reproducible from these columns"
    assert diagnosis.to_dict()["results"][0]["recipe"] is None
    assert "not reproducible" in diagnosis.text()


def test_a_table_without_inputs_gives_an_error():
    values = printed(cruise(7), DECIMALS)
    result = np.round(exact(values, USUAL), 2)
    del values[SOURCE]
    diagnosis = diagnose_table(table(values, result))
    assert diagnosis.results[0].verdict == "not reproducible from these columns"


@pytest.mark.parametrize(
    "absent", [["SST"], ["T_equ"], ["SST", "T_equ"], ["SST", "T_equ", "P_equ", "P_atm"]]
)
@pytest.mark.parametrize("name", [SOURCE, "xCO2_water_SST_dry"])
def test_columns_that_are_not_there_are_no_reason_to_stop(absent, name):
    """A column without one possible value is not there either."""
    values = printed(cruise(8), DECIMALS)
    result = np.round(exact(values, USUAL), 2)
    values[name] = values.pop(SOURCE)
    lost = {key: np.full(result.shape, np.nan) for key in absent}
    diagnosis = diagnose_table(table(values | lost, result))
    assert diagnosis.results[0].verdict == "not reproducible from these columns"
    diagnosis.text()


@pytest.mark.parametrize(
    ("values", "step"),
    [([380.12, 381.3], 0.01), ([1.0, 2.0], 1.0), ([0.5, np.nan], 0.1), ([1 / 3], 0.0)],
)
def test_printed_step(values, step):
    assert printed_step(np.array(values)) == pytest.approx(step)
