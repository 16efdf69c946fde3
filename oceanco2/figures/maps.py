"""Maps of the track, with coasts from the land mask of the package."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.figures.drawing import (
    BAD_INK,
    GOOD_INK,
    NEUTRAL,
    NORMAL,
    QUESTIONABLE_INK,
    SMALL,
    by_flag,
    style_axes,
    track_of,
)
from oceanco2.geography import ocean_fraction

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


#: Least extent of a map, so that a short leg is a line, not noise [degree].
SMALLEST = 0.5
#: Extent of the map around a fixed position, wide enough to see coasts [degree].
MOORED = 10.0
_POINTS = 6_000
_CROWD = 100  # largest number of flagged points that are drawn in full size


def chart(ax: Any, ds: xr.Dataset, name: str, label: str, shape: float = 0.85) -> Any:
    """Draw the track, coloured by a variable."""
    position = _prepare(ax, ds)
    if position is None:
        return None
    east, north = position
    line = _without_jumps(east, north)
    ax.plot(*line, color="#999999", linewidth=0.7, zorder=1)
    points = _draw_values(ax, ds, name, east, north)
    _mark_ends(ax, east, north)
    _set_extent(ax, east, north, shape)
    if points is not None:
        bar = ax.figure.colorbar(
            points, ax=ax, orientation="horizontal", pad=0.02, aspect=40
        )
        bar.set_label(label, fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
        bar.outline.set_linewidth(0.5)
    return points


def _prepare(ax: Any, ds: xr.Dataset) -> tuple[np.ndarray, np.ndarray] | None:
    """Prepare the panel; return longitude and latitude, or write "no positions"."""
    style_axes(ax)
    for side in ("top", "right"):
        ax.spines[side].set_visible(True)
    position = track_of(ds)
    if position is None:
        ax.set_axis_off()
        style = {"ha": "center", "transform": ax.transAxes, "color": NEUTRAL}
        ax.text(0.5, 0.5, "no positions", fontsize=NORMAL, **style)
    return position


def flag_chart(ax: Any, ds: xr.Dataset, name: str, shape: float = 0.85) -> None:
    """Draw where values of a variable are good, questionable and bad."""
    position = _prepare(ax, ds)
    if position is None:
        return
    east, north = position
    ax.plot(*_without_jumps(east, north), color="#999999", linewidth=0.7, zorder=1)
    points = by_flag(ds, name)
    flagged = points.questionable.size + points.bad.size
    scale = 2.0 if _is_moored(east, north) else (0.6 if flagged > _CROWD else 1.0)
    kinds = (
        (points.good, GOOD_INK),
        (points.questionable, QUESTIONABLE_INK),
        (points.bad, BAD_INK),
    )
    for order, (of_kind, ink) in enumerate(kinds, 2):
        rows = of_kind[np.isfinite(east[of_kind])]
        rows = rows[:: max(1, rows.size // _POINTS)]
        ax.plot(
            east[rows],
            north[rows],
            linestyle="none",
            marker=ink.marker,
            markersize=scale * ink.size,
            color=ink.color,
            markeredgewidth=1.1 if ink.marker == "x" else 0.0,
            rasterized=True,
            zorder=order,
        )
    _mark_ends(ax, east, north)
    _set_extent(ax, east, north, shape)


def _without_jumps(east: np.ndarray, north: np.ndarray) -> tuple[Any, Any]:
    valid = np.flatnonzero(np.isfinite(east))
    rows = valid[:: max(1, valid.size // 20_000)]
    x, y = east[rows], north[rows]
    step = np.hypot(np.diff(x), np.diff(y))
    typical = np.median(step) if step.size else 0.0
    far = np.flatnonzero(step > max(20.0 * typical, 2.0)) + 1
    return np.insert(x, far, np.nan), np.insert(y, far, np.nan)


def _draw_values(
    ax: Any, ds: xr.Dataset, name: str, east: np.ndarray, north: np.ndarray
) -> Any:
    values = ds[name].to_numpy()
    rows = by_flag(ds, name).good
    rows = rows[np.isfinite(east[rows])]
    if not rows.size:
        return None
    # Every n-th row: keeping extremes would hide the values between them.
    rows = rows[:: -(-rows.size // _POINTS)]
    low, high = np.percentile(values[rows], [1.0, 99.0])
    return ax.scatter(
        east[rows],
        north[rows],
        c=values[rows],
        s=70.0 if _is_moored(east, north) else 7.0,
        cmap="viridis",
        vmin=low,
        vmax=high if high > low else low + 1.0,
        linewidths=0.0,
        rasterized=True,
        zorder=2,
    )


def _is_moored(east: np.ndarray, north: np.ndarray) -> bool:
    extent = max(np.nanmax(v) - np.nanmin(v) for v in (east, north))
    return bool(extent < 0.1 * SMALLEST)


def _mark_ends(ax: Any, east: np.ndarray, north: np.ndarray) -> None:
    valid = np.flatnonzero(np.isfinite(east))
    if _is_moored(east, north):
        return
    style = {"markersize": 6, "markeredgecolor": "black", "zorder": 4}
    for row, marker, label in ((valid[0], "o", "start"), (valid[-1], "s", "end")):
        ax.plot(
            east[row],
            north[row],
            marker=marker,
            markerfacecolor="white",
            linestyle="none",
            label=label,
            **style,
        )
    ax.legend(fontsize=SMALL, loc="best", framealpha=0.8, edgecolor="none")


def _set_extent(ax: Any, east: np.ndarray, north: np.ndarray, shape: float) -> None:
    """Set limits and aspect: true shapes at the middle latitude, panel filled."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    least = MOORED if _is_moored(east, north) else SMALLEST
    low, high = _span(east, least), _span(north, least)
    squeeze = max(float(np.cos(np.radians(0.5 * sum(high)))), 0.05)
    # Extend the shorter side, so that the map is as wide as the panel.
    width, height = (low[1] - low[0]) * squeeze, high[1] - high[0]
    missing = shape * width - height
    low = _widened(low, max(-missing / shape, 0.0) / squeeze)
    high = _widened(high, max(missing, 0.0))
    ax.set_xlim(*low)
    ax.set_ylim(max(high[0], -90.0), min(high[1], 90.0))
    ax.set_aspect(1.0 / squeeze, adjustable="box", anchor="N")
    for axis, label_format in ((ax.xaxis, east_label), (ax.yaxis, north_label)):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 3, 5, 10]))
        axis.set_major_formatter(FuncFormatter(label_format))
    draw_land(ax)


def _span(values: np.ndarray, least: float) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = max(0.06 * (high - low), 0.5 * (least - (high - low)), 0.0)
    return low - margin, high + margin


def _widened(span: tuple[float, float], by: float) -> tuple[float, float]:
    return span[0] - 0.5 * by, span[1] + 0.5 * by


def east_label(value: float, _: Any = None) -> str:
    """Return a tick label of a longitude."""
    value = (value + 180.0) % 360.0 - 180.0
    side = "" if value in (0.0, -180.0) else ("E" if value > 0 else "W")
    return f"{abs(round(value, 4)):g}°{side}"


def north_label(value: float, _: Any = None) -> str:
    """Return a tick label of a latitude."""
    side = "" if value == 0.0 else ("N" if value > 0 else "S")
    return f"{abs(round(value, 4)):g}°{side}"
