"""A filled OME form, element by element."""

import xml.etree.ElementTree as ET

from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Equilibrator,
    GasSensor,
    Person,
    Platform,
    Quantity,
    Variable,
)
from oceanco2.socat.document.ome import from_ome


def elements(names, **texts):
    """Elements that hold their own name, and others with a text."""
    own = {name: name for name in names.split()} | texts
    return "".join(f"<{name}>{text}</{name}>" for name, text in own.items())


PERSON = "Organization Address Email Phone"
SENSOR = "Manufacturer Model Location Calibration"
VARIABLES = {
    "xCO2_EQU_ppm": "ppm",
    "xCO2_ATM_ppm": "ppm",
    "fCO2_water_SST_uatm": "uatm",
    "SST_C": "degC",
    "T_equ": "degC",
    "P_equ": "hPa",
    "P_atm": "hPa",
    "Salinity": "psu",
    "Remarks": "",
}
CO2_SENSOR = elements(
    "Measurement_Method Manufacturer Model Method_References Frequency Other_Comments",
    Uncertainty_Water="2",
    Uncertainty_Air="0.2",
    Resolution_Water="0.01",
    Resolution_Air="0.02",
    Manufacturer_of_Calibration_Gas="NOAA",
    No_Of_Non_Zero_Gas_Stds="2",
    CO2_Sensor_Calibration="0, 288.46 and 481.4 ppm",
)
FORM = f"""<x_tags>
<User>{elements(PERSON, Name="Other, Ann")}</User>
<Investigator>{elements(PERSON, Name="First, Ann")}</Investigator>
<Investigator>{elements(PERSON, Name="Second, Bo")}</Investigator>
<Cruise_Info><Experiment>{elements("Experiment_Name Platform_Type")}<Cruise>
<Cruise_ID>33RO20100308</Cruise_ID><Geographical_Coverage><Bounds>
{
    elements(
        "",
        Westernmost_Longitude="1",
        Easternmost_Longitude="2",
        Southernmost_Latitude="3",
        Northernmost_Latitude="4",
    )
}</Bounds></Geographical_Coverage><Temporal_Coverage>
{elements("", Start_Date="20100308", End_Date="March 2010")}
</Temporal_Coverage></Cruise></Experiment>
<Vessel>{elements("Vessel_Name Vessel_Owner", Vessel_ID="33RO")}</Vessel></Cruise_Info>
<Variables_Info>{
    "".join(
        "<Variable>"
        + elements(
            "",
            Variable_Name=name,
            Description_of_Variable=f"what {name} is",
            Unit_of_Variable=unit,
        )
        + "</Variable>"
        for name, unit in VARIABLES.items()
    )
}</Variables_Info>
<Method_Description><Equilibrator_Design>{
    elements(
        "Equilibrator_Type Additional_Information Water_Flow_Rate Vented"
        " Headspace_Gas_Flow_Rate Drying_Method_for_CO2_in_water"
        " Depth_of_Sea_Water_Intake Location_of_Sea_Water_Intake",
        Equilibrator_Volume="0.95 L (0.4 L water, 0.55 L headspace)",
    )
}</Equilibrator_Design>
<CO2_Sensors><CO2_Sensor>{CO2_SENSOR}</CO2_Sensor></CO2_Sensors>
<Sea_Surface_Temperature>{
    elements(SENSOR, Accuracy_degC="0.01")
}</Sea_Surface_Temperature>
<Equilibrator_Temperature>{elements(SENSOR, Accuracy="0.02")}</Equilibrator_Temperature>
<Equilibrator_Pressure>{
    elements(SENSOR, Accuracy_hPa="0.5 mbar")
}</Equilibrator_Pressure>
<Atmospheric_Pressure>{elements(SENSOR, Accuracy="0.3")}</Atmospheric_Pressure>
<Sea_Surface_Salinity>{elements(SENSOR, Accuracy="0.005")}</Sea_Surface_Salinity>
</Method_Description>
{elements("Additional_Information Citation Data_set_References")}
</x_tags>"""
DOCUMENT = from_ome(ET.fromstring(FORM))
ACCURACY = {
    "Sea Surface Temperature": Quantity("0.01", "degC"),
    "Equilibrator Temperature": Quantity("0.02", "degC"),
    "Equilibrator Pressure": Quantity("0.5 mbar"),
    "Atmospheric Pressure": Quantity("0.3", "hPa"),
    "Sea Surface Salinity": Quantity("0.005", "1"),
}


def person(first, last):
    return Person(first, last, *PERSON.split())


