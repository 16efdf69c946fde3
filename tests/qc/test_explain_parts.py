"""Why a value is flagged: causes, values, measures and limits, row by row."""

import json
from importlib import import_module

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS, mask_attrs
from oceanco2.errors import UnknownNameError
from oceanco2.qc.check import CHECKS

explain = import_module("oceanco2.qc.explain")  # the room has a function of its name
BITS = TEST_BITS
RESULT = "fCO2_water_SST_wet"
N = 5


def flagged(flags, tests, name="SST", applied=None, automatic=None, values=None):
    """Variables of one flagged variable."""
    flags = np.array(flags, np.int8)
    auto = flags if automatic is None else np.array(automatic, np.int8)
    attrs = {"tests_applied": json.dumps(applied or {})}
    new = {
        f"{name}_flag": ("time", flags, attrs),
        f"{name}_flag_automatic": ("time", auto),
        f"{name}_tests": ("time", np.array(tests, np.int64), mask_attrs(name)),
    }
    if values is not None:
        new = {name: ("time", np.array(values, float))} | new
    return new


def dataset(*parts):
    time = np.datetime64("2024-01-01", "ns") + np.arange(N) * np.timedelta64(60, "s")
    data = {key: value for part in parts for key, value in part.items()}
    return xr.Dataset(data, coords={"time": time})


def reasons(ds, name=None, *flags):
    """Row, variable, test, tested variable, value and limit of each reason."""
    table = explain.explain(ds, name, flags or (3, 4))
    assert list(table.columns) == [
        *("time", "variable", "flag", "automatic", "test", "of"),
        *("value", "measured", "limit", "reason"),
    ]
    start = ds["time"].to_numpy()[0]
    rows = [
        int((t - start) / np.timedelta64(60, "s")) for t in table["time"].to_numpy()
    ]
    return [
        (row, r.variable, r.test, r.of, r.value, r.limit)
        for row, r in zip(rows, table.itertuples(), strict=True)
    ]


RANGE = {"range": {"questionable": [0.0, 40.0], "bad": [-5.0, 50.0]}}
VALUES = [10.0, 45.0, 60.0, np.nan, 11.0]


def sst(**more):
    tests = [0, BITS["range"], BITS["range"] | BITS["physical"], BITS["missing"], 0]
    given = {"applied": RANGE, "values": VALUES} | more
    return flagged([2, 3, 4, 9, 2], tests, **given)


def test_flags_of_a_variable():
    ds = dataset(sst())
    assert reasons(ds) == [
        (1, "SST", "range", "SST", 45.0, "questionable [0, 40]"),
        (2, "SST", "physical", "SST", 60.0, "[-4, 60]"),
        (2, "SST", "range", "SST", 60.0, "bad [-5, 50]"),
    ]
    assert [row[:3] for row in reasons(ds, "SST", 4)] == [
        (2, "SST", "physical"),
        (2, "SST", "range"),
    ]
    assert [row[:3] for row in reasons(ds, "SST", 9)] == [(3, "SST", "missing")]
    assert reasons(dataset(sst()), None, 0) == []
    with pytest.raises(UnknownNameError, match="no variable with a flag named 'T'"):
        explain.explain(ds, "T")


def test_flags_in_the_table():
    ds = dataset(sst(automatic=[4, 4, 4, 9, 2]))
    table = explain.explain(ds)
    assert table["flag"].tolist() == [3, 4, 4]
    assert table["automatic"].tolist() == [4, 4, 4]
    assert np.isnan(table["measured"]).all()
    assert table["reason"][0] == (
        "SST 45: value outside one of two nested ranges (questionable [0, 40])"
    )
    # An automatic flag that a person lifted is explained, too.
    ds = dataset(flagged([2] * N, [4] * N, automatic=[3, 2, 2, 2, 2], values=VALUES))
    assert [row[:3] for row in reasons(ds)] == [(0, "SST", "range")]


def test_variables_in_the_order_of_the_dataset_and_times_within():
    more = flagged([3, 2, 2, 2, 3], [4, 0, 0, 0, 4], "T_equ", values=VALUES)
    found = reasons(dataset(more, sst()))
    assert [row[:2] for row in found] == [
        *((0, "T_equ"), (4, "T_equ"), (1, "SST"), (2, "SST"), (2, "SST"))
    ]
    runs = {"standard_run_flag": ("standard_run", np.array([3], np.int8))}
    runs |= {"standard_run_tests": ("standard_run", np.array([4], np.int64))}
    assert len(reasons(dataset(runs, sst()))) == 3
    bare = {"odd_flag": ("time", np.full(N, 3, np.int8))}
    assert len(reasons(dataset(bare, sst()))) == 3


