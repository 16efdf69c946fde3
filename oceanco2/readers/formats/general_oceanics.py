"""Logs of the General Oceanics 8050 pCO2 system (tab-separated, one row a sample)."""

import re

import numpy as np

from oceanco2.dates import SECOND
from oceanco2.errors import ReadError, choose
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.reader import drafted_sources, reader
from oceanco2.readers.runs import STANDARD_VALUE, compare_standards
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, merge_tables
from oceanco2.readers.text_table import Head, fields, split_rows
from oceanco2.readers.times import (
    Cells,
    ClockNote,
    check_times,
    clock_offset,
    day_first,
    join_texts,
    number_columns,
    parse_each,
    read_times,
    text_columns,
)
from oceanco2.text import decode, split_lines

_CLOCKS = {"pc": ("PC Date", "PC Time"), "gps": ("GPS date", "gps time")}
_RUNS = {
    "EQU": "water",
    "ATM": "air",
    "STD*": "standard",
    "STD*z": "zero",
    "STD*s": "span",
    "*-DRAIN": "same",
    "EMERGENCY STOP": "ignored",
    "FILTER": "ignored",
    "GO TO SLEEP": "ignored",
    "IGN": "ignored",
    "SHUT DOWN": "ignored",
    "WAKE UP": "ignored",
}


def _clock_columns(definition: FileDefinition) -> tuple[str, str]:
    """Columns of the main clock (``options = { clock = "gps" }``)."""
    clock = str(definition.options.get("clock", "pc"))
    return _CLOCKS[choose("clock", clock, _CLOCKS, "general_oceanics")]


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read the main clock; all dates together decide between day and month first."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    columns = _clock_columns(definition)
    dates, clock = (rows.texts(name, required=True) for name in columns)
    days = _with_slashes(dates)
    try:
        first, note = day_first(days)
    except ReadError as error:
        raise ReadError(f"{where}: {error}") from None
    times = _parse_moments(days, clock, first=first) + clock_offset(definition)
    notes = [f"{where}: {note}"] if note else []
    for other in _CLOCKS.values():
        if other != columns:
            times, more = _compare_clock(times, rows, other, first=first)
            notes += more
    described = f"{columns[0]!r} and {columns[1]!r}"
    return check_times(times, where, described, list(columns), rows), notes


def _with_slashes(dates: np.ndarray) -> np.ndarray:
    """Dates with slashes; empty where the GPS receiver prints ``//``."""
    texts = [re.sub(r"[.-]", "/", d) if d.strip("/. -") else "" for d in dates]
    return np.array(texts, dtype=object)


def _parse_moments(days: np.ndarray, clock: np.ndarray, *, first: bool) -> np.ndarray:
    """Parse dates and times; one log may mix years of two and four digits."""
    order = "%d/%m" if first else "%m/%d"
    date_formats = [f"{order}/%Y", f"{order}/%y", "%Y/%m/%d"]
    texts = join_texts([days, clock])
    times = parse_each(
        texts, [f"{date_format} %H:%M:%S" for date_format in date_formats]
    )
    if np.isnat(times).all():
        times = parse_each(
            texts, [f"{date_format} %H:%M" for date_format in date_formats]
        )
    return times


def _compare_clock(
    times: np.ndarray, rows: Cells, other: tuple[str, str], *, first: bool
) -> tuple[np.ndarray, list[str]]:
    """Compare the other clock with the main one; use it, corrected, to fill gaps."""
    try:
        days, clock = (rows.texts(name) for name in other)
    except ReadError:
        return times, []
    other_times = _parse_moments(_with_slashes(days), clock, first=first)
    difference = (other_times - times) / SECOND
    difference = difference[~np.isnan(difference)]
    if not difference.size:
        return times, []
    middle = np.median(difference)
    notes: list[str] = [ClockNote.of(other[1], difference)]
    only_other = np.isnat(times) & ~np.isnat(other_times)
    if only_other.any():
        corrected = other_times - np.timedelta64(round(middle * 1000), "ms")
        times = np.where(only_other, corrected, times)
        notes.append(
            f"{only_other.sum()} rows have a time of that clock only:"
            f" used, {middle:.0f} s subtracted"
        )
    return times, notes


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        return text_columns(definition.time), number_columns(definition.time)
    _clock_columns(definition)
    return [name for clock in _CLOCKS.values() for name in clock], []


