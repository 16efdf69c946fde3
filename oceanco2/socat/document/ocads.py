"""OCADS XML v4.6 (NOAA NCEI, April 2026), written and read."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from oceanco2.provenance import now, package_version
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
)
from oceanco2.socat.document.oads import platform_of, variable_and_sensor
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
from oceanco2.vocabulary import VARIABLES

VERSION = "v4.6"
_STANDARD_NAME_URI = "https://vocab.nerc.ac.uk/standard_name"
_FLAGS = "WOCE: 2 good, 3 questionable, 4 bad"
_LITRES, _METRES, _FLOW = "liters", "meters", "liters/minute"


def ocads_bytes(document: Document) -> bytes:
    """Write a metadata document as OCADS XML."""
    root = ET.Element("dataset_metadata", {"metadata_version": VERSION})
    people = _PeopleElements(document)
    document_metadata = add(root, "document_metadata")
    add(document_metadata, "document_date", now()[:10])
    add(document_metadata, "comment", f"written by oceanco2 {package_version()}")
    _name_elements(root, "expocodes", "expocode", document.expocodes)
    _name_elements(root, "cruise_ids", "cruise_id", document.cruise_ids)
    submitter = document.submitter or Person()
    add(root, "data_submitter", **people.reference(submitter))
    authors = add(root, "cited_authors")
    for index, person in enumerate(document.investigators or (Person(),), 1):
        add(authors, "author", index=str(index), **people.reference(person))
    add(root, "dataset_title", document.title)
    add(root, "dataset_description", document.abstract or document.methods)
    add_optional(root, "dataset_purpose", document.purpose)
    add(root, "dataset_type", "Individual")
    add(root, "dataset_data_type", "Natural")
    add(root, "mcdr", "false")
    _coverage_element(root, document)
    _name_elements(root, "sections", "section", document.sections)
    _list_elements(root, document)
    methods = f"Methods: {document.methods}" if document.methods else ""
    supplement = " ".join(filter(None, (document.supplement, methods)))
    add_optional(root, "supplemental_information", supplement)
    variables = add(root, "variables")
    for number, variable in enumerate(document.variables, 1):
        _variable_element(variables, variable, document, f"V{number}")
    add(root, "instruments")
    people.write(root)
    return to_bytes(root, tree("ocads"))


class _PeopleElements:
    """List each person and organisation once; other elements refer to them."""

    def __init__(self, document: Document) -> None:
        named = [document.submitter or Person(), *document.investigators]
        self.people = list(dict.fromkeys(named))
        groups = [person.organization for person in self.people]
        self.groups = [group for group in dict.fromkeys(groups) if group]

    def reference(self, person: Person) -> dict[str, str]:
        number = self.people.index(person) + 1 if person in self.people else 1
        return {"object_class": "Person", "object_id": f"P{number}"}

    def _group(self, name: str) -> dict[str, str]:
        number = self.groups.index(name) + 1
        return {"object_class": "Organization", "object_id": f"O{number}"}

    def write(self, root: ET.Element) -> None:
        people = add(root, "people")
        for person in self.people:
            node = add(people, "person", **self.reference(person))
            kind = {"type": person.identifier_type} if person.identifier_type else {}
            add_optional(node, "identifier", person.identifier, **kind)
            name = add(node, "name")
            add(name, "first", person.first)
            add(name, "last", person.last)
            if person.organization:
                add(node, "organization", **self._group(person.organization))
            contact = add(node, "contact_info")
            if person.street:
                add(add(contact, "address"), "delivery_address", person.street)
            add_optional(contact, "phone", person.phone)
            add_optional(contact, "email", person.email)
        organizations = add(root, "organizations")
        for group in self.groups:
            add(add(organizations, "organization", **self._group(group)), "name", group)


def _name_elements(
    root: ET.Element, outer: str, inner: str, names: Sequence[str]
) -> None:
    if any(names):
        element = add(root, outer)
        for name in names:
            add(element, inner, name)


def _coverage_element(root: ET.Element, document: Document) -> None:
    coverage = add(root, "data_coverage")
    days = add(coverage, "temporal_extents")
    add(days, "start_date", document.start)
    add(days, "end_date", document.end)
    bounds = add(add(coverage, "geospatial_extents"), "bounds")
    for name in ("western", "eastern", "northern", "southern"):
        add(bounds, f"{name}_bound", getattr(document, name.removesuffix("ern")))
    depths = [Quantity(v.intake_depth, _METRES) for v in document.variables]
    depth = next((d for d in depths if not math.isnan(d.value)), None)
    if depth is not None:
        extent = add(coverage, "depth_extents")
        _number_element(extent, "min_depth", depth)
        _number_element(extent, "max_depth", depth)


def _list_elements(root: ET.Element, document: Document) -> None:
    platforms = add(root, "platforms")
    for platform in document.platforms:
        element = add(platforms, "platform")
        add(element, "name", platform.name)
        kind = platform.identifier_type
        typed = {"type": kind} if kind in ("ICES", "WMO", "IMO") else {}
        add_optional(element, "identifier", platform.identifier, **typed)
        add_optional(element, "type", platform.type)
        add_optional(element, "owner", platform.owner)
        if platform.country:
            add(add(element, "country"), "term", platform.country)
    if document.funding:
        funding = add(root, "funding")
        for source in document.funding:
            element = add(funding, "funding_source")
            add(add(element, "funding_agency"), "name", source.agency)
            add_optional(element, "project_title", source.title)
            add_optional(element, "project_identifier", source.identifier)
    if document.projects:
        projects = add(root, "research_projects")
        for project in document.projects:
            add(add(projects, "project"), "title", project)
    publication_texts = [*document.references, *filter(None, (document.citation,))]
    if publication_texts:
        publications = add(root, "publications")
        for text in publication_texts:
            add(add(publications, "publication"), "description", text)
    add(add(root, "default_qc_flagging_scheme"), "description", _FLAGS)


@cache
def _standard_names() -> dict[str, str]:
    """CF standard names by long name."""
    named = VARIABLES.values()
    return {v.long_name: v.standard_name for v in named if v.standard_name}


def number_of(quantity: Quantity, unit: str = "") -> tuple[str, dict[str, str]]:
    """Split a quantity into a number and its unit as an attribute."""
    if math.isnan(quantity.value):
        return "", {}
    units = quantity.full_unit or unit
    number = f"{quantity.value:.10f}".rstrip("0").rstrip(".")
    return number, {"units": units} if units else {}


def _number_element(
    parent: ET.Element, name: str, quantity: Quantity, unit: str = ""
) -> None:
    text, attributes = number_of(quantity, unit)
    add_optional(parent, name, text, **attributes)


def _variable_element(
    parent: ET.Element, variable: Variable, document: Document, ident: str
) -> None:
    group = group_of(variable)
    is_plain = group in ("text", "flag")
    node = add(parent, "variable", object_class="Variable", object_id=ident)
    kind = (
        "co2_continuous_variable" if group == "water_co2" else "std_observed_variable"
    )
    node.set("xsi:type", "basic_variable" if is_plain else kind)
    standard = _standard_names().get(variable.full_name)
    term = add(node, "standard_name")
    if standard:
        add(term, "uri", f"{_STANDARD_NAME_URI}/{standard}/")
    # Mole fractions in equilibrated air have no standard name: use the long name.
    add(term, "term", standard or variable.full_name or variable.column)
    add(node, "dataset_variable_name", variable.column)
    add_optional(node, "long_name", variable.full_name)
    add_optional(node, "units", variable.unit)
    if is_plain:
        return
    add_optional(node, "observation_type", variable.observation_type)
    if variable.flag_column:
        add(add(node, "qc_flagging_scheme"), "description", _FLAGS)
        add(node, "qc_flag_variable", variable.flag_column)
    if variable.accuracy.text:
        uncertainty = add(node, "overall_uncertainty")
        _number_element(uncertainty, "value", variable.accuracy, variable.unit)
    add_optional(node, "additional_information", variable.comments)
    _measured_element(node, variable)
    if group == "water_co2":
        _co2_elements(node, variable, document)
    else:
        _analysis_element(node, variable, document)


def _measured_element(node: ET.Element, variable: Variable) -> None:
    measured = add(node, "measured")
    add_optional(measured, "collection_method", variable.method)
    if variable.intake_location or variable.intake_depth:
        intake = add(add(measured, "sampling", type="continuous"), "intake")
        add_optional(intake, "location", variable.intake_location)
        _number_element(intake, "depth", Quantity(variable.intake_depth, _METRES))
    if variable.method_reference:
        add(add(measured, "analysis_method"), "description", variable.method_reference)


def _analysis_element(node: ET.Element, variable: Variable, document: Document) -> None:
    _, sensor = variable_and_sensor(document, variable.column)
    name = "; ".join(variable.instrument_names)
    if not name:
        return
    element = add(add(node, "analysis"), "analyzing_instrument")
    _instrument_elements(element, sensor, name, variable)


def _instrument_elements(
    node: ET.Element, sensor: Analyser, name: str, variable: Variable
) -> None:
    add_optional(node, "type", name)
    for key, text in (
        ("manufacturer", sensor.manufacturer),
        ("model", sensor.model),
        ("serial", sensor.identifier),
        ("description", sensor.comments),
    ):
        add_optional(node, key, text)
    _number_element(node, "accuracy", sensor.accuracy, variable.unit)
    _number_element(node, "precision", variable.precision, variable.unit)
    calibration_text = sensor.calibration or variable.standardization
    if calibration_text or isinstance(sensor, GasSensor):
        calibration = add(node, "calibration")
        add_optional(calibration, "technique_description", calibration_text)
        if isinstance(sensor, GasSensor):
            _gas_elements(calibration, sensor)


def _gas_elements(node: ET.Element, sensor: GasSensor) -> None:
    add_optional(node, "frequency", sensor.frequency)
    if not sensor.gases:
        return
    element = add(node, "standard_gases")
    for gas in sensor.gases:
        gas_element = add(element, "gas")
        add_optional(gas_element, "manufacturer", gas.supplier)
        add_optional(gas_element, "batch", gas.name)
        _number_element(gas_element, "concentration", gas.concentration, "umol/mol")
        _number_element(gas_element, "uncertainty", gas.accuracy, "umol/mol")
    non_zero_gases = [gas for gas in sensor.gases if gas.concentration.value != 0]
    traced = all(gas.wmo_traceable.lower().startswith("yes") for gas in non_zero_gases)
    add(element, "wmo_traceable", str(traced).lower())
    add(element, "non_zero", str(len(non_zero_gases)))


def _co2_elements(node: ET.Element, variable: Variable, document: Document) -> None:
    add_optional(node, "water_vapor_correction_method", variable.vapour_correction)
    add_optional(node, "temperature_correction_method", variable.temperature_correction)
    add_optional(node, "co2_report_temperature", variable.report_temperature)
    sensors = [i for i in document.instruments if isinstance(i, GasSensor)]
    if sensors:
        _instrument_elements(
            add(node, "gas_detector"), sensors[0], sensors[0].name, variable
        )
    equilibrators = [i for i in document.instruments if isinstance(i, Equilibrator)]
    if equilibrators:
        _equilibrator_element(node, equilibrators[0])
    add_optional(node, "co2_drying_method", variable.drying)
    for name, column in (
        ("eq_pressure_measurement", "P_equ"),
        ("eq_temperature_measurement", "T_equ"),
        ("atm_pressure_measurement", "P_atm"),
    ):
        _sensor_element(node, name, *variable_and_sensor(document, column))
    air = [v for v in document.variables if group_of(v) == "air_co2" and not v.computed]
    if air:
        air_element = add(node, "atm_co2", measured="true")
        add_optional(air_element, "location", air[0].intake_location)
        add_optional(air_element, "drying_method", air[0].drying)
    add_optional(node, "xco2_pco2_calculation_method", variable.pco2_method)
    add_optional(node, "pco2_fco2_calculation_method", variable.fco2_method)


def _sensor_element(
    node: ET.Element, name: str, variable: Variable, sensor: Analyser
) -> None:
    if not variable.column:
        return
    element = add(node, name)
    add_optional(element, "method", variable.method)
    sensor_element = add(element, "sensor")
    _instrument_elements(
        sensor_element, sensor, "; ".join(variable.instrument_names), variable
    )
    add_optional(element, "sensor_location", sensor.comments)


def _equilibrator_element(node: ET.Element, equilibrator: Equilibrator) -> None:
    element = add(node, "equilibrator")
    add_optional(element, "type", equilibrator.type)
    volumes = [
        Quantity(v).value for v in (equilibrator.water_volume, equilibrator.gas_volume)
    ]
    known_volumes = [value for value in volumes if not math.isnan(value)]
    if known_volumes:
        add(element, "volume", f"{sum(known_volumes):.6g}", units=_LITRES)
    vented = {"vented": "true", "not vented": "false"}.get(
        equilibrator.venting.lower(), ""
    )
    add_optional(element, "vented", vented)
    for name, text in (
        ("gas_flow_rate", equilibrator.gas_flow),
        ("water_flow_rate", equilibrator.water_flow),
    ):
        flow = Quantity(text)
        value = flow.value / (1000 if flow.full_unit.startswith("mL") else 1)
        if not math.isnan(value):
            add(element, name, f"{value:.6g}", units=_FLOW)


_COMPUTED = re.compile(r"\b(computed|calculated)\b", re.IGNORECASE)
_VENTED = {"true": "Vented", "1": "Vented", "false": "Not vented", "0": "Not vented"}


def from_ocads(root: ET.Element) -> Document:
    """Read a metadata document from OCADS XML."""
    people = _read_people(root)
    expocodes = texts(child(root, "expocodes"), "expocode")
    collection = (
        root if root.tag.endswith("variables_by_type") else child(root, "variables")
    )
    nodes = list(children(collection, "variable"))
    bounds = child(root, "data_coverage/geospatial_extents/bounds")
    days = child(root, "data_coverage/temporal_extents")
    authors = children(child(root, "cited_authors"), "author")
    investigators = [people.get(n.get("object_id", ""), Person()) for n in authors]
    submitter = child(root, "data_submitter")
    ident = "" if submitter is None else submitter.get("object_id", "")
    bounds_texts = {
        name: text_of(bounds, f"{name}ern_bound")
        for name in ("west", "east", "south", "north")
    }
    return Document(
        format=f"OCADS {root.get('metadata_version', '')}".strip(),
        dataset_id=expocodes[0] if expocodes else "",
        submitter=people.get(ident),
        investigators=tuple(p for p in investigators if p != Person()),
        platforms=_read_platforms(root),
        instruments=_read_instruments(nodes),
        variables=tuple(map(_read_variable, nodes)),
        title=text_of(root, "dataset_title"),
        abstract=text_of(root, "dataset_description"),
        purpose=text_of(root, "dataset_purpose"),
        supplement=text_of(root, "supplemental_information"),
        start=text_of(days, "start_date"),
        end=text_of(days, "end_date"),
        **bounds_texts,
        funding=_read_funding(root),
        projects=_titles(child(root, "research_projects"), "project", "title"),
        expocodes=expocodes,
        cruise_ids=texts(child(root, "cruise_ids"), "cruise_id"),
        sections=texts(child(root, "sections"), "section"),
        authors=tuple(p.name for p in investigators if p.name),
        references=_publications(root),
    )


def _titles(node: ET.Element | None, name: str, inner: str) -> tuple[str, ...]:
    titles = (text_of(inner_node, inner) for inner_node in children(node, name))
    return tuple(filter(None, titles))


def _described(node: ET.Element | None) -> str:
    """Text of an element that has a description or a reference."""
    reference = child(node, "reference")
    names = ("citation", "name", "description", "doi", "link")
    texts = (text_of(reference, name) for name in names)
    return text_of(node, "description") or ", ".join(filter(None, texts))


def _publications(root: ET.Element) -> tuple[str, ...]:
    publications = map(_described, children(child(root, "publications"), "publication"))
    return tuple(filter(None, publications))


def _read_people(root: ET.Element) -> dict[str, Person]:
    organizations = {
        node.get("object_id", ""): text_of(node, "name")
        for node in children(child(root, "organizations"), "organization")
    }
    people = {}
    for node in children(child(root, "people"), "person"):
        organization = child(node, "organization")
        identifier = child(node, "identifier")
        contact = child(node, "contact_info")
        people[node.get("object_id", "")] = Person(
            first=text_of(node, "name/first"),
            last=text_of(node, "name/last"),
            organization=""
            if organization is None
            else organizations.get(organization.get("object_id", ""), ""),
            street=_address(child(contact, "address")),
            email=text_of(contact, "email"),
            phone=text_of(contact, "phone"),
            identifier=text_of(identifier),
            identifier_type="" if identifier is None else identifier.get("type", ""),
        )
    return people


def _address(node: ET.Element | None) -> str:
    names = (
        "delivery_address",
        "city",
        "administrative_area",
        "postal_code",
        "country",
    )
    return ", ".join(filter(None, (text_of(node, name) for name in names)))


def _read_platforms(root: ET.Element) -> tuple[Platform, ...]:
    nodes = children(child(root, "platforms"), "platform")
    return tuple(platform_of(node, "country/term") for node in nodes)


def _read_funding(root: ET.Element) -> tuple[Funding, ...]:
    return tuple(
        Funding(
            text_of(node, "funding_agency/name"),
            text_of(node, "project_title"),
            text_of(node, "project_identifier"),
        )
        for node in children(child(root, "funding"), "funding_source")
    )


def _read_quantity(node: ET.Element | None, name: str) -> Quantity:
    element = child(node, name)
    return Quantity(
        text_of(element), "" if element is None else element.get("units", "")
    )


def _read_variable(node: ET.Element) -> Variable:
    measured = child(node, "measured")
    gas = child(node, "gas_detector")
    device = gas if gas is not None else child(node, "analysis/analyzing_instrument")
    method = text_of(measured, "collection_method") or text_of(
        node, "analysis/method_description"
    )
    computed = child(node, "calculated") is not None or bool(_COMPUTED.search(method))
    kind = node.get(f"{{{XSI}}}type", "")
    names = text_of(device, "type") or text_of(device, "model")
    intake = child(measured, "sampling/intake")
    air = child(node, "atm_co2")
    variable = Variable(
        column=text_of(node, "dataset_variable_name"),
        full_name=_full_name(node),
        unit=text_of(node, "units"),
        group="water_co2" if kind == "co2_continuous_variable" else "",
        observation_type=text_of(node, "observation_type"),
        method=method
        or _described(child(node, "calculated/calculation/calculation_method")),
        method_reference=_described(child(measured, "analysis_method")),
        computed=computed,
        accuracy=_read_quantity(node, "overall_uncertainty/value"),
        precision=_read_quantity(device, "precision"),
        instrument_names=tuple(x.strip() for x in names.split(";") if x.strip()),
        report_temperature=text_of(node, "co2_report_temperature"),
        flag_column=text_of(node, "qc_flag_variable"),
        standardization=text_of(device, "calibration/technique_description"),
        vapour_correction=text_of(node, "water_vapor_correction_method"),
        temperature_correction=text_of(node, "temperature_correction_method"),
        pco2_method=text_of(node, "xco2_pco2_calculation_method"),
        fco2_method=text_of(node, "pco2_fco2_calculation_method"),
        drying=text_of(node, "co2_drying_method") or text_of(air, "drying_method"),
        intake_location=text_of(intake, "location"),
        intake_depth=text_of(intake, "depth"),
        comments=text_of(node, "additional_information"),
    )
    return variable if variable.group else replace(variable, group=group_of(variable))


def _full_name(node: ET.Element) -> str:
    """Long name, else the standard name if it differs from the column name."""
    term = text_of(node, "standard_name/term")
    spare = "" if term == text_of(node, "dataset_variable_name") else term
    return text_of(node, "long_name") or spare


def _read_instruments(nodes: list[ET.Element]) -> tuple[Instrument, ...]:
    """List each instrument once, although every CO2 variable describes its own."""
    instruments: dict[Instrument, None] = {}
    for node in nodes:
        if child(node, "equilibrator") is not None:
            instruments[_read_equilibrator(node)] = None
        if child(node, "gas_detector") is not None:
            instruments[_read_gas_sensor(child(node, "gas_detector"))] = None
    sensors = [child(node, "analysis/analyzing_instrument") for node in nodes]
    names = {i.name for i in instruments}
    for sensor in sensors:
        if sensor is not None and text_of(sensor, "type") not in names:
            instruments[Analyser(**_common_fields(sensor))] = None
    return tuple(instruments)


def _common_fields(node: ET.Element | None) -> dict[str, Any]:
    return {
        "name": text_of(node, "type") or text_of(node, "model"),
        "identifier": text_of(node, "serial"),
        "manufacturer": text_of(node, "manufacturer"),
        "model": text_of(node, "model"),
        "comments": text_of(node, "description"),
        "calibration": text_of(node, "calibration/technique_description")
        or text_of(node, "calibration/frequency"),
        "accuracy": _read_quantity(node, "accuracy"),
    }


def _read_gas_sensor(node: ET.Element | None) -> GasSensor:
    gases = child(node, "calibration/standard_gases")
    traced = {"true": "Yes", "1": "Yes", "false": "No", "0": "No"}
    wmo_traceable = traced.get(text_of(gases, "wmo_traceable").lower(), "")
    gas_list = []
    for gas_node in children(gases, "gas"):
        concentration = _read_quantity(gas_node, "concentration")
        zero = concentration.value == 0
        gas_list.append(
            CalibrationGas(
                name=text_of(gas_node, "batch"),
                type="zero gas, free of CO2" if zero else "CO2 in air",
                supplier=text_of(gas_node, "manufacturer"),
                concentration=concentration,
                accuracy=_read_quantity(gas_node, "uncertainty"),
                wmo_traceable="" if zero else wmo_traceable,
            )
        )
    return GasSensor(
        **_common_fields(node),
        gases=tuple(gas_list),
        frequency=text_of(node, "calibration/frequency"),
    )


def _read_equilibrator(variable: ET.Element) -> Equilibrator:
    node = child(variable, "equilibrator")
    flows: dict[str, Any] = {
        name: _with_units(child(node, f"{name}_rate"))
        for name in ("gas_flow", "water_flow")
    }
    volume = _with_units(child(node, "volume"))
    measured = {"temperature": "eq_temperature", "pressure": "eq_pressure"}
    accuracies: dict[str, Any] = {
        f"{quantity}_accuracy": _read_quantity(
            variable, f"{name}_measurement/sensor/accuracy"
        )
        for quantity, name in measured.items()
    }
    return Equilibrator(
        name=text_of(node, "type") or "1",
        type=text_of(node, "type"),
        # OCADS has one volume, of water and gas together.
        water_volume=volume,
        gas_volume=volume,
        venting=_VENTED.get(text_of(node, "vented").lower(), ""),
        **flows,
        **accuracies,
    )


def _with_units(node: ET.Element | None) -> str:
    text = text_of(node)
    units = "" if node is None else node.get("units", "")
    return f"{text} {units}".strip() if text else ""
