"""Write gridded products as netCDF, one period at a time, with SOCAT's names and units.

The units are those of SOCAT, too: UDUNITS does not know "degrees C", "PSU" and
"Deg N", but programs that read files of SOCAT expect them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.core import indexing

from oceanco2.dates import DAY
from oceanco2.errors import ProcessingError
from oceanco2.files import writing
from oceanco2.grids.products import (
    DEVIATIONS,
    FIRST_YEAR,
    KINDS,
    PRODUCTS,
    Cells,
    Dense,
    Product,
)
from oceanco2.provenance import add_history, versions

#: Missing value in files of SOCAT.
MISSING = -1e34
#: Variable to its printed name and units.
QUANTITIES: Mapping[str, tuple[str, str]] = {
    "fco2": ("fCO2", "uatm"),
    "sst": ("SST", "degrees C"),
    "salinity": ("Salinity", "PSU"),
}
_LONG = {
    "ave_weighted": "mean - per cruise weighted",
    "ave_unwtd": "mean - unweighted all obs",
    "min_unwtd": "min",
    "max_unwtd": "max",
    "std_weighted": "std dev - per cruise weighted",
    "std_unwtd": "std dev - unweighted all obs",
}
_SUMMARY = {
    "ave_weighted": (
        "Mean of {0} computed by calculating the arithmetic mean value for each cruise"
        " passing through the cell and then averaging these datasets."
    ),
    "ave_unwtd": "Arithmetic mean of all {0} values found in the grid cell.",
    "min_unwtd": "Minimum value of {0} observed in the grid cell.",
    "max_unwtd": "Maximum value of {0} observed in the grid cell.",
    "std_weighted": (
        "Standard deviation of {0} about the weighted mean, every dataset with the same"
        " weight: sqrt(mean over datasets of (variance within the dataset + (mean of"
        " the dataset - weighted mean)**2)), variances divided by n."
    ),
    "std_unwtd": (
        "The standard deviation of {0} computed from the unweighted mean (divided by"
        " n)."
    ),
}
_SUMMARY_OF_PERIODS = {
    "ave_weighted": "Mean of the monthly means (per cruise weighted) of {0}.",
    "ave_unwtd": "Mean of the monthly means (unweighted) of {0}.",
    "min_unwtd": "Minimum of the monthly minima of {0}.",
    "max_unwtd": "Maximum of the monthly maxima of {0}.",
}
_CAUTION = (
    "NO INTERPOLATION WAS PERFORMED. SIGNIFICANT BIASES ARE PRESENT IN THESE GRIDDED"
    " RESULTS DUE TO THE ARBITRARY AND SPARSE LOCATIONS OF DATA VALUES IN BOTH SPACE"
    " AND TIME."
)
_NOTES = (
    "Made with oceanco2 in the form of SOCAT's gridded products, not by SOCAT. A row on"
    " the edge of a cell belongs to the cell north or east of it, one at the pole to"
    " the last cell."
)
_COAST = (
    " Cells are coastal if their middle is less than 400 km from land; land is every"
    " cell of 0.25 degree that is at least half land in NOAA GLOBE and belongs to a"
    " piece of land of 20,000 square km or more, as SOCAT's major land masses."
)


def build_dataset(
    cells: Cells, product: Product, counts: Mapping[str, Any]
) -> xr.Dataset:
    """Build the dataset of a product."""
    multiple = 12 if product.months == 1 else 1  # months fill their year
    count = (int(cells.period[-1]) // multiple + 1) * multiple
    shape = count, product.rows, product.columns
    dims = product.time, "ylat", "xlon"
    data: dict[str, Any] = {}
    for name, attrs, column in _columns(product):
        values = cells.column(*column)
        lazy = indexing.LazilyIndexedArray(Dense(cells, values, shape))
        data[f"{product.prefix}{name}{product.suffix}"] = (dims, lazy, attrs)
    bounds = product.bounds(count).astype("datetime64[ns]")
    data[f"{product.time}_bnds"] = ((product.time, "bnds"), bounds)
    ds = xr.Dataset(data, _axes(product, bounds), _global(product, counts))
    return _set_encoding(ds, product)


def _set_encoding(ds: xr.Dataset, product: Product) -> xr.Dataset:
    """Set the encoding of each variable, for `write_grid` and for ``to_netcdf``."""
    for variable in ds.variables.values():
        variable.encoding = {"_FillValue": None}
        if variable.dtype.kind == "M":
            units = f"days since {product.epoch} 00:00:00"
            variable.encoding |= {"units": units, "calendar": "gregorian"}
            variable.encoding["dtype"] = "float64"
        elif variable.ndim == 3:
            compression = {"zlib": True, "complevel": 1, "shuffle": True}
            variable.encoding = {
                "_FillValue": variable.dtype.type(MISSING)
            } | compression
    return ds


def _columns(
    product: Product,
) -> Iterator[tuple[str, dict[str, str], tuple[int | None, int | None]]]:
    """Yield name, attributes and column of each variable, in the order of SOCAT."""
    monthly = product.months == 1
    sums = "" if monthly else " Sum of the monthly counts."
    yield (
        "count_ncruise",
        {
            "long_name": "Number of cruises",
            "units": "count",
            "summary": "Number of datasets containing observations in the grid cell."
            + sums,
        },
        (0, None),
    )
    kinds = (*KINDS, *DEVIATIONS) if monthly else KINDS
    summaries = _SUMMARY if monthly else _SUMMARY_OF_PERIODS
    for v, (name, (printed, units)) in enumerate(QUANTITIES.items()):
        text = "fco2 recomputed" if name == "fco2" else name
        valid = "" if name == "fco2" else "valid "
        counted = {
            "long_name": f"Number of {valid}{name} obs",
            "units": "count",
            "summary": f"Total number of observations in the grid cell.{sums}",
        }
        yield f"{name}_count_nobs", counted, (1 + v, None)
        for k, kind in enumerate(kinds):
            attrs = {
                "long_name": f"{printed} {_LONG[kind]}",
                "units": units,
                "summary": summaries[kind].format(text),
            }
            yield f"{name}_{kind}", attrs, (None, len(kinds) * v + k)
    if monthly:
        yield from _offsets(product, len(kinds) * len(QUANTITIES))


def _offsets(
    product: Product, at: int
) -> Iterator[tuple[str, dict[str, str], tuple[int | None, int | None]]]:
    half = product.step / 2
    axes = (("lat", "Latitude", "Deg N"), ("lon", "Longitude", "Deg E"))
    for k, (name, axis, units) in enumerate(axes):
        summary = (
            f"The arithmetic average of {axis.lower()} offsets from the grid cell"
            " center for all observations in the grid cell. The value of this offset"
            f" can vary from -{half:g} to {half:g}. A value of zero indicates that the"
            " computed fco2 mean values are representative of the grid cell center"
            " position."
        )
        attrs = {
            "long_name": f"{axis} average offset from cell center",
            "units": units,
            "summary": summary,
        }
        yield f"{name}_offset_unwtd", attrs, (None, at + k)


def _axes(product: Product, bounds: np.ndarray) -> dict[str, Any]:
    middle = bounds[:, 0] + (bounds[:, 1] - bounds[:, 0]) / 2
    time = {
        "axis": "T",
        "bounds": f"{product.time}_bnds",
        "time_origin": f"01-JAN-{product.epoch[:4]}",
        "standard_name": "time",
        "long_name": "time",
    }
    east = {"axis": "X", "modulo": 360.0, "standard_name": "longitude"}
    north = {"axis": "Y", "standard_name": "latitude"}
    even = {"point_spacing": "even"}
    x = {"units": "degrees_east", "long_name": "longitude", **even, **east}
    y = {"units": "degrees_north", "long_name": "latitude", **even, **north}
    return {
        product.time: (product.time, middle, time),
        "ylat": ("ylat", product.latitude, y),
        "xlon": ("xlon", product.longitude, x),
    }


def _global(product: Product, counts: Mapping[str, Any]) -> dict[str, Any]:
    size = "quarter-degree" if product.coastal else "1x1 degree"
    span = {1: "monthly", 12: "yearly", 120: "decadal"}[product.months]
    summary = (
        f"Gridded (binned) observations in the form of the Surface Ocean Carbon Atlas"
        f" (SOCAT), with a spatial grid of {size} and {span} in time, from"
        f" {FIRST_YEAR} on."
    )
    if product.months > 1:
        summary += " Computed from the monthly 1-degree grid."
    if product.coastal:
        summary += " A coastal mask is applied: cells less than 400 km from land."
    attrs = {
        "Conventions": "CF-1.6",
        "SOCAT_Notes": _NOTES + (_COAST if product.coastal else ""),
        "title": f"SOCAT-style gridded {product.title}",
        "summary": summary,
        "references": "http://www.socat.info/; doi:10.5194/essd-8-383-2016",
        "caution": _CAUTION,
        **counts,
        "versions": json.dumps(versions(), sort_keys=True),
    }
    return add_history(attrs, f"observations gridded, product {product.name}")


#: Bands of latitude that are stored separately, in eight pieces: most are empty.
_BANDS = {1.0: 2, 0.25: 8}
_PIECES = 8


def product_of(ds: xr.Dataset) -> Product:
    """Return the product of a gridded dataset."""
    for product in PRODUCTS.values():
        name = f"{product.prefix}fco2_count_nobs{product.suffix}"
        if name in ds.variables and product.time in ds.variables:
            return product
    raise ProcessingError("not a gridded product: fco2_count_nobs is missing")


def write_grid(ds: xr.Dataset, path: str | Path) -> None:
    """Write a gridded product in the format of SOCAT.

    Parameters
    ----------
    ds : xarray.Dataset
        From `Accumulator.result`; no more than one period is in memory.
    path : str or Path
        File to write; writing is atomic.

    Raises
    ------
    ProcessingError
        If the dataset is not a gridded product.
    OutputError
        If the file cannot be written.
    """
    product = product_of(ds)
    with writing(path, (RuntimeError,)) as temporary:  # netCDF4 raises it as well
        _save(ds, product, temporary)


def _save(ds: xr.Dataset, product: Product, path: Path) -> None:
    from netCDF4 import Dataset

    with Dataset(path, "w", format="NETCDF4") as file:
        file.setncatts(ds.attrs)
        for dim in ("xlon", "ylat", product.time, "bnds"):
            file.createDimension(dim, None if dim == product.time else ds.sizes[dim])
        _write_axes(file, ds, product)
        names = [str(n) for n, v in ds.data_vars.items() if v.ndim == 3]
        shape = 1, product.rows // _BANDS[product.step], product.columns // _PIECES
        for name in names:
            variable = ds[name].variable
            kind = variable.dtype
            target = file.createVariable(
                name,
                kind,
                (product.time, "ylat", "xlon"),
                fill_value=kind.type(MISSING),
                zlib=True,
                complevel=1,
                shuffle=True,
                chunksizes=shape,
                chunk_cache=2 * 8 * shape[1] * shape[2],  # else 16 MB for each
            )
            target.setncatts({"missing_value": kind.type(MISSING)} | variable.attrs)
        windows = [
            (t, *window)
            for t in range(ds.sizes[product.time])
            for window in _windows(ds[names[0]].variable[t].to_numpy(), shape[1:])
        ]
        for name in names:
            _write_windows(file[name], ds[name].variable, windows)


def _write_axes(file: Any, ds: xr.Dataset, product: Product) -> None:
    epoch = np.datetime64(product.epoch, "ns")
    units = {"units": f"days since {product.epoch} 00:00:00", "calendar": "gregorian"}
    bounds = f"{product.time}_bnds"
    for name in ("xlon", "ylat", product.time, bounds):
        variable = ds[name].variable
        values, attrs = variable.to_numpy(), dict(variable.attrs)
        if values.dtype.kind == "M":
            values = (values.astype("datetime64[ns]") - epoch) / DAY
            attrs = {} if name == bounds else units | attrs
        target = file.createVariable(name, np.float64, variable.dims)
        target.setncatts(attrs)
        target[:] = values


def _write_windows(
    target: Any, variable: xr.Variable, windows: list[tuple[int, slice, slice]]
) -> None:
    """Write windows with observations; empty ones take neither time nor space."""
    target.set_auto_maskandscale(False)
    missing = variable.dtype.type(MISSING)
    at, values = -1, np.empty((0, 0))
    for t, rows, columns in windows:
        if t != at:
            at, values = t, variable[t].to_numpy()
        window = values[rows, columns]
        target[t, rows, columns] = np.where(np.isnan(window), missing, window)


def _windows(
    counts: np.ndarray, piece: tuple[int, int]
) -> Iterator[tuple[slice, slice]]:
    """Yield rows and columns of the pieces with observations."""
    shape = counts.shape[0] // piece[0], piece[0], counts.shape[1] // piece[1], piece[1]
    filled = np.isfinite(counts).reshape(shape).any(axis=(1, 3))
    for i in range(filled.shape[0]):
        # Adjacent pieces are written together: begin and end of each run.
        edges = np.flatnonzero(np.diff(np.pad(filled[i], 1).astype(np.int8)))
        for begin, end in edges.reshape(-1, 2).tolist():
            rows = slice(i * piece[0], (i + 1) * piece[0])
            yield rows, slice(begin * piece[1], end * piece[1])
