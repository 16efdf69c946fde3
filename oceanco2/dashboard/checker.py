"""Read an upload file as the SOCAT dashboard would and say what it would say.

The rules are those of SOCAT.md 1.1 to 1.6: metadata lines, header, recognition of
columns, required content, numbers, limits and track.
"""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

import numpy as np

from oceanco2.dashboard.expocode import check_expocode
from oceanco2.dashboard.messages import Message
from oceanco2.dashboard.recognition import (
    OTHER,
    UNKNOWN,
    DataType,
    data_types,
    missing_codes,
    type_of,
)
from oceanco2.dashboard.track import check_track
from oceanco2.errors import ProcessingError

_TIME = ("year", "month", "day", "hour", "minute", "second")
_TEXT = ("expocode", "platform_name", "investigators", "organization", "platform_type")
_TAGS = {
    "expocode": r"(dataset|cruise)?\s*expocode",
    "platform_name": r"(platform|vessel|ship)(\s*name)?",
    "investigators": r"(investigator|pi)(\s*name)?s?",
    "organization": r"((investigator|pi)\s*)?(organization|org)s?",
    "platform_type": r"((platform|vessel)\s*)?type",
    "suggested_flag": r"(pi\s*suggested|suggested|pi)\s*qc",
}
_LINES = {
    item: re.compile(rf"#*\s*{tag}\s*[:=]\s*(?P<value>\S.*)", re.IGNORECASE)
    for item, tag in _TAGS.items()
}


@dataclass(frozen=True, slots=True)
class Check:
    """An upload file as the dashboard reads it.

    Attributes
    ----------
    metadata : mapping of str to str
        Items of the metadata lines.
    header : tuple of str
        Column names, units included.
    types : tuple of str
        Type of each column; ``(unknown)`` where it is not recognised.
    rows : tuple of list of str
        Data rows.
    messages : tuple of Message
        Empty if there is nothing to say.
    """

    metadata: Mapping[str, str]
    header: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[list[str], ...]
    messages: tuple[Message, ...]

    def column(self, kind: str) -> list[str]:
        """Return the cells of a column.

        Parameters
        ----------
        kind : str
            Its type.

        Returns
        -------
        list of str
            One for each row.
        """
        place = self.types.index(kind)
        return [row[place] for row in self.rows]


def check_text(text: str, *, separator: str = "\t") -> Check:
    """Read an upload file under the rules of the dashboard.

    Parameters
    ----------
    text : str
        The whole file.
    separator : str, default tab
        As declared at upload.

    Returns
    -------
    Check
        What was read, and every message: those of the file first, then by row.
    """
    records = csv.reader(io.StringIO(text), delimiter=separator)
    metadata, header, rows = _split(
        [[cell.strip() for cell in record] for record in records]
    )
    types = tuple(map(type_of, header))
    found = [*_about_file(metadata, header, types)]
    found += [
        Message(
            number, (), "CRITICAL", "fields", f"{len(row)} fields, not {len(header)}"
        )
        for number, row in enumerate(rows, 1)
        if len(row) != len(header)
    ]
    if not any(message.severity == "CRITICAL" for message in found):
        found += _about_rows(types, rows)
    found.sort(key=lambda message: message.row)
    return Check(metadata, tuple(header), types, tuple(rows), tuple(found))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _split(
    records: list[list[str]],
) -> tuple[dict[str, str], list[str], list[list[str]]]:
    """Metadata lines, header (units joined to the names) and data rows."""
    full = [record for record in records if any(record)]
    metadata: dict[str, str] = {}
    for number, record in enumerate(full):
        if len(record) >= 6 and all(record) and not any(map(_is_number, record)):
            rest = full[number + 1 :]
            if rest and not any(map(_is_number, rest[0])):
                pairs = zip_longest(record, rest.pop(0), fillvalue="")
                named = [f"{name} [{unit}]" if unit else name for name, unit in pairs]
                return metadata, named, rest
            return metadata, record, rest
        line = " ".join(record)
        for item, pattern in _LINES.items():
            match = pattern.fullmatch(line)
            if match:
                metadata[item] = match["value"]
    return metadata, [], []


def _about_file(
    metadata: Mapping[str, str], header: Sequence[str], types: Sequence[str]
) -> list[Message]:
    if not header:
        return [
            Message(
                0, (), "CRITICAL", "column", "no line with the names of the columns"
            )
        ]
    said = [
        f"no {item.replace('_', ' ')}"
        for item in ("expocode", "platform_name", "investigators")
        if item not in metadata and item not in types
    ]
    try:
        check_expocode(metadata.get("expocode", "99ZZ20000101"))
    except ProcessingError as error:
        said.append(str(error))
    if not re.fullmatch(r"[A-Z]", metadata.get("suggested_flag", "B")):
        said.append(f"suggested QC {metadata['suggested_flag']!r} is not a letter")
    people = metadata.get("investigators", "").count(";")
    groups = metadata.get("organization", "").count(";")
    if groups not in (0, people):
        said.append("organizations: one, or one for each investigator")
    said += [f"no column of type {kind}" for kind in _required() - set(types)]
    if not any(re.match(r"[xpf]CO2_water_", kind) for kind in types):
        said.append("no xCO2, pCO2 or fCO2 of sea water")
    counts = Counter(kind for kind in types if kind not in (UNKNOWN, OTHER))
    said += [f"type {kind} twice" for kind, count in counts.items() if count > 1]
    found = [Message(0, (), "CRITICAL", "metadata", text) for text in said]
    for number, (name, kind) in enumerate(zip(header, types, strict=True), 1):
        if kind == UNKNOWN:
            text = f"{name} is not recognised"
            found.append(Message(0, (number,), "CRITICAL", "column", text))
    return found


