"""Lines to cells: separators, quotes, widths, headers; each part alone."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers import text_table
from oceanco2.readers.table import RequiredColumns
from oceanco2.readers.text_table import (
    SEPARATOR_NAMES,
    SEPARATORS,
    Head,
    fields,
    find_head,
    guess_separator,
    split_columns,
    split_rows,
)


def definition(**keys):
    return FileDefinition.model_validate({"reader": "delimited"} | keys)


def test_every_separator_has_a_name():
    names = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    assert names | {s: s for s in names.values()} == SEPARATORS
    assert {s: name for name, s in names.items()} == SEPARATOR_NAMES


@pytest.mark.parametrize(
    ("line", "separator"),
    [
        *(("a\tb", "\t"), ("a,b;c;d", ";"), ("a|b", "|"), ("a b", " "), ("", " ")),
        *(("a\tb;c", "\t"), ("a;b,c", ";"), ("a,b|c", ","), ("a,b,c\td", ",")),
    ],
)
def test_the_commonest_separator(line, separator):
    assert guess_separator(line) == separator
    assert guess_separator(line, ["1"]) == separator


@pytest.mark.parametrize(
    ("line", "rows", "separator"),
    [
        ("a, b, c\td", ["1\t2"], "\t"),
        ("a, b, c\td", ["1,2,3", "1\t2"], ","),
        ("a, b, c\td", ["1\t2", "1\t2", "1,2,3"], "\t"),
        ("a;b,c", ["1,0;2,0"], ";"),
        ("a,b,c", ["1\t2", "1\t2"], ","),  # only what the header has
        ("a b", ["1,2"], " "),
    ],
)
def test_the_separator_of_the_rows(line, rows, separator):
    assert guess_separator(line, rows) == separator
    head = find_head(definition(), ["# x", *[line][:0], line, "", *rows][1:], "f")
    assert head.separator == separator
    # So many rows are looked at.
    many = [*["1,2,3"] * 20, *["1\t2"] * 30]
    head = find_head(definition(), ["a, b, c\td", "", *many], "f")
    assert head.separator == ","


@pytest.mark.parametrize(
    ("line", "separator", "cells"),
    [
        (" a , b ", ",", ["a", "b"]),
        ("  a   b ", " ", ["a", "b"]),
        ("  ", " ", []),
        ("", ",", [""]),
        ('"a, b",c', ",", ["a, b", "c"]),
        ('a, "b ""c"""', ",", ["a", 'b "c"']),
        ('"a b"  c', " ", ["a b", "c"]),
        ('a"b,c', ",", ['a"b', "c"]),
    ],
)
def test_fields(line, separator, cells):
    assert fields(line, separator) == cells


def split(lines, width=2, separator=",", decimal=".", **texts):
    columns = {0: texts.get("a", False), 1: texts.get("b", False)}
    cells, damaged = split_columns(lines, width, separator, columns, decimal)
    return cells[0].tolist(), cells[1].tolist(), damaged.tolist()


def test_numbers_and_texts():
    lines = ["1,x", "2.5,y ", "NaN,", ",z"]
    one, two, damaged = split(lines, b=True)
    np.testing.assert_array_equal(one, [1.0, 2.5, np.nan, np.nan])
    assert two == ["x", "y", "", "z"]
    assert damaged == [False] * 4
    assert split(["1,2", "x,3"])[:2] == (["1", "x"], [2.0, 3.0])
    assert split(["1,2"], a=True)[0] == ["1"]
    assert split([]) == ([], [], [])
    assert split(["1,5;2", "3;4,25"], separator=";", decimal=",")[:2] == (
        [1.5, 3.0],
        [2.0, 4.25],
    )
    assert split(["1   2", "  3 4"], separator=" ")[:2] == ([1.0, 3.0], [2.0, 4.0])


def test_rows_of_another_width_keep_their_place():
    one, two, damaged = split(["1,2", "3", '"4",5', "6,7,", "8,9,x", "10,11"])
    assert one == [1.0, 3.0, 4.0, 6.0, 8.0, 10.0]
    np.testing.assert_array_equal(two, [2.0, np.nan, 5.0, 7.0, 9.0, 11.0])
    assert damaged == [False, True, False, False, True, False]


def test_a_text_in_an_irregular_row_makes_the_column_texts():
    one, two, _ = split(["1.50,2", ",3", '"x",4', '"6","?"'])
    assert one == ["1.5", "", "x", "6"]
    assert two == ["2.0", "3.0", "4", "?"]
    one, _, _ = split(["1,5;2", '"x";4'], separator=";", decimal=",")
    assert one == ["1,5", "x"]
    # codes for missing values are no texts
    one, _, _ = split(["1,2", '"na",4', '"",4'])
    np.testing.assert_array_equal(one, [1.0, np.nan, np.nan])
    # other spellings are kept as they are
    assert split(["1,2", '"n/a",4'])[0] == ["1.0", "n/a"]


@pytest.mark.parametrize(
    ("count", "total", "common"),
    [
        *((19, 100, False), (20, 100, True), (20, 200, True), (20, 201, False)),
        *((29, 300, False), (30, 300, True)),
    ],
)
def test_a_width_that_a_tenth_of_the_rows_have_is_no_damage(count, total, common):
    widths = np.array([3] * (total - count) + [2] * count)
    found = text_table._is_common_width(widths)
    assert found[-1] == common
    assert found[0] or total - count < 20
    lines = ["1,2,3"] * (total - count) + ["1,2"] * count
    damaged = split(lines, width=3)[2]
    assert damaged == [False] * (total - count) + [not common] * count


