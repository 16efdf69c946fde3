"""Converted files of Sea-Bird thermosalinographs and CTDs (.cnv)."""

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from oceanco2.dates import DAY_SECONDS, EPOCH, HOUR_SECONDS, SECOND, days_of_dates
from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import (
    RawTable,
    RequiredColumns,
    column_key,
    merge_tables,
    units_by_column,
)
from oceanco2.readers.text_table import Head, split_rows
from oceanco2.readers.times import (
    MS,
    TIMESTAMP,
    parse_each,
    timestamp_columns,
    timestamp_times,
)
from oceanco2.text import decode, split_lines

_NAME = re.compile(r"#\s*name\s+(\d+)\s*=\s*(.*)")
_SETTING = re.compile(r"#\s*(bad_flag|start_time|interval)\s*=\s*(.*)")
_SCALE = re.compile(r"(I(?:PTS|TS)-?(?:68|90))", re.IGNORECASE)
_SCALE_OF_NAME = re.compile(r"t(?:v|nc)?\d?(68|90)[CF]?m?", re.IGNORECASE)
_UNIT = re.compile(r"\[([^\]]*)\]")
_2000 = 946684800.0  # 2000-01-01 in seconds since 1970

#: A fall of the day of the year by more is a new year.
_NEW_YEAR = 300.0


def _seconds_of_days(days: np.ndarray, start: float, year: float) -> np.ndarray:
    """Seconds since 1970 of days of the year, from the start of the record on."""
    started = 1.0 + (start - year) / DAY_SECONDS
    # The first scan may be in the year after the start, or just before it.
    present = days[np.isfinite(days)][:1]
    first = int(_moment(year).astype("datetime64[Y]").astype(int)) + 1970
    first += int((started - present > _NEW_YEAR).sum())
    first -= int((present - started > _NEW_YEAR).sum())
    years = first + _new_years(days)
    ones = np.ones(days.shape)
    return DAY_SECONDS * (days_of_dates(years, ones, ones) + days - 1.0)


def _new_years(days: np.ndarray) -> np.ndarray:
    """Count the new years before each row."""
    present = np.flatnonzero(np.isfinite(days))
    fell = np.flatnonzero(np.diff(days[present]) < -_NEW_YEAR) + 1
    count = np.zeros(days.shape)
    for i in present[fell]:
        count[i:] += 1
    return count


#: Time columns in order of preference, and their conversion to seconds since 1970
#: from values, start of the record and start of its year (both since 1970).
_CLOCKS: dict[str, Callable[[np.ndarray, float, float], np.ndarray]] = {
    "timey": lambda v, _start, _year: v,
    "timen": lambda v, _start, _year: v,
    "timek": lambda v, _start, _year: v + _2000,
    "timeq": lambda v, _start, _year: v + _2000,
    **dict.fromkeys(("timej", "timejv2", "timescp"), _seconds_of_days),
    "times": lambda v, start, _year: start + v,
    "timem": lambda v, start, _year: start + 60.0 * v,
    "timeh": lambda v, start, _year: start + HOUR_SECONDS * v,
}


def _celsius(*names: str) -> tuple[VariableSource, ...]:
    return tuple(VariableSource(column=n, units="degree_Celsius") for n in names)


#: The second thermometer is the one at the intake, the first that of the cell.
_CELL = ("t090C", "t068C", "tv290C", "tv268C", "tnc90C", "tnc68C")
_DRAFTED = {
    "SST": _celsius("t190C", "t168C", "tnc290C", "tnc268C", "t3890C", *_CELL),
    "T_conductivity": _celsius(*_CELL),
    "conductivity": (
        VariableSource(column="c0S/m", units="S m-1"),
        VariableSource(column="c0mS/cm", units="mS cm-1"),
        VariableSource(column="c0uS/cm", units="uS cm-1"),
    ),
    "salinity": (
        VariableSource(column="sal00", units="1"),
        VariableSource(column="sal11", units="1"),
    ),
}


def _draft_tables(_raw: RawFile) -> tuple[list[str], list[str]]:
    """Ask which thermometer is which."""
    return [], ["SST: the thermometer at the intake, or that of the conductivity cell?"]


def _sniff(head: bytes) -> bool:
    return head.lstrip()[:10].lower() == b"* sea-bird" or (
        b"# name 0 =" in head and b"# nquan" in head
    )