def test_people_platform_and_cruise():
    assert DOCUMENT.submitter == person("Ann", "Other")
    assert DOCUMENT.investigators == (person("Ann", "First"), person("Bo", "Second"))
    assert DOCUMENT.authors == ("First, Ann", "Second, Bo")
    assert DOCUMENT.platforms == (
        Platform("Vessel_Name", "33RO", "ICES", "Platform_Type", "Vessel_Owner"),
    )
    assert (DOCUMENT.start, DOCUMENT.end) == ("2010-03-08", "March 2010")
    assert (DOCUMENT.west, DOCUMENT.east) == ("1", "2")
    assert (DOCUMENT.south, DOCUMENT.north) == ("3", "4")
    assert DOCUMENT.expocodes == ("33RO20100308",)
    assert DOCUMENT.dataset_id == "33RO20100308"
    assert (DOCUMENT.title, DOCUMENT.methods) == (
        "Experiment_Name",
        "Additional_Information",
    )
    assert DOCUMENT.citation == "Citation"
    assert DOCUMENT.references == ("Data_set_References",)


def test_instruments():
    vessel, analyser, *sensors = DOCUMENT.instruments
    assert vessel == Equilibrator(
        name="Equilibrator_Type",
        type="Equilibrator_Type",
        comments="Additional_Information",
        water_volume="0.4 L",
        gas_volume="0.55 L",
        water_flow="Water_Flow_Rate",
        gas_flow="Headspace_Gas_Flow_Rate",
        venting="Vented",
        temperature_accuracy=ACCURACY["Equilibrator Temperature"],
        pressure_accuracy=ACCURACY["Equilibrator Pressure"],
    )
    names = {0.0: "zero gas, free of CO2"}
    assert analyser == GasSensor(
        name="Model",
        manufacturer="Manufacturer",
        model="Model",
        comments="Other_Comments",
        calibration="0, 288.46 and 481.4 ppm",
        accuracy=Quantity("2"),
        gases=tuple(
            CalibrationGas(
                name=str(i),
                type=names.get(float(value), "CO2 in air"),
                supplier="NOAA",
                concentration=Quantity(value, "ppm"),
            )
            for i, value in enumerate(("0", "288.46", "481.4"), 1)
        ),
        non_zero_gases=2,
        frequency="Frequency",
    )
    manufacturer, model, location, calibration = SENSOR.split()
    assert tuple(sensors) == tuple(
        Analyser(
            name=name,
            manufacturer=manufacturer,
            model=model,
            comments=location,
            calibration=calibration,
            accuracy=accuracy,
        )
        for name, accuracy in ACCURACY.items()
    )


def test_variables():
    names = dict(zip(VARIABLES, DOCUMENT.variables, strict=True))
    for name, variable in names.items():
        assert (variable.column, variable.unit) == (name, VARIABLES[name])
        assert variable.full_name == f"what {name} is"
        assert variable.observation_type == "underway"
    for name, temperature, accuracy, resolution in (
        ("xCO2_EQU_ppm", "equilibrator temperature", "2", "0.01"),
        ("xCO2_ATM_ppm", "", "0.2", "0.02"),
        ("fCO2_water_SST_uatm", "SST", "2", "0.01"),
    ):
        found, unit = names[name], VARIABLES[name]
        assert found.report_temperature == temperature
        assert found.accuracy == Quantity(accuracy, unit)
        assert found.precision == Quantity(resolution, unit)
        assert found.method == "Measurement_Method"
        assert found.method_reference == "Method_References"
        assert found.instrument_names == ("Model",)
        assert found.drying == "Drying_Method_for_CO2_in_water"
        assert found.intake_depth == "Depth_of_Sea_Water_Intake"
        assert found.intake_location == "Location_of_Sea_Water_Intake"
    devices = list(ACCURACY)
    columns = ("SST_C", "T_equ", "P_equ", "P_atm", "Salinity")
    for name, device in zip(columns, devices, strict=True):
        found = names[name]
        assert found.instrument_names == (device,)
        assert found.accuracy == ACCURACY[device]
        assert (found.method, found.standardization) == ("Model", "Calibration")
    assert names["Remarks"] == Variable(
        column="Remarks", full_name="what Remarks is", observation_type="underway"
    )


def test_an_empty_form():
    empty = from_ome(ET.fromstring("<x_tags/>"))
    assert empty.submitter is None
    assert empty.platforms == (Platform(),)
    assert empty.instruments == empty.variables == empty.expocodes == ()
    assert (empty.start, empty.west, empty.title) == ("", "", "")
