"""Whether a column is practical salinity or absolute salinity of TEOS-10."""

import re

from oceanco2.platforms import VariableSource
from oceanco2.readers.table import StreamRows
from oceanco2.readers.variables import stated_units
from oceanco2.units import converts

_MASS = "g kg-1"


def is_absolute(
    source: VariableSource, rows: StreamRows, units: str
) -> tuple[bool, list[str]]:
    """Return whether a salinity is absolute, and the question if nothing says it."""
    if source.absolute is not None or not source.columns:
        return bool(source.absolute), []
    names = [table.standard_names for table in rows.tables]
    texts = [*source.columns]
    texts += [
        text
        for by_column in names
        for column, text in by_column.items()
        if column.strip().lower() in {name.strip().lower() for name in source.columns}
    ]
    if any(re.search("absolute", text, re.IGNORECASE) for text in texts):
        return True, []
    if any(re.search("practical", text, re.IGNORECASE) for text in texts):
        return False, []
    found = {units: [rows.where]} | stated_units("salinity", source, rows)
    asked = [unit for unit in found if converts(unit, _MASS)]
    if not asked:
        return False, []
    return False, [
        f"{found[asked[0]][0]}: salinity in {asked[0]!r}: is it absolute salinity"
        " (TEOS-10)? Then set absolute = true, it is converted to practical salinity;"
        f" absolute = false says that it is practical ({rows.where})"
    ]
