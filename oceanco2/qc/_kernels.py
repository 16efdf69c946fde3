"""Compiled loops of the checks: one pass over the samples each, no temporaries.

Serial and without the GIL, so that variables can be judged side by side. Flags are
int8 arrays that the loops only ever raise; values are never written to.
"""

import numpy as np

from oceanco2.compiling import compiled

_TOLD, _GOOD, _QUESTIONABLE, _BAD, _MISSING = 1, 2, 3, 4, 9


@compiled
def judged(values, low, high, out, flags, tests, bit):  # type: ignore[no-untyped-def]
    """Copy what can be such a quantity; the rest is NaN there and bad.

    Parameters
    ----------
    values : ndarray
        In canonical units; NaN is nothing.
    low : float
        Lowest that is not doubtful, or that can be.
    high : float
        Highest of the same.
    out : ndarray
        Written: the values that can be.
    flags : ndarray of int8
        Good at the beginning; raised in place.
    tests : ndarray of int64
        Bits that are added to.
    bit : int
        That of the test.
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
def raised(flags, tests, found, bit):  # type: ignore[no-untyped-def]
    """Raise flags to those that a check found, and set its bit there."""
    for i in range(flags.size):
        if found[i] > _GOOD or found[i] == _TOLD:
            tests[i] |= bit
            flags[i] = max(flags[i], found[i])


@compiled
def ranges(values, low, high, lowest, highest, flags):  # type: ignore[no-untyped-def]
    """Flag what is outside two nested ranges."""
    for i in range(values.size):
        # Without branches the processor takes many values at a time.
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
    """Return the smallest step between neighbours that is one, else 0."""
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
    """Flag changes per minute: a spike alone, both sides of a step."""
    smallest, a, passed = -1.0, -1, False
    for i in range(values.size):
        if not np.isfinite(values[i]):
            continue
        b, before = i, a
        a = i
        if before < 0:
            continue
        step = abs(values[b] - values[before])
        pause = (seconds[b] - seconds[before]) / 60.0
        fast = pause > 0.0 and pause <= gap and step / pause > limit
        if fast and smallest < 0.0:  # looked for when it is needed
            smallest = resolution(values)
        if not (fast and step > smallest):
            passed = False
            continue
        if passed:  # the way back from a spike is not tested
            passed = False
            continue
        c = i + 1
        while c < values.size and not np.isfinite(values[c]):
            c += 1
        flags[b] = _BAD
        if c < values.size and abs(values[c] - values[before]) / pause <= limit:
            passed = True
        else:
            flags[before] = _BAD


@compiled
def spike(values, seconds, doubtful, bad, gap, flags):  # type: ignore[no-untyped-def]
    """Flag values that stand out on both sides."""
    a, b = -1, -1
    for c in range(values.size):
        if not np.isfinite(values[c]):
            continue
        if a >= 0 and seconds[b] - seconds[a] <= gap and seconds[c] - seconds[b] <= gap:
            left, right = values[a], values[c]
            apart = abs(values[b] - (left + right) / 2.0) - abs(right - left) / 2.0
            if apart > bad:
                flags[b] = _BAD
            elif apart > doubtful:
                flags[b] = _QUESTIONABLE
        a, b = b, c


@compiled
def _spread(window, middle, apart):  # type: ignore[no-untyped-def]
    """Return the median distance from the median; `apart` is room to work in."""
    for j in range(window.size):
        distance = abs(window[j] - middle)
        k = j
        while k > 0 and apart[k - 1] > distance:
            apart[k] = apart[k - 1]
            k -= 1
        apart[k] = distance
    return apart[window.size // 2]


@compiled
def _replaced(window, old, new):  # type: ignore[no-untyped-def]
    """Put a value in the place of another in a sorted window."""
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
def _among_most(x, first, last, i, near):  # type: ignore[no-untyped-def]
    """Whether more than half of a window is near a value, and so its median."""
    count, needed = 0, (last - first) // 2 + 1
    for j in range(first, last + 1):
        if abs(x[j] - x[i]) <= near:
            count += 1
            if count == needed:
                return True
    return False


@compiled
def outlier(x, t, side, limits, sigma, gap, flags):  # type: ignore[no-untyped-def]
    """Flag finite values apart from the running median, in units and in sigmas."""
    size, (doubtful, bad) = 2 * side + 1, limits
    if x.size < size:
        return
    window, room, near = np.empty(size), np.empty(size), min(doubtful, bad)
    held, broken = -1, -1  # the value whose window is sorted; the last long pause
    for j in range(1, size - 1):
        if t[j] - t[j - 1] > gap:
            broken = j
    for i in range(side, x.size - side):
        first, last = i - side, i + side
        if last > 0 and t[last] - t[last - 1] > gap:
            broken = last
        if broken > first or _among_most(x, first, last, i, near):
            continue
        if held == i - 1:
            _replaced(window, x[first - 1], x[last])
        else:
            window[:] = np.sort(x[first : last + 1])
        held = i
        apart = abs(x[i] - window[side])
        if apart > near:
            scale = 1.4826 * _spread(window, window[side], room)
            if apart > sigma * scale:
                flags[i] = _BAD if apart > bad else _QUESTIONABLE


@compiled
def deviation(values, sigma, flags):  # type: ignore[no-untyped-def]
    """Flag what lies many standard deviations from the mean of the series."""
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
def cascaded(layer, theirs, bits, becomes, optional, own):  # type: ignore[no-untyped-def]
    """Raise the flags of a result by those of one input."""
    (flags, tests, impossible), (physical, through) = layer, own
    for i in range(flags.size):
        flag = theirs[i]
        if flag <= _GOOD or (flag == _MISSING and optional):
            continue
        if flag != _MISSING and becomes[flag] > flags[i]:
            flags[i] = becomes[flag]
        tests[i] |= bits[i] | through
        if bits[i] & physical:
            impossible[i] = True
