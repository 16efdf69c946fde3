"""The input contradicts the platform file, the caller or itself."""

import re
import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2 import physics
from oceanco2.errors import OceanCO2Error, OceanCO2Warning
from tests.cases.conftest import matches

RIGHT_UNITS = ('column = "peq", units = "hPa"', 'column = "peq", units = "kPa"')


def test_units_row_contradicts_platform(case):
    """No value can be a pressure in hPa: an error."""
    case.process("*.csv").fails(r"P_equ|peq", r"\bkPa\b", r"\bhPa\b")


def test_units_row_contradicts_platform__wind(case):
    """10 may be m s-1: one warning quotes both, and the platform file holds."""
    case.edit("platform.toml", RIGHT_UNITS)
    outcome = case.process("*.csv").succeeds()
    outcome.warns(r"wind", r"\bknots?\b", r"m s-1")
    assert len(outcome.warnings) == 1
    ds = case.dataset()
    assert ds.wind_speed[0] == pytest.approx(10.0)
    assert ds.P_equ[0] == pytest.approx(1012.0)
    assert ds.fCO2_water_SST_wet[0] == pytest.approx(380.118, abs=5e-4)


def test_units_row_contradicts_platform__both_agree(case):
    case.edit("platform.toml", RIGHT_UNITS, ('units = "m s-1"', 'units = "knots"'))
    assert not matches(case.process("*.csv").succeeds().warnings, "knots|kPa")
    assert case.dataset().wind_speed[0] == pytest.approx(5.144, abs=5e-4)


def test_seabird_head_contradicts_units(case):
    """The head of the instrument says S/m: 2.877 is no good salinity."""
    outcome = case.process("a.csv", "b.cnv")
    lines = outcome.errors if outcome.code else outcome.warnings
    named = [line.replace("c0S/m", "") for line in lines]
    assert matches(named, r"S/m|S m-1", r"mS cm-1|mS/cm"), lines
    if outcome.code == 0:
        ds = case.dataset()
        good = ds.salinity_flag == 2
        np.testing.assert_allclose(ds.salinity.where(good, 35.0), 35.0, atol=0.02)


RIGHT_CONDUCTIVITY = ('units = "mS cm-1"', 'units = "S m-1"')


def hold_temperature(case):
    """Keep the cell at 15 degC: the temperature of the definition of salinity."""
    text = (case / "b.cnv").read_text(encoding="utf-8")
    pattern = r"(?m)^( +[\d.]+ +[\d.]+ +)15\.\d+(?= )"
    text, count = re.subn(pattern, r"\g<1>15.000000", text)
    assert count == 400
    (case / "b.cnv").write_text(text, encoding="utf-8")


def test_seabird_head_contradicts_units__right_units(case):
    """42.914 mS cm-1 at 15 degC of IPTS-68 define a salinity of 35."""
    hold_temperature(case)
    scale = '[calibration]\ntemperature_scale = "IPTS-68"\n[variables]'
    case.edit("platform.toml", RIGHT_CONDUCTIVITY, ("[variables]", scale))
    outcome = case.process("a.csv", "b.cnv").succeeds()
    assert not matches(outcome.warnings, r"S/m|IPTS-68")
    np.testing.assert_allclose(case.dataset().salinity, 35.0, atol=5e-4)


def test_seabird_head_contradicts_units__scale_of_temperature(case):
    """The head says IPTS-68 and the platform file nothing: converted or named."""
    hold_temperature(case)
    case.edit("platform.toml", RIGHT_CONDUCTIVITY)
    outcome = case.process("a.csv", "b.cnv").succeeds()
    is_right = np.allclose(case.dataset().salinity, 35.0, atol=5e-4)
    assert is_right or matches(outcome.warnings, "IPTS-68")


def fco2(pressure):
    """fCO2 at SST of an array of xCO2, 400 umol mol-1."""
    x = xr.DataArray([400.0], dims="x")
    state = {"t_equ": 20.5, "sst": 20.0, "salinity": 35.0, "p_equ": pressure}
    return float(physics.fco2_at_sst(x, **state)[0])


def fco2_or_lines(pressure):
    """The value, None if it is refused, and the error and warnings about it."""
    value, lines = None, []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = fco2(pressure)
        except OceanCO2Error as error:
            lines.append(str(error))
    ours = [w.message for w in caught if issubclass(w.category, OceanCO2Warning)]
    return value, [*lines, *map(str, ours)]


