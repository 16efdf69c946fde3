"""Folder of a simulation: written completely or not at all; no other files change."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from oceanco2.errors import OutputError

TRUTH = "truth.nc"


@contextmanager
def simulation_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder whose files are moved if there is no error."""
    earlier = _earlier_files(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        parent = tempfile.mkdtemp(prefix=".simulation.", dir=folder.parent)
    except OSError as error:
        raise OutputError(f"{folder}: cannot write: {error.strerror}") from None
    temporary = Path(parent) / "raw"
    try:
        temporary.mkdir()  # with default permissions, unlike its parent
        yield temporary
        _move_files(temporary, folder, earlier)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written: {error.strerror or error}"
        ) from None
    finally:
        shutil.rmtree(parent, ignore_errors=True)


def _earlier_files(folder: Path) -> list[str]:
    """List the raw files of an earlier simulation."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: cannot write, it is a file")
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            return []
    except OSError as error:
        raise OutputError(f"{folder}: cannot read: {error.strerror}") from None
    try:
        with xr.open_dataset(folder / TRUTH, engine="netcdf4") as old:
            attrs = dict(old.attrs)
    except (OSError, ValueError):
        attrs = {}
    names = str(attrs.get("raw_files", "")).split("\n")
    if "simulator" not in str(attrs.get("source", "")) or not names[0]:
        raise OutputError(f"{folder}: not empty, and contains no earlier simulation")
    return [name for name in names if Path(name).name == name]


def _move_files(temporary: Path, folder: Path, earlier: list[str]) -> None:
    new = sorted(path.name for path in temporary.iterdir())
    if not folder.exists():
        temporary.rename(folder)
        return
    for name in new:
        if name not in (*earlier, TRUTH) and (folder / name).exists():
            raise OutputError(
                f"{folder / name}: exists, but is not part of an earlier simulation"
            )
    for name in earlier:
        (folder / name).unlink(missing_ok=True)
    # truth.nc first: it lists the files if the computer stops in between.
    for name in sorted(new, key=lambda name: name != TRUTH):
        (temporary / name).replace(folder / name)
