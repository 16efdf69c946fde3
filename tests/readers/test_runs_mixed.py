"""One column with CO2 of water, air and standards is never mixed."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.readers import read

HEAD = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
separator = "comma"
time = { columns = ["t"], format = "%Y-%m-%dT%H:%M:%S" }
"""
RUNS = """run_columns = ["type"]
[runs]
"EQU" = "water"
"ATM" = "air"
"STD" = "standard"
"ZERO" = "zero"
"SPAN" = "span"
"OFF" = "ignored"
"""
KINDS = ("EQU", "ATM", "STD", "ZERO", "SPAN", "OFF")
X = 'xCO2_water_Tequ_dry = { column = "x", units = "ppm" }\n'
AIR = 'xCO2_atm_dry_actual = { column = "x", units = "ppm" }\n'
OWN = 'xCO2_atm_dry_actual = { column = "y", units = "ppm" }\n'


def columns(tmp_path, variables, runs=RUNS):
    rows = [f"2024-01-01T0{i}:00:00,{k},38{i},41{i}" for i, k in enumerate(KINDS)]
    (tmp_path / "a.csv").write_text("\n".join(["t,type,x,y", *rows, ""]))
    text = f"{HEAD}{runs}[variables]\n{variables}"
    platform = platforms.parse(text.encode(), "x.toml")
    return read(platform, [tmp_path / "a.csv"])["a"]


def places(variable):
    return np.flatnonzero(np.isfinite(variable.to_numpy())).tolist()


def test_water_has_only_values_of_water(tmp_path):
    ds = columns(tmp_path, X)
    assert places(ds.xCO2_water_Tequ_dry) == [0, 5]
    comment = "4 rows are of other run types: not used"
    assert ds.xCO2_water_Tequ_dry.attrs["comment"] == comment


def test_a_shared_column_is_split(tmp_path):
    ds = columns(tmp_path, X + AIR)
    assert places(ds.xCO2_water_Tequ_dry) == [0, 5]
    assert places(ds.xCO2_atm_dry_actual) == [1, 5]
    assert ds.xCO2_atm_dry_actual[1] == 381.0


def test_air_in_a_column_of_its_own_is_kept(tmp_path):
    ds = columns(tmp_path, X + OWN)
    assert places(ds.xCO2_atm_dry_actual) == [0, 1, 2, 3, 4, 5]
    assert "comment" not in ds.xCO2_atm_dry_actual.attrs
    assert places(columns(tmp_path, AIR).xCO2_atm_dry_actual) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["pCO2_water_SST_wet", "fCO2_water_SST_wet"])
def test_every_result_of_water(tmp_path, name):
    ds = columns(tmp_path, f'{name} = {{ column = "x", units = "uatm" }}\n')
    assert places(ds[name]) == [0, 5]


def test_readings_and_constants_are_kept(tmp_path):
    ds = columns(tmp_path, 'xCO2 = { column = "x", units = "ppm" }\n')
    assert places(ds.xCO2) == [0, 1, 2, 3, 4, 5]
    ds = columns(tmp_path, "xCO2_water_SST_dry = { value = 400.0 }\n")
    assert places(ds.xCO2_water_SST_dry) == [0, 1, 2, 3, 4, 5]
    ds = columns(tmp_path, X, runs="")
    assert places(ds.xCO2_water_Tequ_dry) == [0, 1, 2, 3, 4, 5]


def test_delivered_values_are_kept(tmp_path):
    more = '[delivered]\nfCO2_water_SST_wet = { column = "y", units = "uatm" }\n'
    ds = columns(tmp_path, X + more)
    assert places(ds.fCO2_water_SST_wet_delivered) == [0, 1, 2, 3, 4, 5]
