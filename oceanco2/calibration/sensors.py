"""Dated sensor polynomials, and air pressure reduced to sea level."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.deployments import calibration_in_force, to_times
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.physics import sea_level_pressure
from oceanco2.platforms import Platform, SensorCalibration
from oceanco2.vocabulary import attrs_of

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
        span = (dates[post] - dates[prior]) / np.timedelta64(1, "s")
        share = np.where(drifts, (time - dates[prior]) / np.timedelta64(1, "s"), 0.0)
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
