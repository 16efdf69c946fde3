"""Where, when and how fast: coverage, gaps and speed of a data set."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.geodesy import distance_km, west_and_east
from oceanco2.vocabulary import BAD, MISSING

_KNOT = 1.852  # km/h
_HOUR = np.timedelta64(1, "h")
#: Fixes closer in time than this say more of their last digit than of the speed [s].
_APART = 60
_LISTED = 10


def iso(moment: np.datetime64) -> str:
    """Write a time."""
    return f"{np.datetime_as_string(moment, unit='s')}Z"


def coverage(ds: xr.Dataset, rows: np.ndarray) -> dict[str, Any]:
    """Say where and when some samples are."""
    time = ds["time"].to_numpy()
    rows = rows & ~np.isnat(time)
    out: dict[str, Any] = {"samples": int(rows.sum())}
    if not rows.any():
        return out
    when = np.sort(time[rows])
    hours = np.diff(when) / _HOUR
    out |= {"start": iso(when[0]), "end": iso(when[-1])}
    total = float((when[-1] - when[0]) / _HOUR)
    out["days"] = total / 24.0
    if total > 0:
        usual = float(np.median(hours[hours > 0]))
        wide = np.flatnonzero(hours > max(5.0 * usual, 1.0))
        out["interval_minutes"] = 60.0 * usual
        out["share_of_time"] = 1.0 - float(hours[wide].sum()) / total
        longest = wide[np.argsort(-hours[wide], kind="stable")]
        out["gaps"] = {
            "number": int(wide.size),
            "hours": float(hours[wide].sum()),
            "longest": [
                {
                    "start": iso(when[i]),
                    "end": iso(when[i + 1]),
                    "hours": float(hours[i]),
                }
                for i in longest[:_LISTED]
            ],
        }
    return out | _track(ds)


def _track(ds: xr.Dataset) -> dict[str, Any]:
    """Bounds, way and speed along the fixes that are not bad."""
    if "latitude" not in ds.variables or "longitude" not in ds.variables:
        return {}
    time = ds["time"].to_numpy()
    lat, lon = (ds[n].to_numpy().astype(float) for n in ("latitude", "longitude"))
    fine = np.isfinite(lat) & np.isfinite(lon) & (np.abs(lat) <= 90) & ~np.isnat(time)
    for name in ("position", "time"):
        if f"{name}_flag" in ds:
            fine &= ~np.isin(ds[f"{name}_flag"].to_numpy(), (BAD, MISSING))
    there = np.flatnonzero(fine)
    if not there.size:
        return {}
    there = there[np.argsort(time[there], kind="stable")]
    west, east = west_and_east((lon[there] + 180.0) % 360.0 - 180.0)
    out: dict[str, Any] = {
        "west": west,
        "east": east,
        "south": float(lat[there].min()),
        "north": float(lat[there].max()),
    }
    seconds = (time[there] - time[there[0]]) / np.timedelta64(1, "s")
    kept = there[np.unique(np.floor(seconds / _APART), return_index=True)[1]]
    legs = distance_km(lat[kept[:-1]], lon[kept[:-1]], lat[kept[1:]], lon[kept[1:]])
    out["distance_km"] = float(legs.sum())
    pause = np.diff(time[kept]) / _HOUR
    if legs.size and (pause > 0).all():
        speed = legs / pause / _KNOT
        fastest = int(speed.argmax())
        out["speed"] = {
            "median": float(np.median(speed)),
            "maximum": float(speed[fastest]),
            "maximum_at": iso(time[kept[fastest + 1]]),
        }
    return out
