"""Times from parts: every combination and order, on both sides of the limits."""

import numpy as np
import pytest

from oceanco2.socat.checker import times
from oceanco2.socat.checker.columns import CheckedColumn

NOW = 1.79e9  # in 2026
DAY = 86400.0
START = 18262 * DAY  # 2020-01-01


def reader(*kinds, unit=""):
    columns = [CheckedColumn(n, k, k, unit) for n, k in enumerate(kinds, 1)]
    return times.TimeReader(times.find_clock(columns, NOW))


def arrays(**numbers):
    return {name: np.array([float(x)]) for name, x in numbers.items()}


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [
        ((0, 0, 0), 0.0),
        ((23, 59, 59.9), 86399.9),
        ((1, 2, 3), 3723.0),
        ((24, 0, 0), None),
        ((-1, 0, 0), None),
        ((0, 60, 0), None),
        ((0, -1, 0), None),
        ((0, 0, 60), None),
        ((0, 0, -0.1), None),
        ((0.5, 0, 0), None),
        ((0, 0.5, 0), None),
    ],
)
def test_seconds_of_day(clock, seconds):
    made = times.seconds_of_day(*(np.array([float(x)]) for x in clock))[0]
    assert np.isnan(made) if seconds is None else made == pytest.approx(seconds)


def test_years_from_1900():
    one = np.ones(2)
    days = times.days_from_civil(np.array([1900.0, 1899.0]), one, one)
    assert days[0] == -25567
    assert np.isnan(days[1])


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("2020-01-02", "yyyy-mm-dd", (2020, 1, 2)),
        ("2020/1/2", "yyyy-mm-dd", (2020, 1, 2)),
        ("20200102", "yyyy-mm-dd", (2020, 1, 2)),
        ("01022020", "mm-dd-yyyy", (2020, 1, 2)),
        ("01022020", "dd-mm-yyyy", (2020, 2, 1)),
        ("010220", "dd-mm-yy", (2020, 2, 1)),
        ("010226", "mm-dd-yy", (2026, 1, 2)),
        ("010227", "mm-dd-yy", (1927, 1, 2)),
        ("1/2/5", "mm-dd-yy", (2005, 1, 2)),
        ("1/2/005", "mm-dd-yy", None),
        ("1/2/05", "mm-dd-yyyy", None),
        ("0102020", "mm-dd-yyyy", None),
        ("01022020", "mm-dd-yy", None),
        ("1-2", "mm-dd-yy", None),
        ("1-2-3-4", "mm-dd-yy", None),
        ("1, 2, 2020", "mm-dd-yyyy", (2020, 1, 2)),
        ("a-b-2020", "mm-dd-yyyy", None),
        ("", "yyyy-mm-dd", None),
    ],
)
def test_dates(text, order, date):
    assert times.parse_date(text, order, 2026) == date


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (1, 0.0),
        (1.5, 0.5),
        (366, 365.0),
        (366.9, 365.9),
        (367, None),
        (0.9, None),
    ],
)
def test_days_of_a_leap_year(day, expected):
    made = reader("year", "day_of_year").read({}, arrays(year=2020, day_of_year=day))
    if expected is None:
        assert np.isnan(made[0])
    else:
        assert made[0] == pytest.approx(START + expected * DAY)


def test_last_day_of_a_common_year():
    made = reader("year", "day_of_year")
    inside = made.read({}, arrays(year=2021, day_of_year=365.9))[0]
    assert inside == pytest.approx(START + (366 + 364.9) * DAY)
    assert np.isnan(made.read({}, arrays(year=2021, day_of_year=366))[0])


@pytest.mark.parametrize(
    ("day", "second", "expected"),
    [
        (2, 0, DAY),
        (2, 86399.5, DAY + 86399.5),
        (2, 86400, None),
        (2, -1, None),
        (2.5, 0, None),
    ],
)
def test_seconds_of_the_day(day, second, expected):
    made = reader("year", "day_of_year", "sec_of_day").read(
        {}, arrays(year=2020, day_of_year=day, sec_of_day=second)
    )[0]
    assert np.isnan(made) if expected is None else made == START + expected


def test_other_combinations():
    date = arrays(year=2020, month=1, day=2)
    clock = arrays(hour=3, minute=4, second=5)
    expected = START + DAY + 3 * 3600 + 4 * 60
    made = reader("year", "month", "day", "hour", "minute", "second")
    assert made.read({}, date | clock).tolist() == [expected + 5]
    assert made.without_seconds == 0
    made = reader("year", "month", "day", "hour", "minute")
    assert made.read({}, date | clock | arrays(second=np.nan)).tolist() == [expected]
    assert made.without_seconds == 1
    made = reader("year", "month", "day", "time_of_day")
    assert made.read({"time_of_day": ["03:04:05.5"]}, date).tolist() == [expected + 5.5]
    made = reader("date", "hour", "minute", unit="dd-mm-yyyy")
    assert made.read({"date": ["2-1-2020"]}, clock).tolist() == [expected + 5]
    made = reader("date", "time_of_day")
    cells = {"date": ["2020-01-02"] * 3, "time_of_day": ["3:04", "3:04:05", "3"]}
    assert made.read(cells, {})[:2].tolist() == [expected, expected + 5]
    assert np.isnan(made.read(cells, {})[2])
    assert made.without_seconds == 2
    made = reader("date_time")
    cells = {"date_time": ["2020-01-02T03:04:05", "2020-01-02 03:04", "2020-01-02"]}
    assert made.read(cells, {})[:2].tolist() == [expected + 5, expected]
    assert np.isnan(made.read(cells, {})[2])


def test_orders_that_fit_better():
    made = reader("date", "time_of_day", unit="mm-dd-yyyy")
    assert made.better_orders() == ()
    made.read({"date": ["01-02-2020", ""], "time_of_day": ["0:00"] * 2}, {})
    assert made.better_orders() == ()
    made.read({"date": ["13-02-2020"], "time_of_day": ["0:00"]}, {})
    assert made.better_orders() == ("dd-mm-yyyy",)
    assert reader("year", "day_of_year").better_orders() == ()


def test_first_combination_counts():
    columns = [
        CheckedColumn(n, k, k)
        for n, k in enumerate(("date_time", "date", "time_of_day", "date"), 1)
    ]
    assert set(times.find_clock(columns, NOW).parts) == {"date_time"}
    clock = times.find_clock(columns[1:], NOW)
    assert clock.parts["date"].number == 2
    assert clock.now == NOW
    assert times.find_clock(columns[1:2], NOW) is None
    assert times.TEXTS == ("date_time", "date", "time_of_day")
