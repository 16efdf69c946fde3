"""The data set flag that SOCAT suggests (docs/socat-rules.md#suggested-flag)."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oceanco2.socat.document.missing import group_of, group_of_type, missing_items
from oceanco2.socat.document.model import (
    Document,
    Equilibrator,
    GasSensor,
    Quantity,
    Variable,
)
from oceanco2.socat.types import recognition_key
from oceanco2.units import conversion

#: Flags that the automation suggests, from best to worst; S means suspended.
_FLAGS = "BCDS"
#: Words that describe the in-situ analysers that SOCAT accepts for the best flags.
IN_SITU_METHOD = re.compile(
    r"infra-?\s*red|\bND?IR\b|\bIR\b|li-?cor|\bli-?\d{3,4}|\bGC\b|chromatogra|spectr"
    r"|cavity|\bCRDS\b|\bOF-?CEAS\b|\bICOS\b|picarro",
    re.IGNORECASE,
)
_DISCRETE = re.compile(r"discrete|bottle sample|\bflask sample", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A data set flag, with the reasons why it is not a better one."""

    flag: str
    reasons: tuple[str, ...]
    reminders: tuple[str, ...] = ()


def suggest_flag(
    document: Document | None, columns: Iterable[tuple[str, str]] = ()
) -> Suggestion:
    """Suggest a data set flag from a metadata document."""
    if document is None:
        reason = "no metadata document: the accuracy of CO2 is not known"
        return Suggestion("S", (reason,))
    steps = [*_accuracy_steps(document), *_gas_steps(document)]
    steps += _description_steps(document, columns)
    rank = max((_FLAGS.index(flag) for flag, _ in steps), default=0)
    flag = _FLAGS[rank]
    return Suggestion(
        flag, tuple(reason for _, reason in steps), _REMINDERS.get(flag, ())
    )


_REMINDERS = {
    "B": ("standard gases span the data; warming to the equilibrator below 1 degC",),
    "C": (
        "data within 0.8 to 1.2 of the range of the standard gases; warming below"
        " 3 degC",
        "an alternative sensor with accuracy within 10 uatm and a documented"
        " calibration may be E",
    ),
    "D": ("complete metadata would allow a better flag",),
    "S": (
        "an alternative sensor with accuracy within 10 uatm and a documented"
        " calibration may be E",
    ),
}


def _accuracy_steps(document: Document) -> Iterator[tuple[str, str]]:
    """Accuracy of CO2, temperature and pressure against two limits each."""
    for quantity, group, unit, good, fair in (
        ("CO2 in water", "water_co2", "uatm", 2.0, 5.0),
        ("temperature", "temperature", "degC", 0.05, 0.2),
        ("pressure", "pressure", "hPa", 2.0, 5.0),
    ):
        best = min(_stated_accuracies(document, group), default=math.nan)
        if best <= good:
            continue
        if math.isnan(best):
            yield "S", f"accuracy of {quantity} is not given"
        elif best <= fair:
            yield "C", f"accuracy of {quantity} {best:g} {unit}, more than {good:g}"
        else:
            yield "S", f"accuracy of {quantity} {best:g} {unit}, more than {fair:g}"


def _stated_accuracies(document: Document, group: str) -> Iterator[float]:
    """Accuracies [uatm, degC, hPa] stated for a group of variables."""
    accuracies: list[Quantity] = [
        Quantity(v.accuracy.text, v.accuracy.full_unit or v.unit)
        for v in document.variables
        if group_of(v) == group
    ]
    if group in ("temperature", "pressure"):
        equilibrators = [i for i in document.instruments if isinstance(i, Equilibrator)]
        accuracies += [
            getattr(equilibrator, f"{group}_accuracy") for equilibrator in equilibrators
        ]
    for quantity in accuracies:
        value = abs(quantity.value) * _factor(quantity.full_unit, group)
        if not math.isnan(value):
            yield value


def _factor(unit: str, group: str) -> float:
    """Factor from a unit of pressure to hPa; other units are taken as correct."""
    name = unit.strip().lower()
    if group != "pressure":
        return 1.0
    names = {"kpa": "kPa", "pa": "Pa", "mmhg": "mmHg", "atm": "atm"}
    return conversion(names.get(name, "hPa"), "hPa")[0]


def _gas_steps(document: Document) -> Iterator[tuple[str, str]]:
    sensors = [i for i in document.instruments if isinstance(i, GasSensor)]
    values = [gas.concentration.value for sensor in sensors for gas in sensor.gases]
    non_zero = sum(not value <= 0 for value in values)
    counted = max((s.non_zero_gases or 0 for s in sensors), default=0)
    non_zero = max(non_zero, counted)
    if max(len(values), counted) < 2:
        yield "S", "fewer than two calibration gases"
    elif non_zero == 0:
        yield "S", "no calibration gas that is not zero"
    elif non_zero < 2:
        yield "C", "fewer than two calibration gases that are not zero"


def _description_steps(
    document: Document, columns: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for item in missing_items(document):
        yield "D", f"missing in the metadata: {item}"
    described = {recognition_key(v.column) for v in document.variables}
    described |= {recognition_key(v.column + v.unit) for v in document.variables}
    for name, kind in columns:
        needs_no_description = kind != "other" and group_of_type(kind) in (
            "flag",
            "text",
        )
        needs_no_description |= _is_of_equilibrator(document, kind)
        if not needs_no_description and not _names(name) & described:
            yield "D", f"column {name} is not described in the metadata"
    water = [v for v in document.variables if group_of(v) == "water_co2"]
    if water and not any(map(_is_in_situ, water)):
        yield "D", "CO2 not measured in situ by infrared, GC or spectroscopy"


def _is_of_equilibrator(document: Document, kind: str) -> bool:
    """Whether a column is described together with an equilibrator."""
    field = {
        "Temperature_equi": "temperature_accuracy",
        "Pressure_equi": "pressure_accuracy",
    }.get(kind, "")
    equilibrators = [i for i in document.instruments if isinstance(i, Equilibrator)]
    return bool(field) and any(
        getattr(equilibrator, field).text for equilibrator in equilibrators
    )


def _names(header: str) -> set[str]:
    """Keys of a header with and without its unit."""
    return {recognition_key(header), recognition_key(re.split(r"\s*[\[(]", header)[0])}


def _is_in_situ(variable: Variable) -> bool:
    method = " ".join((variable.method, *variable.instrument_names))
    description = f"{method} {variable.observation_type}"
    return bool(IN_SITU_METHOD.search(method)) and not _DISCRETE.search(description)
