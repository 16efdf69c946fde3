"""Panels of the overview along time: CO2, temperatures, flux, standards."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.figures.drawing import (
    AIR_INK,
    GOOD_INK,
    NEUTRAL,
    NORMAL,
    SMALL,
    Ink,
    style_axes,
)
from oceanco2.figures.panels import (
    BOX,
    add_headroom,
    add_legend,
    days,
    draw_by_flag,
    draw_panel,
    fit_axis,
    scatter,
)
from oceanco2.figures.points import Points, by_flag, limits


def draw_temperatures(
    ax: Any, ds: xr.Dataset, names: Sequence[tuple[str, Ink]]
) -> None:
    """Draw the temperatures of sea and equilibrator."""
    draw_panel(ax, ds, names, "temperature (°C)")
    add_headroom(ax)
    add_legend(ax, [ink for _, ink in names])


def draw_fluxes(ax: Any, ds: xr.Dataset) -> None:
    """Draw the flux, with labels for its direction."""
    draw_panel(
        ax, ds, [("flux_CO2", GOOD_INK)], "CO$_2$ flux\n(mmol m$^{-2}$ d$^{-1}$)"
    )
    ax.axhline(0.0, color=NEUTRAL, linewidth=0.8)
    low, high = ax.get_ylim()
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.16 * (high - low)  # for the labels
    ax.set_ylim(low - margin, high + margin)
    style = {"transform": ax.transAxes, "fontsize": SMALL, "color": NEUTRAL}
    ax.text(0.005, 0.96, "out of the ocean", va="top", bbox=BOX, **style)
    ax.text(0.005, 0.04, "into the ocean", va="bottom", bbox=BOX, **style)


_STANDARD_INKS = (
    ("#0072B2", "o"),
    ("#D55E00", "s"),
    ("#009E73", "^"),
    ("#CC79A7", "D"),
    ("#000000", "v"),
    ("#56B4E9", "P"),
    ("#E69F00", "X"),
)


def draw_gas_standards(ax: Any, ds: xr.Dataset) -> None:
    """Draw the deviation of the analyser from each gas standard."""
    style_axes(ax)
    when = days(ds["standard_run_time"].to_numpy())
    true = ds["standard_run_true"].to_numpy()
    deviation = ds["standard_run_measured"].to_numpy() - true
    used = np.ones(deviation.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy() > 0
    inks = []
    for i, concentration in enumerate(np.unique(true[np.isfinite(true)])):
        color, marker = _STANDARD_INKS[i % len(_STANDARD_INKS)]
        selected = (true == concentration) & np.isfinite(deviation)
        ink = Ink(f"{concentration:g}", color, marker, 4.0)
        inks.append(ink)
        rows = selected & used
        ax.plot(when[rows], deviation[rows], color=color, linewidth=0.5)
        scatter(ax, when, deviation, np.flatnonzero(rows), ink)
        hollow = {"markerfacecolor": "white", "markeredgewidth": 0.9}
        scatter(ax, when, deviation, np.flatnonzero(selected & ~used), ink, **hollow)
    ax.axhline(0.0, color=NEUTRAL, linewidth=0.8)
    ax.set_ylabel("standards, read $-$ true\n(µmol mol$^{-1}$)", fontsize=NORMAL)
    # A failed reading must not squeeze the others to a line.
    valid = np.flatnonzero(used & np.isfinite(deviation))
    span = limits(deviation, Points(valid, *[np.empty(0, dtype=int)] * 2))
    if span is not None:
        rest = deviation[np.isfinite(deviation)]
        near = rest[np.abs(rest - np.median(rest)) < 5.0 * (span[1] - span[0])]
        ax.set_ylim(np.min([*near, span[0]]), np.max([*near, span[1]]))
    add_headroom(ax)
    add_legend(ax, inks)
    if (~used).any():
        style = {"transform": ax.transAxes, "fontsize": SMALL, "color": NEUTRAL}
        low, high = ax.get_ylim()
        beyond = int(((deviation < low) | (deviation > high)).sum())
        text = f"hollow: not used{f'; {beyond} beyond the axis' if beyond else ''}"
        ax.text(0.995, 0.97, text, ha="right", va="top", bbox=BOX, **style)


def draw_air_and_water(ax: Any, ds: xr.Dataset) -> None:
    """Draw fCO2 of water and air."""
    style_axes(ax)
    names = [n for n in ("fCO2_atm_wet_interp", "fCO2_atm_wet_actual") if n in ds]
    names = [n for n in names if np.isfinite(ds[n].to_numpy()).any()][:1]
    if "fCO2_atm_wet_flux" in ds and not names:
        names = ["fCO2_atm_wet_flux"]
    for name in names:
        draw_by_flag(ax, ds, name, AIR_INK, only_good=True)
    water = "fCO2_water_SST_wet"
    draw_by_flag(ax, ds, water)
    fit_axis(ax, ds, [water], also=[_main_range(ds, name) for name in names])
    ax.set_ylabel("fCO$_2$ at SST (µatm)", fontsize=NORMAL)


def _main_range(ds: xr.Dataset, name: str) -> tuple[float, float]:
    """Return the range of nearly all good values, with a margin."""
    values = ds[name].to_numpy()[by_flag(ds, name).good]
    if not values.size:
        return np.inf, -np.inf
    first, last = np.percentile(values, [1, 99])
    return first - 2, last + 2
