"""Real cruises and moorings, from delivered files to published values.

Nothing in the code knows these data sets: the platform files do. Tolerances are those
of the README of the data collection: rounding of the published values, no more.
"""

import functools
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from oceanco2 import pipeline
from oceanco2.alignment import align
from oceanco2.bits import TEST_BITS
from oceanco2.calibration import calibrate
from oceanco2.errors import OceanCO2Warning
from oceanco2.export import open_dataset, write
from oceanco2.platforms import load
from oceanco2.readers import read
from oceanco2.vocabulary import BAD, GOOD, MISSING

FILES = {
    "go_workshop_2019": "icos_otc_workshop_go2019/part4_input_raw_cruise_dat.txt",
    "ronald_h_brown_2010": (
        "cruise_33RO20100308_a13.5_aoml_ronbrown/A13.5_2010_underway.csv"
    ),
    "kaimimoana_2008": "cruise_KA2008_07_pmel_kaimimoana/KA2008_07.csv",
    "nuka_arctica_2008": "cruise_26NA20080117_nuka/26NA20080117.dat",
    "nuka_arctica_2005_socat": (
        "socatv3_pangaea_26NA20050107/26NA20050107_CO2_underway_SOCATv3.tab"
    ),
    "tao_140w_2004": "mooring_TAO140W_2004/TAO140W_0_May_Sep_2004.csv",
    "cce2_2010": "mooring_CCE2_2010_2011/CCE2_121W_34N_Jan2010_Mar2011.csv",
    "gordon_gunter_2008": "cruise_GU0802_aoml_gordongunter/gu0802_leg1.csv",
    "langseth_2011": "cruise_33H320110527_ldeo_langseth/MGLangseth_11_02.csv",
    "pyxis_2009": "cruise_PX131W/PX131W.csv",
    "munida_2005": "cruise_M050726/M050726.csv",
    "oiso17_2009": "cruise_OISO17/OISO17-CO2WAT.xls",
    "carioca_2004": "drifter_carioca2004/CARIOCA_2004_03_03740.csv",
}
#: Platform: rows with published water and air values, tolerances [uatm].
PUBLISHED = {
    "ronald_h_brown_2010": (18352, 0.006, 18351, 0.006),
    "kaimimoana_2008": (18297, 0.0004, 18297, 0.0006),
    "nuka_arctica_2008": (2699, 0.0011, 0, 0.0),
    "nuka_arctica_2005_socat": (526, 0.0011, 0, 0.0),
    "tao_140w_2004": (896, 0.12, 898, 0.12),
    "cce2_2010": (3122, 0.12, 3122, 0.12),  # five doublets less
}


