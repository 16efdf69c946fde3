"""ASVCO2 systems: the folders STATS and DRY of a deployment, a file a cycle in each."""

import re
from dataclasses import replace

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.clocks import parse_each
from oceanco2.readers.entries import reader
from oceanco2.readers.mapco2 import RUNS
from oceanco2.readers.mapco2_frames import READING, STATES
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, Wanted, hashes, say_lines
from oceanco2.readers.text import decode, split_lines
from oceanco2.readers.times import Cells, on_the_axis

_WORDS = ("ZPON", "ZPOFF", "ZPPCAL", "SPON", "SPOFF", "SPPCAL")
#: What the flow controller calls the states of a cycle.
_STATES = dict(zip((*_WORDS, "EPON", "EPOFF", "APON", "APOFF"), STATES, strict=True))
_FIELDS = READING[1:]
_FIRST = 3  # of the readings; before them state, serial number and time
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
#: State of the row of a DRY file; its values stand in the rows of their readings.
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
    return on_the_axis(times, where, "the third field", ["time"], rows), []


def _together(tables: list[RawTable]) -> list[RawTable]:
    """Put what the DRY files say into the rows of the STATS files of the same name."""
    state = _NAMES.index("state")
    dry = {t.file: t for t in tables if set(t.cells[state]) <= {_DRY_ROW}}
    out = []
    for table in tables:
        other = dry.get(table.file)
        cells = dict(table.cells)
        for name, where in _DRY.items():
            at = _NAMES.index(name)
            if at not in cells:
                continue
            # In the row of the DRY file it would be of no reading.
            filled = np.full(cells[at].shape, "", dtype=object)
            if other is not None and table is not other:
                filled[cells[state] == where] = other.cells[at][0]
            cells[at] = filled
        out.append(replace(table, cells=cells))
    return out


@reader(
    "asvco2",
    description="folders STATS and DRY of an ASVCO2 (surface vehicles, buoys)",
    cite="Sabine et al. 2020, doi:10.1175/JTECH-D-20-0010.1",
    times=_times,
    time_columns=lambda _: (["time", "state"], []),
    run_columns=("state",),
    runs=RUNS | {_DRY_ROW: "ignored"},
    together=_together,
)
def read_asvco2(definition: FileDefinition, raw: RawFile, wanted: Wanted) -> RawTable:
    """Cut one file of either folder into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    head = next((line.lower() for line in lines if line.strip()), "")
    unread: list[int] = []
    if "xco2(dry)" in head and "state" not in head:
        rows = _dry(lines)
    elif "state" in head or any(map(_READING.match, lines[1 : 1 + len(STATES)])):
        rows, unread = _stats(lines)
    else:
        raise ReadError(
            f"{raw.name}: no header of an ASVCO2 STATS or DRY file;"
            f" it starts {text.strip()[:60]!r}"
        )
    table = _table(rows, wanted)
    table.notes = notes
    if unread:
        table.doubts = [f"{raw.name}: {say_lines(unread)}: no reading, not read"]
    return table


def _stats(
    lines: list[str],
) -> tuple[list[tuple[int, bool, dict[str, str]]], list[int]]:
    """Read ten lines of readings, empty where a state was not run, and what follows."""
    start = next(i for i, line in enumerate(lines) if line.strip()) + 1
    rows: list[tuple[int, bool, dict[str, str]]] = []
    unread = []
    body = lines[start : start + len(STATES)]
    for number, (line, state) in enumerate(zip(body, STATES, strict=False), start + 1):
        fields = [part.strip() for part in line.split(",")]
        if not line.strip():
            continue
        if len(fields) < _FIRST:
            unread.append(number)
            continue
        named = _STATES.get(fields[0].upper(), state)
        whole = len(fields) >= _FIRST + len(_FIELDS)
        row = {"state": named, "serial": fields[1], "time": fields[2]}
        row |= dict(zip(_FIELDS, fields[_FIRST:], strict=False)) if whole else {}
        rows.append((number, whole, row))
    facts = _facts(lines[start + len(STATES) :])
    if rows:
        facts["cycle"] = re.sub(r"\D", "", rows[0][2]["time"])[:14]
    return [(number, whole, row | facts) for number, whole, row in rows], unread


def _facts(lines: list[str]) -> dict[str, str]:
    """Read what stands once in a file: flags and coefficients."""
    text = "\n".join(lines)
    found = {}
    for name, pattern in _COEFFICIENTS.items():
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            found[name] = match[1]
    for line in lines:
        codes = _HEX.findall(line)
        if len(codes) == len(_FLAGS):
            found |= {n: str(int(c, 16)) for n, c in zip(_FLAGS, codes, strict=True)}
            break
    return found


def _dry(lines: list[str]) -> list[tuple[int, bool, dict[str, str]]]:
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


def _table(rows: list[tuple[int, bool, dict[str, str]]], wanted: Wanted) -> RawTable:
    names = list(_NAMES)
    needed = {*wanted.among(names), names.index("state")}
    cells = {
        column: np.array([row.get(names[column], "") for *_, row in rows], dtype=object)
        for column in needed
    }
    return RawTable(
        names,
        cells,
        np.array([number for number, *_ in rows], dtype=np.int32),
        np.array([not whole for _, whole, _ in rows], dtype=bool),
        hashes(["\t".join(map(str, row.values())) for *_, row in rows]),
    )
