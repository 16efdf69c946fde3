"""Columns into times: every way a platform file can describe."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, Time
from oceanco2.readers.clocks import MS, milliseconds, parse

_NONE = np.datetime64("NaT", "ms")
_DAY_0 = np.datetime64("1900-01-01", "ms")


class Cells(Protocol):
    """What is needed of the rows of a stream."""

    def texts(self, name: str, *, required: bool = False) -> np.ndarray:
        """Return a column as texts."""

    def numbers(
        self, name: str, *, missing: Collection[str] = (), required: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return a column as numbers."""

    def place(self, row: int) -> str:
        """Say where a row stands."""

    def joined(self, attribute: str) -> np.ndarray:
        """Return an array of the tables, joined."""


def read_times(definition: FileDefinition, rows: Cells, where: str) -> np.ndarray:
    """Read the times of a stream as its ``time`` table says."""
    way = definition.time
    if way is None:
        raise ReadError(f"{where} lacks 'time': where are date and time?")
    if way.columns:
        texts = joined_texts([rows.texts(n, required=True) for n in way.columns])
        times = parse(texts, formats(way.format))
    elif way.date:
        days = parse(rows.texts(way.date, required=True), formats(way.date_format))
        times = _midnight_of(days) + _time_of_day(way, rows)
    elif way.month:
        times = _from_parts(way, rows)
    elif way.day_of_year:
        times = _from_day_of_year(way, rows)
    else:
        since = np.datetime64(way.since.astimezone(UTC).replace(tzinfo=None), "ms")
        seconds = _numbers(rows, str(way.seconds))
        times = since + milliseconds(seconds * 1000.0)
    times = times + np.timedelta64(round(way.offset_seconds * 1000), "ms")
    return on_the_axis(times, where, "'time'", first_columns(way), rows)


def on_the_axis(
    times: np.ndarray, where: str, described: str, columns: list[str], rows: Cells
) -> np.ndarray:
    """Refuse times that no dataset can hold, and files without any."""
    low, high = np.datetime64("1700-01-01", "ms"), np.datetime64("2262-01-01", "ms")
    times = times.astype(MS)
    times[(times < low) | (times >= high)] = _NONE
    if times.size and np.isnat(times).all():
        shown = " ".join(str(rows.texts(name)[0]) for name in columns)
        said = f"{rows.place(0)}: no time can be read with {described}"
        raise ReadError(f"{said}; here it says {shown[:80]!r} ({where})")
    return times.astype("datetime64[ns]")


def formats(said: str | list[str] | None) -> list[str]:
    """Return the formats as a list."""
    return [said] if isinstance(said, str) else list(said or [])


def joined_texts(columns: list[np.ndarray]) -> np.ndarray:
    """Join texts with a blank."""
    texts = columns[0]
    for more in columns[1:]:
        texts = texts + " " + more
    return texts


def text_columns(way: Time) -> list[str]:
    """List the columns of date and time that are read as text."""
    return [*(way.columns or []), *(n for n in (way.date, way.time) if n)]


def number_columns(way: Time) -> list[str]:
    """List the columns of date and time that are read as numbers."""
    said = [way.day_fraction, way.year, way.month, way.day, way.hour, way.minute]
    said += [way.second, way.day_of_year, way.seconds]
    return [name for name in said if isinstance(name, str)]


def first_columns(way: Time) -> list[str]:
    """List the columns to show when no time can be read."""
    return [*text_columns(way), *number_columns(way)][:6]


def _numbers(
    rows: Cells, name: str, low: float = -1e99, high: float = 1e99
) -> np.ndarray:
    """Read a column; NaN outside the limits, both included."""
    values = rows.numbers(name, required=True)[0]
    return np.where((values >= low) & (values <= high), values, np.nan)


def _midnight_of(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[D]").astype(MS)


def _time_of_day(way: Time, rows: Cells) -> np.ndarray:
    if way.day_fraction:
        return milliseconds(_numbers(rows, way.day_fraction, 0, 1) * 86400e3)
    if way.time:
        texts = rows.texts(way.time, required=True)
        # A time without date is of 1 January 1900; 24:00 of the day after.
        return parse(texts, formats(way.time_format)) - _DAY_0
    total = _numbers(rows, str(way.hour), 0, 24) * 3600e3
    if way.minute:
        total = total + _numbers(rows, way.minute, 0, 60) * 60e3
    if way.second:
        total = total + _numbers(rows, way.second, 0, 61) * 1e3
    return milliseconds(total)


def _has_clock(way: Time) -> bool:
    return bool(way.time or way.hour or way.day_fraction)


def _years(way: Time, rows: Cells, like: np.ndarray) -> np.ndarray:
    if isinstance(way.year, int):
        return np.full(like.shape, float(way.year))
    years = _numbers(rows, str(way.year))
    this = datetime.now(tz=UTC).year
    short = (years >= 0) & (years < 100)
    years = np.where(short, years + this // 100 * 100, years)
    return np.where(short & (years > this), years - 100, years)


def _midnight(years: np.ndarray, months: np.ndarray, days: np.ndarray) -> np.ndarray:
    out = np.full(years.shape, np.datetime64("NaT", "D"))
    fine = (years >= 1700) & (years < 2262) & (months >= 1) & (months <= 12)
    fine &= (days >= 1) & (days <= 31)
    fine &= (years == np.floor(years)) & (months == np.floor(months))
    month = (years[fine] - 1970).astype(int) * 12 + months[fine].astype(int) - 1
    first = month.astype("datetime64[M]")
    moments = first.astype("datetime64[D]") + (days[fine].astype(int) - 1)
    moments[moments.astype("datetime64[M]") != first] = np.datetime64("NaT")
    out[fine] = moments
    return out.astype(MS)


def _from_parts(way: Time, rows: Cells) -> np.ndarray:
    months = _numbers(rows, str(way.month))
    days = _numbers(rows, str(way.day))
    midnight = _midnight(_years(way, rows, months), months, np.floor(days))
    if _has_clock(way):
        return midnight + _time_of_day(way, rows)
    return midnight + milliseconds(np.mod(days, 1.0) * 86400e3)


def _from_day_of_year(way: Time, rows: Cells) -> np.ndarray:
    first = way.january_first
    days = _numbers(rows, str(way.day_of_year), first, first + 366.99999999)
    years = _years(way, rows, days)
    if isinstance(way.year, int):
        years = years + _years_begun(np.where(rows.joined("damaged"), np.nan, days))
    one = np.ones_like(days)
    start = _midnight(years, one, one)
    if _has_clock(way):
        whole = milliseconds((np.floor(days) - first) * 86400e3)
        return start + whole + _time_of_day(way, rows)
    return start + milliseconds((days - first) * 86400e3)


def _years_begun(days: np.ndarray) -> np.ndarray:
    """Count how often the day fell back by months; one odd value is no new year."""
    valid = np.flatnonzero(np.isfinite(days))
    if valid.size < 2:
        return np.zeros(days.shape)
    smooth = days[valid].copy()
    smooth[1:-1] = np.median([smooth[:-2], smooth[1:-1], smooth[2:]], axis=0)
    counts = np.cumsum(np.diff(smooth, prepend=smooth[:1]) < -180)
    # Rows that were left out are of the year of the row before them.
    before = np.searchsorted(valid, np.arange(days.size), side="right") - 1
    return np.where(before >= 0, counts[before], 0)
