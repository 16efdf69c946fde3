"""From a processed dataset to a metadata document and its variables."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.expocode import SOCAT_TYPES, expocode_of
from oceanco2.geography import west_and_east
from oceanco2.physics import TEMPERATURE_CORRECTIONS, WATER_VAPOUR
from oceanco2.platforms import Sensor, settings
from oceanco2.socat.document.facts import (
    Facts,
    calibration_text,
    instruments_of,
    sensor_text,
    standards_text,
)
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import (
    NOT_STATED,
    Document,
    Funding,
    Person,
    Platform,
    Quantity,
    Variable,
)
from oceanco2.vocabulary import VARIABLES

#: Beginnings of the names of computed variables.
_COMPUTED = ("pCO2_", "fCO2_", "delta_")
_OBSERVATION = {"mooring": "time series"}


def variables_of(
    facts: Facts, columns: Sequence[tuple[str, str]]
) -> tuple[Variable, ...]:
    """Describe the columns of the data file."""
    headers = {header for header, _ in columns}
    return tuple(
        _variable(facts, header, name, headers) for header, name in columns if name
    )


def split_header(header: str) -> tuple[str, str]:
    """Split a header into name and unit.

    Examples
    --------
    >>> split_header("SST [deg C]"), split_header("T_atm")
    (('SST', 'deg C'), ('T_atm', ''))
    """
    match = re.fullmatch(r"(.*?)\s*\[(.*)\]", header)
    return (match[1], match[2]) if match else (header, "")


def _variable(facts: Facts, header: str, name: str, headers: set[str]) -> Variable:
    column, unit = split_header(header)
    unit = unit or VARIABLES[name].units
    base = Variable(column=column, unit=unit, full_name=VARIABLES[name].long_name)
    group = group_of(base)
    fields: dict[str, Any] = {"group": group}
    if group not in ("flag", "text"):
        fields |= _measurement_fields(facts, name, unit)
    flag = {"water_co2": "WOCE_CO2_water", "air_co2": "WOCE_CO2_atm"}.get(group, "")
    if flag in headers:
        fields["flag_column"] = flag
    if group == "water_co2":
        fields |= _water_co2_fields(facts, name)
        fields["standardization"] = fields["standardization"] or standards_text(facts)
    elif group == "air_co2":
        fields |= _air_co2_fields(facts)
    elif name == "sample_depth":
        fields |= _intake_fields(facts)
    return Variable(
        column=column, unit=unit, full_name=VARIABLES[name].long_name, **fields
    )


def _measurement_fields(facts: Facts, name: str, unit: str) -> dict[str, Any]:
    sensor = facts.sensor(name)
    entry = facts.entry(sensor)
    computed = name.startswith(_COMPUTED)
    method = entry.method or sensor_text(sensor, entry)
    if computed:
        method = _computed_from(name)
        if sensor:
            method += f"; {entry.method} {sensor_text(sensor, entry)}".rstrip()
    fields: dict[str, Any] = {
        "observation_type": _OBSERVATION.get(facts.text("platform_kind"), "underway"),
        "method": method,
        "computed": computed,
        "accuracy": facts.accuracy(name, unit),
        "precision": NOT_STATED if computed else _resolution(entry, unit),
        "instrument_names": (sensor,) if sensor else (),
        "standardization": calibration_text(entry),
    }
    return fields


def _resolution(entry: Sensor, unit: str) -> Quantity:
    value = entry.resolution
    return NOT_STATED if value is None else Quantity(f"{value:g}", unit)


def _computed_from(name: str) -> str:
    if name.startswith("delta_"):
        return "computed: sea water minus air"
    kind = name.partition("_")[0]
    return f"{kind} computed from the measured CO2"


def _formula_fields(facts: Facts) -> dict[str, str]:
    reduction = facts.options.get("reduction", {})
    vapour = _cited(WATER_VAPOUR, reduction.get("vapour_pressure"))
    warming = _cited(TEMPERATURE_CORRECTIONS, reduction.get("temperature_correction"))
    term = {"neglect": ", (1 - x)^2 left out", "pco2": ", pCO2 in place of x"}
    suffix = term.get(reduction.get("mole_fraction", ""), "")
    fugacity = f"Weiss (1974), doi:10.1016/0304-4203(74)90015-2{suffix}"
    return {
        "temperature_correction": warming,
        "pco2_method": f"pCO2 = xCO2 (P - pH2O), pH2O by {vapour}" if vapour else "",
        "fco2_method": fugacity if reduction else "",
    }


def _cited(registry: Any, name: str | None) -> str:
    if name is None or name not in registry:
        return name or ""
    entry = registry[name]
    return f"{entry.long_name}, doi:{entry.doi}" if entry.doi else entry.long_name


def _intake_fields(facts: Facts) -> dict[str, str]:
    intake = facts.set_up.intake
    depth = facts.median("sample_depth")
    value = intake.depth if depth != depth else depth  # noqa: PLR0124
    return {
        "intake_location": intake.location,
        "intake_depth": "" if value is None else f"{value:g}",
    }


def _water_co2_fields(facts: Facts, name: str) -> dict[str, Any]:
    temperature = "equilibrator temperature" if "Tequ" in name else "SST"
    drying = facts.set_up.equilibrator.drying
    moisture_correction = facts.options.get("calibration", {}).get(
        "moisture_correction"
    )
    vapour = (
        "xCO2 brought to dry air by the measured water vapour"
        if moisture_correction
        else ""
    )
    return {
        "report_temperature": temperature,
        "drying": drying,
        "vapour_correction": vapour or (f"gas dried: {drying}" if drying else ""),
        "method_reference": facts.text("method_reference"),
        **_formula_fields(facts),
        **_intake_fields(facts),
    }


def _air_co2_fields(facts: Facts) -> dict[str, str]:
    intake = facts.set_up.intake
    height = intake.air_height
    above = "" if height is None else f"{height:g} m above the sea"
    parts = filter(None, (intake.air_location, above))
    return {
        "intake_location": ", ".join(parts),
        "drying": facts.set_up.equilibrator.drying,
    }


#: Header of each column and its variable of the dataset; empty if there is none.
Columns = Sequence[tuple[str, str]]


def document_of(
    ds: xr.Dataset, columns: Columns, rows: np.ndarray | None = None
) -> Document:
    """Return the metadata document of a processed dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        Processed dataset; its attribute ``set_up`` holds tables of the platform file.
    columns : sequence of (str, str)
        Columns of the data file: header with unit, variable on the dataset.
    rows : ndarray of int, optional
        Rows that are in the data file, for bounds and dates; all by default.

    Returns
    -------
    Document
        Items not stated are empty; `oceanco2.socat.checker.missing_items` lists them.

    Raises
    ------
    ProcessingError
        If no expocode can be formed, or no row has a position.
    """
    facts = Facts(ds)
    rows_in_file = ds if rows is None else ds.isel(time=rows)
    expocode = expocode_of(ds)
    investigators = tuple(
        _person(name, facts, index)
        for index, name in enumerate(facts.names("creator_name"))
    )
    return Document(
        format="oceanco2",
        dataset_id=expocode,
        submitter=_submitter(facts, investigators),
        investigators=investigators,
        platforms=(_platform(facts),),
        instruments=instruments_of(facts, columns),
        variables=variables_of(facts, columns),
        title=facts.text("title"),
        abstract=facts.text("summary"),
        purpose=facts.text("purpose"),
        methods=facts.text("methods"),
        citation=facts.text("references"),
        supplement=facts.text("comment"),
        funding=_funding(facts),
        projects=tuple(facts.names("project")),
        expocodes=(expocode,),
        cruise_ids=tuple(facts.names("cruise_id")),
        authors=tuple(person.name for person in investigators),
        references=tuple(facts.names("method_reference")),
        **_extent(rows_in_file),
    )


def split_name(name: str) -> tuple[str, str]:
    """Split the name of a person into first and last names.

    Examples
    --------
    >>> split_name("Smith, N. B."), split_name("Ann van Smith"), split_name("IMR")
    (('N. B.', 'Smith'), ('Ann van', 'Smith'), ('', 'IMR'))
    """
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last


def _person(name: str, facts: Facts, index: int) -> Person:
    people = {entry.name: entry for entry in facts.set_up.people}
    entry = people.get(name) or settings.Person(name=name or "-")
    organizations = facts.names("organizations") or facts.names("institution")
    local_group = (
        organizations[index]
        if 0 <= index < len(organizations) and len(organizations) > 1
        else ""
    )
    first, last = split_name(name)
    orcid = entry.orcid
    return Person(
        first=first,
        last=last,
        organization=entry.organization or local_group or "".join(organizations[:1]),
        street=entry.address,
        email=entry.email,
        phone=entry.phone,
        identifier=orcid,
        identifier_type="ORCID" if orcid else "",
    )


def _submitter(facts: Facts, investigators: Sequence[Person]) -> Person | None:
    """Return the stated submitter, else the first investigator."""
    name = facts.text("submitter")
    investigator_names = facts.names("creator_name")
    if name and name not in investigator_names:
        return _person(name, facts, -1)
    if name:
        return investigators[investigator_names.index(name)]
    return investigators[0] if investigators else None


def _platform(facts: Facts) -> Platform:
    kind = facts.text("platform_kind")
    code = facts.text("platform_code")
    return Platform(
        name=facts.text("platform_name"),
        identifier=code,
        identifier_type="ICES" if code else "",
        type=facts.text("platform_type") or SOCAT_TYPES.get(kind, ""),
        owner=facts.text("owner"),
        country=facts.text("country"),
    )


def _funding(facts: Facts) -> tuple[Funding, ...]:
    return tuple(Funding(**entry.model_dump()) for entry in facts.set_up.funding)


def _extent(ds: xr.Dataset) -> dict[str, Any]:
    time, lat, lon = (ds[n].to_numpy() for n in ("time", "latitude", "longitude"))
    is_valid = (np.abs(lat) <= 90) & (np.abs(lon) <= 360) & ~np.isnat(time)
    if not is_valid.any():
        raise ProcessingError("no row of the dataset has a time and a position")
    days = time[is_valid].astype("datetime64[D]")
    west, east = west_and_east(lon[is_valid])
    west, east = ((x + 180) % 360 - 180 if abs(x) > 180 else x for x in (west, east))
    return {
        "start": str(days.min()),
        "end": str(days.max()),
        "west": _degrees(west),
        "east": _degrees(east),
        "south": _degrees(lat[is_valid].min()),
        "north": _degrees(lat[is_valid].max()),
    }


def _degrees(value: float) -> str:
    return f"{round(float(value), 5) + 0.0:.5f}".rstrip("0").rstrip(".")
