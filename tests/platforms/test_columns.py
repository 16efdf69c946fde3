"""Names of columns against the variables that are read from them."""

import pytest

from oceanco2 import platforms
from oceanco2.platforms import columns

HEAD = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
"""


def found(name, column, table="variables", more=""):
    source = f'{name} = {{ column = "{column}", units = "ppm"{more} }}\n'
    if name[0] in "pf":
        source = source.replace("ppm", "uatm")
    text = f"{HEAD}[variables]\nsalinity = {{ value = 35.0 }}\n[{table}]\n{source}"
    if table == "variables":
        text = f"{HEAD}[variables]\n{source}"
    return columns.misnamed(platforms.parse(text.encode(), "x.toml"))


@pytest.mark.parametrize(
    ("column", "word", "answer"),
    [
        ("CO2_dry", "dry", True),
        ("CO2Dry", "dry", True),  # a digit is no letter
        ("SW_xCO2(dry)", "dry", True),
        ("laundry", "dry", False),
        ("pCO2 [uatm]", "atm", False),
        ("pCO2 [µatm]", "atm", False),
        ("pCO2_atm", "atm", True),
        ("fCO2_SW@SST_uatm", "sst", True),
    ],
)
def test_words_of_a_column(column, word, answer):
    assert columns.says([column], word) == answer
    assert columns.says(["x", column], word) == answer


@pytest.mark.parametrize(
    ("name", "column", "kind", "variable"),
    [
        ("xCO2_water_SST_dry", "xCO2_SW_wet", "wet", "dry"),
        ("xCO2_water_SST_dry", "moist xCO2", "wet", "dry"),
        ("xCO2_water_SST_dry", "xCO2_humid", "wet", "dry"),
        ("xCO2_water_SST_wet", "SW_xCO2(dry)", "dry", "wet"),
        ("xCO2", "CO2_wet", "wet", "dry"),
        ("xCO2_water_Tequ_dry", "xCO2_air", "air", "water"),
        ("xCO2_water_Tequ_dry", "xCO2 atm", "air", "water"),
        ("xCO2_atm_dry_actual", "xCO2_SW", "water", "air"),
        ("xCO2_atm_dry_actual", "x in sea water", "water", "air"),
        ("fCO2_water_Tequ_wet", "fCO2@SST_uatm", "at SST", "at equilibrator temp"),
        ("fCO2_water_SST_wet", "fCO2@Tequ", "at equilibrator temperature", "at SST"),
        ("fCO2_water_SST_wet", "fCO2 at Teq", "at equilibrator temperature", "at SST"),
    ],
)
@pytest.mark.parametrize("table", ["variables", "delivered"])
def test_columns_of_another_kind(table, name, column, kind, variable):
    (line,) = found(name, column, table)
    start = (
        f"[{table}.{name}] column {column!r} is {kind} by its name, the variable is "
    )
    assert line.startswith(start + variable)
    assert line.endswith(f'[accepted] columns.{name} = "why"')


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("xCO2_water_SST_dry", "xCO2_dry_from_wet"),
        ("xCO2_atm_dry_actual", "xCO2_air_at_sea"),
        ("xCO2_atm_dry_actual", "swath"),
        ("fCO2_water_SST_wet", "F1013 (Teq Corrected)"),
        ("fCO2_water_SST_wet", "fCO2_dry"),  # always one in wet air
        ("SST", "T_air"),
    ],
)
def test_other_columns(name, column):
    if name == "SST":
        text = f'{HEAD}[variables]\nSST = {{ column = "{column}", units = "K" }}\n'
        assert columns.misnamed(platforms.parse(text.encode(), "x.toml")) == []
        return
    assert found(name, column) == []


def test_the_key_of_an_analyser_counts():
    assert len(found("xCO2", "CO2_dry", more=", dry = false")) == 1
    assert found("xCO2", "CO2_dry") == []
    assert found("xCO2", "CO2_wet", more=", dry = false") == []
    assert len(found("x12CO2", "12CO2_wet", more=', dry = "corrected"')) == 1


def test_an_answer_and_all_columns_of_a_sum():
    text = f'{HEAD}[variables]\nxCO2 = {{ sum = ["a", "b_wet"], units = "ppm" }}\n'
    (line,) = columns.misnamed(platforms.parse(text.encode(), "x.toml"))
    assert "column 'a + b_wet' is wet" in line
    text += '[accepted]\ncolumns.xCO2 = "old name"\n'
    assert columns.misnamed(platforms.parse(text.encode(), "x.toml")) == []


@pytest.mark.parametrize("name", sorted(platforms.available()))
def test_shipped_platforms_have_right_names(name):
    assert columns.misnamed(platforms.load(name)) == []
