"""ASVCO2 systems: folders STATS and DRY with one file per cycle."""

import re
from dataclasses import replace

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.formats.mapco2 import (
    READING,
    RUNS,
    STATES,
    draft_tables,
    drafted_columns,
)
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, format_lines, hash_lines
from oceanco2.readers.times import Cells, check_times, parse_each
from oceanco2.text import decode, split_lines

_GAS_STATES = ("ZPON", "ZPOFF", "ZPPCAL", "SPON", "SPOFF", "SPPCAL")
#: Names of the states of a cycle in the files.
_STATES = dict(
    zip((*_GAS_STATES, "EPON", "EPOFF", "APON", "APOFF"), STATES, strict=True)
)
_FIELDS = READING[1:]
_FIRST_FIELD = 3  # field of the readings, after state, serial number and time
_COEFFICIENTS = {
    "zero coefficient": r"(?:\bzero coefficient|co2kzero)\s*:\s*([-+.\dEe]+)",
    "span coefficient": r"(?:\bspan coefficient|co2kspan)\s*:\s*([-+.\dEe]+)",
    "span2 coefficient": r"(?:\bspan2 coefficient|co2kspan2)\s*:\s*([-+.\dEe]+)",
}
#: Error flags in the order of their line, four hexadecimal digits each.
_FLAGS = (
    *("general flags", "zero flags", "span flags", "span2 flags"),
    *("equil air flags", "clock flags", "flow flags", "licor flags"),
)
#: State, serial number, time.
_READING = re.compile(r"[^,]*,[^,]*,\s*\d{4}-\d\d-\d\dT")
_HEX = re.compile(r"\b(?:0x)?([0-9A-Fa-f]{4})\b")
_DRY = {"SW_xCO2(dry)": "equil off", "Atm_xCO2(dry)": "air off"}
#: State of the row of a DRY file; its values are moved to the rows of STATS.
_DRY_ROW = "dry"
_NAMES = (
    *("state", "time", "serial", "cycle", *_FIELDS, *_COEFFICIENTS, *_FLAGS),
    *_DRY,
)
_FORMATS = [
    f"%Y-%m-%dT%H:%M:%S{fraction}{zone}"
    for fraction in ("", ".%f")
    for zone in ("Z", "")
]


