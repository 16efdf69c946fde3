"""Housekeeping and timetable of a simulated HydroC."""

import numpy as np
import pytest

from oceanco2.simulation import hydroc, instrument
from oceanco2.vocabulary import RUN_TYPES


def test_housekeeping():
    types = np.array([RUN_TYPES[n] for n in ("zero", "flush", "water")], np.int8)
    truth = {"P_equ": np.array([1000.0, 1001.0, 1002.0])}
    t = np.array([0.0, 21600.0, 64800.0])
    got = hydroc._housekeeping_readings(truth, types, t)
    expected = {
        "state_zero": [1.0, 0.0, 0.0],
        "state_flush": [0.0, 1.0, 0.0],
        "T_gas": [34.0, 34.3, 33.7],
        "P_analyser": [1006.0, 1007.0, 1008.0],
    }
    assert set(got) == set(expected)
    for name, values in expected.items():
        assert got[name] == pytest.approx(values), name


def test_constants():
    got = hydroc._INTERVAL, hydroc._CYCLE, hydroc._ZERO, hydroc._FLUSH
    assert got == (60.0, 4 * 3600.0, 180.0, 180.0 + 15 * 60.0)
    assert (hydroc._REFERENCE, hydroc._NOISE) == (15100.0, 1.0)
    assert (hydroc._ZERO_RATIO, hydroc._DAILY_LOSS) == (0.8095, 1.5e-4)
    assert hydroc._EARLIER_RUNTIME == 50000.0
    assert instrument.SET_SECONDS == 10800
    assert instrument._AUTO_LAG == 60.0
    noise = {"SST": 0.02, "T_equ": 0.02, "salinity": 0.02, "P_equ": 0.3, "P_atm": 0.3}
    assert noise == instrument._DEFAULT_NOISE


@pytest.mark.parametrize(
    ("label", "pattern", "same"),
    [("equ", "EQU", True), ("EQU-DRAIN", " equ* ", True), ("ATM", "EQU*", False)],
)
def test_labels(label, pattern, same):
    assert instrument._matches(label, pattern) is same
