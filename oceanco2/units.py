"""Units: what their spellings mean, and linear conversion into canonical units.

Spellings follow UDUNITS: names and symbols with SI prefixes, products by a blank, a
point or ``*``, division by ``/`` or ``per``, exponents as in ``s-1``, ``s^-1``,
``s**-1`` and ``s⁻¹``, plurals, British and American English. What files print besides
(``°C``, ``kts``, ``mb``, ``psu``) is understood as well.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from oceanco2.errors import UnitsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike


HPA_PER_ATM = 1013.25
#: Scales of temperature, and degrees of the older one for each of the newer.
ITS_90, IPTS_68 = "ITS-90", "IPTS-68"
T_68_PER_T_90 = 1.00024
HPA_PER_MMHG = 1.3332239  # as the SOCAT dashboard
EXACT_HPA_PER_MMHG = 1.33322387415
METRES_PER_NAUTICAL_MILE, KM_PER_NAUTICAL_MILE = 1852.0, 1.852
KNOTS_PER_KM_H = 0.539957  # as the SOCAT dashboard

#: Prefixes of symbols and of names, and their powers of ten.
_PREFIXES = {
    **{"n": -9, "u": -6, "m": -3, "c": -2, "d": -1, "da": 1, "h": 2, "k": 3, "M": 6},
    **{"nano": -9, "micro": -6, "milli": -3, "centi": -2, "deci": -1, "deca": 1},
    **{"deka": 1, "hecto": 2, "kilo": 3, "mega": 6},
}
#: Definition, symbols (with prefixes such as k), names (with prefixes such as kilo and
#: plural), and names that are neither. Without a definition: a unit of its own.
_DEFINITIONS = (
    ("", "m", "meter metre", ""),
    ("", "g", "gram gramme", ""),
    ("", "s", "second", "sec secs"),
    ("60 s", "", "minute", "min mins"),
    ("3600 s", "", "hour", "h hr hrs"),
    ("86400 s", "", "day", "d"),
    ("", "K", "kelvin", ""),
    ("", "mol", "mol mole", ""),
    ("", "S mho", "siemens", ""),
    ("", "V", "volt", ""),
    ("", "", "", "psu"),
    ("", "", "", "degrees_north"),
    ("", "", "", "degrees_east"),
    ("", "", "degree", "deg"),
    ("1000 g m-1 s-2", "Pa", "pascal", ""),
    ("1000 g m2 s-3", "W", "watt", ""),
    ("100000 Pa", "bar", "bar", ""),
    ("100 Pa", "", "", "mb"),
    ("10000 Pa", "", "", "db"),
    ("101325 Pa", "atm", "atmosphere", ""),
    (f"{HPA_PER_MMHG} hPa", "", "torr", "mmHg Torr"),
    ("3386.389 Pa", "", "", "inHg"),
    ("6894.757293168 Pa", "", "", "psi psia"),
    ("0.01", "", "percent", "%"),
    ("0.001", "", "", "permil ppt"),
    ("0.000001", "", "", "ppm ppmv"),
    ("0.000000001", "", "", "ppb ppbv"),
    ("0.001 m3", "L l", "liter litre", ""),
    ("0.000001 m3", "", "", "cc ccm"),
    ("1 mL/min", "", "", "sccm"),
    ("1 L/min", "", "", "slpm lpm"),
    (f"{METRES_PER_NAUTICAL_MILE} m", "", "nautical_mile", "nmi NM"),
    ("1 nmi/h", "", "knot", "kn kt kts"),
    ("1609.344 m", "", "mile", "mi"),
    ("1 mi/h", "", "", "mph"),
    ("1 km/h", "", "", "kph kmh kmph"),
    ("1 m/s", "", "", "mps"),
    ("0.3048 m", "", "", "ft foot feet"),
)
#: Scale and offset of units of temperature: kelvin = scale * value + offset.
_ZERO_CELSIUS = Fraction("273.15")
_FAHRENHEIT = Fraction(5, 9)
_TEMPERATURES = {
    "degree_Celsius": (Fraction(1), _ZERO_CELSIUS),
    "degF": (_FAHRENHEIT, Fraction("459.67") * _FAHRENHEIT),
}
#: What a whole text may be, in small letters without blanks, points and underscores.
_PHRASES = {
    **dict.fromkeys(
        ("1", "dimensionless", "unitless", "fraction", "(0-1)", "count"), "1"
    ),
    **dict.fromkeys(("pss", "pss78", "pss-78", "practicalsalinity"), "psu"),
    **dict.fromkeys(("practicalsalinityunit", "practicalsalinityscale"), "psu"),
    "psu": "psu",
    **dict.fromkeys(("permil", "permill", "permille", "promille"), "permil"),
    **dict.fromkeys(("percent", "pct"), "percent"),
    **{"partspermillion": "ppm", "partsperbillion": "ppb"},
    **{"partsperthousand": "permil", "mmhg": "mmHg"},
    **dict.fromkeys(("inhg", "incheshg", "inchesofmercury"), "inHg"),
    **dict.fromkeys(("c", "oc", "degc", "degreec", "celsius"), "degree_Celsius"),
    **dict.fromkeys(("degcelsius", "degreecelsius"), "degree_Celsius"),
    **dict.fromkeys(("centigrade", "degreecentigrade"), "degree_Celsius"),
    **dict.fromkeys(("degf", "degreef", "fahrenheit"), "degF"),
    **dict.fromkeys(("degfahrenheit", "degreefahrenheit"), "degF"),
    **dict.fromkeys(("degk", "degreek", "degreekelvin"), "K"),
    **dict.fromkeys(("degn", "degreen", "degreenorth"), "degrees_north"),
    **dict.fromkeys(("dege", "degreee", "degreeeast"), "degrees_east"),
    **dict.fromkeys(("decimaldegree", "degreetrue", "degt"), "degree"),
}
_CHARACTERS = str.maketrans(
    {
        **{"µ": "u", "μ": "u", "°": "deg", "º": "deg", "˚": "deg", "‰": "permil"},
        **{"℃": "degC", "℉": "degF", "·": " ", "⋅": " ", "×": " ", "−": "-", "⁻": "-"},
        **{power: str(digit) for digit, power in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    }
)
_TOKEN = re.compile(
    r"\s*(?:(?P<divide>/|per\b)|(?P<times>\*|\.(?!\d))|(?P<open>\()|(?P<close>\))"
    r"|(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2}(?!\d))?)|(?P<name>[A-Za-z_%]+))"
    r"(?:(?:\^|\*\*)?(?P<power>[+-]?\d{1,2}(?!\d)))?)\s*"
)


#: No unit is smaller, or larger than its inverse.
_SMALLEST = Fraction(1, 10**60)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Scale to basic units, their powers, all that were named, and an offset."""

    scale: Fraction
    powers: frozenset[tuple[str, int]] = frozenset()
    named: frozenset[str] = frozenset()
    offset: Fraction = Fraction(0)


