"""The loop of a formula that says which of its forms it took."""

from collections.abc import Callable
from typing import Any

import numpy as np


def choose(*_values: Any) -> Any:
    """Stand for the formula, which `compiled_choice` puts in this place."""
    return np.nan, 0


formula: Callable[..., Any] = choose


def loop_13(
    a: Any,
    b: Any,
    c: Any,
    d: Any,
    e: Any,
    f: Any,
    g: Any,
    h: Any,
    i: Any,
    j: Any,
    k: Any,
    m: Any,
    n: Any,
    values: Any,
    numbers: Any,
) -> None:
    """Evaluate a formula of thirteen arguments."""
    for r in range(values.size):
        values[r], numbers[r] = formula(
            a[r],
            b[r],
            c[r],
            d[r],
            e[r],
            f[r],
            g[r],
            h[r],
            i[r],
            j[r],
            k[r],
            m[r],
            n[r],
        )
