"""OADS XML a0.2.2s, written as SOCAT's spreadsheet does, and read."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

from oceanco2.provenance import now
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    Funding,
    GasSensor,
    Instrument,
    Person,
    Platform,
    Quantity,
    Variable,
    quantities,
)
from oceanco2.socat.document.xml import (
    XSI,
    add,
    add_optional,
    child,
    children,
    text_of,
    texts,
    to_bytes,
    tree,
)

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


_COMMON = re.compile(r"CO2[ _]?Common", re.IGNORECASE)
_COMPUTED = re.compile(r"\b(computed|calculated)\b", re.IGNORECASE)
#: Fields that CO2 variables inherit from the common one.
_SHARED = (
    "observation_type",
    "method",
    "method_reference",
    "accuracy",
    "instrument_names",
    "report_temperature",
    "flag_column",
    "standardization",
    "vapour_correction",
    "temperature_correction",
    "pco2_method",
    "fco2_method",
    "drying",
    "intake_location",
    "intake_depth",
)


def from_oads(root: ET.Element) -> Document:
    """Read a metadata document from OADS XML."""
    nodes = list(children(child(root, "variables"), "variable"))
    common = [node for node in nodes if _is_common(node)]
    expocodes = texts(child(root, "expocodes"), "expocode")
    bounds = child(root, "spatialExtents/bounds") or child(root, "spatialExtents")
    people = children(child(root, "investigators"), "investigator")
    submitter = child(root, "dataSubmitter")
    bounds_texts = {
        name: text_of(bounds, f"{name}ernBounds")
        for name in ("west", "east", "south", "north")
    }
    return Document(
        format=f"OADS {root.get('version', '')}".strip(),
        dataset_id=expocodes[0] if expocodes else "",
        submitter=None if submitter is None else _read_person(submitter),
        investigators=tuple(map(_read_person, people)),
        platforms=tuple(
            map(platform_of, children(child(root, "platforms"), "platform"))
        ),
        instruments=tuple(_read_instruments(common[0])) if common else (),
        variables=_read_variables([n for n in nodes if n not in common], common),
        title=text_of(root, "title"),
        abstract=text_of(root, "abstract"),
        purpose=text_of(root, "purpose"),
        methods=text_of(root, "methods"),
        citation=text_of(root, "citation"),
        supplement=text_of(root, "supplementalInfo"),
        start=text_of(root, "temporalExtents/startDate"),
        end=text_of(root, "temporalExtents/endDate"),
        **bounds_texts,
        funding=_read_funding(root),
        projects=texts(child(root, "researchProjects"), "project"),
        expocodes=expocodes,
        cruise_ids=texts(child(root, "cruiseIds"), "cruiseId"),
        sections=texts(child(root, "sections"), "section"),
        authors=_split("; ".join(texts(child(root, "authors"), "author"))),
        references=texts(child(root, "references"), "reference"),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _read_person(node: ET.Element) -> Person:
    identifiers = [n for n in children(node, "identifier") if text_of(n)]
    lines = texts(child(node, "contactInfo/address"), "deliveryPoint")
    return Person(
        first=text_of(node, "name/first"),
        last=text_of(node, "name/last"),
        organization=text_of(node, "organization"),
        street=", ".join(lines),
        email=text_of(node, "contactInfo/email"),
        phone=text_of(node, "contactInfo/phone"),
        identifier=text_of(identifiers[0]) if identifiers else "",
        identifier_type=identifiers[0].get("type", "") if identifiers else "",
    )


def platform_of(node: ET.Element, country: str = "country") -> Platform:
    """Read a platform element, which is the same in OADS and OCADS."""
    identifier = child(node, "identifier")
    return Platform(
        name=text_of(node, "name"),
        identifier=text_of(identifier),
        identifier_type="" if identifier is None else identifier.get("type", ""),
        type=text_of(node, "type"),
        owner=text_of(node, "owner"),
        country=text_of(node, country),
    )


def _read_funding(root: ET.Element) -> tuple[Funding, ...]:
    names = ("agency", "title", "identifier")
    sources = (
        Funding(*(text_of(node, name) for name in names))
        for node in children(child(root, "fundingInfo"), "source")
    )
    return tuple(source for source in sources if source != Funding())


def _is_common(node: ET.Element) -> bool:
    names = node.get("name", ""), text_of(node, "fullName")
    return any(_COMMON.fullmatch(text) for text in names)


def quantity_of(text: str, unit: str = "") -> Quantity:
    """Read a quantity, and split it if it is only a number and a unit.

    Examples
    --------
    >>> quantity_of("0.02 degC")
    Quantity(text='0.02', unit='degC')
    """
    match = re.fullmatch(r"(-?[\d.]+(?:e[-+]?\d+)?)\s+([^\d\s]\S*(?: \S+)*)", text)
    if match and not unit:
        return Quantity(match[1], match[2])
    return Quantity(text, unit)


def _read_variables(
    nodes: list[ET.Element], common: list[ET.Element]
) -> tuple[Variable, ...]:
    shared = _read_variable(common[0]) if common else Variable()
    variables = []
    for node in nodes:
        variable = _read_variable(node)
        if node.get(f"{{{XSI}}}type") == "co2_socat":
            variable = replace(variable, group="water_co2")
        if group_of(variable) == "water_co2":
            variable = _with_shared_fields(variable, shared)
        variables.append(variable)
    return tuple(variables)


def _with_shared_fields(variable: Variable, shared: Variable) -> Variable:
    values = {name: getattr(variable, name) for name in _SHARED}
    blank = Variable()
    shared_values = {
        name: getattr(shared, name)
        for name, value in values.items()
        if value == getattr(blank, name)
    }
    return replace(variable, **shared_values)


def _read_variable(node: ET.Element) -> Variable:
    method = text_of(node, "detailedAnalyzingInfo")
    instrument = text_of(node, "analyzingInstrument")
    reference = text_of(node, "methodReference")
    researcher = child(node, "researcher")
    name = text_of(researcher, "name")
    variable = Variable(
        column=text_of(node, "datasetVarName"),
        full_name=text_of(node, "fullName"),
        unit=text_of(node, "units"),
        observation_type=text_of(node, "observationType"),
        method=method or instrument or reference,
        method_reference=reference,
        computed=bool(_COMPUTED.search(method)),
        accuracy=quantity_of(text_of(node, "uncertainty")),
        precision=quantity_of(text_of(node, "gasDetector/resolution")),
        instrument_names=_split(instrument),
        report_temperature=text_of(node, "co2ReportTemperature"),
        flag_column=text_of(node, "qcFlag/qcFlagVarName"),
        standardization=text_of(node, "standardization/description"),
        vapour_correction=text_of(node, "waterVaporCorrection"),
        temperature_correction=text_of(node, "temperatureCorrectionMethod"),
        pco2_method=text_of(node, "calculationMethodFor_pCO2"),
        fco2_method=text_of(node, "calculationMethodFor_fCO2"),
        drying=text_of(node, "co2GasDryingMethod"),
        intake_location=text_of(node, "locationSeawaterIntake"),
        intake_depth=text_of(node, "depthSeawaterIntake"),
        researcher=Person(last=name, organization=text_of(researcher, "organization"))
        if name
        else None,
        comments=text_of(node, "variationsFromMethod"),
    )
    return variable if variable.group else replace(variable, group=group_of(variable))


def _read_instruments(node: ET.Element) -> list[Instrument]:
    """Equilibrator and CO2 analyser, described in the common variable."""
    instruments: list[Instrument] = []
    node_of_equilibrator = child(node, "equilibrator")
    if node_of_equilibrator is not None:
        pressure_accuracy = text_of(node, "totalMeasurementPressure/uncertainty")
        instruments.append(_read_equilibrator(node_of_equilibrator, pressure_accuracy))
    standards, detector = child(node, "standardization"), child(node, "gasDetector")
    model = text_of(detector, "model")
    gases = [
        gas
        for bottle in children(standards, "standardGas")
        for gas in _read_gases(bottle)
    ]
    if detector is not None or gases:
        frequency = text_of(standards, "frequency")
        instruments.append(
            GasSensor(
                name=text_of(node, "analyzingInstrument") or model,
                manufacturer=text_of(detector, "manufacturer"),
                model=model,
                calibration=text_of(standards, "description") or frequency,
                accuracy=quantity_of(text_of(detector, "uncertainty")),
                gases=tuple(gases),
                frequency=frequency,
            )
        )
    return instruments


def _read_gases(node: ET.Element) -> list[CalibrationGas]:
    """One standard gas, or several if the element lists their concentrations."""
    values = quantities(text_of(node, "concentration")) or (Quantity(),)
    uncertainties = quantities(text_of(node, "uncertainty"))
    return [
        CalibrationGas(
            name=text_of(node, "id"),
            type="zero gas, free of CO2" if value.value == 0 else "CO2 in air",
            supplier=text_of(node, "manufacturer"),
            concentration=value,
            accuracy=uncertainties[min(index, len(uncertainties) - 1)]
            if uncertainties
            else Quantity(),
            wmo_traceable=text_of(node, "traceabilityToWmoStandards"),
        )
        for index, value in enumerate(values)
    ]


def split_volumes(text: str) -> tuple[str, str]:
    """Split the split_volumes of an equilibrator into water and gas.

    Examples
    --------
    >>> split_volumes("0.6 L water, 0.8 L headspace"), split_volumes("3")
    (('0.6 L', '0.8 L'), ('3', ''))
    """
    number = r"([\d.]+\s*[A-Za-z]*)\s+(?:of\s+)?"
    water = re.search(rf"{number}(?:sea ?)?water", text, re.IGNORECASE)
    gas = re.search(rf"{number}(?:head\s?space|gas|air)", text, re.IGNORECASE)
    if water or gas:
        return water[1] if water else "", gas[1] if gas else ""
    return text, ""


def _read_equilibrator(node: ET.Element, pressure_accuracy: str) -> Equilibrator:
    """Read an equilibrator; `pressure_accuracy` is used if it states none."""
    water, gas = split_volumes(text_of(node, "volume"))
    return Equilibrator(
        name=text_of(node, "type") or "1",
        type=text_of(node, "type"),
        water_volume=water,
        gas_volume=gas,
        water_flow=text_of(node, "waterFlowRate"),
        gas_flow=text_of(node, "gasFlowRate"),
        venting=text_of(node, "vented"),
        temperature_accuracy=quantity_of(
            text_of(node, "temperatureMeasurement/uncertainty")
        ),
        pressure_accuracy=quantity_of(
            text_of(node, "pressureMeasurement/uncertainty") or pressure_accuracy
        ),
    )
