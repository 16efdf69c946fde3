"""Any text table that a platform file describes."""

from dataclasses import dataclass, field

import numpy as np

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import FileDefinition
from oceanco2.readers.cells import NAMED, SEPARATORS, cut, fields, sniff
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, Wanted, hashes
from oceanco2.readers.text import decode, split_lines


@dataclass(slots=True)
class Head:
    """What stands before the rows."""

    start: int
    names: list[str]
    separator: str
    lines: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@reader(
    "delimited",
    description="any text table described in the platform file",
    proven=True,
)
def read_delimited(
    definition: FileDefinition, raw: RawFile, wanted: Wanted
) -> RawTable:
    """Cut one text table into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    del text
    head = find_head(definition, lines, raw.name)
    table = rows_of(definition, lines, head, (head.start, len(lines)), wanted)
    table.notes = notes + head.notes + table.notes
    return table


def rows_of(
    definition: FileDefinition,
    lines: list[str],
    head: Head,
    span: tuple[int, int],
    wanted: Wanted,
) -> RawTable:
    """Cut the lines that stand under a header."""
    numbers = [
        i
        for i in range(*span)
        if (line := lines[i]) and line not in head.lines and not line.isspace()
    ]
    if definition.comment:
        numbers = [i for i in numbers if not _is_comment(lines[i], definition)]
    mine = [lines[i] for i in numbers]
    places = [i + 1 for i in numbers]
    way = (head.names, head.separator)
    return table_of_lines(*way, mine, places, wanted, definition.decimal)


def table_of_lines(
    names: list[str],
    separator: str,
    lines: list[str],
    places: list[int],
    wanted: Wanted,
    decimal: str = ".",
) -> RawTable:
    """Cut lines that all stand under the same names."""
    cells, damaged = cut(lines, len(names), separator, wanted.among(names), decimal)
    return RawTable(
        names=names,
        cells=cells,
        lines=np.array(places, dtype=np.int32),
        damaged=damaged,
        content=hashes(lines),
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
    head: list[str] = []
    while len(head) < header.rows + header.units:
        if start >= len(lines):
            raise ReadError(f"{file}: ends before its header does")
        line = lines[start]
        if line.strip() and not _is_comment(line, definition):
            head.append(line)
        start += 1
    first = head[0] if head else next((x for x in lines[start:] if x.strip()), "")
    separator, notes = _separator(definition, first, file)
    if definition.names is not None:
        names = [name.strip() for name in definition.names]
    elif not header.rows:
        raise ReadError(f"{file}: 'header' has no row of names: say 'names'")
    else:
        names = _names([fields(line, separator) for line in head[: header.rows]])
    return Head(start, names, separator, set(head), notes)


def _behind(until: str, lines: list[str], file: str) -> int:
    wanted = until.strip().lower()
    for i, line in enumerate(lines):
        if line.strip().lower().startswith(wanted):
            return i + 1
    raise ReadError(f"{file}: no line starts with {until!r} (end of the header)")


def _separator(
    definition: FileDefinition, line: str, file: str
) -> tuple[str, list[str]]:
    said = definition.separator
    if said is None:
        separator = sniff(line)
        return separator, [f"{file}: separator taken to be {NAMED[separator]}"]
    if said.lower() not in SEPARATORS:
        allowed = [name for name in SEPARATORS if len(name) > 1]
        hint = did_you_mean(said, allowed)
        raise ReadError(
            f"{file}: separator {said!r} is not known.{hint}"
            f" Allowed: {', '.join(allowed)}."
        )
    return SEPARATORS[said.lower()], []


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
    while names and not names[-1].strip("|"):
        names = names[:-1]
    return names
