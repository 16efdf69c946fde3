"""Rows of processed data sets."""

from collections import Counter
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, did_you_mean
from oceanco2.gridding.selection import Choice
from oceanco2.grids import dataset_number
from oceanco2.vocabulary import GOOD

_FCO2 = "fCO2_water_SST_wet"


def dataset_rows(
    source: xr.Dataset | xr.DataArray, chosen: Choice, name: str
) -> tuple[dict[str, Any], Counter[str]]:
    """Return the rows of a data set that are wanted."""
    ds = source
    if isinstance(ds, xr.DataArray):
        attrs = dict(ds.attrs)
        ds = ds.to_dataset(name=_FCO2).reset_coords(
            [n for n in ("SST", "salinity") if n in ds.coords]
        )
        ds.attrs = attrs
    _check(ds, name)
    there = np.isfinite(_along(ds, _FCO2))
    wanted = there
    if f"{_FCO2}_flag" in ds:
        wanted = there & np.isin(ds[f"{_FCO2}_flag"].to_numpy(), chosen.woce)
    left_out = Counter[str]()
    if not there.all():
        left_out["no fCO2"] = int((~there).sum())
    if not wanted[there].all():
        left_out["fCO2 flag not wanted"] = int((there & ~wanted).sum())
    number = dataset_number(_named(ds) or name)
    rows = {
        "time": ds["time"].to_numpy(),
        "latitude": _along(ds, "latitude"),
        "longitude": _along(ds, "longitude"),
        "dataset_id": np.full(there.size, number),
        "fco2": _along(ds, _FCO2),
        "sst": _good(ds, "SST"),
        "salinity": _good(ds, "salinity"),
    }
    if not wanted.any():
        rows = {column: values[:0] for column, values in rows.items()}
        return rows, left_out
    # Repetitions are looked for among rows of one time that stand together.
    order = np.flatnonzero(wanted)
    order = order[np.argsort(rows["time"][order], kind="stable")]
    return {column: values[order] for column, values in rows.items()}, left_out


def _check(ds: xr.Dataset, name: str) -> None:
    for needed in ("time", "latitude", "longitude", _FCO2):
        if needed not in ds.variables:
            known = [str(n) for n in ds.variables]
            hint = did_you_mean(needed, known)
            raise ProcessingError(f"{name}: no {needed}: it cannot be gridded.{hint}")
    if ds["time"].dims != ("time",) or ds["time"].dtype.kind != "M":
        raise ProcessingError(f"{name}: time is no dimension with times along it")
    if ds[_FCO2].dims != ("time",):
        dims = ", ".join(map(str, ds[_FCO2].dims)) or "nothing"
        raise ProcessingError(f"{name}: {_FCO2} is along {dims}, not along time")


def _along(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return a variable along time; a fixed position is repeated."""
    values = np.asarray(ds[name].to_numpy(), np.float64)
    return np.broadcast_to(values, (ds.sizes["time"],))


def _good(ds: xr.Dataset, name: str) -> np.ndarray:
    if name not in ds.variables:
        return np.full(ds.sizes["time"], np.nan)
    values = _along(ds, name)
    if f"{name}_flag" not in ds:
        return values
    return np.where(ds[f"{name}_flag"].to_numpy() == GOOD, values, np.nan)


def _named(ds: xr.Dataset) -> str:
    """Return the expocode, or what else the data set is called."""
    from oceanco2.export.acdd import identifier

    try:
        found = identifier(ds)
    except ProcessingError:  # an expocode that is none tells data sets apart, too
        return str(ds.attrs["expocode"])
    return "" if found == "unnamed" else found
