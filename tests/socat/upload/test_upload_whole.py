"""The whole text of small upload files, for each option."""

import numpy as np
import pytest

from oceanco2.errors import ProcessingError
from oceanco2.socat.upload import _quote, _time_cells, format_fixed, socat_upload
from tests.socat.upload.small import small

HEAD = """Expocode: 99ZZ20240301
Vessel Name: R/V Orsted
PIs: Nobody, N.; Son, E.
Organization: Example Institute; Abo Akademi
Vessel Type: Ship
Suggested QC: B

"""
#: Header, variable of the dataset, cells of water rows and of the row of air.
COLUMNS = (
    ("Salinity [PSU]", "salinity", "35.100", ""),
    ("SST [deg C]", "SST", "18.123", ""),
    ("T_equ [deg C]", "T_equ", "18.500", ""),
    ("P_atm [hPa]", "P_atm", "1012.500", "1012.500"),
    ("P_equ [hPa]", "P_equ", "1010.250", ""),
    ("xCO2_water_Tequ_dry [umol/mol]", "xCO2_water_Tequ_dry", "380.123", ""),
    ("pCO2_water_Tequ_wet [uatm]", "pCO2_water_Tequ_wet", "370.500", ""),
    ("pCO2_water_SST_wet [uatm]", "pCO2_water_SST_wet", "365.250", ""),
    ("fCO2_water_Tequ_wet [uatm]", "fCO2_water_Tequ_wet", "369.500", ""),
    ("fCO2_water_SST_wet [uatm]", "fCO2_water_SST_wet", "364.125", ""),
    ("xCO2_atm_dry_actual [umol/mol]", "xCO2_atm_dry_actual", "", "400.500"),
    ("pCO2_atm_wet_actual [uatm]", "pCO2_atm_wet_actual", "", "395.500"),
    ("fCO2_atm_wet_actual [uatm]", "fCO2_atm_wet_actual", "", "394.500"),
    ("xCO2_atm_interp [umol/mol]", "xCO2_atm_dry_interp", "400.250", ""),
    ("pCO2_atm_wet_interp [uatm]", "pCO2_atm_wet_interp", "395.250", ""),
    ("fCO2_atm_wet_interp [uatm]", "fCO2_atm_wet_interp", "394.250", ""),
    ("delta_fCO2 [uatm]", "delta_fCO2", "-30.125", ""),
    ("wind_speed_true [m/s]", "wind_speed", "7.500", "7.500"),
)
TIMES = ["Year", "Month", "Day", "Hour", "Minute", "Second"]
MADE = ("WOCE_CO2_atm", "WOCE_CO2_water", "comment_WOCE_CO2_water")
NOTES = (
    "Vessel Name: 'R/V Ørsted' is written 'R/V Orsted'",
    "PIs: 'Nobody, N.; Søn, É.' is written 'Nobody, N.; Son, E.'",
    "Organization: 'Example Institute; Åbo Akademi' is written"
    " 'Example Institute; Abo Akademi'",
)


def table(air, mark, missing, flags):
    """Lines of the table: names, and rows with their flags and comments."""
    used = [c for c in COLUMNS if air or c[2]]
    names = ["Expocode", *TIMES, "Longitude [deg E]", "Latitude [deg N]"]
    lines = [[*names, *(c[0] for c in used), *MADE]]
    for minutes, ends in flags.items():
        cells = ["99ZZ20240301", "2024", "3", "1", "6", *minutes.split(":")]
        cells += ["10.50000", "-30.12346"]
        cells += [c[3 if ends[1] == missing else 2] or missing for c in used]
        lines.append([*cells, *ends])
    return "".join(mark.join(cells) + "\n" for cells in lines)


def test_the_default():
    found = socat_upload(small())
    flags = {
        "0:0.000": ("2", "2", ""),
        "2:30.250": ("2", "3", "gradient"),
        "22:32.250": ("2", "2", ""),
    }
    assert found.text == HEAD + table(False, "\t", "-999", flags)
    assert (found.rows, found.left_out) == (3, {"air runs": 1})
    assert found.notes == NOTES
    assert found.separator == "\t"
    made = [(name, "") for name in ("Expocode", *TIMES)]
    made += [("Longitude [deg E]", "longitude"), ("Latitude [deg N]", "latitude")]
    made += [c[:2] for c in COLUMNS if c[2]]
    assert found.columns == (*made, *((name, "") for name in MADE))
    account = found.account()
    findings = account.pop("findings")
    assert account == {
        "rows_written": 3,
        "rows_left_out": {"air runs": 1},
        "notes": list(NOTES),
    }
    assert list(findings.values()) == [1]


