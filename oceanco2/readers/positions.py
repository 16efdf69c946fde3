"""Cells into latitude and longitude, north and east positive."""

import re

import numpy as np
import pandas as pd

from oceanco2.platforms import VariableSource
from oceanco2.readers.numbers import to_numbers

_POSITION = re.compile(
    r"(?P<a>[A-Z])?\s*(?P<sign>[+-])?\s*(?P<numbers>\d[\d.\s:°º'\"′″*]*?)\s*(?P<b>[A-Z])?"
)
_FARTHEST = {"latitude": 90.0, "longitude": 180.0}
_SIGNS = {
    "latitude": {"N": 1.0, "S": -1.0},
    "longitude": {"E": 1.0, "W": -1.0},
}


def to_degrees(
    name: str,
    cells: np.ndarray,
    source: VariableSource,
    letters: np.ndarray | None = None,
    decimal: str = ".",
) -> tuple[np.ndarray, np.ndarray]:
    """Turn cells into degrees, north and east positive, keeping every digit."""
    numbers, odd = to_numbers(_pointed(cells, decimal), source.missing)
    if cells.dtype == object:
        odd |= np.array(["," in t for t in cells]) & (decimal == ".")
    sign = np.where(np.signbit(numbers), -1.0, 1.0)
    degrees, wrong = _unpacked(np.abs(numbers), source.format)
    odd |= wrong & np.isfinite(numbers)
    lettered = np.zeros(odd.shape, dtype=bool)
    rest = np.flatnonzero(odd) if cells.dtype == object else np.empty(0, dtype=int)
    if rest.size:
        which, unique = pd.factorize(cells[rest])
        read = [_parts(name, text, source.format, decimal) for text in unique]
        parts = np.array([r or (np.nan, 1.0, 0.0) for r in read])
        degrees[rest], sign[rest] = parts[which, 0], parts[which, 1]
        lettered[rest] = parts[which, 2] > 0
        odd[rest] = np.isnan(parts[which, 0])
    if letters is not None:
        side = _sides(name, letters)
        wrong = (side == 0) | ((sign < 0) & ~lettered) | (lettered & (side != sign))
        odd |= wrong & np.isfinite(degrees)
        sign, lettered = side, np.ones(odd.shape, dtype=bool)
    # East and west do not go beyond the date line, north and south not beyond a pole.
    odd |= lettered & (np.abs(degrees) > _FARTHEST[name])
    degrees = np.where(odd, np.nan, sign * degrees)
    return (-degrees if source.positive in ("west", "south") else degrees), odd


def _pointed(cells: np.ndarray, decimal: str) -> np.ndarray:
    if decimal == "." or cells.dtype != object:
        return cells
    return np.array([t.replace(",", ".") for t in cells], dtype=object)


def _sides(name: str, letters: np.ndarray) -> np.ndarray:
    """Sign of each hemisphere letter, 0 where it is none."""
    which, unique = pd.factorize(letters)
    signs = [_SIGNS[name].get(t.strip().upper()[:1], 0.0) for t in unique]
    return np.array(signs)[which]


def _parts(
    name: str, text: str, way: str, decimal: str
) -> tuple[float, float, float] | None:
    """Read one position: degrees, sign, and whether a letter gave the sign."""
    plain = text.strip().upper().replace("\u2212", "-")
    found = _POSITION.fullmatch(plain.replace(",", ".") if decimal == "," else plain)
    if not found or (found["a"] and found["b"]):
        return None
    letter = found["a"] or found["b"] or ""
    if letter and (letter not in _SIGNS[name] or found["sign"]):
        return None
    numbers = re.findall(r"\d+\.?\d*", found["numbers"])
    degrees = _sexagesimal(numbers) if way == "dd mm.mmmm" else _packed(numbers, way)
    if degrees is None:
        return None
    sign = _SIGNS[name].get(letter, -1.0 if found["sign"] == "-" else 1.0)
    return degrees, sign, float(bool(letter))


def _sexagesimal(numbers: list[str]) -> float | None:
    """Degrees of degrees and minutes, perhaps seconds; only the last has decimals."""
    if not 2 <= len(numbers) <= 3 or any("." in n for n in numbers[:-1]):
        return None
    values = [float(n) for n in numbers]
    if any(v >= 60.0 for v in values[1:]):
        return None
    return sum(v / 60.0**i for i, v in enumerate(values))


def _packed(numbers: list[str], way: str) -> float | None:
    if len(numbers) != 1:
        return None
    degrees, wrong = _unpacked(np.array([float(numbers[0])]), way)
    return None if wrong[0] else float(degrees[0])


def _unpacked(values: np.ndarray, way: str) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of packed numbers, and where they are none."""
    if way == "dd mm.mmmm":  # needs two numbers
        return values, np.isfinite(values)
    if way == "decimal":
        return values, np.zeros(values.shape, dtype=bool)
    if way == "ddmm.mmmm":
        degrees = np.floor(values / 100.0)
        minutes = values - 100.0 * degrees
        return degrees + minutes / 60.0, minutes >= 60.0
    degrees = np.floor(values / 10000.0)
    minutes = np.floor(values / 100.0) - 100.0 * degrees
    seconds = values - 10000.0 * degrees - 100.0 * minutes
    wrong = (minutes >= 60.0) | (seconds >= 60.0)
    return degrees + minutes / 60.0 + seconds / 3600.0, wrong


def to_half_circle(longitude: np.ndarray) -> np.ndarray:
    """Bring longitudes to (-180, 180]; digits of those inside are kept.

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
