"""Read SOCAT files as one table or in chunks."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.errors import DataWarning, OptionError
from oceanco2.socat.archive.layout import Layout, canonical, lay_out
from oceanco2.socat.archive.parsing import KEPT, LineCounts, Work, stream
from oceanco2.socat.archive.preamble import SocatFile
from oceanco2.socat.archive.selection import Selection, check_selection, selection
from oceanco2.socat.archive.source import BLOCK
from oceanco2.socat.archive.store_reader import files_of, open_file
from oceanco2.socat.archive.table import ArchiveRows, Table

if TYPE_CHECKING:
    import pandas as pd


_KINDS = ("pandas", "xarray")


@dataclass
class ArchiveReading:
    """Open SOCAT files, the columns and rows to read, and counts of their lines."""

    files: list[SocatFile]
    layouts: list[Layout]
    chosen: Selection
    counts: LineCounts
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of all files, in their order."""
        names = (name for layout in self.layouts for name in layout.columns)
        return tuple(dict.fromkeys(names))

    def pieces(self, work: Work | None = None) -> Iterator[tuple[ArchiveRows, Any]]:
        """Yield selected rows of all files in chunks, and the result of `work`."""
        for layout in self.layouts:
            yield from stream(
                layout, self.counts, work, select=self.chosen, **self.options
            )

    def info(self) -> dict[str, Any]:
        """Return a report on files and lines as a dict."""
        return {
            "files": [file.describe() for file in self.files],
            "selection": str(self.chosen),
            "lines": self.counts.lines,
            "rows_read": self.counts.rows,
            "rows_selected": self.counts.selected,
            "lines_set_aside": self.counts.skipped,
            "empty_lines": self.counts.empty,
            "problems_not_listed": self.counts.unlisted,
            "problems": [p.as_dict() for p in self.counts.problems],
        }

    def warn(self) -> None:
        """Issue one warning for all lines with problems, and one for each note."""
        problems = self.counts.problems
        notes = [note for file in self.files for note in file.notes]
        if problems:
            more = sum(self.counts.kinds.values()) - 1
            text = f"{problems[0]}" + (f" (and {more} more)" if more else "")
            notes.append(f"{text}; {self.counts.summary()}")
        for note in notes:
            warnings.warn(DataWarning(note), stacklevel=4)


def open_reading(
    paths: str | Path | Iterable[str | Path],
    columns: Iterable[str] | None = None,
    *,
    also: Iterable[str] = (),
    chosen: Selection | None = None,
    encoding: str | None = None,
    strict: bool = False,
    workers: int | None = None,
    block: int = BLOCK,
    progress: bool | None = None,
) -> ArchiveReading:
    """Open files and plan which columns and rows are read."""
    if encoding not in (None, "utf-8", "iso-8859-1"):
        raise OptionError(f"encoding must be 'utf-8' or 'iso-8859-1', not {encoding!r}")
    if workers is not None and not (isinstance(workers, int) and workers > 0):
        raise OptionError(f"workers must be 1 or more, not {workers!r}")
    files_to_open = files_of(paths)
    if isinstance(columns, str):
        columns = columns.split(",")
    columns = None if columns is None else [name.strip() for name in columns]
    chosen = chosen or Selection()
    files = [open_file(path, encoding) for path in files_to_open]
    layouts = []
    for file in files:
        layout = lay_out(file, columns, [*chosen.required_columns, *also])
        check_selection(chosen, layout)
        layouts.append(layout)
    options = {"workers": workers, "block": block, "progress": progress}
    return ArchiveReading(files, layouts, chosen, LineCounts(strict=strict), options)


