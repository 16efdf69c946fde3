"""OCADS documents element by element: written whole, and read from odd ones."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from oceanco2.provenance import package_version
from oceanco2.socat.document import metadata_bytes
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
    Variable,
)
from oceanco2.socat.document.ocads import from_ocads, number_of
from oceanco2.vocabulary import VARIABLES
from tests.socat.document import filled
from tests.socat.document.filled import DOCUMENT, outline

WRITTEN = """
 document_metadata
  document_date = 2023-11-14
  comment = written by oceanco2 VERSION
 expocodes
  expocode = ZZ9920240301
 cruise_ids
  cruise_id = C1
 data_submitter @object_class=Person @object_id=P1
 cited_authors
  author @index=1 @object_class=Person @object_id=P2
  author @index=2 @object_class=Person @object_id=P1
 dataset_title = Title
 dataset_description = Abstract
 dataset_purpose = Purpose
 dataset_type = Individual
 dataset_data_type = Natural
 mcdr = false
 data_coverage
  temporal_extents
   start_date = 2024-03-01
   end_date = 2024-03-02
  geospatial_extents
   bounds
    western_bound = -12.5
    eastern_bound = 13.5
    northern_bound = 70.25
    southern_bound = -60
  depth_extents
   min_depth @units=meters = 5
   max_depth @units=meters = 5
 sections
  section = A16
 platforms
  platform
   name = Ship
   identifier @type=ICES = ZZ99
   type = Research vessel
   owner = Owner
   country
    term = Norway
  platform
   name = Buoy
   identifier = 42
 funding
  funding_source
   funding_agency
    name = Agency
   project_title = Grant
   project_identifier = G-1
  funding_source
   funding_agency
    name = Other
 research_projects
  project
   title = Project 1
  project
   title = Project 2
 publications
  publication
   description = Paper 1
  publication
   description = Paper 2
  publication
   description = Citation
 default_qc_flagging_scheme
  description = WOCE: 2 good, 3 questionable, 4 bad
 supplemental_information = Supplement Methods: Methods
 variables
  variable @object_class=Variable @object_id=V1 @type=co2_continuous_variable
   standard_name
    term = computed fCO2
   dataset_variable_name = fCO2_water_SST_wet
   long_name = computed fCO2
   units = uatm
   observation_type = underway
   overall_uncertainty
    value @units=uatm = 2.5
   measured
    collection_method = computed from xCO2
   co2_report_temperature = SST
   gas_detector
    type = LI
    manufacturer = LI-COR
    model = LI-7000
    serial = S1
    description = in the laboratory
    accuracy @units=ppm = 0.2
    calibration
     technique_description = every 3 hours
     frequency = 8 per day
     standard_gases
      gas
       batch = Z0
       concentration @units=umol/mol = 0
      gas
       manufacturer = NOAA
       batch = G1
       concentration @units=ppm = 350.25
       uncertainty @units=ppm = 0.06
      wmo_traceable = true
      non_zero = 1
   equilibrator
    type = shower head
    volume @units=liters = 1.45
    vented = true
    gas_flow_rate @units=liters/minute = 0.07
    water_flow_rate @units=liters/minute = 2
   eq_pressure_measurement
    method = barometer
    sensor
     type = Setra
     model = 239
     accuracy @units=hPa = 0.3
     calibration
      technique_description = yearly
   eq_temperature_measurement
    method = Pt100
    sensor
     type = PT
     description = in the vessel
     calibration
      technique_description = against the SBE
    sensor_location = in the vessel
   atm_pressure_measurement
    method = on the bridge
    sensor
   atm_co2 @measured=true
    location = mast
    drying_method = Nafion
  variable @object_class=Variable @object_id=V2 @type=co2_continuous_variable
   standard_name
    term = measured CO2
   dataset_variable_name = xCO2_water_Tequ_dry
   long_name = measured CO2
   units = umol/mol
   observation_type = underway
   qc_flagging_scheme
    description = WOCE: 2 good, 3 questionable, 4 bad
   qc_flag_variable = WOCE_CO2_water
   overall_uncertainty
    value @units=umol/mol = 1.5
   additional_information = noted
   measured
    collection_method = infrared
    sampling @type=continuous
     intake
      location = bow
      depth @units=meters = 5
    analysis_method
     description = Pierrot 2009
   water_vapor_correction_method = dried
   temperature_correction_method = Takahashi 1993
   co2_report_temperature = equilibrator temperature
   gas_detector
    type = LI
    manufacturer = LI-COR
    model = LI-7000
    serial = S1
    description = in the laboratory
    accuracy @units=ppm = 0.2
    precision @units=umol/mol = 0.01
    calibration
     technique_description = every 3 hours
     frequency = 8 per day
     standard_gases
      gas
       batch = Z0
       concentration @units=umol/mol = 0
      gas
       manufacturer = NOAA
       batch = G1
       concentration @units=ppm = 350.25
       uncertainty @units=ppm = 0.06
      wmo_traceable = true
      non_zero = 1
   equilibrator
    type = shower head
    volume @units=liters = 1.45
    vented = true
    gas_flow_rate @units=liters/minute = 0.07
    water_flow_rate @units=liters/minute = 2
   co2_drying_method = Peltier
   eq_pressure_measurement
    method = barometer
    sensor
     type = Setra
     model = 239
     accuracy @units=hPa = 0.3
     calibration
      technique_description = yearly
   eq_temperature_measurement
    method = Pt100
    sensor
     type = PT
     description = in the vessel
     calibration
      technique_description = against the SBE
    sensor_location = in the vessel
   atm_pressure_measurement
    method = on the bridge
    sensor
   atm_co2 @measured=true
    location = mast
    drying_method = Nafion
   xco2_pco2_calculation_method = xCO2 (P - pH2O)
   pco2_fco2_calculation_method = Weiss 1974
  variable @object_class=Variable @object_id=V3 @type=std_observed_variable
   standard_name
    term = xCO2_atm_interp
   dataset_variable_name = xCO2_atm_interp
   units = umol/mol
   observation_type = underway
   measured
    collection_method = from a tube
    sampling @type=continuous
     intake
      location = mast
  variable @object_class=Variable @object_id=V4 @type=std_observed_variable
   standard_name
    term = sea temperature
   dataset_variable_name = SST
   long_name = sea temperature
   units = degC
   observation_type = underway
   overall_uncertainty
    value @units=degC = 0.02
   measured
    collection_method = thermistor
   analysis
    analyzing_instrument
     type = SBE
     manufacturer = Sea-Bird
     model = 38
     serial = S2
     description = intake
     accuracy @units=degC = 0.01
     precision @units=degC = 0.001
     calibration
      technique_description = in 2023
  variable @object_class=Variable @object_id=V5 @type=std_observed_variable
   standard_name
    term = salinity
   dataset_variable_name = salinity
   units = 1
   observation_type = time series
   measured
  variable @object_class=Variable @object_id=V6 @type=std_observed_variable
   standard_name
    term = T_equ
   dataset_variable_name = T_equ
   units = degC
   observation_type = underway
   overall_uncertainty
    value @units=degC = 0.05
   measured
    collection_method = Pt100
   analysis
    analyzing_instrument
     type = PT
     description = in the vessel
     calibration
      technique_description = against the SBE
  variable @object_class=Variable @object_id=V7 @type=std_observed_variable
   standard_name
    term = P_equ
   dataset_variable_name = P_equ
   units = hPa
   observation_type = time series
   overall_uncertainty
    value @units=hPa = 0.5
   measured
    collection_method = barometer
   analysis
    analyzing_instrument
     type = Setra
     model = 239
     accuracy @units=hPa = 0.3
     calibration
      technique_description = yearly
  variable @object_class=Variable @object_id=V8 @type=std_observed_variable
   standard_name
    term = P_atm
   dataset_variable_name = P_atm
   units = hPa
   measured
    collection_method = on the bridge
  variable @object_class=Variable @object_id=V9 @type=basic_variable
   standard_name
    term = a remark
   dataset_variable_name = remark
   long_name = a remark
  variable @object_class=Variable @object_id=V10 @type=basic_variable
   standard_name
    term = flag
   dataset_variable_name = WOCE_CO2_water
   long_name = flag
   units = 1
 instruments
 people
  person @object_class=Person @object_id=P1
   name
    first = Bo
    last = Second
   organization @object_class=Organization @object_id=O1
   contact_info
  person @object_class=Person @object_id=P2
   identifier @type=ORCID = 0000-0001
   name
    first = Ann
    last = First
   organization @object_class=Organization @object_id=O2
   contact_info
    address
     delivery_address = 1 Street
    phone = 123
    email = ann@x.org
 organizations
  organization @object_class=Organization @object_id=O1
   name = Academy
  organization @object_class=Organization @object_id=O2
   name = Institute
