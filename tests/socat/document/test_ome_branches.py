"""OME forms of others: what is left out, and what stands elsewhere."""

import xml.etree.ElementTree as ET

import pytest

from oceanco2.socat.document import ome
from oceanco2.socat.document.model import (
    Analyser,
    Document,
    Equilibrator,
    GasSensor,
    Person,
    Platform,
    Quantity,
    Variable,
)


def tree(text):
    return ET.fromstring(f"<x_tags>{text}</x_tags>")


def read(text):
    return ome.from_ome(tree(text))


def method(text):
    return read(f"<Method_Description>{text}</Method_Description>")


def test_an_empty_form():
    assert read("") == Document(format="OME", platforms=(Platform(),))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20100308", "2010-03-08"),
        ("2010-03-08", "2010-03-08"),
        ("201003080", "201003080"),
        ("2010030", "2010030"),
        ("", ""),
    ],
)
def test_days(text, day):
    assert ome._day(text) == day


def test_people():
    text = "<Name>Ann van First</Name><Organization>O</Organization>"
    text += "<Address>A</Address><Email>E</Email><Phone>P</Phone>"
    expected = Person("Ann van", "First", "O", "A", "E", "P")
    assert read(f"<User>{text}</User>").submitter == expected
    found = read(f"<Investigator>{text}</Investigator>")
    assert found.investigators == (expected,)
    assert found.authors == ("First, Ann van",)
    assert found.submitter is None


@pytest.mark.parametrize(
    ("vessel", "kind", "cruise", "platform"),
    [
        ("", "", "", Platform()),
        ("", "", "33RO20100308", Platform("", "33RO", "ICES")),
        ("<Vessel_ID>X1</Vessel_ID>", "", "33RO2010", Platform("", "X1")),
        ("<Vessel_ID>X1</Vessel_ID>", "", "", Platform("", "X1")),
        ("<Vessel_Name>N</Vessel_Name>", "", "", Platform("N", type="Ship")),
        ("<Vessel_Name>N</Vessel_Name>", "Buoy", "", Platform("N", type="Buoy")),
        ("<Vessel_Owner>O</Vessel_Owner>", "", "", Platform(owner="O")),
    ],
)
def test_platforms(vessel, kind, cruise, platform):
    found = read(
        f"<Cruise_Info><Experiment><Platform_Type>{kind}</Platform_Type><Cruise>"
        f"<Cruise_ID>{cruise}</Cruise_ID></Cruise></Experiment><Vessel>{vessel}"
        "</Vessel></Cruise_Info>"
    )
    assert found.platforms == (platform,)
    assert found.expocodes == ((cruise,) if cruise else ())
    assert found.dataset_id == cruise


@pytest.mark.parametrize(
    ("name", "unit", "first", "second"),
    [
        ("Sea_Surface_Temperature", "degC", "Accuracy_degC", "Accuracy"),
        ("Equilibrator_Temperature", "degC", "Accuracy_degC", "Accuracy"),
        ("Equilibrator_Pressure", "hPa", "Accuracy_hPa", "Accuracy"),
        ("Atmospheric_Pressure", "hPa", "Accuracy", "Accuracy_hPa"),
        ("Sea_Surface_Salinity", "1", "Accuracy", None),
    ],
)
def test_sensors(name, unit, first, second):
    def sensors(**texts):
        inner = "".join(f"<{k}>{v}</{k}>" for k, v in texts.items())
        return method(f"<{name}>{inner}</{name}>").instruments

    label = name.replace("_", " ")
    assert sensors() == ()
    assert sensors(Model="M") == (Analyser(label, model="M"),)
    (found,) = sensors(Location="L", Other_Comments="C", Calibration="D")
    assert (found.comments, found.calibration) == ("L", "D")
    (found,) = sensors(Other_Comments="C", Manufacturer="F")
    assert (found.comments, found.manufacturer) == ("C", "F")
    (found,) = sensors(**{first: "1"})
    assert found.accuracy == Quantity("1", unit)
    (found,) = sensors(**{first: "1 K"})
    assert found.accuracy == Quantity("1 K")
    if second:
        (found,) = sensors(**{second: "2"})
        assert found.accuracy == Quantity("2", unit)
        (found,) = sensors(**{first: "1", second: "2"})
        assert found.accuracy == Quantity("1", unit)


def test_equilibrators():
    (found,) = method("<Equilibrator_Design/>").instruments
    assert found == Equilibrator(name="1")
    (found,) = method(
        "<Equilibrator_Design><Equilibrator_Volume>3</Equilibrator_Volume>"
        "</Equilibrator_Design><Equilibrator_Pressure><Accuracy>1</Accuracy>"
        "</Equilibrator_Pressure><Sea_Surface_Temperature/>"
    ).instruments[:1]
    assert found == Equilibrator(
        name="1", water_volume="3", pressure_accuracy=Quantity("1", "hPa")
    )


