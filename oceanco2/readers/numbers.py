"""Convert texts to numbers."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

#: Empty cells, in the spellings of common programs.
BLANK = ("", "NaN", "nan", "NAN", "NA", "na")
#: The same in lower case, with rarer ones.
MISSING_TEXTS = {
    "",
    "nan",
    "na",
    "n/a",
    "#n/a",
    "null",
    "none",
    "-",
    "--",
    "---",
    "-nan",
}
_THOUSANDS = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?"),
    # A single point may be a decimal point, so it is not removed.
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3}){2,}|[+-]?[1-9]\d{0,2}(\.\d{3})+,\d*"),
}


def to_numbers(
    cells: np.ndarray, missing: Collection[str] = (), decimal: str = "."
) -> tuple[np.ndarray, np.ndarray]:
    """Convert cells to numbers; also return a mask of unreadable ones.

    Examples
    --------
    >>> import numpy as np
    >>> to_numbers(np.array(["1.5", "-999.0", "x"], dtype=object), ["-999"])[0]
    array([1.5, nan, nan])
    """
    codes = {code.strip().lower() for code in missing}
    if cells.dtype == object:
        numbers, unreadable = _parse_texts(cells, codes, decimal)
    else:
        numbers = np.array(cells, dtype=np.float64)
        unreadable = np.isinf(numbers)
    numbers[np.isinf(numbers)] = np.nan
    for code in codes:
        value = _parse_number(code, decimal)
        if value is not None:
            numbers[numbers == value] = np.nan
    return numbers, unreadable


def _parse_texts(
    texts: np.ndarray, codes: set[str], decimal: str
) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.full(texts.shape, np.nan)
    if decimal == ".":
        column = pd.Series(texts, dtype=object)
        numbers[:] = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    unreadable = np.zeros(numbers.shape, dtype=bool)
    remaining = np.flatnonzero(~np.isfinite(numbers))
    if not remaining.size:
        return numbers, unreadable
    which, unique = pd.factorize(texts[remaining])
    parsed = [_parse_number(text, decimal) for text in unique]
    is_missing = [text.strip().lower() in MISSING_TEXTS | codes for text in unique]
    values = np.array([np.nan if v is None else v for v in parsed], dtype=np.float64)
    is_unreadable = [
        (value is None or np.isinf(value)) and not missing
        for value, missing in zip(parsed, is_missing, strict=True)
    ]
    numbers[remaining] = values[which]
    unreadable[remaining] = np.array(is_unreadable, dtype=bool)[which]
    return numbers, unreadable


def _parse_number(text: str, decimal: str) -> float | None:
    """Parse one number; None if it is not a number."""
    simplified = text.strip().replace("\u2212", "-")
    if decimal == ",":
        if _THOUSANDS[","].fullmatch(simplified):
            simplified = simplified.replace(".", "")
        elif "." in simplified:
            return None
        simplified = simplified.replace(",", ".")
    elif _THOUSANDS["."].fullmatch(simplified):
        simplified = simplified.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", simplified, re.ASCII):
        return None
    return float(simplified)
