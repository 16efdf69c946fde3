"""Readings of a simulated analyser and stream, by their definitions."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.simulation import instrument as i
from oceanco2.simulation.world import build_world, waves
from oceanco2.vocabulary import RUN_TYPES
from tests.simulation.test_writers import variant

SHIP = platforms.load("demo_ship")
START = np.datetime64("2024-03-01T00:00:00", "s")
WORLD = build_world(1, 1.0, moves=True)
SPAN = (10800.0, 21600.0, 86400.0)
CERTIFIED = {"STD1": 0.0, "STD2": 248.42, "STD3": 374.86, "STD4": 501.27}


def read(platform=SHIP, noise=False, seed=1):
    return i.analyser_rows(WORLD, platform, SPAN, START, seed, noise)


def test_truth_of_the_water_that_passed_earlier():
    """What the pipes delay is that of a minute ago; the rest is of now."""
    rows = read()
    now, earlier = WORLD.truth(rows.seconds), WORLD.truth(rows.seconds - 60.0)
    delayed = {"SST", "salinity", "fCO2_water_SST_wet", "T_equ"}
    for name in now:
        expected = earlier[name] if name in delayed else now[name]
        np.testing.assert_array_equal(rows.truth[name], expected, err_msg=name)
        if name in delayed:
            assert not np.array_equal(expected, now[name])
    wind = ('sensor = "anemometer"', 'sensor = "anemometer", lag_seconds = 30')
    late = variant(wind)
    found = i._truth_at_analyser(WORLD, late, rows.seconds)
    half = WORLD.truth(rows.seconds - 30.0)
    np.testing.assert_array_equal(found["wind_speed"], half["wind_speed"])
    np.testing.assert_array_equal(found["SST"], earlier["SST"])
    in_log = SHIP.variables["SST"].model_copy(update={"file": "analyser"})
    both = {"SST": in_log, "salinity": in_log, "wind_speed": in_log}
    ship = SHIP.model_copy(update={"variables": SHIP.variables | both})
    found = i._truth_at_analyser(WORLD, ship, rows.seconds)
    for name in now:
        np.testing.assert_array_equal(found[name], now[name])


def gas_of(rows, moist=1.0):
    """True mole fractions in the analyser."""
    expected = np.empty(rows.seconds.size)
    for row, label in enumerate(rows.labels):
        air = rows.truth["xCO2_atm_dry_actual"][row]
        water = rows.truth["xCO2_water_Tequ_dry"][row]
        gas = (air if label == "ATM" else water) * moist
        expected[row] = CERTIFIED.get(label, gas)
    return expected


@pytest.mark.parametrize("dry", [True, False])
def test_an_ideal_analyser(dry):
    """(gas - offset) / gain; 0.5 mmol/mol of vapour thin the samples if wet."""
    ship = SHIP if dry else variant(("dry = true", "dry = false"))
    rows = read(ship)
    fraction = i.true_mole_fraction(rows.truth, ship)
    np.testing.assert_array_equal(rows.truth["xCO2_water_Tequ_dry"], fraction)
    expected = gas_of(rows, 1.0 if dry else 0.9995)
    found = rows.measured["xCO2"] * rows.truth["gain"] + rows.truth["offset"]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9)
    kinds = {"ATM": "air", "EQU": "water", "EQU-DRAIN": "water"}
    codes = [RUN_TYPES[kinds.get(label, "standard")] for label in rows.labels]
    assert rows.truth["run_type"].tolist() == codes
    assert rows.truth["run_type"].dtype == np.int8
    for kind, name, source in (
        ("water", "xCO2_water_Tequ_dry", "xCO2_water_Tequ_dry"),
        ("air", "xCO2_atm_dry_actual", "xCO2_atm_dry_actual"),
    ):
        here = rows.truth["run_type"] == RUN_TYPES[kind]
        expected = np.where(here, rows.truth[source], np.nan)
        np.testing.assert_array_equal(rows.measured[name], expected)


def test_noise_of_an_analyser():
    ideal, noisy = read(), read(noise=True)
    random = np.random.default_rng(np.random.SeedSequence([1, 3, 10800]))
    white = 0.1 * random.standard_normal(ideal.seconds.size)
    samples = ~np.isin(ideal.labels, list(CERTIFIED))
    added = noisy.measured["xCO2"] - ideal.measured["xCO2"]
    np.testing.assert_allclose(added[samples], white[samples], atol=1e-9)
    drawn = np.random.default_rng(np.random.SeedSequence([1, 4])).standard_normal(4)
    for number, sigma in enumerate((0.05, 0.06, 0.06, 0.06)):
        rows = ideal.labels == f"STD{number + 1}"
        error = (added - white)[rows] * ideal.truth["gain"][rows]
        np.testing.assert_allclose(error, sigma * drawn[number], atol=1e-9)
    bare = SHIP.variables["xCO2"].model_copy(update={"uncertainty": None})
    ship = SHIP.model_copy(update={"variables": SHIP.variables | {"xCO2": bare}})
    added = read(ship, noise=True).measured["xCO2"] - ideal.measured["xCO2"]
    np.testing.assert_allclose(added[samples], 0.0, atol=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_of_a_stream(seed):
    """Eight tenths white, six tenths slow, as waves of 30 minutes to 8.3 hours."""
    span = (7200.0, 9000.0)
    ideal = i.stream_rows(WORLD, SHIP, span, seed, noise=False)
    noisy = i.stream_rows(WORLD, SHIP, span, seed, noise=True)
    t = ideal.seconds
    assert t.tolist() == list(np.arange(7200.0, 9000.0, 10.0))
    assert ideal.labels.dtype == read().labels.dtype == object
    white = np.random.default_rng(np.random.SeedSequence([seed, 6, 7200]))
    sizes = {"SST": 0.02, "T_equ": 0.02, "salinity": 0.05, "P_equ": 0.5, "P_atm": 0.5}
    for number, (name, sigma) in enumerate(sizes.items()):
        slow = np.random.default_rng(np.random.SeedSequence([seed, 5, number]))
        expected = 0.8 * white.standard_normal(t.size)
        expected += 0.6 * waves(slow, 1800.0, 30000.0, 12)(t)
        added = noisy.measured[name] - ideal.measured[name]
        np.testing.assert_allclose(added, sigma * expected, atol=1e-9, err_msg=name)
    for name in ("latitude", "longitude", "wind_speed"):
        np.testing.assert_array_equal(noisy.measured[name], ideal.truth[name])
    assert "gain" not in noisy.measured


def test_the_virial_pressure_of_the_platform():
    truth = {"fCO2_water_SST_wet": 380.0, "SST": 15.0, "T_equ": 15.4}
    truth |= {"salinity": 35.0, "P_equ": 950.0}
    arrays = {k: np.array([v]) for k, v in truth.items()}
    usual = i.true_mole_fraction(arrays, SHIP)[0]
    for changes in (
        {"virial_pressure": "standard_atmosphere"},
        {"mole_fraction": "neglect"},
        {"temperature_correction": "weiss_1982"},
        {"vapour_pressure": "dickson_2007"},
    ):
        reduction = SHIP.reduction.model_copy(update=changes)
        ship = SHIP.model_copy(update={"reduction": reduction})
        assert i.true_mole_fraction(arrays, ship)[0] != usual
    hot = arrays | {"SST": np.array([50.0]), "T_equ": np.array([50.4])}
    assert np.isfinite(i.true_mole_fraction(hot, SHIP)).all()


def test_the_lag_of_a_group_of_sensors():
    """The water is at the intake 45 s before it is in the laboratory, the home."""
    lags = [SimpleNamespace(from_="intake", time=None, seconds=45.0)]
    lags.append(SimpleNamespace(from_="laboratory", time=None, seconds=7.0))
    groups = ["intake", "laboratory", "drain"]
    for home, expected in (("laboratory", 45.0), ("drain", 52.0), ("intake", 0.0)):
        chain = SimpleNamespace(groups=groups, lags=lags, home=home, main="analyser")
        source = SHIP.variables["SST"].model_copy(update={"group": "intake"})
        changes = {"alignment": chain, "variables": SHIP.variables | {"SST": source}}
        ship = SHIP.model_copy(update=changes)
        assert i.lag_of(ship, "SST") == expected
