"""What contradicts itself in a platform file is told before data are read."""

import warnings

import pytest

from oceanco2 import pipeline, platforms
from oceanco2.cli import main
from oceanco2.errors import DataWarning, ProcessingError

RUNS = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
separator = "comma"
run_columns = ["type"]
time = { columns = ["time"], format = "%Y-%m-%dT%H:%M:%S" }
[runs]
"EQU" = "water"
"STD*" = "standard"
[variables]
latitude = { column = "lat" }
longitude = { column = "lon" }
SST = { column = "sst", units = "degree_Celsius" }
T_equ = { same_as = "SST" }
salinity = { value = 35.0 }
P_equ = { value = 1013.25 }
xCO2 = { column = "co2", units = "umol mol-1" }
"""


def standards(*pairs):
    lines = (
        f'[[standards]]\nrun = "STD{i}"\nxCO2 = {x}\nscale = "{scale}"\n'
        for i, (x, scale) in enumerate(pairs)
    )
    return "".join(lines)


def doubts(text):
    platform = platforms.parse(text.encode(), "x.toml")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pipeline.check(platform)
    assert all(w.category is DataWarning for w in caught)
    return [str(w.message) for w in caught]


MIXED = RUNS + standards((250.0, "WMO X2019"), (450.0, "WMO X2007"))


def test_scales():
    (line,) = doubts(MIXED)
    assert line.startswith("x.toml: [[standards]] are on 2 scales: X2019 (STD0)")
    assert line.endswith('[accepted] scales = "why"')
    assert doubts(f'{MIXED}[accepted]\nscales = "known"\n') == []
    assert doubts(f'{MIXED}[calibration]\nscale = "WMO X2019"\n') == []


def test_one_concentration():
    close = RUNS + standards((400.0, ""), (401.0, ""))
    (line,) = doubts(close)
    assert line.startswith(
        "x.toml: [[standards]] have nearly one concentration (400 to"
    )
    with_zero = close + standards((0.0, "")).replace("STD0", "STD9")
    assert len(doubts(with_zero)) == 1
    assert doubts(f"{with_zero}[calibration]\ninclude_zero = true\n") == []


def test_they_are_told_by_every_run_and_errors_if_strict(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.toml").write_text(MIXED, encoding="utf-8")
    rows = [
        f"2024-01-01T0{h}:00:00,{kind},10,20,15,{x}"
        for h, (kind, x) in enumerate(
            [("STD0", 250), ("STD1", 450), ("EQU", 380), ("STD0", 250), ("STD1", 450)]
        )
    ]
    table = "\n".join(["time,type,lat,lon,sst,co2", *rows, ""])
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    with pytest.warns(DataWarning, match="on 2 scales"):
        ds = pipeline.process("x.toml", "a.csv")
    assert [w for w in ds.attrs["warnings"] if "scales" in w]
    with pytest.raises(ProcessingError, match=r"strict: x.toml: .*on 2 scales"):
        pipeline.process("x.toml", "a.csv", strict=True)


def test_the_command_prints_valid_only_without_warnings(tmp_path, capsys):
    path = tmp_path / "x.toml"
    path.write_text(MIXED, encoding="utf-8")
    assert main(["platforms", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "valid" not in out.splitlines()
    assert "on 2 scales" in err
    path.write_text(MIXED.replace("X2007", "X2019"), encoding="utf-8")
    assert main(["platforms", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out.endswith("valid\n")
    assert err == ""
