"""Bar charts of flags per variable and of tests that fired."""

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
    Ink,
    style_axes,
)
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, TEST_BITS

WATER = "fCO2_water_SST_wet"
#: Variables of the charts and their labels.
LABELS = {
    WATER: "fCO$_2$ water",
    "fCO2_atm_wet_interp": "fCO$_2$ air",
    "fCO2_atm_wet_actual": "fCO$_2$ air, measured",
    "SST": "SST",
    "salinity": "salinity",
    "T_equ": "T equ.",
    "P_equ": "P equ.",
    "P_atm": "P air",
    "flux_CO2": "flux",
}
_INKS: tuple[tuple[int, Ink], ...] = (
    (GOOD, GOOD_INK),
    (QUESTIONABLE, QUESTIONABLE_INK),
    (BAD, BAD_INK),
)
_NO_FLAG = Ink("not evaluated", "#BBBBBB", "o", 2.0)


def draw_flag_shares(ax: Any, ds: xr.Dataset) -> None:
    """Draw the shares of good, questionable and bad values."""
    style_axes(ax)
    counts = flag_counts(ds)
    for position, count in enumerate(counts.values()):
        total, left = sum(count.values()), 0.0
        for code, ink in ((0, _NO_FLAG), *_INKS):
            share = 100.0 * count[code] / total
            ax.barh(
                position,
                share,
                left=left,
                height=0.72,
                color=ink.color,
                hatch=ink.hatch,
                edgecolor="white",
                linewidth=0.3,
            )
            left += share
        ax.text(
            102.0,
            position,
            f"{count[GOOD]:,} of {total:,}",
            va="center",
            fontsize=SMALL,
        )
    ax.set_yticks(range(len(counts)), [LABELS[n] for n in counts], fontsize=SMALL)
    ax.invert_yaxis()
    ax.set_xlim(0, 142)
    ax.set_xticks(range(0, 101, 25))
    ax.spines["bottom"].set_bounds(0, 100)
    grey = ", grey: not evaluated" if any(c[0] for c in counts.values()) else ""
    ax.set_xlabel(f"share of the values (%), number good{grey}", fontsize=NORMAL)
    ax.grid(visible=False, axis="y")


def flag_counts(ds: xr.Dataset) -> dict[str, dict[int, int]]:
    """Count the flags of each variable of the chart."""
    names = [n for n in LABELS if n in ds and f"{n}_flag" in ds]
    counts = {n: _counts(ds, n) for n in names}
    return {n: c for n, c in counts.items() if sum(c.values())}


def _counts(ds: xr.Dataset, name: str) -> dict[int, int]:
    flag = ds[f"{name}_flag"].to_numpy()
    present = np.isfinite(ds[name].to_numpy()) & (flag != MISSING)
    return {code: int((present & (flag == code)).sum()) for code in (0, 2, 3, 4)}


def fired_counts(ds: xr.Dataset, name: str) -> list[tuple[str, int]]:
    """Count how often each test fired on a result."""
    mask = ds[f"{name}_tests"].to_numpy()
    mask = mask[np.isfinite(ds[name].to_numpy()) | (mask > TEST_BITS["missing"])]
    count = {t: int(((mask & bit) != 0).sum()) for t, bit in TEST_BITS.items()}
    count = {t: n for t, n in count.items() if n and t not in ("missing", "input")}
    return sorted(count.items(), key=lambda item: -item[1])[:10]


def draw_fired_tests(ax: Any, ranked: list[tuple[str, int]]) -> None:
    """Draw how often each test fired."""
    style_axes(ax)
    if not ranked:
        ax.set_axis_off()
        style = {"transform": ax.transAxes, "ha": "center", "color": NEUTRAL}
        text = "no test fired on fCO$_2$ of the water"
        ax.text(0.5, 0.5, text, fontsize=NORMAL, **style)
        return
    positions = range(len(ranked))
    ax.barh(positions, [n for _, n in ranked], height=0.66, color=NEUTRAL)
    for position, (_, n) in zip(positions, ranked, strict=True):
        ax.annotate(
            f"{n:,}",
            (n, position),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    labels = [t.replace("_", " ") for t, _ in ranked]
    ax.set_yticks(positions, labels, fontsize=SMALL)
    ax.invert_yaxis()
    ax.set_xlim(0, 1.22 * ranked[0][1])
    ax.set_ylim(max(len(ranked), 3) - 0.4, -0.6)
    ax.set_xlabel("rows with this test fired, fCO$_2$ water", fontsize=NORMAL)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(visible=False, axis="y")
