"""Accuracy of a variable: the first known source, at each time."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.platforms import Accuracy, SetUp
from oceanco2.platforms.setup import VariableSetUp, attribute_table
from oceanco2.vocabulary import VARIABLES

TIMES = np.array(["2019-12-31", "2020-01-01", "2020-06-01"], "datetime64[ns]")
CALIBRATIONS = [
    {"valid_from": "2020-06-01T00:00", "polynomial": [0.0, 1.0]},
    {"valid_from": "2020-01-01T00:00", "polynomial": [0.0, 1.0], "uncertainty": 0.02},
]


def test_defaults():
    assert VariableSetUp().model_dump() == {
        "sensor": "",
        "uncertainty": None,
        "height": 0.0,
        "dry": True,
        "value": None,
        "same_as": None,
    }
    assert SetUp().content() == {}
    assert not SetUp().has("intake")
    assert SetUp(intake={"depth": 3}).has("intake")
    assert SetUp(intake={"depth": 3}).content() == {"intake": {"depth": 3.0}}


def test_the_first_known_source_counts():
    sensors = {"t": {"accuracy": 0.5, "calibrations": CALIBRATIONS}}
    set_up = SetUp(sensors=sensors, variables={"SST": {"sensor": "t"}})
    found = set_up.accuracy("SST", TIMES)
    assert found.value.tolist() == [0.5, 0.02, 0.5]
    calibration = "calibration of the sensor"
    assert found.source.tolist() == ["sensor t", calibration, "sensor t"]
    assert found.sources == f"sensor t; {calibration}"
    assert found.largest() == (0.5, "sensor t")
    stated = SetUp(
        sensors=sensors, variables={"SST": {"sensor": "t", "uncertainty": 0.1}}
    )
    assert stated.accuracy("SST", TIMES).value.tolist() == [0.1] * 3
    assert stated.accuracy("SST", TIMES).sources == "platform file"


def test_copies_and_unknown_variables():
    copies = {"SST": {"uncertainty": 0.1}, "T_equ": {"same_as": "SST"}}
    assert SetUp(variables=copies).accuracy("T_equ", TIMES[0]).value == 0.1
    copies["T_equ"] |= {"uncertainty": 0.3}
    assert SetUp(variables=copies).accuracy("T_equ", TIMES[0]).value == 0.3
    assumed = SetUp().accuracy("SST", TIMES[0])
    assert assumed.value == VARIABLES["SST"].uncertainty
    assert assumed.sources == "assumed"
    unknown = SetUp().accuracy("no such variable", TIMES)
    assert np.isnan(unknown.value).all()
    assert unknown.sources == "not stated"
    value, source = unknown.largest()
    assert np.isnan(value)
    assert source == "not stated"


def test_the_largest_ignores_missing_values():
    accuracy = Accuracy(
        np.array([1.0, np.nan, 3.0, 2.0]), np.array(list("abcd"), dtype=object)
    )
    assert accuracy.largest() == (3.0, "c")


def test_attributes_of_others():
    assert attribute_table(xr.Dataset(), "set_up") == {}
    table = {"intake": {"depth": 3}}
    for content in (table, '{"intake": {"depth": 3}}'):
        ds = xr.Dataset(attrs={"set_up": content})
        assert attribute_table(ds, "set_up") == table
        assert SetUp.of(ds).intake.depth == 3
    for content in ("[1]", "no json"):
        with pytest.raises(ProcessingError, match=r"'set_up' .* not written"):
            SetUp.of(xr.Dataset(attrs={"set_up": content}))
    with pytest.raises(ProcessingError, match=r": intake\.depth: "):
        SetUp.of(xr.Dataset(attrs={"set_up": {"intake": {"depth": -1}}}))
