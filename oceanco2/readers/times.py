"""Texts into times: every way a platform file can describe."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError
from oceanco2.platforms import Time
from oceanco2.readers.numbers import to_numbers

Column = Callable[[str], np.ndarray]
_MS = "datetime64[ms]"
_DIGITS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2, "%j": 3}


def read_times(way: Time, column: Column, where: str) -> np.ndarray:
    """Read the times of a table.

    Parameters
    ----------
    way : Time
        How date and time are written.
    column : callable
        Column name to texts.
    where : str
        Key of the platform file, for messages.

    Returns
    -------
    ndarray of datetime64[ns]
        UTC; NaT where a time cannot be read.

    Raises
    ------
    ReadError
        If no time at all can be read.
    """
    if way.columns:
        texts = joined([column(name) for name in way.columns])
        times = parse(texts, formats(way.format))
    elif way.date:
        texts = column(way.date)
        times = parse(texts, formats(way.date_format)) + _time_of_day(way, column)
    elif way.month:
        texts = column(way.month)
        times = _from_parts(way, column)
    elif way.day_of_year:
        texts = column(way.day_of_year)
        times = _from_day_of_year(way, column)
    else:
        texts = column(str(way.seconds))
        since = np.datetime64(way.since.replace(tzinfo=None), "ms")
        times = since + milliseconds(to_numbers(texts)[0] * 1000.0)
    times = times + np.timedelta64(round(way.offset_seconds * 1000), "ms")
    if times.size and np.isnat(times).all():
        raise ReadError(f"{where}: no time can be read, the first says {texts[0]!r}")
    return times.astype("datetime64[ns]")


def formats(said: str | list[str] | None) -> list[str]:
    """Return the formats as a list.

    Parameters
    ----------
    said : str, list of str or None
        From the platform file.

    Returns
    -------
    list of str
        Formats to try in turn.
    """
    return [said] if isinstance(said, str) else list(said or [])


def joined(columns: list[np.ndarray]) -> np.ndarray:
    """Join texts with a blank.

    Parameters
    ----------
    columns : list of ndarray of object
        Texts.

    Returns
    -------
    ndarray of object
        One text a row.
    """
    texts = columns[0]
    for more in columns[1:]:
        texts = texts + " " + more
    return texts


def milliseconds(values: np.ndarray) -> np.ndarray:
    """Round numbers to whole milliseconds.

    Parameters
    ----------
    values : ndarray of float
        Milliseconds.

    Returns
    -------
    ndarray of timedelta64[ms]
        NaT for NaN.
    """
    out = np.full(values.shape, np.timedelta64("NaT", "ms"))
    fine = np.isfinite(values) & (np.abs(values) < 1e16)
    out[fine] = np.rint(values[fine]).astype("int64").astype("timedelta64[ms]")
    return out


def parse(texts: np.ndarray, ways: list[str]) -> np.ndarray:
    """Read texts with the first format that fits all of them, else the best.

    Parameters
    ----------
    texts : ndarray of object
        Dates, times or both.
    ways : list of str
        strptime formats.

    Returns
    -------
    ndarray of datetime64[ms]
        NaT where a text does not fit.
    """
    best = np.full(texts.shape, np.datetime64("NaT", "ms"))
    for way in ways:
        times = _parse_one(texts, way)
        if np.isnat(times).sum() < np.isnat(best).sum():
            best = times
        if not np.isnat(best).any():
            break
    return best


def _parse_one(texts: np.ndarray, way: str) -> np.ndarray:
    width = _width(way)
    if width:
        texts = np.array([_padded(t, width) for t in texts], dtype=object)
    times = _strptime(texts, way)
    for repair in (_with_fraction, _carried):
        bad = np.flatnonzero(np.isnat(times) & (texts != ""))
        if bad.size:
            times[bad] = repair(texts[bad], way)
    if "%y" in way:
        ahead = times > np.datetime64(datetime.now(tz=UTC).replace(tzinfo=None), "ms")
        times[ahead] -= np.timedelta64(36525, "D")
    return times


def _strptime(texts: np.ndarray, way: str) -> np.ndarray:
    moments = pd.to_datetime(pd.Series(texts), format=way, errors="coerce", utc=True)
    return moments.dt.tz_localize(None).to_numpy().astype(_MS)


def _width(way: str) -> int:
    """Digits of a format without separators; 0 if it has some."""
    parts = re.findall(r"%.", way)
    if "".join(parts) != way or not all(p in _DIGITS for p in parts):
        return 0
    return sum(_DIGITS[p] for p in parts)


def _padded(text: str, width: int) -> str:
    whole = text.partition(".")[0]
    return whole.zfill(width) if whole.isdigit() else text


def _with_fraction(texts: np.ndarray, way: str) -> np.ndarray:
    if "%S" not in way or "%f" in way:
        return np.full(texts.shape, np.datetime64("NaT", "ms"))
    return _strptime(texts, way.replace("%S", "%S.%f"))


def _carried(texts: np.ndarray, way: str) -> np.ndarray:
    """Read 24:00:00 and second 60, which some clocks print."""
    out = np.full(texts.shape, np.datetime64("NaT", "ms"))
    if not {"%H", "%M"} <= set(re.findall(r"%.", way)):
        return out
    for i, text in enumerate(texts):
        later = np.timedelta64(0, "ms")
        fixed = re.sub(r"\b24(?=:?0?0)", "00", text, count=1)
        if fixed != text:
            later += np.timedelta64(1, "D")
        short = re.sub(r":60(?:\.0*)?(?!\d)", ":59", fixed)
        if short != fixed:
            later += np.timedelta64(1, "s")
        if later:
            out[i] = _strptime(np.array([short], dtype=object), way)[0] + later
    return out


def _time_of_day(way: Time, column: Column) -> np.ndarray:
    if way.day_fraction:
        return milliseconds(to_numbers(column(way.day_fraction))[0] * 86400e3)
    if way.time:
        times = parse(column(way.time), formats(way.time_format))
        return _since_midnight(times)
    return _clock(way, column)


def _since_midnight(times: np.ndarray) -> np.ndarray:
    """Time of day, keeping a day that 24:00 carried over (1900-01-01 is day 0)."""
    day = times.astype("datetime64[D]")
    usual = day[~np.isnat(day)]
    first = usual.min() if usual.size else np.datetime64("1900-01-01")
    return times - first.astype(_MS)


def _clock(way: Time, column: Column) -> np.ndarray:
    total: np.ndarray | float = 0.0
    for name, scale in ((way.hour, 3600e3), (way.minute, 60e3), (way.second, 1e3)):
        if name:
            total = total + to_numbers(column(name))[0] * scale
    return milliseconds(np.asarray(total, dtype=float))


def _years(way: Time, column: Column, like: np.ndarray) -> np.ndarray:
    if isinstance(way.year, int):
        return np.full(like.shape, float(way.year))
    years = to_numbers(column(str(way.year)))[0]
    short = years < 100
    if short.any():
        this = datetime.now(tz=UTC).year
        years = np.where(short, years + this // 100 * 100, years)
        years = np.where(short & (years > this), years - 100, years)
    return years


def _midnight(years: np.ndarray, months: np.ndarray, days: np.ndarray) -> np.ndarray:
    out = np.full(years.shape, np.datetime64("NaT", "D"))
    fine = (years >= 1700) & (years < 2300) & (months >= 1) & (months <= 12)
    fine &= (days >= 1) & (days <= 31)
    month = (years[fine] - 1970).astype(int) * 12 + months[fine].astype(int) - 1
    first = month.astype("datetime64[M]")
    moments = first.astype("datetime64[D]") + (days[fine].astype(int) - 1)
    moments[moments.astype("datetime64[M]") != first] = np.datetime64("NaT")
    out[fine] = moments
    return out.astype(_MS)


def _from_parts(way: Time, column: Column) -> np.ndarray:
    months = to_numbers(column(str(way.month)))[0]
    days = to_numbers(column(str(way.day)))[0]
    fraction = np.nan_to_num(np.mod(days, 1.0)) * 86400e3
    midnight = _midnight(_years(way, column, months), months, np.floor(days))
    if way.time:
        return midnight + _time_of_day(way, column)
    clock = _clock(way, column) if way.hour else np.timedelta64(0, "ms")
    return midnight + clock + milliseconds(fraction)


def _from_day_of_year(way: Time, column: Column) -> np.ndarray:
    days = to_numbers(column(str(way.day_of_year)))[0]
    years = _years(way, column, days)
    if isinstance(way.year, int):
        # A new year begins where the day falls back by months.
        steps = np.diff(days, prepend=days[:1])
        years = years + np.cumsum(np.nan_to_num(steps) < -180)
    one = np.ones_like(days)
    start = _midnight(years, one, one)
    times = start + milliseconds((days - way.january_first) * 86400e3)
    return times + _clock(way, column) if way.hour else times


def day_first(texts: np.ndarray) -> tuple[bool, str]:
    """Decide whether dates say the day or the month first, from all of them.

    Parameters
    ----------
    texts : ndarray of object
        Dates such as ``06.07.2019`` or ``7/31/19``.

    Returns
    -------
    first : bool
        True for the day. Where no number above 12 decides, the order that makes the
        days lie closer together; the day if neither does.
    note : str
        What was assumed, empty where the dates decide.

    Raises
    ------
    ReadError
        If some dates allow only one order and some only the other.

    Examples
    --------
    >>> import numpy as np
    >>> day_first(np.array(["06/30/19", "07/01/19"], dtype=object))
    (False, '')
    """
    split = [re.split(r"\D+", t) for t in dict.fromkeys(texts) if t]
    dates = [tuple(map(int, n)) for n in split if len(n) == 3 and all(n)]
    day, month = any(d[0] > 12 for d in dates), any(d[1] > 12 for d in dates)
    if day and month:
        raise ReadError("dates contradict each other: day and month both above 12")
    if day or month or not dates:
        return day or not month, ""
    spans = [
        np.ptp([372 * year + 31 * m + d for d, m, year in order])
        for order in (dates, [(b, a, year) for a, b, year in dates])
    ]
    first = bool(spans[0] <= spans[1])
    word = "day" if first else "month"
    return first, f"no date tells day from month: {word} first assumed"
