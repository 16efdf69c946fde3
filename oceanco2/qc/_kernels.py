"""Compiled loops of the checks: samples, moving windows, legs of a track.

NumPy and numba only; one pass over the samples each, no temporaries. Many positional
arguments, because compiled functions know no keyword-only ones.
"""

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.dates import HOUR_SECONDS

_NOTED, _GOOD, _QUESTIONABLE, _BAD, _MISSING = 1, 2, 3, 4, 9


@compiled
def mask_impossible(values, low, high, out, flags, tests, bit):  # type: ignore[no-untyped-def]
    """Copy possible values to `out`; set the others to NaN and flag them bad."""
    for i in range(values.size):
        x = values[i]
        if x >= low and x <= high:
            out[i] = x
        else:
            out[i] = np.nan
            if x == x:  # noqa: PLR0124  (NaN is not itself)
                flags[i] = _BAD
                tests[i] |= bit


@compiled
def merge_flags(flags, tests, issued, bit):  # type: ignore[no-untyped-def]
    """Merge the flags of one check and set its bit."""
    for i in range(flags.size):
        if issued[i] > _GOOD or issued[i] == _NOTED:
            tests[i] |= bit
            flags[i] = max(flags[i], issued[i])


@compiled
def ranges(values, low, high, lowest, highest, flags):  # type: ignore[no-untyped-def]
    """Flag values outside two nested ranges."""
    for i in range(values.size):
        # No branches, so that the loop is vectorised.
        x = values[i]
        far, near = (x < lowest) | (x > highest), (x < low) | (x > high)
        flags[i] = _BAD if far else (_QUESTIONABLE if near else _GOOD)


@compiled
def constant(values, seconds, minutes, flags):  # type: ignore[no-untyped-def]
    """Flag runs of more than two equal values that last too long."""
    n, start, last, count = values.size, -1, -1, 0
    for i in range(n + 1):
        if i < n:
            x = values[i]
            if not np.isfinite(x):
                continue
            if start >= 0 and x == values[start]:
                last, count = i, count + 1
                continue
        if count > 2 and np.floor((seconds[last] - seconds[start]) / 60.0) > minutes:
            for j in range(start, last + 1):
                if np.isfinite(values[j]):
                    flags[j] = _BAD
        start, last, count = i, i, 1


@compiled
def resolution(values):  # type: ignore[no-untyped-def]
    """Return the smallest non-zero step between neighbours, else 0."""
    before, smallest = np.nan, np.inf
    for i in range(values.size):
        x = values[i]
        if np.isfinite(x):
            step = abs(x - before)
            if step > 0.0 and step < smallest:
                smallest = step
            before = x
    return smallest if np.isfinite(smallest) else 0.0


@compiled
def gradient(values, seconds, limit, gap, flags):  # type: ignore[no-untyped-def]
    """Flag changes per minute: only the spike itself, but both sides of a step."""
    smallest, a, passed = -1.0, -1, False
    for i in range(values.size):
        if not np.isfinite(values[i]):
            continue
        b, before = i, a
        a = i
        if before < 0:
            continue
        step = abs(values[b] - values[before])
        minutes = (seconds[b] - seconds[before]) / 60.0
        fast = minutes > 0.0 and minutes <= gap and step / minutes > limit
        if fast and smallest < 0.0:  # computed when needed
            smallest = resolution(values)
        if not (fast and step > smallest):
            passed = False
            continue
        if passed:  # the return from a spike is not tested
            passed = False
            continue
        c = i + 1
        while c < values.size and not np.isfinite(values[c]):
            c += 1
        flags[b] = _BAD
        if c < values.size and abs(values[c] - values[before]) / minutes <= limit:
            passed = True
        else:
            flags[before] = _BAD


@compiled
def spike(values, seconds, questionable, bad, gap, flags):  # type: ignore[no-untyped-def]
    """Flag values that stand out on both sides."""
    a, b = -1, -1
    for c in range(values.size):
        if not np.isfinite(values[c]):
            continue
        if a >= 0 and seconds[b] - seconds[a] <= gap and seconds[c] - seconds[b] <= gap:
            left, right = values[a], values[c]
            height = abs(values[b] - (left + right) / 2.0) - abs(right - left) / 2.0
            if height > bad:
                flags[b] = _BAD
            elif height > questionable:
                flags[b] = _QUESTIONABLE
        a, b = b, c


