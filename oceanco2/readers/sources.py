"""Find raw files in paths, globs, folders and zips."""

import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import glob, has_magic
from pathlib import Path, PurePosixPath

from oceanco2.errors import ReadError, no_such_file
from oceanco2.files import digest, reading
from oceanco2.platforms import Platform

#: fCO2 needs these variables: their files are required.
_REQUIRED = ("latitude", "longitude", "SST", "salinity", "T_equ", "P_equ", "P_atm")
_REQUIRED_KINDS = ("xCO2", "pCO2", "fCO2", "xH2O_")


@dataclass(frozen=True, slots=True)
class RawFile:
    """A raw file in memory."""

    name: str
    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """A raw file that can be read."""

    name: str
    argument: str
    explicit: bool
    content: Callable[[], bytes]
    #: When it was written, in seconds since 1970.
    modified: float = 0.0

    def load(self) -> RawFile:
        """Read the file."""
        content = self.content()
        _check_lines(self.name, content)
        return RawFile(self.name, content, digest(content))


#: Most lines of a raw file, a year and a half of one each second.
_MOST_LINES = 50_000_000


def _check_lines(name: str, content: bytes) -> None:
    """Refuse a file whose rows would fill the memory."""
    count = content.count(b"\n")
    if count > _MOST_LINES:
        raise ReadError(
            f"{name}: has {count:,} lines; at most {_MOST_LINES:,} are read: split it"
        )


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """Find all raw files of the paths."""
    sources: list[Source] = []
    for argument in map(str, paths):
        with reading(argument, also=(ValueError,)):
            sources += _sources_matching(argument)
    if not sources:
        raise ReadError("no raw files given")
    return sources


def _sources_matching(argument: str) -> list[Source]:
    if not has_magic(argument) or Path(argument).exists():
        return _sources_below(Path(argument), argument)
    names = sorted(glob(argument, recursive=True))  # noqa: PTH207 (any anchor)
    if not names:
        raise ReadError(f"{argument}: no file matches")
    return [source for name in names for source in _sources_below(Path(name), argument)]


def _sources_below(path: Path, argument: str) -> list[Source]:
    if path.is_dir():
        inside = sorted(_files_below(path))
        inside = [p for p in inside if not _is_hidden(p.relative_to(path).parts)]
        sources = [source for p in inside for source in _sources_below(p, argument)]
        if not sources and str(path) == argument:
            raise ReadError(f"{argument}: the folder is empty")
        return sources
    if path.is_fifo() or path.is_char_device():  # can be read only once
        content = _read_bytes(path)
        return [Source(path.name, argument, True, lambda: content)]
    if not path.is_file():
        siblings = (
            [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        )
        raise ReadError(no_such_file(path, siblings))
    if path.suffix.lower() == ".zip":
        return _zip_members(path, argument)
    explicit = str(path) == argument
    modified = path.stat().st_mtime
    return [Source(path.name, argument, explicit, lambda: _read_bytes(path), modified)]


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield all files of a folder; a folder that cannot be read is an error."""

    def stop(error: OSError) -> None:
        raise error

    for parent, _, names in os.walk(folder, onerror=stop):
        yield from (p for name in names if (p := Path(parent, name)).is_file())


def _is_hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _read_bytes(path: Path) -> bytes:
    with reading(path):
        return path.read_bytes()


def _zip_members(path: Path, argument: str) -> list[Source]:
    with reading(path, "a zip", (zipfile.BadZipFile, NotImplementedError, ValueError)):
        archive = zipfile.ZipFile(io.BytesIO(_read_bytes(path)))
    members = []
    _check_size(path, archive)
    for info in archive.infolist():
        inside = PurePosixPath(info.filename)
        if not info.is_dir() and not _is_hidden(inside.parts):
            read = _member_reader(archive, info, f"{path}: member {info.filename}")
            modified = path.stat().st_mtime
            members.append(Source(inside.name, argument, False, read, modified))
    if not members:
        raise ReadError(f"{path}: the zip is empty")
    return members


#: Most bytes of an unpacked zip that is packed more than this many times. Logs are
#: packed 5 to 50 times.
_SUSPICIOUS_BYTES, _SUSPICIOUS_RATIO = 100_000_000, 100
_MOST_BYTES, _MOST_MEMBERS = 8_000_000_000, 100_000


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse a zip that would fill the memory."""
    members = archive.infolist()
    size = sum(info.file_size for info in members)
    ratio = size / max(1, sum(info.compress_size for info in members))
    limits = f"at most {_MOST_MEMBERS:,} files and {_MOST_BYTES:,} bytes are read"
    if len(members) > _MOST_MEMBERS or size > _MOST_BYTES:
        contents = f"{len(members):,} files of {size:,} bytes"
        raise ReadError(f"{path}: contains {contents}; {limits}")
    if size > _SUSPICIOUS_BYTES and ratio > _SUSPICIOUS_RATIO:
        raise ReadError(
            f"{path}: would unpack to {size:,} bytes, {ratio:.0f} times its size; above"
            f" {_SUSPICIOUS_BYTES:,} bytes at most {_SUSPICIOUS_RATIO} times is read:"
            " unpack it if it is right"
        )


_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # encrypted
    NotImplementedError,
    EOFError,
    ValueError,
)


