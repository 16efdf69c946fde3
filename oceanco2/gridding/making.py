"""From sources of several kinds to one gridded product."""

import json
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from oceanco2.errors import DataWarning, OptionError, ReadError
from oceanco2.gridding.datasets import dataset_rows
from oceanco2.gridding.files import file_rows, open_files
from oceanco2.gridding.selection import Choice
from oceanco2.grids import Accumulator, Duplicates, find_product
from oceanco2.provenance import add_history, check_once, file_digest

if TYPE_CHECKING:
    from oceanco2.synthesis.reading import Reading

Source = str | Path | xr.Dataset | xr.DataArray
Chunks = Iterable[tuple[Mapping[str, Any], Counter[str]]]
_COLUMNS = ("time", "latitude", "longitude", "dataset_id", "fco2", "sst", "salinity")
#: As `Duplicates` takes them.
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
    """Put observations into the cells of a gridded product as SOCAT makes them.

    No interpolation, no correction for trends; variables, names and units are those of
    SOCAT's files. The result does not depend on the order of the sources.

    Parameters
    ----------
    sources : Dataset, DataArray, path or iterable of them
        Processed data sets (``fCO2_water_SST_wet``, ``SST``, ``salinity`` along
        ``time``), files of such (``.nc``), files that SOCAT gives out (their
        ``fCO2rec``). A DataArray of fCO2 has ``time``, ``latitude``, ``longitude``
        and perhaps ``SST`` and ``salinity`` as coordinates.
    product : str, default "monthly"
        ``"monthly"``, ``"yearly"``, ``"decadal"`` (1 degree) or ``"coastal"``
        (monthly, 0.25 degree, less than 400 km from land).
    flags : str, default "ABCD"
        Flags of data sets that are taken, where the source has one.
    woce : int or iterable of int, default 2
        WOCE flags of fCO2 that are taken.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    recomputed : bool, default False
        Whether fCO2rec of SOCAT's files is computed again from their raw data.
    name : str, optional
        Beginning of the title.
    **reading : Any
        For files that SOCAT gives out, as `oceanco2.synthesis.read_socat` takes them:
        ``region``, ``box``, ``start``, ``end``, ``src``, ``expocodes``, ``encoding``,
        ``strict``, ``workers``, ``progress``.

    Returns
    -------
    xarray.Dataset
        Along time, ``ylat`` and ``xlon``; ``rows_left_out`` says why rows are not in.
        `oceanco2.grids.write_grid` and `write_grid_text` write it.

    Raises
    ------
    UnknownNameError
        If there is no such product.
    OptionError
        If an option cannot be.
    ReadError
        If a file cannot be read.
    ProcessingError
        If a data set lacks what is needed, or no row is left.
    """
    wanted = (woce,) if isinstance(woce, int) else tuple(woce)
    chosen = Choice(flags, wanted, duplicates, recomputed)
    # A table iterates over the names of its columns: only lists and the like do.
    single = isinstance(sources, Source) or hasattr(sources, "columns")
    given: list[Any] = [sources]
    if not single and isinstance(sources, Iterable):
        given = list(sources)
    result, readings = _gridded(given, product, chosen, name, reading)
    for one in readings:
        one.warn()
    return result


def grid_and_report(
    paths: Iterable[str | Path],
    product: str,
    chosen: Choice,
    name: str | None = None,
    **reading: Any,
) -> tuple[xr.Dataset, dict[str, Any]]:
    """Grid files, and return what was odd about their lines.

    Parameters
    ----------
    paths : iterable of str or Path
        As for `grid`.
    product : str
        Name of the product.
    chosen : Choice
        Which rows are taken.
    name : str, optional
        Beginning of the title.
    **reading : Any
        As for `grid`.

    Returns
    -------
    result : xarray.Dataset
        The product.
    report : dict
        ``files`` (what is known of each) and ``problems`` (odd lines).
    """
    result, readings = _gridded(list(paths), product, chosen, name, reading)
    told = [one.info() for one in readings]
    keys = ("files", "problems")
    return result, {key: [x for info in told for x in info[key]] for key in keys}


