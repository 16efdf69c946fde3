"""Formulas: numbers, arrays, Series or DataArrays in, the same kind out.

Temperatures are degree_Celsius (ITS-90), salinity is practical, pressures are hPa,
mole fractions umol/mol of dry air, partial pressures and fugacities uatm, wind m/s,
transfer velocities cm/h, fluxes mmol m-2 d-1 and positive out of the ocean. NaN in,
NaN out; what has no physical meaning gives NaN. Outside the published range of a
formula the value is computed and one `RangeWarning` says how many samples;
``on_range`` can be ``"nan"``, ``"raise"`` or ``"ignore"`` instead.

Weiss-type fits are on the temperature scales of 1948 and 1968. ITS-90 temperatures
are not converted, as in nearly all of the field: that would change K0 by -1.3e-4 and
the fCO2 chain by 2.3e-5 at most.
"""

from typing import Any

from oceanco2._lazy import attach

_lookup, __dir__, __all__ = attach(__name__, __spec__)


def __getattr__(name: str) -> Any:
    value = _lookup(name)
    globals()[name] = value  # formulas are looked up often
    return value
