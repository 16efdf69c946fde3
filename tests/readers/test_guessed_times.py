"""Time columns of undocumented tables: every format and name that is recognised."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from oceanco2.readers import guessed_times
from oceanco2.readers.guessed_times import DATE_FORMATS, TIME_FORMATS, find_time
from oceanco2.readers.guessing import Layout

START = datetime(2011, 12, 13, 14, 15, 16)


def layout_of(**columns):
    """A layout with some columns of texts."""
    cells = [np.array(c, dtype=object) for c in columns.values()]
    return Layout("a.csv", names=list(columns), columns=cells, rows=len(cells[0]))


def moments(fmt, step=timedelta(hours=26), count=4):
    return [(START + i * step).strftime(fmt) for i in range(count)]


@pytest.mark.parametrize("fmt", DATE_FORMATS)
@pytest.mark.parametrize("clock", TIME_FORMATS[:3])  # %H%M fits as %H%M%S, too
def test_every_date_and_every_clock(fmt, clock):
    time, questions = find_time(layout_of(DATE=moments(fmt), TIME=moments(clock)))
    if ":" in clock:
        assert time == {"columns": ["DATE", "TIME"], "format": f"{fmt} {clock}"}
    else:
        assert time == {
            "date": "DATE",
            "date_format": fmt,
            "time": "TIME",
            "time_format": clock,
        }
    assert questions == [] or fmt == "%Y%m%d"


@pytest.mark.parametrize("name", ["DATETIME", "Timestamp UTC", "Time", "date utc"])
@pytest.mark.parametrize("fmt", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%y"])
@pytest.mark.parametrize("separator", " T")
@pytest.mark.parametrize("clock", ["%H:%M:%S", "%H:%M"])
def test_date_and_clock_in_one_column(name, fmt, separator, clock):
    whole = f"{fmt}{separator}{clock}"
    time, questions = find_time(layout_of(**{"a": ["1"] * 4, name: moments(whole)}))
    assert time == {"columns": [name], "format": whole}
    assert questions == []


@pytest.mark.parametrize("fmt", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"])
def test_times_with_the_zone_of_other_data_centres(fmt):
    time, _ = find_time(layout_of(ISOTIME=moments(fmt)))
    assert time["columns"] == ["ISOTIME"]
    assert time["format"].endswith("Z")
    assert guessed_times.parse(np.array(moments(fmt), object), [time["format"]])[0] == (
        np.datetime64(START)
    )


def test_a_column_with_the_name_of_a_time_that_is_none():
    dates = moments("%Y-%m-%d %H:%M")
    assert find_time(layout_of(TIME=["x"] * 4, DATETIME2=dates))[0] == {
        "columns": ["DATETIME2"],
        "format": "%Y-%m-%d %H:%M",
    }
    nothing = ({}, ["no column looks like a time"])
    assert find_time(layout_of(TIME=["x"], DATE=["y"])) == nothing
    assert find_time(layout_of(a=["1"])) == nothing
    assert find_time(layout_of(TIME=[""], DATE=[""])) == nothing


def test_the_name_of_the_date_tells_its_order():
    dates = ["01/02/2024", "01/02/2024", "01/03/2024"]
    clock = ["12:00:00", "13:00:00", "14:00:00"]
    for name, fmt in {
        "DATE_ddmmyyyy": "%d/%m/%Y",
        "DATE_mmddyyyy": "%m/%d/%Y",
    }.items():
        time, questions = find_time(layout_of(**{name: dates, "TIME": clock}))
        assert time == {"columns": [name, "TIME"], "format": f"{fmt} %H:%M:%S"}
        assert questions == []
    layout = layout_of(DATE=dates, TIME=clock)
    layout.units = ["dd/mm/yyyy"]
    assert find_time(layout)[0]["format"] == "%d/%m/%Y %H:%M:%S"
    # without a hint the order that spans less: a day, not a month
    time, questions = find_time(layout_of(DATE=dates, TIME=clock))
    assert time["format"] == "%m/%d/%Y %H:%M:%S"
    assert questions == ["the time could also be '%d/%m/%Y'"]


def test_the_format_in_which_times_only_rise():
    # as day/month they fall once: 2 Jan, 1 Feb, 2 Feb, 1 Mar are month first
    dates = ["01/02/2024", "02/01/2024", "02/02/2024", "03/01/2024"]
    time, _ = find_time(layout_of(DATE=dates))
    assert time == {"date": "DATE", "date_format": "%m/%d/%Y"}


def test_a_date_with_a_fraction_of_the_day_or_without_a_clock():
    dates = moments("%Y-%m-%d")
    date = {"date": "DATE", "date_format": "%Y-%m-%d"}
    for fractions in (["0.0", "0.5", "0.6", "0.7"], ["0", "0", "0", "0.99"]):
        found = find_time(layout_of(DATE=dates, TIME=fractions))
        assert found == (date | {"day_fraction": "TIME"}, [])
    lacks = (date, ["no column looks like a time of day"])
    for clock in (["-0.1", "0.5", "0.6", "0.7"], ["x"] * 4):
        assert find_time(layout_of(DATE=dates, TIME=clock)) == lacks
    assert find_time(layout_of(DATE=dates, SST=clock)) == lacks
    time, _ = find_time(layout_of(DATE=dates, TIME=["1.0", "0.5", "0.2", "0"]))
    assert "day_fraction" not in time
    # noughts only are no fractions of a day, but clocks of midnight
    time, _ = find_time(layout_of(DATE=dates, TIME=["0", "0", "0", "0"]))
    assert "day_fraction" not in time


@pytest.mark.parametrize("name", ["TIME_UTC", "HTU", "Heure", "Clock", "GMTTIME"])
def test_names_of_clocks(name):
    layout = layout_of(**{"Ship_DATE": moments("%Y%m%d"), name: moments("%H:%M")})
    assert find_time(layout)[0]["columns"] == ["Ship_DATE", name]


PARTS = {
    "year": "YR YEAR YYYY",
    "month": "MONTH MNTH MON MO",
    "day": "DAY DD",
    "hour": "HR HOUR HH",
    "minute": "MIN MINUTE MM",
    "second": "SEC SECOND SS",
}


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_a_date_in_columns_of_their_own(part):
    for name in PARTS[part].split():
        names = {p: words.split()[0] for p, words in PARTS.items()} | {part: name}
        time, questions = find_time(layout_of(**{n: ["1"] for n in names.values()}))
        assert time == names
        assert questions == []


@pytest.mark.parametrize("lacking", ["year", "month", "day", "hour"])
def test_parts_that_are_needed(lacking):
    names = [words.split()[0] for p, words in PARTS.items() if p != lacking]
    assert find_time(layout_of(**{n: ["1"] for n in names}))[0] == {}


def test_seconds_without_minutes_are_not_used():
    names = {p: PARTS[p].split()[0] for p in ("year", "month", "day", "hour", "second")}
    time, _ = find_time(layout_of(**{n: ["1"] for n in names.values()}))
    assert time == {p: n for p, n in names.items() if p != "second"}


DAYS = "JD JULIANDATE JULIAN_DAY DOY DAYOFYEAR YD JD_GMT YD_UTC YEARDAY"


@pytest.mark.parametrize("name", DAYS.split())
def test_days_of_the_year(name):
    time, questions = find_time(layout_of(**{name: ["1.5"], "Year": ["2011"]}))
    assert time == {"day_of_year": name, "year": "Year"}
    assert questions == ["is 1 January 00:00 day 1 (january_first = 1) or day 0?"]
    time, questions = find_time(layout_of(**{name: ["1.5"]}))
    assert time == {"day_of_year": name, "year": 1900}
    assert questions == ["no column has the year: enter the year of the first row"]


def test_the_second_column_of_dates_and_clocks_is_tried():
    dates, clock = ["2024-03-13", "2024-03-14"], ["10:00", "11:00"]
    layout = layout_of(DATE1=["x", "y"], DATE2=dates, TIME1=["?", "?"], TIME2=clock)
    time, questions = find_time(layout)
    assert time == {"columns": ["DATE2", "TIME2"], "format": "%Y-%m-%d %H:%M"}
    assert questions == []


def test_formats_of_one_column():
    texts = np.array(["01/02/2024", "", "01/03/2024"], dtype=object)
    formats = ("%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d")
    # 28 days apart with the day first, one day with the month first
    assert guessed_times._fitting_formats(texts, formats) == ["%m/%d/%Y", "%d/%m/%Y"]
    assert guessed_times._fitting_formats(texts[::-1], formats) == [
        "%m/%d/%Y",
        "%d/%m/%Y",
    ]
    falls = np.array(["02/03/2024", "03/02/2024"], dtype=object)
    assert guessed_times._fitting_formats(falls, formats)[0] == "%m/%d/%Y"
    assert guessed_times._fitting_formats(texts[1:2], formats) == []
    assert guessed_times._other_formats(["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d"]) == [
        "the time could also be '%m/%d/%Y'"
    ]


def test_a_column_that_is_named_like_a_date_and_like_a_clock():
    layout = layout_of(TIMEDATE=["2024-03-13", "2024-03-14"], CLOCK=["10:00", "11:00"])
    time, questions = find_time(layout)
    assert time == {"columns": ["TIMEDATE", "CLOCK"], "format": "%Y-%m-%d %H:%M"}
    assert questions == []


def test_spellings_of_formats_in_names():
    for fmt, spelling in {
        "%d/%m/%Y": "DDMMYYYY",
        "%m-%d-%y": "MMDDYY",
        "%Y%m%d": "YYYYMMDD",
    }.items():
        assert guessed_times._spell_format(fmt) == spelling
