"""Whole lines of ICOS tables, and the defaults of what writes them."""

import csv
import inspect

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.export import FORMATS
from oceanco2.icos import tables
from oceanco2.icos.tables import icos_table
from oceanco2.vocabulary import RUN_TYPES, VALUE_TYPES, attrs_of, flag_attrs

COLUMNS = {
    "SST": [10.0004, 11.0, 12.0],
    "salinity": [35.0, 35.25, 35.5],
    "T_equ": [10.2, np.nan, 12.2],
    "P_equ": [1010.0, 1011.0, np.nan],
    "P_atm": [1012.0, 1012.0, 1012.0],
    "sample_depth": [5.0, 5.0, 5.0],
    "xCO2_water_Tequ_dry": [380.0, 381.0, np.nan],
    "xCO2_atm_dry_actual": [np.nan, np.nan, 401.0],
    "xCO2_atm_dry_interp": [400.0, 400.5, np.nan],
    "pCO2_water_SST_wet": [370.0625, 371.0, np.nan],
    "fCO2_water_SST_wet": [368.0005, 369.0, np.nan],
    "pCO2_atm_wet_actual": [np.nan, np.nan, 391.0],
    "pCO2_atm_wet_interp": [390.0, 390.5, np.nan],
    "fCO2_atm_wet_actual": [np.nan, np.nan, 389.0],
    "fCO2_atm_wet_interp": [388.0, 388.5, np.nan],
}


def made(kind="ship", names=COLUMNS):
    """Two rows of water and one of air."""
    data = {n: ("time", COLUMNS[n], attrs_of(n)) for n in names}
    run = [RUN_TYPES["water"], RUN_TYPES["water"], RUN_TYPES["air"]]
    data["run_type"] = "time", np.array(run, "int8")
    for name in ("SST", "pCO2_water_SST_wet", "fCO2_water_SST_wet", "position"):
        there = np.isfinite(COLUMNS.get(name, [0.0] * 3))
        flags = np.where(there, 2, 9).astype("int8")
        data[f"{name}_flag"] = "time", flags, flag_attrs(name)
    coords = {
        "time": np.datetime64("2024-03-01T06:00:00.0004", "ns")
        + np.arange(3) * np.timedelta64(90, "s"),
        "latitude": ("time", [1.0, -2.5, 3.1234567]),
        "longitude": ("time", [190.0, -180.0, 0.5]),
    }
    attrs = {"platform_kind": kind, "platform_code": "99ZZ"}
    return xr.Dataset(data, coords, attrs)


def test_a_whole_table():
    lines = icos_table(made(), 2).decode().split("\n")
    assert lines[1:] == [
        "2024-03-01T06:00:00.000Z"
        ",-170.000000,2,,M,1.000000,2,,M,5.000,9,,M"
        ",10.000,2,,M,35.000,9,,M,10.200,9,,M,1010.000,9,,M,1012.000,9,,M"
        ",380.000,9,,M,400.000,9,,I,370.063,2,,368.001,2,"
        ",390.000,9,,388.000,9,",
        "2024-03-01T06:01:30.000Z"
        ",180.000000,2,,M,-2.500000,2,,M,5.000,9,,M"
        ",11.000,2,,M,35.250,9,,M,NaN,,,0,1011.000,9,,M,1012.000,9,,M"
        ",381.000,9,,M,400.500,9,,I,371.000,2,,369.000,2,"
        ",390.500,9,,388.500,9,",
        "2024-03-01T06:03:00.000Z"
        ",0.500000,2,,M,3.123457,2,,M,5.000,9,,M"
        ",12.000,2,,M,35.500,9,,M,12.200,9,,M,NaN,,,0,1012.000,9,,M"
        ",NaN,,,0,401.000,9,,M,NaN,,,NaN,,"
        ",391.000,9,,389.000,9,",
        "",
    ]


REQUIRED = ("SST", "salinity", "pCO2_water_SST_wet", "fCO2_water_SST_wet")


def head(ds, **options):
    return icos_table(ds, 2, **options).decode().split("\n")[0].split(",")


def test_groups_without_values_are_left_out():
    names = [n for n in head(made(names=REQUIRED)) if not n.endswith((" Type", "nt"))]
    assert [n for n in names if not n.endswith("Flag")] == [
        *("Date/Time", "Longitude", "Latitude", "Temp [degC]", "P_sal [psu]"),
        *("pCO2 [uatm]", "fCO2 [uatm]"),
    ]
    one = made(names=(*REQUIRED, "xCO2_atm_dry_interp"))
    assert "xCO2 in atmosphere [umol mol-1]" in head(one)
    empty = one.assign(xCO2_atm_dry_interp=one["xCO2_atm_dry_interp"] * np.nan)
    assert "xCO2 in atmosphere [umol mol-1]" not in head(empty)
    # A value in a row that is not written does not count.
    air = made(names=(*REQUIRED, "fCO2_atm_wet_actual", "T_equ"))
    assert "fCO2 in atmosphere [uatm]" in head(air)
    assert "fCO2 in atmosphere [uatm]" not in head(air, include_air=False)
    assert len(icos_table(air, 2).splitlines()) == 4
    assert len(icos_table(air, 2, include_air=False).splitlines()) == 3


