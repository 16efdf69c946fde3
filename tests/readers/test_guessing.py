"""Layouts of unknown tables: every format, code and name that is recognised."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import guessing
from oceanco2.readers.guessing import Layout, find_layout


def layout_of(**columns):
    """A layout with some columns of texts."""
    cells = [np.array(c, dtype=object) for c in columns.values()]
    return Layout("a.csv", names=list(columns), columns=cells, rows=len(cells[0]))


def table(header, *rows, comment=()):
    return "\n".join([*comment, header, *rows]).encode()


ROWS = [f"{i}.5,{i},{i * i}" for i in range(1, 9)]


# ---- layouts ------------------------------------------------------------------------


def test_a_plain_table():
    layout = find_layout(table("a,b, c ,", *ROWS), "a.csv")
    assert layout.names == ["a", "b", "c"]
    assert (layout.separator, layout.decimal) == (",", ".")
    assert (layout.skip, layout.until, layout.comment) == (0, None, None)
    assert (layout.units, layout.missing, layout.questions) == ([], [], [])
    assert layout.rows == 8
    assert layout.reader == "delimited"
    assert layout.numbers(2).tolist() == [i * i for i in range(1, 9)]
    assert layout.unit(0) == layout.unit(99) == ""


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|", " "])
def test_every_separator(separator):
    rows = [row.replace(",", separator) for row in ROWS]
    layout = find_layout(table(separator.join("abc"), *rows), "a")
    assert layout.separator == separator
    assert layout.names == ["a", "b", "c"]


def test_a_row_of_units():
    layout = find_layout(table("a,b,c", "m,degC,", *ROWS), "a.csv")
    assert layout.units == ["m", "degC", ""]
    assert [layout.unit(i) for i in range(4)] == ["m", "degC", "", ""]
    assert layout.rows == 8
    # two rows of words are no units
    assert find_layout(table("a,b,c", "m,n,o", "p,q,r", *ROWS), "a").rows == 10


def test_lines_before_the_table():
    layout = find_layout(table("a,b,c", *ROWS, comment=["Cruise X", "", "y"]), "a.csv")
    assert (layout.skip, layout.until, layout.comment) == (3, None, None)
    layout = find_layout(table("a,b,c", *ROWS, comment=["# x,1,2", "#"]), "a.csv")
    assert (layout.comment, layout.names) == ("#", ["a", "b", "c"])
    assert layout.rows == 8
    head = ["", "/* DATA", "a,b,c", "*/"]
    layout = find_layout(table("a,b,c", *ROWS, comment=head), "a.tab")
    assert (layout.until, layout.skip, layout.rows) == ("*/", 0, 8)
    assert layout.names == ["a", "b", "c"]


def test_short_rows_are_counted_but_not_examined():
    layout = find_layout(table("a,b,c", *ROWS, "7", "8,9"), "a.csv")
    assert layout.rows == 10
    assert layout.columns[0].tolist()[-2:] == ["8.5", "8"]
    assert layout.columns[2].tolist()[-1] == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table("1,2,3", *ROWS), "line 1, the first of the table, contains numbers"),
        (table("x,2,3", *ROWS), "contains numbers"),
        (table("\n\n1,2,3", *ROWS), "line 3, the first"),
        (table("a,b,c"), "has column names but no rows"),
        (table("a,b,c", *["x,y,z"] * 9), "columns of numbers"),
        (table("a", *"123456789"), "not a text table"),
    ],
)
def test_tables_that_are_none(content, words):
    with pytest.raises(ReadError, match=words):
        find_layout(content, "a.csv")


def test_half_of_the_names_may_begin_with_a_digit():
    assert find_layout(table("a,2012", *["1,2"] * 4), "a").names == ["a", "2012"]


def test_decimal_commas():
    rows = [f"{i},5;{i};-{i},25" for i in range(1, 9)]
    layout = find_layout(table("a;b;c", *rows), "a.csv")
    assert layout.decimal == ","
    assert layout.numbers(2).tolist() == [-i - 0.25 for i in range(1, 9)]
    mixed = [f"{i},5;{i}.5;{i}" for i in range(1, 9)]
    assert find_layout(table("a;b;c", *mixed), "a").decimal == "."
    lists = [f"x,{i};{i};a,b" for i in range(1, 9)]
    assert find_layout(table("a;b;c", *lists), "a").decimal == "."


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        *(("1,5", True), ("-1,5", True), ("1.5", False), ("1,", False)),
        *((",5", False), ("a,5", False), ("1,5,2", False), ("", False)),
    ],
)
def test_what_has_a_decimal_comma(cell, found):
    assert guessing._has_decimal_comma(cell) is found


CODES = "-999 -9999 -99 -999.9 -999.99 -99999 99999"


@pytest.mark.parametrize("code", CODES.split())
def test_codes_for_missing_values(code):
    rows = [f"{i}.5,{code if i > 5 else i}" for i in range(1, 9)]
    layout = find_layout(table("a,b", *rows), "a.csv")
    assert [float(c) for c in layout.missing] == [float(code)]
    assert np.isnan(layout.numbers(1)[5:]).all()
    assert layout.questions == []
    # a code between other values is a value
    sign = -1 if code.startswith("-") else 1
    more = [f"{i}.5,{sign * 1e6 * i}" for i in range(1, 3)]
    beyond = [*rows, *more, *[f"1,{-sign * 1e6}"]]
    assert find_layout(table("a,b", *beyond), "a.csv").missing == []


@pytest.mark.parametrize("code", ["-9", "-9.999"])
def test_codes_that_may_be_values_must_occur_twice(code):
    once = [f"{i}.5,{code if i > 5 else i}" for i in range(1, 9)]
    layout = find_layout(table("a,b", *once), "a.csv")
    assert layout.missing == []
    assert layout.questions == [f"is {code} a missing value?"]
    twice = [f"{row},{code}" for row in once]
    layout = find_layout(table("a,b,c", *twice), "a.csv")
    assert layout.missing == [code]
    assert layout.questions == []


def test_codes_at_either_end():
    cells = [str(i) for i in range(1, 9)]
    layout = layout_of(a=["-999", *cells], b=[*cells, "99999"])
    assert guessing._missing_codes(layout) == ["-999", "99999"]
    layout = layout_of(a=["x"], b=["5"])
    assert guessing._missing_codes(layout) == []


@pytest.mark.parametrize(
    ("row", "share"),
    [
        (["a", "b"], 0.0),
        (["a", "1"], 0.5),
        (["", " 1,5 ", "-2"], 1.0),
        (["2011-x", "nan", "b", "c"], 0.5),
        ([""], 0.0),
    ],
)
def test_share_of_numbers(row, share):
    assert guessing._share_of_numbers(row) == share


def test_names_in_letters_and_digits():
    assert guessing.simplify_name("Sea surface-temp. (C) 2") == "SEASURFACETEMPC2"


def test_every_nth_row_of_a_long_table_is_examined(monkeypatch):
    monkeypatch.setattr(guessing, "_MOST_ROWS", 4)
    layout = find_layout(table("a,b,c", *ROWS), "a.csv")
    assert layout.rows == 8
    assert layout.columns[1].tolist() == ["1", "3", "5", "7"]


def test_columns_that_a_reader_has_found(monkeypatch):
    from types import SimpleNamespace

    cells = {0: np.array(["1", "-999", "3"], object)}
    raw = SimpleNamespace(
        lines=np.arange(3),
        cells=cells,
        names=["a", " B "],
        units={"b": {"m": 1}},
        standard_names={"a": "depth"},
    )
    layout = guessing.layout_of_table(raw, "f", "netcdf")
    assert (layout.reader, layout.rows, layout.names) == ("netcdf", 3, ["a", " B "])
    assert layout.units == ["", "m"]
    assert layout.standard_names == {"a": "depth"}
    assert layout.columns[1].tolist() == ["", "", ""]
    assert layout.missing == ["-999"]
    monkeypatch.setattr(guessing, "_MOST_ROWS", 1)
    again = guessing.layout_of_table(raw, "f", "netcdf")
    assert again.columns[0].tolist() == ["1"]