def short(*, lost, rows=25, columns=5):
    """Complete rows, and as many that lack one cell."""
    complete = [[i + 10 * c for c in range(columns)] for i in range(rows)]
    cut = [row[:lost] + row[lost + 1 :] for row in complete]
    lines = [",".join(map(str, row)) for row in [*complete, *cut]]
    wanted = dict.fromkeys(range(columns), False)
    return split_columns(lines, columns, ",", wanted, ".")


def test_rows_without_their_last_cells_are_no_damage():
    cells, damaged = short(lost=4)
    assert not damaged.any()
    assert np.isnan(cells[4][25:]).all()


@pytest.mark.parametrize(
    ("lost", "found"), [(0, True), (1, True), (2, True), (3, False)]
)
def test_rows_that_lost_a_cell_in_the_middle_are_damaged(lost, found):
    """The values of 5 rows are spread over 4, and shifted by 10."""
    lines = [",".join(str(i + 10 * c) for c in range(5)) for i in range(5)] * 10
    cut = [line.split(",") for line in lines]
    lines += [",".join(row[:lost] + row[lost + 1 :]) for row in cut]
    damaged = split_columns(lines, 5, ",", dict.fromkeys(range(5), False), ".")[1]
    assert damaged.tolist() == [False] * 50 + [found] * 50


def test_values_that_are_far_from_others():
    from oceanco2.readers.text_table import _is_far

    others = np.array([10.0, 12.0, np.nan])
    for values, far in (
        ([8.0], False),
        ([7.9], True),
        ([14.0], False),
        ([14.1], True),
        ([14.1, 11.0], False),
        ([14.1, 7.0, 11.0], True),
        ([np.nan], False),
        ([], False),
    ):
        assert _is_far(np.array(values), others) is far
    assert _is_far(np.array([1.0]), np.array([np.nan])) is False


def test_no_rows_have_no_common_width():
    found = text_table._is_common_width(np.array([], dtype=int))
    assert (found.size, found.dtype) == (0, np.dtype(bool))


def test_chunks_of_lines(monkeypatch):
    monkeypatch.setattr(text_table, "_CHUNK", 2)
    assert split(["1,2", "3,4", "5,6"])[:2] == ([1.0, 3.0, 5.0], [2.0, 4.0, 6.0])
    # a text in the last chunk only: all are texts
    assert split(["1.5,2", ",4", "x,6"])[0] == ["1.5", "", "x"]
    assert split(["x,2", "y,4", "5,6"])[0] == ["x", "y", "5.0"]


def head_of(*lines, **keys):
    head = find_head(definition(**keys), list(lines), "f")
    return head.start, head.names, head.separator, head.lines, head.notes


def test_heads():
    note = ["f: separator assumed to be comma"]
    assert head_of("a, b", "1,2") == (1, ["a", "b"], ",", {"a, b"}, note)
    assert head_of("", "a,b", separator=",") == (2, ["a", "b"], ",", {"a,b"}, [])
    skipped = head_of("x", "a,b", separator="comma", header={"skip": 1})
    assert skipped == (2, ["a", "b"], ",", {"a,b"}, [])
    until = {"until": " END"}
    assert head_of("x", " end of", "a,b", separator=",", header=until)[0] == 3
    units = {"units": 1}
    found = head_of("a,b", "m,n", "1,2", separator=",", header=units)
    assert found == (2, ["a", "b"], ",", {"a,b", "m,n"}, [])
    commented = head_of("# x", "a,b", separator=",", comment="#")
    assert commented == (2, ["a", "b"], ",", {"a,b"}, [])
    named = head_of("", "1;2", header={"rows": 0}, names=["p ", "q"])
    assert named == (
        0,
        ["p", "q"],
        ";",
        set(),
        ["f: separator assumed to be semicolon"],
    )
    renamed = head_of("a,b", separator=",", names=["p", "q"])
    assert renamed == (1, ["p", "q"], ",", {"a,b"}, [])


@pytest.mark.parametrize(
    ("keys", "lines", "message"),
    [
        ({}, [], "f: ends within its header"),
        ({"header": {"rows": 2}}, ["a,b"], "f: ends within its header"),
        ({"header": {"units": 1}}, ["a,b", ""], "f: ends within its header"),
        (
            {"header": {"until": "X"}},
            ["a"],
            "f: no line starts with 'X' (end of the header)",
        ),
    ],
)
def test_heads_that_are_not_there(keys, lines, message):
    with pytest.raises(ReadError) as caught:
        find_head(definition(**keys), lines, "f")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([["a", "b", ""]], ["a", "b"]),
        ([["a", "", "b"], ["x", "y"]], ["a|x", "a|y", "b|y"]),
        ([["", "a"], ["x", "y"]], ["|x", "a|y"]),
        ([["a"], ["x"], ["1"]], ["a|x|1"]),
        ([[], []], []),
    ],
)
def test_several_rows_of_names(rows, names):
    assert text_table.join_names(rows) == names


def test_rows_below_a_head():
    lines = ["t", "a,b", "1,2", "", " ", "# x", "a,b", "3,4", "5,6"]
    head = Head(2, ["a", "b"], ",", {"a,b"})
    wanted = RequiredColumns.of(["a"], ["b"])
    table = split_rows(definition(comment="#"), lines, head, (2, 8), wanted)
    assert table.lines.tolist() == [3, 8]
    assert table.lines.dtype == np.int32
    assert table.column("a").tolist() == ["1", "3"]
    assert table.column("b").tolist() == [2.0, 4.0]
    assert table.content.size == 2
    assert table.names == ["a", "b"]
    table = split_rows(definition(), lines, head, (2, 9), wanted)
    assert table.lines.tolist() == [3, 6, 8, 9]
    decimal = definition(decimal=",", separator=";")
    head = Head(0, ["a", "b"], ";")
    table = split_rows(decimal, ["1;2,5"], head, (0, 1), wanted)
    assert table.column("b").tolist() == [2.5]
