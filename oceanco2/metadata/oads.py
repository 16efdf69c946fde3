"""Metadata documents as OADS XML a0.2.2s, the form of SOCAT's spreadsheet."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from oceanco2.dashboard.completeness import group_of
from oceanco2.dashboard.document import (
    Analyser,
    Document,
    Equilibrator,
    GasSensor,
    Person,
    Quantity,
    Variable,
)
from oceanco2.metadata.elements import add, maybe, to_bytes
from oceanco2.metadata.trees import tree
from oceanco2.provenance import now

VERSION = "a0.2.2s"
#: The variable that carries the method of all CO2 variables.
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
        _person(add(people, "investigator"), person)
    _person(add(root, "dataSubmitter"), document.submitter or Person())
    for name in ("title", "abstract", "purpose", "methods"):
        add(root, name, getattr(document, name))
    _extents(root, document)
    _lists(root, document)
    variables = add(root, "variables")
    _common(variables, document)
    for variable in document.variables:
        _variable(variables, variable)
    return to_bytes(root, tree("oads"))


def _person(node: ET.Element, person: Person) -> None:
    name = add(node, "name")
    add(name, "first", person.first)
    add(name, "last", person.last)
    add(node, "organization", person.organization)
    contact = add(node, "contactInfo")
    if person.street:
        add(add(contact, "address"), "deliveryPoint", person.street, index="0")
    maybe(contact, "phone", person.phone)
    maybe(contact, "email", person.email)
    kind = {"type": person.identifier_type} if person.identifier_type else {}
    maybe(node, "identifier", person.identifier, **kind)


def _extents(root: ET.Element, document: Document) -> None:
    days = add(root, "temporalExtents")
    add(days, "startDate", document.start)
    add(days, "endDate", document.end)
    bounds = add(add(root, "spatialExtents"), "bounds")
    for name in ("western", "eastern", "northern", "southern"):
        add(bounds, f"{name}Bounds", getattr(document, name.removesuffix("ern")))


def _lists(root: ET.Element, document: Document) -> None:
    if document.funding:
        funding = add(root, "fundingInfo")
        for source in document.funding:
            made = add(funding, "source")
            for name in ("agency", "title", "identifier"):
                add(made, name, getattr(source, name))
    _names(root, "researchProjects", "project", document.projects)
    platforms = add(root, "platforms")
    for platform in document.platforms:
        made = add(platforms, "platform")
        add(made, "name", platform.name)
        kind = platform.identifier_type
        typed = {"type": kind} if kind in ("ICES", "WMO", "IMO") else {}
        maybe(made, "identifier", platform.identifier, **typed)
        for name in ("type", "owner", "country"):
            maybe(made, name, getattr(platform, name))
    _names(root, "expocodes", "expocode", document.expocodes)
    _names(root, "cruiseIds", "cruiseId", document.cruise_ids)
    _names(root, "sections", "section", document.sections)
    _names(root, "authors", "author", ("; ".join(document.authors),))
    maybe(root, "citation", document.citation)
    _names(root, "references", "reference", document.references)
    maybe(root, "supplementalInfo", document.supplement)


def _names(root: ET.Element, outer: str, inner: str, names: Sequence[str]) -> None:
    if any(names):
        made = add(root, outer)
        for name in names:
            add(made, inner, name)


def quantity_text(quantity: Quantity) -> str:
    """Print a quantity with its unit behind it."""
    has = quantity.unit and not quantity.text.endswith(quantity.unit)
    return f"{quantity.text} {quantity.unit}" if has else quantity.text


def water_variables(document: Document) -> list[Variable]:
    """Return the variables of CO2 in sea water, the measured ones first."""
    water = [v for v in document.variables if group_of(v) == "water_co2"]
    return sorted(water, key=lambda variable: variable.computed)


def best_accuracy(variables: Sequence[Variable]) -> Quantity:
    """Return the accuracy that stands for several variables."""
    said = [v for v in variables if v.accuracy.text]
    said.sort(key=lambda v: not v.column.startswith("fCO2_water_SST"))
    return said[0].accuracy if said else Quantity()


def _common(parent: ET.Element, document: Document) -> None:
    """Write the method of all CO2 variables, once."""
    water = water_variables(document)
    if not water:
        return
    first = water[0]
    node = add(parent, "variable", name=COMMON)
    node.set("xsi:type", "co2_socat")
    add(node, "fullName", "CO2 Common")
    add(node, "datasetVarName", COMMON)
    maybe(node, "observationType", first.observation_type)
    maybe(node, "uncertainty", quantity_text(best_accuracy(water)))
    _flag(node, first.flag_column)
    maybe(node, "methodReference", first.method_reference)
    maybe(node, "samplingInstrument", _SAMPLING.get(first.observation_type, ""))
    maybe(node, "analyzingInstrument", "; ".join(first.instrument_names))
    maybe(node, "detailedAnalyzingInfo", first.method)
    sensors = [i for i in document.instruments if isinstance(i, GasSensor)]
    _standards(node, first, sensors[0] if sensors else GasSensor())
    maybe(node, "waterVaporCorrection", first.vapour_correction)
    maybe(node, "temperatureCorrectionMethod", first.temperature_correction)
    maybe(node, "calculationMethodFor_pCO2", first.pco2_method)
    maybe(node, "calculationMethodFor_fCO2", first.fco2_method)
    at = dict.fromkeys(v.report_temperature for v in water if v.report_temperature)
    maybe(node, "co2ReportTemperature", ", ".join(at))
    maybe(node, "locationSeawaterIntake", first.intake_location)
    maybe(node, "depthSeawaterIntake", first.intake_depth)
    _equilibrator(node, document)
    maybe(node, "co2GasDryingMethod", first.drying)
    _total_pressure(node, document)


def _flag(node: ET.Element, column: str) -> None:
    if column:
        made = add(node, "qcFlag")
        add(made, "scheme", "WOCE")
        add(made, "description", "Yes")
        add(made, "qcFlagVarName", column)


def _standards(node: ET.Element, first: Variable, sensor: GasSensor) -> None:
    made = add(node, "standardization")
    maybe(made, "description", sensor.calibration or first.standardization)
    maybe(made, "frequency", sensor.frequency)
    for gas in sensor.gases:
        bottle = add(made, "standardGas")
        maybe(bottle, "id", gas.name)
        maybe(bottle, "manufacturer", gas.supplier)
        maybe(bottle, "concentration", quantity_text(gas.concentration))
        maybe(bottle, "uncertainty", quantity_text(gas.accuracy))
        maybe(bottle, "traceabilityToWmoStandards", gas.wmo_traceable)
    detector = add(node, "gasDetector")
    maybe(detector, "manufacturer", sensor.manufacturer)
    maybe(detector, "model", sensor.model)
    maybe(detector, "resolution", quantity_text(first.precision))
    maybe(detector, "uncertainty", quantity_text(sensor.accuracy))


def of_column(document: Document, start: str) -> tuple[Variable, Analyser]:
    """Return a variable and the sensor that measured it."""
    found = next((v for v in document.variables if v.column == start), Variable())
    named = [
        i
        for i in document.instruments
        if isinstance(i, Analyser) and i.name in found.instrument_names
    ]
    return found, named[0] if named else Analyser()


def volume_text(vessel: Equilibrator) -> str:
    """Print the volumes of an equilibrator."""
    parts = ((vessel.water_volume, "water"), (vessel.gas_volume, "headspace"))
    return ", ".join(f"{volume} {what}" for volume, what in parts if volume)


def _equilibrator(node: ET.Element, document: Document) -> None:
    vessels = [i for i in document.instruments if isinstance(i, Equilibrator)]
    if not vessels:
        return
    vessel = vessels[0]
    made = add(node, "equilibrator")
    maybe(made, "type", vessel.type)
    maybe(made, "volume", volume_text(vessel))
    maybe(made, "vented", vessel.venting)
    maybe(made, "waterFlowRate", vessel.water_flow)
    maybe(made, "gasFlowRate", vessel.gas_flow)
    for name, column, accuracy in (
        ("temperatureMeasurement", "T_equ", vessel.temperature_accuracy),
        ("pressureMeasurement", "P_equ", vessel.pressure_accuracy),
    ):
        variable, sensor = of_column(document, column)
        inner = add(made, name)
        maybe(inner, "method", variable.method)
        if sensor.calibration:
            add(add(inner, "sensor"), "calibration", sensor.calibration)
        maybe(inner, "uncertainty", quantity_text(accuracy))


def _total_pressure(node: ET.Element, document: Document) -> None:
    variable, _ = of_column(document, "P_equ")
    if variable.method or variable.accuracy.text:
        made = add(node, "totalMeasurementPressure")
        maybe(made, "method", variable.method)
        maybe(made, "uncertainty", quantity_text(variable.accuracy))


def _variable(parent: ET.Element, variable: Variable) -> None:
    node = add(parent, "variable")
    if group_of(variable) == "water_co2":
        node.set("xsi:type", "co2_socat")
    maybe(node, "fullName", variable.full_name)
    add(node, "datasetVarName", variable.column)
    maybe(node, "observationType", variable.observation_type)
    maybe(node, "units", variable.unit)
    maybe(node, "uncertainty", quantity_text(variable.accuracy))
    _flag(node, variable.flag_column)
    maybe(node, "methodReference", variable.method_reference)
    if group_of(variable) in _WET and not variable.computed:
        maybe(node, "samplingInstrument", _SAMPLING.get(variable.observation_type, ""))
    maybe(node, "analyzingInstrument", "; ".join(variable.instrument_names))
    maybe(node, "detailedAnalyzingInfo", variable.method)
    if variable.standardization:
        add(add(node, "standardization"), "description", variable.standardization)
    if group_of(variable) == "water_co2":
        maybe(node, "co2ReportTemperature", variable.report_temperature)
