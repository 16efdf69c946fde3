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
def _is_nearer(square, best, rows, current):  # type: ignore[no-untyped-def]
    """Whether a pair is nearer, or equally near with earlier rows."""
    if square != best:
        return square < best
    if current[0] < 0:  # at the limit is too far
        return False
    return rows[0] < current[0] or (rows[0] == current[0] and rows[1] < current[1])


@compiled
def nearest(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    a, b, rows_a, rows_b, radius, per_day, farthest, window, sst_limit, fco2_limit
):
    """Find the nearest pair and the nearest pair that agrees in SST and fCO2."""
    pairs = np.full((2, 2), -1)
    best = np.full(2, farthest * farthest)
    low = 0
    for i in range(a.shape[1]):
        # Pairs farther in time than the total distance of the best cannot be nearer.
        window = min(window, 86400.0 * np.sqrt(best[1]) / per_day + 1.0)
        while low < b.shape[1] and b[2, low] < a[2, i] - window:
            low += 1
        for j in range(low, b.shape[1]):
            if b[2, j] - a[2, i] > window:
                break
            agrees = (
                abs(b[3, j] - a[3, i]) <= sst_limit
                and abs(b[4, j] - a[4, i]) <= fco2_limit
            )
            later = per_day * ((b[2, j] - a[2, i]) / 86400.0)
            north = radius * (b[0, j] - a[0, i])
            # The distance is at least that along the meridian.
            if later * later + 0.999999 * north * north > best[1 if agrees else 0]:
                continue
            km = _kilometres(a, b, i, j, radius)
            square = km * km + later * later
            rows = (rows_a[i], rows_b[j])
            for kind in range(2 if agrees else 1):
                if _is_nearer(square, best[kind], rows, pairs[kind]):
                    best[kind] = square
                    pairs[kind, 0], pairs[kind, 1] = rows
    return pairs
