"""Pieces of reading times: formats, clocks, days of the year, limits."""

from datetime import UTC, datetime

import numpy as np
import pytest

from oceanco2.errors import OptionError, ReadError
from oceanco2.platforms import FileDefinition, Time
from oceanco2.readers import times as module
from oceanco2.readers.times import (
    as_list,
    check_times,
    clock_offset,
    day_first,
    join_texts,
    milliseconds,
    number_columns,
    parse,
    parse_each,
    read_times,
    shown_columns,
    text_columns,
    timestamp_columns,
    timestamp_times,
)


def texts(*values):
    return np.array(values, dtype=object)


class Rows:
    """Cells of a stream from lists."""

    def __init__(self, damaged=None, **columns):
        self.columns = {n: np.array(v, dtype=object) for n, v in columns.items()}
        self.damaged = damaged

    def texts(self, name, *, required=False):
        return self.columns[name]

    def numbers(self, name, *, missing=(), required=False):
        values = self.columns[name].astype(float)
        return values, np.zeros(values.shape, dtype=bool)

    def locate(self, row):
        return f"file:{row}"

    def file_index(self):
        return np.zeros(len(next(iter(self.columns.values()))), dtype=int)

    def concatenate(self, attribute):
        assert attribute == "damaged"
        size = len(next(iter(self.columns.values())))
        none = np.zeros(size, dtype=bool)
        return none if self.damaged is None else np.array(self.damaged, dtype=bool)


def read(rows, **time):
    definition = FileDefinition(reader="delimited", time=Time(**time))
    return [str(t)[:23] for t in read_times(definition, rows, "here")]


def one(text, fmt):
    return str(parse(texts(text), [fmt])[0])


@pytest.mark.parametrize(
    ("text", "fmt", "found"),
    [
        ("1/2/2024 3:04", "%d/%m/%Y %H:%M", "2024-02-01T03:04:00.000"),
        ("3.5", "%S", "1900-01-01T00:00:03.500"),
        ("10:20:30.25", "%H:%M:%S", "1900-01-01T10:20:30.250"),
        ("10:20:30.0004", "%H:%M:%S", "1900-01-01T10:20:30.000"),
        ("10:20:30.0006", "%H:%M:%S", "1900-01-01T10:20:30.001"),
        ("24:00:00", "%H:%M:%S", "1900-01-02T00:00:00.000"),
        ("24:00", "%H:%M", "1900-01-02T00:00:00.000"),
        ("2400", "%H%M", "1900-01-02T00:00:00.000"),
        ("24:01", "%H:%M", "NaT"),
        ("10:20:60", "%H:%M:%S", "1900-01-01T10:21:00.000"),
        ("10:20:60.0", "%H:%M:%S", "1900-01-01T10:21:00.000"),
        ("102060", "%H%M%S", "1900-01-01T10:21:00.000"),
        ("23:59:60", "%H:%M:%S", "1900-01-02T00:00:00.000"),
        ("50607", "%H%M%S", "1900-01-01T05:06:07.000"),
        ("50607.0", "%H%M%S", "1900-01-01T05:06:07.000"),
        ("50607.5", "%H%M%S", "1900-01-01T05:06:07.500"),
        ("1022024 304", "%d%m%Y %H%M", "2024-02-01T03:04:00.000"),
        ("024060", "%y%j", "NaT"),
        ("2024060", "%Y%j", "2024-02-29T00:00:00.000"),
        ("2024-02-30", "%Y-%m-%d", "NaT"),
        ("2024-03-01T01:00+0200", "%Y-%m-%dT%H:%M%z", "2024-02-29T23:00:00.000"),
        ("", "%H%M", "NaT"),
    ],
)
def test_one_text(text, fmt, found):
    assert one(text, fmt) == found


def test_the_format_that_fits_most():
    days = texts("01/02/2024", "01/13/2024", "x")
    found = parse(days, ["%d/%m/%Y", "%m/%d/%Y", "%Y"])
    assert str(found[0]) == "2024-01-02T00:00:00.000"
    assert np.isnat(found).tolist() == [False, False, True]
    first = parse(texts("01/02/2024"), ["%d/%m/%Y", "%m/%d/%Y"])
    assert str(first[0])[:10] == "2024-02-01"
    each = parse_each(days, ["%d/%m/%Y", "%m/%d/%Y"])
    assert [str(t)[:10] for t in each] == ["2024-02-01", "2024-01-13", "NaT"]
    with pytest.raises(ReadError, match="invalid time format '%Q'"):
        parse(days, ["%Q"])


