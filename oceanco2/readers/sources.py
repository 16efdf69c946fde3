"""Find raw files: paths, globs, folders and zips become named bytes."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import glob, has_magic
from pathlib import Path, PurePosixPath

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import Platform


@dataclass(frozen=True, slots=True)
class Source:
    """A raw file that can be read.

    Attributes
    ----------
    name : str
        File name without folder.
    explicit : bool
        True if the user named this very file.
    content : callable
        Returns the bytes.
    """

    name: str
    explicit: bool
    content: Callable[[], bytes]


def find(paths: Iterable[str | Path]) -> list[Source]:
    """Find every raw file below some paths.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, globs, folders (searched with their sub-folders) or zips.

    Returns
    -------
    list of Source
        In no meaningful order.

    Raises
    ------
    ReadError
        If a path does not exist or matches nothing.
    """
    found = []
    for path in map(str, paths):
        if has_magic(path) and not Path(path).exists():
            names = sorted(glob(path, recursive=True))  # noqa: PTH207 (any anchor)
            if not names:
                raise ReadError(f"{path}: no file matches")
        else:
            names = [path]
        for name in names:
            found += _below(Path(name), explicit=name == path)
    if not found:
        raise ReadError("no raw files given")
    return found


def _below(path: Path, explicit: bool) -> list[Source]:
    if path.is_dir():
        inside = [p for p in sorted(path.rglob("*")) if p.is_file()]
        inside = [p for p in inside if not p.name.startswith(".")]
        return [s for p in inside for s in _below(p, explicit=False)]
    if not path.is_file():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside)
        raise ReadError(f"{path}: no such file or folder.{hint}")
    if path.suffix.lower() == ".zip":
        return _members(path)
    return [Source(path.name, explicit, lambda: _bytes(path))]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from None


def _members(path: Path) -> list[Source]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(_bytes(path)))
        broken = archive.testzip()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ReadError(f"{path}: not a readable zip: {error}") from None
    if broken:
        raise ReadError(f"{path}: member {broken} is damaged")
    members = []
    for info in archive.infolist():
        name = PurePosixPath(info.filename).name
        if not info.is_dir() and not name.startswith("."):
            members.append(Source(name, False, lambda i=info: archive.read(i)))
    return members


def assign(platform: Platform, sources: Iterable[Source]) -> dict[str, list[Source]]:
    """Give every raw file to the file definition whose pattern it matches.

    Parameters
    ----------
    platform : Platform
        Its ``files`` hold the patterns; the most specific one wins.
    sources : iterable of Source
        Raw files.

    Returns
    -------
    dict of str to list of Source
        For every file definition.

    Raises
    ------
    ReadError
        If a file that the user named matches no pattern, or a definition has no file.
    """
    patterns = {name: d.pattern.lower() for name, d in platform.files.items()}
    given: dict[str, list[Source]] = {name: [] for name in patterns}
    for source in sources:
        fits = [n for n, p in patterns.items() if fnmatchcase(source.name.lower(), p)]
        if not fits and source.explicit and len(patterns) == 1:
            fits = list(patterns)
        if not fits and source.explicit:
            listed = ", ".join(f"[files.{n}] {p}" for n, p in patterns.items())
            raise ReadError(f"{source.name}: matches none of the patterns: {listed}")
        if fits:
            given[max(fits, key=lambda n: len(patterns[n].strip("*")))].append(source)
    for name, chosen in given.items():
        if not chosen:
            pattern = platform.files[name].pattern
            raise ReadError(
                f"no raw file matches {pattern!r} of [files.{name}] in {platform.path}"
            )
    return given
