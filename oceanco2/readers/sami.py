"""Sunburst SAMI2-CO2: hexadecimal records in a logger's lines, client text files."""

import re

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.stamps import STAMP, stamped_columns, stamped_times
from oceanco2.readers.table import RawTable, Wanted, table_of
from oceanco2.readers.text import decode, split_lines

_RECORD = re.compile(r"\*([0-9A-Fa-f]{8,})")
#: Records count seconds from here.
_EPOCH = float(np.datetime64("1904-01-01", "s").astype("int64"))
_MEASUREMENT, _BLANK, _CONTROL = 4, 5, 128
_LIGHTS = 14
_NAMES = ("seconds", "type", *(f"light {i}" for i in range(1, 15)), "battery")
_NAMES = (*_NAMES, "thermistor", "id")


@reader(
    "sami",
    description="Sunburst SAMI2-CO2: hexadecimal records or a client's text file",
    proven=True,
    cite="OOI data product specification 1341-00490",
    times=stamped_times,
    time_columns=stamped_columns,
    run_columns=("kind",),
    runs={"measurement": "water", "blank": "zero"},
    sniff=lambda head: (
        re.search(rb"\*[0-9A-F]{4}0[45][0-9A-F]{70}", head) is not None
        or b":SAMIinfo" in head
    ),
)
def read_sami(definition: FileDefinition, raw: RawFile, _wanted: Wanted) -> RawTable:
    """Cut the records of one file into rows."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    client = next((i for i, s in enumerate(lines) if s.startswith(":Data")), None)
    rows: list[tuple[int, list[float]]] = []
    wrong: list[int] = []
    others = 0
    for number, line in enumerate(lines, 1):
        if client is not None and number > client + 1:
            values = _decimal(line)
            rows += [(number, values)] if values else []
            wrong += [number] if values is None and line.strip() else []
            continue
        match = _RECORD.search(line)
        if not match:
            continue
        found = parse_record(match.group(1))
        if found is None:
            wrong.append(number)
        elif len(found) > 2 + _LIGHTS:
            rows.append((number, found))
        else:
            others += 1
    if not rows:
        raise ReadError(f"{raw.name}: no record of a SAMI2-CO2 measurement")
    table = _table(rows)
    table.notes = [*notes, *([f"{raw.name}: {others} other records"] if others else [])]
    if wrong:
        shown = ", ".join(map(str, wrong[:8])) + (" ..." if len(wrong) > 8 else "")
        table.doubts = [
            f"{raw.name}: {len(wrong)} records cut or with a wrong checksum"
            f" (lines {shown}): not used"
        ]
    return table


def _table(rows: list[tuple[int, list[float]]]) -> RawTable:
    cells = np.array([values for _, values in rows])
    columns = {name: cells[:, i].copy() for i, name in enumerate(_NAMES)}
    columns[STAMP] = columns["seconds"] + _EPOCH
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
    content = _sound(text)
    if content is None:
        return None
    length, kind = content[1], content[2]
    if kind >= _CONTROL or length < 7:
        return [float("nan"), float(kind)]
    seconds = float(int.from_bytes(content[3:7], "big"))
    if kind not in (_MEASUREMENT, _BLANK):
        return [seconds, float(kind)]
    payload = content[7:length]
    words = [payload[i : i + 2] for i in range(0, len(payload), 2)]
    if len(words) != _LIGHTS + 2:
        return None
    numbers = [float(int.from_bytes(word, "big")) for word in words]
    return [seconds, float(kind), *numbers, float(content[0])]


def _sound(text: str) -> bytes | None:
    """Bytes of a record that is whole and whose checksum is right."""
    try:
        content = bytes.fromhex(text[: len(text) // 2 * 2])
    except ValueError:
        return None
    if len(content) < 3 or len(content) < content[1] + 1:
        return None
    length = content[1]
    right = sum(content[1:length]) % 256 == content[length]
    return content if right else None


def _decimal(line: str) -> list[float] | None:
    """Read one line of a client's text file; nothing for records of other kinds."""
    try:
        numbers = [float(part) for part in line.split()]
    except ValueError:
        return None
    if not numbers:
        return []
    if int(numbers[0]) not in (_MEASUREMENT, _BLANK):
        return []
    if len(numbers) < 4 + _LIGHTS:
        return None
    kind, seconds, *words = numbers[: 4 + _LIGHTS]
    return [seconds, kind, *words, float("nan")]
