"""Files published by SOCAT: read, recompute, excerpt, convert and grid them in chunks.

`read_socat` and `iter_socat` return tables, `excerpt` writes other files, `recompute`
recomputes fCO2rec, `accumulate` fills the cells of a gridded product, `open_socat`
reads the preamble, `split_socat` splits files into parts for other machines. All of
them read chunk by chunk on every core, and report each line that is not a row with its
line number.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oceanco2.socat.archive.preamble import open_socat
    from oceanco2.socat.archive.reading import iter_socat, read_socat
    from oceanco2.socat.archive.recomputing import recompute
    from oceanco2.socat.grid.parts import delayed_socat, split_socat
    from oceanco2.socat.grid.sources import accumulate
    from oceanco2.synthesis.excerpts import excerpt

__all__ = ["excerpt"]


_HOMES = {
    "accumulate": "gridding",
    "delayed_socat": "parts",
    "excerpt": "excerpts",
    "iter_socat": "reading",
    "open_socat": "preamble",
    "read_socat": "reading",
    "recompute": "recomputing",
    "split_socat": "parts",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'oceanco2.synthesis' has no attribute {name!r}")
    return getattr(import_module(f"oceanco2.synthesis.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__]
