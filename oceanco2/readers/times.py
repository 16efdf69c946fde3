"""Times from columns, in every form that a platform file can describe."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
import pandas as pd

from oceanco2.dates import (
    DAY_MS,
    DAY_SECONDS,
    EPOCH,
    YEAR_DAYS,
    days_of_dates,
    days_since_1970,
)
from oceanco2.errors import OptionError, ReadError
from oceanco2.platforms import FileDefinition, Time
from oceanco2.readers.numbers import nearest_clock, printed_step

MS = "datetime64[ms]"
_NAT = np.datetime64("NaT", "ms")
_DIGITS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2, "%j": 3}


#: Clocks of one log may differ by this much: none is set to another zone [s].
_SAME_CLOCK = 300.0
#: So many rows tell whether a clock is off.
_FEWEST = 3
#: Most differences of a clock of another zone are within this [s]; the time of
#: the last fix of a buoy differs from row to row instead.
_STEADY = 60.0


class ClockNote(str):
    """How another clock of a log differs from the one that is used.

    ``is_far_off``: by more than five minutes in more than a tenth of the rows, and by
    about the same there: it was set to another zone, perhaps during the cruise.
    """

    __slots__ = ("is_far_off",)
    is_far_off: bool

    @classmethod
    def of(cls, name: str, difference: np.ndarray) -> "ClockNote":
        """Describe the differences of a clock [s], without NaN."""
        low, middle, high = np.percentile(difference, [0, 50, 100])
        note = cls(
            f"clock of {name!r} minus the one used: median {middle:.0f} s,"
            f" from {low:.0f} to {high:.0f} s"
        )
        far = difference[np.abs(difference) > _SAME_CLOCK]
        is_constant = far.size and np.ptp(np.percentile(far, [10, 90])) < _STEADY
        is_often = far.size >= _FEWEST and far.size > 0.1 * difference.size
        note.is_far_off = bool(is_constant and is_often)
        return note


def parse(texts: np.ndarray, formats: Iterable[str]) -> np.ndarray:
    """Read texts with the first format that fits all of them, else the best.

    Parameters
    ----------
    texts : ndarray of object
        Dates, times or both.
    formats : iterable of str
        Formats of strptime.

    Returns
    -------
    ndarray of datetime64[ms]
        NaT where a text does not match. Two-digit years are in the latest century
        that is not in the future.
    """
    best = np.full(texts.shape, _NAT)
    for time_format in formats:
        times = _parse_format(texts, time_format)
        if np.isnat(times).sum() < np.isnat(best).sum():
            best = times
        if not np.isnat(best).any():
            break
    return best


def parse_each(texts: np.ndarray, formats: Iterable[str]) -> np.ndarray:
    """Read every text with the first format that fits it."""
    times = np.full(texts.shape, _NAT)
    for time_format in formats:
        rest = np.isnat(times)
        if rest.any():
            times[rest] = _parse_format(texts[rest], time_format)
    return times


def parse_files(
    texts: np.ndarray,
    formats: list[str],
    files: np.ndarray,
    locate: Callable[[int], str],
) -> np.ndarray:
    """Read texts with the formats that fit their file.

    Cell by cell only where exactly one format fits the cell: where two fit with
    different results, as 03/04/2024 does, the other cells of the file decide.
    """
    if len(formats) == 1:
        return _parse_format(texts, formats[0])
    times = np.full(texts.shape, _NAT)
    for rows in np.split(np.arange(texts.size), np.flatnonzero(np.diff(files)) + 1):
        times[rows] = _parse_file(texts[rows], formats, locate, rows)
    return times


_SAMPLE = 50


def _parse_file(
    texts: np.ndarray, formats: list[str], locate: Callable[[int], str], at: np.ndarray
) -> np.ndarray:
    """Read the texts of one file; raise if its cells do not decide the format."""
    sample = texts[:: max(1, texts.size // _SAMPLE)]
    readings: list[tuple[str, np.ndarray]] = []
    complete = False
    for time_format in formats:
        if complete and np.isnat(_parse_format(sample, time_format)).any():
            continue  # another format fits all cells, this one does not
        times = _parse_format(texts, time_format)
        complete = complete or not np.isnat(times).any()
        readings.append((time_format, times))
    readings.sort(key=lambda reading: int(np.isnat(reading[1]).sum()))
    (first_format, first), *others = readings
    out = first.copy()
    for other_format, other in others:
        differ = (first != other) & ~np.isnat(first) & ~np.isnat(other)
        only_first = np.flatnonzero(np.isnat(other) & ~np.isnat(first))
        only_other = np.flatnonzero(np.isnat(first) & ~np.isnat(other))
        if not differ.any():
            new = only_other[np.isnat(out[only_other])]
            out[new] = other[new]
        elif not only_first.size:
            row = int(np.argmax(differ))
            raise ReadError(
                f"{locate(at[row])}: {texts[row]!r} fits {first_format!r}"
                f" ({_date_of(first[row])}) and {other_format!r}"
                f" ({_date_of(other[row])}), as do all rows of the file: leave only"
                " the right format"
            )
        elif not _is_few(only_other.size, only_first.size):
            one, two = only_first[0], only_other[0]
            raise ReadError(
                f"{locate(at[one])}: {texts[one]!r} fits only {first_format!r}, but"
                f" {locate(at[two])}: {texts[two]!r} fits only {other_format!r}"
            )
    return out


def _date_of(time: np.datetime64) -> str:
    return str(time.astype("datetime64[m]")).replace("T", " ")


def _is_few(count: int, others: int) -> bool:
    """Whether so few cells are damaged rather than of another format."""
    return count <= max(2.0, _FEW_ROWS * others) and count * 10 < max(others, 1)


def exchanged(time_format: str) -> str:
    """Exchange day and month of a format.

    Examples
    --------
    >>> exchanged("%d/%m/%Y %H:%M")
    '%m/%d/%Y %H:%M'
    """
    codes = {"%d": "%m", "%m": "%d"}
    return re.sub("%[dm]", lambda match: codes[match[0]], time_format)


def check_day_and_month(
    texts: np.ndarray,
    formats: list[str],
    times: np.ndarray,
    files: np.ndarray,
    locate: Callable[[int], str],
) -> None:
    """Raise ReadError if many rows of a file fit with day and month exchanged only."""
    others = [exchanged(f) for f in formats if {"%d", "%m"} <= {*_CODE.findall(f)}]
    lost = np.flatnonzero(np.isnat(times))
    if not others or not lost.size:
        return
    unique, which = np.unique(texts[lost].astype(str), return_inverse=True)
    read = ~np.isnat(parse_each(unique.astype(object), others))
    lost = lost[read[which]]
    parts = [
        (files == file, lost[files[lost] == file]) for file in np.unique(files[lost])
    ]
    for of_file, rows in [(files >= 0, lost), *parts]:
        total = int(of_file.sum())
        if _are_many(rows.size, total):
            raise ReadError(
                f"{locate(rows[0])}: {texts[rows[0]]!r} cannot be read with"
                f" {' or '.join(map(repr, formats))}; it can with day and month"
                f" exchanged, {others[0]!r}, as can {rows.size} of {total} rows"
            )


def _are_many(count: int, total: int) -> bool:
    return count > max(1.0, _MANY_ROWS * total)


_CODE = re.compile("%.")
_MANY_ROWS = 0.1  # with this fraction of rows lost, the order of dates is wrong


def milliseconds(values: np.ndarray) -> np.ndarray:
    """Round numbers to whole milliseconds."""
    out = np.full(values.shape, np.timedelta64("NaT", "ms"))
    valid = np.isfinite(values) & (np.abs(values) < 3.2e13)
    out[valid] = np.rint(values[valid]).astype("int64").astype("timedelta64[ms]")
    return out


def _parse_format(texts: np.ndarray, time_format: str) -> np.ndarray:
    widths = [digit_count(part) for part in time_format.split()]
    if any(widths):
        texts = np.array([_pad_parts(t, widths) for t in texts], dtype=object)
    times = _strptime(texts, time_format)
    for repair in (_parse_fraction, _parse_overflow):
        bad = np.flatnonzero(np.isnat(times) & (texts != ""))
        if bad.size:
            times[bad] = repair(texts[bad], time_format)
    if "%y" in time_format:
        # A clock may be a little ahead of ours.
        now = np.datetime64(datetime.now(tz=UTC).replace(tzinfo=None), "ms")
        ahead = times > now + np.timedelta64(2, "D")
        times[ahead] -= np.timedelta64(36525, "D")
    return times


def _strptime(texts: np.ndarray, time_format: str) -> np.ndarray:
    try:
        moments = pd.to_datetime(
            pd.Series(texts, dtype=object),
            format=time_format,
            errors="coerce",
            utc=True,
        )
    except ValueError as error:
        raise ReadError(f"invalid time format {time_format!r}: {error}") from None
    exact = moments.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return (exact + np.timedelta64(500, "us")).astype(MS)


def digit_count(time_format: str) -> int:
    """Count the digits of a format without separators; 0 if it has separators."""
    parts = re.findall(r"%.", time_format)
    if "".join(parts) != time_format or not all(p in _DIGITS for p in parts):
        return 0
    return sum(_DIGITS[p] for p in parts)


def _pad_parts(text: str, widths: list[int]) -> str:
    """Restore leading zeros of each part of a text with blanks."""
    parts = text.split()
    if len(parts) != len(widths):
        return text
    pairs = zip(parts, widths, strict=True)
    return " ".join(_pad_zeros(part, width) if width else part for part, width in pairs)


def _pad_zeros(text: str, width: int) -> str:
    """Restore leading zeros that a spreadsheet removed, and drop its ``.0``."""
    digits, _, fraction = text.partition(".")
    if not digits.isdigit() or len(digits) > width:
        return text
    digits = digits.zfill(width)
    return f"{digits}.{fraction}" if fraction.strip("0") else digits


def _parse_fraction(texts: np.ndarray, time_format: str) -> np.ndarray:
    if "%S" not in time_format or "%f" in time_format:
        return np.full(texts.shape, _NAT)
    return _strptime(texts, time_format.replace("%S", "%S.%f"))


def _parse_overflow(texts: np.ndarray, time_format: str) -> np.ndarray:
    """Read 24:00:00 and second 60, which some clocks print."""
    out = np.full(texts.shape, _NAT)
    if not {"%H", "%M"} <= set(re.findall(r"%.", time_format)):
        return out
    pairs = [_normalise_overflow(text) for text in texts]
    added = np.array([extra for _, extra in pairs], dtype="timedelta64[s]")
    changed = np.flatnonzero(added > np.timedelta64(0, "s"))
    if changed.size:
        normalised = np.array([pairs[i][0] for i in changed], dtype=object)
        out[changed] = _strptime(normalised, time_format) + added[changed]
    return out


def _normalise_overflow(text: str) -> tuple[str, int]:
    """Replace hour 24 and second 60; return the text and the seconds to add."""
    fixed = re.sub(r"(?<![\d.:-])24(?=:?00)(?![\d:]*[1-9])", "00", text, count=1)
    seconds = int(DAY_SECONDS) if fixed != text else 0
    short = re.sub(r"(?<=:\d\d:)60(?:\.0*)?(?![\d:])", "59", fixed, count=1)
    if short == fixed:
        short = re.sub(r"(?<!\d)(\d{4})60(?![\d:/.-])", r"\g<1>59", fixed, count=1)
    return short, seconds + (short != fixed)


_FEW_ROWS = 0.001  # this fraction of the rows may be corrupt


def day_first(texts: np.ndarray) -> tuple[bool, str]:
    """Decide from all dates whether the day or the month comes first.

    Examples
    --------
    >>> import numpy as np
    >>> day_first(np.array(["06/30/19", "07/01/19"], dtype=object))
    (False, '')
    """
    counts = Counter(texts.tolist())
    dates = {text: date for text in counts if (date := _date_numbers(text)) is not None}
    day = [t for t, d in dates.items() if 12 < d[0] <= 31 and 1 <= d[1] <= 12]
    month = [t for t, d in dates.items() if 12 < d[1] <= 31 and 1 <= d[0] <= 12]
    either = [d for d in dates.values() if 1 <= d[0] <= 12 and 1 <= d[1] <= 12]
    likely = _closer_order(either)
    # Rows in favour of each order; a few against many others are corrupt.
    few = max(2.0, _FEW_ROWS * texts.size)
    for_day, for_month = (sum(counts[t] for t in x) for x in (day, month))
    if for_day <= few and (for_month > 10 * few or (likely is False and not for_month)):
        day = []
    if for_month <= few and (for_day > 10 * few or (likely is True and not for_day)):
        month = []
    if day and month:
        raise ReadError(
            f"dates are inconsistent: {day[0]!r} has the day first,"
            f" {month[0]!r} the month"
        )
    if day or month or not either:
        return bool(day) or not month, ""
    first = likely is not False
    order = "day" if first else "month"
    return first, f"order of day and month is ambiguous: {order} first assumed"


def _date_numbers(text: str) -> tuple[int, int, int] | None:
    if not re.fullmatch(r"\d{1,4}/\d{1,2}/\d{1,4}", text, re.ASCII):
        return None
    one, two, three = map(int, text.split("/"))
    return one, two, three


def _closer_order(dates: list[tuple[int, int, int]]) -> bool | None:
    """Whether the dates span fewer days with the day first; None for a tie."""
    if not dates:
        return None
    numbers = np.array(dates)
    day, month = (
        np.ptp(372 * numbers[:, 2] + 31 * numbers[:, m] + numbers[:, d])
        for d, m in ((0, 1), (1, 0))
    )
    return None if day == month else bool(day < month)


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

    def file_index(self) -> np.ndarray:
        """Return the index of the file of each row."""


def read_times(definition: FileDefinition, rows: Cells, where: str) -> np.ndarray:
    """Read the times of a stream as described in its ``time`` table."""
    spec = definition.time
    if spec is None:
        raise ReadError(f"{where} lacks 'time', which describes date and time")
    try:
        times = _times_as_described(spec, rows)
    except ReadError as error:
        # A missing column is named with its table already.
        at = "" if where in str(error) else f" ({where})"
        raise ReadError(f"{error}{at}") from None
    times = times + np.timedelta64(round(spec.offset_seconds * 1000), "ms")
    return check_times(times, where, "'time'", shown_columns(spec), rows)


def _times_as_described(spec: Time, rows: Cells) -> np.ndarray:
    """Read times in the form that the platform file describes."""
    if spec.columns:
        times = _parse_rows(spec.columns, as_list(spec.format), rows)
    elif spec.date:
        days = _parse_rows([spec.date], as_list(spec.date_format), rows)
        times = _midnight_of(days) + _time_of_day(spec, rows)
    elif spec.month:
        times = _from_date_parts(spec, rows)
    elif spec.day_of_year:
        times = _from_day_of_year(spec, rows)
    else:
        times = EPOCH + milliseconds(_seconds_since_1970(spec, rows) * 1000.0)
    return times


def _parse_rows(columns: list[str], formats: list[str], rows: Cells) -> np.ndarray:
    """Read columns of text with the formats that fit each file."""
    texts = join_texts([rows.texts(name, required=True) for name in columns])
    files = rows.file_index()
    times = parse_files(texts, formats, files, rows.locate)
    check_day_and_month(texts, formats, times, files, rows.locate)
    return times


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
    columns += [spec.second, spec.day_of_year, spec.seconds, spec.days]
    columns += [spec.decimal_year]
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


def _seconds_since_1970(spec: Time, rows: Cells) -> np.ndarray:
    """Seconds from counts of seconds or days, or from decimal years."""
    if spec.decimal_year:
        numbers = _numbers_between(rows, spec.decimal_year, 1700, 2262)
        years = np.floor(numbers)
        start, end = (
            days_of_dates(y, *np.ones((2, y.size))) for y in (years, years + 1)
        )
        days = start + (numbers - years) * (end - start)
        return nearest_clock(days * DAY_SECONDS, printed_step(numbers) * YEAR_DAYS)
    origin = days_since_1970(spec.since)
    if spec.days:
        numbers = _numbers_between(rows, spec.days)
        return nearest_clock((numbers + origin) * DAY_SECONDS, printed_step(numbers))
    seconds = _numbers_between(rows, str(spec.seconds))
    _check_seconds(spec, rows, seconds)
    return seconds + origin * DAY_SECONDS


#: Rows that are closer together, or all of January 1970, are counts of days [s].
_CLOSE, _JANUARY_1970 = 0.1, 1e6


def _check_seconds(spec: Time, rows: Cells, seconds: np.ndarray) -> None:
    """Raise ReadError if seconds can only be days."""
    unique = np.unique(seconds[np.isfinite(seconds)])
    steps = np.diff(unique)
    if steps.size < _FEW_STEPS:
        return
    close = np.median(steps) < _CLOSE
    is_1970 = "since" not in spec.model_fields_set
    if close or (is_1970 and unique[0] > 0 and unique[-1] < _JANUARY_1970):
        fault = f"rows are {np.median(steps):.2g} s apart" if close else "all in 1970"
        raise ReadError(
            f"{rows.locate(0)}: {fault} by the seconds {unique[0]:.10g} to"
            f" {unique[-1]:.10g} in column {spec.seconds!r}; for days write"
            f' days = "{spec.seconds}" with since = "excel", "matlab" or a date'
        )


_FEW_STEPS = 3


def _midnight_of(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[D]").astype(MS)


def _time_of_day(spec: Time, rows: Cells) -> np.ndarray:
    if spec.day_fraction:
        return milliseconds(_numbers_between(rows, spec.day_fraction, 0, 1) * DAY_MS)
    if spec.time:
        # A time without date falls on 1 January 1900; 24:00 on the day after.
        return _parse_rows([spec.time], as_list(spec.time_format), rows) - _DAY_0
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
    numbers = days_of_dates(years, months, days)
    valid = np.isfinite(numbers) & (years >= 1700) & (years < 2262)
    out = np.full(years.shape, np.datetime64("NaT", "D"))
    out[valid] = numbers[valid].astype(np.int64).astype("datetime64[D]")
    return out.astype(MS)


def _check_month_column(
    spec: Time, rows: Cells, months: np.ndarray, days: np.ndarray
) -> None:
    """Raise ReadError if the columns of day and month are exchanged."""
    days = np.floor(days)
    lost = (months > 12) & (months <= 31) & (days >= 1) & (days <= 12)
    count = int(lost.sum())
    if _are_many(count, lost.size):
        row = int(np.argmax(lost))
        raise ReadError(
            f"{rows.locate(row)}: month {months[row]:g} in column {spec.month!r}, day"
            f" {days[row]:g} in column {spec.day!r}: exchange the columns, {count} of"
            f" {lost.size} rows can only be read so"
        )


def _from_date_parts(spec: Time, rows: Cells) -> np.ndarray:
    months = _numbers_between(rows, str(spec.month))
    days = _numbers_between(rows, str(spec.day))
    _check_month_column(spec, rows, months, days)
    midnight = _midnight(_years(spec, rows, months), months, np.floor(days))
    if _has_time_of_day(spec):
        return midnight + _time_of_day(spec, rows)
    return midnight + milliseconds(np.mod(days, 1.0) * DAY_MS)


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
        full_days = milliseconds((np.floor(days) - first) * DAY_MS)
        return start + full_days + _time_of_day(spec, rows)
    return start + milliseconds((days - first) * DAY_MS)


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


#: Column of times that a reader computes.
TIMESTAMP = "seconds since 1970"


def clock_offset(definition: FileDefinition) -> np.timedelta64:
    """Return the offset of the clock (``options = { offset_seconds = ... }``)."""
    seconds = definition.options.get("offset_seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise OptionError(
            f"{definition.reader}: offset_seconds must be a number, not {seconds!r}"
        )
    return np.timedelta64(round(1000 * seconds), "ms")


def timestamp_times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Use the times of the reader, unless the platform file describes others."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    seconds = rows.numbers(TIMESTAMP, required=True)[0]
    times = EPOCH + milliseconds(seconds * 1000.0)
    return check_times(times, where, "the times of the file", [TIMESTAMP], rows), []


def timestamp_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    """List the columns that `timestamp_times` reads."""
    spec = definition.time
    return (text_columns(spec), number_columns(spec)) if spec else ([], [TIMESTAMP])


def row_numbers(
    definition: FileDefinition,  # noqa: ARG001  (as the times of every reader)
    rows: Cells,
    where: str,  # noqa: ARG001
) -> tuple[np.ndarray, list[str]]:
    """Count the rows, for tables whose times do not matter."""
    seconds = np.arange(rows.file_index().size).astype("timedelta64[s]")
    return (EPOCH + seconds).astype("datetime64[ns]"), []


def default_clock(
    spec: Time,
) -> tuple[
    Callable[[FileDefinition, Cells, str], tuple[np.ndarray, list[str]]],
    Callable[[FileDefinition], tuple[list[str], list[str]]],
]:
    """Functions `times` and `time_columns` of a format with one form of time."""

    def times(
        definition: FileDefinition, rows: Cells, where: str
    ) -> tuple[np.ndarray, list[str]]:
        completed = definition.model_copy(update={"time": definition.time or spec})
        return read_times(completed, rows, where), []

    def columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
        chosen = definition.time or spec
        return text_columns(chosen), number_columns(chosen)

    return times, columns
