"""Sensor calibrations in force at a time; variables that follow from others."""

import warnings
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import SECOND
from oceanco2.errors import DataWarning, ProcessingError, choose
from oceanco2.physics import practical_salinity, sea_level_pressure
from oceanco2.platforms import Platform, SensorCalibration
from oceanco2.provenance import add_history
from oceanco2.vocabulary import ABSOLUTE, VALUE_TYPES, attrs_of, coded_attrs, possible

_SIDES = ("prior", "post")


def to_times(dates: Sequence[datetime]) -> np.ndarray:
    """Convert dates of a platform file to times of a dataset."""
    naive = [date.replace(tzinfo=None) for date in dates]
    return np.array(naive, dtype="datetime64[us]").astype("datetime64[ns]")


def calibration_in_force(
    dates: np.ndarray, at: np.ndarray, which: str = "prior"
) -> np.ndarray:
    """Return the index of the calibration before or after each time, else -1.

    Examples
    --------
    >>> import numpy as np
    >>> dates = np.array(["2024-01-04", "2024-01-10"], dtype="datetime64[D]")
    >>> days = np.array(["2024-01-03", "2024-01-04", "2024-01-12"], "datetime64[D]")
    >>> calibration_in_force(dates, days), calibration_in_force(dates, days, "post")
    (array([-1,  0,  1]), array([ 0,  1, -1]))
    """
    choose("which", which, _SIDES)
    after = np.searchsorted(dates, at, side="right")
    if which == "prior":
        return after - 1
    return np.where(after < dates.size, after, -1)


_Formula = Callable[[np.ndarray, np.ndarray, Platform], tuple[np.ndarray, str]]


def _salinity(
    conductivity: np.ndarray, temperature: np.ndarray, platform: Platform
) -> tuple[np.ndarray, str]:
    scale = platform.calibration.temperature_scale
    values = practical_salinity(conductivity, temperature, temperature_scale=scale)
    return values, f"PSS-78, temperature on {scale}"


def _excess(
    hydrogen: np.ndarray,
    oxygen: np.ndarray,
    platform: Platform,  # noqa: ARG001 (all formulas are called alike)
) -> tuple[np.ndarray, str]:
    return hydrogen - 8.0 * oxygen, "delta D minus 8 times delta 18O, Dansgaard (1964)"


def _both_isotopes(
    light: np.ndarray,
    heavy: np.ndarray,
    platform: Platform,  # noqa: ARG001 (all formulas are called alike)
) -> tuple[np.ndarray, str]:
    return light + heavy, "sum of 12CO2 and 13CO2"


_DERIVED: dict[str, tuple[tuple[str, str], _Formula]] = {
    "xCO2": (("x12CO2", "x13CO2"), _both_isotopes),
    "salinity": (("conductivity", "T_conductivity"), _salinity),
    "deuterium_excess": (("delta_D_vapour", "delta_18O_vapour"), _excess),
}
#: Fallback for a missing variable: the only thermometer is beside the cell.
_FALLBACK = {"T_conductivity": "SST"}


def derived_names(platform: Platform) -> Collection[str]:
    """List the variables that will be derived from others."""
    names = set(platform.variables)
    return {
        name
        for name, (needed, _) in _DERIVED.items()
        if name not in names
        and all(n in names or _FALLBACK.get(n) in names for n in needed)
    }


