"""Excerpts of SOCAT's files, in SOCAT's own format or as columns."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oceanco2.provenance import check_apart, whole_file
from oceanco2.socat_format import Column
from oceanco2.synthesis.layout import CLOCK
from oceanco2.synthesis.lines import LinesWriter
from oceanco2.synthesis.reading import Reading, open_reading, shown
from oceanco2.synthesis.selecting import selection
from oceanco2.synthesis.stored import files_of
from oceanco2.synthesis.stores import LINES, STORES, StoreWriter, suffix_of
from oceanco2.synthesis.streaming import Work, stream

Writer = LinesWriter | StoreWriter


@contextmanager
def writer(
    output: str | Path,
    reading: Reading,
    columns: Iterable[str] | None,
    added: Sequence[Column] = (),
) -> Iterator[Writer]:
    """Give the writer of a file; the file is whole, or it is not there."""
    suffix = suffix_of(output)
    names = shown(reading, columns)
    with whole_file(output) as temporary:
        path = temporary.with_suffix(suffix)
        made: Writer
        if suffix in LINES:
            wanted = None if columns is None else names
            made = LinesWriter(path, reading, wanted, added)
        else:
            made = STORES[suffix](path, reading, names, added)
        try:
            yield made
            made.close()
        except BaseException:
            made.abandon()
            raise
        if path != temporary:
            path.rename(temporary)


def transfer(
    reading: Reading, made: Writer | None, work: Work | None = None
) -> Iterator[tuple[Any, Any]]:
    """Read pieces, and write them as they come."""
    for layout in reading.layouts:
        pieces = stream(
            layout, reading.tally, work, select=reading.chosen, **reading.options
        )
        for rows, result in pieces:
            if made is not None:
                made.add(rows, layout, result or {})
            yield rows, result


def excerpt(
    paths: str | Path | Iterable[str | Path],
    output: str | Path,
    columns: Iterable[str] | None = None,
    *,
    strict: bool = False,
    encoding: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    **wanted: Any,
) -> dict[str, Any]:
    """Write rows of SOCAT's files to another file.

    Cells go into .tsv and .csv as they are printed in the file; a whole file comes out
    byte by byte. Rows of PANGAEA are printed in SOCAT's formats.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files that SOCAT or PANGAEA give out.
    output : str or Path
        File to write: .tsv, .csv, .nc, .parquet or .zarr.
    columns : iterable of str, optional
        Columns to write; all by default.
    strict : bool, default False
        Whether the first odd line is an error.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Of texts; found out by default.
    workers : int, optional
        Threads; one for each core by default.
    progress : bool, optional
        Whether to show a bar; on a terminal by default.
    **wanted
        Rows to take, as for `read_socat`.

    Returns
    -------
    dict
        What became of the lines; ``problems`` lists the odd ones.

    Raises
    ------
    OptionError
        If an option cannot be, or what a format needs is not installed.
    ReadError
        If a file cannot be read.
    OutputError
        If the output is one of the files, or cannot be written.
    """
    suffix = suffix_of(output)
    given = files_of(paths)
    check_apart(given, output)
    if isinstance(columns, str):
        columns = columns.split(",")
    columns = None if columns is None else list(columns)
    read = None if columns is None else [c for c in columns if c not in CLOCK]
    if columns is not None and suffix not in LINES:
        read = columns
    also = ["Expocode"] if suffix in LINES else []
    reading = open_reading(
        given,
        read,
        also=also,
        chosen=selection(**wanted),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    with writer(output, reading, columns, ()) as made:
        for _ in transfer(reading, made):
            pass
    return reading.info()
