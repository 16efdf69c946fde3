"""Objects of the ICOS Carbon Portal: names, hashes, metadata, versions.

Nothing here touches the network. The layout of the metadata is that of the portal's
registration service (https://github.com/ICOS-Carbon-Portal/meta).
"""

import base64
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.platforms import Station, stations


@dataclass(frozen=True, slots=True)
class PortalObject:
    """A table that is at the portal, or will be."""

    file_name: str
    digest: str
    level: int
    start: str
    stop: str
    replaces: tuple[str, ...] = ()
    metadata: Mapping[str, Any] | None = None

    def overlaps(self, other: "PortalObject") -> bool:
        """Whether two objects have time in common."""
        return moment(self.start) <= moment(other.stop) and moment(
            other.start
        ) <= moment(self.stop)

    def covers(self, other: "PortalObject") -> bool:
        """Whether all time of another object lies within this one."""
        return moment(self.start) <= moment(other.start) and moment(
            other.stop
        ) <= moment(self.stop)


def moment(text: str) -> datetime:
    """Read a time of the portal."""
    try:
        return datetime.fromisoformat(f"{text.removesuffix('Z')}+00:00")
    except (ValueError, AttributeError):
        raise ProcessingError(
            f"{text!r} is not a time such as 2020-01-01T00:00:00.000Z"
        ) from None


@dataclass(frozen=True, slots=True)
class Version:
    """Relation of a new object to those at the portal."""

    replaces: tuple[str, ...] = ()
    partial: bool = False
    siblings: tuple[PortalObject, ...] = ()


def version_of(new: PortalObject, older: Sequence[PortalObject]) -> Version:
    """Decide what a new object replaces."""
    same = [item for item in older if item.digest == new.digest]
    if any(item.level != new.level for item in same):
        raise ProcessingError(
            f"{new.file_name} (L{new.level}) has the same bytes as {same[0].file_name}"
            f" (L{same[0].level}); the portal identifies an object by its bytes, so"
            " nothing in it is new"
        )
    rest = [item for item in older if item.digest != new.digest]
    overlapping = [
        item for item in rest if item.overlaps(new) and not _replaced(item, rest)
    ]
    final = [item for item in overlapping if item.level == 2]
    if new.level == 1 and final:
        raise ProcessingError(
            f"{new.file_name} (L1) overlaps {final[0].file_name} (L2): near-real-time"
            " data must not replace final ones"
        )
    if len(overlapping) > 1:
        names = ", ".join(item.file_name for item in overlapping)
        raise ProcessingError(
            f"{new.file_name} overlaps {len(overlapping)} objects ({names}): it can be"
            " the next version of one only"
        )
    if not overlapping:
        return Version()
    (old,) = overlapping
    if old.level == 2 and old.file_name != new.file_name:
        raise ProcessingError(
            f"{new.file_name} overlaps {old.file_name}, which is L2 too: a new version"
            " must have the same file name"
        )
    siblings = tuple(item for item in rest if old.digest in item.replaces)
    return Version((old.digest,), bool(siblings), siblings)


def _replaced(old: PortalObject, others: Collection[PortalObject]) -> bool:
    """Whether the objects that replace this one cover all of its time."""
    successors = [item for item in others if old.digest in item.replaces]
    if any(successor.covers(old) for successor in successors):
        return True
    # Several together, in order; gaps of up to one second are allowed.
    reached = moment(old.start)
    for successor in sorted(successors, key=lambda item: moment(item.start)):
        if (moment(successor.start) - reached).total_seconds() <= 1:
            reached = max(reached, moment(successor.stop))
    return bool(successors) and reached >= moment(old.stop)


META_URL = "https://meta.icos-cp.eu/upload"
DATA_URL = "https://data.icos-cp.eu/objects/"
TRY_URL = "https://data.icos-cp.eu/tryingest"
SUBMITTER = "OTC"
CREATOR = "http://meta.icos-cp.eu/resources/organizations/OTC"
_SPECIFICATIONS = "http://meta.icos-cp.eu/resources/cpmeta/"
#: ICOS level and whether the station is a fixed one, to the object specification.
SPECIFICATIONS: Mapping[tuple[int, bool], str] = {
    (0, False): f"{_SPECIFICATIONS}otcL0DataObject",
    (0, True): f"{_SPECIFICATIONS}otcL0DataObject",
    (1, False): f"{_SPECIFICATIONS}icosOtcL1Product_v2",
    (1, True): f"{_SPECIFICATIONS}icosOtcFosL1Product",
    (2, False): f"{_SPECIFICATIONS}icosOtcL2Product",
    (2, True): f"{_SPECIFICATIONS}icosOtcFosL2Product",
}
_HASH = re.compile(r"[0-9a-f]{64}")


def object_id(digest: str) -> str:
    """Return the identifier of an object at the portal.

    Examples
    --------
    >>> object_id("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    '47DEQpj8HBSa-_TImW-5JCeu'
    """
    if not _HASH.fullmatch(digest):
        raise ProcessingError(f"{digest!r} is not a SHA-256: 64 digits of 0-9 and a-f")
    return base64.urlsafe_b64encode(bytes.fromhex(digest)[:18]).decode("ascii")


def is_fixed(station: Station) -> bool:
    """Whether a station is a fixed one."""
    return station.category == "41"


def specification(level: int, station: Station) -> str:
    """Return the object specification of a level at a station."""
    if level not in (0, 1, 2):
        raise OptionError(f"level must be one of 0, 1, 2, not {level!r}")
    return SPECIFICATIONS[level, is_fixed(station)]


