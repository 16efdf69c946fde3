"""The flux and its factors on the rows, with attributes, flags and tests."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import (
    FormulaError,
    OptionError,
    ProcessingError,
    RangeWarning,
    did_you_mean,
)
from oceanco2.fluxes.budget import Run
from oceanco2.fluxes.inputs import AIR_SOURCES, Inputs, by_blocks
from oceanco2.fluxes.quality import HIGH_WIND, Quality, outside, worst
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
from oceanco2.physics.own_velocity import resolve_transfer_velocity
from oceanco2.vocabulary import attrs_of, coded_attrs, flag_attrs, mask_attrs

ON_RANGE = ("flag", "warn", "nan", "raise")
SCHEMES = {
    "bulk": "0.24 k K0(SST) (fCO2_water - fCO2_air) (1 - ice)",
    "rapid": "0.24 k(T_skin) [K0(SST) fCO2_water - K0(T_skin, S_skin) fCO2_air]"
    " (1 - ice)",
}
_SKIN = {"rapid": "; Woolf et al. (2016), doi:10.1002/2015JC011427", "bulk": ""}
_STANDARD_PRESSURE = 1013.25


@dataclass(frozen=True, slots=True)
class Model:
    """The formulas of a flux.

    Attributes
    ----------
    velocity, schmidt, solubility : Formula
        Entries of the registries of `oceanco2.physics`.
    scheme : str
        A key of `SCHEMES`.
    moments : str or None
        Assumed distribution of the wind.
    cool_skin : object
        Name, number or array.
    salty_skin : float
        Salinity difference [1].
    on_range : str
        One of `ON_RANGE`.
    """

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
        """Look up every name.

        Parameters
        ----------
        parametrisation : object
            As for `physics.transfer_velocity`.
        **options : Any
            The other fields, by name.

        Returns
        -------
        Model
            With entries in place of names.
        """
        _one_of("scheme", options["scheme"], tuple(SCHEMES))
        _one_of("on_range", options["on_range"], ON_RANGE)
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
        """Return the formulas that have a published range.

        Returns
        -------
        tuple of Formula
            Transfer velocity, Schmidt number and solubility.
        """
        return (self.velocity, self.schmidt, self.solubility)

    @property
    def wind_moments(self) -> str:
        """Say which powers of the wind the transfer velocity is made from.

        Returns
        -------
        str
            For metadata; what was given beside the wind is added by `assemble`.
        """
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


def _one_of(option: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        hint = did_you_mean(str(value), allowed)
        words = ", ".join(repr(word) for word in allowed)
        raise OptionError(f"{option} cannot be {value!r}.{hint} It can be {words}.")


def compute(
    model: Model, inputs: Inputs, ds: xr.Dataset
) -> tuple[dict[str, np.ndarray], Run]:
    """Compute the flux and its factors.

    Parameters
    ----------
    model : Model
        Formulas.
    inputs : Inputs
        Columns; with the rapid scheme its air is brought to the skin.
    ds : xarray.Dataset
        For ``P_atm``, if it is there.

    Returns
    -------
    values : dict of str to ndarray
        ``wind_speed_10m``, ``solubility``, ``transfer_velocity``,
        ``fCO2_atm_wet_flux`` and ``flux_CO2``.
    run : callable
        Flux [mmol m-2 d-1] of other columns with the same formulas.

    Raises
    ------
    ProcessingError
        If the dataset has fluxes already.
    """
    if "flux_CO2" in ds:
        raise ProcessingError(
            "flux_CO2 is on the dataset already: start from the one without fluxes"
        )
    columns = inputs.columns
    quiet: dict[str, Any] = {"on_range": "ignore"}
    physics: dict[str, Any] = {
        "parametrisation": model.velocity,
        "schmidt": model.schmidt,
        "moments": model.moments,
    }
    moments = _needed(model, inputs)
    skin, at = _skin(model, inputs, ds)
    physics |= moments | quiet
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
            **quiet,
        ),
        "transfer_velocity": by_blocks(
            transfer_velocity, columns["wind"], at, **physics
        ),
        "fCO2_atm_wet_flux": columns["air"],
        "flux_CO2": run(columns),
    }
    return _by_policy(model, inputs, values), run


def _needed(model: Model, inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the wind moments that were given and that the formula uses."""
    if model.velocity.fitted_on_means:
        return {}
    powers = {"wind_speed_squared": 2, "wind_speed_cubed": 3}
    return {
        k: v for k, v in inputs.moments.items() if powers[k] in model.velocity.moments
    }


def _skin(
    model: Model, inputs: Inputs, ds: xr.Dataset
) -> tuple[dict[str, Any], np.ndarray]:
    """Return options of the rapid scheme and where the transfer velocity is."""
    columns = inputs.columns
    if model.scheme != "rapid":
        return {}, columns["SST"]
    given = model.cool_skin
    if hasattr(given, "formula"):
        if given.inputs:
            raise OptionError(
                f"skin model {given.name!r} needs {', '.join(given.inputs)}: compute it"
                " with physics.cool_skin and give cool_skin= the result"
            )
        difference = by_blocks(cool_skin, columns["wind"], method=given)
    else:
        shape = columns["SST"].shape
        difference = np.array(np.broadcast_to(np.asarray(given, np.float64), shape))
    at = by_blocks(skin_temperature, columns["SST"], difference)
    bar = np.full(at.size, _STANDARD_PRESSURE)
    if "P_atm" in ds:
        own = ds["P_atm"].to_numpy()
        bar = np.where((own > 500.0) & (own < 1300.0), own, bar)
    state = (columns["SST"], columns["salinity"], bar)
    fraction = by_blocks(xco2_from_fco2, columns["air"], *state, on_range="ignore")
    salt = by_blocks(salty_skin, columns["salinity"], difference=model.salty_skin)
    air = by_blocks(fco2_from_xco2, fraction, at, salt, bar, on_range="ignore")
    columns["air"] = air
    return {"cool_skin": difference, "salty_skin": model.salty_skin}, at


