"""Read an upload file as the SOCAT dashboard would and say what it would say.

The rules are in docs/socat-rules.md, from the dashboard's public source code
(github.com/SurfaceOceanCarbonAtlas/Dashboard, April 2023). A file of any length is read
in blocks; of each row only time, position and flag are kept.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from oceanco2.dashboard.columns import (
    Column,
    Reading,
    assign_columns,
    content_messages,
)
from oceanco2.dashboard.encodings import Source, source_of_file
from oceanco2.dashboard.head import Head, find_head
from oceanco2.dashboard.messages import SEVERITIES, Message
from oceanco2.dashboard.metadata import guess_platform_type, metadata_messages
from oceanco2.dashboard.recognition import UNKNOWN
from oceanco2.dashboard.records import Record
from oceanco2.dashboard.rows import Rows, joined
from oceanco2.dashboard.values import Constant

_BLOCK = 20_000


@dataclass(frozen=True)
class Check:
    """An upload file as the dashboard reads it, and what it says.

    Attributes
    ----------
    source : Source
        The file and its encoding.
    head : Head
        Separator, metadata lines and names.
    columns : tuple of Column
        What each column is taken for.
    metadata : mapping of str to str
        Items of lines and constant columns; the platform's type is guessed if absent.
    guessed : bool
        Whether the platform's type was.
    lines : ndarray of int, shape (n,)
        Number of the line of each data row.
    woce_water : ndarray of int8, shape (n,)
        The flag of CO2 in water that each row has after the check.
    track : tuple of ndarray of float, shape (n,)
        Seconds since 1970, longitude from -180 to 180, latitude; NaN where missing or
        invalid.
    kept : mapping of str to ndarray, shape (n,)
        Columns that were asked for, by type: numbers in the standard unit, or texts.
    messages : tuple of Message
        Those of the file first, then by row.
    date_orders : tuple of str
        Orders that read every date, where the one that is used does not.
    whole : bool
        Whether the last line ends.
    """

    source: Source
    head: Head
    columns: tuple[Column, ...]
    metadata: Mapping[str, str]
    guessed: bool
    lines: np.ndarray
    woce_water: np.ndarray
    track: tuple[np.ndarray, np.ndarray, np.ndarray]
    kept: Mapping[str, np.ndarray]
    messages: tuple[Message, ...]
    date_orders: tuple[str, ...] = ()
    whole: bool = True

    @property
    def header(self) -> tuple[str, ...]:
        """Column names with their units.

        Returns
        -------
        tuple of str
            As they are matched.
        """
        return self.head.header

    @property
    def types(self) -> tuple[str, ...]:
        """Column types.

        Returns
        -------
        tuple of str
            ``(unknown)`` where a name is not recognised.
        """
        return tuple(column.type for column in self.columns)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of messages of each severity.

        Returns
        -------
        dict of str to int
            All three are there.
        """
        found = Counter(message.severity for message in self.messages)
        return {severity: found[severity] for severity in SEVERITIES}

    @cached_property
    def error_rows(self) -> int:
        """Number of rows with an error or worse.

        Returns
        -------
        int
            More than 50 and the data set will probably be suspended.
        """
        bad = {m.row for m in self.messages if m.row and m.severity != "WARNING"}
        return len(bad)

    @property
    def acceptable(self) -> bool:
        """Whether the data set could be submitted as far as the file goes.

        Returns
        -------
        bool
            False with any critical message.
        """
        return not self.counts["CRITICAL"]

    @property
    def status(self) -> str:
        """The dashboard's word.

        Returns
        -------
        str
            ``"Acceptable"``, ``"Unacceptable"`` or, where it would not check at all,
            ``"Unchecked"``.
        """
        if self.acceptable:
            return "Acceptable"
        stopped = not self.head.header or UNKNOWN in self.types
        broken = any(message.type == "fields" for message in self.messages)
        return "Unchecked" if stopped or broken else "Unacceptable"

    def about_file(self) -> tuple[Message, ...]:
        """Return the messages that are about no single row.

        Returns
        -------
        tuple of Message
            The first ones.
        """
        return tuple(message for message in self.messages if not message.row)

    def line_of(self, message: Message) -> int:
        """Find the line that a message is about.

        Parameters
        ----------
        message : Message
            One of `messages`.

        Returns
        -------
        int
            From 1; 0 if it is about the whole file.
        """
        return int(self.lines[message.row - 1]) if message.row else message.line


def check_file(
    path: str | Path, reading: Reading | None = None, keep: Sequence[str] = ()
) -> Check:
    """Check a file as the dashboard would."""
    reading = reading or Reading()
    return _check(source_of_file(path, reading.encoding), reading, keep)


def check_text(
    text: str, *, separator: str | None = None, reading: Reading | None = None
) -> Check:
    r"""Check a text as the dashboard would.

    Examples
    --------
    >>> check_text("Expocode: 33RO20100308\n").messages[-1].text[:16]
    'no line with the'
    """
    return _check(Source("text", text=text), reading or Reading(separator))


def _check(source: Source, reading: Reading, keep: Sequence[str] = ()) -> Check:
    head, records = find_head(source, reading.separator)
    columns = assign_columns(head, reading) if head.header else ()
    said = [*source.messages, *head.messages]
    if columns:
        said += content_messages(columns, head.metadata, head.line)
    now = time.time() if reading.now is None else reading.now
    rows = Rows(columns, now, keep)
    if columns:
        for block in _blocks(records):
            rows.look(block, head.names)
        said += rows.messages()
    metadata, guessed = _all_metadata(head, rows.constants)
    places = {c.column.type: c.column.number for c in rows.constants}
    said += _contradictions(head, rows.constants)
    said += metadata_messages(metadata, head.lines, places)
    said.sort(key=lambda message: message.row)
    flags = joined(rows.flags, "int8")
    for message in said:
        if message.row and message.severity != "WARNING":
            flags[message.row - 1] = 4
    return Check(
        source=source,
        head=head,
        columns=columns,
        metadata=metadata,
        guessed=guessed,
        lines=joined(rows.lines, "int64"),
        woce_water=flags,
        track=rows.track(),
        kept={kind: joined(parts) for kind, parts in rows.kept.items()},
        messages=tuple(said),
        date_orders=rows.reader.better_orders() if rows.reader else (),
        whole=rows.whole,
    )


def _contradictions(head: Head, constants: Sequence[Constant]) -> Iterator[Message]:
    """Say where a line and a column do not name the same data set."""
    line = head.metadata.get("expocode", "")
    for constant in constants:
        column, value = constant.column, constant.value
        same = line.strip().upper() == value.upper()
        if column.type == "expocode" and line and value and not same:
            text = f"expocode {value} in column {column.number}, {line} in a line"
            number = head.lines["expocode"]
            yield Message(0, (column.number,), "ERROR", "metadata", text, number)


def _blocks(records: Iterator[Record]) -> Iterator[list[Record]]:
    while block := list(islice(records, _BLOCK)):
        yield block


def _all_metadata(
    head: Head, constants: Sequence[Constant]
) -> tuple[dict[str, str], bool]:
    found = dict(head.metadata)
    for constant in constants:
        if constant.value:
            found.setdefault(constant.column.type, constant.value)
    guessed = "platform_type" not in found
    if guessed:
        name, code = (found.get(item, "") for item in ("platform_name", "expocode"))
        found["platform_type"] = guess_platform_type(name, code)
    return found, guessed
