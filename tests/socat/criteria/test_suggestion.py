"""Completeness of metadata and the flag (docs/socat-rules.md#suggested-flag)."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.socat.criteria.suggestion import suggest_flag
from oceanco2.socat.document.missing import group_of, missing_items
from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    GasSensor,
    Person,
    Platform,
    Quantity,
    Sampler,
    Variable,
    quantities,
)


def complete(**changes):
    """A document that lacks nothing; B."""
    common = {"observation_type": "underway", "instrument_names": ("Equ", "LI")}
    method = "shower head equilibrator and non-dispersive infrared (NDIR) analyser"
    water = Variable(
        "fCO2_water_SST_wet",
        "fugacity of CO2 in sea water",
        "uatm",
        accuracy=Quantity("±2"),
        method=method,
        report_temperature="in situ",
        **common,
    )
    sensor = Variable("SST", "intake temperature", "deg C", method="SBE 38", **common)
    gases = [
        CalibrationGas(f"CC{i}", "CO2 in air", "NOAA", q)
        for i, q in enumerate(quantities("0, 250.1, 448.6 umol/mol"))
    ]
    document = Document(
        dataset_id="33RO20100308",
        submitter=Person("A.", "Nobody", "Institute", "Street 1", "a@example.org"),
        investigators=(Person("A.", "Nobody", "Institute"),),
        platforms=(Platform("Ronald H. Brown", "33RO", "ICES", "Ship"),),
        instruments=(
            Equilibrator("Equ", "", "", "", "", (), "shower", *("1 L",) * 4, "vented"),
            GasSensor("LI", "", "LI-COR", "7000", "", "each 4 h", gases=tuple(gases)),
            Analyser("T", "", "Sea-Bird", "SBE 38", "", "yearly"),
            Sampler("intake", instrument_names=("T",)),
        ),
        variables=(
            water,
            replace(sensor, accuracy=Quantity("0.01 degC")),
            replace(
                sensor, column="P_equ", unit="hPa", accuracy=Quantity("0.2", "hPa")
            ),
            Variable("WOCE_CO2_water", "flag"),
            Variable("Expocode", "expocode"),
        ),
    )
    return replace(document, **changes)


def with_variable(number, **changes):
    document = complete()
    variables = list(document.variables)
    variables[number] = replace(variables[number], **changes)
    return replace(document, variables=tuple(variables))


def with_gases(text, **changes):
    gases = tuple(CalibrationGas("b", "CO2", "NOAA", q) for q in quantities(text))
    sensor = replace(complete().instruments[1], gases=gases, **changes)
    return complete(instruments=(sensor,))


def test_a_complete_document():
    assert missing_items(complete()) == ()
    suggestion = suggest_flag(complete(), [("SST [deg C]", "temp"), ("Year", "year")])
    assert (suggestion.flag, suggestion.reasons) == ("B", ())
    assert "span" in suggestion.reminders[0]


@pytest.mark.parametrize(
    ("accuracy", "flag"),
    [("2", "B"), ("2.01", "C"), ("5 uatm", "C"), ("5.1", "S"), ("good", "S")],
)
def test_accuracy_of_co2(accuracy, flag):
    assert suggest_flag(with_variable(0, accuracy=Quantity(accuracy))).flag == flag


@pytest.mark.parametrize(
    ("accuracy", "flag"), [("0.05", "B"), ("0.06", "C"), ("0.2", "C"), ("0.3", "S")]
)
def test_accuracy_of_temperature(accuracy, flag):
    assert suggest_flag(with_variable(1, accuracy=Quantity(accuracy))).flag == flag


@pytest.mark.parametrize(
    ("accuracy", "flag"),
    [("2", "B"), ("2.5", "C"), ("0.2 kPa", "B"), ("0.4 kPa", "C"), ("6", "S")],
)
def test_accuracy_of_pressure(accuracy, flag):
    assert suggest_flag(with_variable(2, accuracy=Quantity(accuracy))).flag == flag


def test_the_best_accuracy_given_counts():
    other = replace(complete().variables[0], column="pCO2_water_SST_wet")
    worse = replace(other, accuracy=Quantity("9"))
    document = complete(variables=(*complete().variables, worse))
    assert suggest_flag(document).flag == "B"
    equilibrator = replace(
        complete().instruments[0], temperature_accuracy=Quantity("0.02 degC")
    )
    document = with_variable(1, accuracy=Quantity("0.1"))
    assert suggest_flag(document).flag == "C"
    instruments = (equilibrator, *document.instruments[1:])
    assert suggest_flag(replace(document, instruments=instruments)).flag == "B"


def test_an_equilibrator_describes_its_columns():
    columns = [("T_equ [deg C]", "Temperature_equi"), ("P [hPa]", "Pressure_equi")]
    assert len(suggest_flag(complete(), columns).reasons) == 2
    vessel = replace(
        complete().instruments[0],
        temperature_accuracy=Quantity("0.02 degC"),
        pressure_accuracy=Quantity("0.1 hPa"),
    )
    document = complete(instruments=(vessel, *complete().instruments[1:]))
    assert suggest_flag(document, columns).flag == "B"


def test_calibration_gases():
    assert suggest_flag(with_gases("250, 450")).flag == "B"
    assert suggest_flag(with_gases("0, 450")).flag == "C"
    assert suggest_flag(with_gases("0, 0.0")).flag == "S"
    assert suggest_flag(with_gases("450")).flag == "S"
    assert suggest_flag(complete(instruments=())).flag == "S"
    assert suggest_flag(with_gases("", non_zero_gases=3)).flag == "D"  # no particulars


def test_what_is_not_described_gives_d():
    columns = [("chlorophyll", "other"), ("SST [deg C]", "temp")]
    suggestion = suggest_flag(complete(), columns)
    assert suggestion.flag == "D"
    assert suggestion.reasons == (
        "column chlorophyll is not described in the metadata",
    )
    assert suggest_flag(with_variable(0, method="from TA and DIC")).flag == "D"
    assert suggest_flag(with_variable(0, observation_type="discrete")).flag == "D"
    assert suggest_flag(None).flag == "S"


REMOVED = [
    ({"dataset_id": ""}, "data set id (expocode)"),
    ({"submitter": None}, "submitter"),
    ({"submitter": Person("A.", "Nobody", "", "s", "")}, "submitter: e-mail"),
    ({"investigators": ()}, "investigators"),
    ({"platforms": (Platform("X", "33RO"),)}, "platform X: type"),
    ({"variables": ()}, "variables"),
    (
        {"instruments": (Analyser("T", "", "S", "38"),)},
        "analyser T: calibration",
    ),
    ({"instruments": (Equilibrator("E"),)}, "equilibrator E: venting"),
    ({"instruments": (Sampler("P"),)}, "sampler P: names of instruments"),
    (
        {"instruments": (GasSensor("L", "", "L", "7", "", "c"),)},
        "gas sensor L: calibration gas",
    ),
]


@pytest.mark.parametrize(("change", "item"), REMOVED)
def test_each_missing_item_is_named(change, item):
    document = complete(**change)
    assert item in missing_items(document)
    assert f"missing in the metadata: {item}" in suggest_flag(document).reasons


@pytest.mark.parametrize(
    "field",
    [
        "full_name",
        "observation_type",
        "method",
        "instrument_names",
        "report_temperature",
    ],
)
def test_each_missing_item_of_a_variable_is_named(field):
    assert len(missing_items(with_variable(0, **{field: ()}))) == 1


def test_units_of_accuracy():
    assert missing_items(with_variable(0, accuracy=Quantity("about two"))) == (
        "variable fCO2_water_SST_wet: accuracy (a number and its unit)",
    )
    assert missing_items(with_variable(0, unit="")) == (
        "variable fCO2_water_SST_wet: accuracy (a number and its unit)",
    )
    assert Quantity("+/-0.05 degC").value == 0.05
    assert Quantity("< 2").value == 2
    assert Quantity("0.01-0.05").value == 0.01
    assert math.isnan(Quantity("M2").value)


def test_groups_come_from_the_names_of_columns():
    for column, group in {
        "xCO2_water_Tequ_dry": "water_co2",
        "xCO2_atm_dry_actual": "air_co2",
        "T_equ": "temperature",
        "P_atm": "pressure",
        "Salinity": "salinity",
        "WOCE_CO2_water": "flag",
        "Latitude": "text",
        "whatever": "text",
    }.items():
        assert group_of(Variable(column)) == group


@settings(deadline=None)
@given(st.floats(0, 20), st.floats(0, 20), st.integers(0, 4))
def test_better_facts_never_give_a_worse_flag(a, b, gases):
    """The flag follows accuracy and the number of gases one way."""
    low, high = sorted((a, b))
    flags = [
        suggest_flag(
            replace(
                with_variable(0, accuracy=Quantity(repr(accuracy))),
                instruments=with_gases(", ".join(["300"] * gases)).instruments,
            )
        ).flag
        for accuracy in (low, high)
    ]
    assert "BCDS".index(flags[0]) <= "BCDS".index(flags[1])
