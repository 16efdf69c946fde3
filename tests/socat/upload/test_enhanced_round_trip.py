"""Text files that are written are raw files that read back equal."""

import numpy as np
import pytest

from oceanco2.export import write
from oceanco2.platforms import parse
from oceanco2.readers import read
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.archive.recomputing import recompute
from oceanco2.socat.upload.enhanced import records, write_report
from tests.datasets import WATER, canonical_dataset, set_flag

SOCAT = """
schema = 1
name = "Again"
kind = "ship"
platform_code = "99ZZ"
[files.rows]
reader = "socat"
missing = ["NaN"]
[variables]
latitude = { column = "latitude [dec.deg.N]" }
longitude = { column = "longitude [dec.deg.E]" }
SST = { column = "SST [deg.C]", units = "degree_Celsius" }
salinity = { column = "sal", units = "1" }
T_equ = { column = "Tequ [deg.C]", units = "degree_Celsius" }
P_equ = { column = "Pequ [hPa]", units = "hPa" }
P_atm = { column = "PPPP [hPa]", units = "hPa" }
xCO2_water_Tequ_dry = { column = "xCO2water_equ_dry [umol/mol]", units = "umol mol-1" }
fCO2_water_SST_wet = { column = "fCO2rec [uatm]", units = "uatm", flag = "fCO2rec_flag" }
"""  # noqa: E501
UPLOAD = """
schema = 1
name = "Again"
kind = "ship"
platform_code = "99ZZ"
[files.rows]
reader = "delimited"
separator = "SEPARATOR"
header = { until = "Suggested QC" }
missing = ["-999"]
time = { year = "Year", month = "Month", day = "Day", hour = "Hour", minute = "Minute", second = "Second" }
[variables]
latitude = { column = "Latitude [deg N]" }
longitude = { column = "Longitude [deg E]" }
SST = { column = "SST [deg C]", units = "degree_Celsius" }
salinity = { column = "Salinity [PSU]", units = "1" }
T_equ = { column = "T_equ [deg C]", units = "degree_Celsius" }
P_equ = { column = "P_equ [hPa]", units = "hPa" }
P_atm = { column = "P_atm [hPa]", units = "hPa" }
xCO2_water_Tequ_dry = { column = "xCO2_water_Tequ_dry [umol/mol]", units = "umol mol-1" }
fCO2_water_SST_wet = { column = "fCO2_water_SST_wet [uatm]", units = "uatm", flag = "WOCE_CO2_water" }
"""  # noqa: E501
NAMES = ("SST", "salinity", "T_equ", "P_equ", "P_atm", "xCO2_water_Tequ_dry")


def dataset():
    ds = set_flag(canonical_dataset(), 5, "fCO2_water_SST_wet", 4, "gradient")
    ds["salinity"].to_numpy()[7] = np.nan
    return set_flag(ds, 9, "SST", 3, "range")


def same(ds, back, hundredths_of_a_second):
    """Every water row, to the last digit that is written."""
    rows = ds["run_type"].to_numpy() == WATER
    assert back.sizes["time"] == rows.sum() == 100
    for name in NAMES:
        expected = ds[name].to_numpy()[rows]
        np.testing.assert_allclose(back[name].to_numpy(), expected, atol=5.1e-4)
    for name in ("latitude", "longitude"):
        expected = ds[name].to_numpy()[rows]
        np.testing.assert_allclose(back[name].to_numpy(), expected, atol=5.1e-6)
    late = np.abs(back["time"].to_numpy() - ds["time"].to_numpy()[rows])
    assert late.max() <= np.timedelta64(hundredths_of_a_second * 10, "ms")


@pytest.mark.parametrize("separator", ["tab", "comma", "semicolon"])
def test_upload_files_read_back(tmp_path, separator):
    ds = dataset()
    path = write(ds, tmp_path / "u.txt", format="socat", separator=separator)
    toml = UPLOAD.replace("SEPARATOR", separator)
    back = read(parse(toml.encode(), "u.toml"), path)["rows"]
    same(ds, back, 0)
    rows = ds["run_type"].to_numpy() == WATER
    flags = ds["fCO2_water_SST_wet_flag"].to_numpy()[rows]
    read_flags = back["fCO2_water_SST_wet_flag_delivered"].to_numpy()
    np.testing.assert_array_equal(read_flags, flags)


def test_enhanced_files_read_back(tmp_path):
    ds = dataset()
    path = write(ds, tmp_path / "e.tsv", format="socat_enhanced")
    back = read(parse(SOCAT.encode(), "s.toml"), path)["rows"]
    same(ds, back, 50)  # whole seconds are printed
    one = records(ds)
    got = back["fCO2_water_SST_wet"].to_numpy()
    np.testing.assert_array_equal(got, one.columns["fCO2rec"])


def test_files_of_several_data_sets_read_back_as_socats_own(tmp_path):
    """Every number of every row; the same algorithms, fCO2rec to the printed digit."""
    first, second = dataset(), canonical_dataset(60, seed=1)
    later = second["time"].to_numpy() + np.timedelta64(30, "D")
    sets = [records(ds) for ds in (second.assign_coords(time=later), first)]
    path = tmp_path / "all.tsv"
    done = write_report(sets, path, every=True)
    back = read_socat(path)
    assert list(back["Expocode"].unique()) == [one.expocode for one in done]
    for one in done:
        rows = back[back["Expocode"] == one.expocode]
        for name, values in one.columns.items():
            np.testing.assert_array_equal(rows[name].to_numpy(), values, err_msg=name)
        late = np.abs(rows["time"].to_numpy() - one.time)
        assert late.max() <= np.timedelta64(500, "ms")
        assert set(rows["QC_Flag"]) == {"B"}
    again = recompute(path)
    assert again["src_share"] == 1
    assert again["max_difference"] <= 5.1e-4
