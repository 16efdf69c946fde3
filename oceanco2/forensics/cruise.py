"""A whole cruise against what is known without it: air, pressures, temperatures."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from oceanco2.fields.air import INTERPOLATED, MEASURED, marine_background
from oceanco2.forensics.comparison import best_rows
from oceanco2.geography import near_land
from oceanco2.platforms import SetUp
from oceanco2.platforms.contradictions import unanswered

#: Samples needed for a statement about a cruise.
_ROWS = 5
#: Difference of the air from marine air, in the open sea and near land [umol mol-1]:
#: medians of 94 deployments of moorings are within 4 at sea and 27 in bays and inlets.
_AIR, _AIR_NEAR_LAND = 15.0, 50.0
_LAND_KM = 50.0
#: Positions that are compared with the land mask.
_POSITIONS = 500
#: Pressure of an equilibrator from that of the air [hPa]: vented ones are within 5.
_PRESSURE = 10.0
#: Water that is colder in the equilibrator than in the sea [K].
_COOLING = -0.3


def doubts(ds: xr.Dataset) -> list[str]:
    """Return the warnings about a whole cruise that are not accepted.

    Parameters
    ----------
    ds : xarray.Dataset
        Processed dataset.

    Returns
    -------
    list of str
        At most one about the air, the pressures and the temperatures each.
    """
    accepted = SetUp.of(ds).accepted
    found = (
        ("air", _air(ds)),
        ("pressures", _pressures(ds)),
        ("temperatures", _temperatures(ds)),
    )
    return [
        warning
        for name, messages in found
        for message in messages
        for warning in unanswered(accepted, name, message)
    ]


def _air(ds: xr.Dataset) -> Iterator[str]:
    """Compare the air with the marine boundary layer at its dates and latitudes."""
    name = MEASURED if MEASURED in ds else INTERPOLATED
    if name not in ds or not {"latitude", "longitude"} <= set(ds.variables):
        return
    latitude, longitude, values = (
        np.broadcast_to(ds[n].to_numpy().astype(float), ds["time"].shape)
        for n in ("latitude", "longitude", name)
    )
    time = ds["time"].to_numpy()
    usable = np.isfinite(values) & (np.abs(latitude) <= 90.0) & np.isfinite(longitude)
    rows = best_rows(ds, name, usable & ~np.isnat(time))
    if rows.size < _ROWS:
        return
    marine = marine_background(time[rows], latitude[rows])
    difference = float(np.median(values[rows] - marine))
    some = rows[:: 1 + rows.size // _POSITIONS]
    coastal = near_land(latitude[some], longitude[some], _LAND_KM).mean() > 0.5
    limit = _AIR_NEAR_LAND if coastal else _AIR
    if abs(difference) > limit:
        yield (
            f"{name} is {np.median(values[rows]):.1f} umol mol-1 in the median of"
            f" {rows.size:,} rows, {difference:+.1f} from marine air of their dates and"
            f" latitudes (at most {limit:g} {'near land' if coastal else 'at sea'}):"
            " another column, another unit, or not calibrated"
        )


def _pressures(ds: xr.Dataset) -> Iterator[str]:
    """Compare the pressure of the equilibrator with that of the air."""
    difference = _difference(ds, "P_equ", "P_atm")
    if difference.size >= _ROWS and abs(np.median(difference)) > _PRESSURE:
        yield (
            f"P_equ is {np.median(difference):+.1f} hPa from P_atm in the median of"
            f" {difference.size:,} rows (at most {_PRESSURE:g}): another column, or a"
            " pressure difference that is not added"
        )


def _temperatures(ds: xr.Dataset) -> Iterator[str]:
    """Compare the temperature of the equilibrator with that of the sea."""
    difference = _difference(ds, "T_equ", "SST")
    if difference.size >= _ROWS and np.median(difference) < _COOLING:
        yield (
            f"T_equ is {np.median(difference):+.2f} K from SST in the median of"
            f" {difference.size:,} rows, though water warms on its way: they may be"
            " exchanged"
        )


def _difference(ds: xr.Dataset, first: str, second: str) -> np.ndarray:
    """Return the difference of two variables where both are good."""
    if first not in ds or second not in ds:
        return np.empty(0)
    difference = (ds[first] - ds[second]).to_numpy().astype(float)
    rows = np.isfinite(difference)
    for name in (first, second):
        chosen = np.zeros(rows.shape, dtype=bool)
        chosen[best_rows(ds, name, rows)] = True
        rows = chosen
    return difference[rows]
