"""Files are complete beside their places before the first is renamed to its place.

Each is written in a folder ``.oceanco2.HOST.PROCESS.START.NUMBER`` beside its place.
No file system renames several files at once: the folders of a set of files hold a
journal, from which a later run completes a set that was interrupted. A later run also
removes the folders of runs that were killed, if they ran on this host as this user.
"""

import errno
import json
import os
import re
import shutil
import socket
import stat
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from oceanco2.errors import OceanCO2Warning

_FOLDER = re.compile(
    r"\.oceanco2\.(?P<host>[\w-]+)\.(?P<process>\d+)\.(?P<start>\w+)\.\d+", re.ASCII
)
_JOURNAL = "set.json"
_numbers = count(1)
#: Inode, size and time of change: what tells whether a file is still the same.
Signature = list[int] | None


@dataclass(frozen=True, slots=True)
class Staged:
    """A complete file or folder that waits for its place."""

    path: Path
    place: Path

    @property
    def folder(self) -> Path:
        """The folder for unfinished files that it is in."""
        return next(p for p in self.path.parents if _FOLDER.fullmatch(p.name))


def make_folder(beside: Path) -> Path:
    """Make a folder for unfinished files; remove what killed runs left there."""
    clean(beside)
    process = os.getpid()
    name = f".oceanco2.{_host()}.{process}.{_start(process)}.{next(_numbers)}"
    folder = beside / name
    folder.mkdir(mode=0o700)
    return folder


@cache
def _host() -> str:
    """Return the name of this host and its space of process numbers."""
    space = ""
    with suppress(OSError):  # containers of one name may share a disk
        space = f"-{Path('/proc/self/ns/pid').stat().st_ino}"
    return re.sub(r"[^A-Za-z0-9_-]", "_", socket.gethostname())[:60] + space


def _start(process: int) -> str | None:
    """Return when a process started, in ticks; None if there is no such process."""
    if not Path("/proc/self/stat").exists():
        return _is_running(process)
    try:
        text = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    state, *fields = text.rpartition(")")[2].split()
    return None if state in "ZX" else fields[18]


def _is_running(process: int) -> str | None:
    """Return "unknown" if a process runs, where the system does not list its start."""
    if os.name == "nt":  # a signal would end it
        return "unknown"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    return "unknown"


def _is_abandoned(folder: Path) -> bool:
    """Whether a folder belongs to a run of this host and user that has ended."""
    match = _FOLDER.fullmatch(folder.name)
    if match is None or match["host"] != _host():
        return False
    with suppress(OSError):
        about = folder.lstat()
        is_ours = not hasattr(os, "getuid") or about.st_uid == os.getuid()
        is_folder = stat.S_ISDIR(about.st_mode)
        return is_ours and is_folder and _start(int(match["process"])) != match["start"]
    return False


def _abandoned(folder: Path) -> list[Path]:
    found: list[Path] = []
    with suppress(OSError), os.scandir(folder) as entries:
        found = [folder / e.name for e in entries if e.name.startswith(".oceanco2.")]
    return sorted(filter(_is_abandoned, found))


def clean(folder: Path) -> None:
    """Complete the sets of files of killed runs, and remove what else they left."""
    for left in _abandoned(folder):
        content = _read_journal(left)
        if content is None or not _journal_of_first(content).exists():
            remove(left)
        else:
            _complete(content)


def remove(folder: Path) -> None:
    """Remove a folder of unfinished files."""
    shutil.rmtree(folder, ignore_errors=True)


def put_in_place(staged: Iterable[Staged], run_id: str = "") -> None:
    """Rename complete files to their places; a journal lets a later run finish it."""
    entries = list(staged)
    for entry in entries:
        _keep_mode(entry)
        _sync(entry.path)
    if len(entries) > 1:
        _write_journals(entries, run_id)
    try:
        _rename(entries)
    finally:
        waiting = sum(entry.path.exists() for entry in entries)
        if waiting in (0, len(entries)):  # all or none; else a later run completes it
            for entry in entries:
                remove(entry.folder)
    for parent in {entry.place.parent for entry in entries}:
        with suppress(OSError):  # not possible everywhere
            _sync_one(parent)


