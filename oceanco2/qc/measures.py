"""What a check compared with its limits, in the units of the limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.geography import distance_km

_KNOTS_PER_KM_H = 0.539957


@dataclass(frozen=True, slots=True)
class Series:
    """The finite values, and the rows that are asked for."""

    x: np.ndarray
    seconds: np.ndarray
    at: np.ndarray

    def neighbours(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return values and times of neighbours."""
        where = self.at + step
        exists = (where >= 0) & (where < self.x.size)
        nearest = np.clip(where, 0, self.x.size - 1)
        values, seconds = self.x[nearest], self.seconds[nearest]
        return np.where(exists, values, np.nan), np.where(exists, seconds, np.nan)


def _spike(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    (left, _), (right, _) = series.neighbours(-1), series.neighbours(1)
    middle, half = (left + right) / 2.0, np.abs(right - left) / 2.0
    return np.abs(series.x[series.at] - middle) - half


def _gradient(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    rates = []
    for step in (-1, 1):
        other, times = series.neighbours(step)
        minutes = np.abs(series.seconds[series.at] - times) / 60.0
        minutes[minutes == 0] = np.nan
        rates.append(np.abs(series.x[series.at] - other) / minutes)
    return np.fmax(*rates)


def _constant(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    starts = np.flatnonzero(np.diff(series.x, prepend=np.nan) != 0)
    ends = np.append(starts[1:], series.x.size) - 1
    run = np.searchsorted(starts, series.at, side="right") - 1
    return (series.seconds[ends[run]] - series.seconds[starts[run]]) / 60.0


def _outlier(series: Series, options: Mapping[str, Any]) -> np.ndarray:
    side = int(options.get("samples", 15)) // 2
    distance = np.full(series.at.size, np.nan)
    for i, row in enumerate(series.at):
        window = series.x[max(row - side, 0) : row + side + 1]
        distance[i] = abs(series.x[row] - np.median(window))
    return distance


def _deviation(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    return np.abs(series.x[series.at] - series.x.mean()) / series.x.std()


#: Test to its measure and the text that stands between value and limit.
MEASURES: Mapping[str, tuple[Callable[..., np.ndarray], str]] = {
    "spike": (_spike, "by {:.4g}"),
    "gradient": (_gradient, "{:.4g} per minute"),
    "constant": (_constant, "{:.4g} minutes"),
    "outlier": (_outlier, "by {:.4g}"),
    "deviation": (_deviation, "{:.4g} standard deviations"),
}
#: The same text for a track, see `speeds`.
SPEED_TEXT = "{:.4g} knots"


def measure_series(
    test: str,
    values: np.ndarray,
    seconds: np.ndarray,
    at: np.ndarray,
    options: Mapping[str, Any],
) -> np.ndarray:
    """Return what a check measured on some rows."""
    finite = np.flatnonzero(np.isfinite(values))
    measures = np.full(at.size, np.nan)
    has_value = np.isfinite(values[at])
    if has_value.any():
        positions = np.searchsorted(finite, at[has_value])
        series = Series(values[finite], seconds[finite], positions)
        measures[has_value] = MEASURES[test][0](series, options)
    return measures


def speeds(
    latitude: np.ndarray, longitude: np.ndarray, seconds: np.ndarray, at: np.ndarray
) -> np.ndarray:
    """Return the larger of the speeds to and from a fix [knot]."""
    finite = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    lat, lon, t = latitude[finite], longitude[finite], seconds[finite]
    km = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:])
    hours = np.diff(t) / 3600.0
    legs = np.full(km.size, np.inf)
    np.divide(_KNOTS_PER_KM_H * km, hours, out=legs, where=hours > 0)
    around = np.full(finite.size + 1, np.nan)
    around[1:-1] = legs
    out = np.full(latitude.size, np.nan)
    out[finite] = np.fmax(around[:-1], around[1:])
    return out[at]
