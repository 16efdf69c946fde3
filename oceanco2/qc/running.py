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
    """Return median, scatter and number of the values around each value."""
    from oceanco2.qc._windows import medians

    median = np.full(values.shape, np.nan)
    scatter = np.full(values.shape, np.nan)
    count = np.zeros(values.shape, dtype=np.int32)
    finite = np.flatnonzero(np.isfinite(values))
    if not finite.size:
        return median, scatter, count
    x = np.ascontiguousarray(values[finite], dtype=np.float64)
    t = np.arange(x.size, dtype=np.float64) if sparse else seconds[finite].astype(float)
    reach = np.inf if sparse else 60.0 * minutes
    out = np.empty((3, x.size))
    medians(x, t, max(int(samples) // 2, 0), reach, limit, out)
    median[finite], scatter[finite], count[finite] = out
    return median, scatter, count