def derive(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add variables derived from calibrated sensors, then copies of variables."""
    out = ds
    for name in sorted(derived_names(platform)):
        out = _add_derived(out, name, platform)
    for name, source in platform.variables.items():
        if source.same_as is not None and source.same_as in out:
            out = _add_copy(out, name, source.same_as)
    return out


def _add_derived(ds: xr.Dataset, name: str, platform: Platform) -> xr.Dataset:
    needed, formula = _DERIVED[name]
    sources = [n if n in ds else _FALLBACK.get(n, n) for n in needed]
    if name in ds or not all(n in ds for n in sources):
        return ds
    first, second = (possible(n, ds[n].to_numpy()) for n in sources)
    values, method = formula(first, second, platform)
    attrs = attrs_of(name, method=f"{method}; from {' and '.join(sources)}")
    return ds.assign({name: ("time", values, attrs)})


def _add_copy(ds: xr.Dataset, name: str, other: str) -> xr.Dataset:
    """Add a variable as a copy of another one."""
    method = f"not measured: taken to be the same as {other}"
    new = {name: ("time", ds[other].to_numpy().copy(), attrs_of(name, method=method))}
    kind = np.where(np.isnan(ds[other].to_numpy()), 0, VALUE_TYPES["measured"])
    if f"{other}_type" in ds:
        kind = ds[f"{other}_type"].to_numpy()
    attrs = coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")
    new[f"{name}_type"] = ("time", kind.astype(np.int8), attrs)
    out = ds.assign(new)
    return out.assign_attrs(add_history(out.attrs, f"{name} {method}"))


_RAW = "_raw"


def calibrate_sensors(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add the calibrated value of every variable that was read as ``X_raw``."""
    new: dict[str, Any] = {}
    raws = [str(name) for name in ds.data_vars if str(name).endswith(_RAW)]
    for raw in sorted(raws, key=lambda name: name == "P_atm_raw"):
        name = raw.removesuffix(_RAW)
        if name not in platform.variables:
            continue
        values, calibration = _polynomial(ds, platform, name)
        height = platform.variables[name].height
        if height:
            method = platform.reduction.sea_level_pressure
            water = _water_temperature(ds.assign(new))
            values = sea_level_pressure(
                values, water, height, method, on_range="ignore"
            )
            calibration = (
                f"{calibration}; {method} reduction from {height:g} m to sea level"
            )
        raw_attrs = ds[raw].attrs.items()
        kept = {k: v for k, v in raw_attrs if k.startswith(("sensor", "lag_"))}
        text = calibration.removeprefix("; ")
        new[name] = ("time", values, attrs_of(name, **kept, calibration=text))
    return ds.assign(new)


def _polynomial(
    ds: xr.Dataset, platform: Platform, name: str
) -> tuple[np.ndarray, str]:
    raw = ds[f"{name}{_RAW}"].to_numpy()
    name_of_sensor = platform.variables[name].sensor
    sensor = platform.sensors.get(name_of_sensor)
    if sensor is None or not sensor.calibrations:
        return raw.copy(), ""
    time = ds["time"].to_numpy()
    dated = sorted(sensor.calibrations, key=lambda entry: entry.valid_from)
    dates = to_times([entry.valid_from for entry in dated])
    if time.size and time[0] < dates[0]:
        raise ProcessingError(
            f"{platform.path}: [sensors.{name_of_sensor}] has no calibration before"
            f" {np.datetime_as_string(dates[0], unit='s')},"
            f" the data begin {np.datetime_as_string(time[0], unit='s')}"
        )
    prior, post = (
        calibration_in_force(dates, time),
        calibration_in_force(dates, time, "post"),
    )
    values = _apply_calibrations(dated, prior, raw)
    used = {*prior.tolist()}
    description = "polynomials"
    if sensor.drift == "linear":
        _warn_open_ended(name_of_sensor, platform, dates, post)
        later, drifts = _apply_calibrations(dated, post, raw), post >= 0
        span = (dates[post] - dates[prior]) / SECOND
        share = np.where(drifts, (time - dates[prior]) / SECOND, 0.0)
        weight = share / np.where(drifts, span, 1.0)
        values = np.where(drifts, values + weight * (later - values), values)
        used |= {*post[drifts].tolist()}
        description = "drift linear in time between polynomials"
    return (
        values,
        f"{description} {'; '.join(_calibration_text(dated[i]) for i in sorted(used))}",
    )


def _apply_calibrations(
    dated: Sequence[SensorCalibration], which: np.ndarray, raw: np.ndarray
) -> np.ndarray:
    """Apply the calibration of the given index to each reading."""
    out = np.full(raw.shape, np.nan)
    for number, entry in enumerate(dated):
        rows = which == number
        out[rows] = np.polynomial.polynomial.polyval(raw[rows], entry.polynomial)
    return out


def _calibration_text(entry: SensorCalibration) -> str:
    since = np.datetime64(entry.valid_from.replace(tzinfo=None), "s")
    certificate = f" {entry.certificate}" if entry.certificate else ""
    return f"{entry.polynomial} since {since}{certificate}"


def _warn_open_ended(
    sensor: str, platform: Platform, dates: np.ndarray, post: np.ndarray
) -> None:
    """Warn of data that no later calibration of the sensor follows."""
    open_ended = int((post < 0).sum())
    if open_ended:
        message = (
            f"{platform.path}: [sensors.{sensor}] drift = 'linear', but there is no"
            f" calibration after the data: {open_ended} of {post.size} rows use that of"
            f" {np.datetime_as_string(dates[-1], unit='D')} without drift"
        )
        warnings.warn(message, DataWarning, stacklevel=5)


def _water_temperature(ds: xr.Dataset) -> np.ndarray:
    """Return a temperature for the air column; 10 K change 0.06 hPa at 15 m."""
    water = np.full(ds.sizes["time"], np.nan)
    for name in ("SST", "T_equ"):
        if name in ds:
            values = ds[name].to_numpy()
            usable = np.isnan(water) & (values > -5.0) & (values < 50.0)
            water = np.where(usable, values, water)
    fallback = np.nanmedian(water) if np.isfinite(water).any() else 15.0
    return np.where(np.isnan(water), fallback, water)


#: Absolute over practical salinity of sea water of the reference composition.
_REFERENCE = 35.16504 / 35.0
_SALINITY_RAW = "salinity_raw"


def to_practical(ds: xr.Dataset) -> xr.Dataset:
    """Convert salinity that a file or its platform file calls absolute."""
    names = [name for name in ("salinity", _SALINITY_RAW) if name in ds]
    if not any(ABSOLUTE in ds[name].attrs for name in names):
        return ds
    absolute = ds["salinity"].to_numpy()
    practical = absolute / _REFERENCE
    if {"latitude", "longitude"} <= set(ds.variables):
        lat, lon = (ds[n].to_numpy() for n in ("latitude", "longitude"))
        placed = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 360.0) & (absolute >= 0.0)
        import gsw

        place = 0.0, lon[placed] % 360.0, lat[placed]
        practical[placed] = gsw.SP_from_SA(absolute[placed], *place)
    method = "practical from absolute salinity, TEOS-10 (gsw.SP_from_SA)"
    attrs = {k: v for k, v in ds["salinity"].attrs.items() if k != ABSOLUTE}
    new: dict[str, Any] = {
        "salinity": ("time", practical, attrs | {"method": method}),
    }
    if _SALINITY_RAW not in ds:
        text = "sea surface absolute salinity, as measured"
        raw_attrs = attrs_of(_SALINITY_RAW, long_name=text, units="g kg-1")
        new[_SALINITY_RAW] = ("time", absolute.copy(), raw_attrs)
    out = ds.assign(new)
    out[_SALINITY_RAW].attrs.pop(ABSOLUTE, None)
    return out.assign_attrs(add_history(out.attrs, method))
