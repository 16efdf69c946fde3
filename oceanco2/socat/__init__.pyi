from .archive.excerpts import excerpt
from .archive.preamble import open_socat
from .archive.reading import iter_socat, read_socat
from .archive.recomputing import recompute
from .grid.parts import delayed_socat, split_socat
from .grid.sources import accumulate

__all__ = [
    "accumulate",
    "delayed_socat",
    "excerpt",
    "iter_socat",
    "open_socat",
    "read_socat",
    "recompute",
    "split_socat",
]
