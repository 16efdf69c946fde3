"""Air measured on board: which samples stand for the air over a water sample."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.vocabulary import GOOD

#: Measured air, and the same brought to the times of the water samples.
MEASURED, INTERPOLATED = "xCO2_atm_dry_actual", "xCO2_atm_dry_interp"
#: Said on what was brought there so, and not by somebody else.
METHOD = "linear in time between groups of air measurements"


@dataclass(frozen=True, slots=True)
class AirGroups:
    """Sequences of air measurements, in the order of the rows."""

    rows: np.ndarray
    starts: np.ndarray
    centres: np.ndarray

    def medians(self, values: np.ndarray) -> np.ndarray:
        """Return the median of each group."""
        return _each(np.median, values[self.rows], self.starts)

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
    """Gather the air samples that are brought to the water samples."""
    fine = np.isfinite(ds[MEASURED].to_numpy())
    if f"{MEASURED}_flag_delivered" in ds:
        fine &= np.isin(ds[f"{MEASURED}_flag_delivered"].to_numpy(), (0, GOOD))
    if "flushing" in ds:
        fine &= ds["flushing"].to_numpy() == 0
    rows = np.flatnonzero(fine)
    if not rows.size:
        return None
    starts = np.arange(rows.size)
    if "run_type" in ds:
        changes = np.cumsum(np.diff(ds["run_type"].to_numpy(), prepend=0) != 0)
        starts = np.flatnonzero(np.diff(changes[rows], prepend=-1))
    return AirGroups(rows, starts, _each(np.mean, seconds[rows], starts))


def _each(function: Callable, values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Apply a function to each group; those of one size together."""
    counts = np.diff(starts, append=values.size)
    out = np.empty(starts.size)
    for count in np.unique(counts):
        mine = counts == count
        out[mine] = function(values[starts[mine, None] + np.arange(count)], axis=1)
    return out
