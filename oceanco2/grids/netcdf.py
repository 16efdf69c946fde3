"""Write gridded products as netCDF, one period at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OutputError, ProcessingError
from oceanco2.grids.description import MISSING
from oceanco2.grids.products import PRODUCTS, Product
from oceanco2.provenance import whole_file

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
    with whole_file(path) as temporary:
        try:
            _save(ds, product, temporary)
        except (OSError, RuntimeError) as error:  # netCDF4 raises both
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"{path}: cannot be written: {reason}") from None


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
    day = np.timedelta64(86_400_000_000_000, "ns")
    units = {"units": f"days since {product.epoch} 00:00:00", "calendar": "gregorian"}
    bounds = f"{product.time}_bnds"
    for name in ("xlon", "ylat", product.time, bounds):
        variable = ds[name].variable
        values, attrs = variable.to_numpy(), dict(variable.attrs)
        if values.dtype.kind == "M":
            values = (values.astype("datetime64[ns]") - epoch) / day
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
