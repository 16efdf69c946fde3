"""Gas standards: run values, rejected runs, interpolation, true fitted on measured."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from oceanco2.dates import HOUR_SECONDS
from oceanco2.errors import ProcessingError
from oceanco2.platforms import Platform
from oceanco2.platforms.standards import LEAST_SPAN
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES, VARIABLES

_NEIGHBOURS = 2  # runs of the same standard on either side for the running median
_SET_SECONDS = 1800.0  # standards of one set are measured within this time
#: Standard uncertainty of the slope of an analyser that no standards determine.
_UNKNOWN_SLOPE = 0.1


def plausible(runs: "StandardRuns", platform: Platform) -> np.ndarray:
    """Return which runs are plausible readings of their gas."""
    used = np.isfinite(runs.measured)
    deviation = np.full(used.shape, np.nan)
    limit = np.full(used.shape, np.inf)
    for index, standard in enumerate(platform.standards):
        rows = np.flatnonzero((runs.standard == index) & used)
        if not rows.size:
            continue
        values = runs.measured[rows]
        far_off = np.abs(values - standard.xCO2) > max(0.2 * standard.xCO2, 50.0)
        used[rows[far_off]] = False
        deviation[rows] = values - _running_median(values)
        limit[rows] = max(8.0 * 1.4826 * np.median(np.abs(deviation[rows])), 3.0)
    suspect = used & (np.abs(deviation) > limit)
    isolated = [
        i
        for i in np.flatnonzero(suspect)
        if not _set_changed(int(i), runs, deviation, limit, used)
    ]
    used[isolated] = False
    return used


def _set_changed(
    run: int,
    runs: "StandardRuns",
    deviation: np.ndarray,
    limit: np.ndarray,
    used: np.ndarray,
) -> bool:
    """Return whether the other standards of the set changed by the same amount."""
    near = np.abs(runs.seconds - runs.seconds[run]) <= _SET_SECONDS
    other_deviations = deviation[near & used & (runs.standard != runs.standard[run])]
    if not other_deviations.size:
        return False
    other_change, change = float(np.median(other_deviations)), float(deviation[run])
    # A change of the analyser's sensitivity changes them in proportion.
    tolerance = max(float(limit[run]), 0.5 * abs(change), 0.5 * abs(other_change))
    return abs(other_change - change) <= tolerance


def _running_median(values: np.ndarray) -> np.ndarray:
    padded = np.pad(values, _NEIGHBOURS, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1)
    return np.nanmedian(windows, axis=1)


@dataclass(frozen=True, slots=True)
class StandardRuns:
    """Runs of the gas standards, in time order."""

    seconds: np.ndarray
    standard: np.ndarray
    measured: np.ndarray
    scatter: np.ndarray
    count: np.ndarray
    used: np.ndarray


@dataclass(frozen=True, slots=True)
class Fit:
    """The calibration line of every sample, from readings to true values.

    Attributes
    ----------
    calibrated : ndarray, shape (n,)
        True mole fraction [umol mol-1], NaN where not calibrated.
    slope, intercept : ndarray
        Of true on measured.
    status : ndarray of int8
        Codes of `CALIBRATION_STATUS`.
    number : ndarray of int8
        Standards used.
    age : ndarray
        Hours to the nearest run of the standard that is farthest in time.
    distance : ndarray
        How far outside the span of the non-zero standards, negative below it
        [umol mol-1].
    residual : ndarray
        Root mean square of the residuals of the fit [umol mol-1].
    uncertainty : ndarray
        Standard uncertainty due to the standards [umol mol-1].
    """

    calibrated: np.ndarray
    slope: np.ndarray
    intercept: np.ndarray
    status: np.ndarray
    number: np.ndarray
    age: np.ndarray
    distance: np.ndarray
    residual: np.ndarray
    uncertainty: np.ndarray


@dataclass(frozen=True, slots=True)
class _Line:
    """Least squares of true on measured at every sample.

    ``flat`` says where the standards do not determine a slope: it is 1.
    """

    slope: np.ndarray
    intercept: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    flat: np.ndarray


def collect_runs(
    ds: xr.Dataset, platform: Platform, seconds: np.ndarray
) -> StandardRuns:
    """Find the runs of the standards and their mean readings."""
    rows = ds["run_type"].to_numpy() == RUN_TYPES["standard"]
    which = ds["standard"].to_numpy()
    _require_concentrations(ds, platform, rows & (which < 0))
    readings = undamaged(ds, ds["xCO2"].to_numpy())
    key = np.where(rows, which, -1)
    starts = np.flatnonzero(np.diff(key, prepend=np.int8(-2)) != 0)
    ends = np.append(starts[1:], key.size)
    flushing = (platform.runs.flushing_seconds if platform.runs else {}).get(
        "standard", 0
    )
    results = []
    for start, end in zip(starts, ends, strict=True):
        if key[start] < 0:
            continue
        settled = seconds[start:end] - seconds[start] > flushing if flushing else True
        results.append(
            _mean_of_run(readings[start:end], seconds[start:end], settled, key[start])
        )
    columns = zip(*results, strict=True) if results else iter([()] * 5)
    times, standard, measured, scatter, count = (np.array(c) for c in columns)
    runs = StandardRuns(
        seconds=times.astype(float),
        standard=standard.astype(np.int8),
        measured=measured.astype(float),
        scatter=scatter.astype(float),
        count=count.astype(np.int32),
        used=np.ones(len(results), dtype=bool),
    )
    return replace(runs, used=plausible(runs, platform))


def undamaged(ds: xr.Dataset, readings: np.ndarray) -> np.ndarray:
    """Return readings without those of damaged lines, which calibrate nothing."""
    if "damaged" not in ds:
        return readings
    return np.where(ds["damaged"].to_numpy() == 1, np.nan, readings)


def _require_concentrations(
    ds: xr.Dataset, platform: Platform, without: np.ndarray
) -> None:
    if not without.any():
        return
    row = int(np.flatnonzero(without)[0])
    attrs = ds["run_label"].attrs
    labels = attrs["flag_meanings"].split()
    if "labels" in attrs:
        labels = attrs["labels"].split("\n")
    label = labels[int(ds["run_label"].to_numpy()[row])]
    file = ds.attrs["source_files"][int(ds["source_file"].to_numpy()[row])]
    line = int(ds["source_row"].to_numpy()[row])
    raise ProcessingError(
        f"{file}:{line}: run {label} is a standard without"
        f' a concentration: add [[standards]] run = "{label}" with its xCO2 to'
        f" {platform.path}, or map the label to another run type in [runs]"
    )


def _mean_of_run(
    readings: np.ndarray, seconds: np.ndarray, settled: np.ndarray | bool, which: int
) -> tuple[float, int, float, float, int]:
    """Return time, standard, mean, scatter and number of readings without outliers."""
    valid = np.isfinite(readings) & settled
    if valid.sum() >= 3:
        median = np.median(readings[valid])
        scale = 1.4826 * np.median(np.abs(readings[valid] - median))
        valid &= np.abs(readings - median) <= max(5.0 * scale, 1.0)
    if not valid.any():
        return float(seconds.mean()), int(which), np.nan, np.nan, 0
    scatter = readings[valid].std(ddof=1) if valid.sum() > 1 else np.nan
    mean = readings[valid].mean()
    return float(seconds[valid].mean()), int(which), mean, scatter, int(valid.sum())


def noise_of(runs: StandardRuns) -> float:
    """Return the standard uncertainty of a run of a standard, from its scatter.

    The larger of the scatter of the readings within runs and that of the runs about
    the median of their neighbours, but not less than an analyser is assumed to have.
    """
    several = runs.used & (runs.count > 1)
    variances = runs.scatter[several] ** 2 / runs.count[several]
    within = float(np.sqrt(variances.mean())) if several.any() else 0.0
    deviations = [
        values - _running_median(values)
        for which in np.unique(runs.standard[runs.used])
        if (values := runs.measured[runs.used & (runs.standard == which)]).size > 2
    ]
    sizes = np.abs(np.concatenate(deviations)) if deviations else np.zeros(1)
    between = 1.4826 * float(np.median(sizes))
    return max(within, between, VARIABLES["xCO2"].uncertainty or 0.0)


def fit(
    readings: np.ndarray,
    seconds: np.ndarray,
    runs: StandardRuns,
    platform: Platform,
    noise: float = 0.0,
    since: np.ndarray | None = None,
) -> Fit:
    """Calibrate readings with the standards around them."""
    options = platform.calibration
    true = np.array([s.xCO2 for s in platform.standards])
    at, ages, sides = _at_samples(seconds, runs, platform, since)
    usable = np.isfinite(at)
    if not options.include_zero:
        usable &= (true > 0.0)[:, None]
    if options.one_sided == "reject":
        usable &= sides == 2
    at = np.where(usable, at, np.nan)
    number = usable.sum(axis=0)
    line = _least_squares(at, usable, true, number)
    enough = number >= options.minimum_standards
    if options.method == "piecewise":
        line = _piecewise(readings, at, true, line)
    calibrated = np.where(enough, line.intercept + line.slope * readings, np.nan)
    if options.allow_uncalibrated:
        calibrated = np.where(enough, calibrated, readings)
    residual, from_standards = _residual_and_uncertainty(
        readings, at, usable, line, platform, noise
    )
    oldest = np.max(np.where(usable, ages, 0.0), axis=0, initial=0)
    return Fit(
        calibrated=calibrated,
        slope=np.where(enough, line.slope, np.nan),
        intercept=np.where(enough, line.intercept, np.nan),
        status=_status(
            enough, ((sides == 1) & usable).any(axis=0), enough & line.flat, platform
        ),
        number=number.astype(np.int8),
        age=np.where(enough, oldest, np.nan),
        distance=_span_distance(calibrated, usable, true, enough),
        residual=np.where(enough, residual, np.nan),
        uncertainty=np.where(enough, from_standards, np.nan),
    )


def _status(
    enough: np.ndarray, one_sided: np.ndarray, flat: np.ndarray, platform: Platform
) -> np.ndarray:
    two, one = CALIBRATION_STATUS["two_sided"], CALIBRATION_STATUS["one_sided"]
    uncalibrated = CALIBRATION_STATUS["not_calibrated"]
    if platform.calibration.allow_uncalibrated:
        uncalibrated = CALIBRATION_STATUS["uncalibrated_accepted"]
    status = np.where(enough, np.where(one_sided, one, two), uncalibrated)
    status[flat] = CALIBRATION_STATUS["uncalibrated_accepted"]
    return status.astype(np.int8)


def _at_samples(
    seconds: np.ndarray,
    runs: StandardRuns,
    platform: Platform,
    since: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return reading, hours to a run, and sides for each standard and sample."""
    shape = (len(platform.standards), seconds.size)
    at, ages = np.full(shape, np.nan), np.full(shape, np.nan)
    sides = np.zeros(shape)
    limit = platform.calibration.max_age_hours * HOUR_SECONDS
    for index in range(shape[0]):
        selected = (runs.standard == index) & runs.used
        times, values = runs.seconds[selected], runs.measured[selected]
        if not times.size:
            continue
        after = np.searchsorted(times, seconds, side="right")
        before = np.clip(after - 1, 0, times.size - 1)
        later = np.clip(after, 0, times.size - 1)
        elapsed, remaining = seconds - times[before], times[later] - seconds
        left = (after > 0) & (elapsed <= limit)
        right = (after < times.size) & (remaining <= limit)
        span = np.where(elapsed + remaining > 0, elapsed + remaining, 1.0)
        interpolated = values[before] + (values[later] - values[before]) * (
            elapsed / span
        )
        value = np.where(left, values[before], np.where(right, values[later], np.nan))
        at[index] = np.where(left & right, interpolated, value)
        # A sample at the exact time of a run has that run on both sides.
        sides[index] = np.where(left & (elapsed == 0), 2, left.astype(int) + right)
        nearest = np.minimum(
            np.where(left, elapsed, np.inf), np.where(right, remaining, np.inf)
        )
        ages[index] = nearest / HOUR_SECONDS
    if since is not None:
        at[_not_in_force(platform, since, seconds)] = np.nan
    return at, ages, sides


