"""Gridded products from processed data sets and from files that SOCAT gives out."""

from oceanco2.gridding.making import grid
from oceanco2.gridding.selection import Selection

__all__ = ["Selection", "grid"]
