"""One stream: all raw files of one definition, joined along time."""

import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import xarray as xr
from tqdm import tqdm

from oceanco2.errors import OceanCO2Error, OptionError, ReadError, did_you_mean
from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.readers.bookkeeping import bookkeeping, clock_variables
from oceanco2.readers.entries import READERS, Reader
from oceanco2.readers.numbers import NOTHING
from oceanco2.readers.rows import Rows
from oceanco2.readers.runs import RunRows, classify
from oceanco2.readers.smoothing import running_mean
from oceanco2.readers.sources import Source
from oceanco2.readers.table import RawTable, Wanted, say_lines
from oceanco2.readers.text import is_empty
from oceanco2.readers.variables import (
    Smooth,
    base_name,
    check_units,
    delivered_flags,
    values_of,
)
from oceanco2.vocabulary import RUN_TYPES, attrs_of, flag_attrs

_MOST_NOTES = 50
_PLACE = ("latitude", "longitude")


def read_stream(
    platform: Platform, name: str, sources: list[Source]
) -> tuple[xr.Dataset, list[str]]:
    """Read all raw files of one definition."""
    definition = platform.files[name]
    reader = READERS[definition.reader]
    _check_options(definition, reader, f"{platform.path}: [files.{name}]")
    mine = _variables(platform, name, reader)
    wanted = _wanted(definition, reader, mine)
    tables, doubts = _tables(definition, reader, sources, wanted)
    if reader.together is not None:
        tables = reader.together(tables)
    mine = _there(mine, reader, tables)
    if definition.rows_with:
        tables = _rows_with(definition, tables, f"[files.{name}] of {platform.path}")
    rows = Rows(tables, definition, f"[files.{name}] of {platform.path}")
    notes = [note for table in tables for note in table.notes]
    doubts += [doubt for table in tables for doubt in table.doubts]
    times, more = reader.times(definition, rows, rows.where)
    doubts += _timeless(rows, times)
    time, doublets = rows.stand(times)
    counts = {
        "rows_read": int(times.size),
        "rows_rejected": int(np.isnat(times).sum()),
        "rows_duplicated": doublets,
    }
    runs = _runs(platform, definition, reader, rows, time)
    smooth = _smoother(time, runs)
    judged = (reader.short_runs, doubts)
    coords, data = _data(platform, mine, rows, (runs, smooth), judged)
    if reader.clocks is not None:
        data |= clock_variables(reader.clocks(rows, time))
    if runs is not None:
        doubts += runs.notes
        if reader.inspect is not None:
            doubts += reader.inspect(platform, rows, runs.labels, runs.standard)
    notes += more + _absent(rows)
    coords["time"] = ("time", time, {"standard_name": "time", "axis": "T"})
    attrs = _attrs(rows, counts, doubts, notes)
    return xr.Dataset(data, coords=coords, attrs=attrs), doubts


def _check_options(definition: FileDefinition, reader: Reader, where: str) -> None:
    for option in definition.options:
        if option not in reader.options:
            known = ", ".join(reader.options) or "none"
            hint = did_you_mean(option, reader.options)
            raise OptionError(
                f"{where} reader {reader.name!r} has no option {option!r}.{hint}"
                f" Allowed: {known}."
            )


def _tables(
    definition: FileDefinition, reader: Reader, sources: list[Source], wanted: Wanted
) -> tuple[list[RawTable], list[str]]:
    """Read each file once, in the order of names; those without rows are left out."""
    tables: dict[str, RawTable] = {}
    empty: list[str] = []
    ordered = sorted(sources, key=lambda s: _natural(s.name))
    for source in tqdm(ordered, "reading", unit="file", disable=None, leave=False):
        raw = source.load()
        if raw.digest in tables:
            continue
        if is_empty(raw.content):
            empty.append(f"{raw.name}: the file is empty")
            continue
        table = reader.read(definition, raw, wanted)
        table.file, table.digest = raw.name, raw.digest
        if table.lines.size:
            tables[raw.digest] = table
        else:
            empty.append(f"{raw.name}: has a header but no rows")
    if not tables:
        raise ReadError(empty[0])
    found = sorted(tables.values(), key=lambda t: (_natural(t.file), t.digest))
    return found, sorted(set(empty))