def _member_reader(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str
) -> Callable[[], bytes]:
    def read() -> bytes:
        with reading(where, also=_ZIP_ERRORS):
            return archive.read(info)

    return read


def is_truth(source: Source) -> bool:
    """Whether a file has the true values of a simulation, which is not a raw file."""
    mark = b"truth of a simulated cruise"
    return source.name == "truth.nc" and mark in source.content()


def assign_sources(
    platform: Platform, sources: Iterable[Source]
) -> tuple[dict[str, list[Source]], list[str]]:
    """Assign each raw file to the file definition whose pattern it matches."""
    sources = [source for source in sources if not is_truth(source)]
    if not sources:
        raise ReadError("no raw files given")
    patterns = {name: d.pattern.lower() for name, d in platform.files.items()}
    assigned: dict[str, list[Source]] = {name: [] for name in patterns}
    used = set()
    for source in sources:
        matches = [
            n for n, p in patterns.items() if fnmatchcase(source.name.lower(), p)
        ]
        if not matches and source.explicit and len(patterns) == 1:
            matches = list(patterns)
        if matches:
            best = patterns[max(matches, key=lambda n: specificity(patterns[n]))]
            # One file may contain several streams, for example tables of a database.
            for name in matches:
                if patterns[name] == best:
                    assigned[name].append(source)
            used.add(source.argument)
    for source in sources:
        if source.argument not in used:
            patterns_text = ", ".join(f"[files.{n}] {p!r}" for n, p in patterns.items())
            problem = (
                "matches none"
                if source.explicit
                else "contains no file that matches any"
            )
            message = f"{source.argument}: {problem} of the patterns {patterns_text}"
            raise ReadError(f"{message} in {platform.path}")
    absent = [
        name for name, assigned_sources in assigned.items() if not assigned_sources
    ]
    messages = [_absent_stream(platform, name) for name in absent]
    return {
        name: assigned_sources
        for name, assigned_sources in assigned.items()
        if assigned_sources
    }, messages


def specificity(pattern: str) -> int:
    """Count the characters of a pattern that stand for themselves."""
    return len(pattern) - pattern.count("*") - pattern.count("?")


def _absent_stream(platform: Platform, name: str) -> str:
    """Message for a stream without files; an error if fCO2 depends on it."""
    stream_variables = [
        v for v, s in platform.variables.items() if platform.file_of(s) == name
    ]
    pattern = platform.files[name].pattern
    message = f"no raw file matches {pattern!r} of [files.{name}] in {platform.path}"
    required = [
        v for v in stream_variables if v in _REQUIRED or v.startswith(_REQUIRED_KINDS)
    ]
    optional = platform.files[name].optional
    if name == platform.main_file() or (required and not optional):
        variables = f" ({', '.join(required)})" if required else ""
        raise ReadError(message + variables)
    return f"{message}: {', '.join(stream_variables) or 'nothing'} is missing"
