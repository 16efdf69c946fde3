"""Texts into numbers."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

#: Cells that hold nothing, in the spellings of common programs.
BLANK = ("", "NaN", "nan", "NAN", "NA", "na")
#: The same in lower case, with rarer ones.
NOTHING = {"", "nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "---", "-nan"}
_THOUSANDS = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?"),
    # One point alone may be a decimal point: that is not for us to decide.
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3}){2,}|[+-]?[1-9]\d{0,2}(\.\d{3})+,\d*"),
}


def to_numbers(
    cells: np.ndarray, missing: Collection[str] = (), decimal: str = "."
) -> tuple[np.ndarray, np.ndarray]:
    """Turn cells into numbers.

    Examples
    --------
    >>> import numpy as np
    >>> to_numbers(np.array(["1.5", "-999.0", "x"], dtype=object), ["-999"])[0]
    array([1.5, nan, nan])
    """
    codes = {code.strip().lower() for code in missing}
    if cells.dtype == object:
        numbers, unreadable = _read(cells, codes, decimal)
    else:
        numbers = np.array(cells, dtype=np.float64)
        unreadable = np.isinf(numbers)
    numbers[np.isinf(numbers)] = np.nan
    for code in codes:
        value = _number(code, decimal)
        if value is not None:
            numbers[numbers == value] = np.nan
    return numbers, unreadable


def _read(
    texts: np.ndarray, codes: set[str], decimal: str
) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.full(texts.shape, np.nan)
    if decimal == ".":
        column = pd.Series(texts, dtype=object)
        numbers[:] = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    unreadable = np.zeros(numbers.shape, dtype=bool)
    rest = np.flatnonzero(~np.isfinite(numbers))
    if not rest.size:
        return numbers, unreadable
    which, unique = pd.factorize(texts[rest])
    read = [_number(text, decimal) for text in unique]
    known = [text.strip().lower() in NOTHING | codes for text in unique]
    values = np.array([np.nan if v is None else v for v in read], dtype=np.float64)
    odd = [(v is None or np.isinf(v)) and not k for v, k in zip(read, known)]  # noqa: B905
    numbers[rest] = values[which]
    unreadable[rest] = np.array(odd, dtype=bool)[which]
    return numbers, unreadable


def _number(text: str, decimal: str) -> float | None:
    """Read one number; None if it is none."""
    plain = text.strip().replace("\u2212", "-")
    if decimal == ",":
        if _THOUSANDS[","].fullmatch(plain):
            plain = plain.replace(".", "")
        elif "." in plain:
            return None
        plain = plain.replace(",", ".")
    elif _THOUSANDS["."].fullmatch(plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain, re.ASCII):
        return None
    return float(plain)
