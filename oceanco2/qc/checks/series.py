"""Checks for steps: of a pressure gauge, of an analyser between its standards."""

import numpy as np

from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import Pair, good, register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE, RUN_TYPES


def _floats(array: np.ndarray) -> np.ndarray:
    """Return float64, so that each loop is compiled for one type only."""
    return np.ascontiguousarray(array, dtype=np.float64)


@register(
    "range",
    "value outside one of two nested ranges",
    "thresholds of the ICOS Ocean Thematic Centre",
)
def check_range(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    questionable: Pair = (-np.inf, np.inf),
    bad: Pair = (-np.inf, np.inf),
) -> np.ndarray:
    """Flag values outside two nested ranges."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = (float(limit) for limit in (*questionable, *bad))
    _kernels.ranges(_floats(values), *limits, flags)
    return flags


@register(
    "warming",
    "equilibrator too much warmer or colder than the sea",
    "SOCAT, doi:10.5194/essd-8-383-2016: within 1 K for flags A and B, 3 K for C and D",
    table="warming",
)
def check_warming(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: Pair = (-1.0, 1.0),
    bad: Pair = (-3.0, 3.0),
) -> np.ndarray:
    """Flag the difference of equilibrator and sea surface temperature."""
    return check_range(values, seconds, questionable=questionable, bad=bad)


@register(
    "constant",
    "the same value for longer than is plausible",
    "constant-value test of the ICOS Ocean Thematic Centre",
)
def check_constant(
    values: np.ndarray, seconds: np.ndarray, *, minutes: float = 120.0
) -> np.ndarray:
    """Flag a value that stays constant."""
    from oceanco2.qc import _kernels

    flags = good(values)
    _kernels.constant(_floats(values), _floats(seconds), float(minutes), flags)
    return flags


@register(
    "gradient",
    "change per minute from the previous value above a limit",
    "gradient test of the ICOS Ocean Thematic Centre",
)
def check_gradient(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    max_gap_minutes: float = 60.0,
) -> np.ndarray:
    """Flag spikes and steps by the change per minute."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = float(limit), float(max_gap_minutes)
    _kernels.gradient(_floats(values), _floats(seconds), *limits, flags)
    return flags


@register(
    "spike",
    "a single value far from both its neighbours",
    "spike test of QARTOD, U.S. Integrated Ocean Observing System",
)
def check_spike(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float,
    max_gap_minutes: float = 15.0,
) -> np.ndarray:
    """Flag values that stand out on both sides; a front does not."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = float(questionable), float(bad), 60.0 * max_gap_minutes
    _kernels.spike(_floats(values), _floats(seconds), *limits, flags)
    return flags


@register(
    "outlier",
    "a value far from the running median around it",
    "Hampel, J. Am. Stat. Assoc. 69, 383-393 (1974)",
)
def check_outlier(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float = np.inf,
    sigma: float = 8.0,
    samples: int = 15,
    max_gap_minutes: float = 60.0,
) -> np.ndarray:
    """Flag values far from the running median, in units and in robust sigmas."""
    from oceanco2.qc import _kernels

    x, t = _floats(values), _floats(seconds)
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


@register(
    "flow_drop",
    "a flow falls below a share of its running median in runs of the same type",
    "running median by run type; limits per run type: flows differ between them",
    table=("gas_flow", "water_flow", "vent_flow"),
    needs=("time",),
    wants=("run_type",),
)
def check_flow_drop(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    time: np.ndarray,
    run_type: np.ndarray | None = None,
    questionable: float = 0.6,
    bad: float = 0.1,
    hours: float = 12.0,
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


@register(
    "deviation",
    "a value far from the mean of the whole series, in its standard deviations",
    "outlier test of the ICOS Ocean Thematic Centre",
)
def check_deviation(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    sigma: float = 5.0,
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


@register(
    "step",
    "the value steps from one reading to the next and stays",
    "medians of seven readings before and after; weather changes pressure by less than"
    " 1 hPa in ten minutes",
    wants=("run_type",),
)
def check_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    run_type: np.ndarray | None = None,
    limit: float,
    sigma: float = 8.0,
    max_gap_minutes: float = 20.0,
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


@register(
    "analyser_step",
    "CO2 of the water steps but temperature and salinity do not; until next standards",
    "an equilibrator answers in minutes: Pierrot et al. (2009),"
    " doi:10.1016/j.dsr2.2008.12.005",
    needs=("T_equ", "salinity"),
    table="xCO2_water_Tequ_dry",
    wants=("run_type",),
)
def check_analyser_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    T_equ: np.ndarray,
    salinity: np.ndarray,
    run_type: np.ndarray | None = None,
    limit: float = 4.0,
    sigma: float = 8.0,
    T_limit: float = 0.06,
    S_limit: float = 0.1,
    max_gap_minutes: float = 10.0,
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
        end = ends[np.searchsorted(ends, starts[0])]
        back = starts[(starts > starts[0]) & (starts < end)]
        end = back[0] if back.size else end
        flags[starts[0] : end] = QUESTIONABLE
        starts = starts[starts >= end + bool(back.size)]
