"""Facts of the platform file on which the criteria are judged."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.socat.criteria.evidence import RESULT, Evidence

TIME = np.datetime64("2024-01-01", "ns") + np.arange(3) * np.timedelta64(1, "h")


def made(set_up=None, options=None, **columns):
    attrs = {"set_up": json.dumps(set_up or {}), "options": json.dumps(options or {})}
    columns = {RESULT: [1.0, 2.0, np.nan]} | columns
    return Evidence(
        xr.Dataset({k: ("time", v) for k, v in columns.items()}, {"time": TIME}, attrs)
    )


def test_accuracies_by_source():
    set_up = {
        "variables": {
            "SST": {"uncertainty": 0.02},
            "T_equ": {"sensor": "PT"},
            "P_equ": {"uncertainty": 0.5},
        },
        "sensors": {"PT": {"accuracy": 0.04}},
    }
    found = made(set_up, SST_uncertainty=[9.0] * 3)
    assert found.accuracy("SST") == (0.02, "platform file")
    assert found.accuracy("T_equ") == (0.04, "sensor PT")
    assert found.accuracy("P_equ") == (0.5, "platform file")
    value, source = found.accuracy("salinity")
    assert np.isnan(value)
    assert source == "not stated"


def test_accuracies_computed_from_the_data():
    found = made(SST_uncertainty=[0.1, 0.3, 99.0])
    assert found.accuracy("SST") == (pytest.approx(0.2), "computed")
    found.ds["SST_uncertainty"].attrs["uncertainty_source"] = "all assumed"
    assert np.isnan(found.accuracy("SST")[0])
    assert found.accuracy("SST")[1] == "not stated"
    empty = made(SST_uncertainty=[np.nan] * 3)
    assert empty.accuracy("SST")[1] == "not stated"


CO2 = (
    *("xCO2", "xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "xCO2_water_Tequ_wet"),
    *("xCO2_water_SST_wet", "pCO2_water_Tequ_wet", "pCO2_water_SST_wet", RESULT),
    *("fCO2_water_Tequ_wet", "signal_detector", "current_count", "light_434"),
)


@pytest.mark.parametrize("name", CO2)
def test_the_sensor_of_co2_by_any_variable(name):
    sensor = {"method": "M", "manufacturer": "F", "model": "X", "calibration": "C"}
    set_up = {
        "variables": {name: {"sensor": "S"}, "SST": {"sensor": "T"}},
        "sensors": {"S": sensor, "T": {"model": "other", "calibration": "D"}},
    }
    assert made(set_up).sensor_text() == "M F X"
    assert made(set_up).calibration_text() == "C"
    bare = made({"variables": {name: {"sensor": "S"}}})
    assert bare.sensor_text() == bare.calibration_text() == ""


def test_texts_of_several_sensors():
    set_up = {
        "variables": {"xCO2": {"sensor": "B"}, "light_434": {"sensor": "A"}},
        "sensors": {
            "A": {"model": "a", "calibration": "first"},
            "B": {"model": "b", "method": "m", "calibration": "second"},
        },
    }
    assert made(set_up).sensor_text() == "m b a"
    assert made(set_up).calibration_text() == "first; second"


@pytest.mark.parametrize(
    ("model", "equilibrator", "method", "alternative"),
    [
        ("hydroc", "", "", True),
        ("pro_oceanus", "", "", True),
        ("sami", "", "", True),
        ("linear", "", "", False),
        ("", "membrane", "", True),
        ("", "MEMBRANE type", "", True),
        ("", "shower", "infrared", False),
        ("", "", "spectrophotometric", True),
        ("", "", "Indicator dye", True),
        ("", "", "HydroC", True),
        ("", "", "SAMI2", True),
    ],
)
def test_alternative_sensors(model, equilibrator, method, alternative):
    set_up = {
        "variables": {"xCO2": {"sensor": "S"}},
        "sensors": {"S": {"method": method}},
        "equilibrator": {"type": equilibrator},
    }
    found = made(set_up, {"calibration": {"model": model}})
    assert found.alternative() is alternative
    assert made(set_up).alternative() is (alternative and not model)


def test_gases_of_the_platform_file_and_of_the_runs():
    gases = [{"run": f"S{x}", "xCO2": float(x)} for x in (0, 300, 400, 500)]
    found = made({"standards": gases})
    assert [gas.xCO2 for gas in found.gases()] == [300.0, 400.0, 500.0]
    found.ds["standard_run_true"] = ("run", [0.0, 300.0000009, 400.0, 450.0])
    assert [gas.run for gas in found.gases()] == ["S300", "S400"]
    found.ds["standard_run_used"] = ("run", [1, 1, 0, 1])
    assert [gas.run for gas in found.gases()] == ["S300"]


def test_the_result_and_its_assumed_inputs_in_order():
    found = made(
        **{f"{name}_uncertainty": [1.0] * 3 for name in ("P_equ", "SST", "T_equ")},
        **{f"{RESULT}_uncertainty": [1.0, 3.0, 50.0]},
        xCO2_uncertainty=[1.0] * 3,
    )
    for name in ("P_equ", "SST", "T_equ", "xCO2"):
        found.ds[f"{name}_uncertainty"].attrs["uncertainty_source"] = "assumed"
    value, source, names = found.result_accuracy()
    assert (value, source) == (2.0, "median of the computed uncertainty")
    assert names == ["T_equ", "SST", "P_equ", "xCO2"]


def test_flags_without_any():
    assert made().flags.dtype == np.int8
    assert np.isnan(made(**{f"{RESULT}_flag": [0, 9, 2]}).share(2))
