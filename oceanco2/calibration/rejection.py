"""Runs of standards that cannot be readings of their gas."""

from typing import TYPE_CHECKING

import numpy as np

from oceanco2.platforms import Platform

if TYPE_CHECKING:
    from oceanco2.calibration.standards import StandardRuns

_NEIGHBOURS = 2  # runs on either side that a run of the same standard is held against
_SET_SECONDS = 1800.0  # standards of one set are measured within so much


def plausible(runs: "StandardRuns", platform: Platform) -> np.ndarray:
    """Tell which runs can be readings of their gas."""
    used = np.isfinite(runs.measured)
    apart = np.full(used.shape, np.nan)
    limit = np.full(used.shape, np.inf)
    for index, standard in enumerate(platform.standards):
        mine = np.flatnonzero((runs.standard == index) & used)
        if not mine.size:
            continue
        values = runs.measured[mine]
        off = np.abs(values - standard.xCO2) > max(0.2 * standard.xCO2, 50.0)
        used[mine[off]] = False
        apart[mine] = values - _running_median(values)
        limit[mine] = max(8.0 * 1.4826 * np.median(np.abs(apart[mine])), 3.0)
    odd = used & (np.abs(apart) > limit)
    alone = [
        i for i in np.flatnonzero(odd) if not _shared(int(i), runs, apart, limit, used)
    ]
    used[alone] = False
    return used


def _shared(
    run: int,
    runs: "StandardRuns",
    apart: np.ndarray,
    limit: np.ndarray,
    used: np.ndarray,
) -> bool:
    """Tell whether the other standards of the set have moved as this one has."""
    near = np.abs(runs.seconds - runs.seconds[run]) <= _SET_SECONDS
    others = apart[near & used & (runs.standard != runs.standard[run])]
    if not others.size:
        return False
    theirs, mine = float(np.median(others)), float(apart[run])
    # An analyser that gained or lost sensitivity moves them in proportion.
    slack = max(float(limit[run]), 0.5 * abs(mine), 0.5 * abs(theirs))
    return abs(theirs - mine) <= slack


def _running_median(values: np.ndarray) -> np.ndarray:
    padded = np.pad(values, _NEIGHBOURS, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1)
    return np.nanmedian(windows, axis=1)
