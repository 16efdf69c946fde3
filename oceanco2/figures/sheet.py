"""The one picture: where, when, how much, how good."""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.figures import bars, contents, maps, panels
from oceanco2.figures.drawing import (
    AIR_INK,
    BAD_INK,
    DOUBT_INK,
    GOOD_INK,
    LARGE,
    NEUTRAL,
    NORMAL,
    SECOND_INK,
    SMALL,
    Ink,
    Picture,
    new_figure,
)
from oceanco2.figures.points import by_flag
from oceanco2.vocabulary import RUN_TYPES

WATER = bars.WATER
_MAP_WIDTH = 3.9  # inch
Panel = tuple[float, Callable[[Any], None]]


def draw(ds: xr.Dataset) -> Picture:
    """Draw the overview."""
    if not ds.sizes.get("time"):
        raise ProcessingError("there is nothing to draw: the dataset has no row")
    ds = ds.load() if ds.chunks else ds
    right = _right(ds)
    height = max(7.2, 1.5 * sum(h for h, _ in right))
    left = _left(ds, height)
    figure = new_figure(14.0, height)
    columns = figure.add_gridspec(1, 2, width_ratios=[1.0, 1.75])
    for column, stack in enumerate((left, right)):
        grid = columns[column].subgridspec(
            len(stack), 1, height_ratios=[height for height, _ in stack]
        )
        axes = [figure.add_subplot(grid[i]) for i in range(len(stack))]
        for ax, (_, paint) in zip(axes, stack, strict=True):
            paint(ax)
        if column == 1:
            _one_time_axis(axes, ds)
    if WATER in ds:
        _legend(axes[0], ds)
    figure.suptitle(_title(ds), fontsize=LARGE, x=0.01, ha="left", weight="bold")
    figure.supxlabel(_below(ds), x=0.995, ha="right", fontsize=7.0, color=NEUTRAL)
    return figure


def _has(ds: xr.Dataset, name: str) -> bool:
    return name in ds and bool(np.isfinite(ds[name].to_numpy()).any())


def _right(ds: xr.Dataset) -> list[Panel]:
    """Return heights and painters of the time series that the dataset has."""
    found: list[Panel] = []
    if WATER in ds:
        found.append((2.0, lambda ax: contents.air_and_water(ax, ds)))
    single = (("salinity", "salinity"), ("warming", "T$_{equ}$ $-$ SST (K)"))
    temperatures = [
        (name, ink)
        for name, ink in (
            ("T_equ", _renamed(SECOND_INK, "equilibrator")),
            ("SST", _renamed(GOOD_INK, "SST")),
        )
        if _has(ds, name)
    ]
    if temperatures:
        found.append((1.15, lambda ax: contents.temperatures(ax, ds, temperatures)))
    for name, label in single:
        if _has(ds, name):
            found.append((0.95, _plain(ds, name, label)))
    if _has(ds, "flux_CO2"):
        found.append((1.15, lambda ax: contents.fluxes(ax, ds)))
    if ds.sizes.get("standard_run") and "standard_run_measured" in ds:
        found.append((1.15, lambda ax: contents.standards(ax, ds)))
    return found or [(2.0, _nothing)]


def _renamed(ink: Ink, label: str) -> Ink:
    return Ink(label, ink.color, ink.marker, ink.size, ink.hatch)


def _plain(ds: xr.Dataset, name: str, label: str) -> Callable[[Any], None]:
    return lambda ax: panels.panel(ax, ds, [(name, GOOD_INK)], label)


def _nothing(ax: Any) -> None:
    ax.set_axis_off()
    style = {"transform": ax.transAxes, "ha": "center", "color": NEUTRAL}
    ax.text(0.5, 0.5, "nothing to draw", fontsize=NORMAL, **style)


