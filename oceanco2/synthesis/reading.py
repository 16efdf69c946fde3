"""Files of SOCAT as tables, whole or in chunks."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.errors import DataWarning, OptionError
from oceanco2.synthesis.bytesource import BLOCK
from oceanco2.synthesis.layout import Layout, canonical, lay_out
from oceanco2.synthesis.preamble import SocatFile
from oceanco2.synthesis.problems import KEPT, Tally
from oceanco2.synthesis.rows import Rows
from oceanco2.synthesis.selecting import Selection, check_selection, selection
from oceanco2.synthesis.stored import files_of, open_file
from oceanco2.synthesis.streaming import Work, stream
from oceanco2.synthesis.tables import Table

if TYPE_CHECKING:
    import pandas as pd


_KINDS = ("pandas", "xarray")


@dataclass
class Reading:
    """Some files, and what is to be read of them."""

    files: list[SocatFile]
    layouts: list[Layout]
    chosen: Selection
    tally: Tally
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that any file has, in their order."""
        names = (name for layout in self.layouts for name in layout.columns)
        return tuple(dict.fromkeys(names))

    def pieces(self, work: Work | None = None) -> Iterator[tuple[Rows, Any]]:
        """Read all files."""
        for layout in self.layouts:
            yield from stream(
                layout, self.tally, work, select=self.chosen, **self.options
            )

    def info(self) -> dict[str, Any]:
        """Return what is known of files and lines."""
        return {
            "files": [file.describe() for file in self.files],
            "selection": str(self.chosen),
            "lines": self.tally.lines,
            "rows_read": self.tally.rows,
            "rows_selected": self.tally.selected,
            "lines_set_aside": self.tally.aside,
            "empty_lines": self.tally.blank,
            "problems_not_listed": self.tally.unlisted,
            "problems": [p.as_dict() for p in self.tally.problems],
        }

    def warn(self) -> None:
        """Say what was odd: one warning for all lines."""
        told = self.tally.problems
        notes = [note for file in self.files for note in file.notes]
        if told:
            more = sum(self.tally.kinds.values()) - 1
            text = f"{told[0]}" + (f" (and {more} more)" if more else "")
            notes.append(f"{text}; {self.tally.summary()}")
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
) -> Reading:
    """Open files and plan what is read."""
    if encoding not in (None, "utf-8", "iso-8859-1"):
        raise OptionError(
            f"encoding cannot be {encoding!r}; it can be 'utf-8' or 'iso-8859-1'"
        )
    if workers is not None and not (isinstance(workers, int) and workers > 0):
        raise OptionError(f"workers cannot be {workers!r}; it must be 1 or more")
    given = files_of(paths)
    if isinstance(columns, str):
        columns = columns.split(",")
    columns = None if columns is None else [name.strip() for name in columns]
    chosen = chosen or Selection()
    files = [open_file(path, encoding) for path in given]
    layouts = []
    for file in files:
        layout = lay_out(file, columns, [*chosen.needs, *also])
        check_selection(chosen, layout)
        layouts.append(layout)
    options = {"workers": workers, "block": block, "progress": progress}
    return Reading(files, layouts, chosen, Tally(strict=strict), options)


def iter_socat(
    paths: str | Path | Iterable[str | Path],
    columns: Iterable[str] | None = None,
    *,
    chunk_rows: int = 500_000,
    strict: bool = False,
    encoding: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    **wanted: Any,
) -> Iterator["pd.DataFrame"]:
    """Read files of SOCAT chunk by chunk, in bounded memory.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files that SOCAT or PANGAEA give out, of any version, plain, .gz or .zip; or
        what `excerpt` kept of them.
    columns : iterable of str, optional
        Columns to read, ``time`` for year to second; all by default.
    chunk_rows : int, default 500000
        Rows of a table.
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

    Yields
    ------
    DataFrame
        Rows in their order; see `read_socat`.

    Raises
    ------
    OptionError
        If an option cannot be.
    ReadError
        If a file cannot be read.
    """
    if chunk_rows < 1:
        raise OptionError(f"chunk_rows cannot be {chunk_rows}; it must be 1 or more")
    reading = open_reading(
        paths,
        columns,
        chosen=selection(**wanted),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    table = Table(shown(reading, columns))
    for rows, _ in reading.pieces():
        table.add(rows)
        while table.size >= chunk_rows:
            yield table.frame(chunk_rows)
    if table.size:
        yield table.frame()
    reading.warn()


def shown(reading: Reading, columns: Iterable[str] | None) -> tuple[str, ...]:
    """Return the columns that a user gets: not those for the selection alone."""
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
    """Read files that SOCAT or PANGAEA give out.

    Synthesis, regional, enhanced and single data set files of every version, with or
    without preamble, plain, .gz or .zip. Columns are taken by name. Lines that are no
    rows are set aside and told: a warning says how many, ``attrs["socat"]`` of the
    table lists them with line numbers.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files, or what `excerpt` kept of them (.parquet, .zarr, .nc).
    columns : iterable of str, optional
        Columns to read, ``time`` for year to second; all by default.
    region : str, optional
        Regions of SOCAT: letters such as ``"AR"``, or names separated by commas.
    box : iterable of float or str, optional
        West, south, east, north [degrees]; west beyond east crosses the date line.
    start, end : str or datetime64, optional
        First and last time (UTC); ``"2010"`` as `end` includes that year.
    flags : str or iterable of str, optional
        Flags of data sets, such as ``"AB"``.
    woce, src : int or iterable of int, optional
        WOCE flags and algorithms of fCO2rec.
    expocodes : str or iterable of str, optional
        Data sets, ``*`` for any letters.
    strict : bool, default False
        Whether the first odd line is an error.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Of texts; found out by default.
    workers : int, optional
        Threads; one for each core by default. Results do not depend on it.
    progress : bool, optional
        Whether to show a bar; on a terminal by default.

    kind : {"pandas", "xarray"}
        What is returned.

    Returns
    -------
    DataFrame or Dataset
        Columns named as in the header, without units: ``Expocode``, ``time`` (UTC),
        ``longitude`` as printed, ``SST``, ``fCO2rec``... Texts are categories, whole
        numbers are integers (-1 where they are missing). A Dataset has them along
        ``obs``, with units.

    Raises
    ------
    OptionError
        If an option cannot be.
    ReadError
        If a file cannot be read, or lacks a column.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413,
       doi:10.5194/essd-8-383-2016.
    """
    if kind not in _KINDS:
        raise OptionError(f"kind cannot be {kind!r}; it can be 'pandas' or 'xarray'")
    place = {"region": region, "box": box, "start": start, "end": end}
    marks = {"flags": flags, "woce": woce, "src": src, "expocodes": expocodes}
    chosen = selection(**place, **marks)
    reading = open_reading(
        paths,
        columns,
        chosen=chosen,
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    frame = whole(reading, shown(reading, columns))
    if kind == "pandas":
        return frame
    from oceanco2.synthesis.attributes import as_dataset

    return as_dataset(frame)


def whole(reading: Reading, names: Iterable[str]) -> "pd.DataFrame":
    """Read all rows."""
    table = Table(names)
    for rows, _ in reading.pieces():
        table.add(rows)
    reading.warn()
    frame = table.frame()
    told = reading.info()
    # pandas copies attributes with every operation.
    told["problems_not_listed"] += len(told["problems"][KEPT:])
    told["problems"] = told["problems"][:KEPT]
    frame.attrs["socat"] = told
    return frame
