"""Response time of a slow sensor taken off again, and what that does to noise."""

import numpy as np

from oceanco2.platforms.instruments import ResponseTime


def corrected(
    seconds: np.ndarray,
    values: np.ndarray,
    settled: np.ndarray,
    response: ResponseTime,
) -> tuple[np.ndarray, np.ndarray]:
    """Undo the first-order response of a sensor.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([0.0, 60.0])
    >>> slow = np.array([400.0, 400.0 + 10.0 * (1 - np.exp(-1.0))])
    >>> way = ResponseTime(tau_seconds=60.0)
    >>> corrected(t, slow, np.array([True, True]), way)[0].round(6)
    array([400., 410.])
    """
    tau = response.tau_seconds
    smooth, members = _smoothed(seconds, values, settled, response.smoothing_seconds)
    step = np.diff(seconds, prepend=-np.inf)
    joined = settled & np.r_[False, settled[:-1]] if settled.size else settled
    joined = joined & (step > 0) & (step <= 5.0 * tau)
    before = np.r_[np.nan, smooth[:-1]] if smooth.size else smooth
    joined &= np.isfinite(smooth) & np.isfinite(before)
    left = np.where(joined, np.exp(-np.where(joined, step, 1.0) / tau), 0.0)
    out = np.where(joined, (smooth - np.where(joined, before, 0.0) * left), smooth)
    out = out / (1.0 - left)
    gain = np.sqrt(1.0 + left**2) / (1.0 - left) / np.sqrt(members)
    return np.where(settled, out, values), np.where(joined, gain, 1.0)


def _smoothed(
    seconds: np.ndarray, values: np.ndarray, settled: np.ndarray, window: float
) -> tuple[np.ndarray, np.ndarray]:
    """Average settled rows within a window around each; say how many those are."""
    fine = settled & np.isfinite(values)
    members = np.ones(values.shape)
    if window <= 0:
        return values, members
    total = np.r_[0.0, np.cumsum(np.where(fine, values, 0.0))]
    count = np.r_[0, np.cumsum(fine)]
    first = np.searchsorted(seconds, seconds - window / 2, side="left")
    last = np.searchsorted(seconds, seconds + window / 2, side="right")
    number = count[last] - count[first]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[last] - total[first]) / number
    return np.where(fine, mean, values), np.maximum(number, 1)
