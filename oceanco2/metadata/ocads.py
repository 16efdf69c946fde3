"""Metadata documents as OCADS XML v4.6 (NOAA NCEI, April 2026)."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import cache

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
from oceanco2.metadata.oads import of_column
from oceanco2.metadata.trees import tree
from oceanco2.provenance import now, package_version
from oceanco2.vocabulary import VARIABLES

VERSION = "v4.6"
_WORDS = "https://vocab.nerc.ac.uk/standard_name"
_FLAGS = "WOCE: 2 good, 3 questionable, 4 bad"
_LITRES, _METRES, _FLOW = "liters", "meters", "liters/minute"


def ocads_bytes(document: Document) -> bytes:
    """Write a metadata document as OCADS XML."""
    root = ET.Element("dataset_metadata", {"metadata_version": VERSION})
    people = _People(document)
    about = add(root, "document_metadata")
    add(about, "document_date", now()[:10])
    add(about, "comment", f"written by oceanco2 {package_version()}")
    _names(root, "expocodes", "expocode", document.expocodes)
    _names(root, "cruise_ids", "cruise_id", document.cruise_ids)
    submitter = document.submitter or Person()
    add(root, "data_submitter", **people.reference(submitter))
    authors = add(root, "cited_authors")
    for index, person in enumerate(document.investigators or (Person(),), 1):
        add(authors, "author", index=str(index), **people.reference(person))
    add(root, "dataset_title", document.title)
    add(root, "dataset_description", document.abstract or document.methods)
    maybe(root, "dataset_purpose", document.purpose)
    add(root, "dataset_type", "Individual")
    add(root, "dataset_data_type", "Natural")
    add(root, "mcdr", "false")
    _coverage(root, document)
    _names(root, "sections", "section", document.sections)
    _lists(root, document)
    methods = f"Methods: {document.methods}" if document.methods else ""
    said = " ".join(filter(None, (document.supplement, methods)))
    maybe(root, "supplemental_information", said)
    variables = add(root, "variables")
    for number, variable in enumerate(document.variables, 1):
        _variable(variables, variable, document, f"V{number}")
    add(root, "instruments")
    people.write(root)
    return to_bytes(root, tree("ocads"))


class _People:
    """Everybody once, with the organisations; elsewhere they are referred to."""

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
            maybe(node, "identifier", person.identifier, **kind)
            name = add(node, "name")
            add(name, "first", person.first)
            add(name, "last", person.last)
            if person.organization:
                add(node, "organization", **self._group(person.organization))
            contact = add(node, "contact_info")
            if person.street:
                add(add(contact, "address"), "delivery_address", person.street)
            maybe(contact, "phone", person.phone)
            maybe(contact, "email", person.email)
        organizations = add(root, "organizations")
        for group in self.groups:
            add(add(organizations, "organization", **self._group(group)), "name", group)


def _names(root: ET.Element, outer: str, inner: str, names: Sequence[str]) -> None:
    if any(names):
        made = add(root, outer)
        for name in names:
            add(made, inner, name)


def _coverage(root: ET.Element, document: Document) -> None:
    coverage = add(root, "data_coverage")
    days = add(coverage, "temporal_extents")
    add(days, "start_date", document.start)
    add(days, "end_date", document.end)
    bounds = add(add(coverage, "geospatial_extents"), "bounds")
    for name in ("western", "eastern", "northern", "southern"):
        add(bounds, f"{name}_bound", getattr(document, name.removesuffix("ern")))
    depths = [v.intake_depth for v in document.variables if v.intake_depth]
    if depths:
        extent = add(coverage, "depth_extents")
        add(extent, "min_depth", depths[0], units=_METRES)
        add(extent, "max_depth", depths[0], units=_METRES)


def _lists(root: ET.Element, document: Document) -> None:
    platforms = add(root, "platforms")
    for platform in document.platforms:
        made = add(platforms, "platform")
        add(made, "name", platform.name)
        kind = platform.identifier_type
        typed = {"type": kind} if kind in ("ICES", "WMO", "IMO") else {}
        maybe(made, "identifier", platform.identifier, **typed)
        maybe(made, "type", platform.type)
        maybe(made, "owner", platform.owner)
        if platform.country:
            add(add(made, "country"), "term", platform.country)
    if document.funding:
        funding = add(root, "funding")
        for source in document.funding:
            made = add(funding, "funding_source")
            add(add(made, "funding_agency"), "name", source.agency)
            maybe(made, "project_title", source.title)
            maybe(made, "project_identifier", source.identifier)
    if document.projects:
        projects = add(root, "research_projects")
        for project in document.projects:
            add(add(projects, "project"), "title", project)
    said = [*document.references, *filter(None, (document.citation,))]
    if said:
        publications = add(root, "publications")
        for text in said:
            add(add(publications, "publication"), "description", text)
    add(add(root, "default_qc_flagging_scheme"), "description", _FLAGS)


@cache
def _standard_names() -> dict[str, str]:
    """CF names by what a variable is called in words."""
    named = VARIABLES.values()
    return {v.long_name: v.standard_name for v in named if v.standard_name}


def number_of(quantity: Quantity, unit: str = "") -> tuple[str, dict[str, str]]:
    """Cut a quantity into a plain number and its unit as an attribute."""
    if math.isnan(quantity.value):
        return "", {}
    said = quantity.full_unit or unit
    number = f"{quantity.value:.10f}".rstrip("0").rstrip(".")
    return number, {"units": said} if said else {}


def _measure(parent: ET.Element, name: str, quantity: Quantity, unit: str = "") -> None:
    text, attributes = number_of(quantity, unit)
    maybe(parent, name, text, **attributes)


def _variable(
    parent: ET.Element, variable: Variable, document: Document, ident: str
) -> None:
    group = group_of(variable)
    plain = group in ("text", "flag")
    node = add(parent, "variable", object_class="Variable", object_id=ident)
    kind = (
        "co2_continuous_variable" if group == "water_co2" else "std_observed_variable"
    )
    node.set("xsi:type", "basic_variable" if plain else kind)
    standard = _standard_names().get(variable.full_name)
    term = add(node, "standard_name")
    if standard:
        add(term, "uri", f"{_WORDS}/{standard}/")
    # Mole fractions in equilibrated air have no standard name: they go by their own.
    add(term, "term", standard or variable.full_name or variable.column)
    add(node, "dataset_variable_name", variable.column)
    maybe(node, "long_name", variable.full_name)
    maybe(node, "units", variable.unit)
    if plain:
        return
    maybe(node, "observation_type", variable.observation_type)
    if variable.flag_column:
        add(add(node, "qc_flagging_scheme"), "description", _FLAGS)
        add(node, "qc_flag_variable", variable.flag_column)
    if variable.accuracy.text:
        said = add(node, "overall_uncertainty")
        _measure(said, "value", variable.accuracy, variable.unit)
    maybe(node, "additional_information", variable.comments)
    _measured(node, variable)
    if group == "water_co2":
        _continuous(node, variable, document)
    else:
        _analysis(node, variable, document)


def _measured(node: ET.Element, variable: Variable) -> None:
    made = add(node, "measured")
    maybe(made, "collection_method", variable.method)
    if variable.intake_location or variable.intake_depth:
        intake = add(add(made, "sampling", type="continuous"), "intake")
        maybe(intake, "location", variable.intake_location)
        _measure(intake, "depth", Quantity(variable.intake_depth, _METRES))
    if variable.method_reference:
        add(add(made, "analysis_method"), "description", variable.method_reference)


def _analysis(node: ET.Element, variable: Variable, document: Document) -> None:
    _, sensor = of_column(document, variable.column)
    name = "; ".join(variable.instrument_names)
    if not name:
        return
    made = add(add(node, "analysis"), "analyzing_instrument")
    _instrument(made, sensor, name, variable)


def _instrument(
    node: ET.Element, sensor: Analyser, name: str, variable: Variable
) -> None:
    maybe(node, "type", name)
    for key, text in (
        ("manufacturer", sensor.manufacturer),
        ("model", sensor.model),
        ("serial", sensor.identifier),
        ("description", sensor.comments),
    ):
        maybe(node, key, text)
    _measure(node, "accuracy", sensor.accuracy, variable.unit)
    _measure(node, "precision", variable.precision, variable.unit)
    said = sensor.calibration or variable.standardization
    if said or isinstance(sensor, GasSensor):
        calibration = add(node, "calibration")
        maybe(calibration, "technique_description", said)
        if isinstance(sensor, GasSensor):
            _gases(calibration, sensor)


def _gases(node: ET.Element, sensor: GasSensor) -> None:
    maybe(node, "frequency", sensor.frequency)
    if not sensor.gases:
        return
    made = add(node, "standard_gases")
    for gas in sensor.gases:
        bottle = add(made, "gas")
        maybe(bottle, "manufacturer", gas.supplier)
        maybe(bottle, "batch", gas.name)
        _measure(bottle, "concentration", gas.concentration, "umol/mol")
        _measure(bottle, "uncertainty", gas.accuracy, "umol/mol")
    whole = [gas for gas in sensor.gases if gas.concentration.value != 0]
    traced = all(gas.wmo_traceable.lower().startswith("yes") for gas in whole)
    add(made, "wmo_traceable", str(traced).lower())
    add(made, "non_zero", str(len(whole)))


def _continuous(node: ET.Element, variable: Variable, document: Document) -> None:
    maybe(node, "water_vapor_correction_method", variable.vapour_correction)
    maybe(node, "temperature_correction_method", variable.temperature_correction)
    maybe(node, "co2_report_temperature", variable.report_temperature)
    sensors = [i for i in document.instruments if isinstance(i, GasSensor)]
    if sensors:
        _instrument(add(node, "gas_detector"), sensors[0], sensors[0].name, variable)
    vessels = [i for i in document.instruments if isinstance(i, Equilibrator)]
    if vessels:
        _equilibrator(node, vessels[0])
    maybe(node, "co2_drying_method", variable.drying)
    for name, column in (
        ("eq_pressure_measurement", "P_equ"),
        ("eq_temperature_measurement", "T_equ"),
        ("atm_pressure_measurement", "P_atm"),
    ):
        _sensing(node, name, *of_column(document, column))
    air = [v for v in document.variables if group_of(v) == "air_co2" and not v.computed]
    if air:
        made = add(node, "atm_co2", measured="true")
        maybe(made, "location", air[0].intake_location)
        maybe(made, "drying_method", air[0].drying)
    maybe(node, "xco2_pco2_calculation_method", variable.pco2_method)
    maybe(node, "pco2_fco2_calculation_method", variable.fco2_method)


def _sensing(node: ET.Element, name: str, variable: Variable, sensor: Analyser) -> None:
    if not variable.column:
        return
    made = add(node, name)
    maybe(made, "method", variable.method)
    inner = add(made, "sensor")
    _instrument(inner, sensor, "; ".join(variable.instrument_names), variable)
    maybe(made, "sensor_location", sensor.comments)


def _equilibrator(node: ET.Element, vessel: Equilibrator) -> None:
    made = add(node, "equilibrator")
    maybe(made, "type", vessel.type)
    volumes = [Quantity(v).value for v in (vessel.water_volume, vessel.gas_volume)]
    known = [value for value in volumes if not math.isnan(value)]
    if known:
        add(made, "volume", f"{sum(known):.6g}", units=_LITRES)
    vented = {"vented": "true", "not vented": "false"}.get(vessel.venting.lower(), "")
    maybe(made, "vented", vented)
    for name, text in (
        ("gas_flow_rate", vessel.gas_flow),
        ("water_flow_rate", vessel.water_flow),
    ):
        said = Quantity(text)
        value = said.value / (1000 if said.full_unit.startswith("mL") else 1)
        if not math.isnan(value):
            add(made, name, f"{value:.6g}", units=_FLOW)
