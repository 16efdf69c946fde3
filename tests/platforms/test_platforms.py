"""Platform files: every shipped one is right, every wrong one is named."""

import json

import pytest

from oceanco2 import pipeline, platforms
from oceanco2.errors import DataWarning, PlatformError, UnknownNameError

TEXT = platforms.available()["demo_ship"].read_text()
EXAMPLE = """
schema = 1
name = "G.O. Sars"
kind = "ship"
platform_code = "58G2"
call_sign = "LMEL"
[files.analyser]
reader = "general_oceanics"
pattern = "*dat.txt"
[files.tsg]
reader = "delimited"
pattern = "tsg_*.csv"
separator = ","
time = { columns = ["date", "time"], format = "%d/%m/%Y %H:%M:%S" }
missing = ["-999", "NaN"]
[runs]
"EQU" = "water"
"ATM" = "air"
"STD*" = "standard"
"*-DRAIN" = "same"
flushing_seconds = { water = 0, air = 0, standard = 0 }
[variables]
SST      = { file = "tsg", column = "SBE38", units = "degree_Celsius", sensor = "SBE38-0412", lag_seconds = 60 }
salinity = { file = "tsg", column = "Sal",   units = "1" }
T_equ    = { file = "analyser", column = "equ temp", units = "degree_Celsius", sensor = "PT100-1" }
P_equ    = { file = "analyser", sum = ["licor press", "equ press"], units = "mbar" }
xCO2     = { file = "analyser", column = "CO2 um/m", units = "umol mol-1", sensor = "LI-7000", dry = true }
[[sensors."PT100-1".calibrations]]
valid_from = 2024-01-12T00:00:00Z
polynomial = [0.012, 0.9998]
uncertainty = 0.02
certificate = "UiB-2024-003"
[[standards]]
run = "STD2"
xCO2 = 374.86
uncertainty = 0.06
scale = "WMO X2019"
cylinder = "CC311233"
valid_from = 2024-01-12T00:00:00Z
[qc.SST]
range = { questionable = [-2.0, 35.0], bad = [-10.0, 50.0] }
[metadata]
institution = "Geophysical Institute, University of Bergen"
investigators = ["..."]
"""  # noqa: E501


@pytest.mark.parametrize("name", platforms.available())
def test_every_shipped_platform_is_right(name):
    platform = platforms.load(name)
    pipeline.check(platform)
    assert len(platform.sha256) == 64
    attrs = platforms.describe(platform)
    assert attrs["platform_code"] == platform.platform_code


def test_who_measured_with_what_goes_into_the_attributes():
    platform = platforms.load("demo_ship")
    content = json.loads(platforms.describe(platform)["set_up"])
    assert content == platforms.set_up(platform)
    assert content["people"][0]["email"] == "nobody@example.org"
    assert content["equilibrator"]["vented"] is True
    assert content["variables"]["T_equ"] == {"sensor": "PT100", "uncertainty": 0.02}
    assert [gas["xCO2"] for gas in content["standards"]] == [
        0.0,
        248.42,
        374.86,
        501.27,
    ]
    plain = platforms.parse(EXAMPLE.encode(), "example.toml")
    assert not {"people", "funding", "equilibrator"} & platforms.set_up(plain).keys()


