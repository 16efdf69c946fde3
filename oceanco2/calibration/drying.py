"""Humid to dry mole fractions, and air interpolated to the water samples."""

import warnings
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import HOUR_SECONDS, SECOND
from oceanco2.errors import DataWarning
from oceanco2.fields.air import INTERPOLATED, MEASURED, METHOD, air_groups
from oceanco2.physics import dry_mole_fraction
from oceanco2.platforms import Platform
from oceanco2.platforms.columns import says
from oceanco2.platforms.contradictions import unanswered
from oceanco2.vocabulary import RUN_TYPES, attrs_of

#: Water vapour of a gas that was dried [mmol mol-1]: more changes xCO2 by 2 of 400.
_DRIED = 5.0
#: Variable that is dry by its name, and the water vapour measured with it.
_DRY = {
    "xCO2": ("xH2O",),
    "x12CO2": ("xH2O",),
    "xCO2_water_Tequ_dry": ("xH2O_water", "xH2O"),
    "xCO2_water_SST_dry": ("xH2O_water", "xH2O"),
    "xCO2_atm_dry_actual": ("xH2O_atm", "xH2O"),
    "xCO2_atm_dry_interp": ("xH2O_atm",),
}
_HUMID = {
    "xCO2_water_SST_wet": ("xH2O_water", "xCO2_water_SST_dry"),
    "xCO2_water_Tequ_wet": ("xH2O_water", "xCO2_water_Tequ_dry"),
    "xCO2_atm_wet_actual": ("xH2O_atm", "xCO2_atm_dry_actual"),
}


def wet_gas(ds: xr.Dataset, platform: Platform) -> list[str]:
    """Warn of gas that is dry by the platform file and wet by its water vapour."""
    messages: list[str] = []
    if platform.calibration.moisture_correction:
        return messages
    for name, vapours in _DRY.items():
        source = platform.variables.get(name)
        if source is None or source.dry is not True or says(source.columns, "dry"):
            continue
        vapour = next((v for v in vapours if v in ds), None)
        if vapour is None or name not in ds:
            continue
        water = _median(ds, vapour, name)
        if water > _DRIED:
            message = (
                f"{platform.path}: [variables.{name}] is of dry gas, but the median of"
                f" {vapour} is {water:.1f} mmol mol-1, {water / 10:.1f} % of the CO2."
                ' An analyser that prints it in dry air: dry = "corrected"'
            )
            messages += unanswered(platform.accepted, "dry_gas", message, name)
    return messages


def _median(ds: xr.Dataset, vapour: str, name: str) -> float:
    """Return the median water vapour of the samples; NaN without any."""
    rows = np.isfinite(ds[vapour].to_numpy()) & np.isfinite(ds[name].to_numpy())
    if "run_type" in ds:
        codes = [RUN_TYPES["water"], RUN_TYPES["air"]]
        rows &= np.isin(ds["run_type"].to_numpy(), codes)
    values = ds[vapour].to_numpy()[rows]
    return float(np.median(values)) if values.size else np.nan


def dry_delivered(ds: xr.Dataset) -> xr.Dataset:
    """Add the dry mole fraction where a file gives only the humid one."""
    new: dict[str, Any] = {}
    for wet, (water, dry) in _HUMID.items():
        if wet in ds and water in ds and dry not in ds:
            vapour = ds[water].to_numpy()
            values = dry_mole_fraction(ds[wet].to_numpy(), vapour)
            negative = negative_vapour(water, vapour[np.isfinite(values)])
            method = "dried by the water measured with it"
            attrs = attrs_of(dry, method=method, **negative)
            new[dry] = ("time", values, attrs)
            if f"{wet}_flag_delivered" in ds:
                new[f"{dry}_flag_delivered"] = ds[f"{wet}_flag_delivered"]
    return ds.assign(new)


def negative_vapour(name: str, vapour: np.ndarray) -> dict[str, str]:
    """Warn of negative water vapour; return the attribute that flags what it dried."""
    rows = vapour < 0.0
    if not rows.any():
        return {}
    message = (
        f"{int(rows.sum())} samples are dried with a negative {name}, down to"
        f" {vapour[rows].min():.4g} mmol mol-1: values are kept, questionable"
    )
    warnings.warn(message, DataWarning, stacklevel=4)
    return {"dried_with": name}


def water_offset(
    xh2o: np.ndarray, seconds: np.ndarray, dry: np.ndarray, max_age_hours: float
) -> np.ndarray:
    """Return the water that an analyser shows in dry standards, at every row.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([0.2, 10.0, 0.4])
    >>> water_offset(x, np.array([0.0, 60.0, 120.0]), np.array([1, 0, 1]) > 0, 12.0)
    array([0.2, 0.3, 0.4])
    """
    valid = dry & np.isfinite(xh2o)
    out = np.full(xh2o.shape, np.nan)
    if not valid.any():
        return out
    edges = np.flatnonzero(np.diff(valid.astype(np.int8), prepend=0, append=0))
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    centres = np.array([seconds[a:b].mean() for a, b in pairs])
    means = np.array([xh2o[a:b].mean() for a, b in pairs])
    near = (
        np.abs(seconds[:, None] - centres).min(axis=1) <= max_age_hours * HOUR_SECONDS
    )
    out[near] = np.interp(seconds[near], centres, means)
    return out


def air_at_water(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add the air interpolated to the times of the water samples."""
    if INTERPOLATED in ds or MEASURED not in ds:
        return ds
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / SECOND
    out = np.full(seconds.shape, np.nan)
    groups = air_groups(ds, seconds)
    if groups is not None:
        centres, rows = groups.centres, _water_rows(ds)
        medians = groups.medians(ds[MEASURED].to_numpy())
        out[rows] = np.interp(seconds[rows], centres, medians)
        before, after = (np.abs(seconds - centres[k]) for k in groups.around(seconds))
        limit = platform.calibration.air_max_gap_hours * HOUR_SECONDS
        out[np.minimum(before, after) > limit] = np.nan
    attrs = attrs_of(INTERPOLATED, method=METHOD)
    return ds.assign({INTERPOLATED: ("time", out, attrs)})


def _water_rows(ds: xr.Dataset) -> np.ndarray:
    if "run_type" in ds:
        return ds["run_type"].to_numpy() == RUN_TYPES["water"]
    names = [
        n for n in ds.data_vars if str(n).startswith(("xCO2_w", "pCO2_w", "fCO2_w"))
    ]
    measured = [ds[n].to_numpy() for n in names if ds[n].dtype.kind == "f"]
    if not measured:
        return np.ones(ds.sizes["time"], dtype=bool)
    return np.asarray(np.isfinite(np.array(measured)).any(axis=0))