def _required() -> set[str]:
    return {"longitude", "latitude", *_TIME[:5]}


def _about_rows(types: Sequence[str], rows: Sequence[list[str]]) -> list[Message]:
    limits = data_types()
    found = []
    numbers = {}
    for place, kind in enumerate(types):
        cells = [row[place] for row in rows]
        if kind in _TEXT:
            if len(set(cells)) > 1:
                found.append(
                    Message(0, (place + 1,), "ERROR", "metadata", f"{kind} varies")
                )
        elif kind.startswith("WOCE"):
            found += _codes(cells, limits[kind], place + 1)
        elif kind in limits and limits[kind].kind != "String":
            values, messages = _numbers(cells, limits[kind], place + 1)
            numbers[kind] = values
            found += messages
    return [*found, *_about_track(types, numbers)]


def _codes(cells: Sequence[str], column: DataType, number: int) -> list[Message]:
    """Check flags; they are compared as texts."""
    codes = set(missing_codes())
    found = []
    for row, cell in enumerate(cells, 1):
        if cell.upper() in codes:
            continue
        for severity, (low, high) in (
            ("ERROR", column.error),
            ("WARNING", column.warn),
        ):
            if not f"{low:g}" <= cell <= f"{high:g}":
                reason = f"{cell} outside [{low:g}, {high:g}]"
                found.append(Message(row, (number,), severity, "range", reason))
                break
    return found


def _numbers(
    cells: Sequence[str], column: DataType, number: int
) -> tuple[np.ndarray, list[Message]]:
    """Values of a column, NaN where missing or no number, and what is wrong."""
    codes = set(missing_codes())
    worst = "CRITICAL" if column.name in {*_required(), "second"} else "ERROR"
    values = np.full(len(cells), np.nan)
    found = []
    for i, cell in enumerate(cells):
        if cell.upper() in codes:
            continue
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            values[i] = value
        else:
            reason = f"not a number: {cell}"
            found.append(Message(i + 1, (number,), worst, "number", reason))
    for severity, (low, high) in ((worst, column.error), ("WARNING", column.warn)):
        outside = (values < low) | (values > high)
        if severity == "WARNING":
            outside &= (values >= column.error[0]) & (values <= column.error[1])
        for row in np.flatnonzero(outside):
            reason = f"{values[row]:g} outside [{low:g}, {high:g}]"
            found.append(Message(int(row) + 1, (number,), severity, "range", reason))
    return values, found


def _about_track(
    types: Sequence[str], numbers: Mapping[str, np.ndarray]
) -> list[Message]:
    times = tuple(types.index(part) + 1 for part in _TIME if part in types)
    place = tuple(types.index(part) + 1 for part in ("longitude", "latitude"))
    seconds, lon, lat = _seconds(numbers), numbers["longitude"], numbers["latitude"]
    there = np.isfinite(seconds) & np.isfinite(lon) & (np.abs(lat) <= 90)
    found = [
        Message(
            int(row) + 1, place + times, "CRITICAL", "time", "no valid time or position"
        )
        for row in np.flatnonzero(~there)
    ]
    rows = np.flatnonzero(there)
    lon = np.where(lon > 180, lon - 360, np.where(lon <= -180, lon + 360, lon))
    for said in check_track(seconds[rows], lon[rows], lat[rows]):
        columns = place + times if said.test == "speed" else times
        row = int(rows[said.row]) + 1
        found.append(Message(row, columns, said.severity, said.test, said.reason))
    return found


def _seconds(numbers: Mapping[str, np.ndarray]) -> np.ndarray:
    """Time since 1970 [s]; NaN where the parts are no time that has been."""
    parts = [numbers[part] for part in _TIME[:5]]
    second = numbers.get("second", np.zeros(parts[0].size))
    out = np.full(second.size, np.nan)
    latest = datetime.now(tz=UTC).timestamp()
    for i, row in enumerate(zip(*parts, np.nan_to_num(second), strict=True)):
        try:
            year, month, day, hour, minute = (int(part) for part in row[:5])
            start = datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()
        except (ValueError, OverflowError):
            continue
        moment = start + row[5]
        if (
            (year, month, day, hour, minute) == row[:5]
            and 0 <= row[5] < 60
            and moment <= latest
        ):
            out[i] = moment
    return out
