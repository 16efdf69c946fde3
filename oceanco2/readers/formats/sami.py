"""Sunburst SAMI2-CO2: hexadecimal records in a log, and client text files."""

import re

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, table_of
from oceanco2.readers.times import TIMESTAMP, timestamp_columns, timestamp_times
from oceanco2.text import decode, split_lines

_RECORD = re.compile(r"\*([0-9A-Fa-f]{8,})")
#: Origin of the seconds of records.
_EPOCH = float(np.datetime64("1904-01-01", "s").astype("int64"))
_MEASUREMENT, _BLANK, _CONTROL = 4, 5, 128
_LIGHT_COUNT = 14
_NAMES = ("seconds", "type", *(f"light {i}" for i in range(1, 15)), "battery")
_NAMES = (*_NAMES, "thermistor", "id")

#: Constants of the calibration in the order of Cal1 to Cal4 of a client's file.
_CONSTANTS = ("CalA", "CalB", "CalC", "CalT")


def _draft_tables(raw: RawFile) -> tuple[list[str], list[str]]:
    """Write the calibration of the sensor, if the head of the file has it."""
    text, _ = decode(raw.content, "auto", raw.name)
    head = text.partition(":Data")[0]
    lines = ["\n[calibration]", 'model = "sami"']
    found = dict(
        re.findall(r"\bCal([1-4])[\s:=,]+([-+]?[\d.]+(?:[eE][-+]?\d+)?)", head)
    )
    if len(found) < len(_CONSTANTS):
        missing = [f"# {name} = NUMBER" for name in _CONSTANTS]
        question = "[sami] CalA, CalB, CalC, CalT: from the sheet of the sensor"
        return [*lines, "# [sami]", *missing], [question]
    values = [f"{n} = {float(found[str(i)])!r}" for i, n in enumerate(_CONSTANTS, 1)]
    question = "[sami] Cal1 to Cal4 of the file taken as CalA, CalB, CalC, CalT"
    return [*lines, "\n[sami]", *values], [question]


@reader(
    "sami",
    description="Sunburst SAMI2-CO2: hexadecimal records or a client's text file",
    proven=True,
    cite="OOI data product specification 1341-00490",
    times=timestamp_times,
    time_columns=timestamp_columns,
    run_columns=("kind",),
    runs={"measurement": "water", "blank": "zero"},
    sniff=lambda head: (
        re.search(rb"\*[0-9A-F]{4}0[45][0-9A-F]{70}", head) is not None
        or b":SAMIinfo" in head
    ),
    drafted={
        "light_434": (VariableSource(column="light 7", units="1"),),
        "light_620": (VariableSource(column="light 8", units="1"),),
        "thermistor": (VariableSource(column="thermistor", units="1"),),
    },
    draft_tables=_draft_tables,
)
def read_sami(
    definition: FileDefinition, raw: RawFile, _required: RequiredColumns
) -> RawTable:
    """Convert the records of one file to rows."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    client = next((i for i, s in enumerate(lines) if s.startswith(":Data")), None)
    rows: list[tuple[int, list[float]]] = []
    rejected: list[int] = []
    other_count = 0
    for number, line in enumerate(lines, 1):
        if client is not None and number > client + 1:
            values = _parse_client_line(line)
            rows += [(number, values)] if values else []
            rejected += [number] if values is None and line.strip() else []
            continue
        match = _RECORD.search(line)
        if not match:
            continue
        record = parse_record(match.group(1))
        if record is None:
            rejected.append(number)
        elif len(record) > 2 + _LIGHT_COUNT:
            rows.append((number, record))
        else:
            other_count += 1
    if not rows:
        raise ReadError(
            f"{raw.name}: no SAMI2-CO2 measurement found; it starts {text[:60]!r}"
        )
    table = _table(rows)
    table.notes = notes
    if other_count:
        table.notes = [*notes, f"{raw.name}: {other_count} other records"]
    if rejected:
        more = " ..." if len(rejected) > 8 else ""
        line_list = ", ".join(map(str, rejected[:8])) + more
        table.warnings = [
            f"{raw.name}: {len(rejected)} records truncated or with a wrong checksum"
            f" (lines {line_list}): not used"
        ]
    return table


def _table(rows: list[tuple[int, list[float]]]) -> RawTable:
    cells = np.array([values for _, values in rows])
    columns = {name: cells[:, i].copy() for i, name in enumerate(_NAMES)}
    columns[TIMESTAMP] = columns["seconds"] + _EPOCH
    kinds = np.where(cells[:, 1] == _BLANK, "blank", "measurement").astype(object)
    lines = np.array([number for number, _ in rows], dtype=np.int32)
    return table_of({"kind": kinds} | columns, lines)


def parse_record(text: str) -> list[float] | None:
    """Read one hexadecimal record.

    Examples
    --------
    >>> parse_record(
    ...     "C22704CF8F37A30044004C0D0F024307B001FB09C80E7D0044004B0D0E024207B201FB"
    ...     "0C5B07E357")[:5]
    [3482269603.0, 4.0, 68.0, 76.0, 3343.0]
    """
    content = _valid_content(text)
    if content is None:
        return None
    length, kind = content[1], content[2]
    if kind >= _CONTROL or length < 7:
        return [float("nan"), float(kind)]
    seconds = float(int.from_bytes(content[3:7], "big"))
    if kind not in (_MEASUREMENT, _BLANK):
        return [seconds, float(kind)]
    payload = content[7:length]
    counts = [payload[i : i + 2] for i in range(0, len(payload), 2)]
    if len(counts) != _LIGHT_COUNT + 2:
        return None
    numbers = [float(int.from_bytes(count, "big")) for count in counts]
    return [seconds, float(kind), *numbers, float(content[0])]


def _valid_content(text: str) -> bytes | None:
    """Bytes of a complete record with a correct checksum; None otherwise."""
    try:
        content = bytes.fromhex(text[: len(text) // 2 * 2])
    except ValueError:
        return None
    if len(content) < 3 or len(content) < content[1] + 1:
        return None
    length = content[1]
    matches = sum(content[1:length]) % 256 == content[length]
    return content if matches else None


def _parse_client_line(line: str) -> list[float] | None:
    """Parse one line of a client text file; empty for records of other kinds."""
    try:
        numbers = [float(part) for part in line.split()]
    except ValueError:
        return None
    if not numbers:
        return []
    if int(numbers[0]) not in (_MEASUREMENT, _BLANK):
        return []
    if len(numbers) < 4 + _LIGHT_COUNT:
        return None
    kind, seconds, *counts = numbers[: 4 + _LIGHT_COUNT]
    return [seconds, kind, *counts, float("nan")]
