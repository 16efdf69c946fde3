"""Messages for values and names that are not allowed, and for missing libraries."""

import json
import pickle
import re

import pytest

from oceanco2.errors import (
    OceanCO2Error,
    OptionError,
    ReadError,
    UnknownNameError,
    choose,
    choose_name,
    did_you_mean,
    require_library,
)


def test_a_value_must_be_one_of_those_allowed():
    assert choose("format", "socat", ["netcdf", "socat"]) == "socat"
    message = "a.toml: format must be one of netcdf, socat, not 'scoat'. Did you mean"
    with pytest.raises(OptionError, match=f"^{message} 'socat'\\?$"):
        choose("format", "scoat", ["netcdf", "socat"], "a.toml")
    with pytest.raises(ReadError, match=r"^level must be one of 1, 2, not 3$"):
        choose("level", 3, (1, 2), error=ReadError)


def test_a_name_must_exist():
    assert choose_name("file", "raw", {"raw": 1}) == "raw"
    message = "no file named 'rwa'. Did you mean 'raw'. Available: raw, x."
    with pytest.raises(UnknownNameError, match=f"^{message}$") as caught:
        choose_name("file", "rwa", ["raw", "x"])
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(
        OptionError, match=r"^a: no file named 'b'\. Available: none\.$"
    ):
        choose_name("file", "b", (), "a", error=OptionError)


def test_an_optional_library_is_named_with_its_extra():
    assert require_library("json", "viz", "a figure") is json
    command = re.escape("pip install 'oceanco2[excel]'")
    message = f"^.xls needs nothing_here, which is not installed: {command}$"
    with pytest.raises(ReadError, match=message):
        require_library("nothing_here.part", "excel", ".xls", error=ReadError)


def test_a_name_like_no_other_gets_no_suggestion():
    assert issubclass(UnknownNameError, OceanCO2Error)
    assert did_you_mean("xyz", ["abc"]) == ""
