"""Layouts: lines before a table, separators, samples of rows, limits."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import guessing
from oceanco2.readers.guessing import Layout, find_layout

ROWS = [f"{i}.5,{i},{i * i}" for i in range(1, 9)]


def found(*lines):
    return find_layout("\n".join(lines).encode(), "a.csv")


@pytest.mark.parametrize("content", [b"", b"\n", b" \n \n", b"\n\n\n"])
def test_empty_files_are_no_tables(content):
    with pytest.raises(ReadError, match="the file is empty"):
        find_layout(content, "a.csv")
    assert guessing._after_comments(Layout("a"), content.decode().split("\n")) == 0
    assert guessing._after_comments(Layout("a"), []) == 0


def test_a_block_of_comments_ends_where_it_says():
    layout = found("", " /* x", "a,b,c", " */ ", "a,b,c", *ROWS)
    assert (layout.until, layout.skip, layout.rows) == ("*/", 0, 8)
    one_line = found("/* x */", "a,b,c", *ROWS)
    assert (one_line.until, one_line.rows) == ("*/", 8)
    # without an end it is no block, and without a beginning neither
    assert found("/* x", "a,b,c", *ROWS).until is None
    assert found("x */", "a,b,c", *ROWS).until is None


def test_marks_of_comments_in_the_first_fifty_lines():
    late = [*ROWS * 7, "# x"]
    assert found("a,b,c", *late[:48], "# x", *ROWS).comment == "#"
    assert found("a,b,c", *late[:49], "# x", *ROWS).comment is None
    layout = found("# a", "x,y,z", "1,2,3", "# b", *ROWS)
    assert (layout.comment, layout.rows) == ("#", 9)
    # rows that all begin with the mark are a table of their own
    assert guessing._after_comments(Layout("a"), ["#a,b", "#1,2"]) == 0
    layout = Layout("a")
    guessing._after_comments(layout, ["#a"] * 199 + ["b"])
    assert layout.comment == "#"
    layout = Layout("a")
    guessing._after_comments(layout, ["#a"] * 200 + ["b"])
    assert layout.comment is None


def test_the_separator_with_the_most_columns_wins():
    lines = [f"{i};{i},{i},{i}" for i in range(9)]
    assert guessing._choose_separator(lines, "a") == (",", 3)
    lines = [f"{i};{i};{i},{i}" for i in range(9)]
    assert guessing._choose_separator(lines, "a") == (";", 3)
    # equal numbers: the order of the separators, a tab first
    assert guessing._choose_separator(["1\t2,3"] * 9, "a") == ("\t", 2)


def test_more_than_twelve_columns_count_as_twelve():
    """Then the number of lines that have them decides."""
    wide = [",".join("1" * 20)] * 9
    assert guessing._choose_separator(wide, "a") == (",", 20)
    lines = [";".join(["1,1"] * 13)] * 9  # 13 with ;, 14 with ,
    assert guessing._choose_separator(lines, "a") == (",", 14)


@pytest.mark.parametrize(("good", "is_table"), [(39, False), (40, True), (41, True)])
def test_how_many_lines_must_have_the_columns(good, is_table):
    """Two columns in 40 of 100 lines give a score of 0.8."""
    varied = ["1,2"] * good + [",".join("1" * n) for n in range(3, 103 - good)]
    if is_table:
        assert guessing._choose_separator(varied, "a") == (",", 2)
    else:
        with pytest.raises(ReadError, match="not a text table"):
            guessing._choose_separator(varied, "a")


def test_one_column_is_no_table():
    with pytest.raises(ReadError, match="not a text table"):
        guessing._choose_separator(["1"] * 9, "a")
    with pytest.raises(ReadError):
        guessing._choose_separator([], "a")


@pytest.mark.parametrize(
    ("row", "stripped"),
    [
        ([" a ", "b", "", " "], ["a", "b"]),
        (["", ""], [""]),
        (["", "a"], ["", "a"]),
        ([], []),
    ],
)
def test_empty_cells_at_the_end(row, stripped):
    assert guessing._strip_row(row) == stripped
    assert guessing._count_cells(row) == len(stripped)


def test_a_header_may_lack_one_name():
    assert found("a,b", *ROWS).names == ["a", "b"]
    layout = found("x", "a,b,c", *ROWS)
    assert (layout.skip, layout.names) == (1, ["a", "b", "c"])


def test_units_have_no_numbers_and_the_next_row_has():
    assert found("a,b,c", "m,n,o", *ROWS).units == ["m", "n", "o"]
    assert found("a,b,c", "m,n,1", *ROWS).units == []
    assert found("a,b,c", "m,n,o", "x,y,1", *ROWS).units == ["m", "n", "o"]
    with pytest.raises(ReadError):
        found("a,b,c", "m,n,o")


def test_names_of_half_numbers():
    assert found("a,1", *["1,2"] * 4).names == ["a", "1"]
    with pytest.raises(ReadError, match="line 1, the first of the table"):
        found("a,1,2", *ROWS)


def test_rows_that_are_too_short_are_left_out_and_long_ones_cut():
    layout = found("a,b,c", *ROWS, "7", "8,9", "1,2,3,4")
    assert layout.rows == 11
    assert [c.size for c in layout.columns] == [10, 10, 10]
    assert [c[-1] for c in layout.columns] == ["1", "2", "3"]
    assert [c[-2] for c in layout.columns] == ["8", "9", ""]
    assert layout.columns[0].dtype == object


def test_decimals_are_judged_by_twenty_rows_of_each_column():
    rows = [f"{i},5;{i}" for i in range(20)] + [f"{i}.5;{i}.5" for i in range(40)]
    assert found("a;b", *rows).decimal == ","
    even = [f"{i},5;{i}.5" for i in range(20)]
    assert found("a;b", *even).decimal == "."
    # a comma between columns is no decimal comma
    assert found("a,b", *["1,5"] * 9).decimal == "."


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1", True), ("1,5", True), ("-1e3", True), ("x", False), ("1 2", False)],
)
def test_numbers(cell, number):
    assert guessing._is_number(cell) is number


def layout_of(**columns):
    cells = [np.array(c, dtype=object) for c in columns.values()]
    return Layout("a.csv", names=list(columns), columns=cells, rows=len(cells[0]))


def test_defaults_of_a_layout():
    layout = Layout("a")
    assert (layout.separator, layout.skip, layout.until, layout.comment) == (
        *(",", 0, None),
        None,
    )
    assert (layout.decimal, layout.rows, layout.reader) == (".", 0, "delimited")
    for empty in ("units", "names", "columns", "missing", "questions"):
        assert getattr(layout, empty) == []


def test_positions_of_units():
    layout = Layout("a", units=["m", "K"])
    assert [layout.unit(i) for i in range(3)] == ["m", "K", ""]


def test_codes_that_are_asked_for():
    cells = ["1", "2", "-9"]
    layout = layout_of(a=cells, b=["1", "2", "-9.999"])
    assert guessing._missing_codes(layout) == []
    assert layout.questions == ["is -9, -9.999 a missing value?"]
    layout = layout_of(a=cells, b=["1", "2", "-99"])
    assert guessing._missing_codes(layout) == ["-99"]
    assert layout.questions == []


def test_long_tables_are_sampled():
    layout = found("a,b", *[f"{i},{i}" for i in range(8001)])
    assert layout.rows == 8001
    assert layout.columns[0].size == 4001
    assert layout.columns[0][:3].tolist() == ["0", "2", "4"]
    assert found("a,b", *[f"{i},{i}" for i in range(7999)]).columns[0].size == 7999
