"""Readings of a simulated moored system by their definitions."""

import numpy as np
import pytest

from oceanco2 import physics
from oceanco2.simulation import mapco2
from oceanco2.simulation.world import build_world

STATES = [state for state, _, _ in mapco2.LINES]
HUMIDITIES = [62.0, 62.0, 62.0, 27.0, 36.0, 45.0, 71.0, 71.0, 67.0, 67.0]
PUMPING = [-60.0, 0.0, 0.0, 24.0, 0.0, 0.0, -60.0, 0.0, -60.0, 0.0]


@pytest.fixture
def readings():
    n = len(STATES)
    labels = np.array(STATES, dtype=object)
    truth = {
        "xCO2_water_SST_dry": np.full(n, 400.0),
        "xCO2_atm_dry_actual": np.full(n, 420.0),
        "offset": np.full(n, 2.0),
        "gain": np.full(n, 1.25),
    }
    measured = {"P_atm": np.full(n, 1010.0)}
    t = np.full(n, 21600.0)  # a quarter of a day
    return mapco2._cycle_readings(truth, measured, labels, np.full(n, 650.0), t)


def test_lines_of_a_frame():
    assert mapco2.LINES == (
        ("zero on", 1, "zero"),
        ("zero off", 2, "zero"),
        ("zero postcal", 3, "zero"),
        ("span on", 4, "span"),
        ("span off", 5, "span"),
        ("span postcal", 7, "span"),
        ("equil on", 17, "ignored"),
        ("equil off", 18, "water"),
        ("air on", 20, "ignored"),
        ("air off", 21, "air"),
    )
    assert mapco2._CYCLE == 3 * 3600.0
    assert mapco2._SPAN == 650.0
    assert mapco2._NOISE == {"xCO2": 0.3, "RH": 0.3}


def test_auxiliary_readings(readings):
    assert readings["RH"].tolist() == HUMIDITIES
    assert (readings["P_analyser"] - 1010.0).tolist() == PUMPING
    assert readings["T_RH"] == pytest.approx(np.full(10, 27.0))
    assert readings["T_analyser"] == pytest.approx(np.full(10, 28.0))
    oxygen = [20.6 if s.startswith("equil") else 20.8 for s in STATES]
    assert readings["oxygen_percent"].tolist() == oxygen


def test_gas_of_each_line(readings):
    dry = [0.0] * 3 + [650.0] * 3 + [400.0] * 2 + [420.0] * 2
    for i, x in enumerate(dry):
        humid = x
        if i >= 6:
            vapour = physics.vapour_of_humidity(HUMIDITIES[i], 36.0, 27.0)
            humid = x * (1.0 - vapour / (1010.0 + PUMPING[i]))
        assert readings["xCO2"][i] == pytest.approx((humid - 2.0) / 1.25, rel=1e-12)


def test_status():
    t = np.array([0.0, 2.25 * 86400.0])
    truth = {"xCO2_atm_dry_actual": np.array([420.0, 421.0])}
    status = mapco2._system_status(truth, t)
    expected = {
        "zero_coefficient": [0.878, 0.8784],
        "span_coefficient": [0.714, 0.7146],
        "span2_coefficient": [0.0, 0.0],
        "zero_status": [0.0, 0.0],
        "span_status": [0.0, 0.0],
        "xCO2_std": [0.5, 0.5],
        "signal_detector": [3456000.0, 3455300.0],
        "signal_reference": [3290000.0, 3290000.0],
    }
    assert set(status) == set(expected)
    for name, values in expected.items():
        assert status[name] == pytest.approx(values, rel=1e-12), name


