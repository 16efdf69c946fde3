"""Coverage, gaps and speed of a data set."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.geography import distance_km, west_and_east
from oceanco2.vocabulary import BAD, MISSING

_KM_H_PER_KNOT = 1.852  # km/h
_HOUR = np.timedelta64(1, "h")
#: Least time between fixes for a speed: closer ones show rounding, not speed [s].
_FIX_SECONDS = 60
_LISTED = 10


def iso(moment: np.datetime64) -> str:
    """Format a time, ISO 8601 in UTC."""
    return f"{np.datetime_as_string(moment, unit='s')}Z"


def coverage(ds: xr.Dataset, rows: np.ndarray) -> dict[str, Any]:
    """Return the coverage in time and space of some samples."""
    time = ds["time"].to_numpy()
    rows = rows & ~np.isnat(time)
    out: dict[str, Any] = {"samples": int(rows.sum())}
    if not rows.any():
        return out
    times = np.sort(time[rows])
    hours = np.diff(times) / _HOUR
    out |= {"start": iso(times[0]), "end": iso(times[-1])}
    total = float((times[-1] - times[0]) / _HOUR)
    out["days"] = total / 24.0
    if total > 0:
        interval = float(np.median(hours[hours > 0]))
        gaps = np.flatnonzero(hours > max(5.0 * interval, 1.0))
        out["interval_minutes"] = 60.0 * interval
        out["share_of_time"] = 1.0 - float(hours[gaps].sum()) / total
        longest = gaps[np.argsort(-hours[gaps], kind="stable")]
        out["gaps"] = {
            "number": int(gaps.size),
            "hours": float(hours[gaps].sum()),
            "longest": [
                {
                    "start": iso(times[i]),
                    "end": iso(times[i + 1]),
                    "hours": float(hours[i]),
                }
                for i in longest[:_LISTED]
            ],
        }
    return out | _track(ds)


def _track(ds: xr.Dataset) -> dict[str, Any]:
    """Return bounds, distance and speed along the fixes that are not bad."""
    if "latitude" not in ds.variables or "longitude" not in ds.variables:
        return {}
    time = ds["time"].to_numpy()
    lat, lon = (ds[n].to_numpy().astype(float) for n in ("latitude", "longitude"))
    valid = np.isfinite(lat) & np.isfinite(lon) & (np.abs(lat) <= 90) & ~np.isnat(time)
    for name in ("position", "time"):
        if f"{name}_flag" in ds:
            valid &= ~np.isin(ds[f"{name}_flag"].to_numpy(), (BAD, MISSING))
    rows = np.flatnonzero(valid)
    if not rows.size:
        return {}
    rows = rows[np.argsort(time[rows], kind="stable")]
    west, east = west_and_east((lon[rows] + 180.0) % 360.0 - 180.0)
    out: dict[str, Any] = {
        "west": west,
        "east": east,
        "south": float(lat[rows].min()),
        "north": float(lat[rows].max()),
    }
    seconds = (time[rows] - time[rows[0]]) / np.timedelta64(1, "s")
    kept = rows[np.unique(np.floor(seconds / _FIX_SECONDS), return_index=True)[1]]
    legs = distance_km(lat[kept[:-1]], lon[kept[:-1]], lat[kept[1:]], lon[kept[1:]])
    out["distance_km"] = float(legs.sum())
    hours = np.diff(time[kept]) / _HOUR
    if legs.size and (hours > 0).all():
        speed = legs / hours / _KM_H_PER_KNOT
        fastest = int(speed.argmax())
        out["speed"] = {
            "median": float(np.median(speed)),
            "maximum": float(speed[fastest]),
            "maximum_at": iso(time[kept[fastest + 1]]),
        }
    return out
