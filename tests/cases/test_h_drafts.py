"""Drafts of platform files are trusted, so they never invent."""

import json
import re
import tomllib

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms, readers
from oceanco2.vocabulary import RUN_TYPES
from tests.cases.conftest import first_of, matches, tables

EXAMPLE_KEYS = ("investigators", "organizations", "institution", "title", "license")


def column(sources, name):
    return sources.get(name, {}).get("column")


def first_file(document):
    return first_of(document["files"])


def assert_nothing_of_an_example(text):
    """No people, title, call sign, licence, standards of another platform."""
    document = tomllib.loads(text)
    assert not document.get("call_sign")
    assert not document.get("standards")
    metadata = document.get("metadata", {})
    assert {k: metadata[k] for k in EXAMPLE_KEYS if metadata.get(k)} == {}


def assert_loads(case):
    """What the package writes, it can read."""
    platforms.load(case / "x.toml")


def mentioned(text, name):
    """Whether a draft uses a column or lists it."""
    return f'"{name}"' in text or matches(text.splitlines(), f"#.*{re.escape(name)}")


def test_column_names_sea_wat(case):
    """Columns of sea water are used, or at least listed as not used."""
    text = case.draft("GM0606_cut.csv")
    for name in ("XCO2_WAT", "PCO2_WAT_EQ", "ATM_PRE", "SHIP_SPEED", "CRUISE"):
        assert mentioned(text, name), name


def test_column_names_sea_wat__meteor(case):
    text = case.draft("06MT19941012_cut.txt")
    used = ("T (TS)", "S (TS)", "T (EQ)", "P baro", "xCO2sea", "fCO2sea", "Mode")
    for name in (*used, "delta T"):
        assert mentioned(text, name), name


def test_column_names_sea_wat__reproduced(case):
    """pCO2 of xCO2 at the pressure of the air, equilibrator at SST."""
    head = 'schema = 1\nname = "Gordon Gunter"\nkind = "ship"\nplatform_code = "31B5"\n'
    files = (
        '[files.data]\nreader = "delimited"\npattern = "*.csv"\nseparator = "comma"\n'
        'header = { units = 1 }\nmissing = ["-999"]\n'
        'time = { columns = ["DATE_TIME"], format = "%m/%d/%Y %H:%M" }\n'
    )
    variables = (
        '[variables]\nlatitude = { column = "LATITUDE" }\n'
        'longitude = { column = "LONGITUDE" }\n'
        'SST = { column = "SST", units = "degree_Celsius" }\n'
        'T_equ = { same_as = "SST" }\n'
        'salinity = { column = "SSS", units = "1" }\n'
        'P_equ = { column = "ATM_PRE", units = "kPa" }\n'
        'xCO2_water_Tequ_dry = { column = "XCO2_WAT", units = "ppm" }\n'
        "[delivered]\n"
        'pCO2_water_Tequ_wet = { column = "PCO2_WAT_EQ", units = "uatm" }\n'
    )
    (case / "gm.toml").write_text(head + files + variables, encoding="utf-8")
    case.process("GM0606_cut.csv", platform="gm.toml").succeeds()
    ds = case.dataset()
    difference = ds.pCO2_water_Tequ_wet - ds.pCO2_water_Tequ_wet_delivered
    difference = difference.to_numpy()[np.isfinite(difference)]
    assert difference.size == 53
    assert abs(np.median(difference)) == pytest.approx(0.021, abs=2e-3)
    assert np.percentile(np.abs(difference), 95) == pytest.approx(0.085, abs=2e-3)
    assert np.abs(difference).max() == pytest.approx(0.112, abs=2e-3)


DATES = ("dmy_mon", "mon_d_y", "ymd14", "iso_tz", "ampm", "unix", "matlab")


@pytest.mark.parametrize("name", DATES)
def test_dates_not_recognised(case, name):
    """14 March 2020, 22:00 UTC, and every three minutes from then on."""
    case.draft(f"{name}.csv")
    case.process(f"{name}.csv", platform="x.toml").succeeds()
    start = np.datetime64("2020-03-14T22:00", "ns")
    time = case.dataset().time.to_numpy()
    expected = start + np.arange(60) * np.timedelta64(3, "m")
    assert time.size == 60
    assert np.abs(time - expected).max() <= np.timedelta64(1, "ms")


def test_draft_keeps_example_people(case):
    """Nothing of the example that shows a known format stands live in a draft."""
    case.run("simulate", "demo_ship", "--days", "0.3", "-o", "raw").succeeds()
    text = case.draft("raw/*dat.txt")
    assert_nothing_of_an_example(text)
    assert "ICOS Ocean Thematic Centre" not in re.sub(r"#.*", "", text)


