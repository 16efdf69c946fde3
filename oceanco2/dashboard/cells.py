"""Cells to numbers in the standard unit (docs/socat-rules.md#required-content)."""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np

from oceanco2.socat.checker.columns import CheckedColumn
from oceanco2.socat.types import missing_codes

#: Factors from a unit to the first unit of the type.
FACTORS = MappingProxyType(
    {
        "kPa": 10.0,
        "mmHg": 1.3332239,
        "umol/mol": 1e-3,  # of water vapour; CO2 has it as the first unit
        "km/h": 0.539957,
        "m/s": 3.6 * 0.539957,
        "mph": 1.609344 * 0.539957,
    }
)


def is_missing(column: CheckedColumn) -> Callable[[str], bool]:
    """Return the test for missing cells of a column."""
    if column.missing is not None:
        custom_codes = {"", column.missing.upper()}
        return lambda cell: cell.upper() in custom_codes
    codes = _codes()
    return lambda cell: cell.upper() in codes


@cache
def _codes() -> frozenset[str]:
    return frozenset(missing_codes())


@cache
def _usual_codes() -> frozenset[str]:
    """Return the codes in their usual spellings, so that most cells need no upper()."""
    return _codes() | {code.lower() for code in _codes()} | {"NaN", "Null"}


def factor_of(column: CheckedColumn) -> float:
    """Return the factor from the unit of a column to the first unit of its type."""
    units = column.kind.units
    first = not units or column.unit in ("", units[0])
    return 1.0 if first else FACTORS.get(column.unit, 1.0)


def numbers_of(
    cells: Sequence[str], column: CheckedColumn
) -> tuple[np.ndarray, np.ndarray]:
    """Parse the cells of a column: numbers and the indices of invalid cells."""
    if column.unit.startswith(("deg min", "DD")):
        return _parse_angles(cells, column)
    values, invalid = _parse_numbers(cells, column)
    if column.unit in ("deg W", "deg S"):
        values = -values
    if column.unit == "Jan1=0.0":
        values += 1.0
    factor = factor_of(column)
    return (values if factor == 1.0 else values * factor), invalid


def _parse_numbers(
    cells: Sequence[str], column: CheckedColumn
) -> tuple[np.ndarray, np.ndarray]:
    missing = _usual_codes() if column.missing is None else {"", column.missing}
    try:
        # The common case: numbers and missing codes in their usual spelling.
        parsed = [math.nan if cell in missing else float(cell) for cell in cells]
    except ValueError:
        return _parse_cells(cells, column, _parse_decimal)
    values = np.array(parsed, dtype=float)
    text = "".join(cells)
    needs_checking = "_" in text or not text.isascii() or not np.isfinite(values).all()
    if needs_checking and any(
        cell not in missing and _parse_decimal(cell) is None for cell in cells
    ):
        return _parse_cells(cells, column, _parse_decimal)
    return values, np.empty(0, dtype=int)


def _parse_cells(
    cells: Sequence[str], column: CheckedColumn, read: Callable[[str], float | None]
) -> tuple[np.ndarray, np.ndarray]:
    missing = is_missing(column)
    values = np.full(len(cells), np.nan)
    invalid = []
    for index, cell in enumerate(cells):
        if missing(cell):
            continue
        number = read(cell)
        if number is None:
            invalid.append(index)
        else:
            values[index] = number
    return values, np.array(invalid, dtype=int)


_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def _parse_decimal(cell: str) -> float | None:
    """Parse a decimal number; None for other spellings that float() accepts."""
    if _NUMBER.fullmatch(cell) is None:
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def _parse_angles(
    cells: Sequence[str], column: CheckedColumn
) -> tuple[np.ndarray, np.ndarray]:
    """Parse degrees, minutes and seconds, separate or packed as DDD.MMSSss."""
    pieces = {"deg": 1, "deg min": 2, "deg min sec": 3}
    unit, _, side = column.unit.rpartition(" ")
    count = pieces.get(unit, 0)
    sign = -1.0 if side in ("W", "S") else 1.0

    def read(cell: str) -> float | None:
        angle = (
            _parse_separate_angle(cell, count) if count else _parse_packed_angle(cell)
        )
        return None if angle is None else sign * angle

    return _parse_cells(cells, column, read)


def _parse_separate_angle(cell: str, count: int) -> float | None:
    parts = [part for part in re.split(r"[\s°º'′\"″:]+", cell) if part]
    read = [_parse_decimal(part) for part in parts]
    if len(read) != count or any(part is None for part in read):
        return None
    first, *rest = (part for part in read if part is not None)
    if any(part < 0 or part >= 60 for part in rest):
        return None
    size = abs(first) + sum(part / 60.0**k for k, part in enumerate(rest, 1))
    return math.copysign(size, -1.0 if parts[0].startswith("-") else 1.0)


def _parse_packed_angle(cell: str) -> float | None:
    """Parse DDD.MMSSss: two digits of minutes, two of seconds and decimals."""
    match = re.fullmatch(r"([-+]?)(\d+)(?:\.(\d*))?", cell, re.ASCII)
    if match is None:
        return None
    digits = (match[3] or "").ljust(4, "0")
    minutes, seconds = int(digits[:2]), float(f"{digits[2:4]}.{digits[4:] or 0}")
    if minutes >= 60 or seconds >= 60:
        return None
    size = int(match[2]) + minutes / 60 + seconds / 3600
    return -size if match[1] == "-" else size


def between_180(longitude: np.ndarray) -> np.ndarray:
    """Wrap longitudes to -180 (excluded) to 180 degrees."""
    turned = 180 - np.mod(180 - longitude, 360)
    turned = np.where(turned <= -180, 180.0, turned)
    return np.where((longitude > -180) & (longitude <= 180), longitude, turned)
