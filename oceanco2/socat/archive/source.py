"""Read the bytes of files, also .gz, .zip and UTF-16, in bounded memory."""

import codecs
import gzip
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.files import reading
from oceanco2.socat.archive.printing import Array
from oceanco2.text import UTF16_MARKS

#: Bytes of one chunk: long enough for a thread, short enough for the caches.
BLOCK = 4 * 2**20
#: The header must be within the first HEAD bytes; a line has at most LONGEST.
HEAD, LONGEST = 64 * 2**20, 2**20
_CHUNK = 262144
_DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Piece:
    """Complete lines: the bytes `start` to `end` of a text."""

    text: Array
    start: int
    end: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ByteSource:
    """A file, or the file in an archive."""

    path: Path
    name: str
    size: int
    compression: str = ""
    member: str = ""
    conversion: str = ""  # "utf-16", or "cr" for lines that end in a carriage return
    window: tuple[int, ...] = ()

    @property
    def divisible(self) -> bool:
        """Return whether ranges of bytes can be read independently."""
        return not (self.compression or self.conversion)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of the file in chunks, in UTF-8 with newlines."""
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        with reading(self.name, also=_DAMAGE), self._open() as stream:
            while chunk := stream.read(_CHUNK):
                if self.conversion == "utf-16":
                    chunk = decoder.decode(chunk).encode()
                yield (
                    chunk.replace(b"\r", b"\n") if self.conversion == "cr" else chunk
                )

    def _open(self) -> IO[bytes]:
        if self.compression == "gzip":
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        if self.compression == "zip":
            # The opened member stays readable after its archive is closed.
            with zipfile.ZipFile(self.path) as archive:
                return archive.open(self.member)
        return self.path.open("rb")

    def lines(self) -> Iterator[tuple[bytes, int]]:
        """Yield lines and the bytes up to their ends, as far as a header may extend."""
        rest, after = b"", 0
        for chunk in self.chunks():
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            for part in parts:
                after += len(part) + 1
                yield part.removesuffix(b"\r"), after
            if len(rest) > LONGEST or after > HEAD:
                return
        if rest:
            yield rest, after + len(rest)

    def pieces(
        self, start: int, block: int = BLOCK
    ) -> Iterator[tuple[Callable[[], Piece], int]]:
        """Split the lines below the header into chunks of complete lines."""
        if not self.divisible:
            yield from self._sequential_pieces(start, block)
            return
        low, high = self.window or (start, self.size)
        for first in range(low, high, block):
            last = min(first + block, high)
            yield _Range(self, first, last, first == start), last - first

    def lines_before(self, start: int) -> int:
        """Count the lines between the header and the window."""
        if not self.window or self.window[0] <= start:
            return 0
        count, at, after = 1, 0, self.window[0] - 1
        for chunk in self.chunks():
            count += chunk.count(b"\n", max(start - at, 0), max(after - at, 0))
            at += len(chunk)
            if at >= after:
                break
        return count

    def _sequential_pieces(
        self, start: int, block: int
    ) -> Iterator[tuple[Callable[[], Piece], int]]:
        rest, skip = b"", start
        for chunk in self.chunks():
            dropped = min(skip, len(chunk))
            skip -= dropped
            rest += chunk[dropped:]
            if len(rest) < block:
                continue
            end = rest.rfind(b"\n") + 1
            if end:
                yield _piece_of(rest[:end]), end
                rest = rest[end:]
            elif len(rest) > block + LONGEST:
                raise ReadError(f"{self.name}: has a line of more than a million bytes")
        if rest:
            yield _piece_of(rest), len(rest)


def _piece_of(text: bytes) -> Callable[[], Piece]:
    cut = not text.endswith(b"\n")
    # Writable like other pieces: compiled loops distinguish read-only arrays.
    array = np.frombuffer(bytearray(text + b"\n" if cut else text), np.uint8)
    return lambda: Piece(array, 0, array.size, cut)


@dataclass(frozen=True, slots=True)
class _Range:
    """The lines that begin in a range of bytes of an uncompressed file."""

    source: ByteSource
    first: int
    last: int
    begins: bool

    def __call__(self) -> Piece:
        # The byte before the range shows whether a line begins with its first byte.
        begin = self.first if self.begins else self.first - 1
        extra = 4096
        while True:
            text = self._read(begin, min(self.last + extra, self.source.size) - begin)
            piece = self._lines(text, begin)
            if piece is not None:
                return piece
            extra *= 16
            if extra > 2 * LONGEST:
                raise ReadError(
                    f"{self.source.name}: has a line of more than a million bytes"
                    f" after byte {begin}"
                )

    def _read(self, begin: int, count: int) -> Array:
        """Read bytes into an array with one byte to spare for a newline."""
        text = np.empty(count + 1, np.uint8)
        buffer: Any = memoryview(cast(Any, text))
        path = self.source.path
        with reading(path), path.open("rb", buffering=0) as file:
            os.lseek(file.fileno(), begin, os.SEEK_SET)
            got = 0
            while got < count:
                more = file.readinto(buffer[got:count])
                if not more:
                    raise ReadError(f"{self.source.name}: was changed while being read")
                got += more
        return text

    def _lines(self, text: Array, begin: int) -> Piece | None:
        """Return the lines; None if the last one is incomplete."""
        size, last = text.size - 1, self.last - begin
        start = 0 if self.begins else _after_newline(text, 0, size)
        if start >= last:
            return Piece(text, 0, 0)
        end = _after_newline(text, last - 1, size)
        if end <= size:
            return Piece(text, start, end)
        if begin + size < self.source.size:
            return None
        text[size] = 10
        return Piece(text, start, size + 1, cut=True)


def _after_newline(text: Array, at: int, size: int) -> int:
    """Return the position after the next newline; `size + 1` if there is none."""
    while at < size:
        newlines = np.flatnonzero(text[at : min(at + 4096, size)] == 10)
        if newlines.size:
            return at + int(newlines[0]) + 1
        at += 4096
    return size + 1


def open_source(
    path: str | Path, is_header: Callable[[bytes], object] = bool
) -> ByteSource:
    """Detect the compression and encoding of a file."""
    path = Path(path)
    with reading(path, also=(zipfile.BadZipFile,)):
        with path.open("rb") as file:
            signature = file.read(4)
        source = ByteSource(path, path.name, path.stat().st_size)
        if signature[:2] == b"\x1f\x8b":
            source = replace(source, compression="gzip")
        elif signature in (b"PK\x03\x04", b"PK\x05\x06"):  # with nothing in it
            source = _archive_member(replace(source, compression="zip"), is_header)
    if not next(source.chunks(), b""):
        raise ReadError(f"{path}: is empty")
    return _with_conversion(source)


def _with_conversion(source: ByteSource) -> ByteSource:
    head = next(source.chunks(), b"")
    if head[:2] in UTF16_MARKS:
        return replace(source, conversion="utf-16")
    if b"\r" in head and b"\n" not in head:
        return replace(source, conversion="cr")
    return source


def _archive_member(
    source: ByteSource, is_header: Callable[[bytes], object]
) -> ByteSource:
    path = source.path
    with zipfile.ZipFile(path) as archive:
        names = [i.filename for i in archive.infolist() if not i.is_dir()]
    suffixes = (".tsv", ".tab", ".txt", ".csv")
    members = [
        replace(source, member=name, name=f"{path.name}:{name}")
        for name in names
        if name.lower().endswith(suffixes)
    ]
    if len(members) > 1:
        # One of them may be a description of the other.
        sources = [_with_conversion(member) for member in members]
        tables = [s for s in sources if any(is_header(line) for line, _ in s.lines())]
        members = tables or members
    if len(members) != 1:
        listed = ", ".join([m.member for m in members] or names[:5]) or "nothing"
        raise ReadError(
            f"{path}: must contain one table (.tsv, .tab, .txt or .csv);"
            f" it contains {listed}"
        )
    return members[0]
