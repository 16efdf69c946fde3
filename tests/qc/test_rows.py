"""Reasons beside the values: each on rows where it holds and where it does not."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.platforms.settings import Calibration
from oceanco2.qc import engine, rows
from oceanco2.qc.check import CHECKS, Series
from oceanco2.qc.explain import (
    _limit_text,
    _sentence,
    describe_checks,
    format_options,
)

SHIP = platforms.load("demo_ship")
TIME = np.datetime64("2020-01-01", "ns")


def dataset(size, **variables):
    time = TIME + np.arange(size).astype("timedelta64[h]")
    data = {name: ("time", np.array(values)) for name, values in variables.items()}
    return xr.Dataset(data, coords={"time": time})


def layers(name, size, *, options=None, **variables):
    """Test, rows and flag of each reason that has rows."""
    ship = SHIP.model_copy(update={"calibration": Calibration(**(options or {}))})
    found = rows.row_layers(dataset(size, **variables), ship, name)
    return [(t, np.flatnonzero(r).tolist(), f) for t, r, f in found if r.any()]


def test_damage_types_and_delivered_flags():
    found = layers(
        *("SST", 6),
        damaged=[1, 0, 0, 0, 0, 0],
        SST_type=[0, 1, 2, 3, 1, 1],
        SST_flag_delivered=[2, 3, 4, 9, 0, 2],
    )
    assert found == [
        ("damaged_row", [0], 3),
        ("gap", [0], 2),
        ("fixed_value", [3], 2),
        ("delivered", [2], 4),
        ("delivered", [1, 3], 3),
    ]
    assert layers("T_equ", 2, SST_type=[0, 0], SST_flag_delivered=[4, 4]) == []


STATUS = {"calibration_status": [0, 1, 2, 3], "xCO2_calibrated": [400.0] * 4}


@pytest.mark.parametrize("name", ["xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"])
@pytest.mark.parametrize(
    ("one_sided", "flag"), [("accept", 2), ("questionable", 3), ("reject", 3)]
)
def test_how_the_calibration_was_reached(name, one_sided, flag):
    found = layers(name, 4, options={"one_sided": one_sided}, **STATUS)
    assert found == [
        ("not_calibrated", [0], 2),
        ("not_calibrated", [3], 3),
        ("one_sided", [2], flag),
    ]


@pytest.mark.parametrize(
    ("name", "calibrated", "sensor", "cycled"),
    [
        ("xCO2_water_Tequ_dry", True, False, False),
        ("xCO2_atm_dry_actual", True, True, True),
        ("xCO2_water_SST_dry", False, False, True),
        ("pCO2_water_Tequ_wet", False, True, False),
        ("pCO2_water_SST_wet", False, True, False),
        ("pCO2_atm_wet_actual", False, True, False),
        ("SST", False, False, False),
    ],
)
def test_which_variables_the_calibration_concerns(name, calibrated, sensor, cycled):
    status = {"calibration_status": [0, 1], "flushing": [0, 1]}
    expected = [("not_calibrated", [0], 2), ("flushing", [1], 4)]
    gases = layers(name, 2, **status, xCO2_calibrated=[400.0] * 2)
    assert gases == (expected if calibrated else [])
    assert layers(name, 2, **status) == (expected if sensor else [])
    of_cycle = {"zero_reading": [0.0] * 2, "RH_span_type": [1, 1]}
    assert layers(name, 2, **status, **of_cycle) == (expected if cycled else [])


def test_distance_from_the_span_and_residual():
    # the span ends at 500: a fifth of it is 100
    distance = np.array([0.0, 1.0, 1.1, 100.0, 100.1, -100.1, np.nan])
    found = layers(
        *("xCO2_water_Tequ_dry", 7),
        options={"span_tolerance": 1.0, "residual_limit": 3.0},
        calibration_status=[1] * 7,
        calibration_span_distance=distance,
        xCO2_calibrated=500.0 + distance,
        calibration_residual=[3.0, 3.1, 0.0, 0.0, 0.0, 0.0, np.nan],
    )
    assert found == [
        ("outside_span", [2, 3, 4, 5], 2),
        ("outside_span", [4, 5], 3),
        ("standard_residual", [1], 3),
    ]


def test_a_membrane_sensor_that_counts_more_than_at_its_zero():
    counts = {"zero_count": [5.0, 5.0, 5.0, np.nan], "current_count": [4.9, 5, 6, 1]}
    assert layers("pCO2_water_SST_wet", 4, **counts) == [("zero_current", [1, 2], 4)]
    assert layers("SST", 4, **counts) == []
    assert layers("pCO2_water_SST_wet", 4, zero_count=counts["zero_count"]) == []


@pytest.mark.parametrize(
    ("zero", "span", "expected"),
    [
        (0, 0, []),
        (np.nan, np.nan, []),
        (255, 0, [("zero_failed", 3)]),
        (0, 255, [("span_failed", 3)]),
        (1, 0, [("diagnostic", 3)]),
        (2, 0, [("diagnostic", 3)]),
        (0, 4, [("diagnostic", 3)]),
        (8, 0, [("zero_failed", 3)]),
        (0, 8, [("zero_failed", 3)]),
        (16, 0, [("span_failed", 3)]),
        (0, 24, [("zero_failed", 3), ("span_failed", 3)]),
        (32, 64, []),
        (254, 0, [("diagnostic", 3), ("zero_failed", 3), ("span_failed", 3)]),
    ],
)
def test_status_bytes_of_zero_and_span(zero, span, expected):
    cycle = {"zero_reading": [0.0], "RH_span_type": [1]}
    cycle |= {"zero_status": [zero], "span_status": [span]}
    found = layers("xCO2_water_SST_dry", 1, **cycle)
    assert [(test, flag) for test, _, flag in found] == expected
    assert layers("SST", 1, **cycle) == []


def test_the_humidity_of_another_cycle():
    cycle = {"zero_reading": [0.0] * 4, "RH_span_type": [1, 0, 2, 3]}
    found = layers("xCO2_water_SST_dry", 4, **cycle)
    assert found == [("span_failed", [1, 2, 3], 3)]


def test_layers_only_raise_flags():
    flags, tests = np.array([2, 4, 2], np.int8), np.array([1, 0, 0], np.int64)
    mask = np.array([True, True, False])
    rows.merge_layers(flags, tests, [("gap", mask, 3), ("delivered", mask, 2)])
    both = TEST_BITS["gap"] | TEST_BITS["delivered"]
    assert flags.tolist() == [3, 4, 2]
    assert tests.tolist() == [1 | both, both, 0]


def test_run_types_that_are_not_used():
    found = rows.not_used(dataset(8, run_type=np.arange(8)))
    assert np.flatnonzero(found).tolist() == [0, 6]
    assert rows.not_used(dataset(3)).tolist() == [False] * 3


# ---- what checks measure, and how it is written -------------------------------------

TIMES = 60.0 * np.array([0.0, 1.0, 3.0, 4.0, 4.0])


def measured(check, values, at, **options):
    series = Series(np.array(values, dtype=float), TIMES, np.array(at))
    model = CHECKS[check].options.model_construct(**options)
    return CHECKS[check].measure(series, model)


def test_changes_spikes_outliers_and_runs_are_measured():
    values = [1.0, 3.0, 11.0, 1.0, 1.0]
    rates = measured("gradient", values, [0, 1, 2, 3])
    assert rates.tolist() == [2.0, 4.0, 10.0, 10.0]  # per minute, the faster side
    # the distance from the middle, less half the difference of the neighbours
    assert measured("spike", values, [1, 2]).tolist() == [3.0 - 5.0, 9.0 - 1.0]
    far = measured("outlier", values, [2, 0], samples=3)
    assert far.tolist() == [8.0, 1.0]
    stuck = measured("constant", [5.0, 5.0, 5.0, 7.0, 8.0], [0, 1, 2, 3])
    assert stuck.tolist() == [3.0, 3.0, 3.0, 0.0]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"bad": (-1.0, 2.5)}, "bad [-1, 2.5]"),
        ({"limit": 3.0, "file": ""}, "limit 3, file none"),
        ({"file": "a.nc", "hours": 0.5}, "file a.nc, hours 0.5"),
        ({"bad": [1, 2]}, "bad [1, 2]"),
        ({}, ""),
    ],
)
def test_options_in_one_line(options, text):
    assert format_options(options) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "questionable [0, 10], bad [-5, 15]"),
        (10.0, "questionable [0, 10], bad [-5, 15]"),
        (10.1, "questionable [0, 10]"),
        (15.0, "questionable [0, 10]"),
        (15.1, "bad [-5, 15]"),
        (-5.1, "bad [-5, 15]"),
        (-0.1, "questionable [0, 10]"),
    ],
)
def test_the_range_that_was_exceeded(value, text):
    options = {"questionable": (0.0, 10.0), "bad": [-5.0, 15.0]}
    assert _limit_text(options, value) == text


def test_sentences():
    assert _sentence("SST", "spike", 21.5, 2.25, "bad 1") == (
        "SST 21.5: a single value far from both its neighbours, by 2.25 (bad 1)"
    )
    nan = np.nan
    assert _sentence("SST", "missing", nan, nan, "") == "SST: no value"
    assert _sentence("SST", "of_a_plug_in", 1.0, nan, "") == "SST 1: of_a_plug_in"
    # the value is that of another variable
    assert _sentence("xCO2", "one_sided", 7.0, nan, "") == (
        "xCO2: gas standards on one side only"
    )


def test_the_file_of_an_option_becomes_its_path():
    plan = SimpleNamespace(files={"a": "/x/a"})
    path = engine._with_file_path
    assert path({"file": "a", "b": 1}, plan) == {"file": "/x/a", "b": 1}
    assert path({"file": "z"}, plan) == {"file": "z"}
    assert path({"b": 1}, plan) == {"b": 1}


def test_the_table_of_checks():
    table = describe_checks()
    assert table[0] == ("check", "options", "what it flags")
    by_name = {name: (options, text) for name, options, text in table[1:]}
    assert by_name["spike"][0] == "questionable, bad, max_gap_minutes"
    assert by_name["spike"][1].startswith("a single value far from both its neigh")
    assert "(spike test of QARTOD" in by_name["spike"][1]
    assert ("region", "C coastal", "of SOCAT; not a box: define your own") in table
    assert ("region", "R arctic", "of SOCAT") in table
    limits = "range: questionable [-3, 40], bad [-10, 50]"
    assert ("[qc.SST]", limits, "default") in table
    assert ("profile", "quince-28", "the rules and thresholds of QuinCe 28") in table
    quince = describe_checks("quince-28")
    where, what, who = next(r for r in quince if "consequences" in r[1])
    assert (where, who) == ("[qc.warming]", "quince-28")
    assert "SST in all rows, T_equ in all rows, water_flow in all rows" in what
    none = ("[qc.gas_flow]", "consequences: none, unless you list them", "quince-28")
    assert none in quince
