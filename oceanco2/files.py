"""Reading and writing files: errors in one line, atomic writing, digests."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oceanco2.errors import OceanCO2Error, OptionError, OutputError, ReadError


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file."""
    with reading(path), Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_file(path: str | Path, note: str = "") -> None:
    """Raise ReadError if there is no such file; the note says what it is for."""
    if not Path(path).is_file():
        fault = "is a directory" if Path(path).is_dir() else "no such file"
        raise ReadError(f"{path}: {fault}{note and f' ({note})'}")


def check_writable(*paths: str | Path | None) -> None:
    """Raise OutputError if a file cannot be written; call it before long work."""
    for path in (Path(p) for p in paths if p is not None):
        if path.is_dir():
            raise OutputError(f"{path}: is a directory")
        if not path.parent.is_dir():
            raise OutputError(f"{path}: no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise OutputError(f"{path}: permission denied")


def check_no_overwrite(
    inputs: Iterable[str | Path], *outputs: str | Path | None
) -> None:
    """Raise OutputError if an output would overwrite an input."""
    read = {Path(path).resolve() for path in inputs}
    for path in outputs:
        if path is not None and Path(path).resolve() in read:
            raise OutputError(f"{path}: is also an input; choose another output file")


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
    failures: tuple[type[Exception], ...] = (OSError, *also)
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
    with _beside(path, also) as folder:
        yield folder / path.name
        (folder / path.name).replace(path)


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
    name = path.resolve().name  # of the current folder, too
    with _beside(path.parent / name, label=path) as holder:
        temporary = holder / name
        temporary.mkdir()  # with default permissions, unlike its parent
        yield temporary
        if not path.exists():
            temporary.rename(path)
        else:
            (move or _move)(temporary, path)


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
    path: Path, also: tuple[type[Exception], ...] = (), label: Path | None = None
) -> Iterator[Path]:
    """Yield a temporary folder beside a file; errors on writing become OutputError."""
    holder = ""
    failures: tuple[type[Exception], ...] = (OSError, *also)
    try:
        holder = tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent)
        yield Path(holder)
    except OceanCO2Error:
        raise
    except failures as error:
        reason = _explain(error, "cannot be written")
        raise OutputError(f"{label or path}: {reason}") from None
    finally:
        if holder:
            shutil.rmtree(holder, ignore_errors=True)


def _explain(error: Exception, failure: str) -> str:
    """Explain an error in one line; errors of the system need no addition."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, OSError) and error.strerror and (error.errno or 0) > 0:
        return error.strerror[:1].lower() + error.strerror[1:]
    text = getattr(error, "strerror", None) or error
    if str(text).startswith("did not find a match in any of xarray's"):
        text = "unknown file format"
    return f"{failure}: {' '.join(str(text).split())[:_LONGEST]}"


_LONGEST = 200  # characters of an error of a library


def _move(temporary: Path, path: Path) -> None:
    for file in sorted(p for p in temporary.rglob("*") if p.is_file()):
        target = path / file.relative_to(temporary)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)


def write_bytes(content: bytes, path: str | Path) -> None:
    """Write a file; writing is atomic."""
    with writing(path) as temporary:
        temporary.write_bytes(content)


def write_json(content: dict[str, Any], path: str | Path) -> None:
    """Write a JSON report; writing is atomic."""
    text = json.dumps(content, indent=2, sort_keys=True, default=str)
    write_bytes(f"{text}\n".encode(), path)
