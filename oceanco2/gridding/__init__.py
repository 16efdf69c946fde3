"""Gridded products from processed data sets and from files published by SOCAT."""

from oceanco2.gridding.making import grid, grid_and_report
from oceanco2.gridding.selection import Choice

__all__ = ["Choice", "grid", "grid_and_report"]
