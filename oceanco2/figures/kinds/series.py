"""Figures of variables against time and of the track."""

from collections.abc import Sequence

import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.figures import maps, panels
from oceanco2.figures.drawing import (
    BAD_INK,
    GOOD_INK,
    LARGE,
    NORMAL,
    QUESTIONABLE_INK,
    Picture,
    new_figure,
)
from oceanco2.figures.panels import check, label_of


def draw_series(ds: xr.Dataset, names: Sequence[str]) -> Picture:
    """Draw variables against time."""
    if not names:
        raise OptionError("give at least one variable to draw")
    for name in names:
        check(ds, name)
    figure = new_figure(11.0, 1.2 + 2.2 * len(names))
    axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    for ax, name in zip(axes, names, strict=True):
        panels.draw_panel(ax, ds, [(name, GOOD_INK)], label_of(ds, name))
    panels.time_axis(axes[-1])
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    inks = [GOOD_INK, QUESTIONABLE_INK, BAD_INK]
    panels.add_legend(
        axes[0], inks, loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False
    )
    title = str(ds.attrs.get("platform_name", ""))
    figure.suptitle(title, fontsize=LARGE, weight="bold", x=0.01, ha="left")
    return figure


def draw_track(ds: xr.Dataset, name: str) -> Picture:
    """Draw where a variable was measured."""
    check(ds, name)
    figure = new_figure(8.0, 7.0)
    maps.chart(figure.add_subplot(), ds, name, label_of(ds, name), 0.75)
    title = str(ds.attrs.get("platform_name", ""))
    figure.suptitle(title, fontsize=LARGE, weight="bold")
    return figure
