"""How much earlier the water passed the intake: found from the two thermometers."""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import stdtr

from oceanco2.alignment.interpolation import interpolate

#: Slower changes than this are taken out: warming follows the sun, not the water [s].
_SLOW = 3600.0
#: Steps of the even grid at least and at most [s].
_STEPS = (5.0, 60.0)
#: Points that are correlated stay together when the data are drawn again [s].
_BLOCK = 7200.0
_DRAWS = 400
#: The parabola goes through the points so near to the highest one [s].
_WIDTH = 90.0
#: Spikes are at least so high [K].
_SPIKE = 1.0
#: Pairs below which there is no correlation.
_FEWEST = 30
#: Chance that two series without connection correlate so well at some lag.
CHANCE = 1e-3


#: Times and values.
Series = tuple[np.ndarray, np.ndarray]


def find_lag(
    first: Series,
    second: Series,
    *,
    longest: float = 900.0,
    max_gap: float = 300.0,
) -> tuple[float, float, float, int, str]:
    """Find how much later a temperature signal comes in a second series.

    Both are brought to an even grid (gaps stay gaps), changes slower than an hour
    are taken out, and the correlation is computed for every shift. The lag is the
    top of the parabola through what is near the highest correlation; its uncertainty
    is the spread when blocks of two hours are drawn again.

    Parameters
    ----------
    first, second : tuple of ndarray
        Rising times [s] and values; missing values are left out.
    longest : float, default 900.0
        Longest lag that is looked for, to both sides [s].
    max_gap : float, default 300.0
        Longest gap that is bridged on the way to the grid, on either side [s].

    Returns
    -------
    seconds : float
        The lag, NaN where it cannot be told.
    uncertainty : float
        Standard uncertainty [s].
    correlation : float
        At the lag.
    pairs : int
        Points of the grid where both are known.
    reason : str
        Why it cannot be told or trusted; empty if it can.

    Notes
    -----
    Refused are correlations that unrelated series of so many independent points would
    reach with a chance of 0.001 at one of the shifts (independent points after
    Bartlett), lags at the end of what is looked for, and lags that the drawn blocks
    do not confirm.

    Examples
    --------
    >>> import numpy as np
    >>> seconds = np.arange(0.0, 86400.0, 30.0)
    >>> sea = np.cumsum(np.random.default_rng(1).normal(0.0, 0.01, seconds.size))
    >>> later = np.interp(seconds - 120.0, seconds, sea)
    >>> lag, uncertainty, *_ = find_lag((seconds, sea), (seconds, later))
    >>> round(lag), uncertainty < 1.0
    (120, True)
    """
    step, grids = _grids(first, second, max_gap)
    if not step:
        return np.nan, np.nan, np.nan, 0, "the two series have no time in common"
    one, two = (_fast(grid, step) for grid in grids)
    far = round(longest / step)
    sums = _sums(one, two, far, max(round(_BLOCK / step), 1))
    curve = _correlation(sums.sum(axis=0))
    pairs = int(sums[:, 0].sum(axis=0).max())
    if not np.isfinite(curve).any():
        return np.nan, np.nan, np.nan, pairs, "too few values that change"
    width = max(round(_WIDTH / step), 1)
    top = float(np.nanmax(curve))
    where = (_top(curve, width) - far) * step
    drawn = np.array([_top(draw, width) for draw in _draws(sums)]) * step
    spread = float(drawn.std())
    reason = _doubt(one, two, top, curve.size)
    if not reason and abs(where) > longest - _WIDTH:
        reason = f"the correlation still rises at {where:.0f} s"
    elif not reason and not spread < longest / 4.0:
        reason = f"parts of the data disagree (+- {spread:.0f} s)"
    return where, spread, top, pairs, reason


def _grids(
    first: Series,
    second: Series,
    max_gap: float,
) -> tuple[float, list[np.ndarray]]:
    """Bring two series to the even grid of the time that they share."""
    fine = [_sound(values) for _, values in (first, second)]
    times = [first[0][fine[0]], second[0][fine[1]]]
    if min(map(len, times)) < 3:
        return 0.0, []
    steps = [float(np.median(np.diff(t))) for t in times]
    step = float(np.clip(min(steps), *_STEPS))
    start, end = max(t[0] for t in times), min(t[-1] for t in times)
    grid = np.arange(start, end, step)
    if not grid.size:
        return 0.0, []
    values = [first[1][fine[0]], second[1][fine[1]]]
    return step, [
        interpolate(t, v, grid, max_gap)[0] for t, v in zip(times, values, strict=True)
    ]


