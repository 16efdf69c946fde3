"""A folder of raw files: all of a simulation or nothing, and nobody else's files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from oceanco2.errors import OutputError

TRUTH = "truth.nc"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder whose files are moved only if all went well."""
    earlier = _earlier(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        holder = tempfile.mkdtemp(prefix=".simulation.", dir=folder.parent)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None
    held = Path(holder) / "raw"
    try:
        held.mkdir()  # with the usual rights, unlike its holder
        yield held
        _move(held, folder, earlier)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written: {error.strerror or error}"
        ) from None
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def _earlier(folder: Path) -> list[str]:
    """Names of the raw files of an earlier simulation."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: cannot be written, it is a file")
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            return []
    except OSError as error:
        raise OutputError(f"{folder}: cannot be read: {error.strerror}") from None
    try:
        with xr.open_dataset(folder / TRUTH, engine="netcdf4") as old:
            attrs = dict(old.attrs)
    except (OSError, ValueError):
        attrs = {}
    names = str(attrs.get("raw_files", "")).split("\n")
    if "simulator" not in str(attrs.get("source", "")) or not names[0]:
        raise OutputError(f"{folder}: is not empty and holds no earlier simulation")
    return [name for name in names if Path(name).name == name]


def _move(held: Path, folder: Path, earlier: list[str]) -> None:
    made = sorted(path.name for path in held.iterdir())
    if not folder.exists():
        held.rename(folder)
        return
    for name in made:
        if name not in (*earlier, TRUTH) and (folder / name).exists():
            raise OutputError(f"{folder / name}: is not of an earlier simulation")
    for name in earlier:
        (folder / name).unlink(missing_ok=True)
    # The truth first: it names the files, should the computer stop in between.
    for name in sorted(made, key=lambda name: name != TRUTH):
        (held / name).replace(folder / name)
