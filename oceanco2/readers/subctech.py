"""Logs of the SubCTech OceanPack and its kin: records that name themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.cells import fields
from oceanco2.readers.clocks import MS, milliseconds, parse_each
from oceanco2.readers.delimited import table_of_lines
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, Wanted, merged, say_lines
from oceanco2.readers.text import decode, split_lines
from oceanco2.readers.times import (
    Cells,
    joined_texts,
    number_columns,
    on_the_axis,
    read_times,
    text_columns,
)

#: States of the valves; all others are transitions.
_RUNS = {
    **dict.fromkeys(("1", "2", "15", "18"), "standard"),
    "5": "water",
    "22": "air",
    "*": "ignored",
}
_TAGS = ("DATA", "SENSOR", "NAME", "UNIT", "A0", "A1", "A2", "MEAN", "RATE")
# A record may begin in the middle of a line that was broken off.
_RECORD = re.compile(rf"(?=@(?:{'|'.join(_TAGS)}),)")
_GPS = "GPS Time"
_FREE = 10  # lines of text at the top that are worth keeping


@dataclass(slots=True)
class _Part:
    """Records below one head."""

    names: list[str]
    units: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """What a log holds: heads with records, and lines that belong to none."""

    parts: list[_Part]
    said: list[str] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read date, time and milliseconds of the logger; say how far off the GPS is."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    columns = ["DATE", "TIME"]
    texts = joined_texts([rows.texts(name, required=True) for name in columns])
    times = parse_each(texts, ["%Y-%m-%d %H:%M:%S"])
    part = _numbers(rows, "FRAC")
    times = times + milliseconds(np.where((part >= 0) & (part < 1000), part, 0.0))
    notes = []
    apart = _gps_minus(rows, times)
    if np.isfinite(apart).any():
        low, middle, high = np.nanpercentile(apart, [0, 50, 100])
        notes.append(
            f"clock of the GPS minus the one used: median {middle:.0f} s, from"
            f" {low:.0f} to {high:.0f} s"
        )
    return on_the_axis(times, where, "'DATE' and 'TIME'", columns, rows), notes


def _numbers(rows: Cells, name: str) -> np.ndarray:
    try:
        return rows.numbers(name)[0]
    except ReadError:
        return np.full(rows.joined("lines").shape, np.nan)


def _gps_minus(rows: Cells, times: np.ndarray) -> np.ndarray:
    """Seconds by which the time of day of the GPS (hhmmss) is ahead."""
    said = np.floor(_numbers(rows, _GPS))
    hours, rest = np.divmod(said, 10000.0)
    minutes, seconds = np.divmod(rest, 100.0)
    fine = (said >= 0) & (hours < 24) & (minutes < 60) & (seconds < 61)
    ours = (times - times.astype("datetime64[D]")) / np.timedelta64(1, "s")
    apart = hours * 3600.0 + minutes * 60.0 + seconds - ours
    return np.where(fine, (apart + 43200.0) % 86400.0 - 43200.0, np.nan)


def _clocks(rows: Cells, times: np.ndarray) -> dict[str, np.ndarray]:
    """Make the times of the GPS, which gives no date."""
    ours = times.astype(MS)
    return {"gps": ours + milliseconds(_gps_minus(rows, ours) * 1000.0)}


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        way = definition.time
        return text_columns(way), [*number_columns(way), _GPS]
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
    position={
        "latitude": VariableSource(column="Latitude", format="ddmm.mmmm"),
        "longitude": VariableSource(column="Longitude", format="ddmm.mmmm"),
    },
)
def read_subctech(definition: FileDefinition, raw: RawFile, wanted: Wanted) -> RawTable:
    """Cut one log into cells; a new head may stand anywhere."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    found = _sorted(split_lines(text), definition.names)
    if not found.parts:
        raise ReadError(
            f"{raw.name}: is no SubCTech log: no record @NAME; it starts {text[:60]!r}"
        )
    decimal = definition.decimal
    table = merged(
        [
            table_of_lines(part.names, ",", part.rows, part.places, wanted, decimal)
            for part in found.parts
        ]
    )
    for part in found.parts:
        for name, unit in zip(part.names, part.units, strict=False):
            table.units.setdefault(name.lower(), set()).add(unit)
    # What the instrument says of itself: firmware, serial numbers.
    said = list(dict.fromkeys(found.said))[:_FREE]
    table.notes = [*notes, *(f"{raw.name}: {line}" for line in said)]
    for places, what in (
        (found.orphans, "before the first @NAME: not read"),
        (found.strange, "of no record: not read"),
    ):
        if places:
            table.doubts.append(f"{raw.name}: {say_lines(places)} {what}")
    return table


def _pieces(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield records with their line, tag and rest; other text has no tag."""
    for place, line in enumerate(lines, start=1):
        for piece in _RECORD.split(line) if "@" in line else [line]:
            tag, _, rest = piece.partition(",")
            if tag[:1] == "@" and tag[1:] in _TAGS:
                yield place, tag[1:], rest
            elif piece.strip():
                yield place, "", piece.strip()


def _sorted(lines: list[str], names: list[str] | None) -> _Found:
    """Put records below their heads; text before a head belongs to it."""
    found = _Found([_Part([name.strip() for name in names])] if names else [])
    text: list[tuple[int, str]] = []
    for place, tag, rest in _pieces(lines):
        if tag == "NAME":
            found.parts.append(_Part(_trimmed(rest)))
            found.said += [line[:200] for _, line in text]
            text = []
        elif tag == "UNIT" and found.parts:
            found.parts[-1].units = [_unit(unit) for unit in fields(rest, ",")]
        elif tag == "DATA":
            found.strange += [at for at, _ in text]
            text = []
            if found.parts:
                found.parts[-1].places.append(place)
                found.parts[-1].rows.append(rest)
            else:
                found.orphans.append(place)
        elif not tag:
            text.append((place, rest))
    found.strange += [at for at, _ in text]
    return found


def _trimmed(rest: str) -> list[str]:
    names = fields(rest, ",")
    while names and not names[-1]:
        names.pop()
    return names


def _unit(text: str) -> str:
    """Read a unit whose degree sign may have been broken on the way."""
    plain = re.sub(r"[^\x20-\x7e]+", "°", text).strip()
    return {"°C": "degC", "°": "deg"}.get(plain, plain)