@compiled
def _median_distance(window, middle, distances):  # type: ignore[no-untyped-def]
    """Return the median distance from the median; `distances` is a work array."""
    for j in range(window.size):
        distance = abs(window[j] - middle)
        k = j
        while k > 0 and distances[k - 1] > distance:
            distances[k] = distances[k - 1]
            k -= 1
        distances[k] = distance
    return distances[window.size // 2]


@compiled
def _replace_sorted(window, old, new):  # type: ignore[no-untyped-def]
    """Replace a value in a sorted window and keep it sorted."""
    k, last = 0, window.size - 1
    while window[k] != old:
        k += 1
    while k < last and window[k + 1] < new:
        window[k] = window[k + 1]
        k += 1
    while k > 0 and window[k - 1] > new:
        window[k] = window[k - 1]
        k -= 1
    window[k] = new


@compiled
def _near_majority(x, first, last, i, near):  # type: ignore[no-untyped-def]
    """Whether more than half of a window, and so its median, is near a value."""
    count, needed = 0, (last - first) // 2 + 1
    for j in range(first, last + 1):
        if abs(x[j] - x[i]) <= near:
            count += 1
            if count == needed:
                return True
    return False


@compiled
def outlier(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    x, t, side, questionable, bad, sigma, gap, flags
):
    """Flag finite values far from the running median, in units and in sigmas."""
    size = 2 * side + 1
    if x.size < size:
        return
    window, buffer, near = np.empty(size), np.empty(size), min(questionable, bad)
    window_row, last_gap = -1, -1  # row whose window is sorted; row after the last gap
    for j in range(1, size - 1):
        if t[j] - t[j - 1] > gap:
            last_gap = j
    for i in range(side, x.size - side):
        first, last = i - side, i + side
        if last > 0 and t[last] - t[last - 1] > gap:
            last_gap = last
        if last_gap > first or _near_majority(x, first, last, i, near):
            continue
        if window_row == i - 1:
            _replace_sorted(window, x[first - 1], x[last])
        else:
            window[:] = np.sort(x[first : last + 1])
        window_row = i
        distance = abs(x[i] - window[side])
        if distance > near:
            scale = 1.4826 * _median_distance(window, window[side], buffer)
            if distance > sigma * scale:
                flags[i] = _BAD if distance > bad else _QUESTIONABLE


@compiled
def deviation(values, sigma, flags):  # type: ignore[no-untyped-def]
    """Flag values many standard deviations from the mean of the series."""
    count, mean, squares = 0, 0.0, 0.0
    for i in range(values.size):
        if np.isfinite(values[i]):
            count += 1
            step = values[i] - mean
            mean += step / count
            squares += step * (values[i] - mean)
    if count == 0:
        return
    limit = sigma * np.sqrt(squares / count)
    for i in range(values.size):
        if abs(values[i] - mean) > limit:
            flags[i] = _BAD


@compiled
def cascade_input(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    flags, tests, impossible, input_flags, bits, becomes, optional, physical, from_input
):
    """Raise the flags of a result to those of one input."""
    for i in range(flags.size):
        flag = input_flags[i]
        if flag <= _GOOD or (flag == _MISSING and optional):
            continue
        if flag != _MISSING and becomes[flag] > flags[i]:
            flags[i] = becomes[flag]
        tests[i] |= bits[i] | from_input
        if bits[i] & physical:
            impossible[i] = True


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
    hours = (t[b] - t[a]) / HOUR_SECONDS
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


def running_median(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    samples: int = 15,
    minutes: float = np.inf,
    limit: float = np.inf,
    sparse: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return median, scatter and number of the values around each value."""
    median = np.full(values.shape, np.nan)
    scatter = np.full(values.shape, np.nan)
    count = np.zeros(values.shape, dtype=np.int32)
    # A row without a time has no neighbours, and would end the window of the others.
    finite = np.flatnonzero(np.isfinite(values) & np.isfinite(seconds))
    if not finite.size:
        return median, scatter, count
    x = np.ascontiguousarray(values[finite], dtype=np.float64)
    t = np.arange(x.size, dtype=np.float64) if sparse else seconds[finite].astype(float)
    reach = np.inf if sparse else 60.0 * minutes
    out = np.empty((3, x.size))
    medians(x, t, max(int(samples) // 2, 0), reach, limit, out)
    median[finite], scatter[finite], count[finite] = out
    return median, scatter, count
