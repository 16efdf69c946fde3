"""What a flux is computed from, gathered on the rows of a dataset."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.fields.interpolation import BLOCK
from oceanco2.fields.marine_air import interpolate_mbl, is_netcdf, read_air
from oceanco2.fluxes.joining import Join, Joined, join
from oceanco2.fluxes.quality import Quality, of_air, of_variable
from oceanco2.fluxes.sources import AIR, ICE, MOMENTS, PRESSURE, WIND, Kind
from oceanco2.physics import fco2_from_xco2, wind_at_10m
from oceanco2.vocabulary import BAD, possible

#: Where the CO2 of the air comes from, row by row.
AIR_SOURCES = {"none": 0, "measured_interp": 1, "measured_actual": 2, "given": 3}
KINDS = ("interp", "actual")
WATER = "fCO2_water_SST_wet"


@dataclass(slots=True)
class Inputs:
    """Columns of equal length and where they come from."""

    columns: dict[str, np.ndarray]
    moments: dict[str, np.ndarray]
    air_source: np.ndarray
    parts: dict[str, Quality | None]
    said: dict[str, str] = field(default_factory=dict)


def gather(
    ds: xr.Dataset,
    *,
    wind: Any,
    wind_height: float,
    wind_profile: Any,
    xco2_air: Any,
    pressure: Any,
    ice: Any,
    how: Join,
) -> Inputs:
    """Bring everything that a flux needs to the rows."""
    columns = {
        "water": measured(ds, WATER, "process raw files first, or reduce"),
        "SST": measured(ds, "SST", "the platform file must name its column"),
        "salinity": measured(
            ds, "salinity", "a constant in the platform file will do: value = 35.0"
        ),
    }
    said: dict[str, str] = {}
    blow = _forcing(WIND, wind, ds, how, "the ship's own")
    factor = wind_at_10m(1.0, float(wind_height), wind_profile)
    columns["wind"] = possible("wind_speed", blow.values) * factor
    moments = {
        name: blow.more[name] * factor**power
        for power, name in enumerate(MOMENTS, start=2)
        if name in blow.more
    }
    said["wind"] = f"{blow.source}; height {wind_height:g} m"
    columns["ice"], said["ice"] = _ice(ice, ds, how)
    air = _air(ds, xco2_air, pressure, columns, how)
    columns["air"], air_quality, source, about = air
    parts = {name: of_variable(ds, name) for name in ("SST", "salinity")}
    parts["water"] = of_variable(ds, WATER)
    parts["air"] = air_quality
    if wind is None:
        parts["wind"] = of_variable(ds, "wind_speed")
    if ice is None:
        parts["ice"] = of_variable(ds, ICE.variable)
    return Inputs(columns, moments, source, parts, said | about)


def measured(ds: xr.Dataset, name: str, hint: str) -> np.ndarray:
    """Return a variable of the dataset without what cannot be."""
    if name not in ds:
        raise ProcessingError(f"a flux needs {name}, which is not there: {hint}")
    values = possible(name, ds[name].to_numpy())
    if not np.isfinite(values).any():
        raise ProcessingError(f"a flux needs {name}, which has not one value: {hint}")
    return values


def _forcing(kind: Kind, given: Any, ds: xr.Dataset, how: Join, own: str) -> Joined:
    if given is not None:
        return join(kind, given, ds, how)
    line = f"--{kind.option.replace('_', '-')}"
    hint = (
        f"give {kind.option}=: a number in {kind.units}, a DataArray, or a netCDF or"
        f" CSV file (on the command line {line})"
    )
    if kind is PRESSURE:
        hint = hint.rpartition(" (")[0]  # no such option on the command line
    return Joined(measured(ds, kind.variable, hint), own)


def _ice(given: Any, ds: xr.Dataset, how: Join) -> tuple[np.ndarray, str]:
    if given is None and ICE.variable not in ds:
        return np.zeros(ds.sizes["time"]), "none"
    joined = _forcing(ICE, given, ds, how, "on the dataset")
    return possible(ICE.variable, joined.values), joined.source


def _air(
    ds: xr.Dataset,
    given: Any,
    pressure: Any,
    columns: dict[str, np.ndarray],
    how: Join,
) -> tuple[np.ndarray, Quality, np.ndarray, dict[str, str]]:
    """Take the air of the ship where it is not bad, else what was given."""
    air, source, codes = _own_air(ds, spare_bad=given is not None)
    said = {"air": "measured on board"}
    if given is None and not source.any():
        return _without_pressure(ds, pressure, columns, how)
    quality = of_air(ds, source, codes)
    if given is None:
        return air, quality, source, said
    fraction, where = _mole_fraction(ds, given, how)
    filled, bar = _moist(ds, fraction, pressure, columns, how)
    empty = np.isnan(air) & np.isfinite(filled)
    air[empty] = filled[empty]
    own = "measured on board, else " if source.any() else ""
    source[empty] = AIR_SOURCES["given"]
    said = {"air": f"{own}xCO2 from {where}", "pressure": bar}
    return air, of_air(ds, source, codes), source, said


def _own_air(
    ds: xr.Dataset, spare_bad: bool
) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    """Return fugacity, where it is from, and the codes of the variables."""
    air = np.full(ds.sizes["time"], np.nan)
    source = np.zeros(air.size, dtype=np.int8)
    codes = {f"fCO2_atm_wet_{kind}": AIR_SOURCES[f"measured_{kind}"] for kind in KINDS}
    for name, code in codes.items():
        if name not in ds:
            continue
        values = possible(name, ds[name].to_numpy())
        if spare_bad and f"{name}_flag" in ds:
            values[ds[f"{name}_flag"].to_numpy() >= BAD] = np.nan
        empty = np.isnan(air) & np.isfinite(values)
        air[empty] = values[empty]
        source[empty] = code
    return air, source, codes


def _without_pressure(
    ds: xr.Dataset, pressure: Any, columns: dict[str, np.ndarray], how: Join
) -> tuple[np.ndarray, Quality, np.ndarray, dict[str, str]]:
    """Air was measured, but fugacity could not be made of it: no pressure."""
    source = np.zeros(ds.sizes["time"], dtype=np.int8)
    for kind in KINDS:
        name = f"xCO2_atm_dry_{kind}"
        fraction = (
            possible(name, ds[name].to_numpy()) if name in ds else source * np.nan
        )
        if np.isfinite(fraction).any():
            air, bar = _moist(ds, fraction, pressure, columns, how)
            code = AIR_SOURCES[f"measured_{kind}"]
            source[np.isfinite(air)] = code
            said = {"air": f"{name} measured on board", "pressure": bar}
            return air, of_air(ds, source, {name: code}), source, said
    raise ProcessingError(
        "a flux needs CO2 in the air, which was not measured here: give"
        " xco2_air=: a number in umol mol-1, a DataArray, or the file of the"
        " NOAA marine boundary layer reference (on the command line --xco2-air)"
    )


def _moist(
    ds: xr.Dataset,
    fraction: np.ndarray,
    pressure: Any,
    columns: dict[str, np.ndarray],
    how: Join,
) -> tuple[np.ndarray, str]:
    """Return the fugacity of dry air made moist, and what the pressure was."""
    sea_level = _forcing(PRESSURE, pressure, ds, how, "P_atm")
    bar = possible("P_atm", sea_level.values)
    state = (columns["SST"], columns["salinity"], bar)
    air = by_blocks(fco2_from_xco2, fraction, *state, on_range="ignore")
    return air, sea_level.source


def _mole_fraction(ds: xr.Dataset, given: Any, how: Join) -> tuple[np.ndarray, str]:
    if isinstance(given, str | Path) and _is_surface(Path(given)):
        given = read_air(given)
    if isinstance(given, xr.DataArray) and "sin_latitude" in given.dims:
        if "latitude" not in ds.variables:
            raise ProcessingError("CO2 of the air by latitude needs latitude")
        time, latitude = ds["time"].to_numpy(), ds["latitude"].to_numpy()
        values = interpolate_mbl(given, time, latitude)
        name = given.attrs.get("source_file", "a field by latitude")
        if not np.isfinite(values).any():
            span = np.datetime_as_string(given["time"].to_numpy()[[0, -1]], unit="D")
            raise ProcessingError(
                f"xco2_air from {name} is of {span[0]} to {span[1]}: no row is in it"
            )
        return values, f"{name}, linear in time and sine of latitude"
    joined = join(AIR, given, ds, how)
    return possible("xCO2_atm_dry_interp", joined.values), joined.source


def _is_surface(path: Path) -> bool:
    """Whether a file is CO2 by latitude, judged by what is in it."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(20_000)
    if not is_netcdf(start):
        return b"Sine of latitude" in start
    with xr.open_dataset(path, decode_timedelta=False) as ds:
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
