"""Calibration: from raw readings to calibrated values, with sensors and standards."""

import warnings
from collections.abc import Collection

import xarray as xr

from oceanco2.calibration.drying import air_at_water, dry_delivered, wet_gas
from oceanco2.calibration.model import MODELS, CalibrationModel, register_model
from oceanco2.calibration.sensors import (
    calibrate_sensors,
    derive,
    derived_names,
    to_practical,
)
from oceanco2.errors import DataWarning
from oceanco2.platforms import Platform
from oceanco2.provenance import add_history
from oceanco2.vocabulary import attrs_of

__all__ = ["MODELS", "CalibrationModel", "calibrate", "outputs", "register_model"]


def outputs(platform: Platform) -> Collection[str]:
    """List the variables that calibration will add, before data are read.

    Parameters
    ----------
    platform : Platform
        A loaded platform.

    Returns
    -------
    set of str
        Variables derived from others and outputs of the calibration model.

    Raises
    ------
    PlatformError
        If the platform file lacks something that the model needs.
    """
    model = MODELS[platform.calibration.model]
    model.check(platform)
    return {*derived_names(platform), *model.outputs(platform)}


def calibrate(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Calibrate sensors and the analyser, dry, and interpolate air to the samples.

    Parameters
    ----------
    ds : xarray.Dataset
        Aligned dataset.
    platform : Platform
        Its ``sensors``, ``standards`` and ``calibration`` options; the model of the
        instrument is ``calibration.model``, a name of `MODELS`.

    Returns
    -------
    xarray.Dataset
        With ``X`` for each ``X_raw``; with ``xCO2`` of an analyser also
        ``xCO2_calibrated``, the line and status of the calibration of each row, the
        runs of the standards along ``standard_run``, ``xCO2_water_Tequ_dry`` and
        ``xCO2_atm_dry_actual``; ``xCO2_atm_dry_interp`` and ``warming``.

    Raises
    ------
    ProcessingError
        If a standard has no concentration or a sensor no calibration.

    Warns
    -----
    DataWarning
        If readings cannot be calibrated or runs of standards were rejected.
    """
    out = derive(to_practical(calibrate_sensors(ds, platform)), platform)
    out = MODELS[platform.calibration.model].apply(out, platform)
    for message in wet_gas(out, platform):
        warnings.warn(message, DataWarning, stacklevel=2)
    out = air_at_water(dry_delivered(out), platform)
    if "T_equ" in out and "SST" in out and "warming" not in out:
        warming = out["T_equ"].to_numpy() - out["SST"].to_numpy()
        out = out.assign(warming=("time", warming, attrs_of("warming")))
    return out.assign_attrs(add_history(out.attrs, "sensors and analyser calibrated"))
