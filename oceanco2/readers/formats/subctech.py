"""Logs of the SubCTech OceanPack and related systems: records with tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from oceanco2.dates import DAY_SECONDS, HOUR_SECONDS, SECOND
from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import (
    RawTable,
    RequiredColumns,
    format_lines,
    merge_tables,
    units_by_column,
)
from oceanco2.readers.text_table import fields, table_of_lines
from oceanco2.readers.times import (
    MS,
    Cells,
    check_times,
    join_texts,
    milliseconds,
    number_columns,
    parse_each,
    read_times,
    text_columns,
)
from oceanco2.text import decode, split_lines

#: Valve states; all others are transitions.
_RUNS = {
    **dict.fromkeys(("1", "15", "18"), "standard"),
    # Zero gas by the maker's table of states: its concentration is known.
    "2": "zero",
    "5": "water",
    "22": "air",
    "*": "ignored",
}
_TAGS = ("DATA", "SENSOR", "NAME", "UNIT", "A0", "A1", "A2", "MEAN", "RATE")
# A record may begin in the middle of a truncated line.
_RECORD = re.compile(rf"(?=@(?:{'|'.join(_TAGS)}),)")
_GPS = "GPS Time"
_MAX_TEXT_LINES = 10  # lines of text at the top that are kept


@dataclass(slots=True)
class _Section:
    """Records below one header."""

    names: list[str]
    units: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _LogContent:
    """Sections of a log, and lines that belong to none."""

    sections: list[_Section]
    texts: list[str] = field(default_factory=list)
    before_head: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read date, time and milliseconds of the logger; note the offset of the GPS."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    columns = ["DATE", "TIME"]
    texts = join_texts([rows.texts(name, required=True) for name in columns])
    times = parse_each(texts, ["%Y-%m-%d %H:%M:%S"])
    fraction = _numbers_or_nan(rows, "FRAC")
    times = times + milliseconds(
        np.where((fraction >= 0) & (fraction < 1000), fraction, 0.0)
    )
    notes = []
    offset = _gps_offset(rows, times)
    if np.isfinite(offset).any():
        low, middle, high = np.nanpercentile(offset, [0, 50, 100])
        notes.append(
            f"clock of the GPS minus the one used: median {middle:.0f} s, from"
            f" {low:.0f} to {high:.0f} s"
        )
    return check_times(times, where, "'DATE' and 'TIME'", columns, rows), notes


def _numbers_or_nan(rows: Cells, name: str) -> np.ndarray:
    try:
        return rows.numbers(name)[0]
    except ReadError:
        return np.full(rows.concatenate("lines").shape, np.nan)


def _gps_offset(rows: Cells, times: np.ndarray) -> np.ndarray:
    """Seconds by which the GPS time of day (hhmmss) is ahead."""
    clock = np.floor(_numbers_or_nan(rows, _GPS))
    hours, rest = np.divmod(clock, 10000.0)
    minutes, seconds = np.divmod(rest, 100.0)
    valid = (clock >= 0) & (hours < 24) & (minutes < 60) & (seconds < 61)
    used = (times - times.astype("datetime64[D]")) / SECOND
    offset = hours * HOUR_SECONDS + minutes * 60.0 + seconds - used
    return np.where(valid, (offset + 43200.0) % DAY_SECONDS - 43200.0, np.nan)


def _clocks(rows: Cells, times: np.ndarray) -> dict[str, np.ndarray]:
    """Return the times of the GPS, which has no date."""
    used = times.astype(MS)
    return {"gps": used + milliseconds(_gps_offset(rows, used) * 1000.0)}


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        spec = definition.time
        return text_columns(spec), [*number_columns(spec), _GPS]
    return ["DATE", "TIME"], ["FRAC", _GPS]


@reader(
    "subctech",
    description="log of a SubCTech OceanPack: @NAME, @UNIT and @DATA records",
    proven=True,
    times=_times,
    time_columns=_time_columns,
    clocks=_clocks,
    run_columns=("STATUS",),
    runs=_RUNS,
    sniff=lambda head: re.search(rb"@NAME,[^\r\n]*\bSTATUS\b", head) is not None,
    drafted={
        "SST": (VariableSource(column="waterTemp", units="degree_Celsius"),),
        "conductivity": (VariableSource(column="waterCond", units="mS cm-1"),),
        "P_equ": (
            VariableSource(difference=["CellPress", "DPressInt"], units="mbar"),
            VariableSource(column="CellPress", units="mbar"),
        ),
        "xCO2": (VariableSource(column="CO2", units="ppm", dry=False),),
        "xH2O": (VariableSource(column="H2O", units="mmol mol-1"),),
        "T_analyser": (VariableSource(column="CellTemp", units="degree_Celsius"),),
        "P_analyser": (VariableSource(column="CellPress", units="mbar"),),
        "gas_flow": (VariableSource(column="FLOWgas", units="mL min-1"),),
        "ship_speed": (VariableSource(column="Speed", units="knot"),),
        "ship_dir": (VariableSource(column="Course", units="degree"),),
    },
    draft_tables=lambda _: (
        [],
        ["T_equ: no thermometer at the membrane: that of SST?"],
    ),
    position={
        "latitude": VariableSource(column="Latitude", format="ddmm.mmmm"),
        "longitude": VariableSource(column="Longitude", format="ddmm.mmmm"),
    },
    states_units=True,
)
def read_subctech(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one log into cells; a new header may be on any line."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    content = _group_records(split_lines(text), definition.names)
    if not content.sections:
        raise ReadError(
            f"{raw.name}: not a SubCTech log: no record @NAME; it starts {text[:60]!r}"
        )
    decimal = definition.decimal
    table = merge_tables(
        [
            table_of_lines(
                section.names, ",", section.rows, section.lines, required, decimal
            )
            for section in content.sections
        ]
    )
    for section in content.sections:
        for column, unit in units_by_column(section.names, section.units).items():
            table.units.setdefault(column, set()).update(unit)
    # Texts of the instrument: firmware, serial numbers.
    texts = list(dict.fromkeys(content.texts))[:_MAX_TEXT_LINES]
    table.notes = [*notes, *(f"{raw.name}: {line}" for line in texts)]
    for lines_meant, reason in (
        (content.before_head, "before the first @NAME: not read"),
        (content.unknown, "of no record: not read"),
    ):
        if lines_meant:
            table.warnings.append(f"{raw.name}: {format_lines(lines_meant)} {reason}")
    return table


def _split_records(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield line number, tag and content of records; other text has no tag."""
    for number, line in enumerate(lines, start=1):
        for record in _RECORD.split(line) if "@" in line else [line]:
            tag, _, rest = record.partition(",")
            if tag[:1] == "@" and tag[1:] in _TAGS:
                yield number, tag[1:], rest
            elif record.strip():
                yield number, "", record.strip()


