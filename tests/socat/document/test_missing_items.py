"""Every item that can be missing, in documents made by hand."""

import pytest

from oceanco2.socat.document.missing import (
    group_of,
    group_of_type,
    is_numeric,
    missing_items,
)
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
)


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("WOCE_CO2_water", "flag"),
        ("comment_WOCE_CO2_water", "flag"),
        ("xCO2_atm_dry", "air_co2"),
        ("pCO2_atm_wet", "air_co2"),
        ("fCO2_atm_wet", "air_co2"),
        ("delta_fCO2", "air_co2"),
        ("Temperature_equi", "temperature"),
        ("temp", "temperature"),
        ("Pressure_equi", "pressure"),
        ("sal", "salinity"),
        ("xH2O_equi", "instrument"),
        ("relative_humidity", "instrument"),
        ("specific_humidity", "instrument"),
        ("ship_speed", "instrument"),
        ("wind_speed_true", "instrument"),
        ("wind_speed_rel", "instrument"),
        ("longitude", "text"),
        ("anything", "text"),
    ],
)
def test_groups(kind, group):
    assert group_of_type(kind) == group


def test_stated_group_counts():
    assert group_of(Variable(column="sal", group="text")) == "text"
    assert group_of(Variable(column="longitude")) == "text"


def test_numeric_quantities():
    assert is_numeric(Quantity("2 uatm"))
    assert is_numeric(Quantity("2", "uatm"))
    assert is_numeric(Quantity("2"), "uatm")
    assert not is_numeric(Quantity("2"))
    assert not is_numeric(Quantity("two", "uatm"))


PERSON = Person(first="F", last="L", organization="O", street="S", email="E")
GROUPED = {
    "column": "c",
    "full_name": "f",
    "unit": "u",
    "observation_type": "o",
    "method": "m",
    "accuracy": Quantity("1"),
    "instrument_names": ("i",),
    "report_temperature": "t",
}
CO2 = Variable(group="water_co2", **GROUPED)


def document(**changes):
    return Document(
        **{
            "dataset_id": "X",
            "submitter": PERSON,
            "investigators": (PERSON,),
            "platforms": (Platform(identifier="I", name="N", type="T"),),
            "variables": (CO2,),
        }
        | changes
    )


def test_nothing_is_missing():
    assert missing_items(document()) == ()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"dataset_id": ""}, ["data set id (expocode)"]),
        ({"submitter": None}, ["submitter"]),
        ({"investigators": ()}, ["investigators"]),
        ({"platforms": ()}, ["platform"]),
        ({"variables": ()}, ["variables", "variable of CO2 in sea water"]),
        (
            {"platforms": (Platform(name="N"), Platform())},
            [
                *("platform N: identifier", "platform N: type"),
                *("platform 2: identifier", "platform 2: name", "platform 2: type"),
            ],
        ),
        (
            {"submitter": Person()},
            [
                *("submitter: first name", "submitter: last name"),
                *("submitter: street", "submitter: e-mail"),
                "submitter: organization",
            ],
        ),
        (
            {"submitter": Person(first="F", last="L", street="S", email="E")},
            [],
        ),
        (
            {"investigators": (PERSON, Person())},
            [
                f"investigator 2: {what}"
                for what in ("first name", "last name", "organization")
            ],
        ),
    ],
)
def test_missing_people_and_platforms(changes, missing):
    assert list(missing_items(document(**changes))) == missing


@pytest.mark.parametrize(
    ("field", "value", "item"),
    [
        ("full_name", "", "full name"),
        ("observation_type", "", "observation type"),
        ("method", "", "measurement method"),
        ("accuracy", Quantity("?"), "accuracy (a number and its unit)"),
        ("instrument_names", (), "names of instruments"),
        ("report_temperature", "", "report temperature"),
    ],
)
def test_missing_of_variables(field, value, item):
    def listed(**changes):
        fields = GROUPED | {field: value, "group": "water_co2"} | changes
        return list(missing_items(document(variables=(Variable(**fields), CO2))))

    assert listed() == [f"variable c: {item}"]
    computed = {
        "measurement method": ["variable c: method description"],
        "names of instruments": [],
    }
    assert listed(computed=True) == computed.get(item, [f"variable c: {item}"])
    other = [] if field == "report_temperature" else [f"variable c: {item}"]
    assert listed(group="salinity") == other
    for group in ("flag", "text"):
        assert listed(group=group) == (other if field == "full_name" else [])


def test_names_of_variables():
    made = document(variables=(CO2, Variable(group="text"), Variable(group="flag")))
    assert (
        list(missing_items(made))
        == [
            *("variable ?: column name", "variable ?: full name"),
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("instrument", "items"),
    [
        (
            Analyser(),
            [
                f"analyser ?: {x}"
                for x in ["name", "manufacturer", "model", "calibration"]
            ],
        ),
        (
            GasSensor(name="G", manufacturer="M", model="X", calibration="C"),
            ["gas sensor G: calibration gas"],
        ),
        (
            GasSensor(
                name="G",
                manufacturer="M",
                model="X",
                calibration="C",
                gases=(
                    CalibrationGas(
                        name="Z", type="t", supplier="s", concentration=Quantity("0")
                    ),
                    CalibrationGas(),
                ),
            ),
            [
                f"gas sensor G: calibration gas 2: {x}"
                for x in ("type", "supplier", "concentration")
            ],
        ),
        (
            Equilibrator(name="E"),
            [
                f"equilibrator E: {x}"
                for x in (
                    *("type", "water volume", "gas volume"),
                    *("water flow", "gas flow", "venting"),
                )
            ],
        ),
        (Sampler(name="S"), ["sampler S: names of instruments"]),
        (Sampler(name="S", instrument_names=("a",)), []),
    ],
)
def test_missing_of_instruments(instrument, items):
    assert list(missing_items(document(instruments=(instrument,)))) == items
