"""Cells to numbers in the standard unit (docs/socat-rules.md#required-content)."""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np

from oceanco2.dashboard.columns import Column
from oceanco2.dashboard.recognition import missing_codes

#: What a value is multiplied by to have the first unit of its type.
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


def is_missing(column: Column) -> Callable[[str], bool]:
    """Return the test for missing cells of a column."""
    if column.missing is not None:
        own = {"", column.missing.upper()}
        return lambda cell: cell.upper() in own
    codes = _codes()
    return lambda cell: cell.upper() in codes


@cache
def _codes() -> frozenset[str]:
    return frozenset(missing_codes())


@cache
def _spelled() -> frozenset[str]:
    """Return the codes as people write them, so that few cells need a closer look."""
    return _codes() | {code.lower() for code in _codes()} | {"NaN", "Null"}


def factor_of(column: Column) -> float:
    """Return what a value of a column is multiplied by."""
    units = column.kind.units
    first = not units or column.unit in ("", units[0])
    return 1.0 if first else FACTORS.get(column.unit, 1.0)


def numbers_of(cells: Sequence[str], column: Column) -> tuple[np.ndarray, np.ndarray]:
    """Turn the cells of a column into numbers."""
    if column.unit.startswith(("deg min", "DD")):
        return _angles(cells, column)
    values, wrong = _plain(cells, column)
    if column.unit in ("deg W", "deg S"):
        values = -values
    if column.unit == "Jan1=0.0":
        values += 1.0
    factor = factor_of(column)
    return (values if factor == 1.0 else values * factor), wrong


def _plain(cells: Sequence[str], column: Column) -> tuple[np.ndarray, np.ndarray]:
    missing = _spelled() if column.missing is None else {"", column.missing}
    try:
        # The common case: numbers and codes as they are listed.
        found = [math.nan if cell in missing else float(cell) for cell in cells]
    except ValueError:
        return _one_by_one(cells, column, _number)
    values = np.array(found, dtype=float)
    whole = "".join(cells)
    odd = "_" in whole or not whole.isascii() or not np.isfinite(values).all()
    if odd and any(cell not in missing and _number(cell) is None for cell in cells):
        return _one_by_one(cells, column, _number)
    return values, np.empty(0, dtype=int)


def _one_by_one(
    cells: Sequence[str], column: Column, read: Callable[[str], float | None]
) -> tuple[np.ndarray, np.ndarray]:
    missing = is_missing(column)
    values = np.full(len(cells), np.nan)
    wrong = []
    for place, cell in enumerate(cells):
        if missing(cell):
            continue
        found = read(cell)
        if found is None:
            wrong.append(place)
        else:
            values[place] = found
    return values, np.array(wrong, dtype=int)


_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def _number(cell: str) -> float | None:
    """Read a number; None for anything else that Python might take for one."""
    if _NUMBER.fullmatch(cell) is None:
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def _angles(cells: Sequence[str], column: Column) -> tuple[np.ndarray, np.ndarray]:
    """Degrees with minutes and seconds, in pieces or packed as DDD.MMSSss."""
    pieces = {"deg": 1, "deg min": 2, "deg min sec": 3}
    unit, _, side = column.unit.rpartition(" ")
    count = pieces.get(unit, 0)
    sign = -1.0 if side in ("W", "S") else 1.0

    def read(cell: str) -> float | None:
        found = _pieces(cell, count) if count else _packed(cell)
        return None if found is None else sign * found

    return _one_by_one(cells, column, read)


def _pieces(cell: str, count: int) -> float | None:
    parts = [part for part in re.split(r"[\s°º'′\"″:]+", cell) if part]
    read = [_number(part) for part in parts]
    if len(read) != count or any(part is None for part in read):
        return None
    first, *rest = (part for part in read if part is not None)
    if any(part < 0 or part >= 60 for part in rest):
        return None
    size = abs(first) + sum(part / 60.0**k for k, part in enumerate(rest, 1))
    return math.copysign(size, -1.0 if parts[0].startswith("-") else 1.0)


def _packed(cell: str) -> float | None:
    """Read DDD.MMSSss: two digits of minutes, two of seconds, their decimals."""
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
    """Bring longitudes between -180 (excluded) and 180 degrees."""
    turned = 180 - np.mod(180 - longitude, 360)
    turned = np.where(turned <= -180, 180.0, turned)
    return np.where((longitude > -180) & (longitude <= 180), longitude, turned)
