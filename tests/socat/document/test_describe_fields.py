"""Which attribute of a dataset becomes which field of its metadata document."""

import json
from dataclasses import fields

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.physics import TEMPERATURE_CORRECTIONS, WATER_VAPOUR
from oceanco2.platforms import Sensor
from oceanco2.socat.document import describe, document_of
from oceanco2.socat.document.facts import Facts
from oceanco2.socat.document.model import (
    Document,
    Funding,
    Person,
    Platform,
    Quantity,
    Variable,
)
from oceanco2.vocabulary import VARIABLES

SET_UP = {
    "people": [
        {
            "name": "First, Ann",
            "organization": "Own institute",
            "address": "1 Street",
            "email": "a@b.c",
            "phone": "12",
            "orcid": "0000-0001-0002-0003",
        }
    ],
    "funding": [{"agency": "A", "title": "T", "identifier": "I"}],
    "intake": {
        "location": "bow",
        "depth": 5.0,
        "air_location": "mast",
        "air_height": 18.0,
    },
    "equilibrator": {"drying": "Nafion"},
    "sensors": {
        "LI": {"method": "infrared", "model": "7000", "resolution": 0.01},
        "SBE": {"model": "38", "calibration": "yearly", "resolution": 0.0003},
    },
    "standards": [{"run": "S1", "xCO2": 400.0}, {"run": "S2", "xCO2": 0.0}],
    "variables": {
        "xCO2": {"sensor": "LI"},
        "SST": {"sensor": "SBE", "uncertainty": 0.02},
        "xCO2_atm_dry_actual": {},
    },
}
OPTIONS = {
    "reduction": {
        "vapour_pressure": "weiss_price_1980",
        "temperature_correction": "takahashi_1993",
        "mole_fraction": "xco2",
    }
}
ATTRS = {
    "title": "Title",
    "summary": "Summary",
    "purpose": "Purpose",
    "methods": "Methods",
    "references": "References",
    "comment": "Comment",
    "project": "P1; P2",
    "cruise_id": "C1; C2",
    "method_reference": "R1; R2",
    "expocode": "ZZ9920240301",
    "platform_name": "Ship",
    "platform_code": "ZZ99",
    "platform_kind": "ship",
    "owner": "Owner",
    "country": "Norway",
    "creator_name": "First, Ann; Second, Bo",
    "organizations": "Institute; Academy",
    "set_up": json.dumps(SET_UP),
    "options": json.dumps(OPTIONS),
}


def dataset(set_up=None, options=None, **attrs):
    """Three rows with attributes, some of them changed; None takes one away."""
    if set_up is not None:
        attrs["set_up"] = json.dumps(SET_UP | set_up)
    if options is not None:
        attrs["options"] = json.dumps(options)
    merged = {k: v for k, v in (ATTRS | attrs).items() if v is not None}
    time = np.array(["2024-03-01T23", "2024-03-02", "2024-03-03"], "datetime64[ns]")
    coords = {
        "time": time,
        "latitude": ("time", [-1.5, 2.25, 0.0]),
        "longitude": ("time", [10.0, 11.123456, 12.0]),
    }
    return xr.Dataset(coords=coords, attrs=merged)


def facts(**changes):
    return Facts(dataset(**changes))


def test_fields_of_the_document():
    found = document_of(dataset(), [])
    ann = Person(
        *("Ann", "First", "Own institute", "1 Street", "a@b.c", "12"),
        *("0000-0001-0002-0003", "ORCID"),
    )
    bo = Person(first="Bo", last="Second", organization="Academy")
    assert found == Document(
        format="oceanco2",
        dataset_id="ZZ9920240301",
        submitter=ann,
        investigators=(ann, bo),
        platforms=(Platform("Ship", "ZZ99", "ICES", "Ship", "Owner", "Norway"),),
        instruments=found.instruments,
        title="Title",
        abstract="Summary",
        purpose="Purpose",
        methods="Methods",
        citation="References",
        supplement="Comment",
        start="2024-03-01",
        end="2024-03-03",
        west="10",
        east="12",
        south="-1.5",
        north="2.25",
        funding=(Funding("A", "T", "I"),),
        projects=("P1", "P2"),
        expocodes=("ZZ9920240301",),
        cruise_ids=("C1", "C2"),
        authors=("First, Ann", "Second, Bo"),
        references=("R1", "R2"),
    )
    some = document_of(dataset(), [], np.array([1]))
    assert (some.start, some.end, some.west) == ("2024-03-02",) * 2 + ("11.12346",)


