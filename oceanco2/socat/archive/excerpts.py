"""Write excerpts of SOCAT files: cells are copied, other numbers are formatted."""

import csv
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from oceanco2.dates import SECOND
from oceanco2.files import check_no_overwrite, writing
from oceanco2.provenance import package_version
from oceanco2.socat.archive._kernels import Separators, splice_columns
from oceanco2.socat.archive.layout import CLOCK, TIME, Layout, canonical
from oceanco2.socat.archive.parsing import Work, stream
from oceanco2.socat.archive.preamble import SocatFile
from oceanco2.socat.archive.printing import Array, Text, format_rows
from oceanco2.socat.archive.reading import ArchiveReading, open_reading, output_columns
from oceanco2.socat.archive.selection import selection
from oceanco2.socat.archive.store_reader import files_of
from oceanco2.socat.archive.store_writer import LINES, STORES, StoreWriter, suffix_of
from oceanco2.socat.archive.table import ArchiveRows
from oceanco2.socat.columns import COLUMNS, ArchiveColumn, column_of

_TAB, _COMMA = 9, 44
_QUOTED = (34, _COMMA)


class LinesWriter:
    """Write a .tsv or .csv file."""

    def __init__(
        self,
        path: Path,
        reading: ArchiveReading,
        columns: Sequence[str] | None,
        added: Sequence[ArchiveColumn] = (),
    ) -> None:
        self.path, self.reading, self.added = path, reading, tuple(added)
        self.separator = _COMMA if path.suffix == ".csv" else _TAB
        self.columns = _headers(reading, columns)
        self.chosen = columns is not None
        self.body = path.with_suffix(".rows")
        self.seen: dict[str, None] = {}
        self._file: IO[bytes] = self.body.open("wb")

    def add(self, rows: ArchiveRows, layout: Layout, more: Mapping[str, Array]) -> None:
        """Write rows."""
        if not rows.size:
            return
        expocodes = rows.labels.get("Expocode")
        if expocodes is not None:
            for i in np.unique(expocodes.codes).tolist():
                self.seen[expocodes.labels[i].decode("iso-8859-1").strip()] = None
        fields = self._fields(layout)
        if fields is None:
            self._file.write(self._format(rows, more))
        else:
            self._file.write(self._copy(rows, layout, fields, more))

    def close(self) -> None:
        """Write the header, then copy the rows after it."""
        self._file.close()
        with self.path.open("wb") as file:
            file.write(self._head())
            with self.body.open("rb") as body:
                shutil.copyfileobj(body, file, 2**20)
        self.body.unlink()

    def abandon(self) -> None:
        """Close the file after an error."""
        self._file.close()

    def _fields(self, layout: Layout) -> Array | None:
        """Return positions of the cells to copy; None if rows must be formatted."""
        known = {**self.reading.layouts[0].fields, **layout.fields}
        names = [canonical(c, known) for c in self.columns]
        if layout.file.kind == "store":
            return None
        if not all(name in layout.fields for name in names):
            return None
        fields = [layout.fields[name] for name in names]
        complete = not self.chosen and fields == list(range(len(layout.file.header)))
        first_file = layout.file is self.reading.files[0] and not self.chosen
        return np.array([] if complete or first_file else fields, np.int64)

    def _copy(
        self,
        rows: ArchiveRows,
        layout: Layout,
        fields: Array,
        more: Mapping[str, Array],
    ) -> bytes:
        separator = ord(layout.file.separator)
        if separator != self.separator and _has_quotes(rows):
            return self._copy_quoted(rows, layout, fields, more)
        numbers = np.empty((len(self.added), rows.size))
        table = np.zeros((len(self.added), 3), np.int64)
        for i, column in enumerate(self.added):
            numbers[i] = more[column.name]
            table[i] = column.decimals, column.width, column.kind == "number"
        capacity = int((rows.spans[:, 1] - rows.spans[:, 0]).sum())
        capacity += rows.size * (2 + 25 * len(self.added))
        out = np.empty(capacity, np.uint8)
        used = splice_columns(
            rows.text,
            rows.spans,
            fields,
            Separators(separator, self.separator),
            numbers,
            table,
            out,
        )
        return out[:used].tobytes()

    def _copy_quoted(
        self,
        rows: ArchiveRows,
        layout: Layout,
        fields: Array,
        more: Mapping[str, Array],
    ) -> bytes:
        """Copy cells, with quotes where they contain the separator of the output.

        Bytes that are not in the encoding of the file stay as they are.
        """
        file = io.StringIO()
        dialect = csv.writer(
            file, delimiter=chr(self.separator), lineterminator="\n", strict=True
        )
        formatted = format_rows(self.added, more) if self.added else b""
        extra = formatted.decode().splitlines() or [""] * rows.size
        for (start, end), tail in zip(rows.spans.tolist(), extra, strict=True):
            text = rows.text[start:end].tobytes()
            line = text.decode(layout.file.encoding, "surrogateescape")
            cells = line.rstrip("\r\n").split(layout.file.separator)
            cells = [cells[i] for i in fields] if fields.size else cells
            dialect.writerow([*cells, *(tail.split("\t") if tail else [])])
        return file.getvalue().encode(layout.file.encoding, "surrogateescape")

    def _format(self, rows: ArchiveRows, more: Mapping[str, Array]) -> bytes:
        """Format rows of another layout in the formats of SOCAT."""
        columns = [column_of(name) or _other_column(name) for name in self.columns]
        columns = [*columns, *self.added]
        values = values_of(rows, columns) | dict(more)
        lines = format_rows(columns, values)
        return lines.replace(b"\t", b",") if self.separator == _COMMA else lines

    def _head(self) -> bytes:
        first = self.reading.files[0]
        copied = self._fields(self.reading.layouts[0]) is not None
        encoding = first.encoding if copied else "utf-8"
        same_columns = not self.chosen and not self.added
        same_format = copied and first.separator == chr(self.separator)
        if same_columns and same_format and self.reading.chosen.is_all:
            return _up_to_rows(first)
        names = list(self.columns)
        if copied and not self.chosen:
            names = list(first.header)
        names += [column.header for column in self.added]
        header = chr(self.separator).join(names)
        above: list[str] = []
        if self.separator == _TAB and first.kind == "socat":
            above = self._preamble(first)
        ends = "\r\n" if copied and _up_to_rows(first).endswith(b"\r\n") else "\n"
        return "".join(line + ends for line in [*above, header]).encode(encoding)

    def _preamble(self, file: SocatFile) -> list[str]:
        """Return the lines above the header, without data sets that have no rows."""
        if not file.preamble:
            return []
        listed = {data_set["Expocode"] for data_set in file.data_sets}
        absent = listed - set(self.seen) if self.seen else set()
        kept = [x for x in file.preamble if x.split("\t", 1)[0] not in absent]
        kind = "Excerpt" if self.chosen or not self.reading.chosen.is_all else "Copy"
        origin = f"{kind} made with oceanco2 {package_version()}"
        if not self.reading.chosen.is_all:
            origin += f": {self.reading.chosen}"
        added = [f"{column.name}: {column.long_name}" for column in self.added]
        return [*kept, *([""] if kept[-1] else []), origin, *added, ""]