"""


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 2023-11-14


def written(document):
    return outline(ET.fromstring(metadata_bytes(document, "ocads")))


def test_a_filled_document():
    root, *lines = written(DOCUMENT)
    assert root == "dataset_metadata @metadata_version=v4.6"
    expected = WRITTEN.replace("VERSION", package_version())
    assert lines == expected.strip("\n").split("\n")


def test_a_filled_document_is_read():
    """Everything but what the format has no place for comes back."""
    again = from_ocads(ET.fromstring(metadata_bytes(DOCUMENT, "ocads")))
    common = {
        "group": "water_co2",
        "instrument_names": ("LI",),
        "standardization": "every 3 hours",
    }
    computed = replace(filled.COMPUTED, **common, drying="Nafion")
    water = replace(filled.WATER, **common, intake_depth="5")
    groups = ("air_co2", "temperature", "salinity", "temperature", "pressure")
    others = [
        replace(before, group=group)
        for before, group in zip(
            DOCUMENT.variables[2:], (*groups, "pressure", "text", "flag"), strict=True
        )
    ]
    others[0] = replace(others[0], drying="")
    others[1] = replace(
        others[1],
        accuracy=Quantity("0.02", "degC"),
        precision=Quantity("0.001", "degC"),
        standardization="in 2023",
    )
    others[2] = replace(others[2], computed=False)
    others[3] = replace(others[3], standardization="against the SBE")
    others[6] = replace(others[6], comments="", flag_column="")
    assert again.variables == (computed, water, *others)
    zero, air = (replace(gas) for gas in filled.GASES)
    zero = replace(zero, concentration=Quantity("0", "umol/mol"))
    air = replace(air, wmo_traceable="Yes")
    vessel = Equilibrator(
        name="shower head",
        type="shower head",
        water_volume="1.45 liters",
        gas_volume="1.45 liters",
        water_flow="2 liters/minute",
        gas_flow="0.07 liters/minute",
        venting="Vented",
        pressure_accuracy=Quantity("0.3", "hPa"),
    )
    sensor = replace(filled.LICOR, gases=(zero, air))
    sbe, pt, setra = filled.SENSORS
    assert again.instruments == (
        vessel,
        sensor,
        replace(sbe, accuracy=Quantity("0.01", "degC")),
        pt,
        replace(setra, accuracy=Quantity("0.3", "hPa"), calibration="yearly"),
    )
    assert again == replace(
        DOCUMENT,
        format="OCADS v4.6",
        instruments=again.instruments,
        variables=again.variables,
        platforms=(DOCUMENT.platforms[0], Platform("Buoy", "42")),
        methods="",
        citation="",
        supplement="Supplement Methods: Methods",
        references=("Paper 1", "Paper 2", "Citation"),
    )


BARE = Document(
    start="2024-03-01",
    end="2024-03-02",
    west="1",
    platforms=(Platform(),),
    variables=(Variable(column="SST"),),
)


def test_a_bare_document():
    assert written(BARE)[1:] == [
        " document_metadata",
        "  document_date = 2023-11-14",
        f"  comment = written by oceanco2 {package_version()}",
        " data_submitter @object_class=Person @object_id=P1",
        " cited_authors",
        "  author @index=1 @object_class=Person @object_id=P1",
        *(" dataset_title", " dataset_description", " dataset_type = Individual"),
        *(" dataset_data_type = Natural", " mcdr = false", " data_coverage"),
        *("  temporal_extents", "   start_date = 2024-03-01"),
        *("   end_date = 2024-03-02", "  geospatial_extents", "   bounds"),
        *("    western_bound = 1", "    eastern_bound", "    northern_bound"),
        *("    southern_bound", " platforms", "  platform", "   name"),
        " default_qc_flagging_scheme",
        "  description = WOCE: 2 good, 3 questionable, 4 bad",
        " variables",
        *(
            "  variable @object_class=Variable @object_id=V1"
            " @type=std_observed_variable",
            *("   standard_name", "    term = SST"),
        ),
        *("   dataset_variable_name = SST", "   measured", " instruments"),
        " people",
        "  person @object_class=Person @object_id=P1",
        *("   name", "    first", "    last", "   contact_info"),
        " organizations",
    ]


def test_methods_stand_in_for_what_is_not_stated():
    lines = written(replace(BARE, methods="M", citation="C"))
    assert " dataset_description = M" in lines
    assert " supplemental_information = Methods: M" in lines
    assert "   description = C" in lines
    lines = written(replace(BARE, abstract="A", supplement="S"))
    assert " dataset_description = A" in lines
    assert " supplemental_information = S" in lines


@pytest.mark.parametrize("kind", ["ICES", "WMO", "IMO", "NODC", ""])
def test_the_type_of_a_platform_code_is_one_of_three(kind):
    ship = Platform("Ship", "1", kind)
    lines = written(replace(BARE, platforms=(ship,)))
    mark = f" @type={kind}" if kind in ("ICES", "WMO", "IMO") else ""
    assert f"   identifier{mark} = 1" in lines


def test_a_person_is_listed_once():
    document = replace(
        BARE, submitter=filled.BO, investigators=(filled.ANN, filled.BO, filled.ANN)
    )
    lines = written(document)
    marks = [line.split("object_id=")[1] for line in lines if "author @" in line]
    assert marks == ["P2", "P1", "P2"]
    assert sum(line.startswith("  person @") for line in lines) == 2
    assert sum(line.startswith("  organization @") for line in lines) == 2


@pytest.mark.parametrize(
    ("depths", "lines"),
    [
        (("", "bow", "5 m", "7"), 5),
        (("4.50",), 4.5),
        (("", "about a fathom"), None),
    ],
)
def test_the_depth_of_the_intake(depths, lines):
    found = written(
        replace(
            BARE,
            variables=tuple(Variable(column="SST", intake_depth=d) for d in depths),
        )
    )
    expected = [
        "  depth_extents",
        f"   min_depth @units=meters = {lines}",
        f"   max_depth @units=meters = {lines}",
    ]
    if lines is None:
        assert "  depth_extents" not in found
    else:
        start = found.index(expected[0])
        assert found[start : start + 3] == expected


def test_standard_names_of_the_vocabulary():
    for entry in VARIABLES.values():
        lines = written(
            replace(
                BARE, variables=(Variable(column="SST", full_name=entry.long_name),)
            )
        )
        start = lines.index("   standard_name")
        if entry.standard_name:
            name = entry.standard_name
            uri = f"    uri = https://vocab.nerc.ac.uk/standard_name/{name}/"
            assert lines[start + 1 : start + 3] == [uri, f"    term = {name}"]
        else:
            assert lines[start + 1] == f"    term = {entry.long_name}"


@pytest.mark.parametrize(
    ("quantity", "unit", "number", "units"),
    [
        (Quantity("0.02", "degC"), "K", "0.02", "degC"),
        (Quantity("0.02 degC"), "K", "0.02", "degC"),
        (Quantity("0.02"), "K", "0.02", "K"),
        (Quantity("100"), "", "100", None),
        (Quantity("1e-7"), "", "0.0000001", None),
        (Quantity("0"), "m", "0", "m"),
        (Quantity("-1.50"), "m", "-1.5", "m"),
        (Quantity("none"), "m", "", None),
    ],
)
def test_numbers(quantity, unit, number, units):
    assert number_of(quantity, unit) == (number, {"units": units} if units else {})
    if not unit:
        assert number_of(quantity) == number_of(quantity, unit)


def vessel_lines(**fields):
    document = replace(
        BARE,
        variables=(Variable(column="fCO2_water_SST_wet"),),
        instruments=(Equilibrator(**fields),),
    )
    lines = written(document)
    start = lines.index("   equilibrator")
    end = next(
        i for i in range(start + 1, len(lines)) if not lines[i].startswith("    ")
    )
    return [line.strip() for line in lines[start + 1 : end]]


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, []),
        ({"type": "T"}, ["type = T"]),
        ({"water_volume": "2 L"}, ["volume @units=liters = 2"]),
        ({"gas_volume": "0.25 L"}, ["volume @units=liters = 0.25"]),
        ({"water_volume": "1", "gas_volume": "2"}, ["volume @units=liters = 3"]),
        ({"venting": "VENTED"}, ["vented = true"]),
        ({"venting": "Not vented"}, ["vented = false"]),
        ({"venting": "perhaps"}, []),
        ({"gas_flow": "70 mL/min"}, ["gas_flow_rate @units=liters/minute = 0.07"]),
        ({"water_flow": "2 L/min"}, ["water_flow_rate @units=liters/minute = 2"]),
        ({"water_flow": "some"}, []),
    ],
)
def test_equilibrators(fields, lines):
    assert vessel_lines(**fields) == lines


@pytest.mark.parametrize(
    ("marks", "traced"),
    [
        (("Yes", "YES (X2019)", "no"), "true"),
        (("Yes", "", "Yes"), "false"),
        (("no", "Yes", "Yes"), "false"),
    ],
)
def test_all_gases_but_zero_gas_are_traced(marks, traced):
    gases = tuple(
        CalibrationGas(concentration=Quantity(value), wmo_traceable=mark)
        for value, mark in zip(("300", "400", "0"), marks, strict=True)
    )
    document = replace(
        BARE,
        variables=(Variable(column="fCO2_water_SST_wet"),),
        instruments=(GasSensor(name="LI", gases=gases),),
    )
    lines = written(document)
    assert f"      wmo_traceable = {traced}" in lines
    assert "      non_zero = 2" in lines


def test_air_is_described_only_where_it_was_measured():
    water = Variable(column="fCO2_water_SST_wet")
    for air, expected in (
        (Variable(column="xCO2_atm_interp", drying="D"), True),
        (Variable(column="xCO2_atm_interp", computed=True), False),
        (filled.SST, False),
    ):
        lines = written(replace(BARE, variables=(water, air)))
        assert ("   atm_co2 @measured=true" in lines) is expected


# ---- reading ------------------------------------------------------------------------


def read(text, root="dataset_metadata"):
    return from_ocads(ET.fromstring(f"<{root}>{text}</{root}>"))


def test_an_empty_document_is_read():
    assert read("") == Document(format="OCADS")


def test_people_are_found_by_their_numbers():
    found = read(
        """<data_submitter object_id="P2"/><cited_authors><author object_id="P1"/>
        <author object_id="P9"/><author object_id="P2"/></cited_authors>
        <people><person object_id="P1"><name><first>A</first><last>B</last></name>
        <organization object_id="O1"/><contact_info><email>e</email><phone>p</phone>
        <address><delivery_address>1</delivery_address><city>2</city>
        <administrative_area>3</administrative_area><postal_code>4</postal_code>
        <country>5</country></address></contact_info>
        <identifier type="ORCID">7</identifier></person>
        <person object_id="P2"><name><last>C</last></name>
        <organization object_id="O2"/><identifier>8</identifier></person></people>
        <organizations><organization object_id="O1"><name>Inst</name></organization>
        </organizations>"""
    )
    ann = Person("A", "B", "Inst", "1, 2, 3, 4, 5", "e", "p", "7", "ORCID")
    bo = Person(last="C", identifier="8")
    assert found.investigators == (ann, bo)
    assert found.submitter == bo
    assert found.authors == ("B, A", "C")
    assert read('<data_submitter object_id="P3"/>').submitter is None


def test_lists_of_the_document():
    found = read(
        """<research_projects><project><title>P</title></project><project/>
        </research_projects><publications><publication><description>D</description>
        <reference><name>N</name></reference></publication><publication><reference>
        <link>L</link><citation>C</citation><name>N</name><doi>10</doi>
        <description>E</description></reference></publication><publication/>
        </publications><funding><funding_source><funding_agency><name>A</name>
        </funding_agency><project_title>T</project_title>
        <project_identifier>I</project_identifier></funding_source></funding>
        <platforms><platform><name>S</name><country><term>NO</term></country>
        <identifier>1</identifier></platform></platforms>"""
    )
    assert found.projects == ("P",)
    assert found.references == ("D", "C, N, E, 10, L")
    assert found.funding == (Funding("A", "T", "I"),)
    assert found.platforms == (Platform("S", "1", country="NO"),)


def variables(text, mark=""):
    inner = f"<variable {mark}>{text}</variable>"
    found = read(inner, "variables_by_type")
    assert found.variables == read(f"<variables>{inner}</variables>").variables
    return found


def variable(text, mark=""):
    return variables(text, mark).variables[0]


XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type='


def test_groups_of_variables():
    name = "<dataset_variable_name>SST</dataset_variable_name>"
    assert variable(name).group == "temperature"
    assert variable(name, f'{XSI}"std_observed_variable"').group == "temperature"
    assert variable(name, f'{XSI}"co2_continuous_variable"').group == "water_co2"


def test_methods_of_variables():
    analysis = "<analysis><method_description>A</method_description></analysis>"
    collected = "<measured><collection_method>M</collection_method></measured>"
    assert variable(analysis).method == "A"
    assert variable(analysis + collected).method == "M"
    made = "<calculated><calculation><calculation_method><description>F</description>"
    made += "</calculation_method></calculation></calculated>"
    assert (variable(made).method, variable(made).computed) == ("F", True)
    for word, computed in (
        ("was computed", True),
        ("Calculated it", True),
        ("precomputed", False),
    ):
        text = collected.replace("M<", f"{word}<")
        assert variable(text).computed is computed
    reference = "<measured><analysis_method><reference><citation>C</citation>"
    reference += "</reference></analysis_method></measured>"
    assert variable(reference).method_reference == "C"


def test_names_of_variables():
    name = "<dataset_variable_name>x</dataset_variable_name>"
    for term, long_name, expected in (
        ("x", "", ""),
        ("y", "", "y"),
        ("y", "L", "L"),
        ("x", "L", "L"),
    ):
        text = f"{name}<standard_name><term>{term}</term></standard_name>"
        text += f"<long_name>{long_name}</long_name>"
        assert variable(text).full_name == expected


def test_drying_of_air_where_that_of_water_is_not_stated():
    air = "<atm_co2><drying_method>A</drying_method></atm_co2>"
    water = "<co2_drying_method>W</co2_drying_method>"
    assert variable(air).drying == "A"
    assert variable(air + water).drying == "W"


def device(text, name="analyzing_instrument"):
    return f"<analysis><{name}>{text}</{name}></analysis>"


def test_instruments_of_variables():
    both = device("<type>A; B ;</type><model>M</model>")
    assert variable(both).instrument_names == ("A", "B")
    assert variable(device("<model>M</model>")).instrument_names == ("M",)
    gas = "<gas_detector><type>G</type><precision>2</precision></gas_detector>"
    found = variable(gas + both)
    assert (found.instrument_names, found.precision) == (("G",), Quantity("2"))
    found = variables(gas + both)
    assert [type(i) for i in found.instruments] == [GasSensor, Analyser]
    assert [i.name for i in found.instruments] == ["G", "A; B ;"]
    found = variables(gas + device("<type>G</type>"))
    assert [i.name for i in found.instruments] == ["G"]
    (found,) = variables(
        device(
            "<model>M</model><serial>S</serial><manufacturer>F</manufacturer>"
            '<description>D</description><accuracy units="K">1</accuracy>'
            "<calibration><frequency>yearly</frequency></calibration>"
        )
    ).instruments
    assert found == Analyser("M", "S", "F", "M", "D", "yearly", Quantity("1", "K"))


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        *(("true", "Yes"), ("TRUE", "Yes"), ("1", "Yes"), ("0", "No")),
        *(("false", "No"), ("perhaps", ""), ("", "")),
    ],
)
def test_gases(text, mark):
    gas = "<gas><batch>B</batch><manufacturer>F</manufacturer>"
    gas += '<concentration units="ppm">{}</concentration>'
    gas += "<uncertainty>1</uncertainty></gas>"
    (sensor,) = variables(
        "<gas_detector><calibration><frequency>daily</frequency><standard_gases>"
        f"{gas.format(0)}{gas.format(400)}<wmo_traceable>{text}</wmo_traceable>"
        "</standard_gases></calibration></gas_detector>"
    ).instruments
    assert (sensor.frequency, sensor.calibration) == ("daily", "daily")
    zero, air = sensor.gases
    assert air == CalibrationGas(
        *("B", "CO2 in air", "F", Quantity("400", "ppm"), Quantity("1"), mark)
    )
    assert (zero.type, zero.wmo_traceable) == ("zero gas, free of CO2", "")


@pytest.mark.parametrize(
    ("text", "venting"),
    [
        *(("true", "Vented"), ("1", "Vented"), ("False", "Not vented")),
        *(("0", "Not vented"), ("no", "")),
    ],
)
def test_an_equilibrator(text, venting):
    sensor = (
        "<{0}_measurement><sensor><accuracy>{1}</accuracy></sensor></{0}_measurement>"
    )
    (vessel,) = variables(
        f"<equilibrator><vented>{text}</vented><volume>3</volume>"
        '<gas_flow_rate units="mL/min">70</gas_flow_rate>'
        '<water_flow_rate units="L/min"/></equilibrator>'
        + sensor.format("eq_temperature", 1)
        + sensor.format("eq_pressure", 2)
    ).instruments
    assert vessel == Equilibrator(
        name="1",
        water_volume="3",
        gas_volume="3",
        gas_flow="70 mL/min",
        venting=venting,
        temperature_accuracy=Quantity("1"),
        pressure_accuracy=Quantity("2"),
    )
