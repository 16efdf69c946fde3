"""Ice, freezing water, ports: limits on both sides."""

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.physics import freezing_temperature
from oceanco2.qc.checks import surroundings
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

DEFAULTS = [
    (surroundings.FreezingOptions, {"questionable": 0.1, "bad": 0.5}),
    (surroundings.IceOptions, {"questionable": 0.8, "bad": np.inf}),
    (
        surroundings.PortOptions,
        {
            "reach_km": 0.4,
            "hours": 4.0,
            "warming": 1.0,
            "flow": 0.3,
            "ports": "",
            "port_km": 3.0,
        },
    ),
]


@pytest.mark.parametrize(("options", "expected"), DEFAULTS)
def test_defaults(options, expected):
    assert options().model_dump() == expected


@pytest.mark.parametrize(
    ("below", "flag"),
    [(-9.0, 2), (0.0, 2), (0.09, 2), (0.11, 3), (0.49, 3), (0.51, 4), (np.nan, 2)],
)
def test_freezing(below, flag):
    salinity = np.array([35.0, np.nan])
    point = freezing_temperature(salinity, np.array([5.0, 5.0]), np.array([70.0] * 2))
    values = np.array([point[0] - below, -9.0])
    where = {"longitude": np.array([5.0] * 2), "latitude": np.array([70.0] * 2)}
    found = surroundings.check_freezing(
        values, np.arange(2.0), salinity=salinity, **where
    )
    assert found.tolist() == [flag, GOOD]
    found = surroundings.check_freezing(values, np.arange(2.0), salinity=salinity)
    assert found.tolist() == [flag, GOOD]
    found = surroundings.check_freezing(
        values, np.arange(2.0), salinity=salinity, questionable=2.0, bad=3.0, **where
    )
    assert found.tolist() == [GOOD, GOOD]


def test_ice():
    found = surroundings.check_ice(
        np.zeros(4),
        np.arange(4.0),
        sea_ice_area_fraction=np.array([0.8, 0.81, 1.0, np.nan]),
    )
    assert found.tolist() == [GOOD, QUESTIONABLE, QUESTIONABLE, GOOD]
    found = surroundings.check_ice(
        np.zeros(3),
        np.arange(3.0),
        sea_ice_area_fraction=np.array([0.2, 0.9, 0.91]),
        questionable=0.1,
        bad=0.9,
    )
    assert found.tolist() == [QUESTIONABLE, QUESTIONABLE, BAD]


def test_positions_of_ports():
    lat, lon = surroundings._port_positions("60.39 5.32; -90,360;")
    assert (lat.tolist(), lon.tolist()) == ([60.39, -90.0], [5.32, 360.0])
    assert surroundings._port_positions(" ")[0].size == 0
    for text in ("90.1 0", "-90.1 0", "0 360.1", "0 -360.1", "nan 0"):
        with pytest.raises(OptionError, match="is not a valid position"):
            surroundings._port_positions(text)
    for text in ("60", "60 5 1", "60 east"):
        with pytest.raises(OptionError, match="must be latitude and longitude"):
            surroundings._port_positions(f"1 1; {text}")


def test_medians():
    assert surroundings._median(np.array([1.0, np.nan, 3.0])) == 2.0
    assert surroundings._median(np.array([np.nan])) == 0.0


def test_varying_flow():
    # Median 3, median distance 1: 1.4826 is 0.4942 of the median.
    flow = np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])
    assert surroundings._varies(flow, 0.494)
    assert not surroundings._varies(flow, 0.495)
    assert not surroundings._varies(np.array([np.nan]), 0.3)
    assert not surroundings._varies(np.zeros(5), 0.3)
    assert surroundings._varies(np.array([-3.0, -2.0, -1.0]), 0.3)


def rest(values=0.0, n=40, **options):
    found = surroundings.check_port(
        np.full(n, values),
        600.0 * np.arange(n),
        latitude=np.full(n, 60.0),
        longitude=np.full(n, 5.0),
        **options,
    )
    assert (found == found[0]).all()
    return found[0] == QUESTIONABLE


def test_ships_at_rest():
    assert not rest()
    assert not rest(1.0)
    assert rest(1.01)
    assert not rest(1.01, n=24)
    assert not rest(1.01, hours=7.0)
    assert rest(ports="60.02 5.0")  # 2.2 km
    assert not rest(ports="60.04 5.0")  # 4.4 km
    assert rest(ports="0 0; 60.04 5.0", port_km=4.5)
    assert not rest(water_flow=np.full(40, 2.0))
    assert rest(water_flow=np.tile([1.0, 2.0], 20))
    assert not rest(water_flow=np.tile([1.0, 2.0], 20), flow=0.5)
