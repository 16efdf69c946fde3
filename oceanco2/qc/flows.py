"""Checks of water and gas flows against their running medians."""

import numpy as np

from oceanco2.qc.check import register
from oceanco2.qc.running import running_median
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

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
