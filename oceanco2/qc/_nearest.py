"""The loop that finds the nearest pair of two tracks. NumPy and numba only."""

import numpy as np

from oceanco2.compiling import compiled


@compiled
def _kilometres(a, b, i, j, radius):  # type: ignore[no-untyped-def]
    """Return the great-circle distance of two samples."""
    half = np.sin((b[0, j] - a[0, i]) / 2.0) ** 2
    across = np.sin((b[1, j] - a[1, i]) / 2.0) ** 2
    half += np.cos(a[0, i]) * np.cos(b[0, j]) * across
    return 2.0 * radius * np.arcsin(np.sqrt(min(max(half, 0.0), 1.0)))


@compiled
def _wins(square, best, rows, held):  # type: ignore[no-untyped-def]
    """Whether a pair is nearer, or as near and its rows are before."""
    if square != best:
        return square < best
    if held[0] < 0:  # as far as the limit is too far
        return False
    return rows[0] < held[0] or (rows[0] == held[0] and rows[1] < held[1])


@compiled
def nearest(a, b, rows_a, rows_b, rule):  # type: ignore[no-untyped-def]
    """Find the nearest pair, and the nearest of those that agree."""
    radius, per_day, farthest, window, warm, apart = rule
    found = np.full((2, 2), -1)
    best = np.full(2, farthest * farthest)
    low = 0
    for i in range(a.shape[1]):
        # What is farther in time than the best pair is in all cannot be nearer.
        window = min(window, 86400.0 * np.sqrt(best[1]) / per_day + 1.0)
        while low < b.shape[1] and b[2, low] < a[2, i] - window:
            low += 1
        for j in range(low, b.shape[1]):
            if b[2, j] - a[2, i] > window:
                break
            agree = abs(b[3, j] - a[3, i]) <= warm and abs(b[4, j] - a[4, i]) <= apart
            later = per_day * ((b[2, j] - a[2, i]) / 86400.0)
            north = radius * (b[0, j] - a[0, i])
            # Never farther than the way along the meridian alone says.
            if later * later + 0.999999 * north * north > best[1 if agree else 0]:
                continue
            km = _kilometres(a, b, i, j, radius)
            square = km * km + later * later
            rows = (rows_a[i], rows_b[j])
            for kind in range(2 if agree else 1):
                if _wins(square, best[kind], rows, found[kind]):
                    best[kind] = square
                    found[kind, 0], found[kind, 1] = rows
    return found
