"""The simulated sea and air by their definitions."""

import numpy as np
import pytest

from oceanco2.simulation import world as w


def flat(value=0.0):
    """A field of one value: sqrt(2) sin(phase)."""
    phase = np.array([np.arcsin(value / np.sqrt(2.0))])
    return w.Waves(np.array([0.0]), phase)


NAMES = [
    "eddies",
    "salt",
    "biology",
    "days",
    "season",
    "weather",
    "wind",
    "warming",
    "pump",
    "air",
    "gain",
    "offset",
]
BASE = {
    "SST": 27.0 - 0.32 * 34.3,
    "fCO2_water_SST_wet": 375.0,
    "P_atm": 1012.0,
    "P_equ": 1012.4,
    "xCO2_atm_dry_actual": 421.0,
    "wind_speed": 8.0,
    "gain": 1.003,
    "offset": 0.9,
    "water_flow": 2.4,
    "latitude": 34.3,
    "longitude": -120.8,
}
#: What a field of the value 1 adds.
ADDED = {
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


def mooring(**values):
    fields = {name: flat(values.get(name, 0.0)) for name in NAMES}
    return w.World(False, np.zeros((0, 4)), fields, np.array([[1e9, 3.0, 0.0]]))


T = np.array([0.35 * 86400.0])  # the daily warming is zero


def test_base_values():
    truth = {name: float(v[0]) for name, v in mooring().truth(T).items()}
    sst = BASE["SST"]
    expected = {**BASE, "T_equ": sst + 0.32, "salinity": 35.2 - 0.03 * (sst - 14.0)}
    assert truth == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_field_adds(name):
    before, after = mooring().truth(T), mooring(**{name: 1.0}).truth(T)
    for key, value in before.items():
        change = float(after[key][0] - value[0])
        assert change == pytest.approx(ADDED[name].get(key, 0.0), abs=1e-9), key


def test_daily_warming():
    base, world = BASE["SST"], mooring()
    for share, warm in ((0.6, 0.3), (0.1, -0.15), (0.85, 0.0)):
        sst = float(world.truth(np.array([share * 86400.0]))["SST"][0])
        assert sst - base == pytest.approx(warm, abs=1e-9)


def test_wind_is_never_negative():
    world = mooring()
    world.fields["wind"] = w.Waves(np.zeros(9), np.full(9, -np.pi / 2))
    wind = world.truth(T)["wind_speed"]  # 8 - 3.5 sqrt(18) = -6.849
    assert wind == pytest.approx([3.5 * np.sqrt(18.0) - 8.0])


def test_waves_have_unit_variance():
    sine = w.Waves(np.array([1.0, 2.0]), np.array([0.5, 0.25]))
    x = 2 * np.pi * np.arange(1000) / 1000
    assert np.mean(sine(x) ** 2) == pytest.approx(1.0)
    assert sine(np.zeros(1)) == pytest.approx([np.sin(0.5) + np.sin(0.25)])


def test_waves_are_drawn_within_their_periods():
    drawn = w.waves(np.random.default_rng(1), 10.0, 1000.0)
    assert drawn.rates.size == 6
    periods = 2 * np.pi / drawn.rates
    ratio = periods / np.geomspace(10.0, 1000.0, 6)
    assert ((ratio >= 0.9) & (ratio <= 1.1)).all()
    assert ((drawn.phases >= 0) & (drawn.phases <= 2 * np.pi)).all()


def test_fronts():
    fronts = np.array([[250.0, 5.0, 1.0], [700.0, 5.0, -0.5]])
    world = w.World(True, np.zeros((0, 4)), {}, fronts)
    at = np.array([0.0, 250.0, 255.0, 470.0, 700.0, 900.0, 5000.0])
    half = 0.5 + 0.5 * np.tanh(1.0)
    expected = [0.0, 0.5, half, 1.0, 0.25, -0.5, -0.5]
    assert world.front_warming(at) == pytest.approx(expected, abs=1e-12)


def test_ports_and_fronts_are_constants():
    assert w._PORTS[0] == (60.4, 5.3)
    assert w._PORTS[1] == (64.1, -21.9)
    assert w._PORTS[2] == (55.7, -12.6)
    assert w._PORTS[3] == (41.2, -8.7)
    assert w._PORTS[4] == (36.7, -25.6)
    assert (w._FIRST_FRONT, w._FRONT_SPACING, w._SPEED_CYCLES) == (250.0, 450.0, 5)


def test_great_circle_along_the_equator_and_a_meridian():
    for b in ((0.0, 90.0), (90.0, 0.0)):
        ends = np.array([[0.0, 0.0]]), np.array([b])
        latitude, longitude, km = w._great_circle(*ends, np.array([0.5]))
        point = (float(latitude[0]), float(longitude[0]))
        assert point == pytest.approx((b[0] / 2, b[1] / 2), abs=1e-9)
        assert km == pytest.approx([np.pi / 2 * w.MEAN_EARTH_KM])


def test_ship_follows_its_legs():
    world = w.build_world(3, 20.0, moves=True)
    legs = world.legs
    assert (legs[0, 0], legs[0, 1]) == (0.0, 0.0)
    assert legs[1:, 1] - legs[1:, 0] == pytest.approx(np.full(len(legs) - 1, 36000.0))
    assert (legs[1:, 0] == legs[:-1, 2]).all()
    assert (np.diff(legs[:, 3]) == 1).all()
    lengths = np.array([w._leg_km(int(i)) for i in legs[:, 3]])
    speed = lengths / (legs[:, 2] - legs[:, 1])
    assert np.ptp(speed) < 1e-12
    assert 5.2e-3 <= speed[0] <= 6.0e-3
    assert legs[-1, 2] >= 20.0 * 86400.0 + 1.0 > legs[-1, 0]
    for leg, sailed in zip(legs, np.cumsum(lengths) - lengths, strict=True):
        latitude, longitude, km = world.position(np.array([leg[1], leg[2] - 1e-6]))
        ports = [w._PORTS[(int(leg[3]) + i) % 5] for i in (0, 1)]
        assert latitude == pytest.approx([p[0] for p in ports], abs=1e-5)
        assert longitude == pytest.approx([p[1] for p in ports], abs=1e-5)
        assert km == pytest.approx([sailed, sailed + w._leg_km(int(leg[3]))], abs=1e-3)
    # The pace varies by 8 % of the mean speed: the most in the middle of a cycle.
    t = legs[0, 2] * np.array([0.1, 0.2])
    km = world.position(t)[2] / lengths[0]
    assert km == pytest.approx([0.1 + 0.08 * 2 / (10 * np.pi), 0.2])


def test_fronts_of_a_cruise():
    world = w.build_world(3, 20.0, moves=True)
    middle = 250.0 + 450.0 * np.arange(len(world.fronts))
    assert (np.abs(world.fronts[:, 0] - middle) <= 90.0).all()
    assert ((world.fronts[:, 1] >= 3.0) & (world.fronts[:, 1] <= 8.0)).all()
    assert (np.abs(world.fronts[:, 2]) <= 1.2).all()
    assert set(world.fields) == set(NAMES)
    longer = w.build_world(3, 40.0, moves=True)
    assert (longer.fronts[: len(middle)] == world.fronts).all()
    days = 86400.0
    spans = {
        "eddies": (60.0, 900.0),
        "salt": (80.0, 1200.0),
        "biology": (90.0, 1500.0),
        "days": (0.4 * days, 9 * days),
        "season": (2 * days, 30 * days),
        "weather": (0.7 * days, 8 * days),
        "wind": (0.2 * days, 5 * days),
        "warming": (0.1 * days, 3 * days),
        "pump": (0.05 * days, days),
        "air": (0.5 * days, 9 * days),
        "gain": (6 * days, 20 * days),
        "offset": (6 * days, 20 * days),
    }
    # The same random numbers, in this order.
    rng = np.random.default_rng(np.random.SeedSequence([3, 1]))
    for name, span in spans.items():
        expected = w.waves(rng, *span)
        assert world.fields[name].rates == pytest.approx(expected.rates), name
