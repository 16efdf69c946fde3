"""Overlaps: points that two data sets share, such as a cruise submitted twice.

The rule is that of SOCAT: same time to a thousandth of a second, same position to a
ten-thousandth of a degree. Unlike crossovers, overlaps are also searched within one
platform, and regardless of flags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.socat.crossovers.pairs import Track

SECONDS_LIMIT = 0.001
DEGREES_LIMIT = 0.0001


@dataclass(frozen=True, slots=True)
class Overlap:
    """The points that two data sets share."""

    expocodes: tuple[str, str]
    sources: tuple[str, str]
    points: int
    rows: tuple[tuple[int, int], tuple[int, int]]
    times: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        stamps = (np.array(self.times) * 1e3).round().astype("datetime64[ms]")
        start, end = (f"{np.datetime_as_string(s, 'ms')}Z" for s in stamps)
        return {
            "expocodes": list(self.expocodes),
            "files": list(self.sources),
            "points": self.points,
            "rows_first": [list(pair) for pair in self.rows],
            "start": start,
            "end": end,
        }

    def text(self) -> str:
        """Return the overlap as text."""
        values, (first, last) = self.to_dict(), self.rows
        points = f"{self.points:,} point{'' if self.points == 1 else 's'}"
        names = list(self.expocodes)
        if names[0] == names[1]:  # a data set submitted twice
            files = zip(names, self.sources, strict=True)
            names = [f"{code} ({file})" for code, file in files]
        text = f"{' = '.join(names)}: {points} in both, {values['start']}"
        text += f" (rows {first[0]} and {first[1]})"
        if first == last:
            return text
        return f"{text} to {values['end']} (rows {last[0]} and {last[1]})"


def overlap(one: Track, two: Track) -> Overlap | None:
    """Find the points that two data sets share."""
    if (two.expocode, two.source) < (one.expocode, one.source):
        one, two = two, one
    rows = _valid_rows(one), _valid_rows(two)
    twin = _twins(_columns(one, rows[0]), _columns(two, rows[1]))
    matched = np.flatnonzero(twin >= 0)
    if not matched.size:
        return None
    ends = matched[[0, -1]]
    pairs = zip(rows[0][ends] + 1, rows[1][twin[ends]] + 1, strict=True)
    first, last = ((int(i), int(j)) for i, j in pairs)
    start, end = (float(s) for s in one.seconds[rows[0][ends]])
    return Overlap(
        (one.expocode, two.expocode),
        (one.source, two.source),
        int(matched.size),
        (first, last),
        (start, end),
    )


def overlaps(tracks: Sequence[Track]) -> list[Overlap]:
    """Find the overlaps of all data sets."""
    candidates = (overlap(one, two) for one, two in _overlapping_pairs(tracks))
    pairs = [pair for pair in candidates if pair is not None]
    return sorted(pairs, key=lambda pair: (pair.expocodes, pair.sources))


def _valid_rows(track: Track) -> np.ndarray:
    """Return the rows with a valid time and position, in order of time."""
    valid = np.isfinite(track.seconds) & (np.abs(track.latitude) <= 90)
    rows = np.flatnonzero(valid & (np.abs(track.longitude) <= 540))
    return rows[np.argsort(track.seconds[rows], kind="stable")]


def _columns(track: Track, rows: np.ndarray) -> np.ndarray:
    columns = (track.seconds, track.latitude, track.longitude)
    return np.stack([np.asarray(c, dtype=np.float64)[rows] for c in columns])


def _twins(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return for each point the first in the other data set that is the same, or -1."""
    margin = 2.0 * SECONDS_LIMIT  # so that rounding loses no twin
    at = np.searchsorted(b[0], a[0] - margin)
    end = np.searchsorted(b[0], a[0] + margin, side="right")
    twin = np.full(a.shape[1], -1)
    open_rows = np.flatnonzero(at < end)
    while open_rows.size:
        difference = np.abs(b[:, at[open_rows]] - a[:, open_rows])
        degrees = difference[2] % 360.0
        same = (difference[0] < SECONDS_LIMIT) & (difference[1] < DEGREES_LIMIT)
        same &= np.minimum(degrees, 360.0 - degrees) < DEGREES_LIMIT
        twin[open_rows[same]] = at[open_rows[same]]
        open_rows = open_rows[~same]
        at[open_rows] += 1
        open_rows = open_rows[at[open_rows] < end[open_rows]]
    return twin


def _overlapping_pairs(tracks: Sequence[Track]) -> Iterator[tuple[Track, Track]]:
    """Yield the pairs whose boxes of time and position overlap."""
    boxed = [(track, _box(track)) for track in tracks]
    tracks_with_rows = [(track, box) for track, box in boxed if box is not None]
    boxes = np.array([box for _, box in tracks_with_rows])
    for i, (track, box) in enumerate(tracks_with_rows):
        rest = boxes[i + 1 :]
        if not rest.size:
            return
        gap = np.maximum(rest[:, 0] - box[1], box[0] - rest[:, 1])
        # Sine and cosine change by less than the angle; the limit allows for rounding.
        for j in np.flatnonzero((gap <= DEGREES_LIMIT + SECONDS_LIMIT).all(axis=1)):
            yield track, tracks_with_rows[i + 1 + int(j)][0]


def _box(track: Track) -> np.ndarray | None:
    """Return the ranges of time, latitude, and cosine and sine of longitude."""
    seconds, lat, lon = _columns(track, _valid_rows(track))
    if not seconds.size:
        return None
    angle = np.radians(lon)
    corners = np.stack([seconds, lat, np.cos(angle), np.sin(angle)])
    return np.stack([corners.min(axis=1), corners.max(axis=1)])
