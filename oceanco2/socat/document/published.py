"""Read OCADS XML as NCEI publishes it and QuinCe exports it: the root is `metadata`."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace

from oceanco2.socat.document.describe import split_name
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import (
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
from oceanco2.socat.document.oads import quantity_of, split_volumes
from oceanco2.socat.document.xml import child, children, local, text_of, texts

#: Elements of which such a document has at least one; other formats have the same root.
_KNOWN = ("person", "datasubmitter", "variable", "expocode")
#: What converters of older documents write for an item that is not stated.
_NOT_STATED = "MISSING"


def is_published(root: ET.Element) -> bool:
    """Whether a root `metadata` is that of a document of OCADS."""
    return any(local(node.tag) in _KNOWN for node in root)


def from_published(root: ET.Element) -> Document:
    """Read a metadata document from OCADS XML with the root `metadata`."""
    expocodes = _texts(root, "expocode")
    people = tuple(map(_person, children(root, "person")))
    submitter = child(root, "datasubmitter")
    nodes = list(children(root, "variable"))
    return Document(
        format="OCADS",
        dataset_id=expocodes[0] if expocodes else "",
        submitter=None if submitter is None else _person(submitter),
        investigators=people,
        platforms=tuple(_platforms(root)),
        instruments=tuple(i for node in nodes for i in _instruments(node)),
        variables=tuple(map(_variable, nodes)),
        title=_text(root, "title"),
        abstract=_text(root, "abstract"),
        purpose=_text(root, "purpose"),
        citation=_text(root, "citation"),
        supplement=_text(root, "suppleInfo"),
        start=_day(_text(root, "startdate")),
        end=_day(_text(root, "enddate")),
        west=_text(root, "westbd"),
        east=_text(root, "eastbd"),
        south=_text(root, "southbd"),
        north=_text(root, "northbd"),
        funding=tuple(map(_funding, children(root, "fundingAgency"))),
        projects=_texts(root, "researchProject"),
        expocodes=expocodes,
        cruise_ids=_texts(root, "cruiseID"),
        sections=_texts(root, "section"),
        authors=_texts(child(root, "authors"), "author")
        or tuple(person.name for person in people),
        references=_texts(root, "reference"),
    )


def _text(node: ET.Element | None, *names: str) -> str:
    """Return the text of the first child of these names that states something."""
    found = (text_of(node, name) for name in names)
    return next((text for text in found if text and text != _NOT_STATED), "")


def _texts(node: ET.Element | None, name: str) -> tuple[str, ...]:
    return tuple(text for text in texts(node, name) if text != _NOT_STATED)


def _day(text: str) -> str:
    """Return the day of a date that may have a time."""
    match = re.match(r"\d{4}-\d\d-\d\d(?=T|$)", text)
    return match[0] if match else text


def _person(node: ET.Element) -> Person:
    first, last = split_name(_text(node, "name"))
    street = (_text(node, "deliverypoint1"), _text(node, "deliverypoint2"))
    return Person(
        first=first,
        last=last,
        organization=_text(node, "organization"),
        street=", ".join(filter(None, street)),
        email=_text(node, "email"),
        phone=_text(node, "phone"),
        identifier=_text(node, "ID"),
        identifier_type=_text(node, "IDtype") if _text(node, "ID") else "",
    )


def _funding(node: ET.Element) -> Funding:
    return Funding(_text(node, "agency"), _text(node, "title"), _text(node, "ID"))


def _platforms(root: ET.Element) -> Iterator[Platform]:
    for tag, prefix in (("platform", ""), ("Platform", "Platform")):
        for node in children(root, tag):
            kinds = ("name", "ID", "type", "owner", "country")
            if prefix:
                kinds = ("Name", "ID", "Type", "Owner", "Country")
            name, code, kind, owner, country = (
                _text(node, f"{prefix}{item}") for item in kinds
            )
            yield Platform(name, code, "", kind, owner, country)


def _variable(node: ET.Element) -> Variable:
    instruments = filter(
        None, (_text(node, "samplingInstrument"), _text(node, "analyzingInstrument"))
    )
    name = _text(node, "researcherName")
    details = _text(node, "detailedInfo")
    computed = _text(node, "calcMethod")
    variable = Variable(
        column=_text(node, "abbrev"),
        full_name=_text(node, "fullname"),
        unit=_text(node, "unit"),
        observation_type=_text(node, "observationType"),
        method=details or computed or _text(node, "analyzingInstrument"),
        method_reference=_text(node, "methodReference"),
        computed=bool(computed) or _text(node, "measured").lower() == "calculated",
        accuracy=quantity_of(_text(node, "uncertainty")),
        precision=quantity_of(_text(child(node, "gasDetector"), "resolution")),
        instrument_names=tuple(dict.fromkeys(instruments)),
        report_temperature=_text(node, "co2ReportTemperature"),
        standardization=_text(child(node, "standardization"), "description"),
        vapour_correction=_text(node, "waterVaporCorrection"),
        temperature_correction=_text(node, "temperatureCorrection"),
        drying=_text(child(node, "equilibrator"), "dryMethod"),
        intake_location=_text(node, "locationSeawaterIntake"),
        intake_depth=_text(node, "DepthSeawaterIntake", "depthSeawaterIntake"),
        researcher=Person(last=name, organization=_text(node, "researcherInstitution"))
        if name
        else None,
    )
    return replace(variable, group=group_of(variable))


def _instruments(node: ET.Element) -> Iterator[Instrument]:
    """Yield the equilibrator and the CO2 analyser of a variable, where described."""
    device = child(node, "equilibrator")
    if device is not None:
        water, gas = split_volumes(_text(device, "volume"))
        yield Equilibrator(
            name=_text(device, "type") or "1",
            type=_text(device, "type"),
            water_volume=water,
            gas_volume=gas,
            water_flow=_text(device, "waterFlowRate"),
            gas_flow=_text(device, "gasFlowRate"),
            venting=_text(device, "vented"),
        )
    detector, standards = child(node, "gasDetector"), child(node, "standardization")
    gases = tuple(g for s in children(standards, "standardgas") for g in _gases(s))
    if detector is not None or gases:
        frequency = _text(standards, "frequency")
        yield GasSensor(
            name=_text(node, "analyzingInstrument") or _text(detector, "model"),
            manufacturer=_text(detector, "manufacturer"),
            model=_text(detector, "model"),
            calibration=_text(standards, "description") or frequency,
            accuracy=quantity_of(_text(detector, "uncertainty")),
            gases=gases,
            frequency=frequency,
        )


def _gases(node: ET.Element) -> Iterator[CalibrationGas]:
    """Yield a standard gas, or several if the element lists their concentrations."""
    uncertainty = quantities(_text(node, "uncertainty"))
    for value in quantities(_text(node, "concentration")):
        yield CalibrationGas(
            type="zero gas, free of CO2" if value.value == 0 else "CO2 in air",
            supplier=_text(node, "manufacturer"),
            concentration=value,
            accuracy=uncertainty[0] if uncertainty else Quantity(),
        )
