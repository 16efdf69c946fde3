"""Running medians, by number and by time."""

import numpy as np


def running_median(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    samples: int = 15,
    minutes: float = np.inf,
    limit: float = np.inf,
    sparse: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the median of the values around each value, and their scatter.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN is stepped over and gets NaN.
    seconds : ndarray, shape (n,)
        Times that do not fall [s].
    samples : int, default 15
        At most so many values, the one in the middle included.
    minutes : float, default infinity
        Values farther away, before or behind, do not count.
    limit : float, default infinity
        Where a value is farther from the median than this, the scatter is wanted.
    sparse : bool, default False
        True if pauses matter not: neighbours count, however far away in time.

    Returns
    -------
    median : ndarray of float64
        Median of each window.
    scatter : ndarray of float64
        Its robust standard deviation (1.4826 times the median distance from the
        median) where `limit` asks for it, else 0.
    count : ndarray of int32
        Values in the window.
    """
    from oceanco2.qc._windows import medians

    median = np.full(values.shape, np.nan)
    scatter = np.full(values.shape, np.nan)
    count = np.zeros(values.shape, dtype=np.int32)
    there = np.flatnonzero(np.isfinite(values))
    if not there.size:
        return median, scatter, count
    x = np.ascontiguousarray(values[there], dtype=np.float64)
    t = np.arange(x.size, dtype=np.float64) if sparse else seconds[there].astype(float)
    reach = np.inf if sparse else 60.0 * minutes
    out = np.empty((3, x.size))
    medians(x, t, max(int(samples) // 2, 0), reach, limit, out)
    median[there], scatter[there], count[there] = out
    return median, scatter, count
