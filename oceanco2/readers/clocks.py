"""What the times and files of a stream say against each other."""

import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from oceanco2.dates import (
    DAY,
    DAY_SECONDS,
    EPOCH,
    SECOND,
    YEAR_DAYS,
    isolated_times,
    latest_possible,
    unlikely_times,
)
from oceanco2.platforms import Platform
from oceanco2.platforms.contradictions import unanswered
from oceanco2.readers.numbers import printed_step
from oceanco2.readers.table import StreamRows, clock_kind, column_key
from oceanco2.readers.times import (
    ClockNote,
    as_list,
    number_columns,
    parse_each,
    text_columns,
)
from oceanco2.vocabulary import RUN_TYPES


def clock_messages(
    platform: Platform, name: str, rows: StreamRows, time: np.ndarray, newest: float
) -> list[str]:
    """Say which rows have a time that cannot be, and which dates look exchanged.

    The newest input was written at `newest` [s since 1970].
    """
    messages = _impossible(rows, time, latest_possible(newest))
    exchanged = _exchanged_dates(rows, time)
    if exchanged:
        messages += unanswered(platform.accepted, "dates", exchanged, name)
    return messages


def _impossible(rows: StreamRows, time: np.ndarray, latest: np.datetime64) -> list[str]:
    """Say which rows have a time that cannot be."""
    early, future = unlikely_times(time, latest)
    far = isolated_times(np.where(early | future, np.datetime64("NaT"), time))
    messages = []
    for which, text in (
        (early, "are before 1950"),
        (future, "are in the future"),
        (far, f"are {_years_away(time, far)} years from all others (clock not set)"),
    ):
        if which.any():
            at = np.flatnonzero(which)
            where = rows.locate(int(at[0]))
            messages.append(
                f"{where}: {at.size} of {time.size} rows, {_minute(time[at[0]])} to"
                f" {_minute(time[at[-1]])}, {text}, not good"
            )
    return messages


def _years_away(time: np.ndarray, far: np.ndarray) -> str:
    """Years from the nearest row that is not far away."""
    if not far.any():
        return ""
    t = time[far]
    others = np.sort(time[~far])
    at = np.searchsorted(others, t)
    before = others[np.maximum(at - 1, 0)]
    after = others[np.minimum(at, others.size - 1)]
    nearest = np.minimum(np.abs(t - before), np.abs(after - t)).min()
    return f"{nearest / DAY / YEAR_DAYS:.1f}"


def _minute(time: np.datetime64) -> str:
    return str(time.astype("datetime64[m]")).replace("T", " ")


def zone_messages(platform: Platform, name: str, rows: StreamRows) -> list[str]:
    """Compare the time zone that files state with the offset of the platform file."""
    spec = platform.files[name].time
    columns = [] if spec is None else [*text_columns(spec), *number_columns(spec)]
    if spec is None or spec.seconds or "%z" in "".join(as_list(spec.format)):
        return []
    offset = spec.offset_seconds
    for table in rows.tables:
        units = (table.units.get(column_key(n), ()) for n in columns)
        for text in [
            *columns,
            *(u for found in units for u in sorted(found)),
            *filter(_NAMED_ZONE.search, table.preamble),
        ]:
            zone = _stated_zone(text)
            if not zone or (zone == "UTC") == (abs(offset) < _LEAST_OFFSET):
                continue
            shown = " ".join(text.split())[:80]
            added = f"adds offset_seconds = {offset:g}" if offset else "adds no offset"
            message = f"{table.file}: times are in {shown!r}, {platform.path} {added}"
            return unanswered(platform.accepted, "zone", message, name)
    return []


def _stated_zone(text: str) -> str:
    """Return UTC, another zone, or nothing if a text names none.

    Examples
    --------
    >>> [_stated_zone(x) for x in ("Time (UTC)", "DATE LOCAL", "GMT+2", "time")]
    ['UTC', 'LOCAL', 'GMT+2', '']
    """
    found = _ZONE.search(text)
    if found is None:
        return ""
    zone = (found["named"] or found["zone"]).upper().replace(" ", "")
    return "UTC" if re.fullmatch(r"(ETC/)?(UTC|GMT|Z|ZULU)([+-]0+)?", zone) else zone


