"""Checks of gas standards in the profile quince-28, and their inputs."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr

from oceanco2.qc.check import good, register
from oceanco2.vocabulary import BAD

_REFERENCE = "rules of the ICOS Ocean Thematic Centre"
_RUN_VARIABLES = (
    *("standard_run_time", "standard_run_standard"),
    *("standard_run_used", "standard_run_true"),
)


@register(
    "missing_standards",
    "fewer usable gas standards before or after than a calibration needs",
    _REFERENCE,
    needs=("standards_before", "standards_after"),
)
def check_missing_standards(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    standards_before: np.ndarray,
    standards_after: np.ndarray,
    minimum: float = 2.0,
) -> np.ndarray:
    """Flag values with too few standards on either side."""
    flags = good(values)
    few = np.minimum(standards_before, standards_after) < minimum
    flags[few & ~np.isnan(values)] = BAD
    return flags


@register(
    "standard_offset",
    "a gas standard reads far from its concentration",
    _REFERENCE,
    needs=("standard_concentration",),
    table="xCO2",
)
def check_standard_offset(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    standard_concentration: np.ndarray,
    limit: float = 4.0,
) -> np.ndarray:
    """Flag readings of standards that are off."""
    flags = good(values)
    flags[np.abs(values - standard_concentration) > limit] = BAD
    return flags


@register(
    "isotope_sum",
    "12CO2 and 13CO2 do not add up to the reported sum",
    _REFERENCE,
    needs=("x13CO2", "xCO2"),
    table="x12CO2",
)
def check_isotope_sum(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    x13CO2: np.ndarray,
    xCO2: np.ndarray,
    limit: float = 0.001,
) -> np.ndarray:
    """Flag two isotopes that do not add up to the total."""
    flags = good(values)
    flags[np.abs(xCO2 - (values + x13CO2)) > limit] = BAD
    return flags


def _count_standards(ds: xr.Dataset, before: bool) -> np.ndarray:
    """Count the non-zero standards that have a usable run on one side."""
    time = ds["time"].to_numpy()
    times, which, used, true = (ds[name].to_numpy() for name in _RUN_VARIABLES)
    count = np.zeros(time.shape, dtype=np.int64)
    usable = (used == 1) & (true > 0.0)
    for standard in np.unique(which[usable]):
        run_times = times[usable & (which == standard)]
        count += (time >= run_times.min()) if before else (time <= run_times.max())
    return count


def _before(ds: xr.Dataset) -> np.ndarray:
    return _count_standards(ds, True)


def _after(ds: xr.Dataset) -> np.ndarray:
    return _count_standards(ds, False)


def _concentration(ds: xr.Dataset) -> np.ndarray:
    concentrations = np.full(128, np.nan)
    concentrations[ds["standard_run_standard"].to_numpy()] = ds[
        "standard_run_true"
    ].to_numpy()
    row = ds["standard"].to_numpy().astype(np.int64)
    return np.where(row >= 0, concentrations[np.maximum(row, 0)], np.nan)


#: Derived inputs of checks: source variables and function.
DERIVED: Mapping[str, tuple[tuple[str, ...], Callable[[xr.Dataset], np.ndarray]]] = {
    "standards_before": (_RUN_VARIABLES, _before),
    "standards_after": (_RUN_VARIABLES, _after),
    "standard_concentration": (
        ("standard", "standard_run_standard", "standard_run_true"),
        _concentration,
    ),
}
