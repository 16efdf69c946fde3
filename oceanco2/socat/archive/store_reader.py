"""Read files that `excerpt` wrote (parquet, zarr, netCDF) like those of SOCAT."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from oceanco2.errors import OptionError, ReadError, require_library
from oceanco2.files import check_once, reading
from oceanco2.socat.archive.layout import INTEGERS, TIME, Layout
from oceanco2.socat.archive.preamble import SocatFile, open_socat
from oceanco2.socat.archive.printing import Array, Text
from oceanco2.socat.archive.table import NANOSECONDS, ArchiveRows

#: Suffixes of the files that `excerpt` writes.
SUFFIXES = (".parquet", ".zarr", ".nc")
_ROWS = 262_144
#: The C library of netCDF4 is not thread-safe.
_READ_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A parquet, zarr or netCDF file as a source of rows."""

    path: Path
    name: str
    size: int
    window: tuple[int, ...] = ()

    @property
    def divisible(self) -> bool:
        """Return whether ranges of bytes can be read independently."""
        return False

    def chunks(self) -> Iterator[bytes]:
        """Read nothing: there are no lines."""
        yield from ()

    def lines_before(self, start: int) -> int:  # noqa: ARG002
        """Return 0: there are no lines before the rows."""
        return 0

    def pieces(
        self,
        start: int,  # noqa: ARG002
        block: int,  # noqa: ARG002
    ) -> Iterator[tuple[Callable[[], "StoredPiece"], int]]:
        """Split the rows into chunks."""
        for first in range(0, self.size, _ROWS):
            last = min(first + _ROWS, self.size)
            yield StoredPiece(self.path, first, last).itself, last - first


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """A range of rows of a stored file."""

    path: Path
    first: int
    last: int

    def itself(self) -> "StoredPiece":
        """Return the chunk; it is read later, by `rows`."""
        return self

    def rows(self, layout: Layout) -> ArchiveRows:
        """Read the columns of the layout."""
        names = [*layout.numbers, *layout.labels, *([TIME] if layout.timed else [])]
        read = _read_parquet if self.path.suffix == ".parquet" else _read_arrays
        with _READ_LOCK:
            columns = read(self.path, names, self.first, self.last)
        time = columns.pop(TIME, None)
        count = self.last - self.first
        return ArchiveRows(
            {name: _missing_to_nan(name, columns[name]) for name in layout.numbers},
            {name: columns[name] for name in layout.labels},
            time,
            np.arange(count),
            np.empty(0, np.uint8),
            np.zeros((count, 2), np.int64),
            layout.file.name,
        )


def _missing_to_nan(name: str, values: Array) -> Array:
    values = np.ascontiguousarray(values, np.float64)
    if name in INTEGERS or name.endswith("src_oceanco2"):
        values = np.where(values < 0, np.nan, values)
    return values


def _read_parquet(
    path: Path, names: list[str], first: int, last: int
) -> dict[str, Any]:
    parquet = require_library("pyarrow.parquet", "parquet", ".parquet")
    file = parquet.ParquetFile(str(path))
    columns: dict[str, Any] = {}
    groups: list[int] = []
    at = skip = 0
    for i in range(file.num_row_groups):
        size = file.metadata.row_group(i).num_rows
        if at < last and at + size > first:
            skip = skip if groups else first - at
            groups.append(i)
        at += size
    table = file.read_row_groups(groups, columns=names).slice(skip, last - first)
    for name in names:
        column = table.column(name).unify_dictionaries().combine_chunks()
        if hasattr(column, "dictionary"):
            part = column
            labels = [str(w).encode() for w in part.dictionary.to_pylist()]
            codes = part.indices.to_numpy(zero_copy_only=False)
            columns[name] = _to_text(np.nan_to_num(codes, nan=-1.0), labels)
        else:
            columns[name] = column.to_numpy(zero_copy_only=False)
    if TIME in columns:
        columns[TIME] = columns[TIME].astype(NANOSECONDS)
    return columns


def _to_text(codes: Array, labels: list[bytes]) -> Text:
    # A missing text gets the last label, which is empty.
    codes = np.where(codes < 0, len(labels), codes).astype(np.int32)
    return Text(codes, [*labels, b""])


def _read_arrays(path: Path, names: list[str], first: int, last: int) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    with _open_dataset(path) as ds:
        for name in names:
            if f"{name}_index" in ds:
                codes = ds[f"{name}_index"][first:last].to_numpy()
                labels = [str(w).encode() for w in ds[name].to_numpy()]
                columns[name] = _to_text(codes, labels)
            elif name == TIME:
                seconds = ds[name][first:last].to_numpy()
                finite = np.isfinite(seconds)
                columns[name] = _to_times(
                    np.where(finite, np.rint(seconds * 1e6), np.nan)
                )
            else:
                columns[name] = ds[name][first:last].to_numpy()
    return columns


def _to_times(microseconds: Array) -> Array:
    present = np.isfinite(microseconds)
    integers = np.where(present, microseconds, 0.0).astype(np.int64)
    time = integers.view("datetime64[us]").astype(NANOSECONDS)
    time[~present] = np.datetime64("NaT")
    return time


def _open_dataset(path: Path) -> Any:
    import xarray as xr

    if path.suffix == ".zarr":
        require_library("zarr", "zarr", ".zarr")
        return xr.open_zarr(path, consolidated=False, decode_times=False, chunks=None)
    return xr.open_dataset(path, decode_times=False)


def open_store(path: Path) -> SocatFile:
    """Open a file that `excerpt` wrote."""
    if not path.exists():
        raise ReadError(f"{path}: no such file")
    with reading(path, also=(ValueError, KeyError)):
        names, size, attrs = _describe(path)
    source: Any = StoredSource(path, path.name, size)
    original = str(attrs.get("source", ""))
    return SocatFile(
        source=source,
        kind="store",
        header=tuple(names),
        line=0,
        start=0,
        separator="\t",
        encoding="utf-8",
        preamble=(),
        data_sets=(),
        attributes={"version": str(attrs.get("socat_version", "")), "source": original},
        artificial_times=(),
        notes=(),
    )


def _describe(path: Path) -> tuple[list[str], int, Mapping[str, Any]]:
    if path.suffix == ".parquet":
        parquet = require_library("pyarrow.parquet", "parquet", ".parquet")
        file = parquet.ParquetFile(str(path))
        about = (file.metadata.metadata or {}).get(b"oceanco2", b"{}")
        return list(file.schema_arrow.names), file.metadata.num_rows, json.loads(about)
    with _open_dataset(path) as ds:
        if "obs" not in ds.sizes:
            raise ReadError(
                f"{path}: has no dimension 'obs'; was it written by `socat excerpt`?"
            )
        names = [str(n).removesuffix("_index") for n in ds if ds[n].dims == ("obs",)]
        return names, ds.sizes["obs"], dict(ds.attrs)


def files_of(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """Return the paths of a user as a list; each may appear once."""
    files: list[Any] = [paths]
    if isinstance(paths, Iterable) and not isinstance(paths, str):
        files = list(paths)
    for path in files:
        if not isinstance(path, str | Path):
            raise OptionError(f"paths must be str or Path, not {type(path).__name__}")
    if not files:
        raise ReadError("no file given")
    check_once(files)
    return files


def open_file(path: str | Path, encoding: str | None = None) -> SocatFile:
    """Open a file of SOCAT or PANGAEA, or one that `excerpt` wrote."""
    path = Path(path)
    if path.suffix.lower() in SUFFIXES:
        return open_store(path)
    return open_socat(path, encoding)
