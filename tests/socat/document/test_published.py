"""OCADS documents as NCEI publishes them and QuinCe exports them, read item by item."""

import pytest

from oceanco2.errors import ReadError
from oceanco2.socat.document import faults_of, read_document
from oceanco2.socat.document.model import (
    CalibrationGas,
    Equilibrator,
    Funding,
    GasSensor,
    Person,
    Platform,
    Quantity,
)

PEOPLE = """
<person>
  <name>Ada Byron</name><organization>University A</organization>
  <deliverypoint1>Street 1</deliverypoint1><deliverypoint2>Room 2</deliverypoint2>
  <phone>12</phone><email>ada@example.org</email>
  <ID>0000-0001</ID><IDtype>orcid</IDtype><role>investigator</role>
</person>
<person><name>Bo Cray</name><deliverypoint1 /><IDtype>orcid</IDtype></person>
<datasubmitter><name>Ada Byron</name><organization>MISSING</organization>
</datasubmitter>
"""
TEXTS = """
<title>Cruise</title><abstract>About</abstract><purpose>Why</purpose>
<expocode>ZZ9920240301</expocode><expocode>MISSING</expocode>
<cruiseID>C1</cruiseID><section>S1</section><researchProject>P1</researchProject>
<reference>R1</reference><citation>Cite</citation><suppleInfo>More</suppleInfo>
<startdate>2018-08-29T00:45:02.000Z</startdate><enddate>2018-09-04</enddate>
<westbd>-2</westbd><eastbd>10.8</eastbd><northbd>59.8</northbd><southbd>57.6</southbd>
<fundingAgency><agency>NFR</agency><title>ICOS</title><ID>7</ID></fundingAgency>
"""
NEW = """
<platform><name>Nuka</name><ID>26NA</ID><type>ship</type>
<owner>Line</owner><country>DNK</country></platform>
"""
OLD = """
<Platform><PlatformName>Old</PlatformName><PlatformID>26OL</PlatformID>
<PlatformType>Ship</PlatformType><PlatformOwner>O</PlatformOwner>
<PlatformCountry>NOR</PlatformCountry></Platform>
"""
CO2 = """
<variable>
  <fullname>fCO2 of sea water</fullname><abbrev>fCO2_sw_SST</abbrev>
  <observationType>SURFACE UNDERWAY</observationType><unit>uatm</unit>
  <measured>calculated</measured>
  <samplingInstrument>GO system</samplingInstrument>
  <analyzingInstrument>LI-COR 7000</analyzingInstrument>
  <detailedInfo>infrared</detailedInfo>
  <locationSeawaterIntake>bow</locationSeawaterIntake>
  <DepthSeawaterIntake>5 m</DepthSeawaterIntake>
  <equilibrator>
    <type>shower</type><volume>0.6 L water, 0.8 L headspace</volume>
    <vented>yes</vented><waterFlowRate>2 L/min</waterFlowRate>
    <gasFlowRate>70 mL/min</gasFlowRate><dryMethod>cold trap</dryMethod>
  </equilibrator>
  <gasDetector><manufacturer>LI-COR</manufacturer><model>7000</model>
  <resolution>0.01 ppm</resolution><uncertainty>0.2 ppm</uncertainty></gasDetector>
  <standardization>
    <description>four gases</description><frequency>3 h</frequency>
    <standardgas><manufacturer>NOAA</manufacturer>
    <concentration>0, 250.5 ppm</concentration><uncertainty>0.1 ppm</uncertainty>
    </standardgas>
  </standardization>
  <waterVaporCorrection>dried</waterVaporCorrection>
  <temperatureCorrection>Takahashi</temperatureCorrection>
  <co2ReportTemperature>SST</co2ReportTemperature>
  <uncertainty>2 uatm</uncertainty>
  <methodReference>Pierrot</methodReference>
  <researcherName>Ada Byron</researcherName>
  <researcherInstitution>University A</researcherInstitution>
</variable>
"""
SST = """
<variable><fullname>Temperature</fullname><abbrev>SST</abbrev>
<unit>degC</unit><measured>measured</measured>
<analyzingInstrument>SBE 38</analyzingInstrument></variable>
<variable><abbrev>x</abbrev><calcMethod>from others</calcMethod>
<depthSeawaterIntake>3</depthSeawaterIntake></variable>
"""


@pytest.fixture
def document(tmp_path):
    def make(*parts, root="metadata"):
        path = tmp_path / "m.xml"
        path.write_text(f"<{root}>{''.join(parts)}</{root.split()[0]}>")
        return path

    return make


def test_people(document):
    read = read_document(document(PEOPLE))
    assert read.format == "OCADS"
    ada = Person(
        first="Ada",
        last="Byron",
        organization="University A",
        street="Street 1, Room 2",
        email="ada@example.org",
        phone="12",
        identifier="0000-0001",
        identifier_type="orcid",
    )
    assert read.investigators == (ada, Person(first="Bo", last="Cray"))
    assert read.submitter == Person(first="Ada", last="Byron")
    assert read.authors == ("Byron, Ada", "Cray, Bo")


