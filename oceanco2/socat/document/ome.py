"""Read CDIAC OME XML, used in SOCAT's early years, into a metadata document."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

from oceanco2.expocode import SOCAT_TYPES
from oceanco2.socat.document.describe import split_name
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    GasSensor,
    Instrument,
    Person,
    Platform,
    Quantity,
    Variable,
    quantities,
)
from oceanco2.socat.document.oads import split_volumes
from oceanco2.socat.document.xml import child, children, text_of, texts

#: Sensor of the form: group of variables, its element, names of its accuracy.
_SENSORS = (
    ("Sea_Surface_Temperature", "degC", ("Accuracy_degC", "Accuracy")),
    ("Equilibrator_Temperature", "degC", ("Accuracy_degC", "Accuracy")),
    ("Equilibrator_Pressure", "hPa", ("Accuracy_hPa", "Accuracy")),
    ("Atmospheric_Pressure", "hPa", ("Accuracy", "Accuracy_hPa")),
    ("Sea_Surface_Salinity", "1", ("Accuracy",)),
)


def from_ome(root: ET.Element) -> Document:
    """Read a metadata document from OME XML."""
    cruise = child(root, "Cruise_Info/Experiment/Cruise")
    vessel = child(root, "Cruise_Info/Vessel")
    bounds = child(cruise, "Geographical_Coverage/Bounds")
    expocode = text_of(cruise, "Cruise_ID")
    people = tuple(map(_person, children(root, "Investigator")))
    kind = text_of(root, "Cruise_Info/Experiment/Platform_Type")
    bounds_texts: dict[str, Any] = {
        name: text_of(bounds, f"{name.capitalize()}ernmost_{axis}")
        for name, axis in (
            ("west", "Longitude"),
            ("east", "Longitude"),
            ("south", "Latitude"),
            ("north", "Latitude"),
        )
    }
    submitter = child(root, "User")
    return Document(
        format="OME",
        dataset_id=expocode,
        submitter=None if submitter is None else _person(submitter),
        investigators=people,
        platforms=(_platform(vessel, kind, expocode),),
        instruments=_instruments(child(root, "Method_Description")),
        variables=_variables(root),
        title=text_of(root, "Cruise_Info/Experiment/Experiment_Name"),
        methods=text_of(root, "Additional_Information"),
        citation=text_of(root, "Citation"),
        start=_day(text_of(cruise, "Temporal_Coverage/Start_Date")),
        end=_day(text_of(cruise, "Temporal_Coverage/End_Date")),
        **bounds_texts,
        expocodes=(expocode,) if expocode else (),
        authors=tuple(person.name for person in people),
        references=texts(root, "Data_set_References"),
    )


def _day(text: str) -> str:
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    return "-".join(match.groups()) if match else text


def _person(node: ET.Element) -> Person:
    first, last = split_name(text_of(node, "Name"))
    return Person(
        first=first,
        last=last,
        organization=text_of(node, "Organization"),
        street=text_of(node, "Address"),
        email=text_of(node, "Email"),
        phone=text_of(node, "Phone"),
    )


def _platform(node: ET.Element | None, kind: str, expocode: str) -> Platform:
    code = text_of(node, "Vessel_ID") or expocode[:4]
    return Platform(
        name=text_of(node, "Vessel_Name"),
        identifier=code,
        identifier_type="ICES" if code and expocode.startswith(code) else "",
        type=kind or (SOCAT_TYPES["ship"] if text_of(node, "Vessel_Name") else ""),
        owner=text_of(node, "Vessel_Owner"),
    )


def _instruments(method: ET.Element | None) -> tuple[Instrument, ...]:
    instruments: list[Instrument] = []
    design = child(method, "Equilibrator_Design")
    if design is not None:
        instruments.append(_equilibrator(design, method))
    sensors = children(child(method, "CO2_Sensors"), "CO2_Sensor")
    instruments += map(_gas_sensor, sensors)
    for name, unit, accuracies in _SENSORS:
        node = child(method, name)
        if node is not None and len(node):
            instruments.append(_analyser(node, name, unit, accuracies))
    return tuple(instruments)


def _accuracy(node: ET.Element | None, unit: str, names: tuple[str, ...]) -> Quantity:
    text = next(filter(None, (text_of(node, name) for name in names)), "")
    return Quantity(text, unit if text and not Quantity(text).full_unit else "")


def _analyser(
    node: ET.Element, name: str, unit: str, accuracies: tuple[str, ...]
) -> Analyser:
    return Analyser(
        name=name.replace("_", " "),
        manufacturer=text_of(node, "Manufacturer"),
        model=text_of(node, "Model"),
        comments=text_of(node, "Location") or text_of(node, "Other_Comments"),
        calibration=text_of(node, "Calibration"),
        accuracy=_accuracy(node, unit, accuracies),
    )


def _equilibrator(node: ET.Element, method: ET.Element | None) -> Equilibrator:
    water, gas = split_volumes(text_of(node, "Equilibrator_Volume"))
    temperature, pressure = (
        _accuracy(child(method, name), unit, names)
        for name, unit, names in _SENSORS[1:3]
    )
    return Equilibrator(
        name=text_of(node, "Equilibrator_Type") or "1",
        type=text_of(node, "Equilibrator_Type"),
        comments=text_of(node, "Additional_Information"),
        water_volume=water,
        gas_volume=gas,
        water_flow=text_of(node, "Water_Flow_Rate"),
        gas_flow=text_of(node, "Headspace_Gas_Flow_Rate"),
        venting=text_of(node, "Vented"),
        temperature_accuracy=temperature,
        pressure_accuracy=pressure,
    )


def _gas_sensor(node: ET.Element) -> GasSensor:
    calibration = text_of(node, "CO2_Sensor_Calibration") or text_of(
        node, "Sensor_Calibration"
    )
    count = Quantity(text_of(node, "No_Of_Non_Zero_Gas_Stds")).value
    supplier = text_of(node, "Manufacturer_of_Calibration_Gas")
    gases = tuple(
        CalibrationGas(
            name=str(number),
            type="zero gas, free of CO2" if value.value == 0 else "CO2 in air",
            supplier=supplier,
            concentration=value,
        )
        for number, value in enumerate(
            _concentrations(supplier + "; " + calibration), 1
        )
    )
    return GasSensor(
        name=text_of(node, "Model") or text_of(node, "Measurement_Method"),
        manufacturer=text_of(node, "Manufacturer"),
        model=text_of(node, "Model"),
        calibration=calibration,
        accuracy=Quantity(text_of(node, "Uncertainty_Water")),
        comments=text_of(node, "Other_Comments"),
        gases=gases,
        non_zero_gases=None if count != count else int(count),  # noqa: PLR0124
        frequency=text_of(node, "Frequency"),
    )


_GAS_LIST = re.compile(
    r"((?:\d+(?:\.\d+)?\s*(?:,|;|and|&)?\s*)+)(ppmv?|u?mol[ /]mol(?:-1)?)",
    re.IGNORECASE,
)


def _concentrations(text: str) -> tuple[Quantity, ...]:
    """Numbers before a unit of mole fraction."""
    return tuple(
        value
        for match in _GAS_LIST.finditer(text)
        for value in quantities(match[1], match[2])
    )


def _variables(root: ET.Element) -> tuple[Variable, ...]:
    method = child(root, "Method_Description")
    sensor = child(method, "CO2_Sensors/CO2_Sensor")
    nodes = children(child(root, "Variables_Info"), "Variable")
    return tuple(_variable(node, method, sensor) for node in nodes)


def _variable(
    node: ET.Element, method: ET.Element | None, sensor: ET.Element | None
) -> Variable:
    base = Variable(
        column=text_of(node, "Variable_Name"),
        full_name=text_of(node, "Description_of_Variable"),
        unit=text_of(node, "Unit_of_Variable"),
        observation_type="underway",
    )
    group = group_of(base)
    if group in ("water_co2", "air_co2"):
        return replace(base, group=group, **_co2_fields(base, group, method, sensor))
    name = _sensor_name(base.column, group)
    entry = next((s for s in _SENSORS if s[0] == name), None)
    if entry is None:
        return base
    device = child(method, name)
    return replace(
        base,
        group=group,
        method=text_of(device, "Model") or text_of(device, "Manufacturer"),
        accuracy=_accuracy(device, entry[1], entry[2]),
        instrument_names=(name.replace("_", " "),) if device is not None else (),
        standardization=text_of(device, "Calibration"),
    )


def _co2_fields(
    variable: Variable, group: str, method: ET.Element | None, sensor: ET.Element | None
) -> dict[str, Any]:
    side = "Water" if group == "water_co2" else "Air"
    design = child(method, "Equilibrator_Design")
    measured = text_of(sensor, "Measurement_Method")
    return {
        "method": measured or text_of(sensor, "Details_Co2_Sensing"),
        "method_reference": text_of(sensor, "Method_References"),
        "accuracy": Quantity(text_of(sensor, f"Uncertainty_{side}"), variable.unit),
        "precision": Quantity(text_of(sensor, f"Resolution_{side}"), variable.unit),
        "instrument_names": tuple(filter(None, (text_of(sensor, "Model"),))),
        "report_temperature": _temperature(variable.column),
        "drying": text_of(design, "Drying_Method_for_CO2_in_water"),
        "intake_depth": text_of(design, "Depth_of_Sea_Water_Intake"),
        "intake_location": text_of(design, "Location_of_Sea_Water_Intake"),
    }


def _temperature(column: str) -> str:
    if re.search(r"equ", column, re.IGNORECASE):
        return "equilibrator temperature"
    return "SST" if re.search(r"sst|sw", column, re.IGNORECASE) else ""


def _sensor_name(column: str, group: str) -> str:
    equilibrator = bool(re.search(r"equ?", column, re.IGNORECASE))
    return {
        "temperature": "Equilibrator_Temperature"
        if equilibrator
        else "Sea_Surface_Temperature",
        "pressure": "Equilibrator_Pressure" if equilibrator else "Atmospheric_Pressure",
        "salinity": "Sea_Surface_Salinity",
    }.get(group, "")
