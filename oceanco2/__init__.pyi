from . import errors, figures, physics, provenance, units
from .alignment import align
from .calibration import calibrate
from .crossovers import find_crossovers
from .demonstration import demo
from .diagnosis import diagnose
from .export import open_dataset, write
from .figures import save_overview
from .fluxes import flux
from .gridding import grid
from .pipeline import process
from .platforms import available as platforms_available
from .platforms import load as load_platform
from .qc import flag
from .readers import draft_platform, read
from .reduction import reduce
from .simulation import simulate
from .submission.socat import submit
from .synthesis import excerpt as excerpt_socat
from .synthesis import iter_socat, read_socat
from .synthesis import recompute as recompute_socat
from .uncertainty import add_uncertainty

__all__ = [
    "add_uncertainty",
    "align",
    "calibrate",
    "demo",
    "diagnose",
    "draft_platform",
    "errors",
    "excerpt_socat",
    "figures",
    "find_crossovers",
    "flag",
    "flux",
    "grid",
    "iter_socat",
    "load_platform",
    "open_dataset",
    "physics",
    "platforms_available",
    "process",
    "provenance",
    "read",
    "read_socat",
    "recompute_socat",
    "reduce",
    "save_overview",
    "simulate",
    "submit",
    "units",
    "write",
]

__version__: str
