"""Uncertainty of fluxes: the part that averages out over a cruise, and the rest."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, choose_name
from oceanco2.fluxes.computation import Run
from oceanco2.fluxes.inputs import AIR_SOURCES, WATER, Inputs

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


def choose_uncertainties(
    stated: float | None, uncertainties: Mapping[str, float] | None
) -> dict[str, float]:
    """Return the standard uncertainties to use; `stated` is that of the formula."""
    chosen = dict(DEFAULTS)
    if stated is not None:
        chosen["transfer_velocity"] = stated
    for key, value in (uncertainties or {}).items():
        choose_name("uncertainty of a flux", key, DEFAULTS)
        if not 0 <= value < np.inf:
            raise OptionError(
                f"uncertainty of {key} must be 0 or more and finite, not {value!r}"
            )
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
    water = _uncertainty_of(ds, WATER, result.size, errors["fCO2_water"])
    air = np.full(result.size, errors["fCO2_air"])
    for name in ("interp", "actual"):
        rows = inputs.air_source == AIR_SOURCES[f"measured_{name}"]
        measured = _uncertainty_of(
            ds, f"fCO2_atm_wet_{name}", result.size, errors["fCO2_air"]
        )
        air[rows] = measured[rows]
    from_option = inputs.air_source == AIR_SOURCES["given"]

    def shifted(name: str, step: float | np.ndarray) -> np.ndarray:
        return run({**columns, name: columns[name] + step})

    independent = np.square(shifted("water", water) - result)
    for name in ("SST", "salinity"):
        change = shifted(name, errors[name]) - shifted(name, -errors[name])
        independent += np.square(0.5 * change)
    relative = ("transfer_velocity", "schmidt", "solubility")
    systematic = np.square(result) * sum(errors[name] ** 2 for name in relative)
    by_air = np.square(shifted("air", air) - result)
    systematic += np.where(from_option, by_air, 0.0)
    independent += np.where(from_option, 0.0, by_air)
    return np.sqrt(independent + systematic), np.sqrt(systematic)


def _uncertainty_of(ds: xr.Dataset, name: str, rows: int, default: float) -> np.ndarray:
    if f"{name}_uncertainty" not in ds:
        return np.full(rows, default)
    uncertainty = ds[f"{name}_uncertainty"].to_numpy().astype(np.float64)
    return np.where(np.isfinite(uncertainty), uncertainty, default)


def uncertainty_text(ds: xr.Dataset, errors: Mapping[str, float]) -> str:
    """Return the contributions to the uncertainty as text, for metadata."""
    in_dataset = f"{WATER}_uncertainty" in ds
    water = "of the dataset" if in_dataset else f"{errors['fCO2_water']:g} uatm"
    return (
        f"one sigma: transfer velocity {errors['transfer_velocity']:.3g}, its Schmidt"
        f" number part {errors['schmidt']:.3g} and solubility"
        f" {errors['solubility']:.3g} relative; SST {errors['SST']:g} K; salinity"
        f" {errors['salinity']:g}; fCO2 of the water {water}, of the air"
        f" {errors['fCO2_air']:g} uatm unless known; wind speed counts within the"
        " transfer velocity"
    )
