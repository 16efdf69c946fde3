"""Lines into cells; no row is lost, a broken one costs only itself."""

import csv
import io
from typing import Any

import numpy as np
import pandas as pd

from oceanco2.readers.numbers import BLANK, to_numbers

SEPARATORS = {
    "tab": "\t",
    "\t": "\t",
    "comma": ",",
    ",": ",",
    "semicolon": ";",
    ";": ";",
    "pipe": "|",
    "|": "|",
    "space": " ",
    " ": " ",
}
NAMED = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "space"}
_CHUNK = 200_000
# Before version 3 the default of pandas could be wrong in the last digit.
_EXACT: dict[str, Any] = (
    {} if int(pd.__version__.split(".")[0]) >= 3 else {"float_precision": "round_trip"}
)


def sniff(line: str) -> str:
    """Guess the separator of a header line."""
    counts = {s: line.count(s) for s in "\t;,|"}
    best = max(counts, key=lambda s: counts[s])
    return best if counts[best] else " "


def fields(line: str, separator: str) -> list[str]:
    """Split one line into trimmed cells, quotes respected.

    Examples
    --------
    >>> fields('1, "GO, SLEEP" ,3', ",")
    ['1', 'GO, SLEEP', '3']
    """
    if separator == " ":
        line = " ".join(line.split())
        if not line:
            return []
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    try:
        row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:  # an open quote before a very long rest
        row = line.split(separator)
    return [cell.strip() for cell in row]


def cut(
    lines: list[str], width: int, separator: str, columns: dict[int, bool], decimal: str
) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Cut lines into columns."""
    if separator == " ":
        lines = [" ".join(line.split()) for line in lines]
    quoted = np.fromiter(('"' in line for line in lines), bool, len(lines))
    counts = np.fromiter((x.count(separator) for x in lines), np.int64, len(lines)) + 1
    plain = np.flatnonzero(~quoted & (counts == width))
    single = np.flatnonzero(quoted | (counts != width))
    damaged = np.zeros(len(lines), dtype=bool)
    rest: dict[int, list[str]] = {column: [] for column in columns}
    widths = np.full(len(lines), width)
    for i in single:
        row = fields(lines[i], separator)
        widths[i] = len(row)
        damaged[i] = any(row[width:])
        for column, texts in rest.items():
            texts.append(row[column] if column < len(row) else "")
    damaged |= (widths < width) & ~_usual(widths)
    fast = _fast([lines[i] for i in plain], separator, columns, decimal)
    cells = {}
    for column, texts in rest.items():
        slow = np.array(texts, dtype=object)
        cells[column] = _woven(fast[column], plain, slow, single, decimal)
    return cells, damaged


def _usual(widths: np.ndarray) -> np.ndarray:
    """Tell which rows have a number of fields that a tenth of the rows have."""
    found, which, counts = np.unique(widths, return_inverse=True, return_counts=True)
    often = counts >= max(20, 0.1 * widths.size)
    return often[which] if found.size else np.zeros(0, dtype=bool)


def _woven(
    fast: np.ndarray, plain: np.ndarray, slow: np.ndarray, single: np.ndarray, dec: str
) -> np.ndarray:
    """Put rows back into their order; numbers only if all are numbers."""
    if fast.dtype != object:
        numbers, odd = to_numbers(slow, (), dec)
        blank = np.array([not t or t.lower() in BLANK for t in slow], dtype=bool)
        if odd.any() or (np.isnan(numbers) & ~blank).any():
            fast = np.array([_shown(v, dec) for v in fast], dtype=object)
        else:
            slow = numbers
    out = np.empty(plain.size + single.size, dtype=fast.dtype)
    out[plain] = fast
    out[single] = slow
    return out


def _shown(value: float, decimal: str) -> str:
    return "" if np.isnan(value) else repr(float(value)).replace(".", decimal)


def _fast(
    lines: list[str], separator: str, columns: dict[int, bool], decimal: str
) -> dict[int, np.ndarray]:
    """Cut lines that all have the right number of fields and no quotes."""
    texts = {c for c, text in columns.items() if text}
    parts: dict[int, list[np.ndarray]] = {c: [] for c in columns}
    for start in range(0, len(lines), _CHUNK):
        content = "\n".join(lines[start : start + _CHUNK]).encode("utf-8", "replace")
        chunk = _numbers(content, separator, sorted(set(columns) - texts), decimal)
        again = texts | {c for c in columns if c not in chunk}
        chunk |= _texts(content, separator, sorted(again))
        for column, values in parts.items():
            values.append(chunk[column])
    out = {}
    for column, values in parts.items():
        if not values:
            out[column] = np.empty(0, dtype=object if columns[column] else np.float64)
        elif len({v.dtype == object for v in values}) > 1:
            same = [v if v.dtype == object else _all_shown(v, decimal) for v in values]
            out[column] = np.concatenate(same)
        else:
            out[column] = np.concatenate(values)
    return out


def _all_shown(values: np.ndarray, decimal: str) -> np.ndarray:
    return np.array([_shown(v, decimal) for v in values], dtype=object)


def _csv(content: bytes, separator: str, columns: list[int], **more: Any) -> Any:
    return pd.read_csv(
        io.BytesIO(content),
        sep=separator,
        header=None,
        usecols=columns,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        keep_default_na=False,
        engine="c",
        low_memory=False,
        encoding="utf-8",
        **more,
    )


def _numbers(
    content: bytes, separator: str, columns: list[int], decimal: str
) -> dict[int, np.ndarray]:
    """Read columns that hold nothing but plain numbers and blanks."""
    if not columns:
        return {}
    blank = {column: list(BLANK) for column in columns}
    options: dict[str, Any] = {"na_values": blank, "decimal": decimal} | _EXACT
    frame = _csv(content, separator, columns, **options)
    out = {}
    for column in columns:
        kind = frame[column].dtype
        if kind in (np.float64, np.int64, np.uint64):
            out[column] = frame[column].to_numpy(dtype=np.float64)
    return out


def _texts(content: bytes, separator: str, columns: list[int]) -> dict[int, np.ndarray]:
    if not columns:
        return {}
    frame = _csv(content, separator, columns, dtype=object, na_filter=False)
    out = {}
    for column in columns:
        texts = frame[column].to_numpy(dtype=object)
        out[column] = np.array([t.strip() for t in texts], dtype=object)
    return out
