"""The data set flag that SOCAT suggests (docs/socat-rules.md#suggested-flag)."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oceanco2.dashboard.completeness import group_of, group_of_type, missing_items
from oceanco2.dashboard.document import (
    Document,
    Equilibrator,
    GasSensor,
    Quantity,
    Variable,
)
from oceanco2.dashboard.recognition import recognition_key

#: From the best to the worst that the automation gives; S is suspended.
_LADDER = "BCDS"
#: How an in-situ analyser that SOCAT accepts for the best flags is described.
IN_SITU_METHOD = re.compile(
    r"infra-?\s*red|\bND?IR\b|\bIR\b|li-?cor|\bli-?\d{3,4}|\bGC\b|chromatogra|spectr"
    r"|cavity|\bCRDS\b|\bOF-?CEAS\b|\bICOS\b|picarro",
    re.IGNORECASE,
)
_DISCRETE = re.compile(r"discrete|bottle sample|\bflask sample", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A data set flag and why it is not a better one."""

    flag: str
    reasons: tuple[str, ...]
    reminders: tuple[str, ...] = ()


def suggest_flag(
    document: Document | None, columns: Iterable[tuple[str, str]] = ()
) -> Suggestion:
    """Suggest a data set flag from the facts of a metadata document."""
    if document is None:
        said = "no metadata document: the accuracy of CO2 is not known"
        return Suggestion("S", (said,))
    steps = [*_accuracy(document), *_gases(document)]
    steps += _description(document, columns)
    rank = max((_LADDER.index(flag) for flag, _ in steps), default=0)
    flag = _LADDER[rank]
    return Suggestion(flag, tuple(said for _, said in steps), _REMINDERS.get(flag, ()))


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


def _accuracy(document: Document) -> Iterator[tuple[str, str]]:
    """Accuracy of CO2, temperature and pressure against two limits each."""
    for what, group, unit, good, fair in (
        ("CO2 in water", "water_co2", "uatm", 2.0, 5.0),
        ("temperature", "temperature", "degC", 0.05, 0.2),
        ("pressure", "pressure", "hPa", 2.0, 5.0),
    ):
        best = min(_given(document, group), default=math.nan)
        if best <= good:
            continue
        if math.isnan(best):
            yield "S", f"accuracy of {what} is not given"
        elif best <= fair:
            yield "C", f"accuracy of {what} {best:g} {unit}, more than {good:g}"
        else:
            yield "S", f"accuracy of {what} {best:g} {unit}, more than {fair:g}"


def _given(document: Document, group: str) -> Iterator[float]:
    """Accuracies [uatm, degC, hPa] given for a group of variables."""
    said: list[Quantity] = [
        Quantity(v.accuracy.text, v.accuracy.full_unit or v.unit)
        for v in document.variables
        if group_of(v) == group
    ]
    if group in ("temperature", "pressure"):
        vessels = [i for i in document.instruments if isinstance(i, Equilibrator)]
        said += [getattr(vessel, f"{group}_accuracy") for vessel in vessels]
    for quantity in said:
        value = abs(quantity.value) * _factor(quantity.full_unit, group)
        if not math.isnan(value):
            yield value


def _factor(unit: str, group: str) -> float:
    """Turn kPa and the like into hPa; other units are taken as they should be."""
    word = unit.strip().lower()
    if group != "pressure":
        return 1.0
    return {"kpa": 10.0, "pa": 0.01, "mmhg": 1.3332239, "atm": 1013.25}.get(word, 1.0)


def _gases(document: Document) -> Iterator[tuple[str, str]]:
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


def _description(
    document: Document, columns: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for item in missing_items(document):
        yield "D", f"missing in the metadata: {item}"
    described = {recognition_key(v.column) for v in document.variables}
    described |= {recognition_key(v.column + v.unit) for v in document.variables}
    for name, kind in columns:
        obvious = kind != "other" and group_of_type(kind) in ("flag", "text")
        obvious |= _is_of_equilibrator(document, kind)
        if not obvious and not _names(name) & described:
            yield "D", f"column {name} is not described in the metadata"
    water = [v for v in document.variables if group_of(v) == "water_co2"]
    if water and not any(map(_is_in_situ, water)):
        yield "D", "CO2 not measured in situ by infrared, GC or spectroscopy"


def _is_of_equilibrator(document: Document, kind: str) -> bool:
    """Whether the description of an equilibrator describes a column, too."""
    field = {
        "Temperature_equi": "temperature_accuracy",
        "Pressure_equi": "pressure_accuracy",
    }.get(kind, "")
    vessels = [i for i in document.instruments if isinstance(i, Equilibrator)]
    return bool(field) and any(getattr(vessel, field).text for vessel in vessels)


def _names(header: str) -> set[str]:
    """Keys of a header with and without its unit."""
    return {recognition_key(header), recognition_key(re.split(r"\s*[\[(]", header)[0])}


def _is_in_situ(variable: Variable) -> bool:
    said = " ".join((variable.method, *variable.instrument_names))
    seen = f"{said} {variable.observation_type}"
    return bool(IN_SITU_METHOD.search(said)) and not _DISCRETE.search(seen)
