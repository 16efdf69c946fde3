"""Compiled loops over the legs of a track."""

import numpy as np

from oceanco2.compiling import compiled

_MOST_ASTRAY = 5  # fixes together that are misplaced; more are a track of their own


@compiled
def kilometres(lat1, lon1, lat2, lon2, radius):  # type: ignore[no-untyped-def]
    """Return the great-circle distance of two places."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = np.sin((b - a) / 2.0) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2.0) ** 2
    return 2.0 * radius * np.arcsin(np.sqrt(min(max(half, 0.0), 1.0)))


@compiled
def _leg(lat, lon, t, a, b, sphere):  # type: ignore[no-untyped-def]
    """Return the speed between two fixes [knot]; fixes are off by a little."""
    radius, slack, per_hour = sphere
    km = kilometres(lat[a], lon[a], lat[b], lon[b], radius) - slack
    pause = (t[b] - t[a]) / 3600.0
    if km <= 0.0:
        return 0.0
    return per_hour * km / pause if pause > 0.0 else np.inf


@compiled
def legs(lat, lon, t, sphere):  # type: ignore[no-untyped-def]
    """Return the speed of every leg [knot]."""
    out = np.empty(max(lat.size - 1, 0))
    for i in range(out.size):
        out[i] = _leg(lat, lon, t, i, i + 1, sphere)
    return out


@compiled
def _back(lat, lon, t, speeds, limit, sphere, i):  # type: ignore[no-untyped-def]
    """Return where a track goes on after few misplaced fixes, `i` if there are none."""
    if speeds[i - 1] <= limit:
        return i
    for j in range(i + 1, min(i + 1 + _MOST_ASTRAY, lat.size)):
        if speeds[j - 1] > limit and _leg(lat, lon, t, i - 1, j, sphere) <= limit:
            return j
    return i


@compiled
def too_fast(lat, lon, t, speeds, limit, sphere):  # type: ignore[no-untyped-def]
    """Tell few misplaced fixes (1) from those after a lasting jump (2)."""
    n = lat.size
    found = np.zeros(n, dtype=np.int8)
    i = 1
    while i < n - 1:
        back = _back(lat, lon, t, speeds, limit, sphere, i)
        found[i:back] = 1
        # Two legs on, the same fast leg must not blame the next fix as well.
        i = max(back, i) + 1
    if n > 2 and speeds[0] > limit and found[1] == 0 and speeds[1] <= limit:
        found[0] = 1  # one against all that follow
    for i in range(1, n):
        if speeds[i - 1] > limit and found[i] != 1 and found[i - 1] != 1:
            found[i] = 2
    return found
