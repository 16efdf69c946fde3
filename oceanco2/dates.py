"""The calendar: days since 1970, lengths of months and years, spans of time."""

from datetime import UTC, datetime
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
    >>> days_since_1970("excel"), days_since_1970(datetime(1970, 1, 3, tzinfo=UTC))
    (-25569.0, 2.0)
    """
    if isinstance(origin, str):
        return -ORIGINS[origin]
    return origin.timestamp() / DAY_SECONDS


#: Attribute of a dataset: when its newest input was written, if that is in the future.
NEWEST_INPUT = "newest_input"
#: No pCO2 was measured at sea before; a file of 1899 or 1904 has another origin.
EARLIEST = np.datetime64("1950-01-01", "ms")


def latest_possible(newest_input: float = 0.0) -> np.datetime64:
    """Return a day after now, or after the newest input (seconds since 1970)."""
    now = datetime.now(tz=UTC).timestamp()
    return EPOCH + np.timedelta64(round(max(now, newest_input) + DAY_SECONDS), "s")


def unlikely_times(
    time: np.ndarray, latest: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    """Return where times are before 1950, and where they are in the future."""
    return time < EARLIEST, time > latest


#: Rows of a clock that was not set: few, short, and almost a year from all others.
_FEW, _FEW_SHARE, _MAIN_SHARE, _MAIN_ROWS = 5, 0.01, 0.9, 20
_SHORT, _FAR = np.timedelta64(2, "D"), np.timedelta64(300, "D")


def isolated_times(time: np.ndarray) -> np.ndarray:
    """Return where a few times are far away from all others, in any order.

    Deployments with years between them are not few rows, or not short.
    """
    isolated = np.zeros(time.size, dtype=bool)
    order = np.argsort(time, kind="stable")
    order = order[~np.isnat(time[order])]
    blocks = np.split(order, np.flatnonzero(np.diff(time[order]) > _FAR) + 1)
    main = max(block.size for block in blocks)
    if main < max(_MAIN_ROWS, _MAIN_SHARE * order.size):
        return isolated
    for block in blocks:
        is_few = block.size <= max(_FEW, _FEW_SHARE * order.size)
        if is_few and block.size < main and time[block[-1]] - time[block[0]] <= _SHORT:
            isolated[block] = True
    return isolated


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
