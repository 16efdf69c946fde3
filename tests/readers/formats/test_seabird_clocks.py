"""Clocks, headers and bad values of Sea-Bird files."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers.formats import seabird
from oceanco2.readers.table import table_of

YEAR_2024 = 1_704_067_200.0
START = "Apr 12 2024 00:00:05 [Instrument's time stamp]"
START_SECONDS = 1_712_880_005.0


def seconds(clock, values, start=START, **more):
    columns = {clock or "x": np.array(values, dtype=float)}
    table = table_of(columns, np.arange(len(values)))
    settings = ({"start_time": start} if start else {}) | more
    return seabird._seconds(table, clock, settings, "f").tolist()


@pytest.mark.parametrize(
    ("clock", "value", "expected"),
    [
        ("timey", 100.0, 100.0),
        ("timen", 100.0, 100.0),
        ("timek", 100.0, 946_684_900.0),
        ("timeq", 100.0, 946_684_900.0),
        ("timej", 1.0, YEAR_2024),
        ("timejv2", 2.5, YEAR_2024 + 129_600.0),
        ("timescp", 2.0, YEAR_2024 + 86_400.0),
        ("times", 10.0, START_SECONDS + 10.0),
        ("timem", 10.0, START_SECONDS + 600.0),
        ("timeh", 10.0, START_SECONDS + 36_000.0),
    ],
)
def test_each_clock(clock, value, expected):
    assert seconds(clock, [value]) == [expected]
    if clock in ("timey", "timen", "timek", "timeq"):
        assert seconds(clock, [value], start="") == [expected]
    elif clock not in ("timem", "timeh"):
        with pytest.raises(ReadError, match="f: no time"):
            seconds(clock, [value], start="")


def test_intervals():
    found = seconds("", [0.0, 0.0, 0.0], interval="seconds: 6.5")
    assert found == [START_SECONDS + s for s in (0.0, 6.5, 13.0)]
    for more in ({}, {"interval": "decibars: 1"}):
        with pytest.raises(ReadError, match="f: no time"):
            seconds("", [0.0], **more)
    with pytest.raises(ReadError, match="f: no time"):
        seconds("", [0.0], start="", interval="seconds: 6.5")


@pytest.mark.parametrize(
    ("start", "days", "extra"),
    [
        ("Apr 12 2023 00:00:00", [1.0, 2.0], [0, 0]),
        ("Dec 31 2023 12:00:00", [365.5, 1.5], [0, 365]),
        # The last scan of a leap year may be on 30 December.
        ("Dec 30 2024 12:00:00", [365.5, 1.5], [0, 366]),
        ("Dec 31 2024 00:00:00", [366.0, 1.0, 2.0], [0, 366, 366]),
        ("Dec 31 2023 00:00:00", [365.0, np.nan, 1.0], [0, np.nan, 365]),
        ("Dec 31 2023 00:00:00", [365.5, 1.5, 366.5, 1.5], [0, 365, 365, 731]),
        ("Oct 28 2023 00:00:00", [301.0, 1.0], [0, 0]),
        ("Oct 28 2023 00:00:00", [301.1, 1.0], [0, 365]),
        # Started before the new year, and after it
        ("Dec 31 2023 23:59:50", [1.000694, 1.25], [365, 365]),
        ("Dec 31 2023 23:59:50", [np.nan, 1.25, 2.25], [np.nan, 365, 365]),
        ("Oct 28 2023 00:00:00", [1.0], [0]),
        ("Oct 28 2023 00:00:01", [1.0], [365]),
        ("Jan 1 2023 00:00:10", [365.9999, 1.0], [-365, 0]),
        ("Jan 1 2023 00:00:00", [301.0], [0]),
        ("Jan 1 2023 00:00:00", [301.01], [-365]),
        ("Jan 1 2023 00:00:00", [np.nan], [np.nan]),
    ],
)
def test_new_years(start, days, extra):
    found = np.array(seconds("timej", days, start))
    year = np.datetime64(f"{start.split()[2]}-01-01", "s").astype(int)
    expected = year + 86400.0 * (np.array(days) - 1.0 + extra)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (START, START_SECONDS),
        ("2024-04-12 00:00:05", START_SECONDS),
        ("", np.nan),
        ("x", np.nan),
    ],
)
def test_starts(text, expected):
    np.testing.assert_equal(seabird._parse_moment(text), expected)
    year = seabird._start_of_year(expected)
    np.testing.assert_equal(year, expected if np.isnan(expected) else YEAR_2024)


def test_heads():
    lines = [
        "# name 0 = timeS: Time, Elapsed [seconds]",
        "# name 2 = t090C: Temperature [deg C]",
        "# bad_flag = -9.990e-29 ",
        "# interval = seconds: 6",
        "# start_time = Apr 12",
        "* name 3 = no",
    ]
    names, _, settings = seabird._read_head(lines)
    assert names == ["timeS", "", "t090C"]
    assert settings == {
        "bad_flag": "-9.990e-29",
        "interval": "seconds: 6",
        "start_time": "Apr 12",
    }
    assert seabird._read_head([]) == ([], [], {})


def test_bad_values():
    columns = {"a": np.array([1.0, -9.99e-29]), "b": np.array(["x", "-9"], object)}
    table = table_of(columns, np.arange(2))
    seabird._mask_bad(table, "")
    assert table.column("a").tolist() == [1.0, -9.99e-29]
    seabird._mask_bad(table, "-9.990e-29")
    np.testing.assert_array_equal(table.column("a"), [1.0, np.nan])
    assert table.column("b").tolist() == ["x", "-9"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"* Sea-Bird SBE 21", True),
        (b"\n* sea-bird", True),
        (b"# nquan = 3\n# name 0 = x", True),
        (b"# name 0 = x", False),
        (b"# nquan = 3", False),
        (b"", False),
    ],
)
def test_sniffing(head, expected):
    assert seabird._sniff(head) is expected
