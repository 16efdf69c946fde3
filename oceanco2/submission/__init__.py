"""Packages for the ICOS Carbon Portal: raw files, table, manifest, metadata.

A package is a folder or a zip, made and checked without a network::

    <name>/dataset/ICOS OTC/<file>.csv    the table, L1 or L2
    <name>/raw/...                        the raw files it was made from (L0)
    <name>/manifest.json                  what they hold
    <name>/metadata/....json              what is registered for each object
    <name>/objects.json                   the objects in the order of upload

``objects.json`` of earlier packages tells a later one what it replaces.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, OutputError, ProcessingError
from oceanco2.export import IcosCheck, check_icos, icos_file_name, icos_table
from oceanco2.metadata.carbon_portal import is_fixed, station_of
from oceanco2.metadata.portal_versions import PortalObject, Version, version_of
from oceanco2.provenance import digest, whole_file, whole_folder
from oceanco2.readers.sources import RawFile, find
from oceanco2.submission.checking import (
    INDEX,
    MANIFEST,
    PackageCheck,
    check_package,
    parcels_of,
)
from oceanco2.submission.manifest import OPTION, manifest
from oceanco2.submission.objects import (
    again,
    earlier_objects,
    raw_entry,
    table_entry,
)

__all__ = ["Package", "PackageCheck", "check_package", "icos_package", "parcels_of"]


@dataclass(frozen=True, slots=True)
class Package:
    """A package in memory.

    Attributes
    ----------
    name : str
        Of its folder: that of the table without the suffix.
    files : mapping of str to bytes
        Path inside the package to content.
    check : IcosCheck
        What the portal says of the table.
    version : Version
        What the table replaces.
    """

    name: str
    files: Mapping[str, bytes]
    check: IcosCheck
    version: Version

    def write(self, path: str | Path) -> Path:
        """Write it to a new folder, or to a zip.

        Parameters
        ----------
        path : str or Path
            Ends with ``.zip``, or is a folder that is empty or not there.

        Returns
        -------
        Path
            The same.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() == ".zip":
            with whole_file(path) as temporary:
                self._zip(temporary)
            return path
        with whole_folder(path, empty=True) as folder:
            for name, content in self.files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    target.write_bytes(content)
                except OSError as error:
                    said = f"{path}: cannot be written: {error.strerror}"
                    raise OutputError(said) from None
        return path

    def _zip(self, path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                info = zipfile.ZipInfo(f"{self.name}/{name}")  # 1980: same bytes
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, content)


def icos_package(
    ds: xr.Dataset,
    raw: Iterable[str | Path],
    *,
    level: int,
    previous: Iterable[str | Path] = (),
    undecided: str | None = None,
) -> Package:
    """Make a package for the Carbon Portal.

    Parameters
    ----------
    ds : xarray.Dataset
        Processed and flagged dataset of a station of the network.
    raw : iterable of str or Path
        The raw files that it was made from: files, globs, folders or zips. All of
        them, and no others, by their SHA-256.
    level : {1, 2}
        1: near real time, automatic flags; 2: final.
    previous : iterable of str or Path, optional
        ``objects.json`` of earlier packages, or lists of objects like those in it.
    undecided : {"accept", "refuse"}, optional
        Doubts that no person has judged; refused in L2 by default, accepted in L1.

    Returns
    -------
    Package
        Checked by the rules of the portal.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.
    ProcessingError
        If the dataset, the raw files or the versions do not allow it.
    ReadError
        If a raw file or a list of objects cannot be read.
    """
    if level not in (1, 2):
        raise OptionError(f"level {level!r} is none of 1, 2")
    station = station_of(ds.attrs)
    files = _raw_files(ds, raw)
    name = icos_file_name(ds, level)
    how = undecided or ("refuse" if level == 2 else "accept")
    content = icos_table(ds, level, undecided=how)
    found = check_icos(content, fixed_station=is_fixed(station))
    if found.refusals:
        raise ProcessingError(
            f"{name}: the portal would refuse it: {found.refusals[0]}"
        )
    table = PortalObject(name, digest(content), level, found.start, found.stop)
    version = version_of(table, earlier_objects(previous))
    intervals = {file.name: _interval(ds, file, found) for file in files}
    entries = [raw_entry(file, station, intervals[file.name]) for file in files]
    entries.append(table_entry(table, station, found, version, files))
    entries += again(version.siblings)
    inside = {f"dataset/{OPTION}/{name}": content}
    inside |= {f"raw/{file.name}": file.content for file in files}
    inside[MANIFEST] = _json(manifest(ds, table, found, intervals))
    inside |= {entry.metadataFile: _json(entry.metadata) for entry in entries}
    inside[INDEX] = _json({"objects": [entry.plain() for entry in entries]})
    return Package(PurePosixPath(name).stem, inside, found, version)


def _json(content: Any) -> bytes:
    return f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode()


def _raw_files(ds: xr.Dataset, raw: Iterable[str | Path]) -> list[RawFile]:
    """Load the raw files; they must be those of the dataset."""
    wanted = dict(
        zip(
            ds.attrs.get("source_files_sha256", []),
            ds.attrs.get("source_files", []),
            strict=True,
        )
    )
    if not wanted:
        raise ProcessingError(
            "the dataset does not name the raw files it was made from"
        )
    files = {}
    others = []
    for source in find(raw):
        file = source.load()
        if file.digest in wanted:
            files[file.digest] = file
        else:
            others.append((source.explicit, file.name))
    missing = [name for sha, name in wanted.items() if sha not in files]
    named = [name for explicit, name in others if explicit]
    if named:
        raise ProcessingError(
            f"{named[0]} is not one of the raw files of the dataset, or has changed"
            " since it was processed"
        )
    if missing:
        more = f" ({len(missing) - 1} more)" if len(missing) > 1 else ""
        raise ProcessingError(
            f"{missing[0]}, a raw file of the dataset, was not given or has changed"
            f" since it was processed{more}"
        )
    chosen = [files[sha] for sha in wanted]
    chosen.sort(key=lambda file: file.name)
    for one, other in pairwise(chosen):
        if one.name == other.name:
            raise ProcessingError(f"two raw files have the name {one.name}")
    return chosen


def _interval(ds: xr.Dataset, file: RawFile, found: IcosCheck) -> tuple[str, str]:
    """First and last time of a raw file; of the table where rows do not tell."""
    place = list(ds.attrs["source_files_sha256"]).index(file.digest)
    if "source_file" in ds:
        time = ds["time"].to_numpy()[ds["source_file"].to_numpy() == place]
        time = time[~np.isnat(time)].astype("datetime64[ms]")
        if time.size:
            return f"{time.min()}Z", f"{time.max()}Z"
    return found.start, found.stop
