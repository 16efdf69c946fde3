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
@pytest.mark.parametrize("clock", TIME_FORMATS)
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


# ---- more forms of one moment -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("14-Mar-2020 22:00:00", "%d-%b-%Y %H:%M:%S"),
        ("14 Mar 20 22:00", "%d %b %y %H:%M"),
        ("Mar 14 2020 22:00:00", "%b %d %Y %H:%M:%S"),
        ("March 14, 2020 22:00", "%B %d, %Y %H:%M"),
        ("14Mar2020 22:00:00", "%d%b%Y %H:%M:%S"),
        ("2020-Mar-14 22:00:00", "%Y-%b-%d %H:%M:%S"),
        ("03/14/2020 10:00:00 PM", "%m/%d/%Y %I:%M:%S %p"),
        ("03/14/2020, 10:00pm", "%m/%d/%Y, %I:%M%p"),
        ("2020-03-14T22:00:00+00:00", "%Y-%m-%dT%H:%M:%S%z"),
        ("2020-03-15 03:30:00 +0530", "%Y-%m-%d %H:%M:%S %z"),
        ("2020-03-14T22:00:00.000Z", "%Y-%m-%dT%H:%M:%SZ"),
        ("2020-03-14 22:00:00 UTC", "%Y-%m-%d %H:%M:%S UTC"),
        ("2020-03-14  22:00:00", "%Y-%m-%d %H:%M:%S"),
        ("20200314220000", "%Y%m%d%H%M%S"),
        ("202003142200", "%Y%m%d%H%M"),
        ("2020031422", "%Y%m%d%H"),
        ("200314220000", "%y%m%d%H%M%S"),
        ("14032020220000", "%d%m%Y%H%M%S"),
        ("20200314T220000Z", "%Y%m%dT%H%M%SZ"),
        ("20200314 220000", "%Y%m%d %H%M%S"),
        ("Sat Mar 14 22:00:00 2020", "%a %b %d %H:%M:%S %Y"),
        ("2020-074 22:00:00", "%Y-%j %H:%M:%S"),
    ],
)
def test_usual_forms_of_a_moment(text, form):
    time, _ = find_time(layout_of(when=["1"] * 3, TimeStamp=[text] * 3))
    assert time == {"columns": ["TimeStamp"], "format": form}
    moment = guessed_times.parse(np.array([text], object), [form])
    assert moment[0] == np.datetime64("2020-03-14T22:00")
    # a name that does not say so is asked for
    time, questions = find_time(layout_of(a=["1"] * 3, x=[text] * 3))
    assert time == {"columns": ["x"], "format": form}
    assert questions[0] == "is 'x' the time of the row?"


def test_the_year_may_come_first_with_two_digits():
    days = [f"20/03/{d} 22:00" for d in range(10, 20)]
    time, questions = find_time(layout_of(TIME=days))
    assert time["format"] == "%y/%m/%d %H:%M"
    assert questions == []
    # on one day nothing decides
    time, questions = find_time(layout_of(TIME=days[:1]))
    assert time["format"] == "%d/%m/%y %H:%M"
    assert questions == ["the time could also be '%y/%m/%d %H:%M'"]


def rising(first, step, count=6, form="{}"):
    return [form.format(first + i * step) for i in range(count)]


@pytest.mark.parametrize(
    ("name", "first", "step", "found"),
    [
        ("unix_time", 1584223200, 180, {"seconds": "unix_time"}),
        ("SECONDS", 1584223200.5, 1, {"seconds": "SECONDS"}),
        ("Time", 150000000, 1, {"seconds": "Time"}),
        ("Time", 2079999990, 1, {"seconds": "Time"}),
        (
            *("Time", 3667068000, 60),
            {"seconds": "Time", "since": "1904-01-01T00:00:00Z"},
        ),
        ("datenum", 737864.916667, 0.01, {"days": "datenum", "since": "matlab"}),
        ("x", 2458923.4, 0.01, {"days": "x", "since": "julian"}),
        ("stamp", 45352.0, 0.1, {"days": "stamp", "since": "excel"}),
        ("Excel day", 18264.0, 1, {"days": "Excel day", "since": "excel"}),
        ("days1904", 43890.5, 1, {"days": "days1904", "since": "excel_1904"}),
        ("MJD", 58922.5, 1, {"days": "MJD", "since": "1858-11-17T00:00:00Z"}),
        ("dec_year", 2020.2, 0.001, {"decimal_year": "dec_year"}),
    ],
)
def test_counts_of_seconds_days_and_years(name, first, step, found):
    cells = rising(first, step)
    assert find_time(layout_of(a=["x"] * 6, **{name: cells}))[0] == found
    assert find_time(layout_of(**{name: cells[::-1]}))[0] == found
    jumping = [cells[i] for i in (0, 3, 1, 5, 2, 4)]
    assert find_time(layout_of(**{name: jumping}))[0] == {}


