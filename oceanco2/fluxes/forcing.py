"""Interpolation of forcing to the rows of a dataset, in time and, for grids, space."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, did_you_mean
from oceanco2.fields.interpolation import brackets, interpolate_grid, seconds
from oceanco2.fluxes.sources import MOMENTS, ForcingKind, dataset, number
from oceanco2.vocabulary import VARIABLES

JOINS = ("linear", "nearest")
_COORDINATE_NAMES = {
    "latitude": ("latitude", "lat", "LATITUDE", "LAT", "LATS", "y"),
    "longitude": ("longitude", "lon", "LONGITUDE", "LON", "LONS", "x"),
}
_MARGIN = 2
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Join:
    """How forcing is interpolated to the rows."""

    method: str = "linear"
    limit_hours: float = 6.0

    def __post_init__(self) -> None:
        """Validate the options."""
        if self.method not in JOINS:
            hint = did_you_mean(self.method, JOINS)
            allowed = ", ".join(repr(j) for j in JOINS)
            raise OptionError(
                f"join must be one of {allowed}, not {self.method!r}.{hint}"
            )
        if not 0 < self.limit_hours < np.inf:
            raise OptionError(
                f"limit_hours must be more than 0, not {self.limit_hours}"
            )

    @property
    def text(self) -> str:
        """Return the method as text."""
        return f"{self.method} in time, samples up to {self.limit_hours:g} h away"


@dataclass(frozen=True, slots=True)
class JoinedForcing:
    """Forcing on the rows, and where it comes from."""

    values: np.ndarray
    source: str
    more: dict[str, np.ndarray] = field(default_factory=dict)


def join(
    kind: ForcingKind, option: Any, ds: xr.Dataset, joining: Join
) -> JoinedForcing:
    """Interpolate forcing to the rows of a dataset."""
    rows = ds.sizes["time"]
    if isinstance(option, bool):
        raise OptionError(f"{kind.option} must not be {option}")
    if isinstance(option, int | float | np.number):
        return JoinedForcing(
            np.full(rows, number(kind, float(option))), f"{option:g} everywhere"
        )
    if isinstance(option, np.ndarray | list | tuple):
        values = np.asarray(option, dtype=np.float64)
        if values.shape != (rows,):
            raise OptionError(
                f"{kind.option}: an array of shape {values.shape} does not match"
                f" {rows} rows; use a DataArray with times"
            )
        return JoinedForcing(values, "given for each row")
    with dataset(kind, option) as (forcing, source):
        values = _interpolate_to_rows(kind, forcing[kind.variable], ds, joining, source)
        more = {
            str(name): _interpolate_to_rows(kind, forcing[name], ds, joining, source)
            for name in forcing.data_vars
            if name != kind.variable
        }
    return JoinedForcing(values, f"{source}, {joining.text}", more)


def _interpolate_to_rows(
    kind: ForcingKind, array: xr.DataArray, ds: xr.Dataset, joining: Join, source: str
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
            f"{source}: {array.name} has no time dimension"
            f" ({', '.join(map(str, array.dims))})"
        )
    array = array.rename({time[0]: "time"}) if time[0] != "time" else array
    low, high = VARIABLES[kind.variable].bounds
    power = 1 + [kind.variable, *MOMENTS].index(str(array.name))
    bounds = (low, high) if power == 1 else (0.0, high**power)
    if array.ndim == 1:
        values = _along_time(array, ds["time"].to_numpy(), joining, bounds)
    else:
        values = _on_grid(array, ds, joining, source, bounds)
    if not np.isfinite(values).any():
        raise ProcessingError(
            f"{kind.option} from {source} has no value for any row ({joining.text}):"
            f" it covers {_span(array)}, the dataset {_span(ds)}"
        )
    return values


def _span(data: Any) -> str:
    times = data["time"].to_numpy()
    if not times.size:
        return "no time"
    return " to ".join(np.datetime_as_string([times.min(), times.max()], unit="m"))


def _along_time(
    array: xr.DataArray, times: np.ndarray, joining: Join, bounds: Bounds
) -> np.ndarray:
    forcing_times = array["time"].to_numpy()
    values = _mask_impossible(array.to_numpy(), bounds)
    if forcing_times.shape == times.shape and (forcing_times == times).all():
        return values
    valid = np.isfinite(values) & ~np.isnat(forcing_times)
    forcing_times, first = np.unique(forcing_times[valid], return_index=True)
    if not forcing_times.size:
        return np.full(times.size, np.nan)
    points = _reachable_times(forcing_times, times, joining)
    return interpolate_grid(values[valid][first], [forcing_times], [points])


def _mask_impossible(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Set codes of missing values to NaN before interpolation."""
    values = np.array(values, dtype=np.float64)
    values[~((values >= bounds[0]) & (values <= bounds[1]))] = np.nan
    return values


