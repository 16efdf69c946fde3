"""The calendar against datetime, and the three parsers of times against one table."""

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.dates import (
    EPOCH,
    MONTHS,
    day_number,
    days_of_dates,
    isolated_times,
    latest_possible,
    month_number,
)
from oceanco2.readers.times import parse
from oceanco2.socat.archive._kernels import days_of, read_stamp, time_of
from oceanco2.socat.checker import times as checker


@settings(deadline=None)  # the first call compiles
@given(st.dates(min_value=date(1, 1, 1)))
def test_days_and_months_of_the_gregorian_calendar(day):
    expected = (day - date(1970, 1, 1)).days
    assert day_number(day.year, day.month, day.day) == expected
    assert days_of(day.year, day.month, day.day) == expected
    assert month_number(expected) == (day.year - 1970) * 12 + day.month - 1


@given(st.integers(-5, 10_010), st.integers(-1, 14), st.integers(-1, 33))
def test_days_that_do_not_exist_are_missing(year, month, day):
    got = days_of_dates(*(np.array([float(x)]) for x in (year, month, day)))[0]
    try:
        expected = float((date(year, month, day) - date(1970, 1, 1)).days)
    except ValueError:
        expected = math.nan
    np.testing.assert_equal(got, expected)


def hours(start, count, step=1.0):
    step = np.timedelta64(round(step * 60), "m")
    return np.datetime64(start, "ns") + np.arange(count) * step


@pytest.mark.parametrize(
    ("main", "start", "count", "step", "isolated"),
    [
        # So few rows, and a hundredth of them
        (60, "1980-01-06", 2, 1, True),
        (60, "1980-01-06", 5, 1, True),
        (60, "1980-01-06", 6, 1, False),
        (594, "1980-01-06", 6, 1, True),
        (593, "1980-01-06", 6, 1, False),
        (2000, "2031-01-06", 20, 1, True),
        # A main block of twenty rows, and of nine tenths
        (20, "1980-01-06", 2, 1, True),
        (19, "1980-01-06", 2, 1, False),
        (36, "1980-01-06", 4, 1, True),
        (35, "1980-01-06", 4, 1, False),
        # Two days, and 300
        (60, "1980-01-06", 3, 24, True),
        (60, "1980-01-06", 3, 24.5, False),
        (60, "2023-05-05T22:00", 2, 1, True),
        (60, "2023-05-05T23:01", 2, 1, False),
        (60, "2024-12-27T11:00", 1, 1, False),
        (60, "2024-12-28T11:01", 1, 1, True),
    ],
)
def test_a_few_rows_years_away(main, start, count, step, isolated):
    time = np.concatenate([hours(start, count, step), hours("2024-03-01", main)])
    order = np.random.default_rng(1).permutation(time.size)
    found = isolated_times(time[order])
    assert found.tolist() == ((order < count) & isolated).tolist()
    time = np.append(time, np.datetime64("NaT"))
    assert not isolated_times(time)[-1]


def test_deployments_years_apart_are_not_isolated():
    assert not isolated_times(hours("2018-03-01", 30)).any()
    two = np.concatenate([hours("2018-03-01", 30), hours("2024-03-01", 30)])
    assert not isolated_times(two).any()
    short = np.concatenate([hours("2018-03-01", 100, 3), hours("2024-03-01", 9999)])
    assert not isolated_times(short).any()
    yearly = np.concatenate([hours(f"{year}-06-01", 2) for year in range(1990, 2020)])
    assert not isolated_times(yearly).any()
    assert isolated_times(np.empty(0, "datetime64[ns]")).tolist() == []
    assert isolated_times(np.array(["NaT"], "datetime64[ns]")).tolist() == [False]


def test_two_blocks_that_are_isolated():
    parts = [hours("1970-01-01", 1), hours("1980-01-06", 2), hours("2024-03-01", 60)]
    found = isolated_times(np.concatenate(parts))
    assert found.tolist() == [True] * 3 + [False] * 60


