"""Time and place: missing positions, impossible speeds, clocks that go back."""

import numpy as np

from oceanco2.geodesy import distance_km
from oceanco2.qc.checks import register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_KNOTS_PER_KM_H = 0.539957
_FIX_KM = 0.05  # two fixes may be off by so much; matters for samples seconds apart


@register("position", "position missing or off the globe", "SOCAT upload checks")
def check_position(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Flag positions that are none.

    Parameters
    ----------
    latitude, longitude : ndarray, shape (n,)
        Degrees north and east.

    Returns
    -------
    ndarray of int8, shape (n,)
        WOCE flags of the position as a whole.
    """
    fine = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
    return np.where(fine, GOOD, BAD).astype(np.int8)


@register(
    "speed",
    "faster than such a platform can be [knot]",
    "SOCAT upload checks, doi:10.5194/essd-8-383-2016, limits by kind of platform",
    table="latitude",
)
def check_speed(
    latitude: np.ndarray,
    longitude: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float = 30.0,
    bad: float = 80.0,
) -> np.ndarray:
    """Flag fixes that cannot be reached.

    A single misplaced fix between good ones is flagged alone; at a lasting jump the
    later fix is.

    Parameters
    ----------
    latitude, longitude : ndarray, shape (n,)
        Degrees; NaN and flagged positions are stepped over.
    seconds : ndarray, shape (n,)
        Rising times [s].
    questionable : float, default 30.0
        Speed that is doubtful [knot].
    bad : float, default 80.0
        Speed that is impossible [knot].

    Returns
    -------
    ndarray of int8, shape (n,)
        WOCE flags.
    """
    flags = np.full(latitude.shape, GOOD, dtype=np.int8)
    known = np.isfinite(latitude) & np.isfinite(longitude)
    for limit, code in ((bad, BAD), (questionable, QUESTIONABLE)):
        fixes = np.flatnonzero(known)
        if fixes.size < 2:
            break
        place = latitude[fixes], longitude[fixes], seconds[fixes]
        alone, later = _too_fast(*place, limit)
        blamed = fixes[alone | later]
        flags[blamed] = np.maximum(flags[blamed], code)
        # A misplaced fix says nothing of the next leg; after a jump the track goes on.
        known[fixes[alone]] = False
    return flags


def _knots(lat: np.ndarray, lon: np.ndarray, t: np.ndarray, step: int) -> np.ndarray:
    km = distance_km(lat[:-step], lon[:-step], lat[step:], lon[step:]) - _FIX_KM
    hours = (t[step:] - t[:-step]) / 3600.0
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = _KNOTS_PER_KM_H * np.maximum(km, 0.0) / hours
    return np.where(km <= 0.0, 0.0, speed)


def _too_fast(
    lat: np.ndarray, lon: np.ndarray, t: np.ndarray, limit: float
) -> tuple[np.ndarray, np.ndarray]:
    """Tell single misplaced fixes from those that a lasting jump leads to."""
    fast = _knots(lat, lon, t, 1) > limit
    alone = np.zeros(lat.size, dtype=bool)
    if lat.size > 2:
        over = _knots(lat, lon, t, 2) <= limit
        single = fast[:-1] & fast[1:] & over
        # Two legs on, the same fast leg must not blame the next fix as well.
        single[1:] &= ~single[:-1]
        alone[1:-1] = single
    later = np.zeros(lat.size, dtype=bool)
    later[1:] = fast & ~alone[1:] & ~alone[:-1]
    return alone, later


@register("time_order", "clock goes back within a file", "SOCAT upload checks")
def check_time_order(
    seconds: np.ndarray, file: np.ndarray, row: np.ndarray
) -> np.ndarray:
    """Flag rows whose time lies before that of a row above them in the file.

    Parameters
    ----------
    seconds : ndarray, shape (n,)
        Times [s].
    file : ndarray of int, shape (n,)
        Which file a row stands in.
    row : ndarray of int, shape (n,)
        Its line there.

    Returns
    -------
    ndarray of int8, shape (n,)
        Questionable where the clock is out of order; whichever of looking forwards
        and backwards blames fewer rows.
    """
    flags = np.full(seconds.shape, GOOD, dtype=np.int8)
    order = np.lexsort((row, file))
    for number in np.unique(file):
        mine = order[file[order] == number]
        t = seconds[mine]
        forward = t < np.maximum.accumulate(t)
        backward = t > np.minimum.accumulate(t[::-1])[::-1]
        blamed = forward if forward.sum() <= backward.sum() else backward
        flags[mine[blamed]] = QUESTIONABLE
    return flags


@register("duplicate_time", "two rows at the same time", "SOCAT upload checks")
def check_duplicate_time(seconds: np.ndarray) -> np.ndarray:
    """Flag the second and further rows of one time.

    Parameters
    ----------
    seconds : ndarray, shape (n,)
        Rising times [s].

    Returns
    -------
    ndarray of int8, shape (n,)
        Questionable for each row that repeats a time.
    """
    again = np.diff(seconds, prepend=np.nan) == 0
    return np.where(again, QUESTIONABLE, GOOD).astype(np.int8)
