"""Select the rows and values of a SOCAT file, and count skipped rows by reason."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.errors import ProcessingError
from oceanco2.export.rows import results, usable_values, worst_flag
from oceanco2.socat.columns import UploadColumn
from oceanco2.vocabulary import BAD, CONFLICT, RUN_TYPES


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows to be written, in order."""

    rows: np.ndarray
    time: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    water_flag: np.ndarray
    air_flag: np.ndarray
    air_only: np.ndarray
    left_out: Mapping[str, int]

    def written(self, column: UploadColumn, values: np.ndarray) -> np.ndarray:
        """Return where a column has a value in the file."""
        present = np.isfinite(values)
        if column.side == "water":
            present &= ~self.air_only
        elif column.side == "air":
            present &= self.air_flag > 0
        return present

    def needs(self, kind: str) -> bool:
        """Whether a column made by the writer is to be written."""
        if kind == "WOCE_CO2_atm":
            return bool(self.air_flag.any())
        if kind == "comment_WOCE_CO2_atm":
            return bool((self.air_flag >= 3).any())
        return True

    def flags(self, side: str) -> np.ndarray:
        """Return the flags of one side."""
        return self.water_flag if side == "water" else self.air_flag

    def names(self, side: str) -> tuple[str, ...]:
        """Return the results of one side."""
        return results("water" if side == "water" else "air")


def select(ds: xr.Dataset, *, include_air: bool, include_bad: bool) -> Selection:
    """Select the rows of a SOCAT file."""
    _check(ds)
    water, air = (_any_value(ds, results(side)) for side in ("water", "air"))
    water_flag, air_flag = (worst_flag(ds, results(s)) for s in ("water", "air"))
    if not include_bad:
        air &= air_flag != BAD
    air_flag = np.where(air, air_flag, 0)
    is_water = water | (water_flag >= 3)
    time, latitude, longitude = _coordinates(ds)
    reason = np.full(water.size, "", dtype=object)
    _set_reason(reason, np.isnat(time), "no time")
    no_position = np.isnan(latitude) | np.isnan(longitude) | _without_fix(ds)
    has_value = is_water | (air if include_air else False)
    for text, rows in _run_reasons(ds, has_value):
        _set_reason(reason, rows, text)
    _set_reason(reason, no_position, "no position")
    if CONFLICT in ds:
        contradicted = ds[CONFLICT].to_numpy() == 1
        _set_reason(reason, contradicted, "contradicted by another file")
    if "time_tests" in ds:
        impossible = (ds["time_tests"].to_numpy() & TEST_BITS["impossible_time"]) > 0
        _set_reason(reason, impossible, "impossible time")
    evaluated = np.where(is_water, water_flag, air_flag) > 0
    _set_reason(reason, ~evaluated, "not evaluated by quality control")
    if not include_bad:
        _set_reason(reason, is_water & (water_flag == BAD), "flagged bad")
    position = [np.array(_rounded_as_written(x)) for x in (latitude, longitude)]
    # The dashboard sorts by longitude and takes one rounded to -180 as 180.
    position[1][position[1] <= -180.0] += 360.0
    order = np.lexsort((*position, time))
    order = order[reason[order] == ""]
    repeated = _repeated(order, time, *position)
    reason[order[repeated]] = "same time and position as the row before"
    rows = order[~repeated]
    left_out = _count_reasons(reason)
    if rows.size == 0:
        reasons = "; ".join(f"{count} {text}" for text, count in left_out.items())
        reasons = reasons or "the dataset has no rows"
        raise ProcessingError(f"no row can be written for SOCAT: {reasons}")
    flags = np.where(is_water, water_flag, 0)[rows], air_flag[rows]
    air_only = ~is_water[rows]
    return Selection(rows, time, latitude, longitude, *flags, air_only, left_out)


def _check(ds: xr.Dataset) -> None:
    for name in ("time", "latitude", "longitude"):
        if name not in ds.variables:
            raise ProcessingError(f"SOCAT needs {name}: it is missing in the dataset")
    present = [name for name in results("water") if name in ds]
    if not present:
        expected = ", ".join(results("water"))
        raise ProcessingError(
            f"SOCAT needs CO2 of sea water: the dataset has none of {expected}"
        )
    if not any(f"{name}_flag" in ds for name in present):
        raise ProcessingError(
            "SOCAT needs WOCE flags: the dataset was not flagged (oceanco2.flag)"
        )


def _any_value(ds: xr.Dataset, names: tuple[str, ...]) -> np.ndarray:
    present = np.zeros(ds.sizes["time"], dtype=bool)
    for name in names:
        if name in ds:
            present |= np.isfinite(usable_values(ds, name)[0])
    return present


def _coordinates(ds: xr.Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time to the millisecond; position, NaN if invalid."""
    half = np.timedelta64(500, "us")
    time = (ds["time"].to_numpy() + half).astype("datetime64[ms]")
    latitude, _ = usable_values(ds, "latitude")
    longitude, _ = usable_values(ds, "longitude")
    longitude = np.where(longitude > 180, longitude - 360, longitude)
    longitude = np.where(longitude <= -180, longitude + 360, longitude)
    return time, latitude, longitude


def _without_fix(ds: xr.Dataset) -> np.ndarray:
    """Return where quality control found a position to be none, such as 0 N 0 E."""
    if not {"position_flag", "position_tests"} <= set(ds.variables):
        return np.zeros(ds.sizes["time"], dtype=bool)
    is_none = (ds["position_tests"].to_numpy() & TEST_BITS["position"]) > 0
    return np.asarray(is_none & (ds["position_flag"].to_numpy() == BAD))


def _rounded_as_written(values: np.ndarray) -> list[float]:
    return [float("%.5f" % x) for x in values.tolist()]  # noqa: UP031


def _set_reason(reason: np.ndarray, rows: np.ndarray, text: str) -> None:
    reason[rows & (reason == "")] = text


def _run_reasons(ds: xr.Dataset, has_value: np.ndarray) -> list[tuple[str, np.ndarray]]:
    if "run_type" not in ds:
        return [("without a CO2 value of sea water", ~has_value)]
    run = ds["run_type"].to_numpy()
    water = RUN_TYPES["water"]
    reasons = [("water runs without a result", ~has_value & (run == water))]
    for run_name, code in RUN_TYPES.items():
        if code != water:
            reasons.append((f"{run_name} runs", ~has_value & (run == code)))
    return reasons


def _repeated(order: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    repeated = np.zeros(order.size, dtype=bool)
    if order.size > 1:
        repeated[1:] = np.logical_and.reduce(
            [key[order][1:] == key[order][:-1] for key in keys]
        )
    return repeated


def _count_reasons(reason: np.ndarray) -> dict[str, int]:
    texts, counts = np.unique(reason[reason != ""].astype(str), return_counts=True)
    return dict(zip(texts.tolist(), counts.tolist(), strict=True))
