"""Names, units and codes that stand in files: a change would make them unreadable."""

import csv

import pytest

from oceanco2 import vocabulary
from oceanco2.vocabulary import VARIABLES


@pytest.fixture
def table(reference):
    def read(name):
        with (reference / name).open(newline="", encoding="utf-8") as file:
            return [tuple(row) for row in csv.reader(file)][1:]

    return read


def test_variables_their_units_and_possible_values(table):
    found = [
        (name, v.units, v.standard_name or "", *map(repr, v.bounds))
        for name, v in VARIABLES.items()
    ]
    assert found == table("variables.csv")


@pytest.mark.parametrize(
    "name", ["FLAG_VALUES", "RUN_TYPES", "VALUE_TYPES", "CALIBRATION_STATUS"]
)
def test_codes(table, name):
    expected = {word: int(code) for of, word, code in table("codes.csv") if of == name}
    assert dict(getattr(vocabulary, name)) == expected
