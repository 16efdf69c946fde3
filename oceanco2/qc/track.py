"""Time and place: missing positions, impossible speeds, clocks that go back."""

from typing import Any

import numpy as np

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.geodesy import EARTH_KM
from oceanco2.qc.cascade import Layer
from oceanco2.qc.checks import register
from oceanco2.qc.engine import Bench, found_by, option_sets
from oceanco2.qc.rows import not_used
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, TEST_BITS

_KNOTS_PER_KM_H = 0.539957
_BLAMED = ("one", "both")
_FIX_KM = 0.05  # two fixes may be off by so much; matters for samples seconds apart


@register("position", "position missing or off the globe", "SOCAT upload checks")
def check_position(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Flag positions that are none."""
    fine = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
    return np.where(fine, GOOD, BAD).astype(np.int8)


def _review_blame(options: dict[str, Any]) -> None:
    blame = options.get("blame", "one")
    if blame not in _BLAMED:
        hint = did_you_mean(blame, _BLAMED)
        raise OptionError(f"no blame named {blame!r}.{hint} Known: one, both.")


@register(
    "speed",
    "faster than such a platform can be [knot]",
    "SOCAT upload checks, doi:10.5194/essd-8-383-2016, limits by kind of platform",
    table="latitude",
    review=_review_blame,
)
def check_speed(
    latitude: np.ndarray,
    longitude: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float = 30.0,
    bad: float = 80.0,
    blame: str = "one",
) -> np.ndarray:
    """Flag fixes that cannot be reached."""
    _review_blame({"blame": blame})
    flags = np.full(latitude.shape, GOOD, dtype=np.int8)
    known = np.isfinite(latitude) & np.isfinite(longitude)
    for limit, code in ((bad, BAD), (questionable, QUESTIONABLE)):
        fixes = np.flatnonzero(known)
        if fixes.size < 2:
            break
        place = latitude[fixes], longitude[fixes], seconds[fixes]
        blamed, alone = _too_fast(*place, float(limit), blame == "both")
        rows = fixes[blamed]
        flags[rows] = np.maximum(flags[rows], code)
        # A misplaced fix says nothing of the next leg; after a jump the track goes on.
        known[fixes[alone]] = False
    return flags


def _too_fast(
    lat: np.ndarray, lon: np.ndarray, t: np.ndarray, limit: float, both: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Tell the fixes that are blamed, and single misplaced ones among them."""
    from oceanco2.qc import _legs

    lat, lon, t = (np.ascontiguousarray(a, dtype=np.float64) for a in (lat, lon, t))
    sphere = EARTH_KM, 0.0 if both else _FIX_KM, _KNOTS_PER_KM_H
    speeds = _legs.legs(lat, lon, t, sphere)
    if both:
        blamed = np.zeros(lat.size, dtype=bool)
        blamed[1:] = speeds > limit
        blamed[:-1] |= speeds > limit
        return blamed, np.zeros_like(blamed)
    found = _legs.too_fast(lat, lon, t, speeds, limit, sphere)
    return found > 0, found == 1


@register("time_order", "clock goes back within a file", "SOCAT upload checks")
def check_time_order(
    seconds: np.ndarray, file: np.ndarray, row: np.ndarray
) -> np.ndarray:
    """Flag rows whose time lies before that of a row above them in the file."""
    flags = np.full(seconds.shape, GOOD, dtype=np.int8)
    order = np.arange(seconds.size)
    here = np.diff(file)
    if (here < 0).any() or (np.diff(row)[here == 0] < 0).any():
        order = np.lexsort((row, file))
    t = seconds[order]
    ends = np.flatnonzero(np.diff(file[order])) + 1
    back = np.diff(t) < 0
    back[ends - 1] = False  # files may overlap
    if not back.any():
        return flags
    for mine, which in zip(np.split(t, ends), np.split(order, ends), strict=True):
        forward = mine < np.maximum.accumulate(mine)
        backward = mine > np.minimum.accumulate(mine[::-1])[::-1]
        blamed = forward if forward.sum() <= backward.sum() else backward
        flags[which[blamed]] = QUESTIONABLE
    return flags


@register("duplicate_time", "two rows at the same time", "SOCAT upload checks")
def check_duplicate_time(seconds: np.ndarray) -> np.ndarray:
    """Flag the second and further rows of one time."""
    again = np.diff(seconds, prepend=np.nan) == 0
    return np.where(again, QUESTIONABLE, GOOD).astype(np.int8)


def position_layer(shared: Bench) -> Layer:
    """Flag positions."""
    ds, size = shared.ds, shared.seconds.size
    lat, lon = (
        ds[n].to_numpy() if n in ds.variables else np.full(size, np.nan)
        for n in ("latitude", "longitude")
    )
    if np.isnan(lat).all() or np.isnan(lon).all():
        # Nobody measured it: that is no reason to call CO2 bad.
        return (
            np.full(size, MISSING, dtype=np.int8),
            np.full(size, TEST_BITS["missing"] | TEST_BITS["position"], dtype=np.int64),
        )
    flags = check_position(lat, lon)
    tests = np.where(flags > GOOD, TEST_BITS["position"], 0).astype(np.int64)
    fine = flags == GOOD
    place = np.where(fine, lat, np.nan), np.where(fine, lon, np.nan)
    found = [("speed", _speeds(shared, *place))]
    for name, values in (("latitude", place[0]), ("longitude", place[1])):
        found += found_by(shared, name, values, values)
    for check, more in found:
        tests[more > GOOD] |= TEST_BITS[check]
        flags = np.maximum(flags, more)
    # Rows such as WAKE UP have type and time only: nothing was to be measured.
    unused = not_used(ds) & (flags > GOOD)
    flags[unused] = MISSING
    tests[unused] = TEST_BITS["missing"] | TEST_BITS["run_not_used"]
    return flags, tests


def _speeds(shared: Bench, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    whole = np.full(lat.shape, GOOD, dtype=np.int8)
    for options, rows in option_sets(shared, "latitude", "speed"):
        found = check_speed(lat, lon, shared.seconds, **options)
        chosen = slice(None) if rows is None else rows
        whole[chosen] = found[chosen]
    return whole


def clock_layer(shared: Bench) -> Layer:
    """Flag times."""
    ds, seconds = shared.ds, shared.seconds
    tests = np.zeros(seconds.shape, dtype=np.int64)
    # Rows that are not used, such as those with the pump on, repeat no measurement.
    used = ~not_used(ds)
    flags = np.full(seconds.shape, GOOD, dtype=np.int8)
    flags[used] = check_duplicate_time(seconds[used])
    tests[flags > GOOD] |= TEST_BITS["duplicate_time"]
    if "source_row" in ds and "source_file" in ds:
        rows = (ds["source_file"].to_numpy(), ds["source_row"].to_numpy())
        back = check_time_order(seconds, *rows)
        tests[back > GOOD] |= TEST_BITS["time_order"]
        flags = np.maximum(flags, back)
    unknown = np.isnat(ds["time"].to_numpy())
    flags[unknown] = MISSING
    tests[unknown] |= TEST_BITS["missing"]
    return flags, tests
