"""Write a dataset to a file; writing is atomic."""

from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2.datasets import check_dataset, check_flags_recorded, whole_numbers
from oceanco2.errors import OutputError
from oceanco2.export.exporter import Format
from oceanco2.export.formats.copernicus import write_copernicus
from oceanco2.export.formats.erddap import write_erddap
from oceanco2.export.formats.mapco2 import mapco2_table, write_mapco2
from oceanco2.export.formats.netcdf import SUFFIXES, open_dataset
from oceanco2.export.formats.oceansites import write_oceansites
from oceanco2.files import check_suffix, digest
from oceanco2.registry import FORMATS

__all__ = [
    "FORMATS",
    "Format",
    "mapco2_table",
    "open_dataset",
    "write",
    "write_copernicus",
    "write_erddap",
    "write_mapco2",
    "write_oceansites",
]


#: Suffixes that say the same as the one of a format.
_SUFFIXES = {
    ".nc": SUFFIXES,
    ".tsv": (".tsv", ".txt", ".tab", ".csv"),  # csv with the separator comma
    ".csv": (".csv", ".txt"),
}


def _check_no_source(ds: xr.Dataset, path: Path) -> None:
    """Raise OutputError if a file is one that the dataset was made from."""
    if not path.is_file():
        return
    digests = {*ds.attrs.get("source_files_sha256", ())}
    digests.add(ds.attrs.get("platform_file_sha256", ""))
    if digest(path.read_bytes()) in digests:
        raise OutputError(f"{path}: the dataset was made from it; choose another file")


def write(
    ds: xr.Dataset,
    path: str | Path,
    format: str = "netcdf",  # noqa: A002 (what users type)
    **options: Any,
) -> Path:
    """Write a dataset to a file.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of `oceanco2.process` or of any processing step.
    path : str or Path
        The file, or the folder for formats with several files. It is replaced in one
        step; no partial file is left.
    format : str, default "netcdf"
        Name of a format in ``FORMATS``.
    **options : Any
        Options of the format; for ``socat`` the fields of `UploadOptions`.

    Returns
    -------
    Path
        The file or folder written.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    OptionError
        If the format has no such option, or its value is invalid or of another type.
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If the file cannot be written.
    """
    entry = FORMATS[format]
    entry.check(options)
    check_dataset(ds)
    check_flags_recorded(ds)
    if entry.suffix != "/" and not Path(path).is_dir():
        allowed = _SUFFIXES.get(entry.suffix, (entry.suffix,))
        check_suffix(path, allowed, f"format {format!r}")
        _check_no_source(ds, Path(path))
    return entry.write(whole_numbers(ds), path, **options) or Path(path)
