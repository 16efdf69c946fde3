"""Rows and values that the exchange formats share: measurements of water and air.

A measurement is a row with a CO2 result, or with one that was flagged questionable
or bad; gas standards, flushing and rows that were not used are none. Rows stand in
order of time. Values are not changed: flags say what is doubtful.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.selection import results
from oceanco2.export.woce import worst_flag
from oceanco2.vocabulary import GOOD, RUN_TYPES

_HALF = np.timedelta64(500, "us")
#: Where what is required comes from, for messages.
_SOURCE = {
    "latitude": "[variables] latitude",
    "longitude": "[variables] longitude",
    "SST": "[variables] SST",
    "salinity": "[variables] salinity, or a nominal one: { value = 35.0 }",
    "P_atm": "[variables] P_atm",
    "pCO2_water_SST_wet": "[variables] xCO2 with T_equ and P_equ",
    "fCO2_water_SST_wet": "[variables] xCO2 with T_equ and P_equ",
    "xCO2_water_SST_dry": "[variables] xCO2_water_SST_dry",
    "xCO2_atm_dry_actual": "[variables] xCO2_atm_dry_actual",
}


@dataclass(frozen=True, slots=True, eq=False)
class Measurements:
    """Rows of an exchange file."""

    rows: np.ndarray
    time: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    water: np.ndarray
    left_out: Mapping[str, int]


def require(ds: xr.Dataset, names: Sequence[str], receiver: str) -> None:
    """Refuse a dataset that lacks a quantity, naming the key of the platform file."""
    for name in names:
        if name not in ds.variables:
            key = _SOURCE.get(name, f"[variables] {name}")
            raise ProcessingError(
                f"{receiver} needs {name}: the dataset has none (platform file: {key})"
            )


def require_flags(ds: xr.Dataset, names: Sequence[str], receiver: str) -> None:
    """Refuse a dataset that went through no quality control."""
    if not any(f"{name}_flag" in ds for name in names):
        raise ProcessingError(
            f"{receiver} needs quality flags: the dataset was not flagged"
            " (oceanco2.flag)"
        )


def require_attribute(ds: xr.Dataset, name: str, receiver: str, key: str) -> str:
    """Return a global attribute that the format must have."""
    said = str(ds.attrs.get(name) or "").strip()
    if not said:
        raise ProcessingError(
            f"{receiver} needs {name!r}: the dataset does not say it"
            f" (platform file: {key})"
        )
    return said


def measurements(
    ds: xr.Dataset,
    receiver: str,
    *,
    include_air: bool = True,
    with_position: bool = False,
    distinct: bool = False,
    with_missing: bool = False,
) -> Measurements:
    """Choose the rows of an exchange file."""
    water, air = (_measured(ds, side) for side in ("water", "air"))
    if with_missing:
        water |= _meant(ds, "water")
        air |= _meant(ds, "air")
    time = (ds["time"].to_numpy() + _HALF).astype("datetime64[ms]")
    place = {n: _place(ds, n) for n in ("latitude", "longitude")}
    nowhere = np.isnan(place["latitude"]) | np.isnan(place["longitude"])
    reason = np.full(time.size, "", dtype=object)
    doubts = [("no time", np.isnat(time))]
    if "flushing" in ds:  # the gas of the run before is still in the system
        doubts.append(("flushing", ds["flushing"].to_numpy() == 1))
    doubts.append(("no CO2 measurement", ~(water | (air & include_air))))
    doubts.append(("no position", nowhere & with_position))
    for text, hit in doubts:
        reason[hit & (reason == "")] = text
    order = np.argsort(time, kind="stable")
    order = order[reason[order] == ""]
    if distinct and order.size:
        again = np.append(False, np.diff(time[order]) == np.timedelta64(0))
        reason[order[again]] = "same time as the row before"
        order = order[~again]
    texts, counts = np.unique(reason[reason != ""].astype(str), return_counts=True)
    left_out = dict(zip(texts.tolist(), counts.tolist(), strict=True))
    if order.size == 0:
        said = "; ".join(f"{count} {text}" for text, count in left_out.items())
        raise ProcessingError(f"no row can be written for {receiver}: {said or 'none'}")
    lat, lon = place["latitude"][order], place["longitude"][order]
    return Measurements(order, time[order], lat, lon, water[order], left_out)


def _measured(ds: xr.Dataset, side: str) -> np.ndarray:
    """Whether a row holds a CO2 result of one side, or one that was flagged."""
    names = [name for name in results(side) if name in ds]
    if side == "air":  # where air was measured, not where it was interpolated to
        names = [name for name in names if not name.endswith("_interp")]
    there = worst_flag(ds, names) > GOOD
    for name in names:
        there |= np.isfinite(ds[name].to_numpy())
    return there


def _meant(ds: xr.Dataset, side: str) -> np.ndarray:
    """Whether a row is one of water or air, whatever came of it."""
    if "run_type" not in ds:
        return np.ones(ds.sizes["time"], dtype=bool)
    return ds["run_type"].to_numpy() == RUN_TYPES[side]


def _place(ds: xr.Dataset, name: str) -> np.ndarray:
    if name not in ds.variables:
        return np.full(ds.sizes["time"], np.nan)
    values = np.array(ds[name].to_numpy(), dtype=np.float64)
    limit = 90.0 if name == "latitude" else 360.0
    values[~(np.abs(values) <= limit)] = np.nan
    if name == "longitude":
        values = np.where(values > 180, values - 360, values)
        values = np.where(values <= -180, values + 360, values)
    return values
