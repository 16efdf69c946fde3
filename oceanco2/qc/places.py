"""Where and when other limits hold: regions, boxes, months and seasons."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.geodesy import REGIONS, socat_regions, within
from oceanco2.platforms.settings import Where

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
#: Months of the letters, the same everywhere.
_LETTERS = {
    "DJF": (12, 1, 2),
    "MAM": (3, 4, 5),
    "JJA": (6, 7, 8),
    "SON": (9, 10, 11),
}
#: Seasons as people on the spot call them: half a year later in the south.
_LOCAL = {"winter": "DJF", "spring": "MAM", "summer": "JJA", "autumn": "SON"}

Condition = dict[str, Any]


def condition(table: Where) -> Condition:
    """Check the conditions of a table and write them in one way."""
    said: Condition = {"name": table.name} if table.name else {}
    if table.region:
        said["region"] = [_region(word) for word in _words(table.region)]
    if table.box is not None:
        said["box"] = _box("box", *table.box)
    if table.latitude is not None or table.longitude is not None:
        south, north = table.latitude or (-90.0, 90.0)
        west, east = table.longitude or (-180.0, 180.0)
        if "box" in said:
            raise OptionError("give 'box' or 'latitude' and 'longitude', not both")
        said["box"] = _box("latitude", south, west, north, east)
    if table.months:
        said["months"] = sorted({_month(month) for month in table.months})
    if table.season:
        said["season"] = [_season(word) for word in _words(table.season)]
    if not set(said) - {"name"}:
        raise OptionError(
            "says neither where nor when:"
            " needs region, box, latitude, longitude, months or season"
        )
    return said


def _words(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words


def _region(word: str) -> str:
    letter, name = word.strip().upper(), word.strip().lower()
    name = name.replace(" ", "_").replace("-", "_")
    known = {text: code for code, text in REGIONS.items()}
    found = letter if letter in REGIONS else known.get(name)
    if found is None:
        hint = did_you_mean(name, known)
        listed = ", ".join(f"{code} {text}" for code, text in REGIONS.items())
        raise OptionError(f"no region named {word!r}.{hint} Known: {listed}.")
    if found == "C":
        raise OptionError("region 'coastal' is not a box: name a box of your own")
    return found


def _box(key: str, south: float, west: float, north: float, east: float) -> list[float]:
    if not -90.0 <= south <= north <= 90.0:
        raise OptionError(
            f"{key!r} must have latitudes from south to north within -90 and 90:"
            f" {south:g}, {north:g}"
        )
    if not all(-180.0 <= edge <= 360.0 for edge in (west, east)):
        said = f"{west:g}, {east:g}"
        raise OptionError(f"longitudes must lie within -180 and 360: {said}")
    return [south, west, north, east]


def _month(month: int | str) -> int:
    if isinstance(month, int) and 1 <= month <= 12:
        return month
    word = str(month).strip().lower()
    fits = [i for i, name in enumerate(_MONTHS, 1) if word in (name, name[:3])]
    if not fits:
        hint = did_you_mean(word, _MONTHS)
        raise OptionError(f"no month {month!r}.{hint} Known: 1 to 12 and their names.")
    return fits[0]


def _season(word: str) -> str:
    for known in (word.strip().upper(), word.strip().lower()):
        if known in _LETTERS or known in _LOCAL:
            return known
    names = (*_LETTERS, *_LOCAL)
    hint = did_you_mean(word, names)
    raise OptionError(f"no season {word!r}.{hint} Known: {', '.join(names)}.")


def rows_where(ds: xr.Dataset) -> Callable[[Mapping[str, Any]], np.ndarray]:
    """Return what tells the rows for which a condition holds."""
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

    tell: dict[str, Callable[[Any], np.ndarray]] = {
        "region": lambda said: np.isin(region(), said),
        "box": lambda said: within(lat, lon, said),
        "months": lambda said: np.isin(month(), said),
        "season": lambda said: _in_season(month(), lat, said),
    }

    def holds(said: Mapping[str, Any]) -> np.ndarray:
        rows = np.ones(size, dtype=bool)
        for key in tell.keys() & said.keys():
            rows &= tell[key](said[key])
        return rows

    return holds


def _in_season(
    month: np.ndarray, latitude: np.ndarray, seasons: Sequence[str]
) -> np.ndarray:
    rows = np.zeros(month.shape, dtype=bool)
    for word in seasons:
        months = _LETTERS[_LOCAL.get(word, word)]
        if word in _LETTERS:
            rows |= np.isin(month, months)
            continue
        rows |= (latitude >= 0) & np.isin(month, months)
        rows |= (latitude < 0) & np.isin((month + 5) % 12 + 1, months)
    return rows
