"""Objects of a package: entries of its index, and those of earlier packages."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.export import IcosCheck
from oceanco2.metadata.carbon_portal import (
    Production,
    object_id,
    raw_metadata,
    table_metadata,
)
from oceanco2.metadata.portal_versions import PortalObject, Version, moment
from oceanco2.platforms import Station
from oceanco2.provenance import now, package_version
from oceanco2.readers.sources import RawFile
from oceanco2.submission.manifest import OPTION


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a package, as its index lists it."""

    fileName: str
    hashSum: str
    id: str
    level: int
    start: str
    stop: str
    replaces: list[str]
    path: str | None
    metadataFile: str
    metadata: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def raw_entry(file: RawFile, station: Station, interval: tuple[str, str]) -> Entry:
    """Describe a raw file."""
    return Entry(
        file.name,
        file.digest,
        object_id(file.digest),
        0,
        *interval,
        [],
        f"raw/{file.name}",
        f"metadata/{file.name}.json",
        raw_metadata(file.name, file.digest, station, interval),
    )


def table_entry(
    table: PortalObject,
    station: Station,
    found: IcosCheck,
    version: Version,
    files: Iterable[RawFile],
) -> Entry:
    """Describe a table."""
    production = Production(
        found.rows,
        now(),
        f"made by oceanco2 {package_version()}",
        tuple(file.digest for file in files),
    )
    return Entry(
        table.file_name,
        table.digest,
        object_id(table.digest),
        table.level,
        table.start,
        table.stop,
        list(version.replaces),
        f"dataset/{OPTION}/{table.file_name}",
        f"metadata/{table.file_name}.json",
        table_metadata(table, station, production, version),
    )


def again(siblings: Iterable[PortalObject]) -> list[Entry]:
    """Describe objects at the portal that become partial by the new one."""
    entries = []
    for one in siblings:
        if one.metadata is None:
            raise ProcessingError(
                f"{one.file_name} replaces part of the same object and must become"
                " partial, too: the list of previous objects lacks its 'metadata'"
            )
        references = dict(one.metadata.get("references", {})) | {"partialUpload": True}
        metadata = dict(one.metadata) | {"references": references}
        entries.append(
            Entry(
                one.file_name,
                one.digest,
                object_id(one.digest),
                one.level,
                one.start,
                one.stop,
                list(one.replaces),
                None,
                f"metadata/again_{one.digest[:12]}_{one.file_name}.json",
                metadata,
            )
        )
    return entries


def earlier_objects(previous: Iterable[str | Path]) -> list[PortalObject]:
    """Read which tables of the station are at the portal already."""
    found: dict[str, PortalObject] = {}
    for path in map(Path, previous):
        for number, entry in enumerate(_entries(path), 1):
            one = _previous(entry, f"{path}: object {number}")
            if one is not None:
                found[one.digest] = one  # a later list wins
    return list(found.values())


def _entries(path: Path) -> list[Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReadError(f"{path}: no readable list of objects: {error}") from None
    entries = said.get("objects") if isinstance(said, dict) else said
    if not isinstance(entries, list):
        raise ReadError(f"{path}: no list of objects, and no 'objects' in it")
    return entries


def _previous(entry: Any, where: str) -> PortalObject | None:
    needed = ("fileName", "hashSum", "level", "start", "stop")
    lacking = [key for key in needed if not isinstance(entry, dict) or key not in entry]
    if lacking:
        raise ReadError(f"{where}: lacks {', '.join(lacking)}")
    if entry["level"] not in (0, 1, 2):
        raise ReadError(f"{where}: level {entry['level']!r} is none of 0, 1, 2")
    if entry["level"] == 0:
        return None
    try:
        object_id(str(entry["hashSum"]))
        if moment(entry["start"]) > moment(entry["stop"]):
            raise ReadError(f"{where}: stops before it starts")
    except ProcessingError as error:
        raise ReadError(f"{where}: {error}") from None
    return PortalObject(
        str(entry["fileName"]),
        entry["hashSum"],
        entry["level"],
        entry["start"],
        entry["stop"],
        tuple(entry.get("replaces") or ()),
        entry.get("metadata"),
    )
