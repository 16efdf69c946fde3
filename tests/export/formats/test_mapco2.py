"""MAPCO2 tables: layout, QF rules, and what our own reader makes of them."""

import csv
import io
import math
import warnings

import numpy as np
import pytest

from oceanco2 import pipeline
from oceanco2.alignment import align
from oceanco2.bits import TEST_BITS
from oceanco2.errors import OceanCO2Warning, ProcessingError
from oceanco2.export import mapco2_table, write
from oceanco2.export.formats.mapco2 import mapco2_file_name
from oceanco2.platforms import load
from oceanco2.readers import read
from oceanco2.vocabulary import attrs_of, flag_attrs
from tests.datasets import canonical_dataset, set_flag
from tests.real.test_cruises import FILES, processed

HEADER = (  # docs/socat-rules.md#mapco2-tables
    "Mooring Name,Latitude,Longitude,Date,Time,xCO2 SW (wet) (umol/mol),CO2 SW QF,"
    "H2O SW (mmol/mol),xCO2 Air (wet) (umol/mol),CO2 Air QF,H2O Air (mmol/mol),"
    "Licor Atm Pressure (hPa),Licor Temp (C),MAPCO2 %O2,SST (C),Salinity,"
    "xCO2 SW (dry) (umol/mol),xCO2 Air (dry) (umol/mol),fCO2 SW (sat) uatm,"
    "fCO2 Air (sat) uatm,dfCO2,pCO2 SW (sat) uatm,pCO2 Air (sat) uatm,dpCO2,"
    "pH (total scale),pH QF"
)


def mooring(n=20, **attrs):
    ds = canonical_dataset(n, kind="mooring", standards=False)
    old = "xCO2_water_Tequ_dry"
    names = {str(v): str(v).replace(old, "xCO2_water_SST_dry") for v in ds.data_vars}
    ds = ds.rename({k: v for k, v in names.items() if k != v})
    defaults = {"platform_name": "TAO170W_0N", "creator_name": "Sutton, A."}
    ds = ds.copy(deep=True).assign_attrs(defaults | attrs)
    for side, wet in (("water_SST", "xH2O_water"), ("atm", "xH2O_atm")):
        dry = ds["xCO2_water_SST_dry" if side != "atm" else "xCO2_atm_dry_actual"]
        vapour = np.full(n, 17.25)
        name = "xCO2_water_SST_wet" if side != "atm" else "xCO2_atm_wet_actual"
        ds[wet] = ("time", vapour, attrs_of(wet))
        ds[name] = ("time", dry.to_numpy() * (1 - vapour / 1000), attrs_of(name))
    return ds


def parsed(content):
    lines = content.decode("ascii").splitlines()
    return lines[:4], list(csv.DictReader(lines[4:]))


def test_layout():
    table, log = mapco2_table(mooring())
    head, rows = parsed(table)
    assert head == [
        "expocode: 99ZZ20240301",
        "vessel name: TAO170W_0N",
        "PIs: Sutton, A.",
        "vessel type: Mooring",
    ]
    assert table.decode().splitlines()[4] == HEADER
    assert len(rows) == 20
    first = rows[0]
    assert first["Mooring Name"] == "TAO170W_0N"
    assert (first["Date"], first["Time"]) == ("03/01/2024", "06:00:00")
    assert first["Latitude"] == "33.500"
    assert first["CO2 SW QF"] == first["CO2 Air QF"] == "2"
    assert first["pH (total scale)"] == "-999"
    assert first["pH QF"] == "5"
    assert first["Licor Temp (C)"] == "-999"
    assert log.decode().splitlines() == ["Date/Time,Parameter,Value,QF,QC Note"]


def test_roundings():
    """x, p, f, P one decimal, H2O two, T, S and position three."""
    ds = mooring()
    _, rows = parsed(mapco2_table(ds)[0])
    columns = {
        "xCO2 SW (dry) (umol/mol)": ("xCO2_water_SST_dry", 1),
        "xCO2 SW (wet) (umol/mol)": ("xCO2_water_SST_wet", 1),
        "xCO2 Air (dry) (umol/mol)": ("xCO2_atm_dry_actual", 1),
        "fCO2 SW (sat) uatm": ("fCO2_water_SST_wet", 1),
        "pCO2 Air (sat) uatm": ("pCO2_atm_wet_actual", 1),
        "SST (C)": ("SST", 3),
        "Salinity": ("salinity", 3),
        "Licor Atm Pressure (hPa)": ("P_atm", 1),
        "H2O SW (mmol/mol)": ("xH2O_water", 2),
    }
    for column, (name, decimals) in columns.items():
        cells = [row[column] for row in rows]
        assert {len(cell.partition(".")[2]) for cell in cells} == {decimals}
        gap = np.abs(np.array(cells, dtype=float) - ds[name].to_numpy())
        assert gap.max() <= 0.5 * 10.0**-decimals + 1e-9, column
    difference = ds["fCO2_water_SST_wet"] - ds["fCO2_atm_wet_actual"]
    cells = np.array([float(row["dfCO2"]) for row in rows])
    assert np.abs(cells - difference).max() <= 0.0501


