"""Linear unit conversion into canonical units; used where raw data enter, only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from oceanco2.errors import UnitsError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

_HPA_PER_MMHG = 1.3332239  # as the SOCAT dashboard


def _alike(unit: str, scale: float, offset: float, *names: str) -> dict:
    return dict.fromkeys(names, (unit, scale, offset))


# unit -> (canonical unit, scale, offset): canonical = raw * scale + offset
_TO_CANONICAL: dict[str, tuple[str, float, float]] = {
    **_alike("degree_Celsius", 1.0, 0.0, "degree_Celsius", "degC", "deg C", "Celsius"),
    **_alike("degree_Celsius", 1.0, -273.15, "K", "kelvin"),
    **_alike("degree_Celsius", 5 / 9, -160 / 9, "degF", "degree_Fahrenheit"),
    **_alike("hPa", 1.0, 0.0, "hPa", "mbar", "millibar"),
    **_alike("hPa", 0.01, 0.0, "Pa"),
    **_alike("hPa", 10.0, 0.0, "kPa"),
    **_alike("hPa", 1000.0, 0.0, "bar"),
    **_alike("hPa", 1013.25, 0.0, "atm"),
    **_alike("hPa", _HPA_PER_MMHG, 0.0, "mmHg", "Torr"),
    **_alike("umol mol-1", 1.0, 0.0, "umol mol-1", "umol/mol", "ppm", "ppmv"),
    **_alike("umol mol-1", 1e6, 0.0, "mol mol-1"),
    **_alike("umol mol-1", 1e-3, 0.0, "nmol mol-1", "ppb"),
    **_alike("mmol mol-1", 1.0, 0.0, "mmol mol-1", "mmol/mol", "ppt"),
    **_alike("1", 1.0, 0.0, "1", "psu", "PSU", "permil", "g kg-1"),
    **_alike("percent", 1.0, 0.0, "percent", "%"),
    **_alike("m s-1", 1.0, 0.0, "m s-1", "m/s"),
    **_alike("degrees_north", 1.0, 0.0, "degrees_north", "deg N"),
    **_alike("degrees_east", 1.0, 0.0, "degrees_east", "deg E"),
    **_alike("degree", 1.0, 0.0, "degree", "deg"),
    **_alike("uatm", 1.0, 0.0, "uatm", "microatm"),
    **_alike("mL min-1", 1.0, 0.0, "mL min-1", "ml/min", "mL/min"),
    **_alike("L min-1", 1.0, 0.0, "L min-1", "l/min", "L/min"),
    **_alike("m", 1.0, 0.0, "m"),
    **_alike("knot", 1.0, 0.0, "knot", "knots", "kn"),
    **_alike("mS cm-1", 1.0, 0.0, "mS cm-1", "mS/cm", "mmho/cm"),
    **_alike("mS cm-1", 10.0, 0.0, "S m-1", "S/m"),
    **_alike("mS cm-1", 1e-3, 0.0, "uS cm-1", "uS/cm"),
    **_alike("V", 1.0, 0.0, "V", "volt"),
    **_alike("cm h-1", 1.0, 0.0, "cm h-1"),
    **_alike("mmol m-2 d-1", 1.0, 0.0, "mmol m-2 d-1"),
    **_alike("mol m-3 atm-1", 1.0, 0.0, "mol m-3 atm-1"),
}
# Units that several canonical ones can be reached from.
_BETWEEN: dict[tuple[str, str], tuple[float, float]] = {
    ("knot", "m s-1"): (1852.0 / 3600.0, 0.0),
    ("knots", "m s-1"): (1852.0 / 3600.0, 0.0),
    ("kn", "m s-1"): (1852.0 / 3600.0, 0.0),
    ("km/h", "m s-1"): (1.0 / 3.6, 0.0),
    ("mph", "m s-1"): (0.44704, 0.0),
    ("m s-1", "knot"): (3600.0 / 1852.0, 0.0),
    ("m/s", "knot"): (3600.0 / 1852.0, 0.0),
    ("km/h", "knot"): (1.0 / 1.852, 0.0),
    ("umol mol-1", "mmol mol-1"): (1e-3, 0.0),
    ("umol/mol", "mmol mol-1"): (1e-3, 0.0),
    ("ppm", "mmol mol-1"): (1e-3, 0.0),
    ("ppmv", "mmol mol-1"): (1e-3, 0.0),
    ("L min-1", "mL min-1"): (1e3, 0.0),
    ("l/min", "mL min-1"): (1e3, 0.0),
    ("mL min-1", "L min-1"): (1e-3, 0.0),
    ("percent", "1"): (1e-2, 0.0),
    ("%", "1"): (1e-2, 0.0),
    ("degree_Celsius", "K"): (1.0, 0.0),  # differences only
    ("hPa", "uatm"): (1e6 / 1013.25, 0.0),
    ("Pa", "uatm"): (10.0 / 1.01325, 0.0),
    ("atm", "uatm"): (1e6, 0.0),
    ("permil", "1e-3"): (1.0, 0.0),
    ("per mil", "1e-3"): (1.0, 0.0),
    ("cm", "m"): (1e-2, 0.0),
}
_MICRO = str.maketrans({"µ": "u", "μ": "u", "°": "", "‰": "permil"})

#: Every spelling that is understood (read-only).
KNOWN_UNITS: Mapping[str, str] = MappingProxyType(
    {name: target for name, (target, _, _) in _TO_CANONICAL.items()}
)


def conversion(units: str, canonical: str) -> tuple[float, float]:
    """Find the factor and offset that lead to the canonical units.

    Examples
    --------
    >>> conversion("kPa", "hPa")
    (10.0, 0.0)
    """
    plain = units.translate(_MICRO)
    if plain == canonical:
        return 1.0, 0.0
    if (plain, canonical) in _BETWEEN:
        return _BETWEEN[plain, canonical]
    target, scale, offset = _TO_CANONICAL.get(plain, ("", 1.0, 0.0))
    if target == canonical:
        return scale, offset
    allowed = {n for n, (t, _, _) in _TO_CANONICAL.items() if t == canonical}
    allowed |= {raw for raw, to in _BETWEEN if to == canonical} | {canonical}
    hint = did_you_mean(units, allowed)
    raise UnitsError(
        f"units {units!r} cannot become {canonical!r}.{hint}"
        f" Allowed: {', '.join(sorted(allowed))}."
    )


def to_canonical(values: "ArrayLike", units: str, canonical: str) -> "np.ndarray":
    """Convert values to the canonical units of a variable.

    Examples
    --------
    >>> float(to_canonical(101.325, "kPa", "hPa"))
    1013.25
    """
    import numpy as np

    scale, offset = conversion(units, canonical)
    numbers = np.asarray(values, dtype=np.float64)
    if scale == 1.0 and offset == 0.0:
        return numbers
    return numbers * scale + offset
