"""Pairs of variables that some checks compare.

Comparing makes sense only where both were measured, each by its own sensor.
"""

from collections.abc import Mapping

import xarray as xr

_TEMPERATURES, _PRESSURES = ("T_equ", "SST"), ("P_equ", "P_atm")
PAIRS: Mapping[str, tuple[str, str]] = {
    "warming_outlier": _TEMPERATURES,
    "warming_rate": _TEMPERATURES,
    "cooling": _TEMPERATURES,
    "constant_warming": _TEMPERATURES,
    "pressure_difference": _PRESSURES,
    "constant_offset": _PRESSURES,
}


def why_not_separate(ds: xr.Dataset, check: str) -> str:
    """Return why a check must not compare its two variables, or an empty text."""
    pair = PAIRS.get(check, ())
    if not pair or not set(pair) <= set(ds.variables):
        return ""
    for name in pair:
        if ds[name].attrs.get("value_type") == "nominal":
            return f"{name} is one given number"
        if str(ds[name].attrs.get("method", "")).startswith("not measured"):
            return f"{name} is {ds[name].attrs['method']}"
    one, two = (ds[name].attrs.get("source_column") for name in pair)
    if one is not None and one == two:
        return f"{' and '.join(pair)} are one column"
    return ""
