"""Absolute salinity (TEOS-10) to the practical salinity of all formulas."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.provenance import add_history
from oceanco2.vocabulary import ABSOLUTE, attrs_of

#: Absolute over practical salinity of sea water of the reference composition.
_REFERENCE = 35.16504 / 35.0
_RAW = "salinity_raw"


def to_practical(ds: xr.Dataset) -> xr.Dataset:
    """Convert salinity that a file or its platform file calls absolute."""
    names = [name for name in ("salinity", _RAW) if name in ds]
    if not any(ABSOLUTE in ds[name].attrs for name in names):
        return ds
    absolute = ds["salinity"].to_numpy()
    practical = absolute / _REFERENCE
    if {"latitude", "longitude"} <= set(ds.variables):
        lat, lon = (ds[n].to_numpy() for n in ("latitude", "longitude"))
        placed = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 360.0) & (absolute >= 0.0)
        import gsw

        place = 0.0, lon[placed] % 360.0, lat[placed]
        practical[placed] = gsw.SP_from_SA(absolute[placed], *place)
    method = "practical from absolute salinity, TEOS-10 (gsw.SP_from_SA)"
    attrs = {k: v for k, v in ds["salinity"].attrs.items() if k != ABSOLUTE}
    new: dict[str, Any] = {
        "salinity": ("time", practical, attrs | {"method": method}),
    }
    if _RAW not in ds:
        text = "sea surface absolute salinity, as measured"
        raw_attrs = attrs_of(_RAW, long_name=text, units="g kg-1")
        new[_RAW] = ("time", absolute.copy(), raw_attrs)
    out = ds.assign(new)
    out[_RAW].attrs.pop(ABSOLUTE, None)
    return out.assign_attrs(add_history(out.attrs, method))
