"""The formulas of a flux, looked up by name, and its factors on the rows."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import (
    FormulaError,
    OptionError,
    ProcessingError,
    RangeWarning,
    choose,
)
from oceanco2.fluxes.inputs import Inputs, by_blocks, possible_values
from oceanco2.fluxes.quality import outside
from oceanco2.physics import (
    SCHMIDT_NUMBERS,
    SKIN_MODELS,
    SOLUBILITIES,
    cool_skin,
    fco2_from_xco2,
    salty_skin,
    skin_temperature,
    solubility,
    transfer_velocity,
    xco2_from_fco2,
)
from oceanco2.physics import flux as bulk_or_rapid
from oceanco2.physics.parametrisations import resolve_transfer_velocity
from oceanco2.units import HPA_PER_ATM

ON_RANGE = ("flag", "warn", "nan", "raise")
SCHEMES = {
    "bulk": "0.24 k K0(SST) (fCO2_water - fCO2_air) (1 - ice)",
    "rapid": "0.24 k(T_skin) [K0(SST) fCO2_water - K0(T_skin, S_skin) fCO2_air]"
    " (1 - ice)",
}


@dataclass(frozen=True, slots=True)
class Model:
    """The formulas of a flux."""

    velocity: Any
    schmidt: Any
    solubility: Any
    scheme: str
    moments: str | None
    cool_skin: Any
    salty_skin: float
    on_range: str

    @classmethod
    def of(cls, parametrisation: Any, **options: Any) -> "Model":
        """Look up every name."""
        choose("scheme", options["scheme"], SCHEMES)
        choose("on_range", options["on_range"], ON_RANGE)
        velocity = resolve_transfer_velocity(parametrisation)
        if velocity.inputs:
            needs = " and ".join(velocity.inputs)
            raise OptionError(
                f"transfer velocity {velocity.name!r} needs {needs}: compute it with"
                " physics.flux"
            )
        options["schmidt"] = SCHMIDT_NUMBERS[options["schmidt"]]
        options["solubility"] = SOLUBILITIES[options["solubility"]]
        if isinstance(options["cool_skin"], str):
            options["cool_skin"] = SKIN_MODELS[options["cool_skin"]]
        return cls(velocity=velocity, **options)

    @property
    def formulas(self) -> tuple[Any, ...]:
        """Return the formulas that have a published range."""
        return (self.velocity, self.schmidt, self.solubility)

    @property
    def wind_moments(self) -> str:
        """Return the powers of the wind that the transfer velocity uses, as text."""
        if self.velocity.fitted_on_means:
            return "mean wind, as the formula wants it"
        if not set(self.velocity.moments) & {2, 3}:
            return "wind of the row, no powers needed"
        if self.moments == "rayleigh":
            return "powers of a Rayleigh distribution with the mean wind of the row"
        return (
            "wind of the row raised to the power: too low a transfer velocity if the"
            " winds are means over many hours (give wind_speed_squared or moments)"
        )


Run = Callable[[Mapping[str, np.ndarray]], np.ndarray]


def compute(
    model: Model, inputs: Inputs, ds: xr.Dataset
) -> tuple[dict[str, np.ndarray], Run]:
    """Compute the flux and its factors."""
    if "flux_CO2" in ds:
        raise ProcessingError(
            "the dataset already contains flux_CO2: use the one without fluxes"
        )
    columns = inputs.columns
    ignore_range: dict[str, Any] = {"on_range": "ignore"}
    physics: dict[str, Any] = {
        "parametrisation": model.velocity,
        "schmidt": model.schmidt,
        "moments": model.moments,
    }
    moments = moments_used(model, inputs)
    skin, temperature = _skin_options(model, inputs, ds)
    physics |= moments | ignore_range
    options = physics | skin | {"solubility": model.solubility, "scheme": model.scheme}
    names = ("water", "air", "wind", "SST", "salinity", "ice")

    def run(other: Mapping[str, np.ndarray]) -> np.ndarray:
        return by_blocks(bulk_or_rapid, *(other[name] for name in names), **options)

    values = {
        "wind_speed_10m": columns["wind"],
        "solubility": by_blocks(
            solubility,
            columns["SST"],
            columns["salinity"],
            method=model.solubility,
            **ignore_range,
        ),
        "transfer_velocity": by_blocks(
            transfer_velocity, columns["wind"], temperature, **physics
        ),
        "fCO2_atm_wet_flux": columns["air"],
        "flux_CO2": run(columns),
    }
    return _apply_on_range(model, inputs, values), run


def moments_used(model: Model, inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the wind moments that the user provides and the formula uses."""
    if model.velocity.fitted_on_means:
        return {}
    powers = {"wind_speed_squared": 2, "wind_speed_cubed": 3}
    return {
        k: v for k, v in inputs.moments.items() if powers[k] in model.velocity.moments
    }


def _skin_options(
    model: Model, inputs: Inputs, ds: xr.Dataset
) -> tuple[dict[str, Any], np.ndarray]:
    """Return options of the rapid scheme and the temperature at the skin."""
    columns = inputs.columns
    if model.scheme != "rapid":
        return {}, columns["SST"]
    skin_model = model.cool_skin
    if hasattr(skin_model, "formula"):
        if skin_model.inputs:
            raise OptionError(
                f"skin model {skin_model.name!r} needs {', '.join(skin_model.inputs)}:"
                " compute it with physics.cool_skin and pass the result as cool_skin="
            )
        difference = by_blocks(cool_skin, columns["wind"], method=skin_model)
    else:
        shape = columns["SST"].shape
        difference = np.array(
            np.broadcast_to(np.asarray(skin_model, np.float64), shape)
        )
    skin = by_blocks(skin_temperature, columns["SST"], difference)
    pressure = np.full(skin.size, HPA_PER_ATM)
    if "P_atm" in ds:
        measured = possible_values(ds, "P_atm")
        pressure = np.where(
            (measured > 500.0) & (measured < 1300.0), measured, pressure
        )
    state = (columns["SST"], columns["salinity"], pressure)
    fraction = by_blocks(xco2_from_fco2, columns["air"], *state, on_range="ignore")
    salt = by_blocks(salty_skin, columns["salinity"], difference=model.salty_skin)
    air = by_blocks(fco2_from_xco2, fraction, skin, salt, pressure, on_range="ignore")
    columns["air"] = air
    return {"cool_skin": difference, "salty_skin": model.salty_skin}, skin


def _apply_on_range(
    model: Model, inputs: Inputs, values: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Apply the policy `on_range`."""
    if model.on_range == "flag":
        return values
    mask = outside_range(model, inputs) & np.isfinite(values["flux_CO2"])
    if not mask.any():
        return values
    valid = "; ".join(f"{f.name}: {f.valid_text}" for f in model.formulas if f.valid)
    text = f"flux: {mask.sum()} of {mask.size} rows outside {valid}"
    if model.on_range == "raise":
        raise FormulaError(text)
    if model.on_range == "warn":
        warnings.warn(RangeWarning(text), stacklevel=4)
        return values
    return values | {"flux_CO2": np.where(mask, np.nan, values["flux_CO2"])}


def outside_range(model: Model, inputs: Inputs) -> np.ndarray:
    """Return the rows outside the published range of a formula."""
    columns = inputs.columns
    arguments = {
        "wind_speed": columns["wind"],
        "temperature": columns["SST"],
        "salinity": columns["salinity"],
    }
    return outside(model.formulas, arguments)