def test_inputs_are_named_instead_of_results():
    bits = [0, BITS["range"] | BITS["input"], BITS["range"] | BITS["input"]]
    result = flagged(
        [2, 3, 4, 9, 2],
        [*bits, BITS["missing"] | BITS["input"], 0],
        RESULT,
        values=[1.0, 2.0, 3.0, np.nan, 5.0],
    )
    inputs = flagged(
        [2, 3, 4, 9, 2],
        [0, BITS["range"], BITS["range"], BITS["missing"], 0],
        applied=RANGE,
        values=VALUES,
    )
    ds = dataset(inputs, result)
    assert reasons(ds, RESULT) == [
        (1, RESULT, "range", "SST", 45.0, "questionable [0, 40]"),
        (2, RESULT, "range", "SST", 60.0, "bad [-5, 50]"),
    ]
    assert [row[:4] for row in reasons(ds, RESULT, 9)] == [
        (3, RESULT, "missing", "SST")
    ]
    alone = dataset(result)
    assert [row[:4] for row in reasons(alone, RESULT, 9)] == [
        (3, RESULT, "missing", RESULT)
    ]


def test_inputs_that_do_not_count_are_not_named():
    result = flagged(
        [2, 3, 4, 2, 2],
        [0, *[BITS["range"] | BITS["input"]] * 2, 0, 0],
        RESULT,
        applied={"input": {"SST": {"questionable": 2, "bad": 3}}},
        values=[1.0] * N,
    )
    inputs = flagged(
        [2, 3, 4, 2, 2],
        [0, BITS["range"], BITS["range"], 0, 0],
        applied=RANGE,
        values=[10.0, 45.0, 60.0, 1.0, 1.0],
    )
    found = reasons(dataset(inputs, result), RESULT)
    assert [row[:4] for row in found] == [(2, RESULT, "range", "SST")]


def test_a_diagnostic_is_followed_to_its_own_tests():
    flow = flagged(
        [2, 3, 2, 2, 2],
        [0, BITS["range"], 0, 0, 0],
        "water_flow",
        applied=RANGE,
        values=[1.0, 41.0, 1.0, 1.0, 1.0],
    )
    links = {"diagnostic": {"water_flow": "all", "gas_flow": "not run"}}
    tests = [0, BITS["diagnostic"], BITS["diagnostic"], 0, 0]
    ds = dataset(flow, flagged([2, 3, 3, 2, 2], tests, applied=links, values=VALUES))
    assert [row[:5] for row in reasons(ds, "SST")] == [
        (1, "SST", "range", "water_flow", 41.0),
        (2, "SST", "diagnostic", "SST", 60.0),
    ]


def test_a_cause_of_two_inputs_is_named_once():
    links = {"diagnostic": {"water_flow": "all"}}
    once = [0, BITS["diagnostic"], 0, 0, 0]
    flow = flagged(
        [2, 3, 2, 2, 2],
        [0, BITS["range"], 0, 0, 0],
        "water_flow",
        applied=RANGE,
        values=[1.0, 41.0, 1.0, 1.0, 1.0],
    )
    temperatures = [
        flagged([2, 3, 2, 2, 2], once, name, applied=links, values=VALUES)
        for name in ("T_equ", "SST")
    ]
    salinity = flagged(
        [2, 3, 2, 2, 2], [0, BITS["range"], 0, 0, 0], "salinity", values=VALUES
    )
    every = BITS["diagnostic"] | BITS["range"] | BITS["input"]
    result = flagged([2, 3, 2, 2, 2], [0, every, 0, 0, 0], RESULT, values=VALUES)
    found = reasons(dataset(flow, *temperatures, salinity, result), RESULT)
    causes = [row[2:4] for row in found]
    assert causes.count(("range", "water_flow")) == 1
    assert ("range", "salinity") in causes


def test_a_test_of_result_and_input_is_reported_of_the_one_that_fails():
    both = BITS["range"] | BITS["input"]
    result = flagged(
        [2, 3, 3, 2, 2],
        [0, both, both, 0, 0],
        RESULT,
        applied={"range": {"questionable": [0.0, 100.0]}},
        values=[1.0, 2.0, 300.0, 4.0, 5.0],
    )
    inputs = flagged(
        [2, 3, 3, 2, 2],
        [0, BITS["range"], BITS["range"], 0, 0],
        applied=RANGE,
        values=VALUES,
    )
    found = reasons(dataset(inputs, result), RESULT)
    assert [row[:5] for row in found] == [
        (1, RESULT, "range", "SST", 45.0),
        (2, RESULT, "range", RESULT, 300.0),
        (2, RESULT, "range", "SST", 60.0),
    ]


def test_positions_and_times():
    lat = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    where = {"latitude": ("time", lat), "longitude": ("time", np.zeros(N))}
    speed = {"speed": {"questionable": 30.0, "bad": 80.0}}
    tests = [0, 0, BITS["speed"], 0, BITS["position"]]
    position = flagged([2, 2, 4, 2, 4], tests, "position", applied=speed)
    clock = flagged([2, 3, 2, 2, 2], [0, BITS["duplicate_time"], 0, 0, 0], "time")
    ds = dataset(where, position, clock)
    table = explain.explain(ds)
    assert table["of"].tolist() == ["position", "position", "time"]
    assert table["test"].tolist() == ["speed", "position", "duplicate_time"]
    assert np.isnan(table["value"]).all()
    knots = 111.19505 / 1.852 * 60.0
    assert table["measured"][0] == pytest.approx(knots, rel=1e-4)
    assert np.isnan(table["measured"][1:]).all()
    assert table["limit"].tolist() == ["questionable 30, bad 80", "", ""]


