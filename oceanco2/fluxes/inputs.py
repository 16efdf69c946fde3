"""Inputs of a flux on the rows of a dataset."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import DataWarning, ProcessingError, UnitsError
from oceanco2.fields.air import interpolate_mbl, is_netcdf, read_air
from oceanco2.files import reading
from oceanco2.fluxes.coverage import NotCoveredError
from oceanco2.fluxes.forcing import (
    AIR,
    ICE,
    MOMENTS,
    PRESSURE,
    WIND,
    ForcingKind,
    ForcingValues,
    Join,
    join,
)
from oceanco2.fluxes.quality import Quality, of_air, of_variable
from oceanco2.interpolation import BLOCK
from oceanco2.physics import fco2_from_xco2, wind_at_10m
from oceanco2.units import reconcile, to_canonical
from oceanco2.vocabulary import BAD, VARIABLES, possible

#: Where the CO2 of the air comes from, row by row.
AIR_SOURCES = {"none": 0, "measured_interp": 1, "measured_actual": 2, "given": 3}
KINDS = ("interp", "actual")
WATER = "fCO2_water_SST_wet"
#: Height of a wind of unknown height [m].
_WIND_HEIGHT = 10.0


@dataclass(slots=True)
class Inputs:
    """Columns of equal length and where they come from."""

    columns: dict[str, np.ndarray]
    moments: dict[str, np.ndarray]
    air_source: np.ndarray
    parts: dict[str, Quality | None]
    descriptions: dict[str, str] = field(default_factory=dict)


def gather(
    ds: xr.Dataset,
    *,
    wind: Any,
    wind_height: float | None,
    wind_profile: Any,
    xco2_air: Any,
    pressure: Any,
    ice: Any,
    joining: Join,
) -> Inputs:
    """Collect all inputs of a flux on the rows of a dataset."""
    columns = {
        "water": required_variable(ds, WATER, "process raw files first, or reduce"),
        "SST": required_variable(ds, "SST", "name its column in the platform file"),
        "salinity": required_variable(
            ds, "salinity", "a constant in the platform file is enough: value = 35.0"
        ),
    }
    descriptions: dict[str, str] = {}
    wind_speed = _forcing(WIND, wind, ds, joining, "the ship's own")
    assumed = ", assumed" if wind is None and wind_height is None else ""
    wind_height = _WIND_HEIGHT if wind_height is None else float(wind_height)
    factor = wind_at_10m(1.0, wind_height, wind_profile)
    columns["wind"] = possible("wind_speed", wind_speed.values) * factor
    moments = {
        name: wind_speed.more[name] * factor**power
        for power, name in enumerate(MOMENTS, start=2)
        if name in wind_speed.more
    }
    descriptions["wind"] = f"{wind_speed.source}; height {wind_height:g} m{assumed}"
    columns["ice"], descriptions["ice"] = _ice(ice, ds, joining)
    air = _air(ds, xco2_air, pressure, columns, joining)
    columns["air"], air_quality, source, air_descriptions = air
    parts = {name: of_variable(ds, name) for name in ("SST", "salinity")}
    parts["water"] = of_variable(ds, WATER)
    parts["air"] = air_quality
    if wind is None:
        parts["wind"] = of_variable(ds, "wind_speed")
    if ice is None:
        parts["ice"] = of_variable(ds, ICE.variable)
    return Inputs(columns, moments, source, parts, descriptions | air_descriptions)


def possible_values(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return a variable in its canonical units, without impossible values."""
    canonical = VARIABLES[name].units
    try:
        units, _ = reconcile([str(ds[name].attrs.get("units", ""))], "", canonical)
    except UnitsError as error:
        raise UnitsError(f"{name}: {error}") from None
    return possible(name, to_canonical(ds[name].to_numpy(), units, canonical))


def required_variable(ds: xr.Dataset, name: str, hint: str) -> np.ndarray:
    """Return a required variable of the dataset without impossible values."""
    if name not in ds:
        raise ProcessingError(f"a flux needs {name}, which is missing: {hint}")
    values = possible_values(ds, name)
    if not np.isfinite(values).any():
        raise ProcessingError(f"a flux needs {name}, which has no values: {hint}")
    return values


def _forcing(
    kind: ForcingKind, option: Any, ds: xr.Dataset, joining: Join, source: str
) -> ForcingValues:
    if option is not None:
        return join(kind, option, ds, joining)
    cli_option = f"--{kind.option.replace('_', '-')}"
    hint = (
        f"give {kind.option}=: a number in {kind.units}, a DataArray, or a netCDF or"
        f" CSV file (on the command line {cli_option})"
    )
    if kind is PRESSURE:
        hint = hint.rpartition(" (")[0]  # no such option on the command line
    return ForcingValues(required_variable(ds, kind.variable, hint), source)


def _ice(option: Any, ds: xr.Dataset, joining: Join) -> tuple[np.ndarray, str]:
    if option is None and ICE.variable not in ds:
        return np.zeros(ds.sizes["time"]), "none"
    forcing = _forcing(ICE, option, ds, joining, "on the dataset")
    return possible(ICE.variable, forcing.values), forcing.source


