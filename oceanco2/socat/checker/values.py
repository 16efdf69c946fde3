"""Checks of one block of rows: numbers in standard units, limits, flags, positions."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np

from oceanco2.socat.checker.columns import CheckedColumn
from oceanco2.socat.checker.message import Message
from oceanco2.socat.checker.times import TEXTS, TIME_TYPES, TimeReader
from oceanco2.socat.types import missing_codes
from oceanco2.units import HPA_PER_MMHG, KNOTS_PER_KM_H

#: Factors from a unit to the first unit of the type.
FACTORS = MappingProxyType(
    {
        "kPa": 10.0,
        "mmHg": HPA_PER_MMHG,
        "umol/mol": 1e-3,  # of water vapour; CO2 has it as the first unit
        "km/h": KNOTS_PER_KM_H,
        "m/s": 3.6 * KNOTS_PER_KM_H,
        "mph": 1.609344 * KNOTS_PER_KM_H,
    }
)


def is_missing(column: CheckedColumn) -> Callable[[str], bool]:
    """Return the test for missing cells of a column."""
    if column.missing is not None:
        custom_codes = {"", column.missing.upper()}
        return lambda cell: cell.upper() in custom_codes
    codes = _codes()
    return lambda cell: cell.upper() in codes


@cache
def _codes() -> frozenset[str]:
    return frozenset(missing_codes())


@cache
def _common_spellings() -> frozenset[str]:
    """Return the codes in their usual spellings, so that most cells need no upper()."""
    return _codes() | {code.lower() for code in _codes()} | {"NaN", "Null"}


def factor_of(column: CheckedColumn) -> float:
    """Return the factor from the unit of a column to the first unit of its type."""
    units = column.kind.units
    first = not units or column.unit in ("", units[0])
    return 1.0 if first else FACTORS.get(column.unit, 1.0)


def numbers_of(
    cells: Sequence[str], column: CheckedColumn
) -> tuple[np.ndarray, np.ndarray]:
    """Parse the cells of a column: numbers and the indices of invalid cells."""
    if column.unit.startswith(("deg min", "DD")):
        return _parse_angles(cells, column)
    values, invalid = _parse_numbers(cells, column)
    if column.unit in ("deg W", "deg S"):
        values = -values
    if column.unit == "Jan1=0.0":
        values += 1.0
    factor = factor_of(column)
    return (values if factor == 1.0 else values * factor), invalid


def _parse_numbers(
    cells: Sequence[str], column: CheckedColumn
) -> tuple[np.ndarray, np.ndarray]:
    missing = _common_spellings() if column.missing is None else {"", column.missing}
    try:
        # The common case: numbers and missing codes in their usual spelling.
        parsed = [math.nan if cell in missing else float(cell) for cell in cells]
    except ValueError:
        return _parse_cells(cells, column, _parse_decimal)
    values = np.array(parsed, dtype=float)
    text = "".join(cells)
    needs_checking = "_" in text or not text.isascii() or not np.isfinite(values).all()
    if needs_checking and any(
        cell not in missing and _parse_decimal(cell) is None for cell in cells
    ):
        return _parse_cells(cells, column, _parse_decimal)
    return values, np.empty(0, dtype=int)


def _parse_cells(
    cells: Sequence[str], column: CheckedColumn, read: Callable[[str], float | None]
) -> tuple[np.ndarray, np.ndarray]:
    missing = is_missing(column)
    values = np.full(len(cells), np.nan)
    invalid = []
    for index, cell in enumerate(cells):
        if missing(cell):
            continue
        number = read(cell)
        if number is None:
            invalid.append(index)
        else:
            values[index] = number
    return values, np.array(invalid, dtype=int)


_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def _parse_decimal(cell: str) -> float | None:
    """Parse a decimal number; None for other spellings that float() accepts."""
    if _NUMBER.fullmatch(cell) is None:
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def _parse_angles(
    cells: Sequence[str], column: CheckedColumn
) -> tuple[np.ndarray, np.ndarray]:
    """Parse degrees, minutes and seconds, separate or packed as DDD.MMSSss."""
    pieces = {"deg": 1, "deg min": 2, "deg min sec": 3}
    unit, _, side = column.unit.rpartition(" ")
    count = pieces.get(unit, 0)
    sign = -1.0 if side in ("W", "S") else 1.0

    def read(cell: str) -> float | None:
        angle = (
            _parse_separate_angle(cell, count) if count else _parse_packed_angle(cell)
        )
        return None if angle is None else sign * angle

    return _parse_cells(cells, column, read)


def _parse_separate_angle(cell: str, count: int) -> float | None:
    parts = [part for part in re.split(r"[\s°º'′\"″:]+", cell) if part]
    read = [_parse_decimal(part) for part in parts]
    if len(read) != count or any(part is None for part in read):
        return None
    first, *rest = (part for part in read if part is not None)
    if any(part < 0 or part >= 60 for part in rest):
        return None
    size = abs(first) + sum(part / 60.0**k for k, part in enumerate(rest, 1))
    return math.copysign(size, -1.0 if parts[0].startswith("-") else 1.0)


def _parse_packed_angle(cell: str) -> float | None:
    """Parse DDD.MMSSss: two digits of minutes, two of seconds and decimals."""
    match = re.fullmatch(r"([-+]?)(\d+)(?:\.(\d*))?", cell, re.ASCII)
    if match is None:
        return None
    digits = (match[3] or "").ljust(4, "0")
    minutes, seconds = int(digits[:2]), float(f"{digits[2:4]}.{digits[4:] or 0}")
    if minutes >= 60 or seconds >= 60:
        return None
    size = int(match[2]) + minutes / 60 + seconds / 3600
    return -size if match[1] == "-" else size


def between_180(longitude: np.ndarray) -> np.ndarray:
    """Wrap longitudes to -180 (excluded) to 180 degrees."""
    turned = 180 - np.mod(180 - longitude, 360)
    turned = np.where(turned <= -180, 180.0, turned)
    return np.where((longitude > -180) & (longitude <= 180), longitude, turned)


_POSITION = ("longitude", "latitude")


class Constant:
    """A metadata column, which must have one value in the whole data set."""

    def __init__(self, column: CheckedColumn) -> None:
        self.column = column
        self.value = ""
        self._missing = is_missing(column)
        self._first = 0
        self._other = ""
        self._count = 0

    def add_block(self, cells: Sequence[str], start: int) -> None:
        """Compare the cells of one block with the first value."""
        kinds = {cell for cell in set(cells) if not self._missing(cell)}
        if not kinds:
            return
        if not self.value:
            self.value = next(cell for cell in cells if cell in kinds)
        if kinds == {self.value}:
            return
        odd = [k for k, cell in enumerate(cells) if cell in kinds - {self.value}]
        self._count += len(odd)
        if not self._first:
            self._first, self._other = start + odd[0], cells[odd[0]]

    def messages(self) -> list[Message]:
        """Return a message if the column varies."""
        if not self._count:
            return []
        rows = "row" if self._count == 1 else "rows"
        text = (
            f"{self.column.type} is not constant: {self._other!r} after"
            f" {self.value!r}, {self._count} {rows}"
        )
        number = (self.column.number,)
        return [Message(self._first, number, "ERROR", "metadata", text)]


class Block:
    """The rows of one block, column by column."""

    def __init__(
        self,
        cells: Sequence[Sequence[str]],
        columns: Sequence[CheckedColumn],
        start: int,
        broken: np.ndarray,
    ) -> None:
        self.cells = cells
        self.columns = columns
        self.start = start
        self.broken = broken
        self.messages: list[Message] = []
        self.numbers: dict[str, np.ndarray] = {}
        self._no_time = np.zeros(broken.size, dtype=bool)
        self._wrong: dict[str, np.ndarray] = {}

    def _add_message(
        self, index: int, columns: tuple[int, ...], severity: str, kind: str, text: str
    ) -> None:
        row = self.start + index
        self.messages.append(Message(row, columns, severity, kind, text))

    def check_values(self) -> None:
        """Check the numbers and flags of all columns."""
        for column, cells in zip(self.columns, self.cells, strict=True):
            if column.kind.kind != "String":
                self._check_numbers(column, cells)
            elif column.type.startswith("WOCE"):
                self._check_flags(column, cells)

    def _check_numbers(self, column: CheckedColumn, cells: Sequence[str]) -> None:
        values, wrong = numbers_of(cells, column)
        kind = column.kind
        is_critical = column.type in TIME_TYPES or kind.critical
        for index in wrong.tolist():
            severity = "CRITICAL" if is_critical else "ERROR"
            text = f"not a number: {cells[index]}"
            self._add_message(index, (column.number,), severity, "number", text)
        worst = "CRITICAL" if kind.critical else "ERROR"
        beyond = (values < kind.error[0]) | (values > kind.error[1])
        unusual = ~beyond & ((values < kind.warn[0]) | (values > kind.warn[1]))
        for severity, outside, limits in (
            (worst, beyond, kind.error),
            ("WARNING", unusual, kind.warn),
        ):
            for index in np.flatnonzero(outside).tolist():
                text = f"{values[index]:.10g} outside [{limits[0]:g}, {limits[1]:g}]"
                if factor_of(column) != 1.0:
                    text += f" ({cells[index]} {column.unit})"
                self._add_message(index, (column.number,), severity, "range", text)
        if column.type not in self.numbers:
            self.numbers[column.type] = values
            bad = beyond.copy() if kind.critical else np.zeros(values.size, dtype=bool)
            bad[wrong] = True
            self._wrong[column.type] = bad

    def _check_flags(self, column: CheckedColumn, cells: Sequence[str]) -> None:
        """Check flags, which the dashboard compares as text."""
        missing = is_missing(column)
        problems = {}
        for cell in set(cells):
            for severity, limits in (
                ("ERROR", column.kind.error),
                ("WARNING", column.kind.warn),
            ):
                low, high = (f"{limit:g}" for limit in limits)
                if not missing(cell) and not low <= cell <= high:
                    problems[cell] = severity, f"{cell} outside [{low}, {high}]"
                    break
        if problems:
            for index, cell in enumerate(cells):
                if cell in problems:
                    severity, text = problems[cell]
                    self._add_message(index, (column.number,), severity, "range", text)

    def column(self, kind: str) -> np.ndarray:
        """Return the values of a column."""
        if kind in self.numbers:
            return self.numbers[kind]
        column = next(c for c in self.columns if c.type == kind)
        return np.array(self.cells[column.number - 1], dtype=object)

    def flags(self) -> np.ndarray:
        """Return the WOCE flags of CO2 in water as written in the file."""
        for column, cells in zip(self.columns, self.cells, strict=True):
            if column.type == "WOCE_CO2_water":
                missing = is_missing(column)
                values = {c: 2 if missing(c) else _flag(c) for c in set(cells)}
                return np.array([values[cell] for cell in cells], dtype="int8")
        return np.full(self.broken.size, 2, dtype="int8")

    def track(
        self, reader: TimeReader | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return time and position; add messages for rows without them."""
        coordinates = []
        for kind in _POSITION:
            values = self.numbers.get(kind, np.full(self.broken.size, np.nan))
            wrong = self._wrong.get(kind, np.ones(values.size, dtype=bool))
            column = next((c for c in self.columns if c.type == kind), None)
            absent = np.isnan(values)
            if column is not None:
                for index in np.flatnonzero(absent & ~wrong & ~self.broken).tolist():
                    text = f"{kind} is missing"
                    self._add_message(
                        index, (column.number,), "CRITICAL", "position", text
                    )
            coordinates.append(np.where(wrong, np.nan, values))
        if reader is None:
            seconds = np.full(self.broken.size, np.nan)
        else:
            seconds = self._times(reader)
        return seconds, between_180(coordinates[0]), coordinates[1]

    def _times(self, reader: TimeReader) -> np.ndarray:
        parts = reader.clock.parts
        texts = {}
        incomplete = np.zeros(self.broken.size, dtype=bool)
        reported = self.broken.copy()
        for kind, column in parts.items():
            cells = self.cells[column.number - 1]
            if kind in TEXTS:
                missing = is_missing(column)
                blank = np.array([missing(cell) for cell in cells], dtype=bool)
                texts[kind] = [
                    "" if is_blank else cell
                    for cell, is_blank in zip(cells, blank, strict=True)
                ]
            else:
                reported |= self._wrong[kind]
                blank = np.isnan(self.numbers[kind]) & ~self._wrong[kind]
            if kind != "second":
                incomplete |= blank
        numbers = {
            kind: np.where(self._wrong[kind], -1.0, self.numbers[kind])
            for kind in parts
            if kind not in TEXTS
        }
        seconds = reader.read(texts, numbers)
        seconds[reported] = np.nan
        late = seconds > reader.clock.now
        for index in np.flatnonzero((np.isnan(seconds) | late) & ~reported).tolist():
            self._no_valid_time(
                index, parts, bool(incomplete[index]), bool(late[index])
            )
        return np.where(late, np.nan, seconds)

    def _no_valid_time(
        self,
        index: int,
        parts: Mapping[str, CheckedColumn],
        incomplete: bool,
        late: bool,
    ) -> None:
        cells = " ".join(self.cells[c.number - 1][index] for c in parts.values())
        if incomplete:
            text = f"time is missing or not complete: {cells}"
        else:
            text = f"{'in the future' if late else 'not a time'}: {cells}"
        self._add_message(index, time_columns(self.columns), "CRITICAL", "time", text)


def time_columns(columns: Sequence[CheckedColumn]) -> tuple[int, ...]:
    """Return the numbers of all time columns."""
    return tuple(c.number for c in columns if c.type in TIME_TYPES)


def _flag(cell: str) -> int:
    """Parse a flag such as 2 or 2.0; anything else counts as bad (4)."""
    try:
        value = float(cell)
    except ValueError:
        return 4
    return int(value) if value in range(10) else 4
