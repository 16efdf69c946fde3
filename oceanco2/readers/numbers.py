"""Convert texts to numbers, and cells to latitude and longitude."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from oceanco2.dates import DAY_SECONDS
from oceanco2.platforms import VariableSource

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
    cells: np.ndarray,
    missing: Collection[str] = (),
    decimal: str = ".",
    thousands: str = "",
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
        if thousands:
            cells = _without_thousands(cells, thousands, decimal)
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


def _without_thousands(texts: np.ndarray, mark: str, decimal: str) -> np.ndarray:
    """Remove the mark that separates groups of three digits."""
    group, point = re.escape(mark), re.escape(decimal)
    number = re.compile(
        rf"\s*[+-]?\d{{1,3}}({group}\d{{3}})+({point}\d*)?\s*", re.ASCII
    )
    return np.array(
        [t.strip().replace(mark, "") if number.fullmatch(t) else t for t in texts],
        dtype=object,
    )


#: One comma before three digits: thousands, or three decimals.
_COMMA_OF_THREE_DIGITS = re.compile(r"[+-]?\d{1,3},\d{3}", re.ASCII)
_COMMA_AND_MORE = re.compile(r"[+-]?\d{1,3}(,\d{3})+(,\d{3}|\.\d*)", re.ASCII)


def ambiguous_commas(texts: np.ndarray) -> np.ndarray:
    """Return cells such as 10,013, unless others show that it is ten thousand.

    Examples
    --------
    >>> import numpy as np
    >>> ambiguous_commas(np.array(["10,013", "9.5", ""], dtype=object))
    array(['10,013'], dtype=object)
    >>> ambiguous_commas(np.array(["10,013", "10,013.5"], dtype=object)).size
    0
    """
    stripped = [text.strip() for text in texts if "," in text]
    if any(_COMMA_AND_MORE.fullmatch(text) for text in stripped):
        return np.empty(0, dtype=object)
    found = [text for text in stripped if _COMMA_OF_THREE_DIGITS.fullmatch(text)]
    return np.array(found, dtype=object)


_DECIMALS = 10


def printed_step(numbers: np.ndarray) -> float:
    """Return the step of the last printed digit: 0.01 if one has two decimals.

    Examples
    --------
    >>> import numpy as np
    >>> printed_step(np.array([380.1, 380.25, np.nan]))
    0.01
    """
    finite = numbers[np.isfinite(numbers)]
    for decimals in range(_DECIMALS):
        scaled = np.abs(finite) * 10.0**decimals
        # A number of 16 digits has no more decimals than its last bit.
        if (np.abs(scaled - np.rint(scaled)) <= 1e-6 + 4e-16 * scaled).all():
            return 10.0**-decimals
    return 10.0**-_DECIMALS


def nearest_clock(seconds: np.ndarray, step_days: float) -> np.ndarray:
    """Replace times by the minute or second that they were rounded from.

    A day printed with 6 decimals is known to 0.04 s: 0.006944 is 00:10:00.

    Examples
    --------
    >>> import numpy as np
    >>> nearest_clock(np.array([599.9616, 601.0848]), 1e-6)
    array([600. , 601.1])
    """
    out = seconds.copy()
    # The printed digits and the last bit of the number.
    half = step_days * DAY_SECONDS * 0.5 + 1e-4
    for unit in (1e-3, 1e-2, 1e-1, 1.0, 60.0):
        rounded = np.rint(seconds / unit) * unit
        out = np.where(np.abs(rounded - seconds) <= half, rounded, out)
    return out


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


_POSITION = re.compile(
    r"(?P<a>[A-Z])?\s*(?P<sign>[+-])?\s*(?P<numbers>\d[\d.\s:°º'\"′″*]*?)\s*(?P<b>[A-Z])?"
)
#: Between degrees and minutes, as in log books: 46-13.4N.
_DASH = re.compile(r"(?<=[\d°º])\s*-\s*(?=\d)")
_LARGEST = {"latitude": 90.0, "longitude": 180.0}
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
    """Convert cells to degrees, north and east positive; also return invalid ones."""
    numbers, invalid = to_numbers(_with_decimal_points(cells, decimal), source.missing)
    if cells.dtype == object:
        invalid |= np.array(["," in t for t in cells]) & (decimal == ".")
    sign = np.where(np.signbit(numbers), -1.0, 1.0)
    degrees, out_of_range = unpack(np.abs(numbers), source.format)
    invalid |= out_of_range & np.isfinite(numbers)
    has_letter = np.zeros(invalid.shape, dtype=bool)
    remaining = (
        np.flatnonzero(invalid) if cells.dtype == object else np.empty(0, dtype=int)
    )
    if remaining.size:
        which, unique = pd.factorize(cells[remaining])
        parsed = [
            _parse_position(name, text, source.format, decimal) for text in unique
        ]
        parts = np.array([r or (np.nan, 1.0, 0.0) for r in parsed])
        degrees[remaining], sign[remaining] = parts[which, 0], parts[which, 1]
        has_letter[remaining] = parts[which, 2] > 0
        invalid[remaining] = np.isnan(parts[which, 0])
    if letters is not None:
        hemisphere = _hemisphere_signs(name, letters)
        out_of_range = (
            (hemisphere == 0)
            | ((sign < 0) & ~has_letter)
            | (has_letter & (hemisphere != sign))
        )
        invalid |= out_of_range & np.isfinite(degrees)
        sign, has_letter = hemisphere, np.ones(invalid.shape, dtype=bool)
    # With a letter, longitude is at most 180 and latitude at most 90 degrees.
    invalid |= has_letter & (np.abs(degrees) > _LARGEST[name])
    degrees = np.where(invalid, np.nan, sign * degrees)
    return (-degrees if source.positive in ("west", "south") else degrees), invalid


def _with_decimal_points(cells: np.ndarray, decimal: str) -> np.ndarray:
    if decimal == "." or cells.dtype != object:
        return cells
    return np.array([t.replace(",", ".") for t in cells], dtype=object)


def _hemisphere_signs(name: str, letters: np.ndarray) -> np.ndarray:
    """Sign of each hemisphere letter, 0 for other texts."""
    which, unique = pd.factorize(letters)
    signs = [_SIGNS[name].get(t.strip().upper()[:1], 0.0) for t in unique]
    return np.array(signs)[which]


def _parse_position(
    name: str, text: str, layout: str, decimal: str
) -> tuple[float, float, float] | None:
    """Parse one position: degrees, sign, and whether a letter gave the sign."""
    simplified = text.strip().upper().replace("\u2212", "-").replace("\u2013", "-")
    if layout == "dd mm.mmmm":
        simplified = _DASH.sub(" ", simplified)
    match = _POSITION.fullmatch(
        simplified.replace(",", ".") if decimal == "," else simplified
    )
    if not match or (match["a"] and match["b"]):
        return None
    letter = match["a"] or match["b"] or ""
    if letter and (letter not in _SIGNS[name] or match["sign"]):
        return None
    numbers = re.findall(r"\d+\.?\d*", match["numbers"])
    degrees = (
        _sexagesimal(numbers)
        if layout == "dd mm.mmmm"
        else _parse_packed(numbers, layout)
    )
    if degrees is None:
        return None
    sign = _SIGNS[name].get(letter, -1.0 if match["sign"] == "-" else 1.0)
    return degrees, sign, float(bool(letter))


def _sexagesimal(numbers: list[str]) -> float | None:
    """Decimal degrees from degrees, minutes and perhaps seconds."""
    if not 2 <= len(numbers) <= 3 or any("." in n for n in numbers[:-1]):
        return None
    values = [float(n) for n in numbers]
    if any(v >= 60.0 for v in values[1:]):
        return None
    return sum(v / 60.0**i for i, v in enumerate(values))


def _parse_packed(numbers: list[str], layout: str) -> float | None:
    if len(numbers) != 1:
        return None
    degrees, out_of_range = unpack(np.array([float(numbers[0])]), layout)
    return None if out_of_range[0] else float(degrees[0])


def unpack(values: np.ndarray, layout: str) -> tuple[np.ndarray, np.ndarray]:
    """Decimal degrees of packed numbers, and a mask of impossible ones."""
    if layout == "dd mm.mmmm":  # needs two numbers
        return values, np.isfinite(values)
    if layout == "decimal":
        return values, np.zeros(values.shape, dtype=bool)
    if layout == "ddmm.mmmm":
        degrees = np.floor(values / 100.0)
        minutes = values - 100.0 * degrees
        return degrees + minutes / 60.0, minutes >= 60.0
    degrees = np.floor(values / 10000.0)
    minutes = np.floor(values / 100.0) - 100.0 * degrees
    seconds = values - 10000.0 * degrees - 100.0 * minutes
    out_of_range = (minutes >= 60.0) | (seconds >= 60.0)
    return degrees + minutes / 60.0 + seconds / 3600.0, out_of_range


def to_half_circle(longitude: np.ndarray) -> np.ndarray:
    """Bring longitudes to (-180, 180]; those inside stay as they are.

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
