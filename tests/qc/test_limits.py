"""Default limits of quality control: a change is a decision, not an accident."""

import csv
import json

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS, named_tests
from oceanco2.qc import CHECKS, flag
from oceanco2.qc.limits import PROFILES
from oceanco2.vocabulary import VARIABLES


def written(value):
    if isinstance(value, tuple):
        return " ".join(map(repr, value))
    return value if isinstance(value, str) else repr(value)


def rows_of(profile, variable, check, options):
    if not options:
        return [(profile, variable, check, "", "")]
    return [(profile, variable, check, k, written(v)) for k, v in options.items()]


def test_limits_of_every_profile_are_those_of_the_table(reference):
    with (reference / "limits.csv").open(newline="", encoding="utf-8") as file:
        expected = [tuple(row) for row in csv.reader(file)][1:]
    found = []
    for name, profile in PROFILES.items():
        for variable, checks in profile.checks.items():
            for check, options in checks.items():
                found += rows_of(name, variable, check, options)
        for kind, options in profile.by_kind["speed"].items():
            found += rows_of(name, kind, "speed", options)
    assert set(expected) <= set(found)  # there may be new ones


@pytest.mark.parametrize("kind", ["ship", "mooring", "drifter", "surface_vehicle"])
def test_limits_of_a_kind_of_platform(kind):
    checks = PROFILES["default"].checks_for(kind)
    minutes = {
        options["constant"]["minutes"]
        for options in checks.values()
        if "constant" in options
    }
    # samples of a mooring are hours apart
    assert minutes == ({2880.0} if kind == "mooring" else {120.0, 180.0, 360.0, 1440.0})
    assert ("port" in checks["warming"]) == (kind == "ship")
    knots = {"ship": 30.0, "surface_vehicle": 15.0}.get(kind, 10.0)
    assert checks["latitude"]["speed"] == {"questionable": knots, "bad": 80.0}
    quince = PROFILES["quince-28"].checks_for(kind)
    assert quince["SST"]["constant"] == {"minutes": 120.0}
    assert quince["latitude"]["speed"]["blame"] == "both"
    assert set(PROFILES["none"].checks_for(kind)) == {"latitude"}


def test_no_limit_is_stated_for_a_variable_and_for_a_check():
    for name, variable in VARIABLES.items():
        for check in variable.limits:
            assert name not in CHECKS[check].limits.get("default", {})


def test_a_range_sees_impossible_and_given_values_and_other_checks_do_not():
    time = np.datetime64("2024-01-01", "ns") + np.arange(40) * np.timedelta64(60, "s")
    ship = platforms.load("demo_ship")
    measured = np.linspace(10.0, 11.0, 40)
    measured[7] = 99.0  # no sea water is so warm
    ds = xr.Dataset({"SST": ("time", measured)}, coords={"time": time})
    assert named_tests(int(flag(ds, ship)["SST_tests"][7])) == ["physical", "range"]
    given = xr.Dataset(
        {"SST": ("time", np.full(40, 45.0), {"value_type": "nominal"})},
        coords={"time": time},
    )
    out = flag(given, ship)
    assert set(out["SST_tests"].to_numpy()) == {TEST_BITS["range"]}
    assert list(json.loads(out["SST_flag"].attrs["tests_applied"])) == ["range"]
