"""Text tables described in a platform file."""

from dataclasses import dataclass, field

import numpy as np

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import FileDefinition
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, hash_lines
from oceanco2.readers.text_table import (
    SEPARATOR_NAMES,
    SEPARATORS,
    fields,
    guess_separator,
    split_columns,
)
from oceanco2.text import decode, split_lines


@dataclass(slots=True)
class Head:
    """Header of a table: lines before the rows, and column names."""

    start: int
    names: list[str]
    separator: str
    lines: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@reader(
    "delimited",
    description="text table described in the platform file",
    proven=True,
)
def read_delimited(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one text table into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    del text
    head = find_head(definition, lines, raw.name)
    table = rows_of(definition, lines, head, (head.start, len(lines)), required)
    table.notes = notes + head.notes + table.notes
    return table


def rows_of(
    definition: FileDefinition,
    lines: list[str],
    head: Head,
    span: tuple[int, int],
    required: RequiredColumns,
) -> RawTable:
    """Split the lines below a header."""
    numbers = [
        i
        for i in range(*span)
        if (line := lines[i]) and line not in head.lines and not line.isspace()
    ]
    if definition.comment:
        numbers = [i for i in numbers if not _is_comment(lines[i], definition)]
    selected = [lines[i] for i in numbers]
    line_numbers = [i + 1 for i in numbers]
    header = (head.names, head.separator)
    return table_of_lines(*header, selected, line_numbers, required, definition.decimal)


def table_of_lines(
    names: list[str],
    separator: str,
    lines: list[str],
    line_numbers: list[int],
    required: RequiredColumns,
    decimal: str = ".",
) -> RawTable:
    """Split lines that share their column names."""
    cells, damaged = split_columns(
        lines, len(names), separator, required.positions_in(names), decimal
    )
    return RawTable(
        names=names,
        cells=cells,
        lines=np.array(line_numbers, dtype=np.int32),
        damaged=damaged,
        content=hash_lines(lines),
    )


def _is_comment(line: str, definition: FileDefinition) -> bool:
    mark = definition.comment
    return bool(mark) and line.lstrip().startswith(str(mark))


def find_head(definition: FileDefinition, lines: list[str], file: str) -> Head:
    """Find where the rows begin, the column names and the separator."""
    header = definition.header
    start = header.skip
    if header.until is not None:
        start = _behind(header.until, lines, file)
    header_lines: list[str] = []
    while len(header_lines) < header.rows + header.units:
        if start >= len(lines):
            raise ReadError(f"{file}: ends within its header")
        line = lines[start]
        if line.strip() and not _is_comment(line, definition):
            header_lines.append(line)
        start += 1
    first_line = (
        header_lines[0]
        if header_lines
        else next((x for x in lines[start:] if x.strip()), "")
    )
    separator, notes = _separator(definition, first_line, file)
    if definition.names is not None:
        names = [name.strip() for name in definition.names]
    elif not header.rows:
        raise ReadError(f"{file}: 'header' has no row of names: set 'names'")
    else:
        names = _names(
            [fields(line, separator) for line in header_lines[: header.rows]]
        )
    return Head(start, names, separator, set(header_lines), notes)


def _behind(until: str, lines: list[str], file: str) -> int:
    prefix = until.strip().lower()
    for i, line in enumerate(lines):
        if line.strip().lower().startswith(prefix):
            return i + 1
    raise ReadError(f"{file}: no line starts with {until!r} (end of the header)")


def _separator(
    definition: FileDefinition, line: str, file: str
) -> tuple[str, list[str]]:
    name = definition.separator
    if name is None:
        separator = guess_separator(line)
        return separator, [
            f"{file}: separator assumed to be {SEPARATOR_NAMES[separator]}"
        ]
    if name.lower() not in SEPARATORS:
        allowed = [name for name in SEPARATORS if len(name) > 1]
        hint = did_you_mean(name, allowed)
        raise ReadError(
            f"{file}: unknown separator {name!r}.{hint} Allowed: {', '.join(allowed)}."
        )
    return SEPARATORS[name.lower()], []


def _names(rows: list[list[str]]) -> list[str]:
    """Join several header rows; a blank repeats the name to its left."""
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
    while names and not names[-1].strip("|"):
        names = names[:-1]
    return names
