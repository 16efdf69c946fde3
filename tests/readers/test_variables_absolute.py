"""Absolute salinity is recognised, asked about, or neither."""

import numpy as np
import pytest

from oceanco2.errors import PlatformError
from oceanco2.platforms import VariableSource
from oceanco2.readers.table import StreamRows, table_of
from oceanco2.readers.variables import absolute_salinity
from tests.readers.conftest import small_platform

YES = {"absolute_salinity": "yes"}
SST = 'SST = { column = "SST", units = "degC" }'


def ask(column="sal", units="1", stated=None, standard_name=None, absolute=None):
    table = table_of({"x": np.ones(2), column: np.full(2, 35.1)}, np.arange(1, 3))
    table.file = "f1"
    table.units = {column.lower(): {stated}} if stated else {}
    if standard_name:
        table.standard_names = {column.upper(): standard_name, "x": "absolute"}
    rows = StreamRows([table], small_platform("", SST).files["a"], "where")
    source = VariableSource(column=f" {column}", units=units, absolute=absolute)
    return absolute_salinity("salinity", source, rows)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, False),
        ({"units": "permil"}, False),
        ({"units": "ppt", "stated": "1e-3"}, False),
        ({"column": "Absolute Salinity [g/kg]"}, True),
        ({"column": "absolute_salinity", "units": "g kg-1"}, True),
        ({"standard_name": "sea_water_absolute_salinity"}, True),
        ({"standard_name": "sea_water_practical_salinity", "units": "g kg-1"}, False),
        ({"column": "practical", "units": "g/kg"}, False),
        ({"absolute": True}, True),
        ({"absolute": True, "column": "practical"}, True),
        ({"absolute": False, "column": "absolute"}, False),
        ({"absolute": False, "units": "g kg-1"}, False),
    ],
)
def test_what_is_certain(options, expected):
    assert ask(**options) == (YES if expected else {}, [])


@pytest.mark.parametrize(
    ("options", "start"),
    [
        ({"units": "g kg-1"}, "where: salinity in 'g kg-1'"),
        ({"units": "g/kg"}, "where: salinity in 'g/kg'"),
        ({"stated": "g/kg"}, "f1: column ' sal': salinity in 'g/kg'"),
        ({"column": "sal [g/kg]"}, "f1: column ' sal [g/kg]': salinity in 'g/kg'"),
        (
            {"units": "g kg-1", "standard_name": "sea_water_salinity"},
            "where: salinity in 'g kg-1'",
        ),
    ],
)
def test_a_mass_fraction_is_asked_about(options, start):
    absolute, questions = ask(**options)
    assert absolute == {}
    assert questions == [
        f"{start}: is it absolute salinity (TEOS-10)? Then set absolute = true, it is"
        " converted to practical salinity; absolute = false says that it is practical"
        " (where)"
    ]


def test_a_given_salinity():
    rows = StreamRows([], small_platform("", SST).files["a"], "where")
    for absolute in (True, False):
        source = VariableSource(value=35.0, units="g kg-1", absolute=absolute)
        expected = (YES if absolute else {}, [])
        assert absolute_salinity("salinity", source, rows) == expected
    source = VariableSource(value=35.0, units="g kg-1")
    assert absolute_salinity("salinity", source, rows) == ({}, [])
    source = VariableSource(column="absolute", units="g kg-1", absolute=True)
    assert absolute_salinity("SST", source, rows) == ({}, [])
    assert absolute_salinity("salinity_delivered", source, rows) == ({}, [])
    assert absolute_salinity("salinity_raw", source, rows) == (YES, [])


def test_the_key_is_for_salinity():
    with pytest.raises(PlatformError, match=r"\[variables.SST\] 'absolute' is for sal"):
        small_platform("", SST.replace("units", "absolute = false, units"))
