"""The overview figure: map, time series, flags and tests."""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.figures import maps, panels
from oceanco2.figures.bars import (
    WATER,
    draw_fired_tests,
    draw_flag_shares,
    fired_counts,
    flag_counts,
)
from oceanco2.figures.contents import (
    draw_air_and_water,
    draw_fluxes,
    draw_gas_standards,
    draw_temperatures,
)
from oceanco2.figures.drawing import (
    AIR_INK,
    BAD_INK,
    GOOD_INK,
    LARGE,
    NEUTRAL,
    NORMAL,
    QUESTIONABLE_INK,
    SECOND_INK,
    SMALL,
    Ink,
    Picture,
    new_figure,
)
from oceanco2.figures.points import by_flag
from oceanco2.vocabulary import RUN_TYPES

_MAP_WIDTH = 3.9  # inch
Panel = tuple[float, Callable[[Any], None]]


def draw(ds: xr.Dataset) -> Picture:
    """Draw the overview."""
    if not ds.sizes.get("time"):
        raise ProcessingError("nothing to draw: the dataset has no rows")
    ds = ds.load() if ds.chunks else ds
    right = _time_series(ds)
    height = max(7.2, 1.5 * sum(h for h, _ in right))
    left = _map_and_bars(ds, height)
    figure = new_figure(14.0, height)
    columns = figure.add_gridspec(1, 2, width_ratios=[1.0, 1.75])
    for column, stack in enumerate((left, right)):
        grid = columns[column].subgridspec(
            len(stack), 1, height_ratios=[height for height, _ in stack]
        )
        axes = [figure.add_subplot(grid[i]) for i in range(len(stack))]
        for ax, (_, draw_panel) in zip(axes, stack, strict=True):
            draw_panel(ax)
        if column == 1:
            _share_time_axis(axes, ds)
    if WATER in ds:
        _legend(axes[0], ds)
    figure.suptitle(_title(ds), fontsize=LARGE, x=0.01, ha="left", weight="bold")
    figure.supxlabel(_footer(ds), x=0.995, ha="right", fontsize=7.0, color=NEUTRAL)
    return figure


def _has_values(ds: xr.Dataset, name: str) -> bool:
    return name in ds and bool(np.isfinite(ds[name].to_numpy()).any())


def _time_series(ds: xr.Dataset) -> list[Panel]:
    """Return heights and drawing functions of the time series of the dataset."""
    stack: list[Panel] = []
    if WATER in ds:
        stack.append((2.0, lambda ax: draw_air_and_water(ax, ds)))
    single = (("salinity", "salinity"), ("warming", "T$_{equ}$ $-$ SST (K)"))
    temperatures = [
        (name, ink)
        for name, ink in (
            ("T_equ", _with_label(SECOND_INK, "equilibrator")),
            ("SST", _with_label(GOOD_INK, "SST")),
        )
        if _has_values(ds, name)
    ]
    if temperatures:
        stack.append((1.15, lambda ax: draw_temperatures(ax, ds, temperatures)))
    for name, label in single:
        if _has_values(ds, name):
            stack.append((0.95, _simple_panel(ds, name, label)))
    if _has_values(ds, "flux_CO2"):
        stack.append((1.15, lambda ax: draw_fluxes(ax, ds)))
    if ds.sizes.get("standard_run") and "standard_run_measured" in ds:
        stack.append((1.15, lambda ax: draw_gas_standards(ax, ds)))
    return stack or [(2.0, _draw_nothing)]


def _with_label(ink: Ink, label: str) -> Ink:
    return Ink(label, ink.color, ink.marker, ink.size, ink.hatch)


def _simple_panel(ds: xr.Dataset, name: str, label: str) -> Callable[[Any], None]:
    return lambda ax: panels.draw_panel(ax, ds, [(name, GOOD_INK)], label)


def _draw_nothing(ax: Any) -> None:
    ax.set_axis_off()
    style = {"transform": ax.transAxes, "ha": "center", "color": NEUTRAL}
    ax.text(0.5, 0.5, "nothing to draw", fontsize=NORMAL, **style)


