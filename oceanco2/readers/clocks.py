"""Texts into moments: strptime formats, and what clocks print in spite of them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError

MS = "datetime64[ms]"
_NAT = np.datetime64("NaT", "ms")
_DIGITS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2, "%j": 3}


def parse(texts: np.ndarray, ways: Iterable[str]) -> np.ndarray:
    """Read texts with the first format that fits all of them, else the best.

    Parameters
    ----------
    texts : ndarray of object
        Dates, times or both.
    ways : iterable of str
        Formats as of strptime.

    Returns
    -------
    ndarray of datetime64[ms]
        NaT where a text does not fit. Years of two digits lie in the latest century
        that is not in the future.
    """
    best = np.full(texts.shape, _NAT)
    for way in ways:
        times = _parse_one(texts, way)
        if np.isnat(times).sum() < np.isnat(best).sum():
            best = times
        if not np.isnat(best).any():
            break
    return best


def parse_each(texts: np.ndarray, ways: Iterable[str]) -> np.ndarray:
    """Read every text with the first format that fits it."""
    times = np.full(texts.shape, _NAT)
    for way in ways:
        rest = np.isnat(times)
        if rest.any():
            times[rest] = _parse_one(texts[rest], way)
    return times


def milliseconds(values: np.ndarray) -> np.ndarray:
    """Round numbers to whole milliseconds."""
    out = np.full(values.shape, np.timedelta64("NaT", "ms"))
    fine = np.isfinite(values) & (np.abs(values) < 3.2e13)
    out[fine] = np.rint(values[fine]).astype("int64").astype("timedelta64[ms]")
    return out


def _parse_one(texts: np.ndarray, way: str) -> np.ndarray:
    widths = [_width(part) for part in way.split()]
    if any(widths):
        texts = np.array([_refilled(t, widths) for t in texts], dtype=object)
    times = _strptime(texts, way)
    for repair in (_with_fraction, _carried):
        bad = np.flatnonzero(np.isnat(times) & (texts != ""))
        if bad.size:
            times[bad] = repair(texts[bad], way)
    if "%y" in way:
        # A clock may be a little ahead of ours.
        now = np.datetime64(datetime.now(tz=UTC).replace(tzinfo=None), "ms")
        ahead = times > now + np.timedelta64(2, "D")
        times[ahead] -= np.timedelta64(36525, "D")
    return times


def _strptime(texts: np.ndarray, way: str) -> np.ndarray:
    try:
        moments = pd.to_datetime(
            pd.Series(texts, dtype=object), format=way, errors="coerce", utc=True
        )
    except ValueError as error:
        raise ReadError(f"time format {way!r} cannot be used: {error}") from None
    exact = moments.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return (exact + np.timedelta64(500, "us")).astype(MS)


def _width(way: str) -> int:
    """Digits of a format without separators; 0 if it has some."""
    parts = re.findall(r"%.", way)
    if "".join(parts) != way or not all(p in _DIGITS for p in parts):
        return 0
    return sum(_DIGITS[p] for p in parts)


def _refilled(text: str, widths: list[int]) -> str:
    """Give back leading zeros to each part of a text that has blanks between."""
    parts = text.split()
    if len(parts) != len(widths):
        return text
    pairs = zip(parts, widths, strict=True)
    return " ".join(_padded(part, width) if width else part for part, width in pairs)


def _padded(text: str, width: int) -> str:
    """Give back leading zeros that a spreadsheet took, and drop its ``.0``."""
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or len(whole) > width:
        return text
    whole = whole.zfill(width)
    return f"{whole}.{fraction}" if fraction.strip("0") else whole


def _with_fraction(texts: np.ndarray, way: str) -> np.ndarray:
    if "%S" not in way or "%f" in way:
        return np.full(texts.shape, _NAT)
    return _strptime(texts, way.replace("%S", "%S.%f"))


def _carried(texts: np.ndarray, way: str) -> np.ndarray:
    """Read 24:00:00 and second 60, which some clocks print."""
    out = np.full(texts.shape, _NAT)
    if not {"%H", "%M"} <= set(re.findall(r"%.", way)):
        return out
    fixed = [_uncarried(text) for text in texts]
    later = np.array([extra for _, extra in fixed], dtype="timedelta64[s]")
    mended = np.flatnonzero(later > np.timedelta64(0, "s"))
    if mended.size:
        plain = np.array([fixed[i][0] for i in mended], dtype=object)
        out[mended] = _strptime(plain, way) + later[mended]
    return out


def _uncarried(text: str) -> tuple[str, int]:
    """Return a text that every parser reads, and the seconds to add to it."""
    fixed = re.sub(r"(?<![\d.:-])24(?=:?00)(?![\d:]*[1-9])", "00", text, count=1)
    seconds = 86400 if fixed != text else 0
    short = re.sub(r"(?<=:\d\d:)60(?:\.0*)?(?![\d:])", "59", fixed, count=1)
    if short == fixed:
        short = re.sub(r"(?<!\d)(\d{4})60(?![\d:/.-])", r"\g<1>59", fixed, count=1)
    return short, seconds + (short != fixed)
