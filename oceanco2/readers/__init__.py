"""Read raw files into canonical variables; only this package knows raw columns.

To add a format, write one module in `formats` with one function under the decorator
`reader`; `READERS` finds it.
"""

import warnings
from collections.abc import Iterable
from pathlib import Path

import xarray as xr

from oceanco2.errors import DataWarning
from oceanco2.platforms import Platform
from oceanco2.readers.draft import draft_platform, guessed_platform
from oceanco2.readers.reader import READERS, Reader, reader
from oceanco2.readers.sources import assign_sources, find_sources
from oceanco2.readers.stream import read_stream

__all__ = ["READERS", "Reader", "draft_platform", "guessed_platform", "read", "reader"]


def read(
    platform: Platform,
    paths: str | Path | Iterable[str | Path],
    *,
    in_order: bool = False,
) -> dict[str, xr.Dataset]:
    """Read raw files into one dataset per stream.

    Parameters
    ----------
    platform : Platform
        Names the reader, columns and units of each kind of file.
    paths : str, Path or iterable of them
        Files, globs, folders or zips in any order; duplicate files and rows are
        dropped.
    in_order : bool, default False
        Keep every row in the order of the files; their times, which need not be
        readable, are then numbers of rows since 1970.

    Returns
    -------
    dict of str to xarray.Dataset
        For every ``[files.*]`` table its variables along ``time``, in canonical units,
        with ``source_file`` and ``source_row`` of each row, ``damaged``, and
        ``run_type``, ``run_label`` and ``standard`` where the files have run types. A
        table without a file is absent if fCO2 does not depend on it.

    Raises
    ------
    ReadError
        If a file does not match its definition; the message names file and reason.
    OptionError
        If a reader has no such option.

    Warns
    -----
    DataWarning
        For rows that could not be used and other problems in the files.
    """
    path_list = [paths] if isinstance(paths, str | Path) else paths
    assigned, messages = assign_sources(platform, find_sources(path_list))
    streams = {}
    for name, sources in assigned.items():
        streams[name], stream_messages = read_stream(
            platform, name, sources, in_order=in_order
        )
        messages += stream_messages
    for message in messages:
        warnings.warn(message, DataWarning, stacklevel=2)
    return streams
