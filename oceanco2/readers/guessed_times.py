"""Time columns of an undocumented table: which they are, and how to read them."""

import re
from itertools import product
from typing import Any

import numpy as np

from oceanco2.dates import DAY
from oceanco2.readers.guessing import Layout, simplify_name
from oceanco2.readers.times import join_texts, parse

DATE_FORMATS = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%d%m%Y", "%m%d%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y"),
)


TIME_FORMATS = ("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M")


_PARTS = {
    "year": "(YR|YEAR|YYYY)",
    "month": "(MO?NTH|MON|MO|MNTH)",
    "day": "(DAY|DD)",
    "hour": "(HR|HOUR|HH)",
    "minute": "(MIN(UTE)?|MM)",
    "second": "(SEC(OND)?|SS)",
    "day_of_year": "(JD|JULIAN(DATE|DAY)|DOY|DAYOFYEAR|YD|JDGMT|YDUTC|YEARDAY)",
}


def find_time(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find the time columns of a table; also what must be checked."""
    for search in (_one_column, _date_and_time, _date_parts, _day_of_year):
        time, questions = search(layout)
        if time:
            return time, questions
    return {}, ["no column looks like a time"]


def _fitting_formats(texts: np.ndarray, formats: tuple[str, ...]) -> list[str]:
    """List formats that match every text, those that only rise and span least first."""
    filled = np.array([t for t in texts if t], dtype=object)
    if not filled.size:
        return []
    candidates = []
    for time_format in formats:
        times = parse(filled, [time_format])
        if np.isnat(times).any():
            continue
        falls = int((np.diff(times) < np.timedelta64(0, "s")).sum())
        span = float((times.max() - times.min()) / DAY)
        candidates.append((falls, span, time_format))
    return [
        time_format
        for _, _, time_format in sorted(candidates, key=lambda o: (o[0], o[1]))
    ]


def _other_formats(matches: list[str]) -> list[str]:
    same = [f for f in matches[1:] if sorted(f) == sorted(matches[0])]
    return [f"the time could also be {f!r}" for f in same]


def _columns_named(layout: Layout, pattern: str) -> list[int]:
    return [
        i for i, n in enumerate(layout.names) if re.fullmatch(pattern, simplify_name(n))
    ]


def _one_column(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    pattern = "(DATETIME.*|TIME(STAMP)?(UTC)?|DATE(UTC)?|ISOTIME|DATETIMEUTC)"
    formats = tuple(
        f"{d}{sep}{c}"
        for d, c, sep in product(DATE_FORMATS, TIME_FORMATS[:2], (" ", "T"))
    )
    # Other data centres append a time zone.
    formats += ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")
    for position in _columns_named(layout, pattern):
        matches = _fitting_formats(layout.columns[position], formats)
        if matches:
            name = layout.names[position]
            return {"columns": [name], "format": matches[0]}, _other_formats(matches)
    return {}, []


def _date_and_time(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    for date in _columns_named(layout, "DATE.*|.*DATE"):
        texts = layout.columns[date]
        matches = _fitting_formats(texts, DATE_FORMATS)
        if not matches:
            continue
        hint = simplify_name(layout.names[date] + layout.unit(date))
        hinted = [f for f in matches if _spell_format(f) in hint]
        matches = hinted + [f for f in matches if f not in hinted]
        questions = [] if hinted else _other_formats(matches)
        time: dict[str, Any] = {"date": layout.names[date], "date_format": matches[0]}
        for column in _columns_named(layout, "(TIME|HTU|HEURE|CLOCK).*|.*TIME"):
            if column == date:
                continue
            numbers = layout.numbers(column)
            valid = numbers[np.isfinite(numbers)]
            name = layout.names[column]
            if (
                valid.size
                and (valid >= 0).all()
                and (valid < 1).all()
                and valid.max() > 0
            ):
                return time | {"day_fraction": name}, questions
            time_matches = _fitting_formats(layout.columns[column], TIME_FORMATS)
            if time_matches and time_matches[0].count(":"):
                joined = join_texts([texts, layout.columns[column]])
                combined = tuple(f"{d} {time_matches[0]}" for d in matches)
                best = (
                    hinted and [f"{matches[0]} {time_matches[0]}"]
                ) or _fitting_formats(joined, combined)
                columns = [layout.names[date], name]
                return {"columns": columns, "format": best[0]}, questions
            if time_matches:
                return time | {"time": name, "time_format": time_matches[0]}, questions
        return time, [*questions, "no column looks like a time of day"]
    return {}, []


def _spell_format(date_format: str) -> str:
    """Spell a date format as in column names: DDMMYYYY."""
    for code, letters in (("%d", "DD"), ("%m", "MM"), ("%Y", "YYYY"), ("%y", "YY")):
        date_format = date_format.replace(code, letters)
    return simplify_name(date_format)


def _date_parts(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    time: dict[str, Any] = {}
    for part, pattern in _PARTS.items():
        positions = _columns_named(layout, pattern)
        if positions and part != "day_of_year":
            time[part] = layout.names[positions[0]]
    if not {"year", "month", "day", "hour"} <= set(time):
        return {}, []
    if "minute" not in time:
        time.pop("second", None)
    return time, []


def _day_of_year(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    days = _columns_named(layout, _PARTS["day_of_year"])
    years = _columns_named(layout, _PARTS["year"])
    if not days:
        return {}, []
    time: dict[str, Any] = {"day_of_year": layout.names[days[0]]}
    if years:
        time["year"] = layout.names[years[0]]
        return time, ["is 1 January 00:00 day 1 (january_first = 1) or day 0?"]
    time["year"] = 1900
    return time, ["no column has the year: enter the year of the first row"]