def sensor(text):
    (found,) = method(
        f"<CO2_Sensors><CO2_Sensor>{text}</CO2_Sensor></CO2_Sensors>"
    ).instruments
    return found


def test_gas_sensors():
    assert sensor("") == GasSensor()
    found = sensor("<Measurement_Method>IR</Measurement_Method>")
    assert (found.name, found.model, found.non_zero_gases) == ("IR", "", None)
    found = sensor(
        "<Sensor_Calibration>yearly</Sensor_Calibration>"
        "<No_Of_Non_Zero_Gas_Stds>about 3</No_Of_Non_Zero_Gas_Stds>"
    )
    assert (found.calibration, found.non_zero_gases) == ("yearly", 3)
    found = sensor(
        "<Sensor_Calibration>yearly</Sensor_Calibration>"
        "<CO2_Sensor_Calibration>daily</CO2_Sensor_Calibration>"
        "<Manufacturer_of_Calibration_Gas>NO 350 ppm</Manufacturer_of_Calibration_Gas>"
    )
    assert found.calibration == "daily"
    assert [g.concentration for g in found.gases] == [Quantity("350", "ppm")]
    assert found.gases[0].supplier == "NO 350 ppm"
    two = method("<CO2_Sensors><CO2_Sensor/><CO2_Sensor/></CO2_Sensors>")
    assert len(two.instruments) == 2


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("0, 250.5 and 400 ppm", ["0", "250.5", "400"], "ppm"),
        ("0; 250 & 400 PPMV", ["0", "250", "400"], "PPMV"),
        ("350 umol/mol", ["350"], "umol/mol"),
        ("350 mol/mol", ["350"], "mol/mol"),
        ("350 mol mol-1", ["350"], "mol mol-1"),
        ("350 umol mol-1", ["350"], "umol mol-1"),
        ("every 3 hours", [], ""),
        ("5 bottles, 1 L", [], ""),
    ],
)
def test_concentrations(text, values, unit):
    assert ome._concentrations(text) == tuple(Quantity(v, unit) for v in values)


def test_concentrations_in_several_places():
    found = ome._concentrations("300 ppm, then 400 umol/mol")
    assert found == (Quantity("300", "ppm"), Quantity("400", "umol/mol"))


@pytest.mark.parametrize(
    ("column", "temperature"),
    [
        ("xCO2_EQU", "equilibrator temperature"),
        ("pCO2_equi", "equilibrator temperature"),
        ("fCO2_SST", "SST"),
        ("fco2_sw", "SST"),
        ("xCO2_atm", ""),
        ("equ_sst", "equilibrator temperature"),
    ],
)
def test_temperatures_of_co2(column, temperature):
    assert ome._temperature(column) == temperature


@pytest.mark.parametrize(
    ("column", "group", "name"),
    [
        ("T_equ", "temperature", "Equilibrator_Temperature"),
        ("Teq", "temperature", "Equilibrator_Temperature"),
        ("SST", "temperature", "Sea_Surface_Temperature"),
        ("P_EQU", "pressure", "Equilibrator_Pressure"),
        ("P_atm", "pressure", "Atmospheric_Pressure"),
        ("sal", "salinity", "Sea_Surface_Salinity"),
        ("sal_equ", "salinity", "Sea_Surface_Salinity"),
        ("wind", "instrument", ""),
    ],
)
def test_sensors_of_variables(column, group, name):
    assert ome._sensor_name(column, group) == name


def variable(column, text="", unit=""):
    (found,) = read(
        f"<Variables_Info><Variable><Variable_Name>{column}</Variable_Name>"
        f"<Unit_of_Variable>{unit}</Unit_of_Variable></Variable></Variables_Info>"
        f"<Method_Description>{text}</Method_Description>"
    ).variables
    return found


def test_variables_without_a_description_of_the_method():
    assert variable("fCO2_water_SST_uatm") == Variable(
        column="fCO2_water_SST_uatm",
        observation_type="underway",
        group="water_co2",
        report_temperature="SST",
    )
    assert variable("SST") == Variable(
        column="SST", observation_type="underway", group="temperature"
    )


def test_methods_of_variables():
    co2 = "<CO2_Sensors><CO2_Sensor><Details_Co2_Sensing>D</Details_Co2_Sensing>{}"
    co2 += "</CO2_Sensor></CO2_Sensors>"
    assert variable("fCO2_water_SST", co2.format("")).method == "D"
    more = "<Measurement_Method>M</Measurement_Method>"
    assert variable("fCO2_water_SST", co2.format(more)).method == "M"
    sst = "<Sea_Surface_Temperature>{}<Manufacturer>F</Manufacturer>"
    sst += "</Sea_Surface_Temperature>"
    found = variable("SST", sst.format(""))
    assert found.method == "F"
    assert found.instrument_names == ("Sea Surface Temperature",)
    assert variable("SST", sst.format("<Model>M</Model>")).method == "M"