@pytest.mark.parametrize(("separator", "mark"), [("comma", ","), ("semicolon", ";")])
def test_air_and_other_separators(separator, mark):
    options = {"include_air": True, "separator": separator, "missing": "NA"}
    flags = {
        "0:0.000": ("2", "2", ""),
        "2:30.250": ("2", "3", "gradient"),
        "22:32.250": ("2", "2", ""),
        "25:2.500": ("2", "NA", ""),
    }
    lines = HEAD.split("\n")
    quoted = [f'"{line}"' if mark in line else line for line in lines]
    found = socat_upload(small(), **options)
    assert found.text == "\n".join(quoted) + table(True, mark, "NA", flags)
    assert (found.rows, found.left_out, found.separator) == (4, {}, mark)


def test_bad_rows_and_the_suggested_flag():
    rows = {"0:0.000": ("2", "2", ""), "22:32.250": ("2", "2", "")}
    bad = {"2:30.250": ("2", "4", "gradient")}
    both = dict(sorted((rows | bad).items(), key=lambda item: int(item[0][0:1])))
    both = {k: both[k] for k in ("0:0.000", "2:30.250", "22:32.250")}
    found = socat_upload(small(4), suggested_flag="C")
    head = HEAD.replace("QC: B", "QC: C")
    assert found.text == head + table(False, "\t", "-999", both)
    found = socat_upload(small(4), include_bad=False)
    assert found.text == HEAD + table(False, "\t", "-999", rows)
    assert found.left_out == {"air runs": 1, "flagged bad": 1}
    with pytest.raises(ProcessingError, match="no row can be written for SOCAT: 1 air"):
        socat_upload(small(4).isel(time=[1, 3]), include_bad=False)


def test_whole_seconds_have_no_decimals():
    ds = small()
    ds = ds.assign_coords(time=ds["time"].to_numpy().astype("datetime64[s]"))
    ds["time"] = ds["time"].astype("datetime64[ns]")
    rows = socat_upload(ds).text.splitlines()[8:]
    assert [line.split("\t")[6] for line in rows] == ["0", "30", "32"]


def test_the_same_time_and_place_counts_once():
    ds = small()
    time = ds["time"].to_numpy().copy()
    time[1] = time[0]
    found = socat_upload(ds.assign_coords(time=time))
    assert found.rows == 2
    assert found.left_out == {
        "air runs": 1,
        "same time and position as the row before": 1,
    }


@pytest.mark.parametrize(
    ("value", "decimals", "cell"),
    [
        (380.12345, 3, "380.123"),
        (0.0005, 3, "0.001"),
        (0.0004999, 3, "0.000"),
        (-0.0004999, 3, "0.000"),
        (-0.0005, 3, "-0.001"),
        (0.5, 0, "0"),
        (-0.5, 0, "0"),
        (1.5, 0, "2"),
        (-1.0, 0, "-1"),
        (0.25, 1, "0.2"),
        (0.05, 1, "0.1"),
    ],
)
def test_fixed_decimals(value, decimals, cell):
    assert format_fixed(np.array([value]), decimals) == [cell]


def test_missing_numbers():
    assert format_fixed(np.array([np.nan, 1.0]), 1) == ["-999", "1.0"]
    assert format_fixed(np.array([np.nan]), 1, "NA") == ["NA"]
    assert format_fixed(np.empty(0), 1) == []


@pytest.mark.parametrize(
    ("part", "cells"),
    [
        ("year", ["1969", "2024"]),
        ("month", ["12", "2"]),
        ("day", ["31", "29"]),
        ("hour", ["23", "5"]),
        ("minute", ["59", "7"]),
    ],
)
def test_parts_of_times(part, cells):
    times = ["1969-12-31T23:59:58.5", "2024-02-29T05:07:09"]
    assert _time_cells(part, np.array(times, "datetime64[ms]")) == cells


def test_quotes():
    assert _quote("a,b", ",") == '"a,b"'
    assert _quote("a,b", ";") == "a,b"
