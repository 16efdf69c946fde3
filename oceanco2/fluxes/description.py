"""Variables of a flux with attributes, flags and tests."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oceanco2.fluxes.computation import moments_used, outside_range
from oceanco2.fluxes.inputs import AIR_SOURCES, Inputs
from oceanco2.fluxes.model import SCHEMES, Model
from oceanco2.fluxes.quality import HIGH_WIND, Quality, worst_quality
from oceanco2.vocabulary import attrs_of, coded_attrs, flag_attrs, mask_attrs

_SKIN = {"rapid": "; Woolf et al. (2016), doi:10.1002/2015JC011427", "bulk": ""}
_INPUTS = {
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
    comment: str,
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    """Return the new variables with attributes, flags and tests."""
    new: dict[str, tuple[str, np.ndarray, dict[str, Any]]] = {}
    outside_formula, high_wind = (
        outside_range(model, inputs),
        inputs.columns["wind"] > HIGH_WIND,
    )
    attrs_by_name = attributes(model, inputs)
    for name, array in values.items():
        parts = [inputs.parts.get(part) for part in _INPUTS[name]]
        depends_on_wind = name in ("transfer_velocity", "flux_CO2")
        quality = worst_quality(
            parts, array, *((outside_formula, high_wind) if depends_on_wind else ())
        )
        new |= _with_flag(name, array, attrs_by_name[name], quality)
    total, systematic = deviation
    base = "flux_CO2_uncertainty"
    attrs = attrs_of(base, comment=comment)
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
    long_name = "where the CO2 of the air in the flux comes from"
    codes = coded_attrs(long_name, AIR_SOURCES, "int8")
    new["air_source"] = ("time", inputs.air_source, codes)
    return new


def _with_flag(
    name: str, array: np.ndarray, attrs: dict[str, Any], quality: Quality
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    attrs = attrs | {"ancillary_variables": f"{name}_flag {name}_tests"}
    return {
        name: ("time", array, attrs),
        f"{name}_flag": ("time", quality.flag, flag_attrs(name)),
        f"{name}_tests": ("time", quality.tests, mask_attrs(name)),
    }


def attributes(model: Model, inputs: Inputs) -> dict[str, dict[str, Any]]:
    """Return the attributes of each variable: what it is and how it was computed."""
    k, descriptions = model.velocity, inputs.descriptions
    moments = model.wind_moments
    if moments_used(model, inputs):
        moments = f"means of the powers given: {', '.join(moments_used(model, inputs))}"
    formula = f"k = ({k.expression}) (Sc/{k.schmidt_reference:g})^-1/2"
    if k.scaling is not None:
        formula = f"k = {k.expression}, with its own Schmidt number scaling"
    source = f"{k.long_name}{f', doi:{k.doi}' if k.doi else ''}"
    velocity = {
        "method": k.name,
        "formula": formula,
        "references": source,
        "schmidt_number": model.schmidt.name,
        "wind_moments": moments,
    }
    flux = velocity | {
        "scheme": model.scheme,
        "formula": f"{SCHEMES[model.scheme]}; {formula}",
        "references": source + _SKIN[model.scheme],
        "solubility": model.solubility.name,
        "wind": descriptions["wind"],
        "air": descriptions["air"],
        "ice": descriptions["ice"],
        "comment": "positive: out of the ocean; negative: into the ocean",
    }
    if model.scheme == "rapid":
        name = getattr(model.cool_skin, "name", "given")
        flux["skin"] = f"{name}, salinity {model.salty_skin:+g}; SST is the subskin"
    air = {"comment": f"air: {descriptions['air']}"}
    if "pressure" in descriptions:
        air["pressure"] = descriptions["pressure"]
    extras = {
        "wind_speed_10m": {"comment": f"wind: {descriptions['wind']}"},
        "solubility": {"method": model.solubility.name},
        "transfer_velocity": velocity,
        "fCO2_atm_wet_flux": air,
        "flux_CO2": flux,
    }
    return {name: attrs_of(name, **extra) for name, extra in extras.items()}
