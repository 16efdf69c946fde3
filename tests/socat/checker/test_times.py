"""Times: seven combinations of columns, five orders of dates, years of two digits."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.socat.checker import check_text
from oceanco2.socat.checker.columns import DATE_ORDERS, CheckOptions
from oceanco2.socat.checker.times import days_from_civil, parse_date, seconds_of_day
from tests.uploads import row, upload

PLACE = ("Longitude [deg E]", "Latitude [deg N]", "fCO2_water_SST_wet [uatm]")
LEAP = ("2024", "2", "29", "6", "19", "30")
NOW = datetime(2026, 6, 1, tzinfo=UTC).timestamp()


def check(names, cells, **options):
    """Check one row whose time stands in some columns."""
    text = upload([[*cells, "c", *row()[-3:]]], names=(*names, "Cruise", *PLACE))
    return check_text(text, options=CheckOptions(now=NOW, **options))


COMBINATIONS = [
    (("Year", "Month", "Day", "Hour", "Minute", "Second"), "2024 2 29 6 19 30.5"),
    (("Year", "Month", "Day", "Hour", "Minute"), "2024 2 29 6 19"),
    (("Year", "Month", "Day", "Time"), "2024 2 29 06:19:30.5"),
    (("Year", "Day_of_year", "Sec_of_day"), "2024 60 22770.5"),
    (("Timestamp", "x", "y"), "2024-02-29T06:19:30.5 1 1"),
    (("Date", "Time", "x"), "2024-02-29 6:19:30.5 1"),
    (("Date", "Hour", "Minute", "Second"), "2024/2/29 6 19 30.5"),
    (("Year", "JD", "x"), f"2024 {60 + 22770.5 / 86400!r} 1"),
    (("Year", "JD Jan1=0.0", "x"), f"2024 {59 + 22770.5 / 86400!r} 1"),
]


@pytest.mark.parametrize(("names", "cells"), COMBINATIONS)
def test_seven_combinations(names, cells):
    found = check(names, cells.split(), rest_other=True)
    expected = datetime(2024, 2, 29, 6, 19, 30, 500_000, tzinfo=UTC).timestamp()
    if names[-1] == "Minute":
        assert [(m.severity, m.row, m.type) for m in found.messages] == [
            ("WARNING", 0, "time")
        ]
        assert found.messages[0].text == "no seconds in 1 rows: taken as 0"
        expected -= 30.5
    else:
        assert found.messages == ()
    assert found.track[0][0] == pytest.approx(expected, abs=1e-5)


def test_the_first_combination_counts():
    """Year to minute before a time stamp that says otherwise."""
    names = ("Timestamp", "Year", "Month", "Day", "Hour", "Minute", "Second")
    found = check(names, ["2020-01-01 00:00:00", *LEAP])
    assert found.messages == ()
    assert datetime.fromtimestamp(found.track[0][0], UTC).year == 2024
    # but a fault of time is reported for every time column
    found = check(names, ["2020-01-01 00:00:00", "2024", "2", "30", *LEAP[3:]])
    (message,) = found.messages
    assert message.columns == (1, 2, 3, 4, 5, 6, 7)
    assert message.severity == "CRITICAL"


@pytest.mark.parametrize(
    ("date", "order"),
    [
        ("2008-10-17", "yyyy-mm-dd"),
        ("2008/10/17", "yyyy-mm-dd"),
        ("2008,10,17", "yyyy-mm-dd"),
        ("2008 10 17", "yyyy-mm-dd"),
        ("20081017", "yyyy-mm-dd"),
        ("10-17-2008", "mm-dd-yyyy"),
        ("10172008", "mm-dd-yyyy"),
        ("17/10/2008", "dd-mm-yyyy"),
        ("17102008", "dd-mm-yyyy"),
        ("10/17/08", "mm-dd-yy"),
        ("10/17/8", "mm-dd-yy"),
        ("17-10-08", "dd-mm-yy"),
        ("171008", "dd-mm-yy"),
    ],
)
def test_orders_of_dates(date, order):
    assert parse_date(date, order, 2026) == (2008, 10, 17)
    for names, cells in (
        (("Date", "Time"), [date, "22:16:06"]),
        (("Timestamp", "x"), [f"{date} 22:16:06", "1"]),
        (("Timestamp", "x"), [f"{date}T22:16:06", "1"]),
    ):
        found = check(names, cells, date_order=order, rest_other=True)
        assert found.messages == ()
        expected = datetime(2008, 10, 17, 22, 16, 6, tzinfo=UTC).timestamp()
        assert found.track[0][0] == expected


@pytest.mark.parametrize(
    "date",
    [
        "7032010",
        "2010-3",
        "10-03-07",
        "2010-03-07-1",
        "2010.03.07",
        "",
        "x",
        "２０１０-03-07",
    ],
)
def test_what_is_no_date(date):
    assert parse_date(date, "yyyy-mm-dd", 2026) is None


def test_two_digits_are_the_latest_century_that_is_not_in_the_future():
    assert parse_date("1-2-26", "mm-dd-yy", 2026)[0] == 2026
    assert parse_date("1-2-27", "mm-dd-yy", 2026)[0] == 1927
    assert parse_date("1-2-00", "mm-dd-yy", 2026)[0] == 2000
    assert parse_date("1-2-99", "dd-mm-yy", 1999)[0] == 1999
    assert parse_date("1-2-2004", "mm-dd-yy", 2026) is None


@pytest.mark.parametrize(
    ("cells", "severities", "words"),
    [
        ("2023 2 29 6 19 30", ["CRITICAL"], "not a time: 2023 2 29"),
        ("2024 13 1 6 19 30", ["ERROR", "CRITICAL"], "13 outside [1, 12]"),
        ("2024 2 29 24 0 0", ["CRITICAL"], "not a time"),
        ("2024 2 29 6 60 0", ["CRITICAL"], "not a time"),
        ("2024 2 29 6 19 60", ["CRITICAL"], "not a time"),
        ("2024 2 29 25 0 0", ["ERROR", "CRITICAL"], "25 outside [0, 24]"),
        ("2024 2 29 6.5 0 0", ["CRITICAL"], "not a time"),
        ("2024 2 29 6 NaN 0", ["CRITICAL"], "missing"),
        ("2024 2 29 6 x 0", ["CRITICAL"], "not a number: x"),
        ("2024 2 29 6 0 x", ["CRITICAL"], "not a number: x"),
        ("2024 2 29 6 0 NA", ["WARNING"], "no seconds in 1 rows"),
        ("2026 6 1 0 0 1", ["CRITICAL"], "in the future"),
        ("1945 6 1 0 0 1", ["WARNING"], "1945 outside [1950, 2050]"),
        ("1899 6 1 0 0 1", ["ERROR", "CRITICAL"], "1899 outside [1900, 2100]"),
        ("24 6 1 0 0 1", ["ERROR", "CRITICAL"], "24 outside [1900, 2100]"),
    ],
)
def test_times_that_cannot_be(cells, severities, words):
    names = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    found = check(names, cells.split())
    assert [m.severity for m in found.messages] == severities
    assert words in found.messages[0].text
    if severities[-1] == "CRITICAL":
        assert math.isnan(found.track[0][0])
        assert found.woce_water.tolist() == [4]


def test_better_orders_are_named():
    names = ("Date", "Time")
    assert check(names, ["1/17/2010", "0:28:00"]).date_orders == ("mm-dd-yyyy",)
    assert check(names, ["1/7/10", "0:28:00"]).date_orders == ("mm-dd-yy", "dd-mm-yy")
    assert check(names, ["2010-01-17", "0:28:00"]).date_orders == ()
    assert check(names, ["2010-13-17", "0:28:00"]).date_orders == ()


def test_days_of_the_year():
    for name, first in (("JD", 1), ("JD Jan1=0.0", 0)):
        for day, good in ((0, True), (365.99, True), (366, False), (-0.5, False)):
            found = check((("Year", name, "x")), ["2024", str(first + day), "1"])
            assert ([m for m in found.messages if m.row] == []) == good
    found = check(("Year", "JD", "Secofday"), ["2023", "60.5", "0"])
    assert found.messages[0].severity == "CRITICAL"
    found = check(("Year", "JD", "Secofday"), ["2023", "60", "86400"])
    assert found.messages[0].text == "not a time: 2023 60 86400"


moments = st.datetimes(datetime(1950, 1, 1), datetime(2026, 5, 31))


@settings(deadline=None)
@given(moments, st.sampled_from(DATE_ORDERS), st.sampled_from("-/, "), st.booleans())
def test_a_time_written_in_any_way_reads_back(moment, order, sign, joined):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    codes = {"yyyy": f"{moment.year}", "yy": f"{moment.year % 100:02d}"}
    codes |= {"mm": f"{moment.month:02d}", "dd": f"{moment.day}"}
    date = sign.join(codes[part] for part in order.split("-"))
    clock = f"{moment:%H:%M}:{moment.second + moment.microsecond / 1e6:06.3f}"
    names, cells = ("Date", "Time"), [date, clock]
    if joined:
        names, cells = ("Timestamp", "x"), [f"{date} {clock}", "1"]
    found = check(names, cells, date_order=order, rest_other=True)
    assert [m for m in found.messages if m.row] == []
    if order.endswith("-yy") and moment.year <= 1926:
        moment = moment.replace(year=moment.year + 100)
    read = datetime(1970, 1, 1) + timedelta(seconds=float(found.track[0][0]))
    year = {True: moment.year % 100, False: moment.year}[order.endswith("-yy")]
    assert read.year % (100 if order.endswith("-yy") else 10_000) == year
    if moment.year == read.year:
        assert abs(read - moment) < timedelta(milliseconds=1)


@settings(deadline=None)
@given(
    st.integers(1890, 2110), st.integers(-1, 14), st.integers(-1, 33), st.floats(-1, 70)
)
def test_calendar(year, month, day, second):
    days = days_from_civil(*(np.array([float(x)]) for x in (year, month, day)))[0]
    try:
        start = datetime(year, month, day, tzinfo=UTC) if year >= 1900 else None
    except ValueError:
        start = None
    assert math.isnan(days) == (start is None)
    if start is not None:
        assert days * 86400 == start.timestamp()
    clock = seconds_of_day(*(np.array([x]) for x in (6.0, 7.0, second)))[0]
    assert math.isnan(clock) == (not 0 <= second < 60)
