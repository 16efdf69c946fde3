"""Metadata lines, header and units above the rows (docs/socat-rules.md#file-layout)."""

import re
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

from oceanco2.dashboard.encodings import Source
from oceanco2.dashboard.messages import Message
from oceanco2.dashboard.recognition import UNKNOWN, type_of
from oceanco2.dashboard.records import SEPARATORS, Record, Records
from oceanco2.errors import OptionError, did_you_mean

_TAGS = {
    "expocode": r"((dataset|cruise)\s*)?expocode",
    "platform_name": r"(platform|vessel|ship)(\s*name)?",
    "investigators": r"(investigator|pi)(\s*name)?s?",
    "organization": r"((investigator|pi)\s*)?organizations?|(pi\s*)?orgs?",
    "platform_type": r"((platform|vessel)\s*)?type",
    "suggested_flag": r"(pi\s*suggested|suggested|pi)\s*qc",
}
_LINES = MappingProxyType(
    {
        item: re.compile(rf"[#\s]*({tag})\s*[:=]\s*(?P<value>\S.*)", re.IGNORECASE)
        for item, tag in _TAGS.items()
    }
)
#: Fields that the first record of names must have.
_FEWEST = 6
#: Records before the names.
_FARTHEST = 500


@dataclass(frozen=True, slots=True)
class Head:
    """Everything above the rows."""

    mark: str
    metadata: dict[str, str]
    lines: dict[str, int]
    ignored: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    line: int = 0
    messages: tuple[Message, ...] = ()

    @property
    def separator(self) -> str:
        """The dashboard's word for `mark`."""
        return next(word for word, mark in SEPARATORS.items() if mark == self.mark)


def read_metadata_line(line: str) -> tuple[str, str] | None:
    """Read one metadata line as the dashboard does.

    Examples
    --------
    >>> read_metadata_line("# PI Names = Nobody, N.; Other, O.")
    ('investigators', 'Nobody, N.; Other, O.')
    >>> read_metadata_line("PI-suggested QC: B")
    """
    for item, pattern in _LINES.items():
        match = pattern.fullmatch(line.strip())
        if match:
            return item, match["value"].strip()
    return None


def find_head(source: Source, separator: str | None = None) -> tuple[Head, Records]:
    """Read the head of a file."""
    if separator is not None and separator not in SEPARATORS:
        known = ", ".join(SEPARATORS)
        hint = did_you_mean(separator, SEPARATORS)
        raise OptionError(f"separator {separator!r} is none of {known}.{hint}")
    words = [separator] if separator else list(SEPARATORS)
    tried = [_read(source, SEPARATORS[word]) for word in words]
    return max(tried, key=lambda found: _worth(found[0]))


def _worth(head: Head) -> tuple[int, int, int]:
    known = sum(type_of(name) != UNKNOWN for name in head.header)
    return known, len(head.header), len(head.metadata)


def _read(source: Source, mark: str) -> tuple[Head, Records]:
    records = Records(source, mark)
    head = Head(mark, {}, {})
    ignored: list[str] = []
    messages: list[Message] = []
    hint = ""
    for record in islice(records, _FARTHEST):
        line = " ".join(record.cells).strip()
        item = read_metadata_line(line)
        if _is_header(record.cells) and item is None and not _is_sentence(record.cells):
            head = replace(head, ignored=tuple(ignored), messages=tuple(messages))
            return _with_names(head, record, records)
        if _is_header(record.cells):
            messages.append(_trap(record))
        if item is not None:
            head.metadata[item[0]] = item[1]
            head.lines[item[0]] = record.line
        else:
            ignored.append(f"line {record.line}: {line[:80]}")
            hint = hint or _why_no_header(record)
    said = f"no line with the names of the columns: {_FEWEST} or more, none blank, none"
    said = f"{said} a number{hint}"
    messages.append(Message(0, (), "CRITICAL", "column", said))
    return replace(head, messages=tuple(messages)), records


def _is_sentence(cells: list[str]) -> bool:
    """Whether a line is some other "tag: a, b, c, ..." than the dashboard knows."""
    tag = re.match(r"[#\w\s-]+:\s", cells[0])
    return bool(tag) and all(type_of(cell) == UNKNOWN for cell in cells)


def _trap(record: Record) -> Message:
    said = (
        f"line {record.line} is split into {len(record.cells)} pieces and taken for the"
        " names of the columns: put it in quotes, or separate by tabs"
    )
    return Message(0, (), "CRITICAL", "metadata", said, record.line)


def _why_no_header(record: Record) -> str:
    """Say what keeps a line from being the header, if little does."""
    cells = record.cells
    odd = [n for n, cell in enumerate(cells, 1) if not cell or is_number(cell)]
    if len(cells) < _FEWEST or not 0 < len(odd) <= len(cells) // 4:
        return ""
    return f" (line {record.line}: field {odd[0]} is {cells[odd[0] - 1] or 'blank'})"


def is_number(cell: str) -> bool:
    """Whether a cell is purely numeric."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_header(cells: list[str]) -> bool:
    full = len(cells) >= _FEWEST and all(cells)
    return full and not any(map(is_number, cells))


def _with_names(head: Head, record: Record, records: Records) -> tuple[Head, Records]:
    """Add names, and the units of the next record if it has no number."""
    names = tuple(record.cells)
    records.width = len(names)
    head = replace(head, names=names, header=names, line=record.line)
    units = next(records, None)
    if units is None:
        return head, records
    if any(map(is_number, units.cells)) or len(units.cells) != len(names):
        records.give_back(units)
        return head, records
    if tuple(units.cells) == names:
        said = f"line {units.line}: the names of the columns again"
        message = Message(0, (), "CRITICAL", "column", said, units.line)
        return replace(head, messages=(*head.messages, message)), records
    header = tuple(
        f"{name} [{unit}]" if unit else name
        for name, unit in zip(names, units.cells, strict=True)
    )
    return replace(head, header=header), records
