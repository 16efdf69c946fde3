"""Times that a reader makes itself, in a column of seconds since 1970."""

import numpy as np

from oceanco2.platforms import FileDefinition
from oceanco2.readers.clocks import milliseconds
from oceanco2.readers.times import (
    Cells,
    number_columns,
    on_the_axis,
    read_times,
    text_columns,
)

#: Name of that column.
STAMP = "seconds since 1970"
_EPOCH = np.datetime64("1970-01-01", "ms")


def stamped_times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Take the times of the reader, unless the platform file describes others.

    Parameters
    ----------
    definition : FileDefinition
        Its ``time`` wins.
    rows : Cells
        With the column `STAMP`.
    where : str
        Key of the platform file, for messages.

    Returns
    -------
    times : ndarray of datetime64[ns]
        NaT where there is none.
    notes : list of str
        None.

    Raises
    ------
    ReadError
        If no time can be read.
    """
    if definition.time is not None:
        return read_times(definition, rows, where), []
    seconds = rows.numbers(STAMP, required=True)[0]
    times = _EPOCH + milliseconds(seconds * 1000.0)
    return on_the_axis(times, where, "the times of the file", [STAMP], rows), []


def stamped_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    """List the columns that `stamped_times` asks for.

    Parameters
    ----------
    definition : FileDefinition
        Its ``time`` wins.

    Returns
    -------
    texts : list of str
        Columns needed as text.
    numbers : list of str
        Columns needed as numbers.
    """
    way = definition.time
    return (text_columns(way), number_columns(way)) if way else ([], [STAMP])
