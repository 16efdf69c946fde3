"""Rows of files published by SOCAT."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.gridding.selection import Choice

if TYPE_CHECKING:
    from oceanco2.socat.archive.reading import ArchiveReading


def open_files(
    paths: list[Path], chosen: Choice, options: Mapping[str, Any]
) -> list["ArchiveReading"]:
    """Open files; raise ReadError if one lacks a column."""
    from oceanco2.socat.grid.sources import open_for_grid

    arguments = {"recomputed": chosen.recomputed, "flagged": True, **options}
    return [open_for_grid(path, **arguments) for path in paths]


def file_rows(
    reading: "ArchiveReading", chosen: Choice
) -> Iterator[tuple[Mapping[str, Any], Counter[str]]]:
    """Yield the rows of a file in chunks, and counts of skipped rows."""
    from oceanco2.socat.grid.sources import observations

    yield from observations(
        reading, recomputed=chosen.recomputed, flags=chosen.flags, woce=chosen.woce
    )
