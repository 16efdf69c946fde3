"""Cells and columns of raw files."""

import numpy as np

from oceanco2.platforms import VariableSource

#: (Raw column, occurrence) to texts.
Columns = dict[tuple[str, int], np.ndarray]

_LETTERS = {"latitude": "NS", "longitude": "EW"}


def format_numbers(values: np.ndarray, digits: int) -> np.ndarray:
    """Format numbers with fixed decimals."""
    texts = ["" if np.isnan(v) else f"{v:.{digits}f}" for v in values]
    return np.array(texts, dtype=object)


def format_positions(
    values: np.ndarray, name: str, source: VariableSource, digits: int
) -> dict[str, np.ndarray]:
    """Format positions with the packing, sign and hemisphere of a file."""
    columns = {}
    if source.hemisphere:
        letters = np.where(values < 0.0, _LETTERS[name][1], _LETTERS[name][0])
        columns[source.hemisphere] = letters.astype(object)
        values = np.abs(values)
    if source.positive in ("west", "south"):
        values = -values
    texts = [_format_position(value, source.format, digits) for value in values]
    return {source.columns[0]: np.array(texts, dtype=object)} | columns


def _format_position(value: float, layout: str, digits: int) -> str:
    if np.isnan(value):
        return ""
    if layout == "decimal":
        return f"{value:.{digits}f}"
    sign = "-" if value < 0 else ""
    # Rounded before it is split, because 60 minutes are not valid.
    width = digits + 3
    if layout == "ddmmss":
        minutes, seconds = divmod(round(abs(value) * 3600.0, digits), 60.0)
        degrees, minutes = divmod(minutes, 60.0)
        return f"{sign}{degrees:.0f}{minutes:02.0f}{seconds:0{width}.{digits}f}"
    degrees, minutes = divmod(round(abs(value) * 60.0, digits), 60.0)
    separator = " " if layout == "dd mm.mmmm" else ""
    return f"{sign}{degrees:.0f}{separator}{minutes:0{width}.{digits}f}"


def arrange_columns(
    columns: Columns, names: list[str] | None, size: int
) -> list[tuple[str, np.ndarray]]:
    """Arrange columns in the order of the names; unused ones are empty."""
    empty = np.full(size, "", dtype=object)
    counts: dict[str, int] = {}
    for name, occurrence in columns:
        counts[name] = max(counts.get(name, 0), occurrence)
    order = list(names) if names is not None else list(counts)
    for name, count in counts.items():
        order += [name] * (count - order.count(name)) if names is None else []
    seen: dict[str, int] = {}
    table = []
    for name in order:
        seen[name] = seen.get(name, 0) + 1
        table.append((name, columns.get((name, seen[name]), empty)))
    return table