def _product(left: _Unit, right: _Unit, power: int) -> _Unit:
    powers = Counter(dict(left.powers))
    for name, exponent in right.powers:
        powers[name] += power * exponent
    return _Unit(
        left.scale * right.scale**power,
        frozenset((name, n) for name, n in powers.items() if n),
        left.named | right.named,
    )


@lru_cache(maxsize=1)
def _names() -> dict[str, _Unit]:
    """Return what every name and symbol means, with and without prefixes."""
    names: dict[str, _Unit] = {}
    for definition, short, words, others in _DEFINITIONS:
        with_plurals = [*words.split(), *(f"{word}s" for word in words.split())]
        symbols = [*short.split(), *(f"{x}s" for x in short.split() if len(x) > 2)]
        spellings = [*symbols, *with_plurals, *others.split()]
        first = frozenset({spellings[0]})
        unit = _Unit(Fraction(1), frozenset({(spellings[0], 1)}), first)
        if definition:
            unit = _read(definition, names)
        for prefix, power in _PREFIXES.items():
            stems = symbols + (with_plurals if len(prefix) > 2 else [])
            scale = unit.scale * Fraction(10) ** power
            larger = _Unit(scale, unit.powers, unit.named)
            names |= dict.fromkeys([prefix + stem for stem in stems], larger)
        names |= dict.fromkeys(spellings, unit)
    kelvin = names["K"]
    for name, (scale, offset) in _TEMPERATURES.items():
        names[name] = _Unit(scale, kelvin.powers, kelvin.named, offset)
    return names


def _read(text: str, names: Mapping[str, _Unit]) -> _Unit:
    """Read a product of powers; raise ValueError if it is none."""
    tokens, end = [], 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise ValueError(f"not a unit: {text!r}")
        tokens.append(match)
        end = match.end()
    tokens.reverse()
    return _read_tokens(tokens, names, inside=False)


