"""One column that is read as two quantities."""

import pytest

from oceanco2 import platforms
from oceanco2.errors import PlatformError
from oceanco2.platforms.shared import one_column_for_two

PLATFORM = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[files.b]
reader = "delimited"
"""
C = 'units = "degree_Celsius"'


def parse(variables, delivered=""):
    text = f"{PLATFORM}[variables]\n{variables}\n[delivered]\n{delivered}\n"
    return platforms.parse(text.encode(), "x.toml")


@pytest.mark.parametrize(
    ("variables", "delivered", "words"),
    [
        (
            'latitude = { column = "Pos" }\nlongitude = { column = " pos" }',
            "",
            "[variables.longitude] column 'Pos' is read as variables.latitude already:"
            " it cannot be in 'degrees_north' and in 'degrees_east'",
        ),
        (
            f'SST = {{ column = "T", {C} }}\n'
            'salinity = { column = "T", units = "1" }',
            "",
            "[variables.salinity] column 'T' is read as variables.SST already: it"
            " cannot be in 'degree_Celsius' and in '1'",
        ),
        (
            'xCO2_water_Tequ_dry = { column = "x", units = "ppm" }',
            'fCO2_water_SST_wet = { column = "x", units = "uatm" }',
            "[delivered.fCO2_water_SST_wet] column 'x' is read as"
            " variables.xCO2_water_Tequ_dry already: it cannot be in 'umol mol-1' and"
            " in 'uatm'",
        ),
    ],
)
def test_one_column_has_one_unit(variables, delivered, words):
    with pytest.raises(PlatformError) as error:
        parse(variables, delivered)
    assert str(error.value) == f"x.toml: {words}"


@pytest.mark.parametrize(
    "salinity",
    [
        'column = "T", file = "b", units = "1"',
        'column = "T", occurrence = 2, units = "1"',
        'column = "S", units = "1"',
        "value = 35.0",
        'sum = ["T", "T"], units = "1"',
    ],
)
def test_other_columns(salinity):
    ship = parse(f'SST = {{ column = "T", {C} }}\nsalinity = {{ {salinity} }}')
    assert [*one_column_for_two(ship)] == []


def test_two_temperatures_of_one_column():
    ship = parse(f'SST = {{ column = "T", {C} }}\nT_equ = {{ column = "t", {C} }}')
    assert [*one_column_for_two(ship)] == [("T", "SST", "T_equ")]
    three = "\n".join(
        f'{n} = {{ column = "T", {C} }}' for n in ("SST", "T_equ", "T_RH")
    )
    found = [("T", "SST", "T_equ"), ("T", "SST", "T_RH"), ("T", "T_equ", "T_RH")]
    assert [*one_column_for_two(parse(three))] == found


def test_what_may_be_one_column():
    made_up = f'latitude = {{ column = "T" }}\nSST = {{ column = "T", {C} }}'
    assert [*one_column_for_two(parse(made_up))] == []
    pressures = [f'P_{x} = {{ column = "p", units = "hPa" }}' for x in ("equ", "atm")]
    assert [*one_column_for_two(parse("\n".join(pressures)))] == []
    names = "xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"
    runs = "\n".join(f'{n} = {{ column = "x", units = "ppm" }}' for n in names)
    assert [*one_column_for_two(parse(runs))] == []
    again = f'SST = {{ column = "T", {C} }}'
    assert [*one_column_for_two(parse(again, again))] == []


@pytest.mark.parametrize("name", platforms.available())
def test_shipped_platforms(name):
    assert [*one_column_for_two(platforms.load(name))] == []