def _not_in_force(
    platform: Platform, since: np.ndarray, seconds: np.ndarray
) -> np.ndarray:
    """Return standards that are not in use yet or were replaced by a newer one."""
    out = np.zeros((since.size, seconds.size), dtype=bool)
    labels = [s.run.strip().upper() for s in platform.standards]
    for i, label in enumerate(labels):
        later = [
            since[j] for j, x in enumerate(labels) if x == label and since[j] > since[i]
        ]
        out[i] = (seconds < since[i]) | (seconds >= min(later, default=np.inf))
    return out


def _least_squares(
    at: np.ndarray, usable: np.ndarray, true: np.ndarray, number: np.ndarray
) -> _Line:
    """Fit true on measured at every sample; sums are free of NaN."""
    m = np.where(usable, at, 0.0)
    y = np.where(usable, true[:, None], 0.0)
    n = np.maximum(number, 1)
    centre, middle = m.sum(axis=0) / n, y.sum(axis=0) / n
    dm = np.where(usable, m - centre, 0.0)
    spread = (dm**2).sum(axis=0)
    highest = np.where(usable, y, -np.inf).max(axis=0, initial=-np.inf)
    lowest = np.where(usable, y, np.inf).min(axis=0, initial=np.inf)
    flat = (spread < 1e-9) | (highest - lowest < LEAST_SPAN)
    slope = np.where(flat, 1.0, (dm * y).sum(axis=0) / np.where(flat, 1.0, spread))
    spread = np.where(flat, np.inf, spread)
    return _Line(slope, middle - slope * centre, centre, spread, flat)


