"""Check an upload file with the rules of the SOCAT upload dashboard.

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

from oceanco2.socat.checker.columns import (
    CheckedColumn,
    CheckOptions,
    assign_columns,
    content_messages,
)
from oceanco2.socat.checker.header import (
    Head,
    find_head,
    guess_platform_type,
    metadata_messages,
)
from oceanco2.socat.checker.message import SEVERITIES, Message
from oceanco2.socat.checker.reading import Record, Source, source_of_file
from oceanco2.socat.checker.rows import UploadRows, concatenate
from oceanco2.socat.checker.values import Constant
from oceanco2.socat.types import UNKNOWN

_BLOCK = 20_000


@dataclass(frozen=True)
class Check:
    """An upload file as the dashboard reads it, with all messages about it.

    Attributes
    ----------
    source : Source
        The file and its encoding.
    head : Head
        Separator, metadata lines and names.
    columns : tuple of CheckedColumn
        Type, unit and missing value of each column.
    metadata : mapping of str to str
        From metadata lines and constant columns; a missing platform type is guessed.
    guessed : bool
        Whether the platform type was guessed.
    lines : ndarray of int, shape (n,)
        Line number of each data row.
    woce_water : ndarray of int8, shape (n,)
        WOCE flag of CO2 in water of each row after the check.
    track : tuple of ndarray of float, shape (n,)
        Seconds since 1970, longitude from -180 to 180, latitude; NaN where missing or
        invalid.
    kept : mapping of str to ndarray, shape (n,)
        Requested columns by type: numbers in the standard unit, or text.
    messages : tuple of Message
        Messages about the whole file first, then by row.
    date_orders : tuple of str
        Orders that can read every date, if the one in use cannot.
    complete : bool
        Whether the last line ends with a line break.
    """

    source: Source
    head: Head
    columns: tuple[CheckedColumn, ...]
    metadata: Mapping[str, str]
    guessed: bool
    lines: np.ndarray
    woce_water: np.ndarray
    track: tuple[np.ndarray, np.ndarray, np.ndarray]
    kept: Mapping[str, np.ndarray]
    messages: tuple[Message, ...]
    date_orders: tuple[str, ...] = ()
    complete: bool = True

    @property
    def header(self) -> tuple[str, ...]:
        """CheckedColumn names with their units.

        Returns
        -------
        tuple of str
            In the form that is compared with the list of known names.
        """
        return self.head.header

    @property
    def types(self) -> tuple[str, ...]:
        """CheckedColumn types.

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
            All three severities, also those with no message.
        """
        counts = Counter(message.severity for message in self.messages)
        return {severity: counts[severity] for severity in SEVERITIES}

    @cached_property
    def error_rows(self) -> int:
        """Number of rows with an error or worse.

        Returns
        -------
        int
            With more than 50 the data set will probably be suspended.
        """
        bad = {m.row for m in self.messages if m.row and m.severity != "WARNING"}
        return len(bad)

    @property
    def acceptable(self) -> bool:
        """Whether the file has no critical message.

        Returns
        -------
        bool
            False with any critical message.
        """
        return not self.counts["CRITICAL"]

    @property
    def status(self) -> str:
        """Status as the dashboard calls it.

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
        """Return the messages about the file as a whole.

        Returns
        -------
        tuple of Message
            Those without a row number.
        """
        return tuple(message for message in self.messages if not message.row)

    def line_of(self, message: Message) -> int:
        """Return the line number that a message refers to.

        Parameters
        ----------
        message : Message
            One of `messages`.

        Returns
        -------
        int
            Counted from 1; 0 if the message is about the whole file.
        """
        return int(self.lines[message.row - 1]) if message.row else message.line


def check_file(
    path: str | Path, options: CheckOptions | None = None, keep: Sequence[str] = ()
) -> Check:
    """Check a file with the rules of the dashboard."""
    options = options or CheckOptions()
    return _check(source_of_file(path, options.encoding), options, keep)


def check_text(
    text: str, *, separator: str | None = None, options: CheckOptions | None = None
) -> Check:
    r"""Check a text with the rules of the dashboard.

    Examples
    --------
    >>> check_text("Expocode: 33RO20100308\n").messages[-1].text[:16]
    'no line with the'
    """
    return _check(Source("text", text=text), options or CheckOptions(separator))


def _check(source: Source, options: CheckOptions, keep: Sequence[str] = ()) -> Check:
    head, records = find_head(source, options.separator)
    columns = assign_columns(head, options) if head.header else ()
    messages = [*source.messages, *head.messages]
    if columns:
        messages += content_messages(columns, head.metadata, head.line)
    now = time.time() if options.now is None else options.now
    rows = UploadRows(columns, now, keep)
    if columns:
        for block in _blocks(records):
            rows.add_block(block, head.names)
        messages += rows.messages()
    metadata, guessed = _all_metadata(head, rows.constants)
    constant_columns = {c.column.type: c.column.number for c in rows.constants}
    messages += _contradictions(head, rows.constants)
    messages += metadata_messages(metadata, head.lines, constant_columns)
    messages.sort(key=lambda message: message.row)
    flags = concatenate(rows.flags, "int8")
    for message in messages:
        if message.row and message.severity != "WARNING":
            flags[message.row - 1] = 4
    return Check(
        source=source,
        head=head,
        columns=columns,
        metadata=metadata,
        guessed=guessed,
        lines=concatenate(rows.lines, "int64"),
        woce_water=flags,
        track=rows.track(),
        kept={kind: concatenate(parts) for kind, parts in rows.kept.items()},
        messages=tuple(messages),
        date_orders=rows.reader.better_orders() if rows.reader else (),
        complete=rows.complete,
    )


def _contradictions(head: Head, constants: Sequence[Constant]) -> Iterator[Message]:
    """Report an expocode column that contradicts the expocode line."""
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
    metadata = dict(head.metadata)
    for constant in constants:
        if constant.value:
            metadata.setdefault(constant.column.type, constant.value)
    guessed = "platform_type" not in metadata
    if guessed:
        name, code = (metadata.get(item, "") for item in ("platform_name", "expocode"))
        metadata["platform_type"] = guess_platform_type(name, code)
    return metadata, guessed
