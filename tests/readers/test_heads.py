"""Expocode and platform that a file names."""

import warnings

import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.errors import DataWarning
from oceanco2.readers import read

PLATFORM = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
separator = "comma"
header = {{ skip = {skip} }}
time = {{ {time} }}
[variables]
P_equ = {{ column = "p", units = "hPa" }}
{more}
"""
COLUMNS = 'columns = ["t"], format = "%Y-%m-%d %H:%M:%S"'


def lines_of(tmp_path, preamble="", more="", head="t,p", row=""):
    top = f"{preamble}\n" if preamble else ""
    text = f"{top}{head}\n2024-03-01 00:00:00,1012.0{row}\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    skip = len(preamble.splitlines())
    content = PLATFORM.format(skip=skip, time=COLUMNS, more=more)
    platform = platforms.parse(content.encode(), "x.toml")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(platform, [tmp_path / "a.csv"])
    return [str(w.message) for w in caught if w.category is DataWarning]


# ---- expocode and platform ----------------------------------------------------------

OTHER = "a.csv: it is of '33AT20240301', but x.toml of {!r}"
ANSWER = 'If this is right: [accepted] expocode = "why"'
META = '[metadata]\nexpocode = "ZZ9920240301"\n'


@pytest.mark.parametrize(
    ("preamble", "more", "own"),
    [
        ("Expocode: 33AT20240301", "", "ZZ99"),
        ("# expo code = 33at20240301", "", "ZZ99"),
        ("Expocode: 33AT20240301", META, "ZZ9920240301"),
        ("expocode ZZ9920240302", "", None),
        ("Expocode: ZZ9920240301", META, None),
        ("Expocode: unknown", META, None),
        ("platform_code: ZZ99", META, None),
        ("Platform code: 6901234", META, None),
    ],
)
def test_an_expocode_in_the_head(tmp_path, preamble, more, own):
    found = lines_of(tmp_path, preamble, more=more)
    assert found == ([f"{OTHER.format(own)}. {ANSWER}"] if own else [])


def test_a_platform_code_in_the_head(tmp_path):
    (line,) = lines_of(tmp_path, "platform_code: 33AT")
    assert line.startswith("a.csv: it is of '33AT', but x.toml of 'ZZ99'")
    answer = '[accepted]\nexpocode = "a renamed ship"\n'
    assert lines_of(tmp_path, "platform_code: 33AT", more=answer) == []


@pytest.mark.parametrize(
    ("code", "more", "count"),
    [
        ("33AT20240301", "", 1),
        ("ZZ9920240301", "", 0),
        ("ZZ9920240302", META, 1),
        ("zz9920240301-2", META, 0),
        ("", META, 0),
        ("-999", META, 0),
    ],
)
def test_an_expocode_in_a_column(tmp_path, code, more, count):
    found = lines_of(tmp_path, more=more, head="t,p,EXPOCODE", row=f",{code}")
    assert len(found) == count


def test_one_of_several_expocodes_is_enough(tmp_path):
    row = ",33AT20240301\n2024-03-01 01:00:00,1012.0,ZZ9920240301"
    assert lines_of(tmp_path, more=META, head="t,p,Expocode", row=row) == []


def test_attributes_of_a_netcdf(tmp_path):
    time = [0.0, 3600.0]
    data = {"p": ("time", [1012.0, 1013.0], {"units": "hPa"})}
    attrs = {"expocode": "33AT20240301"}
    ds = xr.Dataset(data, coords={"time": ("time", time)}, attrs=attrs)
    ds["time"].attrs["units"] = "seconds since 2024-03-01"
    ds.to_netcdf(tmp_path / "a.nc")
    text = PLATFORM.format(skip=0, time=COLUMNS, more="").replace("delimited", "netcdf")
    lines = [x for x in text.splitlines() if not x.startswith(("sep", "head", "time"))]
    platform = platforms.parse("\n".join(lines).encode(), "x.toml")
    with pytest.warns(DataWarning, match=r"a.nc: it is of '33AT20240301', but x.toml"):
        read(platform, [tmp_path / "a.nc"])