def _headers(reading: ArchiveReading, columns: Sequence[str] | None) -> list[str]:
    first = reading.layouts[0]
    if columns is None:
        if first.file.kind == "pangaea":
            return [column.header for column in COLUMNS]
        if first.file.kind == "store":
            return _store_headers(first)
        return [name for name in first.file.header if name]
    selected: list[str] = []
    for name in columns:
        # Times are written in six columns, as SOCAT does.
        selected += CLOCK if name == TIME else [name]
    positions = first.fields
    return [
        first.file.header[positions[name]] if name in positions else _header(name)
        for name in dict.fromkeys(selected)
    ]


def _store_headers(layout: Layout) -> list[str]:
    """Return the headers of a stored file: columns of SOCAT, then others."""
    names = {*layout.columns} | ({*CLOCK} if layout.timed else set())
    standard = [column.header for column in COLUMNS if column.name in names]
    others = [n for n in layout.columns if column_of(n) is None and n != TIME]
    return standard + others


def _header(name: str) -> str:
    column = column_of(name)
    return column.header if column else name


def _other_column(name: str) -> ArchiveColumn:
    return ArchiveColumn(name, name, "text", "")


def _up_to_rows(file: SocatFile) -> bytes:
    """Return the bytes up to the end of the header."""
    start = b""
    for chunk in file.source.chunks():
        start += chunk
        if len(start) >= file.start:
            break
    return start[: file.start]


def _has_quotes(rows: ArchiveRows) -> bool:
    first, last = rows.spans[0, 0], rows.spans[-1, 1]
    return bool(np.isin(rows.text[first:last], _QUOTED).any())


