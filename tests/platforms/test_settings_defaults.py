"""Tables of a platform file: every default, both sides of every bound."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from oceanco2.platforms import settings

DEFAULTS = [
    (
        settings.Calibration(),
        {
            "model": "gas_standards",
            "method": "linear",
            "max_age_hours": 12.0,
            "one_sided": "questionable",
            "include_zero": False,
            "minimum_standards": 2,
            "allow_uncalibrated": False,
            "span_tolerance": 0.0,
            "residual_limit": 2.0,
            "moisture_correction": False,
            "water_zero": False,
            "air_max_gap_hours": 12.0,
            "temperature_scale": "ITS-90",
            "scale": None,
        },
    ),
    (
        settings.Reduction(),
        {
            "vapour_pressure": "weiss_price_1980",
            "temperature_correction": "takahashi_1993",
            "mole_fraction": "xco2",
            "virial_pressure": "measured",
            "sea_level_pressure": "hydrostatic",
        },
    ),
    (
        settings.Sensor(),
        dict.fromkeys(
            (
                *("manufacturer", "model", "serial", "location", "method"),
                *("calibration", "comment"),
            ),
            "",
        )
        | {"accuracy": None, "resolution": None, "drift": "none", "calibrations": []},
    ),
    (
        settings.Standard(run="std1", xCO2=400.0),
        {
            "run": "std1",
            "xCO2": 400.0,
            "uncertainty": 0.0,
            "scale": "",
            "cylinder": "",
            "supplier": "",
            "valid_from": datetime(1900, 1, 1, tzinfo=UTC),
        },
    ),
    (
        settings.Intake(),
        {"location": "", "depth": None, "air_location": "", "air_height": None},
    ),
    (
        settings.Equilibrator(),
        dict.fromkeys(("type", "manufacturer", "model", "drying", "comment"), "")
        | dict.fromkeys(
            ("water_volume", "gas_volume", "water_flow", "gas_flow", "vented")
        ),
    ),
    (
        settings.Person(name="A"),
        {"name": "A"}
        | dict.fromkeys(("organization", "address", "phone", "email", "orcid"), ""),
    ),
    (settings.Funding(agency="A"), {"agency": "A", "title": "", "identifier": ""}),
    (
        settings.QC.model_validate({}),
        {"profile": "default", "where": [], "cascade": {}, "checks": {}},
    ),
    (
        settings.Where(checks={"SST": {}}),
        {
            "name": "",
            "region": [],
            "box": None,
            "latitude": None,
            "longitude": None,
            "season": [],
            "months": [],
            "checks": {"SST": {}},
        },
    ),
]


@pytest.mark.parametrize(
    ("table", "expected"), DEFAULTS, ids=lambda x: type(x).__name__
)
def test_defaults(table, expected):
    assert table.model_dump() == expected


def test_metadata_is_empty_by_default():
    content = settings.Metadata().model_dump()
    lists = {"investigators", "organizations", "people", "funding"}
    assert {key for key, value in content.items() if value == []} == lists
    assert content.pop("attributes") == {}
    assert all(value is None for key, value in content.items() if key not in lists)


NEW = settings.SensorCalibration
VALID = [
    (settings.Standard, {"run": "a", "xCO2": 0}),
    (settings.Standard, {"run": "a", "xCO2": 50000}),
    (settings.Standard, {"run": "a", "xCO2": 1, "uncertainty": 0}),
    (settings.Calibration, {"minimum_standards": 2}),
    (settings.Calibration, {"span_tolerance": 0}),
    (settings.Calibration, {"max_age_hours": 0.001}),
    (NEW, {"valid_from": "2024-01-01T00:00", "polynomial": [1]}),
    (NEW, {"valid_from": "2024-01-01T00:00", "polynomial": [1] * 6}),
    (settings.Intake, {"depth": 0, "air_height": 0}),
    (settings.Person, {"name": "A", "email": "a@b"}),
    (settings.Person, {"name": "A", "orcid": "0000-0002-1825-009X"}),
    (settings.Metadata, {"fCO2_accuracy": 0.1, "suggested_flag": "E"}),
]
INVALID = [
    (settings.Standard, {"run": "a", "xCO2": -0.1}),
    (settings.Standard, {"run": "a", "xCO2": 50001}),
    (settings.Standard, {"run": "a", "xCO2": 1, "uncertainty": -1}),
    (settings.Calibration, {"minimum_standards": 1}),
    (settings.Calibration, {"span_tolerance": -1}),
    (settings.Calibration, {"max_age_hours": 0}),
    (settings.Calibration, {"residual_limit": 0}),
    (settings.Calibration, {"air_max_gap_hours": 0}),
    (NEW, {"valid_from": "2024-01-01T00:00", "polynomial": []}),
    (NEW, {"valid_from": "2024-01-01T00:00", "polynomial": [1] * 7}),
    (settings.Intake, {"depth": -1}),
    (settings.Intake, {"air_height": -1}),
    (settings.Person, {"name": ""}),
    (settings.Person, {"name": "A", "email": "a"}),
    (settings.Person, {"name": "A", "orcid": "0000-0002-1825-00977"}),
    (settings.Funding, {"agency": ""}),
    (settings.Metadata, {"fCO2_accuracy": 0}),
    (settings.Metadata, {"suggested_flag": "F"}),
    (settings.Where, {"checks": {}}),
    (settings.Sensor, {"unknown": ""}),
]


@pytest.mark.parametrize(("model", "keys"), VALID)
def test_valid(model, keys):
    assert model.model_validate(keys)


@pytest.mark.parametrize(("model", "keys"), INVALID)
def test_invalid(model, keys):
    with pytest.raises(ValidationError):
        model.model_validate(keys)


def test_moments_are_utc():
    east = timezone(timedelta(hours=2))
    for moment in (datetime(2024, 1, 1, 10), datetime(2024, 1, 1, 12, tzinfo=east)):
        entry = NEW(valid_from=moment, polynomial=[0.0, 1.0])
        assert entry.valid_from == datetime(2024, 1, 1, 10, tzinfo=UTC)
        assert entry.valid_from.utcoffset() == timedelta(0)
        assert entry.uncertainty is None
        assert entry.certificate == ""


def metadata_fault(**keys):
    with pytest.raises(ValidationError) as caught:
        settings.Metadata.model_validate(keys)
    error = caught.value.errors()[0]["ctx"]["error"]
    return error.where, str(error)


def test_people_are_investigators_or_the_submitter():
    ada, bob = {"name": "Ada"}, {"name": "Bob"}
    assert settings.Metadata(investigators=["Ada"], people=[ada])
    assert settings.Metadata(submitter="Ada", people=[ada])
    assert settings.Metadata(submitter="Ada", investigators=["Ada"])
    where, text = metadata_fault(investigators=["Ada"], people=[ada, bob])
    assert where == "metadata.people.2"
    assert "no investigator named 'Bob'" in text
    where, text = metadata_fault(submitter="Cid", investigators=["Ada"], people=[ada])
    assert where == "metadata.submitter"
    assert "no person named 'Cid'" in text
    where, text = metadata_fault(investigators=["Ada"], people=[ada, ada])
    assert (where, text) == ("metadata.people.1", "'Ada' appears more than once")


def test_checks_are_gathered_by_variable():
    table = {"profile": "none", "SST": {"range": {}}, "cascade": {"SST": {"bad": 3}}}
    qc = settings.QC.model_validate(table)
    assert qc.checks == {"SST": {"range": {}}}
    assert (qc.profile, qc.cascade) == ("none", {"SST": {"bad": 3}})
    with pytest.raises(ValidationError) as caught:
        settings.QC.model_validate({"profil": "none"})
    error = caught.value.errors()[0]["ctx"]["error"]
    assert error.where == "qc.profil"
    assert str(error).startswith("must be a table of checks, not 'none'; no key named")
    assert "Did you mean 'profile'?" in str(error)
