"""Whole MAPCO2 tables and logs: every column from a value of its own."""

import csv

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.formats.mapco2 import mapco2_table, write_mapco2
from oceanco2.vocabulary import RUN_TYPES

VALUES = {
    "SST": 25.1234,
    "salinity": 35.6789,
    "P_atm": 1011.26,
    "P_equ": 1001.0,
    "T_analyser": 27.35,
    "oxygen_percent": 97.126,
    "xH2O_water": 17.254,
    "xH2O_atm": 15.126,
    "xCO2_water_SST_dry": 401.26,
    "xCO2_water_SST_wet": 394.31,
    "pCO2_water_SST_wet": 389.44,
    "fCO2_water_SST_wet": 388.02,
    "xCO2_atm_dry_actual": 380.17,
    "xCO2_atm_wet_actual": 374.42,
    "pCO2_atm_wet_actual": 369.98,
    "fCO2_atm_wet_actual": 368.71,
}
CELLS = {
    "Mooring Name": "TAO",
    "Latitude": "0.512",
    "Longitude": "-140.124",
    "Date": "03/01/2024",
    "Time": "06:17",
    "xCO2 SW (wet) (umol/mol)": "394.3",
    "CO2 SW QF": "2",
    "H2O SW (mmol/mol)": "17.25",
    "xCO2 Air (wet) (umol/mol)": "374.4",
    "CO2 Air QF": "3",
    "H2O Air (mmol/mol)": "15.13",
    "Licor Atm Pressure (hPa)": "1011.3",
    "Licor Temp (C)": "27.4",
    "MAPCO2 %O2": "97.13",
    "SST (C)": "25.123",
    "Salinity": "35.679",
    "xCO2 SW (dry) (umol/mol)": "401.3",
    "xCO2 Air (dry) (umol/mol)": "380.2",
    "fCO2 SW (sat) uatm": "388.0",
    "fCO2 Air (sat) uatm": "368.7",
    "dfCO2": "19.3",
    "pCO2 SW (sat) uatm": "389.4",
    "pCO2 Air (sat) uatm": "370.0",
    "dpCO2": "19.5",
    "pH (total scale)": "-999",
    "pH QF": "5",
}
WATER, AIR = "xCO2_water_SST_dry", "xCO2_atm_dry_actual"


def made(rows=2, **attrs):
    """Rows three hours apart: water good, air questionable."""
    data = {name: ("time", np.full(rows, value)) for name, value in VALUES.items()}
    data[f"{WATER}_flag"] = "time", np.full(rows, 2, "int8")
    data[f"{AIR}_flag"] = "time", np.full(rows, 3, "int8")
    data["run_type"] = "time", np.full(rows, RUN_TYPES["water"], "int8")
    time = np.datetime64("2024-03-01T06:17", "ns") + np.arange(rows) * np.timedelta64(
        3, "h"
    )
    coords = {
        "time": time,
        "latitude": ("time", np.full(rows, 0.5123)),
        "longitude": ("time", np.full(rows, 219.8765)),
    }
    known = {"platform_name": "TAO", "creator_name": "Sutton, A."}
    known |= {"platform_kind": "mooring", "platform_code": "3164"}
    return xr.Dataset(data, coords, known | attrs)


def parsed(content):
    lines = content.decode("ascii").splitlines()
    return lines[:4], list(csv.DictReader(lines[4:]))


def test_a_whole_table():
    table, log = mapco2_table(made())
    head, rows = parsed(table)
    assert head == [
        "expocode: 316420240301",
        "vessel name: TAO",
        "PIs: Sutton, A.",
        "vessel type: Mooring",
    ]
    assert rows == [CELLS, CELLS | {"Time": "09:17"}]
    assert list(rows[0]) == list(CELLS)
    assert table.endswith(b"\n")
    assert b"\r" not in table + log
    assert log.decode().splitlines() == [
        "Date/Time,Parameter,Value,QF,QC Note",
        "2024-03-01T06:17:00Z,xCO2 Air,380.2,3,flagged without a test",
        "2024-03-01T09:17:00Z,xCO2 Air,380.2,3,flagged without a test",
    ]


def test_what_is_not_measured_is_missing():
    gone = ["T_analyser", "oxygen_percent", "xH2O_water", "xH2O_atm", "P_atm"]
    _, (row, _) = parsed(mapco2_table(made().drop_vars(gone))[0])
    changed = {name for name in CELLS if row[name] != CELLS[name]}
    assert changed == {
        *("H2O SW (mmol/mol)", "H2O Air (mmol/mol)", "Licor Temp (C)", "MAPCO2 %O2"),
        "Licor Atm Pressure (hPa)",
    }
    assert row["Licor Atm Pressure (hPa)"] == "1001.0"  # of the equilibrator
    assert {row[n] for n in changed - {"Licor Atm Pressure (hPa)"}} == {"-999"}


WATER_CELLS = {n for n in CELLS if " SW " in n and "H2O" not in n and "QF" not in n}
AIR_CELLS = {n for n in CELLS if "CO2 Air (" in n}
BOTH = {"dfCO2", "dpCO2"}


