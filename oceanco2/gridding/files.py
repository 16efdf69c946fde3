"""Rows of files that SOCAT gives out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.gridding.selection import Choice

if TYPE_CHECKING:
    from oceanco2.synthesis.reading import Reading


def open_files(
    paths: list[Path], chosen: Choice, options: Mapping[str, Any]
) -> list["Reading"]:
    """Open files, and find out early what they lack."""
    from oceanco2.synthesis.gridding import open_for_grid

    how = {"recomputed": chosen.recomputed, "flagged": True, **options}
    return [open_for_grid(path, **how) for path in paths]


def file_rows(
    reading: "Reading", chosen: Choice
) -> Iterator[tuple[Mapping[str, Any], Counter[str]]]:
    """Read a file, chunk by chunk."""
    from oceanco2.synthesis.gridding import observations

    yield from observations(
        reading, recomputed=chosen.recomputed, flags=chosen.flags, woce=chosen.woce
    )
