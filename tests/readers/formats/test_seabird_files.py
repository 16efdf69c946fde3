"""A whole converted file of Sea-Bird: bad values, times, notes."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.formats.seabird import read_seabird
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns

HEAD = [
    "* Sea-Bird SBE 21 Data File:",
    "# name 0 = timeS: time, elapsed [seconds]",
    "# name 1 = t090C: temperature",
    "# name 2 = sal00: salinity",
    "# interval = seconds: 10",
    "# start_time = Apr 12 2024 00:00:05 [x]",
    "# bad_flag = -9.990e-29",
]
ROWS = ["*END*", " 0 12.5 -9.990e-29", " 60 -9.990e-29 35.5"]


def read(lines, texts=(), numbers=("t090C", "sal00")):
    raw = RawFile("x.cnv", "\n".join(lines).encode(), "")
    definition = FileDefinition(reader="seabird_cnv")
    return read_seabird(definition, raw, RequiredColumns.of(texts, numbers))


def seconds(table):
    start = np.datetime64("2024-04-12T00:00:05").astype(int)
    return (table.column("seconds since 1970") - start).tolist()


def test_bad_values_are_missing():
    table = read(HEAD + ROWS)
    np.testing.assert_array_equal(table.column("t090C"), [12.5, np.nan])
    np.testing.assert_array_equal(table.column("sal00"), [np.nan, 35.5])
    assert table.names == ["timeS", "t090C", "sal00", "seconds since 1970"]
    assert table.lines.tolist() == [9, 10]
    assert seconds(table) == [0.0, 60.0]
    without = read(HEAD[:-1] + ROWS)
    assert without.column("t090C").tolist() == [12.5, -9.99e-29]


def test_times_of_an_interval():
    lines = [line.replace("timeS", "scan") for line in HEAD]
    assert seconds(read(lines + ROWS)) == [0.0, 10.0]
    with pytest.raises(ReadError, match="no column timeY, timeJ or timeS"):
        read([x for x in lines if "interval" not in x] + ROWS)
    with pytest.raises(ReadError, match="no column timeY, timeJ or timeS"):
        read([x for x in HEAD if "start_time" not in x] + ROWS)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (HEAD, "not a converted Sea-Bird file: no line *END*; it starts '* Sea"),
        ([HEAD[0], *ROWS], "its header has no '# name 0 = ...'"),
    ],
)
def test_other_files(lines, message):
    with pytest.raises(ReadError) as caught:
        read(lines)
    assert str(caught.value).startswith(f"x.cnv: {message}")


def test_files_that_were_joined_have_their_own_headers():
    """The second record has its columns in another order and another start."""
    other = [
        HEAD[0],
        "# name 0 = sal00: salinity",
        "# name 1 = timeS: time, elapsed [seconds]",
        "# name 2 = t090C: temperature [ITS-90, deg C]",
        "# start_time = Apr 12 2024 01:00:05 [x]",
    ]
    table = read([*HEAD, *ROWS, *other, "*END*", " 35.75 30 13.5", " 35.5 90 14.5"])
    np.testing.assert_array_equal(table.column("t090C"), [12.5, np.nan, 13.5, 14.5])
    np.testing.assert_array_equal(table.column("sal00"), [np.nan, 35.5, 35.75, 35.5])
    assert seconds(table) == [0.0, 60.0, 3630.0, 3690.0]
    assert table.lines.tolist() == [9, 10, 17, 18]
    assert not table.damaged.any()
    # A record that ends in its header is named.
    with pytest.raises(ReadError, match=r"no line .END.; it starts '. Sea-Bird"):
        read([*HEAD, *ROWS, *other])
    assert read([*HEAD, *ROWS, *other, "*END*"]).lines.tolist() == [9, 10]