@pytest.mark.parametrize(
    ("name", "first", "step"),
    [
        ("CO2", 1584223200, 180),  # no name of a time
        ("Time", 149999999, -1),
        ("Time", 2080000001, 1),
        ("Time", 2799999999, -1),
        ("Time", 4200000001, 1),
        ("matlab", 693961.9, -1),
        ("matlab", 767376.1, 1),
        ("julian", 2415020.4, -1),
        ("julian", 2488434.6, 1),
        ("stamp", 18263.9, -1),
        ("stamp", 73416.1, 1),
        ("counts", 45352.0, 1),
        ("MJD", 33281.9, -1),
        ("MJD", 88128.1, 1),
        ("year", 2020, 1),
        ("dec_year", 1899.9, -0.1),
        ("dec_year", 2101.1, 0.1),
    ],
)
def test_numbers_that_are_no_count_of_time(name, first, step):
    assert find_time(layout_of(**{name: rising(first, step)}))[0] == {}


def test_the_first_day_of_a_spreadsheet_is_asked_for():
    _, questions = find_time(layout_of(stamp=rising(45352.25, 1)))
    assert questions == ["days since 1900: 'stamp' begins at 2024-03-01T06:00:00.000?"]
    _, questions = find_time(layout_of(Time=rising(3667068000, 60)))
    assert questions == ["is 'Time' in seconds since 1904?"]
    for name, first in (("datenum", 737864.9), ("dec_year", 2020.2)):
        assert find_time(layout_of(**{name: rising(first, 0.01)}))[1] == []


def test_one_damaged_cell_of_twenty_does_not_decide():
    times = [f"2020-03-14 {h:02d}:00:00" for h in range(20)]
    time, questions = find_time(layout_of(TIME=["?", *times[1:]]))
    assert time == {"columns": ["TIME"], "format": "%Y-%m-%d %H:%M:%S"}
    assert questions == ["1 of 20 rows have no time that can be read"]
    assert find_time(layout_of(TIME=[*times[2:], "?", "?"]))[0] == {}
    time, questions = find_time(layout_of(TIME=[*times[2:], "NaN", "", ""]))
    assert time["columns"] == ["TIME"]
    assert questions == ["3 of 21 rows have no time that can be read"]


def test_dates_or_clocks_without_the_other_are_counted():
    dates = [*moments("%d.%m.%Y", count=4), "13.12.2011", ""]
    clocks = [*moments("%H:%M:%S", count=4), "", "12:00:00"]
    found = find_time(layout_of(DATE=dates, TIME=clocks))
    assert found == (
        {"columns": ["DATE", "TIME"], "format": "%d.%m.%Y %H:%M:%S"},
        ["2 of 6 rows have no time that can be read"],
    )
    nothing = find_time(layout_of(DATE=[*dates[:1], ""], TIME=["", clocks[0]]))
    assert nothing[0] == {"date": "DATE", "date_format": "%d.%m.%Y"}


def test_universal_time_comes_before_local_time():
    columns = {
        "DATE LOCAL": moments("%m/%d/%y"),
        "TIME LOCAL": moments("%H:%M"),
        "DATE UTC": moments("%m/%d/%y"),
        "START TIME UTC": moments("%H:%M"),
        "END TIME UTC": moments("%H:%M"),
    }
    time, questions = find_time(layout_of(**columns))
    assert time["columns"] == ["DATE UTC", "START TIME UTC"]
    assert questions == []
    for name in [*columns][2:]:
        del columns[name]
    time, questions = find_time(layout_of(**columns))
    assert time["columns"] == ["DATE LOCAL", "TIME LOCAL"]
    assert questions == [
        "the file says 'DATE LOCAL': times must be UTC, see offset_seconds"
    ]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("Timezone:\tEurope/Oslo", True),
        ("time zone = UTC+2", True),
        ("All times are GMT -5", True),
        ("Local time of the port", True),
        ("Timezone: UTC", False),
        ("Time zone: Z", False),
        ("time in UTC", False),
        ("locally made", False),
        ("logger set to CEST", True),
        ("clock: EST", True),
        ("la mer est calme", False),
    ],
)
def test_a_zone_in_the_head_is_asked_for(line, asked):
    layout = layout_of(TIME=moments("%Y-%m-%d %H:%M"))
    layout.preamble = ["A cruise", line]
    _, questions = find_time(layout)
    shown = line.replace("\t", " ")
    message = f"the file says {shown!r}: times must be UTC, see offset_seconds"
    assert questions == ([message] if asked else [])
    seconds = layout_of(SECONDS=rising(1584223200, 1))
    seconds.preamble = [line]
    assert find_time(seconds)[1] == []
    zoned = layout_of(TIME=["2020-03-14T22:00:00+01:00"])
    zoned.preamble = [line]
    assert find_time(zoned)[1] == []


