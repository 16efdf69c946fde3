"""Sensor polynomials with dates, and air pressure brought to sea level."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.deployments import deployed, moments
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
        values, said = _polynomial(ds, platform, name)
        height = platform.variables[name].height
        if height:
            method = platform.reduction.sea_level_pressure
            water = _water_temperature(ds.assign(new))
            values = sea_level_pressure(
                values, water, height, method, on_range="ignore"
            )
            said = f"{said}; {method} reduction from {height:g} m to sea level"
        about = ds[raw].attrs.items()
        kept = {k: v for k, v in about if k.startswith(("sensor", "lag_"))}
        text = said.removeprefix("; ")
        new[name] = ("time", values, attrs_of(name, **kept, calibration=text))
    return ds.assign(new)


def _polynomial(
    ds: xr.Dataset, platform: Platform, name: str
) -> tuple[np.ndarray, str]:
    raw = ds[f"{name}{_RAW}"].to_numpy()
    which = platform.variables[name].sensor
    sensor = platform.sensors.get(which)
    if sensor is None or not sensor.calibrations:
        return raw.copy(), ""
    time = ds["time"].to_numpy()
    dated = sorted(sensor.calibrations, key=lambda entry: entry.valid_from)
    dates = moments([entry.valid_from for entry in dated])
    if time.size and time[0] < dates[0]:
        raise ProcessingError(
            f"{platform.path}: [sensors.{which}] has no calibration before"
            f" {np.datetime_as_string(dates[0], unit='s')},"
            f" the data begin {np.datetime_as_string(time[0], unit='s')}"
        )
    prior, post = deployed(dates, time), deployed(dates, time, "post")
    values = _by(dated, prior, raw)
    used = {*prior.tolist()}
    said = "polynomials"
    if sensor.drift == "linear":
        _tell_open(which, platform, dates, post)
        later, drifts = _by(dated, post, raw), post >= 0
        span = (dates[post] - dates[prior]) / np.timedelta64(1, "s")
        share = np.where(drifts, (time - dates[prior]) / np.timedelta64(1, "s"), 0.0)
        weight = share / np.where(drifts, span, 1.0)
        values = np.where(drifts, values + weight * (later - values), values)
        used |= {*post[drifts].tolist()}
        said = "drift linear in time between polynomials"
    return values, f"{said} {'; '.join(_words(dated[i]) for i in sorted(used))}"


def _by(
    dated: Sequence[SensorCalibration], which: np.ndarray, raw: np.ndarray
) -> np.ndarray:
    """Apply to every reading the calibration of its number."""
    out = np.full(raw.shape, np.nan)
    for number, entry in enumerate(dated):
        here = which == number
        out[here] = np.polynomial.polynomial.polyval(raw[here], entry.polynomial)
    return out


def _words(entry: SensorCalibration) -> str:
    since = np.datetime64(entry.valid_from.replace(tzinfo=None), "s")
    named = f" {entry.certificate}" if entry.certificate else ""
    return f"{entry.polynomial} since {since}{named}"


def _tell_open(
    which: str, platform: Platform, dates: np.ndarray, post: np.ndarray
) -> None:
    """Warn of data after which the sensor was not calibrated again."""
    open_ended = int((post < 0).sum())
    if open_ended:
        said = (
            f"{platform.path}: [sensors.{which}] drift = 'linear', but no calibration"
            f" after the data: for {open_ended} of {post.size} rows that of"
            f" {np.datetime_as_string(dates[-1], unit='D')} is used as it is"
        )
        warnings.warn(said, DataWarning, stacklevel=5)


def _water_temperature(ds: xr.Dataset) -> np.ndarray:
    """Temperature for the weight of the air column; 10 K are 0.06 hPa at 15 m."""
    water = np.full(ds.sizes["time"], np.nan)
    for name in ("SST", "T_equ"):
        if name in ds:
            values = ds[name].to_numpy()
            fine = np.isnan(water) & (values > -5.0) & (values < 50.0)
            water = np.where(fine, values, water)
    middle = np.nanmedian(water) if np.isfinite(water).any() else 15.0
    return np.where(np.isnan(water), middle, water)
