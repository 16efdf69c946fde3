"""The gas standards of a data set: runs, drift, residuals, gaps."""

from typing import Any

import numpy as np
import xarray as xr

_DAY = np.timedelta64(1, "D")
_ONE_HOUR = np.timedelta64(1, "h")


def number(statistic: Any, values: np.ndarray) -> float | None:
    """Reduce values to one number."""
    return float(statistic(values)) if values.size else None


def standards(ds: xr.Dataset) -> list[dict[str, Any]]:
    """Return the statistics of each gas standard.

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
        {"xCO2": float(gas)} | _statistics_of_gas(ds, true == gas, used)
        for gas in np.unique(true[np.isfinite(true)])
    ]


def _statistics_of_gas(
    ds: xr.Dataset, rows: np.ndarray, used: np.ndarray
) -> dict[str, Any]:
    difference = (ds["standard_run_measured"] - ds["standard_run_true"]).to_numpy()
    valid = difference[rows & np.isfinite(difference)]
    in_use = rows & used & np.isfinite(difference)
    # A standard that is not used in the fit (zero gas) still shows the drift.
    for_drift = in_use if in_use.any() else rows & np.isfinite(difference)
    out: dict[str, Any] = {
        "runs": int(rows.sum()),
        "used": int((rows & used).sum()),
        "mean_difference": number(np.mean, valid),
        "drift": number(np.ptp, valid),
    }
    times = ds["standard_run_time"].to_numpy()
    out["drift_per_day"] = _slope(times[for_drift], difference[for_drift])
    if "standard_run_residual" in ds:
        residual = ds["standard_run_residual"].to_numpy()[rows]
        residual = residual[np.isfinite(residual)]
        out["residual"] = number(lambda v: np.sqrt(np.mean(v**2)), residual)
    gaps = np.diff(np.sort(times[in_use])) / _ONE_HOUR
    out["longest_gap_hours"] = number(np.max, gaps)
    return out


def _slope(times: np.ndarray, difference: np.ndarray) -> float | None:
    if times.size < 2 or times.min() == times.max():
        return None
    days = (times - times.min()) / _DAY
    days = days - days.mean()
    return float((days * difference).sum() / (days**2).sum())
