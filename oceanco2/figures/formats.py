"""Formats of figures, available without matplotlib."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from oceanco2.errors import OptionError, did_you_mean

#: Suffixes, and metadata that would otherwise contain the time of drawing.
FORMATS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        ".png": {"Software": "oceanco2"},
        ".pdf": {"Creator": "oceanco2", "CreationDate": None},
        ".svg": {"Creator": "oceanco2", "Date": None},
    }
)


def check_suffix(path: str | Path) -> None:
    """Raise OptionError if a figure cannot be saved in the format of a file name.

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
        choices = ", ".join(FORMATS)
        hint = did_you_mean(suffix, FORMATS)
        raise OptionError(
            f"{path}: the suffix must be one of {choices}, not {suffix!r}.{hint}"
        )
