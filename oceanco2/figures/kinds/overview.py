"""The overview figure: map, time series, flags and tests."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, bits_of
from oceanco2.errors import ProcessingError
from oceanco2.figures import maps, panels
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
    Points,
    by_flag,
    limits,
    new_figure,
    style_axes,
)
from oceanco2.figures.figure import kind
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
from oceanco2.vocabulary import (
    BAD,
    CO2_RESULTS,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
)

if TYPE_CHECKING:
    from oceanco2.figures.canvas import Picture

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
#: What is drawn where a dataset has no fCO2 at SST.
_AXES = {
    WATER: "fCO$_2$ at SST (µatm)",
    "pCO2_water_SST_wet": "pCO$_2$ at SST (µatm)",
    "fCO2_water_Tequ_wet": "fCO$_2$ at T$_{equ}$ (µatm)",
    "pCO2_water_Tequ_wet": "pCO$_2$ at T$_{equ}$ (µatm)",
    "xCO2_water_SST_dry": "xCO$_2$, dry (µmol mol$^{-1}$)",
    "xCO2_water_Tequ_dry": "xCO$_2$, dry (µmol mol$^{-1}$)",
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
    bits = bits_of(ds[f"{name}_tests"].attrs)
    count = {t: int(((mask & bit) != 0).sum()) for t, bit in bits.items()}
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
    water = _result(ds)
    draw_by_flag(ax, ds, water)
    fit_axis(ax, ds, [water], also=[_main_range(ds, name) for name in names])
    ax.set_ylabel(_AXES[water], fontsize=NORMAL)


def _result(ds: xr.Dataset) -> str:
    """Return the CO2 of sea water that is drawn."""
    return next((name for name in CO2_RESULTS if _has_values(ds, name)), WATER)


def _main_range(ds: xr.Dataset, name: str) -> tuple[float, float]:
    """Return the range of nearly all good values, with a margin."""
    values = ds[name].to_numpy()[by_flag(ds, name).good]
    if not values.size:
        return np.inf, -np.inf
    first, last = np.percentile(values, [1, 99])
    return first - 2, last + 2


_MAP_WIDTH = 3.9  # inch
Panel = tuple[float, Callable[[Any], None]]


@kind("overview", description="map, time series, flags and checks in one figure")
def draw(ds: xr.Dataset) -> "Picture":
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
        for ax, (_, draw_one) in zip(axes, stack, strict=True):
            draw_one(ax)
        if column == 1:
            _share_time_axis(axes, ds)
    if _result(ds) in ds:
        _legend(axes[0], ds)
    figure.suptitle(_title(ds), fontsize=LARGE, x=0.01, ha="left", weight="bold")
    figure.supxlabel(_footer(ds), x=0.995, ha="right", fontsize=7.0, color=NEUTRAL)
    return figure


def _has_values(ds: xr.Dataset, name: str) -> bool:
    return name in ds and bool(np.isfinite(ds[name].to_numpy()).any())


def _time_series(ds: xr.Dataset) -> list[Panel]:
    """Return heights and drawing functions of the time series of the dataset."""
    stack: list[Panel] = []
    if _result(ds) in ds:
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
    name = _result(ds) if _result(ds) in ds else "SST"
    bars: list[Panel] = []
    counts = flag_counts(ds)
    if counts:
        size = 0.6 + 0.21 * len(counts)
        bars.append((size, lambda ax: draw_flag_shares(ax, ds)))
    if name in CO2_RESULTS and f"{name}_tests" in ds:
        fired = fired_counts(ds, name)
        size = 0.6 + 0.21 * max(len(fired), 2)
        bars.append((size, lambda ax: draw_fired_tests(ax, fired)))
    if name not in ds:
        return bars or [(1.0, _draw_nothing)]
    # Bars have a fixed size; the map takes the rest.
    rest = max(inches - 0.6 - sum(size for size, _ in bars), 3.0)
    shape = min(max((rest - 1.6) / _MAP_WIDTH, 0.4), 1.8)
    label = _AXES.get(name, "SST (°C)")

    def draw_map(ax: Any) -> None:
        maps.chart(ax, ds, name, label, shape)
        ax.set_title(_statistics(ds), fontsize=SMALL, loc="left", linespacing=1.35)

    return [(rest, draw_map), *bars]


def _statistics(ds: xr.Dataset) -> str:
    """Return statistics of the good values as text."""
    lines = []
    water = _result(ds)
    units_of = "µmol mol$^{-1}$" if water.startswith("x") else "µatm"
    for name, label, units, average in (
        (water, f"{water[:4].replace('CO2', 'CO$_2$')} water", units_of, np.median),
        ("delta_fCO2", "water $-$ air", "µatm", np.median),
        ("flux_CO2", "flux", "mmol m$^{-2}$ d$^{-1}$", np.mean),
    ):
        good = _good_rows(ds, name)
        if not good.size:
            lines += [f"{label}: no good value"] if _has_values(ds, name) else []
            continue
        values = ds[name].to_numpy()[good]
        middle, low, high = (f"{f(values):.4g}" for f in (average, np.min, np.max))
        text = f"{label}: {average.__name__} {middle}, {low} to {high} {units}"
        text = text.replace("-", "\N{MINUS SIGN}")
        if f"{name}_uncertainty" in ds:
            sigma = np.nanmedian(ds[f"{name}_uncertainty"].to_numpy()[good])
            text += f"; $\\sigma$ {sigma:.2g}"
        lines.append(text)
    return "\n".join([*lines, *_from_delivered(ds, water)])


def _from_delivered(ds: xr.Dataset, name: str) -> list[str]:
    """Return how far the good values of a result are from the delivered ones."""
    if f"{name}_delivered" not in ds:
        return []
    rows = _good_rows(ds, name)
    difference = (ds[name] - ds[f"{name}_delivered"]).to_numpy()[rows]
    difference = difference[np.isfinite(difference)]
    if not difference.size:
        return []
    middle, most = np.median(difference), np.percentile(np.abs(difference), 95)
    text = f"computed - delivered: median {middle:.2f}, 95 % {most:.2f} µatm"
    return [text.replace("-", "\N{MINUS SIGN}")]


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
    name = _result(ds)
    points = by_flag(ds, name)
    label = "water, good" if f"{name}_flag" in ds else "water"
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
