"""Records of a text table: cells over several lines, headers in mid-file."""

import re
from dataclasses import replace

from oceanco2.platforms import FileDefinition
from oceanco2.readers.table import RawTable, RequiredColumns, merge_tables
from oceanco2.readers.text_table import Head, fields, find_head, join_names, split_rows

_COMPLETE = re.compile(r'"(?:[^"]|"")*"')
_OPENS = re.compile(r'(?:^|[,;\t|])\s*"')
_CLOSES = re.compile(r'"\s*(?:$|[,;\t|])')
#: A quote that is not closed within so many lines is damage.
_MOST_LINES = 10


def join_quoted(lines: list[str]) -> list[str]:
    """Join the lines of quoted cells that hold line breaks (RFC 4180).

    The record stands on its first line, the others are blank, so that line numbers
    stay. A quote that no line closes is left as it is.

    Examples
    --------
    >>> join_quoted(['date,"SST', '(degC)",S', "1,2,3"])
    ['date,"SST (degC)",S', '', '1,2,3']
    """
    if not any('"' in line for line in lines):
        return lines
    out = lines.copy()
    end = 0
    for i, line in enumerate(lines):
        if i >= end and '"' in line and _opens_cell(line):
            end = _end_of_record(lines, i)
            out[i:end] = [" ".join(lines[i:end]), *[""] * (end - i - 1)]
    return out


def _opens_cell(line: str) -> bool:
    """Whether a quoted cell begins in a line and does not end in it."""
    is_open = line.count('"') % 2 == 1
    return is_open and _OPENS.search(_COMPLETE.sub("", line)) is not None


def _end_of_record(lines: list[str], start: int) -> int:
    """Return the line after a record; the next one if its quote is never closed."""
    blank = 0
    for i in range(start + 1, len(lines)):
        rest = lines[i].replace('""', "")
        if '"' not in rest:
            blank += 1
            if blank >= _MOST_LINES:
                break
            continue
        if not _CLOSES.match(rest, rest.index('"')):
            break
        blank = 0
        # What follows the closing quote may open another cell.
        if not _opens_cell(rest[rest.index('"') + 1 :]):
            return i + 1
    return start + 1


def split_table(
    definition: FileDefinition, lines: list[str], required: RequiredColumns, file: str
) -> RawTable:
    """Split a table below its header; a new header may be on any line."""
    lines = join_quoted(lines)
    head = find_head(definition, lines, file)
    table = split_below(definition, lines, head, required, file)
    table.notes = [*head.notes, *table.notes]
    table.preamble = head.above(lines)
    return table


def split_below(
    definition: FileDefinition,
    lines: list[str],
    head: Head,
    required: RequiredColumns,
    file: str,
) -> RawTable:
    """Split the rows below a header, those below a later one by its columns."""
    later = _later_heads(definition, lines, head, required)
    stops = [*(at for at, _ in later), len(lines)]
    heads = [head, *(h for _, h in later)]
    with_clocks = replace(required, clocks=True)
    tables = [
        split_rows(definition, lines, h, (h.start, stop), with_clocks)
        for h, stop in zip(heads, stops, strict=True)
    ]
    table = merge_tables([t for t in tables if t.lines.size] or tables[:1])
    needed = {head.names[i] for i in required.positions_in(head.names)}
    for at, h in later:
        known = {name.lower() for name in h.names}
        lost = sorted(name for name in needed if name.lower() not in known)
        table.notes.append(f"{file}:{at + 1}: a new header, rows below are read by it")
        if lost:
            columns = ", ".join(map(repr, lost))
            table.warnings.append(
                f"{file}:{at + 1}: a new header without {columns}: missing below"
            )
    return table


def _later_heads(
    definition: FileDefinition, lines: list[str], head: Head, required: RequiredColumns
) -> list[tuple[int, Head]]:
    """Find headers with other columns, or in another order, and their lines."""
    rows = max(1, definition.header.rows)
    positions = required.positions_in(head.names)
    names = sorted((head.names[i].lower() for i in positions), key=len)
    if not names:
        return []
    # Two names are looked for in all lines, which is fast; one is that of a text,
    # such as a date.
    texts = [name for name in names if name in required.texts]
    one, two = (name.split("|")[0] for name in (names[-1], (texts or names)[-1]))
    candidates = _lines_with(lines, one, two)
    heads: list[tuple[int, Head]] = []
    current = head
    for i in candidates:
        texts = lines[i : i + rows]
        if i < head.start or len(texts) < rows:
            continue
        found = join_names([fields(text, head.separator) for text in texts])
        is_known = current.lines.issuperset(texts)
        if not is_known and not _are_names(found, head.names):
            continue
        start = _after_units(definition, lines, i + rows, head.separator)
        current.lines.update(lines[i:start])
        if not is_known and found != current.names:
            units = [fields(line, head.separator) for line in lines[i + rows : start]]
            own = {*lines[i:start]}
            current = Head(start, found, head.separator, own, units=units)
            heads.append((i, current))
        current.units += [fields(x, head.separator) for x in lines[i + rows : start]]
    return heads


_CHUNK = 5000


def _lines_with(lines: list[str], one: str, two: str) -> list[int]:
    """Find lines that contain one of two texts, in any case."""
    found: list[int] = []
    for start in range(0, len(lines), _CHUNK):
        chunk = "\n".join(lines[start : start + _CHUNK]).lower()
        if one in chunk or two in chunk:  # most chunks have neither
            found += [
                start + i
                for i, line in enumerate(chunk.split("\n"))
                if one in line or two in line
            ]
    return found


def _are_names(found: list[str], known: list[str]) -> bool:
    """Whether the cells of a line are column names, and some of them known."""
    filled = [name.lower() for name in found if name.strip("| ")]
    lower = {name.lower() for name in known}
    count = sum(name in lower for name in filled)
    texts = len(filled) > 2 and not any(map(_NUMBER.match, filled))
    return (count >= 2 and 2 * count >= len(filled)) or (count >= 1 and texts)


_NUMBER = re.compile(r"[-+]?\.?\d")


def _after_units(
    definition: FileDefinition, lines: list[str], start: int, separator: str
) -> int:
    """Return the line after the units below a header, if it has any."""
    for _ in range(definition.header.units):
        cells = fields(lines[start], separator) if start < len(lines) else []
        if not cells or any(map(_NUMBER.match, cells)):
            break
        start += 1
    return start