def _rows_with(
    definition: FileDefinition, tables: list[RawTable], where: str
) -> list[RawTable]:
    """Leave out rows in which every one of some columns is empty."""
    rows = Rows(tables, definition, f"rows_with, {where}")
    there = np.zeros(rows.joined("lines").shape, dtype=bool)
    codes = [code.strip().lower() for code in definition.missing]
    for column in definition.rows_with:
        texts = np.array([t.strip().lower() for t in rows.texts(column)], dtype=object)
        there |= ~np.isin(texts, [*NOTHING, *codes])
    if not there.any():
        said = f"no row has a value in {', '.join(definition.rows_with)}"
        raise ReadError(f"{tables[0].file}: {said} ({where})")
    index = rows.file_index()
    parts = [t.chosen(there[index == i]) for i, t in enumerate(tables)]
    return [part for part in parts if part.lines.size]


def _natural(name: str) -> list[tuple[int, str]]:
    """Order of names in which 10 comes after 9."""
    parts = re.split(r"(\d+)", name)
    return [(int(p) if p.isdigit() and p.isascii() else -1, p) for p in parts]


def _variables(
    platform: Platform, name: str, reader: Reader
) -> dict[str, VariableSource]:
    """Variables of this stream by the name they get on the dataset."""
    main = platform.main_file() == name
    mine: dict[str, VariableSource] = {}
    for variable, source in platform.variables.items():
        if source.same_as or (source.absent and variable in _PLACE):
            continue
        constant = source.value is not None or source.absent
        if main if constant else platform.file_of(source) == name:
            suffix = "_raw" if platform.needs_raw(variable) else ""
            mine[variable + suffix] = source
    for variable, source in platform.delivered.items():
        if platform.file_of(source) == name:
            mine[f"{variable}_delivered"] = source
    if main:
        given = {*platform.variables, *(f"{n}_delivered" for n in platform.delivered)}
        offered = {**reader.position, **reader.offers}
        mine |= {n: s for n, s in offered.items() if n not in given}
    return mine


def _there(
    mine: dict[str, VariableSource], reader: Reader, tables: list[RawTable]
) -> dict[str, VariableSource]:
    """Leave out what a format offers and these files do not have."""
    names = {name.lower() for table in tables for name in table.names}
    found = {}
    for name, source in mine.items():
        if source is reader.offers.get(name):
            if source.columns[0].lower() not in names:
                continue
            if source.flag and source.flag.lower() not in names:
                found[name] = source.model_copy(update={"flag": None})
                continue
        found[name] = source
    return found


def _wanted(
    definition: FileDefinition, reader: Reader, mine: dict[str, VariableSource]
) -> Wanted:
    texts, numbers = reader.time_columns(definition)
    texts = [*texts, *(definition.run_columns or reader.run_columns)]
    numbers = [*numbers, *reader.more_columns, *definition.rows_with]
    for source in mine.values():
        numbers += source.columns
        texts += [c for c in (source.flag, source.hemisphere) if c]
    return Wanted.of(texts, numbers)


def _timeless(rows: Rows, time: np.ndarray) -> list[str]:
    index, lines = rows.file_index(), rows.joined("lines")
    index, lines = index[np.isnat(time)], lines[np.isnat(time)]
    return [
        f"{rows.tables[i].file}: {say_lines(lines[index == i])} without a readable"
        " time: not used"
        for i in np.unique(index)
    ]


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
    labels = rows.texts(columns[0], required=True)
    for more in columns[1:]:
        labels = labels + "|" + rows.texts(more, required=True)
    sound = ~rows.joined("damaged")
    return classify(platform, reader.runs, labels, time, rows.place, sound)


