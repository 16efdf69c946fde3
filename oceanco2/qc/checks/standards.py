"""Checks of gas standards against their history: steps, drift, scatter, long gaps.

Along ``standard_run``: values are mean readings of the runs, seconds their times. The
flag of a run applies to the samples that it calibrates.
"""

import numpy as np
import xarray as xr

from oceanco2.dates import DAY_SECONDS, HOUR_SECONDS
from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import (
    NOTED,
    Count,
    Derived,
    Limits,
    Number,
    Options,
    good,
    register,
)
from oceanco2.qc.limits import RUNS
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_BY_DEFAULT: Limits = {"default": {RUNS: {}}}
_PIERROT = "Pierrot et al. (2009), doi:10.1016/j.dsr2.2008.12.005"


def _per_standard(
    values: np.ndarray, which: np.ndarray, used: np.ndarray
) -> list[np.ndarray]:
    """Return the valid runs of each standard, in order."""
    valid = np.isfinite(values) & (used > 0)
    return [np.flatnonzero(valid & (which == k)) for k in np.unique(which[valid])]


@register(
    "standard_rejected",
    bit=39,
    description="a run of a standard that is not a plausible reading of its gas",
    reference="robust test against the running history of the standard, before any fit",
    needs=("standard_run_true", "standard_run_used"),
    tables=(RUNS,),
    limits=_BY_DEFAULT,
    affects="nothing",
)
def check_standard_rejected(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    standard_run_true: np.ndarray,
    standard_run_used: np.ndarray,
) -> np.ndarray:
    """Flag the runs that the calibration did not use."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    flags[(standard_run_used == 0) & (standard_run_true > 0.0)] = BAD
    return flags


class StandardStepOptions(Options):
    """Options of the check ``standard_step``."""

    questionable: Number = 3.0
    bad: Number = 20.0
    max_gap_hours: Number = 12.0


@register(
    "standard_step",
    bit=40,
    description=(
        "the reading of a standard changed since its last run: the analyser stepped"
    ),
    reference=f"standards every three hours follow a slow analyser: {_PIERROT}",
    needs=("standard_run_standard", "standard_run_used", "standard_run_true"),
    tables=(RUNS,),
    limits=_BY_DEFAULT,
    affects="since_last",
    all_runs=True,
    options=StandardStepOptions,
)
def check_standard_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    standard_run_standard: np.ndarray,
    standard_run_used: np.ndarray,
    standard_run_true: np.ndarray,
    questionable: float,
    bad: float,
    max_gap_hours: float,
) -> np.ndarray:
    """Flag runs whose reading changed since the previous run of the standard."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    change = np.zeros(values.shape)
    isolated = standard_run_used == 0
    for runs in _per_standard(values, standard_run_standard, np.ones_like(isolated)):
        step = np.diff(values[runs])
        step[np.diff(seconds[runs]) > HOUR_SECONDS * max_gap_hours] = 0.0
        change[runs[1:]] = step
        # After an unused run, that run was off, not this one.
        isolated[runs[1:]] |= standard_run_used[runs[:-1]] == 0
    shared = _has_neighbour(np.sign(change) * (np.abs(change) > questionable), seconds)
    rejected_together = _has_neighbour(
        1.0 * (standard_run_used == 0) * (standard_run_true > 0.0), seconds
    )
    size = np.where(isolated & ~shared, 0.0, np.abs(change))
    flags[(size > questionable) | rejected_together] = QUESTIONABLE
    flags[size > bad] = BAD
    return flags


def _has_neighbour(signs: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Return the runs that have another with the same sign within an hour."""
    matched = np.zeros(signs.shape, dtype=bool)
    for sign in (-1.0, 1.0):
        runs = np.flatnonzero(signs == sign)
        near = np.diff(seconds[runs]) <= HOUR_SECONDS
        matched[runs[1:][near]] = True
        matched[runs[:-1][near]] = True
    return matched


class StandardDriftOptions(Options):
    """Options of the check ``standard_drift``."""

    per_day: Number = 1.0
    least: Number = 0.5
    hours: Number = 24.0


@register(
    "standard_drift",
    bit=41,
    description=(
        "a standard drifts against the others, because of its gas or regulator"
    ),
    reference=(
        "residuals of the fit must not have a trend; half of the 2 uatm of SOCAT a day"
    ),
    needs=("standard_run_standard", "standard_run_used", "standard_run_residual"),
    tables=(RUNS,),
    limits=_BY_DEFAULT,
    options=StandardDriftOptions,
)
def check_standard_drift(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    standard_run_standard: np.ndarray,
    standard_run_used: np.ndarray,
    standard_run_residual: np.ndarray,
    per_day: float,
    least: float,
    hours: float,
) -> np.ndarray:
    """Flag runs of a standard that drifts against the fit through all of them."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    for runs in _per_standard(
        standard_run_residual, standard_run_standard, standard_run_used
    ):
        slope, error, span = _trend(
            seconds[runs] / DAY_SECONDS, standard_run_residual[runs], hours / 48.0
        )
        steep = (np.abs(slope) > per_day) & (np.abs(slope) * span > least)
        flags[runs[steep & (np.abs(slope) > 4.0 * error)]] = QUESTIONABLE
    return flags


