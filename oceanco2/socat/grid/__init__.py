"""Make a gridded product from processed data sets and SOCAT files."""

import json
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from oceanco2.errors import DataWarning, OptionError
from oceanco2.files import check_file, check_once, file_digest
from oceanco2.grids import Accumulator, Duplicates, find_product
from oceanco2.provenance import add_history
from oceanco2.socat.grid.sources import Choice, dataset_rows, file_rows, open_files

if TYPE_CHECKING:
    from oceanco2.socat.archive.reading import ArchiveReading

__all__ = ["Choice", "grid", "grid_and_report"]


Source = str | Path | xr.Dataset | xr.DataArray
Chunks = Iterable[tuple[Mapping[str, Any], Counter[str]]]
_COLUMNS = ("time", "latitude", "longitude", "dataset_id", "fco2", "sst", "salinity")
#: Columns in the order of the arguments of `Duplicates.first`.
_COMPARED = ("time", "dataset_id", *_COLUMNS[1:3], *_COLUMNS[4:])


def grid(
    sources: Source | Iterable[Source],
    product: str = "monthly",
    *,
    flags: str = "ABCD",
    woce: int | Iterable[int] = (2,),
    duplicates: str = "once",
    recomputed: bool = False,
    name: str | None = None,
    **reading: Any,
) -> xr.Dataset:
    """Make a gridded product like those of SOCAT from observations.

    Values are neither interpolated nor corrected for trends; variables, names and units
    are those of SOCAT. The result does not depend on the order of the sources.

    Parameters
    ----------
    sources : Dataset, DataArray, path or iterable of them
        Processed data sets (``fCO2_water_SST_wet``, ``SST``, ``salinity`` along
        ``time``), files of such (``.nc``), or files published by SOCAT (their
        ``fCO2rec``). A DataArray of fCO2 has ``time``, ``latitude``, ``longitude``
        and optionally ``SST`` and ``salinity`` as coordinates.
    product : str, default "monthly"
        ``"monthly"``, ``"yearly"``, ``"decadal"`` (1 degree) or ``"coastal"``
        (monthly, 0.25 degree, less than 400 km from land).
    flags : str, default "ABCD"
        Accepted data set flags, for sources that have one.
    woce : int or iterable of int, default 2
        Accepted WOCE flags of fCO2.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    recomputed : bool, default False
        Whether fCO2rec of SOCAT files is recomputed.
    name : str, optional
        Start of the title.
    **reading : Any
        For files published by SOCAT, as in `oceanco2.socat.read_socat`:
        ``region``, ``box``, ``start``, ``end``, ``src``, ``expocodes``, ``encoding``,
        ``strict``, ``workers``, ``progress``.

    Returns
    -------
    xarray.Dataset
        Along time, ``ylat`` and ``xlon``; ``rows_left_out`` counts skipped rows.
        `oceanco2.grids.write_grid` and `write_grid_text` write it.

    Raises
    ------
    UnknownNameError
        If there is no such product.
    OptionError
        If an option is invalid.
    ReadError
        If a file cannot be read.
    ProcessingError
        If a data set lacks a variable, or no row is left.
    """
    woce_flags = (woce,) if isinstance(woce, int) else tuple(woce)
    chosen = Choice(flags, woce_flags, duplicates, recomputed)
    # A DataFrame is iterable too, but iterates over the names of its columns.
    single = isinstance(sources, Source) or hasattr(sources, "columns")
    source_list: list[Any] = [sources]
    if not single and isinstance(sources, Iterable):
        source_list = list(sources)
    result, archive_readings = _grid(source_list, product, chosen, name, reading)
    for archive_reading in archive_readings:
        archive_reading.warn()
    return result


def grid_and_report(
    paths: Iterable[str | Path],
    product: str,
    chosen: Choice,
    name: str | None = None,
    **reading: Any,
) -> tuple[xr.Dataset, dict[str, Any]]:
    """Grid files, and return a report on files and lines with problems.

    Parameters
    ----------
    paths : iterable of str or Path
        As for `grid`.
    product : str
        Name of the product.
    chosen : Choice
        Conditions for rows.
    name : str, optional
        Start of the title.
    **reading : Any
        As for `grid`.

    Returns
    -------
    result : xarray.Dataset
        The product.
    report : dict
        ``files`` (a description of each) and ``problems`` (lines with problems).
    """
    result, archive_readings = _grid(list(paths), product, chosen, name, reading)
    reports = [archive_reading.info() for archive_reading in archive_readings]
    keys = ("files", "problems")
    return result, {key: [x for info in reports for x in info[key]] for key in keys}


