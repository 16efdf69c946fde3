"""Panels along time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.errors import UnknownNameError, not_found
from oceanco2.figures.drawing import (
    BAD_INK,
    GOOD_INK,
    LARGE,
    NEUTRAL,
    NORMAL,
    QUESTIONABLE_INK,
    SMALL,
    Ink,
    Points,
    by_flag,
    limits,
    new_figure,
    style_axes,
    thin,
)

if TYPE_CHECKING:
    from oceanco2.figures.canvas import Picture

#: More points than this are rasterised.
RASTER = 2_000
#: Largest number of flagged points that keeps a panel readable.
CROWD = 1_000


def days(times: np.ndarray) -> np.ndarray:
    """Return times as the numbers that matplotlib uses."""
    from matplotlib.dates import date2num

    return np.asarray(date2num(times.astype("datetime64[us]")))


def time_axis(ax: Any) -> None:
    """Label an axis with dates, UTC."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz="UTC", minticks=4, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz="UTC"))
    ax.xaxis.get_offset_text().set_fontsize(SMALL)


def scatter(
    ax: Any,
    when: np.ndarray,
    values: np.ndarray,
    rows: np.ndarray,
    ink: Ink,
    **more: Any,
) -> None:
    """Draw points of one kind."""
    if not rows.size:
        return
    rows = thin(rows, values)
    many = rows.size > RASTER
    style: dict[str, Any] = {
        "marker": ink.marker,
        "markersize": ink.size * (0.6 if many else 1.0),
        "color": ink.color,
        "linestyle": "none",
        "markeredgewidth": 1.1 if ink.marker == "x" else 0.0,
        "rasterized": many,
    }
    ax.plot(when[rows], values[rows], **(style | more))


def draw_by_flag(
    ax: Any, ds: xr.Dataset, name: str, ink: Ink = GOOD_INK, only_good: bool = False
) -> Points:
    """Draw a variable against time: good, questionable and bad values."""
    when, values = days(ds["time"].to_numpy()), ds[name].to_numpy()
    points = by_flag(ds, name)
    scatter(ax, when, values, points.good, ink)
    if not only_good:
        _draw_flagged(ax, when, values, points)
    return points


def _draw_flagged(
    ax: Any, when: np.ndarray, values: np.ndarray, points: Points
) -> None:
    """Draw questionable and bad values without hiding the others."""
    for rows, ink, order in (
        (points.questionable, QUESTIONABLE_INK, 3),
        (points.bad, BAD_INK, 4),
    ):
        is_crowded = rows.size > CROWD
        small = {"markersize": 0.5 * ink.size, "markeredgewidth": 0.6}
        style = small if is_crowded else {}
        thinned = thin(rows, values, CROWD)
        scatter(ax, when, values, thinned, ink, zorder=order, **style)


def fit_axis(
    ax: Any,
    ds: xr.Dataset,
    names: Sequence[str],
    also: Sequence[tuple[float, float]] = (),
) -> None:
    """Fit the axis to the good values; mark the others at its edge and count them."""
    points_of = {name: by_flag(ds, name) for name in names}
    ranges = [limits(ds[name].to_numpy(), points) for name, points in points_of.items()]
    spans = [span for span in ranges if span is not None]
    if not spans:
        values = np.concatenate([ds[name].to_numpy() for name in names])
        values = values[np.isfinite(values)]
        text = "no good value" if values.size else "no values"
        ax.text(0.5, 0.5, text, transform=ax.transAxes, **_CENTRED)
        if not values.size:
            return
        margin = 0.05 * np.ptp(values) or 1.0
        spans = [(values.min() - margin, values.max() + margin)]
    spans += also
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    ax.set_ylim(low, high)
    when = days(ds["time"].to_numpy())
    count = sum(
        _mark_outside(ax, when, ds[name].to_numpy(), points, (low, high))
        for name, points in points_of.items()
    )
    if count:
        ax.text(
            0.995,
            0.97,
            f"{count:,} beyond the axis",
            transform=ax.transAxes,
            ha="right",
            va="top",
            fontsize=SMALL,
            color=BAD_INK.color,
            bbox=BOX,
        )


