"""Whole tracks and whole columns that are wrong while every step is plausible."""

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import xarray as xr

from oceanco2.geography import distance_km, is_inland, usual_salinity
from oceanco2.platforms import Platform, VariableSource
from oceanco2.platforms.contradictions import unanswered
from oceanco2.platforms.shared import one_column_for_two
from oceanco2.qc.checks.salinity import is_offshore, is_unusual
from oceanco2.qc.engine import CheckContext
from oceanco2.qc.rows import not_used
from oceanco2.vocabulary import BAD, VARIABLES

#: A contradiction, the variable that it is about, and its message.
Found = tuple[str, str, str]


def contradictions(
    context: CheckContext, platform: Platform, position_flags: np.ndarray
) -> list[str]:
    """Return what contradicts itself, one line each, unless it has been answered."""
    ds = context.ds
    if not ds.sizes["time"]:
        return []
    found = [
        *_columns(platform),
        *_positions(ds, platform, position_flags),
        *(copies := [*_copies(ds)]),
        *_constants(context),
    ]
    if all(variable != "salinity" for _, variable, _ in copies):
        found += _salinities(ds, platform)
    lines = (unanswered(platform.accepted, n, text, x) for n, x, text in found)
    return [line for several in lines for line in several]


def _columns(platform: Platform) -> Iterator[Found]:
    for column, name, other in one_column_for_two(platform):
        yield (
            "columns",
            other,
            f"{name} and {other} are both read from column {column!r}; where a"
            f' variable is not measured, write {{ same_as = "{name}" }}',
        )


#: What names of columns say, with what they must not say as well.
_NAMES = {
    "latitude": (r"lat(?!er)|breite", r"lon|l(ä|ae)nge"),
    "longitude": (r"lon|l(ä|ae)nge", r"lat(?!er)|breite"),
}
_OTHER = {"latitude": "longitude", "longitude": "latitude"}
#: Directions with positive numbers where a platform file says nothing, and the others.
_DIRECTIONS = {"latitude": ("north", "south"), "longitude": ("east", "west")}
#: What names of columns with positive numbers of the others say.
_NAMED = {
    word: rf"{word}|(deg(rees?)?[ ._]*|\b|_){word[0]}(\b|_)"
    for word in ("south", "west")
}


def _positions(
    ds: xr.Dataset, platform: Platform, flags: np.ndarray
) -> Iterator[Found]:
    sources = platform.variables
    for name in _NAMES:
        if name in sources and sources[name].column:
            yield from _name_of_column(name, sources[name])
            yield from _direction(name, sources[name], ds)
    rows = _fixes(ds)
    if not rows.any():
        return
    lat, lon, flags = (x[rows] for x in (*(ds[n].to_numpy() for n in _NAMES), flags))
    yield from _beyond_the_pole(lat, lon)
    if platform.qc.checks.get("latitude", {}).get("land") is not False:
        yield from _on_land(lat, lon)
    yield from _off_the_track(lat, lon, flags)


def _name_of_column(name: str, source: VariableSource) -> Iterator[Found]:
    """Compare the name of a column with what it is read as."""
    text = str(source.column).lower()
    own, other = _NAMES[name]
    if re.search(other, text) and not re.search(own, text):
        yield (
            "positions",
            name,
            f"{name} is read from column {source.column!r}, the name of a"
            f" {_OTHER[name]}: exchanged?",
        )


def _direction(name: str, source: VariableSource, ds: xr.Dataset) -> Iterator[Found]:
    """Compare signs, units and the name of a column with the positive direction."""
    values = ds[name].to_numpy() if name in ds.variables else np.zeros(0)
    values = values[np.isfinite(values) & (values != 0.0)]
    usual, reverse = _DIRECTIONS[name]
    if not values.size or source.hemisphere:
        return
    if source.positive != reverse:
        if re.search(_NAMED[reverse], str(source.column).lower()) and values.min() > 0:
            yield (
                "positions",
                name,
                f"{name} is read from column {source.column!r}, which names the"
                f" {reverse}, as {_span(values)} {usual}: positive = {reverse!r}?",
            )
        return
    declared = f"{name} has positive = {reverse!r}"
    if source.units:  # of the usual direction, which no other units are
        yield "positions", name, f"{declared}, and units = {source.units!r}"
    elif values.min() > 0.0:
        yield (
            "positions",
            name,
            f"{declared}, and all numbers in column {source.column!r} are negative:"
            f" that is {_span(values)} {usual}; negative numbers usually mean"
            f" {reverse} already",
        )


