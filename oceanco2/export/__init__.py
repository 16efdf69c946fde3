"""Write a dataset to a file; writing is atomic."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.export.data_report import write_report
from oceanco2.export.exporter import EXPORTERS, Exporter
from oceanco2.export.formats.copernicus import write_copernicus
from oceanco2.export.formats.erddap import write_erddap
from oceanco2.export.formats.mapco2 import mapco2_table, write_mapco2
from oceanco2.export.formats.netcdf import open_dataset, write_netcdf
from oceanco2.export.formats.oceansites import write_oceansites
from oceanco2.export.socat import socat_upload, write_socat
from oceanco2.socat.upload.options import UploadOptions

__all__ = [
    "EXPORTERS",
    "Exporter",
    "mapco2_table",
    "open_dataset",
    "socat_upload",
    "write",
    "write_copernicus",
    "write_erddap",
    "write_mapco2",
    "write_oceansites",
    "write_report",
]


EXPORTERS.add(
    "netcdf",
    Exporter(
        write_netcdf,
        "complete dataset, CF-1.11 and ACDD-1.3 netCDF",
        ".nc",
        "https://cfconventions.org",
    ),
)
EXPORTERS.add(
    "socat",
    Exporter(
        write_socat,
        "upload file for SOCAT, text",
        ".tsv",
        "doi:10.5194/essd-8-383-2016",
        tuple(field.name for field in fields(UploadOptions)),
    ),
)


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
        Name of a format in ``EXPORTERS``.
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
        If the format has no such option, or its value is invalid.
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If the file cannot be written.
    """
    exporter = EXPORTERS[format]
    for name in options:
        if name not in exporter.options:
            available = ", ".join(exporter.options) or "none"
            hint = did_you_mean(name, exporter.options)
            raise OptionError(
                f"format {format!r} has no option {name!r}.{hint}"
                f" Available: {available}."
            )
    return exporter.write(ds, path, **options) or Path(path)
