"""Variables derived from others, for any instrument: salinity, copies."""

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
#: Fallback for a missing variable: the only thermometer is beside the cell.
_FALLBACK = {"T_conductivity": "SST"}


def derived_names(platform: Platform) -> Collection[str]:
    """List the variables that will be derived from others."""
    names = set(platform.variables)
    return {
        name
        for name, (needed, _) in _DERIVED.items()
        if name not in names
        and all(n in names or _FALLBACK.get(n) in names for n in needed)
    }


def derive(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add variables derived from calibrated sensors, then copies of variables."""
    out = ds
    for name in sorted(derived_names(platform)):
        out = _add_derived(out, name, platform)
    for name, source in platform.variables.items():
        if source.same_as is not None and source.same_as in out:
            out = _add_copy(out, name, source.same_as)
    return out


def _add_derived(ds: xr.Dataset, name: str, platform: Platform) -> xr.Dataset:
    needed, formula = _DERIVED[name]
    sources = [n if n in ds else _FALLBACK.get(n, n) for n in needed]
    if name in ds or not all(n in ds for n in sources):
        return ds
    first, second = (possible(n, ds[n].to_numpy()) for n in sources)
    values, method = formula(first, second, platform)
    attrs = attrs_of(name, method=f"{method}; from {' and '.join(sources)}")
    return ds.assign({name: ("time", values, attrs)})


def _add_copy(ds: xr.Dataset, name: str, other: str) -> xr.Dataset:
    """Add a variable as a copy of another one."""
    method = f"not measured: taken to be the same as {other}"
    new = {name: ("time", ds[other].to_numpy().copy(), attrs_of(name, method=method))}
    kind = np.where(np.isnan(ds[other].to_numpy()), 0, VALUE_TYPES["measured"])
    if f"{other}_type" in ds:
        kind = ds[f"{other}_type"].to_numpy()
    attrs = coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")
    new[f"{name}_type"] = ("time", kind.astype(np.int8), attrs)
    out = ds.assign(new)
    return out.assign_attrs(add_history(out.attrs, f"{name} {method}"))