def _grid(
    sources: list[Source],
    product: str,
    chosen: Choice,
    name: str | None,
    options: Mapping[str, Any],
) -> tuple[xr.Dataset, list["ArchiveReading"]]:
    find_product(product)
    if not sources:
        raise OptionError("nothing to grid: give at least one source")
    files = [Path(source) for source in sources if isinstance(source, str | Path)]
    _check(sources, files)
    texts = [path for path in files if not _is_netcdf(path)]
    used = {key for key, value in options.items() if value not in (None, False)}
    if used - {"progress", "workers"} and len(texts) < len(sources):
        raise OptionError(
            f"{', '.join(sorted(used))}: only for files published by SOCAT; select rows"
            " of processed data sets before gridding"
        )
    readings = open_files(texts, chosen, options)
    sums, skipped = Accumulator(product), Counter[str]()
    with ThreadPoolExecutor(1) as pool:
        # In parallel with reading: the digest of gigabytes takes seconds.
        digests = [pool.submit(file_digest, path) for path in files]
        try:
            for chunks in _chunks(sources, chosen, readings):
                _add(sums, chunks, chosen, skipped)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        sha256 = [(p.name, d.result()) for p, d in zip(files, digests, strict=True)]
    result = sums.result(skipped)
    selection = str(chosen) + "".join(f"; {one.chosen}" for one in readings[:1])
    others = len(sources) - len(files)
    result.attrs |= _origin(sha256, others, selection, name, result.attrs)
    return result, readings


def _is_netcdf(path: Path) -> bool:
    return path.suffix.lower() in (".nc", ".nc4")


def _check(sources: list[Source], files: list[Path]) -> None:
    for source in sources:
        if not isinstance(source, Source):
            raise OptionError(
                "a source must be a Dataset, a DataArray or a path, not"
                f" {type(source).__name__}"
            )
    for path in files:
        check_file(path)
    check_once(files)


def _chunks(
    sources: list[Source], chosen: Choice, readings: list["ArchiveReading"]
) -> Iterator[Chunks]:
    """Return the chunks of each source."""
    opened = iter(readings)
    for position, source in enumerate(sources):
        if not isinstance(source, str | Path):
            yield [dataset_rows(source, chosen, f"source {position + 1}")]
        elif _is_netcdf(Path(source)):
            from oceanco2.export import open_dataset

            yield [dataset_rows(open_dataset(source), chosen, str(source))]
        else:
            yield file_rows(next(opened), chosen)


def _add(
    sums: Accumulator, chunks: Chunks, chosen: Choice, skipped: Counter[str]
) -> None:
    """Add the chunks of one source; duplicates are searched within it."""
    repeated = Duplicates()
    for rows, skipped_rows in chunks:
        skipped.update(skipped_rows)
        keep: Any = slice(None)
        if chosen.duplicates == "once":
            keep = repeated.first(*(rows[column] for column in _COMPARED))
            keep = slice(None) if keep.all() else keep
        sums.add(**{column: rows[column][keep] for column in _COLUMNS})
    if repeated.found:
        skipped["exact duplicate"] += repeated.found
    if repeated.unsorted:
        message = (
            f"{repeated.unsorted:,} rows are earlier than the previous row of their"
            " data set: exact duplicates were searched only among consecutive rows of"
            " equal time"
        )
        warnings.warn(DataWarning(message), stacklevel=4)


def _origin(
    files: list[tuple[str, str]],
    others: int,
    selection: str,
    name: str | None,
    attrs: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the attributes on the sources of the product."""
    origin: dict[str, Any] = {"selection": selection}
    if name:
        origin["title"] = f"{name} {str(attrs['title']).removeprefix('SOCAT-style ')}"
    if files:
        # Sorted: the result does not depend on the order of the sources.
        origin["source_files"] = json.dumps([file for file, _ in sorted(files)])
        digests = [digest for _, digest in sorted(files)]
        origin["source_files_sha256"] = json.dumps(digests)
    counts = [f"{len(files)} files"] * bool(files)
    counts += [f"{others} data sets"] * bool(others)
    step = f"gridded from {' and '.join(counts)}: {selection}"
    return add_history(origin, step)