def test_whole_milliseconds():
    values = np.array([1.4, 1.6, -1.6, np.nan, np.inf, 3.1e13, 3.3e13])
    found = milliseconds(values)
    assert found[:3].astype(int).tolist() == [1, 2, -2]
    assert np.isnat(found).tolist() == [False] * 3 + [True, True, False, True]


def test_digits_of_a_format():
    count = module.digit_count
    assert [count(f) for f in ("%Y%m%d", "%y%j", "%H%M%S", "%d%m%Y%H%M")] == [
        *(8, 5, 6, 12),
    ]
    assert [count(f) for f in ("%Y-%m", "%d%b", "", "%H%M%p")] == [0, 0, 0, 0]
    assert module._pad_zeros("123", 4) == "0123"
    assert module._pad_zeros("123.0", 4) == "0123"
    assert module._pad_zeros("123.50", 4) == "0123.50"
    assert module._pad_zeros("12345", 4) == "12345"
    assert module._pad_zeros("a", 4) == "a"
    assert module._pad_parts("1 2", [2]) == "1 2"
    assert module._pad_parts("1 2 x", [2, 3, 0]) == "01 002 x"


# ---- the order of day and month -----------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "first", "doubt"),
    [
        (["13/01/20"], True, ""),
        (["01/13/20"], False, ""),
        (["31/12/2020"], True, ""),
        (["32/12/20", "01/02/20", "05/02/20"], True, "day"),
        (["12/12/20"], True, "day"),
        (["01/02/20", "02/02/20"], True, "day"),
        (["02/01/20", "02/02/20"], False, "month"),
        (["01/02/20", "2020-02-13"], True, "day"),
        (["00/13/20", "02/01/20", "02/02/20"], False, "month"),
        ([], True, ""),
        (["x"], True, ""),
        (["13/01/20"] * 3 + ["01/13/20"] * 31, False, ""),
        (["13/01/20"] * 2 + ["01/13/20"] * 21, False, ""),
        (["13/01/20"] * 21 + ["01/13/20"] * 2, True, ""),
    ],
)
def test_day_or_month_first(dates, first, doubt):
    if dates == ["13/01/20"] * 3 + ["01/13/20"] * 31:
        with pytest.raises(ReadError, match="inconsistent"):
            day_first(texts(*dates))
        return
    found, note = day_first(texts(*dates))
    assert found is first
    message = f"order of day and month is ambiguous: {doubt} first assumed"
    assert note == (message if doubt else "")


def test_dates_that_contradict():
    dates = texts(*["13/01/20"] * 2, *["01/13/20"] * 20)
    with pytest.raises(ReadError) as caught:
        day_first(dates)
    assert str(caught.value) == (
        "dates are inconsistent: '13/01/20' has the day first, '01/13/20' the month"
    )


# ---- ways to describe times ---------------------------------------------------------


def test_seconds_since_and_offsets():
    rows = Rows(s=[0.0, 1.5, np.nan])
    found = read(rows, seconds="s")
    assert found == ["1970-01-01T00:00:00.000", "1970-01-01T00:00:01.500", "NaT"]
    found = read(
        rows, seconds="s", since="2020-01-01T00:00:00+01:00", offset_seconds=-1
    )
    assert found[:2] == ["2019-12-31T22:59:59.000", "2019-12-31T23:00:00.500"]
    assert read(rows, seconds="s", offset_seconds=0.5)[0].endswith("00.500")


PARTS = {"year": "y", "month": "m", "day": "d"}


