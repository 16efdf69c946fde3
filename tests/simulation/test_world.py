"""The simulated world: coefficients, places and legs by hand."""

import numpy as np
import pytest

from oceanco2.geography import distance_km
from oceanco2.simulation.world import World, build_world, waves

FIELDS = ("eddies", "days", "salt", "biology", "season", "weather", "wind")
FIELDS += ("warming", "pump", "air", "gain", "offset")


def still(fronts=((1e9, 5.0, 0.0),), **values):
    """A mooring at 34.3 N; the fields have the values given, otherwise zero."""
    sizes = dict.fromkeys(FIELDS, 0.0) | values
    fields = {n: lambda x, v=v: 0 * x + v for n, v in sizes.items()}
    return World(False, np.zeros((1, 4)), fields, np.array(fronts))


#: Values without any wave at sunset and sunrise (t = 0.35 d), by hand.
QUIET = {
    "latitude": 34.3,
    "longitude": -120.8,
    "SST": 27.0 - 0.32 * 34.3,
    "salinity": 35.2 - 0.03 * (27.0 - 0.32 * 34.3 - 14.0),
    "fCO2_water_SST_wet": 375.0,
    "P_atm": 1012.0,
    "T_equ": 27.0 - 0.32 * 34.3 + 0.32,
    "P_equ": 1012.4,
    "xCO2_atm_dry_actual": 421.0,
    "wind_speed": 8.0,
    "gain": 1.003,
    "offset": 0.9,
    "water_flow": 2.4,
}
#: What a wave of size one adds to each value.
EFFECTS = {
    "eddies": {"SST": 0.7, "T_equ": 0.7, "salinity": -0.021, "fCO2_water_SST_wet": 2.8},
    "days": {"SST": 0.5, "T_equ": 0.5, "salinity": -0.015, "fCO2_water_SST_wet": 2.0},
    "salt": {"salinity": 0.3},
    "biology": {"fCO2_water_SST_wet": 14.0},
    "season": {"fCO2_water_SST_wet": 9.0},
    "weather": {"P_atm": 9.0, "P_equ": 9.0},
    "wind": {"wind_speed": 3.5},
    "warming": {"T_equ": 0.06},
    "pump": {"P_equ": 0.25, "water_flow": 0.1},
    "air": {"xCO2_atm_dry_actual": 1.5},
    "gain": {"gain": 0.0012},
    "offset": {"offset": 0.6},
}


@pytest.mark.parametrize("field", ["none", *EFFECTS])
def test_each_field_has_its_effect(field):
    truth = still(**{field: 1.0}).truth(np.array([0.35 * 86400]))
    assert set(truth) == set(QUIET)
    for name, value in QUIET.items():
        added = EFFECTS.get(field, {}).get(name, 0.0)
        assert truth[name][0] == pytest.approx(value + added, abs=1e-9), name


def test_the_day_warms_the_water():
    """By 0.15 K of the sine, and as much again of its cube, which is no cooling."""
    sst = still().truth(np.array([0.35, 0.6, 0.85, 1.1]) * 86400)["SST"]
    np.testing.assert_allclose(sst - QUIET["SST"], [0, 0.3, 0, -0.15], atol=1e-9)
    third = still().truth(np.array([0.35 + 1 / 12]) * 86400)["SST"]  # sin is 1/2
    assert third - QUIET["SST"] == pytest.approx(0.15 * (0.5 + 0.125))


def test_wind_is_never_negative():
    assert still(wind=-4.0).truth(np.zeros(1))["wind_speed"] == pytest.approx(6.0)


def test_a_front_is_passed():
    world = still(fronts=((260.0, 5.0, 1.0), (690.0, 4.0, -0.5), (1160.0, 6.0, 0.2)))
    km = np.array([0.0, 260.0, 265.0, 400.0, 690.0, 800.0, 1160.0, 5000.0])
    passed = 0.5 + 0.5 * np.tanh(1.0)
    expected = [0.0, 0.5, passed, 1.0, 0.25, -0.5, -0.15, 0.2]
    np.testing.assert_allclose(world.front_warming(km), expected, atol=1e-9)


