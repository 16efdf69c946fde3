"""Which rows are wanted: region, box, time, flags, algorithms, expocodes."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import numpy as np

from oceanco2.errors import OptionError, ReadError, did_you_mean
from oceanco2.socat_format.printing import Array
from oceanco2.synthesis.layout import TIME, Layout
from oceanco2.synthesis.regions import GLOBAL, WITHOUT_COAST, letters, region_of
from oceanco2.synthesis.rows import Rows

#: Codes that stood for letters in version 2.
_CODES = {"11": "A", "12": "B", "13": "C", "14": "D", "15": "S", "17": "E"}
#: Letters that a data set of a file can have: not the states of the dashboard alone.
_FLAGS = "ABCDEFSXNU"
_WOCE, _SRC = (2, 3, 4, 9), tuple(range(15))
_NAMES = ("region", "box", "start", "end", "flags", "woce", "src", "expocodes")
#: What verbs take besides.
_OTHERS = ("columns", "encoding", "progress", "recomputed", "strict", "workers")


@dataclass(frozen=True)
class Selection:
    """Rows that are wanted; what is None selects nothing out."""

    regions: frozenset[str] | None = None
    box: tuple[float, float, float, float] | None = None
    start: np.datetime64 | None = None
    end: np.datetime64 | None = None
    flags: frozenset[str] | None = None
    woce: frozenset[int] | None = None
    src: frozenset[int] | None = None
    expocodes: tuple[str, ...] | None = None

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Return the columns that are looked at."""
        names: list[str] = []
        if self.regions is not None or self.box is not None:
            names += ["longitude", "latitude"]
        if self.regions is not None and not self.regions <= WITHOUT_COAST:
            names.append("dist_to_land")
        if self.start is not None or self.end is not None:
            names.append(TIME)
        names += ["QC_Flag"] * (self.flags is not None)
        names += ["fCO2rec_flag"] * (self.woce is not None)
        names += ["fCO2rec_src"] * (self.src is not None)
        names += ["Expocode"] * (self.expocodes is not None)
        return tuple(names)

    @property
    def is_all(self) -> bool:
        """Return whether nothing is selected out."""
        return not self.needs

    def __str__(self) -> str:
        """Return the selection in words."""
        said = []
        if self.regions is not None:
            said.append("region " + "".join(sorted(self.regions)))
        if self.box is not None:
            said.append("box " + ",".join(f"{x:g}" for x in self.box))
        if self.start is not None:
            said.append(f"from {self.start}")
        if self.end is not None:
            said.append(f"before {self.end}")
        if self.flags is not None:
            said.append("QC_Flag " + "".join(sorted(self.flags)))
        for name, values in (("fCO2rec_flag", self.woce), ("fCO2rec_src", self.src)):
            if values is not None:
                said.append(name + " " + ",".join(map(str, sorted(values))))
        if self.expocodes is not None:
            said.append("expocodes " + ",".join(self.expocodes))
        return "; ".join(said) or "all rows"

    def __call__(self, rows: Rows) -> Rows:
        """Return the rows that are wanted."""
        if self.is_all or not rows.size:
            return rows
        which = np.ones(rows.size, bool)
        if self.expocodes is not None:
            which &= rows.matches("Expocode", self._wants)
        if self.flags is not None:
            which &= has_flag(rows, self.flags)
        for name, values in (("fCO2rec_flag", self.woce), ("fCO2rec_src", self.src)):
            if values is not None:
                which &= np.isin(rows.numbers[name], list(values))
        if rows.time is not None:
            which &= self._in_time(rows.time)
        return rows.take(which & self._in_place(rows))

    def _wants(self, expocode: str) -> bool:
        patterns = self.expocodes or ()
        return any(fnmatchcase(expocode.upper(), pattern) for pattern in patterns)

    def _in_time(self, time: Array) -> Array:
        which = np.ones(time.size, bool)
        if self.start is not None:
            which &= time >= self.start
        if self.end is not None:
            which &= time < self.end
        return which

    def _in_place(self, rows: Rows) -> Array:
        which = np.ones(rows.size, bool)
        if self.box is not None:
            lon, lat = rows.numbers["longitude"], rows.numbers["latitude"]
            west, south, east, north = self.box
            which &= (lat >= south) & (lat <= north)
            if east - west < 360.0:
                which &= (lon - west) % 360.0 <= (east - west) % 360.0
        if self.regions is not None and GLOBAL not in self.regions:
            which &= self._in_region(rows)
        return which

    def _in_region(self, rows: Rows) -> Array:
        numbers = rows.numbers
        land = numbers.get("dist_to_land")
        far = np.full(rows.size, np.inf)
        found = region_of(
            numbers["longitude"], numbers["latitude"], far if land is None else land
        )
        return np.isin(found, list(self.regions or ()))


