"""Pictures for quality control: standards, warming, flags on the map, properties."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.figures import maps, panels
from oceanco2.figures.drawing import (
    BAD_INK,
    DOUBT_INK,
    GOOD_INK,
    LARGE,
    NEUTRAL,
    NORMAL,
    SMALL,
    Ink,
    Picture,
    new_figure,
    plain_axes,
)
from oceanco2.figures.points import Points, by_flag, limits
from oceanco2.figures.single import check, draw_series, label_of

#: Limits of warming in the guidelines of SOCAT [K].
_LIMITS = ((1.0, DOUBT_INK.color), (3.0, BAD_INK.color))
_INKS = (GOOD_INK, DOUBT_INK, BAD_INK)
_BOLD = Ink(GOOD_INK.label, GOOD_INK.color, GOOD_INK.marker, 4.2)
_NONE = np.empty(0, dtype=int)
#: Where a legend does not hide a point.
_ABOVE: dict[str, Any] = {
    "loc": "lower right",
    "bbox_to_anchor": (1.0, 1.0),
    "frameon": False,
}


def draw_standards(ds: xr.Dataset) -> Picture:
    """Draw how far the analyser was from each gas standard, one panel a gas."""
    if not ds.sizes.get("standard_run") or "standard_run_measured" not in ds:
        return _cycles(ds)
    true = ds["standard_run_true"].to_numpy()
    gases = np.unique(true[np.isfinite(true)])
    figure = new_figure(11.0, 1.1 + 1.75 * gases.size)
    axes = figure.subplots(gases.size, 1, sharex=True, squeeze=False)[:, 0]
    for ax, gas in zip(axes, gases, strict=True):
        _gas(ax, ds, float(gas))
    panels.time_axis(axes[-1])
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    figure.supylabel("read $-$ true (µmol mol$^{-1}$)", fontsize=NORMAL)
    _title(figure, ds, "gas standards")
    return figure


#: What a system that sets zero and span in every cycle reads of them, and with what.
_OF_CYCLES = ("zero_reading", "span_reading", "zero_coefficient", "span_coefficient")


def _cycles(ds: xr.Dataset) -> Picture:
    """Draw the zero and span of every cycle."""
    names = [n for n in _OF_CYCLES if n in ds and np.isfinite(ds[n].to_numpy()).any()]
    if not names:
        raise ProcessingError("nothing to draw: the dataset has no runs of standards")
    figure = draw_series(ds, names)
    _title(figure, ds, "zero and span of each cycle")
    return figure


def _gas(ax: Any, ds: xr.Dataset, gas: float) -> None:
    plain_axes(ax)
    mine = ds["standard_run_true"].to_numpy() == gas
    when = panels.days(ds["standard_run_time"].to_numpy())[mine]
    off = ds["standard_run_measured"].to_numpy()[mine] - gas
    used = np.ones(off.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy()[mine] > 0
    there = np.isfinite(off)
    if "standard_run_std" in ds:
        scatter = ds["standard_run_std"].to_numpy()[mine]
        bars = there & np.isfinite(scatter)
        style = {"fmt": "none", "ecolor": "#AAAAAA", "elinewidth": 0.9, "zorder": 1}
        ax.errorbar(when[bars], off[bars], scatter[bars], **style)
    hollow = {"markerfacecolor": "white", "markeredgewidth": 1.0}
    for rows, more in ((there & used, {}), (there & ~used, hollow)):
        panels.scatter(ax, when, off, np.flatnonzero(rows), _BOLD, **more)
    # A zero gas that is only looked at still shows the drift.
    steady = np.flatnonzero(there & used if (there & used).any() else there)
    text = f"{gas:g} µmol mol$^{{-1}}$: {off.size} runs, {used.sum()} used"
    text += _drift(ax, when[steady], off[steady])
    text += "; hollow: not used" if (there & ~used).any() else ""
    span = limits(off, Points(steady, _NONE, _NONE))
    if span is not None:
        ax.set_ylim(*span)
        text += _edge(ax, when[there], off[there], span)
    ax.set_title(text, fontsize=SMALL, loc="left", pad=3)
    ax.yaxis.get_major_formatter().set_useOffset(False)


def _edge(ax: Any, when: np.ndarray, off: np.ndarray, span: tuple[float, float]) -> str:
    """Mark runs beyond the axis at its edge; say how many."""
    outside = ((off < span[0], 0.0, "v"), (off > span[1], 1.0, "^"))
    for rows, place, form in outside:
        if not rows.any():  # an empty line would move the panel
            continue
        ax.plot(
            when[rows],
            np.full(int(rows.sum()), place),
            linestyle="none",
            marker=form,
            markersize=5.0,
            color=BAD_INK.color,
            transform=ax.get_xaxis_transform(),
            clip_on=False,
            zorder=5,
        )
    beyond = sum(int(rows.sum()) for rows, *_ in outside)
    return f"; {beyond} beyond the axis" if beyond else ""


def _drift(ax: Any, when: np.ndarray, off: np.ndarray) -> str:
    """Draw the line through some runs; say its slope."""
    if when.size < 2 or np.ptp(when) == 0:
        return ""
    slope, middle = np.polyfit(when - when[0], off, 1)
    ends = np.array([when.min(), when.max()])
    line = {"color": NEUTRAL, "linewidth": 0.9, "linestyle": "--", "zorder": 2}
    ax.plot(ends, middle + slope * (ends - when[0]), **line)
    return f", drift {slope:+.3g} a day".replace("-", "\N{MINUS SIGN}")


def draw_warming(ds: xr.Dataset) -> Picture:
    """Draw the warming between intake and equilibrator against time, and how often."""
    if "warming" not in ds or not np.isfinite(ds["warming"].to_numpy()).any():
        raise ProcessingError(
            "nothing to draw: the dataset has no warming (T_equ and SST)"
        )
    figure = new_figure(12.0, 4.2)
    grid = figure.add_gridspec(1, 2, width_ratios=[2.4, 1.0])
    left, right = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    panels.panel(left, ds, [("warming", GOOD_INK)], "T$_{equ}$ $-$ SST (K)")
    panels.time_axis(left)
    left.set_xlabel("time (UTC)", fontsize=NORMAL)
    low, high = left.get_ylim()
    for limit, color in _LIMITS:
        for value in (-limit, limit):
            if low < value < high:
                left.axhline(value, color=color, linewidth=1.0, linestyle="--")
    panels.key(left, _present(ds, "warming"), **_ABOVE)
    _histogram(right, ds["warming"].to_numpy())
    _title(figure, ds, "warming of the water")
    return figure


def _histogram(ax: Any, values: np.ndarray) -> None:
    plain_axes(ax)
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
    lost = values.size - inside.size
    more = f", {lost:,} not shown" if lost else ""
    ax.set_xlabel(f"T$_{{equ}}$ $-$ SST (K){more}", fontsize=NORMAL)
    ax.set_ylabel("rows", fontsize=NORMAL)
    ax.legend(fontsize=SMALL, loc="upper left", framealpha=0.85, edgecolor="none")


def draw_flag_map(ds: xr.Dataset, name: str) -> Picture:
    """Draw where values are good, questionable and bad."""
    check(ds, name)
    figure = new_figure(8.0, 7.0)
    ax = figure.add_subplot()
    maps.flag_chart(ax, ds, name)
    ends = ax.get_legend()
    if ends is not None:
        ax.add_artist(ends)  # the next legend would replace it
    panels.key(ax, _present(ds, name), **_ABOVE)
    _title(figure, ds, f"flags of {name}")
    return figure


def draw_property(ds: xr.Dataset, x: str, y: str) -> Picture:
    """Draw one variable against another, coloured by the worse of their flags."""
    for name in (x, y):
        if name not in ("latitude", "longitude"):
            check(ds, name)
    values = [np.asarray(ds[name].to_numpy(), dtype=float) for name in (x, y)]
    points = _both(ds, (x, y), values)
    figure = new_figure(7.0, 6.0)
    ax = figure.add_subplot()
    plain_axes(ax)
    spans = [_roomy(v, points) for v in values]
    if spans[0] is None or spans[1] is None:
        raise ProcessingError(f"nothing to draw: no row has both {x} and {y}")
    for rows, ink in zip(
        (points.good, points.doubtful, points.bad), _INKS, strict=True
    ):
        # One file holds so many points as pictures, not one by one.
        panels.scatter(ax, values[0], values[1], rows, ink, alpha=0.7)
    ax.set_xlim(*spans[0])
    ax.set_ylim(*spans[1])
    ax.set_xlabel(label_of(ds, x), fontsize=NORMAL)
    ax.set_ylabel(label_of(ds, y), fontsize=NORMAL)
    ax.ticklabel_format(useOffset=False)
    rows = np.concatenate([points.good, points.doubtful, points.bad])
    _count_lost(ax, [v[rows] for v in values])
    panels.key(ax, _named(points), **_ABOVE)
    _title(figure, ds, "")
    return figure


def _roomy(values: np.ndarray, points: Points) -> tuple[float, float] | None:
    """Fit an axis to the good values, and to questionable ones that are not far."""
    span = limits(values, points)
    if span is None:
        return None
    low, high = span
    doubtful = values[points.doubtful]
    wide = high - low
    near = doubtful[(doubtful > low - wide) & (doubtful < high + wide)]
    return float(np.min([low, *near])), float(np.max([high, *near]))


def _count_lost(ax: Any, values: Sequence[np.ndarray]) -> None:
    """Say how many points lie beyond the axes."""
    lost = np.zeros(values[0].size, dtype=bool)
    for v, (low, high) in zip(values, (ax.get_xlim(), ax.get_ylim()), strict=True):
        lost |= (v < low) | (v > high)
    if lost.any():
        style = {"ha": "right", "va": "top", "fontsize": SMALL, "color": BAD_INK.color}
        place = {"transform": ax.transAxes, "bbox": panels.BOX}
        ax.text(0.99, 0.99, f"{lost.sum():,} beyond the axes", **style, **place)


def _both(ds: xr.Dataset, names: Sequence[str], values: Sequence[np.ndarray]) -> Points:
    """Sort the rows that have both values by the worse flag."""
    there = np.isfinite(values[0]) & np.isfinite(values[1])
    rank = np.zeros(there.shape, dtype=int)
    for name in names:
        key = "position" if name in ("latitude", "longitude") else name
        if f"{key}_flag" in ds:
            flag = ds[f"{key}_flag"].to_numpy()
            rank = np.maximum(rank, np.where(flag >= 4, 2, np.where(flag == 3, 1, 0)))
    return Points(*(np.flatnonzero(there & (rank == i)) for i in range(3)))


def _present(ds: xr.Dataset, name: str) -> list[Ink]:
    return _named(by_flag(ds, name))


def _named(points: Points) -> list[Ink]:
    """Legend of the kinds of points that there are, with their numbers."""
    kinds = zip((points.good, points.doubtful, points.bad), _INKS, strict=True)
    return [
        Ink(f"{ink.label} ({rows.size:,})", ink.color, ink.marker, ink.size)
        for rows, ink in kinds
        if rows.size
    ]


def _title(figure: Any, ds: xr.Dataset, what: str) -> None:
    parts = [str(ds.attrs.get("platform_name", "")), what]
    text = ", ".join(part for part in parts if part)
    figure.suptitle(text, fontsize=LARGE, weight="bold", x=0.01, ha="left")
