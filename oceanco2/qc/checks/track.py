"""Checks of time and position: missing positions, impossible speeds, time order."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import AfterValidator

from oceanco2.dates import HOUR_SECONDS, isolated_times, unlikely_times
from oceanco2.errors import choose
from oceanco2.geography import EARTH_KM, distance_km, is_inland
from oceanco2.qc.check import Number, Options, Text, Track, register
from oceanco2.units import (
    KM_PER_NAUTICAL_MILE,
    KNOTS_PER_KM_H,
    METRES_PER_NAUTICAL_MILE,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_BLAMED = ("one", "both")
_FIX_KM = 0.05  # tolerance of two fixes; matters for samples seconds apart


@register(
    "position",
    bit=7,
    description="position missing or impossible, or 0 N 0 E far from its neighbours",
    reference="SOCAT upload checks",
    fixed=True,
)
def check_position(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Flag missing and invalid positions."""
    valid = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
    return np.where(valid, GOOD, BAD).astype(np.int8)


_SAILING = 30.0  # speed of a ship in a hurry [knot]
_LEAST_HOURS, _MOST_HOURS = 1.0, 24.0


def without_fix(
    lat: np.ndarray, lon: np.ndarray, seconds: np.ndarray, *, moored: bool = False
) -> np.ndarray:
    """Return the rows at 0 N 0 E, as receivers print without a fix.

    Not those whose neighbours are close enough for the platform to be there, and not
    a mooring that has no other position.
    """
    origin = np.zeros(1)
    nowhere = (lat == 0.0) & (lon == 0.0)
    rows = np.flatnonzero(nowhere)
    others = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon) & ~nowhere)
    if not rows.size or not others.size:
        return nowhere & (not moored)
    after = np.searchsorted(others, rows)
    for place in np.unique(after).tolist():
        block = rows[after == place]
        there = True
        for row, other in ((block[0], place - 1), (block[-1], place)):
            if 0 <= other < others.size:
                fix = others[other]
                hours = abs(seconds[row] - seconds[fix]) / HOUR_SECONDS
                reach = _SAILING * min(max(hours, _LEAST_HOURS), _MOST_HOURS)
                km = distance_km(origin, origin, lat[fix], lon[fix])[0]
                there &= bool(km <= KM_PER_NAUTICAL_MILE * reach)
        nowhere[block] = not there
    return nowhere


@register(
    "land",
    bit=54,
    description="position inland: the cell of a quarter degree and all its neighbours",
    reference=(
        "test 4 (position on land) of Argo quality control, doi:10.13155/33951;"
        " mask of NOAA GLOBE, in which lakes and the Caspian Sea are land"
    ),
    tables=("latitude",),
    needs=("longitude",),
    limits={"default": {"latitude": {}}},
    contradiction="land",
)
def check_land(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    longitude: np.ndarray,
) -> np.ndarray:
    """Flag positions inland; rivers, fjords and harbours have some sea around them."""
    inland = is_inland(values, longitude)
    return np.where(inland, QUESTIONABLE, GOOD).astype(np.int8)


def _read_blame(blame: str) -> str:
    return choose("blame", blame, _BLAMED)


#: By kind of platform [knot].
_SPEEDS = {
    "ship": {"questionable": 30.0, "bad": 80.0},
    "surface_vehicle": {"questionable": 15.0, "bad": 80.0},
    "drifter": {"questionable": 10.0, "bad": 80.0},
    "mooring": {"questionable": 10.0, "bad": 80.0},
}
_QUINCE_KNOTS = 160.0 * HOUR_SECONDS / METRES_PER_NAUTICAL_MILE  # of 160 m/s
_QUINCE = {"questionable": _QUINCE_KNOTS, "bad": _QUINCE_KNOTS, "blame": "both"}


class SpeedOptions(Options):
    """Options of the check ``speed``."""

    questionable: Number = 30.0
    bad: Number = 80.0
    blame: Annotated[Text, AfterValidator(_read_blame)] = "one"


def _measure_speed(track: Track, options: SpeedOptions) -> np.ndarray:
    """Return the larger of the speeds to and from a fix [knot]."""
    finite = np.flatnonzero(np.isfinite(track.latitude) & np.isfinite(track.longitude))
    lat, lon = track.latitude[finite], track.longitude[finite]
    km = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:])
    hours = np.diff(track.seconds[finite]) / HOUR_SECONDS
    legs = np.full(km.size, np.inf)
    np.divide(KNOTS_PER_KM_H * km, hours, out=legs, where=hours > 0)
    around = np.full(finite.size + 1, np.nan)
    around[1:-1] = legs
    out = np.full(track.latitude.size, np.nan)
    out[finite] = np.fmax(around[:-1], around[1:])
    # Of a block of misplaced fixes only its ends are too fast between neighbours.
    slow = ~(out[track.at] > options.questionable)
    return np.where(slow, np.nan, out[track.at])