def _fixes(ds: xr.Dataset) -> np.ndarray:
    """Return the rows of measurements with a position, without those of no fix."""
    if not set(_NAMES) <= set(ds.variables):
        return np.array([], dtype=bool)
    lat, lon = (ds[name].to_numpy() for name in _NAMES)
    found = np.isfinite(lat) & np.isfinite(lon) & ~not_used(ds)
    return np.asarray(found & ((lat != 0.0) | (lon != 0.0)))


def _span(values: np.ndarray) -> str:
    """Return the lowest and highest value as text."""
    low, high = (f"{value:.6g}" for value in (np.min(values), np.max(values)))
    return low if low == high else f"{low} to {high}"


#: Fewest rows of a track or a column, and the share of them that counts for all.
_FEWEST = 20
_TENTH = 0.1
_MOST_PACKED = 9000.0


def _beyond_the_pole(lat: np.ndarray, lon: np.ndarray) -> Iterator[Found]:
    """Report latitudes that cannot be, and how they could."""
    beyond = np.abs(lat) > 90.0
    if lat.size < _FEWEST or beyond.mean() < _TENTH:
        return
    hint = ""
    if (np.abs(lon) <= 90.0).all():
        hint = ": latitude and longitude exchanged?"
    minutes = np.abs(lat) % 100.0
    if (minutes < 60.0).all() and (np.abs(lat) < _MOST_PACKED).all():
        degrees = np.floor(np.abs(lat) / 100.0) + minutes / 60.0
        layout = 'format = "ddmm.mmmm"'
        hint = f": degrees and minutes? With {layout} they are {_span(degrees)}"
    yield (
        "positions",
        "latitude",
        f"latitude is {_span(lat)}, beyond 90 in {int(beyond.sum())} of {lat.size}"
        f" rows{hint}",
    )


def _on_land(lat: np.ndarray, lon: np.ndarray) -> Iterator[Found]:
    """Report a track on land, and what would bring it to the sea."""
    inland = is_inland(lat, lon)
    count = int(inland.sum())
    if lat.size < _FEWEST or count < _TENTH * lat.size:
        return
    changes = _changes(lat, lon, inland)
    hint = f"; at sea with {' or with '.join(changes)}" if changes else ""
    where = f"latitude {_span(lat[inland])}, longitude {_span(lon[inland])}"
    yield (
        "land",
        "",
        f"{count} of {lat.size} positions lie on land ({where}){hint}",
    )


def _off_the_track(
    lat: np.ndarray, lon: np.ndarray, flags: np.ndarray
) -> Iterator[Found]:
    """Report fixes at sea that a change brings back to the track."""
    off = (flags == BAD) & ~is_inland(lat, lon)
    count = int(off.sum())
    if lat.size < _FEWEST or not _FEWEST_OFF <= count <= 0.5 * lat.size:
        return
    changes = _changes(lat, lon, off)
    if changes:
        where = f"latitude {_span(lat[off])}, longitude {_span(lon[off])}"
        yield (
            "positions",
            "",
            f"{count} of {lat.size} positions are off the track ({where}); on it with"
            f" {' or with '.join(changes)}",
        )


#: Fewest misplaced fixes with one cause, and how near to the track they must come [km].
_FEWEST_OFF = 3
_NEAR_KM = 300.0
#: Both signs are changed only if nothing simpler will do.
_BOTH = "the other sign of both"


