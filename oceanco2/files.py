"""Reading and writing files: errors in one line, atomic writing, digests."""

import hashlib
import json
import math
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from oceanco2 import staging
from oceanco2.errors import OceanCO2Error, OptionError, OutputError, ReadError

#: Files that the command read, by device and inode; None outside commands.
_read: ContextVar[dict[Any, str] | None] = ContextVar("read", default=None)
#: Files that wait until all files of the run are complete, and the id of the run.
_set: ContextVar[list[staging.Staged] | None] = ContextVar("set", default=None)
_run_id: ContextVar[str] = ContextVar("run_id", default="")


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file."""
    with reading(path), Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_file(path: str | Path, note: str = "") -> None:
    """Raise ReadError if there is no such file; the note says what it is for."""
    path = Path(path)
    with reading(path):
        is_file, is_folder = is_readable_file(path), path.is_dir()
    if not is_file:
        fault = "is a directory" if is_folder else "no such file"
        raise ReadError(f"{path}: {fault}{note and f' ({note})'}")


def is_readable_file(path: Path) -> bool:
    """Whether a path is a file or a pipe."""
    return path.is_file() or path.is_fifo()


#: What an output cannot be.
_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def check_writable(*paths: str | Path | None) -> None:
    """Raise OutputError if a file cannot be written; call it before long work."""
    for path in (Path(p) for p in paths if p is not None):
        try:
            place = path.resolve()
            mode = place.stat().st_mode if place.exists() else 0
        except (OSError, RuntimeError, ValueError) as error:
            reason = _explain(error, "cannot be written")
            raise OutputError(f"{path}: {reason}") from None
        if stat.S_IFMT(mode) in _KINDS:
            raise OutputError(f"{path}: is {_KINDS[stat.S_IFMT(mode)]}")
        if not place.parent.is_dir():
            raise OutputError(f"{path}: no folder {path.parent}")
        if mode and not (mode & 0o222 and os.access(place, os.W_OK)):
            raise OutputError(f"{path}: is read-only")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise OutputError(f"{path}: permission denied")


def check_suffix(path: str | Path | None, suffixes: Iterable[str], what: str) -> None:
    """Raise OptionError if the suffix of an output says that it is something else."""
    allowed = tuple(suffixes)
    suffix = Path(path).suffix.lower() if path is not None else ""
    if suffix and suffix not in allowed:
        raise OptionError(f"{path}: {what} is written; name it {' or '.join(allowed)}")


def check_outputs(
    inputs: Iterable[str | Path], outputs: Mapping[str, str | Path | None]
) -> None:
    """Raise an error if an output is also an input or another output."""
    given = {option: path for option, path in outputs.items() if path is not None}
    check_no_overwrite(inputs, *given.values())
    seen: dict[Any, str] = {}
    for option, path in given.items():
        for key in _identities(path):
            if seen.setdefault(key, option) != option:
                raise OptionError(f"{path}: is given for {seen[key]} and for {option}")


def check_no_overwrite(
    inputs: Iterable[str | Path], *outputs: str | Path | None
) -> None:
    """Raise OutputError if an output would overwrite an input."""
    read = {key for path in inputs for key in _identities(path)}
    for path in outputs:
        if path is not None and read.intersection(_identities(path)):
            raise OutputError(f"{path}: is also an input; choose another output file")


def _identities(path: str | Path) -> list[Any]:
    """Return what two names of one file have in common: path, device and inode."""
    try:
        place = Path(path).resolve()
        identities: list[Any] = [place]
        if place.is_file():
            about = place.stat()
            identities.append((about.st_dev, about.st_ino))
    except (OSError, RuntimeError, ValueError):
        return []
    return identities


@contextmanager
def inputs_remembered() -> Iterator[Mapping[Any, str]]:
    """Remember every file that is read: none of them is written over."""
    names: dict[Any, str] = {}
    token = _read.set(names)
    try:
        yield names
    finally:
        _read.reset(token)


def _remember(path: str | Path) -> None:
    read = _read.get()
    if read is not None:
        read |= {key: str(path) for key in _identities(path)[1:]}


def _check_not_read(path: Path) -> None:
    if (_read.get() or {}).keys() & set(_identities(path)[1:]):
        raise OutputError(f"{path}: was read as an input; choose another output file")


def check_once(inputs: Iterable[str | Path]) -> None:
    """Raise OptionError if a file is given more than once: rows would count twice."""
    seen = set()
    for path in inputs:
        resolved = Path(path).resolve()
        if resolved in seen:
            raise OptionError(f"{path}: is given more than once")
        seen.add(resolved)


@contextmanager
def reading(
    path: str | Path,
    kind: str = "",
    also: tuple[type[Exception], ...] = (),
    *,
    error: Callable[[str], Exception] = ReadError,
) -> Iterator[None]:
    """Report in one line why a file cannot be read, or not as `kind`."""
    failures: tuple[type[Exception], ...] = (OSError, MemoryError, *also)
    _remember(path)
    try:
        yield
    except OceanCO2Error:
        raise
    except failures as reason:
        failure = f"cannot be read as {kind}" if kind else "cannot be read"
        raise error(f"{path}: {_explain(reason, failure)}") from None


@contextmanager
def writing(path: str | Path, also: tuple[type[Exception], ...] = ()) -> Iterator[Path]:
    """Yield a temporary path that replaces the file only if no error occurs."""
    path = Path(path)
    check_writable(path)
    _check_not_read(path)
    place = path.resolve()
    waiting = _set.get()
    if waiting is not None and place in {entry.place for entry in waiting}:
        raise OutputError(f"{path}: is also another output; choose another name")
    with _beside(place, also, label=path, keep=waiting is not None) as folder:
        temporary = folder / path.name
        yield temporary
        entry = staging.Staged(temporary, place)
        if waiting is None:
            staging.put_in_place([entry])
        else:
            waiting.append(entry)


@contextmanager
def one_set(run_id: str = "") -> Iterator[None]:
    """Put the files written inside in their places together, when all are complete."""
    if _set.get() is not None:
        yield
        return
    waiting: list[staging.Staged] = []
    token, id_token = _set.set(waiting), _run_id.set(run_id)
    try:
        yield
        names = ", ".join(str(entry.place) for entry in waiting)
        try:
            staging.put_in_place(waiting, run_id)
        except OSError as error:
            reason = _explain(error, "cannot be written")
            raise OutputError(f"{error.filename2 or names}: {reason}") from None
    except BaseException:
        if len({entry.path.exists() for entry in waiting}) == 1:  # all wait
            for entry in waiting:
                staging.remove(entry.path.parent)
        raise
    finally:
        _set.reset(token)
        _run_id.reset(id_token)


def current_run() -> str:
    """Return the id of the run whose files are being written, if it has one."""
    return _run_id.get()


def written(path: str | Path) -> Path:
    """Return where a file is that was written: in its place, or waiting for it."""
    place = Path(path).resolve()
    for entry in _set.get() or ():
        if entry.place == place:
            return entry.path
    return Path(path)


@contextmanager
def writing_folder(
    path: str | Path,
    *,
    empty: bool = False,
    move: Callable[[Path, Path], None] | None = None,
) -> Iterator[Path]:
    """Yield a temporary folder whose files are moved only if no error occurs."""
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: is a file, not a folder")
    if empty and path.is_dir() and any(path.iterdir()):
        raise OutputError(f"{path}: is not empty; choose a new folder")
    check_writable(path / "x" if path.is_dir() else path)
    place = path.resolve()
    with _beside(place, label=path) as holder:
        temporary = holder / place.name
        temporary.mkdir()  # with default permissions, unlike its parent
        yield temporary
        if not place.exists():
            staging.put_in_place([staging.Staged(temporary, place)])
        else:
            (move or _move)(temporary, place)


def create_folder(path: str | Path) -> Path:
    """Create a folder, and those above it, if it does not exist."""
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: {_explain(error, 'cannot be created')}") from None
    return path


@contextmanager
def _beside(
    path: Path,
    also: tuple[type[Exception], ...] = (),
    label: Path | None = None,
    keep: bool = False,
) -> Iterator[Path]:
    """Yield a temporary folder beside a file; errors on writing become OutputError."""
    folder: Path | None = None
    is_complete = False
    failures: tuple[type[Exception], ...] = (OSError, MemoryError, *also)
    try:
        folder = staging.make_folder(path.parent)
        yield folder
        is_complete = True
    except OceanCO2Error:
        raise
    except failures as error:
        reason = _explain(_fault_of_disk(folder, error), "cannot be written")
        raise OutputError(f"{label or path}: {reason}") from None
    finally:
        if folder is not None and not (keep and is_complete):
            staging.remove(folder)


def _fault_of_disk(folder: Path | None, error: Exception) -> Exception:
    """Return the error of the system behind one of a library, if writing fails again.

    The libraries of netCDF do not say that a disk is full.
    """
    if folder is None or (isinstance(error, OSError) and (error.errno or 0) > 0):
        return error
    unfinished = [path for path in folder.rglob("*") if path.is_file()]
    try:
        for path in unfinished:
            with path.open("ab") as file:
                file.write(bytes(_PROBE))
    except OSError as fault:
        return fault
    return error


_PROBE = 1 << 20  # bytes


def _explain(error: Exception, failure: str) -> str:
    """Explain an error in one line; errors of the system need no addition."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, MemoryError):
        return f"{failure}: not enough memory"
    if isinstance(error, OSError) and error.strerror and (error.errno or 0) > 0:
        return error.strerror[:1].lower() + error.strerror[1:]
    text = getattr(error, "strerror", None) or error
    if str(text).startswith("did not find a match in any of xarray's"):
        text = "unknown file format"
    return f"{failure}: {' '.join(str(text).split())[:_LONGEST]}"


