"""Small rules of the selection of rows, with values made by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.socat.upload import rows
from oceanco2.socat.upload.options import UploadOptions, _split, _suggested_flag


def test_first_reason_counts():
    reason = np.array(["", "", ""], dtype=object)
    rows._set_reason(reason, np.array([True, False, False]), "one")
    rows._set_reason(reason, np.array([True, True, False]), "two")
    assert reason.tolist() == ["one", "two", ""]
    assert rows._count_reasons(reason) == {"one": 1, "two": 1}


def test_repeated_rows():
    order = np.array([0, 1, 2, 3])
    time, place = np.array([1, 1, 1, 2]), np.array([5, 5, 6, 6])
    assert rows._repeated(order, time, place).tolist() == [False, True, False, False]
    assert rows._repeated(order[:1], time, place).tolist() == [False]
    assert rows._repeated(order[:2], time, place).tolist() == [False, True]
    assert rows._repeated(order[:0], time, place).size == 0


def test_coordinates_as_written():
    assert rows._rounded_as_written(np.array([1.000004, -179.999996])) == [1.0, -180.0]


def selection(water, air):
    water, air = np.array(water), np.array(air)
    return rows.Selection(
        np.arange(water.size), water, water, water, water, air, water == 0, {}
    )


def test_columns_that_are_needed():
    for flags, needed, commented in (
        ([0, 0], False, False),
        ([2, 0], True, False),
        ([2, 3], True, True),
        ([4, 0], True, True),
    ):
        made = selection([2, 2], flags)
        assert made.needs("WOCE_CO2_atm") is needed
        assert made.needs("comment_WOCE_CO2_atm") is commented
        assert made.needs("anything") is True


def test_values_that_are_written():
    made = selection([2, 0, 3], [0, 2, 4])
    values = np.array([1.0, 2.0, np.nan])
    for side, expected in (
        ("water", [True, False, False]),
        ("air", [False, True, False]),
        ("", [True, True, False]),
    ):
        column = xr.Dataset(attrs={"side": side})
        assert made.written(column, values).tolist() == expected
    assert made.flags("water").tolist() == [2, 0, 3]
    assert made.flags("air").tolist() == [0, 2, 4]
    assert made.names("water") != made.names("air")


def test_runs():
    ds = xr.Dataset()
    ((text, where),) = rows._run_reasons(ds, np.array([True, False]))
    assert text == "without a CO2 value of sea water"
    assert where.tolist() == [False, True]
    codes = rows.RUN_TYPES
    ds["run_type"] = ("time", [codes["water"], codes["water"], codes["air"]])
    found = dict(rows._run_reasons(ds, np.array([True, False, False])))
    assert found["water runs without a result"].tolist() == [False, True, False]
    assert found["air runs"].tolist() == [False, False, True]
    assert len(found) == len(codes)


def test_options():
    made = UploadOptions()
    assert (made.separator, made.missing, made.mark) == ("tab", "-999", "\t")
    assert (made.include_air, made.include_bad) == (False, True)
    assert made.suggested_flag is None
    assert UploadOptions("comma").mark == ","
    assert UploadOptions("semicolon").mark == ";"
    for wrong in (
        {"separator": "x"},
        {"missing": ""},
        {"missing": "-1"},
        {"include_air": "x"},
        {"include_bad": "x"},
        {"suggested_flag": "F"},
        {"suggested_flag": "S"},
    ):
        with pytest.raises(OptionError):
            UploadOptions(**wrong)


def test_suggested_flag():
    ds = xr.Dataset(attrs={"suggested_flag": "C"})
    assert _suggested_flag(ds, UploadOptions()) == "C"
    assert _suggested_flag(ds, UploadOptions(suggested_flag="A")) == "A"
    assert _suggested_flag(xr.Dataset(), UploadOptions()) == ""


def test_lists_of_names():
    assert _split(["a", 1]) == ["a", "1"]
    assert _split(("a",)) == ["a"]
    assert _split("a;b") == ["a", "b"]
    assert _split(None) == [""]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("separator", "x", "separator must be one of tab, comma, semicolon"),
        ("missing", "", "missing must be one of NA, N/A"),
        ("missing", "-1", "missing must be one of NA, N/A"),
        ("include_air", "x", "include_air must be one of True, False"),
        ("include_bad", "x", "include_bad must be one of True, False"),
        ("suggested_flag", "F", "suggested_flag must be one of A, B, C, D, E"),
    ],
)
def test_messages_name_the_option(option, value, words):
    with pytest.raises(OptionError) as caught:
        UploadOptions(**{option: value})
    assert str(caught.value).startswith(words)