def test_dataarray_units_ignored():
    pressure = xr.DataArray([101325.0], dims="x", attrs={"units": "Pa"})
    value, lines = fco2_or_lines(pressure)
    if value is None:
        assert matches(lines, r"\bPa\b", r"\bhPa\b"), lines
    else:
        assert value == pytest.approx(381.2012, abs=5e-5)


def test_dataarray_units_ignored__same_units():
    pressure = xr.DataArray([1013.25], dims="x", attrs={"units": "hPa"})
    assert fco2(pressure) == pytest.approx(381.2012, abs=5e-5)


def test_dataarray_units_ignored__impossible_pressure():
    """Without an attribute the possible range of a pressure remains."""
    value, lines = fco2_or_lines(xr.DataArray([101325.0], dims="x"))
    is_nan = value is not None and np.isnan(value)
    assert is_nan or matches(lines, "pressure|p_equ"), (value, lines)


def test_netcdf_valid_range(case):
    """A value beyond valid_max is missing, and counted in one line."""
    outcome = case.process("in.nc").succeeds()
    ds = case.dataset()
    values, flags = ds.xCO2_water_Tequ_dry, ds.xCO2_water_Tequ_dry_flag
    assert np.isnan(values[3])
    assert flags[3] == 9
    np.testing.assert_allclose(values[[2, 4]], [390.6, 391.2])
    assert set(np.delete(flags.to_numpy(), 3)) == {2}
    assert matches([*outcome.lines, *case.notes()], "XCO2", r"\b1\b|\bone\b", "valid")


def test_netcdf_valid_range__wrong_itself(case):
    """A range that more than a tenth of the values miss is wrong: keep them."""
    with xr.open_dataset(case / "in.nc", decode_cf=False) as ds:
        changed = ds.load()
    changed["XCO2"].attrs["valid_max"] = 391.0
    changed.to_netcdf(case / "in.nc")
    outcome = case.process("in.nc").succeeds()
    values = case.dataset().xCO2_water_Tequ_dry
    assert int(np.isfinite(values).sum()) >= 11
    assert matches([*outcome.lines, *case.notes()], "XCO2", "valid")


def is_of_water_vapour(line):
    return matches([line], r"xH2O|h2o|water vapour", r"\bdry\b")


def test_dry_declared_wet_measured(case):
    """One warning for the file; values and flags stay."""
    outcome = case.process("*.csv").succeeds()
    assert sum(map(is_of_water_vapour, outcome.warnings)) == 1, outcome.warnings
    ds = case.dataset()
    water = np.isfinite(ds.xCO2_water_Tequ_dry)
    assert int(water.sum()) == 54
    assert float(ds.xCO2_water_Tequ_dry[6]) == pytest.approx(375.567, abs=1e-3)
    assert set(ds.xCO2_water_Tequ_dry_flag.to_numpy()[water]) == {2}


def test_dry_declared_wet_measured__corrected_by_the_analyser(case):
    case.edit("platform.toml", ("dry = true", 'dry = "corrected"'))
    outcome = case.process("*.csv").succeeds()
    assert not any(map(is_of_water_vapour, outcome.warnings))
    ds = case.dataset()
    assert float(ds.xCO2_water_Tequ_dry[6]) == pytest.approx(375.567, abs=1e-3)
    records = [ds.attrs, *(ds[name].attrs for name in ds.variables)]
    assert any("corrected" in str(attrs.values()) for attrs in records)


def test_dry_declared_wet_measured__column_of_dry_air(case):
    case.edit("a.csv", ("peq,co2,h2o", "peq,CO2_dry,h2o"))
    case.edit("platform.toml", ('column = "co2"', 'column = "CO2_dry"'))
    outcome = case.process("*.csv").succeeds()
    assert not any(map(is_of_water_vapour, outcome.warnings))


def test_dry_declared_wet_measured__declared_wet(case):
    case.edit("platform.toml", ("dry = true", "dry = false"))
    outcome = case.process("*.csv").succeeds()
    assert not any(map(is_of_water_vapour, outcome.warnings))
    values = case.dataset().xCO2_water_Tequ_dry
    assert 379.9 <= float(values.min()) <= float(values.max()) <= 380.145


