"""Checks of any variable along time: range, spikes, outliers, steps, stuck values."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import (
    Count,
    Number,
    Options,
    Pair,
    Series,
    as_floats,
    good,
    register,
)
from oceanco2.qc.limits import (
    QUINCE_CO2,
    QUINCE_SERIES,
    QUINCE_TEMPERATURES,
    for_all,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE, RUN_TYPES


class RangeOptions(Options):
    """Options of the check ``range``."""

    questionable: Pair = (-np.inf, np.inf)
    bad: Pair = (-np.inf, np.inf)

    @classmethod
    def validate_order(cls, options: Mapping[str, Any]) -> None:
        """Raise OptionError without a limit, or if bad does not enclose the other."""
        if not options:
            raise OptionError(
                "needs a limit: 'questionable', 'bad', or false to disable it"
            )
        low, high = options.get("questionable"), options.get("bad")
        if low and high and (high[0] > low[0] or high[1] < low[1]):
            raise OptionError(
                f"'bad' must enclose 'questionable': {list(high)}, {list(low)}"
            )


_QUINCE_RANGES = {
    **dict.fromkeys(QUINCE_TEMPERATURES, ((-5.0, 40.0), (-10.0, 50.0))),
    "salinity": ((0.0, 42.0), (0.0, 50.0)),
    "P_equ": ((-3.0, 1100.0), (-5.0, 1250.0)),
    "P_atm": ((900.0, 1100.0), (750.0, 1250.0)),
    **dict.fromkeys(QUINCE_CO2, ((80.0, 1200.0), (0.0, 50000.0))),
}


def _levels(ranges: Mapping[str, tuple[Pair, Pair]]) -> dict[str, dict[str, Pair]]:
    return {n: {"questionable": low, "bad": high} for n, (low, high) in ranges.items()}


@register(
    "range",
    bit=2,
    description="value outside one of two nested ranges",
    reference="thresholds of the ICOS Ocean Thematic Centre",
    options=RangeOptions,
    limits={
        "quince-28": {
            **_levels(_QUINCE_RANGES),
            "xH2O": {"bad": (-10.0, 100.0)},
            "zero_count": {"bad": (25000.0, 100000.0)},
        },
    },
    impossible=True,
)
def check_range(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    questionable: Pair,
    bad: Pair,
) -> np.ndarray:
    """Flag values outside two nested ranges."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = (float(limit) for limit in (*questionable, *bad))
    _kernels.ranges(as_floats(values), *limits, flags)
    return flags


class WarmingOptions(Options):
    """Options of the check ``warming``."""

    questionable: Pair = (-1.0, 1.0)
    bad: Pair = (-3.0, 3.0)


@register(
    "warming",
    bit=11,
    description="equilibrator too much warmer or colder than the sea",
    reference=(
        "SOCAT, doi:10.5194/essd-8-383-2016: within 1 K for flags A and B,"
        " 3 K for C and D"
    ),
    tables=("warming",),
    options=WarmingOptions,
    limits={
        "default": {"warming": {"questionable": (-1.0, 1.0), "bad": (-3.0, 3.0)}},
        "quince-28": {"warming": {"questionable": (-1.0, 1.0), "bad": (-0.1, 3.0)}},
    },
)
def check_warming(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: Pair,
    bad: Pair,
) -> np.ndarray:
    """Flag the difference of equilibrator and sea surface temperature."""
    return check_range(values, seconds, questionable=questionable, bad=bad)


class ConstantOptions(Options):
    """Options of the check ``constant``."""

    minutes: Number = 120.0


def _measure_constant(series: Series, options: ConstantOptions) -> np.ndarray:  # noqa: ARG001
    starts = np.flatnonzero(np.diff(series.x, prepend=np.nan) != 0)
    ends = np.append(starts[1:], series.x.size) - 1
    run = np.searchsorted(starts, series.at, side="right") - 1
    return np.asarray((series.seconds[ends[run]] - series.seconds[starts[run]]) / 60.0)


@register(
    "constant",
    bit=3,
    description="the same value for longer than is plausible",
    reference="constant-value test of the ICOS Ocean Thematic Centre",
    options=ConstantOptions,
    limits={
        "quince-28": for_all(QUINCE_SERIES, minutes=120.0),
    },
    # A stuck sensor is detected later where samples are hours apart and digits few.
    kinds={"default": {"mooring": {"minutes": 2880.0}}},
    measure=_measure_constant,
    contradiction="constant",
    sentence="{:.4g} minutes",
)
def check_constant(
    values: np.ndarray, seconds: np.ndarray, *, minutes: float
) -> np.ndarray:
    """Flag a value that stays constant."""
    from oceanco2.qc import _kernels

    flags = good(values)
    _kernels.constant(as_floats(values), as_floats(seconds), float(minutes), flags)
    return flags


