"""Variables that follow from others, whatever the instrument: salinity, copies."""

from collections.abc import Callable, Collection

import numpy as np
import xarray as xr

from oceanco2.physics import practical_salinity
from oceanco2.platforms import Platform
from oceanco2.provenance import add_history
from oceanco2.vocabulary import VALUE_TYPES, attrs_of, coded_attrs, possible

_Formula = Callable[[np.ndarray, np.ndarray, Platform], tuple[np.ndarray, str]]


def _salinity(
    conductivity: np.ndarray, temperature: np.ndarray, platform: Platform
) -> tuple[np.ndarray, str]:
    scale = platform.calibration.temperature_scale
    values = practical_salinity(conductivity, temperature, temperature_scale=scale)
    return values, f"PSS-78, temperature on {scale}"


def _excess(
    hydrogen: np.ndarray,
    oxygen: np.ndarray,
    platform: Platform,  # noqa: ARG001 (all formulas are called alike)
) -> tuple[np.ndarray, str]:
    return hydrogen - 8.0 * oxygen, "delta D minus 8 times delta 18O, Dansgaard (1964)"


_DERIVED: dict[str, tuple[tuple[str, str], _Formula]] = {
    "salinity": (("conductivity", "T_conductivity"), _salinity),
    "deuterium_excess": (("delta_D_vapour", "delta_18O_vapour"), _excess),
}
#: The thermometer beside the conductivity cell, where it is the only one.
_INSTEAD = {"T_conductivity": "SST"}


def derived(platform: Platform) -> Collection[str]:
    """List the variables that will be made from others."""
    names = set(platform.variables)
    return {
        name
        for name, (needed, _) in _DERIVED.items()
        if name not in names
        and all(n in names or _INSTEAD.get(n) in names for n in needed)
    }


def derive(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add what follows from calibrated sensors, then the copies of variables."""
    out = ds
    for name in sorted(derived(platform)):
        out = _computed(out, name, platform)
    for name, source in platform.variables.items():
        if source.same_as is not None and source.same_as in out:
            out = _copied(out, name, source.same_as)
    return out


def _computed(ds: xr.Dataset, name: str, platform: Platform) -> xr.Dataset:
    needed, formula = _DERIVED[name]
    there = [n if n in ds else _INSTEAD.get(n, n) for n in needed]
    if name in ds or not all(n in ds for n in there):
        return ds
    one, two = (possible(n, ds[n].to_numpy()) for n in there)
    values, said = formula(one, two, platform)
    attrs = attrs_of(name, method=f"{said}; from {' and '.join(there)}")
    return ds.assign({name: ("time", values, attrs)})


def _copied(ds: xr.Dataset, name: str, other: str) -> xr.Dataset:
    """Add a variable that was not measured apart from another."""
    said = f"not measured: taken to be the same as {other}"
    new = {name: ("time", ds[other].to_numpy().copy(), attrs_of(name, method=said))}
    kind = np.where(np.isnan(ds[other].to_numpy()), 0, VALUE_TYPES["measured"])
    if f"{other}_type" in ds:
        kind = ds[f"{other}_type"].to_numpy()
    attrs = coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")
    new[f"{name}_type"] = ("time", kind.astype(np.int8), attrs)
    out = ds.assign(new)
    return out.assign_attrs(add_history(out.attrs, f"{name} {said}"))
