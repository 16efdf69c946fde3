"""Rows of all files of a stream, as cells."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from oceanco2.platforms import FileDefinition
from oceanco2.readers import table as tables_of
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.table import RawTable, missing_column, texts_of


@dataclass(slots=True)
class StreamRows:
    """Rows of all files of a stream, in the order of ``order``."""

    tables: list[RawTable]
    definition: FileDefinition
    where: str
    order: np.ndarray | None = None
    absent: dict[str, list[str]] = field(default_factory=dict)

    def cells(
        self, name: str, occurrence: int = 1, *, required: bool = False
    ) -> np.ndarray:
        """Return a column as it was read."""
        parts = [table.column(name, occurrence) for table in self.tables]
        tables_without = [
            t for t, p in zip(self.tables, parts, strict=True) if p is None
        ]
        if tables_without and (required or len(tables_without) == len(parts)):
            first = tables_without[0]
            raise missing_column(first.names, name, occurrence, first.file, self.where)
        if tables_without:
            self.absent[name] = [table.file for table in tables_without]
        filled = [
            np.full(t.lines.size, np.nan) if p is None else p
            for t, p in zip(self.tables, parts, strict=True)
        ]
        return self.in_order(tables_of.concatenate_cells(filled))

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

    def concatenate(self, attribute: str) -> np.ndarray:
        """Concatenate one attribute of all tables."""
        return self.in_order(
            np.concatenate([getattr(t, attribute) for t in self.tables])
        )

    def file_index(self) -> np.ndarray:
        """Return the index of the file of each row."""
        sizes = [t.lines.size for t in self.tables]
        dtype = np.int16 if len(sizes) <= np.iinfo(np.int16).max else np.int32
        return self.in_order(np.repeat(np.arange(len(sizes), dtype=dtype), sizes))

    def locate(self, row: int) -> str:
        """Return file and line of a row, for messages."""
        table = self.tables[int(self.file_index()[row])]
        return f"{table.file}:{self.concatenate('lines')[row]}"

    def in_order(self, values: np.ndarray) -> np.ndarray:
        """Put an array of all rows into the order of ``order``."""
        return values if self.order is None else values[self.order]

    def sort_by_time(self, time: np.ndarray) -> tuple[np.ndarray, int]:
        """Sort rows by time, file and line; drop duplicates and rows without time."""
        index = self.file_index()
        latest = np.datetime64("2262-01-01", "ns")
        filled = np.where(np.isnat(time), latest, time)
        starts = np.cumsum([0, *(t.lines.size for t in self.tables)])
        first = np.minimum.reduceat(filled, starts[:-1])
        order = sorted(
            range(len(first)), key=lambda i: (first[i], self.tables[i].digest)
        )
        rank = np.argsort(order)[index]
        all_rows = np.lexsort((self.concatenate("lines"), rank, time))
        timed = all_rows[~np.isnat(time[all_rows])]
        _, first_rows = np.unique(self.concatenate("content")[timed], return_index=True)
        kept_rows = timed[np.sort(first_rows)]
        # From here on the tables are in the order of their first times.
        old_positions = np.concatenate(
            [np.arange(starts[i], starts[i + 1]) for i in order]
        )
        new_positions = np.empty_like(old_positions)
        new_positions[old_positions] = np.arange(old_positions.size)
        self.tables = [self.tables[i] for i in order]
        self.order = new_positions[kept_rows]
        return time[kept_rows], int(timed.size - kept_rows.size)
