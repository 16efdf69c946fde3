"""Whole files of SOCAT into the cells of a gridded product, chunk by chunk."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.grids import Accumulator, dataset_number
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis.layout import TIME
from oceanco2.synthesis.reading import Reading, open_reading
from oceanco2.synthesis.recomputing import INPUTS, VALUE, Recomputer, of_pangaea
from oceanco2.synthesis.rows import Rows, decoded
from oceanco2.synthesis.selecting import has_flag, selection

_PLACE = ("longitude", "latitude")
_FLAGS = ("QC_Flag", "fCO2rec_flag")


class Numbers:
    """Numbers of data sets, from their expocodes; the same in every process."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    def of(self, rows: Rows) -> Array:
        """Return the number of the data set of each row."""
        text = rows.words["Expocode"]
        table = np.zeros(max(len(text.words), 1), np.int64)
        for i, word in enumerate(text.words):
            if word not in self._known:
                self._known[word] = dataset_number(decoded(word))
            table[i] = self._known[word]
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
    **wanted: Any,
) -> Reading:
    """Open files for `observations`."""
    columns = [TIME, *_PLACE, "Expocode"]
    columns += [] if recomputed else ["fCO2rec"]
    return open_reading(
        paths,
        columns,
        also=[
            *("SST", "sal"),
            *(_FLAGS if flagged else ()),
            *(INPUTS if recomputed else ()),
        ],
        chosen=selection(**wanted),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )


def observations(
    reading: Reading,
    *,
    recomputed: bool = False,
    flags: str | None = None,
    woce: Iterable[int] | None = None,
) -> Iterator[tuple[dict[str, Array], Counter[str]]]:
    """Read rows as an accumulator takes them."""
    numbers = Numbers()
    work = Recomputer(relabelled=of_pangaea(reading)) if recomputed else None
    for rows, made in reading.pieces(work):
        nothing = np.full(rows.size, np.nan)
        columns = {
            "time": np.asarray(rows.time),
            "latitude": rows.numbers["latitude"],
            "longitude": rows.numbers["longitude"],
            "dataset_id": numbers.of(rows),
            "fco2": made[VALUE] if recomputed else rows.numbers["fCO2rec"],
            "sst": rows.numbers.get("SST", nothing),
            "salinity": rows.numbers.get("sal", nothing),
        }
        keep, left_out = _flagged(rows, flags, woce)
        if left_out:
            columns = {name: values[keep] for name, values in columns.items()}
        yield columns, left_out


def _flagged(
    rows: Rows, flags: str | None, woce: Iterable[int] | None
) -> tuple[Array, Counter[str]]:
    """Return which rows have flags that are wanted, and count the others."""
    left_out = Counter[str]()
    keep = np.ones(rows.size, bool)
    if flags is not None and "QC_Flag" in rows.words:
        keep = has_flag(rows, frozenset(flags))
        left_out["data set flag not wanted"] = rows.size - int(np.count_nonzero(keep))
    if woce is not None and "fCO2rec_flag" in rows.numbers:
        right = np.isin(rows.numbers["fCO2rec_flag"], list(woce))
        wrong = int(np.count_nonzero(keep & ~right))
        left_out["fCO2 flag not wanted"] = wrong
        keep &= right
    return keep, +left_out  # without those that did not occur


def accumulate(
    paths: str | Path | Iterable[str | Path],
    product: str = "monthly",
    *,
    recomputed: bool = False,
    **options: Any,
) -> tuple[Accumulator, Reading]:
    """Put the rows of files into the cells of a product.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files that SOCAT gives out.
    product : str
        Name of the product, see `Accumulator`.
    recomputed : bool, default False
        Whether fCO2rec is computed again from the raw data, not taken from the file.
    **options
        As for `open_for_grid`: rows to take, threads, ... Exact duplicates count as
        often as they stand there; `oceanco2.grid` counts them once.

    Returns
    -------
    sums : Accumulator
        The sums; ``sums.result()`` is the product.
    reading : Reading
        What became of the lines.
    """
    reading = open_for_grid(paths, recomputed=recomputed, **options)
    sums = Accumulator(product)
    for columns, _ in observations(reading, recomputed=recomputed):
        sums.add(**columns)
    return sums, reading
