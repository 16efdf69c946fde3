"""Whole files of SOCAT into the cells of a gridded product, chunk by chunk."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.grids import Accumulator, dataset_number
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis.layout import TIME
from oceanco2.synthesis.reading import Reading, open_reading
from oceanco2.synthesis.recomputing import INPUTS, VALUE, Recomputer, of_pangaea
from oceanco2.synthesis.rows import Rows, decoded
from oceanco2.synthesis.selecting import selection

_PLACE = ("longitude", "latitude")


class Numbers:
    """Numbers of data sets, from their expocodes; the same in every process."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    def of(self, rows: Rows) -> Array:
        """Return the number of the data set of each row.

        Parameters
        ----------
        rows : Rows
            Rows with Expocode.

        Returns
        -------
        ndarray of int64
            Numbers.
        """
        text = rows.words["Expocode"]
        table = np.zeros(max(len(text.words), 1), np.int64)
        for i, word in enumerate(text.words):
            if word not in self._known:
                self._known[word] = dataset_number(decoded(word))
            table[i] = self._known[word]
        return table[text.codes]


def accumulate(
    paths: str | Path | Iterable[str | Path],
    product: str = "monthly",
    *,
    recomputed: bool = False,
    strict: bool = False,
    workers: int | None = None,
    progress: bool | None = None,
    **wanted: Any,
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
    strict : bool, default False
        Whether the first odd line is an error.
    workers : int, optional
        Threads; one for each core by default. Results do not depend on it.
    progress : bool, optional
        Whether to show a bar; on a terminal by default.
    **wanted
        Rows to take, as for `read_socat`.

    Returns
    -------
    sums : Accumulator
        The sums; ``sums.result()`` is the product.
    reading : Reading
        What became of the lines.
    """
    columns = [TIME, *_PLACE, "Expocode"]
    columns += [] if recomputed else ["fCO2rec"]
    reading = open_reading(
        paths,
        columns,
        also=["SST", "sal", *(INPUTS if recomputed else ())],
        chosen=selection(**wanted),
        strict=strict,
        workers=workers,
        progress=progress,
    )
    sums, numbers = Accumulator(product), Numbers()
    work = Recomputer(relabelled=of_pangaea(reading)) if recomputed else None
    for rows, made in reading.pieces(work):
        nothing = np.full(rows.size, np.nan)
        sums.add(
            rows.time,
            rows.numbers["latitude"],
            rows.numbers["longitude"],
            numbers.of(rows),
            made[VALUE] if recomputed else rows.numbers["fCO2rec"],
            rows.numbers.get("SST", nothing),
            rows.numbers.get("sal", nothing),
        )
    return sums, reading
