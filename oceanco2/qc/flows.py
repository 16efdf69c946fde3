"""Flows of water and gas held against their own usual."""

import numpy as np

from oceanco2.qc.checks import register
from oceanco2.qc.running import running_median
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_MOST = 145  # readings in the running median: a day of them


@register(
    "flow_drop",
    "a flow falls below a share of what it usually is in such a run",
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
    kinds = np.zeros(values.shape, dtype=np.int8) if run_type is None else run_type
    for kind in np.flatnonzero(np.bincount(kinds)):
        rows = np.flatnonzero((kinds == kind) & np.isfinite(values))
        x = values[rows]
        if not rows.size or x.min() >= max(questionable, bad) * x.max():
            continue  # no median is above the highest
        tens = time[rows].astype("datetime64[s]").astype(np.int64) // 600
        usual = _usual(x, seconds[rows], tens, hours)
        some = usual > 0.0
        flags[rows[some & (x < questionable * usual)]] = QUESTIONABLE
        flags[rows[some & (x < bad * usual)]] = BAD
    return flags


def _usual(x: np.ndarray, t: np.ndarray, tens: np.ndarray, hours: float) -> np.ndarray:
    """Find the running median of one reading in each ten minutes of the clock."""
    first = np.diff(tens, prepend=tens[0] - 1) != 0
    usual = running_median(x[first], t[first], samples=_MOST, minutes=60.0 * hours)[0]
    return np.asarray(usual[np.cumsum(first) - 1])