def test_expocode_of_another_date(case):
    """46 days before the first row is another cruise."""
    outcome = case.process("*.csv", options=("--socat", "x.tsv")).succeeds()
    outcome.warns("ZZ9920240115", "2024-03-01")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("20240302", "warning"),  # the cruise of the expocode begins later
        ("20240301", "nothing"),
        ("20240227", "note"),  # departure three days before the first sample
        ("20240130", "note"),
        ("20240129", "warning"),
    ],
)
def test_expocode_of_another_date__limits(case, date, expected):
    case.edit("platform.toml", ("20240115", date))
    outcome = case.process("*.csv").succeeds()
    assert matches(outcome.warnings, f"ZZ99{date}") == (expected == "warning")
    notes = [*outcome.lines, *case.notes()]
    if expected == "note":
        assert matches(notes, f"ZZ99{date}", "2024-03-01")


def later_by_an_hour(case):
    """Set the PC clock of the log back where it is an hour ahead."""
    lines = (case / "x_dat.txt").read_text(encoding="latin-1").splitlines()
    for i, line in enumerate(lines[3:], 3):
        cells = line.split("\t")
        moment = np.datetime64(f"20{'-'.join(cells[2].split('/')[::-1])}T{cells[3]}")
        day, clock = str(moment - np.timedelta64(3600, "s")).split("T")
        year, month, day = day.split("-")
        cells[2:4] = [f"{day}/{month}/{year[2:]}", clock]
        lines[i] = "\t".join(cells)
    text = "\n".join(lines) + "\n"
    (case / "x_dat.txt").write_text(text, encoding="latin-1")


def test_go_pc_clock_one_hour_off_gps(case):
    outcome = case.run("process", "demo_ship", "x_dat.txt", "x_tsg.csv", "-o", "out.nc")
    outcome.succeeds().warns("clock", r"3,?684|61\.4|1\.02")


def test_go_pc_clock_one_hour_off_gps__clock_set_right(case):
    """84 s of drift are a note, and 336 samples are good."""
    later_by_an_hour(case)
    outcome = case.run("process", "demo_ship", "x_dat.txt", "x_tsg.csv", "-o", "out.nc")
    assert not matches(outcome.succeeds().warnings, "clock")
    good = case.dataset().fCO2_water_SST_wet_flag == 2
    assert int(good.sum()) == 336


def test_impossible_input_shows_no_number(case):
    outcome = case.process("*.csv")
    outcome.fails("P_equ", r"\b60\b", r"101\.2\b", r"101\.8\b", r"\bhPa\b", r"\bkPa\b")
    outcome.fails(r"\b1,?012\b", r"\b1,?018\b")
    assert not (case / "out.nc").exists()


def test_wind_csv_units_in_parentheses(case):
    """16 knots are 8.23 m s-1, in parentheses as in brackets; or an error."""
    case.process("a.csv").succeeds()
    options = ("-o", "f.nc", "--xco2-air", "420")
    case.run("flux", "out.nc", "--wind", "wind2.csv", *options).succeeds()
    expected = case.dataset("f.nc")
    (case / "f.nc").unlink()
    outcome = case.run("flux", "out.nc", "--wind", "wind.csv", *options)
    if outcome.code:
        outcome.fails("knots", "unit")
        return
    result = case.dataset("f.nc")
    np.testing.assert_allclose(result.flux_CO2, expected.flux_CO2)
    np.testing.assert_allclose(result.wind_speed_10m, 8.231, atol=1e-3)


def test_decimal_comma_of_three_digits(case):
    """10,013 may be ten or ten thousand: the file is refused, never guessed."""
    case.process("*.csv").fails("sst", "decimal")
    assert not (case / "out.nc").exists()


def test_decimal_comma_of_three_digits__thousands(case):
    """1,013 hPa is possible only as thousands: that is what the hint says."""
    text = (case / "a.csv").read_text(encoding="utf-8")
    lines = [line.split(";") for line in text.splitlines()]
    at_sst, at_pressure = lines[0].index("sst"), lines[0].index("peq")
    for cells in lines[1:]:
        cells[at_sst] = cells[at_sst].replace(",", ".")
        cells[at_pressure] = f"1,{int(float(cells[at_pressure])) - 1000:03d}"
    text = "\n".join(";".join(cells) for cells in lines) + "\n"
    (case / "a.csv").write_text(text, encoding="utf-8")
    case.process("*.csv").fails("peq", "thousands")
