"""The loop of a formula that says which of its forms it took."""

from collections.abc import Callable
from typing import Any

import numpy as np


def choose(*_values: Any) -> Any:
    """Stand for the formula, which `compiled_choice` puts in this place.

    Parameters
    ----------
    *_values : float
        The arguments.

    Returns
    -------
    tuple
        Value and number of the form.
    """
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
    """Evaluate a formula of thirteen arguments.

    Parameters
    ----------
    a, b, c, d, e, f, g, h, i, j, k, m, n : ndarray of float64
        Arguments, of one length.
    values : ndarray of float64
        Gets the values.
    numbers : ndarray of int8
        Gets the numbers of the forms.
    """
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