def test_the_latest_time_is_a_day_after_the_clock_and_the_inputs():
    now = datetime.now(tz=UTC).timestamp()
    ahead = (latest_possible() - EPOCH) / np.timedelta64(1, "s") - now
    assert 86399 <= ahead <= 86410
    assert latest_possible(now - 1e6) - latest_possible() < np.timedelta64(9, "s")
    later = (latest_possible(now + 1e6) - EPOCH) / np.timedelta64(1, "s")
    assert later == pytest.approx(now + 1e6 + 86400, abs=1)


def test_parts_of_days_are_no_days():
    parts = np.array([2024.0, 2024.5]), np.array([1.5, 1.0]), np.array([1.0, 1.0])
    assert np.isnan(days_of_dates(*parts)).all()
    assert np.isnan(days_of_dates(*np.array([[2024.0], [1.0], [math.nan]]))).all()


def test_names_of_months():
    assert [name[:3].title() for name in MONTHS] == [
        (EPOCH.astype("datetime64[M]") + i).item().strftime("%b") for i in range(12)
    ]


FORMATS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
#: Text; the time, or None; which parsers deviate, because their specifications do:
#: readers are tolerant, the checker is the upload page, the archive is one format.
TEXTS = [
    ("1970-01-01T00:00", "1970-01-01T00:00:00", {}),
    ("2024-02-29T23:59:59", "2024-02-29T23:59:59", {}),
    ("1900-03-01T06:30", "1900-03-01T06:30:00", {}),
    ("2000-02-29T12:00:00.250", "2000-02-29T12:00:00.250", {}),
    ("2023-02-29T00:00", None, {}),
    ("1900-02-29T00:00", None, {}),
    ("2024-13-01T00:00", None, {}),
    ("2024-04-31T00:00", None, {}),
    ("2024-01-01T23:60", None, {}),
    ("2024/01/01T00:00", None, {"checker": "2024-01-01T00:00:00"}),
    ("2024-1-1T00:00", "2024-01-01T00:00:00", {}),
    ("2024-01-01T24:00", None, {"readers": "2024-01-02T00:00:00"}),
    (
        "2024-01-01T23:59:60",
        None,
        {a: "2024-01-02T00:00:00" for a in ("readers", "archive")},
    ),
    ("1850-01-01T00:00", None, {"readers": "1850-01-01T00:00:00"}),
    (
        "2250-01-01T00:00",
        None,
        {a: "2250-01-01T00:00:00" for a in ("readers", "checker")},
    ),
    ("", None, {}),
    ("yesterday", None, {}),
]


def by_readers(text):
    time = parse(np.array([text], dtype=object), FORMATS)[0]
    return None if np.isnat(time) else (time - EPOCH) / np.timedelta64(1, "s")


def by_checker(text):
    day_text, clock_text = checker._split_date(text)
    day = checker.parse_date(day_text, "yyyy-mm-dd", 2026)
    clock = np.array([checker._parse_time_of_day(clock_text)]).T
    clock[2] = np.where(np.isnan(clock[2]), 0.0, clock[2])
    days = checker.days_from_civil(*np.array([day or (math.nan,) * 3], dtype=float).T)
    seconds = (days * 86400.0 + checker.seconds_of_day(*clock))[0]
    return None if math.isnan(seconds) else seconds


def by_archive(text):
    clock = np.zeros(6)
    line = np.frombuffer(f"{text}\t\n".encode(), np.uint8)
    _, valid = read_stamp(line, 0, 9, clock)
    nanoseconds = time_of(clock)
    return nanoseconds / 1e9 if valid and nanoseconds > -(2**62) else None


@pytest.mark.parametrize("parser", [by_readers, by_checker, by_archive])
@pytest.mark.parametrize(("text", "usual", "others"), TEXTS)
def test_one_table_through_three_parsers(text, usual, others, parser):
    expected = others.get(parser.__name__.removeprefix("by_"), usual)
    moment = expected and datetime.fromisoformat(f"{expected}+00:00")
    start = datetime(1970, 1, 1, tzinfo=UTC)
    seconds = (moment - start) / timedelta(seconds=1) if moment else None
    assert parser(text) == seconds
