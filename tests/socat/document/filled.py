"""A filled metadata document, made by hand: every text says where it belongs."""

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

ANN = Person(
    first="Ann",
    last="First",
    organization="Institute",
    street="1 Street",
    email="ann@x.org",
    phone="123",
    identifier="0000-0001",
    identifier_type="ORCID",
)
BO = Person(first="Bo", last="Second", organization="Academy")
WATER = Variable(
    column="xCO2_water_Tequ_dry",
    full_name="measured CO2",
    unit="umol/mol",
    observation_type="underway",
    method="infrared",
    method_reference="Pierrot 2009",
    accuracy=Quantity("1.5", "umol/mol"),
    precision=Quantity("0.01", "umol/mol"),
    instrument_names=("LI", "spare"),
    report_temperature="equilibrator temperature",
    flag_column="WOCE_CO2_water",
    standardization="four gases",
    vapour_correction="dried",
    temperature_correction="Takahashi 1993",
    pco2_method="xCO2 (P - pH2O)",
    fco2_method="Weiss 1974",
    drying="Peltier",
    intake_location="bow",
    intake_depth="5 m",
    comments="noted",
)
COMPUTED = Variable(
    column="fCO2_water_SST_wet",
    full_name="computed fCO2",
    unit="uatm",
    observation_type="underway",
    method="computed from xCO2",
    computed=True,
    accuracy=Quantity("2.5", "uatm"),
    report_temperature="SST",
)
AIR = Variable(
    column="xCO2_atm_interp",
    unit="umol/mol",
    observation_type="underway",
    method="from a tube",
    intake_location="mast",
    drying="Nafion",
)
SST = Variable(
    column="SST",
    full_name="sea temperature",
    unit="degC",
    observation_type="underway",
    method="thermistor",
    accuracy=Quantity("0.02 degC", "degC"),
    precision=Quantity("0.001"),
    instrument_names=("SBE",),
)
SALINITY = Variable(
    column="salinity", unit="1", observation_type="time series", computed=True
)
T_EQU = Variable(
    column="T_equ",
    unit="degC",
    observation_type="underway",
    method="Pt100",
    accuracy=Quantity("0.05", "degC"),
    instrument_names=("PT",),
)
P_EQU = Variable(
    column="P_equ",
    unit="hPa",
    observation_type="time series",
    method="barometer",
    accuracy=Quantity("0.5", "hPa"),
    instrument_names=("Setra",),
    standardization="yearly",
)
P_ATM = Variable(column="P_atm", unit="hPa", method="on the bridge")
NOTE = Variable(column="remark", full_name="a remark", flag_column="x", comments="y")
FLAG = Variable(column="WOCE_CO2_water", full_name="flag", unit="1")
GASES = (
    CalibrationGas(
        name="Z0", type="zero gas, free of CO2", concentration=Quantity("0")
    ),
    CalibrationGas(
        name="G1",
        type="CO2 in air",
        supplier="NOAA",
        concentration=Quantity("350.25", "ppm"),
        accuracy=Quantity("0.06", "ppm"),
        wmo_traceable="Yes (X2019)",
    ),
)
VESSEL = Equilibrator(
    name="shower",
    type="shower head",
    water_volume="0.6 L",
    gas_volume="0.85 L",
    water_flow="2 L/min",
    gas_flow="70 mL/min",
    venting="Vented",
    temperature_accuracy=Quantity("0.05", "degC"),
    pressure_accuracy=Quantity("0.4", "hPa"),
)
LICOR = GasSensor(
    name="LI",
    identifier="S1",
    manufacturer="LI-COR",
    model="LI-7000",
    comments="in the laboratory",
    calibration="every 3 hours",
    accuracy=Quantity("0.2", "ppm"),
    gases=GASES,
    frequency="8 per day",
)
SENSORS = (
    Analyser(
        name="SBE",
        identifier="S2",
        manufacturer="Sea-Bird",
        model="38",
        comments="intake",
        calibration="in 2023",
        accuracy=Quantity("0.01"),
    ),
    Analyser(name="PT", calibration="against the SBE", comments="in the vessel"),
    Analyser(name="Setra", model="239", accuracy=Quantity("0.3 hPa")),
)
DOCUMENT = Document(
    format="made by hand",
    dataset_id="ZZ9920240301",
    submitter=BO,
    investigators=(ANN, BO),
    platforms=(
        Platform("Ship", "ZZ99", "ICES", "Research vessel", "Owner", "Norway"),
        Platform("Buoy", "42", "own code"),
    ),
    instruments=(Sampler(name="pump"), VESSEL, LICOR, *SENSORS),
    variables=(COMPUTED, WATER, AIR, SST, SALINITY, T_EQU, P_EQU, P_ATM, NOTE, FLAG),
    title="Title",
    abstract="Abstract",
    purpose="Purpose",
    methods="Methods",
    citation="Citation",
    supplement="Supplement",
    start="2024-03-01",
    end="2024-03-02",
    west="-12.5",
    east="13.5",
    south="-60",
    north="70.25",
    funding=(Funding("Agency", "Grant", "G-1"), Funding("Other")),
    projects=("Project 1", "Project 2"),
    expocodes=("ZZ9920240301",),
    cruise_ids=("C1",),
    sections=("A16",),
    authors=("First, Ann", "Second, Bo"),
    references=("Paper 1", "Paper 2"),
)


def outline(node, depth=0):
    """Return the elements of a document as lines: name, attributes, text."""
    name = node.tag.rpartition("}")[2]
    marks = [f"@{key.rpartition('}')[2]}={value}" for key, value in node.items()]
    text = (node.text or "").strip()
    line = " " * depth + " ".join([name, *marks, *([f"= {text}"] if text else [])])
    return [line, *(line for inner in node for line in outline(inner, depth + 1))]
