"""Parse times: strptime formats, and the deviations that clocks print."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError

MS = "datetime64[ms]"
_NAT = np.datetime64("NaT", "ms")
_DIGITS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2, "%j": 3}


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


def milliseconds(values: np.ndarray) -> np.ndarray:
    """Round numbers to whole milliseconds."""
    out = np.full(values.shape, np.timedelta64("NaT", "ms"))
    valid = np.isfinite(values) & (np.abs(values) < 3.2e13)
    out[valid] = np.rint(values[valid]).astype("int64").astype("timedelta64[ms]")
    return out


def _parse_format(texts: np.ndarray, time_format: str) -> np.ndarray:
    widths = [_digit_count(part) for part in time_format.split()]
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


def _digit_count(time_format: str) -> int:
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
    seconds = 86400 if fixed != text else 0
    short = re.sub(r"(?<=:\d\d:)60(?:\.0*)?(?![\d:])", "59", fixed, count=1)
    if short == fixed:
        short = re.sub(r"(?<!\d)(\d{4})60(?![\d:/.-])", r"\g<1>59", fixed, count=1)
    return short, seconds + (short != fixed)
