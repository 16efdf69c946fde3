"""One stream: all raw files of one definition, joined along time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.readers.entries import READERS, Reader
from oceanco2.readers.runs import RunRows, classify
from oceanco2.readers.sources import Source
from oceanco2.readers.table import RawTable, missing_column
from oceanco2.readers.variables import delivered_flags, values_of
from oceanco2.vocabulary import RUN_TYPES, VARIABLES, attrs_of, coded_attrs, flag_attrs

_MOST_NOTES = 50


@dataclass(slots=True)
class Rows:
    """Rows of all files of a stream, as text, in the order of ``pick``.

    Attributes
    ----------
    tables : list of RawTable
        One a file, ordered by first time.
    where : str
        Key of the file definition, for messages.
    lenient : bool
        A column may be absent from some of the files (not from all).
    pick : ndarray of int, optional
        Rows of the joined tables that stand on the time axis, in time order.
    """

    tables: list[RawTable]
    where: str
    lenient: bool
    pick: np.ndarray | None = None

    def column(self, name: str, occurrence: int = 1) -> np.ndarray:
        """Return the texts of a column.

        Parameters
        ----------
        name : str
            Column name.
        occurrence : int, default 1
            Which one, where a name stands several times.

        Returns
        -------
        ndarray of object
            One text a row.

        Raises
        ------
        ReadError
            If the column is not there.
        """
        parts, absent = [], []
        for table in self.tables:
            position = table.position(name, occurrence)
            if position is None or position not in table.cells:
                absent.append(table)
                parts.append(np.full(table.lines.size, "", dtype=object))
            else:
                parts.append(table.cells[position])
        if absent and not (self.lenient and len(absent) < len(self.tables)):
            raise missing_column(absent[0].names, name, absent[0].file, self.where)
        return self.picked(np.concatenate(parts))

    def joined(self, attribute: str) -> np.ndarray:
        """Return an array of the tables, joined.

        Parameters
        ----------
        attribute : str
            ``"lines"``, ``"damaged"`` or ``"content"``.

        Returns
        -------
        ndarray
            One element a row.
        """
        return self.picked(np.concatenate([getattr(t, attribute) for t in self.tables]))

    def file_index(self) -> np.ndarray:
        """Return which file each row stands in.

        Returns
        -------
        ndarray of int16
            Index into ``tables``.
        """
        sizes = [t.lines.size for t in self.tables]
        return self.picked(np.repeat(np.arange(len(sizes), dtype=np.int16), sizes))

    def picked(self, joined: np.ndarray) -> np.ndarray:
        """Bring an array of all rows into the order of ``pick``.

        Parameters
        ----------
        joined : ndarray
            One element for every row of every file.

        Returns
        -------
        ndarray
            One element for every row that stands on the time axis.
        """
        return joined if self.pick is None else joined[self.pick]


def read_stream(platform: Platform, name: str, sources: list[Source]) -> xr.Dataset:
    """Read all raw files of one definition.

    Parameters
    ----------
    platform : Platform
        Names and units of the columns.
    name : str
        Key of ``platform.files``.
    sources : list of Source
        Raw files.

    Returns
    -------
    xarray.Dataset
        Variables of this stream along ``time``.

    Raises
    ------
    ReadError
        If a file is not what the definition says.
    """
    definition = platform.files[name]
    reader = READERS[definition.reader]
    mine = _variables(platform, name, reader)
    wanted = _wanted(definition, reader, mine)
    tables = {}
    for source in sources:
        table = reader.table(definition, source, wanted)
        tables.setdefault(table.digest, table)
    rows = Rows([tables[k] for k in sorted(tables)], f"[files.{name}]", len(tables) > 1)
    notes = [note for table in rows.tables for note in table.notes]
    time, doubts, counts, more = _on_the_axis(definition, reader, rows)
    runs = _runs(platform, definition, reader, rows, time)
    coords, data = _data(platform, mine, rows, runs, definition, doubts)
    if runs is not None:
        doubts += runs.notes
        if reader.inspect is not None:
            doubts += reader.inspect(platform, rows.column, runs.labels, runs.standard)
    attrs = _attrs(rows, counts, doubts, notes + more)
    coords["time"] = ("time", time, {"standard_name": "time", "axis": "T"})
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _variables(
    platform: Platform, name: str, reader: Reader
) -> dict[str, VariableSource]:
    """Variables of this stream by the name they get on the dataset."""
    main = platform.main_file() == name
    mine: dict[str, VariableSource] = {}
    for variable, source in platform.variables.items():
        here = main if source.value is not None else platform.file_of(source) == name
        if here:
            suffix = "_raw" if platform.needs_raw(variable) else ""
            mine[variable + suffix] = source
    for variable, source in platform.delivered.items():
        if platform.file_of(source) == name:
            mine[f"{variable}_delivered"] = source
    if main:
        for variable, column in reader.position.items():
            if variable not in platform.variables:
                mine[variable] = VariableSource(column=column)
    return mine


def _wanted(
    definition: FileDefinition, reader: Reader, mine: dict[str, VariableSource]
) -> set[str]:
    wanted = {*reader.time_columns(definition), "std val"}
    wanted |= set(definition.run_columns or reader.run_columns)
    for source in mine.values():
        wanted |= set(source.columns)
        wanted |= {c for c in (source.flag, source.hemisphere) if c}
    return wanted


def _on_the_axis(
    definition: FileDefinition, reader: Reader, rows: Rows
) -> tuple[np.ndarray, list[str], dict[str, int], list[str]]:
    """Order rows by time, then file, then line; drop doublets and timeless rows."""
    time, notes = reader.times(definition, rows.column, rows.where)
    index = rows.file_index()
    first = [
        np.min(
            time[(index == i) & ~np.isnat(time)], initial=np.datetime64("2262-01-01")
        )
        for i in range(len(rows.tables))
    ]
    order = sorted(range(len(first)), key=lambda i: (first[i], rows.tables[i].digest))
    rank = np.argsort(order)[index]
    whole = np.lexsort((rows.joined("lines"), rank, time))
    timed = whole[~np.isnat(time[whole])]
    _, once = np.unique(rows.joined("content")[timed], return_index=True)
    kept = timed[np.sort(once)]
    doubts = _timeless(rows, time)
    counts = {
        "rows_read": int(time.size),
        "rows_rejected": int(np.isnat(time).sum()),
        "rows_duplicated": int(timed.size - kept.size),
    }
    # From here on the tables stand in the order of their first times.
    starts = np.cumsum([0, *(t.lines.size for t in rows.tables)])
    moved = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in order])
    new_place = np.empty_like(moved)
    new_place[moved] = np.arange(moved.size)
    rows.tables = [rows.tables[i] for i in order]
    rows.pick = new_place[kept]
    return time[kept], doubts, counts, notes


def _timeless(rows: Rows, time: np.ndarray) -> list[str]:
    index, lines = rows.file_index(), rows.joined("lines")
    doubts = []
    for number, table in enumerate(rows.tables):
        lost = lines[np.isnat(time) & (index == number)]
        if lost.size:
            shown = ", ".join(map(str, lost[:5])) + (" ..." if lost.size > 5 else "")
            doubts.append(
                f"{table.file}: {lost.size} rows without a readable time are not used"
                f" (lines {shown})"
            )
    return doubts


def _runs(
    platform: Platform,
    definition: FileDefinition,
    reader: Reader,
    rows: Rows,
    time: np.ndarray,
) -> RunRows | None:
    columns = definition.run_columns or reader.run_columns
    if not columns:
        return None
    labels = rows.column(columns[0])
    for more in columns[1:]:
        labels = labels + "|" + rows.column(more)
    index, lines = rows.file_index(), rows.joined("lines")
    return classify(
        platform,
        reader.runs,
        labels,
        time,
        lambda i: f"{rows.tables[index[i]].file}:{lines[i]}",
        ~rows.joined("damaged"),
    )


def _data(
    platform: Platform,
    mine: dict[str, VariableSource],
    rows: Rows,
    runs: RunRows | None,
    definition: FileDefinition,
    doubts: list[str],
) -> tuple[dict[str, Any], dict[str, Any]]:
    damaged = rows.joined("damaged")
    ignored = np.zeros(damaged.shape, dtype=bool)
    if runs is not None:
        ignored = runs.run_type == RUN_TYPES["ignored"]
    # Rows such as WAKE UP are short, their cells stand anywhere: type and time only.
    unread = damaged & ignored
    coords: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for name, source in mine.items():
        where = f"[variables.{name.removesuffix('_raw')}] of {platform.path}"
        rows.where = where
        try:
            values, odd = values_of(name, source, rows, definition)
        except ReadError:
            raise
        except OceanCO2Error as error:
            raise ReadError(f"{where}: {error}") from None
        values[unread] = np.nan
        doubts += _odd_cells(name, source, rows, odd & ~ignored)
        attrs = attrs_of(name, **_origin(source))
        home = coords if name in ("latitude", "longitude") else data
        home[name] = ("time", values, attrs)
        if source.flag:
            base = name.removesuffix("_raw")
            codes = delivered_flags(source, rows.column(source.flag), where)
            key = f"{base}_flag_delivered"
            data[key] = ("time", codes, flag_attrs(base, "delivered"))
    data |= _bookkeeping(rows, runs, damaged & ~ignored)
    return coords, data


def _origin(source: VariableSource) -> dict[str, Any]:
    if source.value is not None:
        return {"value_type": "nominal"}
    joint = " - " if source.difference else " + "
    origin = {"source_column": joint.join(source.columns)}
    return origin | ({"sensor": source.sensor} if source.sensor else {})


def _odd_cells(
    name: str, source: VariableSource, rows: Rows, odd: np.ndarray
) -> list[str]:
    if not odd.any():
        return []
    first = int(np.flatnonzero(odd)[0])
    table = rows.tables[rows.file_index()[first]]
    text = rows.column(source.columns[0], source.occurrence)[first]
    return [
        f"{table.file}:{rows.joined('lines')[first]}: {name}: {text!r} is no number"
        f" ({int(odd.sum())} such cells, taken as missing)"
    ]


def _bookkeeping(rows: Rows, runs: RunRows | None, damaged: np.ndarray) -> dict:
    data: dict[str, Any] = {
        "source_file": (
            "time",
            rows.file_index(),
            {"long_name": "index into the attribute source_files"},
        ),
        "source_row": (
            "time",
            rows.joined("lines").astype(np.int32),
            {"long_name": "line of the source file, from 1"},
        ),
        "damaged": (
            "time",
            damaged.astype(np.int8),
            coded_attrs("row is damaged", {"no": 0, "yes": 1}, "int8"),
        ),
    }
    if runs is not None:
        words, codes = np.unique(runs.labels.astype(str), return_inverse=True)
        named = {w.strip().replace(" ", "_") or "blank": i for i, w in enumerate(words)}
        dtype = np.int16
        data["run_label"] = (
            "time",
            codes.astype(dtype),
            coded_attrs("run type as logged", named, dtype),
        )
        data["run_type"] = (
            "time",
            runs.run_type,
            coded_attrs("run type", RUN_TYPES, "int8")
            | {"standard_name": "status_flag"},
        )
        data["standard"] = (
            "time",
            runs.standard,
            {"long_name": "gas standard, index into [[standards]], -1 for none"},
        )
    return data


def _attrs(
    rows: Rows, counts: dict[str, int], doubts: list[str], notes: list[str]
) -> dict[str, Any]:
    said = [*doubts, *notes]
    if len(said) > _MOST_NOTES:
        said = [*said[:_MOST_NOTES], f"... {len(said) - _MOST_NOTES} more"]
    return {
        "source_files": [table.file for table in rows.tables],
        "source_files_sha256": [table.digest for table in rows.tables],
        "reading_notes": said,
        "doubts": doubts,
        **counts,
    }


assert "latitude" in VARIABLES  # the two coordinates are canonical names
