"""Figures of a dataset; they show what it contains and compute nothing new.

matplotlib is imported when the first figure is drawn; figures are `Figure` objects
without pyplot, so threads and servers can draw, too.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.figures.figure import (
    check_kind,
    check_suffix,
    figure,
    require_matplotlib,
)
from oceanco2.registry import FIGURES

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = [
    "FIGURES",
    "check_kind",
    "check_suffix",
    "figure",
    "flag_map",
    "grid_map",
    "overview",
    "properties",
    "save_figure",
    "save_grid_map",
    "save_overview",
    "save_transfer_velocities",
    "series",
    "standards",
    "track",
    "transfer_velocities",
    "warming",
]


_WATER = "fCO2_water_SST_wet"


def overview(ds: "xr.Dataset") -> "Figure":
    """Draw an overview of a cruise or deployment in one figure.

    Parameters
    ----------
    ds : xarray.Dataset
        From the pipeline, with or without fluxes.

    Returns
    -------
    matplotlib.figure.Figure
        Track coloured by fCO2, time series with their flags, temperatures, salinity,
        warming, flux and standards if the dataset has them, flags per variable and
        the tests that fired.

    Raises
    ------
    OptionError
        If matplotlib is not installed.
    ProcessingError
        If the dataset has no rows.
    """
    return FIGURES["overview"].make(ds)


def save_overview(ds: "xr.Dataset", path: str | Path, dpi: float = 150) -> None:
    """Save the overview as png, pdf or svg.

    Parameters
    ----------
    ds : xarray.Dataset
        From the pipeline, with or without fluxes.
    path : str or Path
        File to write; the suffix sets the format.
    dpi : float, default 150
        Resolution [dots per inch].

    Raises
    ------
    OptionError
        If the suffix is another one.
    OutputError
        If the file cannot be written.
    """
    check_suffix(path)
    require_matplotlib()
    save_figure(overview(ds), path, dpi)


def save_figure(figure: "Figure", path: str | Path, dpi: float = 150) -> None:
    """Save a figure; the file is atomic and has the same bytes every time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From `overview`, `series`, `track` and so on.
    path : str or Path
        File to write: png, pdf or svg.
    dpi : float, default 150
        Resolution [dots per inch].

    Raises
    ------
    OptionError
        If the suffix is another one.
    OutputError
        If the file cannot be written.
    """
    require_matplotlib()
    from oceanco2.figures.canvas import save

    save(figure, path, dpi)


def series(ds: "xr.Dataset", *names: str) -> "Figure":
    """Draw variables against time, coloured by their flags.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``.
    *names : str
        Variables, one panel each.

    Returns
    -------
    matplotlib.figure.Figure
        Panels with one time axis.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    """
    return FIGURES["series"].make(ds, *names)


def track(ds: "xr.Dataset", name: str = "fCO2_water_SST_wet") -> "Figure":
    """Draw where a variable was measured.

    Parameters
    ----------
    ds : xarray.Dataset
        With latitude and longitude.
    name : str, default "fCO2_water_SST_wet"
        Variable that colours the track; only good values are shown.

    Returns
    -------
    matplotlib.figure.Figure
        A map with coasts, true to about a quarter of a degree.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    """
    return FIGURES["track"].make(ds, name)


def grid_map(ds: "xr.Dataset", name: str | None = None) -> "Figure":
    """Draw maps of a gridded product: number of observations and mean.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.grid`, or a file of it that was opened.
    name : str, optional
        Variable of the lower map; the weighted mean of fCO2 by default.

    Returns
    -------
    matplotlib.figure.Figure
        Number of observations in all periods (top) and mean of the periods (bottom).

    Raises
    ------
    OptionError
        If matplotlib is not installed.
    UnknownNameError
        If the product has no such variable.
    """
    return FIGURES["grid"].make(ds, *([] if name is None else [name]))


def save_grid_map(
    ds: "xr.Dataset", path: str | Path, name: str | None = None, dpi: float = 150
) -> None:
    """Save maps of a gridded product as png, pdf or svg.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.grid`, or a file of it that was opened.
    path : str or Path
        File to write; the suffix sets the format.
    name : str, optional
        Variable of the lower map; the weighted mean of fCO2 by default.
    dpi : float, default 150
        Resolution [dots per inch].

    Raises
    ------
    OptionError
        If the suffix is another one.
    UnknownNameError
        If the product has no such variable.
    OutputError
        If the file cannot be written.
    """
    check_suffix(path)
    require_matplotlib()
    save_figure(grid_map(ds, name), path, dpi)


def flag_map(ds: "xr.Dataset", name: str = _WATER) -> "Figure":
    """Draw where values are good, questionable and bad.

    Parameters
    ----------
    ds : xarray.Dataset
        With latitude and longitude.
    name : str, default "fCO2_water_SST_wet"
        Variable whose flags are shown.

    Returns
    -------
    matplotlib.figure.Figure
        A map with coasts, true to about a quarter of a degree.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    """
    return FIGURES["map"].make(ds, name)


def standards(ds: "xr.Dataset") -> "Figure":
    """Draw the deviation of the analyser from each gas standard, and its drift.

    Parameters
    ----------
    ds : xarray.Dataset
        With the runs of the standards.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per gas; unused runs are hollow.

    Raises
    ------
    ProcessingError
        If there are no runs.
    """
    return FIGURES["standards"].make(ds)


def warming(ds: "xr.Dataset") -> "Figure":
    """Draw the warming between intake and equilibrator.

    Parameters
    ----------
    ds : xarray.Dataset
        With ``warming``.

    Returns
    -------
    matplotlib.figure.Figure
        Time series by flag and a histogram, with SOCAT's limits of 1 and 3 K.

    Raises
    ------
    ProcessingError
        If there is no warming.
    """
    return FIGURES["warming"].make(ds)


def properties(ds: "xr.Dataset", x: str, y: str) -> "Figure":
    """Draw one variable against another, coloured by the worse of their flags.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``.
    x, y : str
        Variables; latitude and longitude, too.

    Returns
    -------
    matplotlib.figure.Figure
        Axes fit the good values; points beyond them are counted.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    ProcessingError
        If no row has both variables.
    """
    return FIGURES["property"].make(ds, x, y)


def transfer_velocities(temperature: float = 20.0) -> "Figure":
    """Draw every transfer velocity against wind speed.

    Parameters
    ----------
    temperature : float, default 20
        Water temperature [degree_Celsius].

    Returns
    -------
    matplotlib.figure.Figure
        Lines are thick where a formula is valid, and thin outside.
    """
    require_matplotlib()
    from oceanco2.figures.drawing import new_figure
    from oceanco2.physics import plot_transfer_velocities

    figure = new_figure(8.0, 6.0)
    plot_transfer_velocities(figure.add_subplot(), temperature)
    return figure


def save_transfer_velocities(path: str | Path, **options: Any) -> None:
    """Save a figure of every transfer velocity against wind speed.

    Parameters
    ----------
    path : str or Path
        File to write: png, pdf or svg.
    **options : Any
        Arguments of `transfer_velocities`.

    Raises
    ------
    OptionError
        If the suffix is another one.
    OutputError
        If the file cannot be written.
    """
    check_suffix(path)
    require_matplotlib()
    save_figure(transfer_velocities(**options), path)
