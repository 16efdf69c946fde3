"""The table of a file in a draft: only what differs from the defaults is written."""

import tomllib

import pytest

from oceanco2.readers.draft import _file_table
from oceanco2.readers.guessing import Layout


def drafted(**layout):
    text = _file_table(Layout("a.csv", **layout), ["a.csv"], "x", [])
    return tomllib.loads(text)["files"]["x"]


def test_a_plain_table_needs_no_more_than_its_separator():
    table = drafted()
    assert table["reader"] == "delimited"
    assert {"decimal", "comment", "header", "missing"} & set(table) == set()


@pytest.mark.parametrize(
    ("layout", "key", "value"),
    [
        ({"skip": 3}, "header", {"skip": 3}),
        ({"skip": 3, "comment": "#"}, "comment", "#"),
        ({"until": "*END*"}, "header", {"until": "*END*"}),
        ({"units": ["", "degC"]}, "header", {"units": 1}),
        ({"skip": 2, "units": ["degC"]}, "header", {"skip": 2, "units": 1}),
        ({"decimal": ","}, "decimal", ","),
        ({"missing": ["-999"]}, "missing", ["-999"]),
    ],
)
def test_each_part_of_a_layout(layout, key, value):
    assert drafted(**layout)[key] == value


def test_lines_of_comments_are_not_counted_twice():
    assert "header" not in drafted(skip=3, comment="#")
    assert "header" not in drafted(comment="#")


def test_another_reader_knows_its_separator_and_units():
    table = drafted(reader="sami", units=["degC"])
    assert "separator" not in table
    assert "header" not in table
