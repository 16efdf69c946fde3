"""Compiled loops over moving windows. NumPy and numba only; imported where used."""

import numpy as np

from oceanco2.compiling import compiled


@compiled
def _insert(window: np.ndarray, size: int, new: float) -> int:
    k = size
    while k > 0 and window[k - 1] > new:
        window[k] = window[k - 1]
        k -= 1
    window[k] = new
    return size + 1


@compiled
def _remove(window: np.ndarray, size: int, old: float) -> int:
    first, last = 0, size
    while first < last:
        k = (first + last) // 2
        if window[k] < old:
            first = k + 1
        else:
            last = k
    for k in range(first, size - 1):
        window[k] = window[k + 1]
    return size - 1


@compiled
def _replace(window: np.ndarray, size: int, old: float, new: float) -> None:
    """Replace a value and keep the window sorted."""
    k = 0
    while window[k] != old:
        k += 1
    while k > 0 and window[k - 1] > new:
        window[k] = window[k - 1]
        k -= 1
    while k < size - 1 and window[k + 1] < new:
        window[k] = window[k + 1]
        k += 1
    window[k] = new


@compiled
def _middle(window: np.ndarray, size: int) -> float:
    half = size // 2
    return window[half] if size % 2 else 0.5 * (window[half - 1] + window[half])


@compiled
def _scatter(window: np.ndarray, size: int, middle: float) -> float:
    """Return the scaled median distance; walking outwards, distances only grow."""
    right = size // 2
    while right < size and window[right] < middle:
        right += 1
    left = right - 1
    distance = before = 0.0
    for _ in range(size // 2 + 1):
        down = middle - window[left] if left >= 0 else np.inf
        up = window[right] - middle if right < size else np.inf
        before = distance
        if down <= up:
            distance = down
            left -= 1
        else:
            distance = up
            right += 1
    return 1.4826 * (distance if size % 2 else 0.5 * (distance + before))


@compiled
def medians(
    x: np.ndarray,
    t: np.ndarray,
    side: int,
    reach: float,
    limit: float,
    out: np.ndarray,
) -> None:
    """Fill `out` with running median, scatter beyond `limit`, and window size."""
    window = np.empty(2 * side + 2)  # the window, sorted
    size = low = high = 0  # rows low to high - 1 are in it
    for i in range(x.size):
        enters = high < x.size and high <= i + side and t[high] - t[i] <= reach
        if enters and low < high and (low < i - side or t[i] - t[low] > reach):
            _replace(window, size, x[low], x[high])
            low += 1
            high += 1
        while high < x.size and high <= i + side and t[high] - t[i] <= reach:
            size = _insert(window, size, x[high])
            high += 1
        while low < i - side or t[i] - t[low] > reach:
            size = _remove(window, size, x[low])
            low += 1
        middle = _middle(window, size)
        far = abs(x[i] - middle) > limit
        out[0, i] = middle
        out[1, i] = _scatter(window, size, middle) if far else 0.0
        out[2, i] = size


@compiled
def rows_around(t: np.ndarray, half: float, out: np.ndarray) -> None:
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
    offsets: np.ndarray,
    reach: float,
    out: np.ndarray,
) -> None:
    """Find the rows from which a platform stays in place, and until which row."""
    ends = np.zeros(offsets.size, dtype=np.int64)
    longest = offsets[offsets.size - 1]
    for i in range(t.size):
        out[i] = -1
        for k in range(offsets.size):
            j = max(ends[k], i)
            while j < t.size and t[j] < t[i] + offsets[k]:
                j += 1
            ends[k] = j
            if j == t.size or t[j] > t[i] + offsets[k] + longest:
                break
            if abs(lat[j] - lat[i]) > reach:
                break
            x = abs((lon[j] - lon[i] + 180.0) % 360.0 - 180.0)
            if x > reach and x * np.cos(np.radians(lat[i])) > reach:
                break
            if k == offsets.size - 1:
                out[i] = j
