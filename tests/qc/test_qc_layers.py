"""What `flag` does with layers: missing values, diagnostics, manual flags."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms, qc
from oceanco2.bits import TEST_BITS
from oceanco2.qc.engine import check_context
from oceanco2.qc.limits import PROFILES
from oceanco2.qc.plan import Plan
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES

RESULT = "fCO2_water_SST_wet"
SHIP = platforms.load("demo_ship")


def dataset(size=3, **variables):
    time = np.datetime64("2024-01-01", "ns") + np.arange(size) * np.timedelta64(1, "h")
    data = {
        name: ("time", np.broadcast_to(np.asarray(values), (size,)).copy())
        for name, values in variables.items()
    }
    return xr.Dataset(data, coords={"time": time})


def context(ds, manual=None, **parts):
    given = {"checks": {}, "rules": [], "consequences": {}, "cascade": {"": {}}}
    plan = Plan(PROFILES["default"], **given | {"written": set()} | parts)
    return check_context(ds, plan, manual or {})


def layer(*flags, tests=0):
    return np.array(flags, np.int8), np.full(len(flags), tests, np.int64)


def test_variables_with_flags():
    names = [
        *("SST", "xCO2", "xCO2_calibrated", "cycle", "zero_status", "span_status"),
        *("sample_depth", "water_flow", "unknown"),
    ]
    ds = dataset(**dict.fromkeys(names, 1.0))
    ds = ds.assign(latitude=ds["SST"], longitude=ds["SST"])
    plan = context(ds).plan
    assert qc._flagged(ds, plan) == ["SST", "water_flow"]
    plan = context(ds, checks={"xCO2": {}}, consequences={"SST": {"cycle": ()}}).plan
    assert set(qc._flagged(ds, plan)) == {"SST", "water_flow", "xCO2", "cycle"}
    everything = context(ds, checks={name: {} for name in [*names, "latitude"]}).plan
    assert set(qc._flagged(ds, everything)) == set(names) - {"unknown"}


def test_a_diagnostic_worsens_flags_of_values():
    one = layer(2, 3, 4, 9, 2)
    qc._worsen(one, np.array([3, 4, 3, 4, 2], np.int8))
    bit = TEST_BITS["diagnostic"]
    assert one[0].tolist() == [3, 4, 4, 9, 2]
    assert one[1].tolist() == [bit, bit, bit, 0, 0]


def test_missing_values_and_why():
    kinds = [RUN_TYPES[word] for word in ("water", "ignored", "unknown", "water")]
    ds = dataset(4, SST=[np.nan, np.nan, np.nan, 1.0], run_type=kinds)
    flags, tests = qc._flag_missing(ds, "SST", *layer(2, 2, 2, 2))
    bits = TEST_BITS["missing"], TEST_BITS["run_not_used"]
    assert flags.tolist() == [9, 9, 9, 2]
    assert tests.tolist() == [bits[0], sum(bits), sum(bits), 0]
    given = layer(3, 3, 3, 3)
    assert qc._flag_missing(dataset(4, SST=1.0), "SST", *given)[0].tolist() == [3] * 4


def test_results_where_none_is_expected():
    kinds = [RUN_TYPES[word] for word in ("water", "air", "ignored")]
    ds = dataset(run_type=kinds, **{RESULT: 1.0})
    found = qc._result_layer(context(ds), RESULT, layer(2, 2, 2, tests=4), {})
    bits = TEST_BITS["missing"], TEST_BITS["run_not_used"]
    assert found[0].tolist() == [2, 9, 9]
    assert found[1].tolist() == [4, bits[0], sum(bits)]


def test_diagnostics_with_written_consequences_are_no_inputs():
    ds = dataset(**{RESULT: 1.0})
    inputs = {"water_flow": layer(3, 4, 2), "SST": layer(2, 2, 3)}
    found = qc._result_layer(context(ds), RESULT, layer(2, 2, 2), inputs)
    assert found[0].tolist() == [3, 4, 3]
    links = {"water_flow": {}}
    found = qc._result_layer(
        context(ds, consequences=links), RESULT, layer(2, 2, 2), inputs
    )
    assert found[0].tolist() == [2, 2, 3]
    cascade = {"": {"SST": (2, 2)}}
    found = qc._result_layer(
        context(ds, cascade=cascade), RESULT, layer(2, 2, 2), inputs
    )
    assert found[0].tolist() == [3, 4, 2]


def test_manual_flags_win_but_not_over_a_diagnostic_or_a_missing_value():
    ds = dataset(4, SST=[1.0, 1.0, 1.0, np.nan])
    given = layer(4, 2, 3, 9)
    assert qc._apply_manual(context(ds), "SST", given) is given
    manual = {"SST": np.array([2, 4, 0, 3], np.int8)}
    flags, tests = qc._apply_manual(context(ds, manual), "SST", given)
    bit = TEST_BITS["manual"]
    assert flags.tolist() == [2, 4, 3, 9]
    assert tests.tolist() == [bit, bit, 0, bit]
    assert (flags.dtype, tests.dtype) == (np.int8, np.int64)
    manual = {"SST": np.array([2, 3, 0, 4], np.int8)}
    diagnostic = np.array([4, 4, 4, 4], np.int8)
    flags, _ = qc._apply_manual(context(ds, manual), "SST", given, diagnostic)
    assert flags.tolist() == [2, 4, 3, 9]


def test_values_that_are_not_there():
    ds = dataset(SST=[1.0, np.nan, 1.0], latitude=[np.nan, 1.0, 1.0])
    ds = ds.assign(longitude=("time", [1.0, 1.0, np.nan]))
    assert qc._is_missing(ds, "SST").tolist() == [False, True, False]
    assert qc._is_missing(ds, "position").tolist() == [True, False, True]


def test_variables_of_a_flag():
    automatic, effective = layer(3, 2), layer(2, 2, tests=8)
    manual = np.array([2, 0], np.int8)
    found = qc._flag_variables("SST", automatic, effective, manual, "{}")
    assert {name: (dims, v.tolist()) for name, (dims, v, _) in found.items()} == {
        "SST_flag": ("time", [2, 2]),
        "SST_flag_automatic": ("time", [3, 2]),
        "SST_tests": ("time", [8, 8]),
        "SST_flag_manual": ("time", [2, 0]),
    }
    attrs = {name: parts[2] for name, parts in found.items()}
    assert attrs["SST_flag"]["tests_applied"] == "{}"
    assert attrs["SST_flag"]["standard_name"] == "quality_flag"
    for kind in ("automatic", "manual"):
        text = f"WOCE quality flag of SST, {kind}"
        assert attrs[f"SST_flag_{kind}"]["long_name"] == text
    assert "flag_masks" in attrs["SST_tests"]
    found = qc._flag_variables("SST", automatic, automatic, None, "{}")
    assert list(found) == ["SST_flag", "SST_flag_automatic", "SST_tests"]
    assert not np.shares_memory(found["SST_flag"][1], found["SST_flag_automatic"][1])


def test_a_flagged_dataset():
    ds = dataset(SST=[10.0, 45.0, np.nan], salinity=35.0)
    out = qc.flag(ds, SHIP)
    assert out["SST_flag"].to_numpy().tolist() == [GOOD, QUESTIONABLE, MISSING]
    assert out["SST"].attrs["ancillary_variables"] == "SST_flag SST_tests"
    assert "flagged (profile default)" in out.attrs["history"]
    assert "manual_flags" not in out.attrs
    assert "SST_flag_manual" not in out
    assert {"position_flag", "time_flag", "salinity_tests"} <= set(out.data_vars)
    np.testing.assert_array_equal(out["SST"], ds["SST"])


@pytest.mark.parametrize(("code", "expected"), [(2, GOOD), (3, BAD), (4, BAD)])
def test_a_bad_flow_and_a_manual_flag(tmp_path, code, expected):
    """Exception of the documentation: a manual 3 does not lift a bad diagnostic."""
    text = platforms.available()["demo_ship"].read_text()
    table = "[qc.water_flow]\nconsequences = { SST = 'all' }\n"
    ship = platforms.parse(f"{text}\n{table}".encode(), "ship.toml")
    path = tmp_path / "m.csv"
    path.write_text(
        "start,end,variable,flag,reason,who,when\n"
        f"2024-01-01T00:00,,SST,{code},seen,N. N.,2024-02-01\n"
    )
    out = qc.flag(dataset(SST=10.0, water_flow=[-1.0, -1.0, 2.0]), ship, path)
    assert out["SST_flag"].to_numpy().tolist() == [expected, BAD, GOOD]
    assert out["SST_flag_automatic"].to_numpy().tolist() == [BAD, BAD, GOOD]
    assert out["SST_flag_manual"].to_numpy().tolist() == [code, 0, 0]
    (entry,) = out.attrs["manual_flags"]
    assert entry["automatic"] == {"bad": 1}
