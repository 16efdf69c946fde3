"""Write excerpts of SOCAT files, in the format of SOCAT or as columns."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oceanco2.provenance import check_apart, whole_file
from oceanco2.socat.archive.excerpts import LinesWriter
from oceanco2.socat.archive.layout import CLOCK
from oceanco2.socat.archive.reading import ArchiveReading, open_reading, output_columns
from oceanco2.socat.archive.selection import selection
from oceanco2.socat.archive.store_reader import files_of
from oceanco2.socat.archive.store_writer import LINES, STORES, StoreWriter, suffix_of
from oceanco2.socat.columns import ArchiveColumn
from oceanco2.synthesis.streaming import Work, stream

Writer = LinesWriter | StoreWriter


@contextmanager
def writer(
    output: str | Path,
    reading: ArchiveReading,
    columns: Iterable[str] | None,
    added: Sequence[ArchiveColumn] = (),
) -> Iterator[Writer]:
    """Open a writer for an output file; writing is atomic."""
    suffix = suffix_of(output)
    names = output_columns(reading, columns)
    with whole_file(output) as temporary:
        path = temporary.with_suffix(suffix)
        output_writer: Writer
        if suffix in LINES:
            selected = None if columns is None else names
            output_writer = LinesWriter(path, reading, selected, added)
        else:
            output_writer = STORES[suffix](path, reading, names, added)
        try:
            yield output_writer
            output_writer.close()
        except BaseException:
            output_writer.abandon()
            raise
        if path != temporary:
            path.rename(temporary)


def transfer(
    reading: ArchiveReading, output_writer: Writer | None, work: Work | None = None
) -> Iterator[tuple[Any, Any]]:
    """Read chunk by chunk, write each chunk, and yield it."""
    for layout in reading.layouts:
        pieces = stream(
            layout, reading.counts, work, select=reading.chosen, **reading.options
        )
        for rows, result in pieces:
            if output_writer is not None:
                output_writer.add(rows, layout, result or {})
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
    **filters: Any,
) -> dict[str, Any]:
    """Write rows of SOCAT files to another file.

    Cells are copied unchanged into .tsv and .csv; a file without selection is copied
    byte by byte. Rows of PANGAEA are written in the formats of SOCAT.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files published by SOCAT or PANGAEA.
    output : str or Path
        File to write: .tsv, .csv, .nc, .parquet or .zarr.
    columns : iterable of str, optional
        Columns to write; all by default.
    strict : bool, default False
        Whether the first line with a problem is an error.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Encoding of texts; detected by default.
    workers : int, optional
        Number of threads; one per core by default.
    progress : bool, optional
        Whether to show a progress bar; on a terminal by default.
    **filters
        Conditions that select rows, as for `read_socat`.

    Returns
    -------
    dict
        Counts of the lines; ``problems`` lists those with problems.

    Raises
    ------
    OptionError
        If an option is invalid, or a library for the format is not installed.
    ReadError
        If a file cannot be read.
    OutputError
        If the output is one of the files, or cannot be written.
    """
    suffix = suffix_of(output)
    paths_read = files_of(paths)
    check_apart(paths_read, output)
    if isinstance(columns, str):
        columns = columns.split(",")
    columns = None if columns is None else list(columns)
    columns_read = columns
    if columns is not None and suffix in LINES:
        columns_read = [name for name in columns if name not in CLOCK]
    also = ["Expocode"] if suffix in LINES else []
    reading = open_reading(
        paths_read,
        columns_read,
        also=also,
        chosen=selection(**filters),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    with writer(output, reading, columns, ()) as output_writer:
        for _ in transfer(reading, output_writer):
            pass
    return reading.info()
