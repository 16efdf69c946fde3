"""Transfer flags of air samples to the rows whose air was interpolated from them."""

from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.fields.air_samples import INTERPOLATED, MEASURED, METHOD, air_groups
from oceanco2.qc.cascade import Layer
from oceanco2.vocabulary import GOOD, MISSING, TEST_BITS


class InterpolatedAir:
    """Which air samples the interpolated air of each row was computed from."""

    def __init__(self, ds: xr.Dataset) -> None:
        self.ds = ds

    @cached_property
    def is_derived(self) -> bool:
        """Whether the interpolated air was computed from the measured air."""
        names = {INTERPOLATED, MEASURED}
        if not names <= set(self.ds.data_vars) or self._groups is None:
            return False
        return self.ds[INTERPOLATED].attrs.get("method") == METHOD

    @cached_property
    def _seconds(self) -> np.ndarray:
        time = self.ds["time"].to_numpy()
        return np.asarray((time - time[:1]) / np.timedelta64(1, "s"))

    @cached_property
    def _groups(self) -> Any:  # never None if it is derived
        return air_groups(self.ds, self._seconds)

    @cached_property
    def _neighbours(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return rows with interpolated air, and the groups before and after."""
        rows = np.flatnonzero(np.isfinite(self.ds[INTERPOLATED].to_numpy()))
        return rows, *self._groups.around(self._seconds[rows])

    def _transfer(
        self, flags: np.ndarray, tests: np.ndarray, rows: np.ndarray
    ) -> Layer:
        """Transfer the worst flag and all tests of some air samples to the water."""
        members, starts = self._groups.rows, self._groups.starts
        chosen = rows[members]
        worst = np.maximum.reduceat(np.where(chosen, flags[members], GOOD), starts)
        bits = np.bitwise_or.reduceat(np.where(chosen, tests[members], 0), starts)
        out = np.full(flags.shape, GOOD, np.int8), np.zeros(flags.shape, np.int64)
        rows_with_air, before, after = self._neighbours
        out[0][rows_with_air] = np.maximum(worst[before], worst[after])
        out[1][rows_with_air] = bits[before] | bits[after]
        return out

    def layer(self, flags: np.ndarray, tests: np.ndarray) -> Layer:
        """Transfer the flags of air samples to the rows computed from them."""
        return self._transfer(flags, tests, (flags > GOOD) & (flags < MISSING))

    def lift_accepted(
        self, local: Layer, automatic: Layer, manual: np.ndarray | None
    ) -> Layer:
        """Lift flags of interpolated air whose air samples a manual flag calls good."""
        if manual is None:
            return local
        flags, tests = local
        cleared = (manual == GOOD) & (automatic[0] > GOOD)
        answered_tests = self._transfer(automatic[0], automatic[1], cleared)[1]
        lifted = (flags > GOOD) & (tests != 0) & ((tests & ~answered_tests) == 0)
        return (
            np.where(lifted, GOOD, flags).astype(np.int8),
            tests | np.where(lifted, TEST_BITS["manual"], 0),
        )

    def samples(self, rows: np.ndarray) -> np.ndarray:
        """Find one of the given air samples for each row computed from it."""
        members, starts = self._groups.rows, self._groups.starts
        none = rows.size
        candidates = np.where(rows[members], members, none)
        first = np.minimum.reduceat(candidates, starts)
        rows_with_air, before, after = self._neighbours
        sample = np.where(first[before] < none, first[before], first[after])
        out = np.full(rows.shape, -1, dtype=np.int64)
        out[rows_with_air] = np.where(sample < none, sample, -1)
        return out
