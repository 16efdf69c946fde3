"""Texts that mean missing, codes, thousands, and packed positions."""

import numpy as np
import pytest

from oceanco2.platforms import VariableSource
from oceanco2.readers.numbers import (
    BLANK,
    MISSING_TEXTS,
    to_degrees,
    to_half_circle,
    to_numbers,
)
from oceanco2.readers.text_table import split_columns

MISSING = ["", "nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "---", "-nan"]


def texts(*cells):
    return np.array(cells, dtype=object)


def test_all_texts_are_known():
    assert sorted(MISSING_TEXTS) == sorted(MISSING)
    assert set(BLANK) == {"", "NaN", "nan", "NAN", "NA", "na"}


@pytest.mark.parametrize("text", [*MISSING, *map(str.upper, MISSING), " NaN "])
@pytest.mark.parametrize("decimal", [".", ","])
def test_each_text_is_missing_and_readable(text, decimal):
    numbers, unreadable = to_numbers(texts(text, "2"), (), decimal)
    np.testing.assert_array_equal(numbers, [np.nan, 2.0])
    assert unreadable.tolist() == [False, False]


@pytest.mark.parametrize(
    "text", ["x", "----", "nul", "n.a.", "1 2", "1e", "inf", "--1"]
)
def test_other_texts_are_unreadable(text):
    numbers, unreadable = to_numbers(texts("1", text))
    np.testing.assert_array_equal(numbers, [1.0, np.nan])
    assert unreadable.tolist() == [False, True]
    known, unreadable = to_numbers(texts("1", text), [f" {text.upper()}"])
    np.testing.assert_array_equal(known, [1.0, np.nan])
    assert unreadable.tolist() == [False, False]


@pytest.mark.parametrize("blank", BLANK)
def test_blanks_do_not_make_a_column_of_texts(blank):
    cells, _ = split_columns(["1,2", f"{blank},3"], 2, ",", {0: False}, ".")
    assert cells[0].dtype == np.float64
    np.testing.assert_array_equal(cells[0], [1.0, np.nan])


def test_codes_of_numbers():
    cells = np.array([1.0, -999.0, np.inf, -99.9])
    numbers, unreadable = to_numbers(cells, ["-999", "-99,9", "x"], ",")
    np.testing.assert_array_equal(numbers, [1.0, np.nan, np.nan, np.nan])
    assert unreadable.tolist() == [False, False, True, False]
    assert cells[1] == -999.0  # the cells themselves are not changed
    numbers, unreadable = to_numbers(texts("-999.0", "-999", "1"), ["-999"])
    np.testing.assert_array_equal(numbers, [np.nan, np.nan, 1.0])
    assert not unreadable.any()


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        *(("1,234", ".", 1234.0), ("12,345.5", ".", 12345.5), ("0,123", ".", None)),
        *(
            ("1234,567", ".", None),
            ("1,23", ".", None),
            ("-1,234,567", ".", -1234567.0),
        ),
        *(
            ("1.234,5", ",", 1234.5),
            ("1.234.567", ",", 1234567.0),
            ("1.234", ",", None),
        ),
        *(
            (".5", ".", 0.5),
            ("5.", ".", 5.0),
            ("+5e-3", ".", 0.005),
            ("\u22125", ".", -5.0),
        ),
        *(
            ("1,5e2", ",", 150.0),
            ("1.5", ",", None),
            (".", ".", None),
            ("\u0661", ".", None),
        ),
    ],
)
def test_numbers_as_people_write_them(text, decimal, number):
    found, unreadable = to_numbers(texts(text), (), decimal)
    assert unreadable.tolist() == [number is None]
    assert np.isnan(found[0]) if number is None else found[0] == number


def degrees(name, cell, letters=None, decimal=".", **keys):
    source = VariableSource(column="a", **keys)
    cells = texts(cell) if isinstance(cell, str) else np.array([cell])
    given = None if letters is None else texts(letters)
    found, invalid = to_degrees(name, cells, source, given, decimal)
    assert invalid[0] == (np.isnan(found[0]) and bool(str(cell)))
    return None if invalid[0] else float(found[0])


