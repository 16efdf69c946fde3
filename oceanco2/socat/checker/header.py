"""Metadata lines, header and units above the rows (docs/socat-rules.md#file-layout)."""

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from types import MappingProxyType

from oceanco2.errors import ProcessingError, choose, not_allowed
from oceanco2.expocode import check_expocode
from oceanco2.socat.checker.message import Message
from oceanco2.socat.checker.reading import SEPARATORS, Record, Records, Source
from oceanco2.socat.types import UNKNOWN, rules, type_of

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
#: Least number of fields in the line of column names.
_FEWEST_FIELDS = 6
#: Most records before the column names.
_MOST_HEAD_RECORDS = 500


@dataclass(frozen=True, slots=True)
class Head:
    """Everything above the rows."""

    delimiter: str
    metadata: dict[str, str]
    lines: dict[str, int]
    ignored: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    line: int = 0
    messages: tuple[Message, ...] = ()

    @property
    def separator(self) -> str:
        """Name of `delimiter` on the dashboard."""
        return next(
            word
            for word, delimiter in SEPARATORS.items()
            if delimiter == self.delimiter
        )


def read_metadata_line(line: str) -> tuple[str, str] | None:
    """Read one metadata line as the dashboard does.

    Examples
    --------
    >>> read_metadata_line("# PI Names = Smith, J.; Other, O.")
    ('investigators', 'Smith, J.; Other, O.')
    >>> read_metadata_line("PI-suggested QC: B")
    """
    for item, pattern in _LINES.items():
        match = pattern.fullmatch(line.strip())
        if match:
            return item, match["value"].strip()
    return None


def find_head(source: Source, separator: str | None = None) -> tuple[Head, Records]:
    """Read the head of a file with the separator that fits best."""
    if separator is not None:
        choose("separator", separator, SEPARATORS)
    names = [separator] if separator else list(SEPARATORS)
    results = [_read_head(source, SEPARATORS[name]) for name in names]
    return max(results, key=lambda result: _score(result[0]))


def _score(head: Head) -> tuple[int, int, int]:
    recognised = sum(type_of(name) != UNKNOWN for name in head.header)
    return recognised, len(head.header), len(head.metadata)


def _read_head(source: Source, delimiter: str) -> tuple[Head, Records]:
    records = Records(source, delimiter)
    head = Head(delimiter, {}, {})
    ignored: list[str] = []
    messages: list[Message] = []
    hint = ""
    for record in islice(records, _MOST_HEAD_RECORDS):
        line = " ".join(record.cells).strip()
        entry = read_metadata_line(line)
        if (
            _is_header(record.cells)
            and entry is None
            and not _is_sentence(record.cells)
        ):
            head = replace(head, ignored=tuple(ignored), messages=tuple(messages))
            return _with_names(head, record, records)
        if _is_header(record.cells):
            messages.append(_split_line_message(record))
        if entry is not None:
            head.metadata[entry[0]] = entry[1]
            head.lines[entry[0]] = record.line
        else:
            ignored.append(f"line {record.line}: {line[:80]}")
            hint = hint or _header_hint(record)
    text = (
        f"no line with the names of the columns: {_FEWEST_FIELDS} or more, none blank,"
        f" none a number{hint}"
    )
    messages.append(Message(0, (), "CRITICAL", "column", text))
    return replace(head, messages=tuple(messages)), records


def _is_sentence(cells: list[str]) -> bool:
    """Whether a line is "tag: a, b, c, ..." with an unknown tag."""
    tag = re.match(r"[#\w\s-]+:\s", cells[0])
    return bool(tag) and all(type_of(cell) == UNKNOWN for cell in cells)


def _split_line_message(record: Record) -> Message:
    text = (
        f"line {record.line} is split into {len(record.cells)} pieces and taken for the"
        " names of the columns: put it in quotes, or separate by tabs"
    )
    return Message(0, (), "CRITICAL", "metadata", text, record.line)


def _header_hint(record: Record) -> str:
    """Name the field that keeps a line from being the header, if only few do."""
    cells = record.cells
    bad_fields = [n for n, cell in enumerate(cells, 1) if not cell or is_number(cell)]
    if len(cells) < _FEWEST_FIELDS or not 0 < len(bad_fields) <= len(cells) // 4:
        return ""
    first = bad_fields[0]
    return f" (line {record.line}: field {first} is {cells[first - 1] or 'blank'})"