def test_draft_keeps_example_people__no_upload_without_investigators(case):
    """The tables of the draft with sources filled in: no investigator is named."""
    case.run("simulate", "demo_ship", "--days", "0.3", "-o", "raw").succeeds()
    text = case.draft("raw/*dat.txt", code="ZZ99")
    metadata = re.search(r"(?ms)^\[metadata\]\n.*?(?=^\[|\Z)", text)
    filled = (
        'schema = 1\nname = "Demo"\nkind = "ship"\nplatform_code = "ZZ99"\n'
        '[files.log]\nreader = "general_oceanics"\npattern = "*dat.txt"\n'
        '[runs]\n"STD*" = "ignored"\n[calibration]\nallow_uncalibrated = true\n'
        "[variables]\n"
        'T_equ = { column = "equ temp", units = "degree_Celsius" }\n'
        'SST = { column = "equ temp", units = "degree_Celsius" }\n'
        'salinity = { value = 35.0, units = "1" }\n'
        'P_equ = { sum = ["atm press", "equ press"], units = "hPa" }\n'
        'xCO2 = { column = "CO2 um/m", units = "umol mol-1" }\n'
    ) + (metadata.group() if metadata else "")
    (case / "gd.toml").write_text(filled, encoding="utf-8")
    options = ("-o", "gd.nc", "--socat", "gd.tsv")
    outcome = case.run("process", "gd.toml", "raw/*dat.txt", *options)
    outcome.fails("investigators")
    assert not (case / "gd.tsv").exists()


def in_utc(document):
    """Whether the time is taken from the column of seconds since 1970."""
    return "SECONDS" in json.dumps(first_file(document)["time"])


def test_draft_li7815_local_time(case):
    """Oslo is not UTC; and a wet gas may have a dry mole fraction."""
    text = case.draft("tg.data")
    document, sources = tables(text)
    lines = [line for line in text.splitlines() if "CHECK" in line]
    assert in_utc(document) or matches(lines, "Europe/Oslo")
    columns = {column(sources, name) for name in sources}
    assert {"CO2", "H2O"} <= columns
    assert matches(lines, r"\bdry\b|\bwet\b")


def test_draft_li7815_local_time__first_row(case):
    """The first row is of 00:00 UTC, with 12 mmol mol-1 of water vapour."""
    text = case.draft("tg.data")
    document, _ = tables(text)
    definition = platforms.parse(text.encode(), str(case / "x.toml"))
    (stream,) = readers.read(definition, case / "tg.data").values()
    hour = "00:00" if in_utc(document) else "01:00"
    assert stream.time[0] == np.datetime64(f"2024-03-01T{hour}")
    assert float(stream.xH2O[0]) == pytest.approx(12.0)


def test_excel_serial_day_numbers(case):
    """45352.006944 is 00:10:00, not 00:09:59.962."""
    case.draft("a.csv")
    case.process("a.csv", platform="x.toml").succeeds()
    time = case.dataset().time.to_numpy()
    assert time.size == 20
    assert time[0] == np.datetime64("2024-03-01T00:00:00")
    assert time[1] == np.datetime64("2024-03-01T00:10:00")
    assert np.all(np.diff(time) == np.timedelta64(10, "m"))


def test_excel_serial_day_numbers__as_seconds(case):
    """Days that are read as seconds: no cruise of 1899 is good."""
    outcome = case.process("a.csv")
    if outcome.code:
        outcome.fails("1899|stamp|seconds")
        return
    outcome.warns("1899|stamp|seconds")
    assert 2 not in case.dataset().fCO2_water_SST_wet_flag.to_numpy()


def test_hemisphere_from_mode_column(case):
    """W is water, not west: a run type."""
    document, sources = tables(case.draft("ew.csv"))
    assert column(sources, "longitude") == "Longitude"
    assert "hemisphere" not in sources["longitude"]
    assert first_file(document).get("run_columns") == ["Mode"]
    assert "xCO2 [ppm]" in {column(sources, name) for name in sources}


def test_hemisphere_from_mode_column__east(case):
    text = case.draft("ew.csv")
    definition = platforms.parse(text.encode(), str(case / "x.toml"))
    (stream,) = readers.read(definition, case / "ew.csv").values()
    np.testing.assert_allclose(stream.longitude, [7.90, 7.91, 7.92, 7.93])
    assert set(stream.run_type.to_numpy()) == {RUN_TYPES["water"]}


def test_icos_l2_flags(case):
    """The flag of X is "X QC Flag"."""
    _, sources = tables(case.draft("icos_bad.csv", code="58G2"))
    for name in ("xCO2_water_Tequ_dry", "SST", "salinity", "T_equ", "P_equ"):
        assert sources[name].get("flag") == f"{column(sources, name)} QC Flag", name


