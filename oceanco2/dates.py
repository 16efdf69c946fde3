"""The calendar: days since 1970, lengths of months and years, spans of time."""

from datetime import datetime
from typing import Any

import numpy as np

#: Times divided by these are numbers: `(time - EPOCH) / SECOND`.
SECOND, HOUR, DAY = (np.timedelta64(1, unit) for unit in ("s", "h", "D"))
EPOCH = np.datetime64("1970-01-01", "ms")
HOUR_SECONDS, DAY_SECONDS, DAY_MS = 3600.0, 86400.0, 86400e3
#: Days from the day 0 of programs and astronomers to 1970-01-01.
ORIGINS = {
    "excel": 25569.0,
    "excel_1904": 24107.0,
    "matlab": 719529.0,
    "julian": 2440587.5,
}
#: Mean length of a year of the Gregorian calendar.
YEAR_DAYS = 365.2425
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def days_since_1970(origin: datetime | str) -> float:
    """Count the days from 1970-01-01 to an origin: a moment, or a name.

    Examples
    --------
    >>> from datetime import UTC
    >>> days_since_1970("excel"), days_since_1970(datetime(1970, 1, 3, tzinfo=UTC))
    (-25569.0, 2.0)
    """
    if isinstance(origin, str):
        return -ORIGINS[origin]
    return origin.timestamp() / DAY_SECONDS


def day_number(year: Any, month: Any, day: Any) -> Any:
    """Count the days since 1970-01-01; works for integers, arrays and in kernels.

    Examples
    --------
    >>> day_number(1970, 1, 1), day_number(2000, 3, 1)
    (0, 11017)
    """
    # A year that begins in March has its leap day at the end.
    year = year - (month <= 2)
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def month_number(day: Any) -> Any:
    """Count the months since January 1970 of a day since 1970-01-01.

    Examples
    --------
    >>> month_number(-1), month_number(0), month_number(11017)
    (-1, 0, 362)
    """
    shifted = day + 719468  # since 0000-03-01
    era = shifted // 146097
    rest = shifted - era * 146097
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    of_year = rest - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    return (year + era * 400 - 1970) * 12 + march + 2


def days_of_dates(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return days since 1970 of dates given as numbers; NaN where there is no such day.

    Examples
    --------
    >>> days_of_dates(np.array([2024.0, 2023.0]), np.full(2, 2.0), np.full(2, 29.0))
    array([19782.,    nan])
    """
    exists = (year % 1 == 0) & (month % 1 == 0) & (day % 1 == 0)
    exists &= (year >= 1) & (year < 10000) & (month >= 1) & (month <= 12) & (day >= 1)
    y, m, d = (np.where(exists, x, 1).astype(np.int64) for x in (year, month, day))
    number = day_number(y, m, d)
    exists &= number < day_number(y + m // 12, m % 12 + 1, 1)
    return np.where(exists, number, np.nan)