def _rename(entries: list[Staged]) -> None:
    try:
        for entry in entries:
            if entry.path.exists():
                entry.path.replace(entry.place)
    except OSError:
        raise
    except BaseException:  # a signal has come: first the other files
        _rename(entries)
        raise


def _keep_mode(entry: Staged) -> None:
    with suppress(FileNotFoundError):
        entry.path.chmod(stat.S_IMODE(entry.place.stat().st_mode))


def _sync(path: Path) -> None:
    """Have a file, or all files of a folder, written to the disk."""
    for file in path.rglob("*") if path.is_dir() else ():
        if file.is_file():
            _sync_one(file)
    _sync_one(path)


def _sync_one(path: Path) -> None:
    if os.name == "nt":  # needs a file that is open for writing
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # nothing to write
            raise
    finally:
        os.close(descriptor)


def _signature(path: Path) -> Signature:
    with suppress(OSError):
        about = path.stat()
        return [about.st_ino, about.st_size, about.st_mtime_ns]
    return None


def _write_journals(entries: list[Staged], run_id: str) -> None:
    files = [
        {
            "staged": str(entry.path),
            "place": str(entry.place),
            "new": _signature(entry.path),
            "old": _signature(entry.place),
        }
        for entry in entries
    ]
    text = json.dumps({"run_id": run_id, "files": files}, indent=1)
    for folder in dict.fromkeys(entry.folder for entry in entries):
        path = folder / f"{_JOURNAL}.new"
        path.write_text(text, encoding="utf-8")
        _sync_one(path)
        path.replace(folder / _JOURNAL)
        _sync_one(folder)


def _read_journal(folder: Path) -> dict[str, Any] | None:
    """Return the journal of a set of files, if there is a valid one."""
    with suppress(OSError, ValueError, KeyError, TypeError, StopIteration):
        content = json.loads((folder / _JOURNAL).read_text(encoding="utf-8"))
        folders = {entry.folder for entry in _entries(content)}
        if folder in folders and all(map(_is_abandoned, filter(Path.exists, folders))):
            return dict(content)
    return None


def _entries(content: dict[str, Any]) -> list[Staged]:
    """Return the files of a journal."""
    return [Staged(Path(f["staged"]), Path(f["place"])) for f in content["files"]]


def _waiting(content: dict[str, Any]) -> list[Staged]:
    """Return the files of an interrupted set that are not in their places.

    Empty if nothing was renamed, or if a place has changed since.
    """
    waiting = []
    for file, entry in zip(content["files"], _entries(content), strict=True):
        is_waiting = entry.path.exists()
        if _signature(entry.place) != file["old" if is_waiting else "new"]:
            return []
        if is_waiting:
            waiting.append(entry)
    return waiting if len(waiting) < len(content["files"]) else []


def _complete(content: dict[str, Any]) -> None:
    """Complete an interrupted set of files, unless another run does it now."""
    with suppress(OSError), _journal_of_first(content).open("rb") as journal:
        _lock(journal)
        for entry in _waiting(content):
            entry.path.replace(entry.place)
            warnings.warn(
                f"{entry.place}: put in place; the run {content['run_id']} that wrote"
                " it had been interrupted",
                OceanCO2Warning,
                stacklevel=2,
            )
        for entry in _entries(content):
            remove(entry.folder)


def _journal_of_first(content: dict[str, Any]) -> Path:
    """Return the journal that is locked: the one beside the first file of the set."""
    return _entries(content)[0].folder / _JOURNAL


def _lock(journal: BinaryIO) -> None:
    """Lock a journal until it is closed; raise OSError if another run has locked it."""
    with suppress(ImportError):
        import fcntl

        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)


def interrupted(path: Path) -> dict[str, list[str]]:
    """Return runs interrupted while their files, a path among them, were put in place.

    The files that are not in place yet, by the id of the run.
    """
    place = path.resolve()
    found: dict[str, list[str]] = {}
    for left in (*_abandoned(place.parent), *_abandoned(place.parent.parent)):
        content = _read_journal(left)
        if content is None:
            continue
        if str(place) in {file["place"] for file in content["files"]}:
            waiting = [str(entry.place) for entry in _waiting(content)]
            found |= {content["run_id"]: waiting} if waiting else {}
    return found
