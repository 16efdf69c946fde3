"""Monthly fields of CO2 in sea water, of any layout, and their values on a track."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ReadError, UnitsError, choose_name
from oceanco2.files import check_file, reading
from oceanco2.units import conversion

_LATITUDE = re.compile(r"^(y?lat\w*|y|nav_lat)$", re.IGNORECASE)
_LONGITUDE = re.compile(r"^(x?lon\w*|x|nav_lon)$", re.IGNORECASE)
_TIME = re.compile(r"^(t|time\w*|tmnth|mon\w*|date)$", re.IGNORECASE)
#: Names of CO2 of the sea, best first: averages first, fugacity before pressure.
_CO2_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^fco2_ave_weighted",
        r"^s?fco2(?!.*(std|err|unc|count|n_?obs|min|max|num))",
        r"fco2(?!.*(std|err|unc|count|n_?obs|min|max|num))",
        r"^s?pco2(?!.*(std|err|unc|count|n_?obs|min|max|num|air|atm))",
        r"pco2(?!.*(std|err|unc|count|n_?obs|min|max|num|air|atm))",
    )
)
_SCATTER = ("error", "std", "err", "uncertainty", "sd")
_MICRO = re.compile(r"^(micro|mu|u|\u00b5|\u03bc)[\s_-]*atm", re.IGNORECASE)
_MONTHS_SINCE = re.compile(r"months? since (\d{4})-(\d{1,2})", re.IGNORECASE)
_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])(?!\d{3,})")
_VALID_RANGE = (10.0, 10000.0)  # undeclared fill values are outside


@dataclass(frozen=True, slots=True)
class Field:
    """One month of a climatology."""

    month: int
    year: int | None
    values: np.ndarray
    scatter: np.ndarray | None


@dataclass(frozen=True, slots=True)
class Climatology:
    """Monthly fields on one grid."""

    latitude: np.ndarray
    longitude: np.ndarray
    fields: tuple[Field, ...]
    year: float | None


def read_climatology(file: str, variable: str = "", months: Any = None) -> Climatology:
    """Read monthly fields."""
    paths = matching(Path(file)) or [Path(file)]
    grid: tuple[np.ndarray, np.ndarray] | None = None
    fields: list[Field] = []
    years: list[float] = []
    for path in paths:
        with _open(path) as ds:
            name = _co2_variable(ds, variable, path)
            axes = _axes(ds[name], path)
            axes_of_file = tuple(
                ds[axes[k]].to_numpy().astype(float) for k in ("lat", "lon")
            )
            if grid is not None and not all(map(np.array_equal, grid, axes_of_file)):
                raise ReadError(f"{path}: its grid differs from that of {paths[0]}")
            grid = axes_of_file[0], axes_of_file[1]
            months_and_years = _months_and_years(ds, axes.get("time"), path.name)
            years += [y for _, y in months_and_years if y] or _year_of(name)
            fields += _fields(ds, name, axes, months_and_years, months, path)
    if grid is None:  # never: a pattern without files is treated as a missing file
        raise ReadError(f"{file}: no such file")
    return Climatology(*grid, tuple(fields), float(np.mean(years)) if years else None)


def matching(path: Path) -> list[Path]:
    """List the files of a pattern; a name without wildcards is one file."""
    parts = path.parts
    first_wildcard = next(
        (i for i, part in enumerate(parts) if set(part) & set("*?[")), None
    )
    if first_wildcard is None or path.is_file():
        return [path] if path.is_file() else []
    matches = Path(*parts[:first_wildcard]).glob(str(Path(*parts[first_wildcard:])))
    return sorted(p for p in matches if p.is_file())


def _open(path: Path) -> xr.Dataset:
    check_file(path, "climatology")
    # Times are decoded below: in some files xarray cannot decode them.
    with reading(path, "netCDF", (Exception,)):
        return xr.open_dataset(path, decode_times=False, decode_timedelta=False)


def _co2_variable(ds: xr.Dataset, variable: str, path: Path) -> str:
    names = [str(name) for name in ds.data_vars if ds[name].ndim in (2, 3)]
    if variable:
        kind = "variable along latitude and longitude"
        return choose_name(kind, variable, names, str(path), error=OptionError)
    for pattern in _CO2_NAMES:
        matches = [name for name in names if pattern.search(name)]
        if matches:
            return matches[0]
    raise OptionError(
        f"{path}: no variable is recognised as CO2 of the sea; set 'variable' to one of"
        f" {', '.join(names) or 'none'}"
    )


def _axes(array: xr.DataArray, path: Path) -> dict[str, str]:
    axes: dict[str, str] = {}
    for dim in map(str, array.dims):
        units = (
            str(array.coords[dim].attrs.get("units", "")) if dim in array.coords else ""
        )
        if units.startswith("degree") and units.endswith(("north", "_N", "N")):
            axes["lat"] = dim
        elif units.startswith("degree") and units.endswith(("east", "_E", "E")):
            axes["lon"] = dim
        else:
            for key, pattern in (
                ("lat", _LATITUDE),
                ("lon", _LONGITUDE),
                ("time", _TIME),
            ):
                if pattern.match(dim):
                    axes[key] = dim
    other_dims = [str(d) for d in array.dims if d not in axes.values()]
    if len(other_dims) == 1 and "time" not in axes:
        axes["time"] = other_dims.pop()
    complete = {"lat", "lon"} <= set(axes) and not other_dims
    if not complete or not {axes["lat"], axes["lon"]} <= set(map(str, array.coords)):
        raise ReadError(
            f"{path}: {array.name} has dimensions {', '.join(map(str, array.dims))};"
            " it needs time, and latitude and longitude with coordinates"
        )
    return axes


def _months_and_years(
    ds: xr.Dataset, dim: str | None, name: str
) -> list[tuple[int, int | None]]:
    """Return month and year of each time step."""
    size = ds.sizes[dim] if dim is not None else 1
    dated = _decode_dates(ds[dim]) if dim in ds.coords else None
    if dated is not None:
        return dated
    if size == 12:
        return [(month, None) for month in range(1, 13)]
    stamp = _MONTH_IN_NAME.search(name)
    if size == 1 and stamp:
        return [(int(stamp[2]), int(stamp[1]))]
    raise ReadError(
        f"{name}: its time axis ({dim}, {size} steps) has no known months: it needs"
        " dates, twelve months, or a month such as 2010-07 in the file name"
    )


def _decode_dates(axis: xr.DataArray) -> list[tuple[int, int | None]] | None:
    """Decode a time axis; return None if that is not possible."""
    units = str(axis.attrs.get("units", ""))
    since = _MONTHS_SINCE.search(units)
    if since:
        first = 12 * int(since[1]) + int(since[2]) - 1
        steps = np.floor(axis.to_numpy().astype(float)).astype(int) + first
        return [(int(n % 12) + 1, int(n // 12)) for n in steps]
    if " since " not in units:
        return None
    try:
        decoded = xr.decode_cf(axis.to_dataset(name="axis_"))[axis.name]
        years, months = decoded.dt.year.to_numpy(), decoded.dt.month.to_numpy()
    except (ValueError, OverflowError, AttributeError, TypeError):
        return None
    if years.min() < 1800 or years.max() > 2200:
        # Some files use year 0 or 1 for a climatology.
        if axis.size == 12 and years.max() < 1800:
            return [(int(m), None) for m in months]
        return None
    return [(int(m), int(y)) for m, y in zip(months, years, strict=True)]


def _year_of(name: str) -> list[float]:
    match = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", name)
    return [float(match[0])] if match else []


def _fields(
    ds: xr.Dataset,
    name: str,
    axes: Mapping[str, str],
    months_and_years: list[tuple[int, int | None]],
    months: Any,
    path: Path,
) -> list[Field]:
    factor = _factor(ds[name], path)
    scatter_name = _scatter_name(ds, name)
    fields = []
    for step, (month, year) in enumerate(months_and_years):
        if months is not None and month not in months:
            continue
        values, scatter = (
            None if n is None else _plane(ds[n], axes, step) * factor
            for n in (name, scatter_name)
        )
        if values is None:
            continue
        values[(values < _VALID_RANGE[0]) | (values > _VALID_RANGE[1])] = np.nan
        fields.append(Field(month, year, values, scatter))
    return fields


def _plane(array: xr.DataArray, axes: Mapping[str, str], step: int) -> np.ndarray:
    selection = {axes["time"]: step} if axes.get("time") in array.dims else {}
    plane = array.isel(selection).transpose(axes["lat"], axes["lon"])
    return plane.to_numpy().astype(np.float64)


def _factor(array: xr.DataArray, path: Path) -> float:
    units = str(array.attrs.get("units", "uatm")).strip()
    if _MICRO.match(units):
        return 1.0
    try:
        return conversion(units, "uatm")[0]
    except UnitsError as error:
        raise UnitsError(f"{path}, {array.name}: {error}") from None


def _scatter_name(ds: xr.Dataset, name: str) -> str | None:
    """Find the standard deviation of a variable, by its name."""
    stems = {re.sub(r"_(pred|ave|mean)(?=_|$)", r"_{}", name), name + "_{}"}
    for stem in stems:
        for suffix in _SCATTER:
            other = stem.replace("{}", suffix)
            if (
                other != name
                and other in ds.data_vars
                and ds[other].dims == ds[name].dims
            ):
                return other
    return None


def climatology_at(
    climatology: Climatology,
    time: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
    *,
    trend: float = 0.0,
    year: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return value and scatter of a climatology at times and positions."""
    reference = climatology.year if year is None else year
    if trend and reference is None:
        raise OptionError(
            "a trend needs 'reference_year': the climatology does not state its year"
        )
    months, years = calendar(time)
    expected, scatter = np.full(time.size, np.nan), np.zeros(time.size)
    dated = {(f.month, f.year): f for f in climatology.fields if f.year is not None}
    by_month = _by_month(climatology)
    y, x = (
        _nearest_cell(axis, at)
        for axis, at in (
            (climatology.latitude, latitude),
            (climatology.longitude, longitude),
        )
    )
    in_grid = (y >= 0) & (x >= 0)
    for key in set(zip(months[in_grid].tolist(), years[in_grid].tolist(), strict=True)):
        rows = np.flatnonzero(in_grid & (months == key[0]) & (years == key[1]))
        field = dated.get(key) or by_month.get(key[0])
        if field is None:
            continue
        cells = y[rows], x[rows]
        expected[rows] = _fill_gaps(field.values)[cells]
        if field.year is None and trend and reference is not None:
            years_since = key[1] + (key[0] - 0.5) / 12.0 - (reference + 0.5)
            expected[rows] += trend * years_since
        if field.scatter is not None:
            scatter[rows] = np.nan_to_num(field.scatter[cells])
    return expected, scatter