def _drafted() -> dict[str, tuple[VariableSource, ...]]:
    """Columns of the log; the equilibrator's pressure is a difference."""
    units = {
        ("SST", "Intake Temp"): "degree_Celsius",
        ("SST", "SST"): "degree_Celsius",
        ("salinity", "Salinity"): "1",
        ("T_equ", "equ temp"): "degree_Celsius",
        ("P_atm", "atm press"): "hPa",
        ("xCO2", "CO2 um/m"): "umol mol-1",
        ("xH2O", "H2O mm/m"): "mmol mol-1",
        ("gas_flow", "licor flow"): "mL min-1",
        ("vent_flow", "vent flow"): "mL min-1",
        ("water_flow", "H2O flow"): "L min-1",
        ("T_analyser", "licor temp"): "degree_Celsius",
        ("P_analyser", "licor press"): "hPa",
        ("T_condenser", "cond temp"): "degree_Celsius",
    }
    laboratory = ("WBPressure", "WB Pressure", "licor press")
    pressures = tuple(
        VariableSource(sum=[column, "equ press"], units="hPa") for column in laboratory
    )
    return drafted_sources(units) | {"P_equ": pressures}


def _draft_tables(raw: RawFile) -> tuple[list[str], list[str]]:
    """List the run types, and the concentrations that the operator entered."""
    required = RequiredColumns.of(["Type", "std val"], [])
    table = read_general_oceanics(
        FileDefinition(reader="general_oceanics"), raw, required
    )
    questions = [
        "P_equ: is 'equ press' the difference to this pressure, or a pressure itself?",
        "xCO2: dried before the analyser? else dry = false",
    ]
    types, entered = table.column("Type"), table.column("std val")
    if types is None:
        return [], questions
    labels, counts = np.unique(types.astype(str), return_counts=True)
    counted = ", ".join(
        f"{label} ({c})" for label, c in zip(labels, counts, strict=True) if label
    )
    questions.append(f"run types of the file: {counted}")
    numbers = to_numbers(entered)[0] if entered is not None else np.empty(0)
    for label in labels if numbers.size else []:
        values = numbers[types == label]
        values = values[np.isfinite(values)]
        if label.upper().startswith("STD") and values.size:
            questions.append(
                f"standard {label}: the operator entered {np.median(values):g}; is that"
                " its certificate?"
            )
    return [], questions


def _sniff(head: bytes) -> bool:
    return any(_is_header(line) for line in split_lines(head.decode("latin-1")))


@reader(
    "general_oceanics",
    description="raw log of the General Oceanics 8050 pCO2 system",
    proven=True,
    cite="Pierrot et al. 2009, doi:10.1016/j.dsr2.2008.12.005",
    times=_times,
    time_columns=_time_columns,
    run_columns=("Type",),
    runs=_RUNS,
    short_runs=frozenset(k for k, v in _RUNS.items() if v == "ignored"),
    position={n: VariableSource(column=n) for n in ("latitude", "longitude")},
    options=("clock", "offset_seconds"),
    more_columns=(STANDARD_VALUE,),
    inspect=compare_standards,
    sniff=_sniff,
    drafted=_drafted(),
    draft_tables=_draft_tables,
)
def read_general_oceanics(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one log into cells; a new header may be on any line."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    heads = [i for i, line in enumerate(lines) if _is_header(line)]
    if not heads:
        raise ReadError(
            f"{raw.name}: not a General Oceanics log: no tab-separated header line"
            f" with 'Type' and 'PC Date'; it starts {text[:60]!r}"
        )
    before = sum(1 for line in lines[: heads[0]] if line.strip())
    tables = []
    for start, stop in zip(heads, [*heads[1:], len(lines)], strict=True):
        names = fields(lines[start], "\t")
        while names and not names[-1]:
            names.pop()
        head = Head(start + 1, names, "\t")
        tables.append(split_rows(definition, lines, head, (start + 1, stop), required))
    table = merge_tables(tables)
    table.notes = notes + table.notes
    if before:
        table.warnings.append(
            f"{raw.name}: {before} lines before the header are not read"
        )
    return table


def _is_header(line: str) -> bool:
    if "date" not in line.lower():
        return False
    names = {name.strip(' "').lower() for name in line.split("\t")}
    return "type" in names and bool(names & {"pc date", "gps date"})
