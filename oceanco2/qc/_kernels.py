"""Compiled loops of the checks: one pass over the samples each, no temporaries.

Serial and without the GIL, so that variables can be checked in parallel. Flags are
int8 arrays that the loops only ever raise; values are never changed.
"""

import numpy as np

from oceanco2.compiling import compiled

_NOTED, _GOOD, _QUESTIONABLE, _BAD, _MISSING = 1, 2, 3, 4, 9


@compiled
def mask_impossible(values, low, high, out, flags, tests, bit):  # type: ignore[no-untyped-def]
    """Copy possible values to `out`; set the others to NaN and flag them bad.

    Parameters
    ----------
    values : ndarray
        In canonical units; NaN where missing.
    low : float
        Lowest possible value.
    high : float
        Highest possible value.
    out : ndarray
        Output: the possible values.
    flags : ndarray of int8
        Initially good; raised in place.
    tests : ndarray of int64
        Bit masks; the bit is added in place.
    bit : int
        Bit of the test.
    """
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
