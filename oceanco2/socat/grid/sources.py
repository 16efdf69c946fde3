"""Add SOCAT files to the cells of a gridded product, chunk by chunk."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.grids import Accumulator, dataset_number
from oceanco2.socat.archive.layout import TIME
from oceanco2.socat.archive.printing import Array
from oceanco2.socat.archive.reading import ArchiveReading, open_reading
from oceanco2.socat.archive.recomputing import INPUTS, VALUE, Recomputer, pangaea_files
from oceanco2.socat.archive.selection import has_flag, selection
from oceanco2.synthesis.rows import ArchiveRows, decode_text

_POSITION = ("longitude", "latitude")
_FLAGS = ("QC_Flag", "fCO2rec_flag")


class DataSetNumbers:
    """Numbers of data sets from their expocodes; the same in every process."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def of(self, rows: ArchiveRows) -> Array:
        """Return the number of the data set of each row."""
        text = rows.labels["Expocode"]
        table = np.zeros(max(len(text.labels), 1), np.int64)
        for i, label in enumerate(text.labels):
            if label not in self._numbers:
                self._numbers[label] = dataset_number(decode_text(label))
            table[i] = self._numbers[label]
        return table[text.codes]


def open_for_grid(
    paths: str | Path | Iterable[str | Path],
    *,
    recomputed: bool = False,
    flagged: bool = False,
    encoding: str | None = None,
    strict: bool = False,
    workers: int | None = None,
    progress: bool | None = None,
    **filters: Any,
) -> ArchiveReading:
    """Open files with the columns that `observations` needs."""
    columns = [TIME, *_POSITION, "Expocode"]
    columns += [] if recomputed else ["fCO2rec"]
    return open_reading(
        paths,
        columns,
        also=[
            *("SST", "sal"),
            *(_FLAGS if flagged else ()),
            *(INPUTS if recomputed else ()),
        ],
        chosen=selection(**filters),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )


def observations(
    reading: ArchiveReading,
    *,
    recomputed: bool = False,
    flags: str | None = None,
    woce: Iterable[int] | None = None,
) -> Iterator[tuple[dict[str, Array], Counter[str]]]:
    """Yield chunks of observations for an accumulator, and counts of skipped rows."""
    numbers = DataSetNumbers()
    work = Recomputer(from_pangaea=pangaea_files(reading)) if recomputed else None
    for rows, results in reading.pieces(work):
        nan_values = np.full(rows.size, np.nan)
        columns = {
            "time": np.asarray(rows.time),
            "latitude": rows.numbers["latitude"],
            "longitude": rows.numbers["longitude"],
            "dataset_id": numbers.of(rows),
            "fco2": results[VALUE] if recomputed else rows.numbers["fCO2rec"],
            "sst": rows.numbers.get("SST", nan_values),
            "salinity": rows.numbers.get("sal", nan_values),
        }
        keep, skipped = _select_flags(rows, flags, woce)
        if skipped:
            columns = {name: values[keep] for name, values in columns.items()}
        yield columns, skipped


def _select_flags(
    rows: ArchiveRows, flags: str | None, woce: Iterable[int] | None
) -> tuple[Array, Counter[str]]:
    """Return a mask of the rows with the given flags, and count the others."""
    skipped = Counter[str]()
    keep = np.ones(rows.size, bool)
    if flags is not None and "QC_Flag" in rows.labels:
        keep = has_flag(rows, frozenset(flags))
        skipped["data set flag not wanted"] = rows.size - int(np.count_nonzero(keep))
    if woce is not None and "fCO2rec_flag" in rows.numbers:
        accepted = np.isin(rows.numbers["fCO2rec_flag"], list(woce))
        skipped["fCO2 flag not wanted"] = int(np.count_nonzero(keep & ~accepted))
        keep &= accepted
    return keep, +skipped  # unary plus drops reasons that did not occur


def accumulate(
    paths: str | Path | Iterable[str | Path],
    product: str = "monthly",
    *,
    recomputed: bool = False,
    **options: Any,
) -> tuple[Accumulator, ArchiveReading]:
    """Add the rows of files to the cells of a product.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files published by SOCAT.
    product : str
        Name of the product, see `Accumulator`.
    recomputed : bool, default False
        Whether fCO2rec is recomputed instead of taken from the file.
    **options
        As for `open_for_grid`: conditions that select rows, threads, ... Exact
        duplicates count every time; `oceanco2.grid` counts them once.

    Returns
    -------
    sums : Accumulator
        The sums; ``sums.result()`` is the product.
    reading : Reading
        Files, and counts of their lines.
    """
    reading = open_for_grid(paths, recomputed=recomputed, **options)
    sums = Accumulator(product)
    for columns, _ in observations(reading, recomputed=recomputed):
        sums.add(**columns)
    return sums, reading
