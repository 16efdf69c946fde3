"""Phases of a membrane sensor with a zero gas, and its zero measurements."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.platforms.instruments import HydroC
from oceanco2.vocabulary import RUN_TYPES, coded_attrs

_WATER, _ZERO, _FLUSH = (RUN_TYPES[w] for w in ("water", "zero", "flush"))
_IGNORED = RUN_TYPES["ignored"]


@dataclass(frozen=True, slots=True)
class Phases:
    """Run type of each row, and whether the sensor is flushing."""

    run_type: np.ndarray
    flushing: np.ndarray

    @classmethod
    def of(cls, ds: xr.Dataset, seconds: np.ndarray, table: HydroC) -> "Phases":
        """Derive the phases from the two states of the sensor."""
        size = seconds.size
        zero = _state(ds, "state_zero", size)
        flush = np.nan_to_num(_state(ds, "state_flush", size))
        code = np.where(zero > 0, _ZERO, np.where(flush > 0, _FLUSH, _WATER))
        code = np.where(np.isnan(zero), _IGNORED, code).astype(np.int8)
        flushing = code == _FLUSH
        # A mean over a change of state belongs to neither.
        flushing |= (zero > 0) & (zero < 1)
        for start, stop in _runs(code):
            elapsed = seconds[start:stop] - seconds[start]
            if code[start] == _ZERO and table.zero_flush_seconds > 0:
                flushing[start:stop] |= elapsed <= table.zero_flush_seconds
            if code[start] == _WATER and table.response_time_seconds > 0:
                since = _settling_since(code, seconds, start)
                after = seconds[start:stop] - since
                flushing[start:stop] |= after <= table.response_time_seconds
        return cls(code, flushing)

    @property
    def water(self) -> np.ndarray:
        """Mark rows that measure water."""
        return self.run_type == _WATER

    @property
    def settled(self) -> np.ndarray:
        """Mark rows that measure water after the flushing."""
        return self.water & ~self.flushing

    def variables(self) -> dict[str, Any]:
        """Return the variables for the dataset."""
        status = {"standard_name": "status_flag"}
        run_type_attrs = coded_attrs("run type", RUN_TYPES, "int8") | status
        flushing_attrs = coded_attrs(
            "within the flushing time", {"no": 0, "yes": 1}, "int8"
        )
        return {
            "run_type": ("time", self.run_type, run_type_attrs),
            "flushing": ("time", self.flushing.astype(np.int8), flushing_attrs),
        }


def _state(ds: xr.Dataset, name: str, size: int) -> np.ndarray:
    return ds[name].to_numpy() if name in ds else np.zeros(size)


def _runs(code: np.ndarray) -> list[tuple[int, int]]:
    """Return start and end of each sequence of equal codes."""
    edges = np.flatnonzero(np.diff(code)) + 1
    starts, stops = np.r_[0, edges], np.r_[edges, code.size]
    return [(int(a), int(b)) for a, b in zip(starts, stops, strict=True) if b > a]


def _settling_since(code: np.ndarray, seconds: np.ndarray, start: int) -> float:
    """Return when the sensor began to settle: the start of the flush phase before."""
    if start == 0 or code[start - 1] != _FLUSH:
        return float(seconds[start])
    first = start - 1
    while first > 0 and code[first - 1] == _FLUSH:
        first -= 1
    return float(seconds[first])


@dataclass(frozen=True, slots=True)
class Zeros:
    """Zero groups: consecutive zero readings after the flushing."""

    where: np.ndarray
    value: np.ndarray
    count: np.ndarray
    scatter: np.ndarray

    @property
    def error(self) -> float:
        """Return the relative standard error of a zero, the median over the groups."""
        if not self.value.size:
            return 0.0
        each = self.scatter / np.sqrt(self.count) / self.value
        return float(np.nanmedian(np.nan_to_num(each)))

    def at(self, axis: np.ndarray, mode: str) -> np.ndarray:
        """Return the zero of each row."""
        out = np.full(axis.shape, np.nan)
        if not self.where.size:
            return out
        finite = np.isfinite(axis)
        if mode == "continuous":
            out[finite] = np.interp(axis[finite], self.where, self.value)
            return out
        if mode == "zero_after_sleep":
            index = np.searchsorted(self.where, axis, side="right") - 1
        else:
            index = np.searchsorted(self.where, axis, side="left")
        usable = finite & (index >= 0) & (index < self.where.size)
        out[usable] = self.value[index[usable]]
        return out

    def variables(
        self, time: np.ndarray, axis: np.ndarray, axis_name: str
    ) -> dict[str, Any]:
        """Return the variables for the dataset."""
        if not self.where.size:
            return {}
        finite = np.isfinite(axis)
        order = np.argsort(axis[finite], kind="stable")
        seconds = (time[finite][order] - time[0]) / np.timedelta64(1, "s")
        offsets = np.interp(self.where, axis[finite][order], seconds)
        times = time[0] + (offsets * 1e3).round().astype("timedelta64[ms]")

        def variable(values: np.ndarray, long_name: str, units: str) -> tuple:
            return "zero_group", values, {"long_name": long_name, "units": units}

        return {
            "zero_group_time": (
                "zero_group",
                times.astype("datetime64[ns]"),
                {"long_name": "time of the zero group"},
            ),
            "zero_group_position": variable(self.where, f"mean {axis_name}", "s"),
            "zero_group_signal": variable(
                self.value, "raw over reference signal of the zero gas", "1"
            ),
            "zero_group_std": variable(self.scatter, "scatter of the readings", "1"),
            "zero_group_count": variable(self.count.astype(np.int32), "readings", "1"),
        }


def zero_groups(phases: Phases, beam: np.ndarray, axis: np.ndarray) -> Zeros:
    """Average consecutive zero readings."""
    groups = []
    usable = ~phases.flushing & np.isfinite(beam) & np.isfinite(axis)
    for start, stop in _runs(phases.run_type):
        if phases.run_type[start] != _ZERO:
            continue
        rows = start + np.flatnonzero(usable[start:stop])
        if rows.size:
            part = beam[rows]
            groups.append((axis[rows].mean(), part.mean(), rows.size, part.std()))
    table = np.array(sorted(groups)).reshape(-1, 4)
    return Zeros(table[:, 0], table[:, 1], table[:, 2], table[:, 3])
