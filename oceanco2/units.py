"""Linear conversion of the units of raw data into canonical units."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from oceanco2.dates import HOUR_SECONDS
from oceanco2.errors import UnitsError, not_allowed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike


HPA_PER_ATM = 1013.25
HPA_PER_MMHG = 1.3332239  # as the SOCAT dashboard
EXACT_HPA_PER_MMHG = 1.33322387415
METRES_PER_NAUTICAL_MILE, KM_PER_NAUTICAL_MILE = 1852.0, 1.852
KNOTS_PER_KM_H = 0.539957  # as the SOCAT dashboard
_KNOT = METRES_PER_NAUTICAL_MILE / HOUR_SECONDS  # m s-1


def _same_units(unit: str, scale: float, offset: float, *names: str) -> dict:
    return dict.fromkeys(names, (unit, scale, offset))


# unit -> (canonical unit, scale, offset): canonical = raw * scale + offset
_TO_CANONICAL: dict[str, tuple[str, float, float]] = {
    **_same_units(
        "degree_Celsius", 1.0, 0.0, "degree_Celsius", "degC", "deg C", "Celsius"
    ),
    **_same_units("degree_Celsius", 1.0, -273.15, "K", "kelvin"),
    **_same_units("degree_Celsius", 5 / 9, -160 / 9, "degF", "degree_Fahrenheit"),
    **_same_units("hPa", 1.0, 0.0, "hPa", "mbar", "millibar"),
    **_same_units("hPa", 0.01, 0.0, "Pa"),
    **_same_units("hPa", 10.0, 0.0, "kPa"),
    **_same_units("hPa", 1000.0, 0.0, "bar"),
    **_same_units("hPa", HPA_PER_ATM, 0.0, "atm"),
    **_same_units("hPa", HPA_PER_MMHG, 0.0, "mmHg", "Torr"),
    **_same_units("umol mol-1", 1.0, 0.0, "umol mol-1", "umol/mol", "ppm", "ppmv"),
    **_same_units("umol mol-1", 1e6, 0.0, "mol mol-1"),
    **_same_units("umol mol-1", 1e-3, 0.0, "nmol mol-1", "ppb"),
    **_same_units("mmol mol-1", 1.0, 0.0, "mmol mol-1", "mmol/mol", "ppt"),
    **_same_units("1", 1.0, 0.0, "1", "psu", "PSU", "permil", "g kg-1"),
    **_same_units("percent", 1.0, 0.0, "percent", "%"),
    **_same_units("m s-1", 1.0, 0.0, "m s-1", "m/s"),
    **_same_units("degrees_north", 1.0, 0.0, "degrees_north", "deg N"),
    **_same_units("degrees_east", 1.0, 0.0, "degrees_east", "deg E"),
    **_same_units("degree", 1.0, 0.0, "degree", "deg"),
    **_same_units("uatm", 1.0, 0.0, "uatm", "microatm"),
    **_same_units("mL min-1", 1.0, 0.0, "mL min-1", "ml/min", "mL/min"),
    **_same_units("L min-1", 1.0, 0.0, "L min-1", "l/min", "L/min"),
    **_same_units("m", 1.0, 0.0, "m"),
    **_same_units("knot", 1.0, 0.0, "knot", "knots", "kn"),
    **_same_units("mS cm-1", 1.0, 0.0, "mS cm-1", "mS/cm", "mmho/cm"),
    **_same_units("mS cm-1", 10.0, 0.0, "S m-1", "S/m"),
    **_same_units("mS cm-1", 1e-3, 0.0, "uS cm-1", "uS/cm"),
    **_same_units("V", 1.0, 0.0, "V", "volt"),
    **_same_units("s", 1.0, 0.0, "s"),
    **_same_units("umol kg-1", 1.0, 0.0, "umol kg-1", "umol/kg"),
    **_same_units("cm h-1", 1.0, 0.0, "cm h-1"),
    **_same_units("mmol m-2 d-1", 1.0, 0.0, "mmol m-2 d-1"),
    **_same_units("mol m-3 atm-1", 1.0, 0.0, "mol m-3 atm-1"),
}
# Conversions between pairs of units.
_BETWEEN: dict[tuple[str, str], tuple[float, float]] = {
    ("knot", "m s-1"): (_KNOT, 0.0),
    ("knots", "m s-1"): (_KNOT, 0.0),
    ("kn", "m s-1"): (_KNOT, 0.0),
    ("km/h", "m s-1"): (1.0 / 3.6, 0.0),
    ("mph", "m s-1"): (0.44704, 0.0),
    ("m s-1", "knot"): (HOUR_SECONDS / METRES_PER_NAUTICAL_MILE, 0.0),
    ("m/s", "knot"): (HOUR_SECONDS / METRES_PER_NAUTICAL_MILE, 0.0),
    ("km/h", "knot"): (1.0 / KM_PER_NAUTICAL_MILE, 0.0),
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
    ("hPa", "uatm"): (1e6 / HPA_PER_ATM, 0.0),
    ("Pa", "uatm"): (10.0 / 1.01325, 0.0),
    ("atm", "uatm"): (1e6, 0.0),
    ("permil", "1e-3"): (1.0, 0.0),
    ("per mil", "1e-3"): (1.0, 0.0),
    ("cm", "m"): (1e-2, 0.0),
}
_MICRO = str.maketrans({"µ": "u", "μ": "u", "°": "", "‰": "permil"})

#: Supported spellings and their canonical units (read-only).
KNOWN_UNITS: Mapping[str, str] = MappingProxyType(
    {name: target for name, (target, _, _) in _TO_CANONICAL.items()}
)
#: Units that a variable can have (read-only).
CANONICAL_UNITS = frozenset(KNOWN_UNITS.values()) | {to for _, to in _BETWEEN}

#: Units as headers of files print them, in capital letters and digits only.
PRINTED_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "DEGC": "degree_Celsius",
        "OC": "degree_Celsius",
        "C": "degree_Celsius",
        "CELSIUS": "degree_Celsius",
        "DEGCELSIUS": "degree_Celsius",
        "HPA": "hPa",
        "MBAR": "mbar",
        "KPA": "kPa",
        "ATM": "atm",
        "PPM": "ppm",
        "PPMV": "ppm",
        "UMOLMOL": "umol mol-1",
        "UMOLMOL1": "umol mol-1",
        "MMOLMOL": "mmol mol-1",
        "UATM": "uatm",
        "PSU": "1",
        "PSS": "1",
        "PERMIL": "1",
        "MS": "m s-1",
        "MS1": "m s-1",
        "KN": "knot",
        "KNOTS": "knot",
        "SM": "S m-1",
        "MSCM": "mS cm-1",
        "M": "m",
        "LMIN": "L min-1",
        "MLMIN": "mL min-1",
        "K": "K",
        "UMOLKG": "umol kg-1",
        "UMOLKG1": "umol kg-1",
    }
)


def conversion(units: str, canonical: str) -> tuple[float, float]:
    """Return factor and offset of the conversion to the canonical units.

    Examples
    --------
    >>> conversion("kPa", "hPa")
    (10.0, 0.0)
    """
    ascii_units = units.translate(_MICRO)
    if ascii_units == canonical:
        return 1.0, 0.0
    if (ascii_units, canonical) in _BETWEEN:
        return _BETWEEN[ascii_units, canonical]
    if KNOWN_UNITS.get(ascii_units) == canonical:
        return _TO_CANONICAL[ascii_units][1:]
    allowed = {n for n, (t, _, _) in _TO_CANONICAL.items() if t == canonical}
    allowed |= {raw for raw, to in _BETWEEN if to == canonical} | {canonical}
    kind = f"units to convert to {canonical!r}"
    raise UnitsError(not_allowed(kind, units, sorted(allowed)))


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
