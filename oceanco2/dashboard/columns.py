"""Types, units, missing values of columns (docs/socat-rules.md#column-names)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oceanco2.dashboard.head import Head
from oceanco2.dashboard.messages import Message
from oceanco2.dashboard.recognition import (
    OTHER,
    UNKNOWN,
    DataType,
    data_types,
    recognised,
    recognition_key,
    type_of,
)
from oceanco2.errors import OptionError, UnknownNameError, did_you_mean

DATE_ORDERS = ("yyyy-mm-dd", "mm-dd-yyyy", "dd-mm-yyyy", "mm-dd-yy", "dd-mm-yy")
_DATES = ("date", "date_time")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the person who uploads a file says about it."""

    separator: str | None = None
    encoding: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    rest_other: bool = False
    now: float | None = None

    def __post_init__(self) -> None:
        """Check the order of dates."""
        if self.date_order not in (None, *DATE_ORDERS):
            hint = did_you_mean(str(self.date_order), DATE_ORDERS)
            known = ", ".join(DATE_ORDERS)
            raise OptionError(
                f"date order {self.date_order!r} is none of {known}.{hint}"
            )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and what it is taken for.

    Attributes
    ----------
    number : int
        From 1.
    name : str
        With its unit.
    type : str
        Name of the data type; ``"(unknown)"`` or ``"other"`` where nothing is checked.
    unit : str
        Of its values; the order, for dates.
    missing : str, optional
        The text that stands for a missing value; None for the dashboard's own.
    mapped : bool
        Whether a person said the type, not the name.
    """

    number: int
    name: str
    type: str
    unit: str = ""
    missing: str | None = None
    mapped: bool = False

    @property
    def kind(self) -> DataType:
        """The data type.

        Returns
        -------
        DataType
            That of ``other`` for a column that is not recognised.
        """
        return data_types()[OTHER if self.type == UNKNOWN else self.type]


def assign_columns(head: Head, reading: Reading) -> tuple[Column, ...]:
    """Say what each column is."""
    types = _by_number(head, reading.types, "--column")
    units = _by_number(head, reading.units, "--unit")
    missing = _by_number(head, reading.missing, "--missing")
    made = []
    for number, name in enumerate(head.header, 1):
        kind, unit = recognised().get(recognition_key(name), (UNKNOWN, ""))
        if number in types:
            kind = _known_type(types[number])
            unit = _written_unit(name, kind)
        elif kind == UNKNOWN and reading.rest_other:
            kind = OTHER
        if number in units:
            unit = _known_unit(units[number], kind, name)
        elif reading.date_order and kind in _DATES:
            unit = reading.date_order + unit[len("yyyy-mm-dd") :] * (
                kind == "date_time"
            )
        made.append(
            Column(number, name, kind, unit, missing.get(number), number in types)
        )
    return tuple(made)


def _by_number(head: Head, said: Mapping[str, str], option: str) -> dict[int, str]:
    """Find the number of each column that a person names."""
    found = {}
    for name, value in said.items():
        number = re.fullmatch(r"#(\d+)", name)
        if number and 1 <= int(number[1]) <= len(head.names):
            found[int(number[1])] = value
            continue
        same = [
            place
            for place, names in enumerate(zip(head.names, head.header, strict=True), 1)
            if name in names
        ]
        if not same:
            bare = (re.sub(r"\s*[\[(].*", "", full) for full in head.header)
            hint = did_you_mean(name, (*head.header, *bare))
            known = ", ".join(head.header) or "none"
            raise OptionError(
                f"{option}: no column {name!r}.{hint} There are: {known}."
            )
        found |= dict.fromkeys(same, value)
    return found


def _known_type(word: str) -> str:
    usable = {name: kind for name, kind in data_types().items() if "user" in kind.roles}
    shown = {kind.display: name for name, kind in usable.items()}
    if word in usable:
        return word
    if word in shown:
        return shown[word]
    raise UnknownNameError("data type", word, [*usable, *shown])


def _written_unit(name: str, kind: str) -> str:
    """Return the unit behind the name if the type has it, else the usual one."""
    units = data_types()[kind].units
    written = re.search(r"[\[(]\s*([^\])]*?)\s*[\])]\s*$", name)
    if written and written[1] in units:
        return written[1]
    return units[0] if units else ""


def _known_unit(word: str, kind: str, name: str) -> str:
    units = () if kind == UNKNOWN else data_types()[kind].units
    if word not in units:
        hint = did_you_mean(word, units)
        known = ", ".join(units) or "none"
        raise OptionError(
            f"--unit: column {name!r} of type {kind} cannot have {word!r}.{hint}"
            f" Allowed: {known}."
        )
    return word


def content_messages(
    columns: Sequence[Column], metadata: Mapping[str, str], line: int
) -> Iterator[Message]:
    """Say what required content is not there, and what stands twice."""
    for text, numbers in _about_columns(columns):
        place = line if numbers else 0
        yield Message(0, numbers, "CRITICAL", "column", text, place)
    types = {column.type for column in columns}
    for item in ("expocode", "platform_name", "investigators"):
        if item not in metadata and item not in types:
            text = f"no {item.replace('_', ' ')}"
            yield Message(0, (), "CRITICAL", "metadata", text)


def _about_columns(
    columns: Sequence[Column],
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for column in columns:
        if column.type == UNKNOWN:
            said = f"{column.name} is not recognised{_why(column.name)}"
            yield said, (column.number,)
    types = Counter(column.type for column in columns)
    for item in ("longitude", "latitude"):
        if item not in types:
            yield f"no column of type {item}", ()
    if not any(column.kind.is_water_co2 for column in columns):
        yield "no xCO2, pCO2 or fCO2 of sea water", ()
    for kind, count in types.items():
        if count > 1 and kind not in (UNKNOWN, OTHER):
            words = "twice" if count == 2 else f"{count} times"
            same = tuple(c.number for c in columns if c.type == kind)
            yield f"type {kind} {words}", same


def _why(name: str) -> str:
    """Say how a name would be recognised, if little is in the way."""
    plain = name.replace("µ", "u").replace("μ", "u")
    for digit, letter in zip("₀₁₂₃₄", "01234", strict=True):
        plain = plain.replace(digit, letter)
    bare = re.sub(r"\s*[\[(].*", "", plain)
    for other in (plain, bare):
        if other != name and type_of(other) != UNKNOWN:
            return f"; {other!r} would be"
    return ""
