"""Maps of a gridded product: how many observations, and the mean over the periods."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.colors import LogNorm
from matplotlib.ticker import FuncFormatter, LogFormatter, MaxNLocator

from oceanco2.errors import UnknownNameError
from oceanco2.figures.coast import draw_land
from oceanco2.figures.drawing import LARGE, NORMAL, SMALL, Picture, new_figure
from oceanco2.figures.maps import east_label, north_label

_ROOM = 3  # cells around what there is
_SLIM = 0.5  # width over height of a map, at least
_WIDE = 9.0  # inch that a title in one line takes


def draw_grid(ds: xr.Dataset, name: str | None) -> Picture:
    """Draw two maps of a gridded product."""
    names = [str(n) for n, v in ds.data_vars.items() if v.ndim == 3]
    count = next((n for n in names if "fco2_count_nobs" in n), None)
    usual = next((n for n in names if "fco2_ave_weighted" in n), None)
    if name is None and count and usual:
        name = usual
    if name not in names or count is None:
        raise UnknownNameError("variable of a grid", str(name), names)
    total, _, held = _over_time(ds[count])
    value, periods, _ = _over_time(ds[name], held)
    with np.errstate(invalid="ignore"):
        value = value / periods
    window = _Window(ds, total > 0)
    width, height = window.size()
    figure = new_figure(width, 2 * height + 1.0)
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    most = max(float(total.max()), 2.0)
    window.map(upper, total, "fCO2 observations", norm=LogNorm(1.0, most))
    good = value[np.isfinite(value)]
    low, high = np.percentile(good, [2.0, 98.0])
    attrs = ds[name].attrs
    label = f"{attrs.get('long_name', name)} [{attrs.get('units', '1')}]"
    window.map(lower, value, label, vmin=low, vmax=high if high > low else low + 1)
    title = (", " if width > _WIDE else "\n").join(_title(ds, ds[count].dims[0], held))
    figure.suptitle(title, fontsize=LARGE, weight="bold")
    return figure


def _over_time(
    variable: xr.DataArray, wanted: Iterable[int] | None = None
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Sum a variable over the periods, one at a time; count them; which hold any."""
    total = np.zeros(variable.shape[1:])
    periods = np.zeros(variable.shape[1:])
    held = []
    for t in range(variable.shape[0]) if wanted is None else wanted:
        values = variable.variable[t].to_numpy()
        there = np.isfinite(values)
        if there.any():
            total[there] += values[there]
            periods += there
            held.append(t)
    return total, periods, held


def _title(ds: xr.Dataset, time: Hashable, held: list[int]) -> tuple[str, str]:
    days = ds[time].to_numpy()[[held[0], held[-1]]].astype("datetime64[M]")
    span = " to ".join(dict.fromkeys(map(str, days)))
    return str(ds.attrs.get("title", "gridded product")), span


class _Window:
    """The part of the globe that holds something, whole across the date line."""

    def __init__(self, ds: xr.Dataset, there: np.ndarray) -> None:
        rows = np.flatnonzero(there.any(axis=1))
        self.step = float(ds["ylat"][1] - ds["ylat"][0])
        self.roll, first, last = _columns(np.any(there, axis=0))
        room = round(_ROOM * max(1.0, 1.0 / self.step))
        low, high = max(rows[0] - room, 0), min(rows[-1] + room + 1, there.shape[0])
        south, tall = -90.0 + self.step * low, self.step * (high - low)
        middle = np.radians(np.clip(south + 0.5 * tall, -75.0, 75.0))
        # A track along a meridian gets more sea on both sides.
        slim = _SLIM * (high - low) / np.cos(middle) - (last + 1 - first)
        room = max(room, round(0.5 * slim))
        left, right = max(first - room, 0), min(last + room + 1, there.shape[1])
        self.part = slice(low, high), slice(left, right)
        west = -180.0 + self.step * (left + self.roll)
        wide = self.step * (right - left)
        self.extent = west, west + wide, south, south + tall
        self.squeeze = 1.0 if wide > 180 else float(np.cos(middle))

    def size(self) -> tuple[float, float]:
        """Width and height of a map with its colour bar [inch]."""
        west, east, south, north = self.extent
        shape = (north - south) / ((east - west) * self.squeeze)
        width = min(10.0, 6.5 / shape)
        return max(width, 4.5) + 1.6, min(max(width * shape, 2.4), 6.5) + 0.2

    def map(self, ax: Any, values: np.ndarray, label: str, **colours: Any) -> None:
        """Draw values over land."""
        rows, columns = self.part
        shown = np.roll(values, -self.roll, axis=1)[rows, columns]
        shown = np.ma.masked_where(~np.isfinite(shown) | (shown == 0), shown)
        image = ax.imshow(
            shown,
            cmap="viridis",
            aspect=1.0 / self.squeeze,
            zorder=1,
            extent=self.extent,
            origin="lower",
            interpolation="nearest",
            **colours,
        )
        draw_land(ax)
        bar = ax.figure.colorbar(image, ax=ax, pad=0.01, shrink=0.9)
        bar.set_label(label, fontsize=NORMAL)
        bar.ax.tick_params(which="both", labelsize=SMALL)
        if "norm" in colours:
            plain = LogFormatter(minor_thresholds=(1.0, 0.4))
            bar.ax.yaxis.set_major_formatter(plain)
            bar.ax.yaxis.set_minor_formatter(plain)
        bar.outline.set_linewidth(0.5)
        ax.tick_params(labelsize=SMALL, length=3)
        for axis, form in ((ax.xaxis, east_label), (ax.yaxis, north_label)):
            axis.set_major_locator(MaxNLocator(7, steps=[1, 1.5, 2, 3, 6, 9, 10]))
            axis.set_major_formatter(FuncFormatter(form))


def _columns(held: np.ndarray) -> tuple[int, int, int]:
    """Return by how much to roll, and first and last column then."""
    columns = np.flatnonzero(held)
    n = held.size
    gaps = np.diff(np.append(columns, columns[0] + n))
    widest = int(np.argmax(gaps))
    inside = columns[-1] - columns[0] + 1
    if n - gaps[widest] + 1 >= min(inside, 0.75 * n):
        return 0, int(columns[0]), int(columns[-1])
    begin = int(columns[(widest + 1) % columns.size])
    roll = (begin - n // 4) % n  # some sea to the west of it
    return roll, n // 4, n // 4 + n - int(gaps[widest])
