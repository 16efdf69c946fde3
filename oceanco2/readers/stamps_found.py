"""Which columns of an unknown table are its time, and how they are written."""

import re
from itertools import product
from typing import Any

import numpy as np

from oceanco2.readers.clocks import parse
from oceanco2.readers.layout import Layout
from oceanco2.readers.times import joined_texts

DATES = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%d%m%Y", "%m%d%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y"),
)
CLOCKS = ("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M")
_PARTS = {
    "year": "(YR|YEAR|YYYY)",
    "month": "(MO?NTH|MON|MO|MNTH)",
    "day": "(DAY|DD)",
    "hour": "(HR|HOUR|HH)",
    "minute": "(MIN(UTE)?|MM)",
    "second": "(SEC(OND)?|SS)",
    "day_of_year": "(JD|JULIAN(DATE|DAY)|DOY|DAYOFYEAR|YD|JDGMT|YDUTC|YEARDAY)",
}


def plain(name: str) -> str:
    """Keep the letters and digits of a name.

    Examples
    --------
    >>> plain("DATE_UTC__ddmmyyyy")
    'DATEUTCDDMMYYYY'
    """
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def find_time(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find the time of a table."""
    for way in (_combined, _date_and_clock, _parts, _day_of_year):
        found, doubts = way(layout)
        if found:
            return found, doubts
    return {}, ["no column looks like a time"]


def _fitting(texts: np.ndarray, formats: tuple[str, ...]) -> list[str]:
    """Return formats that read every text, those first whose times only rise."""
    given = np.array([t for t in texts if t], dtype=object)
    if not given.size:
        return []
    out = []
    for way in formats:
        times = parse(given, [way])
        if np.isnat(times).any():
            continue
        falls = int((np.diff(times) < np.timedelta64(0, "s")).sum())
        span = float((times.max() - times.min()) / np.timedelta64(1, "D"))
        out.append((falls, span, way))
    return [way for _, _, way in sorted(out, key=lambda o: (o[0], o[1]))]


def _others(fits: list[str]) -> list[str]:
    same = [f for f in fits[1:] if sorted(f) == sorted(fits[0])]
    return [f"the time could be {f!r} as well" for f in same]


def _named(layout: Layout, pattern: str) -> list[int]:
    return [i for i, n in enumerate(layout.names) if re.fullmatch(pattern, plain(n))]


def _combined(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    pattern = "(DATETIME.*|TIME(STAMP)?(UTC)?|DATE(UTC)?|ISOTIME|DATETIMEUTC)"
    formats = tuple(
        f"{d}{sep}{c}" for d, c, sep in product(DATES, CLOCKS[:2], (" ", "T"))
    )
    # SOCAT's neighbours write a zone behind it.
    formats += ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")
    for position in _named(layout, pattern):
        fits = _fitting(layout.columns[position], formats)
        if fits:
            name = layout.names[position]
            return {"columns": [name], "format": fits[0]}, _others(fits)
    return {}, []


def _date_and_clock(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    for date in _named(layout, "DATE.*|.*DATE"):
        texts = layout.columns[date]
        fits = _fitting(texts, DATES)
        if not fits:
            continue
        hint = plain(layout.names[date] + layout.unit(date))
        hinted = [f for f in fits if _spelled(f) in hint]
        fits = hinted + [f for f in fits if f not in hinted]
        doubts = [] if hinted else _others(fits)
        found: dict[str, Any] = {"date": layout.names[date], "date_format": fits[0]}
        for clock in _named(layout, "(TIME|HTU|HEURE|CLOCK).*|.*TIME"):
            if clock == date:
                continue
            numbers = layout.numbers(clock)
            fine = numbers[np.isfinite(numbers)]
            name = layout.names[clock]
            if fine.size and (fine >= 0).all() and (fine < 1).all() and fine.max() > 0:
                return found | {"day_fraction": name}, doubts
            clocks = _fitting(layout.columns[clock], CLOCKS)
            if clocks and clocks[0].count(":"):
                both = joined_texts([texts, layout.columns[clock]])
                ways = tuple(f"{d} {clocks[0]}" for d in fits)
                order = (hinted and [f"{fits[0]} {clocks[0]}"]) or _fitting(both, ways)
                columns = [layout.names[date], name]
                return {"columns": columns, "format": order[0]}, doubts
            if clocks:
                return found | {"time": name, "time_format": clocks[0]}, doubts
        return found, [*doubts, "no column looks like a time of day"]
    return {}, []


def _spelled(way: str) -> str:
    """Spell a format as people write it in names: DDMMYYYY."""
    for code, word in (("%d", "DD"), ("%m", "MM"), ("%Y", "YYYY"), ("%y", "YY")):
        way = way.replace(code, word)
    return plain(way)


def _parts(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    found: dict[str, Any] = {}
    for part, pattern in _PARTS.items():
        places = _named(layout, pattern)
        if places and part != "day_of_year":
            found[part] = layout.names[places[0]]
    if not {"year", "month", "day", "hour"} <= set(found):
        return {}, []
    if "minute" not in found:
        found.pop("second", None)
    return found, []


def _day_of_year(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    days = _named(layout, _PARTS["day_of_year"])
    years = _named(layout, _PARTS["year"])
    if not days:
        return {}, []
    found: dict[str, Any] = {"day_of_year": layout.names[days[0]]}
    if years:
        found["year"] = layout.names[years[0]]
        return found, ["is 1 January 00:00 day 1 (january_first = 1) or day 0?"]
    found["year"] = 1900
    return found, ["no column holds the year: put in the year of the first row"]
