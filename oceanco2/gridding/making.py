"""From sources of several kinds to one gridded product."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2.errors import OptionError, ReadError
from oceanco2.gridding.selection import Selection
from oceanco2.grids import Accumulator, Duplicates, find_product
from oceanco2.provenance import add_history, file_digest

Source = str | Path | xr.Dataset | xr.DataArray
#: A column may be a number that holds for every row.
COLUMNS = ("time", "latitude", "longitude", "dataset_id", "fco2", "sst", "salinity")


def grid(
    sources: Source | Iterable[Source],
    product: str = "monthly",
    *,
    flags: int | Iterable[int] = (2,),
    data_sets: str = "ABCD",
    duplicates: str = "once",
    name: str | None = None,
    progress: bool = False,
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
    flags : int or iterable of int, default 2
        WOCE flags of fCO2 that are taken.
    data_sets : str, default "ABCD"
        Flags of data sets that are taken, where the source has one.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    name : str, optional
        For the title.
    progress : bool, default False
        Whether long files show a bar.

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
    wanted = (flags,) if isinstance(flags, int) else tuple(flags)
    chosen = Selection(wanted, data_sets, duplicates)
    find_product(product)
    if isinstance(sources, Source):
        sources = [sources]
    given = list(sources)
    if not given:
        raise OptionError("nothing to grid: name at least one source")
    sums, left_out = Accumulator(product), Counter[str]()
    files = [Path(s) for s in given if isinstance(s, str | Path)]
    with ThreadPoolExecutor(1) as pool:
        # Beside the reading: a file of gigabytes takes seconds to digest.
        digests = [pool.submit(file_digest, path) for path in files]
        try:
            for place, source in enumerate(given):
                chunks = _chunks(source, chosen, place, progress)
                _take(sums, chunks, chosen, left_out)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        told = [(p.name, d.result()) for p, d in zip(files, digests, strict=True)]
    result = sums.result(left_out)
    others = len(given) - len(files)
    result.attrs |= _origin(told, others, chosen, name, result.attrs)
    return result


def _chunks(
    source: Source, chosen: Selection, place: int, progress: bool
) -> Iterator[tuple[Mapping[str, Any], Counter[str]]]:
    from oceanco2.gridding.datasets import dataset_rows
    from oceanco2.gridding.files import socat_chunks

    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise ReadError(f"{path}: no such file")
        if path.suffix.lower() not in (".nc", ".nc4"):
            yield from socat_chunks(path, chosen, progress)
            return
        from oceanco2.export import open_dataset

        yield dataset_rows(open_dataset(path), chosen, str(path))
        return
    if not isinstance(source, xr.Dataset | xr.DataArray):
        raise OptionError(
            "a source is a Dataset, a DataArray or the path of a file, not"
            f" {type(source).__name__}"
        )
    yield dataset_rows(source, chosen, f"source {place + 1}")


def _take(
    sums: Accumulator,
    chunks: Iterable[tuple[Mapping[str, Any], Counter[str]]],
    chosen: Selection,
    left_out: Counter[str],
) -> None:
    """Add the chunks of one source; repetitions are looked for within it."""
    repeated = Duplicates()
    for rows, not_taken in chunks:
        left_out.update(not_taken)
        keep: Any = slice(None)
        if chosen.duplicates == "once":
            keep = repeated.first(*(rows[column] for column in _ORDER))
            keep = slice(None) if keep.all() else keep
        sums.add(**{column: rows[column][keep] for column in COLUMNS})
    if repeated.found:
        left_out["exact duplicate"] += repeated.found


_ORDER = ("time", "dataset_id", *COLUMNS[1:3], *COLUMNS[4:])


def _origin(
    files: list[tuple[str, str]],
    others: int,
    chosen: Selection,
    name: str | None,
    attrs: Mapping[str, Any],
) -> dict[str, Any]:
    """Return attributes that say where the numbers come from."""
    made: dict[str, Any] = {"selection": str(chosen)}
    if name:
        made["title"] = f"{name} {str(attrs['title']).removeprefix('SOCAT-style ')}"
    if files:
        # Sorted: the result does not depend on the order of the sources.
        made["source_files"] = json.dumps([file for file, _ in sorted(files)])
        digests = [digest for _, digest in sorted(files)]
        made["source_files_sha256"] = json.dumps(digests)
    counts = [f"{len(files)} files"] * bool(files)
    counts += [f"{others} data sets"] * bool(others)
    step = f"gridded from {' and '.join(counts)}: {chosen}"
    return add_history(made, step)
