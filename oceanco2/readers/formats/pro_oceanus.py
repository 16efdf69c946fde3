"""Pro-Oceanus CO2-Pro: lines of a logger, alternating water and air."""

import re
from collections.abc import Sequence

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.platforms.schema import Time
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, table_of
from oceanco2.readers.times import default_clock
from oceanco2.text import decode, split_lines

_NUMBER = r"([-+]?\d+(?:\.\d+)?)"
_LINE = re.compile(
    r"\s*(?:(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d+)\s+)?"
    r"#(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d), ?M," + ",".join([_NUMBER] * 9) + r",([WA])\s*"
)
#: As the instrument prints itself: run type, kind M, clock, values, supply voltage.
_NATIVE = re.compile(
    r"\s*(?:(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\s+)?#?([WA]) M, ?"
    + r"(\d{4}),(\d\d?),(\d\d?),(\d\d?),(\d\d?),(\d\d?),"
    + ",".join([rf" ?{_NUMBER}"] * 8)
    + r",?\s*"
)
#: A status message of the logger.
_MESSAGE = re.compile(r"\s*\S+ \S+\s+\[[^\]]*\]?:")
_NAMES = (
    *("zero", "current", "CO2", "T irga", "humidity", "T humidity"),
    *("P gas", "T detector", "T source"),
)
_SUPPLY = "supply voltage"
_times, _time_columns = default_clock(
    Time(columns=["instrument time"], format="%Y/%m/%d %H:%M:%S")
)

_SNIFF = re.compile(
    rb"#\d{4}/\d\d/\d\d [\d:]{8}, ?M,|(?:^|[\n\r#]|\d\s)[WA] M, ?\d{4},\d\d?,"
)


def _fields(groups: Sequence[str | None], *, native: bool) -> tuple[str, ...]:
    """Bring the fields of a line into one order: clocks, numbers, supply, state."""
    texts = tuple(text or "" for text in groups)
    if not native:
        return (*texts[:11], "", texts[11])
    logger, state, *rest = texts
    year, *clock = (part.zfill(2) for part in rest[:6])
    time = f"{year}/{clock[0]}/{clock[1]} {':'.join(clock[2:])}"
    return (logger, time, *rest[6:13], "", "", rest[13], state)


@reader(
    "pro_oceanus",
    description="Pro-Oceanus CO2-Pro and CO2-Pro ATM, lines of a logger (OOI)",
    proven=True,
    times=_times,
    time_columns=_time_columns,
    run_columns=("state",),
    runs={"W": "water", "A": "air"},
    sniff=lambda head: _SNIFF.search(head) is not None,
    drafted={
        "xCO2": (VariableSource(column="CO2", units="ppm", dry=False),),
        "P_analyser": (VariableSource(column="P gas", units="mbar"),),
        "P_equ": (VariableSource(column="P gas", units="mbar"),),
        "P_vapour": (VariableSource(column="humidity", units="mbar"),),
        "zero_count": (VariableSource(column="zero", units="1"),),
        "current_count": (VariableSource(column="current", units="1"),),
        "T_analyser": (VariableSource(column="T irga", units="degree_Celsius"),),
    },
    draft_tables=lambda _: (["\n[calibration]", 'model = "pro_oceanus"'], []),
)
def read_pro_oceanus(
    definition: FileDefinition, raw: RawFile, _required: RequiredColumns
) -> RawTable:
    """Split the lines of one file into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    numbers: list[int] = []
    readings: list[tuple[str, ...]] = []
    broken: list[int] = []
    messages = 0
    for number, line in enumerate(split_lines(text), 1):
        match = _LINE.fullmatch(line) or _NATIVE.fullmatch(line)
        if match:
            numbers.append(number)
            readings.append(_fields(match.groups(), native=match.re is _NATIVE))
        elif line.strip():
            message = _MESSAGE.match(line) is not None
            messages += message
            broken += [] if message else [number]
    if not readings:
        raise ReadError(
            f"{raw.name}: no reading of a CO2-Pro found; it starts {text[:60]!r}"
        )
    parts = list(zip(*readings, strict=True))
    columns = {
        "logger time": np.array(parts[0], dtype=object),
        "instrument time": np.array(parts[1], dtype=object),
    }
    for name, texts in zip((*_NAMES, _SUPPLY), parts[2:12], strict=True):
        columns[name] = np.array([text or "nan" for text in texts], dtype=float)
    columns["state"] = np.array(parts[12], dtype=object)
    table = table_of(columns, np.array(numbers, dtype=np.int32))
    table.notes = [*notes, *([f"{raw.name}: {messages} messages"] if messages else [])]
    if broken:
        line_list = ", ".join(map(str, broken[:8])) + (
            " ..." if len(broken) > 8 else ""
        )
        table.warnings = [
            f"{raw.name}: {len(broken)} broken lines ({line_list}): not used"
        ]
    return table