def _piecewise(
    readings: np.ndarray,
    at: np.ndarray,
    true: np.ndarray,
    line: _Line,
) -> _Line:
    """Return the line through the two standards around a reading; ends extrapolate."""
    slope, intercept = line.slope, line.intercept
    order = np.argsort(np.where(np.isnan(at), np.inf, at), axis=0)
    m = np.take_along_axis(at, order, axis=0)
    y = np.take_along_axis(np.broadcast_to(true[:, None], at.shape), order, axis=0)
    for i in range(at.shape[0] - 1):
        usable = np.isfinite(m[i]) & np.isfinite(m[i + 1]) & (m[i + 1] > m[i])
        usable &= ~line.flat
        rows = usable & ((readings >= m[i]) | (i == 0))
        rise = np.where(rows, m[i + 1] - m[i], 1.0)
        piece_slope = (y[i + 1] - y[i]) / rise
        slope = np.where(rows, piece_slope, slope)
        intercept = np.where(rows, y[i] - piece_slope * m[i], intercept)
    return replace(line, slope=slope, intercept=intercept)


def _span_distance(
    calibrated: np.ndarray, usable: np.ndarray, true: np.ndarray, enough: np.ndarray
) -> np.ndarray:
    counts = usable & (true > 0.0)[:, None]
    low = np.where(counts, true[:, None], np.inf).min(axis=0, initial=np.inf)
    high = np.where(counts, true[:, None], -np.inf).max(axis=0, initial=-np.inf)
    with np.errstate(invalid="ignore"):  # without standards the span is empty
        distance = np.maximum(calibrated - high, 0.0) - np.maximum(
            low - calibrated, 0.0
        )
    return np.where(enough, distance, np.nan)


def _residual_and_uncertainty(
    readings: np.ndarray,
    at: np.ndarray,
    usable: np.ndarray,
    line: _Line,
    platform: Platform,
    noise: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the residual of the fit and the uncertainty due to the standards."""
    true = np.array([s.xCO2 for s in platform.standards])[:, None]
    certificate = np.array([s.sigma for s in platform.standards])[:, None]
    number = np.maximum(usable.sum(axis=0), 1)
    deviation = np.where(usable, line.intercept + line.slope * at - true, 0.0)
    freedom = np.maximum(number - 2, 1)
    residual = np.sqrt((deviation**2).sum(axis=0) / freedom)
    leverage = (readings - line.centre) * np.where(usable, at - line.centre, 0.0)
    weight = 1.0 / number + leverage / line.spread
    variance = certificate**2 + (line.slope * noise) ** 2
    total = np.where(usable, weight**2 * variance, 0.0).sum(axis=0)
    by_slope = np.where(line.flat, _UNKNOWN_SLOPE * (readings - line.centre), 0.0)
    return residual, np.sqrt(total + by_slope**2)
