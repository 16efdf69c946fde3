"""Every spelling of a unit, against definitions: two points of each straight line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    "K": "K",
    "hPa": "HPA",
    "mbar": "MBAR",
    "kPa": "KPA",
    "atm": "ATM",
    "uatm": "UATM",
    "ppm": "PPM PPMV",
    "umol mol-1": "UMOLMOL UMOLMOL1",
    "mmol mol-1": "MMOLMOL",
    "umol kg-1": "UMOLKG UMOLKG1",
    "1": "PSU PSS PERMIL",
    "m s-1": "MS MS1",
    "knot": "KN KNOTS",
    "S m-1": "SM",
    "mS cm-1": "MSCM",
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