def is_number(cell: str) -> bool:
    """Whether a cell is purely numeric."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_header(cells: list[str]) -> bool:
    complete = len(cells) >= _FEWEST_FIELDS and all(cells)
    return complete and not any(map(is_number, cells))


def _with_names(head: Head, record: Record, records: Records) -> tuple[Head, Records]:
    """Add column names, and units if the next record contains no number."""
    names = tuple(record.cells)
    records.width = len(names)
    head = replace(head, names=names, header=names, line=record.line)
    units = next(records, None)
    if units is None:
        return head, records
    if any(map(is_number, units.cells)) or len(units.cells) != len(names):
        records.push_back(units)
        return head, records
    if tuple(units.cells) == names:
        text = f"line {units.line}: the names of the columns again"
        message = Message(0, (), "CRITICAL", "column", text, units.line)
        return replace(head, messages=(*head.messages, message)), records
    header = tuple(
        f"{name} [{unit}]" if unit else name
        for name, unit in zip(names, units.cells, strict=True)
    )
    return replace(head, header=header), records


PLATFORM_TYPES = ("Ship", "Mooring", "Drifting Buoy")
#: Flags that the investigators may suggest; other letters are rejected.
SUGGESTED_FLAGS = "ABCDESXP"


@cache
def platform_names() -> Mapping[str, str]:
    """Return the platforms of the list of NODC codes of 2017."""
    table = files("oceanco2.socat") / "tables" / "platforms.txt.gz"
    lines = gzip.decompress(table.read_bytes()).decode("utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if not line.startswith("#"))
    return MappingProxyType({code: name for code, _, name in pairs})


def guess_platform_type(name: str, expocode: str = "") -> str:
    """Guess the platform type as the dashboard does where it is not stated.

    Examples
    --------
    >>> guess_platform_type("TAO170W_0N", "316420221010")
    'Mooring'
    >>> guess_platform_type("Ronald H. Brown", "33RO20100308")
    'Ship'
    """
    upper = name.upper()
    for word, kind in (
        ("MOORING", "Mooring"),
        ("DRIFTING BUOY", "Drifting Buoy"),
        ("BUOY", "Mooring"),
    ):
        if word in upper:
            return kind
    for kind, codes in rules()["platform_codes"].items():
        if expocode[:4].upper() in codes.split():
            return kind
    return "Ship"


def metadata_messages(
    metadata: Mapping[str, str],
    lines: Mapping[str, int],
    columns: Mapping[str, int],
) -> Iterator[Message]:
    """Check the metadata items of lines and columns."""

    def message(item: str, severity: str, text: str) -> Message:
        line = lines.get(item, 0)
        column = () if line or item not in columns else (columns[item],)
        where = f"line {line}: " if line else f"column {columns.get(item)}: "
        return Message(0, column, severity, "metadata", f"{where}{text}", line)

    if "expocode" in metadata:
        for severity, text in _expocode_problems(metadata["expocode"]):
            yield message("expocode", severity, text)
    flag = metadata.get("suggested_flag", "B")
    if flag not in tuple(SUGGESTED_FLAGS):
        yield message(
            "suggested_flag",
            "CRITICAL",
            f"suggested QC {flag!r} is not a letter A to E",
        )
    people = _count_names(metadata.get("investigators", ""))
    groups = _count_names(metadata.get("organization", ""))
    if groups not in (0, 1, people):
        yield message(
            "organization",
            "ERROR",
            f"{groups} organizations for {people} investigators: one, or one for each",
        )
    kind = metadata.get("platform_type", "Ship")
    if kind.lower() not in map(str.lower, PLATFORM_TYPES):
        fault = not_allowed("platform type", kind, PLATFORM_TYPES)
        yield message("platform_type", "WARNING", fault)


def _expocode_problems(text: str) -> Iterator[tuple[str, str]]:
    try:
        code = check_expocode(text)
    except ProcessingError as error:
        yield "CRITICAL", str(error)
        return
    if code[:4] not in platform_names():
        yield "WARNING", f"platform code {code[:4]} is not in the NODC list of 2017"


def _count_names(text: str) -> int:
    return sum(bool(part.strip()) for part in text.split(";"))