def _sound(values: np.ndarray) -> np.ndarray:
    """Tell which values are there and are no spikes; a front is none."""
    fine = np.isfinite(values)
    there = values[fine]
    if there.size:
        around = sliding_window_view(np.pad(there, 2, mode="edge"), 5)
        off = np.abs(there - np.median(around, axis=1))
        fine[fine] = off <= max(10.0 * 1.4826 * float(np.median(off)), _SPIKE)
    return fine


def _fast(values: np.ndarray, step: float) -> np.ndarray:
    """Take the running mean of an hour away; gaps stay gaps."""
    there = np.isfinite(values)
    half = round(_SLOW / step / 2.0)
    row = np.arange(values.size)
    first, last = np.maximum(row - half, 0), np.minimum(row + half + 1, row.size)
    sums = np.append(0.0, np.cumsum(np.where(there, values, 0.0)))
    counts = np.append(0, np.cumsum(there))
    number = np.maximum(counts[last] - counts[first], 1)
    return values - (sums[last] - sums[first]) / number


def _sums(one: np.ndarray, two: np.ndarray, far: int, block: int) -> np.ndarray:
    """Sum n, x, xx, y, yy and xy of each block for every shift of the second series."""
    padded = np.pad(two, far, constant_values=np.nan)
    starts = range(0, one.size, block)
    out = np.empty((len(starts), 6, 2 * far + 1))
    for number, start in enumerate(starts):
        x = one[start : start + block]
        y = padded[start : start + x.size + 2 * far]
        with_x, with_y = np.isfinite(x), np.isfinite(y)
        x, y = np.where(with_x, x, 0.0), np.where(with_y, y, 0.0)
        left = np.array([with_x, x, x**2], dtype=np.float64)
        out[number, :3] = left @ sliding_window_view(with_y.astype(float), x.size).T
        out[number, [3, 5]] = left[:2] @ sliding_window_view(y, x.size).T
        out[number, 4] = left[0] @ sliding_window_view(y**2, x.size).T
    return out


def _correlation(sums: np.ndarray) -> np.ndarray:
    """Correlation at every shift; NaN where too little is left of the data."""
    n, x, xx, y, yy, xy = sums
    enough = np.maximum(n, 1.0)
    spread = (xx - x**2 / enough) * (yy - y**2 / enough)
    fine = (n >= _FEWEST) & (spread > 1e-12 * np.maximum(n, 1.0) ** 2)
    with np.errstate(invalid="ignore"):
        out = (xy - x * y / enough) / np.sqrt(np.where(fine, spread, 1.0))
    return np.where(fine, out, np.nan)


def _top(curve: np.ndarray, width: int) -> float:
    """Place of the top of the parabola through what is near the highest point."""
    if not np.isfinite(curve).any():
        return np.nan
    best = int(np.nanargmax(curve))
    near = np.arange(max(best - width, 0), min(best + width + 1, curve.size))
    near = near[np.isfinite(curve[near])]
    if near.size < 3:
        return float(best)
    bend, slope, _ = np.polyfit(near - best, curve[near], 2)
    if bend >= 0.0:
        return float(best)
    return float(best + np.clip(-slope / (2.0 * bend), -width, width))


def _draws(sums: np.ndarray) -> Iterator[np.ndarray]:
    """Draw the blocks again, with the same dice every time."""
    blocks = sums.shape[0]
    dice = np.random.default_rng(0)
    weights = dice.multinomial(blocks, np.full(blocks, 1.0 / blocks), size=_DRAWS)
    for total in np.tensordot(weights, sums, axes=1):
        yield _correlation(total)


def _doubt(one: np.ndarray, two: np.ndarray, top: float, shifts: int) -> str:
    """Say why a correlation is none, or nothing."""
    independent = _independent(one, two)
    if independent < 4.0:
        return "too few independent values"
    score = top * np.sqrt((independent - 2.0) / max(1.0 - top**2, 1e-12))
    if stdtr(independent - 2.0, -score) * shifts > CHANCE:
        return f"correlation {top:.2f} is not more than chance gives"
    return ""


def _independent(one: np.ndarray, two: np.ndarray) -> float:
    """Count pairs that are independent (Bartlett: neighbours resemble each other)."""
    there = np.isfinite(one) & np.isfinite(two)
    alike = np.ones(there.size)
    for values in (one, two):
        filled = np.where(there, values, 0.0)
        alike *= _autocovariance(filled) / max((filled**2).sum(), 1e-300)
    count = float(there.sum())
    return count / max(1.0 + 2.0 * float(np.maximum(alike[1:], 0.0).sum()), 1.0)


def _autocovariance(values: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(values, 2 * values.size)
    return np.fft.irfft(np.abs(spectrum) ** 2)[: values.size]