def values_of(
    rows: ArchiveRows, columns: Iterable[ArchiveColumn]
) -> dict[str, Array | Text]:
    """Return the values that `format_rows` formats, for rows of any layout."""
    values: dict[str, Any] = {}
    clock = _clock(rows.time) if rows.time is not None else {}
    nan_values = np.full(rows.size, np.nan)
    for column in columns:
        if column.kind == "text":
            labels = Text(np.zeros(rows.size, np.int32), [b"N/A"])
            values[column.name] = rows.labels.get(column.name, labels)
        elif column.name == "longitude" and "longitude" in rows.numbers:
            # SOCAT has 0 to 360; 360 itself occurs.
            lon = rows.numbers["longitude"]
            values["longitude"] = np.where(lon < 0.0, lon + 360.0, lon)
        else:
            numbers = rows.numbers.get(column.name, clock.get(column.name))
            values[column.name] = nan_values if numbers is None else numbers
    return values


def _clock(time: Array) -> dict[str, Array]:
    day, month = time.astype("datetime64[D]"), time.astype("datetime64[M]")
    year = time.astype("datetime64[Y]")
    seconds = (time - day) / SECOND
    minutes = np.floor(seconds / 60.0)
    return {
        "yr": year.astype(np.int64) + 1970,
        "mon": (month - year).astype(np.int64) + 1,
        "day": (day - month).astype(np.int64) + 1,
        "hh": minutes // 60,
        "mm": minutes % 60,
        "ss": seconds - 60.0 * minutes,
    }


Writer = LinesWriter | StoreWriter


@contextmanager
def writer(
    output: str | Path,
    reading: ArchiveReading,
    columns: Iterable[str] | None,
    added: Sequence[ArchiveColumn] = (),
) -> Iterator[Writer]:
    """Open a writer for an output file; writing is atomic."""
    suffix = suffix_of(output)
    names = output_columns(reading, columns)
    with writing(output) as temporary:
        path = temporary.with_suffix(suffix)
        output_writer: Writer
        if suffix in LINES:
            selected = None if columns is None else names
            output_writer = LinesWriter(path, reading, selected, added)
        else:
            output_writer = STORES[suffix](path, reading, names, added)
        try:
            yield output_writer
            output_writer.close()
        except BaseException:
            output_writer.abandon()
            raise
        if path != temporary:
            path.rename(temporary)


def transfer(
    reading: ArchiveReading, output_writer: Writer | None, work: Work | None = None
) -> Iterator[tuple[Any, Any]]:
    """Read chunk by chunk, write each chunk, and yield it."""
    for layout in reading.layouts:
        pieces = stream(
            layout, reading.counts, work, select=reading.chosen, **reading.options
        )
        for rows, result in pieces:
            if output_writer is not None:
                output_writer.add(rows, layout, result or {})
            yield rows, result


def excerpt(
    paths: str | Path | Iterable[str | Path],
    output: str | Path,
    columns: Iterable[str] | None = None,
    *,
    strict: bool = False,
    encoding: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    **filters: Any,
) -> dict[str, Any]:
    """Write rows of SOCAT files to another file.

    Cells are copied unchanged into .tsv and .csv; a file without selection is copied
    byte by byte. Rows of PANGAEA are written in the formats of SOCAT.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files published by SOCAT or PANGAEA.
    output : str or Path
        File to write: .tsv, .csv, .nc, .parquet or .zarr.
    columns : iterable of str, optional
        Columns to write; all by default.
    strict : bool, default False
        Whether the first line with a problem is an error.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Encoding of texts; detected by default.
    workers : int, optional
        Number of threads; one per core by default.
    progress : bool, optional
        Whether to show a progress bar; on a terminal by default.
    **filters
        Conditions that select rows, as for `read_socat`.

    Returns
    -------
    dict
        Counts of the lines; ``problems`` lists those with problems.

    Raises
    ------
    OptionError
        If an option is invalid, or a library for the format is not installed.
    ReadError
        If a file cannot be read.
    OutputError
        If the output is one of the files, or cannot be written.
    """
    suffix = suffix_of(output)
    paths_read = files_of(paths)
    check_no_overwrite(paths_read, output)
    if isinstance(columns, str):
        columns = columns.split(",")
    columns = None if columns is None else list(columns)
    columns_read = columns
    if columns is not None and suffix in LINES:
        columns_read = [name for name in columns if name not in CLOCK]
    also = ["Expocode"] if suffix in LINES else []
    reading = open_reading(
        paths_read,
        columns_read,
        also=also,
        chosen=selection(**filters),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    with writer(output, reading, columns, ()) as output_writer:
        for _ in transfer(reading, output_writer):
            pass
    return reading.info()
