"""What was kept of SOCAT's files (parquet, zarr, netCDF), read as the files are."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from oceanco2.errors import OptionError, ReadError
from oceanco2.provenance import check_once
from oceanco2.socat_format import Text
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis.layout import INTEGERS, TIME, Layout
from oceanco2.synthesis.optional import library
from oceanco2.synthesis.preamble import SocatFile, open_socat
from oceanco2.synthesis.rows import NANOSECONDS, Rows

#: Endings of what `excerpt` keeps.
SUFFIXES = (".parquet", ".zarr", ".nc")
_ROWS = 262_144
#: The library below netCDF4 is not for several threads.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A store."""

    path: Path
    name: str
    size: int
    window: tuple[int, ...] = ()

    @property
    def divisible(self) -> bool:
        """Return whether ranges of bytes can be read on their own."""
        return False

    def chunks(self) -> Iterator[bytes]:
        """Read nothing: there are no lines."""
        yield from ()

    def lines_before(self, start: int) -> int:  # noqa: ARG002
        """Count the lines that are not read."""
        return 0

    def pieces(
        self,
        start: int,  # noqa: ARG002
        block: int,  # noqa: ARG002
    ) -> Iterator[tuple[Callable[[], "StoredPiece"], int]]:
        """Cut the rows into pieces."""
        for first in range(0, self.size, _ROWS):
            last = min(first + _ROWS, self.size)
            yield StoredPiece(self.path, first, last).itself, last - first


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """Rows of a store."""

    path: Path
    first: int
    last: int

    def itself(self) -> "StoredPiece":
        """Return the piece."""
        return self

    def rows(self, layout: Layout) -> Rows:
        """Read the columns that are wanted."""
        names = [*layout.numbers, *layout.words, *([TIME] if layout.timed else [])]
        read = _parquet if self.path.suffix == ".parquet" else _arrays
        with _ONE_AT_A_TIME:
            found = read(self.path, names, self.first, self.last)
        time = found.pop(TIME, None)
        count = self.last - self.first
        return Rows(
            {name: _number(name, found[name]) for name in layout.numbers},
            {name: found[name] for name in layout.words},
            time,
            np.arange(count),
            np.empty(0, np.uint8),
            np.zeros((count, 2), np.int64),
            layout.file.name,
        )


def _number(name: str, values: Array) -> Array:
    values = np.ascontiguousarray(values, np.float64)
    if name in INTEGERS or name.endswith("src_oceanco2"):
        values = np.where(values < 0, np.nan, values)
    return values


def _parquet(path: Path, names: list[str], first: int, last: int) -> dict[str, Any]:
    (parquet,) = library("pyarrow.parquet", "pyarrow", "parquet")
    file = parquet.ParquetFile(str(path))
    found: dict[str, Any] = {}
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
            words = [str(w).encode() for w in part.dictionary.to_pylist()]
            codes = part.indices.to_numpy(zero_copy_only=False)
            found[name] = _text(np.nan_to_num(codes, nan=-1.0), words)
        else:
            found[name] = column.to_numpy(zero_copy_only=False)
    if TIME in found:
        found[TIME] = found[TIME].astype(NANOSECONDS)
    return found


def _text(codes: Array, words: list[bytes]) -> Text:
    # A row without a word has the last one, which is empty.
    codes = np.where(codes < 0, len(words), codes).astype(np.int32)
    return Text(codes, [*words, b""])


def _arrays(path: Path, names: list[str], first: int, last: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with _opened(path) as ds:
        for name in names:
            if f"{name}_index" in ds:
                codes = ds[f"{name}_index"][first:last].to_numpy()
                words = [str(w).encode() for w in ds[name].to_numpy()]
                found[name] = _text(codes, words)
            elif name == TIME:
                seconds = ds[name][first:last].to_numpy()
                whole = np.where(np.isfinite(seconds), np.rint(seconds * 1e6), np.nan)
                found[name] = _microseconds(whole)
            else:
                found[name] = ds[name][first:last].to_numpy()
    return found


def _microseconds(values: Array) -> Array:
    there = np.isfinite(values)
    whole = np.where(there, values, 0.0).astype(np.int64)
    time = whole.view("datetime64[us]").astype(NANOSECONDS)
    time[~there] = np.datetime64("NaT")
    return time


def _opened(path: Path) -> Any:
    import xarray as xr

    if path.suffix == ".zarr":
        library("zarr", "zarr", "zarr")
        return xr.open_zarr(path, consolidated=False, decode_times=False, chunks=None)
    return xr.open_dataset(path, decode_times=False)


def open_store(path: Path) -> SocatFile:
    """Open what `excerpt` kept."""
    if not path.exists():
        raise ReadError(f"{path}: cannot be read: No such file or directory")
    try:
        names, size, attrs = _described(path)
    except (OSError, ValueError, KeyError) as error:
        said = " ".join(str(error).split())
        raise ReadError(f"{path}: cannot be read: {said}") from None
    source: Any = StoredSource(path, path.name, size)
    kept = str(attrs.get("source", ""))
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
        attributes={"version": str(attrs.get("socat_version", "")), "source": kept},
        artificial_times=(),
        notes=(),
    )


def _described(path: Path) -> tuple[list[str], int, Mapping[str, Any]]:
    if path.suffix == ".parquet":
        (parquet,) = library("pyarrow.parquet", "pyarrow", "parquet")
        file = parquet.ParquetFile(str(path))
        about = (file.metadata.metadata or {}).get(b"oceanco2", b"{}")
        return list(file.schema_arrow.names), file.metadata.num_rows, json.loads(about)
    with _opened(path) as ds:
        if "obs" not in ds.sizes:
            raise ReadError(
                f"{path}: has no rows along 'obs': socat excerpt keeps such"
            )
        names = [str(n).removesuffix("_index") for n in ds if ds[n].dims == ("obs",)]
        return names, ds.sizes["obs"], dict(ds.attrs)


def files_of(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """Return the files that a user names, each of them once."""
    given: list[Any] = [paths]
    if isinstance(paths, Iterable) and not isinstance(paths, str):
        given = list(paths)
    for path in given:
        if not isinstance(path, str | Path):
            raise OptionError(f"a file is named by its path, not {type(path).__name__}")
    if not given:
        raise ReadError("no file given")
    check_once(given)
    return given


def open_file(path: str | Path, encoding: str | None = None) -> SocatFile:
    """Open a file of SOCAT or PANGAEA, or what was kept of one."""
    path = Path(path)
    if path.suffix.lower() in SUFFIXES:
        return open_store(path)
    return open_socat(path, encoding)
