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
from oceanco2.figures.points import by_flag


def temperatures(ax: Any, ds: xr.Dataset, names: Sequence[tuple[str, Ink]]) -> None:
    """Draw the temperatures of sea and equilibrator.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The panel.
    ds : xarray.Dataset
        With at least one of them.
    names : sequence of tuple of str and Ink
        Which, with the ink of their good values.
    """
    panel(ax, ds, names, "temperature (°C)")
    headroom(ax)
    key(ax, [ink for _, ink in names])


def fluxes(ax: Any, ds: xr.Dataset) -> None:
    """Draw the flux, with its sign in words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The panel.
    ds : xarray.Dataset
        With ``flux_CO2``.
    """
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
    headroom(ax)
    key(ax, inks)
    if (~used).any():
        words = {"transform": ax.transAxes, "fontsize": SMALL, "color": NEUTRAL}
        text = "hollow: not used"
        ax.text(0.995, 0.97, text, ha="right", va="top", bbox=BOX, **words)


def air_and_water(ax: Any, ds: xr.Dataset) -> None:
    """Draw fCO2 of water and air.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The panel.
    ds : xarray.Dataset
        With ``fCO2_water_SST_wet``; air where there is some.
    """
    plain_axes(ax)
    names = [n for n in ("fCO2_atm_wet_interp", "fCO2_atm_wet_actual") if n in ds]
    names = [n for n in names if np.isfinite(ds[n].to_numpy()).any()][:1]
    if "fCO2_atm_wet_flux" in ds and not names:
        names = ["fCO2_atm_wet_flux"]
    for name in names:
        flagged(ax, ds, name, AIR_INK, doubts=False)
    water = "fCO2_water_SST_wet"
    flagged(ax, ds, water)
    beyond(ax, ds, [water])
    low, high = ax.get_ylim()
    for name in names:
        points = by_flag(ds, name)
        values = ds[name].to_numpy()[points.good]
        if values.size:
            first, last = np.percentile(values, [1, 99])
            low, high = min(low, first - 2), max(high, last + 2)
    ax.set_ylim(low, high)
    ax.set_ylabel("fCO$_2$ at SST (µatm)", fontsize=NORMAL)
