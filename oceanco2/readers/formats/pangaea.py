"""Tables of PANGAEA: a comment block, one line of names, rows separated by tabs."""

import re

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, Time
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns
from oceanco2.readers.text_table import find_head, split_rows
from oceanco2.readers.times import default_clock
from oceanco2.text import UTF8_MARK, decode, split_lines

_BLOCK_START = "/* DATA DESCRIPTION:"
_times, _time_columns = default_clock(
    Time(columns=["Date/Time"], format=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"])
)


def _sniff(head: bytes) -> bool:
    return head.removeprefix(UTF8_MARK).lstrip().startswith(_BLOCK_START.encode())


@reader(
    "pangaea",
    description="table of PANGAEA with its /* DATA DESCRIPTION */",
    proven=True,
    cite="https://www.pangaea.de",
    times=_times,
    time_columns=_time_columns,
    sniff=_sniff,
)
def read_pangaea(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one table into cells; column names include units in brackets."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    if not lines[0].lstrip().startswith(_BLOCK_START):
        raise ReadError(
            f"{raw.name}: not a PANGAEA table: does not begin with {_BLOCK_START!r},"
            f" it starts {text[:60]!r}"
        )
    header = definition.header.model_copy(update={"until": "*/", "units": 0, "rows": 1})
    settings = {"separator": "tab", "decimal": ".", "header": header}
    definition = definition.model_copy(update=settings)
    head = find_head(definition, lines, raw.name)
    table = split_rows(definition, lines, head, (head.start, len(lines)), required)
    table.preamble = head.above(lines)
    table.notes = [*notes, *_citation_notes(raw.name, lines[: head.start])]
    return table


def _citation_notes(file: str, lines: list[str]) -> list[str]:
    """List citation and license of the description block."""
    matches = (re.match(r"(Citation|License):\t(.*)", line) for line in lines)
    return [f"{file}: {m[1]}: {m[2].strip()}" for m in matches if m]