def test_response_before_and_after_setting():
    world = build_world(4, 3.0, moves=False)
    labels = np.array(STATES, dtype=object)
    begins, gas = np.full(10, 10800.0), np.full(10, 650.0)
    response = mapco2._analyser_response(world, begins, labels, gas)
    drift = world.truth(begins[:1])
    gain, offset = float(drift["gain"][0]), float(drift["offset"][0])
    zero = 0.7 + 0.1 * (offset - 0.9)
    span = 650.0 + 1.5 + 650.0 * (gain - 1.003)
    after = 650.0 / (span - zero)
    for i, state in enumerate(STATES):
        before = state in {"zero on", "zero off", "span on", "span off"}
        expected = (gain, offset) if before else (after, -zero * after)
        got = response["gain"][i], response["offset"][i]
        assert got == pytest.approx(expected, rel=1e-12), state


@pytest.mark.parametrize(
    ("degrees", "letters", "width", "text"),
    [
        (34.5, "NS", 2, "3430.0000 N"),
        (-34.5, "NS", 2, "3430.0000 S"),
        (0.0, "NS", 2, "0000.0000 N"),
        (-120.8, "EW", 3, "12048.0000 W"),
        (5.25, "EW", 3, "00515.0000 E"),
        (9.9999999999, "EW", 3, "01000.0000 E"),
    ],
)
def test_position(degrees, letters, width, text):
    assert mapco2._position_text(degrees, letters, width) == text


@pytest.mark.parametrize(
    ("value", "digits", "decimals", "text"),
    [(1.5, 2, 2, "01.50"), (101.234, 3, 2, "101.23"), (7.0, 4, 1, "0007.0")],
)
def test_zero_padded(value, digits, decimals, text):
    assert mapco2._zero_padded(value, digits, decimals) == text


def _cycle():
    n = len(STATES)
    cycle = {
        "T_analyser": 28.0,
        "P_analyser": 1012.3,
        "xCO2": 402.47,
        "xCO2_std": 0.5,
        "oxygen_percent": 20.8,
        "RH": 70.0,
        "T_RH": 28.1,
        "signal_detector": 3456000.0,
        "signal_reference": 3290000.0,
        "SST": 12.345,
        "salinity": 35.1234,
        "zero_coefficient": 0.878,
        "span_coefficient": 0.714,
        "span2_coefficient": 0.0,
        "zero_status": 1.0,
        "span_status": 16.0,
        "latitude": 34.5,
        "longitude": -120.5,
    }
    return {name: np.full(n, value) for name, value in cycle.items()}


def test_reading_line():
    line = mapco2._reading_line(_cycle(), 0, 7, 0)
    assert line == (
        "07 28.00 0.025 101.23 00.01 0402.47 00.50 20.80 0.0 70 0.1 28.1 0.03"
        " 03456000 00239 03290000 00325"
    )


def test_system_line_with_and_without_salinity():
    cycle = _cycle()
    head = "10.4 10.1 00.878000 00.714000 00.000000 1001 "
    tail = " 000.0 0.00 000.0 0.00 000 000 000.0"
    line = mapco2._system_line(cycle, 0)
    water = "12.345 0.001 04.00000 0.0000 35.1234 0.0000"
    assert line == head + water + tail
    cycle["salinity"] = np.full(10, np.nan)
    line = mapco2._system_line(cycle, 0)
    assert line == head + "00.000 0.001 00.00000 0.0000 00.0000 0.0000" + tail


def test_frame():
    cycle = _cycle()
    cycle["RH"][4] = 36.0
    time = np.datetime64("2016-08-15T00:01:00")
    lines = mapco2._frame_lines(cycle, time, 0)
    assert lines[0].startswith("NORM 00000 00000 2016/08/15 00:00:00    DEMO 0001")
    assert lines[1] == "08/15/2016 00:00:00 3430.0000 N 12030.0000 W 0040"
    assert [line[:2] for line in lines[3:13]] == [
        f"{minute:02d}" for _, minute, _ in mapco2.LINES
    ]
    assert lines[13] == "SW_xCO2(dry) 0407.72 Atm_xCO2(dry) 0407.72 "
    assert lines[14] == ""
    assert len(lines) == 15