@pytest.mark.parametrize(
    ("flag", "manual", "of", "code", "gone"),
    [
        (2, 0, "fCO2", "2", False),
        (2, 3, "fCO2", "3", False),
        (2, 4, "fCO2", "4", True),
        (2, 4, "pCO2", "4", True),
        (3, 2, "fCO2", "3", False),
        (4, 3, "fCO2", "4", True),
        (3, 9, "fCO2", "3", False),
        (4, 0, "fCO2", "4", True),
    ],
)
def test_flags_of_water(flag, manual, of, code, gone):
    ds = made()
    ds[f"{WATER}_flag"].to_numpy()[0] = flag
    name = f"{of}_water_SST_wet_flag_manual"
    ds[name] = "time", np.array([manual, 0], "int8")
    table, log = mapco2_table(ds)
    _, (row, second) = parsed(table)
    assert row["CO2 SW QF"] == code
    assert second == CELLS | {"Time": "09:17"}
    missing = {n for n in CELLS if row[n] == "-999"} - {"pH (total scale)"}
    assert missing == (WATER_CELLS | BOTH if gone else set())
    lines = log.decode().splitlines()[1:]
    entry = f"2024-03-01T06:17:00Z,xCO2 SW,401.3,{code},flagged without a test"
    assert (entry in lines) is (code != "2")
    # In order of time; water first.
    assert lines[-1].startswith("2024-03-01T09:17:00Z,xCO2 Air")
    assert len(lines) == (2 if code == "2" else 3)


@pytest.mark.parametrize(
    ("flag", "code"), [(0, "5"), (2, "5"), (9, "5"), (3, "3"), (4, "4")]
)
def test_air_without_a_value(flag, code):
    ds = made()
    ds[AIR].to_numpy()[0] = np.nan
    ds[f"{AIR}_flag"].to_numpy()[0] = flag
    _, (row, _) = parsed(mapco2_table(ds)[0])
    assert row["CO2 Air QF"] == code
    missing = {n for n in CELLS if row[n] == "-999"} - {"pH (total scale)"}
    dry = {"xCO2 Air (dry) (umol/mol)"}
    assert missing == (dry if code == "3" else AIR_CELLS | BOTH)


@pytest.mark.parametrize("name", ["SST", "salinity"])
@pytest.mark.parametrize("how", ["missing", "bad", "questionable"])
def test_without_temperature_or_salinity(name, how):
    ds = made()
    if how == "missing":
        ds[name].to_numpy()[0] = np.nan
    else:
        flags = np.array([4 if how == "bad" else 3, 2], "int8")
        ds[f"{name}_flag"] = "time", flags
    _, (row, second) = parsed(mapco2_table(ds)[0])
    assert second == CELLS | {"Time": "09:17"}
    missing = {n for n in CELLS if row[n] == "-999"} - {"pH (total scale)"}
    gone = {n for n in CELLS if "(sat)" in n} | BOTH
    gone |= {{"SST": "SST (C)", "salinity": "Salinity"}[name]}
    assert missing == (set() if how == "questionable" else gone)


def test_rows_without_a_value_or_a_position():
    ds = made(4)
    for name in VALUES:
        if "CO2" in name:
            ds[name].to_numpy()[1] = np.nan
    ds["latitude"].to_numpy()[2] = np.nan
    _, rows = parsed(mapco2_table(ds)[0])
    assert [row["Time"] for row in rows] == ["06:17", "09:17", "15:17"]
    assert rows[1]["CO2 SW QF"] == "5"


@pytest.mark.parametrize(
    ("attrs", "line"),
    [
        ({"creator_name": "A, B; C, D"}, 'PIs: "A, B; C, D"'),
        ({"creator_name": "Ø, A"}, "PIs: O, A"),
        ({"platform_name": "Å 1"}, "vessel name: A 1"),
        ({"platform_kind": "ship"}, "vessel type: Ship"),
    ],
)
def test_lines_of_metadata(attrs, line):
    head, rows = parsed(mapco2_table(made(**attrs))[0])
    assert line in head
    name = attrs.get("platform_name", "TAO").replace("Å", "A")
    assert rows[0]["Mooring Name"] == name


def test_what_is_required():
    for name in ("latitude", "longitude", "SST", "salinity", WATER):
        with pytest.raises(ProcessingError, match=f"a MAPCO2 table needs {name}"):
            mapco2_table(made().drop_vars(name))
    with pytest.raises(ProcessingError, match="needs quality flags"):
        mapco2_table(made().drop_vars(f"{WATER}_flag"))
    for side in (WATER, AIR):
        ds = made()
        ds[f"{side}_flag"].to_numpy()[1] = 0
        message = f"^1 values of {side} were not evaluated"
        with pytest.raises(ProcessingError, match=message):
            mapco2_table(ds)
    equilibrated = made().rename({WATER: "xCO2_water_Tequ_dry"})
    with pytest.raises(ProcessingError, match="use format 'socat'"):
        mapco2_table(equilibrated)
    for key, place in (("platform_name", "name"), ("creator_name", ".metadata. inv")):
        message = rf"a MAPCO2 table needs '{key}'.*\(platform file: {place}"
        with pytest.raises(ProcessingError, match=message):
            mapco2_table(made(**{key: ""}))
    with pytest.raises(ProcessingError, match="platform_kind must be one of ship, "):
        mapco2_table(made(platform_kind="kite"))


def test_both_files(tmp_path):
    path = write_mapco2(made(), str(tmp_path / "x.y.csv"))
    assert path == tmp_path / "x.y.csv"
    table, log = mapco2_table(made())
    assert path.read_bytes() == table
    assert (tmp_path / "x.y_QFlog.csv").read_bytes() == log
    assert write_mapco2(made(), tmp_path).name == "TAO_Mar2024_Mar2024.csv"
