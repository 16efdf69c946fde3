"""Column names, units lines and missing codes of published MAPCO2 tables."""

import numpy as np
import pytest

from oceanco2.readers.formats import mapco2_csv
from oceanco2.readers.table import table_of

NAMES = {
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Date": "Date",
    "Time (UTC)": "Time",
    "xCO2 SW QF": "QF water",
    "CO2 SW QF": "QF water",
    "QF xCO2 SW": "QF water",
    "CO2 Air QF": "QF air",
    "QF CO2 air": "QF air",
    "xCO2 SW (wet) (umol/mol)": "xCO2_water_SST_wet",
    "xCO2 Air (wet)": "xCO2_atm_wet_actual",
    "xCO2 SW (dry)": "xCO2_water_SST_dry",
    "xCO2 Air (dry)": "xCO2_atm_dry_actual",
    "H2O SW (mmol/mol)": "xH2O_water",
    "H2O Air": "xH2O_atm",
    "Licor Atm Pressure (hPa)": "P_atm",
    "Licor Atm Press": "P_atm",
    "Licor Temp (C)": "T_analyser",
    "Licor Temperature": "T_analyser",
    "MAPCO2 %O2": "oxygen_percent",
    "%O2": "oxygen_percent",
    "O2 percent": "oxygen_percent",
    "SST (C)": "SST",
    "Sea Surface Temperature": "SST",
    "Salinity": "salinity",
    "SSS": "salinity",
    "T equ": "T_equ",
    "Sample depth": "sample_depth",
    "fCO2 SW (sat)": "fCO2_water_SST_wet",
    "fCO2 Air": "fCO2_atm_wet_actual",
    "dfCO2": "delta_fCO2",
    "pCO2 SW": "pCO2_water_SST_wet",
    "pCO2 Air": "pCO2_atm_wet_actual",
    "Mooring Name": "Mooring Name",
    "Timestamp": "Timestamp",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_each_name(name, expected):
    assert mapco2_csv.canonical_names([name]) == [expected]


def test_two_columns_of_water_vapour():
    found = mapco2_csv.canonical_names(["H2O", "SST", "H2O", "H2O"])
    assert found == ["xH2O_water", "SST", "xH2O_atm", "H2O"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Date,Time,xCO2 SW (wet)", True),
        ("Date,Time,xCO2 SW QF", True),
        ("Date,xCO2 SW (wet)", False),
        ("Time,xCO2 SW (wet)", False),
        ("Date,Time,pCO2 SW", False),
        ("Date,Time,SST", False),
    ],
)
def test_headers(line, expected):
    assert mapco2_csv._is_header(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [("a,mm/dd,x", True), ("a,1/2/2020,x", False), ("a,,x", False), ("a", False)],
)
def test_units_lines(line, expected):
    assert mapco2_csv._is_units(line, ["Name", "Date", "Time"], ",") is expected


def test_missing_codes_and_flags():
    flags = np.array(["2", "5", " 5.0", "4.0", "52"], dtype=object)
    numbers = np.array([1.0, -999.0, -9.999, -99.0, 0.0])
    columns = {"QF water": flags, "QF air": flags, "SST": numbers}
    columns |= {"salinity": numbers, "P_atm": numbers, "name": flags}
    table = table_of(columns, np.arange(5))
    mapco2_csv._clean(table)
    for name in ("QF water", "QF air"):
        assert table.column(name).tolist() == ["2", "9", "9", "4", "52"]
    assert table.column("name").tolist() == flags.tolist()
    missing = [False, True, True, False, False]
    assert np.isnan(table.column("SST")).tolist() == missing
    assert np.isnan(table.column("salinity")).tolist() == missing
    missing[2] = False
    assert np.isnan(table.column("P_atm")).tolist() == missing


def test_units_and_flags_of_what_is_offered():
    offers = mapco2_csv._offers()
    units = {name: source.units for name, source in offers.items()}
    assert units == {
        "SST": "degree_Celsius",
        "salinity": "1",
        "sample_depth": "m",
        "T_analyser": "degree_Celsius",
        "oxygen_percent": "percent",
        "P_atm": "hPa",
        "P_equ": "hPa",
        "xCO2_water_SST_wet": "umol mol-1",
        "xCO2_atm_wet_actual": "umol mol-1",
        "xH2O_water": "mmol mol-1",
        "xH2O_atm": "mmol mol-1",
        "xCO2_water_SST_dry": "umol mol-1",
        "xCO2_atm_dry_actual": "umol mol-1",
        "fCO2_water_SST_wet_delivered": "uatm",
        "fCO2_atm_wet_actual_delivered": "uatm",
        "delta_fCO2_delivered": "uatm",
        "pCO2_water_SST_wet_delivered": "uatm",
        "pCO2_atm_wet_actual_delivered": "uatm",
    }
    flags = {name: source.flag for name, source in offers.items() if source.flag}
    assert flags == {
        "xCO2_water_SST_dry": "QF water",
        "xCO2_atm_dry_actual": "QF air",
    }
    assert offers["P_equ"].columns == ["P_atm"]
    assert offers["delta_fCO2_delivered"].columns == ["delta_fCO2"]


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2020 05:06",
        "03/04/2020 05:06:00",
        "03/04/20 05:06",
        "2020-03-04 05:06",
        "2020/03/04 05:06:00",
    ],
)
def test_dates(text):
    texts = np.array([text], dtype=object)
    times = mapco2_csv._parse_dates(texts, mapco2_csv._DATES)
    assert times[0] == np.datetime64("2020-03-04T05:06")
    if "20 " in text:
        times = mapco2_csv._parse_dates(texts, mapco2_csv._DAY_FIRST)
        assert times[0] == np.datetime64("2020-04-03T05:06")