def test_waves_have_unit_variance_and_their_periods():
    drawn = waves(np.random.default_rng(3), 10.0, 1000.0, 3)
    nominal = np.array([10.0, 100.0, 1000.0])
    ratio = 2 * np.pi / drawn.rates / nominal
    assert ((ratio > 0.9) & (ratio < 1.1)).all()
    assert ((drawn.phases >= 0) & (drawn.phases < 2 * np.pi)).all()
    x = np.array([0.0, 7.0])
    by_hand = sum(
        np.sin(r * x + p) for r, p in zip(drawn.rates, drawn.phases, strict=True)
    )
    np.testing.assert_allclose(drawn(x), by_hand * np.sqrt(2 / 3))
    assert drawn(np.linspace(0, 2e5, 400_001)).std() == pytest.approx(1.0, abs=0.02)
    assert waves(np.random.default_rng(0), 1.0, 2.0).rates.size == 6
    assert 2.5 < np.ptp(waves(np.random.default_rng(0), 1.0, 2.0, 4000).phases) < 6.2832


PORTS = {0: (60.4, 5.3), 1: (64.1, -21.9), 2: (55.7, -12.6), 3: (41.2, -8.7)}
PORTS |= {4: (36.7, -25.6)}


@pytest.mark.parametrize("seed", range(6))
def test_the_ship_sails_from_port_to_port(seed):
    world = build_world(seed, 30.0, moves=True)
    legs = world.legs
    assert legs[0, 0] == legs[0, 1] == 0.0  # no stay before the first leg
    np.testing.assert_array_equal(legs[1:, 0], legs[:-1, 2])
    np.testing.assert_allclose(legs[1:, 1] - legs[1:, 0], 36000.0)  # ten hours in port
    assert legs[-1, 0] < 30 * 86400 + 1 <= legs[-1, 2]
    sailed = 0.0
    for begin, sails, arrives, number in legs:
        here, there = PORTS[number % 5], PORTS[(number + 1) % 5]
        length = float(distance_km(*here, *there))
        speed = length * 1000.0 / (arrives - sails)
        assert 5.2 <= speed <= 6.0
        lat, lon, km = world.position(np.array([begin, sails, arrives - 1e-6]))
        np.testing.assert_allclose(lat, [here[0], here[0], there[0]], atol=1e-4)
        np.testing.assert_allclose(lon, [here[1], here[1], there[1]], atol=1e-4)
        assert km[1] == pytest.approx(sailed, rel=1e-5)
        sailed += length
        assert km[2] == pytest.approx(sailed, rel=1e-4)
    t = np.linspace(legs[0, 1], legs[0, 2], 2001)
    lat, lon, km = world.position(t)
    steps = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:])
    np.testing.assert_allclose(np.diff(km), steps, rtol=1e-4)
    speeds = steps / np.median(steps)
    assert speeds.max() == pytest.approx(1.08, abs=0.002)
    assert speeds.min() == pytest.approx(0.92, abs=0.002)
    fast = np.diff((speeds > 1.0).astype(int))
    assert (fast == 1).sum() in (4, 5)  # five cycles of speed on a leg


def test_fronts_are_one_every_450_km():
    world = build_world(1, 40.0, moves=True)
    position, width, behind = world.fronts.T
    nominal = 250.0 + 450.0 * np.arange(position.size)
    assert np.abs(position - nominal).max() <= 90.0
    assert ((width >= 3.0) & (width <= 8.0)).all()
    assert np.abs(behind).max() <= 1.2
    sailed = world.position(np.array([40 * 86400.0]))[2][0]
    assert sailed < position[-1] < sailed * 1.25 + 1500
    longer = build_world(1, 60.0, moves=True)
    np.testing.assert_array_equal(longer.fronts[: position.size], world.fronts)
    np.testing.assert_array_equal(longer.legs[: len(world.legs)], world.legs)
    assert len(longer.fronts) > position.size


def test_periods_of_the_fields():
    """In km for fields in space, in seconds for fields in time; ten per cent around."""
    day = 86400.0
    expected = {
        "eddies": (60.0, 900.0),
        "salt": (80.0, 1200.0),
        "biology": (90.0, 1500.0),
        "days": (0.4 * day, 9 * day),
        "season": (2 * day, 30 * day),
        "weather": (0.7 * day, 8 * day),
        "wind": (0.2 * day, 5 * day),
        "warming": (0.1 * day, 3 * day),
        "pump": (0.05 * day, 1 * day),
        "air": (0.5 * day, 9 * day),
        "gain": (6 * day, 20 * day),
        "offset": (6 * day, 20 * day),
    }
    worlds = [build_world(seed, 0.1, moves=False) for seed in range(60)]
    assert set(worlds[0].fields) == set(expected)
    for name, span in expected.items():
        periods = np.array([2 * np.pi / w.fields[name].rates for w in worlds])
        ends = np.stack([periods[:, 0], periods[:, -1]])
        np.testing.assert_allclose(ends.mean(axis=1), span, rtol=0.03)
        assert (np.abs(ends / np.array(span)[:, None] - 1) <= 0.1).all()
