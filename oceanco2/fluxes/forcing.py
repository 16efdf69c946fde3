"""Forcing from numbers, arrays, datasets and files, interpolated to the rows."""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import HOUR_SECONDS
from oceanco2.errors import (
    DataWarning,
    OptionError,
    ProcessingError,
    ReadError,
    UnitsError,
    choose,
)
from oceanco2.fields.air import is_netcdf
from oceanco2.fields.validity import valid_only
from oceanco2.files import check_file, reading
from oceanco2.fluxes.coverage import check_possible, why_no_value
from oceanco2.interpolation import brackets, interpolate_grid, seconds
from oceanco2.units import conversion, reconcile, split_name
from oceanco2.vocabulary import VARIABLES

MOMENTS: Mapping[str, str] = MappingProxyType(
    {"wind_speed_squared": "m2 s-2", "wind_speed_cubed": "m3 s-3"}
)


@dataclass(frozen=True, slots=True)
class ForcingKind:
    """A quantity that the user can provide as forcing."""

    option: str
    variable: str
    names: tuple[str, ...] = ()
    standard_names: tuple[str, ...] = ()
    components: tuple[tuple[str, str], ...] = ()
    #: What a value is called in messages.
    meaning: str = ""
    #: Units of files that state none, the likeliest first; and the least highest value
    #: of a field in them.
    other_units: tuple[str, ...] = ()
    least: float = 0.0
    #: Possible values, if narrower than those of the variable.
    limits: tuple[float, float] | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the lowest and highest possible value."""
        return self.limits or VARIABLES[self.variable].bounds

    @property
    def units(self) -> str:
        """Return the canonical units."""
        return VARIABLES[self.variable].units


WIND = ForcingKind(
    "wind",
    "wind_speed",
    ("wind_speed_10m", "si10", "wspd", "ws", "WS", "WSPD", "WS_401"),
    ("wind_speed",),
    (("u10", "v10"), ("uwnd", "vwnd"), ("eastward_wind", "northward_wind")),
    meaning="a wind speed in m s-1",
    other_units=("cm s-1",),
)
PRESSURE = ForcingKind(
    "pressure",
    "P_atm",
    ("msl", "slp", "pressure"),
    ("air_pressure_at_mean_sea_level", "air_pressure_at_sea_level"),
    meaning="a pressure in hPa",
    other_units=("Pa", "kPa", "atm", "bar"),
)
ICE = ForcingKind(
    "ice",
    "sea_ice_area_fraction",
    ("siconc", "ci", "ice"),
    ("sea_ice_area_fraction",),
    meaning="a fraction",
    other_units=("percent",),
    least=0.1,  # codes of land are 1.2 to 2.55
)
AIR = ForcingKind(
    "xco2_air",
    "xCO2_atm_dry_interp",
    ("xCO2_air", "xco2_air", "xCO2", "CO2"),
    ("mole_fraction_of_carbon_dioxide_in_dry_air",),
    meaning="a mole fraction in umol mol-1",
    other_units=("mol mol-1", "nmol mol-1"),
    limits=(50.0, 50000.0),
)


def number(kind: ForcingKind, value: float) -> float:
    """Return a number if it is possible for the quantity."""
    low, high = VARIABLES[kind.variable].bounds
    if not low <= value <= high:
        units = "" if kind.units == "1" else f" {kind.units}"
        raise OptionError(
            f"{kind.option} must be between {low:g} and {high:g}{units}, not {value:g}"
        )
    check_possible(kind, np.array([value]), "the option", error=OptionError)
    return float(value)


@contextmanager
def dataset(kind: ForcingKind, option: Any) -> Iterator[tuple[xr.Dataset, str]]:
    """Open the forcing as a dataset."""
    if isinstance(option, str | Path):
        with _file(kind, Path(option)) as ds:
            name = Path(option).name
            yield _select_variables(kind, ds, name), name
        return
    if isinstance(option, xr.DataArray):
        option = option.to_dataset(name=kind.variable, promote_attrs=False)
    elif hasattr(option, "to_xarray"):  # a pandas Series with a time index
        option = option.rename(kind.variable).to_xarray().to_dataset()
    if not isinstance(option, xr.Dataset):
        raise OptionError(
            f"{kind.option} must not be a {type(option).__name__}: use a number, a"
            " DataArray, a Dataset or the path of a netCDF or CSV file"
        )
    yield _select_variables(kind, option, kind.option), "given"


@contextmanager
def _file(kind: ForcingKind, path: Path) -> Iterator[xr.Dataset]:
    check_file(path, f"option {kind.option}")
    with reading(path), path.open("rb") as file:
        netcdf = is_netcdf(file.read(4))
    if not netcdf:
        yield _table(kind, path)
        return
    with reading(path, "netCDF", (Exception,)):
        ds = xr.open_dataset(path, decode_timedelta=False)
    with reading(path, "netCDF", (RuntimeError,)), ds:  # values are read when needed
        yield ds


def _table(kind: ForcingKind, path: Path) -> xr.Dataset:
    """Read a CSV: a column ``time`` (ISO 8601, UTC) and columns ``name [units]``."""
    import pandas as pd

    try:
        table = pd.read_csv(path, comment="#", skipinitialspace=True)
    except (ValueError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise ReadError(f"{path}: neither netCDF nor CSV: {reason}") from None
    headers = [str(name).strip() for name in table.columns]
    names, units = zip(
        *(_split_header(kind, header) for header in headers), strict=True
    )
    table.columns = pd.Index(names)
    if "time" not in names:
        raise ReadError(
            f"{path}: no column 'time' (ISO 8601, UTC); it has {', '.join(headers)}"
        )
    try:
        time = pd.to_datetime(table["time"], utc=True, format="ISO8601")
        values = {n: pd.to_numeric(table[n]) for n in names if n != "time"}
    except (ValueError, TypeError) as error:
        raise ReadError(f"{path}: {str(error).splitlines()[0]}") from None
    times = time.dt.tz_localize(None).to_numpy().astype("datetime64[ns]")
    data = {n: ("time", v.to_numpy(np.float64)) for n, v in values.items()}
    ds = xr.Dataset(data, {"time": times})
    for name, unit in zip(names, units, strict=True):
        if unit and name in ds:
            ds[name].attrs["units"] = unit
    return ds


def _split_header(kind: ForcingKind, header: str) -> tuple[str, str]:
    """Split a header into name and units, also units that are not known."""
    name = re.split(r"\s*[\[(]", header)[0]
    if name == "time":
        return name, ""
    known = header in (kind.variable, *kind.names)
    name, unit = (header, "") if known else split_name(header, kind.units)
    bracket = re.fullmatch(r"(.*?)\s*\[(.*)\]", name)
    return (bracket[1], bracket[2]) if bracket and not unit else (name, unit)


def _select_variables(kind: ForcingKind, ds: xr.Dataset, source: str) -> xr.Dataset:
    names = _find_variable(kind, ds, source)
    if isinstance(names, tuple):
        east, north = (_to_canonical_units(kind, ds[name], source) for name in names)
        new = {kind.variable: np.hypot(east, north)}
    else:
        new = {kind.variable: _to_canonical_units(kind, ds[names], source)}
    if kind is WIND:
        new |= {n: _moment(ds[n], n, source) for n in MOMENTS if n in ds}
    return xr.Dataset(new)


def _find_variable(
    kind: ForcingKind, ds: xr.Dataset, source: str
) -> str | tuple[str, str]:
    names = [str(name) for name in ds.data_vars]
    for name in (kind.variable, *kind.names):
        if name in names:
            return name
    matches = [
        n for n in names if ds[n].attrs.get("standard_name") in kind.standard_names
    ]
    if len(matches) == 1:
        return matches[0]
    for pair in kind.components:
        if set(pair) <= set(names):
            return pair
    if len(names) == 1:
        return names[0]
    raise ProcessingError(
        f"{source}: no variable is recognised as {kind.variable}; it has"
        f" {', '.join(names) or 'none'}. Rename one to {kind.variable} or pass it as a"
        f" DataArray: {kind.option}=xarray.open_dataset(path)['name']"
    )


def _to_canonical_units(
    kind: ForcingKind, array: xr.DataArray, source: str
) -> xr.DataArray:
    return _converted(_valid_only(array, source), kind.units, source)


def _valid_only(array: xr.DataArray, source: str) -> xr.DataArray:
    """Set values outside the valid range that the file states to NaN."""
    array, note, wrong = valid_only(array)
    if note or wrong:
        message = note or f"{wrong}, which is not applied"
        warnings.warn(f"{source}: {message}", DataWarning, stacklevel=2)
    return array


def _converted(array: xr.DataArray, canonical: str, source: str) -> xr.DataArray:
    """Convert from the units that the array states."""
    try:
        units, _ = reconcile([str(array.attrs.get("units", ""))], "", canonical)
    except UnitsError as error:
        raise UnitsError(f"{source}, {array.name}: {error}") from None
    scale, offset = conversion(units, canonical)
    return array if (scale, offset) == (1.0, 0.0) else array * scale + offset


def _moment(array: xr.DataArray, name: str, source: str) -> xr.DataArray:
    return _converted(array, MOMENTS[name], source)


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
        choose("join", self.method, JOINS)
        if not 0 < self.limit_hours < np.inf:
            raise OptionError(
                f"limit_hours must be more than 0, not {self.limit_hours}"
            )

    @property
    def text(self) -> str:
        """Return the method as text."""
        return f"{self.method} in time, samples up to {self.limit_hours:g} h away"


@dataclass(frozen=True, slots=True)
class ForcingValues:
    """Forcing on the rows, and where it comes from."""

    values: np.ndarray
    source: str
    more: dict[str, np.ndarray] = field(default_factory=dict)


def join(
    kind: ForcingKind, option: Any, ds: xr.Dataset, joining: Join
) -> ForcingValues:
    """Interpolate forcing to the rows of a dataset."""
    rows = ds.sizes["time"]
    if isinstance(option, bool):
        raise OptionError(f"{kind.option} must not be {option}")
    if isinstance(option, int | float | np.number):
        return ForcingValues(
            np.full(rows, number(kind, float(option))), f"{option:g} everywhere"
        )
    if isinstance(option, np.ndarray | list | tuple):
        values = np.asarray(option, dtype=np.float64)
        if values.shape != (rows,):
            raise OptionError(
                f"{kind.option}: an array of shape {values.shape} does not match"
                f" {rows} rows; use a DataArray with times"
            )
        check_possible(kind, values, "an array")
        return ForcingValues(values, "given for each row")
    with dataset(kind, option) as (forcing, source):
        values = _interpolate_to_rows(kind, forcing[kind.variable], ds, joining, source)
        more = {
            str(name): _interpolate_to_rows(kind, forcing[name], ds, joining, source)
            for name in forcing.data_vars
            if name != kind.variable
        }
    return ForcingValues(values, f"{source}, {joining.text}", more)


def _interpolate_to_rows(
    kind: ForcingKind, array: xr.DataArray, ds: xr.Dataset, joining: Join, source: str
) -> np.ndarray:
    single = [
        d for d in array.dims if array.sizes[d] == 1 and array[d].dtype.kind != "M"
    ]
    array = _merge_versions(array.squeeze(single, drop=True))
    if array.ndim == 0:
        return np.full(ds.sizes["time"], number(kind, float(array)))
    time = [d for d in array.dims if array[d].dtype.kind == "M"]
    if len(time) != 1:
        raise ProcessingError(
            f"{source}: {array.name} has no time dimension"
            f" ({', '.join(map(str, array.dims))})"
        )
    array = array.rename({time[0]: "time"}) if time[0] != "time" else array
    low, high = kind.bounds
    power = 1 + [kind.variable, *MOMENTS].index(str(array.name))
    bounds = (low, high) if power == 1 else (0.0, high**power)
    near = array if array.ndim == 1 else _near_rows(array, ds, source)
    if power == 1:
        check_possible(kind, near.to_numpy(), source)
    if array.ndim == 1:
        values = _along_time(array, ds["time"].to_numpy(), joining, bounds)
    else:
        values = _on_grid(near, ds, joining, bounds)
    if not np.isfinite(values).any():
        whole = array if array.ndim == 1 else _with_names(array, ds, source)
        raise why_no_value(kind, whole, ds, joining.text, source)
    return values


def _merge_versions(array: xr.DataArray) -> xr.DataArray:
    """Fill gaps of the final ERA5 (expver 1) with the preliminary one (expver 5)."""
    if "expver" not in array.dims:
        return array
    order = np.argsort(array["expver"].to_numpy())
    versions = [array.isel(expver=i, drop=True) for i in order]
    merged = versions[0]
    for version in versions[1:]:
        merged = merged.fillna(version)
    return merged


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
    limit = joining.limit_hours * HOUR_SECONDS
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


def _with_names(array: xr.DataArray, ds: xr.Dataset, source: str) -> xr.DataArray:
    """Return a grid along time, latitude and longitude, all of them increasing."""
    names = {}
    for coordinate, candidates in _COORDINATE_NAMES.items():
        dims = [str(d) for d in array.dims if d in candidates]
        if len(dims) != 1 or array.ndim != 3 or coordinate not in ds.variables:
            raise ProcessingError(
                f"{source}: {array.name} is along {', '.join(map(str, array.dims))};"
                f" it must be along time, or time, latitude and longitude"
            )
        names[dims[0]] = coordinate
    array = array.rename({k: v for k, v in names.items() if k != v})
    array = array.transpose("time", "latitude", "longitude").sortby(list(array.dims))
    return array.drop_duplicates("time")


def _near_rows(array: xr.DataArray, ds: xr.Dataset, source: str) -> xr.DataArray:
    """Return the part of a grid that the rows need."""
    array = _crop(_with_names(array, ds, source), "time", ds["time"].to_numpy())
    return _crop(array, "latitude", ds["latitude"].to_numpy())


def _on_grid(
    array: xr.DataArray, ds: xr.Dataset, joining: Join, bounds: Bounds
) -> np.ndarray:
    times = ds["time"].to_numpy()
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
