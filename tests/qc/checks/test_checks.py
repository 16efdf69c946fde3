"""Checks on reference cases of the ICOS Ocean Thematic Centre and as properties."""

import csv
import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.errors import OptionError
from oceanco2.geography import distance_km
from oceanco2.qc import CHECKS, flag
from oceanco2.qc.cascade import cascade
from oceanco2.qc.check import Number, Options, Pair, Text, register
from oceanco2.qc.checks.series import (
    check_constant,
    check_gradient,
    check_outlier,
    check_range,
    check_spike,
)
from oceanco2.qc.checks.track import (
    check_duplicate_time,
    check_position,
    check_speed,
    check_time_order,
)
from oceanco2.qc.plan import _check_options
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE


def cases(folder, name):
    with (folder / "instruments" / name).open() as file:
        return list(csv.DictReader(file))


def numbers(text):
    return np.array([float(x) for x in text.split(";")])


@pytest.mark.parametrize(
    ("file", "check", "options"),
    [
        ("qc_constant_value_cases.csv", check_constant, {"minutes": 3.0}),
        ("qc_gradient_cases.csv", check_gradient, {"limit": 5.0}),
    ],
)
def test_reference_cases(reference_data, file, check, options):
    for case in cases(reference_data, file):
        minutes = numbers(case["minutes"])
        flags = check(numbers(case["values"]), minutes * 60.0, **options)
        bad = {m for m, f in zip(minutes, flags, strict=True) if f == BAD}
        expected = case["exp_bad_minutes"]
        assert bad == (set(numbers(expected)) if expected else set()), case["case"]


def test_positions_of_reference(reference_data):
    for case in cases(reference_data, "qc_position_cases.csv"):
        lon, lat = (float(case[k] or "nan") for k in ("lon", "lat"))
        flag = check_position(np.array([lat]), np.array([lon]))[0]
        assert (flag == BAD) == (case["exp_flag_both"] == "B"), case


def test_cascade_of_reference(reference_data):
    """Those rows whose settings are ours: SST passes on, salinity one step milder."""
    tried = 0
    for case in cases(reference_data, "flag_cascade_cases.csv"):
        settings = [case[k] for k in case if k.endswith("cascade")]
        if settings != ["3", "4", "2", "2"]:
            continue
        tried += 1
        flags = {"SST": int(case["sst_flag"]), "salinity": int(case["sal_flag"])}
        assert result_of(flags)[0] == int(case["exp_data_reduction_flag"])
    assert tried == 3
    assert result_of({"SST": 2, "salinity": 3})[0] == GOOD
    assert result_of({"SST": 2, "salinity": 4})[0] == QUESTIONABLE


def result_of(flags, value=350.0, bits=None):
    bits = bits or {}
    inputs = {
        name: (np.array([flag], np.int8), np.array([bits.get(name, 4)], np.int64))
        for name, flag in flags.items()
    }
    own = (np.array([GOOD], np.int8), np.array([0], np.int64))
    got = cascade("fCO2_water_SST_wet", own, inputs, np.array([value]))
    return int(got[0][0]), int(got[1][0])


def test_missing_results_say_why():
    gap = TEST_BITS["gap"] | TEST_BITS["missing"]
    flag, tests = result_of({"SST": MISSING}, np.nan, {"SST": gap})
    assert flag == MISSING
    assert tests & TEST_BITS["gap"]
    assert tests & TEST_BITS["input"]
    physical = {"P_equ": TEST_BITS["physical"]}
    assert result_of({"P_equ": BAD}, np.nan, physical)[0] == BAD


def test_range_is_nested():
    values = np.array([-11.0, -4.0, 20.0, 45.0, np.nan])
    options = {"questionable": (-3.0, 40.0), "bad": (-10.0, 50.0)}
    flags = check_range(values, values, **options)
    np.testing.assert_array_equal(flags, [BAD, QUESTIONABLE, GOOD, QUESTIONABLE, GOOD])


def test_a_front_is_no_spike_and_no_outlier():
    values = np.where(np.arange(40) < 20, 10.0, 14.0)
    seconds = np.arange(40) * 103.0
    assert (check_spike(values, seconds, questionable=1, bad=4) == GOOD).all()
    assert (check_outlier(values, seconds, questionable=2) == GOOD).all()
    values[30] = 20.0
    assert check_spike(values, seconds, questionable=1, bad=4)[30] == BAD
    assert check_outlier(values, seconds, questionable=2)[30] == QUESTIONABLE
    assert (check_spike(values, seconds * 100, questionable=1, bad=4) == GOOD).all()


def test_a_misplaced_fix_is_flagged_alone():
    lat = np.linspace(10.0, 10.5, 11)
    lon, seconds = np.full(11, 20.0), np.arange(11) * 600.0
    assert (check_speed(lat, lon, seconds) == GOOD).all()
    lat[5] += 1.5
    flags = check_speed(lat, lon, seconds)
    assert flags[5] == BAD
    assert (np.delete(flags, 5) == GOOD).all()


def test_a_few_misplaced_fixes_are_flagged_and_no_other():
    lon, seconds = np.full(30, 20.0), np.arange(30) * 600.0
    for first, number in ((5, 2), (12, 5), (0, 1), (29, 1)):
        lat = np.linspace(10.0, 11.5, 30)
        lat[first : first + number] += 1.5
        flags = check_speed(lat, lon, seconds)
        expected = np.arange(first, first + number)
        np.testing.assert_array_equal(np.flatnonzero(flags > GOOD), expected)