DDMM, DDMMSS = {"format": "ddmm.mmmm"}, {"format": "ddmmss"}
APART = {"format": "dd mm.mmmm"}


@pytest.mark.parametrize(
    ("name", "cell", "keys", "expected"),
    [
        ("latitude", 5530.0, DDMM, 55.5),
        ("latitude", -5530.0, DDMM, -55.5),
        ("latitude", 5559.99, DDMM, 55 + 59.99 / 60),
        ("latitude", 5560.0, DDMM, None),
        ("longitude", 1234530.0, DDMMSS, 123 + 45 / 60 + 30 / 3600),
        ("longitude", 1236000.0, DDMMSS, None),
        ("longitude", 1234560.0, DDMMSS, None),
        ("longitude", 1235959.0, DDMMSS, 123 + 59 / 60 + 59 / 3600),
        ("latitude", "55 30", APART, 55.5),
        ("latitude", "55 30 36 S", APART, -55.51),
        ("latitude", "55 60", APART, None),
        ("latitude", "55 30 60", APART, None),
        ("latitude", "55.5 30", APART, None),
        ("latitude", "55", APART, None),
        ("latitude", "55 1 2 3", APART, None),
        ("latitude", 55.0, APART, None),
        ("latitude", "55.5N", {}, 55.5),
        ("latitude", "s 55.5", {}, -55.5),
        ("latitude", "N55.5S", {}, None),
        ("latitude", "-55.5N", {}, None),
        ("latitude", "55.5E", {}, None),
        ("latitude", "90N", {}, 90.0),
        ("latitude", "90.1N", {}, None),
        ("longitude", "180W", {}, -180.0),
        ("longitude", "180.1W", {}, None),
        ("longitude", 10.0, {"positive": "west"}, -10.0),
        ("longitude", 10.0, {"positive": "east"}, 10.0),
        ("latitude", 10.0, {"positive": "south"}, -10.0),
        ("latitude", 10.0, {"positive": "north"}, 10.0),
        ("latitude", "5530.0S", DDMM, -55.5),
        ("latitude", "5560.0S", DDMM, None),
        ("latitude", "1,234", {}, None),
    ],
)
def test_positions(name, cell, keys, expected):
    found = degrees(name, cell, **keys)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("name", "cell", "letter", "expected"),
    [
        *(("latitude", 5.0, "S", -5.0), ("latitude", 5.0, " north", 5.0)),
        *(("latitude", 5.0, "E", None), ("latitude", 5.0, "", None)),
        *(("latitude", -5.0, "S", None), ("longitude", 5.0, "w", -5.0)),
        *(("longitude", "5W", "W", -5.0), ("longitude", "5W", "E", None)),
        *(("longitude", 180.0, "E", 180.0), ("longitude", 181.0, "E", None)),
        *(("latitude", 90.0, "N", 90.0), ("latitude", 91.0, "N", None)),
    ],
)
def test_letters_of_a_column_of_their_own(name, cell, letter, expected):
    assert degrees(name, cell, letter) == expected


def test_decimal_commas_of_positions():
    assert degrees("latitude", "55,5", decimal=",") == 55.5
    assert degrees("latitude", "55,5N", decimal=",") == 55.5
    assert degrees("latitude", "55,5") is None
    assert degrees("latitude", 55.5, decimal=",") == 55.5


@pytest.mark.parametrize(
    ("longitude", "expected"),
    [
        *((180.0, 180.0), (180.5, -179.5), (360.0, 0.0), (360.5, 360.5)),
        *((-180.0, 180.0), (-179.5, -179.5), (-360.0, 0.0), (-360.5, -360.5)),
    ],
)
def test_longitudes(longitude, expected):
    assert to_half_circle(np.array([longitude])).tolist() == [expected]
