"""Encodings and records of an upload file (docs/socat-rules.md#file-layout)."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from oceanco2.errors import ReadError, choose
from oceanco2.files import reading
from oceanco2.socat.checker.message import Message
from oceanco2.text import TEXT_MARK, UTF8_MARK, UTF16_MARKS

#: Names on the dashboard and in Python.
ENCODINGS = MappingProxyType(
    {
        "ISO-8859-1": "iso-8859-1",
        "ISO-8859-15": "iso-8859-15",
        "UTF-8": "utf-8",
        "UTF-16": "utf-16",
        "Windows-1252": "cp1252",
    }
)
_BLOCK = 1 << 20
_BYTE_ORDER_MARKS = (
    (UTF8_MARK, "UTF-8"),
    *((mark, "UTF-16") for mark in UTF16_MARKS),
)
#: First bytes of files that are not text, and what to report.
_BINARY_SIGNATURES = (
    (b"\x89HDF\r\n", "a netCDF or HDF5 file"),
    (b"CDF\x01", "a netCDF file"),
    (b"CDF\x02", "a netCDF file"),
    (b"CDF\x05", "a netCDF file"),
    (b"PK\x03\x04", "a zip archive or a workbook: unpack it, or save it as text"),
    (b"PK\x05\x06", "a zip archive with nothing in it"),
    (b"\x1f\x8b", "a gzip file: unpack it"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook: save it as text"),
    (b"PAR1", "a parquet file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
)
#: With this many different control characters at its start a file is not text; a gap
#: of zero bytes in a table counts as one.
_MOST_CONTROL_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a text, with its encoding."""

    name: str
    encoding: str = ""
    codec: str = ""
    path: Path | None = None
    text: str = ""
    messages: tuple[Message, ...] = ()

    def lines(self) -> Iterator[str]:
        """Iterate over the lines, with any kind of line break."""
        if self.path is None:
            yield from io.StringIO(self.text.removeprefix(TEXT_MARK), newline=None)
            return
        with self.path.open(encoding=self.codec, errors="replace") as stream:
            first = next(stream, "")
            if first.removeprefix(TEXT_MARK):
                yield first.removeprefix(TEXT_MARK)
            yield from stream


def source_of_file(path: str | Path, encoding: str | None = None) -> Source:
    """Detect the encoding of a file; binary files are an error."""
    path = Path(path)
    if encoding is not None:
        choose("encoding", encoding, ENCODINGS)
    with reading(path):
        with path.open("rb") as stream:
            start = stream.read(4096)
        _reject_binary(path, start)
        return _checked_source(path, encoding or _detected_encoding(start), start)


def _reject_binary(path: Path, start: bytes) -> None:
    for signature, kind in _BINARY_SIGNATURES:
        if start.startswith(signature):
            raise ReadError(f"{path}: is not a text file but {kind}")
    text = start.decode("latin-1")
    if _detected_encoding(start) == "UTF-16":
        text = start.decode(_codec("UTF-16", start), "replace")
    control_characters = {character for character in text if character < " "} - set(
        "\t\n\v\f\r\x1a"
    )
    if len(control_characters) >= _MOST_CONTROL_CHARACTERS:
        raise ReadError(f"{path}: is not a text file: it contains control characters")


def _detected_encoding(start: bytes) -> str | None:
    """Detect the encoding by byte-order mark or by the zero bytes of UTF-16."""
    for mark, name in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name
    return "UTF-16" if start.count(0) > len(start) // 4 else None


def _codec(name: str, start: bytes) -> str:
    """Return Python's name; UTF-16 without a mark is mostly big-endian."""
    if name != "UTF-16" or start.startswith(_BYTE_ORDER_MARKS[1][0]):
        return ENCODINGS[name]
    little = start[1::2].count(0) > start[::2].count(0)
    return "utf-16-le" if little else "utf-16-be"


def _checked_source(path: Path, encoding: str | None, start: bytes) -> Source:
    name = encoding or "UTF-8"
    codec = _codec(name, start)
    undecodable = _first_undecodable(path, codec)
    if undecodable is None:
        return Source(str(path), name, codec, path)
    line, byte = undecodable
    if encoding is None:
        name = _single_byte(path)
        codec = ENCODINGS[name]
        text = f"line {line}: {byte}: not UTF-8, read as {name}; declare it at upload"
    else:
        text = f"line {line}: {byte}: not {name}"
    message = Message(0, (), "WARNING", "encoding", text, line)
    return Source(str(path), name, codec, path, "", (message,))


