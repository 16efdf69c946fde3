"""Formats of pictures; known without matplotlib."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from oceanco2.errors import OptionError, did_you_mean

#: Formats, and the metadata that would hold the hour of drawing.
FORMATS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        ".png": {"Software": "oceanco2"},
        ".pdf": {"Creator": "oceanco2", "CreationDate": None},
        ".svg": {"Creator": "oceanco2", "Date": None},
    }
)


def check_suffix(path: str | Path) -> None:
    """Refuse a format that cannot be written, before anything is drawn.

    Parameters
    ----------
    path : str or Path
        File to write.

    Raises
    ------
    OptionError
        If its suffix is unknown.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        hint = did_you_mean(suffix, FORMATS)
        raise OptionError(f"{path}: pictures are {known}, not {suffix!r}.{hint}")
