"""Compiled loops over the legs of a track.

Many positional arguments, because compiled functions know no keyword-only ones.
"""

import numpy as np

from oceanco2.compiling import compiled

_MOST_MISPLACED = 5  # consecutive misplaced fixes; more are a separate track


@compiled
def kilometres(lat1, lon1, lat2, lon2, radius):  # type: ignore[no-untyped-def]
    """Return the great-circle distance of two positions [km]."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = np.sin((b - a) / 2.0) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2.0) ** 2
    return 2.0 * radius * np.arcsin(np.sqrt(min(max(half, 0.0), 1.0)))


@compiled
def _leg(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    lat, lon, t, a, b, radius, tolerance, per_hour
):
    """Return the speed between two fixes [knot], allowing for their tolerance."""
    km = kilometres(lat[a], lon[a], lat[b], lon[b], radius) - tolerance
    hours = (t[b] - t[a]) / 3600.0
    if km <= 0.0:
        return 0.0
    return per_hour * km / hours if hours > 0.0 else np.inf


@compiled
def legs(lat, lon, t, radius, tolerance, per_hour):  # type: ignore[no-untyped-def]
    """Return the speed of every leg [knot]."""
    out = np.empty(max(lat.size - 1, 0))
    for i in range(out.size):
        out[i] = _leg(lat, lon, t, i, i + 1, radius, tolerance, per_hour)
    return out


@compiled
def _next_on_track(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    lat, lon, t, speeds, limit, radius, tolerance, per_hour, i
):
    """Return the row where the track continues after misplaced fixes, else `i`."""
    if speeds[i - 1] <= limit:
        return i
    for j in range(i + 1, min(i + 1 + _MOST_MISPLACED, lat.size)):
        if speeds[j - 1] <= limit:
            continue
        if _leg(lat, lon, t, i - 1, j, radius, tolerance, per_hour) <= limit:
            return j
    return i


@compiled
def too_fast(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    lat, lon, t, speeds, limit, radius, tolerance, per_hour
):
    """Mark a few misplaced fixes as 1 and the first fix after a lasting jump as 2."""
    n = lat.size
    kinds = np.zeros(n, dtype=np.int8)
    i = 1
    while i < n - 1:
        end = _next_on_track(lat, lon, t, speeds, limit, radius, tolerance, per_hour, i)
        kinds[i:end] = 1
        # Skip one leg, so that the same fast leg does not blame the next fix too.
        i = max(end, i) + 1
    if n > 2 and speeds[0] > limit and kinds[1] == 0 and speeds[1] <= limit:
        kinds[0] = 1  # the first fix disagrees with all that follow
    for i in range(1, n):
        if speeds[i - 1] > limit and kinds[i] != 1 and kinds[i - 1] != 1:
            kinds[i] = 2
    return kinds
