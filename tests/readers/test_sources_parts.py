"""Which raw file belongs to which definition, and what is hidden."""

from types import SimpleNamespace

import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import sources
from oceanco2.readers.sources import Source, assign_sources


def source(name, explicit=False, argument="folder"):
    return Source(name, name if explicit else argument, explicit, lambda: b"x")


class Platform:
    path = "p.toml"

    def __init__(self, variables=(), optional=(), **patterns):
        self.files = {
            name: SimpleNamespace(pattern=pattern, optional=name in optional)
            for name, pattern in patterns.items()
        }
        self.variables = dict(variables)

    def main_file(self):
        return next(iter(self.files))

    def file_of(self, name):
        return name


def assigned(platform, *given):
    found, messages = assign_sources(platform, given)
    return {n: [s.name for s in part] for n, part in found.items()}, messages


@pytest.mark.parametrize(
    ("pattern", "expected"), [("a*.txt", 5), ("*", 0), ("???", 0), ("a?c", 2)]
)
def test_specificity(pattern, expected):
    assert sources.specificity(pattern) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("a", ".b"), True),
        ((".a", "b"), True),
        (("__MACOSX", "b"), True),
        (("a.b", "_c"), False),
    ],
)
def test_hidden(parts, expected):
    assert sources._is_hidden(parts) is expected


def test_the_most_specific_pattern():
    platform = Platform(a="*.TXT", b="gps*.txt", c="GPS*.txt")
    found, messages = assigned(platform, source("x.txt"), source("GPS1.txt"))
    assert found == {"a": ["x.txt"], "b": ["GPS1.txt"], "c": ["GPS1.txt"]}
    assert messages == []


def test_one_file_that_is_named():
    platform = Platform(a="*.txt")
    assert assigned(platform, source("x.csv", True))[0] == {"a": ["x.csv"]}
    with pytest.raises(ReadError, match="folder: contains no file that matches any"):
        assigned(platform, source("x.csv"))
    two = Platform(a="*.txt", b="*.dat")
    with pytest.raises(ReadError, match=r"x.csv: matches none of the patterns"):
        assigned(two, source("x.csv", True))


REQUIRED = ["latitude", "longitude", "SST", "salinity", "T_equ", "P_equ", "P_atm"]
REQUIRED += ["xCO2", "pCO2_water_SST_wet", "fCO2_water_SST_wet", "xH2O_water"]


@pytest.mark.parametrize("name", REQUIRED)
def test_streams_that_are_required(name):
    platform = Platform({name: "b", "wind": "b"}, a="*.txt", b="*.dat")
    with pytest.raises(ReadError, match=rf"no raw file matches '\*.dat'.*\({name}\)"):
        assigned(platform, source("x.txt"))
    platform = Platform({name: "b", "wind": "b"}, ("b",), a="*.txt", b="*.dat")
    _, messages = assigned(platform, source("x.txt"))
    assert messages == [
        f"no raw file matches '*.dat' of [files.b] in p.toml: {name}, wind is missing"
    ]


def test_streams_that_are_not_required():
    platform = Platform({"xH2O": "b"}, a="*.txt", b="*.dat")
    _, messages = assigned(platform, source("x.txt"))
    assert messages[0].endswith("p.toml: xH2O is missing")
    _, messages = assigned(Platform(a="*.txt", b="*.dat"), source("x.txt"))
    assert messages[0].endswith("p.toml: nothing is missing")
    platform = Platform({}, ("a",), a="*.txt", b="*.dat")
    with pytest.raises(ReadError, match=r"no raw file matches '\*.txt'"):
        assigned(platform, source("x.dat"))


def test_files_of_folders(tmp_path):
    (tmp_path / "b.txt").write_bytes(b"2")
    (tmp_path / ".hidden").write_bytes(b"3")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_bytes(b"1")
    found = sources.find_sources([tmp_path])
    assert [(s.name, s.explicit) for s in found] == [
        ("b.txt", False),
        ("a.txt", False),
    ]
    assert [s.load().content for s in found] == [b"2", b"1"]
    single = sources.find_sources([tmp_path / "b.txt"])[0]
    assert single.explicit
    assert not sources.find_sources([tmp_path / "b*"])[0].explicit
    with pytest.raises(ReadError, match="no file matches"):
        sources.find_sources([tmp_path / "z*"])
    with pytest.raises(ReadError, match="no raw files given"):
        sources.find_sources([])
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match="the folder is empty"):
        sources.find_sources([tmp_path / "empty"])