def has_flag(rows: Rows, flags: frozenset[str]) -> np.ndarray:
    """Return where the flag of the data set is one of those wanted."""
    return rows.matches("QC_Flag", lambda word: _CODES.get(word, word) in flags)


def selection(
    *,
    region: str | None = None,
    box: Iterable[float] | str | None = None,
    start: Any = None,
    end: Any = None,
    flags: str | Iterable[str] | None = None,
    woce: Any = None,
    src: Any = None,
    expocodes: str | Iterable[str] | None = None,
    **unknown: Any,
) -> Selection:
    """Make a selection of what users type."""
    for word in unknown:
        near = did_you_mean(word, (*_NAMES, *_OTHERS))
        raise OptionError(
            f"no option {word!r}.{near} Rows are taken by {', '.join(_NAMES)}."
        )
    first = None if start is None else _moment("start", start)[0]
    behind = None if end is None else _moment("end", end)[1]
    if first is not None and behind is not None and first >= behind:
        raise OptionError(f"start {start} is after end {end}: there is no such time")
    return Selection(
        regions=None if region is None else letters(region),
        box=None if box is None else _box(box),
        start=first,
        end=behind,
        flags=None if flags is None else _flags(flags),
        woce=None if woce is None else _integers("woce", woce, _WOCE),
        src=None if src is None else _integers("src", src, _SRC),
        expocodes=None if expocodes is None else _expocodes(expocodes),
    )


def check_selection(chosen: Selection, layout: Layout) -> None:
    """Find out early that a file lacks what a selection looks at."""
    file = layout.file
    for name in chosen.needs:
        if name not in layout.columns:
            raise ReadError(
                f"{file.name}, line {file.line}: no column {name!r}, which the"
                f" selection ({chosen}) looks at"
            )


def _box(value: Iterable[float] | str) -> tuple[float, float, float, float]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    try:
        west, south, east, north = (float(part) for part in parts)
    except (TypeError, ValueError):
        raise OptionError(
            f"box cannot be {value!r}; it is four numbers: west, south, east, north"
        ) from None
    if not (-90.0 <= south <= north <= 90.0):
        raise OptionError(
            f"box cannot be {value!r}: south {south:g} and north {north:g} must be"
            " between -90 and 90, south first"
        )
    if not (-360.0 <= west <= 360.0 and -360.0 <= east <= 360.0):
        raise OptionError(f"box cannot be {value!r}: longitudes are -360 to 360")
    return west, south, east, north


def _moment(name: str, value: Any) -> tuple[np.datetime64, np.datetime64]:
    """Return the beginning of a time, and of what follows it."""
    try:
        if isinstance(value, str):
            text = value.strip().removesuffix("Z")
            begin = np.datetime64(text)
        else:
            begin = np.datetime64(value, "ns")
        if np.isnat(begin):
            raise ValueError
        following = begin + 1
        return begin.astype("datetime64[ns]"), following.astype("datetime64[ns]")
    except (ValueError, TypeError):
        raise OptionError(
            f"{name} cannot be {value!r}; it is a time such as 2010, 2010-12,"
            " 2010-12-31 or 2010-12-31T18:00"
        ) from None


def _flags(value: str | Iterable[str]) -> frozenset[str]:
    found = {letter for letter in "".join(value).upper() if letter not in ", "}
    odd = found - set(_FLAGS)
    if odd or not found:
        raise OptionError(
            f"flags cannot be {value!r}; they are letters of {', '.join(_FLAGS)}"
        )
    return frozenset(found)


def _integers(name: str, value: Any, allowed: tuple[int, ...]) -> frozenset[int]:
    parts = value.split(",") if isinstance(value, str) else value
    try:
        parts = [parts] if np.ndim(parts) == 0 else parts
        found = frozenset(int(part) for part in parts)
    except (TypeError, ValueError):
        found = frozenset()
    if not found or not found <= set(allowed):
        known = ", ".join(map(str, allowed))
        raise OptionError(f"{name} cannot be {value!r}; it is one or more of {known}")
    return found


def _expocodes(value: str | Iterable[str]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    found = tuple(part.strip().upper() for part in parts if part.strip())
    if not found:
        raise OptionError("expocodes cannot be empty")
    return found
