"""Parts of the model of a MAPCO2: cycles, means of states, humidity, pressures."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration.models.mapco2 import (
    MAPCO2,
    Cycles,
    _diagnostics,
    _number_cycles,
    _recalibrate,
    _span_gas,
    _span_humidity,
    mapco2_outputs,
)
from oceanco2.errors import PlatformError, ProcessingError
from oceanco2.platforms import load
from oceanco2.platforms.settings import Calibration, Standard
from oceanco2.vocabulary import VALUE_TYPES

#: Their span gas is far from its readings on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:.*run 'span' is")

NAN = np.nan
START = np.datetime64("2020-01-01", "ns")
STATES = (
    *("zero on", "zero off", "zero postcal", "span on", "span off", "span postcal"),
    *("equil on", "equil off", "air on", "air off"),
)
MEASURED, NOMINAL = VALUE_TYPES["measured"], VALUE_TYPES["nominal"]


def platform(*spans, calibration=None, **settings):
    base = load("demo_mapco2")
    gases = [Standard(run=" Span", xCO2=x, valid_from=day) for x, day in spans]
    ship = base.model_copy(
        update={
            "standards": [Standard(run="other", xCO2=1.0), *gases],
            "calibration": Calibration(model="mapco2", **(calibration or {})),
        }
    )
    ship._tables = {}
    ship.add_tables({"mapco2": MAPCO2(**settings)})
    return ship


def dataset(states, minutes=None, **variables):
    words = sorted(set(states))
    minutes = range(len(states)) if minutes is None else minutes
    time = START + np.array(minutes).astype("timedelta64[m]")
    labels = np.array([words.index(state) for state in states], dtype=np.int16)
    meanings = " ".join(word.replace(" ", "_") for word in words)
    data = {n: ("time", np.array(v, dtype=float)) for n, v in variables.items()}
    data["run_label"] = ("time", labels, {"flag_meanings": meanings})
    return xr.Dataset(data, coords={"time": time})


def cycles(which, states):
    return Cycles(np.array(which), max(which) + 1, np.array(states, dtype=object))


# ---- cycles -------------------------------------------------------------------------


def test_states_start_over_or_a_pause_is_long():
    states = np.array(["zero on", "span off", "air off", "zero on", "air off"], object)
    minutes = np.array([0, 1, 2, 3, 4]).astype("timedelta64[m]")
    assert _number_cycles(states, START + minutes).tolist() == [0, 0, 0, 1, 1]
    for pause, cycle in ((45, 0), (46, 1)):
        later = np.array([0, 1, 1 + pause]).astype("timedelta64[m]")
        found = _number_cycles(states[:3], START + later)
        assert found.tolist() == [0, 0, cycle]
    same = np.array(["air off", "air off"], dtype=object)
    assert _number_cycles(same, START + minutes[:2]).tolist() == [0, 0]
    other = np.array(["air off", "pause", "zero on", "pause"], dtype=object)
    assert _number_cycles(other, START + minutes[:4]).tolist() == [0, 0, 1, 1]


def test_names_of_states_and_cycles_of_a_file():
    short = ["ZPON", "zpoff", "ZPPCAL", "SPON", "SPOFF", "SPPCAL"]
    short += ["EPON", "EPOFF", "APON", "APOFF"]
    found = Cycles.of(dataset(short))
    assert found.states.tolist() == list(STATES)
    assert found.count == 1
    long = Cycles.of(dataset([s.title() for s in STATES]))
    assert long.states.tolist() == list(STATES)
    ds = dataset(["air off"] * 4, cycle=[30.0, 10.0, 30.0, 20.0])
    numbered = Cycles.of(ds)
    assert numbered.which.tolist() == [2, 0, 2, 1]
    assert numbered.count == 3
    with pytest.raises(ProcessingError, match="distinguish zero, span"):
        Cycles.of(ds.drop_vars("run_label"))


def test_the_mean_of_a_state_in_each_cycle():
    which, states = [0, 0, 0, 1, 1, 2], ["a", "a", "b", "a", "b", "b"]
    found = cycles(which, states).at(np.array([1.0, 3.0, 9.0, NAN, 5.0, 6.0]), "a")
    np.testing.assert_array_equal(found, [2.0, NAN, NAN])
    found = cycles(which, states).at(np.arange(6.0), "b")
    assert found.tolist() == [2.0, 4.0, 5.0]


# ---- humidity of the span gas -------------------------------------------------------

SPANS = (["span off", "air off"] * 3, [0, 0, 1, 1, 2, 2])


def humidity(values, mode="cycle", status=None):
    more = {} if status is None else {"span_status": status}
    ds = dataset(SPANS[0], RH=values, **more)
    found = _span_humidity(ds, cycles(SPANS[1], SPANS[0]), platform(span_humidity=mode))
    return found["RH_span"][1].tolist()[::2], found["RH_span_type"][1].tolist()[::2]


def test_each_cycle_has_its_own_or_the_mean():
    values = [30.0, 99.0, 40.0, 99.0, 50.0, 99.0]
    assert humidity(values) == ([30.0, 40.0, 50.0], [MEASURED] * 3)
    assert humidity(values, "mean") == ([40.0] * 3, [MEASURED] * 3)
    lost = [30.0, 99.0, NAN, 99.0, 50.0, 99.0]
    assert humidity(lost) == ([30.0, 40.0, 50.0], [MEASURED, NOMINAL, MEASURED])
    failed = humidity(values, status=[0, 0, 0, 255, 0, 0])
    assert failed == ([30.0, 40.0, 50.0], [MEASURED, NOMINAL, MEASURED])
    other = humidity(values, status=[0, 0, 0, 254, 0, 0])
    assert other == ([30.0, 40.0, 50.0], [MEASURED] * 3)
    none, kinds = humidity([NAN] * 6)
    assert np.isnan(none).all()
    assert kinds == [VALUE_TYPES["missing"]] * 3


# ---- zero and span ------------------------------------------------------------------


def test_the_span_gas_in_use():
    ds = dataset(["air off"] * 3, minutes=[0, 1440, 2880])
    ship = platform((500.0, "2020-01-02"), (400.0, "2019-01-01"))
    assert _span_gas(ds, ship).tolist() == [400.0, 500.0, 500.0]
    late = platform((500.0, "2020-01-03"))
    np.testing.assert_array_equal(_span_gas(ds, late), [NAN, NAN, 500.0])


def test_zero_span_needs_a_span_gas():
    with pytest.raises(PlatformError, match="recalibration 'zero_span' needs"):
        mapco2_outputs(platform(recalibration="zero_span"))
    names = {"xCO2_water_SST_dry", "xCO2_atm_dry_actual", "P_equ", "P_atm"}
    assert mapco2_outputs(platform()) == names
    with_gas = platform((400.0, "2019-01-01"), recalibration="zero_span")
    assert mapco2_outputs(with_gas) == names


READINGS = ["zero postcal", "span postcal", "equil off", "air off"]


def recalibrated(readings, ship, **status):
    ds = dataset(READINGS, xCO2=readings, **status)
    values, new = _recalibrate(ds, cycles([0] * 4, READINGS), ship)
    return values, new


def test_readings_between_zero_and_span():
    ship = platform((500.0, "2019-01-01"), recalibration="zero_span")
    values, new = recalibrated([2.0, 402.0, 202.0, 322.0], ship)
    np.testing.assert_allclose(values, [0.0, 500.0, 250.0, 400.0])
    assert new["zero_reading"][1].tolist() == [2.0] * 4
    assert new["span_reading"][1].tolist() == [402.0] * 4
    assert new["span_residual"][1].tolist() == [-98.0] * 4
    assert new["span_residual"][2]["units"] == "umol mol-1"
    assert new["calibration_status"][1].tolist() == [1] * 4
    np.testing.assert_array_equal(new["xCO2_calibrated"][1], values)


@pytest.mark.parametrize("name", ["zero_status", "span_status"])
def test_a_zero_or_span_that_failed(name):
    options = {"recalibration": "zero_span"}
    readings = [2.0, 402.0, 202.0, 322.0]
    status = {name: [0.0, 0.0, 255.0, 254.0]}
    ship = platform((500.0, "2019-01-01"), **options)
    values, new = recalibrated(readings, ship, **status)
    np.testing.assert_allclose(values, [0.0, 500.0, NAN, 400.0])
    assert new["calibration_status"][1].tolist() == [1, 1, 0, 1]
    accepted = {"allow_uncalibrated": True}
    ship = platform((500.0, "2019-01-01"), calibration=accepted, **options)
    values, new = recalibrated(readings, ship, **status)
    np.testing.assert_allclose(values, [0.0, 500.0, 202.0, 400.0])
    assert new["calibration_status"][1].tolist() == [1, 1, 3, 1]


def test_readings_stay_without_recalibration():
    values, new = recalibrated([2.0, 402.0, 202.0, 322.0], platform())
    assert values.tolist() == [2.0, 402.0, 202.0, 322.0]
    assert "calibration_status" not in new
    assert "span_residual" not in new


def test_pump_off_minus_pump_on_and_the_ratio_of_oxygen():
    pressure = [1000.0, 1001.0, 0, 1010.0, 1012.0, 0, 1020.0, 1023.0, 1030.0, 1034.0]
    oxygen = [1.0] * 7 + [18.0, 1.0, 20.0]
    ds = dataset(STATES, P_analyser=pressure, oxygen_percent=oxygen)
    found = _diagnostics(ds, cycles([0] * 10, STATES))
    pumped = [NAN, 1.0, NAN, NAN, 2.0, NAN, NAN, 3.0, NAN, 4.0]
    np.testing.assert_array_equal(found["P_pump"][1], pumped)
    ratio = found["oxygen_ratio"][1]
    assert ratio[7] == 90.0
    assert np.isnan(np.delete(ratio, 7)).all()
    without = _diagnostics(ds.drop_vars("oxygen_percent"), cycles([0] * 10, STATES))
    assert list(without) == ["P_pump"]
