"""Date and time columns, written in every way that a platform file can describe."""

from datetime import UTC

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.platforms import FileDefinition, Time

_MS_A_DAY = 86400e3


def time_columns(
    definition: FileDefinition, times: np.ndarray, where: str
) -> dict[str, np.ndarray]:
    """Write times as a file has them."""
    way = definition.time
    if way is None:
        raise OptionError(f"{where} lacks 'time': where are date and time?")
    times = times - np.timedelta64(round(way.offset_seconds * 1000), "ms")
    if way.columns:
        return _formatted(way, times)
    if way.seconds:
        since = np.datetime64(way.since.astimezone(UTC).replace(tzinfo=None), "ms")
        passed = (times - since) / np.timedelta64(1, "s")
        return {way.seconds: np.array([f"{v:.3f}" for v in passed], dtype=object)}
    if way.date:
        found = {way.date: clock(times, _first(way.date_format))}
    elif way.month:
        found = _years(way, times) | {way.month: clock(times, "%m")}
        found[str(way.day)] = _counted(way, times, clock(times, "%d").astype(float))
    else:
        year = times.astype("datetime64[Y]").astype("datetime64[D]")
        days = (times.astype("datetime64[D]") - year).astype(float) + way.january_first
        found = _years(way, times) | {str(way.day_of_year): _counted(way, times, days)}
    return found | _time_of_day(way, times)


def clock(times: np.ndarray, way: str) -> np.ndarray:
    """Write times with a format.

    Examples
    --------
    >>> clock(np.array(["2024-03-01T06:00"], "datetime64[s]"), "%d.%m.%y %H:%M")
    array(['01.03.24 06:00'], dtype=object)
    """
    moments = times.astype("datetime64[us]").astype(object)
    return np.array([m.strftime(way) for m in moments], dtype=object)


def _first(said: str | list[str] | None) -> str:
    return said if isinstance(said, str) else (said or [""])[0]


def _formatted(way: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    """Split a format among its columns; the first takes what is left over."""
    columns = way.columns or []
    pieces = _first(way.format).split(" ")
    own = len(pieces) - len(columns) + 1
    if own < 1:
        raise OptionError(
            f"the simulator cannot write {_first(way.format)!r} in {len(columns)}"
            " columns: blanks of the format part the columns"
        )
    pieces = [" ".join(pieces[:own]), *pieces[own:]]
    return {c: clock(times, p) for c, p in zip(columns, pieces, strict=True)}


def _years(way: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    return {way.year: clock(times, "%Y")} if isinstance(way.year, str) else {}


def _passed(times: np.ndarray) -> np.ndarray:
    """Share of the day that has passed."""
    ms = (times - times.astype("datetime64[D]")).astype("timedelta64[ms]")
    return ms.astype(float) / _MS_A_DAY


def _counted(way: Time, times: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Days, with their fraction where no other column has the time."""
    if way.time or way.hour or way.day_fraction:
        return np.array([f"{v:.0f}" for v in days], dtype=object)
    return np.array([f"{v:.10f}" for v in days + _passed(times)], dtype=object)


def _time_of_day(way: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    if way.day_fraction:
        return {way.day_fraction: _decimals(_passed(times))}
    if way.time:
        return {way.time: clock(times, _first(way.time_format))}
    found: dict[str, np.ndarray] = {}
    left, parts = _passed(times), ((way.hour, 24), (way.minute, 60), (way.second, 60))
    named = [(column, size) for column, size in parts if column]
    for number, (column, size) in enumerate(named):
        # Whole milliseconds decide, or 59.9999 minutes would be a minute less.
        left = np.round(left * size, 9)
        whole = np.floor(left)
        last = number == len(named) - 1
        found[str(column)] = _decimals(left) if last else _decimals(whole, 0)
        left = left - whole
    return found


def _decimals(values: np.ndarray, digits: int = 9) -> np.ndarray:
    return np.array([f"{v:.{digits}f}" for v in values], dtype=object)
