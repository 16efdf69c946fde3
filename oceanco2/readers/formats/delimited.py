"""Text tables described in a platform file."""

from oceanco2.platforms import FileDefinition
from oceanco2.readers.reader import reader
from oceanco2.readers.records import split_table
from oceanco2.readers.runs import STANDARD_VALUE, compare_standards
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns
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
    table = split_table(definition, lines, required, raw.name)
    table.notes = notes + table.notes
    return table