def test_icos_l2_flags__bad_rows(case):
    """Rows 11 to 20 are bad in the file, and bad in the result."""
    case.draft("icos_bad.csv", code="58G2")
    case.process("icos_bad.csv", platform="x.toml").succeeds()
    ds = case.dataset()
    bad = np.arange(30) // 10 == 1
    for name in ("xCO2_water_Tequ_dry", "fCO2_water_SST_wet"):
        flags = ds[f"{name}_flag"].to_numpy()
        assert set(flags[bad]) == {4}, name
        assert 4 not in flags[~bad], name


def test_oceanpack_not_recognised(case):
    """The log of an OceanPack is read by the reader for it."""
    text = case.draft("oceanpack_cut.log")
    document, _ = tables(text)
    assert first_file(document)["reader"] == "subctech"
    assert_nothing_of_an_example(text)
    assert_loads(case)


RECORD = rb"(@DATA,[^,]*,%b,[^\r\n]*),5(?=\r?\n)"


def test_oceanpack_not_recognised__zero_gas(case):
    """State 2 is zero gas by the maker's table: its concentration is known."""
    path = case / "oceanpack_cut.log"
    text = path.read_bytes()
    for clock in (b"21:44:59", b"21:45:09", b"21:45:19"):
        text, count = re.subn(RECORD % clock, rb"\1,2", text)
        assert count == 1
    path.write_bytes(text)
    case.process("oceanpack_cut.log", platform="oceanpack_2019").succeeds()
    runs = list(case.dataset().run_type.to_numpy())
    assert runs.count(RUN_TYPES["zero"]) == 3
    assert runs.count(RUN_TYPES["water"]) == 37


def test_pro_oceanus_native_lines(case):
    """Lines as the instrument prints them: three of water, two of air."""
    text = case.draft("procv.log")
    document, _ = tables(text)
    assert first_file(document)["reader"] == "pro_oceanus"
    assert_nothing_of_an_example(text)
    definition = platforms.parse(text.encode(), str(case / "x.toml"))
    (stream,) = readers.read(definition, case / "procv.log").values()
    water, air = RUN_TYPES["water"], RUN_TYPES["air"]
    assert list(stream.run_type.to_numpy()) == [water] * 3 + [air] * 2
    assert stream.time[0] == np.datetime64("2021-05-25T11:51:24")
    assert stream.time[-1] == np.datetime64("2021-05-25T11:53:26")
    np.testing.assert_allclose(stream.xCO2, [448.94, 448.80, 448.81, 453.14, 453.10])


def test_seabird_tsg_draft(case):
    """The head of the file names its columns and their units."""
    text = case.draft("TSG_PIR_001_cut.cnv")
    document, sources = tables(text)
    assert first_file(document)["reader"] == "seabird_cnv"
    columns = {column(sources, name) for name in sources}
    assert {"t090C", "c0S/m", "latitude", "longitude"} <= columns
    assert_nothing_of_an_example(text)
    assert_loads(case)
    definition = platforms.parse(text.encode(), str(case / "x.toml"))
    (stream,) = readers.read(definition, case / "TSG_PIR_001_cut.cnv").values()
    assert float(stream.conductivity[-1]) == pytest.approx(49.50379, abs=1e-5)
    assert float(stream.latitude[-1]) == pytest.approx(-23.09382, abs=1e-5)


def test_seabird_tsg_draft__any_netcdf(case, copy_case):
    """netCDF describes itself, by names, units and standard names."""
    other = copy_case("ooi_netcdf_deployments_out_of_order")
    raw = other / "ooi_pco2w_cut.nc"
    document, sources = tables(case.draft(raw))
    assert first_file(document)["reader"] == "netcdf"
    columns = {column(sources, name) for name in sources}
    assert {"lat", "lon", "pco2w_thermistor_temperature", "pco2_seawater"} <= columns
    assert_loads(case)
    with xr.open_dataset(raw) as ds:
        assert {name for name in columns if name} <= {str(n) for n in ds.variables}


def test_socat_synthesis_qc_flag(case):
    """QC_Flag is of the data set, fCO2rec_flag of the row."""
    document, _ = tables(case.draft("enhA_cut.tsv"))
    assert first_file(document)["reader"] == "socat"
    case.process("enhA_cut.tsv", platform="x.toml").succeeds()
    ds = case.dataset()
    assert ds.sizes["time"] == 120
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()) == {2}


def test_spreadsheet_draft(case):
    """Sheets and columns of this workbook, nothing of another cruise."""
    pytest.importorskip("openpyxl")
    text = case.draft("casco_cut.xlsx")
    live = re.sub(r"#.*", "", text)
    assert not re.search("OISO|FNIN|Metzl", live)
    assert_nothing_of_an_example(text)
    document, sources = tables(text)
    assert first_file(document).get("options", {}).get("sheet", "Data") == "Data"
    assert column(sources, "SST") == "SBE37_TEMP_mean"
    assert column(sources, "salinity") == "SBE37_SALINITY_mean"
    assert mentioned(text, "SAMI_CO2_mean")
    assert_loads(case)
