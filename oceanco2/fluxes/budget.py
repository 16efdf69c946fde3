"""Uncertainty of fluxes: what averages out over a cruise, and what does not."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, UnknownNameError
from oceanco2.fluxes.inputs import AIR_SOURCES, WATER, Inputs
from oceanco2.fluxes.results import Run

#: Standard uncertainties (one sigma; half the usual two-sigma figures).
DEFAULTS: Mapping[str, float] = MappingProxyType(
    {
        "transfer_velocity": 0.10,  # relative
        "schmidt": 0.0125,  # relative, in k: half of 2.5 %
        "solubility": 0.001,  # relative
        "SST": 0.15,  # K
        "salinity": 0.1,  # 1
        "fCO2_air": 0.5,  # uatm, where it has no uncertainty of its own
        "fCO2_water": 5.0,  # uatm, where it has no uncertainty of its own
    }
)
#: Relative standard uncertainty where a paper states another than 10 %.
STATED: Mapping[str, float] = MappingProxyType(
    {
        "wanninkhof_1992": 0.125,
        "wanninkhof_1992_longterm": 0.125,
        "sweeney_2007": 0.15,
        "takahashi_2009": 0.15,
    }
)


def choose(name: str, given: Mapping[str, float] | None) -> dict[str, float]:
    """Return the standard uncertainties to use."""
    chosen = dict(DEFAULTS) | {
        "transfer_velocity": STATED.get(name, DEFAULTS["transfer_velocity"])
    }
    for key, value in (given or {}).items():
        if key not in DEFAULTS:
            raise UnknownNameError("uncertainty of a flux", key, DEFAULTS)
        if not 0 <= value < np.inf:
            raise OptionError(f"uncertainty of {key} cannot be {value!r}")
        chosen[key] = float(value)
    return chosen


def propagate(
    ds: xr.Dataset,
    inputs: Inputs,
    run: Run,
    result: np.ndarray,
    errors: Mapping[str, float],
) -> tuple[np.ndarray, np.ndarray]:
    """Propagate standard uncertainties through a flux."""
    columns = inputs.columns
    water = _own(ds, WATER, result.size, errors["fCO2_water"])
    air = np.full(result.size, errors["fCO2_air"])
    for name in ("interp", "actual"):
        mine = inputs.air_source == AIR_SOURCES[f"measured_{name}"]
        own = _own(ds, f"fCO2_atm_wet_{name}", result.size, errors["fCO2_air"])
        air[mine] = own[mine]
    given = inputs.air_source == AIR_SOURCES["given"]

    def moved(name: str, step: float | np.ndarray) -> np.ndarray:
        return run({**columns, name: columns[name] + step})

    independent = np.square(moved("water", water) - result)
    for name in ("SST", "salinity"):
        change = moved(name, errors[name]) - moved(name, -errors[name])
        independent += np.square(0.5 * change)
    relative = ("transfer_velocity", "schmidt", "solubility")
    systematic = np.square(result) * sum(errors[name] ** 2 for name in relative)
    by_air = np.square(moved("air", air) - result)
    systematic += np.where(given, by_air, 0.0)
    independent += np.where(given, 0.0, by_air)
    return np.sqrt(independent + systematic), np.sqrt(systematic)


def _own(ds: xr.Dataset, name: str, rows: int, default: float) -> np.ndarray:
    if f"{name}_uncertainty" not in ds:
        return np.full(rows, default)
    own = ds[f"{name}_uncertainty"].to_numpy().astype(np.float64)
    return np.where(np.isfinite(own), own, default)


def in_words(ds: xr.Dataset, errors: Mapping[str, float]) -> str:
    """Say what the uncertainty is made of, for metadata."""
    known = f"{WATER}_uncertainty" in ds
    water = "of the dataset" if known else f"{errors['fCO2_water']:g} uatm"
    return (
        f"one sigma: transfer velocity {errors['transfer_velocity']:.3g}, its Schmidt"
        f" number part {errors['schmidt']:.3g} and solubility"
        f" {errors['solubility']:.3g} relative; SST {errors['SST']:g} K; salinity"
        f" {errors['salinity']:g}; fCO2 of the water {water}, of the air"
        f" {errors['fCO2_air']:g} uatm unless known; wind speed counts within the"
        " transfer velocity"
    )
