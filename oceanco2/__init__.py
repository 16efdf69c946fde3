"""From raw pCO2 files to fCO2, SOCAT files and air-sea CO2 fluxes.

The verbs, in the order of the data: `load_platform`, `read`, `align`,
`calibrate`, `reduce`, `flag`, `add_uncertainty`, `write`, `flux`, `grid`; `process`
does the usual ones. `diagnose` says how the results of a delivered file were computed.
`simulate` and `demo` make data with known truth. Formulas are in
`oceanco2.physics`.

Everything is imported when it is first used, so ``import oceanco2`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oceanco2 import physics
    from oceanco2.alignment import align
    from oceanco2.calibration import calibrate
    from oceanco2.crossovers import find_crossovers
    from oceanco2.demonstration import demo
    from oceanco2.diagnosis import diagnose
    from oceanco2.export import open_dataset, write
    from oceanco2.figures import save_overview
    from oceanco2.fluxes import flux
    from oceanco2.gridding import grid
    from oceanco2.pipeline import process
    from oceanco2.platforms import available as platforms_available
    from oceanco2.platforms import load as load_platform
    from oceanco2.qc import flag
    from oceanco2.readers import draft_platform, read
    from oceanco2.reduction import reduce
    from oceanco2.simulation import simulate
    from oceanco2.submission.socat import submit
    from oceanco2.synthesis.excerpts import excerpt as excerpt_socat
    from oceanco2.synthesis.reading import iter_socat, read_socat
    from oceanco2.synthesis.recomputing import recompute as recompute_socat
    from oceanco2.uncertainty import add_uncertainty

_HOMES = {
    "add_uncertainty": "oceanco2.uncertainty",
    "align": "oceanco2.alignment",
    "calibrate": "oceanco2.calibration",
    "demo": "oceanco2.demonstration",
    "diagnose": "oceanco2.diagnosis",
    "draft_platform": "oceanco2.readers",
    "find_crossovers": "oceanco2.crossovers",
    "excerpt_socat": "oceanco2.synthesis:excerpt",
    "flag": "oceanco2.qc",
    "flux": "oceanco2.fluxes",
    "grid": "oceanco2.gridding",
    "iter_socat": "oceanco2.synthesis",
    "load_platform": "oceanco2.platforms:load",
    "open_dataset": "oceanco2.export",
    "platforms_available": "oceanco2.platforms:available",
    "process": "oceanco2.pipeline",
    "read": "oceanco2.readers",
    "read_socat": "oceanco2.synthesis",
    "recompute_socat": "oceanco2.synthesis:recompute",
    "reduce": "oceanco2.reduction",
    "save_overview": "oceanco2.figures",
    "simulate": "oceanco2.simulation",
    "submit": "oceanco2.submission.socat",
    "write": "oceanco2.export",
}

__all__ = [
    "add_uncertainty",
    "align",
    "calibrate",
    "demo",
    "diagnose",
    "draft_platform",
    "excerpt_socat",
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
    "read",
    "read_socat",
    "recompute_socat",
    "reduce",
    "save_overview",
    "simulate",
    "submit",
    "write",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("oceanco2.provenance").package_version()
    if name == "physics":
        return import_module("oceanco2.physics")
    if name in _HOMES:
        # The accessor comes with the first verb, so that ``ds.co2`` is there.
        import_module("oceanco2.accessor")
        module, _, attribute = _HOMES[name].partition(":")
        return getattr(import_module(module), attribute or name)
    raise AttributeError(f"module 'oceanco2' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
