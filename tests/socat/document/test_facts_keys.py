"""Missing items and the keys of the platform file that supply them, one by one."""

import math

import pytest

from oceanco2.platforms import Sensor, Standard
from oceanco2.socat.document import facts


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ("data set id (expocode)", "platform_code, or [metadata] expocode"),
        ("submitter", "[metadata] investigators, or submitter"),
        (
            "submitter: first name",
            '[metadata] submitter = "Last, First" (default: the first investigator)',
        ),
        ("submitter: street", "[[metadata.people]] address, of the submitter"),
        ("submitter: e-mail", "[[metadata.people]] email, of the submitter"),
        (
            "submitter: organization",
            "[[metadata.people]] organization, or [metadata] organizations",
        ),
        ("investigators", "[metadata] investigators"),
        ("investigator A: last name", '[metadata] investigators = ["Last, First"]'),
        ("investigator A: organization", "[metadata] organizations"),
        ("platform X: identifier", "platform_code"),
        ("platform X: name", "name"),
        ("platform X: type", "kind, or [metadata] platform_type"),
        ("variable of CO2 in sea water", "[variables] xCO2"),
        ("gas sensor licor: model", "[sensors.licor] model"),
        ("analyser two words: calibration", '[sensors."two words"] calibration'),
        (
            "gas sensor CO2 analyser: model",
            "[variables.xCO2] sensor, then [sensors.NAME] model",
        ),
        ("gas sensor licor: calibration gas", "[[standards]]"),
        (
            "gas sensor licor: calibration gas S1: supplier",
            "[[standards]] supplier, of S1",
        ),
        (
            "gas sensor licor: calibration gas S1: concentration",
            "[[standards]] xCO2, of S1",
        ),
        ("equilibrator 1: venting", "[equilibrator] vented"),
        ("equilibrator 1: water flow", "[equilibrator] water_flow"),
        ("equilibrator 1: gas volume", "[equilibrator] gas_volume"),
        ("sampler s: names of instruments", "[variables.SST] sensor"),
        ("variable SST: names of instruments", "[variables.sst] sensor"),
        ("variable SST: measurement method", "[sensors.sbe] method"),
        (
            "variable P: measurement method",
            "[variables.P] sensor, then [sensors.NAME] method",
        ),
        ("variable P: accuracy (a number and its unit)", "[variables.P] uncertainty"),
        (
            "variable fCO2_water: accuracy (a number and its unit)",
            "[variables.fCO2_water] uncertainty (or [metadata] fCO2_accuracy)",
        ),
        (
            "variable fCO2_air: accuracy (a number and its unit)",
            "[variables.fCO2_air] uncertainty",
        ),
        ("variable P: full name", "[variables.P]"),
        ("anything else", "[metadata]"),
    ],
)
def test_keys(item, key):
    names = {"SST": "sst", facts.UNNAMED: "xCO2"}
    assert facts._key(item, names, {"SST": "sbe"}) == key


def test_a_gap_in_one_line():
    assert str(facts.Gap("item", "key")) == "item -> key"


@pytest.mark.parametrize(
    ("sensor", "text"),
    [
        (Sensor(), "S"),
        (Sensor(manufacturer="M"), "S (M)"),
        (Sensor(manufacturer="M", model="7000"), "S (M 7000)"),
        (Sensor(serial="12"), "S (serial 12)"),
        (Sensor(model="7000", serial="12"), "S (7000, serial 12)"),
    ],
)
def test_text_of_a_sensor(sensor, text):
    assert facts.sensor_text("S", sensor) == text


def test_values_with_units():
    assert facts._with_unit(None, "L") == ""
    assert facts._with_unit(math.nan, "L") == ""
    assert facts._with_unit(0.0, "L") == "0 L"
    assert facts._with_unit(1.23456, "L") == "1.235 L"
    assert facts._quantity(None, "x") == facts.NOT_STATED
    assert facts._quantity(0.0, "x") == facts.Quantity("0", "x")
    assert facts._quantity(1.5, "x") == facts.Quantity("1.5", "x")


def test_calibration_gas():
    gas = facts._gas(Standard(run="std1", xCO2=400.5, scale="WMO X2019"))
    assert (gas.name, gas.type) == ("std1", "CO2 in air")
    assert gas.concentration == facts.Quantity("400.5", "umol/mol")
    assert gas.wmo_traceable == "Yes (WMO X2019)"
    zero = facts._gas(Standard(run="zero", xCO2=0.0, cylinder="C", scale="NBS"))
    assert (zero.name, zero.type) == ("C", "zero gas, free of CO2")
    assert zero.wmo_traceable == "NBS"
    assert zero.concentration.text == "0"


def test_fields_of_every_sensor():
    entry = Sensor(serial="1", manufacturer="M", model="X", location="L", comment="C")
    assert facts._common_fields(entry) == {
        "identifier": "1",
        "manufacturer": "M",
        "model": "X",
        "comments": "L; C",
    }
    assert facts._common_fields(Sensor(comment="C"))["comments"] == "C"
