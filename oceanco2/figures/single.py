"""Pictures of one thing: variables against time, a track."""

from collections.abc import Sequence

import xarray as xr

from oceanco2.errors import OptionError, UnknownNameError
from oceanco2.figures import maps, panels
from oceanco2.figures.drawing import (
    BAD_INK,
    DOUBT_INK,
    GOOD_INK,
    LARGE,
    NORMAL,
    Picture,
    new_figure,
)

#: Ends of the names of what goes with a variable.
_BESIDE = ("_flag", "_flag_automatic", "_flag_manual", "_tests", "_uncertainty")


def label_of(ds: xr.Dataset, name: str) -> str:
    """Return what stands beside an axis.

    Parameters
    ----------
    ds : xarray.Dataset
        With the variable.
    name : str
        Its name.

    Returns
    -------
    str
        Name and units.
    """
    units = ds[name].attrs.get("units", "")
    return name if units in ("", "1") else f"{name} ({units})"


def check(ds: xr.Dataset, name: str) -> None:
    """Refuse what cannot be drawn against time.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``.
    name : str
        A variable.

    Raises
    ------
    UnknownNameError
        If there is none of that name along time.
    """
    drawable = [
        str(n) for n, v in ds.data_vars.items() if v.dims == ("time",) and n != "time"
    ]
    if name not in drawable:
        # What goes with a variable can be drawn, but would make a list of hundreds.
        whole = [n for n in drawable if not n.endswith(_BESIDE)]
        raise UnknownNameError("variable along time", name, whole)


def draw_series(ds: xr.Dataset, names: Sequence[str]) -> Picture:
    """Draw variables against time.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``.
    names : sequence of str
        Variables.

    Returns
    -------
    Picture
        One panel each.
    """
    if not names:
        raise OptionError("name at least one variable to draw")
    for name in names:
        check(ds, name)
    figure = new_figure(11.0, 1.2 + 2.2 * len(names))
    axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    for ax, name in zip(axes, names, strict=True):
        panels.panel(ax, ds, [(name, GOOD_INK)], label_of(ds, name))
    panels.time_axis(axes[-1])
    axes[-1].set_xlabel("time (UTC)", fontsize=NORMAL)
    inks = [GOOD_INK, DOUBT_INK, BAD_INK]
    panels.key(
        axes[0], inks, loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False
    )
    title = str(ds.attrs.get("platform_name", ""))
    figure.suptitle(title, fontsize=LARGE, weight="bold", x=0.01, ha="left")
    return figure


def draw_track(ds: xr.Dataset, name: str) -> Picture:
    """Draw where a variable was measured.

    Parameters
    ----------
    ds : xarray.Dataset
        With latitude and longitude.
    name : str
        The variable.

    Returns
    -------
    Picture
        A map.
    """
    check(ds, name)
    figure = new_figure(8.0, 7.0)
    maps.chart(figure.add_subplot(), ds, name, label_of(ds, name), 0.75)
    title = str(ds.attrs.get("platform_name", ""))
    figure.suptitle(title, fontsize=LARGE, weight="bold")
    return figure
