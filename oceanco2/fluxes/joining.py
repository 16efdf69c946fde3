"""Forcing brought to the rows of a dataset: by time, and by place if it is a grid."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, did_you_mean
from oceanco2.fields.interpolation import brackets, interpolate, seconds
from oceanco2.fluxes.sources import MOMENTS, Kind, dataset, number
from oceanco2.vocabulary import VARIABLES

JOINS = ("linear", "nearest")
_PLACES = {
    "latitude": ("latitude", "lat", "LATITUDE", "LAT", "LATS", "y"),
    "longitude": ("longitude", "lon", "LONGITUDE", "LON", "LONS", "x"),
}
_MARGIN = 2
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Join:
    """How forcing is brought to the rows."""

    method: str = "linear"
    limit_hours: float = 6.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.method not in JOINS:
            hint = did_you_mean(self.method, JOINS)
            allowed = ", ".join(repr(j) for j in JOINS)
            raise OptionError(
                f"join cannot be {self.method!r}.{hint} It can be {allowed}."
            )
        if not 0 < self.limit_hours < np.inf:
            raise OptionError(
                f"limit_hours must be more than 0, not {self.limit_hours}"
            )

    @property
    def text(self) -> str:
        """Say it in words."""
        return f"{self.method} in time, samples up to {self.limit_hours:g} h away"


@dataclass(frozen=True, slots=True)
class Joined:
    """Forcing on the rows."""

    values: np.ndarray
    source: str
    more: dict[str, np.ndarray] = field(default_factory=dict)


def join(kind: Kind, given: Any, ds: xr.Dataset, how: Join) -> Joined:
    """Bring forcing to the rows of a dataset."""
    rows = ds.sizes["time"]
    if isinstance(given, bool):
        raise OptionError(f"{kind.option} cannot be {given}")
    if isinstance(given, int | float | np.number):
        return Joined(
            np.full(rows, number(kind, float(given))), f"{given:g} everywhere"
        )
    if isinstance(given, np.ndarray | list | tuple):
        values = np.asarray(given, dtype=np.float64)
        if values.shape != (rows,):
            raise OptionError(
                f"{kind.option}: an array of shape {values.shape} does not go with"
                f" {rows} rows; give a DataArray with times"
            )
        return Joined(values, "given for each row")
    with dataset(kind, given) as (forcing, source):
        values = _on_rows(kind, forcing[kind.variable], ds, how, source)
        more = {
            str(name): _on_rows(kind, forcing[name], ds, how, source)
            for name in forcing.data_vars
            if name != kind.variable
        }
    return Joined(values, f"{source}, {how.text}", more)


def _on_rows(
    kind: Kind, array: xr.DataArray, ds: xr.Dataset, how: Join, source: str
) -> np.ndarray:
    single = [
        d for d in array.dims if array.sizes[d] == 1 and array[d].dtype.kind != "M"
    ]
    array = array.squeeze(single, drop=True)
    if array.ndim == 0:
        return np.full(ds.sizes["time"], number(kind, float(array)))
    time = [d for d in array.dims if array[d].dtype.kind == "M"]
    if len(time) != 1:
        raise ProcessingError(
            f"{source}: {array.name} has no time among its dimensions"
            f" ({', '.join(map(str, array.dims))})"
        )
    array = array.rename({time[0]: "time"}) if time[0] != "time" else array
    low, high = VARIABLES[kind.variable].bounds
    power = 1 + [kind.variable, *MOMENTS].index(str(array.name))
    bounds = (low, high) if power == 1 else (0.0, high**power)
    if array.ndim == 1:
        values = _along_time(array, ds["time"].to_numpy(), how, bounds)
    else:
        values = _on_grid(array, ds, how, source, bounds)
    if not np.isfinite(values).any():
        raise ProcessingError(
            f"{kind.option} from {source} gives no row a value ({how.text}): it is of"
            f" {_span(array)}, the dataset of {_span(ds)}"
        )
    return values


def _span(data: Any) -> str:
    times = data["time"].to_numpy()
    if not times.size:
        return "no time at all"
    return " to ".join(np.datetime_as_string([times.min(), times.max()], unit="m"))


def _along_time(
    array: xr.DataArray, times: np.ndarray, how: Join, bounds: Bounds
) -> np.ndarray:
    own = array["time"].to_numpy()
    values = _possible(array.to_numpy(), bounds)
    if own.shape == times.shape and (own == times).all():
        return values
    there = np.isfinite(values) & ~np.isnat(own)
    own, first = np.unique(own[there], return_index=True)
    if not own.size:
        return np.full(times.size, np.nan)
    points = _reachable(own, times, how)
    return interpolate(values[there][first], [own], [points])


def _possible(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Return NaN for codes of missing values before anything is mixed with them."""
    values = np.array(values, dtype=np.float64)
    values[~((values >= bounds[0]) & (values <= bounds[1]))] = np.nan
    return values


