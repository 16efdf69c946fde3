"""Missing items of a metadata document, and the platform-file keys that supply them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr

from oceanco2.metadata.facts import Facts
from oceanco2.socat.document.facts import UNNAMED
from oceanco2.socat.document.missing import missing_items
from oceanco2.socat.document.model import Document


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing item of a metadata document.

    Attributes
    ----------
    item : str
        The missing item, as the dashboard calls it.
    key : str
        Table and key of the platform file that supplies it.
    """

    item: str
    key: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.item} -> {self.key}"


#: Item as the dashboard calls it and key of the platform file; the first match counts.
_KEYS: tuple[tuple[str, str], ...] = (
    (r"data set id.*", "platform_code, or [metadata] expocode"),
    (r"submitter", "[metadata] investigators, or submitter"),
    (
        r"submitter: (first|last) name",
        '[metadata] submitter = "Last, First" (default: the first investigator)',
    ),
    (r"submitter: street", "[[metadata.people]] address, of the submitter"),
    (r"submitter: e-mail", "[[metadata.people]] email, of the submitter"),
    (
        r"submitter: organization",
        "[[metadata.people]] organization, or [metadata] organizations",
    ),
    (r"investigators", "[metadata] investigators"),
    (
        r"investigator .*: (first|last) name",
        '[metadata] investigators = ["Last, First"]',
    ),
    (r"investigator .*: organization", "[metadata] organizations"),
    (r"platform .*: identifier", "platform_code"),
    (r"platform .*: name", "name"),
    (r"platform .*: type", "kind, or [metadata] platform_type"),
    (r"variable of CO2 in sea water", "[variables] xCO2"),
    (
        r"(gas sensor|analyser) (?P<name>.+): (?P<what>manufacturer|model|calibration)",
        "[sensors.{name}] {what}",
    ),
    (r"gas sensor (?P<name>.+): calibration gas", "[[standards]]"),
    (
        r"gas sensor .+: calibration gas (?P<name>.+): (?P<what>supplier)",
        "[[standards]] {what}, of {name}",
    ),
    (
        r"gas sensor .+: calibration gas (?P<name>.+): concentration",
        "[[standards]] xCO2, of {name}",
    ),
    (r"equilibrator .+: venting", "[equilibrator] vented"),
    (
        r"equilibrator .+: (?P<what>type|water volume|gas volume|water flow|gas flow)",
        "[equilibrator] {what}",
    ),
    (r"sampler .+: names of instruments", "[variables.SST] sensor"),
)
_VARIABLE = re.compile(r"variable (?P<column>.+): (?P<what>[^:]+)")


def gaps(
    document: Document,
    columns: Sequence[tuple[str, str]] = (),
    ds: xr.Dataset | None = None,
) -> list[Gap]:
    """List missing items of a document and the keys that supply them.

    Parameters
    ----------
    document : Document
        Result of `document_of`.
    columns : sequence of (str, str), optional
        Header with unit and variable of the dataset: keys then name the variable.
    ds : xarray.Dataset, optional
        Dataset that the document describes: keys then name the variables of its
        platform file.

    Returns
    -------
    list of Gap
        Empty if the document is complete.
    """
    source = (lambda name: name) if ds is None else Facts(ds).source
    names = {header.split(" [")[0]: source(name) for header, name in columns}
    names[UNNAMED] = source("xCO2")
    sensors = {v.column: "; ".join(v.instrument_names) for v in document.variables}
    return [Gap(item, _key(item, names, sensors)) for item in missing_items(document)]


def _key(item: str, names: dict[str, str], sensors: dict[str, str]) -> str:
    for pattern, key in _KEYS:
        match = re.fullmatch(pattern, item)
        if match:
            groups = match.groupdict()
            name = groups.get("name") or ""
            field = (groups.get("what") or "").replace(" ", "_")
            if name == UNNAMED and field:
                return f"[variables.{names[name]}] sensor, then [sensors.NAME] {field}"
            quoted = name if re.fullmatch(r"[\w-]+", name) else f'"{name}"'
            return key.format(name=quoted, what=field)
    match = _VARIABLE.fullmatch(item)
    if match:
        column = match["column"]
        variable = names.get(column) or column
        alternative = (
            " (or [metadata] fCO2_accuracy)" if column.startswith("fCO2_w") else ""
        )
        return _key_of_variable(
            variable, match["what"], sensors.get(column, ""), alternative
        )
    return "[metadata]"


def _key_of_variable(variable: str, field: str, sensor: str, alternative: str) -> str:
    if field.startswith("names of instruments"):
        return f"[variables.{variable}] sensor"
    if field.startswith("measurement method"):
        if sensor:
            return f"[sensors.{sensor}] method"
        return f"[variables.{variable}] sensor, then [sensors.NAME] method"
    if field.startswith("accuracy"):
        return f"[variables.{variable}] uncertainty{alternative}"
    return f"[variables.{variable}]"
