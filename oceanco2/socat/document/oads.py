"""Write metadata documents as OADS XML a0.2.2s, as SOCAT's spreadsheet does."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from oceanco2.dashboard.instruments import Analyser, Equilibrator, GasSensor
from oceanco2.dashboard.quantities import Quantity
from oceanco2.metadata.elements import add, add_optional, to_bytes
from oceanco2.metadata.trees import tree
from oceanco2.provenance import now
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import Document, Person, Variable

VERSION = "a0.2.2s"
#: Name of the variable that holds the method of all CO2 variables.
COMMON = "CO2_Common"
_SCHEMA = "https://www.pmel.noaa.gov/sdig/oap/a0.2.2s/oads_metadata_a0.2.2s.xsd"
_SAMPLING = {"underway": "water collection with pump"}
_WET = ("water_co2", "temperature", "salinity")


def oads_bytes(document: Document) -> bytes:
    """Write a metadata document as OADS XML."""
    space = tree("oads").namespace
    root = ET.Element("oads_metadata", {"version": VERSION})
    root.set("xsi:schemaLocation", f"{space} {_SCHEMA}")
    add(root, "submissionDate", now()[:10])
    people = add(root, "investigators")
    for person in document.investigators or (Person(),):
        _person_element(add(people, "investigator"), person)
    _person_element(add(root, "dataSubmitter"), document.submitter or Person())
    for name in ("title", "abstract", "purpose", "methods"):
        add(root, name, getattr(document, name))
    _extents(root, document)
    _list_elements(root, document)
    variables = add(root, "variables")
    _common_element(variables, document)
    for variable in document.variables:
        _variable_element(variables, variable)
    return to_bytes(root, tree("oads"))


def _person_element(node: ET.Element, person: Person) -> None:
    name = add(node, "name")
    add(name, "first", person.first)
    add(name, "last", person.last)
    add(node, "organization", person.organization)
    contact = add(node, "contactInfo")
    if person.street:
        add(add(contact, "address"), "deliveryPoint", person.street, index="0")
    add_optional(contact, "phone", person.phone)
    add_optional(contact, "email", person.email)
    kind = {"type": person.identifier_type} if person.identifier_type else {}
    add_optional(node, "identifier", person.identifier, **kind)


def _extents(root: ET.Element, document: Document) -> None:
    days = add(root, "temporalExtents")
    add(days, "startDate", document.start)
    add(days, "endDate", document.end)
    bounds = add(add(root, "spatialExtents"), "bounds")
    for name in ("western", "eastern", "northern", "southern"):
        add(bounds, f"{name}Bounds", getattr(document, name.removesuffix("ern")))


def _list_elements(root: ET.Element, document: Document) -> None:
    if document.funding:
        funding = add(root, "fundingInfo")
        for source in document.funding:
            element = add(funding, "source")
            for name in ("agency", "title", "identifier"):
                add(element, name, getattr(source, name))
    _name_elements(root, "researchProjects", "project", document.projects)
    platforms = add(root, "platforms")
    for platform in document.platforms:
        element = add(platforms, "platform")
        add(element, "name", platform.name)
        kind = platform.identifier_type
        typed = {"type": kind} if kind in ("ICES", "WMO", "IMO") else {}
        add_optional(element, "identifier", platform.identifier, **typed)
        for name in ("type", "owner", "country"):
            add_optional(element, name, getattr(platform, name))
    _name_elements(root, "expocodes", "expocode", document.expocodes)
    _name_elements(root, "cruiseIds", "cruiseId", document.cruise_ids)
    _name_elements(root, "sections", "section", document.sections)
    _name_elements(root, "authors", "author", ("; ".join(document.authors),))
    add_optional(root, "citation", document.citation)
    _name_elements(root, "references", "reference", document.references)
    add_optional(root, "supplementalInfo", document.supplement)


def _name_elements(
    root: ET.Element, outer: str, inner: str, names: Sequence[str]
) -> None:
    if any(names):
        element = add(root, outer)
        for name in names:
            add(element, inner, name)


def quantity_text(quantity: Quantity) -> str:
    """Return a quantity as text, followed by its unit."""
    needs_unit = quantity.unit and not quantity.text.endswith(quantity.unit)
    return f"{quantity.text} {quantity.unit}" if needs_unit else quantity.text


def water_variables(document: Document) -> list[Variable]:
    """Return the variables of CO2 in sea water, the measured ones first."""
    water = [v for v in document.variables if group_of(v) == "water_co2"]
    return sorted(water, key=lambda variable: variable.computed)


def best_accuracy(variables: Sequence[Variable]) -> Quantity:
    """Return the accuracy of several variables: that of fCO2 at SST if stated."""
    stated = [v for v in variables if v.accuracy.text]
    stated.sort(key=lambda v: not v.column.startswith("fCO2_water_SST"))
    return stated[0].accuracy if stated else Quantity()


def _common_element(parent: ET.Element, document: Document) -> None:
    """Write the variable that holds the method of all CO2 variables."""
    water = water_variables(document)
    if not water:
        return
    first = water[0]
    node = add(parent, "variable", name=COMMON)
    node.set("xsi:type", "co2_socat")
    add(node, "fullName", "CO2 Common")
    add(node, "datasetVarName", COMMON)
    add_optional(node, "observationType", first.observation_type)
    add_optional(node, "uncertainty", quantity_text(best_accuracy(water)))
    _flag_element(node, first.flag_column)
    add_optional(node, "methodReference", first.method_reference)
    add_optional(node, "samplingInstrument", _SAMPLING.get(first.observation_type, ""))
    add_optional(node, "analyzingInstrument", "; ".join(first.instrument_names))
    add_optional(node, "detailedAnalyzingInfo", first.method)
    sensors = [i for i in document.instruments if isinstance(i, GasSensor)]
    _standards_elements(node, first, sensors[0] if sensors else GasSensor())
    add_optional(node, "waterVaporCorrection", first.vapour_correction)
    add_optional(node, "temperatureCorrectionMethod", first.temperature_correction)
    add_optional(node, "calculationMethodFor_pCO2", first.pco2_method)
    add_optional(node, "calculationMethodFor_fCO2", first.fco2_method)
    temperatures = dict.fromkeys(
        v.report_temperature for v in water if v.report_temperature
    )
    add_optional(node, "co2ReportTemperature", ", ".join(temperatures))
    add_optional(node, "locationSeawaterIntake", first.intake_location)
    add_optional(node, "depthSeawaterIntake", first.intake_depth)
    _equilibrator_element(node, document)
    add_optional(node, "co2GasDryingMethod", first.drying)
    _pressure_element(node, document)


def _flag_element(node: ET.Element, column: str) -> None:
    if column:
        flag = add(node, "qcFlag")
        add(flag, "scheme", "WOCE")
        add(flag, "description", "Yes")
        add(flag, "qcFlagVarName", column)


def _standards_elements(node: ET.Element, first: Variable, sensor: GasSensor) -> None:
    standardization = add(node, "standardization")
    add_optional(
        standardization, "description", sensor.calibration or first.standardization
    )
    add_optional(standardization, "frequency", sensor.frequency)
    for gas in sensor.gases:
        gas_element = add(standardization, "standardGas")
        add_optional(gas_element, "id", gas.name)
        add_optional(gas_element, "manufacturer", gas.supplier)
        add_optional(gas_element, "concentration", quantity_text(gas.concentration))
        add_optional(gas_element, "uncertainty", quantity_text(gas.accuracy))
        add_optional(gas_element, "traceabilityToWmoStandards", gas.wmo_traceable)
    detector = add(node, "gasDetector")
    add_optional(detector, "manufacturer", sensor.manufacturer)
    add_optional(detector, "model", sensor.model)
    add_optional(detector, "resolution", quantity_text(first.precision))
    add_optional(detector, "uncertainty", quantity_text(sensor.accuracy))


def variable_and_sensor(document: Document, start: str) -> tuple[Variable, Analyser]:
    """Return a variable and the sensor that measured it."""
    variable = next((v for v in document.variables if v.column == start), Variable())
    sensors = [
        i
        for i in document.instruments
        if isinstance(i, Analyser) and i.name in variable.instrument_names
    ]
    return variable, sensors[0] if sensors else Analyser()


def volume_text(equilibrator: Equilibrator) -> str:
    """Return the volumes of an equilibrator as text."""
    parts = (
        (equilibrator.water_volume, "water"),
        (equilibrator.gas_volume, "headspace"),
    )
    return ", ".join(f"{volume} {label}" for volume, label in parts if volume)


def _equilibrator_element(node: ET.Element, document: Document) -> None:
    equilibrators = [i for i in document.instruments if isinstance(i, Equilibrator)]
    if not equilibrators:
        return
    equilibrator = equilibrators[0]
    element = add(node, "equilibrator")
    add_optional(element, "type", equilibrator.type)
    add_optional(element, "volume", volume_text(equilibrator))
    add_optional(element, "vented", equilibrator.venting)
    add_optional(element, "waterFlowRate", equilibrator.water_flow)
    add_optional(element, "gasFlowRate", equilibrator.gas_flow)
    for name, column, accuracy in (
        ("temperatureMeasurement", "T_equ", equilibrator.temperature_accuracy),
        ("pressureMeasurement", "P_equ", equilibrator.pressure_accuracy),
    ):
        variable, sensor = variable_and_sensor(document, column)
        measurement = add(element, name)
        add_optional(measurement, "method", variable.method)
        if sensor.calibration:
            add(add(measurement, "sensor"), "calibration", sensor.calibration)
        add_optional(measurement, "uncertainty", quantity_text(accuracy))


def _pressure_element(node: ET.Element, document: Document) -> None:
    variable, _ = variable_and_sensor(document, "P_equ")
    if variable.method or variable.accuracy.text:
        element = add(node, "totalMeasurementPressure")
        add_optional(element, "method", variable.method)
        add_optional(element, "uncertainty", quantity_text(variable.accuracy))


def _variable_element(parent: ET.Element, variable: Variable) -> None:
    node = add(parent, "variable")
    if group_of(variable) == "water_co2":
        node.set("xsi:type", "co2_socat")
    add_optional(node, "fullName", variable.full_name)
    add(node, "datasetVarName", variable.column)
    add_optional(node, "observationType", variable.observation_type)
    add_optional(node, "units", variable.unit)
    add_optional(node, "uncertainty", quantity_text(variable.accuracy))
    _flag_element(node, variable.flag_column)
    add_optional(node, "methodReference", variable.method_reference)
    if group_of(variable) in _WET and not variable.computed:
        add_optional(
            node, "samplingInstrument", _SAMPLING.get(variable.observation_type, "")
        )
    add_optional(node, "analyzingInstrument", "; ".join(variable.instrument_names))
    add_optional(node, "detailedAnalyzingInfo", variable.method)
    if variable.standardization:
        add(add(node, "standardization"), "description", variable.standardization)
    if group_of(variable) == "water_co2":
        add_optional(node, "co2ReportTemperature", variable.report_temperature)
