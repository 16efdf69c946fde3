"""Faults of delivered tables that are found without a platform file."""

import numpy as np
import pytest

from oceanco2.forensics import diagnose_table
from oceanco2.forensics.columns import Columns
from oceanco2.forensics.recipes import Factors, Recipe
from tests.forensics.test_forensics import (
    DECIMALS,
    SOURCE,
    TARGET,
    USUAL,
    cruise,
    exact,
    printed,
    table,
)

AIR, AT_SST = "xCO2_atm_dry_actual", "xCO2_water_SST_dry"


def ship():
    """Inputs with a measured air."""
    values = printed(cruise(4), DECIMALS)
    values[AIR] = np.round(390 + np.cos(np.arange(400) / 9), 2)
    return values


def mooring():
    """One temperature and one pressure, gas at SST; two results."""
    values = ship()
    values[AT_SST] = values.pop(SOURCE)
    del values["T_equ"], values["P_equ"]
    return values


MOORED = Recipe(
    AT_SST,
    pressure="P_atm",
    vapour="weiss_price_1980",
    vapour_temperature="SST",
    salinity="salinity",
    fugacity="xco2",
    fugacity_temperature="SST",
)


def swap(values, first, second):
    return values | {first: values[second], second: values[first]}


def texts(diagnosis):
    return [f["text"] for f in diagnosis.to_dict()["findings"]]


def diagnosed(shown, values, recipe=USUAL):
    return diagnose_table(table(shown, np.round(exact(values, recipe), 3)))


@pytest.mark.parametrize("pair", [("T_equ", "SST"), (SOURCE, AIR)])
def test_swapped_columns_of_a_ship(pair):
    values = ship()
    diagnosis = diagnosed(swap(values, *pair), values)
    assert diagnosis.results[0].swapped == pair
    assert diagnosis.results[0].verdict == "reproduced"
    assert texts(diagnosis) == [f"{TARGET}: {pair[0]} and {pair[1]} are swapped"]


def test_swapped_gases_of_a_mooring():
    values = mooring()
    assert texts(diagnosed(values, values, MOORED)) == []
    diagnosis = diagnosed(swap(values, AT_SST, AIR), values, MOORED)
    assert texts(diagnosis) == [f"{TARGET}: {AT_SST} and {AIR} are swapped"]


def test_air_in_the_column_of_the_water():
    values = ship()
    diagnosis = diagnosed(values | {SOURCE: values[AIR]}, values)
    assert diagnosis.results[0].verdict == "not reproducible from these columns"
    first, second = texts(diagnosis)
    assert first == f"{SOURCE} equals {AIR} in every row: one of them is mislabelled"
    assert second.startswith(
        f"{TARGET}: no recipe explains it; computed minus published"
    )
    assert "no findings" not in diagnosis.text()


def test_the_step_from_a_temperature_that_the_table_lacks():
    values = ship()
    diagnosis = diagnosed(values | {"T_equ": values["SST"]}, values)
    assert diagnosis.results[0].recipe == USUAL
    first, second = texts(diagnosis)
    assert first.startswith("T_equ equals SST in every row")
    assert second.startswith(f"{TARGET}: T_equ is SST; a warming of +0.")


def test_a_result_without_its_temperature_step():
    """Two temperatures, whatever the name of the gas says."""
    values = ship()
    at_equ = Factors(Columns(values, {}, {})).result(
        Recipe(**(USUAL.to_dict() | {"temperature_correction": "none"}))
    )
    for name in (SOURCE, AT_SST):
        shown = values | {name: values[SOURCE]}
        if name == AT_SST:
            del shown[SOURCE]
        diagnosis = diagnose_table(table(shown, np.round(at_equ, 3)))
        assert texts(diagnosis) == [
            f"{TARGET} has no temperature correction: it is at T_equ"
        ]


def test_a_gas_at_the_equilibrator_whose_name_says_sea():
    values = ship()
    shown = values | {AT_SST: values[SOURCE]}
    del shown[SOURCE]
    diagnosis = diagnosed(shown, values)
    assert diagnosis.results[0].recipe == USUAL
    assert texts(diagnosis) == []
    assert SOURCE not in diagnosis.steps