def _trend(
    t: np.ndarray, y: np.ndarray, reach: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit a line in a window around each run: slope, its error, days between ends."""
    first = np.searchsorted(t, t - reach, side="left")
    last = np.searchsorted(t, t + reach, side="right")

    def window(z: np.ndarray) -> np.ndarray:
        total = np.concatenate([[0.0], np.cumsum(z)])
        return np.asarray(total[last] - total[first])

    n = (last - first).astype(float)
    u, v = t - t.mean(), y - y.mean()
    st, sy = window(u), window(v)
    stt, sty = window(u * u) - st**2 / n, window(u * v) - st * sy / n
    syy = window(v * v) - sy**2 / n
    few = (n < 4) | (stt <= 1e-12)
    stt = np.where(few, 1.0, stt)
    slope = np.where(few, 0.0, sty / stt)
    rest = np.maximum(syy - slope * sty, 0.0)
    error = np.sqrt(rest / np.maximum(n - 2.0, 1.0) / stt)
    return slope, error, t[last - 1] - t[first]


class StandardScatterOptions(Options):
    """Options of the check ``standard_scatter``."""

    questionable: Number = 1.0
    bad: Number = 5.0


@register(
    "standard_scatter",
    bit=42,
    description="readings within a run of a standard scatter: not flushed, or a leak",
    reference=_PIERROT,
    needs=("standard_run_std", "standard_run_count"),
    tables=(RUNS,),
    limits=_BY_DEFAULT,
    options=StandardScatterOptions,
)
def check_standard_scatter(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    standard_run_std: np.ndarray,
    standard_run_count: np.ndarray,
    questionable: float,
    bad: float,
) -> np.ndarray:
    """Flag runs of standards whose readings scatter."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        flags[(standard_run_std > questionable) & (standard_run_count > 1)] = (
            QUESTIONABLE
        )
        flags[(standard_run_std > bad) & (standard_run_count > 1)] = BAD
    return flags


class StandardGapOptions(Options):
    """Options of the check ``standard_gap``."""

    usual: Number = 1.6
    hours: Number = 8.0
    samples: Count = 15


