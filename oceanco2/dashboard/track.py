"""Track checks: order, speed, gaps (docs/socat-rules.md#track-checks)."""

from dataclasses import dataclass

import numpy as np

from oceanco2.geography import distance_km
from oceanco2.socat.types import track_limits


@dataclass(frozen=True, slots=True)
class TrackFinding:
    """An issue of the track at one row."""

    row: int
    test: str
    severity: str
    reason: str


def check_track(
    seconds: np.ndarray, longitude: np.ndarray, latitude: np.ndarray
) -> list[TrackFinding]:
    """Check order, speed and gaps of a track."""
    return min(both_passes(seconds, longitude, latitude), key=len)


def both_passes(
    seconds: np.ndarray, longitude: np.ndarray, latitude: np.ndarray
) -> tuple[list[TrackFinding], list[TrackFinding]]:
    """Check a track forwards and backwards."""
    order = np.lexsort((np.arange(seconds.size), latitude, longitude, seconds))
    forward = order >= np.maximum.accumulate(order)
    backward = (order[::-1] <= np.minimum.accumulate(order[::-1]))[::-1]

    def walk(accepted: np.ndarray) -> list[TrackFinding]:
        findings = [
            TrackFinding(row, "order", "CRITICAL", "time-misordered")
            for row in np.sort(order[~accepted]).tolist()
        ]
        kept = order[accepted]
        return findings + _legs(kept, seconds[kept], longitude[kept], latitude[kept])

    return walk(forward), walk(backward)


def _legs(
    rows: np.ndarray, seconds: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> list[TrackFinding]:
    """Compare each accepted row with the one before; issues belong to the later row."""
    limits = track_limits()
    hours = np.diff(seconds) / 3600
    km = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:], limits["earth_radius"])
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = limits["knots"] * km / hours
    days = hours / 24
    fast = speed > limits["speed_warning"]
    long = ~fast & (days > limits["gap_warning"])
    findings = []
    for leg in np.flatnonzero(fast | long):
        if fast[leg]:
            test, value, unit = "speed", speed[leg], "kn"
        else:
            test, value, unit = "gap", days[leg], "d"
        severity = "ERROR" if value > limits[f"{test}_error"] else "WARNING"
        number = f"{value:.1f} {unit}" if np.isfinite(value) else "infinite"
        row = int(rows[leg + 1])
        findings.append(TrackFinding(row, test, severity, f"{test} {number}"))
    return findings
