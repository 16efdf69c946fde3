"""Room 1: raw files to canonical variables. The only room that knows raw columns.

To add a format, write one module that registers a `Reader` in `READERS`.
"""

import warnings
from collections.abc import Iterable
from pathlib import Path

import xarray as xr

from oceanco2.errors import DataWarning
from oceanco2.platforms import Platform
from oceanco2.readers import delimited, general_oceanics
from oceanco2.readers.entries import READERS, Reader
from oceanco2.readers.sources import assign, find
from oceanco2.readers.stream import read_stream

__all__ = ["READERS", "Reader", "delimited", "general_oceanics", "read"]


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
        with ``run_type``, ``source_file`` and ``source_row`` of each row.

    Raises
    ------
    ReadError
        If a file is not what its definition says; one line naming file and reason.

    Warns
    -----
    DataWarning
        For rows that could not be used and other doubts.
    """
    chosen = [paths] if isinstance(paths, str | Path) else paths
    streams = {}
    for name, sources in assign(platform, find(chosen)).items():
        streams[name] = read_stream(platform, name, sources)
        for doubt in streams[name].attrs["doubts"]:
            warnings.warn(doubt, DataWarning, stacklevel=2)
    return streams
