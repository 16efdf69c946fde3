"""Statistics of the warming between intake and equilibrator."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.dates import HOUR


@dataclass(frozen=True, slots=True)
class Warming:
    """The warming of a data set: values, hourly medians, rates, distances from them."""

    values: np.ndarray
    hourly: np.ndarray
    rates: np.ndarray
    deviations: np.ndarray

    def share_above(self, limit: float) -> float:
        """Return the share of warming or cooling beyond a limit."""
        return float((np.abs(self.values) > limit).mean())

    def numbers(self) -> dict[str, float | None]:
        """Return the statistics by name."""
        rates = np.abs(self.rates)
        return {
            "minimum": float(self.values.min()),
            "median": float(np.median(self.values)),
            "maximum": float(self.values.max()),
            "standard_deviation": float(self.values.std()),
            "share_above_1": self.share_above(1.0),
            "share_above_3": self.share_above(3.0),
            "share_cooling": float((self.values < -0.1).mean()),
            "share_apart_0.3": float((np.abs(self.deviations) > 0.3).mean()),
            "rate_median": float(np.median(rates)) if rates.size else None,
            "rate_95_percent": float(np.quantile(rates, 0.95)) if rates.size else None,
            "rate_maximum": float(rates.max()) if rates.size else None,
        }


def warming_of(ds: xr.Dataset, rows: np.ndarray) -> Warming | None:
    """Describe the warming of some samples."""
    if "T_equ" not in ds or "SST" not in ds:
        return None
    values = (ds["T_equ"] - ds["SST"]).to_numpy()
    time = ds["time"].to_numpy()
    finite = np.flatnonzero(rows & np.isfinite(values) & ~np.isnat(time))
    if not finite.size:
        return None
    finite = finite[np.argsort(time[finite], kind="stable")]
    values = values[finite]
    hours = (time[finite] - time[finite[0]]) / HOUR
    hour = np.floor(hours).astype(np.int64)
    hours_with_data, group = np.unique(hour, return_inverse=True)
    hourly = _medians(values, group, hours_with_data.size)
    consecutive = np.diff(hours_with_data) == 1
    return Warming(
        values, hourly, np.diff(hourly)[consecutive], values - _around(hourly)[group]
    )


def _medians(values: np.ndarray, group: np.ndarray, size: int) -> np.ndarray:
    """Return the median of each group; groups follow each other."""
    ordered = values[np.lexsort((values, group))]
    number = np.bincount(group, minlength=size)
    first = np.cumsum(number) - number
    return 0.5 * (ordered[first + (number - 1) // 2] + ordered[first + number // 2])


def _around(hourly: np.ndarray) -> np.ndarray:
    """Return the median of the five hours around each."""
    padded = np.pad(hourly, 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 5)
    return np.asarray(np.median(windows, axis=1))
