"""Loops over windows that move along. NumPy and numba only; imported where used."""

from typing import Any

import numpy as np
from numba import njit

_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}


@njit(**_OPTIONS)
def _insert(held: np.ndarray, size: int, new: float) -> int:
    k = size
    while k > 0 and held[k - 1] > new:
        held[k] = held[k - 1]
        k -= 1
    held[k] = new
    return size + 1


@njit(**_OPTIONS)
def _remove(held: np.ndarray, size: int, old: float) -> int:
    first, last = 0, size
    while first < last:
        k = (first + last) // 2
        if held[k] < old:
            first = k + 1
        else:
            last = k
    for k in range(first, size - 1):
        held[k] = held[k + 1]
    return size - 1


@njit(**_OPTIONS)
def _middle(held: np.ndarray, size: int) -> float:
    half = size // 2
    return held[half] if size % 2 else 0.5 * (held[half - 1] + held[half])


@njit(**_OPTIONS)
def _scatter(held: np.ndarray, size: int, middle: float) -> float:
    """Walk outwards from the middle: distances come in rising order."""
    right = size // 2
    while right < size and held[right] < middle:
        right += 1
    left = right - 1
    apart = before = 0.0
    for _ in range(size // 2 + 1):
        down = middle - held[left] if left >= 0 else np.inf
        up = held[right] - middle if right < size else np.inf
        before = apart
        if down <= up:
            apart = down
            left -= 1
        else:
            apart = up
            right += 1
    return 1.4826 * (apart if size % 2 else 0.5 * (apart + before))


@njit(**_OPTIONS)
def medians(
    x: np.ndarray,
    t: np.ndarray,
    side: int,
    reach: float,
    limit: float,
    out: np.ndarray,
) -> None:
    """Fill the running median, the scatter where wanted, and the size of windows.

    Parameters
    ----------
    x, t : ndarray
        Values without NaN and their rising times.
    side : int
        Values on either side.
    reach : float
        How far away in time they may be.
    limit : float
        Distance from the median beyond which the scatter is found.
    out : ndarray, shape (3, n)
        Where to.
    """
    held = np.empty(2 * side + 2)  # the window, sorted
    size = low = high = 0  # rows low to high - 1 are in it
    for i in range(x.size):
        while high < x.size and high <= i + side and t[high] - t[i] <= reach:
            size = _insert(held, size, x[high])
            high += 1
        while low < i - side or t[i] - t[low] > reach:
            size = _remove(held, size, x[low])
            low += 1
        middle = _middle(held, size)
        far = abs(x[i] - middle) > limit
        out[0, i] = middle
        out[1, i] = _scatter(held, size, middle) if far else 0.0
        out[2, i] = size