def _read_tokens(
    tokens: list[re.Match[str]], names: Mapping[str, _Unit], *, inside: bool
) -> _Unit:
    """Read tokens from the end of a list, ``inside`` a parenthesis to its end."""
    unit, sign, complete = _Unit(Fraction(1)), 1, False
    while tokens:
        token = tokens.pop()
        if token["close"]:
            inside = not inside
            break
        if token["divide"] or token["times"]:
            if not complete:
                raise ValueError(f"a factor is missing: {token.string!r}")
            sign, complete = (-1 if token["divide"] else 1), False
            continue
        power = sign * int(token["power"] or 1)
        unit = _product(unit, _factor(token, tokens, names), power)
        sign, complete = 1, True
    if not complete or inside:
        raise ValueError("a factor or a parenthesis is missing")
    return unit


def _factor(
    token: re.Match[str], tokens: list[re.Match[str]], names: Mapping[str, _Unit]
) -> _Unit:
    if token["open"]:
        return _read_tokens(tokens, names, inside=True)
    if token["number"]:
        return _Unit(Fraction(token["number"]))
    name = token["name"]
    # Names are in capital or small letters, but a short symbol is not: mS and ms.
    if name not in names and len(name) > 2:
        name = name.lower()
    if name not in names:
        raise ValueError(f"not a unit: {name!r}")
    return names[name]


@lru_cache(maxsize=1024)
def _meaning(text: str) -> _Unit | None:
    """Return what a text means as a unit, None if it is none."""
    text = text.translate(_CHARACTERS).strip()
    text = re.sub(r"nautical[ _]miles?", "nmi", text, flags=re.IGNORECASE)
    phrase = re.sub(r"[\s_.]", "", text).lower().replace("degrees", "degree")
    names = _names()
    text = _PHRASES.get(phrase, _PHRASES.get(phrase.removesuffix("s"), text))
    if text in names:
        return names[text]
    try:
        unit = _read(text, names)
    except (ValueError, ZeroDivisionError):
        return None
    return unit if _SMALLEST < unit.scale < 1 / _SMALLEST else None


#: Spellings that messages propose for a canonical unit.
_SAME_QUANTITY: Mapping[str, str] = {
    "degree_Celsius": "degC|deg C|Celsius|K|kelvin|degF|degree_Fahrenheit",
    "hPa": "mbar|millibar|mb|Pa|kPa|bar|dbar|atm|mmHg|Torr|inHg|psi",
    "umol mol-1": "umol/mol|ppm|ppmv|mol mol-1|nmol mol-1|ppb",
    "mmol mol-1": "mmol/mol|ppt",
    "1": "psu|PSU|permil|g kg-1",
    "percent": "%",
    "m s-1": "m/s",
    "degrees_north": "deg N",
    "degrees_east": "deg E",
    "degree": "deg",
    "uatm": "microatm",
    "mL min-1": "ml/min|mL/min",
    "L min-1": "l/min|L/min",
    "knot": "knots|kn",
    "mS cm-1": "mS/cm|mmho/cm|S m-1|S/m|uS cm-1|uS/cm",
    "V": "volt",
    "umol kg-1": "umol/kg",
    **dict.fromkeys(("m", "s", "cm h-1", "mmol m-2 d-1", "mol m-3 atm-1"), ""),
}
#: The same for spellings of other canonical units that convert.
_OTHERS: Mapping[str, str] = {
    "m s-1": "knot|knots|kn|km/h|mph",
    "knot": "m s-1|m/s|km/h",
    "mmol mol-1": "umol mol-1|umol/mol|ppm|ppmv|percent",
    "mL min-1": "L min-1|l/min",
    "L min-1": "mL min-1",
    "1": "percent|%",
    "K": "degree_Celsius",
    "uatm": "hPa|Pa|atm",
    "1e-3": "permil|per mil",
    "m": "cm",
}

#: Common spellings and their canonical units (read-only).
KNOWN_UNITS: Mapping[str, str] = MappingProxyType(
    {
        name: unit
        for unit, names in _SAME_QUANTITY.items()
        for name in filter(None, (unit, *names.split("|")))
    }
)
#: Units that a variable can have (read-only).
CANONICAL_UNITS = frozenset(KNOWN_UNITS.values()) | frozenset(_OTHERS)