def test_texts(document):
    path = document(TEXTS, "<authors><author>A B</author></authors>")
    read = read_document(path)
    assert read.submitter is None
    assert (read.title, read.abstract, read.purpose) == ("Cruise", "About", "Why")
    assert (read.citation, read.supplement) == ("Cite", "More")
    assert (read.start, read.end) == ("2018-08-29", "2018-09-04")
    assert (read.west, read.east, read.south, read.north) == (
        *("-2", "10.8"),
        *("57.6", "59.8"),
    )
    assert read.dataset_id == "ZZ9920240301"
    assert read.expocodes == ("ZZ9920240301",)
    assert (read.cruise_ids, read.sections) == (("C1",), ("S1",))
    assert (read.projects, read.references) == (("P1",), ("R1",))
    assert read.funding == (Funding("NFR", "ICOS", "7"),)
    assert read.authors == ("A B",)
    assert faults_of(path) == []


@pytest.mark.parametrize("day", ["2018/8/29", "20180829", "2018-08-299"])
def test_days_of_other_forms_stay(document, day):
    text = f"<expocode>E</expocode><startdate>{day}</startdate>"
    assert read_document(document(text)).start == day


def test_platforms_of_both_spellings(document):
    read = read_document(document(OLD, NEW, "<expocode>E</expocode>"))
    assert read.platforms == (
        Platform("Nuka", "26NA", "", "ship", "Line", "DNK"),
        Platform("Old", "26OL", "", "Ship", "O", "NOR"),
    )


def test_variable_of_co2(document):
    read = read_document(document(CO2, root='metadata xmlns="urn:x"'))
    (variable,) = read.variables
    assert variable.column == "fCO2_sw_SST"
    assert variable.full_name == "fCO2 of sea water"
    assert (variable.unit, variable.group) == ("uatm", "water_co2")
    assert variable.observation_type == "SURFACE UNDERWAY"
    assert variable.computed is True
    assert variable.instrument_names == ("GO system", "LI-COR 7000")
    assert (variable.method, variable.method_reference) == ("infrared", "Pierrot")
    assert (variable.intake_location, variable.intake_depth) == ("bow", "5 m")
    assert variable.accuracy == Quantity("2", "uatm")
    assert variable.precision == Quantity("0.01", "ppm")
    assert variable.standardization == "four gases"
    assert variable.vapour_correction == "dried"
    assert variable.temperature_correction == "Takahashi"
    assert (variable.report_temperature, variable.drying) == ("SST", "cold trap")
    assert variable.researcher == Person(last="Ada Byron", organization="University A")


def test_instruments(document):
    equilibrator, sensor = read_document(document(CO2)).instruments
    assert equilibrator == Equilibrator(
        name="shower",
        type="shower",
        water_volume="0.6 L",
        gas_volume="0.8 L",
        water_flow="2 L/min",
        gas_flow="70 mL/min",
        venting="yes",
    )
    accuracy = Quantity("0.1", "ppm")
    kinds = ((Quantity("0", "ppm"), "zero gas, free of CO2"),)
    kinds += ((Quantity("250.5", "ppm"), "CO2 in air"),)
    assert sensor == GasSensor(
        name="LI-COR 7000",
        manufacturer="LI-COR",
        model="7000",
        calibration="four gases",
        accuracy=Quantity("0.2", "ppm"),
        frequency="3 h",
        gases=tuple(
            CalibrationGas(
                type=kind, supplier="NOAA", concentration=value, accuracy=accuracy
            )
            for value, kind in kinds
        ),
    )


def test_other_variables(document):
    read = read_document(document(SST))
    sst, other = read.variables
    assert (sst.group, sst.computed) == ("temperature", False)
    assert (sst.method, sst.instrument_names) == ("SBE 38", ("SBE 38",))
    assert sst.researcher is None
    assert (other.computed, other.method) == (True, "from others")
    assert other.intake_depth == "3"
    assert read.instruments == ()


def test_little_known_instruments(document):
    text = """<variable><equilibrator><volume>3</volume></equilibrator>
    <gasDetector><model>M</model></gasDetector>
    <standardization><frequency>6 h</frequency></standardization></variable>
    <variable><standardization><standardgas><concentration>400</concentration>
    </standardgas></standardization></variable>"""
    equilibrator, sensor, other = read_document(document(text)).instruments
    assert (equilibrator.name, equilibrator.water_volume) == ("1", "3")
    assert (sensor.name, sensor.calibration, sensor.gases) == ("M", "6 h", ())
    assert other.gases[0].concentration == Quantity("400", "")
    assert other.gases[0].accuracy == Quantity()


def test_other_documents_with_that_root(document):
    path = document("<idinfo />")
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert str(caught.value) == (
        f"{path}: the root of a metadata document must be one of oads_metadata,"
        " dataset_metadata, variables_by_type, x_tags, not 'metadata'. Did you mean"
        " 'oads_metadata'?"
    )
