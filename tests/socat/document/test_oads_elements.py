"""OADS documents element by element: written whole, and read from odd ones."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from oceanco2.socat.document import metadata_bytes
from oceanco2.socat.document.model import (
    CalibrationGas,
    Document,
    Equilibrator,
    GasSensor,
    Person,
    Platform,
    Quantity,
    Variable,
)
from oceanco2.socat.document.oads import (
    best_accuracy,
    from_oads,
    quantity_of,
    quantity_text,
    split_volumes,
    variable_and_sensor,
    volume_text,
    water_variables,
)
from tests.socat.document import filled
from tests.socat.document.filled import DOCUMENT, outline

SPACE = "http://ncei.noaa.gov/oads/v_a0_2_2s"
SCHEMA = "https://www.pmel.noaa.gov/sdig/oap/a0.2.2s/oads_metadata_a0.2.2s.xsd"
WRITTEN = """
 submissionDate = 2023-11-14
 investigators
  investigator
   name
    first = Ann
    last = First
   organization = Institute
   contactInfo
    address
     deliveryPoint @index=0 = 1 Street
    phone = 123
    email = ann@x.org
   identifier @type=ORCID = 0000-0001
  investigator
   name
    first = Bo
    last = Second
   organization = Academy
   contactInfo
 dataSubmitter
  name
   first = Bo
   last = Second
  organization = Academy
  contactInfo
 title = Title
 abstract = Abstract
 purpose = Purpose
 methods = Methods
 temporalExtents
  startDate = 2024-03-01
  endDate = 2024-03-02
 spatialExtents
  bounds
   westernBounds = -12.5
   easternBounds = 13.5
   northernBounds = 70.25
   southernBounds = -60
 fundingInfo
  source
   agency = Agency
   title = Grant
   identifier = G-1
  source
   agency = Other
   title
   identifier
 researchProjects
  project = Project 1
  project = Project 2
 platforms
  platform
   name = Ship
   identifier @type=ICES = ZZ99
   type = Research vessel
   owner = Owner
   country = Norway
  platform
   name = Buoy
   identifier = 42
 expocodes
  expocode = ZZ9920240301
 cruiseIds
  cruiseId = C1
 sections
  section = A16
 authors
  author = First, Ann; Second, Bo
 citation = Citation
 references
  reference = Paper 1
  reference = Paper 2
 supplementalInfo = Supplement
 variables
  variable @name=CO2_Common @type=co2_socat
   fullName = CO2 Common
   datasetVarName = CO2_Common
   observationType = underway
   uncertainty = 2.5 uatm
   qcFlag
    scheme = WOCE
    description = Yes
    qcFlagVarName = WOCE_CO2_water
   methodReference = Pierrot 2009
   samplingInstrument = water collection with pump
   analyzingInstrument = LI; spare
   detailedAnalyzingInfo = infrared
   standardization
    description = every 3 hours
    frequency = 8 per day
    standardGas
     id = Z0
     concentration = 0
    standardGas
     id = G1
     manufacturer = NOAA
     concentration = 350.25 ppm
     uncertainty = 0.06 ppm
     traceabilityToWmoStandards = Yes (X2019)
   gasDetector
    manufacturer = LI-COR
    model = LI-7000
    resolution = 0.01 umol/mol
    uncertainty = 0.2 ppm
   waterVaporCorrection = dried
   temperatureCorrectionMethod = Takahashi 1993
   calculationMethodFor_pCO2 = xCO2 (P - pH2O)
   calculationMethodFor_fCO2 = Weiss 1974
   co2ReportTemperature = equilibrator temperature, SST
   locationSeawaterIntake = bow
   depthSeawaterIntake = 5 m
   equilibrator
    type = shower head
    volume = 0.6 L water, 0.85 L headspace
    vented = Vented
    waterFlowRate = 2 L/min
    gasFlowRate = 70 mL/min
    temperatureMeasurement
     method = Pt100
     sensor
      calibration = against the SBE
     uncertainty = 0.05 degC
    pressureMeasurement
     method = barometer
     uncertainty = 0.4 hPa
   co2GasDryingMethod = Peltier
   totalMeasurementPressure
    method = barometer
    uncertainty = 0.5 hPa
  variable @type=co2_socat
   fullName = computed fCO2
   datasetVarName = fCO2_water_SST_wet
   observationType = underway
   units = uatm
   uncertainty = 2.5 uatm
   detailedAnalyzingInfo = computed from xCO2
   co2ReportTemperature = SST
  variable @type=co2_socat
   fullName = measured CO2
   datasetVarName = xCO2_water_Tequ_dry
   observationType = underway
   units = umol/mol
   uncertainty = 1.5 umol/mol
   qcFlag
    scheme = WOCE
    description = Yes
    qcFlagVarName = WOCE_CO2_water
   methodReference = Pierrot 2009
   samplingInstrument = water collection with pump
   analyzingInstrument = LI; spare
   detailedAnalyzingInfo = infrared
   standardization
    description = four gases
   co2ReportTemperature = equilibrator temperature
  variable
   datasetVarName = xCO2_atm_interp
   observationType = underway
   units = umol/mol
   detailedAnalyzingInfo = from a tube
  variable
   fullName = sea temperature
   datasetVarName = SST
   observationType = underway
   units = degC
   uncertainty = 0.02 degC
   samplingInstrument = water collection with pump
   analyzingInstrument = SBE
   detailedAnalyzingInfo = thermistor
  variable
   datasetVarName = salinity
   observationType = time series
   units = 1
  variable
   datasetVarName = T_equ
   observationType = underway
   units = degC
   uncertainty = 0.05 degC
   samplingInstrument = water collection with pump
   analyzingInstrument = PT
   detailedAnalyzingInfo = Pt100
  variable
   datasetVarName = P_equ
   observationType = time series
   units = hPa
   uncertainty = 0.5 hPa
   analyzingInstrument = Setra
   detailedAnalyzingInfo = barometer
   standardization
    description = yearly
  variable
   datasetVarName = P_atm
   units = hPa
   detailedAnalyzingInfo = on the bridge
  variable
   fullName = a remark
   datasetVarName = remark
   qcFlag
    scheme = WOCE
    description = Yes
    qcFlagVarName = x
  variable
   fullName = flag
   datasetVarName = WOCE_CO2_water
   units = 1
