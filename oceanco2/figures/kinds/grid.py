"""Maps of a gridded product: number of observations, and mean over the periods."""

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, UnknownNameError, not_found
from oceanco2.figures.drawing import LARGE, NORMAL, SMALL, new_figure
from oceanco2.figures.figure import kind
from oceanco2.figures.maps import draw_land, east_label, north_label

if TYPE_CHECKING:
    from oceanco2.figures.canvas import Picture

_MARGIN = 3  # cells around the data
_MIN_ASPECT = 0.5  # least width over height of a map
_ONE_LINE = 9.0  # width of a title in one line [inch]


@kind(
    "grid",
    description="maps of a gridded product: number of observations, and a mean",
    most=1,
    gridded=True,
)
def draw_grid(ds: xr.Dataset, name: str | None = None) -> "Picture":
    """Draw two maps of a gridded product."""
    from matplotlib.colors import LogNorm

    names = [str(n) for n, v in ds.data_vars.items() if v.ndim == 3]
    count = next((n for n in names if "fco2_count_nobs" in n), None)
    default = next((n for n in names if "fco2_ave_weighted" in n), None)
    if name is None and count and default:
        name = default
    if count is None or name is None:
        raise ProcessingError(
            "a figure of kind 'grid' needs a gridded product with fco2_count_nobs and"
            " fco2_ave_weighted: not in the dataset"
        )
    if name not in names:
        raise UnknownNameError(not_found("variable of a grid", name, names))
    total, _, periods_with_data = _over_time(ds[count])
    value, periods, _ = _over_time(ds[name], periods_with_data)
    with np.errstate(invalid="ignore"):
        value = value / periods
    good = value[np.isfinite(value)]
    if not good.size:
        raise ProcessingError(f"nothing to draw: {name} has no values")
    window = _Window(ds, total > 0)
    width, height = window.size()
    figure = new_figure(width, 2 * height + 1.0)
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    most = max(float(total.max()), 2.0)
    window.map(upper, total, "fCO2 observations", norm=LogNorm(1.0, most))
    low, high = np.percentile(good, [2.0, 98.0])
    attrs = ds[name].attrs
    label = f"{attrs.get('long_name', name)} [{attrs.get('units', '1')}]"
    window.map(lower, value, label, vmin=low, vmax=high if high > low else low + 1)
    parts = _title(ds, ds[count].dims[0], periods_with_data)
    title = (", " if width > _ONE_LINE else "\n").join(parts)
    figure.suptitle(title, fontsize=LARGE, weight="bold")
    return figure


def _over_time(
    variable: xr.DataArray, selected: Iterable[int] | None = None
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Return the sum over the periods, the number of periods, and those with data."""
    total = np.zeros(variable.shape[1:])
    periods = np.zeros(variable.shape[1:])
    with_data = []
    for t in range(variable.shape[0]) if selected is None else selected:
        values = variable.variable[t].to_numpy()
        present = np.isfinite(values)
        if present.any():
            total[present] += values[present]
            periods += present
            with_data.append(t)
    return total, periods, with_data


def _title(ds: xr.Dataset, time: Hashable, periods: list[int]) -> tuple[str, str]:
    days = ds[time].to_numpy()[[periods[0], periods[-1]]].astype("datetime64[M]")
    span = " to ".join(dict.fromkeys(map(str, days)))
    return str(ds.attrs.get("title", "gridded product")), span


class _Window:
    """The part of the globe with data, continuous across the date line."""

    def __init__(self, ds: xr.Dataset, filled: np.ndarray) -> None:
        rows = np.flatnonzero(filled.any(axis=1))
        self.step = float(ds["ylat"][1] - ds["ylat"][0])
        self.roll, first, last = _columns(np.any(filled, axis=0))
        margin = round(_MARGIN * max(1.0, 1.0 / self.step))
        low, high = (
            max(rows[0] - margin, 0),
            min(rows[-1] + margin + 1, filled.shape[0]),
        )
        south, height = -90.0 + self.step * low, self.step * (high - low)
        middle = np.radians(np.clip(south + 0.5 * height, -75.0, 75.0))
        # A track along a meridian gets a wider margin on both sides.
        missing = _MIN_ASPECT * (high - low) / np.cos(middle) - (last + 1 - first)
        margin = max(margin, round(0.5 * missing))
        left = max(first - margin, 0)
        right = min(last + margin + 1, filled.shape[1])
        self.part = slice(low, high), slice(left, right)
        west = -180.0 + self.step * (left + self.roll)
        width = self.step * (right - left)
        self.extent = west, west + width, south, south + height
        self.squeeze = 1.0 if width > 180 else float(np.cos(middle))

    def size(self) -> tuple[float, float]:
        """Return width and height of a map with its colour bar [inch]."""
        west, east, south, north = self.extent
        shape = (north - south) / ((east - west) * self.squeeze)
        width = min(10.0, 6.5 / shape)
        return max(width, 4.5) + 1.6, min(max(width * shape, 2.4), 6.5) + 0.2

    def map(self, ax: Any, values: np.ndarray, label: str, **colours: Any) -> None:
        """Draw values over land."""
        from matplotlib.ticker import FuncFormatter, LogFormatter, MaxNLocator

        rows, columns = self.part
        part = np.roll(values, -self.roll, axis=1)[rows, columns]
        part = np.ma.masked_where(~np.isfinite(part) | (part == 0), part)
        image = ax.imshow(
            part,
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
            formatter = LogFormatter(minor_thresholds=(1.0, 0.4))
            bar.ax.yaxis.set_major_formatter(formatter)
            bar.ax.yaxis.set_minor_formatter(formatter)
        bar.outline.set_linewidth(0.5)
        ax.tick_params(labelsize=SMALL, length=3)
        for axis, label_format in ((ax.xaxis, east_label), (ax.yaxis, north_label)):
            axis.set_major_locator(MaxNLocator(7, steps=[1, 1.5, 2, 3, 6, 9, 10]))
            axis.set_major_formatter(FuncFormatter(label_format))


def _columns(filled: np.ndarray) -> tuple[int, int, int]:
    """Return the columns to roll by, and the first and last column after that."""
    columns = np.flatnonzero(filled)
    n = filled.size
    gaps = np.diff(np.append(columns, columns[0] + n))
    widest = int(np.argmax(gaps))
    inside = columns[-1] - columns[0] + 1
    if n - gaps[widest] + 1 >= min(inside, 0.75 * n):
        return 0, int(columns[0]), int(columns[-1])
    begin = int(columns[(widest + 1) % columns.size])
    roll = (begin - n // 4) % n  # some sea to the west of it
    return roll, n // 4, n // 4 + n - int(gaps[widest])
