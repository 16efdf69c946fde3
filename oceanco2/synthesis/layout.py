"""Which column of a file goes where: columns are taken by name, never by position."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from oceanco2.errors import OptionError, ReadError, did_you_mean
from oceanco2.socat_format import COLUMNS, column_of
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis import _parsing
from oceanco2.synthesis.preamble import SocatFile, constants

CLOCK = ("yr", "mon", "day", "hh", "mm", "ss")
STAMP = "Date/Time"
TIME = "time"
#: Other words that users have for columns.
_WORDS = {
    "lat": "latitude",
    "lon": "longitude",
    "salinity": "sal",
    "depth": "sample_depth",
    "fco2": "fCO2rec",
    "d2l": "dist_to_land",
    "t_equ": "Tequ",
    "p_equ": "Pequ",
    "p_atm": "PPPP",
}
INTEGERS = ("fCO2rec_src", "fCO2rec_flag", *CLOCK[:5])


def bare(header: str) -> str:
    """Return a header without its unit in brackets."""
    return header.strip().split(" [", maxsplit=1)[0]


def canonical(name: str, others: Iterable[str] = ()) -> str:
    """Return the name of a column from what a user typed."""
    column = column_of(name)
    if column:
        return column.name
    others = list(others)
    name = name.strip()
    if name not in others and bare(name) in others:
        name = bare(name)
    names = [TIME, *(c.name for c in COLUMNS), *others]
    lower = {n.lower(): n for n in names} | _WORDS
    if name in others or name.lower() in lower:
        return name if name in others else lower[name.lower()]
    known = ", ".join(dict.fromkeys(names))
    raise OptionError(f"no column {name!r}.{did_you_mean(name, names)} Known: {known}.")


@dataclass(frozen=True)
class Layout:
    """What is taken from each line."""

    file: SocatFile
    fields: dict[str, int]
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    timed: bool
    plan: Array = field(repr=False)
    twice: tuple[tuple[str, int, int], ...]
    fixed: dict[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return what each row has, in the order of the file."""
        wanted = {*self.numbers, *self.words}
        names: list[str] = [name for name in self.fixed if name not in wanted]
        for name in self.fields:
            if self.timed and name in (CLOCK[0], STAMP, TIME):
                names.append(TIME)
            if name in wanted:
                names.append(name)
        return tuple(names)


def _positions(
    header: Sequence[str],
) -> tuple[dict[str, int], tuple[tuple[str, int, int], ...]]:
    fields: dict[str, int] = {}
    twice = []
    for i, text in enumerate(header):
        column = column_of(text)
        name = column.name if column else bare(text)
        if not column and name in fields:
            name = text.strip()
        if name in fields:
            twice.append((name, fields[name], i))
        elif name:
            fields[name] = i
    return fields, tuple(twice)


def lay_out(
    file: SocatFile, columns: Iterable[str] | None = None, also: Iterable[str] = ()
) -> Layout:
    """Decide what is taken from each line."""
    fields, twice = _positions(file.header)
    fixed = {n: t for n, t in constants(file).items() if n not in fields}
    has_clock = all(part in fields for part in CLOCK[:5])
    has_time = has_clock or STAMP in fields or TIME in fields
    if columns is None:
        clock = {*CLOCK, STAMP} if has_time else set()
        wanted = [name for name in (*fixed, *fields) if name not in clock]
        wanted += [TIME] if has_time else []
    else:
        wanted = [canonical(name, fields) for name in columns]
    there = {*fields, *fixed} | ({TIME} if has_time else set())
    for name in wanted:
        if name not in there:
            raise ReadError(_missing(file, name, there))
    more = (name for name in also if name in there)
    wanted = list(dict.fromkeys([*wanted, *more]))
    if columns is not None:
        fixed = {n: t for n, t in fixed.items() if n in wanted}
    taken = [name for name in wanted if name in fields and name != TIME]
    words = tuple(name for name in taken if _is_text(name))
    numbers = tuple(name for name in taken if not _is_text(name))
    plan = _plan(file, fields, numbers, words, TIME in wanted)
    return Layout(file, fields, numbers, words, TIME in wanted, plan, twice, fixed)


def _plan(
    file: SocatFile,
    fields: dict[str, int],
    numbers: tuple[str, ...],
    words: tuple[str, ...],
    timed: bool,
) -> Array:
    plan = np.full((len(file.header), 3), -1, np.int64)
    for row, name in enumerate(numbers):
        plan[fields[name], _parsing.IN_NUMBERS] = row
    for row, name in enumerate(words):
        plan[fields[name], _parsing.IN_WORDS] = row
    if timed and CLOCK[0] in fields:
        for part, name in enumerate(CLOCK):
            if name in fields:
                plan[fields[name], _parsing.IN_TIME] = part
    elif timed and STAMP in fields:
        plan[fields[STAMP], _parsing.IN_TIME] = _parsing.STAMP
    return plan


def _is_text(name: str) -> bool:
    column = column_of(name)
    if column:
        return column.kind == "text"
    # What this package adds is numbers; of other columns nothing is known.
    return "oceanco2" not in name


def _missing(file: SocatFile, name: str, there: set[str]) -> str:
    # Another column of SOCAT is no other word for the one that is missing.
    near = did_you_mean(name, [n for n in there if n != TIME and not column_of(n)])
    what = "yr, mon, day, hh, mm" if name == TIME else repr(name)
    return (
        f"{file.name}, line {file.line}: the header has no column {what}.{near}"
        f" It has: {', '.join(file.header)}."
    )
