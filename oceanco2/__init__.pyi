from . import errors, figures, physics, provenance, units
from .alignment import align
from .calibration import calibrate
from .demonstration import demo
from .export import open_dataset, write
from .figures import save_overview
from .fluxes import flux
from .forensics import diagnose
from .pipeline import process, set_flags
from .platforms import available as platforms_available
from .platforms import load as load_platform
from .qc import flag
from .readers import draft_platform, read
from .reduction import reduce
from .simulation import simulate
from .socat import excerpt as excerpt_socat
from .socat import iter_socat, read_socat
from .socat import recompute as recompute_socat
from .socat.crossovers import find_crossovers
from .socat.grid import grid
from .socat.upload.submit import submit
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
    "set_flags",
    "simulate",
    "submit",
    "units",
    "write",
]

__version__: str
