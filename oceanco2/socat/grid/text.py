"""Write gridded products as text dumps like SOCAT: a preamble, one line per cell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.files import writing
from oceanco2.grids.netcdf import QUANTITIES, product_of
from oceanco2.grids.products import Product

_KINDS = ("count_nobs", "ave_weighted", "ave_unwtd", "min_unwtd", "max_unwtd")
_MISSING = "-1e+34"


def text_columns(product: Product) -> list[str]:
    """Return the variables of a text dump, in order."""
    names = ["count_ncruise", *(f"{q}_{k}" for q in QUANTITIES for k in _KINDS)]
    return [f"{product.prefix}{name}{product.suffix}" for name in names]


def write_grid_text(ds: xr.Dataset, path: str | Path) -> None:
    """Write the cells of a gridded product that have observations as text."""
    product = product_of(ds)
    names = text_columns(product)
    with (
        writing(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.writelines(f"{line}\n" for line in _preamble(ds, names))
        header = ("DATE", "LAT", "LON", *(name.upper() for name in names))
        file.write(", ".join(header) + "\n")
        for lines in _periods(ds, product, names):
            file.writelines(lines)


def _preamble(ds: xr.Dataset, names: list[str]) -> Iterator[str]:
    for key, value in ds.attrs.items():
        for line in str(value).splitlines():
            yield f"{key}: {line}"
    yield "One line for each cell with observations; the position is its middle."
    for name in names:
        attrs = ds[name].attrs
        description = f"{attrs.get('long_name', '')} [{attrs.get('units', '')}]"
        yield f"{name.upper()}: {description}. {attrs.get('summary', '')}"
    yield f"Missing values are indicated by {_MISSING}"


def _periods(
    ds: xr.Dataset, product: Product, names: list[str]
) -> Iterator[Iterator[str]]:
    days = np.datetime_as_string(ds[product.time].to_numpy(), unit="D")
    north, east = ds["ylat"].to_numpy(), ds["xlon"].to_numpy()
    for t, day in enumerate(days):
        counts = ds[names[0]].variable[t].to_numpy()
        row, column = np.nonzero(np.isfinite(counts))
        if not row.size:
            continue
        values = [ds[name].variable[t].to_numpy()[row, column] for name in names]
        positions = zip(north[row].tolist(), east[column].tolist(), strict=True)
        cells = zip(*(map(_format_value, column) for column in values), strict=True)
        yield (
            ",".join((day, f"{y:g}", f"{x:g}", *cell)) + "\n"
            for (y, x), cell in zip(positions, cells, strict=True)
        )


def _format_value(value: Any) -> str:
    """Return the shortest text that gives the same number."""
    if value != value:  # noqa: PLR0124 (NaN)
        return _MISSING
    return str(int(value)) if value == int(value) else str(value)
