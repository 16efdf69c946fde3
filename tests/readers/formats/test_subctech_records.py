"""Records, units and GPS offset of SubCTech logs."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers.formats import subctech


def test_records_of_lines():
    lines = ["@NAME,a,b", "x@DATA,1@DATA,2", "@ODD,3", "", "text"]
    assert list(subctech._split_records(lines)) == [
        (1, "NAME", "a,b"),
        (2, "", "x"),
        (2, "DATA", "1"),
        (2, "DATA", "2"),
        (3, "", "@ODD,3"),
        (5, "", "text"),
    ]


@pytest.mark.parametrize(
    "tag", ["DATA", "SENSOR", "NAME", "UNIT", "A0", "A1", "A2", "MEAN", "RATE"]
)
def test_each_tag(tag):
    assert list(subctech._split_records([f"@{tag},1"])) == [(1, tag, "1")]


def test_groups():
    lines = ["@DATA,0", "serial", "@NAME,a,b,,", "@UNIT,m,\xbaC", "@DATA,1,2"]
    lines += ["lost", "@DATA,3,4", "@A0,1", "@NAME,c", "@DATA,5", "end"]
    content = subctech._group_records(lines, None)
    first, second = content.sections
    assert (first.names, first.units) == (["a", "b"], ["m", "degC"])
    assert (first.lines, first.rows) == ([5, 7], ["1,2", "3,4"])
    assert (second.names, second.lines, second.rows) == (["c"], [10], ["5"])
    assert content.texts == ["serial"]
    assert content.before_head == [1]
    assert content.unknown == [6, 11]
    content = subctech._group_records(["@DATA,0"], [" a "])
    assert [(s.names, s.lines) for s in content.sections] == [(["a"], [1])]
    assert content.before_head == []
    long = subctech._group_records(["x" * 300, "@NAME,a"], None)
    assert [len(t) for t in long.texts] == [200]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("\xb0C", "degC"), ("\xc2\xb0C", "degC"), ("\xb0", "deg"), (" mbar ", "mbar")],
)
def test_units(text, unit):
    assert subctech._unit(text) == unit


class Rows:
    def __init__(self, **columns):
        self.columns = columns

    def numbers(self, name):
        if name not in self.columns:
            raise ReadError(name)
        return self.columns[name], None

    def concatenate(self, _name):
        return np.zeros(2)


@pytest.mark.parametrize(
    ("gps", "used", "expected"),
    [
        (10203.0, "01:02:00", 3.0),
        (10203.9, "01:02:03", 0.0),
        (5.0, "23:59:55", 10.0),
        (235955.0, "00:00:05", -10.0),
        (120000.0, "00:00:00", -43200.0),
        (115959.0, "00:00:00", 43199.0),
        (0.0, "00:00:01", -1.0),
        (-1.0, "00:00:01", np.nan),
        (230000.0, "23:00:00", 0.0),
        (240000.0, "23:00:00", np.nan),
        (5900.0, "00:59:00", 0.0),
        (6000.0, "00:59:00", np.nan),
        (60.0, "00:00:59", 1.0),
        (61.0, "00:00:59", np.nan),
        (np.nan, "00:00:59", np.nan),
    ],
)
def test_offset_of_the_gps(gps, used, expected):
    rows = Rows(**{"GPS Time": np.array([gps])})
    times = np.array([f"2020-01-02T{used}"], "datetime64[ms]")
    np.testing.assert_array_equal(subctech._gps_offset(rows, times), [expected])
    clock = subctech._clocks(rows, times)["gps"]
    if np.isnan(expected):
        assert np.isnat(clock[0])
    else:
        assert clock[0] == times[0] + np.timedelta64(int(expected), "s")


def test_an_absent_column_is_missing():
    assert np.isnan(subctech._numbers_or_nan(Rows(), "FRAC")).all()
    assert subctech._numbers_or_nan(Rows(), "FRAC").shape == (2,)


def test_valves():
    assert subctech._RUNS == {
        "1": "standard",
        "2": "zero",
        "15": "standard",
        "18": "standard",
        "5": "water",
        "22": "air",
        "*": "ignored",
    }