def _map_and_bars(ds: xr.Dataset, inches: float) -> list[Panel]:
    name = WATER if WATER in ds else "SST"
    bars: list[Panel] = []
    counts = flag_counts(ds)
    if counts:
        size = 0.6 + 0.21 * len(counts)
        bars.append((size, lambda ax: draw_flag_shares(ax, ds)))
    if f"{WATER}_tests" in ds:
        fired = fired_counts(ds, WATER)
        size = 0.6 + 0.21 * max(len(fired), 2)
        bars.append((size, lambda ax: draw_fired_tests(ax, fired)))
    if name not in ds:
        return bars or [(1.0, _draw_nothing)]
    # Bars have a fixed size; the map takes the rest.
    rest = max(inches - 0.6 - sum(size for size, _ in bars), 3.0)
    shape = min(max((rest - 1.6) / _MAP_WIDTH, 0.4), 1.8)
    label = "fCO$_2$ at SST (µatm)" if name == WATER else "SST (°C)"

    def draw_map(ax: Any) -> None:
        maps.chart(ax, ds, name, label, shape)
        ax.set_title(_statistics(ds), fontsize=SMALL, loc="left", linespacing=1.35)

    return [(rest, draw_map), *bars]


def _statistics(ds: xr.Dataset) -> str:
    """Return statistics of the good values as text."""
    lines = []
    for name, label, units, average in (
        (WATER, "fCO$_2$ water", "µatm", np.median),
        ("delta_fCO2", "water $-$ air", "µatm", np.median),
        ("flux_CO2", "flux", "mmol m$^{-2}$ d$^{-1}$", np.mean),
    ):
        good = _good_rows(ds, name)
        if not good.size:
            continue
        values = ds[name].to_numpy()[good]
        middle, low, high = (f"{f(values):.4g}" for f in (average, np.min, np.max))
        text = f"{label}: {average.__name__} {middle}, {low} to {high} {units}"
        text = text.replace("-", "\N{MINUS SIGN}")
        if f"{name}_uncertainty" in ds:
            sigma = np.nanmedian(ds[f"{name}_uncertainty"].to_numpy()[good])
            text += f"; $\\sigma$ {sigma:.2g}"
        lines.append(text)
    return "\n".join(lines)


def _good_rows(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return the rows with good values of a result."""
    if name not in ds:
        return np.empty(0, dtype=int)
    rows = by_flag(ds, name).good
    if f"{name}_flag" not in ds and WATER in ds:
        rows = np.intersect1d(rows, by_flag(ds, WATER).good)
    return rows


def _share_time_axis(axes: list[Any], ds: xr.Dataset) -> None:
    when = panels.days(ds["time"].to_numpy())
    when = when[np.isfinite(when)]
    low, high = (when.min(), when.max()) if when.size else (0.0, 1.0)
    margin = 0.01 * (high - low) or 0.02
    for ax in axes:
        ax.set_xlim(low - margin, high + margin)
        panels.time_axis(ax)
        last = ax is axes[-1]
        ax.tick_params(labelbottom=last)
        ax.xaxis.get_offset_text().set_visible(last)
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    axes[0].figure.align_ylabels(axes)


def _legend(ax: Any, ds: xr.Dataset) -> None:
    points = by_flag(ds, WATER)
    label = "water, good" if f"{WATER}_flag" in ds else "water"
    inks = [_with_label(GOOD_INK, f"{label} ({points.good.size:,})")]
    for ink, rows in ((QUESTIONABLE_INK, points.questionable), (BAD_INK, points.bad)):
        if rows.size:
            inks.append(_with_label(ink, f"{ink.label} ({rows.size:,})"))
    if any(_has_values(ds, n) for n in ("fCO2_atm_wet_interp", "fCO2_atm_wet_actual")):
        inks.append(AIR_INK)
    panels.add_legend(
        ax, inks, loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False
    )


def _title(ds: xr.Dataset) -> str:
    times = ds["time"].to_numpy()
    first, last = np.datetime_as_string([times.min(), times.max()], unit="D")
    code = ds.attrs.get("expocode", "")
    if not code and ds.attrs.get("platform_code"):
        code = f"{ds.attrs['platform_code']}{first.replace('-', '')}"
    name = ds.attrs.get("platform_name", "")
    period = first if first == last else f"{first} to {last}"
    return "   ".join(part for part in (name, code, period) if part)


def _footer(ds: xr.Dataset) -> str:
    parts = [f"{ds.sizes['time']:,} rows"]
    if "run_type" in ds:
        kinds = ds["run_type"].to_numpy()
        counts = {name: int((kinds == code).sum()) for name, code in RUN_TYPES.items()}
        runs = [f"{n:,} {name}" for name, n in counts.items() if n]
        parts[0] += f": {', '.join(runs)}"
    if "flux_CO2" in ds:
        attrs = ds["flux_CO2"].attrs
        parts.append(f"flux: {attrs.get('references', attrs.get('method', ''))}")
    return ";  ".join(parts)
