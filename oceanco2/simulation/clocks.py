"""Date and time columns in every form that a platform file can describe."""

from datetime import UTC

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.platforms import FileDefinition, Time

_MS_PER_DAY = 86400e3


def time_columns(
    definition: FileDefinition, times: np.ndarray, where: str
) -> dict[str, np.ndarray]:
    """Format times as in the file."""
    spec = definition.time
    if spec is None:
        raise OptionError(f"{where} lacks 'time', which describes date and time")
    times = times - np.timedelta64(round(spec.offset_seconds * 1000), "ms")
    if spec.columns:
        return _split_format(spec, times)
    if spec.seconds:
        since = np.datetime64(spec.since.astimezone(UTC).replace(tzinfo=None), "ms")
        seconds = (times - since) / np.timedelta64(1, "s")
        return {spec.seconds: np.array([f"{v:.3f}" for v in seconds], dtype=object)}
    if spec.date:
        columns = {spec.date: format_times(times, _first_format(spec.date_format))}
    elif spec.month:
        columns = _year_column(spec, times) | {spec.month: format_times(times, "%m")}
        columns[str(spec.day)] = _format_days(
            spec, times, format_times(times, "%d").astype(float)
        )
    else:
        year = times.astype("datetime64[Y]").astype("datetime64[D]")
        days = (times.astype("datetime64[D]") - year).astype(float) + spec.january_first
        columns = _year_column(spec, times) | {
            str(spec.day_of_year): _format_days(spec, times, days)
        }
    return columns | _time_of_day(spec, times)


def format_times(times: np.ndarray, time_format: str) -> np.ndarray:
    """Format times with strftime.

    Examples
    --------
    >>> format_times(np.array(["2024-03-01T06:00"], "datetime64[s]"), "%d.%m.%y %H:%M")
    array(['01.03.24 06:00'], dtype=object)
    """
    instants = times.astype("datetime64[us]").astype(object)
    return np.array([m.strftime(time_format) for m in instants], dtype=object)


def _first_format(formats: str | list[str] | None) -> str:
    return formats if isinstance(formats, str) else (formats or [""])[0]


def _split_format(spec: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    """Split a format over its columns; the first gets the remainder."""
    columns = spec.columns or []
    parts = _first_format(spec.format).split(" ")
    first_size = len(parts) - len(columns) + 1
    if first_size < 1:
        raise OptionError(
            f"the simulator cannot write {_first_format(spec.format)!r} in"
            f" {len(columns)} columns: the format needs a blank between them"
        )
    parts = [" ".join(parts[:first_size]), *parts[first_size:]]
    return {c: format_times(times, p) for c, p in zip(columns, parts, strict=True)}


def _year_column(spec: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    return {spec.year: format_times(times, "%Y")} if isinstance(spec.year, str) else {}


def _day_fraction(times: np.ndarray) -> np.ndarray:
    """Fraction of the day."""
    ms = (times - times.astype("datetime64[D]")).astype("timedelta64[ms]")
    return ms.astype(float) / _MS_PER_DAY


def _format_days(spec: Time, times: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Format days, with fraction if no other column has the time."""
    if spec.time or spec.hour or spec.day_fraction:
        return np.array([f"{v:.0f}" for v in days], dtype=object)
    return np.array([f"{v:.10f}" for v in days + _day_fraction(times)], dtype=object)


def _time_of_day(spec: Time, times: np.ndarray) -> dict[str, np.ndarray]:
    if spec.day_fraction:
        return {spec.day_fraction: _fixed_decimals(_day_fraction(times))}
    if spec.time:
        return {spec.time: format_times(times, _first_format(spec.time_format))}
    columns: dict[str, np.ndarray] = {}
    rest, parts = (
        _day_fraction(times),
        ((spec.hour, 24), (spec.minute, 60), (spec.second, 60)),
    )
    present = [(column, size) for column, size in parts if column]
    for number, (column, size) in enumerate(present):
        # Rounded to milliseconds first, or 59.9999 minutes would lose a minute.
        rest = np.round(rest * size, 9)
        integer = np.floor(rest)
        last = number == len(present) - 1
        columns[str(column)] = (
            _fixed_decimals(rest) if last else _fixed_decimals(integer, 0)
        )
        rest = rest - integer
    return columns


def _fixed_decimals(values: np.ndarray, digits: int = 9) -> np.ndarray:
    return np.array([f"{v:.{digits}f}" for v in values], dtype=object)
