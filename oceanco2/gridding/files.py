"""Rows of files that SOCAT gives out."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.gridding.selection import Selection
from oceanco2.grids import dataset_number

_CLOCK = ("yr", "mon", "day", "hh", "mm", "ss")
_VALUES = {
    "latitude": "latitude [dec.deg.N]",
    "longitude": "longitude [dec.deg.E]",
    "fco2": "fCO2rec [uatm]",
    "sst": "SST [deg.C]",
    "salinity": "sal",
}


def socat_chunks(
    path: Path,
    chosen: Selection,
    progress: bool,  # noqa: ARG001
) -> Iterator[tuple[dict[str, Any], Counter[str]]]:
    """Read a file that SOCAT gives out, chunk by chunk.

    Parameters
    ----------
    path : Path
        Synthesis, regional or single data set file.
    chosen : Selection
        What is wanted.
    progress : bool
        Whether to show a bar.

    Yields
    ------
    tuple
        Columns of the accumulator, and why rows are not in them.
    """
    import pandas as pd

    skip = _header(path)
    columns = [*_CLOCK, *_VALUES.values(), "Expocode", "QC_Flag", "fCO2rec_flag"]
    numbers: dict[str, int] = {}
    for table in pd.read_csv(
        path, sep="\t", skiprows=skip, usecols=columns, chunksize=500_000
    ):
        rows = {name: table[column].to_numpy() for name, column in _VALUES.items()}
        day = pd.to_datetime(
            {"year": table["yr"], "month": table["mon"], "day": table["day"]}
        ).to_numpy()
        clock = table["hh"] * 3600.0 + table["mm"] * 60.0 + table["ss"]
        rows["time"] = day.astype("datetime64[us]") + (clock * 1e6).to_numpy().astype(
            "timedelta64[us]"
        )
        codes, words = pd.factorize(table["Expocode"])
        for word in words:
            numbers.setdefault(word, dataset_number(word))
        rows["dataset_id"] = np.array([numbers[word] for word in words])[codes]
        yield _wanted(rows, table["QC_Flag"], table["fCO2rec_flag"], chosen)


def _wanted(
    rows: dict[str, Any], letters: Any, flags: Any, chosen: Selection
) -> tuple[dict[str, Any], Counter[str]]:
    left_out = Counter[str]()
    right_set = letters.isin(list(chosen.data_sets)).to_numpy()
    right_flag = np.isin(flags.to_numpy(), chosen.flags)
    if not right_set.all():
        left_out["data set flag not wanted"] = int((~right_set).sum())
    if not right_flag[right_set].all():
        left_out["fCO2 flag not wanted"] = int((right_set & ~right_flag).sum())
    keep = right_set & right_flag
    return {name: values[keep] for name, values in rows.items()}, left_out


def _header(path: Path) -> int:
    with path.open(encoding="iso-8859-1") as file:
        for i, line in enumerate(file):
            if line.startswith("Expocode\t") and "\tyr\t" in line:
                return i
    raise ReadError(f"{path}: no line begins with 'Expocode' and has 'yr'")