#: Units as headers of files print them, in capital letters and digits only.
PRINTED_UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("DEGC", "OC", "C", "CELSIUS", "DEGCELSIUS"), "degree_Celsius"),
        **dict.fromkeys(("K", "KELVIN"), "K"),
        "HPA": "hPa",
        **dict.fromkeys(("MBAR", "MB"), "mbar"),
        "KPA": "kPa",
        "DBAR": "dbar",
        "INHG": "inHg",
        "MMHG": "mmHg",
        "PSI": "psi",
        "ATM": "atm",
        "UATM": "uatm",
        **dict.fromkeys(("PPM", "PPMV"), "ppm"),
        **dict.fromkeys(("UMOLMOL", "UMOLMOL1"), "umol mol-1"),
        **dict.fromkeys(("MMOLMOL", "MMOLMOL1"), "mmol mol-1"),
        **dict.fromkeys(("UMOLKG", "UMOLKG1"), "umol kg-1"),
        **dict.fromkeys(("PSU", "PSS", "PERMIL"), "1"),
        **dict.fromkeys(("MS", "MS1"), "m s-1"),
        **dict.fromkeys(("KN", "KNOT", "KNOTS", "KTS"), "knot"),
        **dict.fromkeys(("SM", "SM1"), "S m-1"),
        **dict.fromkeys(("MSCM", "MSCM1"), "mS cm-1"),
        "M": "m",
        "LMIN": "L min-1",
        "MLMIN": "mL min-1",
    }
)
#: Ends of column names that are words as often as units.
_WORDS = ("atm", "bar")
_BRACKETS = re.compile(r"[\[(]([^\[\]()]*)[\])]")


def conversion(units: str, canonical: str) -> tuple[float, float]:
    """Return factor and offset of the conversion to the canonical units.

    Examples
    --------
    >>> conversion("kPa", "hPa")
    (10.0, 0.0)
    """
    found = _conversion(units, canonical)
    if found is None:
        allowed = sorted(spellings(canonical))
        raise UnitsError(
            f"units to convert to {canonical!r} must be one of {', '.join(allowed)},"
            f" not {units!r}{_hint(units, canonical, allowed)}"
        )
    return found


def converts(units: str, canonical: str) -> bool:
    """Whether units are known and convert to the canonical ones.

    Examples
    --------
    >>> converts("Pa", "hPa"), converts("m", "hPa")
    (True, False)
    """
    return _conversion(units, canonical) is not None


def spellings(canonical: str) -> list[str]:
    """Return common spellings of units that convert to canonical ones.

    Examples
    --------
    >>> spellings("m")
    ['m', 'cm']
    """
    tables = (_SAME_QUANTITY, _OTHERS)
    names = "|".join([canonical, *(table.get(canonical, "") for table in tables)])
    return [name for name in dict.fromkeys(names.split("|")) if name]


@lru_cache(maxsize=1024)
def _conversion(units: str, canonical: str) -> tuple[float, float] | None:
    """Return factor and offset, None for what is unknown or of another quantity."""
    unit, target = _meaning(units), _meaning(canonical)
    is_direction = canonical in ("degrees_north", "degrees_east")
    if units == canonical or (is_direction and unit == _meaning("degree")):
        return 1.0, 0.0
    if unit is None or target is None:
        return None
    if canonical == "1":
        return _to_number(unit)
    if unit.powers != target.powers or not (unit.powers or _is_share(unit, target)):
        return None
    if canonical == "umol mol-1" and units == "ppt":  # a thousandth or a trillionth
        return None
    offset = Fraction(0)
    if canonical != "K":  # a difference
        offset = (unit.offset - target.offset) / target.scale
    return float(unit.scale / target.scale), float(offset)


def _is_share(unit: _Unit, target: _Unit) -> bool:
    """Whether both are shares of the same: of mass, or of molecules but not just 1."""
    if ("g" in unit.named) != ("g" in target.named):
        return False
    return unit != _Unit(Fraction(1)) or "mol" not in target.named


def _to_number(unit: _Unit) -> tuple[float, float] | None:
    """Convert to a plain number, which practical salinity is: 35 permil are 35."""
    if unit == _meaning("psu"):
        return 1.0, 0.0
    if unit.powers or "mol" in unit.named:
        return None
    if unit.scale == Fraction(1, 1000):
        return 1.0, 0.0
    return (float(unit.scale), 0.0) if unit.scale >= Fraction(1, 100) else None


