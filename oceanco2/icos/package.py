"""Packages for the ICOS Carbon Portal: raw files, table, manifest, metadata.

A package is a folder or a zip, written and checked without network access::

    <name>/dataset/ICOS OTC/<file>.csv    the table, L1 or L2
    <name>/raw/...                        the raw files of the table (L0)
    <name>/manifest.json                  contents of the package
    <name>/metadata/....json              metadata to be registered for each object
    <name>/objects.json                   the objects in the order of upload

``objects.json`` of earlier packages tells which objects a new one replaces.
"""

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.datasets import check_dataset, check_flags_recorded
from oceanco2.errors import OptionError, ProcessingError
from oceanco2.files import digest, json_text, writing, writing_folder
from oceanco2.icos.objects import (
    OPTION,
    earlier_objects,
    manifest,
    partial_entries,
    raw_entry,
    table_entry,
)
from oceanco2.icos.package_check import INDEX, MANIFEST
from oceanco2.icos.portal import PortalObject, Version, is_fixed, station_of, version_of
from oceanco2.icos.table_check import IcosCheck, check_icos
from oceanco2.icos.tables import icos_file_name, icos_table
from oceanco2.readers.sources import RawFile, find_sources


@dataclass(frozen=True, slots=True)
class Package:
    """A package in memory.

    Attributes
    ----------
    name : str
        Name of its folder: that of the table without the suffix.
    files : mapping of str to bytes
        Path inside the package to content.
    check : IcosCheck
        Result of the checks of the table.
    version : Version
        Objects that the table replaces.
    """

    name: str
    files: Mapping[str, bytes]
    check: IcosCheck
    version: Version

    def write(self, path: str | Path) -> Path:
        """Write the package to a new folder or a zip.

        Parameters
        ----------
        path : str or Path
            A file ending with ``.zip``, or a folder that is empty or does not exist.

        Returns
        -------
        Path
            The given path.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() == ".zip":
            with writing(path) as temporary:
                self._zip(temporary)
            return path
        with writing_folder(path, empty=True) as folder:
            for name, content in self.files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
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
        The raw files of the dataset: files, globs, folders or zips. All of them and
        no others, identified by SHA-256.
    level : {1, 2}
        1: near real time, automatic flags; 2: final.
    previous : iterable of str or Path, optional
        ``objects.json`` of earlier packages, or lists of objects like those in it.
    undecided : {"accept", "refuse"}, optional
        Flagged values without a manual decision; refused in L2 by default, accepted
        in L1.

    Returns
    -------
    Package
        A package that passes the checks of the portal.

    Raises
    ------
    OptionError
        If an option has an invalid value.
    ProcessingError
        If the dataset, the raw files or the versions are not valid for a package.
    ReadError
        If a raw file or a list of objects cannot be read.
    """
    if level not in (1, 2):
        raise OptionError(f"level must be 1 or 2, not {level!r}")
    check_dataset(ds)
    check_flags_recorded(ds)
    station = station_of(ds.attrs)
    files = _raw_files(ds, raw)
    name = icos_file_name(ds, level)
    decision = undecided or ("refuse" if level == 2 else "accept")
    content = icos_table(ds, level, undecided=decision)
    table_check = check_icos(content, fixed_station=is_fixed(station))
    if table_check.refusals:
        raise ProcessingError(
            f"{name}: the portal would reject it: {table_check.refusals[0]}"
        )
    table = PortalObject(
        name, digest(content), level, table_check.start, table_check.stop
    )
    version = version_of(table, earlier_objects(previous))
    intervals = {file.name: _time_interval(ds, file, table_check) for file in files}
    entries = []
    for file in files:
        start, stop = intervals[file.name]
        entries.append(raw_entry(file, station, start=start, stop=stop))
    entries.append(table_entry(table, station, table_check, version, files))
    entries += partial_entries(version.siblings)
    package_files = {f"dataset/{OPTION}/{name}": content}
    package_files |= {f"raw/{file.name}": file.content for file in files}
    package_files[MANIFEST] = _json(manifest(ds, table, table_check, intervals))
    package_files |= {entry.metadataFile: _json(entry.metadata) for entry in entries}
    package_files[INDEX] = _json({"objects": [entry.to_dict() for entry in entries]})
    return Package(PurePosixPath(name).stem, package_files, table_check, version)


def _json(content: Any) -> bytes:
    return f"{json_text(content, ensure_ascii=False)}\n".encode()


def _raw_files(ds: xr.Dataset, raw: Iterable[str | Path]) -> list[RawFile]:
    """Load the raw files and compare them with those of the dataset."""
    required = dict(
        zip(
            ds.attrs.get("source_files_sha256", []),
            ds.attrs.get("source_files", []),
            strict=True,
        )
    )
    if not required:
        raise ProcessingError(
            "the dataset does not name the raw files it was processed from"
        )
    files = {}
    unexpected = []
    for source in find_sources(raw):
        file = source.load()
        if file.digest in required:
            files[file.digest] = file
        else:
            unexpected.append((source.explicit, file.name))
    missing = [name for sha, name in required.items() if sha not in files]
    unexpected_named = [name for explicit, name in unexpected if explicit]
    if unexpected_named:
        raise ProcessingError(
            f"{unexpected_named[0]} is not a raw file of the dataset, or has changed"
            " since it was processed"
        )
    if missing:
        suffix = f" ({len(missing) - 1} more)" if len(missing) > 1 else ""
        raise ProcessingError(
            f"{missing[0]}, a raw file of the dataset, is missing or has changed"
            f" since it was processed{suffix}"
        )
    selected = [files[sha] for sha in required]
    selected.sort(key=lambda file: file.name)
    for first, second in pairwise(selected):
        if first.name == second.name:
            raise ProcessingError(f"two raw files have the name {first.name}")
    return selected


def _time_interval(
    ds: xr.Dataset, file: RawFile, table_check: IcosCheck
) -> tuple[str, str]:
    """First and last time of a raw file; those of the table if it has no rows."""
    index = list(ds.attrs["source_files_sha256"]).index(file.digest)
    if "source_file" in ds:
        time = ds["time"].to_numpy()[ds["source_file"].to_numpy() == index]
        time = time[~np.isnat(time)].astype("datetime64[ms]")
        if time.size:
            return f"{time.min()}Z", f"{time.max()}Z"
    return table_check.start, table_check.stop
