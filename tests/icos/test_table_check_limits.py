"""Cells, times, flags and positions of ICOS tables on both sides of the limits."""

import math

import pytest

from oceanco2.icos import table_check
from oceanco2.icos.table_check import check_icos

NAMES = ["fCO2 [uatm]", "pCO2 [uatm]", "P_sal [psu]", "Temp [degC]"]
HEAD = ["Date/Time", "Latitude", "Longitude"]
HEAD += [text for name in NAMES for text in (name, f"{name} QC Flag")]
TIME = "2020-01-01T00:00:00.000Z"


def table(*changes, drop=(), add=()):
    """Table with a row for each dictionary of changes."""
    head = [name for name in HEAD if name not in drop] + list(add)
    lines = [",".join(head)]
    for change in changes:
        cells = {name: "2" if name.endswith("Flag") else "1" for name in head}
        cells |= {"Date/Time": TIME} | change
        lines.append(",".join(cells[name] for name in head))
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("", math.nan, ""),
        ("NaN", math.nan, ""),
        ("nan", math.nan, "'nan' is not a number"),
        ("1.5", 1.5, ""),
        ("-.5", -0.5, ""),
        ("5.", 5.0, ""),
        ("+1E-2", 0.01, ""),
        ("inf", math.nan, "'inf' is infinite"),
        ("-Infinity", math.nan, "'-Infinity' is infinite"),
        ("1e999", math.inf, "'1e999' is infinite"),
        ("x", math.nan, "'x' is not a number"),
        (" 1", math.nan, "' 1' is not a number"),
    ],
)
def test_numbers(cell, value, problem):
    read, text = table_check._number(cell)
    assert text == problem
    assert read == value or (math.isnan(read) and math.isnan(value))


@pytest.mark.parametrize(
    ("cell", "valid"),
    [
        (TIME, True),
        ("2020-01-01t00:00:00z", True),
        ("2020-01-01T00:00:00.123456789Z", True),
        ("2020-01-01T00:00:00.1234567891Z", False),
        ("2020-01-01T00:00:00", False),
        ("2020-13-01T00:00:00Z", False),
        ("2020-01-01 00:00:00Z", False),
        ("2020-01-01T24:00:01Z", False),
    ],
)
def test_times(cell, valid):
    text = table_check._time_problem(cell)
    assert text == (
        "" if valid else f"{cell!r} is not a time such as 2020-01-01T00:00:00.000Z"
    )


def test_good_table():
    later = "2020-01-03T00:00:00.000Z"
    made = check_icos(table({"Date/Time": later}, {}, {}))
    assert made.accepted
    assert made.refusals == ()
    assert (made.rows, made.positions, made.start, made.stop) == (3, 3, TIME, later)
    assert made.columns == tuple(HEAD)
    assert made.report() == {
        "accepted": True,
        "nRows": 3,
        "positions": 3,
        "start": TIME,
        "stop": later,
        "messages": [],
    }


@pytest.mark.parametrize(
    ("change", "column", "text"),
    [
        ({"Latitude": "90"}, "", ""),
        ({"Latitude": "-90"}, "", ""),
        ({"Latitude": "90.1"}, "Latitude", "90.1 beyond 90"),
        ({"Longitude": "-180"}, "", ""),
        ({"Longitude": "-180.1"}, "Longitude", "-180.1 beyond 180"),
        ({"Longitude": "180.1"}, "Longitude", "180.1 beyond 180"),
        ({"P_sal [psu]": "x"}, "P_sal [psu]", "'x' is not a number"),
        ({"P_sal [psu] QC Flag": ""}, "", ""),
        (
            *({"P_sal [psu] QC Flag": "22"}, "P_sal [psu] QC Flag"),
            "flag '22' is not one character",
        ),
    ],
)
def test_cells(change, column, text):
    made = check_icos(table({}, change))
    if text:
        (fault,) = made.refusals
        assert (fault.line, fault.column, fault.text) == (3, column, text)
        assert str(fault) == f"line 3: {column}: {text}"
        assert not made.accepted
        message = {"line": 3, "column": column, "text": text}
        assert made.report()["messages"] == [message]
    else:
        assert made.accepted


@pytest.mark.parametrize(
    ("flags", "positions"),
    [("22", 1), ("29", 1), ("99", 1), ("23", 0), ("42", 0), ("32", 0)],
)
def test_flags_of_positions(flags, positions):
    add = ("Latitude QC Flag", "Longitude QC Flag")
    row = dict(zip(add, flags, strict=True))
    made = check_icos(table(row, add=add))
    assert made.positions == positions
    expected = () if positions else ("no position with flag 2 or 9: no coverage",)
    assert tuple(map(str, made.refusals)) == expected
    assert check_icos(table(row, add=add), fixed_station=True).accepted


def test_missing_positions():
    made = check_icos(table({"Latitude": ""}, {}))
    assert (made.accepted, made.rows, made.positions) == (True, 2, 1)
    fixed = table({}, drop=("Latitude", "Longitude"))
    assert check_icos(fixed, fixed_station=True).accepted
    faults = check_icos(fixed).refusals
    assert [(f.line, f.column) for f in faults] == [(1, "Latitude"), (1, "Longitude")]


@pytest.mark.parametrize("name", [n for n in HEAD if n[0] in "fpPT"])
def test_required_columns(name):
    (fault,) = check_icos(table({}, drop=(name,))).refusals
    assert (fault.line, fault.column) == (1, name)


def test_tables_that_are_none():
    (fault,) = check_icos(table()).refusals
    assert str(fault) == "no rows of data"
    made = check_icos(table({}) + b"\n\n")
    assert (made.accepted, made.rows) == (True, 1)
    (fault,) = check_icos(b"a\nb\n\xff\n").refusals
    assert (fault.line, fault.text) == (3, "is not UTF-8 text")
    (fault,) = check_icos(table({}) + b"a,b\n").refusals
    assert (fault.line, fault.text) == (3, "2 fields, the header has 11")
    (fault,) = check_icos(table({}) + b'"a"b\n').refusals
    assert (fault.line, fault.column) == (3, "")
    assert fault.text.startswith("is not comma-separated text")
    (fault,) = check_icos(b'"a"b\n').refusals
    assert fault.line == 1
    (fault,) = check_icos(table({}, add=("Latitude",))).refusals
    assert str(fault) == "line 1: Latitude: 2 columns of this name"