@register(
    "speed",
    bit=8,
    description="faster than such a platform can move [knot]",
    reference=(
        "SOCAT upload checks, doi:10.5194/essd-8-383-2016, limits by kind of platform"
    ),
    tables=("latitude",),
    options=SpeedOptions,
    kinds={
        "default": _SPEEDS,
        "quince-28": dict.fromkeys(_SPEEDS, _QUINCE),
        "none": _SPEEDS,
    },
    measure=_measure_speed,
    sentence="{:.4g} knots",
    track=True,
)
def check_speed(
    latitude: np.ndarray,
    longitude: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float,
    blame: str,
) -> np.ndarray:
    """Flag fixes that the platform cannot have reached."""
    _read_blame(blame)
    flags = np.full(latitude.shape, GOOD, dtype=np.int8)
    located = np.isfinite(latitude) & np.isfinite(longitude)
    for limit, code in ((bad, BAD), (questionable, QUESTIONABLE)):
        fixes = np.flatnonzero(located)
        if fixes.size < 2:
            break
        track = latitude[fixes], longitude[fixes], seconds[fixes]
        blamed, misplaced = _too_fast(*track, float(limit), blame == "both")
        if code == BAD and blamed.any():
            aside = _off_the_track(*track, ~misplaced, float(limit))
            flags[fixes[aside]] = BAD
            located[fixes[aside]] = False
            fixes = fixes[~aside]
            track = latitude[fixes], longitude[fixes], seconds[fixes]
            blamed, misplaced = _too_fast(*track, float(limit), blame == "both")
        rows = fixes[blamed]
        flags[rows] = np.maximum(flags[rows], code)
        # Misplaced fixes do not count for the next leg; after a jump the track goes on.
        located[fixes[misplaced]] = False
    return flags


#: Stretches of a track between jumps of so many kilometres, and the share of rows that
#: can be trusted; shorter jumps are often those of a clock.
_MOST_STRETCHES = 50
_JUMP_KM = 300.0
_TRUSTED = 0.75


def _off_the_track(
    lat: np.ndarray, lon: np.ndarray, t: np.ndarray, rows: np.ndarray, limit: float
) -> np.ndarray:
    """Return the fixes of stretches that do not belong to the track.

    The track is the longest chain of stretches that the platform can have sailed one
    after the other; if it has too few of the rows, nothing is left out.
    """
    aside = np.zeros(lat.size, dtype=bool)
    fixes = np.flatnonzero(rows)
    a, b = fixes[:-1], fixes[1:]
    jumps = _speeds(lat, lon, t, a, b) > limit
    jumps &= distance_km(lat[a], lon[a], lat[b], lon[b]) > _JUMP_KM
    starts = np.append(0, np.flatnonzero(jumps) + 1)
    if not 1 < starts.size <= _MOST_STRETCHES:
        return aside
    ends = np.append(starts[1:], fixes.size)
    best, before = (ends - starts).tolist(), [-1] * starts.size
    for k in range(1, starts.size):
        speeds = _speeds(lat, lon, t, fixes[ends[:k] - 1], fixes[starts[k]])
        for j in np.flatnonzero(speeds <= limit).tolist():
            if best[j] + ends[k] - starts[k] > best[k]:
                best[k], before[k] = best[j] + ends[k] - starts[k], j
    last = int(np.argmax(best))
    if best[last] < _TRUSTED * fixes.size:
        return aside
    aside[fixes] = True
    while last >= 0:
        aside[fixes[starts[last] : ends[last]]] = False
        last = before[last]
    return aside


def _speeds(
    lat: np.ndarray, lon: np.ndarray, t: np.ndarray, a: np.ndarray, b: np.ndarray
) -> np.ndarray:
    """Return the speeds between fixes [knot]."""
    km = distance_km(lat[a], lon[a], lat[b], lon[b])
    hours = (t[b] - t[a]) / HOUR_SECONDS
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(km <= _FIX_KM, 0.0, KNOTS_PER_KM_H * km / hours)