def test_clocks_of_half_days_and_of_hours_in_columns_of_their_own():
    dates = ["14-Mar-2020", "14-Mar-2020"]
    found = find_time(layout_of(Date=dates, Time=["10:00 AM", "10:00 PM"]))
    columns = {"columns": ["Date", "Time"], "format": "%d-%b-%Y %I:%M %p"}
    assert found == (columns, [])
    found = find_time(layout_of(Date=dates, Time=["9:00:05AM", "10:00:00PM"]))
    assert found[0]["format"] == "%d-%b-%Y %I:%M:%S%p"
    found = find_time(layout_of(Date=dates, Hour=["9", "10"], MIN=["1", "2"]))
    hours = {"date": "Date", "date_format": "%d-%b-%Y", "hour": "Hour", "minute": "MIN"}
    assert found == (hours, [])


def test_clocks_of_four_digits_are_hours_and_minutes():
    dates = ["20200314", "20200314"]
    for cells, form in (
        (["1415", "930"], "%H%M"),
        (["141500", "93000"], "%H%M%S"),
        (["14150", "930"], "%H%M%S"),
    ):
        time, _ = find_time(layout_of(DATE=dates, TIME=cells))
        assert time["time_format"] == form


def test_months_called_mm_beside_days_called_dd():
    columns = {"yyyy": ["2016"], "mm": ["3"], "dd": ["4"], "hh": ["13"]}
    time, questions = find_time(layout_of(**columns))
    assert time == {"year": "yyyy", "day": "dd", "hour": "hh", "month": "mm"}
    assert questions == []
    time, _ = find_time(layout_of(**columns, month=["3"]))
    assert (time["month"], time["minute"]) == ("month", "mm")


def test_all_that_a_draft_says_of_times_can_be_read():
    """Every time found here is a valid table of a platform file."""
    from oceanco2.platforms import Time

    for cells in (
        {"TIME": moments("%d-%b-%Y %I:%M %p")},
        {"DATE": moments("%Y-%j"), "TIME": moments("%H%M")},
        {"stamp": rising(45352.0, 0.1)},
        {"time": rising(3667068000, 60)},
        {"MJD": rising(58922.5, 1)},
        {"dec_year": rising(2020.2, 0.001)},
        {"Date": moments("%b %d, %Y"), "hour": ["1"] * 4},
    ):
        time, _ = find_time(layout_of(**cells))
        assert Time(**time).model_dump(exclude_unset=True)


@pytest.mark.parametrize("form", guessed_times._WHOLE_FORMATS)
def test_every_form_of_a_whole_moment(form):
    """Digits alone, or the time before the date."""
    cells = moments(form)
    time, _ = find_time(layout_of(TIME=cells))
    assert time == {"columns": ["TIME"], "format": form}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("14-Mar-2020 22:00:00", "-- ::"),
        ("%d-%b-%Y %H:%M:%S", "-- ::"),
        ("2020-03-14T22:00:00.000Z", "--::"),
        ("%Y-%m-%dT%H:%M:%SZ", "--::"),
        ("Mar 14,  2020", " , "),
        ("%b %d, %Y", " , "),
        ("20200314.0", ""),
        ("%Y%m%d", ""),
    ],
)
def test_marks_between_the_parts_of_a_time(text, marks):
    assert guessed_times._marks(text) == marks


@pytest.mark.parametrize(
    ("form", "texts", "found"),
    [
        ("%Y%m%d", ["20200314", "?"], True),
        ("%Y%m%d", ["2020031"], True),
        ("%Y%m%d", ["202003"], False),
        ("%Y%m%d", ["202003140"], False),
        ("%d%m%Y", ["1032020", "12032020.0"], True),
        ("%Y%m%d %H%M", ["20200314 930", "20200314 1415", "damaged"], True),
        ("%Y%m%d %H%M%S", ["20200314 930", "20200314 1415"], False),
        ("%Y%m%d %H%M", ["20200314"], False),
        ("%H:%M:%S %Y-%m-%d", ["9:30:00 2020-03-14"], True),
    ],
)
def test_numbers_of_digits(form, texts, found):
    assert guessed_times._has_widths(form, np.array(texts, dtype=object)) is found


def test_milliseconds_are_named_because_nothing_reads_them():
    nothing = "no column looks like a time"
    for first, found in ((1584223200000, True), (2080000000001, False), (1e9, False)):
        _, questions = find_time(layout_of(x=["a"] * 6, t=rising(int(first), 1000)))
        message = "'t' may be milliseconds since 1970: divide it by 1000"
        assert questions == [nothing, *([message] if found else [])]


@pytest.mark.parametrize("zone", ["Z", " UTC", " GMT"])
def test_a_clock_in_universal_time(zone):
    columns = {"DATE": ["14-Mar-2020"] * 2, "TIME": [f"22:00:0{i}{zone}" for i in "12"]}
    found = find_time(layout_of(**columns))
    columns = {"columns": ["DATE", "TIME"], "format": f"%d-%b-%Y %H:%M:%S{zone}"}
    assert found == (columns, [])