#: A line such as "Timezone: Europe/Oslo"; other lines may name a zone of anything.
_NAMED_ZONE = re.compile(r"time[ _-]?zone\W*\w", re.IGNORECASE)
_ZONE = re.compile(
    r"time[ _-]?zone\W*(?P<named>[\w/+-]+)"
    r"|(?<![A-Za-z])(?P<zone>(?:UTC|GMT)(?: ?[+-] ?\d+)?|local|CES?T)(?![A-Za-z])",
    re.IGNORECASE,
)
#: Offsets below correct a clock, they are of no other zone [s].
_LEAST_OFFSET = 900.0


def other_clocks(
    rows: StreamRows, times: np.ndarray, used: Collection[str]
) -> list[ClockNote]:
    """Describe other clocks of a log that are far from the one that is used."""
    names = dict.fromkeys(name for table in rows.tables for name in table.names)
    found = []
    for name in names:
        kind = clock_kind(name)
        if not kind or name.lower() in used:
            continue
        if any(table.column(name) is None for table in rows.tables):
            continue
        difference = _CLOCKS[kind](rows, name, times.astype("datetime64[ms]"))
        difference = difference[np.isfinite(difference)]
        if difference.size >= _FEWEST:
            found.append(ClockNote.of(name, difference))
    return [note for note in found if note.is_far_off]


#: So many rows tell whether a clock is off.
_FEWEST = 3


def _day_difference(rows: StreamRows, name: str, times: np.ndarray) -> np.ndarray:
    """Seconds by which days of the year, or of any other count, are ahead."""
    days = rows.numbers(name)[0]
    present = days[np.isfinite(days)]
    if not present.size or (present % 1 == 0).mean() > 0.5:
        return np.empty(0)  # without the time of day
    years = times.astype("datetime64[Y]").astype(times.dtype)
    expected = (times - years) / DAY + 1.0
    if present.min() < 0 or present.max() >= 368:
        # Astronomical days begin at noon.
        noon = 0.5 if present.min() > _JULIAN else 0.0
        ahead = (days + noon - expected + 0.5) % 1.0 - 0.5
    else:
        ahead = days - expected
        first = np.rint(np.nanmedian(ahead))
        ahead = ahead - (first if first == -1 else 0.0)  # 1 January is day 0
    half = 0.5 * printed_step(present)
    return np.sign(ahead) * np.maximum(np.abs(ahead) - half, 0.0) * DAY_SECONDS


_JULIAN = 2_000_000.0


def _unix_difference(rows: StreamRows, name: str, times: np.ndarray) -> np.ndarray:
    seconds = rows.numbers(name)[0]
    seconds = np.where(seconds > _MILLISECONDS, seconds / 1000.0, seconds)
    plausible = (seconds > 0) & (seconds < _MILLISECONDS)
    return np.where(plausible, seconds - (times - EPOCH) / SECOND, np.nan)


#: Unix times beyond are of milliseconds: the year 5138.
_MILLISECONDS = 1e11


def _clock_difference(rows: StreamRows, name: str, times: np.ndarray) -> np.ndarray:
    """Seconds by which a time of day, or a date and time, is ahead."""
    texts, fraction = rows.texts(name), rows.numbers(name)[0]
    moments = parse_each(texts, _MOMENTS)
    if np.isnat(moments).mean() < 0.5:
        return np.asarray((moments - times) / SECOND)
    days = (parse_each(texts, _TIMES_OF_DAY) - times) / DAY
    present = fraction[np.isfinite(fraction)]
    if present.size and present.min() >= 0 and present.max() < 1:
        days = fraction - (times - times.astype("datetime64[D]")) / DAY
    if np.isnan(days).mean() > 0.5:
        return np.empty(0)
    return np.asarray(((days + 0.5) % 1.0 - 0.5) * DAY_SECONDS)


_MOMENTS = [
    f"%Y-%m-%d{between}%H:%M:%S{zone}" for between in "T " for zone in ("", "Z")
]
_TIMES_OF_DAY = ["%H:%M:%S", "%H:%M", "%H%M%S"]
_CLOCKS = {"day": _day_difference, "unix": _unix_difference, "clock": _clock_difference}


