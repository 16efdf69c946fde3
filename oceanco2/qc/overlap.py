"""Overlaps: points that two data sets have in common, as of a cruise sent in twice.

The rule is that of SOCAT: same time to a thousandth of a second, same position to a
ten-thousandth of a degree. Unlike crossovers they are looked for within a platform,
too, and whatever the flags say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.qc.crossover import Track

SECONDS_APART = 0.001
DEGREES_APART = 0.0001


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two data sets have in common."""

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
        """Say it in words."""
        about, (first, last) = self.to_dict(), self.rows
        points = f"{self.points:,} point{'' if self.points == 1 else 's'}"
        names = list(self.expocodes)
        if names[0] == names[1]:  # a data set sent in twice
            files = zip(names, self.sources, strict=True)
            names = [f"{code} ({file})" for code, file in files]
        text = f"{' = '.join(names)}: {points} in both, {about['start']}"
        text += f" (rows {first[0]} and {first[1]})"
        if first == last:
            return text
        return f"{text} to {about['end']} (rows {last[0]} and {last[1]})"


def overlap(one: Track, two: Track) -> Overlap | None:
    """Find the points that two data sets have in common."""
    if (two.expocode, two.source) < (one.expocode, one.source):
        one, two = two, one
    rows = _known(one), _known(two)
    twin = _twins(_sorted(one, rows[0]), _sorted(two, rows[1]))
    held = np.flatnonzero(twin >= 0)
    if not held.size:
        return None
    ends = held[[0, -1]]
    pairs = zip(rows[0][ends] + 1, rows[1][twin[ends]] + 1, strict=True)
    first, last = ((int(i), int(j)) for i, j in pairs)
    start, end = (float(s) for s in one.seconds[rows[0][ends]])
    return Overlap(
        (one.expocode, two.expocode),
        (one.source, two.source),
        int(held.size),
        (first, last),
        (start, end),
    )


def overlaps(tracks: Sequence[Track]) -> list[Overlap]:
    """Find the overlaps of a whole network."""
    found = (overlap(one, two) for one, two in _near(tracks))
    pairs = [pair for pair in found if pair is not None]
    return sorted(pairs, key=lambda pair: (pair.expocodes, pair.sources))


def _known(track: Track) -> np.ndarray:
    """Rows with a time and a position that can be, in the order of time."""
    fine = np.isfinite(track.seconds) & (np.abs(track.latitude) <= 90)
    rows = np.flatnonzero(fine & (np.abs(track.longitude) <= 540))
    return rows[np.argsort(track.seconds[rows], kind="stable")]


def _sorted(track: Track, rows: np.ndarray) -> np.ndarray:
    columns = (track.seconds, track.latitude, track.longitude)
    return np.stack([np.asarray(c, dtype=np.float64)[rows] for c in columns])


def _twins(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return for each point the first in the other data set that is the same, or -1."""
    room = 2.0 * SECONDS_APART  # rounding shall not cut off a twin
    at = np.searchsorted(b[0], a[0] - room)
    end = np.searchsorted(b[0], a[0] + room, side="right")
    twin = np.full(a.shape[1], -1)
    left = np.flatnonzero(at < end)
    while left.size:
        apart = np.abs(b[:, at[left]] - a[:, left])
        turn = apart[2] % 360.0
        same = (apart[0] < SECONDS_APART) & (apart[1] < DEGREES_APART)
        same &= np.minimum(turn, 360.0 - turn) < DEGREES_APART
        twin[left[same]] = at[left[same]]
        left = left[~same]
        at[left] += 1
        left = left[at[left] < end[left]]
    return twin


def _near(tracks: Sequence[Track]) -> Iterator[tuple[Track, Track]]:
    """Leave out what can have nothing in common: other times, other seas."""
    held = [(track, _box(track)) for track in tracks]
    some = [(track, box) for track, box in held if box is not None]
    boxes = np.array([box for _, box in some])
    for i, (track, box) in enumerate(some):
        rest = boxes[i + 1 :]
        if not rest.size:
            return
        gap = np.maximum(rest[:, 0] - box[1], box[0] - rest[:, 1])
        # Sine and cosine change by less than the angle; both have room for rounding.
        for j in np.flatnonzero((gap <= DEGREES_APART + SECONDS_APART).all(axis=1)):
            yield track, some[i + 1 + int(j)][0]


def _box(track: Track) -> np.ndarray | None:
    """Lowest and highest time, latitude, and cosine and sine of the longitude."""
    seconds, lat, lon = _sorted(track, _known(track))
    if not seconds.size:
        return None
    angle = np.radians(lon)
    corners = np.stack([seconds, lat, np.cos(angle), np.sin(angle)])
    return np.stack([corners.min(axis=1), corners.max(axis=1)])