def _reachable(axis: np.ndarray, times: np.ndarray, how: Join) -> np.ndarray:
    """Return the times to interpolate at; NaT where the samples are too far away."""
    at, here = seconds(axis, axis[0]), seconds(times, axis[0])
    below, weight, above = brackets(at, here)
    limit = how.limit_hours * 3600.0
    before, after = here - at[below], at[above] - here
    if how.method == "nearest":
        nearest = np.where(np.abs(before) <= np.abs(after), below, above)
        distance = np.abs(here - at[nearest])
        return np.where(distance <= limit, axis[nearest], np.datetime64("NaT"))
    reached = (weight == 0.0) | ((before <= limit) & (after <= limit))
    return np.where(reached, times, np.datetime64("NaT"))


def _on_grid(
    array: xr.DataArray, ds: xr.Dataset, how: Join, source: str, bounds: Bounds
) -> np.ndarray:
    names = {}
    for place, candidates in _PLACES.items():
        found = [str(d) for d in array.dims if d in candidates]
        if len(found) != 1 or place not in ds.variables:
            raise ProcessingError(
                f"{source}: {array.name} is along {', '.join(map(str, array.dims))};"
                f" it can be along time, or time, latitude and longitude"
            )
        names[found[0]] = place
    array = array.rename({k: v for k, v in names.items() if k != v})
    array = array.transpose("time", "latitude", "longitude").sortby(list(array.dims))
    times = ds["time"].to_numpy()
    array = _near(array, "time", times)
    array = _near(array, "latitude", ds["latitude"].to_numpy())
    if not array.size:
        return np.full(times.size, np.nan)
    array = _round_the_world(array)
    east = array["longitude"].to_numpy()
    longitude = east[0] + (ds["longitude"].to_numpy() - east[0]) % 360.0
    axes = [array[name].to_numpy() for name in ("time", "latitude", "longitude")]
    points = [_reachable(axes[0], times, how), ds["latitude"].to_numpy(), longitude]
    return interpolate(_possible(array.to_numpy(), bounds), axes, points)


def _near(array: xr.DataArray, name: str, points: np.ndarray) -> xr.DataArray:
    """Cut a grid down to what the rows need, before it is loaded."""
    axis = array[name].to_numpy()
    known = points[~np.isnan(points)]
    if not known.size:
        return array.isel({name: slice(0, 0)})
    low = int(np.searchsorted(axis, known.min())) - _MARGIN
    high = int(np.searchsorted(axis, known.max())) + _MARGIN
    return array.isel({name: slice(max(low, 0), max(high, 0))})


def _round_the_world(array: xr.DataArray) -> xr.DataArray:
    """Let a global grid begin again behind its last meridian."""
    east = array["longitude"].to_numpy()
    gap = 360.0 - (east[-1] - east[0])
    if not 0 < gap < 1.5 * (east[1] - east[0]):
        return array
    first = array.isel(longitude=[0]).assign_coords(longitude=[east[0] + 360.0])
    return xr.concat([array, first], "longitude")
