"""Running means of noisy columns, within one run."""

import numpy as np


def running_mean(
    values: np.ndarray, seconds: np.ndarray, window: float, segment: np.ndarray
) -> np.ndarray:
    """Return the mean over a centred time window within a segment; NaN are ignored.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(5.0)
    >>> running_mean(np.array([0.0, 3.0, 6.0, 9.0, 0.0]), t, 2.0, t > 3)
    array([1.5, 3. , 6. , 7.5, 0. ])
    """
    if not values.size:
        return values.copy()
    starts = np.flatnonzero(np.diff(segment.astype(np.int64), prepend=-1) != 0)
    which = np.searchsorted(starts, np.arange(values.size), side="right") - 1
    ends = np.append(starts[1:], values.size)
    half = window / 2.0
    first = np.searchsorted(seconds, seconds - half, side="left")
    last = np.searchsorted(seconds, seconds + half, side="right")
    first = np.maximum(first, starts[which])
    last = np.minimum(last, ends[which])
    is_finite = np.isfinite(values)
    # Differences from the mean keep more digits in the sums.
    overall_mean = values[is_finite].mean() if is_finite.any() else 0.0
    total = np.concatenate(
        [[0.0], np.cumsum(np.where(is_finite, values - overall_mean, 0.0))]
    )
    count = np.concatenate([[0], np.cumsum(is_finite)])
    window_count = count[last] - count[first]
    mean = overall_mean + (total[last] - total[first]) / np.maximum(window_count, 1)
    return np.where(is_finite, mean, np.nan)
