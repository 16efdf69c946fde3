"""Default times of a format, unless the platform file describes others."""

from collections.abc import Callable

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.platforms import FileDefinition, Time
from oceanco2.readers.clocks import milliseconds
from oceanco2.readers.times import (
    Cells,
    check_times,
    number_columns,
    read_times,
    text_columns,
)

#: Column of times that a reader computes.
TIMESTAMP = "seconds since 1970"
_EPOCH = np.datetime64("1970-01-01", "ms")


def clock_offset(definition: FileDefinition) -> np.timedelta64:
    """Return the offset of the clock (``options = { offset_seconds = ... }``)."""
    seconds = definition.options.get("offset_seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise OptionError(
            f"{definition.reader}: offset_seconds must be a number, not {seconds!r}"
        )
    return np.timedelta64(round(1000 * seconds), "ms")


def timestamp_times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Use the times of the reader, unless the platform file describes others."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    seconds = rows.numbers(TIMESTAMP, required=True)[0]
    times = _EPOCH + milliseconds(seconds * 1000.0)
    return check_times(times, where, "the times of the file", [TIMESTAMP], rows), []


def timestamp_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    """List the columns that `timestamp_times` reads."""
    spec = definition.time
    return (text_columns(spec), number_columns(spec)) if spec else ([], [TIMESTAMP])


def default_clock(
    spec: Time,
) -> tuple[
    Callable[[FileDefinition, Cells, str], tuple[np.ndarray, list[str]]],
    Callable[[FileDefinition], tuple[list[str], list[str]]],
]:
    """Functions `times` and `time_columns` of a format with one form of time."""

    def times(
        definition: FileDefinition, rows: Cells, where: str
    ) -> tuple[np.ndarray, list[str]]:
        completed = definition.model_copy(update={"time": definition.time or spec})
        return read_times(completed, rows, where), []

    def columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
        chosen = definition.time or spec
        return text_columns(chosen), number_columns(chosen)

    return times, columns
