"""Every reason for a suggested flag, word by word; words of methods; units."""

from dataclasses import replace

import pytest

from oceanco2.socat.criteria import suggestion
from oceanco2.socat.criteria.suggestion import suggest_flag
from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    GasSensor,
    Quantity,
    Variable,
)

ACCURACY = [
    ("CO2 in water", "water_co2", "uatm", 2.0, 5.0),
    ("temperature", "temperature", "degC", 0.05, 0.2),
    ("pressure", "pressure", "hPa", 2.0, 5.0),
]
SPAN = "standard gases span the data; warming to the equilibrator below 1 degC"
NEAR = "data within 0.8 to 1.2 of the range of the standard gases; warming below 3 degC"
SENSOR = "an alternative sensor with accuracy within 10 uatm and a documented"
SENSOR += " calibration may be E"


def accuracy_steps(group, *texts, unit="", instruments=()):
    variables = tuple(
        Variable(group=group, accuracy=Quantity(text), unit=unit) for text in texts
    )
    document = Document(variables=variables, instruments=instruments)
    label = next(row[0] for row in ACCURACY if row[1] == group)
    return [
        step
        for step in suggestion._accuracy_steps(document)
        if step[1].startswith(f"accuracy of {label} ")
    ]


@pytest.mark.parametrize(("label", "group", "unit", "good", "fair"), ACCURACY)
def test_two_limits_of_each_accuracy(label, group, unit, good, fair):
    name = f"accuracy of {label}"
    assert accuracy_steps(group) == [("S", f"{name} is not given")]
    assert accuracy_steps(group, "good") == [("S", f"{name} is not given")]
    assert accuracy_steps(group, f"{good}") == []
    more = good * 1.25
    assert accuracy_steps(group, f"{more}") == [
        ("C", f"{name} {more:g} {unit}, more than {good:g}")
    ]
    assert accuracy_steps(group, f"{fair}")[0][0] == "C"
    assert accuracy_steps(group, f"{2 * fair}") == [
        ("S", f"{name} {2 * fair:g} {unit}, more than {fair:g}")
    ]
    assert accuracy_steps(group, f"{2 * fair}", "good", f"-{good}") == []


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1", "hPa", 1.0),
        ("1", "mbar", 1.0),
        ("1", "kPa", 10.0),
        ("1", " KPA ", 10.0),
        ("100", "Pa", 1.0),
        ("1", "mmHg", 1.33322),
        ("0.001", "atm", 1.01325),
        ("1", "fathoms", 1.0),
        ("1 kPa", "hPa", 10.0),
    ],
)
def test_units_of_pressure(text, unit, value):
    document = Document(
        variables=(Variable(group="pressure", accuracy=Quantity(text), unit=unit),)
    )
    (found,) = suggestion._stated_accuracies(document, "pressure")
    assert found == pytest.approx(value, rel=1e-5)
    document = Document(
        variables=(Variable(group="temperature", accuracy=Quantity("1"), unit=unit),)
    )
    assert list(suggestion._stated_accuracies(document, "temperature")) == [1.0]


def test_accuracies_of_the_equilibrator():
    vessel = Equilibrator(
        temperature_accuracy=Quantity("0.01"), pressure_accuracy=Quantity("0.1 kPa")
    )
    document = Document(instruments=(Analyser(), vessel))
    found = {
        group: list(suggestion._stated_accuracies(document, group))
        for _, group, *_ in ACCURACY
    }
    assert found == {"water_co2": [], "temperature": [0.01], "pressure": [1.0]}


@pytest.mark.parametrize(
    ("values", "counted", "step"),
    [
        ((), None, ("S", "fewer than two calibration gases")),
        (("400",), None, ("S", "fewer than two calibration gases")),
        (("400",), 1, ("S", "fewer than two calibration gases")),
        (("0", "0"), None, ("S", "no calibration gas that is not zero")),
        (("0", "0"), 0, ("S", "no calibration gas that is not zero")),
        (
            *(("0", "400"), None),
            ("C", "fewer than two calibration gases that are not zero"),
        ),
        (("300", "400"), None, None),
        (("300", "unknown"), None, None),
        ((), 2, None),
        (("0", "400"), 2, None),
    ],
)
def test_gases(values, counted, step):
    gases = tuple(CalibrationGas(concentration=Quantity(v)) for v in values)
    sensor = GasSensor(gases=gases, non_zero_gases=counted)
    document = Document(instruments=(Analyser(), sensor))
    assert list(suggestion._gas_steps(document)) == ([step] if step else [])


