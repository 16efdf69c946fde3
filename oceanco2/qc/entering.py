"""Doubts about air samples, brought to the water samples whose air they made."""

from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.fields.air_samples import INTERPOLATED, MEASURED, METHOD, air_groups
from oceanco2.qc.cascade import Layer
from oceanco2.vocabulary import GOOD, MISSING, TEST_BITS


class Entering:
    """Which air samples entered the interpolated air of each row."""

    def __init__(self, ds: xr.Dataset) -> None:
        self.ds = ds

    @cached_property
    def ours(self) -> bool:
        """Tell whether the interpolated air was made of the measured air."""
        names = {INTERPOLATED, MEASURED}
        if not names <= set(self.ds.data_vars) or self._groups is None:
            return False
        return self.ds[INTERPOLATED].attrs.get("method") == METHOD

    @cached_property
    def _seconds(self) -> np.ndarray:
        time = self.ds["time"].to_numpy()
        return np.asarray((time - time[:1]) / np.timedelta64(1, "s"))

    @cached_property
    def _groups(self) -> Any:  # never None where it is ours
        return air_groups(self.ds, self._seconds)

    @cached_property
    def _around(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows with interpolated air, and the groups that made it."""
        rows = np.flatnonzero(np.isfinite(self.ds[INTERPOLATED].to_numpy()))
        return rows, *self._groups.around(self._seconds[rows])

    def _brought(self, flags: np.ndarray, tests: np.ndarray, rows: np.ndarray) -> Layer:
        """Bring the worst flag and all tests of some air samples to the water."""
        mine, starts = self._groups.rows, self._groups.starts
        told = rows[mine]
        worst = np.maximum.reduceat(np.where(told, flags[mine], GOOD), starts)
        bits = np.bitwise_or.reduceat(np.where(told, tests[mine], 0), starts)
        out = np.full(flags.shape, GOOD, np.int8), np.zeros(flags.shape, np.int64)
        here, before, after = self._around
        out[0][here] = np.maximum(worst[before], worst[after])
        out[1][here] = bits[before] | bits[after]
        return out

    def layer(self, flags: np.ndarray, tests: np.ndarray) -> Layer:
        """Bring the doubts about air samples to the rows that they entered."""
        return self._brought(flags, tests, (flags > GOOD) & (flags < MISSING))

    def accepted(self, own: Layer, automatic: Layer, said: np.ndarray | None) -> Layer:
        """Take back doubts about interpolated air that a person has answered."""
        if said is None:
            return own
        flags, tests = own
        cleared = (said == GOOD) & (automatic[0] > GOOD)
        answered = self._brought(automatic[0], automatic[1], cleared)[1]
        lifted = (flags > GOOD) & (tests != 0) & ((tests & ~answered) == 0)
        return (
            np.where(lifted, GOOD, flags).astype(np.int8),
            tests | np.where(lifted, TEST_BITS["manual"], 0),
        )

    def samples(self, rows: np.ndarray) -> np.ndarray:
        """Find an air sample among some for each row that it entered."""
        mine, starts = self._groups.rows, self._groups.starts
        none = rows.size
        told = np.where(rows[mine], mine, none)
        first = np.minimum.reduceat(told, starts)
        here, before, after = self._around
        found = np.where(first[before] < none, first[before], first[after])
        out = np.full(rows.shape, -1, dtype=np.int64)
        out[here] = np.where(found < none, found, -1)
        return out