"""


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 2023-11-14


def written(document):
    return outline(ET.fromstring(metadata_bytes(document, "oads")))


def test_a_filled_document():
    root, *lines = written(DOCUMENT)
    assert root == f"oads_metadata @version=a0.2.2s @schemaLocation={SPACE} {SCHEMA}"
    assert lines == WRITTEN.strip("\n").split("\n")


def test_a_filled_document_is_read():
    """Everything but what the format has no place for comes back."""
    again = from_oads(ET.fromstring(metadata_bytes(DOCUMENT, "oads")))
    common = {
        "method_reference": "Pierrot 2009",
        "flag_column": "WOCE_CO2_water",
        "standardization": "every 3 hours",
        "vapour_correction": "dried",
        "temperature_correction": "Takahashi 1993",
        "pco2_method": "xCO2 (P - pH2O)",
        "fco2_method": "Weiss 1974",
        "drying": "Peltier",
        "intake_location": "bow",
        "intake_depth": "5 m",
        "instrument_names": ("LI", "spare"),
        "group": "water_co2",
    }
    own = {"standardization": "four gases", "comments": ""}
    water = replace(filled.WATER, **common | own)
    groups = ("air_co2", "temperature", "salinity", "temperature", "pressure")
    others = [
        replace(before, group=group)
        for before, group in zip(
            DOCUMENT.variables[2:], (*groups, "pressure", "text", "flag"), strict=True
        )
    ]
    others[0] = replace(others[0], intake_location="", drying="")
    others[1] = replace(others[1], accuracy=Quantity("0.02", "degC"))
    others[2] = replace(others[2], computed=False)
    others[6] = replace(others[6], comments="")
    variables = (replace(filled.COMPUTED, **common), water, *others)
    sensor = replace(filled.LICOR, name="LI; spare", identifier="", comments="")
    assert again.variables == tuple(
        replace(variable, precision=Quantity()) for variable in variables
    )
    assert again.instruments == (replace(filled.VESSEL, name="shower head"), sensor)
    assert again == replace(
        DOCUMENT,
        format="OADS a0.2.2s",
        instruments=again.instruments,
        variables=again.variables,
        platforms=(DOCUMENT.platforms[0], Platform("Buoy", "42")),
    )


BARE = Document(
    start="2024-03-01",
    end="2024-03-02",
    west="1",
    platforms=(Platform(),),
    variables=(Variable(column="SST", observation_type="underway"),),
)
PERSON = ["name", " first", " last", "organization", "contactInfo"]


def test_a_bare_document():
    assert written(BARE)[1:] == [
        " submissionDate = 2023-11-14",
        " investigators",
        "  investigator",
        *(f"   {line}" for line in PERSON),
        " dataSubmitter",
        *(f"  {line}" for line in PERSON),
        *(" title", " abstract", " purpose", " methods"),
        *(" temporalExtents", "  startDate = 2024-03-01", "  endDate = 2024-03-02"),
        *(" spatialExtents", "  bounds", "   westernBounds = 1", "   easternBounds"),
        *("   northernBounds", "   southernBounds"),
        *(" platforms", "  platform", "   name"),
        *(" variables", "  variable", "   datasetVarName = SST"),
        "   observationType = underway",
        "   samplingInstrument = water collection with pump",
    ]


@pytest.mark.parametrize("kind", ["ICES", "WMO", "IMO", "NODC", ""])
def test_the_type_of_a_platform_code_is_one_of_three(kind):
    ship = Platform("Ship", "1", kind)
    lines = written(replace(BARE, platforms=(ship,)))
    mark = f" @type={kind}" if kind in ("ICES", "WMO", "IMO") else ""
    assert f"   identifier{mark} = 1" in lines


def test_co2_without_instruments():
    """The common variable then has the empty elements that the form requires."""
    bare = Variable(column="fCO2_water_SST_wet", accuracy=Quantity("2"))
    assert written(replace(BARE, variables=(bare,)))[-9:] == [
        "  variable @name=CO2_Common @type=co2_socat",
        "   fullName = CO2 Common",
        "   datasetVarName = CO2_Common",
        "   uncertainty = 2",
        "   standardization",
        "   gasDetector",
        "  variable @type=co2_socat",
        "   datasetVarName = fCO2_water_SST_wet",
        "   uncertainty = 2",
    ]


@pytest.mark.parametrize(
    ("method", "accuracy", "lines"),
    [
        ("", "", []),
        ("m", "", ["    method = m"]),
        ("", "3", ["    uncertainty = 3 hPa"]),
        ("m", "3", ["    method = m", "    uncertainty = 3 hPa"]),
    ],
)
def test_the_pressure_of_the_measurement(method, accuracy, lines):
    quantity = Quantity(accuracy, "hPa") if accuracy else Quantity()
    pressure = Variable(column="P_equ", method=method, accuracy=quantity)
    variables = (Variable(column="fCO2_water_SST_wet"), pressure)
    found = written(replace(BARE, variables=variables))
    if not lines:
        assert "   totalMeasurementPressure" not in found
        return
    start = found.index("   totalMeasurementPressure")
    assert found[start + 1 : start + 1 + len(lines)] == lines
    assert found[start + 1 + len(lines)] == "  variable @type=co2_socat"


def test_quantities():
    assert quantity_text(Quantity("2", "hPa")) == "2 hPa"
    assert quantity_text(Quantity("2 hPa", "hPa")) == "2 hPa"
    assert quantity_text(Quantity("hPa 2", "hPa")) == "hPa 2 hPa"
    assert quantity_text(Quantity("2")) == "2"
    for text, number, unit in (
        ("0.02 degC", "0.02", "degC"),
        ("-1.5e-3 umol mol-1", "-1.5e-3", "umol mol-1"),
        ("2e+1 m", "2e+1", "m"),
        ("2e1 m", "2e1", "m"),
        ("2  %", "2", "%"),
        ("2", "2", ""),
        ("2%", "2%", ""),
        ("2 3", "2 3", ""),
        ("about 2 m", "about 2 m", ""),
        ("", "", ""),
    ):
        assert quantity_of(text) == Quantity(number, unit)
        assert quantity_of(text, "K") == Quantity(text, "K")


def test_variables_of_water_and_their_accuracy():
    measured = Variable(column="xCO2_water_Tequ_dry", accuracy=Quantity("1"))
    other = replace(filled.COMPUTED, column="pCO2_water_SST_wet")
    document = replace(BARE, variables=(other, filled.SST, filled.COMPUTED, measured))
    water = water_variables(document)
    assert [v.column for v in water] == [
        "xCO2_water_Tequ_dry",
        "pCO2_water_SST_wet",
        "fCO2_water_SST_wet",
    ]
    assert best_accuracy(water) == Quantity("2.5", "uatm")
    assert best_accuracy([measured, replace(filled.COMPUTED, accuracy=Quantity())]) == (
        Quantity("1")
    )
    assert best_accuracy([Variable()]) == best_accuracy([]) == Quantity()


def test_a_variable_and_its_sensor():
    variable, sensor = variable_and_sensor(DOCUMENT, "SST")
    assert (variable, sensor) == (filled.SST, filled.SENSORS[0])
    variable, sensor = variable_and_sensor(DOCUMENT, "xCO2_water_Tequ_dry")
    assert (variable, sensor) == (filled.WATER, filled.LICOR)
    variable, sensor = variable_and_sensor(DOCUMENT, "P_atm")
    assert (variable, sensor.name) == (filled.P_ATM, "")
    variable, sensor = variable_and_sensor(DOCUMENT, "SS")
    assert (variable, sensor.name) == (Variable(), "")


@pytest.mark.parametrize(
    ("text", "water", "gas"),
    [
        ("0.6 L water, 0.8 L headspace", "0.6 L", "0.8 L"),
        ("0.6 L of seawater", "0.6 L", ""),
        ("0.6 l Sea Water", "0.6 l", ""),
        ("3 ml HEAD SPACE", "", "3 ml"),
        ("3 ml of gas", "", "3 ml"),
        ("1.5 air", "", "1.5"),
        ("about 1 L", "about 1 L", ""),
        ("", "", ""),
    ],
)
def test_volumes(text, water, gas):
    assert split_volumes(text) == (water, gas)


def test_texts_of_volumes():
    vessel = Equilibrator(water_volume="1 L", gas_volume="2 L")
    assert volume_text(vessel) == "1 L water, 2 L headspace"
    assert volume_text(replace(vessel, water_volume="")) == "2 L headspace"
    assert volume_text(replace(vessel, gas_volume="")) == "1 L water"
    assert volume_text(Equilibrator()) == ""


# ---- reading ------------------------------------------------------------------------


def read(text):
    return from_oads(ET.fromstring(f"<oads_metadata>{text}</oads_metadata>"))


def test_an_empty_document_is_read():
    assert read("") == Document(format="OADS")


def test_bounds_without_an_element_of_their_own():
    inner = "".join(
        f"<{name}ernBounds>{number}</{name}ernBounds>"
        for number, name in enumerate(("west", "east", "south", "north"))
    )
    for text in (inner, f"<bounds>{inner}</bounds>"):
        found = read(f"<spatialExtents>{text}</spatialExtents>")
        assert (found.west, found.east, found.south, found.north) == tuple("0123")


def test_people_are_read():
    found = read(
        """<investigators><investigator><name><first>A</first><last>B</last></name>
        <contactInfo><address><deliveryPoint>1</deliveryPoint><deliveryPoint>2
        </deliveryPoint></address></contactInfo><identifier type="x"> </identifier>
        <identifier type="ORCID">7</identifier></investigator></investigators>
        <dataSubmitter><identifier>8</identifier></dataSubmitter>
        <authors><author>A; B ;</author><author>C</author></authors>
        <fundingInfo><source/><source><agency>G</agency></source></fundingInfo>"""
    )
    assert found.investigators == (
        Person("A", "B", "", "1, 2", identifier="7", identifier_type="ORCID"),
    )
    assert found.submitter == Person(identifier="8")
    assert found.authors == ("A", "B", "C")
    assert [source.agency for source in found.funding] == ["G"]


def variables(*texts):
    inner = "".join(f"<variable{text}</variable>" for text in texts)
    return read(f"<variables>{inner}</variables>")


@pytest.mark.parametrize(
    "text",
    [
        ' name="CO2_Common">',
        ' name="co2common">',
        "><fullName>CO2 common</fullName>",
        ' name="x"><fullName>CO2_Common</fullName>',
    ],
)
def test_the_common_variable_by_any_name(text):
    detector = "<gasDetector><model>M</model></gasDetector>"
    found = variables(f"{text}{detector}", "><datasetVarName>SST</datasetVarName>")
    assert [v.column for v in found.variables] == ["SST"]
    assert found.instruments == (GasSensor(name="M", model="M"),)
    kept = variables("><fullName>CO2 Common variable</fullName>").variables
    assert len(kept) == 1


def test_methods_names_and_researchers():
    for text, method in (
        ("<detailedAnalyzingInfo>D</detailedAnalyzingInfo>", "D"),
        ("", "A; B"),
    ):
        (found,) = variables(
            f"><analyzingInstrument>A; B</analyzingInstrument>{text}"
            "<methodReference>R</methodReference>"
        ).variables
        assert (found.method, found.method_reference) == (method, "R")
        assert found.instrument_names == ("A", "B")
        assert not found.computed
    (found,) = variables("><methodReference>R</methodReference>").variables
    assert found.method == "R"
    for word in ("computed", "Calculated"):
        (found,) = variables(
            f"><detailedAnalyzingInfo>is {word} here</detailedAnalyzingInfo>"
        ).variables
        assert found.computed
    (found,) = variables(
        "><researcher><name>N</name><organization>O</organization></researcher>"
        "<variationsFromMethod>V</variationsFromMethod>"
        "<gasDetector><resolution>1 ppm</resolution></gasDetector>"
    ).variables
    assert found.researcher == Person(last="N", organization="O")
    assert (found.comments, found.precision) == ("V", Quantity("1", "ppm"))


def test_co2_inherits_what_it_does_not_state():
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    common = ' name="CO2_Common"><units>K</units><uncertainty>2 uatm</uncertainty>'
    common += "<observationType>underway</observationType>"
    found = variables(
        common,
        f' {xsi} xsi:type="co2_socat"><datasetVarName>mine</datasetVarName>'
        "<observationType>fixed</observationType>",
        f' {xsi} xsi:type="other"><datasetVarName>theirs</datasetVarName>',
        "><datasetVarName>fCO2_water_SST_wet</datasetVarName>",
    ).variables
    assert found == (
        Variable(
            column="mine",
            group="water_co2",
            observation_type="fixed",
            accuracy=Quantity("2", "uatm"),
        ),
        Variable(column="theirs", group="text"),
        Variable(
            column="fCO2_water_SST_wet",
            group="water_co2",
            observation_type="underway",
            accuracy=Quantity("2", "uatm"),
        ),
    )


def instruments(text):
    return variables(f' name="CO2_Common">{text}').instruments


def test_gases_of_one_element_and_of_several():
    (sensor,) = instruments(
        """<standardization><frequency>daily</frequency><standardGas><id>A</id>
        <manufacturer>M</manufacturer><concentration>0, 250 and 450 ppm</concentration>
        <uncertainty>0.1, 0.2 ppm</uncertainty></standardGas>
        <standardGas><id>B</id></standardGas></standardization>"""
    )
    zero, air = "zero gas, free of CO2", "CO2 in air"
    assert sensor == GasSensor(
        calibration="daily",
        frequency="daily",
        gases=(
            *(
                CalibrationGas(
                    name="A",
                    type=kind,
                    supplier="M",
                    concentration=Quantity(value, "ppm"),
                    accuracy=Quantity(accuracy, "ppm"),
                )
                for kind, value, accuracy in (
                    (zero, "0", "0.1"),
                    (air, "250", "0.2"),
                    (air, "450", "0.2"),
                )
            ),
            CalibrationGas(name="B", type=air),
        ),
    )


def test_analysers_and_equilibrators():
    assert instruments("<standardization/>") == ()
    (sensor,) = instruments(
        "<analyzingInstrument>LI</analyzingInstrument><gasDetector><model>M</model>"
        "<manufacturer>F</manufacturer><uncertainty>1 ppm</uncertainty></gasDetector>"
        "<standardization><description>D</description><frequency>F</frequency>"
        "</standardization>"
    )
    assert sensor == GasSensor(
        name="LI",
        model="M",
        manufacturer="F",
        accuracy=Quantity("1", "ppm"),
        calibration="D",
        frequency="F",
    )
    total = "<totalMeasurementPressure><uncertainty>2 hPa</uncertainty>"
    total += "</totalMeasurementPressure>"
    (vessel,) = instruments(f"<equilibrator/>{total}")
    assert vessel == Equilibrator(name="1", pressure_accuracy=Quantity("2", "hPa"))
    stated = "<pressureMeasurement><uncertainty>1 hPa</uncertainty>"
    (vessel,) = instruments(
        f"<equilibrator><type>T</type>{stated}</pressureMeasurement></equilibrator>"
        + total
    )
    assert vessel == Equilibrator(
        name="T", type="T", pressure_accuracy=Quantity("1", "hPa")
    )
