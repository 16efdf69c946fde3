"""Numbers with units as people write them, and what is empty by default."""

import dataclasses
import math

import pytest

from oceanco2.socat.document import model
from oceanco2.socat.document.model import Person, Quantity, quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2", 2.0, ""),
        ("2 uatm", 2.0, "uatm"),
        ("2.5degC", 2.5, "degC"),
        (".5 hPa", 0.5, "hPa"),
        ("5. hPa", 5.0, "hPa"),
        ("-1.5 K", -1.5, "K"),
        ("+/-0.01 K", 0.01, "K"),
        ("+/- 0.01 K", 0.01, "K"),
        ("±0.01 K", 0.01, "K"),
        ("< 0.1 hPa", 0.1, "hPa"),
        ("1e-3 m", 0.001, "m"),
        ("2E+2 m", 200.0, "m"),
        ("1.5e2", 150.0, ""),
        ("0.1 hPa, 0.2 at sea", 0.1, "hPa"),
        ("0.1 hPa; checked", 0.1, "hPa"),
        ("0.1 hPa (checked)", 0.1, "hPa"),
        ("about 3 L", 3.0, "L"),
        ("CO2 to 2 ppm", 2.0, "ppm"),
        ("v2.5", math.nan, ""),
        ("none", math.nan, ""),
        ("", math.nan, ""),
    ],
)
def test_numbers_and_units(text, value, unit):
    found = Quantity(text)
    assert found.value == pytest.approx(value, nan_ok=True, rel=1e-15)
    assert found.full_unit == unit
    assert Quantity(text, "stated").full_unit == "stated"


@pytest.mark.parametrize(
    ("text", "numbers", "unit"),
    [
        ("0, 250.1 and 448.6 ppm", ["0", "250.1", "448.6"], "ppm"),
        ("250 ppm, 400 umol/mol", ["250", "400"], "umol/mol"),
        ("250 ppm and 400", ["250", "400"], ""),
        ("400", ["400"], ""),
        ("sand 3 m", ["3"], "m"),
        ("none", [], ""),
    ],
)
def test_lists_of_numbers(text, numbers, unit):
    assert quantities(text) == tuple(Quantity(n, unit) for n in numbers)
    assert quantities(text, "K") == tuple(Quantity(n, "K") for n in numbers)


CLASSES = [
    c
    for c in vars(model).values()
    if isinstance(c, type) and dataclasses.is_dataclass(c)
]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_nothing_is_stated_by_default(cls):
    empty = cls()
    for field in dataclasses.fields(cls):
        value = getattr(empty, field.name)
        kind = str(field.type)
        expected = {
            "str": "",
            "<class 'str'>": "",
            "bool": False,
            "<class 'bool'>": False,
        }.get(kind)
        if "tuple" in kind:
            expected = ()
        elif kind.endswith("Quantity'>") or kind == "Quantity":
            expected = Quantity("", "")
        assert value == expected, field.name
        assert type(value) is type(expected)
    assert not hasattr(empty, "__dict__")


def test_names_of_people():
    assert Person("N. B.", "Smith").name == "Smith, N. B."
    assert Person(last="IMR").name == "IMR"
    assert Person(first="Ann").name == "Ann"
    assert Person().name == ""


def test_groups_of_variables():
    names = "water_co2 air_co2 temperature pressure salinity instrument flag text"
    assert list(model.VARIABLE_GROUPS) == names.split()