@pytest.mark.parametrize(
    ("y", "m", "d", "found"),
    [
        (2024, 2, 29, "2024-02-29T00:00:00.000"),
        (2023, 2, 29, "NaT"),
        (2024, 2, 29.5, "2024-02-29T12:00:00.000"),
        (2024, 12, 31, "2024-12-31T00:00:00.000"),
        (2024, 13, 1, "NaT"),
        (2024, 0, 1, "NaT"),
        (2024, 1, 0, "NaT"),
        (2024, 1, 32, "NaT"),
        (2024, 1.5, 1, "NaT"),
        (2024.5, 1, 1, "NaT"),
        (1700, 1, 1, "1700-01-01T00:00:00.000"),
        (1699, 12, 31, "NaT"),
        (2261, 12, 31, "2261-12-31T00:00:00.000"),
        (2262, 1, 1, "NaT"),
        (20, 1, 1, "2020-01-01T00:00:00.000"),
        (99, 1, 1, "1999-01-01T00:00:00.000"),
        (0, 1, 1, "2000-01-01T00:00:00.000"),
        (100, 1, 1, "NaT"),
        (-1, 1, 1, "NaT"),
    ],
)
def test_parts_of_a_date(y, m, d, found):
    rows = Rows(y=[y, 2000], m=[m, 1], d=[d, 1])
    assert read(rows, **PARTS) == [found, "2000-01-01T00:00:00.000"]


@pytest.mark.parametrize(
    ("h", "n", "s", "found"),
    [
        (0, 0, 0, "2000-01-01T00:00:00.000"),
        (24, 0, 0, "2000-01-02T00:00:00.000"),
        (24.1, 0, 0, "NaT"),
        (-0.1, 0, 0, "NaT"),
        (1, 60, 0, "2000-01-01T02:00:00.000"),
        (1, 60.1, 0, "NaT"),
        (1, 2, 61, "2000-01-01T01:03:01.000"),
        (1, 2, 61.1, "NaT"),
        (1.5, 2, 3.25, "2000-01-01T01:32:03.250"),
    ],
)
def test_hours_minutes_and_seconds(h, n, s, found):
    rows = Rows(y=[2000] * 2, m=[1] * 2, d=[1.9] * 2, h=[h, 1], n=[n, 0], s=[s, 0])
    assert read(rows, **PARTS, hour="h", minute="n", second="s")[0] == found


def test_fractions_of_a_day():
    rows = Rows(d=["20240229"] * 4, f=[0.0, 0.5, 1.0, 1.1])
    found = read(rows, date="d", date_format="%Y%m%d", day_fraction="f")
    days = ["02-29T00", "02-29T12", "03-01T00"]
    assert [f[5:13] for f in found[:3]] == days
    assert found[3] == "NaT"
    both = Rows(d=["2024-02-29 23:00"], t=["01:30"])
    found = read(both, date="d", date_format="%Y-%m-%d %H:%M", time="t")
    assert found == ["2024-02-29T01:30:00.000"]  # of the date only the day


@pytest.mark.parametrize(
    ("first", "day", "found"),
    [
        (1, 1.0, "01-01T00"),
        (1, 366.75, "12-31T18"),
        (1, 0.99, None),
        (0, 0.0, "01-01T00"),
        (0, 365.75, "12-31T18"),
        (0, 367.0, None),
    ],
)
def test_days_of_the_year(first, day, found):
    rows = Rows(y=[2024, 2024], j=[day, 5])
    time = read(rows, year="y", day_of_year="j", january_first=first)[0]
    assert time == "NaT" if found is None else time[5:13] == found
    clock = Rows(y=[2024], j=[60.9], t=["06:00"])
    time = read(clock, year="y", day_of_year="j", time="t")
    assert time == ["2024-02-29T06:00:00.000"]


def test_a_year_by_number_rises_where_the_day_falls():
    rows = Rows(j=[364, 365, 366, 1, 2, 3])
    found = read(rows, year=2020, day_of_year="j")
    assert [f[:10] for f in found[2:4]] == ["2020-12-31", "2021-01-01"]
    count = module._count_new_years
    days = np.array([np.nan, 300, 301, 302, np.nan, 1, 2, 3, 300, 301, 302, 1, 2])
    assert count(days).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2]
    assert count(np.array([300.0, 301, 5, 302, 303])).tolist() == [0] * 5
    assert count(np.array([300.0])).tolist() == [0]
    assert count(np.array([300.0, 120.0])).tolist() == [0, 0]
    assert count(np.array([300.1, 120.0])).tolist() == [0, 1]
    damaged = Rows([0, 0, 1, 1, 0, 0], j=[100, 101, 1, 1, 102, 103])
    years = {f[:4] for f in read(damaged, year=2020, day_of_year="j")}
    assert years == {"2020"}


