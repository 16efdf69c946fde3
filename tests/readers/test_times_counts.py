"""Times that are counts of days or years: spreadsheets, MATLAB, decimal years."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers.numbers import nearest_clock

SST = 'SST = { column = "SST", units = "degC" }'


@pytest.fixture
def times(reading):
    """Times that a column of counts gives."""

    def make(rows, method, more=""):
        text = "n;SST\n" + "".join(f"{row};{i}\n" for i, row in enumerate(rows))
        table = f'separator = ";"\n{more}\ntime = {{ {method} }}'
        return [str(t)[:23] for t in reading(text, SST, table)["time"].to_numpy()]

    return make


@pytest.mark.parametrize(
    ("row", "since"),
    [
        ("45352.006944", '"excel"'),
        ("45352.006944444445", '"excel"'),
        ("43890.006944", '"excel_1904"'),
        ("739312.006944", '"matlab"'),
        ("2460370.506944", '"julian"'),
        ("27088.006944", "1950-01-01T00:00:00Z"),
        ("60370.006944", "1858-11-17T00:00:00Z"),
        ("0.006944", "2024-03-01T00:00:00Z"),
        ("-0.993056", "2024-03-02"),
        ("0.048611", "2024-03-01T00:00:00+01:00"),
    ],
)
def test_days_since_an_origin(times, row, since):
    assert times([row], f'days = "n", since = {since}') == ["2024-03-01T00:10:00.000"]


def test_day_of_matlab_of_the_documentation(times):
    method = 'days = "n", since = "matlab"'
    assert times(["737864.916667"], method) == ["2020-03-14T22:00:00.000"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 5 decimals are 0.9 s, 6 are 0.09 s, 8 are 0.9 ms.
        (["45352.00694", "45352.5"], "00:10:00.000"),
        (["45352.0069", "45352.5"], "00:10:00.000"),
        (["45352.00696", "45352.5"], "00:10:01.000"),
        (["45352.006945", "45352.5"], "00:10:00.050"),
        (["45352.00694340", "45352.50000001"], "00:09:59.910"),
        # Of a column the longest cell counts: this is 0.006900 to six decimals.
        (["45352.0069", "45352.500001"], "00:09:56.200"),
    ],
)
def test_times_are_known_to_half_a_digit(times, rows, expected):
    got = times(rows, 'days = "n", since = "excel"')
    assert got[0] == f"2024-03-01T{expected}"


def test_minutes_and_seconds_win_within_half_a_step():
    seconds = np.array([599.6, 601.4, 630.4, np.nan])
    step = 0.8 / 86400
    expected = [600.0, 601.0, 630.0, np.nan]
    np.testing.assert_allclose(nearest_clock(seconds, step), expected, atol=1e-9)
    got = nearest_clock(np.array([60.40005, 60.40015]), step)
    np.testing.assert_allclose(got, [60.0, 60.4], atol=1e-9)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2023.5", "2023-07-02T12:00:00.000"),
        ("2024.5", "2024-07-02T00:00:00.000"),
        ("2024.0", "2024-01-01T00:00:00.000"),
        ("2020.20116120", "2020-03-14T15:00:00.000"),
    ],
)
def test_years_have_their_own_length(times, row, expected):
    assert times([row], 'decimal_year = "n"') == [expected]


def test_decimal_commas_missing_codes_and_clocks_that_are_off(times):
    more = 'decimal = ","\nmissing = ["-999"]'
    method = 'days = "n", since = "excel", offset_seconds = -3600'
    with pytest.warns(match="line 3 without a readable time"):
        got = times(["45352,5", "-999", "45352,75"], method, more)
    assert got == ["2024-03-01T11:00:00.000", "2024-03-01T17:00:00.000"]


@pytest.mark.parametrize(
    ("row", "method"),
    [("x", 'days = "n", since = "excel"'), ("24.5", 'decimal_year = "n"')],
)
def test_counts_that_are_no_times(times, row, method):
    with pytest.raises(ReadError, match=f"cannot read times with 'time'.*'{row}'"):
        times([row], method)


def test_seconds_since_a_named_origin(times):
    got = times(["3791923200"], 'seconds = "n", since = "excel_1904"')
    assert got == ["2024-02-28T00:00:00.000"]


@pytest.mark.parametrize(
    ("step", "more", "apart"),
    [
        (600 / 86400, "", "0.0069 s apart"),
        (600 / 86400, ", since = 2000-01-01T00:00:00Z", "0.0069 s apart"),
        (0.0999, ", since = 2000-01-01T00:00:00Z", "0.1 s apart"),
        (0.1001, ", since = 2000-01-01T00:00:00Z", ""),
        (60, ", since = 2000-01-01T00:00:00Z", ""),
        (60, "", "all in 1970"),
        (400_000, "", ""),
    ],
)
def test_seconds_that_can_only_be_days(times, step, more, apart):
    rows = [f"{45352 + i * step:.6f}" for i in range(4)]
    method = f'seconds = "n"{more}'
    if not apart:
        assert len(times(rows, method)) == 4
        return
    with pytest.raises(ReadError) as caught:
        times(rows, method)
    assert str(caught.value).startswith("a.csv:2: ")
    assert (
        f"{apart} by the seconds 45352 to {float(rows[-1]):.10g} in column 'n'"
        in str(caught.value)
    )
    assert 'days = "n" with since = "excel"' in str(caught.value)
    # Three rows are too few to tell.
    assert len(times(rows[:3], method)) == 3


def test_a_record_that_starts_at_0(times):
    assert (
        times(["0", "60", "120", "180"], 'seconds = "n"')[0]
        == "1970-01-01T00:00:00.000"
    )
    with pytest.raises(ReadError, match="all in 1970"):
        times(["1", "60", "120", "999999"], 'seconds = "n"')
    assert len(times(["1", "60", "120", "1000000"], 'seconds = "n"')) == 4
