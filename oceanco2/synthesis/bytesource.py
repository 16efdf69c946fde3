"""Files as bytes in bounded memory: plain, .gz, or one file in a .zip; UTF-16, too."""

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
from oceanco2.socat_format.printing import Array

#: Bytes of one piece: long enough for a thread, short enough for the caches.
BLOCK = 4 * 2**20
#: The header of a file stands within this many bytes; a line is no longer than that.
HEAD, LONGEST = 64 * 2**20, 2**20
_CHUNK = 262144
_DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines."""

    text: Array
    start: int
    end: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ByteSource:
    """A file, or the file in a container."""

    path: Path
    name: str
    size: int
    packed: str = ""
    member: str = ""
    odd: str = ""
    window: tuple[int, ...] = ()

    @property
    def divisible(self) -> bool:
        """Return whether ranges of bytes can be read on their own."""
        return not (self.packed or self.odd)

    def chunks(self) -> Iterator[bytes]:
        """Read on and on."""
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        try:
            with self._open() as stream:
                while chunk := stream.read(_CHUNK):
                    if self.odd == "utf-16":
                        chunk = decoder.decode(chunk).encode()
                    yield chunk.replace(b"\r", b"\n") if self.odd == "cr" else chunk
        except _DAMAGE as error:
            raise ReadError(f"{self.name}: is damaged: {error}") from None

    def _open(self) -> IO[bytes]:
        if self.packed == "gzip":
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        if self.packed == "zip":
            # What was opened in an archive outlives it.
            with zipfile.ZipFile(self.path) as archive:
                return archive.open(self.member)
        return self.path.open("rb")

    def lines(self) -> Iterator[tuple[bytes, int]]:
        """Read lines from the beginning, as far as a header can stand."""
        rest, behind = b"", 0
        for chunk in self.chunks():
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            for part in parts:
                behind += len(part) + 1
                yield part.removesuffix(b"\r"), behind
            if len(rest) > LONGEST or behind > HEAD:
                return
        if rest:
            yield rest, behind + len(rest)

    def pieces(
        self, start: int, block: int = BLOCK
    ) -> Iterator[tuple[Callable[[], Piece], int]]:
        """Cut what is behind the header into pieces of whole lines."""
        if not self.divisible:
            yield from self._in_turn(start, block)
            return
        low, high = self.window or (start, self.size)
        for first in range(low, high, block):
            last = min(first + block, high)
            yield _Range(self, first, last, first == start), last - first

    def lines_before(self, start: int) -> int:
        """Count the lines behind the header that are not in the window."""
        if not self.window or self.window[0] <= start:
            return 0
        count, at, behind = 1, 0, self.window[0] - 1
        for chunk in self.chunks():
            count += chunk.count(b"\n", max(start - at, 0), max(behind - at, 0))
            at += len(chunk)
            if at >= behind:
                break
        return count

    def _in_turn(
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
                yield _given(rest[:end]), end
                rest = rest[end:]
            elif len(rest) > block + LONGEST:
                raise ReadError(f"{self.name}: has a line of more than a million bytes")
        if rest:
            yield _given(rest), len(rest)


def _given(text: bytes) -> Callable[[], Piece]:
    cut = not text.endswith(b"\n")
    # Writable as the other pieces are: compiled loops tell the two kinds apart.
    array = np.frombuffer(bytearray(text + b"\n" if cut else text), np.uint8)
    return lambda: Piece(array, 0, array.size, cut)


@dataclass(frozen=True, slots=True)
class _Range:
    """The lines that begin in a range of bytes of a plain file."""

    source: ByteSource
    first: int
    last: int
    begins: bool

    def __call__(self) -> Piece:
        # The byte before the range tells whether a line begins with its first byte.
        begin = self.first if self.begins else self.first - 1
        room = 4096
        while True:
            text = self._read(begin, min(self.last + room, self.source.size) - begin)
            piece = self._lines(text, begin)
            if piece is not None:
                return piece
            room *= 16
            if room > 2 * LONGEST:
                raise ReadError(
                    f"{self.source.name}: has a line of more than a million bytes"
                    f" behind byte {begin}"
                )

    def _read(self, begin: int, count: int) -> Array:
        """Read bytes; one place is left for a line end."""
        text = np.empty(count + 1, np.uint8)
        room: Any = memoryview(cast(Any, text))
        with self.source.path.open("rb", buffering=0) as file:
            os.lseek(file.fileno(), begin, os.SEEK_SET)
            got = 0
            while got < count:
                more = file.readinto(room[got:count])
                if not more:
                    raise ReadError(f"{self.source.name}: changed while it was read")
                got += more
        return text

    def _lines(self, text: Array, begin: int) -> Piece | None:
        """Return the lines; None if the last one ends behind what was read."""
        size, last = text.size - 1, self.last - begin
        start = 0 if self.begins else _behind_newline(text, 0, size)
        if start >= last:
            return Piece(text, 0, 0)
        end = _behind_newline(text, last - 1, size)
        if end <= size:
            return Piece(text, start, end)
        if begin + size < self.source.size:
            return None
        text[size] = 10
        return Piece(text, start, size + 1, cut=True)


def _behind_newline(text: Array, at: int, size: int) -> int:
    """Return the byte behind the next line end; beyond `size` if there is none."""
    while at < size:
        found = np.flatnonzero(text[at : min(at + 4096, size)] == 10)
        if found.size:
            return at + int(found[0]) + 1
        at += 4096
    return size + 1


def open_source(
    path: str | Path, is_header: Callable[[bytes], object] = bool
) -> ByteSource:
    """Find out what a file is."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            mark = file.read(4)
        source = ByteSource(path, path.name, path.stat().st_size)
        if mark[:2] == b"\x1f\x8b":
            source = replace(source, packed="gzip")
        elif mark == b"PK\x03\x04":
            source = _member(replace(source, packed="zip"), is_header)
    except (OSError, zipfile.BadZipFile) as error:
        said = getattr(error, "strerror", None) or error
        raise ReadError(f"{path}: cannot be read: {said}") from None
    if not next(source.chunks(), b""):
        raise ReadError(f"{path}: is empty")
    return _with_oddity(source)


def _with_oddity(source: ByteSource) -> ByteSource:
    head = next(source.chunks(), b"")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return replace(source, odd="utf-16")
    if b"\r" in head and b"\n" not in head:
        return replace(source, odd="cr")
    return source


def _member(source: ByteSource, is_header: Callable[[bytes], object]) -> ByteSource:
    path = source.path
    with zipfile.ZipFile(path) as archive:
        names = [i.filename for i in archive.infolist() if not i.is_dir()]
    ends = (".tsv", ".tab", ".txt", ".csv")
    found = [
        replace(source, member=name, name=f"{path.name}:{name}")
        for name in names
        if name.lower().endswith(ends)
    ]
    if len(found) > 1:
        # One of them may be a text about the other.
        opened = map(_with_oddity, found)
        tables = [one for one in opened if any(is_header(x) for x, _ in one.lines())]
        found = tables or found
    if len(found) != 1:
        listed = ", ".join([one.member for one in found] or names[:5]) or "nothing"
        raise ReadError(
            f"{path}: must hold one table (.tsv, .tab, .txt or .csv), it holds {listed}"
        )
    return found[0]
