"""Select rows by region, box, time, flags, algorithms and expocodes."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import numpy as np

from oceanco2.errors import OptionError, ReadError, choose_name, not_found
from oceanco2.socat.archive.layout import TIME, Layout
from oceanco2.socat.archive.printing import Array
from oceanco2.socat.archive.table import ArchiveRows

#: Letters and names.
REGIONS = {
    "A": "North Atlantic",
    "C": "Coastal",
    "I": "Indian",
    "N": "North Pacific",
    "O": "Southern",
    "R": "Arctic",
    "T": "Tropical Pacific",
    "Z": "Tropical Atlantic",
}
#: Global: every row, in a region or not.
GLOBAL = "G"
COAST_KM = 400.0
#: lat0, lon0, lat1, lon1; the Southern Ocean and the Arctic come before all others.
_BOXES = {
    "A": (
        (30, 0, 90, 20),
        (30, -68, 90, 0),
        (7, -84, 90, -68),
        (18, -100, 90, -84),
        (30, 20, 90, 43),
    ),
    "I": ((-30, 20, 30, 100), (-30, 100, -5, 130), (-30, 130, -30, 147)),
    "N": ((30, 106, 90, 180), (30, -180, 90, -105)),
    "T": (
        (-5, 100, 30, 180),
        (-5, -180, 30, -100),
        (-30, -180, -5, -68),
        (-5, -100, 5, -68),
        (5, -100, 18, -84),
        (-30, 130, -5, 180),
    ),
    "Z": ((-30, 0, 20, 20), (-30, -68, 30, 0)),
}
#: Regions that do not depend on the distance to land.
WITHOUT_COAST = frozenset("GOR")


def region_letters(text: str) -> frozenset[str]:
    """Return the letters of regions named by letters or names.

    Examples
    --------
    >>> sorted(region_letters("arctic, Coastal"))
    ['C', 'R']
    """
    names = {name.lower(): letter for letter, name in REGIONS.items()}
    result = set()
    for part in (p.strip() for p in text.split(",")):
        if part.lower() in names:
            result.add(names[part.lower()])
        elif part and set(part) <= {*REGIONS, GLOBAL}:
            result |= set(part)
        else:
            available = (*REGIONS.values(), "global", *REGIONS, GLOBAL)
            raise OptionError(not_found("region", part, available))
    return frozenset(result)


def region_of(longitude: Any, latitude: Any, dist_to_land: Any) -> Array:
    """Return the letter of the region of each position.

    Examples
    --------
    >>> region_of([-20.0, 330.0, 10.0], [40.0, 40.0, -50.0], [900.0, 399.0, 10.0])
    array(['A', 'C', 'O'], dtype='<U1')
    """
    lat = np.asarray(latitude, float)
    lon = (np.asarray(longitude, float) + 180.0) % 360.0 - 180.0
    regions = np.full(np.broadcast_shapes(lat.shape, lon.shape), " ", "<U1")
    for letter, boxes in _BOXES.items():
        for south, west, north, east in boxes:
            inside = (lat >= south) & (lat < north) & (lon >= west) & (lon < east)
            regions[inside] = letter
    regions[np.broadcast_to(np.asarray(dist_to_land) < COAST_KM, regions.shape)] = "C"
    regions[np.broadcast_to(lat < -30.0, regions.shape)] = "O"
    limit = np.where((lon >= -100.0) & (lon < 43.0), 70.0, 66.0)
    regions[lat >= limit] = "R"
    return regions


#: Codes of version 2 that mean a letter.
_FLAG_CODES = {"11": "A", "12": "B", "13": "C", "14": "D", "15": "S", "17": "E"}
#: Data set flags in published files; more than the states of the dashboard.
_FLAGS = "ABCDEFSXNU"
_WOCE, _SRC = (2, 3, 4, 9), tuple(range(15))
_NAMES = ("region", "box", "start", "end", "flags", "woce", "src", "expocodes")
#: Other options of the functions that select rows.
_OTHERS = ("columns", "encoding", "progress", "recomputed", "strict", "workers")


@dataclass(frozen=True)
class Selection:
    """Conditions that rows must meet; None means no condition."""

    regions: frozenset[str] | None = None
    box: tuple[float, float, float, float] | None = None
    start: np.datetime64 | None = None
    end: np.datetime64 | None = None
    flags: frozenset[str] | None = None
    woce: frozenset[int] | None = None
    src: frozenset[int] | None = None
    expocodes: tuple[str, ...] | None = None

    @cached_property
    def required_columns(self) -> tuple[str, ...]:
        """Return the columns that the conditions need."""
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
        """Return whether every row is selected."""
        return not self.required_columns

    def __str__(self) -> str:
        """Return the selection as text."""
        parts = []
        if self.regions is not None:
            parts.append("region " + "".join(sorted(self.regions)))
        if self.box is not None:
            parts.append("box " + ",".join(f"{x:g}" for x in self.box))
        if self.start is not None:
            parts.append(f"from {self.start}")
        if self.end is not None:
            parts.append(f"before {self.end}")
        if self.flags is not None:
            parts.append("QC_Flag " + "".join(sorted(self.flags)))
        for name, values in (("fCO2rec_flag", self.woce), ("fCO2rec_src", self.src)):
            if values is not None:
                parts.append(name + " " + ",".join(map(str, sorted(values))))
        if self.expocodes is not None:
            parts.append("expocodes " + ",".join(self.expocodes))
        return "; ".join(parts) or "all rows"

    def __call__(self, rows: ArchiveRows) -> ArchiveRows:
        """Return the selected rows."""
        if self.is_all or not rows.size:
            return rows
        mask = np.ones(rows.size, bool)
        if self.expocodes is not None:
            mask &= rows.matches("Expocode", self._matches_expocode)
        if self.flags is not None:
            mask &= has_flag(rows, self.flags)
        for name, values in (("fCO2rec_flag", self.woce), ("fCO2rec_src", self.src)):
            if values is not None:
                mask &= np.isin(rows.numbers[name], list(values))
        if rows.time is not None:
            mask &= self._in_time(rows.time)
        return rows.take(mask & self._in_area(rows))

    def _matches_expocode(self, expocode: str) -> bool:
        patterns = self.expocodes or ()
        return any(fnmatchcase(expocode.upper(), pattern) for pattern in patterns)

    def _in_time(self, time: Array) -> Array:
        mask = np.ones(time.size, bool)
        if self.start is not None:
            mask &= time >= self.start
        if self.end is not None:
            mask &= time < self.end
        return mask

    def _in_area(self, rows: ArchiveRows) -> Array:
        mask = np.ones(rows.size, bool)
        if self.box is not None:
            lon, lat = rows.numbers["longitude"], rows.numbers["latitude"]
            west, south, east, north = self.box
            mask &= (lat >= south) & (lat <= north)
            if east - west < 360.0:
                mask &= (lon - west) % 360.0 <= (east - west) % 360.0
        if self.regions is not None and GLOBAL not in self.regions:
            mask &= self._in_region(rows)
        return mask

    def _in_region(self, rows: ArchiveRows) -> Array:
        numbers = rows.numbers
        land = numbers.get("dist_to_land")
        far = np.full(rows.size, np.inf)
        regions = region_of(
            numbers["longitude"], numbers["latitude"], far if land is None else land
        )
        return np.isin(regions, list(self.regions or ()))


def has_flag(rows: ArchiveRows, flags: frozenset[str]) -> np.ndarray:
    """Return a mask of rows whose data set has one of the flags."""
    return rows.matches("QC_Flag", lambda label: _FLAG_CODES.get(label, label) in flags)


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
    """Return the selection for the options of a user."""
    for option in unknown:
        choose_name("option", option, (*_NAMES, *_OTHERS), error=OptionError)
    first = None if start is None else _moment("start", start)[0]
    after = None if end is None else _moment("end", end)[1]
    if first is not None and after is not None and first >= after:
        raise OptionError(f"start {start} must be before end {end}")
    return Selection(
        regions=None if region is None else region_letters(region),
        box=None if box is None else _box(box),
        start=first,
        end=after,
        flags=None if flags is None else _flags(flags),
        woce=None if woce is None else _integers("woce", woce, _WOCE),
        src=None if src is None else _integers("src", src, _SRC),
        expocodes=None if expocodes is None else _expocodes(expocodes),
    )


def check_selection(chosen: Selection, layout: Layout) -> None:
    """Raise ReadError if a file lacks a column that the selection needs."""
    file = layout.file
    for name in chosen.required_columns:
        if name not in layout.columns:
            raise ReadError(
                f"{file.name}, line {file.line}: no column {name!r}, which the"
                f" selection ({chosen}) needs"
            )


def _box(value: Iterable[float] | str) -> tuple[float, float, float, float]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    try:
        west, south, east, north = (float(part) for part in parts)
    except (TypeError, ValueError):
        raise OptionError(
            f"box must be four numbers (west, south, east, north), not {value!r}"
        ) from None
    if not (-90.0 <= south <= north <= 90.0):
        raise OptionError(
            f"latitudes of box must be between -90 and 90, south first,"
            f" not {south:g} and {north:g}"
        )
    if not (-360.0 <= west <= 360.0 and -360.0 <= east <= 360.0):
        raise OptionError(
            f"longitudes of box must be between -360 and 360, not {west:g} and {east:g}"
        )
    return west, south, east, north


def _moment(name: str, value: Any) -> tuple[np.datetime64, np.datetime64]:
    """Return the start of a period such as 2010 or 2010-12, and of the next one."""
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
            f"{name} must be a time such as 2010, 2010-12, 2010-12-31 or"
            f" 2010-12-31T18:00, not {value!r}"
        ) from None


def _flags(value: str | Iterable[str]) -> frozenset[str]:
    flags = {letter for letter in "".join(value).upper() if letter not in ", "}
    if not flags or not flags <= set(_FLAGS):
        raise OptionError(
            f"flags must be one or more of {', '.join(_FLAGS)}, not {value!r}"
        )
    return frozenset(flags)


def _integers(name: str, value: Any, allowed: tuple[int, ...]) -> frozenset[int]:
    parts = value.split(",") if isinstance(value, str) else value
    try:
        parts = [parts] if np.ndim(parts) == 0 else parts
        numbers = frozenset(int(part) for part in parts)
    except (TypeError, ValueError):
        numbers = frozenset()
    if not numbers or not numbers <= set(allowed):
        choices = ", ".join(map(str, allowed))
        raise OptionError(f"{name} must be one or more of {choices}, not {value!r}")
    return numbers


def _expocodes(value: str | Iterable[str]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    patterns = tuple(part.strip().upper() for part in parts if part.strip())
    if not patterns:
        raise OptionError("expocodes must not be empty")
    return patterns
