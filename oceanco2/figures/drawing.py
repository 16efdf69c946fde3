"""Figures without pyplot: colours, style and files."""

import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from oceanco2.errors import OptionError
from oceanco2.figures.formats import FORMATS, check_suffix
from oceanco2.provenance import whole_file

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Ink:
    """Label, colour, marker and size of a kind of point; safe for colour blindness."""

    label: str
    color: str
    marker: str
    size: float
    hatch: str = ""


GOOD_INK = Ink("good", "#0072B2", "o", 2.6)
QUESTIONABLE_INK = Ink("questionable", "#E69F00", "^", 4.6, "////")
BAD_INK = Ink("bad", "#A3003F", "x", 4.6, "xxxx")
AIR_INK = Ink("air", "#56B4E9", "s", 2.4)
SECOND_INK = Ink("second", "#CC79A7", "o", 2.2)
NEUTRAL = "#555555"
GRID = {"color": "#D9D9D9", "linewidth": 0.6}
SMALL, NORMAL, LARGE = 8.0, 9.0, 13.0


class Picture(Figure):
    """A figure that notebooks can show without pyplot."""

    def _repr_png_(self) -> bytes:
        stream = BytesIO()
        self.savefig(stream, format="png", dpi=100)
        return stream.getvalue()


def new_figure(width: float, height: float) -> Picture:
    """Make an empty figure."""
    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.05, hspace=0.02, wspace=0.03)
    return Picture(figsize=(width, height), layout=layout, facecolor="white")


def style_axes(ax: Any) -> None:
    """Apply the common style to a panel."""
    ax.set_axisbelow(True)
    ax.grid(visible=True, **GRID)
    ax.tick_params(labelsize=SMALL, length=3)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def save(figure: Figure, path: str | Path, dpi: float) -> None:
    """Save a figure atomically, without the time of drawing."""
    check_suffix(path)
    if not 10 <= dpi <= 1200:
        raise OptionError(f"dpi must be between 10 and 1200, not {dpi!r}")
    metadata: Any = FORMATS[Path(path).suffix.lower()]
    # The ids in an SVG depend on a global setting: only one thread may save.
    with (
        whole_file(path) as temporary,
        _LOCK,
        mpl.rc_context({"svg.hashsalt": "oceanco2", "svg.fonttype": "path"}),
    ):
        figure.savefig(temporary, dpi=dpi, metadata=metadata)
