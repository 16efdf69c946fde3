"""Read OADS XML into a metadata document."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from oceanco2.dashboard.instruments import (
    CalibrationGas,
    Equilibrator,
    GasSensor,
    Instrument,
)
from oceanco2.dashboard.quantities import Quantity, quantities
from oceanco2.metadata.elements import child, children, text_of, texts
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import Document, Funding, Person, Platform, Variable
from oceanco2.socat.document.xml import XSI

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
