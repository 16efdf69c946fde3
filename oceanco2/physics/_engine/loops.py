"""Loops over arrays, one for each number of arguments, with nothing else in them.

The engine puts the formula, the limits and the floors in the places of the names
below; to the compiler they are constants, so that a limit at infinity costs nothing.
A loop returns how many samples are outside the published ranges.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

NAN = np.nan
HIGH = (np.inf,) * 8
LOW = (-np.inf,) * 8
FLOOR = (-np.inf,) * 8


def nowhere(*_values: Any) -> Any:
    """Stand for a check of more than one argument."""
    return False


def out_of(value: Any, low: Any, high: Any) -> Any:
    """Return whether a value is outside limits; NaN is not."""
    return (value < low) | (value > high)


def widen() -> None:
    """Stand for the request to use the widest vectors of the processor."""


formula: Callable[..., Any] = nowhere
elsewhere: Callable[..., Any] = nowhere


def _loop_1(a: Any, out: Any, p: Any) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0 = a[i]
        outside = elsewhere(x0)
        outside |= out_of(x0, LOW[0], HIGH[0])
        count += outside
        absurd = x0 < FLOOR[0]
        out[i] = NAN if absurd else formula(x0, p)
    return count


def _loop_2(a: Any, b: Any, out: Any, p: Any) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1 = a[i], b[i]
        outside = elsewhere(x0, x1)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        out[i] = NAN if absurd else formula(x0, x1, p)
    return count


def _loop_3(a: Any, b: Any, c: Any, out: Any, p: Any) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1, x2 = a[i], b[i], c[i]
        outside = elsewhere(x0, x1, x2)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        outside |= out_of(x2, LOW[2], HIGH[2])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        absurd |= x2 < FLOOR[2]
        out[i] = NAN if absurd else formula(x0, x1, x2, p)
    return count


def _loop_4(a: Any, b: Any, c: Any, d: Any, out: Any, p: Any) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1, x2, x3 = a[i], b[i], c[i], d[i]
        outside = elsewhere(x0, x1, x2, x3)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        outside |= out_of(x2, LOW[2], HIGH[2])
        outside |= out_of(x3, LOW[3], HIGH[3])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        absurd |= x2 < FLOOR[2]
        absurd |= x3 < FLOOR[3]
        out[i] = NAN if absurd else formula(x0, x1, x2, x3, p)
    return count


def _loop_5(a: Any, b: Any, c: Any, d: Any, e: Any, out: Any, p: Any) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1, x2, x3, x4 = a[i], b[i], c[i], d[i], e[i]
        outside = elsewhere(x0, x1, x2, x3, x4)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        outside |= out_of(x2, LOW[2], HIGH[2])
        outside |= out_of(x3, LOW[3], HIGH[3])
        outside |= out_of(x4, LOW[4], HIGH[4])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        absurd |= x2 < FLOOR[2]
        absurd |= x3 < FLOOR[3]
        absurd |= x4 < FLOOR[4]
        out[i] = NAN if absurd else formula(x0, x1, x2, x3, x4, p)
    return count


def _loop_6(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, out: Any, p: Any) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1, x2, x3, x4, x5 = a[i], b[i], c[i], d[i], e[i], f[i]
        outside = elsewhere(x0, x1, x2, x3, x4, x5)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        outside |= out_of(x2, LOW[2], HIGH[2])
        outside |= out_of(x3, LOW[3], HIGH[3])
        outside |= out_of(x4, LOW[4], HIGH[4])
        outside |= out_of(x5, LOW[5], HIGH[5])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        absurd |= x2 < FLOOR[2]
        absurd |= x3 < FLOOR[3]
        absurd |= x4 < FLOOR[4]
        absurd |= x5 < FLOOR[5]
        out[i] = NAN if absurd else formula(x0, x1, x2, x3, x4, x5, p)
    return count


def _loop_7(
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, out: Any, p: Any
) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1, x2, x3, x4, x5, x6 = a[i], b[i], c[i], d[i], e[i], f[i], g[i]
        outside = elsewhere(x0, x1, x2, x3, x4, x5, x6)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        outside |= out_of(x2, LOW[2], HIGH[2])
        outside |= out_of(x3, LOW[3], HIGH[3])
        outside |= out_of(x4, LOW[4], HIGH[4])
        outside |= out_of(x5, LOW[5], HIGH[5])
        outside |= out_of(x6, LOW[6], HIGH[6])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        absurd |= x2 < FLOOR[2]
        absurd |= x3 < FLOOR[3]
        absurd |= x4 < FLOOR[4]
        absurd |= x5 < FLOOR[5]
        absurd |= x6 < FLOOR[6]
        out[i] = NAN if absurd else formula(x0, x1, x2, x3, x4, x5, x6, p)
    return count


def _loop_8(
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, out: Any, p: Any
) -> Any:
    widen()
    count = 0
    for i in range(out.size):
        x0, x1, x2, x3, x4, x5, x6, x7 = a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]
        outside = elsewhere(x0, x1, x2, x3, x4, x5, x6, x7)
        outside |= out_of(x0, LOW[0], HIGH[0])
        outside |= out_of(x1, LOW[1], HIGH[1])
        outside |= out_of(x2, LOW[2], HIGH[2])
        outside |= out_of(x3, LOW[3], HIGH[3])
        outside |= out_of(x4, LOW[4], HIGH[4])
        outside |= out_of(x5, LOW[5], HIGH[5])
        outside |= out_of(x6, LOW[6], HIGH[6])
        outside |= out_of(x7, LOW[7], HIGH[7])
        count += outside
        absurd = x0 < FLOOR[0]
        absurd |= x1 < FLOOR[1]
        absurd |= x2 < FLOOR[2]
        absurd |= x3 < FLOOR[3]
        absurd |= x4 < FLOOR[4]
        absurd |= x5 < FLOOR[5]
        absurd |= x6 < FLOOR[6]
        absurd |= x7 < FLOOR[7]
        out[i] = NAN if absurd else formula(x0, x1, x2, x3, x4, x5, x6, x7, p)
    return count


LOOPS = (_loop_1, _loop_2, _loop_3, _loop_4, _loop_5, _loop_6, _loop_7, _loop_8)
