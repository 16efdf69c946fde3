"""Any text table that a platform file describes."""

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.provenance import digest
from oceanco2.readers.entries import READERS, Column, Reader, Wanted
from oceanco2.readers.sources import Source
from oceanco2.readers.table import (
    SEPARATORS,
    RawTable,
    cells_of,
    decode,
    fields,
    hashes,
    sniff,
    split_lines,
)
from oceanco2.readers.times import read_times


def read_table(definition: FileDefinition, source: Source, wanted: Wanted) -> RawTable:
    """Cut one text table into cells.

    Parameters
    ----------
    definition : FileDefinition
        Separator, header, encoding, comments.
    source : Source
        The raw file.
    wanted : collection of str
        Names of columns that are needed.

    Returns
    -------
    RawTable
        Every row that is not blank, a comment, or the header again.

    Raises
    ------
    ReadError
        If it is no text table, or has no header or no rows.
    """
    content = source.content()
    text, notes = decode(content, definition.encoding, source.name)
    numbered = list(enumerate(split_lines(text), start=1))
    start, names, separator, again = _header(definition, numbered, source.name)
    rows = [
        (number, line)
        for number, line in numbered[start:]
        if line.strip() and line not in again and not _is_comment(line, definition)
    ]
    if not rows:
        raise ReadError(f"{source.name}: has a header but no rows")
    lines = [line for _, line in rows]
    columns = _columns(names, wanted)
    cells, damaged = cells_of(lines, len(names), separator, columns)
    return RawTable(
        file=source.name,
        digest=digest(content),
        names=names,
        cells=cells,
        lines=np.array([number for number, _ in rows], dtype=np.int32),
        damaged=damaged,
        content=hashes(lines),
        notes=notes,
    )


def _is_comment(line: str, definition: FileDefinition) -> bool:
    return bool(definition.comment) and line.lstrip().startswith(definition.comment)


def _columns(names: list[str], wanted: Wanted) -> set[int]:
    lower = {name.strip().lower() for name in wanted}
    return {i for i, name in enumerate(names) if name.lower() in lower}


def _header(
    definition: FileDefinition, numbered: list[tuple[int, str]], file: str
) -> tuple[int, list[str], str, set[str]]:
    """Find where the rows begin, the column names and the lines that repeat them."""
    header = definition.header
    start = header.skip
    if header.until is not None:
        wanted = header.until.strip().lower()
        ends = [
            i
            for i, (_, x) in enumerate(numbered)
            if x.strip().lower().startswith(wanted)
        ]
        if not ends:
            raise ReadError(f"{file}: no line starts with {header.until!r} (header)")
        start = ends[0] + 1
    lines: list[str] = []
    while len(lines) < header.rows + header.units:
        if start >= len(numbered):
            raise ReadError(f"{file}: ends before its header does")
        line = numbered[start][1]
        if line.strip() and not _is_comment(line, definition):
            lines.append(line)
        start += 1
    first = (
        lines[0] if lines else next((x for _, x in numbered[start:] if x.strip()), "")
    )
    separator = _separator(definition, first)
    if definition.names is not None:
        names = [name.strip() for name in definition.names]
    else:
        names = _names([fields(line, separator) for line in lines[: header.rows]])
    return start, names, separator, set(lines)


def _separator(definition: FileDefinition, line: str) -> str:
    if definition.separator is None:
        return sniff(line)
    if definition.separator.lower() not in SEPARATORS:
        allowed = ", ".join(repr(s) for s in SEPARATORS if len(s) > 1)
        raise ReadError(f"separator {definition.separator!r} is not one of {allowed}")
    return SEPARATORS[definition.separator.lower()]


def _names(rows: list[list[str]]) -> list[str]:
    """Join several header rows; a blank repeats the entry to its left."""
    if len(rows) == 1:
        names = rows[0]
    else:
        width = max(map(len, rows), default=0)
        filled = []
        for short in rows:
            row = short + [""] * (width - len(short))
            for i in range(1, width):
                row[i] = row[i] or row[i - 1]
            filled.append(row)
        names = ["|".join(parts) for parts in zip(*filled, strict=True)]
    while names and not names[-1]:
        names = names[:-1]
    return names


def read_all_times(
    definition: FileDefinition, column: Column, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read the times as the platform file describes them.

    Parameters
    ----------
    definition : FileDefinition
        Its ``time`` table.
    column : callable
        Column name to texts.
    where : str
        Key of the platform file.

    Returns
    -------
    times : ndarray of datetime64[ns]
        NaT where there is none.
    notes : list of str
        Nothing to note.

    Raises
    ------
    ReadError
        If the platform file does not describe the time.
    """
    if definition.time is None:
        raise ReadError(f"{where} lacks 'time': where are date and time?")
    return read_times(definition.time, column, f"{where}.time"), []


def time_columns(definition: FileDefinition) -> list[str]:
    """List the columns that date and time are in.

    Parameters
    ----------
    definition : FileDefinition
        Its ``time`` table.

    Returns
    -------
    list of str
        Column names.
    """
    way = definition.time
    if way is None:
        return []
    single = [way.date, way.time, way.day_fraction, way.year, way.month, way.day]
    single += [way.hour, way.minute, way.second, way.day_of_year, way.seconds]
    return [*(way.columns or []), *(name for name in single if isinstance(name, str))]


READERS.add(
    "delimited",
    Reader(
        name="delimited",
        description="any text table described in the platform file",
        proven=True,
        table=read_table,
        times=read_all_times,
        time_columns=time_columns,
        run_columns=(),
        runs={},
        short_rows=(),
        position={},
    ),
)
