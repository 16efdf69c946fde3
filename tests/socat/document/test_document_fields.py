"""Every field of a metadata document has a place of its own in the files."""

from dataclasses import fields, replace

import pytest

from oceanco2.socat.document import faults_of, metadata_bytes, read_document
from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    Funding,
    GasSensor,
    Person,
    Platform,
    Quantity,
    Sampler,
    Variable,
)

#: Fields whose values the formats prescribe.
PRESCRIBED = {
    (Person, "identifier_type"): "ORCID",
    (Platform, "identifier_type"): "IMO",
    (Variable, "observation_type"): "underway",
    (Variable, "intake_depth"): "5.5",
    (Variable, "group"): "",
    (CalibrationGas, "wmo_traceable"): "yes",
    (CalibrationGas, "type"): "CO2 in air",
}
GROUPS = {
    "fCO2_water_SST_wet": "water_co2",
    "xCO2_atm_interp": "air_co2",
    "SST": "temperature",
    "T_equ": "temperature",
    "P_equ": "pressure",
    "salinity": "salinity",
    "other": "text",
}
CO2_ONLY = {"report_temperature", "vapour_correction", "temperature_correction"}
CO2_ONLY |= {"pco2_method", "fco2_method", "drying"}
#: Fields of variables that a format has no place for: always, for all but CO2 in
#: water, and for columns of which it keeps the name only.
NO_PLACE = {
    "oads": (
        {"computed", "precision", "researcher", "comments"},
        CO2_ONLY | {"intake_location", "intake_depth"},
        set(),
    ),
    "ocads": (
        {"computed", "researcher"},
        CO2_ONLY | {"precision", "standardization"},
        {f.name for f in fields(Variable)} - {"column", "full_name", "unit"},
    ),
}


def named(cls, place, numbers, **known):
    """Make an object in which every text names its own place."""
    values = {}
    for field in fields(cls):
        here = f"{place} {field.name}".replace("_", " ")
        prescribed = PRESCRIBED.get((cls, field.name), here)
        if field.name in known:
            values[field.name] = known[field.name]
        elif field.type is str or field.type == "str":
            values[field.name] = prescribed
        elif "Quantity" in str(field.type):
            values[field.name] = Quantity(str(next(numbers)), "uatm")
        elif "tuple[str" in str(field.type):
            values[field.name] = (f"{here} 1", f"{here} 2")
    return cls(**values)


@pytest.fixture
def document():
    numbers = iter(range(1, 1000))

    def make(cls, place, **known):
        return named(cls, place, numbers, **known)

    gases = tuple(make(CalibrationGas, f"gas {i}") for i in (1, 2))
    people = [make(Person, f"person {i}") for i in (1, 2, 3)]
    variables = [
        make(Variable, column, column=column, instrument_names=()) for column in GROUPS
    ]
    return make(
        Document,
        "document",
        submitter=people[0],
        investigators=tuple(people[1:]),
        platforms=(make(Platform, "platform"),),
        instruments=(
            make(Equilibrator, "equilibrator"),
            make(Sampler, "sampler"),
            make(GasSensor, "analyser", gases=gases, non_zero_gases=None),
            make(Analyser, "thermometer"),
        ),
        variables=tuple(variables),
        funding=tuple(make(Funding, f"funding {i}") for i in (1, 2)),
        start="2024-03-01",
        end="2024-03-02",
        west="-12.5",
        east="13.5",
        south="-60",
        north="70.25",
    )


@pytest.fixture(params=["oads", "ocads"])
def both(request, document, tmp_path):
    path = tmp_path / "x.xml"
    path.write_bytes(metadata_bytes(document, request.param))
    assert faults_of(path) == []
    return request.param, document, read_document(path)


def test_fields_of_the_document(both):
    name, before, after = both
    assert after.dataset_id == before.expocodes[0]
    own = {"format", "dataset_id", "instruments", "variables"}
    if name == "ocads":  # the other texts stand where it has a place
        own |= {"methods", "supplement", "citation", "authors", "references"}
        assert after.supplement == f"{before.supplement} Methods: {before.methods}"
        assert after.references == (*before.references, before.citation)
        assert after.authors == tuple(p.name for p in before.investigators)
    for field in {f.name for f in fields(Document)} - own:
        assert getattr(after, field) == getattr(before, field), field


def test_fields_of_the_variables(both):
    name, document, again = both
    always, without_co2, by_name = NO_PLACE[name]
    for before, after in zip(document.variables, again.variables, strict=True):
        column = before.column
        assert after.group == GROUPS[column]
        lost = always | {"group"}
        if column != "fCO2_water_SST_wet":
            lost = lost | without_co2
        elif name == "ocads":  # they are those of the analyser
            lost = lost | {"standardization", "instrument_names"}
            assert after.standardization == "analyser calibration"
            assert after.instrument_names == ("analyser name",)
        if column == "other":
            lost = lost | by_name
        for field in {f.name for f in fields(Variable)} - lost:
            assert getattr(after, field) == getattr(before, field), (column, field)
        empty = Variable()
        for field in lost & (always | without_co2) - {"standardization"}:
            assert getattr(after, field) == getattr(empty, field), (column, field)


def test_the_equilibrator_and_the_analyser(both):
    name, document, again = both
    before, _, sensor, _ = document.instruments
    vessel, analyser = again.instruments
    if name == "oads":
        volume = "equilibrator water volume water, equilibrator gas volume headspace"
        assert vessel == Equilibrator(
            name=before.type,
            type=before.type,
            water_volume=volume,
            water_flow=before.water_flow,
            gas_flow=before.gas_flow,
            venting=before.venting,
            temperature_accuracy=before.temperature_accuracy,
            pressure_accuracy=before.pressure_accuracy,
        )
        assert analyser == replace(
            sensor, name=sensor.model, identifier="", comments=""
        )
    else:
        assert vessel == Equilibrator(name=before.type, type=before.type)
        gases = [replace(gas, wmo_traceable="Yes") for gas in sensor.gases]
        assert analyser == replace(sensor, gases=tuple(gases))


@pytest.mark.parametrize("name", ["oads", "ocads"])
def test_what_is_not_stated_stays_empty(name, tmp_path):
    """Persons with one field each, and variables with a name only."""
    texts = [f.name for f in fields(Person) if "identifier" not in f.name]
    people = tuple(Person(**{field: "Words"}) for field in texts)
    bare = Document(
        investigators=people,
        start="2024-03-01",
        end="2024-03-02",
        platforms=(Platform(name="Ship"),),
        variables=tuple(Variable(column=column) for column in GROUPS),
    )
    path = tmp_path / "x.xml"
    path.write_bytes(metadata_bytes(bare, name))
    again = read_document(path)
    assert again.investigators == people
    assert again.platforms == bare.platforms
    assert all(instrument == type(instrument)() for instrument in again.instruments)
    for variable in again.variables:
        filled = {
            f.name for f in fields(Variable) if getattr(variable, f.name) not in EMPTY
        }
        assert filled <= {"column", "group", "full_name", "unit"}, variable.column


EMPTY = ("", False, None, (), Quantity())