def test_a_dataset_without_any_of_it():
    bare = dataset()
    bare.attrs = {name: ATTRS[name] for name in ("expocode", "platform_name")}
    found = document_of(bare, [])
    assert found.submitter is None
    assert found.platforms == (Platform("Ship"),)
    assert found.investigators == found.funding == found.projects == ()
    empty = {f.name for f in fields(Document) if not getattr(found, f.name)}
    assert empty >= {"title", "abstract", "purpose", "methods", "citation"}
    assert empty >= {"supplement", "cruise_ids", "authors", "references", "sections"}


@pytest.mark.parametrize(
    ("submitter", "person"),
    [
        ("Second, Bo", Person("Bo", "Second", "Academy")),
        ("Third, Cy", Person("Cy", "Third", "Institute")),
        (None, None),
    ],
)
def test_the_submitter(submitter, person):
    found = document_of(dataset(submitter=submitter), [])
    assert found.submitter == (person or found.investigators[0])
    nobody = document_of(dataset(submitter=submitter, creator_name=None), [])
    assert (nobody.submitter is None) == (submitter is None)


@pytest.mark.parametrize(
    ("attrs", "names"),
    [
        ({"organizations": "One"}, ("One", "One")),
        ({"organizations": None, "institution": "Two"}, ("Two", "Two")),
        ({"institution": "Two"}, ("Institute", "Academy")),
        ({"organizations": None}, ("", "")),
    ],
)
def test_organizations_of_people(attrs, names):
    found = document_of(dataset(**attrs, set_up={"people": []}), [])
    assert tuple(p.organization for p in found.investigators) == names
    assert all(p.identifier_type == "" for p in found.investigators)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Smith, N. B.", ("N. B.", "Smith")),
        (" Smith ,N.", ("N.", "Smith")),
        ("Ann van Smith", ("Ann van", "Smith")),
        (" IMR ", ("", "IMR")),
        ("", ("", "")),
        ("A, B, C", ("B, C", "A")),
    ],
)
def test_names(name, parts):
    assert describe.split_name(name) == parts


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("SST [deg C]", ("SST", "deg C")),
        ("SST[K]", ("SST", "K")),
        ("T_atm", ("T_atm", "")),
        ("a [b] c", ("a [b] c", "")),
        ("a []", ("a", "")),
    ],
)
def test_headers(header, parts):
    assert describe.split_header(header) == parts


@pytest.mark.parametrize(
    ("kind", "stated", "label"),
    [
        ("ship", None, "Ship"),
        ("mooring", None, "Mooring"),
        ("ship", "Icebreaker", "Icebreaker"),
        ("balloon", None, ""),
    ],
)
def test_types_of_platforms(kind, stated, label):
    found = describe._platform(facts(platform_kind=kind, platform_type=stated))
    assert found.type == label
    assert describe._platform(facts(platform_code=None)).identifier_type == ""


# ---- extent -------------------------------------------------------------------------


def extent(lat, lon, days=None):
    days = days or [f"2024-01-{i + 1:02d}" for i in range(len(lat))]
    time = np.array(days, "datetime64[ns]")
    return describe._extent(
        xr.Dataset(
            {"latitude": ("t", lat), "longitude": ("t", lon), "time": ("t", time)}
        )
    )


