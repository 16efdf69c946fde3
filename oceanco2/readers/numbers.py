"""Texts into numbers and positions."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from oceanco2.platforms import VariableSource

_NOTHING = ("", "nan", "na", "n/a", "null", "none", "-", "--", "---", "inf", "-inf")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$")
_POSITION = re.compile(
    r"^\s*(?P<a>[NSEWnsew])?\s*(?P<sign>[+-])?\s*(?P<numbers>[\d.\s:°'\"′″,-]+?)"
    r"\s*(?P<b>[NSEWnsew])?\s*$"
)


def to_numbers(
    texts: np.ndarray, missing: Collection[str] = (), decimal: str = "."
) -> tuple[np.ndarray, np.ndarray]:
    """Turn cells into numbers.

    Parameters
    ----------
    texts : ndarray of object
        Cells.
    missing : collection of str
        Codes for a missing value; also compared as numbers (-999.0 is -999).
    decimal : str, default "."
        Decimal sign.

    Returns
    -------
    values : ndarray of float64
        NaN where there is none.
    unreadable : ndarray of bool
        Cells that are neither a number nor missing.

    Examples
    --------
    >>> import numpy as np
    >>> to_numbers(np.array(["1.5", "-999.0", "x"], dtype=object), ["-999"])[0]
    array([1.5, nan, nan])
    """
    if decimal == ",":
        texts = np.array([t.replace(".", "").replace(",", ".") for t in texts], object)
    values = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
    numbers = np.array(values, dtype=np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    unreadable = np.zeros(numbers.shape, dtype=bool)
    codes = {code.strip().lower() for code in missing}
    for i in np.flatnonzero(np.isnan(numbers)):
        text = texts[i].strip().lower()
        if text in _NOTHING or text in codes:
            continue
        if _THOUSANDS.match(text):
            numbers[i] = float(text.replace(",", ""))
        else:
            unreadable[i] = True
    for code in codes:
        try:
            numbers[numbers == float(code)] = np.nan
        except ValueError:
            continue
    return numbers, unreadable


def to_degrees(
    texts: np.ndarray, source: VariableSource, letters: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Turn cells into degrees, north and east positive.

    Parameters
    ----------
    texts : ndarray of object
        Cells, a hemisphere letter before or behind allowed.
    source : VariableSource
        Its ``format``, ``positive`` and ``missing``.
    letters : ndarray of object, optional
        Hemisphere letters from a column of their own.

    Returns
    -------
    degrees : ndarray of float64
        NaN where there is none; full precision of the file.
    unreadable : ndarray of bool
        Cells that are neither a position nor missing.
    """
    values, unreadable = to_numbers(texts, source.missing)
    sign = np.where(np.array([t.startswith("-") for t in texts]), -1.0, 1.0)
    values = np.abs(values)
    for i in np.flatnonzero(unreadable):
        found = _parts(texts[i])
        if found is not None:
            values[i], sign[i] = found
            unreadable[i] = False
    plain = ~np.array(
        [bool(re.search(r"[\s:°'′]", t.strip(" NSEWnsew"))) for t in texts]
    )
    values = np.where(plain, _unpacked(values, source.format), values)
    if letters is not None:
        down = np.array([t.strip().upper()[:1] in {"S", "W"} for t in letters])
        sign = np.where(down, -np.abs(sign), sign)
    if source.positive in ("west", "south"):
        sign = -sign
    return sign * values, unreadable


def _parts(text: str) -> tuple[float, float] | None:
    """Read degrees, minutes and seconds that are separated, or a trailing letter."""
    found = _POSITION.match(text)
    if not found:
        return None
    numbers = re.findall(r"\d+\.?\d*|\.\d+", found["numbers"])
    if not 1 <= len(numbers) <= 3:
        return None
    degrees = sum(float(n) / 60.0**i for i, n in enumerate(numbers))
    letter = (found["a"] or found["b"] or "").upper()
    negative = found["sign"] == "-" or letter in ("S", "W")
    return degrees, -1.0 if negative else 1.0


def _unpacked(values: np.ndarray, way: str) -> np.ndarray:
    if way == "ddmm.mmmm":
        degrees = np.floor(values / 100.0)
        return degrees + (values - 100.0 * degrees) / 60.0
    if way == "ddmmss":
        degrees = np.floor(values / 10000.0)
        minutes = np.floor(values / 100.0) - 100.0 * degrees
        seconds = values - 10000.0 * degrees - 100.0 * minutes
        return degrees + minutes / 60.0 + seconds / 3600.0
    return values


def to_half_circle(longitude: np.ndarray) -> np.ndarray:
    """Bring longitudes to (-180, 180]; digits of those inside are kept.

    Parameters
    ----------
    longitude : ndarray of float64
        Degrees east, -360 to 360; others stay for quality control to see.

    Returns
    -------
    ndarray of float64
        Degrees east.

    Examples
    --------
    >>> import numpy as np
    >>> to_half_circle(np.array([350.0, -180.0, 10.0]))
    array([-10., 180.,  10.])
    """
    high = (longitude > 180.0) & (longitude <= 360.0)
    low = (longitude <= -180.0) & (longitude >= -360.0)
    out = np.where(high, longitude - 360.0, longitude)
    return np.where(low, longitude + 360.0, out)
