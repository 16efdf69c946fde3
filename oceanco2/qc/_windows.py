"""Loops over windows that move along. NumPy and numba only; imported where used."""

import numpy as np

from oceanco2.compiling import compiled


@compiled
def _insert(held: np.ndarray, size: int, new: float) -> int:
    k = size
    while k > 0 and held[k - 1] > new:
        held[k] = held[k - 1]
        k -= 1
    held[k] = new
    return size + 1


@compiled
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


@compiled
def _replace(held: np.ndarray, size: int, old: float, new: float) -> None:
    """Put a value in the place of another, and in order."""
    k = 0
    while held[k] != old:
        k += 1
    while k > 0 and held[k - 1] > new:
        held[k] = held[k - 1]
        k -= 1
    while k < size - 1 and held[k + 1] < new:
        held[k] = held[k + 1]
        k += 1
    held[k] = new


@compiled
def _middle(held: np.ndarray, size: int) -> float:
    half = size // 2
    return held[half] if size % 2 else 0.5 * (held[half - 1] + held[half])


@compiled
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


@compiled
def medians(
    x: np.ndarray,
    t: np.ndarray,
    side: int,
    reach: float,
    limit: float,
    out: np.ndarray,
) -> None:
    """Fill the running median, the scatter where wanted, and the size of windows."""
    held = np.empty(2 * side + 2)  # the window, sorted
    size = low = high = 0  # rows low to high - 1 are in it
    for i in range(x.size):
        enters = high < x.size and high <= i + side and t[high] - t[i] <= reach
        if enters and low < high and (low < i - side or t[i] - t[low] > reach):
            _replace(held, size, x[low], x[high])
            low += 1
            high += 1
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


@compiled
def apart_in_time(t: np.ndarray, half: float, out: np.ndarray) -> None:
    """Find the last row at least `half` before each row, the first one after."""
    before, after = -1, 0
    for i in range(t.size):
        while before + 1 < t.size and t[before + 1] <= t[i] - half:
            before += 1
        while after < t.size and t[after] < t[i] + half:
            after += 1
        out[0, i] = before
        out[1, i] = after


@compiled
def stays(
    lat: np.ndarray,
    lon: np.ndarray,
    t: np.ndarray,
    looked: np.ndarray,
    reach: float,
    out: np.ndarray,
) -> None:
    """Find from which rows on a platform keeps its place, and until which."""
    there = np.zeros(looked.size, dtype=np.int64)
    whole = looked[looked.size - 1]
    for i in range(t.size):
        out[i] = -1
        for k in range(looked.size):
            j = max(there[k], i)
            while j < t.size and t[j] < t[i] + looked[k]:
                j += 1
            there[k] = j
            if j == t.size or t[j] > t[i] + looked[k] + whole:
                break
            if abs(lat[j] - lat[i]) > reach:
                break
            x = abs((lon[j] - lon[i] + 180.0) % 360.0 - 180.0)
            if x > reach and x * np.cos(np.radians(lat[i])) > reach:
                break
            if k == looked.size - 1:
                out[i] = j
