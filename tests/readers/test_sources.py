"""Files, globs, folders, zips: what is found, and what is said where nothing is."""

import io
import re
import zipfile

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.errors import DataWarning, ReadError, UnknownNameError
from oceanco2.platforms import parse
from oceanco2.readers import read
from tests.readers.conftest import small_platform

HEAD = "time,SST\n"
SST = 'SST = { column = "SST", units = "degC" }'


def rows(*hours):
    return "".join(f"2020-01-01 {h:02d}:00:00,{h}.5\n" for h in hours)


@pytest.fixture
def platform():
    return small_platform('pattern = "log*.csv"', SST)


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "raw" / "day1"
    inside.mkdir(parents=True)
    (inside / "log1.csv").write_text(HEAD + rows(1, 2))
    (inside / "LOG2.CSV").write_text(HEAD + rows(3))
    (inside / "readme.txt").write_text("no data")
    (inside / ".log3.csv").write_text("hidden")
    return tmp_path / "raw"


def hours(ds):
    return ds["SST"].to_numpy().tolist()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_folders_globs_files_and_zips_give_the_same(platform, folder, tmp_path):
    files = {"x/log1.csv": HEAD + rows(1, 2), "log2.csv": HEAD + rows(3), "r.txt": ""}
    (tmp_path / "all.zip").write_bytes(zipped(files))
    for paths in (
        folder,
        str(folder),
        [folder],
        [folder / "day1" / "log1.csv", folder / "day1" / "LOG2.CSV"],
        [str(folder / "**" / "*")],
        [str(folder / "day1" / "log*.csv"), str(folder / "day1" / "LOG*")],
        tmp_path / "all.zip",
    ):
        assert hours(read(platform, paths)["a"]) == [1.5, 2.5, 3.5]


def test_names_of_files_without_folders_are_kept(platform, folder):
    ds = read(platform, folder)["a"]
    assert ds.attrs["source_files"] == ["log1.csv", "LOG2.CSV"]
    assert all(len(d) == 64 for d in ds.attrs["source_files_sha256"])
    assert ds["source_file"].to_numpy().tolist() == [0, 0, 1]
    assert ds["source_row"].to_numpy().tolist() == [2, 3, 2]


def test_a_named_file_is_read_though_no_pattern_fits(platform, tmp_path):
    path = tmp_path / "other.dat"
    path.write_text(HEAD + rows(4))
    assert hours(read(platform, path)["a"]) == [4.5]


TWO = """
schema = 1
name = "Two"
kind = "ship"
platform_code = "99ZZ"
[files.log]
reader = "delimited"
pattern = "log*"
time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }
[files.tsg]
reader = "delimited"
pattern = "tsg*"
time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }
[variables]
latitude = { value = 0.0 }
longitude = { value = 0.0 }
SST = { column = "SST", units = "degC" }
NAME = { file = "tsg", column = "SST", units = "UNITS" }
"""


def two(name="salinity", units="1"):
    return parse(TWO.replace("NAME", name).replace("UNITS", units).encode(), "t.toml")


def test_a_named_file_that_no_pattern_fits_among_several(tmp_path):
    path = tmp_path / "other.dat"
    path.write_text(HEAD + rows(4))
    message = r"other\.dat: matches none of the patterns.*log\*.*tsg\*.* in t\.toml"
    with pytest.raises(ReadError, match=message):
        read(two(), path)


def test_a_stream_that_is_needed_must_have_files(tmp_path):
    (tmp_path / "log1").write_text(HEAD + rows(4))
    with pytest.raises(ReadError, match=r"'tsg\*' of \[files.tsg\].*\(salinity\)"):
        read(two(), tmp_path)


def test_a_stream_that_is_not_needed_is_missed_with_a_warning(tmp_path):
    (tmp_path / "log1").write_text(HEAD + rows(4))
    with pytest.warns(DataWarning, match=r"\[files.tsg\].*wind_speed is missing"):
        streams = read(two("wind_speed", "m s-1"), tmp_path)
    assert set(streams) == {"log"}