def test_extents():
    assert extent([1.0, -2.0], [3.0, 4.0]) == {
        **{"start": "2024-01-01", "end": "2024-01-02"},
        **{"west": "3", "east": "4", "south": "-2", "north": "1"},
    }
    found = extent([1.0, 2.0], [170.0, 190.0])
    assert (found["west"], found["east"]) == ("170", "-170")
    found = extent([1.0, 2.0], [-190.0, -185.0])
    assert (found["west"], found["east"]) == ("170", "175")
    found = extent([0.0, 0.0], [180.0, 180.0])
    assert (found["west"], found["east"]) == ("180", "180")


@pytest.mark.parametrize(
    ("lat", "lon", "day"),
    [
        (90.001, 0.0, "2024-01-05"),
        (-90.001, 0.0, "2024-01-05"),
        (np.nan, 0.0, "2024-01-05"),
        (0.0, 360.001, "2024-01-05"),
        (0.0, -360.001, "2024-01-05"),
        (0.0, 0.0, "NaT"),
    ],
)
def test_rows_that_do_not_count_for_the_extent(lat, lon, day):
    found = extent([1.0, lat], [3.0, lon], ["2024-01-01", day])
    assert found == extent([1.0], [3.0], ["2024-01-01"])
    with pytest.raises(ProcessingError, match="no row of the dataset has a time and"):
        extent([lat], [lon], [day])


def test_poles_and_a_whole_turn_count():
    found = extent([90.0, -90.0], [0.0, 0.0])
    assert (found["south"], found["north"]) == ("-90", "90")
    found = extent([0.0], [360.0])
    assert found["west"] == found["east"] == "0"


def test_degrees():
    assert describe._degrees(1.234567) == "1.23457"
    assert describe._degrees(-0.000001) == "0"
    assert describe._degrees(120.0) == "120"
    assert describe._degrees(-7.5) == "-7.5"


# ---- variables ----------------------------------------------------------------------


def variable(header, name, headers=(), **changes):
    columns = [(header, name), *((other, "") for other in headers)]
    (found,) = describe.variables_of(facts(**changes), columns)
    return found


WEISS = "Weiss (1974), doi:10.1016/0304-4203(74)90015-2"
VAPOUR = WATER_VAPOUR["weiss_price_1980"]
WARMING = TEMPERATURE_CORRECTIONS["takahashi_1993"]
STANDARDS = "2 standard gases"


def test_a_variable_of_co2_in_water():
    name = "xCO2_water_Tequ_dry"
    found = variable(f"{name} [umol/mol]", name, ["WOCE_CO2_water", "WOCE_CO2_atm"])
    assert found == Variable(
        column=name,
        full_name=VARIABLES[name].long_name,
        unit="umol/mol",
        group="water_co2",
        observation_type="underway",
        method="infrared",
        method_reference="R1; R2",
        precision=Quantity("0.01", "umol/mol"),
        instrument_names=("LI",),
        report_temperature="equilibrator temperature",
        flag_column="WOCE_CO2_water",
        standardization=STANDARDS,
        vapour_correction="gas dried: Nafion",
        temperature_correction=f"{WARMING.long_name}, doi:{WARMING.doi}",
        pco2_method=f"pCO2 = xCO2 (P - pH2O), pH2O by {VAPOUR.long_name}, "
        f"doi:{VAPOUR.doi}",
        fco2_method=WEISS,
        drying="Nafion",
        intake_location="bow",
        intake_depth="5",
    )


def test_a_computed_variable():
    found = variable("fCO2_water_SST_wet [uatm]", "fCO2_water_SST_wet")
    assert found.computed
    assert found.method == "fCO2 computed from the measured CO2; infrared LI (7000)"
    assert (found.precision, found.flag_column) == (Quantity(), "")
    assert found.report_temperature == "SST"
    bare = variable(
        "pCO2_water_SST_wet", "pCO2_water_SST_wet", set_up={"variables": {}}
    )
    assert bare.method == "pCO2 computed from the measured CO2"
    assert (bare.unit, bare.instrument_names) == ("uatm", ())
    found = variable("delta_fCO2", "delta_fCO2")
    assert found.method.startswith("computed: sea water minus air")


