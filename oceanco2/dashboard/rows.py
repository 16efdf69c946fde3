"""The rows of an upload file: whole or broken, in order, one place after another."""

from collections.abc import Iterator, Sequence

import numpy as np

from oceanco2.dashboard.columns import Column
from oceanco2.dashboard.messages import Message
from oceanco2.dashboard.records import Record
from oceanco2.dashboard.times import COMBINATIONS, TimeReader, find_clock
from oceanco2.dashboard.track import check_track
from oceanco2.dashboard.values import Block, Constant, time_columns


def joined(parts: Sequence[np.ndarray], dtype: str = "float64") -> np.ndarray:
    """Return the blocks of a column as one."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


class Rows:
    """Look at block after block of rows, and keep what the track needs."""

    def __init__(
        self, columns: Sequence[Column], now: float, keep: Sequence[str]
    ) -> None:
        there = [column.type for column in columns]
        self.kept: dict[str, list[np.ndarray]] = {k: [] for k in keep if k in there}
        self.columns = columns
        clock = find_clock(columns, now)
        self.reader = None if clock is None else TimeReader(clock)
        self.constants = [Constant(c) for c in columns if "metadata" in c.kind.roles]
        self.lines: list[np.ndarray] = []
        self.flags: list[np.ndarray] = []
        self._said: list[Message] = []
        self._track: list[tuple[np.ndarray, ...]] = []
        self._count = 0
        self.whole = True

    def look(self, records: Sequence[Record], names: Sequence[str]) -> None:
        """Look at the rows of one block."""
        start = self._count + 1
        self._count += len(records)
        self.whole = records[-1].complete
        broken = np.zeros(len(records), dtype=bool)
        rows = [record.cells for record in records]
        for place, record in enumerate(records):
            fault = self._fault(record, names)
            if fault:
                broken[place] = True
                rows[place] = [""] * len(names)
                self._say(start + place, fault)
        block = Block(list(zip(*rows, strict=True)), self.columns, start, broken)
        block.check_values()
        self._track.append(block.track(self.reader))
        for constant in self.constants:
            constant.look(block.cells[constant.column.number - 1], start)
        for kind, parts in self.kept.items():
            parts.append(block.column(kind))
        self._said += block.messages
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

    def _say(self, row: int, text: str) -> None:
        self._said.append(Message(row, (), "CRITICAL", "fields", text))

    def track(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return time and position of all rows."""
        parts = list(zip(*self._track, strict=True)) or [(), (), ()]
        return joined(parts[0]), joined(parts[1]), joined(parts[2])

    def messages(self) -> list[Message]:
        """Return all that is to be said about the rows."""
        said = [message for c in self.constants for message in c.messages()]
        said += self._said
        if self._count == 0:
            said.append(Message(0, (), "CRITICAL", "fields", "no data rows"))
        times = time_columns(self.columns)
        if self.reader is None:
            ways = "; ".join(" + ".join(parts) for parts in COMBINATIONS)
            text = f"no columns that give date and time; one of: {ways}"
            return [*said, Message(0, times, "CRITICAL", "time", text)]
        if self.reader.without_seconds:
            count = self.reader.without_seconds
            text = f"no seconds in {count} rows: taken as 0"
            said.append(Message(0, times, "WARNING", "time", text))
        return [*said, *self._about_track(times)]

    def _about_track(self, times: tuple[int, ...]) -> Iterator[Message]:
        seconds, lon, lat = self.track()
        place = tuple(
            column.number
            for kind in ("longitude", "latitude")
            for column in self.columns
            if column.type == kind
        )
        rows = np.flatnonzero(np.isfinite(seconds) & np.isfinite(lon + lat))
        for said in check_track(seconds[rows], lon[rows], lat[rows]):
            columns = place + times if said.test == "speed" else times
            row = int(rows[said.row]) + 1
            yield Message(row, columns, said.severity, said.test, said.reason)
