"""From a processed dataset to a metadata document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.expocode import SOCAT_TYPES, expocode_of
from oceanco2.geography import west_and_east
from oceanco2.metadata.facts import Facts
from oceanco2.socat.document.describe import variables_of
from oceanco2.socat.document.facts import instruments_of
from oceanco2.socat.document.model import Document, Funding, Person, Platform

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
        Items not stated are empty; `oceanco2.dashboard.missing_items` lists them.

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
    people = {entry["name"]: entry for entry in facts.set_up.get("people", [])}
    entry: Mapping[str, Any] = people.get(name, {})
    organizations = facts.names("organizations") or facts.names("institution")
    local_group = (
        organizations[index]
        if 0 <= index < len(organizations) and len(organizations) > 1
        else ""
    )
    first, last = split_name(name)
    orcid = entry.get("orcid", "")
    return Person(
        first=first,
        last=last,
        organization=entry.get("organization", "")
        or local_group
        or "".join(organizations[:1]),
        street=entry.get("address", ""),
        email=entry.get("email", ""),
        phone=entry.get("phone", ""),
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
    entries: Iterable[dict[str, str]] = facts.set_up.get("funding", [])
    return tuple(Funding(**entry) for entry in entries)


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
