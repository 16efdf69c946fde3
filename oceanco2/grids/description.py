"""Names and units of SOCAT's gridded products (docs/socat-rules.md#gridded-products).

The units are those of SOCAT, too: UDUNITS does not know "degrees C", "PSU" and
"Deg N", but programs that read files of SOCAT expect them.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr
from xarray.core import indexing

from oceanco2.grids.cells import DEVIATIONS, KINDS, Cells, Dense
from oceanco2.grids.products import FIRST_YEAR, Product
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