def _left(ds: xr.Dataset, inches: float) -> list[Panel]:
    name = WATER if WATER in ds else "SST"
    below: list[Panel] = []
    shown = bars.present(ds)
    if shown:
        size = 0.6 + 0.21 * len(shown)
        below.append((size, lambda ax: bars.flags(ax, ds)))
    if f"{WATER}_tests" in ds:
        fired = bars.fired(ds, WATER)
        size = 0.6 + 0.21 * max(len(fired), 2)
        below.append((size, lambda ax: bars.fired_tests(ax, fired)))
    if name not in ds:
        return below or [(1.0, _nothing)]
    # Bars have their natural size; the map takes the rest.
    rest = max(inches - 0.6 - sum(size for size, _ in below), 3.0)
    shape = min(max((rest - 1.6) / _MAP_WIDTH, 0.4), 1.8)
    label = "fCO$_2$ at SST (µatm)" if name == WATER else "SST (°C)"

    def paint(ax: Any) -> None:
        maps.chart(ax, ds, name, label, shape)
        ax.set_title(_numbers(ds), fontsize=SMALL, loc="left", linespacing=1.35)

    return [(rest, paint), *below]


def _numbers(ds: xr.Dataset) -> str:
    """Say the result in a few numbers: values that are not doubtful."""
    lines = []
    for name, word, units, how in (
        (WATER, "fCO$_2$ water", "µatm", np.median),
        ("delta_fCO2", "water $-$ air", "µatm", np.median),
        ("flux_CO2", "flux", "mmol m$^{-2}$ d$^{-1}$", np.mean),
    ):
        good = _good(ds, name)
        if not good.size:
            continue
        values = ds[name].to_numpy()[good]
        middle, low, high = (f"{f(values):.4g}" for f in (how, np.min, np.max))
        text = f"{word}: {how.__name__} {middle}, {low} to {high} {units}"
        text = text.replace("-", "\N{MINUS SIGN}")
        if f"{name}_uncertainty" in ds:
            sigma = np.nanmedian(ds[f"{name}_uncertainty"].to_numpy()[good])
            text += f"; $\\sigma$ {sigma:.2g}"
        lines.append(text)
    return "\n".join(lines)


def _good(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return the rows of a result that are not doubtful."""
    if name not in ds:
        return np.empty(0, dtype=int)
    rows = by_flag(ds, name).good
    if f"{name}_flag" not in ds and WATER in ds:
        rows = np.intersect1d(rows, by_flag(ds, WATER).good)
    return rows


def _one_time_axis(axes: list[Any], ds: xr.Dataset) -> None:
    when = panels.days(ds["time"].to_numpy())
    when = when[np.isfinite(when)]
    low, high = (when.min(), when.max()) if when.size else (0.0, 1.0)
    room = 0.01 * (high - low) or 0.02
    for ax in axes:
        ax.set_xlim(low - room, high + room)
        panels.time_axis(ax)
        last = ax is axes[-1]
        ax.tick_params(labelbottom=last)
        ax.xaxis.get_offset_text().set_visible(last)
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    axes[0].figure.align_ylabels(axes)


def _legend(ax: Any, ds: xr.Dataset) -> None:
    points = by_flag(ds, WATER)
    word = "water, good" if f"{WATER}_flag" in ds else "water"
    inks = [_renamed(GOOD_INK, f"{word} ({points.good.size:,})")]
    for ink, rows in ((DOUBT_INK, points.doubtful), (BAD_INK, points.bad)):
        if rows.size:
            inks.append(_renamed(ink, f"{ink.label} ({rows.size:,})"))
    if any(_has(ds, n) for n in ("fCO2_atm_wet_interp", "fCO2_atm_wet_actual")):
        inks.append(AIR_INK)
    panels.key(ax, inks, loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _title(ds: xr.Dataset) -> str:
    times = ds["time"].to_numpy()
    first, last = np.datetime_as_string([times.min(), times.max()], unit="D")
    code = ds.attrs.get("expocode", "")
    if not code and ds.attrs.get("platform_code"):
        code = f"{ds.attrs['platform_code']}{first.replace('-', '')}"
    name = ds.attrs.get("platform_name", "")
    period = first if first == last else f"{first} to {last}"
    return "   ".join(part for part in (name, code, period) if part)


def _below(ds: xr.Dataset) -> str:
    parts = [f"{ds.sizes['time']:,} rows"]
    if "run_type" in ds:
        kinds = ds["run_type"].to_numpy()
        counts = {word: int((kinds == code).sum()) for word, code in RUN_TYPES.items()}
        said = [f"{n:,} {word}" for word, n in counts.items() if n]
        parts[0] += f": {', '.join(said)}"
    if "flux_CO2" in ds:
        about = ds["flux_CO2"].attrs
        parts.append(f"flux: {about.get('references', about.get('method', ''))}")
    return ";  ".join(parts)
