"""Room 1: raw files to canonical variables. The only room that knows raw columns.

To add a format, write one module with one function under the decorator `reader` and
import it here; `READERS` lists what there is.
"""

import warnings
from collections.abc import Iterable
from pathlib import Path

import xarray as xr

from oceanco2.errors import DataWarning
from oceanco2.platforms import Platform
from oceanco2.readers import (
    asvco2,
    contros,
    delimited,
    general_oceanics,
    mapco2,
    mapco2_csv,
    netcdf,
    pangaea,
    pro_oceanus,
    saildrone,
    sami,
    seabird,
    socat_tables,
    spreadsheet,
    subctech,
)
from oceanco2.readers.draft import draft_platform, guessed_platform
from oceanco2.readers.entries import READERS, Reader, reader
from oceanco2.readers.sources import assign, find
from oceanco2.readers.stream import read_stream

__all__ = [
    "READERS",
    "Reader",
    "asvco2",
    "contros",
    "delimited",
    "draft_platform",
    "general_oceanics",
    "guessed_platform",
    "mapco2",
    "mapco2_csv",
    "netcdf",
    "pangaea",
    "pro_oceanus",
    "read",
    "reader",
    "saildrone",
    "sami",
    "seabird",
    "socat_tables",
    "spreadsheet",
    "subctech",
]


def read(
    platform: Platform, paths: str | Path | Iterable[str | Path]
) -> dict[str, xr.Dataset]:
    """Read raw files into one dataset per stream.

    Parameters
    ----------
    platform : Platform
        Says which reader, which columns and which units.
    paths : str, Path or iterable of them
        Files, globs, folders or zips, in any order; doublets and overlaps are dropped.

    Returns
    -------
    dict of str to xarray.Dataset
        For every ``[files.*]`` table its variables along ``time``, in canonical units,
        with ``source_file`` and ``source_row`` of each row, ``damaged``, and
        ``run_type``, ``run_label`` and ``standard`` where the files have run types. A
        table that no file was found for is absent if fCO2 does not depend on it.

    Raises
    ------
    ReadError
        If a file is not what its definition says; one line naming file and reason.
    OptionError
        If a reader has no such option.

    Warns
    -----
    DataWarning
        For rows that could not be used and other doubts.
    """
    chosen = [paths] if isinstance(paths, str | Path) else paths
    given, doubts = assign(platform, find(chosen))
    streams = {}
    for name, sources in given.items():
        streams[name], more = read_stream(platform, name, sources)
        doubts += more
    for doubt in doubts:
        warnings.warn(doubt, DataWarning, stacklevel=2)
    return streams
