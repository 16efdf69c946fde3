"""Times that a format has by itself, unless the platform file describes others."""

from collections.abc import Callable

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.platforms import FileDefinition, Time
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


def option_offset(definition: FileDefinition) -> np.timedelta64:
    """Return what is added to the clock (``options = { offset_seconds = ... }``)."""
    said = definition.options.get("offset_seconds", 0)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise OptionError(
            f"{definition.reader}: offset_seconds is {said!r}, must be a number"
        )
    return np.timedelta64(round(1000 * said), "ms")


def stamped_times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Take the times of the reader, unless the platform file describes others."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    seconds = rows.numbers(STAMP, required=True)[0]
    times = _EPOCH + milliseconds(seconds * 1000.0)
    return on_the_axis(times, where, "the times of the file", [STAMP], rows), []


def stamped_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    """List the columns that `stamped_times` asks for."""
    way = definition.time
    return (text_columns(way), number_columns(way)) if way else ([], [STAMP])


def usual_clock(
    way: Time,
) -> tuple[
    Callable[[FileDefinition, Cells, str], tuple[np.ndarray, list[str]]],
    Callable[[FileDefinition], tuple[list[str], list[str]]],
]:
    """Make what a reader says of a format that always writes its time alike."""

    def times(
        definition: FileDefinition, rows: Cells, where: str
    ) -> tuple[np.ndarray, list[str]]:
        timed = definition.model_copy(update={"time": definition.time or way})
        return read_times(timed, rows, where), []

    def columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
        chosen = definition.time or way
        return text_columns(chosen), number_columns(chosen)

    return times, columns
