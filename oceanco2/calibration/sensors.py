"""Sensor polynomials with dates, and air pressure brought to sea level."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.physics import sea_level_pressure
from oceanco2.platforms import Platform
from oceanco2.vocabulary import attrs_of

_RAW = "_raw"


def calibrate_sensors(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add the calibrated value of every variable that was read as ``X_raw``.

    Parameters
    ----------
    ds : xarray.Dataset
        Aligned dataset.
    platform : Platform
        Its ``sensors`` and the ``height`` of the barometer.

    Returns
    -------
    xarray.Dataset
        With ``X`` for each ``X_raw``.

    Raises
    ------
    ProcessingError
        If a sensor has no calibration as old as the first row.
    """
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
        kept = {k: v for k, v in ds[raw].attrs.items() if k == "sensor"}
        text = said.removeprefix("; ")
        new[name] = ("time", values, attrs_of(name, **kept, calibration=text))
    return ds.assign(new)


def _polynomial(
    ds: xr.Dataset, platform: Platform, name: str
) -> tuple[np.ndarray, str]:
    raw = ds[f"{name}{_RAW}"].to_numpy()
    sensor = platform.sensors.get(platform.variables[name].sensor)
    if sensor is None or not sensor.calibrations:
        return raw.copy(), ""
    time = ds["time"].to_numpy()
    out = np.full(raw.shape, np.nan)
    dated = sorted(sensor.calibrations, key=lambda entry: entry.valid_from)
    first = np.datetime64(dated[0].valid_from.replace(tzinfo=None), "s")
    if time.size and time[0] < first:
        which = platform.variables[name].sensor
        raise ProcessingError(
            f"{platform.path}: [sensors.{which}] has no calibration before {first},"
            f" the data begin {np.datetime_as_string(time[0], unit='s')}"
        )
    used = []
    for entry in dated:
        since = np.datetime64(entry.valid_from.replace(tzinfo=None), "s")
        here = time >= since
        out[here] = np.polynomial.polynomial.polyval(raw[here], entry.polynomial)
        if here.any():
            named = f" {entry.certificate}" if entry.certificate else ""
            used.append(f"{entry.polynomial} since {since}{named}")
    return out, f"polynomials {'; '.join(used)}"


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
