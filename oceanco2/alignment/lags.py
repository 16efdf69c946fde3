"""Lag between intake and equilibrator, estimated from their temperatures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import chdtrc, stdtr

from oceanco2.dates import DAY, HOUR_SECONDS, SECOND
from oceanco2.errors import ProcessingError
from oceanco2.interpolation import interpolate
from oceanco2.platforms import Platform
from oceanco2.vocabulary import possible

#: Slower changes are removed: warming follows the sun, not the water [s].
_HIGH_PASS = HOUR_SECONDS
#: Shortest and longest step of the regular grid [s].
_STEP_RANGE = (5.0, 60.0)
#: Block length of the bootstrap: longer than the correlation of neighbours [s].
_BLOCK = 7200.0
_DRAWS = 400
#: Half width of the parabola around the highest correlation [s].
_PARABOLA_WIDTH = 90.0
#: Smallest deviation of a spike [K].
_MIN_SPIKE = 1.0
#: Fewest pairs for a correlation.
_MIN_PAIRS = 30
#: Probability that unrelated series correlate as well at some lag.
SIGNIFICANCE = 1e-3

#: Times and values.
Series = tuple[np.ndarray, np.ndarray]


def find_lag(
    first: Series,
    second: Series,
    *,
    longest: float = 900.0,
    max_gap: float = 300.0,
) -> tuple[float, float, float, int, str]:
    """Estimate how much later a temperature signal appears in a second series.

    Both are interpolated to a regular grid (gaps remain), changes slower than an hour
    are removed, and the correlation is computed for every shift. The lag is the
    maximum of a parabola fitted around the highest correlation; its uncertainty is
    the standard deviation of a bootstrap with blocks of two hours.

    Parameters
    ----------
    first, second : tuple of ndarray
        Rising times [s] and values; missing values are ignored.
    longest : float, default 900.0
        Longest lag that is searched, in both directions [s].
    max_gap : float, default 300.0
        Longest distance to a neighbour when interpolating to the grid [s].

    Returns
    -------
    seconds : float
        The lag; NaN if it cannot be estimated.
    uncertainty : float
        Standard uncertainty [s].
    correlation : float
        At the lag.
    pairs : int
        Points of the grid with both values.
    reason : str
        Why the lag cannot be estimated or used; empty otherwise.

    Notes
    -----
    Rejected are correlations that unrelated series with as many independent points
    (after Bartlett) would reach at one of the shifts with a probability of 0.001,
    lags at the ends of the search, and lags that the bootstrap does not confirm.

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
    step, grids = _common_grid(first, second, max_gap)
    if not step:
        return np.nan, np.nan, np.nan, 0, "the two series have no time in common"
    first_fast, second_fast = (_high_pass(grid, step) for grid in grids)
    max_shift = round(longest / step)
    sums = _block_sums(first_fast, second_fast, max_shift, round(_BLOCK / step))
    curve = _correlation(*sums.sum(axis=0))
    pairs = int(sums[:, 0].sum(axis=0).max())
    if not np.isfinite(curve).any():
        return np.nan, np.nan, np.nan, pairs, "too few values that change"
    width = round(_PARABOLA_WIDTH / step)
    highest = float(np.nanmax(curve))
    lag = (_peak(curve, width) - max_shift) * step
    drawn = np.array([_peak(draw, width) for draw in _bootstrap(sums)]) * step
    spread = float(drawn.std())
    reason = _rejection_reason(first_fast, second_fast, highest, curve.size)
    if not reason and abs(lag) > longest - _PARABOLA_WIDTH:
        reason = f"the correlation still rises at {lag:.0f} s"
    elif not reason and not spread < longest / 4.0:
        reason = f"parts of the data disagree (+- {spread:.0f} s)"
    return lag, spread, highest, pairs, reason


def _common_grid(
    first: Series,
    second: Series,
    max_gap: float,
) -> tuple[float, list[np.ndarray]]:
    """Interpolate two series to a regular grid over their common period."""
    usable = [_not_spikes(values) for _, values in (first, second)]
    times = [first[0][usable[0]], second[0][usable[1]]]
    if min(map(len, times)) < 3:
        return 0.0, []
    steps = [float(np.median(np.diff(t))) for t in times]
    step = float(np.clip(min(steps), *_STEP_RANGE))
    start, end = max(t[0] for t in times), min(t[-1] for t in times)
    grid = np.arange(start, end, step)
    if not grid.size:
        return 0.0, []
    values = [first[1][usable[0]], second[1][usable[1]]]
    return step, [
        interpolate(t, v, grid, max_gap)[0] for t, v in zip(times, values, strict=True)
    ]


