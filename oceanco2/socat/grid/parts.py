"""Split SOCAT files into ranges of bytes that any process can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.errors import OptionError, require_library
from oceanco2.socat.archive.preamble import SocatFile
from oceanco2.socat.archive.reading import (
    ArchiveReading,
    open_reading,
    output_columns,
    read_all,
)
from oceanco2.socat.archive.selection import selection
from oceanco2.socat.archive.store_reader import files_of, open_file

if TYPE_CHECKING:
    import pandas as pd

    from oceanco2.grids import Accumulator


#: Size of a part in bytes: about a million rows.
PART = 256 * 2**20


@dataclass(frozen=True)
class Part:
    """The lines that begin in a range of bytes of a file; can be pickled."""

    path: str
    window: tuple[int, ...] = ()
    columns: tuple[str, ...] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)

    def read(self) -> "pd.DataFrame":
        """Read the part, in one thread."""
        reading = self._narrow(
            open_reading(
                self.path,
                self.columns,
                chosen=selection(**self.filters),
                workers=1,
                progress=False,
            )
        )
        return read_all(reading, output_columns(reading, self.columns))

    def accumulate(
        self, product: str = "monthly", *, recomputed: bool = False
    ) -> "Accumulator":
        """Add the rows of the part to the cells of a product, in one thread."""
        from oceanco2.grids import Accumulator
        from oceanco2.socat.grid.sources import observations, open_for_grid

        options = {"recomputed": recomputed, **self.filters}
        reading = self._narrow(
            open_for_grid(self.path, workers=1, progress=False, **options)
        )
        sums = Accumulator(product)
        for columns, _ in observations(reading, recomputed=recomputed):
            sums.add(**columns)
        return sums

    def _narrow(self, reading: ArchiveReading) -> ArchiveReading:
        layout = reading.layouts[0]
        source = replace(layout.file.source, window=self.window)
        layout = replace(layout, file=replace(layout.file, source=source))
        return replace(reading, files=[layout.file], layouts=[layout])


def split_socat(
    paths: str | Path | Iterable[str | Path],
    columns: Iterable[str] | None = None,
    *,
    part_bytes: int = PART,
    **filters: Any,
) -> list[Part]:
    """Split files into parts that can be read independently, on any machine.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files published by SOCAT; those in a .gz or .zip are one part each.
    columns : iterable of str, optional
        Columns to read; all by default.
    part_bytes : int, default 256 MiB
        Approximate size of a part.
    **filters
        Conditions that select rows, as for `read_socat`.

    Returns
    -------
    list of Part
        In the order of the rows.

    Raises
    ------
    OptionError
        If an option is invalid.
    ReadError
        If a file cannot be read.
    """
    if part_bytes < 1:
        raise OptionError(f"part_bytes must be 1 or more, not {part_bytes}")
    selection(**filters)
    names = None
    if columns is not None:
        names = tuple(columns.split(",") if isinstance(columns, str) else columns)
    return [
        Part(str(path), window, names, filters)
        for path in files_of(paths)
        for window in _windows(open_file(path), part_bytes)
    ]


def _windows(file: SocatFile, part_bytes: int) -> list[tuple[int, ...]]:
    size = file.source.size
    if not file.source.divisible or file.start >= size:
        return [()]
    starts = range(file.start, size, part_bytes)
    return [(first, min(first + part_bytes, size)) for first in starts]


def delayed_socat(
    paths: str | Path | Iterable[str | Path],
    columns: Iterable[str] | None = None,
    *,
    part_bytes: int = PART,
    **filters: Any,
) -> list[Any]:
    """Split files into parts that dask reads, on any number of machines.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files published by SOCAT.
    columns : iterable of str, optional
        Columns to read; all by default.
    part_bytes : int, default 256 MiB
        Approximate size of a part.
    **filters
        Conditions that select rows, as for `read_socat`.

    Returns
    -------
    list of dask Delayed
        Tables in the order of the rows: ``dask.compute(*parts)``, or
        ``dask.dataframe.from_delayed``.

    Raises
    ------
    OptionError
        If an option is invalid, or dask is not installed.
    ReadError
        If a file cannot be read.
    """
    delayed = require_library("dask", "dask", "delayed_socat").delayed
    parts = split_socat(paths, columns, part_bytes=part_bytes, **filters)
    return [delayed(part.read)() for part in parts]