def _hint(units: str, canonical: str, allowed: Iterable[str]) -> str:
    """Propose the most similar spelling, unless that would change the size."""
    others = [name for name in KNOWN_UNITS if _conversion(name, canonical)]
    ratios = {
        name: SequenceMatcher(None, units.lower(), name.lower()).ratio()
        for name in (*allowed, *others)
    }
    best = max(ratios.values())
    names = [name for name, ratio in ratios.items() if ratio == best]
    sizes = {_conversion(name, canonical) for name in names}
    return (
        f". Did you mean {names[0]!r}?" if best > 0.7 and sizes == {(1.0, 0.0)} else ""
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


def reconcile(
    stated: Iterable[str], declared: str, canonical: str
) -> tuple[str, list[str]]:
    """Return the units that hold, and those stated that contradict them.

    What the caller declares holds; else the first unit that is stated, else the
    canonical one.

    Examples
    --------
    >>> reconcile(["kPa"], "hPa", "hPa"), reconcile(["Pa"], "", "hPa")
    (('hPa', ['kPa']), ('Pa', []))
    """
    texts = [text for text in dict.fromkeys(stated) if text.strip()]
    units = declared or next(iter(texts), canonical)
    line = conversion(units, canonical)
    return units, [x for x in texts if not _same_line(_conversion(x, canonical), line)]


def _same_line(one: tuple[float, float] | None, other: tuple[float, float]) -> bool:
    return one is not None and all(
        math.isclose(a, b, rel_tol=1e-4) for a, b in zip(one, other, strict=True)
    )


def stated(text: str, canonical: str) -> str:
    """Return the unit that an entry of a file states, empty if it states none.

    Units of another quantity are returned as well, unless they are a single letter or
    a unit of time: those are more often abbreviations.

    Examples
    --------
    >>> stated("ITS-90, deg C", "degree_Celsius"), stated("UTC", "hPa")
    ('deg C', '')
    >>> stated("MS-1", "m s-1"), stated("kPa", "degree_Celsius")
    ('m s-1', 'kPa')
    """
    parts = [part.strip() for part in (text, *re.split("[,;]", text)) if part.strip()]
    for part in parts:
        for spelling in (part, PRINTED_UNITS.get(_capitals(part), "")):
            if converts(spelling, canonical):
                return spelling
        if canonical == "degree_Celsius" and _meaning(part) == _meaning("degree"):
            return canonical
    return next((part for part in parts if _names_quantity(part)), "")


def _capitals(text: str) -> str:
    ascii_text = text.translate(_CHARACTERS)
    return re.sub(r"[^A-Z0-9]", "", ascii_text.upper())


def _names_quantity(text: str) -> bool:
    """Whether a text is a unit that says which quantity a column has."""
    unit = _meaning(text)
    if unit is None or len(text) < 2 or not (unit.powers or unit.named):
        return False
    return unit.powers != frozenset({("s", 1)})


def split_name(name: str, canonical: str) -> tuple[str, str]:
    """Split a column name into the rest and the unit that it states, if any.

    Examples
    --------
    >>> split_name("wind_speed (knots)", "m s-1"), split_name("PRES_EQU_kPa", "hPa")
    (('wind_speed', 'knots'), ('PRES_EQU', 'kPa'))
    >>> split_name("P_ATM", "hPa"), split_name("T / K", "degree_Celsius")
    (('P_ATM', ''), ('T', 'K'))
    """
    for bracket in _BRACKETS.finditer(name):
        unit = stated(bracket[1], canonical)
        if unit:
            rest = f"{name[: bracket.start()].rstrip()}{name[bracket.end() :]}"
            return rest.strip(), unit
    for end in _ends(name):
        for unit in (end.strip(), PRINTED_UNITS.get(_capitals(end), "")):
            if converts(unit, canonical):
                return name.removesuffix(end).rstrip(" _,/"), unit
    return name, ""


def _ends(name: str) -> list[str]:
    """Return the ends of a column name that may be its unit."""
    if name.endswith(("]", ")")):
        return []
    words = re.findall(r"[^ _]+[ _]*", name)
    ends = ["".join(words[-2:])] if len(words) > 2 else []
    ends += [name.rpartition(mark)[2] for mark in ("/", ",", " ", "_") if mark in name]
    ends = [end for end in ends if len(end) > 1 or end == "C"]
    ends = [end for end in ends if end.lower() not in _WORDS]
    return ends + [name.rpartition(x)[2] for x in (" / ", ", ") if x in name]
