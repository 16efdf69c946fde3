"""Times from the columns of a file: seven combinations, five orders of dates.

Rules: docs/socat-rules.md#required-content. Times are seconds since 1970, UTC.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from oceanco2.dashboard.columns import DATE_ORDERS, Column

#: In the order in which they are tried; what stands in brackets may be absent.
COMBINATIONS: tuple[tuple[str, ...], ...] = (
    ("year", "month", "day", "hour", "minute", "[second]"),
    ("year", "month", "day", "time_of_day"),
    ("year", "day_of_year", "sec_of_day"),
    ("date_time",),
    ("date", "time_of_day"),
    ("date", "hour", "minute", "[second]"),
    ("year", "day_of_year"),
)
#: Every type of column that has to do with time.
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
#: Those whose cells are texts, not numbers.
TEXTS = (*_DATED, "time_of_day")
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time of a row is put together."""

    parts: Mapping[str, Column]
    now: float


def find_clock(columns: Sequence[Column], now: float) -> Clock | None:
    """Find the first combination of columns that gives a time."""
    there: dict[str, Column] = {}
    for column in columns:
        there.setdefault(column.type, column)
    for combination in COMBINATIONS:
        needed = [part for part in combination if part[0] != "["]
        if all(part in there for part in needed):
            wanted = [part.strip("[]") for part in combination]
            return Clock({part: there[part] for part in wanted if part in there}, now)
    return None


def days_from_civil(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Turn dates into days since 1970."""
    whole = (year % 1 == 0) & (month % 1 == 0) & (day % 1 == 0)
    there = whole & (year >= 1900) & (year < 10000) & (month >= 1) & (month <= 12)
    y, m, d = (np.where(there, x, 1).astype("int64") for x in (year, month, day))
    first = (np.where(there, y - 1970, 0) * 12 + m - 1).astype("datetime64[M]")
    start = first.astype("datetime64[D]").astype("int64")
    length = (first + 1).astype("datetime64[D]").astype("int64") - start
    good = there & (d >= 1) & (d <= length)
    return np.where(good, start + d - 1.0, np.nan)


def seconds_of_day(
    hour: np.ndarray, minute: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Turn times of day into seconds."""
    whole = (hour % 1 == 0) & (minute % 1 == 0)
    good = whole & (hour >= 0) & (hour < 24) & (minute >= 0) & (minute < 60)
    good &= (second >= 0) & (second < 60)
    return np.where(good, hour * 3600 + minute * 60 + second, np.nan)


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
_NOTHING = (np.nan, np.nan, np.nan)


class TimeReader:
    """Reads the times of one block of rows after the other."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.without_seconds = 0
        self._dates: dict[str, tuple[float, float, float]] = {}
        self._latest = datetime.fromtimestamp(clock.now, UTC).year

    def read(self, cells: Cells, numbers: Numbers) -> np.ndarray:
        """Read times."""
        with np.errstate(invalid="ignore"):
            return self._days(cells, numbers) * _DAY + self._rest(cells, numbers)

    def _days(self, cells: Cells, numbers: Numbers) -> np.ndarray:
        """Days since 1970; with the fraction where the day of the year has one."""
        parts = self.clock.parts
        if "date_time" in parts:
            texts = [_split_date(cell)[0] for cell in cells["date_time"]]
            return self._from_texts(texts, parts["date_time"].unit)
        if "date" in parts:
            return self._from_texts(cells["date"], parts["date"].unit)
        year = numbers["year"]
        if "month" in parts:
            return days_from_civil(year, numbers["month"], numbers["day"])
        day, one = numbers["day_of_year"], np.ones(year.size)
        start = days_from_civil(year, one, one)
        good = (day >= 1) & (day < days_from_civil(year + 1, one, one) - start + 1)
        if "sec_of_day" in parts:
            good &= day % 1 == 0
        return np.where(good, start + day - 1, np.nan)

    def _from_texts(self, texts: Sequence[str], unit: str) -> np.ndarray:
        order = unit.partition(" ")[0] or "yyyy-mm-dd"
        known = self._dates
        for text in set(texts) - known.keys():
            known[text] = parse_date(text, order, self._latest) or _NOTHING
        found = np.array([known[text] for text in texts], dtype=float).reshape(-1, 3)
        return days_from_civil(*found.T)

    def better_orders(self) -> tuple[str, ...]:
        """Find date orders that read every date so far, if the present one fails."""
        texts = [text for text in self._dates if text]
        columns = [c for c in self.clock.parts.values() if c.type in _DATED]
        if not texts or not columns:
            return ()

        def failing(order: str) -> bool:
            read = [parse_date(text, order, self._latest) or _NOTHING for text in texts]
            return bool(np.isnan(days_from_civil(*np.array(read, dtype=float).T)).any())

        present = columns[0].unit.partition(" ")[0]
        if not failing(present):
            return ()
        return tuple(o for o in DATE_ORDERS if o != present and not failing(o))

    def _rest(self, cells: Cells, numbers: Numbers) -> np.ndarray:
        """Seconds since the start of the day."""
        parts = self.clock.parts
        if "sec_of_day" in parts:
            second = numbers["sec_of_day"]
            return np.where((second >= 0) & (second < _DAY), second, np.nan)
        if "day_of_year" in parts:
            return np.zeros(numbers["year"].size)
        if "hour" in parts:
            hour, minute = numbers["hour"], numbers["minute"]
            second = numbers.get("second", np.full(hour.size, np.nan))
        else:
            hour, minute, second = self._clock_texts(cells)
        lacking = np.isnan(second) & np.isfinite(hour) & np.isfinite(minute)
        self.without_seconds += int(lacking.sum())
        return seconds_of_day(hour, minute, np.where(lacking, 0.0, second))

    def _clock_texts(self, cells: Cells) -> np.ndarray:
        if "date_time" in self.clock.parts:
            texts = [_split_date(cell)[1] for cell in cells["date_time"]]
        else:
            texts = list(cells["time_of_day"])
        found = [_clock(text) for text in texts]
        return np.array(found, dtype=float).reshape(-1, 3).T


def _split_date(cell: str) -> tuple[str, str]:
    """Date and time of a cell: a blank or T stands before the time."""
    match = _DATE_TIME.fullmatch(cell)
    return (match[1], match[2]) if match else ("", "")


def _clock(text: str) -> tuple[float, float, float]:
    match = _TIME_OF_DAY.fullmatch(text)
    if match is None:
        return _NOTHING
    hour, minute, second = match.groups()
    return float(hour), float(minute), float(second) if second else np.nan