def test_times_within_1700_and_2261():
    values = np.array(
        ["1699-12-31T23:59:59.999", "1700", "2261-12-31T23:59:59.999", "2262"],
        dtype="datetime64[ms]",
    )
    rows = Rows(a=list("wxyz"), b=list("wxyz"))
    found = check_times(values.copy(), "here", "'time'", ["a", "b"], rows)
    assert np.isnat(found).tolist() == [True, False, False, True]
    assert found.dtype == "datetime64[ns]"
    with pytest.raises(ReadError) as caught:
        check_times(values[[0, 3]], "here", "'time'", ["a", "b"], rows)
    assert str(caught.value) == (
        "file:0: cannot read times with 'time'; the row has 'w w' (here)"
    )
    assert check_times(values[:0], "here", "x", [], rows).size == 0


def test_columns_that_are_read():
    spec = Time(date="d", date_format="%Y%m%d", time="t")
    assert (text_columns(spec), number_columns(spec)) == (["d", "t"], [])
    parts = Time(**PARTS, hour="h", minute="n", second="s")
    assert text_columns(parts) == []
    assert number_columns(parts) == ["y", "m", "d", "h", "n", "s"]
    assert shown_columns(parts) == ["y", "m", "d", "h", "n", "s"]
    days = Time(year=2020, day_of_year="j", day_fraction="f")
    assert number_columns(days) == ["f", "j"]
    assert number_columns(Time(seconds="s")) == ["s"]
    joined = Time(columns=["a", "b"], format="%Y%m%d %H")
    assert text_columns(joined) == ["a", "b"]
    assert join_texts([texts("x", "y"), texts("1", "2")]).tolist() == ["x 1", "y 2"]
    assert (as_list("a"), as_list(["a"]), as_list(None)) == (["a"], ["a"], [])
    with pytest.raises(ReadError, match="here lacks 'time'"):
        read_times(FileDefinition(reader="delimited"), Rows(), "here")


def test_clocks_of_readers():
    def definition(**options):
        return FileDefinition(reader="mapco2", options=options)

    assert clock_offset(definition()) == np.timedelta64(0, "ms")
    assert clock_offset(definition(offset_seconds=-1.5)) == np.timedelta64(-1500, "ms")
    for wrong in (True, "1"):
        with pytest.raises(OptionError, match="mapco2: offset_seconds must be a num"):
            clock_offset(definition(offset_seconds=wrong))
    rows = Rows(**{module.TIMESTAMP: [0.5, 86400.0]}, s=[1.0, 2.0])
    found, notes = timestamp_times(definition(), rows, "here")
    assert [str(t)[:23] for t in found] == [
        *("1970-01-01T00:00:00.500", "1970-01-02T00:00:00.000"),
    ]
    assert notes == []
    own = FileDefinition(reader="mapco2", time=Time(seconds="s"))
    found, _ = timestamp_times(own, rows, "here")
    assert str(found[1])[:19] == "1970-01-01T00:00:02"
    assert timestamp_columns(definition()) == ([], [module.TIMESTAMP])
    assert timestamp_columns(own) == ([], ["s"])
    times, columns = module.default_clock(Time(seconds="s"))
    found, notes = times(definition(), rows, "here")
    assert str(found[0])[:19] == "1970-01-01T00:00:01"
    assert notes == []
    assert columns(definition()) == ([], ["s"])
    other = FileDefinition(reader="x", time=Time(seconds="t"))
    assert columns(other) == ([], ["t"])


def test_two_digits_are_not_in_the_future():
    year = datetime.now(tz=UTC).year
    rows = Rows(y=[year % 100, (year + 1) % 100], m=[1, 1], d=[1, 1])
    found = [int(f[:4]) for f in read(rows, **PARTS)]
    assert found == [year, year + 1 - 100]


class Five:
    """Five rows of two files."""

    def file_index(self):
        return np.array([0, 0, 0, 1, 1])


def test_rows_may_be_counted_instead_of_timed():
    times, notes = module.row_numbers(None, Five(), "somewhere")
    assert notes == []
    assert times.dtype == "datetime64[ns]"
    expected = np.datetime64("1970-01-01", "ns") + np.arange(5) * np.timedelta64(1, "s")
    assert (times == expected).all()
