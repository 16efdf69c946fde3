"""The matplotlib figure, made and saved without pyplot."""

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from oceanco2.errors import OptionError
from oceanco2.figures.figure import FORMATS, check_suffix
from oceanco2.files import current_run, writing

_LOCK = threading.Lock()
#: Where a figure has the id of the run that it is part of.
_RUN_KEYS = {".png": "Description", ".pdf": "Subject", ".svg": "Description"}


class Picture(Figure):
    """A figure that notebooks can show without pyplot."""

    def _repr_png_(self) -> bytes:
        stream = BytesIO()
        self.savefig(stream, format="png", dpi=100)
        return stream.getvalue()


def make_picture(width: float, height: float) -> Picture:
    """Make an empty figure."""
    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.05, hspace=0.02, wspace=0.03)
    return Picture(figsize=(width, height), layout=layout, facecolor="white")


def save(figure: Figure, path: str | Path, dpi: float) -> None:
    """Save a figure atomically, without the time of drawing."""
    check_suffix(path)
    if not 10 <= dpi <= 1200:
        raise OptionError(f"dpi must be between 10 and 1200, not {dpi!r}")
    suffix = Path(path).suffix.lower()
    metadata: Any = dict(FORMATS[suffix])
    if current_run():
        metadata[_RUN_KEYS[suffix]] = f"oceanco2 run {current_run()}"
    # The ids in an SVG depend on a global setting: only one thread may save.
    with (
        writing(path) as temporary,
        _LOCK,
        mpl.rc_context({"svg.hashsalt": "oceanco2", "svg.fonttype": "path"}),
    ):
        figure.savefig(temporary, dpi=dpi, metadata=metadata)
