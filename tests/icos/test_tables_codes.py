"""Codes, letters and groups of columns of ICOS tables."""

import numpy as np
import pytest

from oceanco2.icos import tables
from oceanco2.vocabulary import MISSING, VALUE_TYPES


def test_letters():
    assert {word: tables._LETTER[code] for word, code in VALUE_TYPES.items()} == {
        "missing": "0",
        "measured": "M",
        "interpolated": "I",
        "nominal": "N",
    }


@pytest.mark.parametrize(
    ("flag", "present", "absent"),
    [(0, "9", ""), (2, "2", ""), (3, "3", "3"), (4, "4", "4"), (MISSING, "9", "")],
)
def test_codes(flag, present, absent):
    codes = tables._codes(np.array([flag, flag]), np.array([True, False]))
    assert codes.tolist() == [present, absent]


def test_quotes():
    assert tables._comment("") == ""
    assert tables._comment('a "b"') == '"a ""b"""'
    assert tables._quote("a") == "a"
    assert tables._quote("a,b") == '"a,b"'


def test_groups():
    required = {g.header for g in tables.GROUPS if g.required}
    assert required == {
        *("Longitude", "Latitude", "Temp [degC]", "P_sal [psu]"),
        *("pCO2 [uatm]", "fCO2 [uatm]"),
    }
    assert {g.header for g in tables.GROUPS if g.result} == {
        *("pCO2 [uatm]", "fCO2 [uatm]"),
        *("pCO2 in atmosphere [uatm]", "fCO2 in atmosphere [uatm]"),
    }
    assert [g.header for g in tables.GROUPS if g.position] == ["Longitude", "Latitude"]
    assert tables._FINAL == ("pCO2_water_SST_wet", "fCO2_water_SST_wet")
    assert tables._air("x") == ("x_actual", "x_interp")
    group = tables.Group("h", ("v",))
    assert (group.required, group.result) == (False, False)
