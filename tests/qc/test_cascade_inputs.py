"""From the flags of inputs to those of results, by the definitions."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.qc.cascade import INPUTS, cascade, cascade_settings, rows_with_result
from oceanco2.vocabulary import RUN_TYPES, VARIABLES

NONE, BETTER = (2, 2), (2, 3)
STATES = dict.fromkeys(("state_zero", "state_flush", "runtime"), NONE)


def test_inputs_are_those_of_the_vocabulary():
    expected = {n: v.inputs for n, v in VARIABLES.items() if v.inputs}
    assert dict(INPUTS) == expected
    assert next(iter(INPUTS)) == "warming"


@pytest.mark.parametrize(
    ("name", "water", "air"),
    [
        ("fCO2_water_SST_wet", True, False),
        ("xCO2_atm_dry_actual", False, True),
        ("xCO2_atm_dry_interp", True, False),
        ("warming", True, True),
    ],
)
def test_rows_with_result(name, water, air):
    types = [RUN_TYPES["water"], RUN_TYPES["air"]]
    ds = xr.Dataset({"run_type": ("time", types)})
    assert rows_with_result(ds, name).tolist() == [water, air]
    ds = xr.Dataset({"SST": ("time", [1.0, 2.0])})
    assert rows_with_result(ds, name).tolist() == [True, True]


def test_settings():
    ds = xr.Dataset()
    none = {"": {}}
    water = "fCO2_water_SST_wet"
    assert cascade_settings(ds, water, none) == {"salinity": BETTER} | STATES
    for name in ("xCO2_water_Tequ_dry", "warming"):
        assert cascade_settings(ds, name, {}) == STATES
    for name in ("xCO2_atm_dry_actual", "fCO2_atm_wet_interp"):
        assert cascade_settings(ds, name, none) == {"salinity": NONE} | STATES
    for signal in ("signal_detector", "zero_count", "light_434"):
        ds = xr.Dataset({signal: ("time", [1.0])})
        assert cascade_settings(ds, water, none) == {"salinity": NONE} | STATES
    settings = {"": {"salinity": (3, 4), "SST": NONE}, water: {"salinity": (4, 4)}}
    found = cascade_settings(xr.Dataset(), water, settings)
    assert found == {"salinity": (4, 4), "SST": NONE} | STATES


def layer(*flags):
    return np.array(flags, np.int8), np.zeros(len(flags), np.int64)


def test_the_worst_flag():
    local = layer(2, 3, 2, 2)
    inputs = {"SST": layer(3, 2, 4, 2)}
    values = np.array([1.0, 1.0, 1.0, np.nan])
    flags, tests = cascade("fCO2_water_SST_wet", local, inputs, values)
    assert flags.tolist() == [3, 3, 4, 9]
    bit = TEST_BITS["input"]
    assert (tests[[0, 2]] & bit).all()
    assert not tests[1] & bit
    assert tests[3] & TEST_BITS["missing"]
    assert local[0].tolist() == [2, 3, 2, 2]
    inputs = {"salinity": layer(3, 4, 2, 2)}
    flags, _ = cascade("fCO2_water_SST_wet", layer(2, 2, 2, 2), inputs, np.ones(4))
    assert flags.tolist() == [2, 3, 2, 2]
    flags, _ = cascade("fCO2_water_SST_wet", layer(2, 2, 2, 2), inputs, np.ones(4), {})
    assert flags.tolist() == [3, 4, 2, 2]