def _changes(lat: np.ndarray, lon: np.ndarray, wrong: np.ndarray) -> list[str]:
    """Return what brings wrong positions near the others, or to the sea if all are."""
    y, x = lat[wrong], lon[wrong]
    changes: dict[str, tuple[np.ndarray, np.ndarray]] = {
        "the other sign of the longitudes": (y, -x),
        "the other sign of the latitudes": (-y, x),
        _BOTH: (-y, -x),
    }
    if (np.abs(x) <= 90.0).all():
        changes["latitude and longitude exchanged"] = (x, y)
    others = np.flatnonzero(~wrong)
    if others.size < y.size:
        found = [k for k, v in changes.items() if is_inland(*v).mean() < _TENTH]
    else:
        after = np.searchsorted(others, np.flatnonzero(wrong))
        fixes = others[np.minimum(after, others.size - 1)]
        track = lat[fixes], lon[fixes]
        near = {k: distance_km(*track, *v) for k, v in changes.items()}
        found = [k for k, km in near.items() if np.median(km) < _NEAR_KM]
        if np.median(distance_km(*track, y, x)) < _NEAR_KM:
            found = []  # near the equator or Greenwich a sign makes no difference
    return [text for text in found if text != _BOTH] or found


#: Factors between salinity and a fraction, and from which distance one is certain.
_FACTORS = (10.0, 100.0, 1000.0)
_NEAR = 4.0  # what a season may add to an annual mean


def _salinities(ds: xr.Dataset, platform: Platform) -> Iterator[Found]:
    switched_off = platform.qc.checks.get("salinity", {}).get("unusual") is False
    if not {"salinity", *_NAMES} <= set(ds.variables) or switched_off:
        return
    values, lat, lon = (ds[n].to_numpy() for n in ("salinity", *_NAMES))
    low, high = usual_salinity(lat, lon)
    rows = np.isfinite(values + low) & ~not_used(ds) & ~is_inland(lat, lon)
    if rows.sum() < _FEWEST:
        return
    values, low, high, lat, lon = (x[rows] for x in (values, low, high, lat, lon))
    usual = f"{np.min(low):.3g} to {np.max(high):.3g}"
    text = f"salinity is {_span(values)}, and {usual} in this part of the sea"
    for factor in _FACTORS:
        scaled = factor * values
        fits = (scaled > low - _NEAR) & (scaled < high + _NEAR) & (values < low - _NEAR)
        if factor == _FACTORS[0]:  # near land it may be the water of a river
            fits[fits] = is_offshore(lat[fits], lon[fits])
        if fits.mean() > 0.5:
            yield "salinity", "", f"{text}: a fraction? Times {factor:g} it fits"
            return
    if is_unusual(values, lat, lon).mean() > 0.5:
        yield "salinity", "", f"{text}: another column, or other units?"


#: Quantities that are never equal for long.
_DISTINCT = ("SST", "T_equ", "salinity", "P_equ", "P_atm", "latitude", "longitude")


def _copies(ds: xr.Dataset) -> Iterator[Found]:
    """Report two quantities with the same values."""
    names = [
        name
        for name in _DISTINCT
        if name in ds.variables and ds[name].attrs.get("value_type") != "nominal"
    ]
    used = ~not_used(ds)
    for name, other in combinations(names, 2):
        if VARIABLES[name].units == VARIABLES[other].units:
            continue
        one, two = (ds[n].to_numpy() for n in (name, other))
        both = np.isfinite(one) & np.isfinite(two) & used
        equal = both & (one == two)
        count = int(equal.sum())
        if count < _FEWEST or count < 0.9 * both.sum() or np.ptp(one[equal]) == 0.0:
            continue
        yield (
            "copies",
            other,
            f"{name} and {other} are equal in {count} of {int(both.sum())} rows:"
            " the same column twice?",
        )


_DAY = 24  # rows every hour


def _constants(context: CheckContext) -> Iterator[Found]:
    """Report a salinity with one value, which a check calls stuck."""
    ds = context.ds
    minutes = context.checks("salinity").get("constant", {}).get("minutes")
    if "salinity" not in ds or minutes is None:
        return
    values = ds["salinity"].to_numpy()
    rows = np.flatnonzero(np.isfinite(values))
    if rows.size <= _DAY or np.ptp(values[rows]) > 0.0:
        return
    if np.ptp(context.seconds[rows]) > 60.0 * minutes:
        value = f"{values[rows[0]]:.6g}"
        yield (
            "constant",
            "salinity",
            f"salinity is {value} in all {rows.size} rows; a number that was not"
            f" measured is written salinity = {{ value = {value} }} in [variables]",
        )