def _exchanged_dates(rows: StreamRows, time: np.ndarray) -> str:
    """Say that dates a month apart follow each other with day and month exchanged.

    Empty where they do not: a file of the first of March to the third that was read
    with the month first is of 3 January, 3 February and 3 March.
    """
    days, first = np.unique(time.astype("datetime64[D]"), return_index=True)
    if days.size < 2 or time.size < 4 * days.size:
        return ""
    months = days.astype("datetime64[M]")
    numbers = (days - months).astype(int) + 1
    if numbers.max() > 12 or (np.diff(months).astype(int) < 1).any():
        return ""
    years = months.astype("datetime64[Y]")
    others = (years.astype("datetime64[M]") + (numbers - 1)).astype("datetime64[D]")
    others += (months - years.astype("datetime64[M]")).astype(int)
    shift = others.astype("datetime64[ns]") - days.astype("datetime64[ns]")
    exchanged = time + np.repeat(shift, np.diff([*first, time.size]))
    gaps = np.diff(exchanged)
    usual = np.median(np.diff(time))
    # A pause of three samples or an hour is none.
    if (gaps <= 0).any() or gaps.max() > max(3 * usual, np.timedelta64(1, "h")):
        return ""
    return (
        f"{rows.locate(int(first[1]))}: dates {days[0]}, {days[1]} ... are a month"
        f" apart; with day and month exchanged, {others[0]}, {others[1]} ..., rows"
        " follow each other"
    )


def conflicts(
    name: str, rows: StreamRows, time: np.ndarray, data: Mapping[str, Any]
) -> tuple[np.ndarray, list[str]]:
    """Find rows of one time with other values in another file; say which files.

    Rows of files whose name matches ``prefer`` are right, those of others conflict.
    """
    conflict = np.zeros(time.size, dtype=bool)
    pairs = list(_same_times(rows, time, rows.file_index(), data))
    if not pairs:
        return conflict, []
    damaged = rows.concatenate("damaged")
    values = {
        variable: np.where(damaged, np.nan, entry[1])
        for variable, entry in data.items()
        if entry[1].dtype == np.float64
    }
    messages = []
    for one, two, a in pairs:
        b = a + 1
        differ = {variable: _differ(x[a], x[b]) for variable, x in values.items()}
        either = np.logical_or.reduce([np.zeros(a.size, bool), *differ.values()])
        if not either.any():
            continue
        files_of_pair = [rows.tables[i].file for i in (one, two)]
        prefer = rows.definition.prefer or ""
        right = [fnmatchcase(file, prefer) for file in files_of_pair]
        neither = right[0] == right[1]
        conflict[a[either]] |= neither or right[1]
        conflict[b[either]] |= neither or right[0]
        if neither:
            variable = max(differ, key=lambda key: int(differ[key].sum()))
            at = int(a[np.argmax(differ[variable])])
            pair = sorted(
                zip(files_of_pair, values[variable][[at, at + 1]], strict=True)
            )
            first, last = (_minute(t) for t in time[a[either]][[0, -1]])
            messages.append(
                f"{' and '.join(file for file, _ in pair)} have different values at"
                f" {int(either.sum())} times, {first} to {last}, for example {variable}"
                f" {' and '.join(f'{value:.10g}' for _, value in pair)}: none is good."
                " Leave one file out, or name the right one:"
                f' [files.{name}] prefer = "{pair[1][0]}"'
            )
    return conflict, messages


_MEASURED = [RUN_TYPES[name] for name in ("water", "air", "standard")]


def _same_times(
    rows: StreamRows, time: np.ndarray, files: np.ndarray, data: Mapping[str, Any]
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield two files and rows of the first that the second repeats in the next row.

    Two files may share one time: the end of one and the start of the other.
    """
    same = (np.diff(time) == np.timedelta64(0)) & (np.diff(files) != 0)
    if "run_type" in data:
        run_type = data["run_type"][1]
        same &= (np.diff(run_type) == 0) & np.isin(run_type[1:], _MEASURED)
    at = np.flatnonzero(same)
    pairs, which = np.unique(
        np.column_stack([files[at], files[at + 1]]), axis=0, return_inverse=True
    )
    for number, (one, two) in enumerate(pairs.tolist()):
        start = max(rows.spans[one][0], rows.spans[two][0])
        if min(rows.spans[one][1], rows.spans[two][1]) > start:
            yield one, two, at[which.ravel() == number]


def _differ(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether values of two files differ by more than their printed digits."""
    half = 0.5 * max(printed_step(a), printed_step(b))
    return np.asarray(np.abs(a - b) > half * (1 + 1e-6))
