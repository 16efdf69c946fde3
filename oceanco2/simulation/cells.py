"""Cells and columns of raw files."""

import numpy as np

from oceanco2.platforms import VariableSource

#: Raw column and its occurrence to texts.
Columns = dict[tuple[str, int], np.ndarray]

_LETTERS = {"latitude": "NS", "longitude": "EW"}


def number_texts(values: np.ndarray, digits: int) -> np.ndarray:
    """Write numbers with fixed decimals."""
    texts = ["" if np.isnan(v) else f"{v:.{digits}f}" for v in values]
    return np.array(texts, dtype=object)


def position_texts(
    values: np.ndarray, name: str, source: VariableSource, digits: int
) -> dict[str, np.ndarray]:
    """Write positions in the packing, sign and hemisphere of a file."""
    found = {}
    if source.hemisphere:
        letters = np.where(values < 0.0, _LETTERS[name][1], _LETTERS[name][0])
        found[source.hemisphere] = letters.astype(object)
        values = np.abs(values)
    if source.positive in ("west", "south"):
        values = -values
    texts = [_position(value, source.format, digits) for value in values]
    return {source.columns[0]: np.array(texts, dtype=object)} | found


def _position(value: float, way: str, digits: int) -> str:
    if np.isnan(value):
        return ""
    if way == "decimal":
        return f"{value:.{digits}f}"
    sign = "-" if value < 0 else ""
    # Rounded before it is cut: 60 minutes are no minutes.
    width = digits + 3
    if way == "ddmmss":
        minutes, seconds = divmod(round(abs(value) * 3600.0, digits), 60.0)
        degrees, minutes = divmod(minutes, 60.0)
        return f"{sign}{degrees:.0f}{minutes:02.0f}{seconds:0{width}.{digits}f}"
    degrees, minutes = divmod(round(abs(value) * 60.0, digits), 60.0)
    between = " " if way == "dd mm.mmmm" else ""
    return f"{sign}{degrees:.0f}{between}{minutes:0{width}.{digits}f}"


def laid_out(
    found: Columns, names: list[str] | None, size: int
) -> list[tuple[str, np.ndarray]]:
    """Put columns in their order; what nobody reads is empty."""
    empty = np.full(size, "", dtype=object)
    counts: dict[str, int] = {}
    for name, occurrence in found:
        counts[name] = max(counts.get(name, 0), occurrence)
    order = list(names) if names is not None else list(counts)
    for name, count in counts.items():
        order += [name] * (count - order.count(name)) if names is None else []
    seen: dict[str, int] = {}
    table = []
    for name in order:
        seen[name] = seen.get(name, 0) + 1
        table.append((name, found.get((name, seen[name]), empty)))
    return table
