"""The gas standards of a data set: runs, drift, residuals, gaps."""

from typing import Any

import numpy as np
import xarray as xr

_DAY = np.timedelta64(1, "D")
_HOUR = np.timedelta64(1, "h")


def number(way: Any, values: np.ndarray) -> float | None:
    """Reduce values to one number."""
    return float(way(values)) if values.size else None


def standards(ds: xr.Dataset) -> list[dict[str, Any]]:
    """Say how each gas standard behaved.

    Parameters
    ----------
    ds : xarray.Dataset
        With the variables along ``standard_run``.

    Returns
    -------
    list of dict
        For each gas ``xCO2``, ``runs``, ``used``, ``mean_difference`` (read minus
        true), ``drift`` (largest minus smallest difference), ``drift_per_day`` (slope
        of the used runs), ``residual`` (root mean square after the fit)
        [umol mol-1] and ``longest_gap_hours`` between used runs.
    """
    if not ds.sizes.get("standard_run") or "standard_run_true" not in ds:
        return []
    true = ds["standard_run_true"].to_numpy()
    used = np.ones(true.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy() > 0
    return [
        {"xCO2": float(gas)} | _of_gas(ds, true == gas, used)
        for gas in np.unique(true[np.isfinite(true)])
    ]


def _of_gas(ds: xr.Dataset, mine: np.ndarray, used: np.ndarray) -> dict[str, Any]:
    off = (ds["standard_run_measured"] - ds["standard_run_true"]).to_numpy()
    seen = off[mine & np.isfinite(off)]
    counted = mine & used & np.isfinite(off)
    # A standard that never enters the fit (zero gas) still shows the drift.
    steady = counted if counted.any() else mine & np.isfinite(off)
    out: dict[str, Any] = {
        "runs": int(mine.sum()),
        "used": int((mine & used).sum()),
        "mean_difference": number(np.mean, seen),
        "drift": number(np.ptp, seen),
    }
    when = ds["standard_run_time"].to_numpy()
    out["drift_per_day"] = _slope(when[steady], off[steady])
    if "standard_run_residual" in ds:
        left = ds["standard_run_residual"].to_numpy()[mine]
        left = left[np.isfinite(left)]
        out["residual"] = number(lambda v: np.sqrt(np.mean(v**2)), left)
    gaps = np.diff(np.sort(when[counted])) / _HOUR
    out["longest_gap_hours"] = number(np.max, gaps)
    return out


def _slope(when: np.ndarray, off: np.ndarray) -> float | None:
    if when.size < 2 or when.min() == when.max():
        return None
    days = (when - when.min()) / _DAY
    days = days - days.mean()
    return float((days * off).sum() / (days**2).sum())
