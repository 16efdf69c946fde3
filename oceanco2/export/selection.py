"""Which rows and values of a dataset go into a SOCAT file, and why others do not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.columns import UploadColumn, upload_columns
from oceanco2.export.woce import worst_flag
from oceanco2.vocabulary import BAD, RUN_TYPES, VALUE_TYPES, possible

#: A constant is right for these: nobody measures the depth of the intake.
_MAY_BE_NOMINAL = ("sample_depth", "latitude", "longitude")


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows that are written, in their order."""

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
        there = np.isfinite(values)
        if column.side == "water":
            there &= ~self.air_only
        elif column.side == "air":
            there &= self.air_flag > 0
        return there

    def needs(self, kind: str) -> bool:
        """Whether a column that the writer makes itself is to be written."""
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


def results(side: str) -> tuple[str, ...]:
    """Return the CO2 results that can be written."""
    return tuple(
        c.variable
        for c in upload_columns()
        if (c.is_water_co2 if side == "water" else c.is_air_co2)
    )


def usable_values(ds: xr.Dataset, name: str) -> tuple[np.ndarray, list[str]]:
    """Return the values of a variable that may be written as measured."""
    values = np.array(ds[name].to_numpy(), dtype=np.float64)
    said = []
    values[~np.isfinite(values)] = np.nan
    nominal = _nominal(ds, name) & np.isfinite(values)
    if nominal.any():
        said.append(f"{int(nominal.sum())} nominal values, not measured, are left out")
        values[nominal] = np.nan
    impossible = np.isnan(possible(name, values)) & ~np.isnan(values)
    if impossible.any():
        count = int(impossible.sum())
        said.append(f"{count} impossible values are written as missing")
        values[impossible] = np.nan
    return values, said


def _nominal(ds: xr.Dataset, name: str) -> np.ndarray:
    if name in _MAY_BE_NOMINAL:
        return np.zeros(ds.sizes["time"], dtype=bool)
    if f"{name}_type" in ds:
        return ds[f"{name}_type"].to_numpy() == VALUE_TYPES["nominal"]
    said = ds[name].attrs.get("value_type") == "nominal"
    return np.full(ds.sizes["time"], said)


def select(ds: xr.Dataset, *, include_air: bool, include_bad: bool) -> Selection:
    """Choose the rows of a SOCAT file."""
    _check(ds)
    water, air = (_any_value(ds, results(side)) for side in ("water", "air"))
    water_flag, air_flag = (worst_flag(ds, results(s)) for s in ("water", "air"))
    if not include_bad:
        air &= air_flag != BAD
    air_flag = np.where(air, air_flag, 0)
    sea = water | (water_flag >= 3)
    time, latitude, longitude = _coordinates(ds)
    reason = np.full(water.size, "", dtype=object)
    _because(reason, np.isnat(time), "no time")
    nowhere = np.isnan(latitude) | np.isnan(longitude)
    wanted = sea | (air if include_air else False)
    for text, rows in _unwanted(ds, wanted):
        _because(reason, rows, text)
    _because(reason, nowhere, "no position")
    judged = np.where(sea, water_flag, air_flag) > 0
    _because(reason, ~judged, "not evaluated by quality control")
    if not include_bad:
        _because(reason, sea & (water_flag == BAD), "flagged bad")
    place = [np.array(_as_written(x)) for x in (latitude, longitude)]
    # Rounded to -180 it is 180 for the dashboard, which sorts by it.
    place[1][place[1] <= -180.0] += 360.0
    order = np.lexsort((*place, time))
    order = order[reason[order] == ""]
    again = _repeated(order, time, *place)
    reason[order[again]] = "same time and position as the row before"
    rows = order[~again]
    left_out = _counted(reason)
    if rows.size == 0:
        said = "; ".join(f"{count} {text}" for text, count in left_out.items())
        raise ProcessingError(f"no row can be written for SOCAT: {said}")
    flags = np.where(sea, water_flag, 0)[rows], air_flag[rows]
    only = ~sea[rows]
    return Selection(rows, time, latitude, longitude, *flags, only, left_out)


def _check(ds: xr.Dataset) -> None:
    for name in ("time", "latitude", "longitude"):
        if name not in ds.variables:
            raise ProcessingError(f"SOCAT needs {name}: the dataset has none")
    there = [name for name in results("water") if name in ds]
    if not there:
        known = ", ".join(results("water"))
        raise ProcessingError(
            f"SOCAT needs CO2 of sea water: the dataset has none of {known}"
        )
    if not any(f"{name}_flag" in ds for name in there):
        raise ProcessingError(
            "SOCAT needs WOCE flags: the dataset was not flagged (oceanco2.flag)"
        )


def _any_value(ds: xr.Dataset, names: tuple[str, ...]) -> np.ndarray:
    there = np.zeros(ds.sizes["time"], dtype=bool)
    for name in names:
        if name in ds:
            there |= np.isfinite(usable_values(ds, name)[0])
    return there


def _coordinates(ds: xr.Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time to the millisecond; position, missing where it is none."""
    half = np.timedelta64(500, "us")
    time = (ds["time"].to_numpy() + half).astype("datetime64[ms]")
    latitude, _ = usable_values(ds, "latitude")
    longitude, _ = usable_values(ds, "longitude")
    longitude = np.where(longitude > 180, longitude - 360, longitude)
    longitude = np.where(longitude <= -180, longitude + 360, longitude)
    return time, latitude, longitude


def _as_written(values: np.ndarray) -> list[float]:
    return [float("%.5f" % x) for x in values.tolist()]  # noqa: UP031


def _because(reason: np.ndarray, rows: np.ndarray, text: str) -> None:
    reason[rows & (reason == "")] = text


def _unwanted(ds: xr.Dataset, wanted: np.ndarray) -> list[tuple[str, np.ndarray]]:
    if "run_type" not in ds:
        return [("without a CO2 value of sea water", ~wanted)]
    run = ds["run_type"].to_numpy()
    water = RUN_TYPES["water"]
    kinds = [("water runs without a result", ~wanted & (run == water))]
    for word, code in RUN_TYPES.items():
        if code != water:
            kinds.append((f"{word} runs", ~wanted & (run == code)))
    return kinds


def _repeated(order: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    again = np.zeros(order.size, dtype=bool)
    if order.size > 1:
        again[1:] = np.logical_and.reduce(
            [key[order][1:] == key[order][:-1] for key in keys]
        )
    return again


def _counted(reason: np.ndarray) -> dict[str, int]:
    texts, counts = np.unique(reason[reason != ""].astype(str), return_counts=True)
    return dict(zip(texts.tolist(), counts.tolist(), strict=True))