def test_variables_of_air_temperature_depth_and_flags():
    name = "xCO2_atm_dry_actual"
    found = variable(
        f"xCO2_atm_actual [{VARIABLES[name].units}]", name, ["WOCE_CO2_atm"]
    )
    assert found.group == "air_co2"
    assert found.flag_column == "WOCE_CO2_atm"
    assert found.intake_location == "mast, 18 m above the sea"
    assert (found.drying, found.intake_depth, found.standardization) == (
        *("Nafion", "", ""),
    )
    found = variable("SST [deg C]", "SST", ["WOCE_CO2_water"], platform_kind="mooring")
    assert found == Variable(
        column="SST",
        full_name=VARIABLES["SST"].long_name,
        unit="deg C",
        group="temperature",
        observation_type="time series",
        method="SBE (38)",
        accuracy=Quantity("0.02", "deg C"),
        precision=Quantity("0.0003", "deg C"),
        instrument_names=("SBE",),
        standardization="yearly",
    )
    found = variable("sample_depth [m]", "sample_depth")
    assert (found.intake_location, found.intake_depth) == ("bow", "5")
    assert describe.variables_of(facts(), [("WOCE_CO2_water", "")]) == ()


@pytest.mark.parametrize(
    ("reduction", "vapour", "warming", "fugacity"),
    [
        ({}, "", "", ""),
        ({"mole_fraction": "xco2"}, "", "", WEISS),
        ({"mole_fraction": "neglect"}, "", "", f"{WEISS}, (1 - x)^2 left out"),
        ({"mole_fraction": "pco2"}, "", "", f"{WEISS}, pCO2 in place of x"),
        (
            {"vapour_pressure": "mine", "temperature_correction": "ours"},
            "pCO2 = xCO2 (P - pH2O), pH2O by mine",
            "ours",
            WEISS,
        ),
    ],
)
def test_formulas(reduction, vapour, warming, fugacity):
    assert describe._formula_fields(facts(options={"reduction": reduction})) == {
        "temperature_correction": warming,
        "pco2_method": vapour,
        "fco2_method": fugacity,
    }


@pytest.mark.parametrize("registry", [WATER_VAPOUR, TEMPERATURE_CORRECTIONS])
def test_formulas_are_cited(registry):
    for name in registry:
        entry = registry[name]
        doi = f", doi:{entry.doi}" if entry.doi else ""
        assert describe._cited(registry, name) == f"{entry.long_name}{doi}"
    assert describe._cited(registry, None) == describe._cited(registry, "") == ""


def test_what_is_said_about_water_vapour():
    for moisture, drying, text in (
        (None, "Nafion", "gas dried: Nafion"),
        (None, "", ""),
        (True, "Nafion", "xCO2 brought to dry air by the measured water vapour"),
        (False, "", ""),
    ):
        found = facts(
            options={"calibration": {"moisture_correction": moisture}},
            set_up={"equilibrator": {"drying": drying}},
        )
        fields = describe._water_co2_fields(found, "xCO2_water_SST_dry")
        assert (fields["vapour_correction"], fields["drying"]) == (text, drying)


def test_intakes():
    ds = dataset()
    ds["sample_depth"] = ("time", [np.nan, 3.0, 4.0])
    assert describe._intake_fields(Facts(ds))["intake_depth"] == "3.5"
    bare = facts(set_up={"intake": {}})
    assert describe._intake_fields(bare) == {"intake_location": "", "intake_depth": ""}
    assert describe._air_co2_fields(bare)["intake_location"] == ""
    only = facts(set_up={"intake": {"air_height": 7.5}})
    assert describe._air_co2_fields(only)["intake_location"] == "7.5 m above the sea"


def test_resolutions():
    entry = Sensor(resolution=0.0)
    assert describe._resolution(entry, "K") == Quantity("0", "K")
    assert describe._resolution(Sensor(), "K") == Quantity()