def test_measures_and_limits_of_a_rule():
    spike = {"questionable": 1.0, "bad": 9.0, "max_gap_minutes": 15.0}
    where = {
        "months": [1],
        "rows": 5,
        "checks": {"spike": {"bad": 2.0}, "range": "not run: lacks it"},
    }
    values = [1.0, 6.0, 1.0, 1.0, 1.0]
    tests = [0, BITS["spike"], 0, 0, 0]
    ds = dataset(
        flagged(
            [2, 4, 2, 2, 2],
            tests,
            applied={"spike": spike, "where": [where]},
            values=values,
        )
    )
    table = explain.explain(ds)
    assert table["measured"].tolist() == [5.0]
    assert table["limit"].tolist() == ["questionable 1, bad 2, max_gap_minutes 15"]
    assert table["reason"].tolist() == [
        "SST 6: a single value far from both its neighbours, by 5"
        " (questionable 1, bad 2, max_gap_minutes 15)"
    ]
    del ds["SST"]
    table = explain.explain(ds)
    assert np.isnan(table["measured"]).all()
    assert np.isnan(table["value"]).all()


def test_a_check_that_did_not_run_has_no_limits():
    for applied in ({"range": "not run: lacks it"}, {}):
        ds = dataset(flagged([3] * N, [4] * N, applied=applied, values=VALUES))
        assert {row[-1] for row in reasons(ds)} == {""}


def test_the_variable_that_a_test_is_about():
    span = {"calibration_span_distance": ("time", np.arange(N) * 1.0)}
    tests = [0, BITS["outside_span"], 0, 0, 0]
    dry = flagged([2, 3, 2, 2, 2], tests, "xCO2_water_Tequ_dry", values=VALUES)
    found = reasons(dataset(span, dry))
    assert found == [
        (1, *("xCO2_water_Tequ_dry", "outside_span", "xCO2_water_Tequ_dry"), 1.0, "")
    ]
    (row,) = explain.explain(dataset(span, dry)).itertuples()
    assert row.reason == ("xCO2_water_Tequ_dry: outside the span of the gas standards")
    assert reasons(dataset(dry))[0][4] == 45.0
    assert explain._tested_variable("missing_standards") == "calibration_standards"
    assert explain._tested_variable("zero_failed") == "zero_status"
    assert explain._tested_variable("spike") == ""
    assert explain._tested_variable("unheard") == ""


def test_the_plan_of_a_file():
    where = {"months": [1], "checks": {"range": {}, "spike": "not run", "ice": False}}
    applied = {
        "position": {"speed": {"bad": 9.0}, "diagnostic": {"a": "all"}},
        "SST": {"range": {"bad": [0, 1]}, "spike": "not run", "where": [where]},
    }
    context = explain._rebuild_context(dataset(), applied)
    assert context.plan.checks == {
        "latitude": {"speed": {"bad": 9.0}},
        "SST": {"range": {"bad": [0, 1]}},
    }
    (rule,) = context.plan.rules
    assert rule.checks == {"SST": {"range": {}, "ice": False}}
    assert rule.when is where
    assert context.plan.profile.name == "none"
    assert not context.plan.written
    assert (context.plan.consequences, context.manual) == ({}, {})


def test_measures_of_rows():
    check = CHECKS["spike"]
    values = np.array([1.0, np.nan, 6.0, 1.0, 2.0])
    seconds = 60.0 * np.arange(N)
    found = explain._measure_series(
        *(check, values, seconds, np.array([0, 1, 2])),
        {"questionable": 1.0, "bad": 2.0},
    )
    np.testing.assert_array_equal(found, [np.nan, np.nan, 5.0])
    found = explain._measure_series(check, values, seconds, np.array([1]), {})
    assert np.isnan(found).all()
    found = explain._measure_series(CHECKS["range"], values, seconds, np.array([0]), {})
    assert np.isnan(found).all()


def test_the_table_of_checks_is_complete():
    for profile in ("default", "quince-28", "none"):
        table = explain.describe_checks(profile)
        assert [row[0] for row in table[1 : len(CHECKS) + 1]] == sorted(
            CHECKS, key=lambda name: CHECKS[name].bit
        )
        knots = {"default": "30, bad 80", "none": "30, bad 80"}.get(
            profile, "311.015, bad 311.015, blame both"
        )
        row = (
            "[qc.latitude]",
            f"speed: questionable {knots}",
            f"{profile}, for a ship",
        )
        assert row in table
        assert [r[0] for r in table[-11:]] == ["profile"] * 3 + ["region"] * 8
    table = explain.describe_checks()
    assert ("position", "-") in [row[:2] for row in table]
    row = ("[qc.warming]", "cooling: low 1, high 0.1, summer 0.3, band [40, 60],")
    assert any(t[0] == row[0] and t[1].startswith(row[1]) for t in table)
    assert ("[qc.standard_run]", "standard_rejected: no limits", "default") in table