def station_of(attrs: Mapping[str, Any]) -> Station:
    """Find the station of the network that a dataset comes from."""
    for key in ("station", "call_sign", "platform_code", "platform_name"):
        name = str(attrs.get(key) or "").strip().lower()
        if not name:
            continue
        matches = [station for station in stations() if name in _names(station)]
        if len(matches) > 1:
            ids = ", ".join(station.id for station in matches)
            raise ProcessingError(
                f"{key} {attrs[key]!r} belongs to several stations: {ids}"
                " (platform file: station)"
            )
        if matches:
            return matches[0]
        if key == "station":
            break
    stated = ", ".join(
        f"{key} {attrs[key]!r}"
        for key in ("station", "call_sign", "platform_code", "platform_name")
        if attrs.get(key)
    )
    raise ProcessingError(
        f"no station of the ICOS ocean network has {stated or 'these attributes'}"
        " (platform file: station; `oceanco2 stations` lists them)"
    )


def _names(station: Station) -> set[str]:
    names = (station.id, station.url, station.name, station.call_sign)
    return {name.lower() for name in (*names, station.platform_code) if name}


def raw_metadata(
    file_name: str, digest: str, station: Station, *, start: str, stop: str
) -> dict[str, Any]:
    """Return the metadata of a raw file (L0)."""
    return {
        "submitterId": SUBMITTER,
        "hashSum": digest,
        "fileName": file_name,
        "objectSpecification": specification(0, station),
        "specificInfo": {
            "station": station.url,
            "acquisitionInterval": {"start": start, "stop": stop},
        },
        "references": {"duplicateFilenameAllowed": True},
    }


@dataclass(frozen=True, slots=True)
class Production:
    """Provenance of a table: number of rows, time, comment, raw files."""

    rows: int
    created: str
    comment: str = ""
    sources: tuple[str, ...] = ()


def table_metadata(
    new: PortalObject, station: Station, production: Production, version: Version
) -> dict[str, Any]:
    """Return the metadata of a table (L1 or L2)."""
    production_entry: dict[str, Any] = {
        "creator": CREATOR,
        "contributors": [],
        "creationDate": production.created,
        "comment": production.comment,
    }
    if new.level == 2:
        production_entry["sources"] = list(production.sources)
    references = {"duplicateFilenameAllowed": True, "partialUpload": version.partial}
    metadata = {
        "submitterId": SUBMITTER,
        "hashSum": new.digest,
        "fileName": new.file_name,
        "objectSpecification": specification(new.level, station),
        "specificInfo": {
            "station": station.url,
            "nRows": production.rows,
            "production": production_entry,
        },
        "references": references,
    }
    if version.replaces:
        metadata["isNextVersionOf"] = list(version.replaces)
    return metadata


def portal_faults(metadata: Mapping[str, Any], digest: str) -> list[str]:
    """List what is wrong with the metadata of an object."""
    keys = ("submitterId", "hashSum", "fileName", "objectSpecification")
    faults = [f"{key} is missing" for key in keys if not metadata.get(key)]
    if metadata.get("hashSum") != digest:
        faults.append("hashSum is not that of the file")
    kind = str(metadata.get("objectSpecification"))
    if kind not in SPECIFICATIONS.values():
        faults.append(f"objectSpecification {kind!r} is not that of an ocean station")
    info = metadata.get("specificInfo") or {}
    if info.get("station") not in {item.url for item in stations()}:
        faults.append(f"station {info.get('station')!r} is not in the network")
    raw = kind == SPECIFICATIONS[0, False]
    faults += _raw_faults(info) if raw else _table_faults(kind, info)
    for old in metadata.get("isNextVersionOf", []):
        if not _HASH.fullmatch(str(old)):
            faults.append(f"isNextVersionOf {old!r} is not a SHA-256")
    return faults


def _raw_faults(info: Mapping[str, Any]) -> list[str]:
    faults = [
        f"a raw file must not have {k}" for k in ("nRows", "production") if k in info
    ]
    interval = info.get("acquisitionInterval") or {}
    try:
        if moment(interval.get("start", "")) > moment(interval.get("stop", "")):
            faults.append("acquisitionInterval stops before it starts")
    except ProcessingError as error:
        faults.append(f"acquisitionInterval: {error}")
    return faults


def _table_faults(kind: str, info: Mapping[str, Any]) -> list[str]:
    faults = []
    if "acquisitionInterval" in info:
        faults.append("a table must not have acquisitionInterval")
    rows = info.get("nRows")
    if not isinstance(rows, int) or rows < 1:
        faults.append(f"nRows {rows!r} is not a number of rows")
    production = info.get("production") or {}
    if production.get("creator") != CREATOR:
        faults.append("production.creator is not the Ocean Thematic Centre")
    try:
        moment(production.get("creationDate", ""))
    except ProcessingError as error:
        faults.append(f"production.creationDate: {error}")
    final = kind in (SPECIFICATIONS[2, False], SPECIFICATIONS[2, True])
    sources = production.get("sources")
    if final and not sources:
        faults.append("production.sources: an L2 table must name its raw files")
    if not final and sources is not None:
        faults.append("production.sources: an L1 table must not name raw files")
    faults += [
        f"source {s!r} is not a SHA-256" for s in sources or () if not _is_sha256(s)
    ]
    return faults


def _is_sha256(text: object) -> bool:
    return bool(_HASH.fullmatch(str(text)))
