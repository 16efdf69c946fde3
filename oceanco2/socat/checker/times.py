"""Times from the columns of a file: seven combinations, five date orders.

Rules: docs/socat-rules.md#required-content. Times are seconds since 1970, UTC.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from oceanco2.dates import DAY_SECONDS, days_of_dates
from oceanco2.socat.checker.columns import DATE_ORDERS, CheckedColumn

#: In the order in which they are tried; columns in brackets are optional.
COMBINATIONS: tuple[tuple[str, ...], ...] = (
    ("year", "month", "day", "hour", "minute", "[second]"),
    ("year", "month", "day", "time_of_day"),
    ("year", "day_of_year", "sec_of_day"),
    ("date_time",),
    ("date", "time_of_day"),
    ("date", "hour", "minute", "[second]"),
    ("year", "day_of_year"),
)
#: Types of all time columns.
TIME_TYPES = (
    "date_time",
    "date",
    "year",
    "month",
    "day",
    "time_of_day",
    "hour",
    "minute",
    "second",
    "day_of_year",
    "sec_of_day",
)
_DATED = ("date_time", "date")
#: Types whose cells are text, not numbers.
TEXTS = (*_DATED, "time_of_day")


@dataclass(frozen=True, slots=True)
class Clock:
    """The columns that give the time of a row, and the current time."""

    parts: Mapping[str, CheckedColumn]
    now: float


def find_clock(columns: Sequence[CheckedColumn], now: float) -> Clock | None:
    """Find the first combination of columns that gives a time."""
    present: dict[str, CheckedColumn] = {}
    for column in columns:
        present.setdefault(column.type, column)
    for combination in COMBINATIONS:
        needed = [part for part in combination if part[0] != "["]
        if all(part in present for part in needed):
            names = [part.strip("[]") for part in combination]
            return Clock(
                {part: present[part] for part in names if part in present}, now
            )
    return None


def days_from_civil(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Turn dates into days since 1970."""
    return np.where(year >= 1900, days_of_dates(year, month, day), np.nan)


