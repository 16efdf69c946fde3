"""Kinds of figures by name, available without matplotlib."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from oceanco2.errors import OptionError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


#: Suffixes, and metadata that would otherwise contain the time of drawing.
FORMATS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        ".png": {"Software": "oceanco2"},
        ".pdf": {"Creator": "oceanco2", "CreationDate": None},
        ".svg": {"Creator": "oceanco2", "Date": None},
    }
)


def check_suffix(path: str | Path) -> None:
    """Raise OptionError if a figure cannot be saved in the format of a file name.

    Parameters
    ----------
    path : str or Path
        File to write.

    Raises
    ------
    OptionError
        If its suffix is unknown.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        choices = ", ".join(FORMATS)
        hint = did_you_mean(suffix, FORMATS)
        raise OptionError(
            f"{path}: the suffix must be one of {choices}, not {suffix!r}.{hint}"
        )


_WATER = "fCO2_water_SST_wet"
#: Kind of figure to its default variables and the smallest and largest number of them.
KINDS: Mapping[str, tuple[tuple[str, ...], int, int]] = MappingProxyType(
    {
        "overview": ((), 0, 0),
        "series": ((_WATER,), 1, 20),
        "standards": ((), 0, 0),
        "warming": ((), 0, 0),
        "map": ((_WATER,), 1, 1),
        "track": ((_WATER,), 1, 1),
        "property": (("SST", _WATER), 2, 2),
    }
)


def check_kind(kind: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Validate kind and variables of a figure before it is drawn.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    names : iterable of str, optional
        Variables to draw.

    Returns
    -------
    tuple of str
        The variables, or those of the kind if none are named.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    OptionError
        If the number of variables is wrong.
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of figure", kind, KINDS)
    default, fewest, most = KINDS[kind]
    chosen = tuple(names) or default
    if not fewest <= len(chosen) <= most:
        allowed = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise OptionError(
            f"a figure of kind {kind!r} takes {allowed} variables, not {len(chosen)}"
        )
    return chosen


def figure(ds: "xr.Dataset", kind: str, *names: str) -> "Figure":
    """Draw a figure by the name of its kind.

    Parameters
    ----------
    ds : xarray.Dataset
        From the pipeline.
    kind : str
        A key of `KINDS`: overview, series, standards, warming, map, track, property.
    *names : str
        Variables, if the kind takes any.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    OptionError
        If the number of variables is wrong.
    """
    chosen = check_kind(kind, names)
    from oceanco2.figures import (
        flag_map,
        overview,
        properties,
        series,
        standards,
        track,
        warming,
    )

    draw: dict[str, Callable[..., Figure]] = {
        "overview": overview,
        "series": series,
        "standards": standards,
        "warming": warming,
        "map": flag_map,
        "track": track,
        "property": properties,
    }
    return draw[kind](ds, *chosen)
