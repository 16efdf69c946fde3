"""Names, units and codes that stand in files: a change would make them unreadable."""

import csv
import re

import numpy as np
import pytest

from oceanco2 import vocabulary
from oceanco2.bits import TEST_BITS, TESTS, named_tests
from oceanco2.qc.cascade import INPUTS
from oceanco2.qc.check import CHECKS
from oceanco2.units import CANONICAL_UNITS
from oceanco2.vocabulary import VARIABLES, attrs_of, flag_attrs


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
    assert set(table("variables.csv")) <= set(found)  # there may be new ones


@pytest.mark.parametrize(
    "name", ["FLAG_VALUES", "RUN_TYPES", "VALUE_TYPES", "CALIBRATION_STATUS"]
)
def test_codes(table, name):
    expected = {word: int(code) for of, word, code in table("codes.csv") if of == name}
    assert expected.items() <= dict(getattr(vocabulary, name)).items()


@pytest.mark.parametrize("name", VARIABLES)
def test_every_unit_is_known(name):
    units = VARIABLES[name].units
    message = (
        f"VARIABLES: row {name!r} has units {units!r}; oceanco2/units.py lacks them"
    )
    assert units in CANONICAL_UNITS, message


@pytest.mark.parametrize("name", VARIABLES)
def test_limits_are_options_of_checks(name):
    for check, options in VARIABLES[name].limits.items():
        CHECKS[check].options.validate_options(options)


def test_assumed_uncertainties():
    # Bakker et al. (2016), doi:10.5194/essd-8-383-2016: 0.05 degC, 2 hPa, 2 uatm
    for name in ("SST", "T_equ"):
        assert VARIABLES[name].uncertainty == 0.05
    for name in ("P_equ", "P_atm", "fCO2_water_SST_wet"):
        assert VARIABLES[name].uncertainty == 2.0
    assert VARIABLES["salinity"].uncertainty == VARIABLES["xCO2"].uncertainty == 0.1
    halves = {n for n, v in VARIABLES.items() if v.uncertainty == 1.0}
    assert halves == {
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry"),
        *("xCO2_atm_dry_actual", "xCO2_atm_dry_interp"),
        *("pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet", "pCO2_water_SST_wet"),
    }


def test_results_are_flagged_after_their_inputs():
    names = list(INPUTS)
    assert set(names) == {n for n, v in VARIABLES.items() if v.inputs}
    for number, name in enumerate(names):
        assert set(INPUTS[name]) <= {*VARIABLES, "position", "time"}
        assert not set(INPUTS[name]) & set(names[number:]), name


def test_an_alias_means_one_variable():
    aliases = [(n, a) for n, v in VARIABLES.items() for a in v.aliases]
    words = [alias for _, alias in aliases if re.fullmatch("[A-Za-z0-9]+", alias)]
    assert len(words) > 30
    for word in words:
        matches = {n for n, a in aliases if re.fullmatch(a, word, re.IGNORECASE)}
        assert len(matches) == 1, (word, matches)


def test_vocabulary_attributes():
    for name, variable in VARIABLES.items():
        assert attrs_of(name)["units"] == variable.units
        assert "standard_name" not in attrs_of(f"{name}_delivered")
    standard_name = attrs_of("fCO2_water_SST_wet_uncertainty")["standard_name"]
    assert standard_name == "fugacity_of_carbon_dioxide_in_sea_water standard_error"
    assert flag_attrs("SST")["flag_values"].dtype == np.int8
    assert named_tests(sum(TEST_BITS.values())) == list(TESTS)