class GradientOptions(Options):
    """Options of the check ``gradient``."""

    limit: Number
    max_gap_minutes: Number = 60.0


def _measure_gradient(series: Series, options: GradientOptions) -> np.ndarray:  # noqa: ARG001
    rates = []
    for step in (-1, 1):
        other, times = series.neighbours(step)
        minutes = np.abs(series.seconds[series.at] - times) / 60.0
        minutes[minutes == 0] = np.nan
        rates.append(np.abs(series.x[series.at] - other) / minutes)
    return np.asarray(np.fmax(*rates))


@register(
    "gradient",
    bit=4,
    description="change per minute from the previous value above a limit",
    reference="gradient test of the ICOS Ocean Thematic Centre",
    options=GradientOptions,
    limits={
        "quince-28": {
            **for_all(QUINCE_TEMPERATURES, limit=3.0, max_gap_minutes=np.inf),
            "salinity": {"limit": 3.0, "max_gap_minutes": np.inf},
            **for_all(("P_equ", "P_atm"), limit=50.0, max_gap_minutes=np.inf),
            "xH2O": {"limit": 5.0, "max_gap_minutes": np.inf},
            **for_all(QUINCE_CO2, limit=20.0, max_gap_minutes=np.inf),
        }
    },
    measure=_measure_gradient,
    sentence="{:.4g} per minute",
)
def check_gradient(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    max_gap_minutes: float,
) -> np.ndarray:
    """Flag spikes and steps by the change per minute."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = float(limit), float(max_gap_minutes)
    _kernels.gradient(as_floats(values), as_floats(seconds), *limits, flags)
    return flags


class SpikeOptions(Options):
    """Options of the check ``spike``."""

    questionable: Number
    bad: Number
    max_gap_minutes: Number = 15.0


def _measure_spike(series: Series, options: SpikeOptions) -> np.ndarray:  # noqa: ARG001
    (left, _), (right, _) = series.neighbours(-1), series.neighbours(1)
    middle, half = (left + right) / 2.0, np.abs(right - left) / 2.0
    return np.asarray(np.abs(series.x[series.at] - middle) - half)


@register(
    "spike",
    bit=5,
    description="a single value far from both its neighbours",
    reference="spike test of QARTOD, U.S. Integrated Ocean Observing System",
    options=SpikeOptions,
    measure=_measure_spike,
    sentence="by {:.4g}",
)
def check_spike(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float,
    max_gap_minutes: float,
) -> np.ndarray:
    """Flag values that stand out on both sides; a front does not."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = float(questionable), float(bad), 60.0 * max_gap_minutes
    _kernels.spike(as_floats(values), as_floats(seconds), *limits, flags)
    return flags


class OutlierOptions(Options):
    """Options of the check ``outlier``."""

    questionable: Number
    bad: Number = np.inf
    sigma: Number = 8.0
    samples: Count = 15
    max_gap_minutes: Number = 60.0


def _measure_outlier(series: Series, options: OutlierOptions) -> np.ndarray:
    side = int(options.samples) // 2
    distance = np.full(series.at.size, np.nan)
    for i, row in enumerate(series.at):
        window = series.x[max(row - side, 0) : row + side + 1]
        distance[i] = abs(series.x[row] - np.median(window))
    return distance


