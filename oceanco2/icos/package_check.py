"""Check a package, and list the objects that an upload sends."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.files import digest, reading
from oceanco2.icos.portal import SPECIFICATIONS, object_id, portal_faults
from oceanco2.icos.portal_upload import Parcel
from oceanco2.icos.table_check import check_icos

INDEX, MANIFEST = "objects.json", "manifest.json"
_FIXED = {url for (level, fixed), url in SPECIFICATIONS.items() if fixed and level > 0}


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """Result of the check of a package.

    Attributes
    ----------
    objects : int
        Number of objects in the package.
    faults : tuple of str
        One line for each fault, with its file; empty if it can be uploaded.
    """

    objects: int
    faults: tuple[str, ...]


class _PackageFiles:
    """Files of a package, in a folder or a zip."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            files = [p for p in path.rglob("*") if p.is_file()]
            self.names = {p.relative_to(path).as_posix() for p in files}
            self.prefix = ""
            return
        with (
            reading(path, "a package", (zipfile.BadZipFile,)),
            zipfile.ZipFile(path) as archive,
        ):
            members = [i.filename for i in archive.infolist() if not i.is_dir()]
        tops = {name.partition("/")[0] for name in members}
        self.prefix = f"{tops.pop()}/" if len(tops) == 1 else ""
        self.names = {name.removeprefix(self.prefix) for name in members}

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        with reading(f"{self.path}: {name}", also=(KeyError, zipfile.BadZipFile)):
            if self.path.is_dir():
                return (self.path / name).read_bytes()
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(self.prefix + name)

    def table(self, name: str) -> dict[str, Any]:
        """Return a JSON object."""
        try:
            table = json.loads(self.read(name))
        except ValueError as error:
            raise ReadError(f"{self.path}: {name} is not JSON: {error}") from None
        if not isinstance(table, dict):
            raise ReadError(f"{self.path}: {name} is not a JSON object")
        return table


def check_package(path: str | Path) -> PackageCheck:
    """Check a package: files, hashes, metadata, table.

    Parameters
    ----------
    path : str or Path
        Folder or zip.

    Returns
    -------
    PackageCheck
        All faults.

    Raises
    ------
    ReadError
        If it is not a package, or its index cannot be read.
    """
    store = _PackageFiles(Path(path))
    if INDEX not in store.names:
        raise ReadError(
            f"{path}: is not a package of oceanco2: there is no {INDEX} in it"
        )
    objects = store.table(INDEX).get("objects", [])
    faults: list[str] = []
    hashes = [o.get("hashSum") for o in objects if o.get("level") == 0]
    for entry in objects:
        name = entry.get("path") or entry.get("metadataFile") or "an object"
        try:
            faults += [
                f"{name}: {text}" for text in _object_faults(store, entry, hashes)
            ]
        except (ReadError, ProcessingError) as error:
            faults.append(str(error))
    listed = {entry.get("path") for entry in objects}
    data_files = [n for n in store.names if n.startswith(("raw/", "dataset/"))]
    faults += [f"{n}: not in {INDEX}" for n in sorted(data_files) if n not in listed]
    if MANIFEST not in store.names:
        faults.append(f"{MANIFEST}: missing")
    else:
        faults += _manifest_faults(store.table(MANIFEST), objects)
    return PackageCheck(len(objects), tuple(faults))


def _object_faults(
    store: _PackageFiles, entry: Mapping[str, Any], hashes: list[str]
) -> list[str]:
    metadata = entry["metadata"]
    faults = []
    if store.table(entry["metadataFile"]) != metadata:
        faults.append(f"{entry['metadataFile']} differs from {INDEX}")
    if entry["path"] is None:  # at the portal already
        return faults + portal_faults(metadata, entry["hashSum"])
    content = store.read(entry["path"])
    sha = digest(content)
    faults += portal_faults(metadata, sha)
    if entry["id"] != object_id(sha):
        faults.append("id is not that of the file")
    if entry["level"] > 0:
        faults += _table_faults(content, metadata, hashes)
    return faults


def _table_faults(
    content: bytes, metadata: Mapping[str, Any], hashes: list[str]
) -> list[str]:
    fixed = metadata["objectSpecification"] in _FIXED
    table_check = check_icos(content, fixed_station=fixed)
    faults = [str(refusal) for refusal in table_check.refusals]
    info = metadata.get("specificInfo", {})
    if info.get("nRows") != table_check.rows:
        faults.append(f"nRows is {info.get('nRows')}, the table has {table_check.rows}")
    sources = info.get("production", {}).get("sources")
    if sources is not None and sorted(sources) != sorted(hashes):
        faults.append("production.sources are not the raw files of the package")
    return faults


def _manifest_faults(
    content: Mapping[str, Any], objects: list[Mapping[str, Any]]
) -> list[str]:
    manifest = content.get("manifest", {})
    raw = {entry.get("filename") for entry in manifest.get("raw", [])}
    files = {o["fileName"] for o in objects if o.get("level") == 0}
    faults = []
    if raw != files:
        faults.append(f"{MANIFEST}: its raw files are not those of {INDEX}")
    names = {e.get("filename") for e in manifest.get("exportFiles", {}).values()}
    tables = {o["fileName"] for o in objects if o.get("level") and o.get("path")}
    if names != tables:
        faults.append(f"{MANIFEST}: its export files are not those of {INDEX}")
    return faults


def parcels_of(path: str | Path) -> list[Parcel]:
    """Return the objects that an upload of a package sends, in order.

    Parameters
    ----------
    path : str or Path
        Folder or zip.

    Returns
    -------
    list of Parcel
        Raw files first; bytes are read when they are sent.

    Raises
    ------
    ReadError
        If it is not a package.
    ProcessingError
        If the package has faults: nothing is sent then.
    """
    check = check_package(path)
    if check.faults:
        others = len(check.faults) - 1
        raise ProcessingError(
            f"{path}: {check.faults[0]}{f' ({others} more)' if others else ''}"
        )
    store = _PackageFiles(Path(path))
    return [
        Parcel(
            entry["metadata"],
            partial(store.read, entry["path"]) if entry["path"] else None,
        )
        for entry in store.table(INDEX)["objects"]
    ]
