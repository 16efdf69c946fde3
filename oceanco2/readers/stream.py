"""Read one stream: all raw files of one definition, in order of time."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import xarray as xr
from tqdm import tqdm

from oceanco2.dates import NEWEST_INPUT, SECOND
from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.platforms.contradictions import unanswered
from oceanco2.readers.clocks import (
    clock_messages,
    conflicts,
    other_clocks,
    zone_messages,
)
from oceanco2.readers.heads import EXPOCODE, head_messages, on_its_90
from oceanco2.readers.numbers import MISSING_TEXTS
from oceanco2.readers.reader import READERS, Reader, check_reader_options
from oceanco2.readers.runs import RunRows, classify_runs, of_other_runs, running_mean
from oceanco2.readers.sources import Source
from oceanco2.readers.table import (
    RawTable,
    RequiredColumns,
    StreamRows,
    column_key,
    format_lines,
)
from oceanco2.readers.times import ClockNote, row_numbers
from oceanco2.readers.variables import (
    Smooth,
    absolute_salinity,
    base_name,
    bookkeeping_variables,
    check_commas,
    check_format,
    check_units,
    clock_variables,
    conflict_variables,
    delivered_flags,
    impossible,
    possible_units,
    values_of,
)
from oceanco2.text import is_empty
from oceanco2.vocabulary import RUN_TYPES, VARIABLES, attrs_of, flag_attrs

_MOST_NOTES = 50
_POSITION = ("latitude", "longitude")


def read_stream(
    platform: Platform, name: str, sources: list[Source], *, in_order: bool = False
) -> tuple[xr.Dataset, list[str]]:
    """Read all raw files of one definition; `in_order`: whatever times they have."""
    definition = platform.files[name]
    reader = _reader_of(definition, in_order=in_order)
    rows, variables, messages = _read_rows(platform, name, reader, sources)
    notes = [note for table in rows.tables for note in table.notes]
    messages += [message for table in rows.tables for message in table.warnings]
    times, time_notes = reader.times(definition, rows, rows.where)
    if not in_order:
        required = _required_columns(definition, reader, variables)
        far_off = other_clocks(rows, times, required.texts | required.numbers)
        time_notes = [*time_notes, *far_off]
    messages += _rows_without_time(rows, times)
    time, duplicates = rows.sort_by_time(times)
    newest = max(source.modified for source in sources)
    messages += clock_messages(platform, name, rows, time, newest)
    messages += zone_messages(platform, name, rows)
    counts = {
        "rows_read": int(times.size),
        "rows_rejected": int(np.isnat(times).sum()),
        "rows_duplicated": duplicates,
    }
    runs = _run_rows(platform, definition, reader, rows, time)
    coords, data, invalid = _stream_variables(
        platform,
        variables,
        rows,
        runs=runs,
        smooth=_make_smoother(time, runs),
        short_runs=reader.short_runs,
    )
    messages += invalid
    contradicted, contradictions = _conflicts(platform, name, rows, time, coords, data)
    data |= contradicted
    messages += contradictions
    clocks = reader.clocks(rows, time) if reader.clocks else {}
    data |= clock_variables(clocks)
    clock_notes = [*time_notes, *_clock_notes(clocks, time)]
    messages += _other_clocks(platform, name, clock_notes)
    messages += _run_messages(platform, reader, rows, runs)
    notes += time_notes + rows.notes + _absent_columns(rows)
    coords["time"] = ("time", time, {"standard_name": "time", "axis": "T"})
    attrs = _stream_attrs(rows, counts, messages, notes)
    if newest > datetime.now(tz=UTC).timestamp():
        attrs[NEWEST_INPUT] = str(np.datetime64(round(newest), "s"))
    return xr.Dataset(data, coords=coords, attrs=attrs), messages


def _reader_of(definition: FileDefinition, *, in_order: bool) -> Reader:
    """Return the reader of a stream, or one that counts rows in place of times."""
    reader = READERS[definition.reader]
    if in_order:
        return replace(reader, times=row_numbers, time_columns=lambda _: ([], []))
    return reader


def _read_rows(
    platform: Platform, name: str, reader: Reader, sources: list[Source]
) -> tuple[StreamRows, dict[str, VariableSource], list[str]]:
    """Read the rows of all files, and which variables they contain."""
    definition = platform.files[name]
    where = f"[files.{name}] of {platform.path}"
    check_reader_options(platform, name)
    variables = _stream_variable_sources(platform, name, reader)
    required = _required_columns(definition, reader, variables)
    tables, messages = _read_tables(definition, reader, sources, required)
    if reader.together is not None:
        tables = reader.together(tables)
    variables = _available_variables(variables, reader, tables)
    if definition.rows_with:
        tables = _rows_with(definition, tables, where)
    rows = StreamRows(tables, definition, where)
    return rows, variables, messages + head_messages(platform, rows)


def _read_tables(
    definition: FileDefinition,
    reader: Reader,
    sources: list[Source],
    required: RequiredColumns,
) -> tuple[list[RawTable], list[str]]:
    """Read each file once, in natural order of names; skip those without rows."""
    tables: dict[str, RawTable] = {}
    empty: list[str] = []
    ordered = sorted(sources, key=lambda s: _natural_key(s.name))
    for source in tqdm(ordered, "reading", unit="file", disable=None, leave=False):
        raw = source.load()
        if raw.digest in tables:
            continue
        if is_empty(raw.content):
            empty.append(f"{raw.name}: the file is empty")
            continue
        table = reader.read(definition, raw, required)
        table.file, table.digest = raw.name, raw.digest
        if table.lines.size:
            tables[raw.digest] = table
        else:
            empty.append(f"{raw.name}: has a header but no rows")
    if not tables:
        raise ReadError(empty[0])
    ordered_tables = sorted(
        tables.values(), key=lambda t: (_natural_key(t.file), t.digest)
    )
    return ordered_tables, sorted(set(empty))


def _rows_with(
    definition: FileDefinition, tables: list[RawTable], where: str
) -> list[RawTable]:
    """Drop rows in which all columns of `rows_with` are empty."""
    rows = StreamRows(tables, definition, f"rows_with, {where}")
    has_value = np.zeros(rows.concatenate("lines").shape, dtype=bool)
    codes = [code.strip().lower() for code in definition.missing]
    for column in definition.rows_with:
        texts = np.array([t.strip().lower() for t in rows.texts(column)], dtype=object)
        has_value |= ~np.isin(texts, [*MISSING_TEXTS, *codes])
    if not has_value.any():
        message = f"no row has a value in {', '.join(definition.rows_with)}"
        raise ReadError(f"{tables[0].file}: {message} ({where})")
    index = rows.file_index()
    selected = [t.select(has_value[index == i]) for i, t in enumerate(tables)]
    return [part for part in selected if part.lines.size]


def _natural_key(name: str) -> list[tuple[int, str]]:
    """Sort key with 10 after 9."""
    parts = re.split(r"(\d+)", name)
    return [(int(p) if p.isdigit() and p.isascii() else -1, p) for p in parts]


def _stream_variable_sources(
    platform: Platform, name: str, reader: Reader
) -> dict[str, VariableSource]:
    """List the sources of the variables of this stream by their name in the dataset."""
    main = platform.main_file() == name
    sources: dict[str, VariableSource] = {}
    for variable, source in platform.variables.items():
        not_read = source.absent and (variable in _POSITION or "CO2" in variable)
        if source.same_as or not_read:
            continue
        constant = source.value is not None or source.absent
        if main if constant else platform.file_of(source) == name:
            suffix = "_raw" if platform.needs_raw(variable) else ""
            sources[variable + suffix] = source
    for variable, source in platform.delivered.items():
        if platform.file_of(source) == name:
            sources[f"{variable}_delivered"] = source
    if main:
        described = {
            *platform.variables,
            *(f"{n}_delivered" for n in platform.delivered),
        }
        offered = {**reader.position, **reader.offers}
        sources |= {n: s for n, s in offered.items() if n not in described}
    return sources


def _available_variables(
    sources: dict[str, VariableSource], reader: Reader, tables: list[RawTable]
) -> dict[str, VariableSource]:
    """Drop variables that the reader offers but these files do not contain."""
    names = {name.lower() for table in tables for name in table.names}
    available = {}
    for name, source in sources.items():
        if source is reader.offers.get(name):
            if source.columns[0].lower() not in names:
                continue
            if source.flag and source.flag.lower() not in names:
                available[name] = source.model_copy(update={"flag": None})
                continue
        available[name] = source
    return available


def _required_columns(
    definition: FileDefinition, reader: Reader, sources: dict[str, VariableSource]
) -> RequiredColumns:
    texts, numbers = reader.time_columns(definition)
    texts = [*texts, *(definition.run_columns or reader.run_columns), EXPOCODE]
    numbers = [*numbers, *reader.more_columns, *definition.rows_with]
    for source in sources.values():
        numbers += source.columns
        texts += [c for c in (source.flag, source.hemisphere) if c]
    return RequiredColumns.of(texts, numbers)


def _rows_without_time(rows: StreamRows, time: np.ndarray) -> list[str]:
    index, lines = rows.file_index(), rows.concatenate("lines")
    index, lines = index[np.isnat(time)], lines[np.isnat(time)]
    return [
        f"{rows.tables[i].file}: {format_lines(lines[index == i])} without a readable"
        " time: not used"
        for i in np.unique(index)
    ]


def _run_messages(
    platform: Platform, reader: Reader, rows: StreamRows, runs: RunRows | None
) -> list[str]:
    """Say what is wrong with the run types, and with the readings of standards."""
    if runs is None:
        return []
    if reader.inspect is None:
        return runs.notes
    return runs.notes + reader.inspect(platform, rows, runs.labels, runs.standard)


def _clock_notes(clocks: Mapping[str, np.ndarray], time: np.ndarray) -> list[str]:
    """Describe how other clocks of a format differ from the one that is used."""
    notes: list[str] = []
    for clock, times in clocks.items():
        difference = (times - time) / SECOND
        difference = difference[~np.isnan(difference)]
        notes += [ClockNote.of(clock, difference)] if difference.size else []
    return notes


def _other_clocks(platform: Platform, name: str, notes: list[str]) -> list[str]:
    """Warn of other clocks of a log that differ from the one that is used."""
    messages = []
    for note in notes:
        if isinstance(note, ClockNote) and note.is_far_off:
            message = f"{platform.path}: [files.{name}] {note}"
            messages += unanswered(platform.accepted, "clocks", message, name)
    return messages


def _conflicts(
    platform: Platform,
    name: str,
    rows: StreamRows,
    time: np.ndarray,
    coords: dict[str, Any],
    data: dict[str, Any],
) -> tuple[dict[str, Any], list[str]]:
    """Variables for rows that another file contradicts, and messages about them."""
    conflict, messages = conflicts(name, rows, time, coords | data)
    if not conflict.any():
        return {}, messages
    is_main = name == platform.main_file()
    return conflict_variables(conflict, data, is_main=is_main), messages


def _run_rows(
    platform: Platform,
    definition: FileDefinition,
    reader: Reader,
    rows: StreamRows,
    time: np.ndarray,
) -> RunRows | None:
    columns = definition.run_columns or reader.run_columns
    if not columns:
        return None
    labels = rows.texts(columns[0], required=True)
    for column in columns[1:]:
        labels = labels + "|" + rows.texts(column, required=True)
    undamaged = ~rows.concatenate("damaged")
    return classify_runs(platform, reader.runs, labels, time, rows.locate, undamaged)


def _stream_variables(
    platform: Platform,
    sources: dict[str, VariableSource],
    rows: StreamRows,
    *,
    runs: RunRows | None,
    smooth: Smooth,
    short_runs: Collection[str],
) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """Read coordinates and other variables of a stream; also texts and warnings."""
    short = _short_rows(runs, short_runs, rows)
    damaged = rows.concatenate("damaged") & ~short
    messages: list[Any] = [*_damaged_rows(rows, damaged)]
    coords: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for name, described in sources.items():
        base = base_name(name)
        table = "delivered" if name.endswith("_delivered") else "variables"
        rows.where = f"[{table}.{base}] of {platform.path}"
        try:
            source, warnings = _checked_source(platform, base, described, rows)
            values, invalid = values_of(name, source, rows, smooth)
            values, scale = on_its_90(platform, base, source, rows, values)
        except ReadError:
            raise
        except OceanCO2Error as error:
            raise ReadError(f"{rows.where}: {error}") from None
        values[short] = np.nan
        messages += warnings + scale
        other_units = possible_units(base, source, rows)
        if warning := impossible(base, source.units, values, other_units, rows.where):
            messages.append(warning)
        comment = _drop_other_runs(platform, name, runs, values)
        damaged |= invalid & ~short
        messages += _invalid_cells(name, source, rows, invalid & ~short)
        absolute, questions = absolute_salinity(name, source, rows)
        messages += questions
        attrs = attrs_of(name, **_source_attrs(source), **absolute, **comment)
        (coords if name in _POSITION else data)[name] = ("time", values, attrs)
        if source.flag:
            codes = delivered_flags(source, rows, source.flag)
            flag = ("time", codes, flag_attrs(base, "delivered"))
            data[f"{base}_flag_delivered"] = flag
    return coords, data | bookkeeping_variables(rows, runs, damaged), messages


def _checked_source(
    platform: Platform, name: str, source: VariableSource, rows: StreamRows
) -> tuple[VariableSource, list[str]]:
    """Hold a source against what the files say; fill in units that they state."""
    check_commas(name, source, rows)
    if name in _POSITION or not source.columns:
        check_format(source, rows)
        units = source.units or VARIABLES[name].units
        return source.model_copy(update={"units": units}), []
    units, warnings = check_units(name, source, rows, platform.accepted)
    for table in rows.tables:
        for column in source.columns:
            message = table.wrong_ranges.get(column_key(column))
            if message:
                message = f"{table.file}: {message}"
                warnings += unanswered(platform.accepted, "valid_range", message, name)
    return source.model_copy(update={"units": units}), warnings


def _drop_other_runs(
    platform: Platform, name: str, runs: RunRows | None, values: np.ndarray
) -> dict[str, str]:
    """Set CO2 of other run types to NaN; return an attribute that says so."""
    rows = of_other_runs(platform, name, runs)
    values[rows] = np.nan
    if not np.any(rows):
        return {}
    count = int(np.count_nonzero(rows))
    return {"comment": f"{count} rows are of other run types: not used"}


def _make_smoother(time: np.ndarray, runs: RunRows | None) -> Smooth:
    """Make a running mean that stops at changes of the run type."""
    run_type = np.zeros(time.shape, dtype=np.int8) if runs is None else runs.run_type
    seconds = (time - time[:1]) / SECOND
    return lambda values, window: running_mean(values, seconds, window, run_type)


def _short_rows(
    runs: RunRows | None, short_runs: Collection[str], rows: StreamRows
) -> np.ndarray:
    """Mask rows such as WAKE UP, of which only type and time are reliable."""
    empty = np.zeros(rows.concatenate("lines").shape, dtype=bool)
    if runs is None or not short_runs:
        return empty
    labels, which = np.unique(runs.labels.astype(str), return_inverse=True)
    is_short = [
        any(fnmatchcase(label.strip().upper(), p.upper()) for p in short_runs)
        for label in labels
    ]
    return np.array(is_short)[which] & (runs.run_type == RUN_TYPES["ignored"])


def _damaged_rows(rows: StreamRows, damaged: np.ndarray) -> list[str]:
    index, lines = rows.file_index()[damaged], rows.concatenate("lines")[damaged]
    return [
        f"{rows.tables[i].file}: {format_lines(lines[index == i])} with a different"
        " number of fields than the header: kept as damaged"
        for i in np.unique(index)
    ]


def _source_attrs(source: VariableSource) -> dict[str, Any]:
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
    if source.dry == "corrected":
        origin["dry"] = "corrected: the analyser prints the mole fraction in dry air"
    return origin | ({"sensor": source.sensor} if source.sensor else {})


def _invalid_cells(
    name: str, source: VariableSource, rows: StreamRows, invalid: np.ndarray
) -> list[str]:
    if not invalid.any():
        return []
    first = int(np.flatnonzero(invalid)[0])
    cell_text = " + ".join(repr(rows.texts(c)[first][:40]) for c in source.columns)
    if source.occurrence > 1:
        cell_text = repr(rows.texts(source.columns[0], source.occurrence)[first][:40])
    kind = "position" if name in _POSITION else "number"
    return [
        f"{rows.locate(first)}: {name}: {cell_text} is not a {kind}"
        f" ({int(invalid.sum())} such cells, treated as missing, rows kept as damaged)"
    ]


def _absent_columns(rows: StreamRows) -> list[str]:
    return [
        f"{', '.join(files[:3])}{' ...' if len(files) > 3 else ''}: no column {name!r},"
        " treated as missing"
        for name, files in rows.absent.items()
    ]


def _stream_attrs(
    rows: StreamRows, counts: dict[str, int], messages: list[str], notes: list[str]
) -> dict[str, Any]:
    entries = [*map(str, messages), *notes]
    if len(entries) > _MOST_NOTES:
        entries = [*entries[:_MOST_NOTES], f"... {len(entries) - _MOST_NOTES} more"]
    return {
        "source_files": [table.file for table in rows.tables],
        "source_files_sha256": [table.digest for table in rows.tables],
        "reading_notes": entries,
        **counts,
    }
