"""Messages of errors, word for word."""

from pathlib import Path

import pytest

from oceanco2 import errors

BASES = {
    "PlatformError": ValueError,
    "ReadError": ValueError,
    "UnitsError": ValueError,
    "OptionError": ValueError,
    "ProcessingError": ValueError,
    "FormulaError": ValueError,
    "UnverifiedError": NotImplementedError,
    "OutputError": OSError,
    "RegistrationError": ValueError,
    "UnknownNameError": KeyError,
    "RangeWarning": UserWarning,
    "DataWarning": UserWarning,
    "PluginWarning": UserWarning,
}


@pytest.mark.parametrize(("name", "base"), BASES.items())
def test_bases(name, base):
    family = "OceanCO2Warning" if name.endswith("Warning") else "OceanCO2Error"
    assert issubclass(getattr(errors, name), (base,))
    assert issubclass(getattr(errors, name), (getattr(errors, family),))
    assert str(getattr(errors, name)("text")) == "text"


def fault(kind, message, value):
    return errors.invalid_value({"type": kind, "msg": message, "input": value})


FAULTS = [
    ("Input should be a valid dictionary", "must be a table, not 1"),
    ("Input should be a valid string", "must be text, not 1"),
    ("Input should be a valid list", "must be a list, not 1"),
    ("Input should be a valid number", "must be a number, not 1"),
    ("Input should be a valid integer", "must be a whole number, not 1"),
    ("Input should be a valid boolean, unable", "must be true or false, not 1"),
    (
        "Input should be a valid date or datetime",
        "must be a date or time such as 2024-03-01, not 1",
    ),
    ("Input should be greater than or equal to 2", "must not be below 2, not 1"),
    ("Input should be greater than 0", "must be greater than 0, not 1"),
    ("Input should be greater than -2", "must be greater than -2, not 1"),
    ("Input should be less than or equal to 0", "must not be above 0, not 1"),
    ("String should match pattern '^a$'", "must match the pattern '^a$', not 1"),
    ("Input should be finite", "must be finite, not 1"),
    ("Value error, a reason", "a reason (is 1)"),
]


@pytest.mark.parametrize(("message", "expected"), FAULTS)
def test_faults(message, expected):
    assert fault("other", message, 1) == expected


def test_other_faults():
    text = fault("literal_error", "Input should be 'linear' or 'nearest'", "linaer")
    assert text == (
        "must be one of linear, nearest, not 'linaer'. Did you mean 'linear'?"
    )
    assert fault("other", "Value error, a reason", [1]) == "a reason"
    assert fault("other", "Value error, a reason", "b") == "a reason (is 'b')"
    assert fault("literal_error", "Input should be 1", 2) == "must be 1, not 2"


def test_choices():
    assert errors.choose("kind", 3, (2, 3)) == 3
    with pytest.raises(errors.OptionError) as caught:
        errors.choose("kind", 1, (2, "a"))
    assert str(caught.value) == "kind must be one of 2, a, not 1"
    with pytest.raises(errors.ReadError) as caught:
        errors.choose("kind", "b", ["abc"], "here", error=errors.ReadError)
    assert str(caught.value).startswith("here: kind must be one of abc, not 'b'")
    assert errors.choose_name("thing", "a", ["a", "b"]) == "a"
    with pytest.raises(errors.UnknownNameError) as caught:
        errors.choose_name("thing", "xyz", ["a", "b"])
    assert str(caught.value) == "no thing named 'xyz'. Available: a, b."
    with pytest.raises(errors.OptionError) as caught:
        errors.choose_name("thing", "xyz", [], "here", error=errors.OptionError)
    assert str(caught.value) == "here: no thing named 'xyz'. Available: none."


def test_suggestions():
    assert errors.did_you_mean("sst", ["SST", "salinity"]) == " Did you mean 'SST'?"
    assert errors.did_you_mean("sst", ["SST", "Sst"]) == " Did you mean 'SST'?"
    assert errors.did_you_mean("xyz", ["SST"]) == ""
    assert errors.did_you_mean("xyz", []) == ""
    text = errors.not_found("key", "abc", ["x"], similar=["abd"])
    assert text == "no key named 'abc'. Did you mean 'abd'? Available: x."
    text = errors.no_such_file(Path("a/data.csv"), ["date.csv"])
    assert text == "a/data.csv: no such file or folder. Did you mean 'date.csv'?"


def test_long_lists_are_cut():
    for length, cut in ((800, False), (801, True)):
        text = errors.not_found("key", "?", ["x" * length])
        expected = "x" * 800 + (" ..." if cut else "")
        assert text == f"no key named '?'. Available: {expected}."


def test_optional_libraries():
    assert errors.require_library("json", "x", "this").dumps({}) == "{}"
    with pytest.raises(errors.OptionError) as caught:
        errors.require_library("no_such_module.part", "plots", "a figure")
    assert str(caught.value) == (
        "a figure needs no_such_module, which is not installed:"
        " pip install 'oceanco2[plots]'"
    )
    with pytest.raises(errors.OutputError):
        errors.require_library("no_such_module", "x", "a", error=errors.OutputError)
