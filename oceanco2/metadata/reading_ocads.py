"""Read OCADS XML v4.6 into a metadata document."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

from oceanco2.dashboard.instruments import (
    Analyser,
    CalibrationGas,
    Equilibrator,
    GasSensor,
    Instrument,
)
from oceanco2.dashboard.quantities import Quantity
from oceanco2.metadata.elements import child, children, text_of, texts
from oceanco2.metadata.reading_oads import platform_of
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import Document, Funding, Person, Platform, Variable
from oceanco2.socat.document.xml import XSI

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
