"""Conditions in space and time for limits: regions, boxes, months, seasons."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.geography import REGIONS, socat_regions, within
from oceanco2.platforms.settings import Where

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
#: Seasons by the initials of their months, the same everywhere.
_INITIALS = {
    "DJF": (12, 1, 2),
    "MAM": (3, 4, 5),
    "JJA": (6, 7, 8),
    "SON": (9, 10, 11),
}
#: Local seasons: half a year later in the southern hemisphere.
_LOCAL = {"winter": "DJF", "spring": "MAM", "summer": "JJA", "autumn": "SON"}

Condition = dict[str, Any]


def condition(table: Where) -> Condition:
    """Validate the conditions of a table and write them in one form."""
    conditions: Condition = {"name": table.name} if table.name else {}
    if table.region:
        conditions["region"] = [_region(word) for word in _as_list(table.region)]
    if table.box is not None:
        conditions["box"] = _box("box", *table.box)
    if table.latitude is not None or table.longitude is not None:
        south, north = table.latitude or (-90.0, 90.0)
        west, east = table.longitude or (-180.0, 180.0)
        if "box" in conditions:
            raise OptionError("give 'box' or 'latitude' and 'longitude', not both")
        conditions["box"] = _box("latitude", south, west, north, east)
    if table.months:
        conditions["months"] = sorted({_month(month) for month in table.months})
    if table.season:
        conditions["season"] = [_season(word) for word in _as_list(table.season)]
    if not set(conditions) - {"name"}:
        raise OptionError(
            "needs at least one of region, box, latitude, longitude, months and season"
        )
    return conditions


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _region(word: str) -> str:
    letter, name = word.strip().upper(), word.strip().lower()
    name = name.replace(" ", "_").replace("-", "_")
    codes = {text: code for code, text in REGIONS.items()}
    code = letter if letter in REGIONS else codes.get(name)
    if code is None:
        hint = did_you_mean(name, codes)
        regions = ", ".join(f"{code} {text}" for code, text in REGIONS.items())
        raise OptionError(f"no region named {word!r}.{hint} Known: {regions}.")
    if code == "C":
        raise OptionError("region 'coastal' is not a box: define your own box")
    return code


def _box(key: str, south: float, west: float, north: float, east: float) -> list[float]:
    if not -90.0 <= south <= north <= 90.0:
        raise OptionError(
            f"{key!r} must have latitudes from south to north between -90 and 90:"
            f" {south:g}, {north:g}"
        )
    if not all(-180.0 <= edge <= 360.0 for edge in (west, east)):
        edges = f"{west:g}, {east:g}"
        raise OptionError(f"longitudes must be between -180 and 360: {edges}")
    return [south, west, north, east]


def _month(month: int | str) -> int:
    if isinstance(month, int) and 1 <= month <= 12:
        return month
    word = str(month).strip().lower()
    matches = [i for i, name in enumerate(_MONTHS, 1) if word in (name, name[:3])]
    if not matches:
        hint = did_you_mean(word, _MONTHS)
        raise OptionError(f"no month {month!r}.{hint} Known: 1 to 12 and their names.")
    return matches[0]


def _season(word: str) -> str:
    for key in (word.strip().upper(), word.strip().lower()):
        if key in _INITIALS or key in _LOCAL:
            return key
    names = (*_INITIALS, *_LOCAL)
    hint = did_you_mean(word, names)
    raise OptionError(f"no season {word!r}.{hint} Known: {', '.join(names)}.")


def rows_where(ds: xr.Dataset) -> Callable[[Mapping[str, Any]], np.ndarray]:
    """Return a function from a condition to the rows where it holds."""
    size = ds.sizes["time"]
    lat, lon = (
        ds[n].to_numpy() if n in ds.variables else np.full(size, np.nan)
        for n in ("latitude", "longitude")
    )

    @cache
    def region() -> np.ndarray:
        return socat_regions(lat, lon)

    @cache
    def month() -> np.ndarray:
        months = ds["time"].to_numpy().astype("datetime64[M]").astype(np.int64)
        return months % 12 + 1

    masks: dict[str, Callable[[Any], np.ndarray]] = {
        "region": lambda value: np.isin(region(), value),
        "box": lambda value: within(lat, lon, *value),
        "months": lambda value: np.isin(month(), value),
        "season": lambda value: _in_season(month(), lat, value),
    }

    def holds(conditions: Mapping[str, Any]) -> np.ndarray:
        rows = np.ones(size, dtype=bool)
        for key in masks.keys() & conditions.keys():
            rows &= masks[key](conditions[key])
        return rows

    return holds


def _in_season(
    month: np.ndarray, latitude: np.ndarray, seasons: Sequence[str]
) -> np.ndarray:
    rows = np.zeros(month.shape, dtype=bool)
    for word in seasons:
        months = _INITIALS[_LOCAL.get(word, word)]
        if word in _INITIALS:
            rows |= np.isin(month, months)
            continue
        rows |= (latitude >= 0) & np.isin(month, months)
        rows |= (latitude < 0) & np.isin((month + 5) % 12 + 1, months)
    return rows