def _by_policy(
    model: Model, inputs: Inputs, values: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Do what `on_range` asks for."""
    if model.on_range == "flag":
        return values
    mask = _outside(model, inputs) & np.isfinite(values["flux_CO2"])
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


def _outside(model: Model, inputs: Inputs) -> np.ndarray:
    columns = inputs.columns
    arguments = {
        "wind_speed": columns["wind"],
        "temperature": columns["SST"],
        "salinity": columns["salinity"],
    }
    return outside(model.formulas, arguments)


_MADE_FROM = {
    "wind_speed_10m": ("wind",),
    "solubility": ("SST", "salinity"),
    "transfer_velocity": ("wind", "SST"),
    "fCO2_atm_wet_flux": ("air",),
    "flux_CO2": ("water", "air", "wind", "SST", "salinity", "ice"),
}


def assemble(
    model: Model,
    inputs: Inputs,
    values: Mapping[str, np.ndarray],
    deviation: tuple[np.ndarray, np.ndarray],
    words: str,
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    """Return the new variables with attributes, flags and tests.

    Parameters
    ----------
    model : Model
        Formulas.
    inputs : Inputs
        What they were given.
    values : mapping of str to ndarray
        From `compute`.
    deviation : tuple of ndarray
        Uncertainty of the flux and its systematic part [mmol m-2 d-1].
    words : str
        What the uncertainty is made of.

    Returns
    -------
    dict
        Name to dimension, values and attributes.
    """
    new: dict[str, tuple[str, np.ndarray, dict[str, Any]]] = {}
    formula, high = _outside(model, inputs), inputs.columns["wind"] > HIGH_WIND
    about = attributes(model, inputs)
    for name, array in values.items():
        parts = [inputs.parts.get(part) for part in _MADE_FROM[name]]
        windy = name in ("transfer_velocity", "flux_CO2")
        fate = worst(parts, array, *((formula, high) if windy else ()))
        new |= _with_quality(name, array, about[name], fate)
    total, systematic = deviation
    base = "flux_CO2_uncertainty"
    attrs = attrs_of(base, comment=words)
    new[base] = ("time", total, attrs)
    new[f"{base}_systematic"] = (
        "time",
        systematic,
        {
            "units": attrs["units"],
            "long_name": f"systematic part of the {attrs['long_name']}",
            "comment": "the part that all rows share: it does not average out;"
            " transfer velocity, solubility, air that was not measured on board",
        },
    )
    new["flux_CO2"][2]["ancillary_variables"] += f" {base} {base}_systematic"
    meaning = "where the CO2 of the air in the flux comes from"
    codes = coded_attrs(meaning, AIR_SOURCES, "int8")
    new["air_source"] = ("time", inputs.air_source, codes)
    return new


def _with_quality(
    name: str, array: np.ndarray, attrs: dict[str, Any], fate: Quality
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    attrs = attrs | {"ancillary_variables": f"{name}_flag {name}_tests"}
    return {
        name: ("time", array, attrs),
        f"{name}_flag": ("time", fate.flag, flag_attrs(name)),
        f"{name}_tests": ("time", fate.tests, mask_attrs(name)),
    }


def attributes(model: Model, inputs: Inputs) -> dict[str, dict[str, Any]]:
    """Say what each variable is and how it was made.

    Parameters
    ----------
    model : Model
        Formulas.
    inputs : Inputs
        Where forcing comes from.

    Returns
    -------
    dict of str to dict
        Attributes of every result.
    """
    k, said = model.velocity, inputs.said
    moments = model.wind_moments
    if _needed(model, inputs):
        moments = f"means of the powers given: {', '.join(_needed(model, inputs))}"
    law = f"k = ({k.expression}) (Sc/{k.schmidt_reference:g})^-1/2"
    if k.scaling is not None:
        law = f"k = {k.expression}, with its own Schmidt number scaling"
    source = f"{k.long_name}{f', doi:{k.doi}' if k.doi else ''}"
    velocity = {
        "method": k.name,
        "formula": law,
        "references": source,
        "schmidt_number": model.schmidt.name,
        "wind_moments": moments,
    }
    flux = velocity | {
        "scheme": model.scheme,
        "formula": f"{SCHEMES[model.scheme]}; {law}",
        "references": source + _SKIN[model.scheme],
        "solubility": model.solubility.name,
        "wind": said["wind"],
        "air": said["air"],
        "ice": said["ice"],
        "comment": "positive: out of the ocean; negative: into the ocean",
    }
    if model.scheme == "rapid":
        name = getattr(model.cool_skin, "name", "given")
        flux["skin"] = f"{name}, salinity {model.salty_skin:+g}; SST is the subskin"
    air = {"comment": f"air: {said['air']}"}
    if "pressure" in said:
        air["pressure"] = said["pressure"]
    more = {
        "wind_speed_10m": {"comment": f"wind: {said['wind']}"},
        "solubility": {"method": model.solubility.name},
        "transfer_velocity": velocity,
        "fCO2_atm_wet_flux": air,
        "flux_CO2": flux,
    }
    return {name: attrs_of(name, **extra) for name, extra in more.items()}
