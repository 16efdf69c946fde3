"""Flags of positions and times, row by row."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.qc import rows
from oceanco2.qc.engine import check_context
from oceanco2.qc.limits import PROFILES
from oceanco2.qc.plan import Plan, Rule
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES

BITS = TEST_BITS
SPEED = {"latitude": {"speed": {"questionable": 30.0, "bad": 80.0}}}


def context(size=4, checks=SPEED, rules=(), time=None, **variables):
    if time is None:
        time = np.datetime64("2024-01-01", "ns") + np.arange(size) * np.timedelta64(
            1, "h"
        )
    data = {name: ("time", np.array(values)) for name, values in variables.items()}
    ds = xr.Dataset(data, coords={"time": time})
    plan = Plan(PROFILES["default"], checks, list(rules), {}, {"": {}}, set())
    return check_context(ds, plan, {})


def position(**variables):
    flags, tests = rows.position_layer(context(**variables))
    assert (flags.dtype, tests.dtype) == (np.int8, np.int64)
    return flags.tolist(), tests.tolist()


def test_without_positions_they_are_missing():
    unknown = BITS["missing"] | BITS["position"]
    none = [np.nan] * 4
    for variables in (
        {},
        {"latitude": [1.0] * 4},
        {"latitude": [1.0] * 4, "longitude": none},
        {"latitude": none, "longitude": [1.0] * 4},
    ):
        assert position(**variables) == ([MISSING] * 4, [unknown] * 4)


def test_positions_that_are_missing_or_impossible():
    found = position(latitude=[1.0, np.nan, 91.0, 1.2], longitude=[0.0] * 4)
    bit = BITS["position"]
    assert found == ([GOOD, BAD, BAD, GOOD], [0, bit, bit, 0])


def test_speeds_and_ranges_of_positions():
    lat, lon = [1.0, 1.2, 9.0, 1.6], [0.0] * 4
    bit = BITS["speed"]
    assert position(latitude=lat, longitude=lon) == ([2, 2, BAD, 2], [0, 0, bit, 0])
    checks = SPEED | {"longitude": {"range": {"questionable": (-1.0, 5.0)}}}
    found = position(latitude=[1.0] * 4, longitude=[0.0, 0.1, 5.1, 5.1], checks=checks)
    assert found[1] == [0, 0, bit | BITS["range"], BITS["range"]]
    assert found[0] == [2, 2, 4, 3]
    assert position(latitude=lat, longitude=lon, checks={}) == ([2] * 4, [0] * 4)


def test_limits_of_speed_on_some_rows():
    rule = Rule(
        {"box": [5.0, -180.0, 90.0, 180.0]},
        {"latitude": {"speed": {"questionable": 900.0, "bad": 900.0}}},
    )
    lat, lon = [1.0, 1.2, 9.0, 1.6], [0.0] * 4
    assert position(latitude=lat, longitude=lon, rules=[rule])[0] == [2] * 4


@pytest.mark.parametrize(
    ("kind", "flag", "tests"),
    [
        ("ignored", MISSING, BITS["missing"] | BITS["run_not_used"]),
        ("unknown", MISSING, BITS["missing"] | BITS["run_not_used"]),
        ("water", BAD, BITS["position"]),
        ("standard", BAD, BITS["position"]),
    ],
)
def test_rows_that_are_not_used_need_no_position(kind, flag, tests):
    types = np.array([RUN_TYPES["water"]] * 2 + [RUN_TYPES[kind]] * 2)
    found = position(
        latitude=[1.0, 1.1, np.nan, 1.2], longitude=[0.0] * 4, run_type=types
    )
    assert found == ([GOOD, GOOD, flag, GOOD], [0, 0, tests, 0])


def clock(**variables):
    flags, tests = rows.clock_layer(context(**variables))
    assert (flags.dtype, tests.dtype) == (np.int8, np.int64)
    return flags.tolist(), tests.tolist()


def times(*hours):
    text = ["NaT" if hour is None else f"2024-01-01T{hour:02}" for hour in hours]
    return np.array(text, "datetime64[ns]")


def test_times_that_are_good_twice_or_missing():
    assert clock() == ([GOOD] * 4, [0] * 4)
    bit = BITS["duplicate_time"]
    found = clock(time=times(0, 1, 1, 2))
    assert found == ([GOOD, GOOD, QUESTIONABLE, GOOD], [0, 0, bit, 0])
    found = clock(time=times(0, 1, 2, None))
    assert found == ([GOOD, GOOD, GOOD, MISSING], [0, 0, 0, BITS["missing"]])


def test_times_that_cannot_be():
    bit = BITS["impossible_time"]
    time = times(0, 1, 1, 2)
    time[0], time[3] = np.datetime64("1949-12-31"), np.datetime64("2199-01-01")
    twice = BITS["duplicate_time"]
    assert clock(time=time) == ([BAD, GOOD, QUESTIONABLE, BAD], [bit, 0, twice, bit])


def future(days, **attrs):
    """Flag of a row so many days ahead of the clock of this computer."""
    ahead = np.timedelta64(round(days * 1440), "m")
    time = np.full(4, np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns"))
    time += np.arange(4) * np.timedelta64(1, "s") + ahead
    given = context(time=time)
    given.ds.attrs.update(attrs)
    return rows.clock_layer(given)[0][0]


def test_a_clock_may_be_a_day_ahead_and_inputs_may_be_newer_than_the_clock():
    assert future(0.99) == GOOD
    assert future(1.01) == BAD
    assert future(1.01, newest_input="2000-01-01T00:00:00") == BAD
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=10)
    newest = later.isoformat(timespec="seconds")
    assert future(10.99, newest_input=newest) == GOOD
    assert future(11.01, newest_input=newest) == BAD


def test_the_date_of_a_build_is_no_clock(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert future(0.0) == GOOD
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9000000000")
    assert future(2.0) == BAD


def test_rows_that_another_file_contradicts():
    bit = BITS["duplicate_time"]
    found = clock(time=times(0, 1, 1, 2), file_conflict=[0, 1, 1, 0])
    assert found == ([GOOD, QUESTIONABLE, QUESTIONABLE, GOOD], [0, bit, bit, 0])
    found = clock(time=times(0, 1, 1, 2), file_conflict=[0, 1, 0, 0])
    assert found == ([GOOD, QUESTIONABLE, GOOD, GOOD], [0, bit, 0, 0])


def test_rows_that_are_not_used_repeat_no_time():
    water, ignored = RUN_TYPES["water"], RUN_TYPES["ignored"]
    kinds = np.array([water, ignored, water, water])
    found = clock(time=times(0, 1, 1, 1), run_type=kinds)
    assert found == ([2, 2, 2, 3], [0, 0, 0, BITS["duplicate_time"]])


def test_clocks_that_go_back_in_a_file():
    files, lines = np.zeros(4, int), np.array([1, 2, 4, 3])
    found = clock(source_file=files, source_row=lines)
    bit = BITS["time_order"]
    assert sorted(found[0]) == [GOOD, GOOD, GOOD, QUESTIONABLE]
    assert sorted(found[1]) == [0, 0, 0, bit]
    assert clock(source_file=files) == ([GOOD] * 4, [0] * 4)
    assert clock(source_row=lines) == ([GOOD] * 4, [0] * 4)
    labels = np.array([0, 0, 1, 0])
    assert (
        clock(source_file=files, source_row=lines, run_label=labels)[1].count(bit) == 1
    )
    lines = np.array([1, 3, 4, 2])
    labels = np.array([0, 1, 1, 0])
    assert clock(source_file=files, source_row=lines, run_label=labels)[1] == [0] * 4
    assert clock(source_file=files, source_row=lines)[1].count(bit) == 1
    found = clock(source_file=np.arange(4), source_row=lines)
    assert found == ([GOOD] * 4, [0] * 4)
    found = clock(time=times(0, 1, 1, 2), source_file=files, source_row=lines)
    assert BITS["duplicate_time"] in [
        tests & BITS["duplicate_time"] for tests in found[1]
    ]


def test_rows_without_a_fix_are_bad():
    lat, lon = [0.0, 0.0, 45.0, 45.0], [0.0, 0.0, -20.0, -20.0]
    bit = BITS["position"]
    expected = [BAD] * 2 + [GOOD] * 2, [bit, bit, 0, 0]
    assert position(latitude=lat, longitude=lon) == expected
    for name in ("latitude", "longitude"):
        given = context(latitude=lat, longitude=lon)
        given.ds[name].attrs["value_type"] = "nominal"
        assert rows.position_layer(given)[0][:2].tolist() == [GOOD] * 2


@pytest.mark.parametrize(("kind", "flag"), [("ship", BAD), ("mooring", GOOD)])
def test_a_mooring_may_be_at_the_origin(kind, flag):
    moored = context(latitude=[0.0] * 4, longitude=[0.0] * 4)
    moored.ds.attrs["platform_kind"] = kind
    assert rows.position_layer(moored)[0].tolist() == [flag] * 4