def test_the_example_of_the_architecture_is_accepted():
    platform = platforms.parse(EXAMPLE.encode(), "example.toml")
    with pytest.warns(DataWarning, match="no xCO2 can be calibrated: 1 non-zero gases"):
        pipeline.check(platform)
    assert platform.needs_raw("T_equ")
    assert not platform.needs_raw("SST")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('units = "mbar", sen', 'unit = "mbar", sen', ["[variables.P_equ]", "'units'"]),
        ("SST        =", "SSST =", ["[variables.SSST]", "'SST'"]),
        ('"EQU" = "water"', '"EQU" = "wtaer"', ["[runs]", "'water'"]),
        ('units = "mbar"', 'units = "mmbar"', ["[variables.P_equ]", "'mbar'"]),
        ("xCO2 = 374.86\n", "", ["[standards.2]", "lacks 'xCO2'"]),
        ('file = "tsg"', 'file = "tgs"', ["[variables.SST]", "'tsg'"]),
        ("schema = 1", "schema = 2", ["[schema] must be 1, not 2"]),
        ('kind = "ship"', 'kind = "shp"', ["must be one of ship, ", "'ship'?"]),
        ('name = "Demo Ship"', "name = 3", ["[name] must be text, not 3"]),
        ('"ZZ99"', '"ZZ99Z"', ["[platform_code] must match the pattern"]),
        ("[runs]", "[run]", ["'run'", "'runs'"]),
        ('column = "latitude",', "", ["[variables.latitude]", "column"]),
        (
            "height = 15.0",
            "height = 150.0",
            ["P_atm.height] must not be above 100, not 150.0"],
        ),
        ('name = "Demo Ship"\n', "", ["lacks 'name'"]),
        (
            "uncertainty = 0.02",
            "uncertainty = -0.02",
            ["must not be below 0, not -0.02"],
        ),
        ('format = "%d/%m/%Y %H:%M:%S"', 'format = "%d/%q"', ["[files.tsg.time]"]),
        ("[metadata]", '[metadata]\nsuggested_flag = "2"', ["suggested_flag"]),
        (
            'name = "Nobody, N."',
            'name = "Nobdy"',
            ["metadata.people.1", "'Nobody, N.'"],
        ),
        (
            'submitter = "Nob',
            'submitter = "Nub',
            ["metadata.submitter", "'Nobody, N.'"],
        ),
        ('"0000-0000-0000-0000"', '"0000"', ["metadata.people.0.orcid"]),
        ("vented = true", 'ventd = "yes"', ["[equilibrator]", "'vented'"]),
        ("vented = true", 'vented = "x"', ["must be true or false, not 'x'"]),
        ("uncertainty = 0.02", 'uncertainty = "x"', ["must be a number, not 'x'"]),
    ],
)
def test_wrong_files_name_file_table_and_right_word(old, new, words):
    assert old in TEXT
    with pytest.raises(PlatformError) as caught:
        platforms.parse(TEXT.replace(old, new, 1).encode(), "ship.toml")
    text = str(caught.value)
    assert text.startswith("ship.toml: ")
    assert "\n" not in text
    for word in words:
        assert word in text


def test_not_toml_and_not_there(tmp_path):
    with pytest.raises(PlatformError, match="not valid TOML"):
        platforms.parse(b"schema = ", "x.toml")
    with pytest.raises(PlatformError, match="not UTF-8"):
        platforms.parse(b"\xff\xfe\x00", "x.toml")
    with pytest.raises(PlatformError, match="no such file"):
        platforms.load(tmp_path / "none.toml")
    with pytest.raises(UnknownNameError, match="Did you mean 'demo_ship'"):
        platforms.load("demo_shp")


def test_metadata_reach_the_attributes():
    text = 'publisher_name = "P"\nkeywords = "k"\n[metadata.attributes]\nchief = 7\n'
    platform = platforms.parse(f"{EXAMPLE}{text}".encode(), "example.toml")
    attrs = platforms.describe(platform)
    assert (attrs["publisher_name"], attrs["keywords"], attrs["chief"]) == ("P", "k", 7)
    assert "investigators" not in attrs
    assert attrs["creator_name"] == "..."


def test_a_folder_of_ones_own(tmp_path, monkeypatch):
    (tmp_path / "my_ship.toml").write_text(TEXT.replace("Demo Ship", "My Ship"))
    monkeypatch.setenv("OCEANCO2_PLATFORMS", str(tmp_path))
    assert platforms.load("my_ship").name == "My Ship"
    monkeypatch.setenv("OCEANCO2_PLATFORMS", str(tmp_path / "nowhere"))
    with pytest.raises(PlatformError, match="nowhere"):
        platforms.load("my_ship")