def test_gases_of_several_sensors_count_together():
    one = GasSensor(gases=(CalibrationGas(concentration=Quantity("300")),))
    document = Document(instruments=(one, one))
    assert list(suggestion._gas_steps(document)) == []
    assert [flag for flag, _ in suggestion._gas_steps(Document())] == ["S"]


@pytest.mark.parametrize(
    ("method", "observed", "in_situ"),
    [
        ("infrared", "", True),
        ("infra-red", "", True),
        ("infra red", "", True),
        ("NDIR", "", True),
        ("by IR", "", True),
        ("LI-COR", "", True),
        ("licor", "", True),
        ("LI-7000", "", True),
        ("li840", "", True),
        ("li85", "", False),
        ("GC", "", True),
        ("gas chromatography", "", True),
        ("spectrophotometer", "", True),
        ("cavity ring-down", "", True),
        ("CRDS", "", True),
        ("OF-CEAS", "", True),
        ("OFCEAS", "", True),
        ("ICOS", "", True),
        ("Picarro", "", True),
        ("FIRE", "", False),
        ("titration", "", False),
        ("infrared of a bottle sample", "", False),
        ("infrared", "discrete", False),
        ("infrared", "flask samples", False),
    ],
)
def test_methods(method, observed, in_situ):
    variable = Variable(method=method, observation_type=observed)
    assert suggestion._is_in_situ(variable) is in_situ
    named = Variable(instrument_names=("x", method), observation_type=observed)
    assert suggestion._is_in_situ(named) is in_situ


def description_steps(document, *columns):
    return [
        step
        for step in suggestion._description_steps(document, columns)
        if not step[1].startswith("missing")
    ]


def test_columns_that_need_a_description():
    document = Document(
        variables=(
            Variable(column="SST", unit="[deg C]"),
            Variable(column="P", unit="hPa"),
        )
    )
    for header, kind, is_missing in (
        ("SST [deg C]", "temp", False),
        ("SST", "temp", False),
        ("sst (K)", "temp", False),
        ("T [K]", "temp", True),
        ("P_hPa", "Pressure_atm", False),
        ("WOCE", "WOCE_CO2_water", False),
        ("year", "year", False),
        ("remark", "other", True),
        ("T_equ", "Temperature_equi", True),
        ("P_equ", "Pressure_equi", True),
    ):
        reason = f"column {header} is not described in the metadata"
        assert description_steps(document, (header, kind)) == (
            [("D", reason)] if is_missing else []
        )


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Temperature_equi", "temperature_accuracy"),
        ("Pressure_equi", "pressure_accuracy"),
    ],
)
def test_columns_of_the_equilibrator(kind, field):
    document = Document(instruments=(Equilibrator(**{field: Quantity("1")}),))
    assert description_steps(document, ("x", kind)) == []
    other = Document(instruments=(Equilibrator(),))
    assert len(description_steps(other, ("x", kind))) == 1
    assert len(description_steps(document, ("x", "temp"))) == 1


def test_one_measurement_in_situ_is_enough():
    reason = "CO2 not measured in situ by infrared, GC or spectroscopy"
    water = Variable(column="fCO2", group="water_co2", method="computed")
    measured = replace(water, method="infrared")
    air = replace(measured, group="air_co2")
    assert description_steps(Document(variables=(water, air))) == [("D", reason)]
    assert description_steps(Document(variables=(water, measured))) == []
    assert description_steps(Document(variables=(air,))) == []


@pytest.mark.parametrize(
    ("steps", "flag", "reminders"),
    [
        ((), "B", (SPAN,)),
        ("C", "C", (NEAR, SENSOR)),
        ("CD", "D", ("complete metadata would allow a better flag",)),
        ("DC", "D", ("complete metadata would allow a better flag",)),
        ("CSD", "S", (SENSOR,)),
    ],
)
def test_the_worst_step_counts(monkeypatch, steps, flag, reminders):
    parts = [[(letter, f"why {letter}")] for letter in steps] + [[]] * 3
    names = ("_accuracy_steps", "_gas_steps", "_description_steps")
    for name, part in zip(names, parts, strict=False):
        monkeypatch.setattr(suggestion, name, lambda *_, part=part: part)
    found = suggest_flag(Document())
    assert found.flag == flag
    assert found.reasons == tuple(f"why {letter}" for letter in steps)
    assert found.reminders == reminders


def test_without_a_document():
    found = suggest_flag(None)
    assert found.reasons == ("no metadata document: the accuracy of CO2 is not known",)
    assert found.reminders == ()
