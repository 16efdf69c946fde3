"""The track on a graticule, with the coasts of the package's own land mask."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.ticker import FuncFormatter, MaxNLocator

from oceanco2.figures.coast import draw_land
from oceanco2.figures.drawing import (
    BAD_INK,
    DOUBT_INK,
    GOOD_INK,
    NEUTRAL,
    NORMAL,
    SMALL,
    plain_axes,
)
from oceanco2.figures.points import by_flag, track_of

#: A map shows at least this much, so that a short leg is a line, not noise [degree].
SMALLEST = 0.5
#: Who stays in one place is a point on a map from which one sees where it is [degree].
MOORED = 10.0
_POINTS = 6_000
_CROWD = 100  # doubtful points that a map holds in full size


def chart(ax: Any, ds: xr.Dataset, name: str, label: str, shape: float = 0.85) -> Any:
    """Draw the track, coloured by a variable."""
    place = _paper(ax, ds)
    if place is None:
        return None
    east, north = place
    line = _without_jumps(east, north)
    ax.plot(*line, color="#999999", linewidth=0.7, zorder=1)
    points = _coloured(ax, ds, name, east, north)
    _ends(ax, east, north)
    _frame(ax, east, north, shape)
    if points is not None:
        bar = ax.figure.colorbar(
            points, ax=ax, orientation="horizontal", pad=0.02, aspect=40
        )
        bar.set_label(label, fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
        bar.outline.set_linewidth(0.5)
    return points


def _paper(ax: Any, ds: xr.Dataset) -> tuple[np.ndarray, np.ndarray] | None:
    """Prepare the panel; return longitude and latitude, or say that there are none."""
    plain_axes(ax)
    for side in ("top", "right"):
        ax.spines[side].set_visible(True)
    place = track_of(ds)
    if place is None:
        ax.set_axis_off()
        style = {"ha": "center", "transform": ax.transAxes, "color": NEUTRAL}
        ax.text(0.5, 0.5, "no positions", fontsize=NORMAL, **style)
    return place


def flag_chart(ax: Any, ds: xr.Dataset, name: str, shape: float = 0.85) -> None:
    """Draw where values of a variable are good, questionable and bad."""
    place = _paper(ax, ds)
    if place is None:
        return
    east, north = place
    ax.plot(*_without_jumps(east, north), color="#999999", linewidth=0.7, zorder=1)
    points = by_flag(ds, name)
    doubts = points.doubtful.size + points.bad.size
    larger = 2.0 if _at_rest(east, north) else (0.6 if doubts > _CROWD else 1.0)
    kinds = (
        (points.good, GOOD_INK),
        (points.doubtful, DOUBT_INK),
        (points.bad, BAD_INK),
    )
    for order, (found, ink) in enumerate(kinds, 2):
        rows = found[np.isfinite(east[found])]
        rows = rows[:: max(1, rows.size // _POINTS)]
        ax.plot(
            east[rows],
            north[rows],
            linestyle="none",
            marker=ink.marker,
            markersize=larger * ink.size,
            color=ink.color,
            markeredgewidth=1.1 if ink.marker == "x" else 0.0,
            rasterized=True,
            zorder=order,
        )
    _ends(ax, east, north)
    _frame(ax, east, north, shape)


def _without_jumps(east: np.ndarray, north: np.ndarray) -> tuple[Any, Any]:
    known = np.flatnonzero(np.isfinite(east))
    rows = known[:: max(1, known.size // 20_000)]
    x, y = east[rows], north[rows]
    step = np.hypot(np.diff(x), np.diff(y))
    usual = np.median(step) if step.size else 0.0
    far = np.flatnonzero(step > max(20.0 * usual, 2.0)) + 1
    return np.insert(x, far, np.nan), np.insert(y, far, np.nan)


def _coloured(
    ax: Any, ds: xr.Dataset, name: str, east: np.ndarray, north: np.ndarray
) -> Any:
    values = ds[name].to_numpy()
    rows = by_flag(ds, name).good
    rows = rows[np.isfinite(east[rows])]
    if not rows.size:
        return None
    # Every n-th row: extremes would hide what is between them.
    rows = rows[:: -(-rows.size // _POINTS)]
    low, high = np.percentile(values[rows], [1.0, 99.0])
    return ax.scatter(
        east[rows],
        north[rows],
        c=values[rows],
        s=70.0 if _at_rest(east, north) else 7.0,
        cmap="viridis",
        vmin=low,
        vmax=high if high > low else low + 1.0,
        linewidths=0.0,
        rasterized=True,
        zorder=2,
    )


def _at_rest(east: np.ndarray, north: np.ndarray) -> bool:
    extent = max(np.nanmax(v) - np.nanmin(v) for v in (east, north))
    return bool(extent < 0.1 * SMALLEST)


def _ends(ax: Any, east: np.ndarray, north: np.ndarray) -> None:
    known = np.flatnonzero(np.isfinite(east))
    if _at_rest(east, north):
        return
    style = {"markersize": 6, "markeredgecolor": "black", "zorder": 4}
    for row, marker, word in ((known[0], "o", "start"), (known[-1], "s", "end")):
        ax.plot(
            east[row],
            north[row],
            marker=marker,
            markerfacecolor="white",
            linestyle="none",
            label=word,
            **style,
        )
    ax.legend(fontsize=SMALL, loc="best", framealpha=0.8, edgecolor="none")


def _frame(ax: Any, east: np.ndarray, north: np.ndarray, shape: float) -> None:
    """Keep shapes right at the middle latitude and fill the panel."""
    least = MOORED if _at_rest(east, north) else SMALLEST
    low, high = _span(east, least), _span(north, least)
    squeeze = max(float(np.cos(np.radians(0.5 * sum(high)))), 0.05)
    # The shorter side gets more sea, so that the map is as wide as the panel.
    width, height = (low[1] - low[0]) * squeeze, high[1] - high[0]
    more = shape * width - height
    low = _widened(low, max(-more / shape, 0.0) / squeeze)
    high = _widened(high, max(more, 0.0))
    ax.set_xlim(*low)
    ax.set_ylim(max(high[0], -90.0), min(high[1], 90.0))
    ax.set_aspect(1.0 / squeeze, adjustable="box", anchor="N")
    for axis, form in ((ax.xaxis, east_label), (ax.yaxis, north_label)):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 3, 5, 10]))
        axis.set_major_formatter(FuncFormatter(form))
    draw_land(ax)


def _span(values: np.ndarray, least: float) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = max(0.06 * (high - low), 0.5 * (least - (high - low)), 0.0)
    return low - room, high + room


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
