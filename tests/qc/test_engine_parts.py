"""Parts of the engine: pairs, rows, option sets, consequences, records, gas runs."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.qc import engine
from oceanco2.qc.limits import PROFILES
from oceanco2.qc.plan import Plan, Rule
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES

DRY = "xCO2_water_Tequ_dry"
TIME = np.datetime64("2024-01-01", "ns")


def dataset(size=4, attrs=None, **variables):
    time = TIME + np.arange(size) * np.timedelta64(60, "s")
    data = {
        name: ("time", np.broadcast_to(np.asarray(values), (size,)).copy())
        for name, values in variables.items()
    }
    ds = xr.Dataset(data, coords={"time": time})
    for name, more in (attrs or {}).items():
        ds[name].attrs.update(more)
    return ds


def plan(profile="default", **parts):
    given = {"checks": {}, "rules": [], "consequences": {}, "cascade": {"": {}}}
    return Plan(PROFILES[profile], **given | {"written": set()} | parts)


def context(ds, manual=None, profile="default", **parts):
    return engine.check_context(ds, plan(profile, **parts), manual or {})


@pytest.mark.parametrize(
    ("attrs", "reason"),
    [
        ({}, ""),
        ({"T_equ": {"value_type": "nominal"}}, "T_equ is one given number"),
        ({"SST": {"value_type": "nominal"}}, "SST is one given number"),
        ({"SST": {"value_type": "measured"}}, ""),
        (
            {"SST": {"method": "not measured: copy of T_equ"}},
            "SST is not measured: copy of T_equ",
        ),
        ({"SST": {"method": "mean"}}, ""),
        (
            {"SST": {"source_column": "t"}, "T_equ": {"source_column": "t"}},
            "T_equ and SST are one column",
        ),
        ({"SST": {"source_column": "t"}, "T_equ": {"source_column": "u"}}, ""),
        ({"SST": {"source_column": "t"}}, ""),
    ],
)
def test_two_variables_must_be_measured_separately(attrs, reason):
    ds = dataset(attrs=attrs, SST=1.0, T_equ=1.0)
    found = engine.why_not_separate(ds, "cooling")
    assert found.startswith(reason)
    assert bool(found) == bool(reason)
    assert engine.why_not_separate(ds, "spike") == ""
    assert engine.why_not_separate(ds.drop_vars("SST"), "cooling") == ""


def test_seconds_since_the_first_row():
    found = context(dataset(3, SST=1.0))
    assert found.seconds.tolist() == [0.0, 60.0, 120.0]
    assert context(dataset(0, SST=1.0)).seconds.size == 0


def test_a_given_number_is_checked_for_its_range_only():
    checks = {"SST": {"range": {"bad": (0.0, 9.0)}, "constant": {}}}
    nominal = dataset(attrs={"SST": {"value_type": "nominal"}}, SST=1.0)
    assert list(context(nominal, checks=checks).checks("SST")) == ["range"]
    found = context(dataset(SST=1.0), checks=checks)
    assert list(found.checks("SST")) == ["range", "constant"]
    assert found.checks("salinity") == {}
    found = context(dataset(), checks=checks)
    assert list(found.checks("SST")) == ["range", "constant"]


def test_rules_of_a_variable():
    rules = [
        Rule({"months": [1]}, {"SST": {"spike": False}}),
        Rule({"months": [1]}, {"salinity": {"spike": False}}),
    ]
    found = context(dataset(SST=1.0), rules=rules)
    assert found.rules("SST") == rules[:1]
    assert found.rules("T_equ") == []


@pytest.mark.parametrize("size", [4, 9_999, 10_000])
def test_layers_are_the_same_in_parallel(size, monkeypatch):
    pools = []

    class Pool:
        def __init__(self, count):
            pools.append(count)

        def __enter__(self):
            return SimpleNamespace(map=map)

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(engine, "ThreadPoolExecutor", Pool)
    flagged = []

    def one(context, name):
        flagged.append(name)
        return name

    monkeypatch.setattr(engine, "_flag_variable", one)
    checks = {"salinity": {"spike": {}, "range": {}}, "SST": {"spike": {}}}
    found = context(dataset(size, SST=1.0), checks=checks)
    names = ["T_equ", "SST", "salinity"]
    assert engine.check_layers(found, names) == {n: n for n in names}
    many = size >= 10_000
    # Longest jobs first, so that no core idles at the end.
    assert flagged == (["salinity", "SST", "T_equ"] if many else names)
    assert len(pools) == many
    pools.clear()
    engine.check_layers(found, names[:2])
    assert len(pools) == many
    engine.check_layers(found, names[:1])
    assert len(pools) == many


def test_impossible_values_are_bad_and_unseen_by_their_neighbours():
    ds = dataset(5, SST=[10.0, 99.0, 10.1, np.nan, 45.0])
    checks = {"SST": {"range": {"questionable": (0.0, 40.0), "bad": (0.0, 60.0)}}}
    flags, tests = engine._flag_variable(context(ds, checks=checks), "SST")
    assert flags.dtype == np.int8
    assert tests.dtype == np.int64
    assert flags.tolist() == [GOOD, BAD, GOOD, GOOD, QUESTIONABLE]
    bits = TEST_BITS["physical"], TEST_BITS["range"]
    assert tests.tolist() == [0, bits[0] | bits[1], 0, 0, bits[1]]
    checks = {"SST": {"deviation": {"sigma": 1.0}}}
    flags, tests = engine._flag_variable(context(ds, checks=checks), "SST")
    assert tests.tolist() == [0, bits[0], 0, 0, TEST_BITS["deviation"]]


RUNS = np.array([RUN_TYPES[w] for w in ("water", "air", "standard", "zero")])


@pytest.mark.parametrize(
    ("profile", "name", "written", "manual", "hidden"),
    [
        ("default", "SST", (), {}, None),
        ("quince-28", "SST", (), {}, [0, 0, 1, 1]),
        ("quince-28", "xCO2", (), {}, [0, 0, 0, 0]),
        ("quince-28", "x12CO2", (), {}, [0, 0, 0, 0]),
        ("quince-28", "x13CO2", (), {}, [0, 0, 0, 0]),
        ("quince-28", "SST", ("SST",), {}, [0, 0, 0, 0]),
        ("quince-28", "SST", (), {"SST": [0, 2, 0, 4]}, [0, 1, 1, 1]),
        ("quince-28", "SST", (), {"T_equ": [3, 3, 3, 3]}, [0, 0, 1, 1]),
        ("quince-28", "xCO2", (), {"xCO2": [3, 0, 1, 0]}, [1, 0, 1, 0]),
    ],
)
def test_rows_that_checks_do_not_see(profile, name, written, manual, hidden):
    manual = {key: np.array(v) for key, v in manual.items()}
    ds = dataset(run_type=RUNS, SST=1.0)
    found = context(ds, manual, profile, written=set(written))
    rows = engine._hidden_rows(found, name)
    assert (rows if rows is None else rows.tolist()) == hidden
    if hidden is not None and not manual:
        found = context(ds.drop_vars("run_type"), manual, profile)
        assert engine._hidden_rows(found, name).tolist() == [0, 0, 0, 0]


def test_hidden_rows_keep_their_possible_range():
    ds = dataset(run_type=RUNS, SST=[1.0, 20.0, 20.0, 99.0])
    checks = {"SST": {"range": {"bad": (0.0, 9.0)}}}
    found = context(ds, profile="quince-28", checks=checks)
    flags, _ = engine._flag_variable(found, "SST")
    assert flags.tolist() == [GOOD, BAD, GOOD, BAD]


@pytest.mark.parametrize("name", ["xH2O", "xH2O_calibrated"])
def test_series_by_run_type(name):
    ds = dataset(run_type=RUNS)
    found = engine._series_rows(context(ds, profile="quince-28"), name)
    assert [rows.tolist() for rows in found] == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert engine._series_rows(context(ds), name) == [None]
    without = context(ds.drop_vars("run_type"), profile="quince-28")
    assert engine._series_rows(without, name) == [None]
    assert engine._series_rows(context(ds, profile="quince-28"), "xH2O_atm") == [None]


def test_each_series_is_checked_alone():
    values = np.array([1.0, 11.0, 1.0, 11.0, 1.0, 11.0, 1.0, 14.0])
    kinds = np.tile(RUNS[:2], 4)
    ds = dataset(8, run_type=kinds, xH2O=values)
    checks = {"xH2O": {"deviation": {"sigma": 1.5}}}
    found = context(ds, profile="quince-28", checks=checks)
    flags, tests = engine._flag_variable(found, "xH2O")
    # air: mean 11.75, standard deviation 1.3; all: mean 6.4, standard deviation 5.5
    assert np.flatnonzero(flags > GOOD).tolist() == [7]
    assert tests[7] == TEST_BITS["deviation"]
    assert (engine._flag_variable(context(ds, checks=checks), "xH2O")[0] == GOOD).all()


def test_checks_without_their_inputs_do_not_run():
    ds = dataset(attrs={"SST": {"value_type": "nominal"}}, SST=1.0, T_equ=3.0)
    checks = {
        "warming": {"warming": {}, "warming_rate": {}},
        "SST": {"freezing": {}},
        "latitude": {"speed": {}},
    }
    found = context(ds, checks=checks)
    values = np.full(4, 2.0)

    def run(name):
        return dict(engine.run_checks(found, name, values, values))

    assert list(run("warming")) == ["warming"]
    assert run("warming")["warming"].tolist() == [QUESTIONABLE] * 4
    assert run("SST") == {}
    assert run("latitude") == {}


def january_and_more(checks):
    ds = dataset(4, SST=[1.0, 2.0, 3.0, 4.0], latitude=[0.0, 10.0, 20.0, np.nan])
    north = [Rule({"box": [5.0, -180.0, 90.0, 180.0]}, {"SST": checks})]
    north += [Rule({"box": [15.0, -180.0, 90.0, 180.0]}, {"SST": {"spike": False}})]
    return ds.assign(longitude=("time", np.zeros(4))), north


def test_options_by_row():
    ds, rules = january_and_more({"spike": {"bad": 3.0}})
    base = {"SST": {"spike": {"questionable": 1.0, "bad": 2.0}}}
    changed = {"questionable": 1.0, "bad": 3.0}
    found = context(ds, checks=base, rules=rules)
    sets = engine.option_sets(found, "SST", "spike")
    assert [(o, r.tolist()) for o, r in sets] == [
        (base["SST"]["spike"], [1, 0, 0, 1]),
        (changed, [0, 1, 0, 0]),
    ]
    assert engine.option_sets(found, "SST", "range") == []
    assert engine.option_sets(found, "T_equ", "spike") == []
    found = context(ds, checks=base)
    assert engine.option_sets(found, "SST", "spike") == [(base["SST"]["spike"], None)]
    found = context(ds, rules=rules)
    ((options, rows),) = engine.option_sets(found, "SST", "spike")
    assert (options, rows.tolist()) == ({"bad": 3.0}, [0, 1, 0, 0])


def test_limits_act_on_the_rows_of_their_rule_only():
    ds, rules = january_and_more({"range": {"bad": (0.0, 0.5)}})
    values = ds["SST"].to_numpy()
    found = dict(engine.run_checks(context(ds, rules=rules), "SST", values, values))
    assert list(found) == ["range", "spike"]
    assert found["range"].tolist() == [GOOD, BAD, BAD, GOOD]
    assert found["range"].dtype == found["spike"].dtype == np.int8
    assert found["spike"].tolist() == [GOOD] * 4


def test_inputs_of_checks():
    ds = dataset(SST=[1.0, 99.0, -9.0, 2.0], other=[1, 2, 3, 4])
    check = engine.CHECKS["missing_standards"]
    assert engine.missing_inputs(ds, "missing_standards") == [
        *("standard_run_time", "standard_run_standard"),
        *("standard_run_used", "standard_run_true"),
    ]
    assert engine.missing_inputs(ds, "warming_rate") == []
    assert engine.missing_inputs(ds, "freezing") == ["salinity"]
    found = engine.check_input(ds, check, "SST")
    np.testing.assert_array_equal(found, [1.0, np.nan, np.nan, 2.0])
    assert engine.check_input(ds, check, "other").tolist() == [1, 2, 3, 4]
    assert engine.check_input(ds, check, "T_equ") is None


def test_flags_that_diagnostics_cause():
    ds = dataset(run_type=[1, 2, 1, 1], SST=1.0)
    layers = {
        "water_flow": (np.array([3, 3, 4, 9], np.int8), None),
        "gas_flow": (np.array([2, 2, 3, 4], np.int8), None),
    }
    links = {
        "water_flow": {"SST": (1,), "T_equ": ()},
        "gas_flow": {"SST": ()},
        "vent_flow": {"SST": ()},
    }
    found = engine.consequences(context(ds, consequences=links), layers)
    assert {k: v.tolist() for k, v in found.items()} == {
        "SST": [3, 2, 4, 4],
        "T_equ": [3, 3, 4, 2],
    }
    assert found["SST"].dtype == np.int8
    # Manual flags count instead of automatic ones, where there are any.
    manual = {"gas_flow": np.array([4, 0, 2, 0])}
    found = engine.consequences(context(ds, manual, consequences=links), layers)
    assert found["SST"].tolist() == [4, 2, 4, 4]
    manual = {"water_flow": np.array([2, 2, 2, 0])}
    found = engine.consequences(context(ds, manual, consequences=links), layers)
    assert found["SST"].tolist() == [2, 2, 3, 4]
    assert found["T_equ"].tolist() == [2, 2, 2, 2]
    found = engine.consequences(
        context(ds.drop_vars("run_type"), consequences=links), layers
    )
    assert found["SST"].tolist() == [3, 3, 4, 4]


def test_the_record_of_what_was_applied():
    ds, rules = january_and_more({"range": {"bad": (0.0, 0.5)}, "freezing": {}})
    ds = ds.assign(water_flow=ds["SST"], salinity=ds["SST"])
    checks = {
        "SST": {
            "deviation": {},
            "spike": {"questionable": 1.0, "bad": 2.0},
            "ice": {},
        },
        "latitude": {"speed": {"bad": 9.0}},
        "longitude": {"range": {"bad": (0.0, 9.0)}},
    }
    links = {
        "water_flow": {"SST": (1, 2), "T_equ": ()},
        "vent_flow": {"SST": (1,)},
        "gas_flow": {"T_equ": ()},
    }
    parts = {"checks": checks, "rules": rules, "consequences": links}
    found = engine.tests_applied(context(ds, **parts), "SST")
    assert found == {
        "deviation": {"sigma": 5.0},
        "spike": {"questionable": 1.0, "bad": 2.0},
        "ice": "not run: lacks sea_ice_area_fraction",
        "where": [
            {
                "box": [5.0, -180.0, 90.0, 180.0],
                "rows": 2,
                "checks": {"range": {"bad": (0.0, 0.5)}, "freezing": {}},
            },
            {
                "box": [15.0, -180.0, 90.0, 180.0],
                "rows": 1,
                "checks": {"spike": False},
            },
        ],
        "diagnostic": {
            "water_flow": ["water", "air"],
            "vent_flow": "not run: lacks vent_flow",
        },
    }
    found = engine.tests_applied(context(ds, **parts), "position")
    assert found == {"speed": {"bad": 9.0}, "range": {"bad": (0.0, 9.0)}}
    found = engine.tests_applied(context(ds, **parts), "T_equ")
    assert found["diagnostic"] == {
        "water_flow": "all",
        "gas_flow": "not run: lacks gas_flow",
    }
    assert engine.tests_applied(context(ds), "salinity") == {}
    ds = ds.drop_vars("salinity")
    found = engine.tests_applied(context(ds, **parts), "SST")
    assert found["where"][0]["checks"]["freezing"] == "not run: lacks salinity"


def test_inputs_that_count_less_are_recorded():
    ds = dataset(SST=1.0, salinity=1.0, T_equ=1.0)
    result = "fCO2_water_SST_wet"
    found = engine.tests_applied(context(ds), result)
    assert found == {"input": {"salinity": {"questionable": 2, "bad": 3}}}
    cascade = {"": {"SST": (3, 4), "T_equ": (3, 3), "P_equ": (2, 2)}}
    found = engine.tests_applied(context(ds, cascade=cascade), result)
    assert found["input"] == {
        "salinity": {"questionable": 2, "bad": 3},
        "T_equ": {"questionable": 3, "bad": 3},
    }
    assert engine.tests_applied(context(ds, cascade=cascade), "SST") == {}


# ---- runs of gas standards ----------------------------------------------------------


def with_runs(size=6, **runs):
    ds = dataset(size, SST=1.0)
    count = len(runs["measured"])
    times = ds["time"].to_numpy()[0] + (30 + 60 * np.arange(count)).astype("m8[s]")
    given = {"time": times, "standard": np.zeros(count, int), "used": np.ones(count)}
    given |= {"true": np.full(count, 400.0)} | {k: np.array(v) for k, v in runs.items()}
    return ds.assign(
        {f"standard_run_{k}": ("standard_run", v) for k, v in given.items()}
    )


SCATTER = {"standard_run": {"standard_scatter": {}}}


def test_flags_of_runs_and_of_the_samples_that_they_calibrate():
    ds = with_runs(
        measured=[400.0, 401.0, 402.0, np.nan, 403.0],
        std=[0.1, 1.5, 0.1, 9.0, 6.0],
        count=[3, 3, 3, 3, 3],
        used=[1, 1, 1, 0, 1],
    )
    found = engine.flag_runs(context(ds, checks=SCATTER))
    assert set(found.variables) == {"standard_run_flag", "standard_run_tests"}
    dims, flags, attrs = found.variables["standard_run_flag"]
    assert (dims, flags.dtype) == ("standard_run", np.int8)
    assert flags.tolist() == [GOOD, QUESTIONABLE, GOOD, MISSING, BAD]
    assert json.loads(attrs["tests_applied"]) == {
        "standard_scatter": {"questionable": 1.0, "bad": 5.0}
    }
    assert attrs["long_name"] == "WOCE quality flag of standard_run, effective"
    dims, tests, attrs = found.variables["standard_run_tests"]
    bits = TEST_BITS["standard_scatter"], TEST_BITS["missing"]
    assert (dims, tests.dtype) == ("standard_run", np.int64)
    assert tests.tolist() == [0, bits[0], 0, bits[1], bits[0]]
    assert "flag_masks" in attrs
    # Runs at 0.5, 1.5, 2.5 and 4.5 minutes that are used; samples every minute.
    assert [(t, rows.tolist(), f) for t, rows, f in found.layers] == [
        ("standard_scatter", [0, 1, 1, 1, 1, 1], GOOD),
        ("standard_scatter", [0, 1, 1, 1, 1, 1], QUESTIONABLE),
        ("standard_scatter", [0, 0, 0, 1, 1, 1], BAD),
    ]


def test_seconds_of_runs_are_those_of_the_samples():
    """Five runs of 12 hours, in one of which the standard changes by 4."""
    ds = with_runs(measured=[400.0, 404.0, 404.0, 404.0])
    times = TIME + (3600 * np.arange(4) * 2).astype("m8[s]")
    ds["standard_run_time"] = ("standard_run", times)
    ds["standard_run_used"] = ("standard_run", np.zeros(4))
    checks = {"standard_run": {"standard_step": {}, "standard_rejected": {}}}
    found = engine.flag_runs(context(ds, checks=checks))
    tests = found.variables["standard_run_tests"][1]
    assert (tests & TEST_BITS["standard_rejected"] > 0).tolist() == [True] * 4
    assert found.variables["standard_run_flag"][1].tolist() == [BAD] * 4


def test_without_runs_nothing_is_flagged():
    ds = with_runs(measured=[400.0], std=[9.0], count=[3])
    assert engine.flag_runs(context(ds, checks=SCATTER)).variables
    for name in ("time", "standard", "measured", "used"):
        less = ds.drop_vars(f"standard_run_{name}")
        assert engine.flag_runs(context(less, checks=SCATTER)).variables == {}
    for less in (ds.isel(time=slice(0)), ds.isel(standard_run=slice(0))):
        found = engine.flag_runs(context(less, checks=SCATTER))
        assert (found.variables, found.layers) == ({}, [])
    assert engine.CALIBRATED == (DRY, "xCO2_atm_dry_actual")