@register(
    "standard_gap",
    bit=43,
    description=(
        "a set of standards is missing: the gap since the last is longer than usual"
    ),
    reference=f"standards every three hours: {_PIERROT}",
    needs=("standard_run_standard", "standard_run_used"),
    tables=(RUNS,),
    limits=_BY_DEFAULT,
    affects="since_last",
    options=StandardGapOptions,
)
def check_standard_gap(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    standard_run_standard: np.ndarray,
    standard_run_used: np.ndarray,
    usual: float,
    hours: float,
    samples: int,
) -> np.ndarray:
    """Flag runs that come late."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    for runs in _per_standard(values, standard_run_standard, standard_run_used):
        if runs.size < 4:
            continue
        gap = np.diff(seconds[runs])
        typical_gap = running_median(gap, gap, samples=samples, sparse=True)[0]
        late = gap > usual * typical_gap
        flags[runs[1:][late]] = NOTED
        flags[runs[1:][late & (gap > HOUR_SECONDS * hours)]] = QUESTIONABLE
    return flags


def samples_of_runs(
    test: str,
    flagged: np.ndarray,
    which: np.ndarray,
    used: np.ndarray,
    run_seconds: np.ndarray,
    seconds: np.ndarray,
) -> np.ndarray:
    """Return the samples that flagged runs calibrate."""
    hit = np.zeros(seconds.size, dtype=bool)
    check = CHECKS[test]
    if check.affects == "nothing":
        return hit
    counts = np.ones_like(used) if check.all_runs else used
    for runs in _per_standard(run_seconds, which, counts):
        flagged_runs = flagged[runs]
        # Interval k lies before run k; the last one after all of them.
        interval = np.append(flagged_runs, False)
        if check.affects == "both":
            interval[1:] |= flagged_runs
        hit |= interval[np.searchsorted(run_seconds[runs], seconds, side="left")]
    return hit


_REFERENCE = "rules of the ICOS Ocean Thematic Centre"
_RUN_VARIABLES = (
    *("standard_run_time", "standard_run_standard"),
    *("standard_run_used", "standard_run_true"),
)


def _count_standards(ds: xr.Dataset, before: bool) -> np.ndarray:
    """Count the non-zero standards that have a usable run on one side."""
    time = ds["time"].to_numpy()
    times, which, used, true = (ds[name].to_numpy() for name in _RUN_VARIABLES)
    count = np.zeros(time.shape, dtype=np.int64)
    usable = (used == 1) & (true > 0.0)
    for standard in np.unique(which[usable]):
        run_times = times[usable & (which == standard)]
        count += (time >= run_times.min()) if before else (time <= run_times.max())
    return count


def _before(ds: xr.Dataset) -> np.ndarray:
    return _count_standards(ds, True)


def _after(ds: xr.Dataset) -> np.ndarray:
    return _count_standards(ds, False)


def _concentration(ds: xr.Dataset) -> np.ndarray:
    concentrations = np.full(128, np.nan)
    concentrations[ds["standard_run_standard"].to_numpy()] = ds[
        "standard_run_true"
    ].to_numpy()
    row = ds["standard"].to_numpy().astype(np.int64)
    return np.where(row >= 0, concentrations[np.maximum(row, 0)], np.nan)


class MissingStandardsOptions(Options):
    """Options of the check ``missing_standards``."""

    minimum: Number = 2.0


@register(
    "missing_standards",
    bit=50,
    description="fewer usable gas standards before or after than a calibration needs",
    reference=_REFERENCE,
    needs=("standards_before", "standards_after"),
    derived={
        "standards_before": Derived(_RUN_VARIABLES, _before),
        "standards_after": Derived(_RUN_VARIABLES, _after),
    },
    options=MissingStandardsOptions,
    limits={
        "quince-28": {
            "xCO2_water_Tequ_dry": {"minimum": 2.0},
            "xCO2_atm_dry_actual": {"minimum": 2.0},
        }
    },
    tested="calibration_standards",
)
def check_missing_standards(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    standards_before: np.ndarray,
    standards_after: np.ndarray,
    minimum: float,
) -> np.ndarray:
    """Flag values with too few standards on either side."""
    flags = good(values)
    few = np.minimum(standards_before, standards_after) < minimum
    flags[few & ~np.isnan(values)] = BAD
    return flags


class StandardOffsetOptions(Options):
    """Options of the check ``standard_offset``."""

    limit: Number = 4.0


@register(
    "standard_offset",
    bit=51,
    description="a gas standard reads far from its concentration",
    reference=_REFERENCE,
    needs=("standard_concentration",),
    tables=("xCO2",),
    derived={
        "standard_concentration": Derived(
            ("standard", "standard_run_standard", "standard_run_true"), _concentration
        )
    },
    options=StandardOffsetOptions,
    limits={"quince-28": {"xCO2": {"limit": 4.0}}},
)
def check_standard_offset(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    standard_concentration: np.ndarray,
    limit: float,
) -> np.ndarray:
    """Flag readings of standards that are off."""
    flags = good(values)
    flags[np.abs(values - standard_concentration) > limit] = BAD
    return flags


class IsotopeSumOptions(Options):
    """Options of the check ``isotope_sum``."""

    limit: Number = 0.001


@register(
    "isotope_sum",
    bit=52,
    description="12CO2 and 13CO2 do not add up to the reported sum",
    reference=_REFERENCE,
    needs=("x13CO2", "xCO2"),
    tables=("x12CO2",),
    options=IsotopeSumOptions,
    limits={"quince-28": {"x12CO2": {"limit": 0.001}}},
)
def check_isotope_sum(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    x13CO2: np.ndarray,
    xCO2: np.ndarray,
    limit: float,
) -> np.ndarray:
    """Flag two isotopes that do not add up to the total."""
    flags = good(values)
    flags[np.abs(xCO2 - (values + x13CO2)) > limit] = BAD
    return flags