def seconds_of_day(
    hour: np.ndarray, minute: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Turn times of day into seconds."""
    is_whole = (hour % 1 == 0) & (minute % 1 == 0)
    is_valid = is_whole & (hour >= 0) & (hour < 24) & (minute >= 0) & (minute < 60)
    is_valid &= (second >= 0) & (second < 60)
    return np.where(is_valid, hour * 3600 + minute * 60 + second, np.nan)


_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?", re.ASCII)
_DATE_TIME = re.compile(r"(.+?)(?: +|T)([\d:.]+)", re.ASCII)


def parse_date(text: str, order: str, latest: int) -> tuple[int, int, int] | None:
    """Read a date.

    Examples
    --------
    >>> parse_date("5/23/04", "mm-dd-yy", 2026)
    (2004, 5, 23)
    >>> parse_date("17102008", "dd-mm-yyyy", 2026)
    (2008, 10, 17)
    """
    short = order.endswith("-yy")
    if text.isdigit():
        if len(text) != (6 if short else 8):
            return None
        ends = (4, 6, 8) if order[0] == "y" else (2, 4, 8)
        pieces = [text[: ends[0]], text[ends[0] : ends[1]], text[ends[1] :]]
    else:
        pieces = re.split(r"[-/, ] *", text)
    if len(pieces) != 3 or not all(p.isdigit() and p.isascii() for p in pieces):
        return None
    named = dict(zip(order.split("-"), pieces, strict=True))
    year = named["yy" if short else "yyyy"]
    if len(year) not in ((1, 2) if short else (4,)):
        return None
    number = int(year)
    if short:
        number += latest // 100 * 100
        number -= 100 * (number > latest)
    return number, int(named["mm"]), int(named["dd"])


Cells = Mapping[str, Sequence[str]]
Numbers = Mapping[str, np.ndarray]
_INVALID = (np.nan, np.nan, np.nan)


class TimeReader:
    """Read the times of rows, block by block."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.without_seconds = 0
        self._dates: dict[str, tuple[float, float, float]] = {}
        self._latest = datetime.fromtimestamp(clock.now, UTC).year

    def read(self, cells: Cells, numbers: Numbers) -> np.ndarray:
        """Return seconds since 1970; NaN where there is no valid time."""
        with np.errstate(invalid="ignore"):
            return self._days(cells, numbers) * DAY_SECONDS + self._time_of_day(
                cells, numbers
            )

    def _days(self, cells: Cells, numbers: Numbers) -> np.ndarray:
        """Days since 1970, with a fraction if the day of the year has one."""
        parts = self.clock.parts
        if "date_time" in parts:
            texts = [_split_date(cell)[0] for cell in cells["date_time"]]
            return self._from_texts(texts, parts["date_time"].unit)
        if "date" in parts:
            return self._from_texts(cells["date"], parts["date"].unit)
        year = numbers["year"]
        if "month" in parts:
            return days_from_civil(year, numbers["month"], numbers["day"])
        day, ones = numbers["day_of_year"], np.ones(year.size)
        start = days_from_civil(year, ones, ones)
        is_valid = (day >= 1) & (
            day < days_from_civil(year + 1, ones, ones) - start + 1
        )
        if "sec_of_day" in parts:
            is_valid &= day % 1 == 0
        return np.where(is_valid, start + day - 1, np.nan)

    def _from_texts(self, texts: Sequence[str], unit: str) -> np.ndarray:
        order = unit.partition(" ")[0] or "yyyy-mm-dd"
        dates = self._dates
        for text in set(texts) - dates.keys():
            dates[text] = parse_date(text, order, self._latest) or _INVALID
        parsed = np.array([dates[text] for text in texts], dtype=float).reshape(-1, 3)
        return days_from_civil(*parsed.T)

    def better_orders(self) -> tuple[str, ...]:
        """Return orders that can read every date so far, if the one in use cannot."""
        texts = [text for text in self._dates if text]
        columns = [c for c in self.clock.parts.values() if c.type in _DATED]
        if not texts or not columns:
            return ()

        def failing(order: str) -> bool:
            read = [parse_date(text, order, self._latest) or _INVALID for text in texts]
            return bool(np.isnan(days_from_civil(*np.array(read, dtype=float).T)).any())

        present = columns[0].unit.partition(" ")[0]
        if not failing(present):
            return ()
        return tuple(o for o in DATE_ORDERS if o != present and not failing(o))

    def _time_of_day(self, cells: Cells, numbers: Numbers) -> np.ndarray:
        """Seconds since the start of the day."""
        parts = self.clock.parts
        if "sec_of_day" in parts:
            second = numbers["sec_of_day"]
            return np.where((second >= 0) & (second < DAY_SECONDS), second, np.nan)
        if "day_of_year" in parts:
            return np.zeros(numbers["year"].size)
        if "hour" in parts:
            hour, minute = numbers["hour"], numbers["minute"]
            second = numbers.get("second", np.full(hour.size, np.nan))
        else:
            hour, minute, second = self._clock_texts(cells)
        no_seconds = np.isnan(second) & np.isfinite(hour) & np.isfinite(minute)
        self.without_seconds += int(no_seconds.sum())
        return seconds_of_day(hour, minute, np.where(no_seconds, 0.0, second))

    def _clock_texts(self, cells: Cells) -> np.ndarray:
        if "date_time" in self.clock.parts:
            texts = [_split_date(cell)[1] for cell in cells["date_time"]]
        else:
            texts = list(cells["time_of_day"])
        parsed = [_parse_time_of_day(text) for text in texts]
        return np.array(parsed, dtype=float).reshape(-1, 3).T


def _split_date(cell: str) -> tuple[str, str]:
    """Split a cell at the blank or T between date and time."""
    match = _DATE_TIME.fullmatch(cell)
    return (match[1], match[2]) if match else ("", "")


def _parse_time_of_day(text: str) -> tuple[float, float, float]:
    match = _TIME_OF_DAY.fullmatch(text)
    if match is None:
        return _INVALID
    hour, minute, second = match.groups()
    return float(hour), float(minute), float(second) if second else np.nan