def iter_socat(
    paths: str | Path | Iterable[str | Path],
    columns: Iterable[str] | None = None,
    *,
    chunk_rows: int = 500_000,
    strict: bool = False,
    encoding: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    **filters: Any,
) -> Iterator["pd.DataFrame"]:
    """Read files of SOCAT chunk by chunk, in bounded memory.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files published by SOCAT or PANGAEA, of any version, uncompressed, .gz or .zip;
        or files that `excerpt` wrote.
    columns : iterable of str, optional
        Columns to read, ``time`` for year to second; all by default.
    chunk_rows : int, default 500000
        Rows of each table.
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

    Yields
    ------
    DataFrame
        Rows in their order; see `read_socat`.

    Raises
    ------
    OptionError
        If an option is invalid.
    ReadError
        If a file cannot be read.
    """
    if chunk_rows < 1:
        raise OptionError(f"chunk_rows must be 1 or more, not {chunk_rows}")
    reading = open_reading(
        paths,
        columns,
        chosen=selection(**filters),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    table = Table(output_columns(reading, columns))
    for rows, _ in reading.pieces():
        table.add(rows)
        while table.size >= chunk_rows:
            yield table.frame(chunk_rows)
    if table.size:
        yield table.frame()
    reading.warn()


def output_columns(
    reading: ArchiveReading, columns: Iterable[str] | None
) -> tuple[str, ...]:
    """Return the columns of the result, without those only the selection needs."""
    if columns is None:
        return reading.columns
    if isinstance(columns, str):
        columns = columns.split(",")
    names = [canonical(name.strip(), reading.layouts[0].fields) for name in columns]
    return tuple(dict.fromkeys(names))


def read_socat(
    paths: str | Path | Iterable[str | Path],
    columns: Iterable[str] | None = None,
    *,
    region: str | None = None,
    box: Iterable[float] | str | None = None,
    start: Any = None,
    end: Any = None,
    flags: str | Iterable[str] | None = None,
    woce: Any = None,
    src: Any = None,
    expocodes: str | Iterable[str] | None = None,
    strict: bool = False,
    encoding: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    kind: str = "pandas",
) -> Any:
    """Read files published by SOCAT or PANGAEA.

    Synthesis, regional, enhanced and single data set files of every version, with or
    without preamble, uncompressed, .gz or .zip. Columns are found by name. Lines that
    are not rows are skipped and reported: a warning counts them, ``attrs["socat"]`` of
    the table lists them with line numbers.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Such files, or files that `excerpt` wrote (.parquet, .zarr, .nc).
    columns : iterable of str, optional
        Columns to read, ``time`` for year to second; all by default.
    region : str, optional
        SOCAT regions: letters such as ``"AR"``, or names separated by commas.
    box : iterable of float or str, optional
        West, south, east, north [degrees]; west > east crosses the date line.
    start, end : str or datetime64, optional
        First and last time (UTC); ``"2010"`` as `end` includes all of that year.
    flags : str or iterable of str, optional
        Data set flags, such as ``"AB"``.
    woce, src : int or iterable of int, optional
        WOCE flags and algorithms of fCO2rec.
    expocodes : str or iterable of str, optional
        Data sets; ``*`` matches any characters.
    strict : bool, default False
        Whether the first line with a problem is an error.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Encoding of texts; detected by default.
    workers : int, optional
        Number of threads; one per core by default. Results do not depend on it.
    progress : bool, optional
        Whether to show a progress bar; on a terminal by default.

    kind : {"pandas", "xarray"}
        Type of the result.

    Returns
    -------
    DataFrame or Dataset
        Columns named as in the header, without units: ``Expocode``, ``time`` (UTC),
        ``longitude`` as printed, ``SST``, ``fCO2rec``... Texts are categories, whole
        numbers are integers (-1 if missing). A Dataset has them along
        ``obs``, with units.

    Raises
    ------
    OptionError
        If an option is invalid.
    ReadError
        If a file cannot be read, or lacks a column.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413,
       doi:10.5194/essd-8-383-2016.
    """
    if kind not in _KINDS:
        raise OptionError(f"kind must be 'pandas' or 'xarray', not {kind!r}")
    area_and_time = {"region": region, "box": box, "start": start, "end": end}
    codes = {"flags": flags, "woce": woce, "src": src, "expocodes": expocodes}
    chosen = selection(**area_and_time, **codes)
    reading = open_reading(
        paths,
        columns,
        chosen=chosen,
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    frame = read_all(reading, output_columns(reading, columns))
    if kind == "pandas":
        return frame
    from oceanco2.socat.archive.layout import as_dataset

    return as_dataset(frame)


def read_all(reading: ArchiveReading, names: Iterable[str]) -> "pd.DataFrame":
    """Read all rows into one table."""
    table = Table(names)
    for rows, _ in reading.pieces():
        table.add(rows)
    reading.warn()
    frame = table.frame()
    info = reading.info()
    # pandas copies attributes in every operation: keep them short.
    info["problems_not_listed"] += len(info["problems"][KEPT:])
    info["problems"] = info["problems"][:KEPT]
    frame.attrs["socat"] = info
    return frame
