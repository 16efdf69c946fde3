"""Kinds of figures: what an entry of their registry owns, and drawing by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from oceanco2.errors import (
    OptionError,
    ProcessingError,
    RegistrationError,
    choose,
    require_library,
)
from oceanco2.registry import FIGURES

if TYPE_CHECKING:
    import matplotlib.figure
    import xarray as xr


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
    choose("the suffix", suffix, FORMATS, str(path))


def require_matplotlib() -> None:
    """Raise OptionError with the pip command if matplotlib is not installed."""
    require_library("matplotlib", "viz", "a figure")


@dataclass(frozen=True, slots=True)
class Figure:
    """A kind of figure: how it is drawn, and the variables that it takes."""

    name: str
    draw: Callable[..., "matplotlib.figure.Figure"]
    description: str
    default: tuple[str, ...] = ()
    fewest: int = 0
    most: int = 0
    needs: tuple[str, ...] = ()
    gridded: bool = False

    @property
    def allowed(self) -> str:
        """Return how many variables may be named, as text."""
        if self.fewest == self.most:
            return str(self.most)
        return f"{self.fewest} to {self.most}"

    def make(
        self, ds: "xr.Dataset", *names: str, default: tuple[str, ...] = ()
    ) -> "matplotlib.figure.Figure":
        """Draw the figure with these variables, if the dataset has what it needs."""
        require_matplotlib()
        if ds.sizes.get("time") == 0:
            raise ProcessingError("nothing to draw: the dataset has no rows")
        chosen = names or default
        required = (*self.needs, *(() if names else default))
        missing = [name for name in required if name not in ds.variables]
        if missing:
            raise ProcessingError(
                f"a figure of kind {self.name!r} needs {' and '.join(missing)}:"
                " not in the dataset"
            )
        return self.draw(ds, *chosen)


def kind(
    name: str,
    *,
    description: str,
    default: tuple[str, ...] = (),
    fewest: int = 0,
    most: int = 0,
    needs: tuple[str, ...] = (),
    gridded: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the function that draws a kind of figure."""
    if len(default) > most or not 0 <= fewest <= most:
        raise RegistrationError(
            f"kind of figure {name!r}: {len(default)} default variables, but it takes"
            f" {fewest} to {most}"
        )

    def add(draw: Callable[..., Any]) -> Callable[..., Any]:
        entry = Figure(name, draw, description, default, fewest, most, needs, gridded)
        FIGURES.add(name, entry)
        return draw

    return add


def check_kind(kind: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Validate kind and variables of a figure before it is drawn.

    Parameters
    ----------
    kind : str
        A key of `FIGURES`.
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
    entry = FIGURES[kind]
    chosen = tuple(names) or entry.default
    if not entry.fewest <= len(chosen) <= entry.most:
        raise OptionError(
            f"a figure of kind {kind!r} takes {entry.allowed} variables,"
            f" not {len(chosen)}"
        )
    return chosen


def figure(ds: "xr.Dataset", kind: str, *names: str) -> "matplotlib.figure.Figure":
    """Draw a figure by the name of its kind.

    Parameters
    ----------
    ds : xarray.Dataset
        From the pipeline.
    kind : str
        A key of `FIGURES`; see `oceanco2 figure --help`.
    *names : str
        Variables, if the kind takes any.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    OptionError
        If the number of variables is wrong.
    ProcessingError
        If the dataset lacks a variable that the kind needs.
    """
    check_kind(kind, names)
    entry = FIGURES[kind]
    return entry.make(ds, *names, default=entry.default)