def _too_fast(
    lat: np.ndarray, lon: np.ndarray, t: np.ndarray, limit: float, both: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the fixes that are blamed, and the misplaced ones among them."""
    from oceanco2.qc import _kernels

    lat, lon, t = (np.ascontiguousarray(a, dtype=np.float64) for a in (lat, lon, t))
    sphere = EARTH_KM, 0.0 if both else _FIX_KM, KNOTS_PER_KM_H
    speeds = _kernels.legs(lat, lon, t, *sphere)
    kinds = _kernels.too_fast(lat, lon, t, speeds, limit, *sphere)
    misplaced = kinds == 1
    if not both:
        return kinds > 0, misplaced
    blamed = misplaced.copy()
    fixes = np.flatnonzero(~misplaced)
    fast = _kernels.legs(lat[fixes], lon[fixes], t[fixes], *sphere) > limit
    blamed[fixes[1:][fast]] = True
    blamed[fixes[:-1][fast]] = True
    return blamed, misplaced


@register(
    "time_order",
    bit=9,
    description="clock goes back within a file",
    reference="SOCAT upload checks",
    fixed=True,
)
def check_time_order(
    seconds: np.ndarray,
    file: np.ndarray,
    row: np.ndarray,
    label: np.ndarray | None = None,
) -> np.ndarray:
    """Flag rows before which the clock of a file went back.

    Rows in another order are no fault of a clock: newest first, blocks of time that
    are joined in any order, rows sorted by their run type (`label`).
    """
    flags = np.full(seconds.shape, GOOD, dtype=np.int8)
    order = np.arange(seconds.size)
    same_file = np.diff(file)
    if (same_file < 0).any() or (np.diff(row)[same_file == 0] < 0).any():
        order = np.lexsort((row, file))
    ends = np.flatnonzero(np.diff(file[order])) + 1
    back = np.diff(seconds[order]) < 0
    back[ends - 1] = False  # files may overlap
    if not back.any():
        return flags
    for rows in np.split(order, ends):
        blamed = rows[_rows_back(seconds[rows])]
        if blamed.size and label is not None:
            blamed = _without_order_of_runs(seconds, rows, label[rows], blamed)
        flags[blamed] = QUESTIONABLE
    return flags


def _without_order_of_runs(
    seconds: np.ndarray, rows: np.ndarray, label: np.ndarray, blamed: np.ndarray
) -> np.ndarray:
    """Return the rows that are blamed, each run type alone if that is far fewer.

    A file may be sorted by run type, or have the readings of air of each cycle after
    those of water, though they were made before.
    """
    changes = np.count_nonzero(np.diff(label))
    labels = np.unique(label)
    parts = [rows[label == one] for one in labels]
    alone = np.concatenate([part[_rows_back(seconds[part])] for part in parts])
    is_sorted = changes == labels.size - 1
    is_order = is_sorted or (blamed.size >= 10 and 10 * alone.size <= blamed.size)
    return alone if is_order else blamed


#: So many steps back in a file, and this share of all, are no fault of a clock.
_MANY_STEPS, _MANY_SHARE = 5, 0.2


def _rows_back(times: np.ndarray) -> np.ndarray:
    """Return the rows of a file that a clock which went back has spoilt."""
    steps = np.diff(times)
    back, forward = int((steps < 0).sum()), int((steps > 0).sum())
    if back > forward:  # newest first
        return times.size - 1 - _rows_back(times[::-1]) if forward else _NO_ROWS
    if back >= _MANY_STEPS and back > _MANY_SHARE * steps.size:
        return _NO_ROWS  # sorted by something else than time
    blocks = np.split(np.arange(times.size), np.flatnonzero(steps < 0) + 1)
    blocks.sort(key=lambda block: times[block[0]])
    blamed = [_NO_ROWS]
    for cluster in _overlapping(times, blocks):
        if len(cluster) == 1:  # a block with a time of its own, or a single row
            blamed += cluster if cluster[0].size == 1 else []
            continue
        # One clock wrote them as they are, or blocks that overlap were joined.
        orders = [np.sort(np.concatenate(cluster)), np.concatenate(cluster)]
        blamed.append(min((_fewer(times, rows) for rows in orders), key=len))
    return np.concatenate(blamed)


_NO_ROWS = np.empty(0, dtype=np.intp)


def _overlapping(
    times: np.ndarray, blocks: list[np.ndarray]
) -> Iterator[list[np.ndarray]]:
    """Group blocks of rising times that overlap; blocks are in order of their start."""
    cluster, end = [blocks[0]], times[blocks[0][-1]]
    for block in blocks[1:]:
        if times[block[0]] >= end:
            yield cluster
            cluster = []
        cluster.append(block)
        end = max(end, times[block[-1]])
    yield cluster


def _fewer(times: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the fewest rows without which times rise: early ones or late ones."""
    t = times[rows]
    early = t < np.maximum.accumulate(t)
    late = t > np.minimum.accumulate(t[::-1])[::-1]
    return rows[early if early.sum() <= late.sum() else late]


@register(
    "duplicate_time",
    bit=10,
    description="two rows at the same time",
    reference="SOCAT upload checks",
    fixed=True,
)
def check_duplicate_time(seconds: np.ndarray) -> np.ndarray:
    """Flag the second and further rows of the same time."""
    again = np.diff(seconds, prepend=np.nan) == 0
    return np.where(again, QUESTIONABLE, GOOD).astype(np.int8)


@register(
    "impossible_time",
    bit=53,
    description="in the future, before 1950, or years away from all other rows",
    reference="SOCAT upload checks: year not in the future, gaps below 84 days",
    fixed=True,
)
def check_impossible_time(time: np.ndarray, latest: np.datetime64) -> np.ndarray:
    """Flag times that no clock which was set can have given."""
    early, future = unlikely_times(time, latest)
    unlikely = early | future
    far = isolated_times(np.where(unlikely, np.datetime64("NaT"), time))
    return np.where(unlikely | far, BAD, GOOD).astype(np.int8)