def test_a_lasting_jump_flags_the_later_fix():
    lat = np.where(np.arange(8) < 4, 10.0, 12.0)
    flags = check_speed(lat, np.zeros(8), np.arange(8) * 600.0)
    np.testing.assert_array_equal(np.flatnonzero(flags > GOOD), [4])


def test_fast_ships_pass_and_a_date_line_is_no_jump():
    lon = np.array([179.9, 179.95, -179.99, -179.94])
    flags = check_speed(np.zeros(4), lon, np.arange(4) * 1200.0)
    assert (flags == GOOD).all()
    assert distance_km(0, 179.95, 0, -179.99) == pytest.approx(6.67, abs=0.01)


def test_clock_going_back_blames_the_fewer_rows():
    seconds = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], dtype=float)
    row = np.array([1, 2, 3, 4, 8, 9, 5, 6, 7, 10])  # rows 8 and 9 are early
    flags = check_time_order(seconds, np.zeros(10, int), row)
    assert 1 <= (flags == QUESTIONABLE).sum() <= 3
    in_order = check_time_order(seconds, np.zeros(10, int), np.arange(10))
    assert (in_order == GOOD).all()
    np.testing.assert_array_equal(
        check_duplicate_time(np.array([0.0, 1.0, 1.0])), [GOOD, GOOD, QUESTIONABLE]
    )


OPTIONS = {
    "range": {"questionable": (0.0, 10.0), "bad": (-5.0, 20.0)},
    "warming": {},
    "constant": {"minutes": 10.0},
    "gradient": {"limit": 3.0},
    "spike": {"questionable": 2.0, "bad": 6.0},
    "outlier": {"questionable": 2.0},
}


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.floats(-50, 50) | st.just(np.nan), min_size=0, max_size=60))
def test_no_check_changes_a_value_or_fails(values):
    values = np.array(values, dtype=float)
    seconds = np.arange(values.size) * 100.0
    for name, options in OPTIONS.items():
        before = values.copy()
        flags = CHECKS[name].function(values, seconds, **options)
        np.testing.assert_array_equal(values, before)
        assert flags.dtype == np.int8
        assert set(np.unique(flags)) <= {GOOD, QUESTIONABLE, BAD}


def test_every_check_says_what_it_is():
    for name, entry in CHECKS.items():
        assert entry.name == name
        assert entry.description
        assert entry.reference
        assert name in TEST_BITS


def test_a_million_samples_in_seconds():
    rng = np.random.default_rng(0)
    values = 10 + np.cumsum(rng.normal(0, 0.01, 1_000_000))
    seconds = np.arange(values.size) * 100.0
    for name in ("range", "constant", "spike", "outlier"):
        CHECKS[name].function(values, seconds, **OPTIONS[name])


class ExtraOptions(Options):
    limit: Number = 1.0
    file: Text = "x.nc"
    span: Pair = (0.0, 1.0)


@pytest.fixture
def extra():
    """A check of somebody's own, gone afterwards, with the bit of a plug-in."""
    name = "climatology"
    kept = CHECKS._entries.pop(name, None)

    @register(
        name,
        bit=58,
        description="odd",
        reference="here",
        needs=("SST",),
        tables=("salinity",),
        options=ExtraOptions,
    )
    def check_extra(values, seconds, *, SST, limit, file, span):
        return np.where(limit < SST, QUESTIONABLE, GOOD).astype(np.int8)

    yield CHECKS[name]
    del CHECKS._entries[name]
    if kept is not None:
        CHECKS.add(name, kept)


def test_needs_are_no_options(extra):
    assert extra.option_names == ["limit", "file", "span"]
    _check_options("salinity", extra.name, {"limit": 2, "file": "a.nc", "span": [1, 2]})
    for options, words in [
        ({"SST": 1.0}, "no option named 'SST'"),
        ({"file": 3}, "must be text"),
        ({"span": [2, 1]}, r"must be \[lowest, highest\]"),
        ({"limit": True}, "not negative"),
    ]:
        with pytest.raises(OptionError, match=words):
            _check_options("salinity", extra.name, options)
    with pytest.raises(OptionError, match=r"belongs to \[qc.salinity\]"):
        _check_options("SST", extra.name, {})


def test_a_check_gets_its_inputs_or_their_lack_is_reported(extra):
    time = np.datetime64("2024-01-01", "ns") + np.arange(3) * np.timedelta64(60, "s")
    sst, salt = np.array([0.0, 3.0, np.nan]), np.array([30.0, 31.0, 32.0])
    ds = xr.Dataset(
        {"SST": ("time", sst), "salinity": ("time", salt)}, coords={"time": time}
    )
    text = platforms.available()["demo_ship"].read_text()
    table = "[qc.salinity]\nclimatology = { limit = 2.0 }\n"
    ship = platforms.parse(f"{text}\n{table}".encode(), "ship.toml")
    out = flag(ds, ship)
    np.testing.assert_array_equal(out["salinity_flag"], [GOOD, QUESTIONABLE, GOOD])
    assert out["salinity_tests"].to_numpy()[1] == TEST_BITS["climatology"]
    out = flag(ds.drop_vars("SST"), ship)
    np.testing.assert_array_equal(out["salinity_flag"], [GOOD, GOOD, GOOD])
    tests_applied = json.loads(out["salinity_flag"].attrs["tests_applied"])
    assert tests_applied["climatology"] == "not run: lacks SST"
