"""Results with attributes, flags and tests: what a file says of its fluxes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oceanco2.fluxes.inputs import AIR_SOURCES, Inputs
from oceanco2.fluxes.model import SCHEMES, Model
from oceanco2.fluxes.quality import HIGH_WIND, Quality, worst
from oceanco2.fluxes.results import moments_used, outside_range
from oceanco2.vocabulary import attrs_of, coded_attrs, flag_attrs, mask_attrs

_SKIN = {"rapid": "; Woolf et al. (2016), doi:10.1002/2015JC011427", "bulk": ""}
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
    """Return the new variables with attributes, flags and tests."""
    new: dict[str, tuple[str, np.ndarray, dict[str, Any]]] = {}
    formula, high = outside_range(model, inputs), inputs.columns["wind"] > HIGH_WIND
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
    """Say what each variable is and how it was made."""
    k, said = model.velocity, inputs.said
    moments = model.wind_moments
    if moments_used(model, inputs):
        moments = f"means of the powers given: {', '.join(moments_used(model, inputs))}"
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
