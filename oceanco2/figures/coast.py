"""Draw land on a map; the coast is where a quarter-degree cell is half sea."""

from typing import Any

import numpy as np

from oceanco2.land import ocean_fraction

LAND = "#E6E4DF"
COAST = "#77736B"
_HALF = 0.5


def draw_land(ax: Any) -> None:
    """Draw the land of a map behind everything else, and its coast."""
    east, columns = _cells(ax.get_xlim(), 1440, -180.0)
    north, rows = _cells(ax.get_ylim(), 720, -90.0)
    # Repeat the last row beyond the poles, so that land reaches them.
    sea = ocean_fraction()[np.clip(rows, 0, 719)[:, None], columns % 1440]
    if sea.min() >= _HALF:
        return
    view = ax.get_xlim(), ax.get_ylim()
    land = ax.contourf(east, north, sea, levels=[-1.0, _HALF], colors=[LAND])
    land.set(zorder=0.2, edgecolor=COAST, linewidth=0.5)  # the edge is the coast
    ax.set(xlim=view[0], ylim=view[1])


def _cells(
    limits: tuple[float, float], n: int, start: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return centres and numbers of the cells in view, with a margin of two cells."""
    step = -2.0 * start / n
    low, high = np.floor((np.sort(limits) - start) / step).astype(int)
    cells = np.arange(low - 2, high + 3)
    return start + step * (cells + 0.5), cells