@pytest.mark.parametrize("name", ["latitude", "longitude"])
def test_only_fixed_stations_need_no_position(name):
    with pytest.raises(ProcessingError, match=f"ICOS needs {name}"):
        icos_table(made().drop_vars(name), 1)
    names = head(made("mooring").drop_vars(["latitude", "longitude"]))
    assert not {"Latitude", "Longitude"} & set(names)
    assert {"Latitude", "Longitude"} <= set(head(made("mooring")))


@pytest.mark.parametrize("name", REQUIRED)
def test_required_columns(name):
    for kind in ("ship", "mooring"):
        with pytest.raises(ProcessingError, match=f"ICOS needs {name}"):
            icos_table(made(kind).drop_vars(name), 1)
    empty = made().assign({name: made()[name] * np.nan})
    header = {
        "SST": "Temp [degC]",
        "salinity": "P_sal [psu]",
        "pCO2_water_SST_wet": "pCO2 [uatm]",
        "fCO2_water_SST_wet": "fCO2 [uatm]",
    }
    assert header[name] in head(empty)


def test_flags_are_required():
    flags = [f"{n}_flag" for n in ("pCO2_water_SST_wet", "fCO2_water_SST_wet")]
    for name in flags:
        assert icos_table(made().drop_vars(name), 1)
    with pytest.raises(ProcessingError, match="ICOS needs quality flags"):
        icos_table(made().drop_vars(flags), 1)


@pytest.mark.parametrize(
    ("level", "options", "message"),
    [
        (0, {}, "level must be one of 1, 2, not 0"),
        (3, {}, "level must be one of 1, 2, not 3"),
        (1, {"include_air": "yes"}, "include_air must be one of True, False, not"),
        (1, {"undecided": "no"}, "undecided must be one of accept, refuse, not"),
    ],
)
def test_options(level, options, message):
    with pytest.raises(OptionError, match=message):
        icos_table(made(), level, **options)


@pytest.mark.parametrize("name", ["icos_l1", "icos_l2"])
def test_the_formats(name, tmp_path):
    entry = FORMATS[name]
    assert entry.suffix == ".csv"
    level = int(name[-1])
    ds = made()
    path = entry.write(ds, tmp_path)
    names = {1: "99ZZ_NRT_20240301.csv", 2: "99ZZ20240301.csv"}
    assert path == tmp_path / names[level]
    assert path.read_bytes() == icos_table(ds, level)
    given = entry.write(ds, str(tmp_path / "x.csv"), include_air=False)
    assert given == tmp_path / "x.csv"
    assert given.read_bytes() == icos_table(ds, level, include_air=False)
    ds["fCO2_water_SST_wet_flag"].to_numpy()[0] = 3
    ds["fCO2_water_SST_wet_tests"] = "time", np.zeros(3, "int64")
    entry.write(ds, tmp_path / "y.csv")
    with pytest.raises(ProcessingError, match="1 rows with flagged"):
        entry.write(ds, tmp_path / "z.csv", undecided="refuse")
    for function in (entry.write, icos_table):
        parameters = inspect.signature(function).parameters
        defaults = [parameters[n].default for n in ("include_air", "undecided")]
        assert defaults == [True, "accept"]


def test_the_first_row_without_a_decision_is_named():
    ds = made()
    ds["pCO2_water_SST_wet_flag"].to_numpy()[1] = 4
    ds["pCO2_water_SST_wet_tests"] = "time", np.zeros(3, "int64")
    message = "^1 rows with flagged .* the first at 2024-03-01T06:01:30.000Z: ICOS L2"
    with pytest.raises(ProcessingError, match=message):
        icos_table(ds, 2, undecided="refuse")


def test_file_names():
    ds = made()
    assert tables.icos_file_name(ds, 1) == "99ZZ_NRT_20240301.csv"
    assert tables.icos_file_name(ds, 2) == "99ZZ20240301.csv"
    named = ds.assign_attrs(expocode="06AQ20240229")
    assert tables.icos_file_name(named, 2) == "06AQ20240229.csv"
    assert tables.icos_file_name(named, 1) == "99ZZ_NRT_20240301.csv"
    with pytest.raises(ProcessingError, match=r"'platform_code'.*: platform_code\)"):
        tables.icos_file_name(ds.assign_attrs(platform_code=""), 1)


@pytest.mark.parametrize(
    ("kind", "flag", "manual", "expected"),
    [
        ("nominal", 0, None, True),
        ("nominal", 2, None, True),
        ("nominal", 3, None, False),
        ("measured", 2, None, False),
        ("nominal", 2, 0, True),
        ("nominal", 2, 2, False),
    ],
)
def test_assumed_salinity(kind, flag, manual, expected):
    ds = made()
    types = np.full(3, VALUE_TYPES[kind], "int8")
    ds["salinity_type"] = "time", types
    ds["salinity_flag"] = "time", np.full(3, flag, "int8")
    if manual is not None:
        ds["salinity_flag_manual"] = "time", np.full(3, manual, "int8")
    cells = list(csv.reader(icos_table(ds, 2).decode().splitlines()))
    place = cells[0].index("P_sal [psu] QC Flag")
    code = {0: "9", 2: "2", 3: "3"}[flag]
    comment = "flagged without a test" if flag == 3 else ""
    comment = tables.NOMINAL if expected else comment
    for row in cells[1:]:
        assert row[place] == ("3" if expected else code)
        assert row[place + 1] == comment
    assert tables.NOMINAL == "nominal value, not measured"