_LONGEST = 200  # characters of an error of a library


def _move(temporary: Path, path: Path) -> None:
    """Move the files of a temporary folder into a folder that exists, as one set."""
    entries = []
    for file in sorted(p for p in temporary.rglob("*") if p.is_file()):
        place = path / file.relative_to(temporary)
        place.parent.mkdir(parents=True, exist_ok=True)
        check_writable(place)
        _check_not_read(place)
        entries.append(staging.Staged(file, place.resolve()))
    staging.put_in_place(entries)


def write_bytes(content: bytes, path: str | Path) -> None:
    """Write a file; writing is atomic."""
    with writing(path) as temporary:
        temporary.write_bytes(content)


def write_json(content: dict[str, Any], path: str | Path) -> None:
    """Write a JSON report; writing is atomic."""
    text = json_text(content, sort_keys=True, default=str)
    write_bytes(f"{text}\n".encode(), path)


def json_text(content: Any, **options: Any) -> str:
    """Return JSON; numbers that JSON does not know (NaN, infinity) become null.

    Examples
    --------
    >>> json_text([1.5, float("inf")], indent=None)
    '[1.5, null]'
    """
    return json.dumps(_finite(content), **{"indent": 2} | options, allow_nan=False)


def _finite(content: Any) -> Any:
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    return (
        [_finite(item) for item in content]
        if isinstance(content, list | tuple)
        else content
    )
