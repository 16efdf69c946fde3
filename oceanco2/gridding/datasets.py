"""Rows of processed data sets for a grid."""

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
    """Return the selected rows of a data set, and counts of the skipped ones."""
    ds = source
    if isinstance(ds, xr.DataArray):
        attrs = dict(ds.attrs)
        ds = ds.to_dataset(name=_FCO2).reset_coords(
            [n for n in ("SST", "salinity") if n in ds.coords]
        )
        ds.attrs = attrs
    _check(ds, name)
    present = np.isfinite(_along_time(ds, _FCO2))
    selected = present
    if f"{_FCO2}_flag" in ds:
        selected = present & np.isin(ds[f"{_FCO2}_flag"].to_numpy(), chosen.woce)
    skipped = Counter[str]()
    if not present.all():
        skipped["no fCO2"] = int((~present).sum())
    if not selected[present].all():
        skipped["fCO2 flag not wanted"] = int((present & ~selected).sum())
    number = dataset_number(_data_set_name(ds) or name)
    rows = {
        "time": ds["time"].to_numpy(),
        "latitude": _along_time(ds, "latitude"),
        "longitude": _along_time(ds, "longitude"),
        "dataset_id": np.full(present.size, number),
        "fco2": _along_time(ds, _FCO2),
        "sst": _good_values(ds, "SST"),
        "salinity": _good_values(ds, "salinity"),
    }
    if not selected.any():
        rows = {column: values[:0] for column, values in rows.items()}
        return rows, skipped
    # Duplicates are searched among consecutive rows of equal time.
    order = np.flatnonzero(selected)
    order = order[np.argsort(rows["time"][order], kind="stable")]
    return {column: values[order] for column, values in rows.items()}, skipped


def _check(ds: xr.Dataset, name: str) -> None:
    for required in ("time", "latitude", "longitude", _FCO2):
        if required not in ds.variables:
            hint = did_you_mean(required, [str(n) for n in ds.variables])
            raise ProcessingError(f"{name}: gridding needs {required}.{hint}")
    if ds["time"].dims != ("time",) or ds["time"].dtype.kind != "M":
        raise ProcessingError(
            f"{name}: 'time' must be a datetime64 dimension coordinate"
        )
    if ds[_FCO2].dims != ("time",):
        dims = ", ".join(map(str, ds[_FCO2].dims)) or "none"
        raise ProcessingError(
            f"{name}: {_FCO2} must have the dimension time, not {dims}"
        )


def _along_time(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return a variable along time; a fixed position is repeated."""
    values = np.asarray(ds[name].to_numpy(), np.float64)
    return np.broadcast_to(values, (ds.sizes["time"],))


def _good_values(ds: xr.Dataset, name: str) -> np.ndarray:
    if name not in ds.variables:
        return np.full(ds.sizes["time"], np.nan)
    values = _along_time(ds, name)
    if f"{name}_flag" not in ds:
        return values
    return np.where(ds[f"{name}_flag"].to_numpy() == GOOD, values, np.nan)


def _data_set_name(ds: xr.Dataset) -> str:
    """Return the expocode or another identifier of the data set."""
    from oceanco2.export.acdd import identifier

    try:
        name = identifier(ds)
    except ProcessingError:  # an invalid expocode still distinguishes data sets
        return str(ds.attrs["expocode"])
    return "" if name == "unnamed" else name