@reader(
    "seabird_cnv",
    description="converted file of a Sea-Bird thermosalinograph or CTD (.cnv)",
    cite="Sea-Bird Scientific, Seasoft V2: SBE Data Processing, manual",
    times=timestamp_times,
    time_columns=timestamp_columns,
    sniff=_sniff,
    drafted=_DRAFTED,
    draft_tables=_draft_tables,
    states_units=True,
)
def read_seabird(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one converted file into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    # Files may have been joined, each with its own header.
    starts = [i for i, x in enumerate(lines) if x[:10].lower() == "* sea-bird"]
    spans = pairwise([0, *(i for i in starts[1:]), len(lines)])
    parts = [
        _read_part(definition, lines, required, raw.name, begin=begin, stop=stop)
        for begin, stop in spans
    ]
    table = merge_tables([part for part in parts if part.lines.size] or parts[:1])
    table.notes = notes + table.notes
    return table


def _read_part(
    definition: FileDefinition,
    lines: list[str],
    required: RequiredColumns,
    file: str,
    *,
    begin: int,
    stop: int,
) -> RawTable:
    """Split the rows below one header."""
    ends = (i for i in range(begin, stop) if lines[i].strip().upper() == "*END*")
    end = next(ends, None)
    if end is None:
        beginning = f"it starts {chr(10).join(lines[begin : begin + 9])[:60]!r}"
        raise ReadError(
            f"{file}: not a converted Sea-Bird file: no line *END*; {beginning}"
        )
    names, stated, settings = _read_head(lines[begin:end])
    if not names:
        raise ReadError(f"{file}: its header has no '# name 0 = ...'")
    clock = next((n for n in _CLOCKS if n in map(str.lower, names)), "")
    with_clock = RequiredColumns(required.texts, required.numbers | {clock})
    head = Head(end + 1, names, " ")
    table = split_rows(definition, lines, head, (end + 1, stop), with_clock)
    table.units = units_by_column(names, stated)
    table.scales = _scales(names, stated)
    table.preamble = lines[:end]
    _mask_bad(table, settings.get("bad_flag", ""))
    table.cells[len(names)] = _seconds(table, clock, settings, file)
    table.names = [*names, TIMESTAMP]
    return table


def _read_head(lines: list[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """Find column names (before the colon), what is in brackets, and settings."""
    columns: dict[int, str] = {}
    stated: dict[int, str] = {}
    settings: dict[str, str] = {}
    for line in lines:
        if match := _NAME.match(line):
            columns[int(match[1])] = match[2].split(":")[0].strip()
            brackets = _UNIT.findall(match[2])
            stated[int(match[1])] = brackets[-1] if brackets else ""
        elif match := _SETTING.match(line):
            settings[match[1]] = match[2].strip()
    numbers = range(max(columns, default=-1) + 1)
    names = [columns.get(i, "") for i in numbers]
    return names, [stated.get(i, "") for i in numbers], settings


def _scales(names: list[str], stated: list[str]) -> dict[str, str]:
    """Return the scale of each temperature, as stated or by the name of the column."""
    scales = {}
    for name, text in zip(names, stated, strict=True):
        found = _SCALE.search(text) or _SCALE_OF_NAME.fullmatch(name)
        if found:
            old = "68" in found[1]
            scales[column_key(name)] = "IPTS-68" if old else "ITS-90"
    return scales


def _mask_bad(table: RawTable, bad: str) -> None:
    """Set values with the bad flag of Sea-Bird to NaN."""
    for column, cells in table.cells.items():
        if bad and cells.dtype != object:
            table.cells[column] = to_numbers(cells, [bad])[0]


def _seconds(
    table: RawTable, clock: str, settings: dict[str, str], file: str
) -> np.ndarray:
    start = _parse_moment(settings.get("start_time", ""))
    if clock:
        cells = table.column(clock)
        values = to_numbers(np.empty(0) if cells is None else cells)[0]
        if not (np.isnan(start) and clock.startswith(("timej", "timesc", "times"))):
            return _CLOCKS[clock](values, start, _start_of_year(start))
    every = re.match(r"seconds:\s*([\d.]+)", settings.get("interval", ""))
    if np.isnan(start) or (clock == "" and not every):
        raise ReadError(
            f"{file}: no time: no column timeY, timeJ or timeS, or no start_time"
        )
    return start + float(every[1] if every else 0.0) * np.arange(table.lines.size)


def _parse_moment(text: str) -> float:
    """Seconds since 1970 of ``Apr 12 2024 00:00:05 [...]``; NaN if unreadable."""
    texts = np.array([_UNIT.sub("", text).strip()], dtype=object)
    times = parse_each(texts, ["%b %d %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"])
    return float(((times - EPOCH) / SECOND)[0])


def _start_of_year(start: float) -> float:
    if np.isnan(start):
        return float("nan")
    first = _moment(start).astype("datetime64[Y]").astype(MS)
    return float((first - EPOCH) / SECOND)


def _moment(seconds: float) -> np.datetime64:
    return EPOCH + np.timedelta64(round(seconds * 1000), "ms")