def _not_spikes(values: np.ndarray) -> np.ndarray:
    """Mask finite values that are not spikes; a front is not a spike."""
    usable = np.isfinite(values)
    finite = values[usable]
    if finite.size:
        windows = sliding_window_view(np.pad(finite, 2, mode="edge"), 5)
        deviation = np.abs(finite - np.median(windows, axis=1))
        usable[usable] = deviation <= max(
            10.0 * 1.4826 * float(np.median(deviation)), _MIN_SPIKE
        )
    return usable


def _high_pass(values: np.ndarray, step: float) -> np.ndarray:
    """Subtract the running mean of an hour; gaps remain."""
    finite = np.isfinite(values)
    half = round(_HIGH_PASS / step / 2.0)
    row = np.arange(values.size)
    first, last = np.maximum(row - half, 0), np.minimum(row + half + 1, row.size)
    sums = np.append(0.0, np.cumsum(np.where(finite, values, 0.0)))
    counts = np.append(0, np.cumsum(finite))
    number = np.maximum(counts[last] - counts[first], 1)
    return values - (sums[last] - sums[first]) / number


def _block_sums(
    first: np.ndarray, second: np.ndarray, max_shift: int, block: int
) -> np.ndarray:
    """Sum n, x, xx, y, yy and xy of each block for every shift of `second`."""
    padded = np.pad(second, max_shift, constant_values=np.nan)
    starts = range(0, first.size, block)
    out = np.empty((len(starts), 6, 2 * max_shift + 1))
    for number, start in enumerate(starts):
        x = first[start : start + block]
        y = padded[start : start + x.size + 2 * max_shift]
        with_x, with_y = np.isfinite(x), np.isfinite(y)
        x, y = np.where(with_x, x, 0.0), np.where(with_y, y, 0.0)
        left = np.array([with_x, x, x**2], dtype=np.float64)
        out[number, :3] = left @ sliding_window_view(with_y.astype(float), x.size).T
        out[number, [3, 5]] = left[:2] @ sliding_window_view(y, x.size).T
        out[number, 4] = left[0] @ sliding_window_view(y**2, x.size).T
    return out


def _correlation(
    n: np.ndarray,
    x: np.ndarray,
    xx: np.ndarray,
    y: np.ndarray,
    yy: np.ndarray,
    xy: np.ndarray,
) -> np.ndarray:
    """Correlation at every shift; NaN where too few pairs remain."""
    count = np.maximum(n, 1.0)
    spread = (xx - x**2 / count) * (yy - y**2 / count)
    usable = (n >= _MIN_PAIRS) & (spread > 1e-12 * count**2)
    with np.errstate(invalid="ignore"):
        out = (xy - x * y / count) / np.sqrt(np.where(usable, spread, 1.0))
    return np.where(usable, out, np.nan)


def _peak(curve: np.ndarray, width: int) -> float:
    """Position of the maximum of a parabola fitted around the highest point."""
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


def _bootstrap(sums: np.ndarray) -> Iterator[np.ndarray]:
    """Correlations of resampled blocks, with a fixed seed."""
    blocks = sums.shape[0]
    rng = np.random.default_rng(0)
    weights = rng.multinomial(blocks, np.full(blocks, 1.0 / blocks), size=_DRAWS)
    for total in np.tensordot(weights, sums, axes=1):
        yield _correlation(*total)


def _rejection_reason(
    first: np.ndarray, second: np.ndarray, highest: float, shifts: int
) -> str:
    """Return why a correlation is not significant; empty if it is."""
    independent = _independent_pairs(first, second)
    if independent < 4.0:
        return "too few independent values"
    score = highest * np.sqrt((independent - 2.0) / max(1.0 - highest**2, 1e-12))
    if stdtr(independent - 2.0, -score) * shifts > SIGNIFICANCE:
        return f"correlation {highest:.2f} is not more than chance gives"
    return ""


def _independent_pairs(first: np.ndarray, second: np.ndarray) -> float:
    """Estimate the number of independent pairs of autocorrelated series (Bartlett)."""
    both = np.isfinite(first) & np.isfinite(second)
    autocovariance = np.ones(both.size)
    for values in (first, second):
        filled = np.where(both, values, 0.0)
        autocovariance *= _autocovariance(filled) / max((filled**2).sum(), 1e-300)
    positive = np.maximum(autocovariance[1:], 0.0)
    return float(both.sum()) / (1.0 + 2.0 * float(positive.sum()))


