"""Data types and names of columns: what the tables are read into."""

import math

import pytest

from oceanco2.socat import types
from oceanco2.socat.types import (
    DataType,
    data_types,
    missing_codes,
    recognised,
    recognition_key,
    rules,
    track_limits,
    type_of,
)


def test_defaults():
    made = DataType("a", "b", "c", "d")
    assert made.units == ()
    assert made.error == made.warn == (-math.inf, math.inf)
    assert made.critical is False
    assert made.roles == frozenset()
    assert made.is_water_co2 is False
    assert (types.UNKNOWN, types.OTHER) == ("(unknown)", "other")


@pytest.mark.parametrize(
    ("name", "roles", "is_water"),
    [
        ("fCO2_water_x", {"user"}, True),
        ("xCO2_water_x", {"user", "data"}, True),
        ("fCO2_water_x", {"data"}, False),
        ("fCO2_atm_x", {"user"}, False),
        ("CO2_water_x", {"user"}, False),
    ],
)
def test_co2_of_sea_water(name, roles, is_water):
    assert DataType(name, "", "", "", roles=frozenset(roles)).is_water_co2 is is_water


def test_types_of_the_table():
    table = types.read_table("types.toml")
    assert list(table) == list(data_types())
    for name, entry in table.items():
        made = data_types()[name]
        assert (made.name, made.display) == (name, entry["display"])
        assert (made.description, made.kind) == (entry["description"], entry["class"])
        assert made.units == tuple(entry.get("units", ()))
        assert made.error == tuple(entry.get("error", (-math.inf, math.inf)))
        assert made.warn == tuple(entry.get("warn", (-math.inf, math.inf)))
        assert made.critical is entry.get("critical", False)
        assert made.roles == frozenset(entry["roles"])
    assert data_types()["latitude"].error == (-90.0, 90.0)
    assert data_types()["latitude"].critical is True
    assert data_types()["temp"].critical is False
    assert data_types()["WOCE_CO2_water"].warn == (2.0, 4.0)


def test_limits_of_the_dashboard():
    assert track_limits() == {
        "speed_warning": 80.0,
        "speed_error": 400.0,
        "gap_warning": 28.0,
        "gap_error": 84.0,
        "earth_radius": 6371.007,
        "knots": 0.539957,
    }
    assert set(rules()) == {"missing", "track", "platform_codes"}
    nines = [f"-{'9' * n}" for n in (3, 4)]
    assert missing_codes() == (
        *("", "NA", "N/A", "NAN", "NULL", "-", "--", "---", "----", "-----"),
        *(nines[0], "-999.9", "-999.99", "-999.999"),
        *(nines[1], "-9999.9", "-9999.99", "-99999", "-99999.9"),
    )


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("SST [deg C]", "sstdegc"),
        ("T_1-2 9", "t129"),
        ("é", "é"),
        ("µ", "μ"),
        ("₂ ° @ '", ""),
        ("", ""),
    ],
)
def test_keys(header, key):
    assert recognition_key(header) == key


def test_names():
    assert recognised()["sst"] == ("temp", "deg C")
    assert recognised()["sstdegc"] == ("temp", "deg C")
    assert type_of("SST") == "temp"
    assert type_of("nothing known") == "(unknown)"
    assert {kind for kind, _ in recognised().values()} <= set(data_types())