def test_a_bad_value_is_missing_in_the_table_and_stands_in_the_log():
    ds = set_flag(mooring(), 4, "xCO2_water_SST_dry", 4, "spike")
    ds = set_flag(ds, 6, "xCO2_atm_dry_actual", 3, "range")
    table, log = mapco2_table(ds)
    _, rows = parsed(table)
    bad = rows[4]
    assert bad["CO2 SW QF"] == "4"
    for name in ("xCO2 SW (wet) (umol/mol)", "xCO2 SW (dry) (umol/mol)", "dpCO2"):
        assert bad[name] == "-999"
    assert bad["fCO2 SW (sat) uatm"] == bad["pCO2 SW (sat) uatm"] == "-999"
    assert bad["dfCO2"] == "-999"
    assert float(bad["fCO2 Air (sat) uatm"]) > 0
    assert float(bad["H2O SW (mmol/mol)"]) > 0
    assert rows[6]["CO2 Air QF"] == "3"
    assert float(rows[6]["xCO2 Air (dry) (umol/mol)"]) > 0
    lines = list(csv.DictReader(io.StringIO(log.decode())))
    assert [line["QF"] for line in lines] == ["4", "3"]
    assert lines[0]["Parameter"] == "xCO2 SW"
    assert lines[0]["Date/Time"] == "2024-03-01T06:10:01Z"
    assert lines[0]["QC Note"] == "spike"
    value = float(ds["xCO2_water_SST_dry"][4])
    assert abs(float(lines[0]["Value"]) - value) <= 0.0501


def test_no_value_is_5_and_no_temperature_no_pressure():
    ds = mooring()
    for name in ("xCO2_water_SST_dry", "pCO2_water_SST_wet", "fCO2_water_SST_wet"):
        ds[name].to_numpy()[2] = math.nan
        if f"{name}_flag" in ds:
            ds[f"{name}_flag"].to_numpy()[2] = 9
    ds["SST"].to_numpy()[3] = math.nan
    ds["salinity_flag"].to_numpy()[5] = 4
    _, rows = parsed(mapco2_table(ds)[0])
    assert rows[2]["CO2 SW QF"] == "5"
    assert rows[2]["xCO2 SW (dry) (umol/mol)"] == "-999"
    assert rows[3]["SST (C)"] == "-999"
    assert rows[5]["Salinity"] == "-999"
    for row in (3, 5):
        assert rows[row]["CO2 SW QF"] == "2"
        assert float(rows[row]["xCO2 SW (dry) (umol/mol)"]) > 0
        for name in ("fCO2 SW (sat) uatm", "pCO2 Air (sat) uatm", "dfCO2"):
            assert rows[row][name] == "-999"


def test_a_manual_flag_of_fco2_is_in_the_qf():
    ds = mooring()
    manual = np.zeros(20, dtype="int8")
    manual[7] = 4
    attrs = flag_attrs("fCO2_water_SST_wet", "manual")
    ds["fCO2_water_SST_wet_flag_manual"] = ("time", manual, attrs)
    ds["fCO2_water_SST_wet_flag"].to_numpy()[7] = 4
    ds["fCO2_water_SST_wet_tests"].to_numpy()[7] |= TEST_BITS["manual"]
    _, rows = parsed(mapco2_table(ds)[0])
    assert [row["CO2 SW QF"] for row in rows] == ["2"] * 7 + ["4"] + ["2"] * 12


def test_names_of_files(tmp_path):
    ds = mooring(creator_name="Sutton, A.; Sabine, C.")
    path = write(ds, tmp_path, format="mapco2")
    assert path.name == mapco2_file_name(ds) == "TAO170W_0N_Mar2024_Mar2024.csv"
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "TAO170W_0N_Mar2024_Mar2024.csv",
        "TAO170W_0N_Mar2024_Mar2024_QFlog.csv",
    ]
    assert b'PIs: "Sutton, A.; Sabine, C."' in path.read_bytes()
    write(ds, tmp_path / "x.csv", format="mapco2")
    assert (tmp_path / "x.csv").read_bytes() == path.read_bytes()


