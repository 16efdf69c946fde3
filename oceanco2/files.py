"""Whole files: written at once or not at all, digests, checks before writing."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oceanco2.errors import OptionError, OutputError, ReadError


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from None


def check_writable(*paths: str | Path | None) -> None:
    """Raise OutputError if a file cannot be written; call it before long work."""
    for path in (Path(p) for p in paths if p is not None):
        if path.is_dir():
            raise OutputError(f"{path}: cannot be written: it is a folder")
        if not path.parent.is_dir():
            raise OutputError(f"{path}: cannot be written: no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise OutputError(f"{path}: permission denied")


def check_apart(inputs: Iterable[str | Path], *outputs: str | Path | None) -> None:
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
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path that replaces the file only if no error occurs."""
    path = Path(path)
    check_writable(path)
    try:
        holder = tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    temporary = Path(holder) / path.name
    try:
        yield temporary
        try:
            temporary.replace(path)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(holder, ignore_errors=True)


@contextmanager
def whole_folder(path: str | Path, *, empty: bool = False) -> Iterator[Path]:
    """Yield a temporary folder whose files are moved only if no error occurs."""
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: cannot be written: it is a file, not a folder")
    if empty and path.is_dir() and any(path.iterdir()):
        raise OutputError(f"{path}: is not empty; choose a new folder")
    check_writable(path / "x" if path.is_dir() else path)
    target = path.resolve()
    try:
        holder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    temporary = holder / target.name
    try:
        temporary.mkdir()
        yield temporary
        try:
            _move(temporary, path)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def _move(temporary: Path, path: Path) -> None:
    if not path.exists():
        temporary.rename(path)
        return
    for file in sorted(p for p in temporary.rglob("*") if p.is_file()):
        target = path / file.relative_to(temporary)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)


def write_json(content: dict[str, Any], path: str | Path) -> None:
    """Write a JSON report; writing is atomic."""
    with whole_file(path) as temporary:
        text = json.dumps(content, indent=2, sort_keys=True, default=str)
        temporary.write_text(f"{text}\n", encoding="utf-8")
