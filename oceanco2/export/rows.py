"""Select the rows of exchange formats: measurements of water and air.

A measurement is a row with a CO2 result, or with one that was flagged questionable
or bad; gas standards, flushing and unused rows are skipped. Rows are in order of time.
Values are not changed; flags tell their quality.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.woce import worst_flag
from oceanco2.socat.upload.rows import results
from oceanco2.vocabulary import GOOD, RUN_TYPES

_HALF = np.timedelta64(500, "us")
#: Keys of the platform file that supply required variables, for messages.
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
    """Raise an error for a missing variable, with the key of the platform file."""
    for name in names:
        if name not in ds.variables:
            key = _SOURCE.get(name, f"[variables] {name}")
            raise ProcessingError(
                f"{receiver} needs {name}: it is missing in the dataset"
                f" (platform file: {key})"
            )


def require_flags(ds: xr.Dataset, names: Sequence[str], receiver: str) -> None:
    """Raise an error for a dataset without quality flags."""
    if not any(f"{name}_flag" in ds for name in names):
        raise ProcessingError(
            f"{receiver} needs quality flags: the dataset was not flagged"
            " (oceanco2.flag)"
        )


def require_attribute(ds: xr.Dataset, name: str, receiver: str, key: str) -> str:
    """Return a global attribute that the format requires."""
    value = str(ds.attrs.get(name) or "").strip()
    if not value:
        raise ProcessingError(
            f"{receiver} needs {name!r}: the dataset has no such attribute"
            f" (platform file: {key})"
        )
    return value


def measurements(
    ds: xr.Dataset,
    receiver: str,
    *,
    include_air: bool = True,
    with_position: bool = False,
    distinct: bool = False,
    with_missing: bool = False,
) -> Measurements:
    """Select the rows of an exchange file."""
    water, air = (_has_result(ds, side) for side in ("water", "air"))
    if with_missing:
        water |= _is_run_of(ds, "water")
        air |= _is_run_of(ds, "air")
    time = (ds["time"].to_numpy() + _HALF).astype("datetime64[ms]")
    position = {n: _coordinate(ds, n) for n in ("latitude", "longitude")}
    no_position = np.isnan(position["latitude"]) | np.isnan(position["longitude"])
    reason = np.full(time.size, "", dtype=object)
    exclusions = [("no time", np.isnat(time))]
    if "flushing" in ds:  # gas of the previous run is still in the system
        exclusions.append(("flushing", ds["flushing"].to_numpy() == 1))
    exclusions.append(("no CO2 measurement", ~(water | (air & include_air))))
    exclusions.append(("no position", no_position & with_position))
    for text, excluded in exclusions:
        reason[excluded & (reason == "")] = text
    order = np.argsort(time, kind="stable")
    order = order[reason[order] == ""]
    if distinct and order.size:
        repeated = np.append(False, np.diff(time[order]) == np.timedelta64(0))
        reason[order[repeated]] = "same time as the row before"
        order = order[~repeated]
    texts, counts = np.unique(reason[reason != ""].astype(str), return_counts=True)
    left_out = dict(zip(texts.tolist(), counts.tolist(), strict=True))
    if order.size == 0:
        reasons = "; ".join(f"{count} {text}" for text, count in left_out.items())
        raise ProcessingError(
            f"no row can be written for {receiver}: {reasons or 'none'}"
        )
    lat, lon = position["latitude"][order], position["longitude"][order]
    return Measurements(order, time[order], lat, lon, water[order], left_out)


def _has_result(ds: xr.Dataset, side: str) -> np.ndarray:
    """Whether a row has a CO2 result of water or air, or a flag of 3 or 4 on one."""
    names = [name for name in results(side) if name in ds]
    if side == "air":  # measured, not interpolated values
        names = [name for name in names if not name.endswith("_interp")]
    present = worst_flag(ds, names) > GOOD
    for name in names:
        present |= np.isfinite(ds[name].to_numpy())
    return present


def _is_run_of(ds: xr.Dataset, side: str) -> np.ndarray:
    """Whether a row is a run of water or air, even without a result."""
    if "run_type" not in ds:
        return np.ones(ds.sizes["time"], dtype=bool)
    return ds["run_type"].to_numpy() == RUN_TYPES[side]


def _coordinate(ds: xr.Dataset, name: str) -> np.ndarray:
    if name not in ds.variables:
        return np.full(ds.sizes["time"], np.nan)
    values = np.array(ds[name].to_numpy(), dtype=np.float64)
    limit = 90.0 if name == "latitude" else 360.0
    values[~(np.abs(values) <= limit)] = np.nan
    if name == "longitude":
        values = np.where(values > 180, values - 360, values)
        values = np.where(values <= -180, values + 360, values)
    return values
