"""Observations for a grid: rows of processed data sets and of SOCAT files, selected."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, choose_name
from oceanco2.grids import Accumulator, dataset_number
from oceanco2.socat.archive.layout import TIME
from oceanco2.socat.archive.printing import Array
from oceanco2.socat.archive.reading import ArchiveReading, open_reading
from oceanco2.socat.archive.recomputing import INPUTS, VALUE, Recomputer, pangaea_files
from oceanco2.socat.archive.selection import has_flag, selection
from oceanco2.socat.archive.table import ArchiveRows, decode_text
from oceanco2.vocabulary import GOOD

_SETS = "ABCDEFX"


@dataclass(frozen=True, slots=True)
class Choice:
    """Conditions for rows of a grid; by default those of SOCAT's products.

    Attributes
    ----------
    flags : str
        Accepted data set flags (letters); only files of SOCAT have them.
    woce : tuple of int
        Accepted WOCE flags of fCO2.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    recomputed : bool
        Whether fCO2rec of SOCAT files is recomputed.
    """

    flags: str = "ABCD"
    woce: tuple[int, ...] = (2,)
    duplicates: str = "once"
    recomputed: bool = False

    def __post_init__(self) -> None:
        """Validate the conditions."""
        wrong = [flag for flag in self.woce if flag not in (2, 3, 4)]
        if wrong or not self.woce:
            flags = ", ".join(map(str, wrong)) or "none"
            raise OptionError(f"flags of fCO2 must be 2, 3 or 4, not {flags}")
        letters = sorted(set(self.flags) - set(_SETS))
        if letters or not self.flags:
            invalid = ", ".join(letters) or "none"
            raise OptionError(
                f"flags of data sets must be letters of {_SETS}, not {invalid}"
            )
        if not isinstance(self.recomputed, bool):
            raise OptionError(
                f"recomputed must be True or False, not {self.recomputed!r}"
            )
        if self.duplicates not in ("once", "all"):
            raise OptionError(
                f"duplicates must be 'once' or 'all', not {self.duplicates!r}"
            )

    def __str__(self) -> str:
        """Return the conditions as text."""
        woce = ", ".join(map(str, self.woce))
        once = " once" if self.duplicates == "once" else " all"
        again = "recomputed " if self.recomputed else ""
        return (
            f"data sets with flag {', '.join(self.flags)} (where they have one),"
            f" {again}fCO2 with flag {woce}, exact duplicates{once}"
        )


_FCO2 = "fCO2_water_SST_wet"


def dataset_rows(
    source: xr.Dataset | xr.DataArray, chosen: Choice, name: str
) -> tuple[dict[str, Any], Counter[str]]:
    """Return the selected rows of a data set, and counts of the skipped ones."""
    ds = source
    if isinstance(ds, xr.DataArray):
        attrs = dict(ds.attrs)
        ds = ds.to_dataset(name=_FCO2).reset_coords(
            [n for n in ("SST", "salinity") if n in ds.coords]
        )
        ds.attrs = attrs
    _check(ds, name)
    present = np.isfinite(_along_time(ds, _FCO2))
    selected = present
    if f"{_FCO2}_flag" in ds:
        selected = present & np.isin(ds[f"{_FCO2}_flag"].to_numpy(), chosen.woce)
    skipped = Counter[str]()
    if not present.all():
        skipped["no fCO2"] = int((~present).sum())
    if not selected[present].all():
        skipped["fCO2 flag not wanted"] = int((present & ~selected).sum())
    number = dataset_number(_data_set_name(ds) or name)
    rows = {
        "time": ds["time"].to_numpy(),
        "latitude": _along_time(ds, "latitude"),
        "longitude": _along_time(ds, "longitude"),
        "dataset_id": np.full(present.size, number),
        "fco2": _along_time(ds, _FCO2),
        "sst": _good_values(ds, "SST"),
        "salinity": _good_values(ds, "salinity"),
    }
    if not selected.any():
        rows = {column: values[:0] for column, values in rows.items()}
        return rows, skipped
    # Duplicates are searched among consecutive rows of equal time.
    order = np.flatnonzero(selected)
    order = order[np.argsort(rows["time"][order], kind="stable")]
    return {column: values[order] for column, values in rows.items()}, skipped


def _check(ds: xr.Dataset, name: str) -> None:
    for required in ("time", "latitude", "longitude", _FCO2):
        names = [str(n) for n in ds.variables]
        choose_name("variable", required, names, name, error=ProcessingError)
    if ds["time"].dims != ("time",) or ds["time"].dtype.kind != "M":
        raise ProcessingError(
            f"{name}: 'time' must be a datetime64 dimension coordinate"
        )
    if ds[_FCO2].dims != ("time",):
        dims = ", ".join(map(str, ds[_FCO2].dims)) or "none"
        raise ProcessingError(
            f"{name}: {_FCO2} must have the dimension time, not {dims}"
        )


def _along_time(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return a variable along time; a fixed position is repeated."""
    values = np.asarray(ds[name].to_numpy(), np.float64)
    return np.broadcast_to(values, (ds.sizes["time"],))


def _good_values(ds: xr.Dataset, name: str) -> np.ndarray:
    if name not in ds.variables:
        return np.full(ds.sizes["time"], np.nan)
    values = _along_time(ds, name)
    if f"{name}_flag" not in ds:
        return values
    return np.where(ds[f"{name}_flag"].to_numpy() == GOOD, values, np.nan)


def _data_set_name(ds: xr.Dataset) -> str:
    """Return the expocode or another identifier of the data set."""
    from oceanco2.export.acdd import identifier

    try:
        name = identifier(ds)
    except ProcessingError:  # an invalid expocode still distinguishes data sets
        return str(ds.attrs["expocode"])
    return "" if name == "unnamed" else name


def open_files(
    paths: list[Path], chosen: Choice, options: Mapping[str, Any]
) -> list["ArchiveReading"]:
    """Open files; raise ReadError if one lacks a column."""
    arguments = {"recomputed": chosen.recomputed, "flagged": True, **options}
    return [open_for_grid(path, **arguments) for path in paths]


def file_rows(
    reading: "ArchiveReading", chosen: Choice
) -> Iterator[tuple[Mapping[str, Any], Counter[str]]]:
    """Yield the rows of a file in chunks, and counts of skipped rows."""
    yield from observations(
        reading, recomputed=chosen.recomputed, flags=chosen.flags, woce=chosen.woce
    )


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