def _reachable_times(axis: np.ndarray, times: np.ndarray, joining: Join) -> np.ndarray:
    """Return the times to interpolate at; NaT where the samples are too far away."""
    axis_seconds, seconds_of_rows = seconds(axis, axis[0]), seconds(times, axis[0])
    below, weight, above = brackets(axis_seconds, seconds_of_rows)
    limit = joining.limit_hours * 3600.0
    before, after = (
        seconds_of_rows - axis_seconds[below],
        axis_seconds[above] - seconds_of_rows,
    )
    if joining.method == "nearest":
        nearest = np.where(np.abs(before) <= np.abs(after), below, above)
        distance = np.abs(seconds_of_rows - axis_seconds[nearest])
        return np.where(distance <= limit, axis[nearest], np.datetime64("NaT"))
    within_limit = (weight == 0.0) | ((before <= limit) & (after <= limit))
    return np.where(within_limit, times, np.datetime64("NaT"))


def _on_grid(
    array: xr.DataArray, ds: xr.Dataset, joining: Join, source: str, bounds: Bounds
) -> np.ndarray:
    names = {}
    for coordinate, candidates in _COORDINATE_NAMES.items():
        dims = [str(d) for d in array.dims if d in candidates]
        if len(dims) != 1 or coordinate not in ds.variables:
            raise ProcessingError(
                f"{source}: {array.name} is along {', '.join(map(str, array.dims))};"
                f" it must be along time, or time, latitude and longitude"
            )
        names[dims[0]] = coordinate
    array = array.rename({k: v for k, v in names.items() if k != v})
    array = array.transpose("time", "latitude", "longitude").sortby(list(array.dims))
    times = ds["time"].to_numpy()
    array = _crop(array, "time", times)
    array = _crop(array, "latitude", ds["latitude"].to_numpy())
    if not array.size:
        return np.full(times.size, np.nan)
    array = _wrap_longitude(array)
    east = array["longitude"].to_numpy()
    longitude = east[0] + (ds["longitude"].to_numpy() - east[0]) % 360.0
    axes = [array[name].to_numpy() for name in ("time", "latitude", "longitude")]
    points = [
        _reachable_times(axes[0], times, joining),
        ds["latitude"].to_numpy(),
        longitude,
    ]
    return interpolate_grid(_mask_impossible(array.to_numpy(), bounds), axes, points)


def _crop(array: xr.DataArray, name: str, points: np.ndarray) -> xr.DataArray:
    """Crop a grid to the range of the rows before it is loaded."""
    axis = array[name].to_numpy()
    valid = points[~np.isnan(points)]
    if not valid.size:
        return array.isel({name: slice(0, 0)})
    low = int(np.searchsorted(axis, valid.min())) - _MARGIN
    high = int(np.searchsorted(axis, valid.max())) + _MARGIN
    return array.isel({name: slice(max(low, 0), max(high, 0))})


def _wrap_longitude(array: xr.DataArray) -> xr.DataArray:
    """Repeat the first meridian of a global grid after its last one."""
    east = array["longitude"].to_numpy()
    gap = 360.0 - (east[-1] - east[0])
    if not 0 < gap < 1.5 * (east[1] - east[0]):
        return array
    first = array.isel(longitude=[0]).assign_coords(longitude=[east[0] + 360.0])
    return xr.concat([array, first], "longitude")