def test_the_more_exact_pattern_wins(tmp_path):
    text = TWO.replace('pattern = "log*"', 'pattern = "*"')
    text = text.replace("NAME", "salinity").replace("UNITS", "1")
    (tmp_path / "log1").write_text(HEAD + rows(4))
    (tmp_path / "tsg1").write_text(HEAD + rows(5))
    streams = read(parse(text.encode(), "t.toml"), tmp_path)
    assert streams["tsg"].attrs["source_files"] == ["tsg1"]
    assert streams["log"].attrs["source_files"] == ["log1"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("nowhere/log1.csv", "no such file or folder"),
        ("raw/day1/log11.csv", r"no such file or folder\. Did you mean 'log1\.csv'"),
        ("raw/*.dat", "no file matches"),
        (
            "raw/day1/*.txt",
            r"\*\.txt: contains no file that matches any of the patterns",
        ),
        ("empty", "the folder is empty"),
        ("broken.zip", "cannot be read as a zip"),
        ("hollow.zip", "the zip is empty"),
        ("other.zip", r"other\.zip: contains no file that matches any of the patterns"),
        ("a" * 300, "a+: "),
        ("nul\0byte", "nul"),
    ],
)
def test_what_is_not_there_is_named(platform, folder, tmp_path, argument, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 rubbish")
    (tmp_path / "hollow.zip").write_bytes(zipped({}))
    (tmp_path / "other.zip").write_bytes(zipped({"readme.txt": "x"}))
    good = folder / "day1" / "log1.csv"
    with pytest.raises(ReadError, match=message) as caught:
        read(platform, [good, f"{tmp_path}/{argument}"])
    assert "\n" not in str(caught.value)


def test_nothing_given(platform):
    with pytest.raises(ReadError, match="no raw files given"):
        read(platform, [])


def test_every_broken_byte_of_a_zip_gives_one_line(platform, tmp_path):
    whole = zipped({"log1.csv": HEAD + rows(*range(24))})
    path = tmp_path / "raw.zip"
    rng = np.random.default_rng(5)
    for cut in rng.integers(0, len(whole), 60):
        broken = bytearray(whole)
        broken[cut] ^= 0x55
        path.write_bytes(broken)
        message = ""
        try:
            assert read(platform, path)["a"].sizes["time"] == 24
        except ReadError as error:
            message = str(error)
        assert "\n" not in message


def test_an_unknown_reader():
    unknown = small_platform('reader = "delimitd"', SST)
    with pytest.raises((UnknownNameError, ReadError), match="Did you mean 'delimited'"):
        read(unknown, __file__)


# ---- the same whatever the order ---------------------------------------------------

LINES = [f"2020-01-{1 + i // 24:02d} {i % 24:02d}:00:00,{i}.25\n" for i in range(40)]


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    (folder / "log0.csv").write_text(HEAD + "".join(LINES))
    return read(small_platform('pattern = "log*.csv"', SST), folder)["a"]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_files_in_any_order_twice_or_overlapping(tmp_path_factory, reference, data):
    cut = data.draw(st.integers(1, 38))
    overlap = data.draw(st.integers(0, min(cut - 1, 10)))
    folder = tmp_path_factory.mktemp("parts")
    (folder / "log9.csv").write_text(HEAD + "".join(LINES[:cut]))
    (folder / "log1.csv").write_text(HEAD + "".join(LINES[cut - overlap :]))
    (folder / "log5.csv").write_text(HEAD + "".join(LINES[cut - overlap :]))
    paths = sorted(folder.iterdir())
    order = data.draw(st.lists(st.sampled_from(paths), min_size=0, max_size=4))
    platform = small_platform('pattern = "log*.csv"', SST)
    first = read(platform, paths)["a"]
    again = read(platform, [*order, *data.draw(st.permutations(paths))])["a"]
    xr.testing.assert_identical(first, again)
    np.testing.assert_array_equal(first["SST"], reference["SST"])
    np.testing.assert_array_equal(first["time"], reference["time"])
    assert first.attrs["rows_duplicated"] == overlap
    assert first.attrs["source_files"] == ["log9.csv", "log1.csv"]


def test_rows_of_one_time_that_differ_are_all_kept(reading):
    text = HEAD + "2020-01-01 00:00:00,1\n2020-01-01 00:00:00,2\n" * 2
    ds = reading(text, SST)
    assert hours(ds) == [1.0, 2.0]
    assert ds.attrs["rows_duplicated"] == 2
    assert ds.attrs["rows_read"] == 4


def test_times_that_go_backwards_are_sorted(reading):
    ds = reading(HEAD + rows(5, 3, 4), SST)
    assert hours(ds) == [3.5, 4.5, 5.5]
    assert ds["source_row"].to_numpy().tolist() == [3, 4, 2]
    assert ds["time"].dtype == "datetime64[ns]"


def test_one_empty_file_among_others_is_a_warning(reading):
    files = {"a.csv": HEAD + rows(1), "b.csv": "", "c.csv": HEAD}
    with pytest.warns(DataWarning) as caught:
        ds = reading(files, SST)
    text = sorted(str(w.message) for w in caught)
    assert text == ["b.csv: the file is empty", "c.csv: has a header but no rows"]
    assert hours(ds) == [1.5]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", r"a\.csv: the file is empty"),
        (b" \r\n\r\n", "the file is empty"),
        (b"\x00" * 500, "the file is empty"),
        (b"time,SST\n", "has a header but no rows"),
        (b"time,SST\n\n  \n", "has a header but no rows"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "is a PNG image"),
        (b"\x89HDF\r\n\x1a\n" + b"x" * 99, "HDF5 or netCDF-4"),
        (b"CDF\x01" + b"\x00" * 99, "is a netCDF file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"x" * 99, "Excel"),
        (b"PK\x03\x04" + b"x" * 99, "zip or Excel"),
        (b"\x1f\x8b\x08" + b"x" * 99, "gzip"),
        (bytes(range(256)) * 20, "binary content"),
        (b"ab\x00c\x00\x00" * 50, "binary content"),
        (b"date;temp\n1;2\n", r"no column named 'time'.*Available: date, temp"),
        (b"tme,SST\n1,2\n", r"no column named 'time'.*Did you mean 'tme'"),
        (b"time,STS\n2020-01-01 00:00:00,2\n", r"no column named 'SST'.*mean 'STS'"),
        (b"time,SST\nyesterday,2\n", r"cannot read times with.*'yesterday'"),
    ],
)
def test_what_is_no_table_gives_one_line(reading, content, text):
    with pytest.raises(ReadError, match=text) as caught:
        reading(content, SST)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("a.csv:")


def test_random_bytes_never_give_a_traceback(reading):
    rng = np.random.default_rng(1)
    for size in (1, 10, 1000, 50_000):
        with pytest.raises(ReadError):
            reading(rng.bytes(size), SST)


def test_messages_name_the_platform_file(reading):
    with pytest.raises(ReadError, match=re.escape("[variables.SST] of small.toml: no")):
        reading("time,b\n2020-01-01 00:00:00,2\n", SST)
