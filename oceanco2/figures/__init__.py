"""Pictures of a dataset. Looking only: nothing is computed that is not on it.

matplotlib is imported when the first picture is drawn; figures are plain `Figure`
objects without pyplot, so that threads and servers can draw, too.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from oceanco2.errors import OptionError
from oceanco2.figures.formats import check_suffix
from oceanco2.figures.kinds import KINDS, check_kind, figure

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = [
    "KINDS",
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


def _matplotlib() -> None:
    try:
        import matplotlib as _  # noqa: F401
    except ImportError:
        raise OptionError(
            "pictures need matplotlib: pip install 'oceanco2[viz]'"
        ) from None


def overview(ds: "xr.Dataset") -> "Figure":
    """Draw the whole cruise or deployment in one picture.

    Parameters
    ----------
    ds : xarray.Dataset
        From the pipeline, with or without fluxes.

    Returns
    -------
    matplotlib.figure.Figure
        Track coloured by fCO2, time series with their flags, temperatures, salinity,
        warming, flux and standards where they are on the dataset, flags per variable
        and the tests that fired.

    Raises
    ------
    OptionError
        If matplotlib is not installed.
    ProcessingError
        If the dataset has no row.
    """
    _matplotlib()
    from oceanco2.figures.sheet import draw

    return draw(ds)


def save_overview(ds: "xr.Dataset", path: str | Path, dpi: float = 150) -> None:
    """Draw the overview into a file: png, pdf or svg.

    Parameters
    ----------
    ds : xarray.Dataset
        From the pipeline, with or without fluxes.
    path : str or Path
        File to write; the suffix says in which format.
    dpi : float, default 150
        Resolution [dots per inch].

    Raises
    ------
    OptionError
        If the suffix is none of these.
    OutputError
        If the file cannot be written.
    """
    check_suffix(path)
    _matplotlib()
    save_figure(overview(ds), path, dpi)


def save_figure(figure: "Figure", path: str | Path, dpi: float = 150) -> None:
    """Write a picture as a whole file, the same bytes every time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From `overview`, `series` or `track`.
    path : str or Path
        File to write: png, pdf or svg.
    dpi : float, default 150
        Resolution [dots per inch].

    Raises
    ------
    OptionError
        If the suffix is none of these.
    OutputError
        If the file cannot be written.
    """
    _matplotlib()
    from oceanco2.figures.drawing import save

    save(figure, path, dpi)


def series(ds: "xr.Dataset", *names: str) -> "Figure":
    """Draw variables against time, coloured by their flags.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``.
    *names : str
        Variables; one panel each.

    Returns
    -------
    matplotlib.figure.Figure
        Panels with one time axis.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    """
    _matplotlib()
    from oceanco2.figures.single import draw_series

    return draw_series(ds, names)


def track(ds: "xr.Dataset", name: str = "fCO2_water_SST_wet") -> "Figure":
    """Draw where a variable was measured.

    Parameters
    ----------
    ds : xarray.Dataset
        With latitude and longitude.
    name : str, default "fCO2_water_SST_wet"
        Variable that colours the track; only values that are not doubtful.

    Returns
    -------
    matplotlib.figure.Figure
        A map with coasts, true to about a quarter of a degree.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    """
    _matplotlib()
    from oceanco2.figures.single import draw_track

    return draw_track(ds, name)


def grid_map(ds: "xr.Dataset", name: str | None = None) -> "Figure":
    """Draw where a gridded product has observations, and what they are.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.grid`, or such a file that was opened.
    name : str, optional
        Variable of the lower map; the weighted mean of fCO2 by default.

    Returns
    -------
    matplotlib.figure.Figure
        Above the number of observations in all periods, below the mean of the periods.

    Raises
    ------
    OptionError
        If matplotlib is not installed.
    UnknownNameError
        If the product has no such variable.
    """
    _matplotlib()
    from oceanco2.figures.gridded import draw_grid

    return draw_grid(ds, name)


def save_grid_map(
    ds: "xr.Dataset", path: str | Path, name: str | None = None, dpi: float = 150
) -> None:
    """Draw maps of a gridded product into a file: png, pdf or svg.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.grid`, or such a file that was opened.
    path : str or Path
        File to write; the suffix says in which format.
    name : str, optional
        Variable of the lower map; the weighted mean of fCO2 by default.
    dpi : float, default 150
        Resolution [dots per inch].

    Raises
    ------
    OptionError
        If the suffix is none of these.
    UnknownNameError
        If the product has no such variable.
    OutputError
        If the file cannot be written.
    """
    check_suffix(path)
    _matplotlib()
    save_figure(grid_map(ds, name), path, dpi)


def flag_map(ds: "xr.Dataset", name: str = _WATER) -> "Figure":
    """Draw where values are good, questionable and bad.

    Parameters
    ----------
    ds : xarray.Dataset
        With latitude and longitude.
    name : str, default "fCO2_water_SST_wet"
        Whose flags.

    Returns
    -------
    matplotlib.figure.Figure
        A map with coasts, true to about a quarter of a degree.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    """
    _matplotlib()
    from oceanco2.figures.quality import draw_flag_map

    return draw_flag_map(ds, name)


def standards(ds: "xr.Dataset") -> "Figure":
    """Draw how far the analyser was from each gas standard, and its drift.

    Parameters
    ----------
    ds : xarray.Dataset
        With the runs of the standards.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a gas; runs that were not used are hollow.

    Raises
    ------
    ProcessingError
        If there are no runs.
    """
    _matplotlib()
    from oceanco2.figures.quality import draw_standards

    return draw_standards(ds)


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
    _matplotlib()
    from oceanco2.figures.quality import draw_warming

    return draw_warming(ds)


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
        Axes that fit the good values; what lies beyond is counted.

    Raises
    ------
    UnknownNameError
        If the dataset has no such variable.
    ProcessingError
        If no row has both.
    """
    _matplotlib()
    from oceanco2.figures.quality import draw_property

    return draw_property(ds, x, y)


def transfer_velocities(temperature: float = 20.0) -> "Figure":
    """Draw every transfer velocity against wind speed.

    Parameters
    ----------
    temperature : float, default 20
        Water temperature [degree_Celsius].

    Returns
    -------
    matplotlib.figure.Figure
        Thick where a formula is valid, thin outside.
    """
    _matplotlib()
    from oceanco2.figures.drawing import new_figure
    from oceanco2.physics import plot_transfer_velocities

    figure = new_figure(8.0, 6.0)
    plot_transfer_velocities(figure.add_subplot(), temperature)
    return figure


def save_transfer_velocities(path: str | Path, **options: Any) -> None:
    """Draw every transfer velocity against wind speed into a file.

    Parameters
    ----------
    path : str or Path
        File to write: png, pdf or svg.
    **options : Any
        Those of `transfer_velocities`.

    Raises
    ------
    OptionError
        If the suffix is none of these.
    OutputError
        If the file cannot be written.
    """
    check_suffix(path)
    _matplotlib()
    save_figure(transfer_velocities(**options), path)
