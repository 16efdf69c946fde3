"""Integers of 128 bits, for sums that do not depend on the order of their terms.

A number is two int64: the low half (its bits, read as unsigned) and the high half.
Arithmetic is modulo 2**128: a result is exact if it fits.
"""

from typing import Any

import numpy as np

from oceanco2.compiling import compiled

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_TWO_64 = 18446744073709551616.0

Int = Any  # an int64, which is an int here and another type inside of numba


@compiled
def add_128(row: np.ndarray, at: int, low: Int, high: Int) -> None:
    """Add a number to the one at a position of a row."""
    before = np.uint64(row[at])
    after = before + np.uint64(low)
    row[at] = np.int64(after)
    row[at + 1] += high
    if after < before:
        row[at + 1] += 1


@compiled
def multiply_unsigned(a: Int, b: Int) -> tuple[Int, Int]:
    """Multiply two numbers, read as unsigned."""
    x, y = np.uint64(a), np.uint64(b)
    x0, x1, y0, y1 = x & _LOW, x >> _HALF, y & _LOW, y >> _HALF
    p00, p01, p10, p11 = x0 * y0, x0 * y1, x1 * y0, x1 * y1
    middle = (p00 >> _HALF) + (p01 & _LOW) + (p10 & _LOW)
    low = (p00 & _LOW) | (middle << _HALF)
    high = p11 + (p01 >> _HALF) + (p10 >> _HALF) + (middle >> _HALF)
    return np.int64(low), np.int64(high)


@compiled
def multiply_signed(low: Int, high: Int, factor: Int) -> tuple[Int, Int]:
    """Multiply a signed number by a signed int64."""
    out, more = multiply_unsigned(low, factor)
    more += high * factor  # wraps
    if factor < 0:
        more -= low  # the high half of a negative factor is all ones
    return out, more


@compiled
def subtract_128(low: Int, high: Int, low2: Int, high2: Int) -> tuple[Int, Int]:
    """Subtract the second number from the first."""
    borrow = 1 if np.uint64(low) < np.uint64(low2) else 0
    return np.int64(np.uint64(low) - np.uint64(low2)), high - high2 - borrow


@compiled
def as_float(low: Int, high: Int) -> float:
    """Convert a signed number to the nearest float64, or its neighbour."""
    if high >= 0:
        return float(high) * _TWO_64 + float(np.uint64(low))
    low2, high2 = subtract_128(0, 0, low, high)
    return -(float(high2) * _TWO_64 + float(np.uint64(low2)))
