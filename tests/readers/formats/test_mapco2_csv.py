"""Published MAPCO2 tables: every layout that is about, and the real files."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import ReadError
from oceanco2.pipeline import process
from oceanco2.platforms import load, parse
from oceanco2.readers import read
from oceanco2.readers.formats.mapco2_csv import canonical_names
from tests.readers.mutations import mutants, survives

REAL = {
    "tao_140w_2004": "mooring_TAO140W_2004/TAO140W_0_May_Sep_2004.csv",
    "cce2_2010": "mooring_CCE2_2010_2011/CCE2_121W_34N_Jan2010_Mar2011.csv",
}
TEXT = """
schema = 1
name = "Mooring"
kind = "mooring"
platform_code = "3164"
[files.mooring]
reader = "mapco2_csv"
pattern = "*.csv"
[variables]
P_atm = { column = "P_atm", units = "hPa" }
"""
NEW = """expocode: 316420221226
vessel name: LaPush_125W_48N
"PIs: Sutton, A.; Manalang, D."
vessel type: Mooring
Mooring Name,Latitude,Longitude,Date,Time,xCO2 SW (wet) (umol/mol),CO2 SW QF,\
H2O SW (mmol/mol),xCO2 Air (wet) (umol/mol),CO2 Air QF,H2O Air (mmol/mol),\
Licor Atm Pressure (hPa),Licor Temp (C),MAPCO2 %O2,SST (C),Salinity,\
xCO2 SW (dry) (umol/mol),xCO2 Air (dry) (umol/mol),fCO2 SW (sat) uatm,\
fCO2 Air (sat) uatm,dfCO2,pCO2 SW (sat) uatm,pCO2 Air (sat) uatm,dpCO2,\
pH (total scale),pH QF,CHL,CHL QF
M,47.961,-124.957,12/26/2022,03:17,529.3,2.0,-0.416,419.7,2.0,1.32,1010.6,10.3,99.36,\
8.922,31.836,529.0,420.2,518.75,412.03,106.72,520.77,413.64,107.14,8.0153,2.0,-999.0,5.0
M,47.961,-124.956,12/26/2022,06:17,-999.0,4.0,1.0,-999.0,5.0,1.38,1008.2,10.1,99.47,\
-999,31.407,-999.0,-999.0,-999.0,-999.0,-999.0,-999.0,-999.0,-999.0,-999.0,4.0,0.35,2.0
"""
#: Column, first value.
FIRST = {
    "latitude": 47.961,
    "longitude": -124.957,
    "xCO2_water_SST_wet": 529.3,
    "xH2O_water": -0.416,
    "xCO2_atm_wet_actual": 419.7,
    "xH2O_atm": 1.32,
    "P_atm": 1010.6,
    "P_equ": 1010.6,
    "T_analyser": 10.3,
    "oxygen_percent": 99.36,
    "SST": 8.922,
    "salinity": 31.836,
    "xCO2_water_SST_dry": 529.0,
    "xCO2_atm_dry_actual": 420.2,
    "fCO2_water_SST_wet_delivered": 518.75,
    "fCO2_atm_wet_actual_delivered": 412.03,
    "delta_fCO2_delivered": 106.72,
    "pCO2_water_SST_wet_delivered": 520.77,
    "pCO2_atm_wet_actual_delivered": 413.64,
}


def table(tmp_path, content, text=TEXT):
    content = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "a.csv").write_bytes(content)
    return read(parse(text.encode(), "m.toml"), tmp_path / "a.csv")["mooring"]


def test_every_column_has_its_canonical_name_without_a_mapping(tmp_path):
    ds = table(tmp_path, NEW)
    for name, value in FIRST.items():
        assert float(ds[name][0]) == value, name
    assert str(ds["time"].to_numpy()[0]).startswith("2022-12-26T03:17:00")
    for name, flags in (
        ("xCO2_water_SST_dry", [2, 4]),
        ("xCO2_atm_dry_actual", [2, 9]),
    ):
        assert ds[f"{name}_flag_delivered"].to_numpy().tolist() == flags
    assert np.isnan(ds["SST"][1])
    assert np.isnan(ds["xCO2_water_SST_dry"][1])
    notes = " ".join(ds.attrs["reading_notes"])
    assert "expocode: 316420221226" in notes
    assert "Sutton, A.; Manalang, D." in notes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12/26/2022", "12/26/22"),
        (",03:17,", ",3:17,"),
        (",03:17,", ",03:17:00,"),
        ("12/26/2022", "2022-12-26"),
        ("xCO2 SW (wet)", "xCO2  SW  (wet)"),
        ("CO2 SW QF", "QF_xCO2_SW"),
        ("H2O SW (mmol/mol)", "H2O (mmol/mol)"),
        ("SST (C)", "SST (C),Tequ"),
        (",", "\t"),
        ("\n", "\r"),
        ("\n", "\r\n"),
    ],
)
def test_variants_of_the_layout(tmp_path, old, new):
    content = NEW.replace(old, new)
    if "Tequ" in new:
        content = content.replace("99.36,8.922", "99.36,8.922,8.922")
        content = content.replace("99.47,-999", "99.47,-999,-999")
    if new == "H2O (mmol/mol)":
        content = content.replace("H2O Air (mmol/mol)", new)
    ds = table(tmp_path, content)
    for name, value in FIRST.items():
        assert float(ds[name][0]) == value, name
    assert str(ds["time"].to_numpy()[0]).startswith("2022-12-26T03:17:00")
    assert ds["xCO2_water_SST_dry_flag_delivered"].to_numpy().tolist() == [2, 4]


def test_months_come_first_unless_the_days_say_otherwise(tmp_path):
    lines = NEW.splitlines()
    rows = [lines[5].replace("12/26/2022", f"{d}/1/2010") for d in range(1, 29)]
    ds = table(tmp_path, "\n".join([*lines[:5], *rows]))
    assert str(ds["time"].to_numpy()[-1]).startswith("2010-01-28")
    assert "day first" in " ".join(ds.attrs["reading_notes"])
    few = [lines[5].replace("12/26/2022", f"{m}/7/2010") for m in (5, 6)]
    ds = table(tmp_path, "\n".join([*lines[:5], *few]))
    assert str(ds["time"].to_numpy()[-1]).startswith("2010-06-07")


def test_the_platform_file_wins_over_what_the_format_offers(tmp_path):
    own = TEXT + 'SST = { value = 9.5, units = "degree_Celsius" }\n'
    ds = table(tmp_path, NEW, own)
    assert ds["SST"].to_numpy().tolist() == [9.5, 9.5]


def test_columns_that_a_file_lacks_are_not_made_up(tmp_path):
    short = "Mooring,Latitude,Longitude,Date,Time,xCO2_SW_dry,SST,SSS\n"
    text = TEXT.replace('P_atm = { column = "P_atm"', "P_atm = { value = 1010.0")
    ds = table(tmp_path, short + "M,1,2,1/2/2010,0:00,400.1,20.1,35.1\n", text)
    assert float(ds["salinity"][0]) == 35.1
    assert "xH2O_water" not in ds
    assert "xCO2_water_SST_dry_flag_delivered" not in ds
    assert float(ds["xCO2_water_SST_dry"][0]) == 400.1


def test_names_of_both_generations():
    old = "Mooring,Latitude,Longitude,Date,Time,xCO2_SW_wet,xCO2_SW_QF,H2O_SW"
    old += ",xCO2_Air_wet,xCO2_Air_QF,H2O_AIR,Licor_Atm_Pressure,Licor_Temp"
    old += ",Percent_O2,SST,SSS,xCO2_SW_dry,xCO2_Air_dry,fCO2_SW_sat,fCO2_Air_sat,dfCO2"
    new = NEW.splitlines()[4].split(",")[:21]
    assert canonical_names(old.split(","))[1:] == canonical_names(new)[1:]


# ---- the real files -----------------------------------------------------------------


@pytest.mark.parametrize("name", REAL)
def test_real_files_give_what_their_own_platform_files_give(data_set, name):
    path = data_set(REAL[name])
    simple = read(parse(TEXT.encode(), "m.toml"), path)["mooring"]
    described = read(load(name), path)["mooring"]
    assert simple.sizes == described.sizes
    np.testing.assert_array_equal(simple["time"], described["time"])
    for variable in described.variables:
        if variable not in ("time", "source_file"):
            np.testing.assert_array_equal(
                simple[variable], described[variable], err_msg=str(variable)
            )
    assert simple.attrs["rows_duplicated"] == described.attrs["rows_duplicated"]


@pytest.mark.parametrize(
    ("name", "rows"), [("tao_140w_2004", 896), ("cce2_2010", 3122)]
)
def test_published_fco2_from_two_lines_of_platform_file(data_set, tmp_path, name, rows):
    """Rounding of the files allows 0.12 uatm (README of the data)."""
    path = tmp_path / "m.toml"
    path.write_text(TEXT)
    ds = process(path, data_set(REAL[name]))
    result = "fCO2_water_SST_wet"
    off = (ds[result] - ds[f"{result}_delivered"]).to_numpy()
    assert np.isfinite(off).sum() == rows
    assert np.nanmax(np.abs(off)) < 0.12


def test_something_else_is_refused_in_one_line(tmp_path):
    with pytest.raises(ReadError, match="no header with Date, Time and xCO2"):
        table(tmp_path, "a,b\n1,2\n")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_files_give_rows_or_one_clear_error(tmp_path, data_set, data):
    lines = data_set(REAL["cce2_2010"]).read_bytes().splitlines(keepends=True)
    content = data.draw(mutants(b"".join(lines[:60])))
    result = survives(parse(TEXT.encode(), "m.toml"), tmp_path, content, "a.csv")
    if result is not None:
        ds = result[0]["mooring"]
        assert ds.sizes["time"] <= ds.attrs["rows_read"]


def test_tables_that_were_joined_with_their_headers(tmp_path):
    """Rows below a second header are read by it."""
    first = "Date,Time,xCO2 SW (dry) (umol/mol),SST (C)\nMM/DD/YYYY,hh:mm,ppm,C\n"
    later = "Date,Time,SST (C),xCO2 SW (dry) (umol/mol)\nMM/DD/YYYY,hh:mm,C,ppm\n"
    rows = ("01/01/2020,00:00,400,10\n", "01/01/2020,03:00,11,401\n")
    (tmp_path / "a.csv").write_text("head\n" + first + rows[0] + later + rows[1])
    text = TEXT.replace("[variables]\nP_atm", "[variables]\n#") + (
        "latitude = { value = 1.0 }\nlongitude = { value = 2.0 }\n"
        'P_atm = { value = 1013.0, units = "hPa" }\n'
    )
    (ds,) = read(parse(text.encode(), "m.toml"), tmp_path / "a.csv").values()
    assert ds["SST"].to_numpy().tolist() == [10.0, 11.0]
    assert ds["xCO2_water_SST_dry"].to_numpy().tolist() == [400.0, 401.0]
    assert ds["source_row"].to_numpy().tolist() == [4, 7]


def test_each_table_has_its_own_order_of_dates(tmp_path):
    """One deployment has the month first, the next one the day."""
    head = "Date,Time,xCO2 SW (dry) (umol/mol),P_atm\n"
    for name, dates in (("a", ["01/13/2020", "01/14/2020"]), ("b", ["13/02/2020"])):
        rows = "".join(f"{date},00:00,400,1013\n" for date in dates)
        (tmp_path / f"{name}.csv").write_text(head + rows)
    text = TEXT + "latitude = { value = 1.0 }\nlongitude = { value = 2.0 }\n"
    text = text.replace('column = "P_atm"', "value = 1013.0")
    (ds,) = read(parse(text.encode(), "m.toml"), tmp_path).values()
    days = [str(day)[:10] for day in ds["time"].to_numpy()]
    assert days == ["2020-01-13", "2020-01-14", "2020-02-13"]
    assert sum("dates have the day first" in n for n in ds.attrs["reading_notes"]) == 1