def calendar(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return calendar months and years of times.

    Examples
    --------
    >>> months, years = calendar(np.array(["2010-07-14"], "datetime64[ns]"))
    >>> int(months[0]), int(years[0])
    (7, 2010)
    """
    number = time.astype("datetime64[M]").astype(int)
    return number % 12 + 1, number // 12 + 1970


def _by_month(climatology: Climatology) -> dict[int, Field]:
    """Return one field per month, averaged over years if needed."""
    fields_by_month = {f.month: f for f in climatology.fields if f.year is None}
    for month in {f.month for f in climatology.fields} - set(fields_by_month):
        fields = [f for f in climatology.fields if f.month == month]
        values = [f.values for f in fields]
        count = np.sum([np.isfinite(v) for v in values], axis=0)
        with np.errstate(invalid="ignore"):
            mean = np.nansum(values, axis=0) / np.where(count > 0, count, np.nan)
        scatter = fields[0].scatter if len(fields) == 1 else None
        fields_by_month[month] = Field(month, None, mean, scatter)
    return fields_by_month


def _nearest_cell(axis: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the cell of each point, -1 where there is none; longitudes wrap around."""
    order = np.argsort(axis)
    nodes = axis[order]
    step = np.median(np.diff(nodes)) if nodes.size > 1 else 360.0
    is_global = nodes[-1] - nodes[0] > 180.0
    shifted = (
        (points - nodes[0] + step / 2) % 360.0 + nodes[0] - step / 2
        if is_global
        else points
    )
    cell = np.clip(np.searchsorted(nodes, shifted - step / 2), 0, nodes.size - 1)
    with np.errstate(invalid="ignore"):
        inside = np.abs(nodes[cell] - shifted) <= step / 2 + 1e-6
    return np.where(inside, order[cell], -1)


def _fill_gaps(values: np.ndarray) -> np.ndarray:
    """Fill empty cells with the mean of their neighbours."""
    padded = np.pad(values, ((1, 1), (0, 0)), constant_values=np.nan)
    padded = np.concatenate([padded[:, -1:], padded, padded[:, :1]], axis=1)
    neighbours = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    count = np.isfinite(neighbours).sum(axis=(2, 3))
    mean = np.nansum(neighbours, axis=(2, 3)) / np.where(count > 0, count, np.nan)
    return np.where(np.isnan(values), mean, values)
