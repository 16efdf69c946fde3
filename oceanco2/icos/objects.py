"""Objects of a package: manifest, index entries, and those of earlier packages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.files import reading
from oceanco2.icos.portal import (
    PortalObject,
    Production,
    Version,
    moment,
    object_id,
    raw_metadata,
    table_metadata,
)
from oceanco2.icos.table_check import IcosCheck
from oceanco2.platforms import Station
from oceanco2.provenance import now, package_version
from oceanco2.readers.sources import RawFile

#: The export option of the Ocean Thematic Centre, and the folder of the table.
OPTION = "ICOS OTC"


def manifest(
    ds: xr.Dataset,
    table: PortalObject,
    table_check: IcosCheck,
    intervals: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """Return the manifest of a package."""
    attrs = ds.attrs
    bounds = _bounds(ds)
    return {
        "manifest": {
            "metadata": {
                "name": PurePosixPath(table.file_name).stem,
                "start": table_check.start,
                "end": table_check.stop,
                "platformCode": attrs.get("platform_code", ""),
                "platformName": attrs.get("platform_name", ""),
                "instrumentName": attrs.get("platform_file", ""),
                "nrt": table.level == 1,
                "last_touched": now(),
                "comments": attrs.get("comment", ""),
                "bounds": bounds,
                "quince_information": f"made by oceanco2 {package_version()}",
            },
            "calibrations": _calibrations(ds),
            "exportFiles": {
                OPTION: {
                    "filename": table.file_name,
                    "records": table_check.rows,
                    "validStartDate": table_check.start,
                    "validEndDate": table_check.stop,
                    "validBounds": bounds,
                }
            },
            "raw": [
                {"filename": name, "start": start, "end": stop}
                for name, (start, stop) in intervals.items()
            ],
        }
    }


def _bounds(ds: xr.Dataset) -> dict[str, float]:
    lat, lon = (ds[name].to_numpy() for name in ("latitude", "longitude"))
    is_valid = (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
    if "position_flag" in ds:
        is_valid &= ds["position_flag"].to_numpy() != 4
    if not is_valid.any():
        return {}
    lon = (lon[is_valid] + 180) % 360 - 180
    bounds = (lat[is_valid].min(), lat[is_valid].max(), lon.min(), lon.max())
    keys = ("south", "north", "west", "east")
    return {
        key: round(float(value), 6) for key, value in zip(keys, bounds, strict=True)
    }


def _calibrations(ds: xr.Dataset) -> dict[str, Any]:
    sensors = {
        str(name): str(ds[name].attrs["sensor"])
        for name in ds.data_vars
        if ds[name].attrs.get("sensor")
    }
    standards: list[float] = []
    if "standard_run_true" in ds:
        true = np.unique(ds["standard_run_true"].to_numpy())
        standards = [round(float(x), 4) for x in true[np.isfinite(true)]]
    options = json.loads(ds.attrs.get("options", "{}"))
    return {
        "sensorCalibrations": sensors,
        "externalStandards": standards,
        "calculationCoefficients": options.get("calibration", {}),
    }


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a package, as listed in its index."""

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

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as a dictionary for JSON."""
        return asdict(self)


def raw_entry(file: RawFile, station: Station, *, start: str, stop: str) -> Entry:
    """Return the entry of a raw file."""
    return Entry(
        file.name,
        file.digest,
        object_id(file.digest),
        0,
        start,
        stop,
        [],
        f"raw/{file.name}",
        f"metadata/{file.name}.json",
        raw_metadata(file.name, file.digest, station, start=start, stop=stop),
    )


def table_entry(
    table: PortalObject,
    station: Station,
    table_check: IcosCheck,
    version: Version,
    files: Iterable[RawFile],
) -> Entry:
    """Return the entry of a table."""
    production = Production(
        table_check.rows,
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


def partial_entries(siblings: Iterable[PortalObject]) -> list[Entry]:
    """Return entries of objects at the portal that become partial uploads."""
    entries = []
    for sibling in siblings:
        if sibling.metadata is None:
            raise ProcessingError(
                f"{sibling.file_name} replaces part of the same object and must become"
                " partial, too: the list of previous objects lacks its 'metadata'"
            )
        references = dict(sibling.metadata.get("references", {})) | {
            "partialUpload": True
        }
        metadata = dict(sibling.metadata) | {"references": references}
        entries.append(
            Entry(
                sibling.file_name,
                sibling.digest,
                object_id(sibling.digest),
                sibling.level,
                sibling.start,
                sibling.stop,
                list(sibling.replaces),
                None,
                f"metadata/again_{sibling.digest[:12]}_{sibling.file_name}.json",
                metadata,
            )
        )
    return entries


def earlier_objects(previous: Iterable[str | Path]) -> list[PortalObject]:
    """Read the tables that are already at the portal."""
    objects: dict[str, PortalObject] = {}
    for path in map(Path, previous):
        for number, entry in enumerate(_entries(path), 1):
            portal_object = _previous(entry, f"{path}: object {number}")
            if portal_object is not None:
                objects[portal_object.digest] = (
                    portal_object  # later lists take precedence
                )
    return list(objects.values())


def _entries(path: Path) -> list[Any]:
    with reading(path, "a list of objects", (ValueError,)):
        content = json.loads(path.read_text(encoding="utf-8"))
    entries = content.get("objects") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise ReadError(f"{path}: contains neither a list of objects nor 'objects'")
    return entries


def _previous(entry: Any, where: str) -> PortalObject | None:
    needed = ("fileName", "hashSum", "level", "start", "stop")
    missing = [key for key in needed if not isinstance(entry, dict) or key not in entry]
    if missing:
        raise ReadError(f"{where}: lacks {', '.join(missing)}")
    if entry["level"] not in (0, 1, 2):
        raise ReadError(
            f"{where}: level must be one of 0, 1, 2, not {entry['level']!r}"
        )
    if entry["level"] == 0:
        return None
    try:
        object_id(str(entry["hashSum"]))
        if moment(entry["start"]) > moment(entry["stop"]):
            raise ReadError(f"{where}: stop is before start")
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