@register(
    "outlier",
    bit=6,
    description="a value far from the running median around it",
    reference="Hampel, J. Am. Stat. Assoc. 69, 383-393 (1974)",
    options=OutlierOptions,
    measure=_measure_outlier,
    sentence="by {:.4g}",
)
def check_outlier(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float,
    sigma: float,
    samples: int,
    max_gap_minutes: float,
) -> np.ndarray:
    """Flag values far from the running median, in units and in robust sigmas."""
    from oceanco2.qc import _kernels

    x, t = as_floats(values), as_floats(seconds)
    present = np.isfinite(x)
    complete = present.all()
    if not complete:
        x, t = x[present], t[present]
    result = good(x)
    limits = float(questionable), float(bad), float(sigma), 60.0 * max_gap_minutes
    _kernels.outlier(x, t, int(samples) // 2, *limits, result)
    if complete:
        return result
    flags = good(values)
    flags[present] = result
    return flags


_WINDOW = 145  # readings in the running median: a day of them


class FlowDropOptions(Options):
    """Options of the check ``flow_drop``: shares of the median, bad is the lower."""

    falling = True
    questionable: Number = 0.6
    bad: Number = 0.1
    hours: Number = 12.0


@register(
    "flow_drop",
    bit=44,
    description=(
        "a flow falls below a share of its running median in runs of the same type"
    ),
    reference=(
        "running median by run type; limits per run type: flows differ between them"
    ),
    tables=("gas_flow", "water_flow", "vent_flow"),
    needs=("time",),
    wants=("run_type",),
    options=FlowDropOptions,
    limits={"default": for_all(("gas_flow", "water_flow"))},
)
def check_flow_drop(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    time: np.ndarray,
    run_type: np.ndarray | None = None,
    questionable: float,
    bad: float,
    hours: float,
) -> np.ndarray:
    """Flag a flow that drops or stops."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    run_types = np.zeros(values.shape, dtype=np.int8) if run_type is None else run_type
    for code in np.flatnonzero(np.bincount(run_types)):
        rows = np.flatnonzero((run_types == code) & np.isfinite(values))
        x = values[rows]
        if not rows.size or x.min() >= max(questionable, bad) * x.max():
            continue  # the median cannot exceed the maximum
        ten_minutes = time[rows].astype("datetime64[s]").astype(np.int64) // 600
        median = _running_flow(x, seconds[rows], ten_minutes, hours)
        positive = median > 0.0
        flags[rows[positive & (x < questionable * median)]] = QUESTIONABLE
        flags[rows[positive & (x < bad * median)]] = BAD
    return flags


def _running_flow(
    x: np.ndarray, t: np.ndarray, ten_minutes: np.ndarray, hours: float
) -> np.ndarray:
    """Return the running median of one reading per ten minutes."""
    first = np.diff(ten_minutes, prepend=ten_minutes[0] - 1) != 0
    median = running_median(x[first], t[first], samples=_WINDOW, minutes=60.0 * hours)[
        0
    ]
    return np.asarray(median[np.cumsum(first) - 1])


class DeviationOptions(Options):
    """Options of the check ``deviation``."""

    sigma: Number = 5.0


def _measure_deviation(series: Series, options: DeviationOptions) -> np.ndarray:  # noqa: ARG001
    return np.asarray(np.abs(series.x[series.at] - series.x.mean()) / series.x.std())


@register(
    "deviation",
    bit=49,
    description="a value many standard deviations from the mean of the series",
    reference="outlier test of the ICOS Ocean Thematic Centre",
    options=DeviationOptions,
    limits={"quince-28": for_all(QUINCE_SERIES, sigma=5.0)},
    measure=_measure_deviation,
    sentence="{:.4g} standard deviations",
)
def check_deviation(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    sigma: float,
) -> np.ndarray:
    """Flag values far from the mean of all."""
    from oceanco2.qc import _kernels

    flags = good(values)
    floats = np.ascontiguousarray(values, dtype=np.float64)
    _kernels.deviation(floats, float(sigma), flags)
    return flags


#: The two values beside a step differ by such a share of it; a front is gradual.
_SUDDEN = (0.7, 1.5)
#: An equilibrator responds in two or three readings, an analyser steps in one.
_AT_ONCE = (0.9, 1.4)
_LEVEL = 0.35  # share of a step by which values may differ from the medians beside it
_SIDE = 3  # half the window whose medians are compared


def find_steps(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    sigma: float,
    minutes: float,
    sudden: tuple[float, float] = _SUDDEN,
) -> tuple[np.ndarray, np.ndarray]:
    """Find lasting steps between neighbours: seven values before, seven after."""
    finite = np.flatnonzero(np.isfinite(values))
    width = 2 * _SIDE + 1
    no_rows = np.zeros(0, dtype=np.intp)
    if finite.size < 2 * width:
        return no_rows, no_rows
    x, t = values[finite], seconds[finite]
    last = np.arange(width - 1, finite.size - width)  # row before a pair's gap
    candidates = last[np.abs(x[last + 1] - x[last]) > sudden[0] * limit]
    if not candidates.size:
        return no_rows, no_rows
    size, deviations, near = _fit_steps(x, t, candidates, 60.0 * minutes)
    share = (x[candidates + 1] - x[candidates] - size[1]) / np.where(
        size[0] == 0, np.nan, size[0]
    )
    is_step = near & (np.abs(size[0]) > limit)
    is_step &= (share >= sudden[0]) & (share <= sudden[1])
    is_step &= np.abs(size[0]) > sigma * 1.4826 * deviations[:, width]
    # Only one of the fourteen may be off: with more, values just go up and down.
    is_step &= deviations[:, -2] <= _LEVEL * np.abs(size[0])
    return finite[candidates[is_step]], finite[candidates[is_step] + 1]


def _fit_steps(
    x: np.ndarray, t: np.ndarray, here: np.ndarray, max_gap: float
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Fit a step on a slope to the values around each pair."""
    width = 2 * _SIDE + 1
    rows = here[:, None] + np.arange(1 - width, width + 1)
    near = np.diff(t[rows], axis=1).max(axis=1) <= max_gap
    around = x[rows]
    steps = np.diff(around, axis=1)
    slope = np.median(np.delete(steps, width - 1, axis=1), axis=1)
    middles = np.median(around.reshape(-1, 2, width), axis=2)
    line = np.repeat(middles, width, axis=1)
    line += slope[:, None] * np.tile(np.arange(-_SIDE, _SIDE + 1), 2)
    size = middles[:, 1] - middles[:, 0] - slope * width
    return (size, slope), np.sort(np.abs(around - line), axis=1), near


class StepOptions(Options):
    """Options of the check ``step``."""

    limit: Number
    sigma: Number = 8.0
    max_gap_minutes: Number = 20.0


@register(
    "step",
    bit=37,
    description="the value steps from one reading to the next and stays",
    reference=(
        "medians of seven readings before and after; weather changes pressure"
        " by less than"
        " 1 hPa in ten minutes"
    ),
    wants=("run_type",),
    options=StepOptions,
)
def check_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    run_type: np.ndarray | None = None,
    limit: float,
    sigma: float,
    max_gap_minutes: float,
) -> np.ndarray:
    """Flag lasting steps of a quantity that does not step in nature."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    before, after = find_steps(
        values, seconds, limit=limit, sigma=sigma, minutes=max_gap_minutes
    )
    if run_type is not None:
        same_type = run_type[before] == run_type[after]
        before, after = before[same_type], after[same_type]
    flags[before] = QUESTIONABLE
    flags[after] = QUESTIONABLE
    return flags


class AnalyserStepOptions(Options):
    """Options of the check ``analyser_step``."""

    limit: Number = 4.0
    sigma: Number = 8.0
    T_limit: Number = 0.06
    S_limit: Number = 0.1
    max_gap_minutes: Number = 10.0


@register(
    "analyser_step",
    bit=38,
    description=(
        "CO2 of the water steps but temperature and salinity do not; flagged"
        " until the next standards"
    ),
    reference=(
        "an equilibrator responds within minutes: Pierrot et al. (2009),"
        " doi:10.1016/j.dsr2.2008.12.005"
    ),
    needs=("T_equ", "salinity"),
    tables=("xCO2_water_Tequ_dry",),
    wants=("run_type",),
    options=AnalyserStepOptions,
    limits={"default": {"xCO2_water_Tequ_dry": {}}},
)
def check_analyser_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    T_equ: np.ndarray,
    salinity: np.ndarray,
    run_type: np.ndarray | None = None,
    limit: float,
    sigma: float,
    T_limit: float,
    S_limit: float,
    max_gap_minutes: float,
) -> np.ndarray:
    """Flag readings of an analyser between a step and its next gas standards."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    before, after = find_steps(
        values,
        seconds,
        limit=limit,
        sigma=sigma,
        minutes=max_gap_minutes,
        sudden=_AT_ONCE,
    )
    finite = np.flatnonzero(np.isfinite(values))
    ends = np.append(
        finite[1:][np.diff(seconds[finite]) > 60.0 * max_gap_minutes], values.size
    )
    if run_type is not None:
        ends = np.union1d(ends, np.flatnonzero(run_type == RUN_TYPES["standard"]))
    steady = _is_steady(T_equ[finite], np.searchsorted(finite, before), T_limit)
    steady &= _is_steady(salinity[finite], np.searchsorted(finite, before), S_limit)
    # With standards in between, both sides are calibrated.
    steady &= np.searchsorted(ends, before) == np.searchsorted(ends, after)
    _flag_until(ends, after[steady], flags)
    flags[~np.isfinite(values)] = GOOD
    return flags


def _is_steady(water: np.ndarray, here: np.ndarray, limit: float) -> np.ndarray:
    """Return where water is known and does not step."""
    if not here.size or not np.nanmax(water, initial=-99) > np.nanmin(
        water, initial=99
    ):
        return np.zeros(here.size, dtype=bool)
    step = _fit_steps(water, np.zeros(water.size), here, np.inf)[0][0]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(step) <= limit)


def _flag_until(ends: np.ndarray, starts: np.ndarray, flags: np.ndarray) -> None:
    """Flag from each step to the next end, or to a step back before it."""
    while starts.size:
        end = ends[np.searchsorted(ends, starts[0], side="right")]
        back = starts[(starts > starts[0]) & (starts < end)]
        end = back[0] if back.size else end
        flags[starts[0] : end] = QUESTIONABLE
        starts = starts[starts >= end + bool(back.size)]
