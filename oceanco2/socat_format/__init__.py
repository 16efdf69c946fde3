"""The text format of the files published by SOCAT: columns and print formats.

Readers, export and the commands on SOCAT files share this table of columns and this
formatter of rows.
"""

from oceanco2.socat_format.columns import (
    COLUMNS,
    HEADERS,
    SYNTHESIS_HEADERS,
    ArchiveColumn,
    column_of,
    header_line,
)
from oceanco2.socat_format.printing import Text, format_rows

__all__ = [
    "COLUMNS",
    "HEADERS",
    "SYNTHESIS_HEADERS",
    "ArchiveColumn",
    "Text",
    "column_of",
    "format_rows",
    "header_line",
]
