"""Every spelling of a unit, against definitions: two points of each straight line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2 import units as table
from oceanco2.errors import UnitsError
from oceanco2.units import (
    CANONICAL_UNITS,
    KNOWN_UNITS,
    PRINTED_UNITS,
    conversion,
    to_canonical,
)

#: Other spellings of the canonical unit itself.
SPELLINGS = {
    "degree_Celsius": ("degC", "deg C", "Celsius"),
    "hPa": ("mbar", "millibar"),
    "umol mol-1": ("umol/mol", "ppm", "ppmv", "µmol/mol", "μmol mol-1"),
    "mmol mol-1": ("mmol/mol", "ppt"),
    "1": ("psu", "PSU", "permil", "‰", "g kg-1"),
    "percent": ("%",),
    "m s-1": ("m/s",),
    "degrees_north": ("deg N",),
    "degrees_east": ("deg E",),
    "degree": ("deg",),
    "uatm": ("microatm", "µatm"),
    "umol kg-1": ("umol/kg",),
    "s": (),
    "mL min-1": ("ml/min", "mL/min"),
    "L min-1": ("l/min", "L/min"),
    "m": (),
    "knot": ("knots", "kn"),
    "mS cm-1": ("mS/cm", "mmho/cm"),
    "V": ("volt",),
    "cm h-1": (),
    "mmol m-2 d-1": (),
    "mol m-3 atm-1": (),
    "1e-3": ("permil", "per mil"),
}
#: Spellings, canonical unit, and pairs of what is read and what it is.
LINES = [
    ("K kelvin", "degree_Celsius", (273.15, 0.0), (373.15, 100.0)),
    ("degF degree_Fahrenheit", "degree_Celsius", (32.0, 0.0), (212.0, 100.0)),
    ("Pa", "hPa", (0.0, 0.0), (101325.0, 1013.25)),
    ("kPa", "hPa", (0.0, 0.0), (101.325, 1013.25)),
    ("bar", "hPa", (0.0, 0.0), (1.01325, 1013.25)),
    ("atm", "hPa", (0.0, 0.0), (1.0, 1013.25)),
    ("mb", "hPa", (0.0, 0.0), (1013.0, 1013.0)),
    ("dbar", "hPa", (0.0, 0.0), (10.1325, 1013.25)),
    ("inHg", "hPa", (0.0, 0.0), (100.0, 3386.389)),
    ("psi", "hPa", (0.0, 0.0), (10.0, 689.4757293168)),
    ("mol_mol-1", "umol mol-1", (0.0, 0.0), (4e-4, 400.0)),
    ("nmol_mol-1 ppb", "umol mol-1", (0.0, 0.0), (4e5, 400.0)),
    ("S_m-1 S/m", "mS cm-1", (0.0, 0.0), (5.0, 50.0)),
    ("uS_cm-1 uS/cm µS/cm", "mS cm-1", (0.0, 0.0), (5e4, 50.0)),
    ("knot knots kn", "m s-1", (0.0, 0.0), (3600.0, 1852.0)),
    ("km/h", "m s-1", (0.0, 0.0), (36.0, 10.0)),
    ("mph", "m s-1", (0.0, 0.0), (100.0, 44.704)),
    ("m_s-1 m/s", "knot", (0.0, 0.0), (1852.0, 3600.0)),
    ("km/h", "knot", (0.0, 0.0), (18.52, 10.0)),
    ("umol_mol-1 umol/mol ppm ppmv", "mmol mol-1", (0.0, 0.0), (2500.0, 2.5)),
    ("L_min-1 l/min", "mL min-1", (0.0, 0.0), (0.1, 100.0)),
    ("mL_min-1", "L min-1", (0.0, 0.0), (100.0, 0.1)),
    ("percent %", "1", (0.0, 0.0), (25.0, 0.25)),
    ("degree_Celsius", "K", (0.0, 0.0), (1.5, 1.5)),  # a difference
    ("hPa", "uatm", (0.0, 0.0), (1013.25, 1e6)),
    ("Pa", "uatm", (0.0, 0.0), (101325.0, 1e6)),
    ("atm", "uatm", (0.0, 0.0), (4e-4, 400.0)),
    ("cm", "m", (0.0, 0.0), (150.0, 1.5)),
]


@pytest.mark.parametrize("canonical", SPELLINGS)
def test_spellings_of_one_unit(canonical):
    for unit in (canonical, *SPELLINGS[canonical]):
        assert to_canonical(7.25, unit, canonical) == 7.25


@pytest.mark.parametrize(("units", "canonical", "first", "second"), LINES)
def test_two_points_of_a_line(units, canonical, first, second):
    for unit in units.split():
        spelled = unit if unit.startswith("degree") else unit.replace("_", " ")
        for raw, value in (first, second):
            got = to_canonical(raw, spelled, canonical)
            assert got == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("unit", ["mmHg", "Torr"])
def test_a_millimetre_of_mercury_is_that_of_the_dashboard(unit):
    assert to_canonical(760.0, unit, "hPa") == pytest.approx(1013.25, rel=1e-6)
    assert to_canonical(1.0, unit, "hPa") == 1.3332239


def test_no_spelling_is_left_out():
    listed = {c for c in SPELLINGS if c in KNOWN_UNITS}
    listed |= {s for spellings in SPELLINGS.values() for s in spellings}
    for units, *_ in LINES:
        listed |= {
            u if u.startswith("degree") else u.replace("_", " ") for u in units.split()
        }
    assert set(KNOWN_UNITS) - listed - {"mmHg", "Torr"} == set()


@pytest.mark.parametrize(
    ("value", "units", "canonical", "expected"),
    [
        (1.0, "atm", "hPa", 1013.25),
        (101.325, "kPa", "hPa", 1013.25),
        (760.0, "Torr", "hPa", 1013.2502),
        (293.15, "K", "degree_Celsius", 20.0),
        (50.0, "degF", "degree_Celsius", 10.0),
        (1.0, "knot", "m s-1", 0.514444),
        (20000.0, "ppm", "mmol mol-1", 20.0),
        (38.5, "Pa", "uatm", 379.966),
        (400.0, "µmol/mol", "umol mol-1", 400.0),
    ],
)
def test_units(value, units, canonical, expected):
    got = float(to_canonical(value, units, canonical))
    assert got == pytest.approx(expected, rel=1e-5)


def test_wrong_units_name_the_right_ones():
    with pytest.raises(UnitsError, match="'mbar'"):
        conversion("mbra", "hPa")
    with pytest.raises(UnitsError, match="must be one of"):
        conversion("degree_Celsius", "hPa")


@given(st.floats(-1e6, 1e6))
def test_conversion_is_linear_and_loses_nothing(value):
    for units, canonical in KNOWN_UNITS.items():
        scale, offset = conversion(units, canonical)
        there = float(to_canonical(value, units, canonical))
        assert (there - offset) / scale == pytest.approx(value, abs=1e-6)


#: Headers in capital letters and digits only, and what their units are.
PRINTED = {
    "degree_Celsius": "DEGC OC C CELSIUS DEGCELSIUS",
    "K": "K KELVIN",
    "hPa": "HPA",
    "mbar": "MBAR MB",
    "kPa": "KPA",
    "dbar": "DBAR",
    "inHg": "INHG",
    "mmHg": "MMHG",
    "psi": "PSI",
    "atm": "ATM",
    "uatm": "UATM",
    "ppm": "PPM PPMV",
    "umol mol-1": "UMOLMOL UMOLMOL1",
    "mmol mol-1": "MMOLMOL MMOLMOL1",
    "umol kg-1": "UMOLKG UMOLKG1",
    "1": "PSU PSS PERMIL",
    "m s-1": "MS MS1",
    "knot": "KN KNOT KNOTS KTS",
    "S m-1": "SM SM1",
    "mS cm-1": "MSCM MSCM1",
    "m": "M",
    "L min-1": "LMIN",
    "mL min-1": "MLMIN",
}


def test_units_as_headers_print_them():
    expected = {word: unit for unit, words in PRINTED.items() for word in words.split()}
    assert dict(PRINTED_UNITS) == expected
    assert set(PRINTED) <= set(KNOWN_UNITS)


def test_units_of_other_quantities_list_those_that_are_possible():
    with pytest.raises(UnitsError) as caught:
        conversion("hPa", "m")
    assert str(caught.value) == (
        "units to convert to 'm' must be one of cm, m, not 'hPa'"
    )
    values = np.array([1.0, 2.0])
    assert to_canonical(values, "m", "m") is values
    assert {"m", "uatm", "K", "1e-3"} <= CANONICAL_UNITS


#: Spellings as UDUNITS, files and people write them: canonical units, what one is.
WRITTEN = {
    ("m s-1", 1.0): "m s-1|m/s|m.s-1|m s^-1|m s**-1|m s⁻¹|m·s⁻¹|m*s-1|metre s-1"
    "|meter second-1|meters per second|metres/second|METER/SECOND|m sec-1|m  s-1"
    "|(m)/(s)|s-1 m|m2 s-1 m-1",
    ("m s-1", 0.01): "cm s-1|cm/s|centimeters per second",
    ("m s-1", 1 / 3.6): "km/h|km h-1|km hr-1|kph|kmh|kmph|kilometers per hour",
    ("m s-1", 1852 / 3600): "knot|knots|kn|kt|kts|KTS|nmi/h|nautical miles per hour",
    ("m s-1", 0.44704): "mph|miles per hour|mi h-1",
    ("m s-1", 0.3048): "ft/s|feet per second",
    ("hPa", 1.0): "hPa|hectopascal|hectopascals|mbar|mBar|millibars|mb|MBAR|1e2 Pa",
    ("hPa", 10.0): "kPa|kilopascal|10 hPa|1e3 Pa",
    ("hPa", 0.1): "daPa|dekapascal",
    ("hPa", 100.0): "dbar|decibar|db",
    ("hPa", 1e-3): "dPa|ubar|µbar|microbar",
    ("hPa", 1e4): "MPa",
    ("hPa", 1.3332239): "mmHg|mm Hg|mm_Hg|torr",
    ("hPa", 33.86389): "inHg|in Hg|inches of mercury",
    ("hPa", 68.94757293168): "psi|psia",
    ("uatm", 1.0): "uatm|µatm|μatm|microatm|microatmospheres|10^-6 atm|10-6 atm",
    ("uatm", 9.869232667160128): "Pa",
    ("degree_Celsius", 1.0): "degree_Celsius|degC|deg C|deg. C|deg_C|degree_C|degrees_C"
    "|degrees Celsius|Degrees C|°C|ºC|° C|℃|Celsius|celsius|C|degree centigrade",
    (
        "umol mol-1",
        1.0,
    ): "µmol mol⁻¹|umol/mol|micromol mol-1|micromoles/mole|ppm|PPM|ppmv"
    "|1e-6|1e-6 mol/mol|parts per million|uL/L|umol.mol-1",
    ("umol mol-1", 1e6): "mol/mol|mol mol-1",
    ("umol mol-1", 1e4): "percent|%",
    ("umol mol-1", 1e-3): "ppb|ppbv|nmol/mol|parts per billion",
    ("mmol mol-1", 10.0): "percent|%|pct|per cent|Percent",
    ("mmol mol-1", 1.0): "ppt|mmol mol-1|permil|per mille|‰|1e-3",
    ("1", 1.0): "1|psu|PSU|pss|PSS-78|PSS78|practical salinity units|ppt|permil|per mil"
    "|1e-3|0.001|g/kg|g kg-1|dimensionless|unitless|(0 - 1)|parts per thousand",
    ("1", 0.01): "percent|%",
    ("percent", 100.0): "1",
    ("percent", 0.1): "permil",
    ("mS cm-1", 1.0): "mS/cm|mmho/cm|millisiemens/cm",
    ("mS cm-1", 1000.0): "S/cm|S cm-1",
    ("mS cm-1", 10.0): "S/m|S m-1|siemens per meter",
    ("mS cm-1", 0.01): "mS/m|mS m-1",
    ("mS cm-1", 1e-3): "uS/cm|µS cm⁻¹",
    ("mL min-1", 1.0): "ml/min|mL min-1|cm3/min|cc/min|sccm|ccm min-1",
    ("mL min-1", 1000.0): "L/min|lpm|slpm|liters per minute",
    ("L min-1", 1 / 60): "L/h|litre hour-1",
    ("m", 0.3048): "ft|feet|foot",
    ("s", 86400.0): "d|day|days",
    ("s", 60.0): "min|mins|minutes",
    ("degrees_north", 1.0): "degrees_north|degree_north|degreesN|degN|degree_N|deg N|°N"
    "|degrees|degree|deg|decimal degrees|decimal_degrees",
    ("degrees_east", 1.0): "degrees_east|degree_east|degreesE|°E|degree E|degrees",
    ("degree", 1.0): "degree|degrees|deg|°|degrees_true|degT",
    ("V", 1e-3): "mV|millivolt|millivolts",
    (
        "mmol m-2 d-1",
        1.0,
    ): "mmol m-2 d-1|mmol/m2/day|mmol/(m2 d)|mmol/m^2/d|mmol.m-2.d-1",
    ("mmol m-2 d-1", 86400000.0): "mol m-2 s-1",
    ("W m-2", 1000.0): "kW/m2|kilowatts m-2",
    ("kg m-3", 1000.0): "g/cm3|kg/L",
}


@pytest.mark.parametrize(
    ("canonical", "factor", "unit"),
    [(*key, unit) for key, units in WRITTEN.items() for unit in units.split("|")],
)
def test_what_a_unit_is(canonical, factor, unit):
    scale, offset = conversion(unit, canonical)
    assert scale == pytest.approx(factor, rel=1e-12)
    assert offset == 0.0
    assert table.converts(unit, canonical)
    assert float(to_canonical(2.0, unit, canonical)) == 2.0 * scale


KELVIN = ("K", "kelvin", "Kelvin", "degK", "deg_K", "degrees_Kelvin")
FAHRENHEIT = ("degF", "°F", "fahrenheit", "deg_F", "degree_Fahrenheit", "℉")


@pytest.mark.parametrize("unit", KELVIN)
def test_kelvin(unit):
    assert conversion(unit, "degree_Celsius") == (1.0, -273.15)
    assert conversion(unit, "K") == (1.0, 0.0)


@pytest.mark.parametrize("unit", FAHRENHEIT)
def test_fahrenheit(unit):
    assert conversion(unit, "degree_Celsius") == (5 / 9, -160 / 9)
    assert conversion(unit, "K") == (5 / 9, 0.0)  # of a difference


@pytest.mark.parametrize(
    ("unit", "canonical"),
    [
        ("ms-1", "m s-1"),  # per millisecond
        ("m", "m s-1"),
        ("m/s2", "m s-1"),
        ("m-1 s", "m s-1"),
        ("m/s/", "m s-1"),
        ("/s", "s"),
        ("m*", "m"),
        ("(m", "m s-1"),
        ("m)", "m"),
        ("()", "m"),
        ("", "m"),
        ("/", "m"),
        ("m 0", "m"),
        ("m/0", "m"),
        ("m^999", "m"),
        ("1e999 m", "m"),
        ("kkm", "m"),
        ("MM", "m"),
        ("Kpa", "hPa"),
        ("g kg-1", "umol mol-1"),  # shares of mass
        ("mg/kg", "mmol mol-1"),
        ("mmol mol-1", "1"),
        ("mol mol-1", "1"),
        ("ppm", "1"),
        ("psu", "umol mol-1"),
        ("psu", "percent"),
        ("1", "umol mol-1"),
        ("1", "mmol mol-1"),
        ("ppt", "umol mol-1"),  # a thousandth or a trillionth
        ("degrees_east", "degrees_north"),
        ("degrees_north", "degree"),
        ("degree_Celsius", "degree"),
        ("uatm", "umol mol-1"),
        ("bananas", "hPa"),
    ],
)
def test_what_is_refused(unit, canonical):
    assert not table.converts(unit, canonical)
    with pytest.raises(UnitsError, match="must be one of") as caught:
        conversion(unit, canonical)
    assert f"not {unit!r}" in str(caught.value)


@pytest.mark.parametrize("definition", table._DEFINITIONS)
def test_a_unit_has_no_other_symbols(definition):
    """A symbol x would make kx, nx ... units as well."""
    known = table._names()
    assert not {"x", "kx", "kilox", "xs"} & set(known)
    assert all(word in known for part in definition[1:] for word in part.split())


#: What is meant is of the same size, or nothing is proposed.
HINTS = [
    ("ms-1", "m s-1", "m s-1"),
    ("m/s-", "m s-1", "m/s"),
    ("mbra", "hPa", "mbar"),
    ("hpa", "hPa", "hPa"),
    ("umol/mo", "umol mol-1", "umol/mol"),
    ("degCC", "degree_Celsius", "degC"),
    ("kPaa", "hPa", None),
    ("Kpa", "hPa", None),
    ("xPa", "hPa", None),
    ("dPaa", "hPa", None),
    ("dbarr", "hPa", None),
    ("mmol/mo", "umol mol-1", None),
    ("knotes", "m s-1", None),
    ("Kelvinn", "degree_Celsius", None),
    ("bananas", "hPa", None),
    ("hPa", "m", None),
]


@pytest.mark.parametrize(("unit", "canonical", "expected"), HINTS)
def test_hints_never_change_the_size(unit, canonical, expected):
    with pytest.raises(UnitsError) as caught:
        conversion(unit, canonical)
    hint = f"not {unit!r}. Did you mean {expected!r}?"
    text = str(caught.value)
    assert text.endswith(hint if expected else f"not {unit!r}")


def test_spellings_that_are_proposed():
    assert table.spellings("uatm") == ["uatm", "microatm", "hPa", "Pa", "atm"]
    assert table.spellings("V") == ["V", "volt"]
    assert table.spellings("K") == ["K", "degree_Celsius"]
    assert table.spellings("kg m-3") == ["kg m-3"]
    for canonical in CANONICAL_UNITS:
        assert all(table.converts(x, canonical) for x in table.spellings(canonical))


@pytest.mark.parametrize(
    ("stated", "declared", "canonical", "expected"),
    [
        ([], "", "hPa", ("hPa", [])),
        ([], "kPa", "hPa", ("kPa", [])),
        (["kPa"], "", "hPa", ("kPa", [])),
        (["", " "], "", "hPa", ("hPa", [])),
        (["mbar", "millibar"], "hPa", "hPa", ("hPa", [])),
        (["kPa"], "hPa", "hPa", ("hPa", ["kPa"])),
        (["Pa", "hPa", "Pa"], "hPa", "hPa", ("hPa", ["Pa"])),
        (["hPa", "kPa"], "", "hPa", ("hPa", ["kPa"])),
        (["m s-1"], "hPa", "hPa", ("hPa", ["m s-1"])),
        (["bananas"], "hPa", "hPa", ("hPa", ["bananas"])),
        (["K"], "degC", "degree_Celsius", ("degC", ["K"])),
        (["1.00005 hPa"], "hPa", "hPa", ("hPa", [])),
        (["1.0002 hPa"], "hPa", "hPa", ("hPa", ["1.0002 hPa"])),
    ],
)
def test_what_is_declared_holds(stated, declared, canonical, expected):
    assert table.reconcile(stated, declared, canonical) == expected


def test_nothing_but_unknown_units_is_an_error():
    with pytest.raises(UnitsError, match="'bananas'"):
        table.reconcile(["bananas"], "", "hPa")


@pytest.mark.parametrize(
    ("text", "canonical", "expected"),
    [
        ("hPa", "hPa", "hPa"),
        (" kPa ", "hPa", "kPa"),
        ("KPA", "hPa", "kPa"),
        ("ITS-90, deg C", "degree_Celsius", "deg C"),
        ("IPTS-68; K", "degree_Celsius", "K"),
        ("deg", "degree_Celsius", "degree_Celsius"),
        ("ms-1", "m s-1", "m s-1"),
        ("MS", "m s-1", "m s-1"),
        ("µatm", "uatm", "µatm"),
        ("m s-1", "hPa", "m s-1"),  # of another quantity
        ("uatm", "umol mol-1", "uatm"),
        ("psu", "degree_Celsius", "psu"),
        ("g/kg", "umol mol-1", "g/kg"),
        ("S", "1", ""),  # may be short for salinity
        ("C", "mS cm-1", ""),
        ("min", "degree_Celsius", ""),  # may be short for minimum
        ("sec", "degree_Celsius", ""),
        ("ms", "degree_Celsius", ""),
        ("%", "degree_Celsius", ""),
        ("percent", "degree_Celsius", ""),
        ("1", "umol mol-1", ""),
        ("UTC", "hPa", ""),
        ("dd/mm/yyyy", "hPa", ""),
        ("", "hPa", ""),
        (", ;", "hPa", ""),
        ("equ", "hPa", ""),
    ],
)
def test_what_an_entry_of_a_file_states(text, canonical, expected):
    assert table.stated(text, canonical) == expected


@pytest.mark.parametrize(
    ("name", "canonical", "expected"),
    [
        ("wind_speed (knots)", "m s-1", ("wind_speed", "knots")),
        ("wind [m/s]", "m s-1", ("wind", "m/s")),
        ("T [°C] (ITS-90)", "degree_Celsius", ("T (ITS-90)", "°C")),
        ("SST (port) (K)", "degree_Celsius", ("SST (port)", "K")),
        ("pCO2 [uatm]", "umol mol-1", ("pCO2", "uatm")),
        ("T / K", "degree_Celsius", ("T", "K")),
        ("T, K", "degree_Celsius", ("T", "K")),
        ("T/K", "degree_Celsius", ("T/K", "")),  # or a thermocouple of type K
        ("SST_K", "degree_Celsius", ("SST_K", "")),
        ("SST_C", "degree_Celsius", ("SST", "C")),
        ("SST(TSG)_C", "degree_Celsius", ("SST(TSG)", "C")),
        ("SAL(TSG)_PERMIL", "1", ("SAL(TSG)", "PERMIL")),
        ("PRES_EQU_kPa", "hPa", ("PRES_EQU", "kPa")),
        ("PRES_EQU_HPA", "hPa", ("PRES_EQU", "hPa")),
        ("p/hPa", "hPa", ("p", "hPa")),
        ("p,mbar", "hPa", ("p", "mbar")),
        ("P_ATM", "hPa", ("P_ATM", "")),
        ("equ press bar", "hPa", ("equ press bar", "")),
        ("P (atm)", "hPa", ("P", "atm")),
        ("wind m/s", "m s-1", ("wind", "m/s")),
        ("wind speed m s-1", "m s-1", ("wind speed", "m s-1")),
        ("Conductivity_S_m", "mS cm-1", ("Conductivity", "S m-1")),
        ("S_m", "mS cm-1", ("S_m", "")),
        ("flow_ml_min", "mL min-1", ("flow", "mL min-1")),
        ("CO2 um/m", "umol mol-1", ("CO2", "um/m")),
        ("SST_hPa", "degree_Celsius", ("SST_hPa", "")),  # ends of another quantity
        ("xCO2 (dry)", "umol mol-1", ("xCO2 (dry)", "")),
        ("equ_hPa (dry)", "hPa", ("equ_hPa (dry)", "")),
        ("hPa", "hPa", ("hPa", "")),
        ("SST", "degree_Celsius", ("SST", "")),
    ],
)
def test_units_in_names_of_columns(name, canonical, expected):
    assert table.split_name(name, canonical) == expected
