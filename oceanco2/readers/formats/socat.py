"""Text files published by SOCAT: synthesis, regional and single data set files."""

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, Time, VariableSource
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns
from oceanco2.readers.text_table import Head, split_rows
from oceanco2.readers.times import default_clock
from oceanco2.text import decode, split_lines

_times, _time_columns = default_clock(
    Time(year="yr", month="mon", day="day", hour="hh", minute="mm", second="ss")
)

_ROW_FLAG = "fCO2rec_flag"


def _sniff(head: bytes) -> bool:
    return any(_is_header(line) for line in split_lines(head.decode("latin-1")))


def _is_header(line: str) -> bool:
    return line.startswith("Expocode\t") and "\tyr\t" in line


@reader(
    "socat",
    description="file published by SOCAT, with or without its preamble",
    proven=True,
    cite="Bakker et al. (2016), doi:10.5194/essd-8-383-2016",
    times=_times,
    time_columns=_time_columns,
    sniff=_sniff,
    # QC_Flag is the flag of the data set; that of the row stands at its end.
    drafted={
        "fCO2_water_SST_wet": (
            VariableSource(column="fCO2rec [uatm]", units="uatm", flag=_ROW_FLAG),
        ),
    },
)
def read_socat(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Cut the rows below the header into cells; columns are taken by name.

    The header is found by content: it begins with ``Expocode`` and has ``yr``; the
    table of data sets in the preamble begins alike but has none.

    Parameters
    ----------
    definition : FileDefinition
        Encoding; the layout is known.
    raw : RawFile
        The raw file.
    required : RequiredColumns
        Columns to read.

    Returns
    -------
    RawTable
        Every row; times from ``yr`` to ``ss``.

    Raises
    ------
    ReadError
        If there is no header.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413,
       doi:10.5194/essd-8-383-2016.
    """
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    for i, line in enumerate(lines):
        if _is_header(line):
            names = [name.strip() for name in line.split("\t")]
            head = Head(i + 1, names, "\t", {line})
            table = split_rows(definition, lines, head, (i + 1, len(lines)), required)
            table.notes = [*notes, *table.notes]
            return table
    raise ReadError(
        f"{raw.name}: not a SOCAT file: no line begins with 'Expocode' and has 'yr';"
        f" it starts {text[:60]!r}"
    )