def _gridded(
    given: list[Source],
    product: str,
    chosen: Choice,
    name: str | None,
    options: Mapping[str, Any],
) -> tuple[xr.Dataset, list["Reading"]]:
    find_product(product)
    if not given:
        raise OptionError("nothing to grid: name at least one source")
    files = [Path(source) for source in given if isinstance(source, str | Path)]
    _check(given, files)
    texts = [path for path in files if not _is_netcdf(path)]
    used = {key for key, value in options.items() if value not in (None, False)}
    if used - {"progress", "workers"} and len(texts) < len(given):
        raise OptionError(
            f"{', '.join(sorted(used))}: only rows of files that SOCAT gives out can be"
            " selected so; cut data sets before"
        )
    readings = open_files(texts, chosen, options)
    sums, left_out = Accumulator(product), Counter[str]()
    with ThreadPoolExecutor(1) as pool:
        # Beside the reading: a file of gigabytes takes seconds to digest.
        digests = [pool.submit(file_digest, path) for path in files]
        try:
            for chunks in _chunks(given, chosen, readings):
                _take(sums, chunks, chosen, left_out)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        told = [(p.name, d.result()) for p, d in zip(files, digests, strict=True)]
    result = sums.result(left_out)
    said = str(chosen) + "".join(f"; {one.chosen}" for one in readings[:1])
    others = len(given) - len(files)
    result.attrs |= _origin(told, others, said, name, result.attrs)
    return result, readings


def _is_netcdf(path: Path) -> bool:
    return path.suffix.lower() in (".nc", ".nc4")


def _check(given: list[Source], files: list[Path]) -> None:
    for source in given:
        if not isinstance(source, Source):
            raise OptionError(
                "a source is a Dataset, a DataArray or the path of a file, not"
                f" {type(source).__name__}"
            )
    for path in files:
        if not path.is_file():
            raise ReadError(f"{path}: no such file")
    check_once(files)


def _chunks(
    given: list[Source], chosen: Choice, readings: list["Reading"]
) -> Iterator[Chunks]:
    """Return the chunks of each source."""
    opened = iter(readings)
    for place, source in enumerate(given):
        if not isinstance(source, str | Path):
            yield [dataset_rows(source, chosen, f"source {place + 1}")]
        elif _is_netcdf(Path(source)):
            from oceanco2.export import open_dataset

            yield [dataset_rows(open_dataset(source), chosen, str(source))]
        else:
            yield file_rows(next(opened), chosen)


def _take(
    sums: Accumulator, chunks: Chunks, chosen: Choice, left_out: Counter[str]
) -> None:
    """Add the chunks of one source; repetitions are looked for within it."""
    repeated = Duplicates()
    for rows, not_taken in chunks:
        left_out.update(not_taken)
        keep: Any = slice(None)
        if chosen.duplicates == "once":
            keep = repeated.first(*(rows[column] for column in _COMPARED))
            keep = slice(None) if keep.all() else keep
        sums.add(**{column: rows[column][keep] for column in _COLUMNS})
    if repeated.found:
        left_out["exact duplicate"] += repeated.found
    if repeated.unsorted:
        said = (
            f"{repeated.unsorted:,} rows are before the row above, in the same data"
            " set: exact duplicates were looked for only among rows of one time that"
            " stand together"
        )
        warnings.warn(DataWarning(said), stacklevel=4)


def _origin(
    files: list[tuple[str, str]],
    others: int,
    selection: str,
    name: str | None,
    attrs: Mapping[str, Any],
) -> dict[str, Any]:
    """Return attributes that say where the numbers come from."""
    made: dict[str, Any] = {"selection": selection}
    if name:
        made["title"] = f"{name} {str(attrs['title']).removeprefix('SOCAT-style ')}"
    if files:
        # Sorted: the result does not depend on the order of the sources.
        made["source_files"] = json.dumps([file for file, _ in sorted(files)])
        digests = [digest for _, digest in sorted(files)]
        made["source_files_sha256"] = json.dumps(digests)
    counts = [f"{len(files)} files"] * bool(files)
    counts += [f"{others} data sets"] * bool(others)
    step = f"gridded from {' and '.join(counts)}: {selection}"
    return add_history(made, step)
