"""Find raw files: paths, globs, folders and zips become named bytes."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import glob, has_magic
from pathlib import Path, PurePosixPath

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import Platform
from oceanco2.provenance import digest

#: Without these there is no fCO2: their files must be there.
_NEEDED = ("latitude", "longitude", "SST", "salinity", "T_equ", "P_equ", "P_atm")
_NEEDED_KINDS = ("xCO2", "pCO2", "fCO2", "xH2O_")


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

    def load(self) -> RawFile:
        """Read the file."""
        content = self.content()
        return RawFile(self.name, content, digest(content))


def find(paths: Iterable[str | Path]) -> list[Source]:
    """Find every raw file below some paths."""
    found: list[Source] = []
    for argument in map(str, paths):
        try:
            found += _matching(argument)
        except (OSError, ValueError) as error:
            if isinstance(error, ReadError):
                raise
            said = getattr(error, "strerror", None) or error
            raise ReadError(f"{argument}: cannot be read: {said}") from None
    if not found:
        raise ReadError("no raw files given")
    return found


def _matching(argument: str) -> list[Source]:
    if not has_magic(argument) or Path(argument).exists():
        return _below(Path(argument), argument)
    names = sorted(glob(argument, recursive=True))  # noqa: PTH207 (any anchor)
    if not names:
        raise ReadError(f"{argument}: no file matches")
    return [source for name in names for source in _below(Path(name), argument)]


def _below(path: Path, argument: str) -> list[Source]:
    if path.is_dir():
        inside = [p for p in sorted(path.rglob("*")) if p.is_file()]
        inside = [p for p in inside if not _hidden(p.relative_to(path).parts)]
        found = [source for p in inside for source in _below(p, argument)]
        if not found and str(path) == argument:
            raise ReadError(f"{argument}: the folder holds no file")
        return found
    if not path.is_file():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside)
        raise ReadError(f"{path}: no such file or folder.{hint}")
    if path.suffix.lower() == ".zip":
        return _members(path, argument)
    explicit = str(path) == argument
    return [Source(path.name, argument, explicit, lambda: _bytes(path))]


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from None


def _members(path: Path, argument: str) -> list[Source]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(_bytes(path)))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{path}: not a readable zip: {error}") from None
    members = []
    for info in archive.infolist():
        inside = PurePosixPath(info.filename)
        if not info.is_dir() and not _hidden(inside.parts):
            read = _member(archive, info, f"{path}: member {info.filename}")
            members.append(Source(inside.name, argument, False, read))
    if not members:
        raise ReadError(f"{path}: the zip holds no file")
    return members


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str
) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return archive.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,  # encrypted
            NotImplementedError,
            EOFError,
            OSError,
            ValueError,
        ) as error:
            raise ReadError(f"{where} cannot be read: {error}") from None

    return read


def assign(
    platform: Platform, sources: Iterable[Source]
) -> tuple[dict[str, list[Source]], list[str]]:
    """Give every raw file to the file definition whose pattern it matches."""
    sources = list(sources)
    patterns = {name: d.pattern.lower() for name, d in platform.files.items()}
    given: dict[str, list[Source]] = {name: [] for name in patterns}
    used = set()
    for source in sources:
        fits = [n for n, p in patterns.items() if fnmatchcase(source.name.lower(), p)]
        if not fits and source.explicit and len(patterns) == 1:
            fits = list(patterns)
        if fits:
            best = patterns[max(fits, key=lambda n: _exactness(patterns[n]))]
            # One file may hold several streams: tables of a database, say.
            for name in fits:
                if patterns[name] == best:
                    given[name].append(source)
            used.add(source.argument)
    for source in sources:
        if source.argument not in used:
            listed = ", ".join(f"[files.{n}] {p!r}" for n, p in patterns.items())
            what = "matches none" if source.explicit else "holds no file for any"
            said = f"{source.argument}: {what} of the patterns {listed}"
            raise ReadError(f"{said} in {platform.path}")
    absent = [name for name, chosen in given.items() if not chosen]
    doubts = [_without(platform, name) for name in absent]
    return {name: chosen for name, chosen in given.items() if chosen}, doubts


def _exactness(pattern: str) -> int:
    return len(pattern) - pattern.count("*") - pattern.count("?")


def _without(platform: Platform, name: str) -> str:
    """Say that a stream has no files; that is an error if fCO2 depends on it."""
    mine = [v for v, s in platform.variables.items() if platform.file_of(s) == name]
    pattern = platform.files[name].pattern
    said = f"no raw file matches {pattern!r} of [files.{name}] in {platform.path}"
    needed = [v for v in mine if v in _NEEDED or v.startswith(_NEEDED_KINDS)]
    optional = platform.files[name].optional
    if name == platform.main_file() or (needed and not optional):
        what = f" ({', '.join(needed)})" if needed else ""
        raise ReadError(said + what)
    return f"{said}: {', '.join(mine) or 'nothing'} is missing"
