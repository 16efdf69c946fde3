"""CO2 that is itself the measurement has all checks of a series."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.bits import named_tests
from oceanco2.qc import flag
from oceanco2.qc.limits import PROFILES
from oceanco2.qc.plan import plan_of
from oceanco2.vocabulary import VARIABLES

SERIES = {
    "spike": {"questionable": 20.0, "bad": 100.0},
    "outlier": {"questionable": 60.0},
    "constant": {"minutes": 120.0},
}
RESULTS = (
    *("xCO2_water_SST_dry", "pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet"),
    *("pCO2_water_SST_wet", "fCO2_water_SST_wet"),
)


def ship(variables, kind="ship", qc=""):
    text = f"""
schema = 1
name = "Test"
kind = "{kind}"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
SST = {{ column = "sst", units = "degC" }}
{variables}
{qc}
"""
    return platforms.parse(text.encode(), "x.toml")


def read_from(name):
    return f'{name} = {{ column = "x", units = "{VARIABLES[name].units}" }}'


@pytest.mark.parametrize("name", RESULTS)
def test_read_from_a_file(name):
    checks = plan_of(ship(read_from(name))).checks[name]
    only_range = plan_of(ship("")).checks[name]
    assert {n: checks[n] for n in SERIES} == SERIES
    assert {n: o for n, o in checks.items() if n not in SERIES} == only_range
    assert only_range.keys() == {"range"}


def test_which_variables_have_more_where_they_are_measured():
    assert {n for n, v in VARIABLES.items() if v.measured} == set(RESULTS)


def test_given_numbers_are_not_measured():
    checks = plan_of(ship("fCO2_water_SST_wet = { value = 400.0 }")).checks
    assert checks["fCO2_water_SST_wet"].keys() == {"range"}


def test_other_profiles_have_their_own_limits():
    for profile in ("quince-28", "none"):
        name = "fCO2_water_SST_wet"
        plan = plan_of(ship(read_from(name), qc=f'[qc]\nprofile = "{profile}"'))
        assert plan.checks.get(name, {}) == PROFILES[profile].checks.get(name, {})


def test_moorings_are_stuck_later_and_platform_files_win():
    name = "pCO2_water_SST_wet"
    checks = plan_of(ship(read_from(name), "mooring")).checks[name]
    assert checks["constant"] == {"minutes": 2880.0}
    qc = f"[qc.{name}]\nconstant = false\nspike = {{ questionable = 5.0, bad = 9.0 }}"
    checks = plan_of(ship(read_from(name), qc=qc)).checks[name]
    assert "constant" not in checks
    assert checks["spike"] == {"questionable": 5.0, "bad": 9.0}
    assert plan_of(ship(read_from(name))).checks[name]["constant"] == {"minutes": 120.0}


@pytest.mark.parametrize(("rows", "stuck"), [(13, False), (14, True)])
def test_the_same_value_for_two_hours(rows, stuck):
    name = "fCO2_water_SST_wet"
    values = 380.0 + 0.1 * np.arange(60)
    values[20 : 20 + rows] = 382.0
    time = np.datetime64("2024-03-01", "ns") + 10 * np.arange(60) * np.timedelta64(
        1, "m"
    )
    data = {"SST": ("time", 14.0 + 0.01 * np.arange(60)), name: ("time", values)}
    out = flag(xr.Dataset(data, coords={"time": time}), ship(read_from(name)))
    found = [named_tests(int(mask)) for mask in out[f"{name}_tests"].to_numpy()]
    expected = [["constant"] if stuck else []] * rows
    assert found[20 : 20 + rows] == expected
    assert not any(found[:20] + found[20 + rows :])
