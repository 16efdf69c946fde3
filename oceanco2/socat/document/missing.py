"""Missing items of a metadata document (docs/socat-rules.md#complete-metadata)."""

import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from oceanco2.socat.document.model import (
    Analyser,
    Document,
    Equilibrator,
    GasSensor,
    Instrument,
    Person,
    Quantity,
    Sampler,
    Variable,
)
from oceanco2.socat.types import data_types, type_of

#: Beginnings of the types of flag columns.
_FLAGS = ("WOCE_", "comment_")
_GROUPS = MappingProxyType(
    {
        "sal": "salinity",
        "xH2O_equi": "instrument",
        "relative_humidity": "instrument",
        "specific_humidity": "instrument",
        "ship_speed": "instrument",
        "wind_speed_true": "instrument",
        "wind_speed_rel": "instrument",
    }
)


def group_of_type(name: str) -> str:
    """Return the group of variables that a data type belongs to.

    Examples
    --------
    >>> group_of_type("fCO2_water_sst_100humidity_uatm"), group_of_type("temp")
    ('water_co2', 'temperature')
    """
    for start, group in (
        (_FLAGS, "flag"),
        (("xCO2_atm", "pCO2_atm", "fCO2_atm", "delta_"), "air_co2"),
        (("Temperature_", "temp"), "temperature"),
        (("Pressure_",), "pressure"),
    ):
        if name.startswith(start):
            return group
    if name in data_types() and data_types()[name].is_water_co2:
        return "water_co2"
    return _GROUPS.get(name, "text")


def group_of(variable: Variable) -> str:
    """Return the stated group of a variable, or the one of its column's type."""
    if variable.group:
        return variable.group
    kind = type_of(f"{variable.column} {variable.unit}")
    if kind not in data_types():
        kind = type_of(variable.column)
    return group_of_type(kind)


def missing_items(document: Document) -> tuple[str, ...]:
    """List every item of a complete document that is missing in this one.

    Examples
    --------
    >>> missing_items(Document())[:2]
    ('data set id (expocode)', 'submitter')
    """
    return tuple(_all_missing(document))


def _all_missing(document: Document) -> Iterator[str]:
    if not (document.dataset_id or document.expocodes):
        yield "data set id (expocode)"
    yield from _missing_people(document)
    if not document.platforms:
        yield "platform"
    for number, platform in enumerate(document.platforms, 1):
        where = f"platform {platform.name or number}"
        yield from _missing_fields(platform, where, ("identifier", "name", "type"))
    if not document.variables:
        yield "variables"
    for variable in document.variables:
        yield from _missing_of_variable(variable)
    if not any(group_of(v) == "water_co2" for v in document.variables):
        yield "variable of CO2 in sea water"
    for instrument in document.instruments:
        yield from _missing_of_instrument(instrument)


def _missing_fields(item: object, where: str, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if not getattr(item, name):
            yield f"{where}: {_LABELS.get(name, name.replace('_', ' '))}"


_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "first": "first name",
        "last": "last name",
        "email": "e-mail",
        "column": "column name",
        "method": "measurement method",
        "instrument_names": "names of instruments",
    }
)


def _missing_people(document: Document) -> Iterator[str]:
    if document.submitter is None:
        yield "submitter"
    else:
        needed = ("first", "last", "street", "email")
        yield from _missing_fields(document.submitter, "submitter", needed)
        if not _organization(document.submitter, document):
            yield "submitter: organization"
    if not document.investigators:
        yield "investigators"
    for number, person in enumerate(document.investigators, 1):
        where = f"investigator {person.name or number}"
        yield from _missing_fields(person, where, ("first", "last", "organization"))


def _organization(person: Person, document: Document) -> str:
    """Return the submitter's organization, if need be from the investigators."""
    same = [p.organization for p in document.investigators if p.last == person.last]
    return person.organization or "".join(same)


def _missing_of_variable(variable: Variable) -> Iterator[str]:
    where = f"variable {variable.column or variable.full_name or '?'}"
    yield from _missing_fields(variable, where, ("column", "full_name"))
    group = group_of(variable)
    if group in ("flag", "text"):
        return
    yield from _missing_fields(variable, where, ("observation_type",))
    if not is_numeric(variable.accuracy, variable.unit):
        yield f"{where}: accuracy (a number and its unit)"
    if not variable.method:
        label = "method description" if variable.computed else "measurement method"
        yield f"{where}: {label}"
    if not variable.computed:
        yield from _missing_fields(variable, where, ("instrument_names",))
    if group == "water_co2":
        yield from _missing_fields(variable, where, ("report_temperature",))


def is_numeric(quantity: Quantity, unit: str = "") -> bool:
    """Whether a quantity is a number with a unit."""
    return not math.isnan(quantity.value) and bool(quantity.full_unit or unit)


def _missing_of_instrument(instrument: Instrument) -> Iterator[str]:
    functions: tuple[tuple[type, str, Callable[..., Iterator[str]]], ...] = (
        (GasSensor, "gas sensor", _missing_of_gas_sensor),
        (Analyser, "analyser", _missing_of_analyser),
        (Equilibrator, "equilibrator", _missing_of_equilibrator),
        (Sampler, "sampler", _missing_of_sampler),
    )
    for kind, label, missing_of in functions:
        if isinstance(instrument, kind):
            yield from missing_of(instrument, f"{label} {instrument.name or '?'}")
            return


def _missing_of_analyser(instrument: Analyser, where: str) -> Iterator[str]:
    needed = ("name", "manufacturer", "model", "calibration")
    yield from _missing_fields(instrument, where, needed)


def _missing_of_gas_sensor(instrument: GasSensor, where: str) -> Iterator[str]:
    yield from _missing_of_analyser(instrument, where)
    if not instrument.gases:
        yield f"{where}: calibration gas"
    for number, gas in enumerate(instrument.gases, 1):
        bottle = f"{where}: calibration gas {gas.name or number}"
        yield from _missing_fields(gas, bottle, ("type", "supplier"))
        if not gas.concentration.value >= 0:
            yield f"{bottle}: concentration"


def _missing_of_equilibrator(instrument: Equilibrator, where: str) -> Iterator[str]:
    needed = ("type", "water_volume", "gas_volume", "water_flow", "gas_flow", "venting")
    yield from _missing_fields(instrument, where, needed)


def _missing_of_sampler(instrument: Sampler, where: str) -> Iterator[str]:
    yield from _missing_fields(instrument, where, ("instrument_names",))
