"""Correction for the response time of a slow sensor, and its gain of noise."""

import numpy as np

from oceanco2.platforms.instruments import ResponseTime


def correct_response(
    seconds: np.ndarray,
    values: np.ndarray,
    settled: np.ndarray,
    response: ResponseTime,
) -> tuple[np.ndarray, np.ndarray]:
    """Correct for the first-order response of a sensor; return values and noise gain.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([0.0, 60.0])
    >>> slow = np.array([400.0, 400.0 + 10.0 * (1 - np.exp(-1.0))])
    >>> response = ResponseTime(tau_seconds=60.0)
    >>> correct_response(t, slow, np.array([True, True]), response)[0].round(6)
    array([400., 410.])
    """
    tau = response.tau_seconds
    smooth, members = _smoothed(seconds, values, settled, response.smoothing_seconds)
    step = np.diff(seconds, prepend=-np.inf)
    follows = settled & np.r_[False, settled[:-1]] if settled.size else settled
    follows = follows & (step > 0) & (step <= 5.0 * tau)
    before = np.r_[np.nan, smooth[:-1]] if smooth.size else smooth
    follows &= np.isfinite(smooth) & np.isfinite(before)
    decay = np.where(follows, np.exp(-np.where(follows, step, 1.0) / tau), 0.0)
    out = np.where(follows, (smooth - np.where(follows, before, 0.0) * decay), smooth)
    out = out / (1.0 - decay)
    gain = np.sqrt(1.0 + decay**2) / (1.0 - decay) / np.sqrt(members)
    return np.where(settled, out, values), np.where(follows, gain, 1.0)


def _smoothed(
    seconds: np.ndarray, values: np.ndarray, settled: np.ndarray, window: float
) -> tuple[np.ndarray, np.ndarray]:
    """Average settled rows within a window around each; return means and counts."""
    valid = settled & np.isfinite(values)
    members = np.ones(values.shape)
    if window <= 0:
        return values, members
    total = np.r_[0.0, np.cumsum(np.where(valid, values, 0.0))]
    count = np.r_[0, np.cumsum(valid)]
    first = np.searchsorted(seconds, seconds - window / 2, side="left")
    last = np.searchsorted(seconds, seconds + window / 2, side="right")
    number = count[last] - count[first]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[last] - total[first]) / number
    return np.where(valid, mean, values), np.maximum(number, 1)
