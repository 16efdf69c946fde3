"""Types, units, missing values of columns (docs/socat-rules.md#column-names)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oceanco2.errors import OptionError, choose, choose_name, not_found
from oceanco2.socat.checker.header import Head
from oceanco2.socat.checker.message import Message
from oceanco2.socat.columns import headers_to_declare
from oceanco2.socat.types import (
    OTHER,
    UNKNOWN,
    DataType,
    data_types,
    recognised,
    recognition_key,
    type_of,
)

DATE_ORDERS = ("yyyy-mm-dd", "mm-dd-yyyy", "dd-mm-yyyy", "mm-dd-yy", "dd-mm-yy")
_DATES = ("date", "date_time")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of a check: layout of the file, and types and units of its columns."""

    separator: str | None = None
    encoding: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    rest_other: bool = False
    now: float | None = None

    def __post_init__(self) -> None:
        """Check the date order."""
        if self.date_order is not None:
            choose("date order", self.date_order, DATE_ORDERS)


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """A column of the file with its type, unit and missing value."""

    number: int
    name: str
    type: str
    unit: str = ""
    missing: str | None = None
    mapped: bool = False

    @property
    def kind(self) -> DataType:
        """The data type."""
        return data_types()[OTHER if self.type == UNKNOWN else self.type]


def assign_columns(head: Head, options: CheckOptions) -> tuple[CheckedColumn, ...]:
    """Find type, unit and missing value of each column."""
    types = _by_number(head, options.types, "--column")
    units = _by_number(head, options.units, "--unit")
    missing = _by_number(head, options.missing, "--missing")
    columns = []
    for number, name in enumerate(head.header, 1):
        kind, unit = recognised().get(recognition_key(name), (UNKNOWN, ""))
        if number in types:
            kind = _checked_type(types[number])
            unit = _written_unit(name, kind)
        elif kind == UNKNOWN and (options.rest_other or name in headers_to_declare()):
            kind = OTHER
        if number in units:
            unit = _checked_unit(units[number], kind, name)
        elif options.date_order and kind in _DATES:
            unit = options.date_order + unit[len("yyyy-mm-dd") :] * (
                kind == "date_time"
            )
        columns.append(
            CheckedColumn(
                number, name, kind, unit, missing.get(number), number in types
            )
        )
    return tuple(columns)


def _by_number(head: Head, by_name: Mapping[str, str], option: str) -> dict[int, str]:
    """Turn column names given by the user into column numbers."""
    result = {}
    for name, value in by_name.items():
        number = re.fullmatch(r"#(\d+)", name)
        if number and 1 <= int(number[1]) <= len(head.names):
            result[int(number[1])] = value
            continue
        matches = [
            position
            for position, names in enumerate(
                zip(head.names, head.header, strict=True), 1
            )
            if name in names
        ]
        if not matches:
            bare = (re.sub(r"\s*[\[(].*", "", full) for full in head.header)
            available = dict.fromkeys((*head.header, *bare))
            raise OptionError(f"{option}: {not_found('column', name, available)}")
        result |= dict.fromkeys(matches, value)
    return result


def _checked_type(name: str) -> str:
    usable = {name: kind for name, kind in data_types().items() if "user" in kind.roles}
    by_display_name = {kind.display: name for name, kind in usable.items()}
    if name in usable:
        return name
    if name in by_display_name:
        return by_display_name[name]
    return choose_name("data type", name, [*usable, *by_display_name])


def _written_unit(name: str, kind: str) -> str:
    """Return the unit in the name if the type allows it, else the default."""
    units = data_types()[kind].units
    written = re.search(r"[\[(]\s*([^\])]*?)\s*[\])]\s*$", name)
    if written and written[1] in units:
        return written[1]
    return units[0] if units else ""


def _checked_unit(unit: str, kind: str, name: str) -> str:
    units = () if kind == UNKNOWN else data_types()[kind].units
    where = f"--unit: column {name!r} of type {kind}"
    return choose_name("unit", unit, units, where, error=OptionError)


def content_messages(
    columns: Sequence[CheckedColumn], metadata: Mapping[str, str], line: int
) -> Iterator[Message]:
    """Report required content that is missing, and types that appear more than once."""
    for text, numbers in _about_columns(columns):
        header_line = line if numbers else 0
        yield Message(0, numbers, "CRITICAL", "column", text, header_line)
    types = {column.type for column in columns}
    for item in ("expocode", "platform_name", "investigators"):
        if item not in metadata and item not in types:
            text = f"no {item.replace('_', ' ')}"
            yield Message(0, (), "CRITICAL", "metadata", text)


def _about_columns(
    columns: Sequence[CheckedColumn],
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for column in columns:
        if column.type == UNKNOWN:
            text = f"{column.name} is not recognised{_spelling_hint(column.name)}"
            yield text, (column.number,)
    types = Counter(column.type for column in columns)
    for item in ("longitude", "latitude"):
        if item not in types:
            yield f"no column of type {item}", ()
    if not any(column.kind.is_water_co2 for column in columns):
        yield "no xCO2, pCO2 or fCO2 of sea water", ()
    for kind, count in types.items():
        if count > 1 and kind not in (UNKNOWN, OTHER):
            times = "twice" if count == 2 else f"{count} times"
            numbers = tuple(c.number for c in columns if c.type == kind)
            yield f"type {kind} {times}", numbers


def _spelling_hint(name: str) -> str:
    """Suggest a close spelling of the name that would be recognised."""
    simplified = name.replace("µ", "u").replace("μ", "u")
    for digit, letter in zip("₀₁₂₃₄", "01234", strict=True):
        simplified = simplified.replace(digit, letter)
    bare = re.sub(r"\s*[\[(].*", "", simplified)
    for other in (simplified, bare):
        if other != name and type_of(other) != UNKNOWN:
            return f"; {other!r} would be"
    return ""