def _first_undecodable(path: Path, codec: str) -> tuple[int, str] | None:
    """Line number and value of the first byte that the codec cannot decode."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines = 1
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(codec, "replace")
                byte = error.object[error.start : error.start + 1].hex()
                return lines + _count_line_breaks(before), f"byte 0x{byte}"
            if not block:
                return None
            lines += _count_line_breaks(text)


def _count_line_breaks(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _single_byte(path: Path) -> str:
    """Windows-1252 if it has printable bytes that ISO-8859-1 lacks, else the latter."""
    with path.open("rb") as stream:
        high = {
            byte for block in iter(lambda: stream.read(_BLOCK), b"") for byte in block
        }
    control = {byte for byte in high if 0x80 <= byte <= 0x9F}
    undefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    return "Windows-1252" if control and not control & undefined else "ISO-8859-1"


#: Names of the delimiters on the dashboard.
SEPARATORS = MappingProxyType({"tab": "\t", "comma": ",", "semicolon": ";"})
#: Most lines of a quoted cell; one that never ends must not take the whole file.
_MOST_LINES = 20


class Record(NamedTuple):
    """Cells of one record."""

    #: Number of its first line.
    line: int
    #: Text of the cells without surrounding blanks and quotes.
    cells: list[str]
    #: Why it cannot be split into cells; empty if it can.
    fault: str = ""
    #: Whether its last line ends with a line break.
    complete: bool = True


class Records(Iterator[Record]):
    """The records of a file that are not blank, in order.

    Parameters
    ----------
    source : Source
        The file.
    delimiter : str
        Character between two cells.

    Attributes
    ----------
    width : int
        Number of cells that a record should have, once known: a quoted cell may span
        several lines only if the record then has this number.
    """

    def __init__(self, source: Source, delimiter: str) -> None:
        self.width = 0
        self._delimiter = delimiter
        self._lines = source.lines()
        self._pending: deque[str] = deque()
        self._number = 0
        self._pushed_back: list[Record] = []

    def push_back(self, record: Record) -> None:
        """Push a record back, so that it is returned again.

        Parameters
        ----------
        record : Record
            The last one returned.
        """
        self._pushed_back.append(record)

    def __next__(self) -> Record:
        """Return the next record."""
        if self._pushed_back:
            return self._pushed_back.pop()
        while True:
            line = self._pending.popleft() if self._pending else next(self._lines)
            self._number += 1
            if '"' in line:
                record = self._quoted_record(line)
            else:
                cells = self._split(line)
                record = Record(self._number, cells, "", line[-1] == "\n")
            if any(record.cells) or record.fault:
                return record

    def _split(self, line: str) -> list[str]:
        needs_no_stripping = " " not in line and line.isascii()
        if needs_no_stripping and (self._delimiter == "\t" or "\t" not in line):
            return line.rstrip("\n").split(self._delimiter)
        return [cell.strip() for cell in line.split(self._delimiter)]

    def _quoted_record(self, line: str) -> Record:
        number, lines = self._number, [line]
        cells, fault = self._split_quoted(line)
        while cells is None and len(lines) < _MOST_LINES:
            next_line = (
                self._pending.popleft() if self._pending else next(self._lines, None)
            )
            if next_line is None:
                break
            lines.append(next_line)
            cells, fault = self._split_quoted("".join(lines))
        is_complete = cells is not None and not fault and len(cells) in (self.width, 0)
        if cells is None or (len(lines) > 1 and not is_complete and self.width):
            # Take this line as a record of its own and read the following ones again.
            self._pending.extendleft(reversed(lines[1:]))
            return Record(
                number, self._split_invalid(line), "a quote that does not end", True
            )
        self._number += len(lines) - 1
        return Record(number, cells, fault, lines[-1].endswith("\n"))

    def _split_quoted(self, text: str) -> tuple[list[str] | None, str]:
        """Split text with quotes into cells; None while a quote is open."""
        fault = ""
        # Blanks after a closing quote are allowed.
        for attempt in (text, re.sub(rf'" +(?={self._delimiter}|\n|$)', '"', text)):
            reader = csv.reader(
                io.StringIO(attempt),
                delimiter=self._delimiter,
                skipinitialspace=True,
                strict=True,
            )
            try:
                return [cell.strip() for cell in next(reader)], ""
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    return None, ""
                fault = "a quote amid text"
        return self._split_invalid(text), fault

    def _split_invalid(self, text: str) -> list[str]:
        return [cell.strip(' "\n') for cell in text.split(self._delimiter)]
