"""Groups of air samples, between which air is interpolated to the water samples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.vocabulary import GOOD

#: Measured air, and the same interpolated to the times of the water samples.
MEASURED, INTERPOLATED = "xCO2_atm_dry_actual", "xCO2_atm_dry_interp"
#: Attribute ``method`` of air that was interpolated here, not delivered.
METHOD = "linear in time between groups of air measurements"


@dataclass(frozen=True, slots=True)
class AirGroups:
    """Sequences of air measurements, in the order of the rows."""

    rows: np.ndarray
    starts: np.ndarray
    centres: np.ndarray

    def medians(self, values: np.ndarray) -> np.ndarray:
        """Return the median of each group."""
        return _by_group(np.median, values[self.rows], self.starts)

    def around(self, seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find the groups that linear interpolation uses.

        Examples
        --------
        >>> import numpy as np
        >>> groups = AirGroups(np.arange(2), np.arange(2), np.array([10.0, 20.0]))
        >>> before, after = groups.around(np.array([0.0, 10.0, 14.0, 25.0]))
        >>> before.tolist(), after.tolist()
        ([0, 0, 0, 1], [0, 0, 1, 1])
        """
        last = self.centres.size - 1
        after = np.minimum(np.searchsorted(self.centres, seconds), last)
        alone = seconds >= self.centres[after]
        return np.where(alone, after, np.maximum(after - 1, 0)), after


def air_groups(ds: xr.Dataset, seconds: np.ndarray) -> AirGroups | None:
    """Group the air samples that are interpolated to the water samples."""
    valid = np.isfinite(ds[MEASURED].to_numpy())
    if f"{MEASURED}_flag_delivered" in ds:
        valid &= np.isin(ds[f"{MEASURED}_flag_delivered"].to_numpy(), (0, GOOD))
    if "flushing" in ds:
        valid &= ds["flushing"].to_numpy() == 0
    rows = np.flatnonzero(valid)
    if not rows.size:
        return None
    starts = np.arange(rows.size)
    if "run_type" in ds:
        changes = np.cumsum(np.diff(ds["run_type"].to_numpy(), prepend=0) != 0)
        starts = np.flatnonzero(np.diff(changes[rows], prepend=-1))
    return AirGroups(rows, starts, _by_group(np.mean, seconds[rows], starts))


def _by_group(function: Callable, values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Apply a function to each group; groups of equal size are computed together."""
    counts = np.diff(starts, append=values.size)
    out = np.empty(starts.size)
    for count in np.unique(counts):
        same_size = counts == count
        out[same_size] = function(
            values[starts[same_size, None] + np.arange(count)], axis=1
        )
    return out
