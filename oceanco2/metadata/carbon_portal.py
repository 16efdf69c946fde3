"""Objects of the ICOS Carbon Portal: names, hashes and their metadata.

Nothing here touches the network. The layout of the metadata is that of the portal's
registration service (https://github.com/ICOS-Carbon-Portal/meta).
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.metadata.portal_versions import PortalObject, Version, moment
from oceanco2.platforms import Station, stations

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
    """Return the name by which the portal knows an object.

    Examples
    --------
    >>> object_id("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    '47DEQpj8HBSa-_TImW-5JCeu'
    """
    if not _HASH.fullmatch(digest):
        raise ProcessingError(f"{digest!r} is no SHA-256: 64 digits of 0-9 and a-f")
    return base64.urlsafe_b64encode(bytes.fromhex(digest)[:18]).decode("ascii")


def is_fixed(station: Station) -> bool:
    """Whether a station stays at its place."""
    return station.category == "41"


def specification(level: int, station: Station) -> str:
    """Return the object specification of a level at a station."""
    if level not in (0, 1, 2):
        raise OptionError(f"level {level!r} is none of 0, 1, 2")
    return SPECIFICATIONS[level, is_fixed(station)]


def station_of(attrs: Mapping[str, Any]) -> Station:
    """Find the station of the network that a dataset comes from."""
    for key in ("station", "call_sign", "platform_code", "platform_name"):
        word = str(attrs.get(key) or "").strip().lower()
        if not word:
            continue
        found = [one for one in stations() if word in _names(one)]
        if len(found) > 1:
            ids = ", ".join(one.id for one in found)
            raise ProcessingError(
                f"{key} {attrs[key]!r} is that of several stations: {ids}"
                " (platform file: station)"
            )
        if found:
            return found[0]
        if key == "station":
            break
    said = ", ".join(
        f"{key} {attrs[key]!r}"
        for key in ("station", "call_sign", "platform_code", "platform_name")
        if attrs.get(key)
    )
    raise ProcessingError(
        f"no station of the ICOS ocean network has {said or 'these attributes'}"
        " (platform file: station; `oceanco2 stations` lists them)"
    )


def _names(station: Station) -> set[str]:
    said = (station.id, station.url, station.name, station.call_sign)
    return {name.lower() for name in (*said, station.platform_code) if name}


def raw_metadata(
    file_name: str, digest: str, station: Station, interval: tuple[str, str]
) -> dict[str, Any]:
    """Return the metadata of a raw file (L0)."""
    start, stop = interval
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
    """How a table was made."""

    rows: int
    created: str
    comment: str = ""
    sources: tuple[str, ...] = ()


def table_metadata(
    new: PortalObject, station: Station, production: Production, version: Version
) -> dict[str, Any]:
    """Return the metadata of a table (L1 or L2)."""
    made: dict[str, Any] = {
        "creator": CREATOR,
        "contributors": [],
        "creationDate": production.created,
        "comment": production.comment,
    }
    if new.level == 2:
        made["sources"] = list(production.sources)
    references = {"duplicateFilenameAllowed": True, "partialUpload": version.partial}
    said = {
        "submitterId": SUBMITTER,
        "hashSum": new.digest,
        "fileName": new.file_name,
        "objectSpecification": specification(new.level, station),
        "specificInfo": {
            "station": station.url,
            "nRows": production.rows,
            "production": made,
        },
        "references": references,
    }
    if version.replaces:
        said["isNextVersionOf"] = list(version.replaces)
    return said


def faults_of(metadata: Mapping[str, Any], digest: str) -> list[str]:
    """Say what is wrong with the metadata of an object.

    Parameters
    ----------
    metadata : mapping
        As it would be registered.
    digest : str
        SHA-256 of the bytes that would be uploaded.

    Returns
    -------
    list of str
        Empty if the portal takes it.
    """
    keys = ("submitterId", "hashSum", "fileName", "objectSpecification")
    said = [f"{key} is missing" for key in keys if not metadata.get(key)]
    if metadata.get("hashSum") != digest:
        said.append("hashSum is not that of the file")
    kind = str(metadata.get("objectSpecification"))
    if kind not in SPECIFICATIONS.values():
        said.append(f"objectSpecification {kind!r} is none of an ocean station")
    about = metadata.get("specificInfo") or {}
    if about.get("station") not in {one.url for one in stations()}:
        said.append(f"station {about.get('station')!r} is not of the network")
    raw = kind == SPECIFICATIONS[0, False]
    said += _raw_faults(about) if raw else _table_faults(kind, about)
    for old in metadata.get("isNextVersionOf", []):
        if not _HASH.fullmatch(str(old)):
            said.append(f"isNextVersionOf {old!r} is no SHA-256")
    return said


def _raw_faults(about: Mapping[str, Any]) -> list[str]:
    said = [f"a raw file has no {k}" for k in ("nRows", "production") if k in about]
    interval = about.get("acquisitionInterval") or {}
    try:
        if moment(interval.get("start", "")) > moment(interval.get("stop", "")):
            said.append("acquisitionInterval stops before it starts")
    except ProcessingError as error:
        said.append(f"acquisitionInterval: {error}")
    return said


def _table_faults(kind: str, about: Mapping[str, Any]) -> list[str]:
    said = []
    if "acquisitionInterval" in about:
        said.append("a table has no acquisitionInterval")
    rows = about.get("nRows")
    if not isinstance(rows, int) or rows < 1:
        said.append(f"nRows {rows!r} is not a number of rows")
    made = about.get("production") or {}
    if made.get("creator") != CREATOR:
        said.append("production.creator is not the Ocean Thematic Centre")
    try:
        moment(made.get("creationDate", ""))
    except ProcessingError as error:
        said.append(f"production.creationDate: {error}")
    final = kind in (SPECIFICATIONS[2, False], SPECIFICATIONS[2, True])
    sources = made.get("sources")
    if final and not sources:
        said.append("production.sources: an L2 table names its raw files")
    if not final and sources is not None:
        said.append("production.sources: an L1 table names none")
    said += [f"source {s!r} is no SHA-256" for s in sources or () if not _hex(s)]
    return said


def _hex(text: object) -> bool:
    return bool(_HASH.fullmatch(str(text)))
