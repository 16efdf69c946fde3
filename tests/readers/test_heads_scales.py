"""Temperatures of Sea-Bird files on the scale that their head states."""

import warnings

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.errors import DataWarning
from oceanco2.readers import read
from oceanco2.readers.formats import seabird

HEAD = """* Sea-Bird SBE 45 Data File:
# nquan = 4
# name 0 = timeS: Time, Elapsed [seconds]
# name 1 = {one}
# name 2 = {two}
# name 3 = c0S/m: Conductivity [S/m]
# start_time = Jan 02 2024 00:00:00
# bad_flag = -9.990e-29
*END*
"""
PLATFORM = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.tsg]
reader = "seabird_cnv"
{calibration}
[variables]
{variables}
"""
CELL = 'T_conductivity = {{ column = "{}", units = "degree_Celsius" }}\n'
SST = 'SST = {{ column = "{}", units = "degree_Celsius" }}\n'
CONDUCTIVITY = 'conductivity = { column = "c0S/m", units = "S m-1" }\n'
OLD, NEW = "t068: Temperature [IPTS-68, deg C]", "t090C: Temperature [ITS-90, deg C]"


def found(tmp_path, variables, scale="", one=OLD, two=NEW, more=""):
    rows = "".join(f"  {i}.0  15.0  16.0  4.2914\n" for i in range(3))
    head = HEAD.replace("{one}", one).replace("{two}", two)
    (tmp_path / "b.cnv").write_text(head + rows, encoding="utf-8")
    calibration = f'[calibration]\ntemperature_scale = "{scale}"' if scale else ""
    text = PLATFORM.replace("{calibration}", calibration)
    text = text.replace("{variables}", variables) + more
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        platform = platforms.parse(text.encode(), "x.toml")
        ds = read(platform, [tmp_path / "b.cnv"])["tsg"]
    return ds, [str(w.message) for w in caught if w.category is DataWarning]


T90 = 15.0 / 1.00024


@pytest.mark.parametrize(
    ("variables", "name", "scale", "expected"),
    [
        (CELL.format("t068") + CONDUCTIVITY, "T_conductivity", "", T90),
        (CELL.format("t090C") + CONDUCTIVITY, "T_conductivity", "", 16.0),
        (CELL.format("t068") + CONDUCTIVITY, "T_conductivity", "IPTS-68", 15.0),
        (CELL.format("t090C") + CONDUCTIVITY, "T_conductivity", "ITS-90", 16.0),
        (SST.format("t068"), "SST", "", T90),
        (SST.format("t068"), "SST", "IPTS-68", T90),  # of no cell
        (SST.format("t068") + CONDUCTIVITY, "SST", "IPTS-68", 15.0),
        (
            SST.format("t068") + CELL.format("t090C") + CONDUCTIVITY,
            "SST",
            "ITS-90",
            T90,
        ),
    ],
)
def test_temperatures_are_on_the_scale_of_1990(
    tmp_path, variables, name, scale, expected
):
    ds, messages = found(tmp_path, variables, scale)
    np.testing.assert_allclose(ds[name], expected, rtol=1e-15)
    assert messages == []


@pytest.mark.parametrize(
    ("column", "scale", "other"),
    [("t068", "ITS-90", "IPTS-68"), ("t090C", "IPTS-68", "ITS-90")],
)
def test_the_platform_file_holds_and_is_named(tmp_path, column, scale, other):
    variables = CELL.format(column) + CONDUCTIVITY
    ds, messages = found(tmp_path, variables, scale)
    assert ds["T_conductivity"][0] == {"t068": 15.0, "t090C": 16.0}[column]
    assert messages == [
        f"b.cnv: column {column!r} is on {other}, but x.toml says [calibration]"
        f" temperature_scale = {scale!r}, which is used. If this is right: [accepted]"
        ' temperature_scale.T_conductivity = "why"'
    ]
    more = '[accepted]\ntemperature_scale = "checked"\n'
    assert found(tmp_path, variables, scale, more=more)[1] == []


def test_units_of_the_head(tmp_path):
    wrong = CONDUCTIVITY.replace("S m-1", "mS cm-1")
    _, messages = found(tmp_path, CELL.format("t090C") + wrong)
    (line,) = (m for m in messages if "'c0S/m' is in 'S/m'" in m)
    assert "says 'mS cm-1'" in line


@pytest.mark.parametrize(
    ("name", "stated", "scale"),
    [
        ("t038", "IPTS-68, deg C", "IPTS-68"),
        ("t38", "its-90, deg C", "ITS-90"),
        ("t068C", "", "IPTS-68"),
        ("tv268C", "", "IPTS-68"),
        ("tnc90C", "", "ITS-90"),
        ("t190F", "deg F", "ITS-90"),
        ("t090Cm", "", "ITS-90"),
        ("t38", "deg C", None),
        ("c0S/m", "S/m", None),
    ],
)
def test_scales_by_head_and_name(name, stated, scale):
    expected = {} if scale is None else {name.lower(): scale}
    assert seabird._scales([name], [stated]) == expected


def test_what_is_in_brackets():
    lines = [
        "# name 1 = t38: Temperature [x] SBE 38 [ITS-90, deg C]",
        "# name 0 = flag: flag",
    ]
    names, stated, _ = seabird._read_head(lines)
    assert names == ["flag", "t38"]
    assert stated == ["", "ITS-90, deg C"]
