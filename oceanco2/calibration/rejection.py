"""Rejection of standard runs that are not plausible readings of their gas."""

from typing import TYPE_CHECKING

import numpy as np

from oceanco2.platforms import Platform

if TYPE_CHECKING:
    from oceanco2.calibration.standards import StandardRuns


_NEIGHBOURS = 2  # runs of the same standard on either side for the running median
_SET_SECONDS = 1800.0  # standards of one set are measured within this time


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
