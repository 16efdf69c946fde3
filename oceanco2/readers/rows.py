"""The rows of all files of a stream, as cells."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from oceanco2.platforms import FileDefinition
from oceanco2.readers import table as tables_of
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.table import RawTable, missing_column, texts_of


@dataclass(slots=True)
class Rows:
    """Rows of all files of a stream, in the order of ``pick``."""

    tables: list[RawTable]
    definition: FileDefinition
    where: str
    pick: np.ndarray | None = None
    absent: dict[str, list[str]] = field(default_factory=dict)

    def cells(
        self, name: str, occurrence: int = 1, *, required: bool = False
    ) -> np.ndarray:
        """Return a column as it was read."""
        parts = [table.column(name, occurrence) for table in self.tables]
        without = [t for t, p in zip(self.tables, parts, strict=True) if p is None]
        if without and (required or len(without) == len(parts)):
            first = without[0]
            raise missing_column(first.names, name, occurrence, first.file, self.where)
        if without:
            self.absent[name] = [table.file for table in without]
        filled = [
            np.full(t.lines.size, np.nan) if p is None else p
            for t, p in zip(self.tables, parts, strict=True)
        ]
        return self.picked(tables_of.joined(filled))

    def texts(
        self, name: str, occurrence: int = 1, *, required: bool = False
    ) -> np.ndarray:
        """Return a column as texts."""
        return texts_of(self.cells(name, occurrence, required=required))

    def numbers(
        self,
        name: str,
        occurrence: int = 1,
        *,
        missing: Collection[str] = (),
        required: bool = False,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return a column as numbers."""
        cells = self.cells(name, occurrence, required=required)
        codes = [*self.definition.missing, *missing]
        return to_numbers(cells, codes, self.definition.decimal)

    def joined(self, attribute: str) -> np.ndarray:
        """Return an array of the tables, joined."""
        return self.picked(np.concatenate([getattr(t, attribute) for t in self.tables]))

    def file_index(self) -> np.ndarray:
        """Return which file each row stands in."""
        sizes = [t.lines.size for t in self.tables]
        dtype = np.int16 if len(sizes) <= np.iinfo(np.int16).max else np.int32
        return self.picked(np.repeat(np.arange(len(sizes), dtype=dtype), sizes))

    def place(self, row: int) -> str:
        """Say where a row stands."""
        table = self.tables[int(self.file_index()[row])]
        return f"{table.file}:{self.joined('lines')[row]}"

    def picked(self, joined: np.ndarray) -> np.ndarray:
        """Bring an array of all rows into the order of ``pick``."""
        return joined if self.pick is None else joined[self.pick]

    def stand(self, time: np.ndarray) -> tuple[np.ndarray, int]:
        """Order rows by time, then file, then line; drop doublets and timeless rows."""
        index = self.file_index()
        never = np.datetime64("2262-01-01", "ns")
        timely = np.where(np.isnat(time), never, time)
        starts = np.cumsum([0, *(t.lines.size for t in self.tables)])
        first = np.minimum.reduceat(timely, starts[:-1])
        order = sorted(
            range(len(first)), key=lambda i: (first[i], self.tables[i].digest)
        )
        rank = np.argsort(order)[index]
        whole = np.lexsort((self.joined("lines"), rank, time))
        timed = whole[~np.isnat(time[whole])]
        _, once = np.unique(self.joined("content")[timed], return_index=True)
        kept = timed[np.sort(once)]
        # From here on the tables stand in the order of their first times.
        moved = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in order])
        new_place = np.empty_like(moved)
        new_place[moved] = np.arange(moved.size)
        self.tables = [self.tables[i] for i in order]
        self.pick = new_place[kept]
        return time[kept], int(timed.size - kept.size)