def test_refusals(tmp_path):
    ds = mooring()
    cases = [
        (canonical_dataset(30), "use format 'socat'"),
        (ds.drop_vars("salinity"), r"platform file: \[variables\] salinity"),
        (ds.drop_vars("xCO2_water_SST_dry"), "xCO2_water_SST_dry"),
        (ds.drop_vars("xCO2_water_SST_dry_flag"), "not flagged"),
        (ds.assign_attrs(creator_name=""), r"platform file: \[metadata\] investig"),
        (ds.assign_attrs(platform_name=""), "platform file: name"),
        (ds.assign_attrs(platform_code=""), "expocode"),
        (ds.assign_attrs(platform_kind=""), "platform file: kind"),
    ]
    for wrong, message in cases:
        with pytest.raises(ProcessingError, match=message):
            write(wrong, tmp_path / "x.csv", format="mapco2")
    unjudged = ds.copy(deep=True)
    unjudged["xCO2_water_SST_dry_flag"].to_numpy()[3] = 0
    message = r"xCO2_water_SST_dry_flag was changed by hand in 1 rows, first 2024-03-01"
    with pytest.raises(ProcessingError, match=message):
        write(unjudged, tmp_path / "x.csv", format="mapco2")
    unjudged["xCO2_water_SST_dry_flag_automatic"].to_numpy()[3] = 0
    with pytest.raises(ProcessingError, match=r"1 values .* not evaluated"):
        write(unjudged, tmp_path / "x.csv", format="mapco2")
    assert list(tmp_path.iterdir()) == []


# ---- round trip through our own reader ----------------------------------------------


PLATFORM = """
schema = 1
name = "TAO 0N 140W"
kind = "mooring"
platform_code = "3164"

[files.table]
reader = "mapco2_csv"

[variables]
latitude = { column = "latitude", units = "degrees_north" }
longitude = { column = "longitude", units = "degrees_east" }

[metadata]
investigators = ["Sutton, A."]
"""


@pytest.fixture
def reading(tmp_path):
    path = tmp_path / "platform.toml"
    path.write_text(PLATFORM)
    return str(path)


def test_the_table_of_a_real_mooring_reads_back(tmp_path, data_set, reading):
    ds = processed("tao_140w_2004", data_set(FILES["tao_140w_2004"]))
    path = write(ds, tmp_path / "again.csv", format="mapco2")
    again = align(read(load(reading), [path]), load(reading))
    at = np.searchsorted(ds["time"].to_numpy(), again["time"].to_numpy())
    old = ds.isel(time=at)
    assert again.sizes["time"] == 900
    np.testing.assert_array_equal(old["time"], again["time"])
    bad = {
        "water": old["xCO2_water_SST_dry_flag"].to_numpy() == 4,
        "atm": old["xCO2_atm_dry_actual_flag"].to_numpy() == 4,
    }
    tolerances = {
        "xCO2_water_SST_dry": 0.0501,
        "xCO2_water_SST_wet": 0.0501,
        "xCO2_atm_dry_actual": 0.0501,
        "SST": 0.000501,
        "salinity": 0.000501,
        "P_atm": 0.0501,
        "xH2O_water": 0.00501,
        "xH2O_atm": 0.00501,
        "T_analyser": 0.0501,
        "oxygen_percent": 0.00501,
    }
    for name, tolerance in tolerances.items():
        expected = old[name].to_numpy().copy()
        if "CO2" in name:
            expected[bad["water" if "water" in name else "atm"]] = math.nan
        found = again[name].to_numpy()
        np.testing.assert_array_equal(np.isnan(found), np.isnan(expected), err_msg=name)
        assert np.nanmax(np.abs(found - expected)) <= tolerance, name
    flags = again["xCO2_water_SST_dry_flag_delivered"].to_numpy()
    np.testing.assert_array_equal(flags, old["xCO2_water_SST_dry_flag"].to_numpy())


def test_processed_again_it_gives_the_same_table(tmp_path, data_set, reading):
    """Printed to one decimal, fCO2 comes back within the rounding of its inputs."""
    ds = processed("tao_140w_2004", data_set(FILES["tao_140w_2004"]))
    path = write(ds, tmp_path / "again.csv", format="mapco2")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        again = pipeline.process(reading, [path])
    second = write(again, tmp_path / "third.csv", format="mapco2")
    for one, two in zip(
        parsed(path.read_bytes())[1], parsed(second.read_bytes())[1], strict=True
    ):
        assert one.keys() == two.keys()
        for name, cell in one.items():
            if name in ("Mooring Name", "Date", "Time"):
                assert cell == two[name]
            elif cell == "4":  # its value is gone: there is none any more
                assert two[name] == "5"
            else:
                assert abs(float(cell) - float(two[name])) <= 0.11, name
