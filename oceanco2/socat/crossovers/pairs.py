"""Crossovers: where two platforms measured the same water at about the same time.

The rule is that of SOCAT: a day counts as 30 km, and less than 80 km is a crossover;
of high quality if SST and fCO2rec agree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.dates import DAY_SECONDS, HOUR_SECONDS
from oceanco2.errors import ProcessingError
from oceanco2.geography import EARTH_KM, distance_km


@compiled
def _kilometres(a, b, i, j, radius):  # type: ignore[no-untyped-def]
    """Return the great-circle distance of two samples."""
    half = np.sin((b[0, j] - a[0, i]) / 2.0) ** 2
    across = np.sin((b[1, j] - a[1, i]) / 2.0) ** 2
    half += np.cos(a[0, i]) * np.cos(b[0, j]) * across
    return 2.0 * radius * np.arcsin(np.sqrt(min(max(half, 0.0), 1.0)))


@compiled
def _is_nearer(square, best, rows, current):  # type: ignore[no-untyped-def]
    """Whether a pair is nearer, or equally near with earlier rows."""
    if square != best:
        return square < best
    if current[0] < 0:  # at the limit is too far
        return False
    return rows[0] < current[0] or (rows[0] == current[0] and rows[1] < current[1])


@compiled
def nearest(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    a, b, rows_a, rows_b, radius, per_day, farthest, window, sst_limit, fco2_limit
):
    """Find the nearest pair and the nearest pair that agrees in SST and fCO2."""
    pairs = np.full((2, 2), -1)
    best = np.full(2, farthest * farthest)
    low = 0
    for i in range(a.shape[1]):
        # Pairs farther in time than the total distance of the best cannot be nearer.
        window = min(window, DAY_SECONDS * np.sqrt(best[1]) / per_day + 1.0)
        while low < b.shape[1] and b[2, low] < a[2, i] - window:
            low += 1
        for j in range(low, b.shape[1]):
            if b[2, j] - a[2, i] > window:
                break
            agrees = (
                abs(b[3, j] - a[3, i]) <= sst_limit
                and abs(b[4, j] - a[4, i]) <= fco2_limit
            )
            later = per_day * ((b[2, j] - a[2, i]) / DAY_SECONDS)
            north = radius * (b[0, j] - a[0, i])
            # The distance is at least that along the meridian.
            if later * later + 0.999999 * north * north > best[1 if agrees else 0]:
                continue
            km = _kilometres(a, b, i, j, radius)
            square = km * km + later * later
            rows = (rows_a[i], rows_b[j])
            for kind in range(2 if agrees else 1):
                if _is_nearer(square, best[kind], rows, pairs[kind]):
                    best[kind] = square
                    pairs[kind, 0], pairs[kind, 1] = rows
    return pairs


KM_PER_DAY = 30.0
FARTHEST_KM = 80.0
WINDOW_HOURS = 64.0
SST_LIMIT = 0.3  # degree_Celsius
FCO2_LIMIT = 5.0  # uatm


def platform_of(expocode: str) -> str:
    """Return the platform code of a data set.

    Examples
    --------
    >>> platform_of("09AR20120105"), platform_of("316420221010-2"), platform_of("buoy")
    ('09AR', '3164', 'buoy')
    """
    match = re.fullmatch(r"([A-Z0-9]{4}).?\d{8}(-\d)?", expocode.strip().upper())
    return match[1] if match else expocode


@dataclass(frozen=True)
class Track:
    """Samples of one data set, with the columns that crossovers need."""

    expocode: str
    platform: str
    longitude: np.ndarray
    latitude: np.ndarray
    seconds: np.ndarray
    sst: np.ndarray
    fco2: np.ndarray
    source: str = ""

    def __post_init__(self) -> None:
        """Check the lengths."""
        if len({len(c) for c in self._columns}) > 1:
            raise ProcessingError(f"{self.expocode}: columns of different lengths")

    @property
    def _columns(self) -> tuple[np.ndarray, ...]:
        return (self.latitude, self.longitude, self.seconds, self.sst, self.fco2)

    @cached_property
    def rows(self) -> np.ndarray:
        """Return the valid samples in order of time."""
        valid = np.isfinite(self.fco2) & np.isfinite(self.seconds)
        valid &= (np.abs(self.latitude) <= 90) & (np.abs(self.longitude) <= 540)
        rows = np.flatnonzero(valid)
        return rows[np.argsort(self.seconds[rows], kind="stable")]

    @cached_property
    def table(self) -> np.ndarray:
        """Return the columns of the valid samples, for the search."""
        columns = [np.asarray(c, dtype=np.float64)[self.rows] for c in self._columns]
        return np.stack([*np.radians(columns[:2]), *columns[2:]])

    @cached_property
    def box(self) -> np.ndarray:
        """Return the bounding box in space and time."""
        lat, lon, seconds = self.table[:3]
        x, y = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon)
        corners = np.stack([*(EARTH_KM * v for v in (x, y, np.sin(lat))), seconds])
        return np.stack([corners.min(axis=1), corners.max(axis=1)])


@dataclass(frozen=True, slots=True)
class Crossover:
    """The nearest samples of two data sets."""

    expocodes: tuple[str, str]
    sources: tuple[str, str]
    rows: tuple[int, int]
    distance_km: float
    km: float
    days: float
    longitudes: tuple[float, float]
    latitudes: tuple[float, float]
    times: tuple[float, float]
    dSST: float | None
    dfCO2rec: float
    high_quality: bool

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        stamps = (np.array(self.times) * 1e3).round().astype("datetime64[ms]")
        return {
            "expocodes": list(self.expocodes),
            "files": list(self.sources),
            "rows": list(self.rows),
            "distance_km": self.distance_km,
            "km": self.km,
            "days": self.days,
            "dSST": self.dSST,
            "dfCO2rec": self.dfCO2rec,
            "high_quality": self.high_quality,
            "positions": [
                list(p) for p in zip(self.longitudes, self.latitudes, strict=True)
            ],
            "longitudes": list(self.longitudes),
            "latitudes": list(self.latitudes),
            "times": [f"{np.datetime_as_string(s, 'ms')}Z" for s in stamps],
            "seconds": list(self.times),
        }


def crossover(one: Track, two: Track) -> Crossover | None:
    """Find the crossover of two data sets."""
    if one.platform == two.platform or not (one.rows.size and two.rows.size):
        return None
    if (two.expocode, two.source) < (one.expocode, one.source):
        one, two = two, one

    limits = (FARTHEST_KM, WINDOW_HOURS * HOUR_SECONDS, SST_LIMIT, FCO2_LIMIT)
    samples = one.table, two.table, one.rows, two.rows
    pairs = nearest(*samples, EARTH_KM, KM_PER_DAY, *limits)
    for kind in (1, 0):
        if pairs[kind, 0] >= 0:
            rows = int(pairs[kind, 0]), int(pairs[kind, 1])
            return _make_crossover(one, two, *rows, kind == 1)
    return None


def _make_crossover(one: Track, two: Track, i: int, j: int, good: bool) -> Crossover:
    def both(name: str) -> tuple[float, float]:
        return float(getattr(one, name)[i]), float(getattr(two, name)[j])

    lon, lat, times = both("longitude"), both("latitude"), both("seconds")
    km = float(distance_km(lat[0], lon[0], lat[1], lon[1]))  # type: ignore[arg-type]
    days = abs(times[1] - times[0]) / DAY_SECONDS
    warmer = both("sst")[1] - both("sst")[0]
    return Crossover(
        expocodes=(one.expocode, two.expocode),
        sources=(one.source, two.source),
        rows=(i + 1, j + 1),
        distance_km=float(np.sqrt(km**2 + (KM_PER_DAY * days) ** 2)),
        km=km,
        days=days,
        longitudes=lon,
        latitudes=lat,
        times=times,
        dSST=None if np.isnan(warmer) else warmer,
        dfCO2rec=both("fco2")[1] - both("fco2")[0],
        high_quality=good,
    )


def crossovers(tracks: Sequence[Track]) -> list[Crossover]:
    """Find the crossovers of all data sets."""
    filled = [track for track in tracks if track.rows.size]
    candidates = (crossover(one, two) for one, two in _candidate_pairs(filled))
    pairs = [pair for pair in candidates if pair is not None]
    return sorted(pairs, key=lambda pair: (pair.expocodes, pair.sources))


def _candidate_pairs(tracks: Sequence[Track]) -> Iterator[tuple[Track, Track]]:
    """Yield the pairs whose boxes are close enough in space and time."""
    boxes = np.array([track.box for track in tracks])
    if boxes.size == 0:
        return
    limits = np.array([FARTHEST_KM] * 3 + [WINDOW_HOURS * HOUR_SECONDS])
    for i, track in enumerate(tracks):
        rest = boxes[i + 1 :]
        gap = np.maximum(rest[:, 0] - boxes[i, 1], boxes[i, 0] - rest[:, 1])
        for j in np.flatnonzero((gap <= limits).all(axis=1)):
            yield track, tracks[i + 1 + int(j)]
