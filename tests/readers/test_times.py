"""Every way to write a time, and what clocks and spreadsheets do to it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.errors import DataWarning, PlatformError, ReadError
from oceanco2.readers.times import day_first, parse, parse_each
from tests.readers.conftest import small_platform

SST = 'SST = { column = "SST", units = "degC" }'


@pytest.fixture
def times(reading):
    """Times that a table gives: header, rows (without SST), description."""

    def make(header, rows, method, more=""):
        text = f"{header},SST\n" + "".join(f"{r},{i}\n" for i, r in enumerate(rows))
        table = f'separator = ","\n{more}\ntime = {{ {method} }}'
        ds = reading(text, SST, table)
        order = np.argsort(ds["SST"].to_numpy())  # as in the file
        return [str(t) for t in ds["time"].to_numpy()[order].astype("datetime64[ms]")]

    return make


ONE = "2021-03-04T05:06:07.000"


@pytest.mark.parametrize(
    ("header", "row", "method"),
    [
        ("t", "2021-03-04T05:06:07", 'columns = ["t"], format = "%Y-%m-%dT%H:%M:%S"'),
        ("t", "2021-03-04 05:06:07Z", 'columns = ["t"], format = "%Y-%m-%d %H:%M:%SZ"'),
        (
            "t",
            "2021-03-04 06:06:07+0100",
            'columns = ["t"], format = "%Y-%m-%d %H:%M:%S%z"',
        ),
        (
            "d,t",
            "04/03/21,5:06:07",
            'columns = ["d", "t"], format = ["%Y-%m-%d %H:%M:%S", "%d/%m/%y %H:%M:%S"]',
        ),
        ("t,d", "050607,20210304", 'columns = ["d", "t"], format = "%Y%m%d %H%M%S"'),
        ("d,t", "4032021,05:06:07", 'date = "d", date_format = "%d%m%Y", time = "t"'),
        ("d,t", "4032021.0,05:06:07", 'date = "d", date_format = "%d%m%Y", time = "t"'),
        ("d,t", "40321,05:06:07.0", 'date = "d", date_format = "%d%m%y", time = "t"'),
        (
            "d,t",
            "3/4/2021,50607",
            'date = "d", date_format = "%m/%d/%Y", time = "t", time_format = "%H%M%S"',
        ),
        (
            "d,t",
            "04-Mar-2021,5:06:07 AM",
            'date = "d", date_format = "%d-%b-%Y", time = "t",'
            ' time_format = "%I:%M:%S %p"',
        ),
        (
            "d,f",
            f"4/3/2021,{(5 * 3600 + 367) / 86400!r}",
            'date = "d", date_format = "%d/%m/%Y", day_fraction = "f"',
        ),
        (
            "d,h,m,s",
            "4/3/2021,5,6,7",
            'date = "d", date_format = "%d/%m/%Y", hour = "h", minute = "m",'
            ' second = "s"',
        ),
        (
            "y,mo,d,h,mi,s",
            "2021,3,4,5,6,7",
            'year = "y", month = "mo", day = "d", hour = "h", minute = "mi",'
            ' second = "s"',
        ),
        (
            "y,mo,d,h,mi,s",
            "21,03.0,04,5,6,7.0",
            'year = "y", month = "mo", day = "d", hour = "h", minute = "mi",'
            ' second = "s"',
        ),
        (
            "mo,d,t",
            "3,4,05:06:07",
            'year = 2021, month = "mo", day = "d", time = "t"',
        ),
        (
            "y,mo,d",
            f"2021,3,{4 + (5 * 3600 + 367) / 86400!r}",
            'year = "y", month = "mo", day = "d"',
        ),
        (
            "y,j",
            f"2021,{63 + (5 * 3600 + 367) / 86400!r}",
            'year = "y", day_of_year = "j"',
        ),
        (
            "j",
            f"{62 + (5 * 3600 + 367) / 86400!r}",
            'year = 2021, day_of_year = "j", january_first = 0',
        ),
        ("j,t", "63.99,05:06:07", 'year = 2021, day_of_year = "j", time = "t"'),
        ("j,h", f"63,{5 + 367 / 3600!r}", 'year = 2021, day_of_year = "j", hour = "h"'),
        ("u", "1614834367", 'seconds = "u"'),
        ("u", "1614834366.9996", 'seconds = "u"'),
        ("u", "3600", 'seconds = "u", since = 2021-03-04T04:06:07Z'),
        ("u", "3600", 'seconds = "u", since = 2021-03-04T05:06:07+01:00'),
        (
            "t",
            "2021-03-04 05:06:50",
            'columns = ["t"], format = "%Y-%m-%d %H:%M:%S", offset_seconds = -43',
        ),
        (
            "t",
            "2021-03-04 05:06:06.9996",
            'columns = ["t"], format = "%Y-%m-%d %H:%M:%S"',
        ),
        (
            "t",
            "2021-03-04 05:06:07.0004",
            'columns = ["t"], format = "%Y-%m-%d %H:%M:%S.%f"',
        ),
    ],
)
def test_ways_to_write_a_time(times, header, row, method):
    assert times(header, [row], method) == [ONE]


def test_decimal_comma_and_missing_codes_in_times(reading):
    text = "j;SST\n63,5;1\n-999;2\n64,25;3\n"
    table = 'decimal = ","\nmissing = ["-999"]\n'
    table += 'time = { year = 2021, day_of_year = "j" }'
    with pytest.warns(DataWarning, match="line 3 without a readable time"):
        ds = reading(text, SST, table)
    expected = np.array(["2021-03-04T12:00", "2021-03-05T06:00"], "datetime64[ns]")
    np.testing.assert_array_equal(ds["time"], expected)


CLOCK = 'date = "d", date_format = "%Y-%m-%d", time = "t"'
WHOLE = 'columns = ["d", "t"], format = "%Y-%m-%d %H:%M:%S"'


@pytest.mark.parametrize("method", [CLOCK, WHOLE])
@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("24:00:00", "2021-01-01T00:00:00.000"),
        ("23:59:60", "2021-01-01T00:00:00.000"),
        ("12:34:60", "2020-12-31T12:35:00.000"),
        ("12:34:60.0", "2020-12-31T12:35:00.000"),
        ("00:00:00", "2020-12-31T00:00:00.000"),
        ("9:05:00", "2020-12-31T09:05:00.000"),
        ("23:59:59.999", "2020-12-31T23:59:59.999"),
        ("23:59:59.9996", "2021-01-01T00:00:00.000"),
    ],
)
def test_clocks_that_carry_over(times, method, clock, expected):
    # The rows around show that whole columns are not disturbed by one.
    got = times("d,t", ["2020-12-30,01:02:03", f"2020-12-31,{clock}"], method)
    assert got == ["2020-12-30T01:02:03.000", expected]
    assert times("d,t", [f"2020-12-31,{clock}"], method) == [expected]


@pytest.mark.parametrize("clock", ["12:60:00", "25:00:00", "24:00:30", "x"])
@pytest.mark.parametrize("method", [CLOCK, WHOLE])
def test_clocks_that_are_wrong(times, method, clock):
    with pytest.warns(DataWarning, match="line 3 without a readable time"):
        got = times("d,t", ["2020-12-30,01:02:03", f"2020-12-31,{clock}"], method)
    assert got == ["2020-12-30T01:02:03.000"]


@pytest.mark.parametrize("text", ["930", "0930", "930.0", "09:30"])
def test_hours_and_minutes_in_one_number(times, text):
    method = 'date = "d", date_format = "%Y%m%d", time = "t",'
    method += ' time_format = ["%H:%M", "%H%M"]'
    assert times("d,t", [f"20200102,{text}"], method) == ["2020-01-02T09:30:00.000"]


@pytest.mark.parametrize(
    ("header", "row", "method"),
    [
        (
            "d,f",
            "4/3/2021,1.01",
            'date = "d", date_format = "%d/%m/%Y", day_fraction = "f"',
        ),
        (
            "d,f",
            "4/3/2021,-999",
            'date = "d", date_format = "%d/%m/%Y", day_fraction = "f"',
        ),
        ("y,j", "2021,0.5", 'year = "y", day_of_year = "j"'),
        ("y,j", "2021,400", 'year = "y", day_of_year = "j"'),
        ("y,m,d", "2021,13,1", 'year = "y", month = "m", day = "d"'),
        ("y,m,d", "2021,2,29", 'year = "y", month = "m", day = "d"'),
        ("y,m,d", "99999,2,2", 'year = "y", month = "m", day = "d"'),
        ("m,d,h", "2,2,-1", 'year = 2021, month = "m", day = "d", hour = "h"'),
        ("u", "1e300", 'seconds = "u"'),
        ("u", "1e13", 'seconds = "u"'),
        ("t", "31/02/2021", 'columns = ["t"], format = "%d/%m/%Y"'),
        ("t", "", 'columns = ["t"], format = "%d/%m/%Y"'),
    ],
)
def test_times_that_cannot_be(times, header, row, method):
    with pytest.raises(ReadError, match="cannot read times with") as caught:
        times(header, [row], method)
    assert "\n" not in str(caught.value)


def test_years_of_two_digits_are_not_in_the_future():
    now = datetime.now(tz=UTC)
    texts = [f"01/01/{y % 100:02d}" for y in range(now.year - 99, now.year + 1)]
    got = parse(np.array(texts, dtype=object), ["%d/%m/%y"])
    years = got.astype("datetime64[Y]").astype(int) + 1970
    assert years.tolist() == list(range(now.year - 99, now.year + 1))


def test_the_year_rises_where_the_day_falls(times):
    days = ["364.5", "365.5", "366.5", "1.5", "2.5", "364.5", "365.5", "1.25"]
    got = times("j", days, 'year = 2020, day_of_year = "j"')
    assert [t[:10] for t in got] == [
        *("2020-12-29", "2020-12-30", "2020-12-31"),
        *("2021-01-01", "2021-01-02", "2021-12-30", "2021-12-31"),
        "2022-01-01",
    ]


def test_one_odd_day_is_no_new_year(reading):
    days = ["363.5", "3.5", "364.5", "", "365.5", "1.5", "", "2.5"]
    text = "j,SST\n" + "".join(f"{d},{i}\n" for i, d in enumerate(days))
    with pytest.warns(DataWarning, match=r"2 rows \(lines 5, 8\) without"):
        ds = reading(text, SST, 'time = { year = 2021, day_of_year = "j" }')
    years = ds["time"].dt.year.to_numpy()[np.argsort(ds["SST"].to_numpy())]
    assert years.tolist() == [2021, 2021, 2021, 2021, 2022, 2022]


def test_a_damaged_row_is_no_new_year(reading):
    text = "j,a,SST\n364.5,1,0\n3\n364.6,1,1\n"
    with pytest.warns(DataWarning, match="a different number of fields"):
        ds = reading(text, SST, 'time = { year = 2021, day_of_year = "j" }')
    assert (ds["time"].dt.year == 2021).all()


def test_the_year_rises_over_files_in_the_order_of_their_names(reading):
    files = {"log10.csv": "j,SST\n2.5,3\n", "log9.csv": "j,SST\n364.5,1\n1.5,2\n"}
    ds = reading(files, SST, 'time = { year = 2021, day_of_year = "j" }')
    assert ds["SST"].to_numpy().tolist() == [1, 2, 3]
    assert ds["time"].dt.year.to_numpy().tolist() == [2021, 2022, 2022]


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ('columns = ["t"], format = "%Q"', "'%Q' cannot be used"),
        ('columns = ["t"], format = "dd/mm/yyyy"', "lacks %Y or %y"),
        ('columns = ["t"], format = "%d/%m %H:%M"', "lacks %Y or %y"),
        ('columns = ["t"], format = "%Y-%d %H:%M"', "lacks %m"),
        ('date = "d", date_format = "%d/%m/%Y", time = "t", time_format = "%M"', "%H"),
        ('seconds = "u", hour = "h"', "'hour' has no effect with 'seconds'"),
        (
            'date = "d", date_format = "%d/%m/%Y", time = "t", hour = "h"',
            "must have only one of time, hour",
        ),
        ('year = "y", month = "m"', "'month' needs 'day'"),
        ('year = "y", day_of_year = "j", second = "s"', "'second' needs 'minute'"),
    ],
)
def test_descriptions_that_cannot_be_are_errors_before_data_are_read(method, message):
    with pytest.raises(PlatformError, match=message):
        small_platform(f"time = {{ {method} }}", SST)


FORMATS = [
    "%Y-%m-%dT%H:%M:%S.%f",
    "%d/%m/%Y %H:%M:%S.%f",
    "%m/%d/%Y %I:%M:%S.%f %p",
    "%d.%m.%Y %H:%M:%S.%f",
    "%Y %j %H:%M:%S.%f",
    "%d%m%Y %H%M%S.%f",
]


@given(
    st.datetimes(datetime(1700, 1, 2), datetime(2261, 12, 30)),
    st.sampled_from(FORMATS),
)
def test_a_written_time_is_read_back(moment, way):
    text = moment.strftime(way)
    if moment.year < 1000:
        return
    got = parse_each(np.array([text, "rubbish"], dtype=object), [way])
    exact = np.datetime64(moment, "us")
    assert abs(got[0] - exact) <= np.timedelta64(500, "us")
    assert np.isnat(got[1])


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
)
def test_a_day_of_the_year_is_read_back(moment):
    from oceanco2.platforms import Time
    from oceanco2.readers.times import _from_day_of_year

    year = datetime(moment.year, 1, 1)
    day = 1 + (moment - year) / timedelta(days=1)

    class Rows:
        def numbers(self, name, required=False):
            return np.array([{"y": float(moment.year), "j": day}[name]]), None

    got = _from_day_of_year(Time(year="y", day_of_year="j"), Rows())
    assert abs(got[0] - np.datetime64(moment, "us")) <= np.timedelta64(600, "us")


# ---- day or month first -------------------------------------------------------------


def first_of(*texts):
    return day_first(np.array(texts, dtype=object))


def test_numbers_above_twelve_decide():
    assert first_of("06/07/2019", "31/07/2019") == (True, "")
    assert first_of("06/07/19", "07/31/19") == (False, "")
    assert first_of("", "2019", "06/07/19", "07/31/19") == (False, "")
    assert first_of("2019/07/31") == (True, "")
    assert first_of() == (True, "")


def test_dates_that_decide_nothing():
    first, note = first_of("06/07/2019")
    assert first
    assert "day first assumed" in note
    first, note = first_of("06/07/2019", "07/07/2019", "08/07/2019")
    assert first
    assert "day first assumed" in note


def test_days_that_follow_each_other_speak_for_the_month_first():
    first, note = first_of("06/07/2019", "06/08/2019", "06/09/2019")
    assert not first
    assert "month first assumed" in note


def test_dates_that_contradict_each_other():
    message = "'13/06/19' has the day first, '06/14/19' the month"
    with pytest.raises(ReadError, match=message):
        first_of("13/06/19", "06/14/19")


def test_a_date_that_is_none_does_not_decide():
    assert first_of("99/99/2019", "07/31/2019") == (False, "")


@pytest.mark.parametrize("spoilt", ["06/17/2019", "13/06/2019"])
def test_one_spoilt_date_among_many_does_not_turn_all_others(spoilt):
    days = [f"{d:02d}/07/2019" for d in range(6, 11) for _ in range(100)]
    assert first_of(*days, spoilt)[0]
    assert first_of(*(f"07/{d[:2]}/2019" for d in days), spoilt)[0] is False
    later = [f"{d:02d}/07/2019" for d in range(10, 15) for _ in range(100)]
    assert first_of(*later, spoilt)[0]


def test_one_row_of_the_thirteenth_decides_where_nothing_speaks_against():
    assert first_of(*["07/12/2019"] * 500, "07/13/2019") == (False, "")
    assert first_of(*["12/07/2019"] * 500, "13/07/2019") == (True, "")


def test_leading_zero_of_a_date_before_a_clock():
    """ "1052008" is the first of May, not the tenth, also with a time behind it."""
    texts = np.array(["1052008 0:00:05", "30042008 12:00:00"], dtype=object)
    times = parse(texts, ["%d%m%Y %H:%M:%S"])
    assert times[0] == np.datetime64("2008-05-01T00:00:05")
    assert times[1] == np.datetime64("2008-04-30T12:00:00")