def _autocovariance(values: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(values, 2 * values.size)
    return np.fft.irfft(np.abs(spectrum) ** 2)[: values.size]


@dataclass(frozen=True, slots=True)
class Lag:
    """Lag between intake and equilibrator.

    Attributes
    ----------
    start, end : numpy.datetime64
        Period of the data.
    seconds : float
        The lag, positive if the water reaches the equilibrator later; NaN if it cannot
        be estimated.
    uncertainty : float
        Standard uncertainty [s].
    correlation : float
        Correlation of the fast changes at that lag.
    pairs : int
        Points of the regular grid with both values.
    reason : str
        Why the lag cannot be estimated or used; empty otherwise.
    """

    start: np.datetime64
    end: np.datetime64
    seconds: float
    uncertainty: float
    correlation: float
    pairs: int
    reason: str

    @property
    def found(self) -> bool:
        """Whether the lag can be used.

        Returns
        -------
        bool
            True if `reason` is empty.
        """
        return not self.reason

    @property
    def rounded(self) -> float:
        """Return the lag that is used: tenths of a second, 0 if it was not found.

        Returns
        -------
        float
            Seconds.
        """
        return round(self.seconds, 1) if self.found else 0.0

    @property
    def attrs(self) -> dict[str, float | str]:
        """Attributes that describe the lag of a variable.

        Returns
        -------
        dict
            ``lag_seconds``, its uncertainty and source.
        """
        source = f"correlation of T_equ and SST: {self.correlation:.3f}"
        if not self.found:
            return {"lag_seconds": 0.0, "lag_source": f"not found: {self.reason}"}
        return {
            "lag_seconds": self.rounded,
            "lag_uncertainty_seconds": round(self.uncertainty, 1),
            "lag_source": source,
        }


def total_lag(streams: Mapping[str, xr.Dataset], platform: Platform) -> Lag:
    """Estimate the lag between intake and equilibrator from all data."""
    series = _temperatures(streams, platform)
    return _lag_between(series, *_common_period(series))


def differ(found: Sequence[Lag]) -> bool:
    """Test whether lags differ by more than their uncertainties explain.

    Parameters
    ----------
    found : sequence of Lag
        For example of days.

    Returns
    -------
    bool
        True if equal lags would scatter as much with a probability below 0.001.
    """
    usable = [lag for lag in found if lag.found and lag.uncertainty > 0.0]
    if len(usable) < 2:
        return False
    seconds = np.array([lag.seconds for lag in usable])
    weights = np.array([lag.uncertainty for lag in usable]) ** -2.0
    scatter = weights * (seconds - np.average(seconds, weights=weights)) ** 2
    return bool(chdtrc(len(usable) - 1, scatter.sum()) < SIGNIFICANCE)


def lags(streams: Mapping[str, xr.Dataset], platform: Platform) -> list[Lag]:
    """Estimate the lag between intake and equilibrator, for all data and each day.

    Parameters
    ----------
    streams : mapping of str to xarray.Dataset
        From `oceanco2.read`.
    platform : Platform
        Named in messages.

    Returns
    -------
    list of Lag
        First the total period, then the days with data (UTC).

    Raises
    ------
    ProcessingError
        If SST or T_equ is missing.

    Notes
    -----
    The lag is that of the signal: the travel time of the water and, where the
    equilibrator mixes, a part of its response time. Fast changes of the warming
    between the sensors disturb it; the uncertainty includes them only as far as they
    differ between blocks of two hours.
    """
    series = _temperatures(streams, platform)
    origin, last = _common_period(series)
    results = [_lag_between(series, origin, last)]
    day = DAY
    midnights = np.arange(origin.astype("datetime64[D]"), last, day)
    for midnight in midnights if midnights.size > 1 else []:
        day_lag = _lag_between(series, midnight, midnight + day)
        results += [day_lag] if day_lag.pairs else []
    return results


def _temperatures(
    streams: Mapping[str, xr.Dataset], platform: Platform
) -> list[Series]:
    return [_temperature_series(streams, platform, name) for name in ("SST", "T_equ")]


def _common_period(series: list[Series]) -> tuple[np.datetime64, np.datetime64]:
    return min(time[0] for time, _ in series), max(time[-1] for time, _ in series)


def _temperature_series(
    streams: Mapping[str, xr.Dataset], platform: Platform, name: str
) -> Series:
    for stream in streams.values():
        for key in (name, f"{name}_raw"):
            if key in stream and stream.sizes["time"]:
                return stream["time"].to_numpy(), possible(name, stream[key].to_numpy())
    raise ProcessingError(
        f"{platform.path}: estimating a lag needs SST and T_equ; {name} is missing"
    )


def _lag_between(
    series: list[Series],
    start: np.datetime64,
    end: np.datetime64,
) -> Lag:
    pieces = []
    for time, values in series:
        inside = (time >= start) & (time <= end)
        pieces.append(((time[inside] - start) / SECOND, values[inside]))
    return Lag(start, end, *find_lag(*pieces))
