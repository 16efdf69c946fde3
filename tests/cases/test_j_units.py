"""One table of units, with UDUNITS spellings; hints never change the size."""

import re

import pytest

from oceanco2.errors import UnitsError
from oceanco2.units import conversion

FACTORS = {
    ("dbar", "hPa"): 100.0,
    ("daPa", "hPa"): 0.1,
    ("µmol mol⁻¹", "umol mol-1"): 1.0,
    ("mol/mol", "umol mol-1"): 1e6,
    ("S/cm", "mS cm-1"): 1000.0,
    ("mS/m", "mS cm-1"): 0.01,
    ("cm s-1", "m s-1"): 0.01,
}


@pytest.mark.parametrize(("units", "canonical"), FACTORS)
def test_unit_hints_of_another_size(units, canonical):
    """Understood; or refused, and what is proposed instead has the same size."""
    try:
        result = conversion(units, canonical)
    except UnitsError as error:
        hint = re.search(r"\bmean '([^']*)'", str(error))
        if hint is None:
            return
        result = conversion(hint.group(1), canonical)
    assert result == (pytest.approx(FACTORS[units, canonical]), 0.0)


def test_unit_hints_of_another_size__decibar():
    """Every oceanographer knows the decibar."""
    assert conversion("dbar", "hPa") == (pytest.approx(100.0), 0.0)


@pytest.mark.parametrize(
    ("units", "hectopascal", "difference"),
    [
        ("inHg", 33.8639, 0.01),
        ("psi", 68.9476, 0.01),
        ("dbar", 100.0, 1e-3),
        ("mb", 1.0, 1e-3),
    ],
)
def test_pressure_units_missing(case, units, hectopascal, difference):
    head, rows = case.table()
    at = head.index("peq")
    for cells in rows:
        cells[at] = f"{float(cells[at]) * 33.8639 / hectopascal:.6f}"
    case.write_table(head, rows)
    case.edit("platform.toml", ('"inHg"', f'"{units}"'))
    case.process("*.csv").succeeds()
    ds = case.dataset()
    assert float(ds.P_equ[0]) == pytest.approx(1012.0, abs=difference)
    assert float(ds.fCO2_water_SST_wet[0]) == pytest.approx(380.118, abs=5e-3)


def test_picarro_water_in_percent(case):
    """1.2 percent are 12 mmol mol-1."""
    case.process("*.csv").succeeds()
    ds = case.dataset()
    values = ds.xCO2_water_Tequ_dry
    assert 379.935 <= float(values.min()) <= float(values.max()) <= 380.145
    assert float(ds.xH2O.max()) == pytest.approx(12.0)
    assert int((ds.xCO2_water_Tequ_dry_flag == 2).sum()) == 54


SPEEDS = {
    **dict.fromkeys(("meter/second", "m.s-1", "m s^-1", "metre s-1"), 1.0),
    **dict.fromkeys(("meter second-1", "meters/second", "meters per second"), 1.0),
    **dict.fromkeys(("m sec-1", "m s-1", "m/s", "m s**-1"), 1.0),
    **dict.fromkeys(("kts", "knots"), 1852 / 3600),
}


@pytest.mark.parametrize("units", SPEEDS)
def test_wind_units_spellings(units):
    factor, offset = conversion(units, "m s-1")
    assert factor == pytest.approx(SPEEDS[units], rel=1e-6)
    assert offset == 0.0


def test_wind_units_spellings__per_millisecond():
    """To UDUNITS "ms-1" is per millisecond: refused, and m s-1 proposed."""
    with pytest.raises(UnitsError, match=r"mean 'm s-1'"):
        conversion("ms-1", "m s-1")


def test_wind_units_spellings__mooring(case, copy_case):
    """Wind of another year is refused for its time, not for its spelling."""
    cruise = copy_case("wind_csv_units_in_parentheses")
    options = (cruise / "platform.toml", cruise / "a.csv", "-o", "cruise.nc")
    case.run("process", *options).succeeds()
    wind = "IR_201511_TS_MO_61198_cut.nc"
    options = ("--wind", wind, "--xco2-air", "420", "-o", "f.nc")
    outcome = case.run("flux", "cruise.nc", *options).fails("2015|km|hours?")
    assert "meter/second" not in outcome.err
