"""Timetable, truth, span gas and noise of a simulated moored system."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.simulation import mapco2
from oceanco2.simulation.instrument import true_contents, true_mole_fraction
from oceanco2.simulation.world import build_world
from oceanco2.vocabulary import RUN_TYPES

MOORING = platforms.load("demo_mapco2")
SHIP = platforms.load("demo_ship")
START = np.datetime64("2024-03-01T00:00:00", "s")
WORLD = build_world(1, 1.0, moves=False)
SPAN = (5000.0, 32400.0, 86400.0)
MINUTES = [1, 2, 3, 4, 5, 7, 17, 18, 20, 21]
KINDS = ["zero"] * 3 + ["span"] * 3 + ["ignored", "water", "ignored", "air"]


def read(noise=False, platform=MOORING):
    return mapco2.frame_rows(WORLD, platform, SPAN, START, 1, noise)


def test_cycles_of_three_hours():
    rows = read()
    expected = [b + 60.0 * m for b in (10800.0, 21600.0) for m in MINUTES]
    assert rows.seconds.tolist() == expected
    assert rows.labels.tolist() == [state for state, *_ in mapco2.LINES] * 2
    assert rows.truth["run_type"].tolist() == [RUN_TYPES[k] for k in KINDS * 2]
    assert rows.truth["run_type"].dtype == np.int8
    now = WORLD.truth(rows.seconds)
    for name in ("SST", "salinity", "P_atm", "fCO2_water_SST_wet", "wind_speed"):
        np.testing.assert_array_equal(rows.truth[name], now[name])
    np.testing.assert_array_equal(rows.truth["T_equ"], now["SST"])
    np.testing.assert_array_equal(rows.truth["P_equ"], now["P_atm"])
    dry = true_mole_fraction(rows.truth, MOORING)
    np.testing.assert_array_equal(rows.truth["xCO2_water_SST_dry"], dry)
    np.testing.assert_array_equal(rows.measured["SST"], now["SST"])
    begins = np.repeat([10800.0, 21600.0], 10)
    gas = mapco2._span_gas(MOORING, rows.labels, rows.seconds, START)
    response = mapco2._analyser_response(WORLD, begins, rows.labels, gas)
    for name in ("gain", "offset"):
        np.testing.assert_array_equal(rows.truth[name], response[name])
    readings = mapco2._cycle_readings(
        *(rows.truth, rows.measured, rows.labels, gas, rows.seconds)
    )
    for name, values in readings.items():
        np.testing.assert_array_equal(rows.measured[name], values)


def gases(*standards):
    known = SHIP.standards[1]
    made = [
        known.model_copy(update={"run": run, "xCO2": x, "uncertainty": 2.0})
        for run, x in standards
    ]
    return MOORING.model_copy(update={"standards": tuple(made)})


@pytest.mark.parametrize(
    ("standards", "certified"),
    [((), 650.0), ((("span", 500.0),), 500.0), ((("other", 500.0),), 650.0)],
)
def test_the_span_gas(standards, certified):
    platform = gases(*standards)
    labels, t = np.full(4, "x", object), np.arange(4.0)
    found = mapco2._span_gas(platform, labels, t, START)
    assert found.tolist() == [certified] * 4
    ratio = mapco2._true_ratio(platform, labels, t, START, 3)
    if certified == 500.0:
        expected = true_contents(platform, 3, noise=True)[0] / 500.0
        assert expected != 1.0
        assert ratio.tolist() == [expected] * 4
    else:
        assert ratio.tolist() == [1.0] * 4


def test_a_span_gas_without_carbon_dioxide():
    platform = gases(("span", 0.0))
    ratio = mapco2._true_ratio(platform, np.full(1, "x"), np.zeros(1), START, 3)
    assert ratio.tolist() == true_contents(platform, 3, noise=True).tolist()


@pytest.mark.parametrize("given", [None, 0.0, 1.5])
def test_noise(given):
    """White noise of 0.3 umol/mol and 0.3 %, or what the platform file states."""
    platform = gases()
    xco2 = SHIP.variables["xCO2"].model_copy(update={"uncertainty": given})
    variables = MOORING.variables | {"xCO2": xco2}
    variables = {k: v for k, v in variables.items() if k != "RH"}
    platform = platform.model_copy(update={"variables": variables})
    ideal, noisy = read(False, platform), read(True, platform)
    rng = np.random.default_rng(np.random.SeedSequence([1, 9, 5000]))
    for _ in range(5):  # the five sensors are read first
        rng.standard_normal(20)
    white = {name: rng.standard_normal(20) for name in ("xCO2", "RH")}
    added = noisy.measured["RH"] - ideal.measured["RH"]
    np.testing.assert_allclose(added, 0.3 * white["RH"], atol=1e-9)
    sigma = 0.3 if given is None else given
    dry = np.isin(KINDS * 2, ["zero", "span"])  # not changed by the noise of P_atm
    added = noisy.measured["xCO2"] - ideal.measured["xCO2"]
    np.testing.assert_allclose(added[dry], sigma * white["xCO2"][dry], atol=1e-9)


def test_a_wrong_span_gas_is_read_as_it_is():
    platform = gases(("span", 500.0))
    ideal, noisy = read(False, platform), read(True, platform)
    ratio = true_contents(platform, 1, noise=True)[0] / 500.0
    rows = np.array(KINDS * 2) == "span"
    change = (noisy.measured["xCO2"] - ideal.measured["xCO2"])[rows]
    assert change.mean() == pytest.approx(500.0 * (ratio - 1.0), abs=0.6)
