"""Values of sensors at measurements, against reference cases."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.alignment import (
    Readings,
    group_starts,
    groups,
    measurement_mode,
    periodic_value_at,
    value_at,
    value_over,
)
from oceanco2.interpolation import interpolate
from oceanco2.vocabulary import VALUE_TYPES

CODES = {"G": 2, "Q": 3, "B": 4, "F": -100, "N": -10}
LETTERS = {code: letter for letter, code in CODES.items()}
MEASURED, INTERPOLATED = VALUE_TYPES["measured"], VALUE_TYPES["interpolated"]


def cases(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def sensor(minutes, flags):
    minutes = np.array(minutes, dtype=float)
    codes = np.array([CODES[letter] for letter in flags])
    return Readings(60.0 * minutes, minutes, codes)


def agrees(result, case, tolerance):
    """Whether value, flag, first and last minute and mark are those of a case."""
    if not case["exp_value"]:
        return np.isnan(result.values[0]) and result.kind[0] == VALUE_TYPES["missing"]
    first, last = (float(case[key]) * 60.0 for key in ("exp_start", "exp_end"))
    return (
        result.values[0] == pytest.approx(float(case["exp_value"]), abs=tolerance)
        and LETTERS[int(result.flags[0])] == case["exp_flag"]
        and (result.start[0], result.end[0]) == (first, last)
        and bool(result.around[0]) == (case["exp_interpolates_around_flags"] == "true")
    )


def test_all_continuous_cases(reference_data):
    """interp_continuous_cases.csv: 52 rows of flags, one value a minute."""
    rows = cases(reference_data / "instruments" / "interp_continuous_cases.csv")
    assert len(rows) == 52
    for case in rows:
        readings = sensor(range(11, 24), case["flags_minutes_11_to_23"])
        at = np.array([float(case["requested_minute"]) * 60.0])
        may = case["allow_interpolation"] == "true"
        result = value_at(readings, at, may_interpolate=may)
        assert agrees(result, case, 1e-12), case
        if case["exp_value"]:
            one = ";" not in case["exp_used_minutes"]
            assert result.kind[0] == (MEASURED if one else INTERPOLATED)


def test_all_range_cases(reference_data):
    """interp_range_cases.csv: 23 periods; values printed with three decimals."""
    rows = cases(reference_data / "instruments" / "interp_range_cases.csv")
    assert len(rows) == 23
    for case in rows:
        flags = case["flags_minutes_11_15"] + case["flags_minutes_21_25"]
        readings = sensor([*range(11, 16), *range(21, 26)], flags)
        period = (60.0 * float(case["start"]), 60.0 * float(case["end"]))
        may = case["allow_interpolation"] == "true"
        result = value_over(readings, period, may_interpolate=may)
        assert agrees(result, case, 5e-4), case


def seconds_of(texts):
    times = np.array([t.rstrip("Z") for t in texts], dtype="datetime64[ms]")
    return (times - times[0]) / np.timedelta64(1, "s")


def test_modes_of_ten_real_instruments(reference_data):
    """measurement_mode_cases.csv, whose columns count pauses in whole seconds.

    Its mean size of a group is without the first value (and in one file without the
    last group), so it is not compared: the mode does not hang on it.
    """
    folder = reference_data / "instruments"
    rows = cases(folder / "measurement_mode_cases.csv")
    assert len(rows) == 10
    for case in rows:
        number = case["file"].removeprefix("measurementMode")
        packed = folder / "measurement_mode" / f"timestamps_{number}.csv.gz"
        with gzip.open(packed, "rt") as file:
            times = seconds_of(file.read().split()[1:])
        assert times.size == int(case["n_timestamps"])
        pauses = group_starts(times).size - 1
        assert pauses == int(case["groups_split_by_gap_gt_300s"])
        assert measurement_mode(times) == case["expected_mode"].lower(), case["file"]
        assert groups(Readings(times, times)).middle.size == pauses + 1


def test_number_of_values_left_after_grouping(reference_data):
    """measurement_mode_group_counts.csv, numbers and text."""
    folder = reference_data / "instruments"
    for case in cases(folder / "measurement_mode_group_counts.csv"):
        rows = cases(folder / "measurement_mode" / f"{case['file']}.csv")
        times = seconds_of([row["time_utc"] for row in rows])
        texts = np.array([row["value"] for row in rows])
        text = case["file"].startswith("string")
        assert times.size == int(case["raw_values"])
        mode = measurement_mode(times, texts if text else None)
        assert mode == case["expected_mode"].split()[0].lower(), case["file"]
        values = texts if text else texts.astype(float)
        count = groups(Readings(times, values)).middle.size
        if mode == "periodic":
            assert count == int(case["expected_output_values"])


def bursts(flags, every=1800.0, values=None):
    """Bursts of three readings, 10 s apart, the value of burst i is i."""
    start = every * np.arange(len(flags))
    times = (start[:, None] + [0.0, 10.0, 20.0]).ravel()
    numbers = np.arange(len(flags), dtype=float) if values is None else values
    codes = np.repeat([CODES[letter] for letter in flags], 3)
    return Readings(times, np.repeat(numbers, 3), codes)


@pytest.mark.parametrize(
    ("flags", "second", "value", "flag", "kind"),
    [
        ("GGGG", 1815.0, 1.0, 2, MEASURED),  # within the burst
        ("GQGG", 1815.0, 1.0, 3, MEASURED),
        ("GGGG", 2710.0, 1.5, 2, INTERPOLATED),  # halfway between two middles
        ("GQGG", 2710.0, 2.0, 2, INTERPOLATED),  # the better one alone
        ("GQGG", 900.0, 0.0, 2, INTERPOLATED),
        ("GQQG", 2710.0, np.nan, 9, 0),  # equal, not good
        ("GQBG", 2710.0, 1.0, 3, INTERPOLATED),
        ("GGGG", -2000.0, 0.0, 2, INTERPOLATED),  # one side, 2010 s before the middle
        ("GGGG", -2800.0, np.nan, 9, 0),  # more than 1.5 x 1800 s
        ("GGGG", 5420.0 + 2600.0, 3.0, 2, INTERPOLATED),
    ],
)
def test_periodic_values(flags, second, value, flag, kind):
    result = periodic_value_at(bursts(flags), np.array([second]))
    np.testing.assert_allclose(result.values, [value])
    assert (result.flags[0], result.kind[0]) == (flag, kind)


def test_a_burst_is_the_mean_of_its_best_readings():
    times = np.array([0.0, 10.0, 20.0, 30.0])
    flags = np.array([2, 4, 2, -100])
    result = groups(Readings(times, np.array([1.0, 50.0, 3.0, 9.0]), flags))
    np.testing.assert_array_equal(result.values, [2.0])
    np.testing.assert_array_equal(result.middle, [10.0])
    assert groups(Readings(times, np.full(4, np.nan))).middle.size == 0
    nothing = periodic_value_at(Readings(times, np.full(4, np.nan)), np.array([5.0]))
    assert np.isnan(nothing.values[0])


@given(
    one=st.floats(0, 359.99),
    turn=st.floats(-170, 170),
    part=st.floats(0.01, 0.99),
    begin=st.sampled_from([0.0, -180.0]),
)
def test_directions_go_the_short_way_round(one, turn, part, begin):
    two = np.array([one, one + turn])
    wrapped = np.mod(two - begin, 360.0) + begin
    got, _ = interpolate(
        np.array([0.0, 1.0]), wrapped, np.array([part]), 1.0, circle=begin
    )
    apart = np.mod(got[0] - (one + part * turn) + 180.0, 360.0) - 180.0
    assert abs(apart) < 1e-9
    assert begin <= got[0] <= begin + 360.0


@given(
    flags=st.text("GQBFN", min_size=3, max_size=20),
    minute=st.floats(0.0, 20.0),
)
def test_what_is_interpolated_lies_between_good_values(flags, minute):
    readings = sensor(range(len(flags)), flags)
    result = value_at(readings, np.array([60.0 * minute]))
    if result.kind[0] == INTERPOLATED:
        assert result.flags[0] == 2
        first, last = result.start[0] / 60.0, result.end[0] / 60.0
        assert flags[int(first)] == flags[int(last)] == "G"
        assert first < minute < last
        assert max(minute - first, last - minute) <= 5.0 + 1e-6
        assert result.values[0] == pytest.approx(minute)
        between = flags[int(first) + 1 : int(last)]
        assert "G" not in between
        assert bool(result.around[0]) == bool(set(between) & set("QB"))
    elif result.kind[0] == MEASURED:
        assert LETTERS[int(result.flags[0])] == flags[round(minute)] in "GQB"
