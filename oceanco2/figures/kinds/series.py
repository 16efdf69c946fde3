"""Figures of variables against time and of the track."""

from typing import TYPE_CHECKING

import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.figures import maps
from oceanco2.figures.drawing import LARGE, new_figure
from oceanco2.figures.figure import kind
from oceanco2.figures.panels import check, label_of, stack_panels

if TYPE_CHECKING:
    from oceanco2.figures.canvas import Picture


@kind(
    "series",
    description="variables against time, coloured by their flags",
    default=("fCO2_water_SST_wet",),
    fewest=1,
    most=20,
)
def draw_series(ds: xr.Dataset, *names: str) -> "Picture":
    """Draw variables against time."""
    if not names:
        raise OptionError("give at least one variable to draw")
    for name in names:
        check(ds, name)
    return stack_panels(ds, names)


@kind(
    "track",
    description="map of the track, coloured by the good values of a variable",
    default=("fCO2_water_SST_wet",),
    fewest=1,
    most=1,
)
def draw_track(ds: xr.Dataset, name: str) -> "Picture":
    """Draw where a variable was measured."""
    check(ds, name)
    figure = new_figure(8.0, 7.0)
    maps.chart(figure.add_subplot(), ds, name, label_of(ds, name), 0.75)
    title = str(ds.attrs.get("platform_name", ""))
    figure.suptitle(title, fontsize=LARGE, weight="bold")
    return figure
