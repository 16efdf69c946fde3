"""Checks of all rows: fields, order, speed, gaps (docs/socat-rules.md#track-checks)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from oceanco2.geography import distance_km
from oceanco2.socat.checker.columns import CheckedColumn
from oceanco2.socat.checker.message import Message
from oceanco2.socat.checker.reading import Record
from oceanco2.socat.checker.times import COMBINATIONS, TimeReader, find_clock
from oceanco2.socat.checker.values import Block, Constant, time_columns
from oceanco2.socat.types import track_limits


@dataclass(frozen=True, slots=True)
class TrackFinding:
    """An issue of the track at one row."""

    row: int
    test: str
    severity: str
    reason: str


def check_track(
    seconds: np.ndarray, longitude: np.ndarray, latitude: np.ndarray
) -> list[TrackFinding]:
    """Check order, speed and gaps of a track."""
    return min(both_passes(seconds, longitude, latitude), key=len)


def both_passes(
    seconds: np.ndarray, longitude: np.ndarray, latitude: np.ndarray
) -> tuple[list[TrackFinding], list[TrackFinding]]:
    """Check a track forwards and backwards."""
    order = np.lexsort((np.arange(seconds.size), latitude, longitude, seconds))
    forward = order >= np.maximum.accumulate(order)
    backward = (order[::-1] <= np.minimum.accumulate(order[::-1]))[::-1]

    def walk(accepted: np.ndarray) -> list[TrackFinding]:
        findings = [
            TrackFinding(row, "order", "CRITICAL", "time-misordered")
            for row in np.sort(order[~accepted]).tolist()
        ]
        kept = order[accepted]
        return findings + _legs(kept, seconds[kept], longitude[kept], latitude[kept])

    return walk(forward), walk(backward)


def _legs(
    rows: np.ndarray, seconds: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> list[TrackFinding]:
    """Compare each accepted row with the one before; issues belong to the later row."""
    limits = track_limits()
    hours = np.diff(seconds) / 3600
    km = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:], limits["earth_radius"])
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = limits["knots"] * km / hours
    days = hours / 24
    fast = speed > limits["speed_warning"]
    long = ~fast & (days > limits["gap_warning"])
    findings = []
    for leg in np.flatnonzero(fast | long):
        if fast[leg]:
            test, value, unit = "speed", speed[leg], "kn"
        else:
            test, value, unit = "gap", days[leg], "d"
        severity = "ERROR" if value > limits[f"{test}_error"] else "WARNING"
        number = f"{value:.1f} {unit}" if np.isfinite(value) else "infinite"
        row = int(rows[leg + 1])
        findings.append(TrackFinding(row, test, severity, f"{test} {number}"))
    return findings


def concatenate(parts: Sequence[np.ndarray], dtype: str = "float64") -> np.ndarray:
    """Concatenate the blocks of a column."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


class UploadRows:
    """Check rows block by block, and keep what the track checks need."""

    def __init__(
        self, columns: Sequence[CheckedColumn], now: float, keep: Sequence[str]
    ) -> None:
        present = [column.type for column in columns]
        self.kept: dict[str, list[np.ndarray]] = {k: [] for k in keep if k in present}
        self.columns = columns
        clock = find_clock(columns, now)
        self.reader = None if clock is None else TimeReader(clock)
        self.constants = [Constant(c) for c in columns if "metadata" in c.kind.roles]
        self.lines: list[np.ndarray] = []
        self.flags: list[np.ndarray] = []
        self._messages: list[Message] = []
        self._track: list[tuple[np.ndarray, ...]] = []
        self._count = 0
        self.complete = True

    def add_block(self, records: Sequence[Record], names: Sequence[str]) -> None:
        """Check the rows of one block."""
        start = self._count + 1
        self._count += len(records)
        self.complete = records[-1].complete
        broken = np.zeros(len(records), dtype=bool)
        rows = [record.cells for record in records]
        for index, record in enumerate(records):
            fault = self._fault(record, names)
            if fault:
                broken[index] = True
                rows[index] = [""] * len(names)
                self._add_message(start + index, fault)
        block = Block(list(zip(*rows, strict=True)), self.columns, start, broken)
        block.check_values()
        self._track.append(block.track(self.reader))
        for constant in self.constants:
            constant.add_block(block.cells[constant.column.number - 1], start)
        for kind, parts in self.kept.items():
            parts.append(block.column(kind))
        self._messages += block.messages
        self.lines.append(np.array([record.line for record in records]))
        self.flags.append(block.flags())

    def _fault(self, record: Record, names: Sequence[str]) -> str:
        count = len(record.cells)
        if record.fault:
            return record.fault
        if count != len(names):
            end = "" if record.complete else "; the file breaks off here"
            return f"{count} fields, the header has {len(names)}{end}"
        if record.cells[0] == names[0] and tuple(record.cells) == tuple(names):
            return "the names of the columns again"
        return ""

    def _add_message(self, row: int, text: str) -> None:
        self._messages.append(Message(row, (), "CRITICAL", "fields", text))

    def track(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return time and position of all rows."""
        parts = list(zip(*self._track, strict=True)) or [(), (), ()]
        return concatenate(parts[0]), concatenate(parts[1]), concatenate(parts[2])

    def messages(self) -> list[Message]:
        """Return the messages about all rows."""
        messages = [message for c in self.constants for message in c.messages()]
        messages += self._messages
        if self._count == 0:
            messages.append(Message(0, (), "CRITICAL", "fields", "no data rows"))
        times = time_columns(self.columns)
        if self.reader is None:
            combinations = "; ".join(" + ".join(parts) for parts in COMBINATIONS)
            text = f"no columns that give date and time; one of: {combinations}"
            return [*messages, Message(0, times, "CRITICAL", "time", text)]
        if self.reader.without_seconds:
            count = self.reader.without_seconds
            text = f"no seconds in {count} rows: taken as 0"
            messages.append(Message(0, times, "WARNING", "time", text))
        return [*messages, *self._about_track(times)]

    def _about_track(self, times: tuple[int, ...]) -> Iterator[Message]:
        seconds, lon, lat = self.track()
        position_columns = tuple(
            column.number
            for kind in ("longitude", "latitude")
            for column in self.columns
            if column.type == kind
        )
        rows = np.flatnonzero(np.isfinite(seconds) & np.isfinite(lon + lat))
        for finding in check_track(seconds[rows], lon[rows], lat[rows]):
            columns = position_columns + times if finding.test == "speed" else times
            row = int(rows[finding.row]) + 1
            yield Message(row, columns, finding.severity, finding.test, finding.reason)
