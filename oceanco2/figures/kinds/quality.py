"""Figures for quality control: standards, warming, map of flags, properties."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.figures import maps, panels
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
)
from oceanco2.figures.figure import kind
from oceanco2.figures.panels import check, label_of, stack_panels

if TYPE_CHECKING:
    from oceanco2.figures.canvas import Picture

#: Limits of warming in the guidelines of SOCAT [K].
_LIMITS = ((1.0, QUESTIONABLE_INK.color), (3.0, BAD_INK.color))
_INKS = (GOOD_INK, QUESTIONABLE_INK, BAD_INK)
_BOLD = Ink(GOOD_INK.label, GOOD_INK.color, GOOD_INK.marker, 4.2)
_NO_ROWS = np.empty(0, dtype=int)
#: Position of a legend that hides no points.
_ABOVE: dict[str, Any] = {
    "loc": "lower right",
    "bbox_to_anchor": (1.0, 1.0),
    "frameon": False,
}


@kind(
    "standards",
    description="deviation of the analyser from each gas standard, and its drift",
)
def draw_standards(ds: xr.Dataset) -> "Picture":
    """Draw the deviation of the analyser from each gas standard, one panel per gas."""
    if not ds.sizes.get("standard_run") or "standard_run_measured" not in ds:
        return _draw_cycles(ds)
    true = ds["standard_run_true"].to_numpy()
    gases = np.unique(true[np.isfinite(true)])
    figure = new_figure(11.0, 1.1 + 1.75 * gases.size)
    axes = figure.subplots(gases.size, 1, sharex=True, squeeze=False)[:, 0]
    for ax, gas in zip(axes, gases, strict=True):
        _draw_gas(ax, ds, float(gas))
    panels.time_axis(axes[-1])
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    figure.supylabel("read $-$ true (µmol mol$^{-1}$)", fontsize=NORMAL)
    _title(figure, ds, "gas standards")
    return figure


#: Variables of systems that set zero and span in every cycle.
_CYCLE_VARIABLES = (
    "zero_reading",
    "span_reading",
    "zero_coefficient",
    "span_coefficient",
)


def _draw_cycles(ds: xr.Dataset) -> "Picture":
    """Draw the zero and span of every cycle."""
    names = [
        n for n in _CYCLE_VARIABLES if n in ds and np.isfinite(ds[n].to_numpy()).any()
    ]
    if not names:
        raise ProcessingError("nothing to draw: the dataset has no runs of standards")
    figure = stack_panels(ds, names)
    _title(figure, ds, "zero and span of each cycle")
    return figure


def _draw_gas(ax: Any, ds: xr.Dataset, gas: float) -> None:
    style_axes(ax)
    runs = ds["standard_run_true"].to_numpy() == gas
    when = panels.days(ds["standard_run_time"].to_numpy())[runs]
    deviation = ds["standard_run_measured"].to_numpy()[runs] - gas
    used = np.ones(deviation.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy()[runs] > 0
    valid = np.isfinite(deviation)
    if "standard_run_std" in ds:
        scatter = ds["standard_run_std"].to_numpy()[runs]
        bars = valid & np.isfinite(scatter)
        style = {"fmt": "none", "ecolor": "#AAAAAA", "elinewidth": 0.9, "zorder": 1}
        ax.errorbar(when[bars], deviation[bars], scatter[bars], **style)
    hollow = {"markerfacecolor": "white", "markeredgewidth": 1.0}
    for rows, style in ((valid & used, {}), (valid & ~used, hollow)):
        panels.scatter(ax, when, deviation, np.flatnonzero(rows), _BOLD, **style)
    # A zero gas that is not used for calibration still shows the drift.
    steady = np.flatnonzero(valid & used if (valid & used).any() else valid)
    text = f"{gas:g} µmol mol$^{{-1}}$: {deviation.size} runs, {used.sum()} used"
    text += _draw_drift(ax, when[steady], deviation[steady])
    text += "; hollow: not used" if (valid & ~used).any() else ""
    span = limits(deviation, Points(steady, _NO_ROWS, _NO_ROWS))
    if span is not None:
        ax.set_ylim(*span)
        text += _mark_outside(ax, when[valid], deviation[valid], span)
    ax.set_title(text, fontsize=SMALL, loc="left", pad=3)
    ax.yaxis.get_major_formatter().set_useOffset(False)


def _mark_outside(
    ax: Any, when: np.ndarray, deviation: np.ndarray, span: tuple[float, float]
) -> str:
    """Mark runs beyond the axis at its edge; return the text with their number."""
    outside = ((deviation < span[0], 0.0, "v"), (deviation > span[1], 1.0, "^"))
    for rows, y, marker in outside:
        if not rows.any():  # an empty line would move the panel
            continue
        ax.plot(
            when[rows],
            np.full(int(rows.sum()), y),
            linestyle="none",
            marker=marker,
            markersize=5.0,
            color=BAD_INK.color,
            transform=ax.get_xaxis_transform(),
            clip_on=False,
            zorder=5,
        )
    beyond = sum(int(rows.sum()) for rows, *_ in outside)
    return f"; {beyond} beyond the axis" if beyond else ""


def _draw_drift(ax: Any, when: np.ndarray, deviation: np.ndarray) -> str:
    """Draw a regression line; return the text with its slope."""
    if when.size < 2 or np.ptp(when) == 0:
        return ""
    slope, middle = np.polyfit(when - when[0], deviation, 1)
    ends = np.array([when.min(), when.max()])
    line = {"color": NEUTRAL, "linewidth": 0.9, "linestyle": "--", "zorder": 2}
    ax.plot(ends, middle + slope * (ends - when[0]), **line)
    return f", drift {slope:+.3g} a day".replace("-", "\N{MINUS SIGN}")


@kind(
    "warming",
    description="warming of the water between intake and equilibrator",
)
def draw_warming(ds: xr.Dataset) -> "Picture":
    """Draw the warming between intake and equilibrator: time series and histogram."""
    if "warming" not in ds or not np.isfinite(ds["warming"].to_numpy()).any():
        raise ProcessingError(
            "nothing to draw: the dataset has no warming (T_equ and SST)"
        )
    figure = new_figure(12.0, 4.2)
    grid = figure.add_gridspec(1, 2, width_ratios=[2.4, 1.0])
    left, right = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    panels.draw_panel(left, ds, [("warming", GOOD_INK)], "T$_{equ}$ $-$ SST (K)")
    panels.time_axis(left)
    left.set_xlabel("time (UTC)", fontsize=NORMAL)
    low, high = left.get_ylim()
    for limit, color in _LIMITS:
        for value in (-limit, limit):
            if low < value < high:
                left.axhline(value, color=color, linewidth=1.0, linestyle="--")
    panels.add_legend(left, _inks_of(ds, "warming"), **_ABOVE)
    _histogram(right, ds["warming"].to_numpy())
    _title(figure, ds, "warming of the water")
    return figure


def _histogram(ax: Any, values: np.ndarray) -> None:
    style_axes(ax)
    values = values[np.isfinite(values)]
    low, high = np.percentile(values, [0.1, 99.9])
    low, high = max(min(low, -1.2), -5.0), min(max(high, 1.2), 5.0)
    edges = np.linspace(low, high, 61)
    inside = values[(values >= low) & (values <= high)]
    ax.hist(inside, bins=edges, color=GOOD_INK.color, linewidth=0.0, log=True)
    for limit, color in _LIMITS:
        share = 100.0 * (np.abs(values) > limit).mean()
        style = {"color": color, "linewidth": 1.2, "linestyle": "--"}
        ax.plot([], [], label=f"beyond {limit:g} K: {share:.3g} %", **style)
        for value in (-limit, limit):
            if low <= value <= high:
                ax.axvline(value, **style)
    ax.set_xlim(low, high)
    ax.set_ylim(bottom=0.7)
    hidden = values.size - inside.size
    more = f", {hidden:,} not shown" if hidden else ""
    ax.set_xlabel(f"T$_{{equ}}$ $-$ SST (K){more}", fontsize=NORMAL)
    ax.set_ylabel("rows", fontsize=NORMAL)
    ax.legend(fontsize=SMALL, loc="upper left", framealpha=0.85, edgecolor="none")


@kind(
    "map",
    description="map of the good, questionable and bad values of a variable",
    default=("fCO2_water_SST_wet",),
    fewest=1,
    most=1,
)
def draw_flag_map(ds: xr.Dataset, name: str) -> "Picture":
    """Draw where values are good, questionable and bad."""
    check(ds, name)
    figure = new_figure(8.0, 7.0)
    ax = figure.add_subplot()
    maps.flag_chart(ax, ds, name)
    ends = ax.get_legend()
    if ends is not None:
        ax.add_artist(ends)  # the next legend would replace it
    panels.add_legend(ax, _inks_of(ds, name), **_ABOVE)
    _title(figure, ds, f"flags of {name}")
    return figure


@kind(
    "property",
    description="one variable against another, coloured by the worse of their flags",
    default=("SST", "fCO2_water_SST_wet"),
    fewest=2,
    most=2,
)
def draw_property(ds: xr.Dataset, x: str, y: str) -> "Picture":
    """Draw one variable against another, coloured by the worse of their flags."""
    for name in (x, y):
        if name not in ("latitude", "longitude"):
            check(ds, name)
    values = [np.asarray(ds[name].to_numpy(), dtype=float) for name in (x, y)]
    points = _by_worse_flag(ds, (x, y), values)
    figure = new_figure(7.0, 6.0)
    ax = figure.add_subplot()
    style_axes(ax)
    spans = [_limits_with_questionable(v, points) for v in values]
    if spans[0] is None or spans[1] is None:
        raise ProcessingError(f"nothing to draw: no row has both {x} and {y}")
    for rows, ink in zip(
        (points.good, points.questionable, points.bad), _INKS, strict=True
    ):
        # Many points are rasterised to keep the file small.
        panels.scatter(ax, values[0], values[1], rows, ink, alpha=0.7)
    ax.set_xlim(*spans[0])
    ax.set_ylim(*spans[1])
    ax.set_xlabel(label_of(ds, x), fontsize=NORMAL)
    ax.set_ylabel(label_of(ds, y), fontsize=NORMAL)
    ax.ticklabel_format(useOffset=False)
    rows = np.concatenate([points.good, points.questionable, points.bad])
    _count_hidden(ax, [v[rows] for v in values])
    panels.add_legend(ax, _counted_inks(points), **_ABOVE)
    _title(figure, ds, "")
    return figure


def _limits_with_questionable(
    values: np.ndarray, points: Points
) -> tuple[float, float] | None:
    """Return limits that fit good values and nearby questionable ones."""
    span = limits(values, points)
    if span is None:
        return None
    low, high = span
    questionable = values[points.questionable]
    wide = high - low
    near = questionable[(questionable > low - wide) & (questionable < high + wide)]
    return float(np.min([low, *near])), float(np.max([high, *near]))


def _count_hidden(ax: Any, values: Sequence[np.ndarray]) -> None:
    """Write the number of points beyond the axes."""
    hidden = np.zeros(values[0].size, dtype=bool)
    for v, (low, high) in zip(values, (ax.get_xlim(), ax.get_ylim()), strict=True):
        hidden |= (v < low) | (v > high)
    if hidden.any():
        style = {"ha": "right", "va": "top", "fontsize": SMALL, "color": BAD_INK.color}
        position = {"transform": ax.transAxes, "bbox": panels.BOX}
        ax.text(0.99, 0.99, f"{hidden.sum():,} beyond the axes", **style, **position)


def _by_worse_flag(
    ds: xr.Dataset, names: Sequence[str], values: Sequence[np.ndarray]
) -> Points:
    """Group the rows that have both values by the worse of their flags."""
    present = np.isfinite(values[0]) & np.isfinite(values[1])
    rank = np.zeros(present.shape, dtype=int)
    for name in names:
        key = "position" if name in ("latitude", "longitude") else name
        if f"{key}_flag" in ds:
            flag = ds[f"{key}_flag"].to_numpy()
            rank = np.maximum(rank, np.where(flag >= 4, 2, np.where(flag == 3, 1, 0)))
    return Points(*(np.flatnonzero(present & (rank == i)) for i in range(3)))


def _inks_of(ds: xr.Dataset, name: str) -> list[Ink]:
    return _counted_inks(by_flag(ds, name))


def _counted_inks(points: Points) -> list[Ink]:
    """Return legend entries for the kinds of points that occur, with their counts."""
    kinds = zip((points.good, points.questionable, points.bad), _INKS, strict=True)
    return [
        Ink(f"{ink.label} ({rows.size:,})", ink.color, ink.marker, ink.size)
        for rows, ink in kinds
        if rows.size
    ]


def _title(figure: Any, ds: xr.Dataset, subject: str) -> None:
    parts = [str(ds.attrs.get("platform_name", "")), subject]
    text = ", ".join(part for part in parts if part)
    figure.suptitle(text, fontsize=LARGE, weight="bold", x=0.01, ha="left")
