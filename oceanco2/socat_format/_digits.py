"""Compiled: numbers to decimal digits, correctly rounded."""

from typing import Any

import numpy as np

from oceanco2.compiling import compiled

_NAN = np.frombuffer(b"NaN", np.uint8)
_SPLIT = 134217729.0  # 2**27 + 1
_SCALES = np.array([10.0**i for i in range(16)])


@compiled
def rounded(value: Any, scale: Any) -> Any:
    """Round ``value * scale`` to an integer, half to even, without rounding error."""
    product = value * scale
    integer = np.floor(product)
    rest = product - integer - 0.5
    if abs(rest) < 1e-3:
        # The exact rounding error of the product of two doubles (Dekker 1971).
        a, b = _SPLIT * value, _SPLIT * scale
        high_a, high_b = a - (a - value), b - (b - scale)
        low_a, low_b = value - high_a, scale - high_b
        error = low_a * low_b - (
            ((product - high_a * high_b) - low_a * high_b) - high_a * low_b
        )
        rest = rest + error
    number = np.int64(integer)
    if rest > 0.0 or (rest == 0.0 and number & 1):
        number += 1
    return number


@compiled
def print_whole(number: Any, least: Any, out: Any, at: Any) -> Any:
    """Print a non-negative integer; return the position after it."""
    count, rest = 1, number // 10
    while rest > 0:
        count, rest = count + 1, rest // 10
    count = max(count, least)
    for i in range(at + count - 1, at - 1, -1):
        out[i] = np.uint8(48 + number % 10)
        number //= 10
    return at + count


@compiled
def print_number(
    value: Any, decimals: Any, width: Any, point: Any, out: Any, at: Any
) -> Any:
    """Print a number as ``%#.<decimals>f``; return the position after it."""
    if np.isnan(value):
        out[at : at + 3] = _NAN
        return at + 3
    if value < 0.0 or (point and np.signbit(value)):
        out[at] = 45
        at += 1
        value = -value
    scale = np.int64(_SCALES[decimals])
    number = rounded(value, _SCALES[decimals])
    at = print_whole(number // scale, width, out, at)
    if point:
        out[at] = 46
        at += 1
    return print_whole(number % scale, decimals, out, at) if decimals else at


@compiled
def print_rows(
    numbers: Any, codes: Any, table: Any, blob: Any, starts: Any, end: Any, out: Any
) -> Any:
    """Print rows of numbers and labels; return the bytes written."""
    at = 0
    size = numbers.shape[1] if numbers.shape[0] else codes.shape[1]
    for r in range(size):
        for c in range(table.shape[0]):
            if c > 0:
                out[at] = 9
                at += 1
            row = table[c, 1]
            if table[c, 0]:
                label = codes[row, r]
                for i in range(starts[label], starts[label + 1]):
                    out[at] = blob[i]
                    at += 1
            else:
                at = print_number(
                    numbers[row, r],
                    table[c, 2],
                    table[c, 3],
                    table[c, 4],
                    out,
                    at,
                )
        for i in range(end.size):
            out[at] = end[i]
            at += 1
    return at
