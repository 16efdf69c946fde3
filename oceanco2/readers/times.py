"""Times from columns, in every form that a platform file can describe."""

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
    """Access to the rows of a stream."""

    def texts(self, name: str, *, required: bool = False) -> np.ndarray:
        """Return a column as texts."""

    def numbers(
        self, name: str, *, missing: Collection[str] = (), required: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return a column as numbers."""

    def locate(self, row: int) -> str:
        """Return file and line of a row, for messages."""

    def concatenate(self, attribute: str) -> np.ndarray:
        """Concatenate one attribute of all tables."""


def read_times(definition: FileDefinition, rows: Cells, where: str) -> np.ndarray:
    """Read the times of a stream as described in its ``time`` table."""
    spec = definition.time
    if spec is None:
        raise ReadError(f"{where} lacks 'time', which describes date and time")
    if spec.columns:
        texts = join_texts([rows.texts(n, required=True) for n in spec.columns])
        times = parse(texts, as_list(spec.format))
    elif spec.date:
        days = parse(rows.texts(spec.date, required=True), as_list(spec.date_format))
        times = _midnight_of(days) + _time_of_day(spec, rows)
    elif spec.month:
        times = _from_date_parts(spec, rows)
    elif spec.day_of_year:
        times = _from_day_of_year(spec, rows)
    else:
        since = np.datetime64(spec.since.astimezone(UTC).replace(tzinfo=None), "ms")
        seconds = _numbers_between(rows, str(spec.seconds))
        times = since + milliseconds(seconds * 1000.0)
    times = times + np.timedelta64(round(spec.offset_seconds * 1000), "ms")
    return check_times(times, where, "'time'", shown_columns(spec), rows)


def check_times(
    times: np.ndarray, where: str, described: str, columns: list[str], rows: Cells
) -> np.ndarray:
    """Set times outside 1700 to 2261 to NaT; raise if no time is left."""
    low, high = np.datetime64("1700-01-01", "ms"), np.datetime64("2262-01-01", "ms")
    times = times.astype(MS)
    times[(times < low) | (times >= high)] = _NONE
    if times.size and np.isnat(times).all():
        cells = " ".join(str(rows.texts(name)[0]) for name in columns)
        message = f"{rows.locate(0)}: cannot read times with {described}"
        raise ReadError(f"{message}; the row has {cells[:80]!r} ({where})")
    return times.astype("datetime64[ns]")


def as_list(formats: str | list[str] | None) -> list[str]:
    """Return formats as a list."""
    return [formats] if isinstance(formats, str) else list(formats or [])


def join_texts(columns: list[np.ndarray]) -> np.ndarray:
    """Join columns of text with a blank between."""
    texts = columns[0]
    for more in columns[1:]:
        texts = texts + " " + more
    return texts


def text_columns(spec: Time) -> list[str]:
    """List the columns of date and time that are read as text."""
    return [*(spec.columns or []), *(n for n in (spec.date, spec.time) if n)]


def number_columns(spec: Time) -> list[str]:
    """List the columns of date and time that are read as numbers."""
    columns = [
        spec.day_fraction,
        spec.year,
        spec.month,
        spec.day,
        spec.hour,
        spec.minute,
    ]
    columns += [spec.second, spec.day_of_year, spec.seconds]
    return [name for name in columns if isinstance(name, str)]


def shown_columns(spec: Time) -> list[str]:
    """List the columns shown in the message when no time can be read."""
    return [*text_columns(spec), *number_columns(spec)][:6]


def _numbers_between(
    rows: Cells, name: str, low: float = -1e99, high: float = 1e99
) -> np.ndarray:
    """Read a column; NaN outside [low, high]."""
    values = rows.numbers(name, required=True)[0]
    return np.where((values >= low) & (values <= high), values, np.nan)


def _midnight_of(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[D]").astype(MS)


def _time_of_day(spec: Time, rows: Cells) -> np.ndarray:
    if spec.day_fraction:
        return milliseconds(_numbers_between(rows, spec.day_fraction, 0, 1) * 86400e3)
    if spec.time:
        texts = rows.texts(spec.time, required=True)
        # A time without date falls on 1 January 1900; 24:00 on the day after.
        return parse(texts, as_list(spec.time_format)) - _DAY_0
    total = _numbers_between(rows, str(spec.hour), 0, 24) * 3600e3
    if spec.minute:
        total = total + _numbers_between(rows, spec.minute, 0, 60) * 60e3
    if spec.second:
        total = total + _numbers_between(rows, spec.second, 0, 61) * 1e3
    return milliseconds(total)


def _has_time_of_day(spec: Time) -> bool:
    return bool(spec.time or spec.hour or spec.day_fraction)


def _years(spec: Time, rows: Cells, like: np.ndarray) -> np.ndarray:
    if isinstance(spec.year, int):
        return np.full(like.shape, float(spec.year))
    years = _numbers_between(rows, str(spec.year))
    this_year = datetime.now(tz=UTC).year
    two_digits = (years >= 0) & (years < 100)
    years = np.where(two_digits, years + this_year // 100 * 100, years)
    return np.where(two_digits & (years > this_year), years - 100, years)


def _midnight(years: np.ndarray, months: np.ndarray, days: np.ndarray) -> np.ndarray:
    out = np.full(years.shape, np.datetime64("NaT", "D"))
    valid = (years >= 1700) & (years < 2262) & (months >= 1) & (months <= 12)
    valid &= (days >= 1) & (days <= 31)
    valid &= (years == np.floor(years)) & (months == np.floor(months))
    month = (years[valid] - 1970).astype(int) * 12 + months[valid].astype(int) - 1
    first = month.astype("datetime64[M]")
    moments = first.astype("datetime64[D]") + (days[valid].astype(int) - 1)
    moments[moments.astype("datetime64[M]") != first] = np.datetime64("NaT")
    out[valid] = moments
    return out.astype(MS)


def _from_date_parts(spec: Time, rows: Cells) -> np.ndarray:
    months = _numbers_between(rows, str(spec.month))
    days = _numbers_between(rows, str(spec.day))
    midnight = _midnight(_years(spec, rows, months), months, np.floor(days))
    if _has_time_of_day(spec):
        return midnight + _time_of_day(spec, rows)
    return midnight + milliseconds(np.mod(days, 1.0) * 86400e3)


def _from_day_of_year(spec: Time, rows: Cells) -> np.ndarray:
    first = spec.january_first
    days = _numbers_between(rows, str(spec.day_of_year), first, first + 366.99999999)
    years = _years(spec, rows, days)
    if isinstance(spec.year, int):
        years = years + _count_new_years(
            np.where(rows.concatenate("damaged"), np.nan, days)
        )
    ones = np.ones_like(days)
    start = _midnight(years, ones, ones)
    if _has_time_of_day(spec):
        full_days = milliseconds((np.floor(days) - first) * 86400e3)
        return start + full_days + _time_of_day(spec, rows)
    return start + milliseconds((days - first) * 86400e3)


def _count_new_years(days: np.ndarray) -> np.ndarray:
    """Count new years: large falls of the day of year; single outliers do not count."""
    valid = np.flatnonzero(np.isfinite(days))
    if valid.size < 2:
        return np.zeros(days.shape)
    smooth = days[valid].copy()
    smooth[1:-1] = np.median([smooth[:-2], smooth[1:-1], smooth[2:]], axis=0)
    counts = np.cumsum(np.diff(smooth, prepend=smooth[:1]) < -180)
    # Rows that were skipped have the year of the row before.
    before = np.searchsorted(valid, np.arange(days.size), side="right") - 1
    return np.where(before >= 0, counts[before], 0)