def _air(
    ds: xr.Dataset,
    option: Any,
    pressure: Any,
    columns: dict[str, np.ndarray],
    joining: Join,
) -> tuple[np.ndarray, Quality, np.ndarray, dict[str, str]]:
    """Use air measured on board where it is not bad, else the option."""
    air, source, codes = _measured_air(ds, spare_bad=option is not None)
    descriptions = {"air": "measured on board"}
    if option is None and not source.any():
        return _without_pressure(ds, pressure, columns, joining)
    quality = of_air(ds, source, codes)
    if option is None:
        return air, quality, source, descriptions
    try:
        fraction, source_text = _mole_fraction(ds, option, joining)
    except NotCoveredError as error:
        if not np.isfinite(air).any():
            raise
        without = int(np.isnan(air).sum())
        message = f"{error}; air measured on board is used, {without} rows have none"
        warnings.warn(message, DataWarning, stacklevel=2)
        return air, quality, source, descriptions
    filled, pressure_text = _fugacity_of_dry_air(
        ds, fraction, pressure, columns, joining
    )
    empty = np.isnan(air) & np.isfinite(filled)
    air[empty] = filled[empty]
    prefix = "measured on board, else " if source.any() else ""
    source[empty] = AIR_SOURCES["given"]
    descriptions = {
        "air": f"{prefix}xCO2 from {source_text}",
        "pressure": pressure_text,
    }
    return air, of_air(ds, source, codes), source, descriptions


def _measured_air(
    ds: xr.Dataset, spare_bad: bool
) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    """Return fugacity, its source, and the codes of the variables."""
    air = np.full(ds.sizes["time"], np.nan)
    source = np.zeros(air.size, dtype=np.int8)
    codes = {f"fCO2_atm_wet_{kind}": AIR_SOURCES[f"measured_{kind}"] for kind in KINDS}
    for name, code in codes.items():
        if name not in ds:
            continue
        values = possible_values(ds, name)
        if spare_bad and f"{name}_flag" in ds:
            values[ds[f"{name}_flag"].to_numpy() >= BAD] = np.nan
        empty = np.isnan(air) & np.isfinite(values)
        air[empty] = values[empty]
        source[empty] = code
    return air, source, codes


def _without_pressure(
    ds: xr.Dataset, pressure: Any, columns: dict[str, np.ndarray], joining: Join
) -> tuple[np.ndarray, Quality, np.ndarray, dict[str, str]]:
    """Compute fugacity of measured air with a pressure that the dataset lacks."""
    source = np.zeros(ds.sizes["time"], dtype=np.int8)
    for kind in KINDS:
        name = f"xCO2_atm_dry_{kind}"
        fraction = possible_values(ds, name) if name in ds else source * np.nan
        if np.isfinite(fraction).any():
            air, pressure_text = _fugacity_of_dry_air(
                ds, fraction, pressure, columns, joining
            )
            code = AIR_SOURCES[f"measured_{kind}"]
            source[np.isfinite(air)] = code
            descriptions = {
                "air": f"{name} measured on board",
                "pressure": pressure_text,
            }
            return air, of_air(ds, source, {name: code}), source, descriptions
    raise ProcessingError(
        "a flux needs CO2 in the air, which was not measured here: give"
        " xco2_air=: a number in umol mol-1, a DataArray, or the file of the"
        " NOAA marine boundary layer reference (on the command line --xco2-air)"
    )


def _fugacity_of_dry_air(
    ds: xr.Dataset,
    fraction: np.ndarray,
    pressure: Any,
    columns: dict[str, np.ndarray],
    joining: Join,
) -> tuple[np.ndarray, str]:
    """Return the fugacity of a dry mole fraction in moist air, and the pressure."""
    sea_level = _forcing(PRESSURE, pressure, ds, joining, "P_atm")
    p_atm = possible("P_atm", sea_level.values)
    state = (columns["SST"], columns["salinity"], p_atm)
    air = by_blocks(fco2_from_xco2, fraction, *state, on_range="ignore")
    return air, sea_level.source


def _mole_fraction(
    ds: xr.Dataset, option: Any, joining: Join
) -> tuple[np.ndarray, str]:
    if isinstance(option, str | Path) and _is_air_by_latitude(Path(option)):
        option = read_air(option)
    if isinstance(option, xr.DataArray) and "sin_latitude" in option.dims:
        if "latitude" not in ds.variables:
            raise ProcessingError("CO2 of the air by latitude needs latitude")
        time, latitude = ds["time"].to_numpy(), ds["latitude"].to_numpy()
        values = interpolate_mbl(option, time, latitude)
        name = option.attrs.get("source_file", "a field by latitude")
        if not np.isfinite(values).any():
            span = np.datetime_as_string(option["time"].to_numpy()[[0, -1]], unit="D")
            raise NotCoveredError(
                f"xco2_air from {name} covers {span[0]} to {span[1]}: no row is within"
            )
        return values, f"{name}, linear in time and sine of latitude"
    forcing = join(AIR, option, ds, joining)
    return possible("xCO2_atm_dry_interp", forcing.values), forcing.source


def _is_air_by_latitude(path: Path) -> bool:
    """Whether a file contains CO2 by latitude, by its content."""
    if not path.is_file():
        return False
    with reading(path), path.open("rb") as file:
        start = file.read(20_000)
    if not is_netcdf(start):
        return b"Sine of latitude" in start
    with (
        reading(path, "netCDF", (Exception,)),
        xr.open_dataset(path, decode_timedelta=False) as ds,
    ):
        return "CO2" in ds and ds["CO2"].ndim == 2


def by_blocks(formula: Callable[..., Any], *columns: Any, **options: Any) -> np.ndarray:
    """Evaluate a formula on a limited number of rows at a time."""
    out = np.empty(columns[0].size)
    for start in range(0, out.size, BLOCK):
        rows = slice(start, start + BLOCK)
        cut = {
            k: v[rows] if isinstance(v, np.ndarray) else v for k, v in options.items()
        }
        out[rows] = formula(*(column[rows] for column in columns), **cut)
    return out
