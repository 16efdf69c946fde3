"""Forcing provided by the user: numbers, arrays, datasets and files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, ReadError, UnitsError
from oceanco2.fields.air import is_netcdf
from oceanco2.units import to_canonical
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
)
PRESSURE = ForcingKind(
    "pressure",
    "P_atm",
    ("msl", "slp", "pressure"),
    ("air_pressure_at_mean_sea_level", "air_pressure_at_sea_level"),
)
ICE = ForcingKind(
    "ice", "sea_ice_area_fraction", ("siconc", "ci", "ice"), ("sea_ice_area_fraction",)
)
AIR = ForcingKind(
    "xco2_air",
    "xCO2_atm_dry_interp",
    ("xCO2_air", "xco2_air", "xCO2", "CO2"),
    ("mole_fraction_of_carbon_dioxide_in_dry_air",),
)


def number(kind: ForcingKind, value: float) -> float:
    """Return a number if it is possible for the quantity."""
    low, high = VARIABLES[kind.variable].bounds
    if not low <= value <= high:
        units = "" if kind.units == "1" else f" {kind.units}"
        raise OptionError(
            f"{kind.option} must be between {low:g} and {high:g}{units}, not {value:g}"
        )
    return float(value)


@contextmanager
def dataset(kind: ForcingKind, option: Any) -> Iterator[tuple[xr.Dataset, str]]:
    """Open the forcing as a dataset."""
    if isinstance(option, str | Path):
        with _file(kind, Path(option)) as ds:
            yield _select_variables(kind, ds, Path(option).name), Path(option).name
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
    if not path.is_file():
        raise ReadError(f"{path}: no such file (option {kind.option})")
    with path.open("rb") as file:
        netcdf = is_netcdf(file.read(4))
    if not netcdf:
        yield _table(path)
        return
    try:
        ds = xr.open_dataset(path, decode_timedelta=False)
    except (OSError, ValueError) as error:
        raise ReadError(f"{path}: cannot be read as netCDF: {error}") from None
    with ds:
        yield ds


def _table(path: Path) -> xr.Dataset:
    """Read a CSV: a column ``time`` (ISO 8601, UTC) and columns ``name [units]``."""
    import pandas as pd

    try:
        table = pd.read_csv(path, comment="#", skipinitialspace=True)
    except (ValueError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise ReadError(f"{path}: neither netCDF nor CSV: {reason}") from None
    headers = [str(name).strip() for name in table.columns]
    names = [header.split("[")[0].strip() for header in headers]
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
    for name, header in zip(names, headers, strict=True):
        if "[" in header and name in ds:
            ds[name].attrs["units"] = header.split("[")[1].rstrip("] ")
    return ds


def _select_variables(kind: ForcingKind, ds: xr.Dataset, source: str) -> xr.Dataset:
    names = _find_variable(kind, ds, source)
    if isinstance(names, tuple):
        east, north = (_to_canonical_units(kind, ds[name], source) for name in names)
        new = {kind.variable: np.hypot(east, north)}
    else:
        new = {kind.variable: _to_canonical_units(kind, ds[names], source)}
    if kind is WIND:
        new |= {n: _check_moment(ds[n], n, source) for n in MOMENTS if n in ds}
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
    units = str(array.attrs.get("units", kind.units)).replace("**", "")
    if kind.units == "1" and units in ("(0 - 1)", ""):
        units = "1"
    try:
        scale_offset = to_canonical([0.0, 1.0], units, kind.units)
    except UnitsError as error:
        raise UnitsError(f"{source}, {array.name}: {error}") from None
    offset, scale = scale_offset[0], scale_offset[1] - scale_offset[0]
    return array if (scale, offset) == (1.0, 0.0) else array * scale + offset


def _check_moment(array: xr.DataArray, name: str, source: str) -> xr.DataArray:
    units = str(array.attrs.get("units", MOMENTS[name])).replace("**", "")
    if units != MOMENTS[name]:
        raise UnitsError(
            f"{source}, {name}: units are {units!r}, not {MOMENTS[name]!r}"
        )
    return array
