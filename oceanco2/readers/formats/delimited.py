"""Text tables described in a platform file."""

from oceanco2.platforms import FileDefinition
from oceanco2.readers.reader import reader
from oceanco2.readers.runs import STANDARD_VALUE, compare_standards
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns
from oceanco2.readers.text_table import find_head, split_rows
from oceanco2.text import decode, split_lines


@reader(
    "delimited",
    description="text table described in the platform file",
    proven=True,
    more_columns=(STANDARD_VALUE,),
    inspect=compare_standards,
)
def read_delimited(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one text table into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    del text
    head = find_head(definition, lines, raw.name)
    table = split_rows(definition, lines, head, (head.start, len(lines)), required)
    table.notes = notes + head.notes + table.notes
    return table