def _group_records(lines: list[str], names: list[str] | None) -> _LogContent:
    """Group records by header; text before a header belongs to it."""
    content = _LogContent([_Section([name.strip() for name in names])] if names else [])
    text: list[tuple[int, str]] = []
    for number, tag, rest in _split_records(lines):
        if tag == "NAME":
            content.sections.append(_Section(_column_names(rest)))
            content.texts += [line[:200] for _, line in text]
            text = []
        elif tag == "UNIT" and content.sections:
            content.sections[-1].units = [_unit(unit) for unit in fields(rest, ",")]
        elif tag == "DATA":
            content.unknown += [line_number for line_number, _ in text]
            text = []
            if content.sections:
                content.sections[-1].lines.append(number)
                content.sections[-1].rows.append(rest)
            else:
                content.before_head.append(number)
        elif not tag:
            text.append((number, rest))
    content.unknown += [line_number for line_number, _ in text]
    return content


def _column_names(rest: str) -> list[str]:
    names = fields(rest, ",")
    while names and not names[-1]:
        names.pop()
    return names


def _unit(text: str) -> str:
    """Read a unit whose degree sign may be badly encoded."""
    unit = re.sub(r"[^\x20-\x7e]+", "°", text).strip()
    return {"°C": "degC", "°": "deg"}.get(unit, unit)
