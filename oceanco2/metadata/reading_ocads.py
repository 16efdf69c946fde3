"""OCADS XML v4.6 as a metadata document."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

from oceanco2.dashboard.completeness import group_of
from oceanco2.dashboard.document import (
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
from oceanco2.metadata.elements import child, children, text_of, texts
from oceanco2.metadata.reading_oads import platform_of
from oceanco2.metadata.validation import XSI

_COMPUTED = re.compile(r"\b(computed|calculated)\b", re.IGNORECASE)
_VENTED = {"true": "Vented", "1": "Vented", "false": "Not vented", "0": "Not vented"}


def from_ocads(root: ET.Element) -> Document:
    """Read a metadata document from OCADS XML."""
    people = _people(root)
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
    places = {
        name: text_of(bounds, f"{name}ern_bound")
        for name in ("west", "east", "south", "north")
    }
    return Document(
        format=f"OCADS {root.get('metadata_version', '')}".strip(),
        dataset_id=expocodes[0] if expocodes else "",
        submitter=people.get(ident),
        investigators=tuple(p for p in investigators if p != Person()),
        platforms=_platforms(root),
        instruments=_instruments(nodes),
        variables=tuple(map(_variable, nodes)),
        title=text_of(root, "dataset_title"),
        abstract=text_of(root, "dataset_description"),
        purpose=text_of(root, "dataset_purpose"),
        supplement=text_of(root, "supplemental_information"),
        start=text_of(days, "start_date"),
        end=text_of(days, "end_date"),
        **places,
        funding=_funding(root),
        projects=_titles(child(root, "research_projects"), "project", "title"),
        expocodes=expocodes,
        cruise_ids=texts(child(root, "cruise_ids"), "cruise_id"),
        sections=texts(child(root, "sections"), "section"),
        authors=tuple(p.name for p in investigators if p.name),
        references=_publications(root),
    )


def _titles(node: ET.Element | None, name: str, inner: str) -> tuple[str, ...]:
    found = (text_of(one, inner) for one in children(node, name))
    return tuple(filter(None, found))


def _described(node: ET.Element | None) -> str:
    """Text of what is either described or referred to."""
    reference = child(node, "reference")
    names = ("citation", "name", "description", "doi", "link")
    said = (text_of(reference, name) for name in names)
    return text_of(node, "description") or ", ".join(filter(None, said))


def _publications(root: ET.Element) -> tuple[str, ...]:
    found = map(_described, children(child(root, "publications"), "publication"))
    return tuple(filter(None, found))


def _people(root: ET.Element) -> dict[str, Person]:
    groups = {
        node.get("object_id", ""): text_of(node, "name")
        for node in children(child(root, "organizations"), "organization")
    }
    made = {}
    for node in children(child(root, "people"), "person"):
        where = child(node, "organization")
        identifier = child(node, "identifier")
        contact = child(node, "contact_info")
        made[node.get("object_id", "")] = Person(
            first=text_of(node, "name/first"),
            last=text_of(node, "name/last"),
            organization=""
            if where is None
            else groups.get(where.get("object_id", ""), ""),
            street=_address(child(contact, "address")),
            email=text_of(contact, "email"),
            phone=text_of(contact, "phone"),
            identifier=text_of(identifier),
            identifier_type="" if identifier is None else identifier.get("type", ""),
        )
    return made


def _address(node: ET.Element | None) -> str:
    names = (
        "delivery_address",
        "city",
        "administrative_area",
        "postal_code",
        "country",
    )
    return ", ".join(filter(None, (text_of(node, name) for name in names)))


def _platforms(root: ET.Element) -> tuple[Platform, ...]:
    nodes = children(child(root, "platforms"), "platform")
    return tuple(platform_of(node, "country/term") for node in nodes)


def _funding(root: ET.Element) -> tuple[Funding, ...]:
    return tuple(
        Funding(
            text_of(node, "funding_agency/name"),
            text_of(node, "project_title"),
            text_of(node, "project_identifier"),
        )
        for node in children(child(root, "funding"), "funding_source")
    )


def _quantity(node: ET.Element | None, name: str) -> Quantity:
    found = child(node, name)
    return Quantity(text_of(found), "" if found is None else found.get("units", ""))


def _variable(node: ET.Element) -> Variable:
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
        accuracy=_quantity(node, "overall_uncertainty/value"),
        precision=_quantity(device, "precision"),
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
    """Long name, else the standard name where that says more than the column."""
    term = text_of(node, "standard_name/term")
    spare = "" if term == text_of(node, "dataset_variable_name") else term
    return text_of(node, "long_name") or spare


def _instruments(nodes: list[ET.Element]) -> tuple[Instrument, ...]:
    """Each instrument once, though every variable of CO2 describes its own."""
    found: dict[Instrument, None] = {}
    for node in nodes:
        if child(node, "equilibrator") is not None:
            found[_equilibrator(node)] = None
        if child(node, "gas_detector") is not None:
            found[_gas_sensor(child(node, "gas_detector"))] = None
    sensors = [child(node, "analysis/analyzing_instrument") for node in nodes]
    named = {i.name for i in found}
    for sensor in sensors:
        if sensor is not None and text_of(sensor, "type") not in named:
            found[Analyser(**_plate(sensor))] = None
    return tuple(found)


def _plate(node: ET.Element | None) -> dict[str, Any]:
    return {
        "name": text_of(node, "type") or text_of(node, "model"),
        "identifier": text_of(node, "serial"),
        "manufacturer": text_of(node, "manufacturer"),
        "model": text_of(node, "model"),
        "comments": text_of(node, "description"),
        "calibration": text_of(node, "calibration/technique_description")
        or text_of(node, "calibration/frequency"),
        "accuracy": _quantity(node, "accuracy"),
    }


def _gas_sensor(node: ET.Element | None) -> GasSensor:
    gases = child(node, "calibration/standard_gases")
    traced = {"true": "Yes", "1": "Yes", "false": "No", "0": "No"}
    said = traced.get(text_of(gases, "wmo_traceable").lower(), "")
    bottles = []
    for bottle in children(gases, "gas"):
        concentration = _quantity(bottle, "concentration")
        zero = concentration.value == 0
        bottles.append(
            CalibrationGas(
                name=text_of(bottle, "batch"),
                type="zero gas, free of CO2" if zero else "CO2 in air",
                supplier=text_of(bottle, "manufacturer"),
                concentration=concentration,
                accuracy=_quantity(bottle, "uncertainty"),
                wmo_traceable="" if zero else said,
            )
        )
    return GasSensor(
        **_plate(node),
        gases=tuple(bottles),
        frequency=text_of(node, "calibration/frequency"),
    )


def _equilibrator(variable: ET.Element) -> Equilibrator:
    node = child(variable, "equilibrator")
    flows: dict[str, Any] = {
        name: _with_units(child(node, f"{name}_rate"))
        for name in ("gas_flow", "water_flow")
    }
    volume = _with_units(child(node, "volume"))
    measured = {"temperature": "eq_temperature", "pressure": "eq_pressure"}
    accuracies: dict[str, Any] = {
        f"{what}_accuracy": _quantity(variable, f"{name}_measurement/sensor/accuracy")
        for what, name in measured.items()
    }
    return Equilibrator(
        name=text_of(node, "type") or "1",
        type=text_of(node, "type"),
        # One volume stands there, of water and gas together.
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
