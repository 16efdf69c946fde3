"""Files that SOCAT gives out, as raw files of a platform."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import parse
from oceanco2.readers import read

TOML = b"""
schema = 1
name = "Of SOCAT"
kind = "ship"
platform_code = "99ZZ"
[files.rows]
reader = "socat"
missing = ["NaN"]
[variables]
latitude = { column = "latitude [dec.deg.N]" }
longitude = { column = "longitude [dec.deg.E]" }
SST = { column = "SST [deg.C]", units = "degree_Celsius" }
fCO2_water_SST_wet = { column = "fCO2rec [uatm]", units = "uatm" }
"""


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("SOCATv2026_mini_excerpt.tsv", 48),
        ("PAT520150211_SOCATv4_enhanced_rows.tsv", 100),
    ],
)
def test_every_row_below_the_header(reference_data, name, rows):
    """48 rows of 8 data sets behind the preamble; 100 rows, 30 without fCO2rec."""
    toml = TOML + b'[accepted]\nexpocode = "data sets of many platforms"\n'
    ds = read(parse(toml, "s.toml"), reference_data / "socat" / name)["rows"]
    assert ds.sizes["time"] + ds.attrs["rows_duplicated"] == rows
    assert ds.attrs["rows_rejected"] == 0
    assert np.abs(ds["longitude"].to_numpy()).max() <= 180.0
    fco2 = ds["fCO2_water_SST_wet"].to_numpy()
    assert np.isnan(fco2).sum() == (30 if rows == 100 else 0)


def test_a_file_of_another_format_gives_an_error(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("Expocode\tversion\tDataset Name\n33RO20100308\t3\tA13.5\n")
    with pytest.raises(ReadError, match="not a SOCAT file"):
        read(parse(TOML, "s.toml"), path)