def _times(
    _definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    times = parse_each(rows.texts("time", required=True), _FORMATS)
    return check_times(times, where, "the third field", ["time"], rows), []


def _join_folders(tables: list[RawTable]) -> list[RawTable]:
    """Move the values of DRY files to the rows of the STATS files of the same name."""
    state = _NAMES.index("state")
    dry = {t.file: t for t in tables if set(t.cells[state]) <= {_DRY_ROW}}
    out = []
    for table in tables:
        other = dry.get(table.file)
        cells = dict(table.cells)
        for name, where in _DRY.items():
            position = _NAMES.index(name)
            if position not in cells:
                continue
            # The row of the DRY file itself is not a reading.
            filled = np.full(cells[position].shape, "", dtype=object)
            if other is not None and table is not other:
                filled[cells[state] == where] = other.cells[position][0]
            cells[position] = filled
        out.append(replace(table, cells=cells))
    return out


def _sniff(head: bytes) -> bool:
    lines = [x for x in split_lines(head.decode("latin-1")) if x.strip()]
    is_dry = bool(lines) and "xco2(dry)" in lines[0].lower()
    states = {line.partition(",")[0].strip().upper() for line in lines[1:]}
    readings = any(map(_READING.match, lines[1:]))
    return (is_dry and len(lines) <= _DRY_LINES) or (
        readings and len(states & set(_STATES)) > 1
    )


_DRY_LINES = 3  # header and one line of values; a table would go on


@reader(
    "asvco2",
    description="folders STATS and DRY of an ASVCO2 (surface vehicles, buoys)",
    cite="Sabine et al. 2020, doi:10.1175/JTECH-D-20-0010.1",
    times=_times,
    time_columns=lambda _: (["time", "state"], []),
    run_columns=("state",),
    runs=RUNS | {_DRY_ROW: "ignored"},
    together=_join_folders,
    sniff=_sniff,
    drafted=drafted_columns(),
    draft_tables=draft_tables,
)
def read_asvco2(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one file of either folder into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    head = next((line.lower() for line in lines if line.strip()), "")
    unread: list[int] = []
    if "xco2(dry)" in head and "state" not in head:
        rows = _read_dry(lines)
    elif "state" in head or any(map(_READING.match, lines[1 : 1 + len(STATES)])):
        rows, unread = _read_stats(lines)
    else:
        raise ReadError(
            f"{raw.name}: no header of an ASVCO2 STATS or DRY file;"
            f" it starts {text.strip()[:60]!r}"
        )
    table = _table(rows, required)
    table.notes = notes
    if unread:
        table.warnings = [f"{raw.name}: skipped {format_lines(unread)}: not a reading"]
    return table


def _read_stats(
    lines: list[str],
) -> tuple[list[tuple[int, bool, dict[str, str]]], list[int]]:
    """Read ten lines of readings (empty for skipped states) and the diagnostics."""
    start = next(i for i, line in enumerate(lines) if line.strip()) + 1
    rows: list[tuple[int, bool, dict[str, str]]] = []
    unread = []
    body = lines[start : start + len(STATES)]
    for number, (line, state) in enumerate(zip(body, STATES, strict=False), start + 1):
        fields = [part.strip() for part in line.split(",")]
        if not line.strip():
            continue
        if len(fields) < _FIRST_FIELD:
            unread.append(number)
            continue
        state_name = _STATES.get(fields[0].upper(), state)
        complete = len(fields) >= _FIRST_FIELD + len(_FIELDS)
        row = {"state": state_name, "serial": fields[1], "time": fields[2]}
        row |= (
            dict(zip(_FIELDS, fields[_FIRST_FIELD:], strict=False)) if complete else {}
        )
        rows.append((number, complete, row))
    diagnostics = _read_diagnostics(lines[start + len(STATES) :])
    if rows:
        diagnostics["cycle"] = re.sub(r"\D", "", rows[0][2]["time"])[:14]
    return [
        (number, complete, row | diagnostics) for number, complete, row in rows
    ], unread


def _read_diagnostics(lines: list[str]) -> dict[str, str]:
    """Read flags and coefficients, given once per file."""
    text = "\n".join(lines)
    values = {}
    for name, pattern in _COEFFICIENTS.items():
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            values[name] = match[1]
    for line in lines:
        codes = _HEX.findall(line)
        if len(codes) == len(_FLAGS):
            values |= {n: str(int(c, 16)) for n, c in zip(_FLAGS, codes, strict=True)}
            break
    return values


def _read_dry(lines: list[str]) -> list[tuple[int, bool, dict[str, str]]]:
    """Read the line of a DRY file: time, sea water, air."""
    numbered = [(i, line) for i, line in enumerate(lines, 1) if line.strip()][1:2]
    rows = []
    for number, line in numbered:
        fields = [part.strip() for part in line.split(",")]
        fields += [""] * (3 - len(fields))
        row = {"state": _DRY_ROW, "time": fields[0]}
        row |= dict(zip(_DRY, fields[1:3], strict=True))
        rows.append((number, True, row))
    return rows


def _table(
    rows: list[tuple[int, bool, dict[str, str]]], required: RequiredColumns
) -> RawTable:
    names = list(_NAMES)
    columns = {*required.positions_in(names), names.index("state")}
    cells = {
        column: np.array([row.get(names[column], "") for *_, row in rows], dtype=object)
        for column in columns
    }
    return RawTable(
        names,
        cells,
        np.array([number for number, *_ in rows], dtype=np.int32),
        np.array([not complete for _, complete, _ in rows], dtype=bool),
        hash_lines(["\t".join(map(str, row.values())) for *_, row in rows]),
    )
