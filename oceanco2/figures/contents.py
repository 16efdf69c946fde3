"""What the panels along time show: CO2, temperatures, flux, standards."""

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
    plain_axes,
)
from oceanco2.figures.panels import (
    BOX,
    beyond,
    days,
    flagged,
    headroom,
    key,
    panel,
    scatter,
)
from oceanco2.figures.points import Points, by_flag, limits


def temperatures(ax: Any, ds: xr.Dataset, names: Sequence[tuple[str, Ink]]) -> None:
    """Draw the temperatures of sea and equilibrator."""
    panel(ax, ds, names, "temperature (°C)")
    headroom(ax)
    key(ax, [ink for _, ink in names])


def fluxes(ax: Any, ds: xr.Dataset) -> None:
    """Draw the flux, with its sign in words."""
    panel(ax, ds, [("flux_CO2", GOOD_INK)], "CO$_2$ flux\n(mmol m$^{-2}$ d$^{-1}$)")
    ax.axhline(0.0, color=NEUTRAL, linewidth=0.8)
    low, high = ax.get_ylim()
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.16 * (high - low)  # for the words
    ax.set_ylim(low - room, high + room)
    words = {"transform": ax.transAxes, "fontsize": SMALL, "color": NEUTRAL}
    ax.text(0.005, 0.96, "out of the ocean", va="top", bbox=BOX, **words)
    ax.text(0.005, 0.04, "into the ocean", va="bottom", bbox=BOX, **words)


_STANDARD_INKS = (
    ("#0072B2", "o"),
    ("#D55E00", "s"),
    ("#009E73", "^"),
    ("#CC79A7", "D"),
    ("#000000", "v"),
    ("#56B4E9", "P"),
    ("#E69F00", "X"),
)


def standards(ax: Any, ds: xr.Dataset) -> None:
    """Draw how far the analyser was from each gas standard.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The panel.
    ds : xarray.Dataset
        With the variables along ``standard_run``.
    """
    plain_axes(ax)
    when = days(ds["standard_run_time"].to_numpy())
    true = ds["standard_run_true"].to_numpy()
    off = ds["standard_run_measured"].to_numpy() - true
    used = np.ones(off.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy() > 0
    inks = []
    for i, concentration in enumerate(np.unique(true[np.isfinite(true)])):
        color, marker = _STANDARD_INKS[i % len(_STANDARD_INKS)]
        mine = (true == concentration) & np.isfinite(off)
        ink = Ink(f"{concentration:g}", color, marker, 4.0)
        inks.append(ink)
        ax.plot(when[mine & used], off[mine & used], color=color, linewidth=0.5)
        scatter(ax, when, off, np.flatnonzero(mine & used), ink)
        hollow = {"markerfacecolor": "white", "markeredgewidth": 0.9}
        scatter(ax, when, off, np.flatnonzero(mine & ~used), ink, **hollow)
    ax.axhline(0.0, color=NEUTRAL, linewidth=0.8)
    ax.set_ylabel("standards, read $-$ true\n(µmol mol$^{-1}$)", fontsize=NORMAL)
    # A dead reading must not squeeze the others to a line.
    shown = np.flatnonzero(used & np.isfinite(off))
    span = limits(off, Points(shown, *[np.empty(0, dtype=int)] * 2))
    if span is not None:
        rest = off[np.isfinite(off)]
        near = rest[np.abs(rest - np.median(rest)) < 5.0 * (span[1] - span[0])]
        ax.set_ylim(np.min([*near, span[0]]), np.max([*near, span[1]]))
    headroom(ax)
    key(ax, inks)
    if (~used).any():
        words = {"transform": ax.transAxes, "fontsize": SMALL, "color": NEUTRAL}
        low, high = ax.get_ylim()
        beyond = int(((off < low) | (off > high)).sum())
        text = f"hollow: not used{f'; {beyond} beyond the axis' if beyond else ''}"
        ax.text(0.995, 0.97, text, ha="right", va="top", bbox=BOX, **words)


def air_and_water(ax: Any, ds: xr.Dataset) -> None:
    """Draw fCO2 of water and air."""
    plain_axes(ax)
    names = [n for n in ("fCO2_atm_wet_interp", "fCO2_atm_wet_actual") if n in ds]
    names = [n for n in names if np.isfinite(ds[n].to_numpy()).any()][:1]
    if "fCO2_atm_wet_flux" in ds and not names:
        names = ["fCO2_atm_wet_flux"]
    for name in names:
        flagged(ax, ds, name, AIR_INK, doubts=False)
    water = "fCO2_water_SST_wet"
    flagged(ax, ds, water)
    beyond(ax, ds, [water], room=[_most(ds, name) for name in names])
    ax.set_ylabel("fCO$_2$ at SST (µatm)", fontsize=NORMAL)


def _most(ds: xr.Dataset, name: str) -> tuple[float, float]:
    """Return between which values nearly all good ones are, with some room."""
    values = ds[name].to_numpy()[by_flag(ds, name).good]
    if not values.size:
        return np.inf, -np.inf
    first, last = np.percentile(values, [1, 99])
    return first - 2, last + 2
