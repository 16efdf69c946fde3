"""Small parts of a check: arrays, neighbours, readers of options, order of limits."""

from math import inf, nan

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.qc import check
from oceanco2.qc.check import Number, Options, Series
from oceanco2.qc.checks.series import FlowDropOptions, RangeOptions, SpikeOptions


def test_arrays_of_checks():
    whole = np.arange(6)[::2]
    floats = check.as_floats(whole)
    assert floats.dtype == np.float64
    assert floats.flags["C_CONTIGUOUS"]
    assert floats.tolist() == [0.0, 2.0, 4.0]
    flags = check.good(whole)
    assert (flags.dtype, flags.tolist()) == (np.int8, [2, 2, 2])
    assert check.NOTED == 1


def test_neighbours_on_both_sides():
    series = Series(np.array([1.0, 2.0, 4.0]), np.array([0.0, 5.0, 9.0]), np.arange(3))
    values, seconds = series.neighbours(-1)
    np.testing.assert_array_equal(values, [nan, 1.0, 2.0])
    np.testing.assert_array_equal(seconds, [nan, 0.0, 5.0])
    values, seconds = series.neighbours(1)
    np.testing.assert_array_equal(values, [2.0, 4.0, nan])
    np.testing.assert_array_equal(seconds, [5.0, 9.0, nan])
    values, seconds = series.neighbours(2)
    np.testing.assert_array_equal(values, [4.0, nan, nan])
    np.testing.assert_array_equal(seconds, [9.0, nan, nan])


@pytest.mark.parametrize("value", [0, 0.0, 1.5, inf])
def test_numbers(value):
    assert check._read_number(value) == value


@pytest.mark.parametrize("value", [-1, -1e-9, nan, True, "1", None, [1.0]])
def test_no_numbers(value):
    with pytest.raises(ValueError, match="must be a number that is not negative"):
        check._read_number(value)


@pytest.mark.parametrize("value", [1, 2.0, 31])
def test_counts(value):
    found = check._read_count(value)
    assert (found, type(found)) == (value, int)


@pytest.mark.parametrize("value", [0, 0.5, 1.5, -3, nan, True, "3"])
def test_no_counts(value):
    with pytest.raises(ValueError, match="must be a whole number from 1, not"):
        check._read_count(value)


def test_pairs():
    for value in ([1, 2], (1, 2), [2, 2], (-inf, inf)):
        assert check._read_pair(value) == tuple(value)
    for value in ([1], [1, 2, 3], 1, "12", [1, "2"], [True, 2], [nan, 2]):
        with pytest.raises(
            ValueError, match=r"must be two numbers \[lowest, highest\]"
        ):
            check._read_pair(value)
    with pytest.raises(ValueError, match=r"must be \[lowest, highest\], not \[2, 1\]"):
        check._read_pair([2, 1])


def test_text():
    assert check._read_text("") == ""
    with pytest.raises(ValueError, match="must be text"):
        check._read_text(1)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"questionable": 2.0, "bad": 1.0}, True),
        ({"questionable": 1.0, "bad": 1.0}, False),
        ({"questionable": 1.0, "bad": 2.0}, False),
        ({"questionable": 2.0}, False),
        ({"bad": 1.0}, False),
        ({"questionable": "2", "bad": 1.0}, False),
    ],
)
def test_order_of_limits(options, refused):
    if refused:
        with pytest.raises(OptionError) as caught:
            SpikeOptions.validate_order(options)
        assert str(caught.value) == "'bad' must not be below 'questionable': 1.0, 2.0"
    else:
        SpikeOptions.validate_order(options)
    FlowDropOptions.validate_order(options)  # lower limits: bad is the lower one


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "needs a limit"),
        ({"questionable": [0, 9], "bad": [1, 10]}, r"\[1, 10\], \[0, 9\]"),
        ({"questionable": [0, 9], "bad": [0, 8]}, "'bad' must enclose"),
        ({"questionable": [0, 9], "bad": [0, 9]}, ""),
        ({"questionable": [0, 9]}, ""),
        ({"bad": [0, 9]}, ""),
    ],
)
def test_order_of_ranges(options, words):
    if words:
        with pytest.raises(OptionError, match=words):
            RangeOptions.validate_order(options)
    else:
        RangeOptions.validate_order(options)


class OwnOptions(Options):
    """Options of a check of this test."""

    limit: Number
    share: Number = 0.5


def test_options_of_a_class():
    assert OwnOptions.defaults() == {"share": 0.5}
    assert Options.defaults() == {}
    assert OwnOptions.falling is False
    OwnOptions.validate_options({"limit": 1})
    for options, message in (
        ({}, "lacks 'limit'"),
        ({"limt": 1}, "no option named 'limt'. Did you mean 'limit'? Available:"),
        ({"limit": -1}, "'limit' must be a number that is not negative"),
        ({"limit": "x", "limt": 1}, "no option named 'limt'"),
    ):
        with pytest.raises(OptionError) as caught:
            OwnOptions.validate_options(options)
        assert str(caught.value).startswith(message)
    with pytest.raises(Exception, match="frozen"):
        OwnOptions(limit=1.0).limit = 2.0
