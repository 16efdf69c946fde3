"""From the flags of the inputs to the flag of a result, also of interpolated air."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.dates import SECOND
from oceanco2.fields.air import INTERPOLATED, MEASURED, METHOD, air_groups
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    SENSOR_SIGNALS,
    VARIABLES,
)

#: Results in the order in which they are flagged: inputs of others first.
_ORDER = dict.fromkeys(("warming", "xCO2_atm_dry_interp", *VARIABLES))
#: Result to the inputs that determine it; inputs absent from a dataset are ignored.
INPUTS: Mapping[str, tuple[str, ...]] = {
    name: VARIABLES[name].inputs for name in _ORDER if VARIABLES[name].inputs
}
#: Result, or "" for all, to inputs to what a questionable and a bad flag become.
Settings = dict[str, dict[str, tuple[int, int]]]
#: A questionable salinity hardly changes fCO2 of water, and neither that of air nor
#: that of a sensor which measures the partial pressure itself.
_ONE_STEP_BETTER, _NO_EFFECT = (GOOD, QUESTIONABLE), (GOOD, GOOD)
#: Variables of such a sensor; its states and clock say when it measures, not what.
_PARTIAL_PRESSURE_SENSOR = ("signal_detector", "zero_count", "light_434")
_STATES = ("state_zero", "state_flush", "runtime")
#: Inputs that may be missing.
_OPTIONAL = {
    *("water_flow", "gas_flow", "warming", "position", "time", *SENSOR_SIGNALS),
    *("xCO2_water_Tequ_wet", "xCO2_water_SST_wet", "xCO2_atm_wet_actual"),
}

Layer = tuple[np.ndarray, np.ndarray]


def rows_with_result(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return the rows on which a result is expected."""
    if "run_type" not in ds or "CO2" not in name:
        return np.ones(ds.sizes["time"], dtype=bool)
    word = "air" if name.endswith("actual") else "water"
    return ds["run_type"].to_numpy() == RUN_TYPES[word]


def cascade_settings(
    ds: xr.Dataset, name: str, settings: Settings
) -> dict[str, tuple[int, int]]:
    """Return what flags of inputs become on a result, where they change."""
    no_salinity = name.startswith("xCO2_") or name == "warming"
    sensor = any(signal in ds for signal in _PARTIAL_PRESSURE_SENSOR)
    outcomes = {} if no_salinity else {"salinity": _ONE_STEP_BETTER}
    if "_atm_" in name or sensor:
        outcomes["salinity"] = _NO_EFFECT
    outcomes |= dict.fromkeys(_STATES, _NO_EFFECT)
    return outcomes | settings.get("", {}) | settings.get(name, {})


def cascade(
    name: str,
    local: Layer,
    inputs: Mapping[str, Layer],
    values: np.ndarray,
    becomes: Mapping[str, tuple[int, int]] | None = None,
) -> Layer:
    """Return the worst of the flags of a result and of its inputs."""
    from oceanco2.qc import _kernels

    becomes = {"salinity": _ONE_STEP_BETTER} if becomes is None else becomes
    flags, tests = local[0].copy(), local[1].copy()
    impossible = np.zeros(values.shape, dtype=bool)
    bits = TEST_BITS["physical"], TEST_BITS["input"]
    for key in INPUTS[name]:
        if key not in inputs:
            continue
        table = np.arange(MISSING + 1, dtype=np.int8)
        table[[QUESTIONABLE, BAD]] = becomes.get(key, (QUESTIONABLE, BAD))
        entry = *inputs[key], table, key in _OPTIONAL
        _kernels.cascade_input(flags, tests, impossible, *entry, *bits)
    absent = np.isnan(values)
    if absent.any():
        flags[absent] = np.where(impossible[absent], BAD, MISSING)
        tests[absent] |= TEST_BITS["missing"]
    return flags, tests


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
        return np.asarray((time - time[:1]) / SECOND)

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
