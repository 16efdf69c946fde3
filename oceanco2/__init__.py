"""From raw pCO2 files to fCO2, SOCAT files and air-sea CO2 fluxes.

The processing steps, in order: `load_platform`, `read`, `align`, `calibrate`,
`reduce`, `flag`, `add_uncertainty`, `write`, `flux`, `grid`; `process` runs the
first seven. `diagnose` infers how the results of a delivered file were
computed. `simulate` and `demo` produce data with known true values. Formulas are in
`oceanco2.physics`.

Everything is imported when it is first used, so ``import oceanco2`` is quick.
``__init__.pyi`` lists the public names; ``ds.co2`` is registered with xarray.
"""

from typing import Any

from oceanco2._lazy import attach, register_accessor

_lookup, _names, __all__ = attach(__name__, __spec__)
register_accessor("co2", "oceanco2.accessor", "CO2Accessor")


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _lookup("provenance").package_version()
    return _lookup(name)


def __dir__() -> list[str]:
    return [*_names(), "__version__"]
