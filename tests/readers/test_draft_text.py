"""The whole text of a draft, and its parts."""

import tomllib

import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import draft, draft_platform
from oceanco2.readers.draft import guessed_platform


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["a_20200101.csv"], "a_*.csv"),
        (["a_123.csv"] * 2, "a_123.csv"),
        (["a1.csv", "a22.csv", "a3.csv"], "a*.csv"),
        (["x", "y"], "*"),
        (["ab", "a"], "a*"),
        (["aXc", "aXXc"], "aX*c"),
    ],
)
def test_the_pattern_that_all_names_match(names, pattern):
    assert draft._common_pattern(names) == pattern


def test_inline_tables():
    table = {"a": "é", "b": 1, "c": True, "d": [1.5], "e": {"x y": 2}}
    text = draft._inline_table(table)
    assert text == '{ a = "é", b = 1, c = true, d = [1.5], e = { "x y" = 2 } }'
    assert tomllib.loads(f"t = {text}")["t"] == table


WHOLE = """\
# Draft for cruise_2024.csv. Correct every line marked CHECK, then validate
# it with `oceanco2 platforms THIS_FILE`.
schema = 1
name = "Polarstern"
kind = "ship"
platform_code = "06AQ"

# CHECK: kind: "ship", "mooring", "surface_vehicle" or "drifter"
# CHECK: SST: no unit is given: is it degree_Celsius?

[files.data]
reader = "delimited"
pattern = "cruise_*.csv"
separator = "semicolon"
decimal = ","
header = { skip = 1 }
missing = ["-999"]
time = { columns = ["DATE", "TIME"], format = "%d.%m.%Y %H:%M" }

[variables]
latitude = { column = "Lat" }
longitude = { column = "Lon" }
xCO2_water_Tequ_dry = { column = "xCO2_EQU_ppm", units = "ppm", flag = "QF" }
P_equ = { column = "PRES_EQU_hPa", units = "hPa" }
T_equ = { column = "TEMP_EQU_C", units = "degree_Celsius" }
SST = { column = "SST", units = "degree_Celsius" }\
   # CHECK: no unit is given: is it degree_Celsius?
salinity = { column = "SAL", units = "1" }

[delivered]
fCO2_water_SST_wet = { column = "fCO2_SST_uatm", units = "uatm" }

"""


def write(tmp_path, name="cruise_2024.csv"):
    names = "Expocode;Ship;DATE;TIME;Lat;Lon;xCO2_EQU_ppm;PRES_EQU_hPa;TEMP_EQU_C;SST"
    rows = [
        f"06AQ20240313;Polarstern;{d:02d}.03.2024;{h:02d}:00;{40 + d},5;{d},25;38{d},5;"
        f"101{d % 3},2;{d % 5},5;{'-999' if d == 15 else d},1;3{d % 4},1;2;37{d % 7},5"
        for d in range(13, 23)
        for h in (6, 18)
    ]
    text = "\n".join(["A cruise", f"{names};SAL;QF;fCO2_SST_uatm", *rows])
    path = tmp_path / name
    path.write_text(text.replace("-999,1", "-999"))
    return path


def test_the_whole_text_of_a_draft(tmp_path):
    text, questions = draft_platform([write(tmp_path)])
    assert text == WHOLE
    assert questions == [
        'kind: "ship", "mooring", "surface_vehicle" or "drifter"',
        "SST: no unit is given: is it degree_Celsius?",
    ]
    platform = guessed_platform(write(tmp_path))
    assert platform.platform_code == "06AQ"
    assert platform.path == "guess for cruise_2024.csv"


def test_streams_of_other_columns_follow_the_one_with_co2(tmp_path):
    other = tmp_path / "a.csv"
    rows = "\n".join(f"2024-03-{d:02d} 00:00,{d}.5,{d}.25" for d in range(13, 23))
    other.write_text(f"DATETIME,AIRTEMP_C,SST_C\n{rows}\n")
    text, questions = draft_platform([other, write(tmp_path)])
    streams = tomllib.loads(text)
    assert list(streams["files"]) == ["data", "data2"]
    assert streams["files"]["data2"]["time"] == {
        "columns": ["DATETIME"],
        "format": "%Y-%m-%d %H:%M",
    }
    assert streams["files"]["data2"]["separator"] == "comma"
    assert streams["variables"]["T_atm"] == {
        "file": "data2",
        "column": "AIRTEMP_C",
        "units": "degree_Celsius",
    }
    assert streams["variables"]["SST"]["column"] == "SST"
    assert "no column is recognised as CO2" not in questions
    text, questions = draft_platform([other])
    assert "no column is recognised as CO2" in questions
    assert "platform_code: the ICES/NODC code of the platform" in questions
    assert 'platform_code = "????"     # CHECK: ICES/NODC code, 4 characters' in text
    assert 'name = "a"' in text


def test_a_table_that_cannot_be_guessed_names_its_questions(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n" + "1,2,3\n" * 9)
    with pytest.raises(ReadError, match="cannot guess its columns") as caught:
        guessed_platform(path)
    assert "no column looks like a time" in str(caught.value)