@functools.cache
def processed(platform, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        return pipeline.process(platform, [path])


@pytest.fixture
def cruise(test_data):
    def make(platform):
        return processed(platform, test_data / FILES[platform])

    return make


def difference(ds, name):
    published = ds[f"{name}_delivered"].to_numpy()
    there = np.isfinite(published)
    return (ds[name].to_numpy() - published)[there]


@pytest.mark.parametrize("platform", PUBLISHED)
def test_published_fco2_is_reproduced(cruise, platform):
    ds = cruise(platform)
    rows, tolerance, air_rows, air_tolerance = PUBLISHED[platform]
    water = difference(ds, "fCO2_water_SST_wet")
    assert water.size == rows
    assert np.abs(water).max() <= tolerance
    if air_rows:
        name = "fCO2_atm_wet_interp"
        if f"{name}_delivered" not in ds:
            name = "fCO2_atm_wet_actual"
        air = difference(ds, name)
        assert air.size >= air_rows
        assert np.abs(air).max() <= air_tolerance


def test_dry_from_wet_as_published_for_moorings(cruise):
    """MAPCO2 files print both; their rounding allows 0.12 umol/mol."""
    for platform in ("tao_140w_2004", "cce2_2010"):
        ds = cruise(platform)
        wet, water = ds["xCO2_water_SST_wet"], ds["xH2O_water"]
        dry = wet / (1 - water / 1000)
        assert np.nanmax(np.abs(dry - ds["xCO2_water_SST_dry"])) <= 0.12


def test_a13_the_fix_at_2190_knots_is_caught_alone(cruise):
    ds = cruise("ronald_h_brown_2010")
    place = ds["latitude"].to_numpy()
    around = np.flatnonzero(np.abs(place + 43.0012) < 1e-6)
    around = [i for i in around if abs(place[i - 1] + 44.5012) < 1e-6]
    assert len(around) == 1
    row = around[0]
    flags = ds["position_flag"].to_numpy()
    assert flags[row] == BAD
    assert ds["position_tests"].to_numpy()[row] & TEST_BITS["speed"]
    assert ds["fCO2_water_SST_wet_flag"].to_numpy()[row] == BAD
    assert flags[row - 1] == GOOD
    assert flags[row + 1] == GOOD


def test_duplicate_mooring_files_are_dropped_once(cruise):
    """Five rows of the file stand in it twice."""
    ds = cruise("cce2_2010")
    assert ds.sizes["time"] == 3306 - 5
    assert ds.attrs["rows_duplicated"] == 5


def test_mooring_flags_as_delivered(cruise):
    ds = cruise("tao_140w_2004")
    flags = ds["fCO2_water_SST_wet_flag"].to_numpy()
    delivered = ds["xCO2_water_SST_dry_flag_delivered"].to_numpy()
    assert (flags[delivered == 3] >= 3).all()
    assert (flags[delivered == 4] >= 4).all()


#: Platform, file, variable: rows, and tolerance of the README of the data set [uatm].
MORE = {
    ("gordon_gunter_2008", "fCO2_water_SST_wet"): (13857, 1.0),
    ("langseth_2011", "pCO2_water_Tequ_wet"): (9335, 0.10),
    ("langseth_2011", "pCO2_water_SST_wet"): (9335, 0.11),
    ("pyxis_2009", "fCO2_water_Tequ_wet"): (1662, 0.21),
    ("pyxis_2009", "fCO2_water_SST_wet"): (1662, 0.18),
    ("pyxis_2009", "fCO2_atm_wet_actual"): (1647, 0.05),
    ("munida_2005", "pCO2_water_SST_wet"): (992, 3.2),
}


@pytest.mark.parametrize(("platform", "name"), MORE)
def test_more_published_values(cruise, platform, name):
    rows, tolerance = MORE[platform, name]
    off = difference(cruise(platform), name)
    assert off.size == rows
    assert np.abs(off).max() <= tolerance


def test_gunter_until_day_125_and_its_air(cruise):
    """Recipe A within 0.012 on the first rows; air 0.540 hPa short throughout."""
    ds = cruise("gordon_gunter_2008")
    # dates lose their leading zero: 1052008 is the first of May, the cruise ends on 8
    assert str(ds["time"].to_numpy()[-1])[:10] == "2008-05-08"
    early = ds["time"] < np.datetime64("2008-05-04T20:38:24")
    off = difference(ds.isel(time=early.to_numpy()), "fCO2_water_SST_wet")
    assert np.abs(off).max() <= 0.012
    air = difference(ds, "fCO2_atm_wet_interp")
    assert np.median(air) == pytest.approx(-0.206, abs=0.001)
    assert int(ds["damaged"].sum()) == 0


def test_pyxis_law_of_1982(cruise):
    """99 % within 0.03 at equilibrator temperature, no bias after the step."""
    ds = cruise("pyxis_2009")
    off = np.abs(difference(ds, "fCO2_water_Tequ_wet"))
    assert np.quantile(off, 0.99) < 0.03
    assert abs(np.median(difference(ds, "fCO2_water_SST_wet"))) < 0.002


def test_oiso_the_vapour_step_is_not_applied_again(cruise):
    """Median +0.26, 95 % 0.46, at most 0.92 uatm (README of the data set)."""
    ds = cruise("oiso17_2009")
    assert ds.attrs["rows_read"] == 7991
    assert ds.attrs["rows_duplicated"] == 7
    off = difference(ds, "fCO2_water_SST_wet")
    assert off.size == 7991 - 7
    assert np.median(off) == pytest.approx(0.26, abs=0.005)
    assert np.quantile(np.abs(off), 0.95) == pytest.approx(0.46, abs=0.005)
    assert np.abs(off).max() <= 0.92
    assert str(ds["time"].to_numpy()[0]).startswith("2009-01-04T01:45:00")
    assert str(ds["time"].to_numpy()[-1]).startswith("2009-02-09T20:06:00")


def test_drifter_is_read_and_flagged_as_it_is(cruise):
    ds = cruise("carioca_2004")
    fco2 = ds["fCO2_water_SST_wet"].to_numpy()
    assert ds.sizes["time"] == 8062
    assert np.isfinite(fco2).sum() == 8029
    limits = (np.nanmin(fco2), np.nanmax(fco2))
    assert limits == pytest.approx((313.06, 418.85), abs=0.005)  # as printed there
    assert (np.diff(ds["time"].to_numpy()) > np.timedelta64(0)).all()
    assert np.abs(ds["longitude"]).max() <= 180


# ---- the raw General Oceanics log ---------------------------------------------------


def labels(ds):
    meanings = ds["run_label"].attrs["flag_meanings"].split()
    values = list(np.atleast_1d(ds["run_label"].attrs["flag_values"]))
    words = dict(zip(values, meanings, strict=True))
    return np.array([words[code] for code in ds["run_label"].to_numpy()])


def test_raw_log_every_row_by_run_type(cruise):
    """Counts of the README of the data set."""
    names, counts = np.unique(labels(cruise("go_workshop_2019")), return_counts=True)
    assert dict(zip(names, counts.tolist(), strict=True)) == {
        "EQU": 2662,
        "ATM": 135,
        "FILTER": 6,
        "STD1": 33,
        "STD1z": 6,
        "STD2": 33,
        "STD3": 33,
        "STD4": 33,
        "STD4s": 6,
        "WAKE_UP": 1,
    }


@pytest.mark.parametrize(
    ("run", "result"),
    [("EQU", "fCO2_water_SST_wet"), ("ATM", "fCO2_atm_wet_actual")],
)
def test_raw_log_every_row_is_accounted_for(cruise, run, result):
    """Used and good, or flagged and the tests say why."""
    ds = cruise("go_workshop_2019")
    rows = labels(ds) == run
    values = ds[result].to_numpy()[rows]
    flags = ds[f"{result}_flag"].to_numpy()[rows]
    tests = ds[f"{result}_tests"].to_numpy()[rows]
    good = flags == GOOD
    assert np.isfinite(values[good]).all()
    assert (tests[~good] != 0).all()
    assert set(np.unique(flags)) <= {2, 3, 4, 9}
    assert good.mean() > 0.5


def test_raw_log_no_fco2_from_impossible_inputs(cruise):
    ds = cruise("go_workshop_2019")
    fco2 = ds["fCO2_water_SST_wet"].to_numpy()
    flags = ds["fCO2_water_SST_wet_flag"].to_numpy()
    equ = labels(ds) == "EQU"
    no_pressure = ds["P_equ"].to_numpy() < 150
    blank = np.isnan(ds["SST"].to_numpy())
    assert (no_pressure & equ).sum() == 166
    assert (blank & equ).sum() == 296
    nothing = no_pressure | blank | ~equ
    assert np.isnan(fco2[nothing]).all()
    assert np.isin(flags[nothing], [BAD, MISSING]).all()
    tests = ds["P_equ_tests"].to_numpy()[no_pressure]
    assert (tests & TEST_BITS["physical"]).all()


def test_raw_log_the_swapped_row_is_caught(cruise):
    """9 July 2019: intake temperature 34.68 and salinity 1.76 are swapped."""
    ds = cruise("go_workshop_2019")
    row = np.flatnonzero(np.isclose(ds["SST"], 34.68324))
    assert row.size == 1
    assert ds["fCO2_water_SST_wet_flag"].to_numpy()[row] == BAD
    assert ds["SST_flag"].to_numpy()[row] == BAD
    assert ds["salinity_flag"].to_numpy()[row] >= 3


def test_raw_log_standards_return_their_certified_values(cruise):
    """After calibration each standard is right within its own scatter (0.7)."""
    ds = cruise("go_workshop_2019")
    used = ds["standard_run_used"].to_numpy() == 1
    residual = ds["standard_run_residual"].to_numpy()[used]
    assert used.sum() >= 3 * 30
    assert np.abs(residual).max() < 0.7


def test_small_calibration_of_the_workshop(test_data, tmp_path):
    """Part 1: measured to certified, standards interpolated in time (0.002)."""
    expected = (
        "354.309 355.219 354.026 352.876 351.364 351.148 350.995 350.799 349.905 "
        "334.343 334.992 335.312 335.383 335.418 335.021 334.713 334.625 334.865"
    )
    platform = tmp_path / "part1.toml"
    platform.write_text(
        """
schema = 1
name = "Part 1"
kind = "ship"
platform_code = "99ZZ"
[files.log]
reader = "delimited"
separator = "tab"
time = { columns = ["Timestamp"], format = "%m.%d.%Y %H:%M" }
run_columns = ["Type"]
[runs]
"EQU" = "water"
"STD*" = "standard"
[variables]
latitude = { value = 70.0 }
longitude = { value = 19.0 }
xCO2 = { column = "CO2 um/m", units = "umol mol-1" }
[[standards]]
run = "STD1"
xCO2 = 0.0
[[standards]]
run = "STD2"
xCO2 = 228.4
[[standards]]
run = "STD3"
xCO2 = 412.5
[[standards]]
run = "STD4"
xCO2 = 507.77
"""
    )
    raw = test_data / "icos_otc_workshop_go2019" / "part1_calibration.tsv"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        ship = load(platform)
        ds = calibrate(align(read(ship, raw), ship), ship)
    calibrated = ds["xCO2_water_Tequ_dry"].to_numpy()
    calibrated = calibrated[np.isfinite(calibrated)]
    np.testing.assert_allclose(
        calibrated, np.array(expected.split(), dtype=float), atol=0.002
    )


# ---- what is written ----------------------------------------------------------------


def dashboard_key(header):
    """SOCAT's rule: upper-case, keep A-Z and 0-9 (letters of class Lu), lower-case."""
    return "".join(
        c for c in header.upper() if c.isupper() or c in "0123456789"
    ).lower()


def known_columns(folder):
    keys = json.loads((folder / "socat" / "DefaultTypeKeys.json").read_text("utf-8"))
    return {name: kind for name, (kind, *_) in keys.items()}


@pytest.mark.parametrize("platform", FILES)
def test_socat_file_is_recognised(cruise, reference, tmp_path, platform):
    known = known_columns(reference)
    path = tmp_path / "upload.tsv"
    write(cruise(platform), path, format="socat")
    lines = path.read_text("ascii").splitlines()
    blank = lines.index("")
    tags = {line.split(":")[0] for line in lines[:blank]}
    assert {"Expocode", "Vessel Name", "PIs", "Vessel Type"} <= tags
    header = lines[blank + 1].split("\t")
    types = [known.get(dashboard_key(name)) for name in header]
    assert None not in types, header
    assert len(set(types)) == len(types)
    needed = {"year", "month", "day", "hour", "minute", "second"}
    assert needed | {"longitude", "latitude"} <= set(types)
    assert any(re.match(r"[xpf]CO2_water", t) for t in types)
    rows = [line.split("\t") for line in lines[blank + 2 :]]
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    numbers = [i for i, name in enumerate(header) if "comment" not in name]
    cells = {row[i] for row in rows for i in numbers}
    assert not cells & {"", "nan", "NaN"}
    place = header.index("Latitude [deg N]")
    assert all(re.fullmatch(r"-?\d+\.\d{5}", row[place]) for row in rows)
    flag = header.index("WOCE_CO2_water")
    comment = header.index("comment_WOCE_CO2_water")
    assert {row[flag] for row in rows} <= {"2", "3", "4"}
    assert all(row[comment] for row in rows if row[flag] in "34")


@pytest.mark.parametrize("platform", FILES)
def test_netcdf_passes_cf_and_acdd(cruise, tmp_path, platform):
    path = tmp_path / "out.nc"
    write(cruise(platform), path)
    checker = Path(sys.executable).with_name("compliance-checker")
    command = [checker, "-t", "cf:1.11", "-t", "acdd", "-c", "lenient"]
    # ACDD asks for standard names also where CF has none (equilibrator, flags).
    command += ["-s", "check_var_standard_name", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Errors" not in done.stdout, done.stdout


def test_netcdf_reads_back_equal(cruise, tmp_path):
    ds = cruise("nuka_arctica_2008")
    write(ds, tmp_path / "out.nc")
    again = open_dataset(tmp_path / "out.nc")
    for name in ds.data_vars:
        np.testing.assert_array_equal(again[name].to_numpy(), ds[name].to_numpy())