def _mark_outside(
    ax: Any,
    when: np.ndarray,
    values: np.ndarray,
    points: Points,
    span: tuple[float, float],
) -> int:
    count = 0
    for rows, ink in _kinds(points):
        above, below = rows[values[rows] > span[1]], rows[values[rows] < span[0]]
        for outside, y, marker in ((above, 1.0, "^"), (below, 0.0, "v")):
            if not outside.size:
                continue
            count += outside.size
            times = when[outside[:: max(1, outside.size // 500)]]
            ax.plot(
                times,
                np.full(times.size, y),
                linestyle="none",
                marker=marker,
                markersize=5,
                color=ink.color,
                transform=ax.get_xaxis_transform(),
                clip_on=False,
                zorder=5,
            )
    return count


_CENTRED: dict[str, Any] = {
    "ha": "center",
    "va": "center",
    "fontsize": NORMAL,
    "color": NEUTRAL,
}
BOX = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0}


def _kinds(points: Points) -> tuple[tuple[np.ndarray, Ink], ...]:
    return (
        (points.good, GOOD_INK),
        (points.questionable, QUESTIONABLE_INK),
        (points.bad, BAD_INK),
    )


def draw_panel(
    ax: Any, ds: xr.Dataset, names: Sequence[tuple[str, Ink]], label: str
) -> None:
    """Draw one or several variables of one unit against time."""
    style_axes(ax)
    for name, ink in names:
        draw_by_flag(ax, ds, name, ink)
    fit_axis(ax, ds, [name for name, _ in names])
    ax.set_ylabel(label, fontsize=NORMAL)
    ax.yaxis.get_major_formatter().set_useOffset(False)


def add_headroom(ax: Any) -> None:
    """Extend the axis for a legend above the points."""
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.16 * (high - low))


def add_legend(ax: Any, inks: Sequence[Ink], **more: Any) -> None:
    """Add a legend with markers of readable size."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=ink.marker,
            color=ink.color,
            markersize=5.5,
            label=ink.label,
        )
        for ink in inks
    ]
    style: dict[str, Any] = {
        "fontsize": SMALL,
        "ncols": len(handles),
        "frameon": True,
        "framealpha": 0.8,
        "edgecolor": "none",
        "handletextpad": 0.2,
        "columnspacing": 1.0,
        "borderpad": 0.2,
        "loc": "upper left",
    }
    ax.legend(handles=handles, **(style | more))


#: Suffixes of the companions of a variable.
_COMPANIONS = ("_flag", "_flag_automatic", "_flag_manual", "_tests", "_uncertainty")


def label_of(ds: xr.Dataset, name: str) -> str:
    """Return the label of an axis."""
    units = ds[name].attrs.get("units", "")
    return name if units in ("", "1") else f"{name} ({units})"


def stack_panels(ds: xr.Dataset, names: Sequence[str]) -> "Picture":
    """Draw variables against time, one panel each."""
    figure = new_figure(11.0, 1.2 + 2.2 * len(names))
    axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    for ax, name in zip(axes, names, strict=True):
        draw_panel(ax, ds, [(name, GOOD_INK)], label_of(ds, name))
    time_axis(axes[-1])
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    inks = [GOOD_INK, QUESTIONABLE_INK, BAD_INK]
    add_legend(
        axes[0], inks, loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False
    )
    title = str(ds.attrs.get("platform_name", ""))
    figure.suptitle(title, fontsize=LARGE, weight="bold", x=0.01, ha="left")
    return figure


def check(ds: xr.Dataset, name: str) -> None:
    """Raise UnknownNameError if a variable cannot be drawn against time."""
    drawable = [
        str(n) for n, v in ds.data_vars.items() if v.dims == ("time",) and n != "time"
    ]
    if name not in drawable:
        # Companions can be drawn as well, but would make the list too long.
        names = [n for n in drawable if not n.endswith(_COMPANIONS)]
        raise UnknownNameError(not_found("variable along time", name, names))
