"""Time columns of an undocumented table: which they are, and how to read them."""

import re
from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np

from oceanco2.dates import DAY, DAY_MS, EPOCH, ORIGINS
from oceanco2.readers.guessing import Layout, simplify_name
from oceanco2.readers.numbers import MISSING_TEXTS
from oceanco2.readers.times import digit_count, join_texts, parse

DATE_FORMATS = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%d%m%Y", "%m%d%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y"),
    *("%y/%m/%d", "%y-%m-%d", "%m.%d.%Y", "%Y %m %d", "%d %m %Y", "%Y-%j"),
    *("%b %d, %Y", "%B %d, %Y", "%d%b%Y", "%d%b%y", "%a, %d %b %Y"),
    *(
        f"{first}{between}{second}{between}{year}"
        for (first, second), between, year in product(
            (("%d", "%b"), ("%d", "%B"), ("%b", "%d"), ("%B", "%d")),
            "- /.",
            ("%Y", "%y"),
        )
    ),
    *(f"%Y{between}%b{between}%d" for between in "- /."),
)
TIME_FORMATS = ("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M")
#: Date and time without a gap, or in another order.
_WHOLE_FORMATS = (
    *("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H", "%y%m%d%H%M%S", "%y%m%d%H%M"),
    *("%d%m%Y%H%M%S", "%m%d%Y%H%M%S", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"),
    *("%Y%m%d %H%M%S", "%Y%m%d %H%M", "%H:%M:%S %d/%m/%Y", "%H:%M:%S %m/%d/%Y"),
    *("%a %b %d %H:%M:%S %Y", "%H:%M:%S %Y-%m-%d"),
)
_CLOCK = r"\d{1,2}:\d\d(?P<seconds>:\d\d(?:[.,]\d+)?)?(?P<half> ?[AaPp][Mm])?"
_MOMENT = re.compile(
    rf"(?P<date>.*\d)(?P<gap>T|,? +){_CLOCK}(?P<zone> ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
)
#: Times outside are of a wrong format.
_EARLIEST, _LATEST = (np.datetime64(year, "ms") for year in ("1900", "2101"))
_FEW = 0.05  # fraction of the cells that may be damaged, or of times that may fall
_SPREAD = 60.0
_PARTS = {
    "year": "(YR|YEAR|YYYY)",
    "month": "(MO?NTH|MON|MO|MNTH)",
    "day": "(DAY|DD)",
    "hour": "(HR|HOUR|HH)",
    "minute": "(MIN(UTE)?|MM)",
    "second": "(SEC(OND)?|SS)",
    "day_of_year": "(JD|JULIAN(DATE|DAY)|DOY|DAYOFYEAR|YD|JDGMT|YDUTC|YEARDAY)",
}
_ZONE = re.compile(
    r"time\s*-?zone\W*(?P<name>[\w/+:-]+)|\b(?:UTC|GMT) ?[+-] ?\d+|\blocal\b"
    r"|(?-i:\b(?:CES?T|EES?T|BST|[ECMP][SD]T|JST)\b)",
    re.IGNORECASE,
)
#: Names such as dd/mm/yyyy or mon/day/yr.
_SPELLED = "((YYYY|YY|YR|YEAR|MONTH|MON|MM|DAY|DD|HH|SS)){3,}"
#: Seconds since 1970 until 2036; larger ones are since 1904, as LabVIEW counts.
_UNIX, _LABVIEW = (1.5e8, 2.08e9), (2.8e9, 4.2e9)
_1904, _1858 = "1904-01-01T00:00:00Z", "1858-11-17T00:00:00Z"


def find_time(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find the time columns of a table; also what must be checked."""
    searches = (
        *(_one_column, _unix_seconds, _date_and_time, _date_parts, _counted_days),
        *(_day_of_year, _any_column),
    )
    for search in searches:
        time, questions = search(layout)
        if time:
            return time, questions + _zone_questions(layout, time)
    return {}, ["no column looks like a time", *_milliseconds(layout)]


def _milliseconds(layout: Layout) -> list[str]:
    """Name columns of milliseconds since 1970, which no platform file can describe."""
    low, high = (1e3 * limit for limit in _UNIX)
    columns = {n: _rising_numbers(layout, i) for i, n in enumerate(layout.names)}
    return [
        f"{name!r} may be milliseconds since 1970: divide it by 1000"
        for name, values in columns.items()
        if values is not None and _within(values, (low, high))
    ]


def _filled(texts: Iterable[str]) -> np.ndarray:
    """Leave out the cells that mean missing."""
    kept = [t for t in texts if t.strip().lower() not in MISSING_TEXTS]
    return np.array(kept, dtype=object)


def _fitting_formats(texts: np.ndarray, formats: Iterable[str]) -> list[str]:
    """List the formats that fit most texts, those that only rise and span least first.

    A few damaged texts do not decide.
    """
    filled = _filled(texts)
    if not filled.size:
        return []
    candidates = []
    marks = {_marks(text) for text in filled[:3]}
    for time_format in formats:
        if "%z" not in time_format and _marks(time_format) not in marks:
            continue
        if np.isnat(parse(filled[:3], [time_format])).all():
            continue
        times = parse(filled, [time_format])
        times = times[(times >= _EARLIEST) & (times < _LATEST)]
        misfits = filled.size - times.size
        if misfits > _FEW * filled.size:
            continue
        steps = np.diff(times) / DAY
        falls, rises = int((steps < 0).sum()), int((steps > 0).sum())
        span = float((times.max() - times.min()) / DAY)
        candidates.append((misfits, min(falls, rises), span, falls, time_format))
    # 20 is the century of 2011..., not the year 2020.
    if any(c[-1].startswith("%Y%m") for c in candidates):
        candidates = [c for c in candidates if not c[-1].startswith("%y%m")]
    candidates.sort(key=lambda candidate: candidate[:4])
    if not candidates:
        return []
    fewest, disorder, span, *_ = candidates[0]
    # Day and month exchanged spread a cruise over months, the year over years.
    longest = _SPREAD * max(span, 1.0)
    return [
        time_format
        for misfits, changes, days, _, time_format in candidates
        if misfits == fewest and changes <= disorder and days <= longest
    ]


def _marks(text: str) -> str:
    """Return what separates the parts of a time or of a format; not its last point."""
    return re.sub(r"%?[A-Za-z0-9]|\s+(?=\s)", "", text.strip()).rstrip(".")


def _other_formats(matches: list[str]) -> list[str]:
    same = [f for f in matches[1:] if sorted(f) == sorted(matches[0])]
    return [f"the time could also be {f!r}" for f in same]


def _unread(texts: np.ndarray, time_format: str) -> list[str]:
    """Ask about cells without a time that can be read."""
    without = int(np.isnat(parse(texts, [time_format])).sum())
    counted = f"{without} of {texts.size} rows have no time that can be read"
    return [counted] if without else []


def _columns_named(layout: Layout, pattern: str) -> list[int]:
    """Find columns by name; those in UTC come first, those in local time last."""
    simple = [simplify_name(name) for name in layout.names]
    found = [i for i, name in enumerate(simple) if re.fullmatch(pattern, name)]
    return sorted(
        found,
        key=lambda i: ("LOCAL" in simple[i], not re.search("UTC|GMT", simple[i])),
    )


def _has_widths(time_format: str, texts: np.ndarray) -> bool:
    """Whether digits without marks are as many as a format has, or one zero less."""
    widths = [digit_count(part) for part in time_format.split()]
    cells = [parts for text in texts if len(parts := text.split()) == len(widths)]
    columns = zip(*cells, strict=True)
    widest = [max(len(part.partition(".")[0]) for part in c) for c in columns]
    pairs = zip(widths, widest, strict=True) if cells else ()
    return bool(cells) and all(w == 0 or n in (w, w - 1) for w, n in pairs)


def _formats_of(texts: np.ndarray) -> list[str]:
    """List formats of date and time in one text, by the shape of the first ones."""
    filled = _filled(texts)
    if not filled.size:
        return []
    match = next((m for text in filled[:3] if (m := _MOMENT.fullmatch(text))), None)
    if not match:
        return [f for f in _WHOLE_FORMATS if _has_widths(f, filled)]
    seconds = ":%S" if match["seconds"] else ""
    clock = f"%H:%M{seconds}"
    if match["half"]:
        clock = f"%I:%M{seconds}{' ' * match['half'].count(' ')}%p"
    zone = match["zone"] or ""
    if zone.strip()[:1] in ("+", "-"):
        zone = f"{' ' * zone.count(' ')}%z"
    gap = match["gap"].rstrip(" ") + " " * match["gap"].endswith(" ")
    return [f"{date}{gap}{clock}{zone}" for date in DATE_FORMATS]


def _one_column(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    for position in _columns_named(layout, f".*(DATE|TIME|STAMP).*|{_SPELLED}"):
        time, questions = _moments_of(layout, position)
        if time:
            return time, questions
    return {}, []


def _any_column(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find a column of dates and times whose name does not say so."""
    for position, name in enumerate(layout.names):
        time, questions = _moments_of(layout, position)
        if time and name:
            return time, [f"is {name!r} the time of the row?", *questions]
    return {}, []


def _moments_of(layout: Layout, position: int) -> tuple[dict[str, Any], list[str]]:
    texts = layout.columns[position]
    matches = _fitting_formats(texts, _formats_of(texts))
    if not matches:
        return {}, []
    time = {"columns": [layout.names[position]], "format": matches[0]}
    return time, _other_formats(matches) + _unread(texts, matches[0])


def _date_and_time(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    for date in _columns_named(layout, f".*DATE.*|.*DATUM.*|{_SPELLED}"):
        matches = _fitting_formats(layout.columns[date], DATE_FORMATS)
        if not matches:
            continue
        hint = simplify_name(layout.names[date] + layout.unit(date))
        hinted = [f for f in matches if _spell_format(f) in hint]
        matches = hinted or matches
        questions = [] if hinted else _other_formats(matches)
        time: dict[str, Any] = {"date": layout.names[date], "date_format": matches[0]}
        clocks = _columns_named(
            layout, "(HTU|HEURE|CLOCK).*|.*TIME.*|H[HR]MM?I?N?(SS)?"
        )
        for column in (c for c in clocks if c != date):
            found = _clock_of(layout, date, column, matches)
            if found:
                return (found[0] if "columns" in found[0] else time | found[0]), [
                    *questions,
                    *found[1],
                ]
        hours = _clock_parts(layout)
        if hours:
            return time | hours, questions
        return time, [*questions, "no column looks like a time of day"]
    return {}, []


def _clock_of(
    layout: Layout, date: int, column: int, date_formats: list[str]
) -> tuple[dict[str, Any], list[str]] | None:
    """Describe a column of the time of day that belongs to a column of dates."""
    numbers, name = layout.numbers(column), layout.names[column]
    valid = numbers[np.isfinite(numbers)]
    if valid.size and (valid >= 0).all() and (valid < 1).all() and valid.max() > 0:
        return {"day_fraction": name}, []
    texts = layout.columns[column]
    clock = _clock_format(texts)
    if clock is None:
        return None
    if ":" not in clock:
        return {"time": name, "time_format": clock}, []
    joined = join_texts([layout.columns[date], texts])
    has_both = [bool(a and b) for a, b in zip(layout.columns[date], texts, strict=True)]
    combined = [f"{d} {clock}" for d in date_formats]
    best = _fitting_formats(joined[has_both], combined)
    if not best:
        return None
    # A hint in the name of the date decides before the order of the rows.
    chosen = combined[0] if combined[0] in best and len(combined) == 1 else best[0]
    columns = [layout.names[date], name]
    return {"columns": columns, "format": chosen}, _unread(joined, chosen)


def _clock_format(texts: np.ndarray) -> str | None:
    """Find the format of times of day; digits without colons by their number."""
    filled = _filled(texts)
    match = re.fullmatch(_CLOCK, filled[0]) if filled.size else None
    formats = [*TIME_FORMATS]
    if match and match["half"]:
        seconds = ":%S" if match["seconds"] else ""
        formats = [f"%I:%M{seconds}{' ' * match['half'].count(' ')}%p"]
    elif zone := _zone_of_clocks(filled):
        formats = [f"{time_format}{zone}" for time_format in TIME_FORMATS[:2]]
    elif not any(":" in text for text in filled):
        widest = max((len(t.partition(".")[0]) for t in filled), default=0)
        formats = ["%H%M%S"] if widest > len("hhmm") else ["%H%M"]
    for time_format in formats:
        times = parse(filled, [time_format])
        if filled.size and np.isnat(times).sum() <= _FEW * filled.size:
            return time_format
    return None


def _zone_of_clocks(texts: np.ndarray) -> str:
    """Return the mark of universal time behind a time of day."""
    first = texts[0] if texts.size else ""
    match = re.fullmatch(rf"{_CLOCK}(?P<zone> ?(?:Z|UTC|GMT))", first)
    return match["zone"] if match else ""


def _clock_parts(layout: Layout) -> dict[str, Any]:
    """Find columns of hour, minute and second."""
    out: dict[str, Any] = {}
    for part in ("hour", "minute", "second"):
        positions = _part_columns(layout, part)
        if not positions:
            break
        out[part] = layout.names[positions[0]]
    return out


def _spell_format(date_format: str) -> str:
    """Spell a date format as in column names: DDMMYYYY."""
    for code, letters in (("%d", "DD"), ("%m", "MM"), ("%Y", "YYYY"), ("%y", "YY")):
        date_format = date_format.replace(code, letters)
    return simplify_name(date_format)


def _part_columns(layout: Layout, part: str) -> list[int]:
    return _columns_named(layout, f"{_PARTS[part]}(UTC|GMT)?")


def _date_parts(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    time: dict[str, Any] = {}
    for part in _PARTS:
        positions = _part_columns(layout, part)
        if positions and part != "day_of_year":
            time[part] = layout.names[positions[0]]
    if "month" not in time and simplify_name(time.get("minute", "")) == "MM":
        time["month"] = time.pop("minute")  # yyyy, mm, dd
    if not {"year", "month", "day", "hour"} <= set(time):
        return {}, []
    if "minute" not in time:
        time.pop("second", None)
    return time, []


def _rising_numbers(layout: Layout, position: int) -> np.ndarray | None:
    """Numbers of a column that mostly rise, or mostly fall; None for others."""
    filled = _filled(layout.columns[position])
    numbers = layout.numbers(position)
    valid = numbers[np.isfinite(numbers)]
    steps = np.diff(valid)
    few = min((steps < 0).sum(), (steps > 0).sum()) <= _FEW * valid.size
    complete = valid.size and valid.size >= (1 - _FEW) * filled.size
    return valid if few and complete else None


def _within(values: np.ndarray, limits: tuple[float, float]) -> bool:
    return bool(((values >= limits[0]) & (values <= limits[1])).all())


def _unix_seconds(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find seconds since 1970, or since 1904."""
    for position in _columns_named(
        layout, ".*(DATE|TIME|STAMP|EPOCH|UNIX|POSIX|SEC).*"
    ):
        values, name = _rising_numbers(layout, position), layout.names[position]
        if values is not None and _within(values, _UNIX):
            return {"seconds": name}, []
        if values is not None and _within(values, _LABVIEW):
            time = {"seconds": name, "since": _1904}
            return time, [f"is {name!r} in seconds since 1904?"]
    return {}, []


#: Names of a count of days or years: values, and how a platform file says it.
_COUNTS: tuple[tuple[str, tuple[float, float], dict[str, str]], ...] = (
    (".*", (ORIGINS["julian"] - 25567, ORIGINS["julian"] + 47847), {"since": "julian"}),
    (".*", (ORIGINS["matlab"] - 25567, ORIGINS["matlab"] + 47847), {"since": "matlab"}),
    (".*MJD.*|.*MODIFIEDJ.*", (33282.0, 88128.0), {"since": _1858}),
    (".*1904.*", (16802.0, 71953.0), {"since": "excel_1904"}),
    (
        ".*(DATE|TIME|STAMP|SERIAL|EXCEL|DAY).*",
        (ORIGINS["excel"] - 7305, ORIGINS["excel"] + 47847),
        {"since": "excel"},
    ),
)


def _counted_days(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find counts of days since the origin of a program, and decimal years."""
    for pattern, limits, origin in _COUNTS:
        for position in _columns_named(layout, pattern):
            values, name = _rising_numbers(layout, position), layout.names[position]
            if values is None or not _within(values, limits):
                continue
            if origin["since"] == "excel":
                first = EPOCH + np.timedelta64(
                    round((values[0] - ORIGINS["excel"]) * DAY_MS), "ms"
                )
                question = f"days since 1900: {name!r} begins at {first}?"
                return {"days": name} | origin, [question]
            return {"days": name} | origin, []
    for position in _columns_named(layout, ".*(YEAR|YR|DATE|TIME|DECIMAL).*"):
        values, name = _rising_numbers(layout, position), layout.names[position]
        is_year = values is not None and _within(values, (1900.0, 2101.0))
        if values is not None and is_year and (values % 1).any():
            return {"decimal_year": name}, []
    return {}, []


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


def _zone_questions(layout: Layout, time: dict[str, Any]) -> list[str]:
    """Ask about a zone that the file names, where times are not counted in UTC."""
    if "seconds" in time or "%z" in str(time.get("format", "")):
        return []
    columns = [v for v in (time.get("date"), time.get("time")) if v]
    columns += time.get("columns", [])
    for text in [*columns, *layout.preamble]:
        match = _ZONE.search(text)
        if match and (match["name"] or "").upper() not in ("UTC", "GMT", "Z"):
            shown = " ".join(text.split())[:80]
            return [f"the file says {shown!r}: times must be UTC, see offset_seconds"]
    return []
