"""Nearest sample of a gridded field, as SOCAT uses for salinity and pressure."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.dates import SECOND
from oceanco2.errors import ReadError, UnitsError
from oceanco2.files import reading
from oceanco2.units import conversion, stated

_LATITUDES, _LONGITUDES = ("lat", "latitude", "ylat"), ("lon", "longitude", "xlon")
_TIMES = ("time", "month", "tmnth", "t", "climatology_time")
_SALINITY = ("s_an", "salinity", "sal", "sss", "s_mn", "so", "S")
_PRESSURE = ("slp", "msl", "mslp", "pressure", "air_pressure_at_mean_sea_level")


class NearestField:
    """A field on latitude, longitude and time, sampled at the nearest node."""

    def __init__(self, path: str | Path, kind: str) -> None:
        self.path, self.kind = Path(path), kind
        with reading(path, "netCDF", (Exception,)):
            ds = xr.open_dataset(self.path, decode_times=kind == "pressure")
        with ds:
            self._load(ds)

    def _load(self, ds: xr.Dataset) -> None:
        array = self._variable(ds)
        lat, lon, time = (
            self._axis(array, names) for names in (_LATITUDES, _LONGITUDES, _TIMES)
        )
        other_dims = [d for d in array.dims if d not in (lat, lon, time)]
        # Depth levels: the surface is the first.
        array = array.isel(dict.fromkeys(other_dims, 0)).transpose(time, lat, lon)
        self.factor = 1.0
        if self.kind == "pressure":
            units = str(array.attrs.get("units", "")).strip()
            try:
                self.factor, _ = conversion(stated(units, "hPa") or units, "hPa")
            except UnitsError as error:
                raise ReadError(f"{self.path}: {array.name}: {error}") from None
            self.time = array[time].to_numpy().astype("datetime64[s]")
        elif array.sizes[time] != 12:
            raise ReadError(
                f"{self.path}: {array.name} must have the 12 months of a"
                f" climatology, not {array.sizes[time]} times"
            )
        self.latitude = array[lat].to_numpy().astype(float)
        self.longitude = array[lon].to_numpy().astype(float)
        self.values = array.to_numpy()

    def _variable(self, ds: xr.Dataset) -> xr.DataArray:
        names = _SALINITY if self.kind == "salinity" else _PRESSURE
        for name in names:
            if name in ds.data_vars:
                return ds[name]
        fields = [str(name) for name in ds.data_vars if ds[name].ndim >= 3]
        if len(fields) == 1:
            return ds[fields[0]]
        raise ReadError(
            f"{self.path}: no variable is recognised as {self.kind}, such as"
            f" {', '.join(names)}; it has {', '.join(map(str, ds.data_vars))}"
        )

    def _axis(self, array: xr.DataArray, names: tuple[str, ...]) -> str:
        dims = [str(d) for d in array.dims if str(d).lower() in names]
        if not dims:
            raise ReadError(
                f"{self.path}: {array.name} has no dimension {' or '.join(names)}; it"
                f" has {', '.join(map(str, array.dims))}"
            )
        return dims[0]

    def at(
        self, time: np.ndarray, latitude: np.ndarray, longitude: np.ndarray
    ) -> np.ndarray:
        """Return the nearest samples."""
        valid = np.isfinite(latitude) & np.isfinite(longitude) & ~np.isnat(time)
        rows = nearest(self.latitude, np.where(valid, latitude, 0.0))
        columns = nearest(self.longitude, np.where(valid, longitude, 0.0), 360.0)
        if self.kind == "salinity":
            month_number = time.astype("datetime64[M]").astype(np.int64)
            steps = np.where(valid, month_number % 12, 0)
        else:
            origin = self.time[0]
            axis = (self.time - origin) / SECOND
            seconds = (time - origin) / SECOND
            steps = nearest(axis, np.where(valid, seconds, 0.0))
            longest_gap = axis[1] - axis[0] if axis.size > 1 else 21600.0
            with np.errstate(invalid="ignore"):
                valid = valid & (np.abs(axis[steps] - seconds) <= longest_gap)
        samples = self.values[steps, rows, columns].astype(np.float64) * self.factor
        return np.where(valid, samples, np.nan)


def nearest(axis: np.ndarray, points: np.ndarray, circle: float = 0.0) -> np.ndarray:
    """Return the index of the node that is nearest to each point.

    Examples
    --------
    >>> nearest(np.array([0.0, 2.5, 357.5]), np.array([359.0, 1.25]), 360.0)
    array([0, 0])
    """
    order = np.argsort(axis, kind="stable")
    nodes = axis[order]
    if circle:
        points = (points - nodes[0]) % circle + nodes[0]
        nodes = np.append(nodes, nodes[0] + circle)
        order = np.append(order, order[0])
    above = np.clip(np.searchsorted(nodes, points), 1, max(nodes.size - 1, 1))
    if nodes.size == 1:
        return np.zeros(points.size, np.int64)
    lower = points - nodes[above - 1] <= nodes[above] - points
    return order[np.where(lower, above - 1, above)]


@lru_cache(maxsize=4)
def open_field(path: str, kind: str) -> NearestField:
    """Return a field, kept in memory."""
    return NearestField(path, kind)