def _data(
    platform: Platform,
    mine: dict[str, VariableSource],
    rows: Rows,
    known: tuple[RunRows | None, Smooth],
    judged: tuple[Collection[str], list[str]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    (runs, smooth), (short_runs, doubts) = known, judged
    short = _short(runs, short_runs, rows)
    damaged = rows.joined("damaged") & ~short
    doubts += _damaged(rows, damaged)
    homes: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    for name, source in mine.items():
        base = base_name(name)
        table = "delivered" if name.endswith("_delivered") else "variables"
        rows.where = f"[{table}.{base}] of {platform.path}"
        try:
            check_units(base, source, rows)
            values, odd = values_of(name, source, rows, smooth)
        except ReadError:
            raise
        except OceanCO2Error as error:
            raise ReadError(f"{rows.where}: {error}") from None
        values[short] = np.nan
        damaged |= odd & ~short
        doubts += _odd_cells(name, source, rows, odd & ~short)
        attrs = attrs_of(name, **_origin(source))
        homes[name in _PLACE][name] = ("time", values, attrs)
        if source.flag:
            codes = delivered_flags(source, rows, source.flag)
            flag = ("time", codes, flag_attrs(base, "delivered"))
            homes[False][f"{base}_flag_delivered"] = flag
    return homes[True], homes[False] | bookkeeping(rows, runs, damaged)


def _smoother(time: np.ndarray, runs: RunRows | None) -> Smooth:
    """Make running means that do not reach over changes of the run type."""
    run = np.zeros(time.shape, dtype=np.int8) if runs is None else runs.run_type
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    return lambda values, window: running_mean(values, seconds, window, run)


def _short(runs: RunRows | None, short_runs: Collection[str], rows: Rows) -> np.ndarray:
    """Rows such as WAKE UP: their cells stand anywhere, type and time only are read."""
    short = np.zeros(rows.joined("lines").shape, dtype=bool)
    if runs is None or not short_runs:
        return short
    words, which = np.unique(runs.labels.astype(str), return_inverse=True)
    fits = [
        any(fnmatchcase(w.strip().upper(), p.upper()) for p in short_runs)
        for w in words
    ]
    return np.array(fits)[which] & (runs.run_type == RUN_TYPES["ignored"])


def _damaged(rows: Rows, damaged: np.ndarray) -> list[str]:
    index, lines = rows.file_index()[damaged], rows.joined("lines")[damaged]
    return [
        f"{rows.tables[i].file}: {say_lines(lines[index == i])} with another number of"
        " fields than the header: kept as damaged"
        for i in np.unique(index)
    ]


def _origin(source: VariableSource) -> dict[str, Any]:
    if source.value is not None:
        return {"value_type": "nominal"}
    if source.absent:
        return {"value_type": "missing"}
    joint = " - " if source.difference else " + "
    origin = {"source_column": joint.join(source.columns)}
    if source.smooth_seconds:
        origin["smoothing"] = (
            f"running mean over {source.smooth_seconds:g} s of"
            f" {', '.join(source.columns[1:] or source.columns)}"
        )
    return origin | ({"sensor": source.sensor} if source.sensor else {})


def _odd_cells(
    name: str, source: VariableSource, rows: Rows, odd: np.ndarray
) -> list[str]:
    if not odd.any():
        return []
    first = int(np.flatnonzero(odd)[0])
    shown = " + ".join(repr(rows.texts(c)[first][:40]) for c in source.columns)
    if source.occurrence > 1:
        shown = repr(rows.texts(source.columns[0], source.occurrence)[first][:40])
    kind = "position" if name in _PLACE else "number"
    return [
        f"{rows.place(first)}: {name}: {shown} is no {kind}"
        f" ({int(odd.sum())} such cells, taken as missing, rows kept as damaged)"
    ]


def _absent(rows: Rows) -> list[str]:
    return [
        f"{', '.join(files[:3])}{' ...' if len(files) > 3 else ''}: no column {name!r},"
        " taken as missing"
        for name, files in rows.absent.items()
    ]


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
        **counts,
    }
