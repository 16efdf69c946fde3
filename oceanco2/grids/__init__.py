"""Room 7: observations to SOCAT-style gridded products."""

from oceanco2.grids.accumulator import Accumulator, dataset_number
from oceanco2.grids.products import PRODUCTS

__all__ = ["PRODUCTS", "Accumulator", "dataset_number"]
