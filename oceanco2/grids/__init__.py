"""Make gridded products like those of SOCAT from observations."""

from oceanco2.grids.accumulator import Accumulator, Duplicates, dataset_number
from oceanco2.grids.netcdf import write_grid
from oceanco2.grids.products import PRODUCTS, find_product

__all__ = [
    "PRODUCTS",
    "Accumulator",
    "Duplicates",
    "dataset_number",
    "find_product",
    "write_grid",
]
