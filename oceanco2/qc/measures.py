"""What a test measured on the rows where it fired, in the units of its limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.geodesy import distance_km

_KNOTS_PER_KM_H = 0.539957


@dataclass(frozen=True, slots=True)
class Series:
    """The values that there are, and the rows that are asked about."""

    x: np.ndarray
    seconds: np.ndarray
    at: np.ndarray

    def beside(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return values and times of neighbours."""
        where = self.at + step
        there = (where >= 0) & (where < self.x.size)
        near = np.clip(where, 0, self.x.size - 1)
        values, seconds = self.x[near], self.seconds[near]
        return np.where(there, values, np.nan), np.where(there, seconds, np.nan)


def _spike(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    (left, _), (right, _) = series.beside(-1), series.beside(1)
    middle, half = (left + right) / 2.0, np.abs(right - left) / 2.0
    return np.abs(series.x[series.at] - middle) - half


def _gradient(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    rates = []
    for step in (-1, 1):
        other, then = series.beside(step)
        minutes = np.abs(series.seconds[series.at] - then) / 60.0
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
    apart = np.full(series.at.size, np.nan)
    for i, row in enumerate(series.at):
        window = series.x[max(row - side, 0) : row + side + 1]
        apart[i] = abs(series.x[row] - np.median(window))
    return apart


def _deviation(series: Series, options: Mapping[str, Any]) -> np.ndarray:  # noqa: ARG001
    return np.abs(series.x[series.at] - series.x.mean()) / series.x.std()


#: Test to how it is measured and in which words: after the value, before the limit.
MEASURES: Mapping[str, tuple[Callable[..., np.ndarray], str]] = {
    "spike": (_spike, "by {:.4g}"),
    "gradient": (_gradient, "{:.4g} per minute"),
    "constant": (_constant, "{:.4g} minutes"),
    "outlier": (_outlier, "by {:.4g}"),
    "deviation": (_deviation, "{:.4g} standard deviations"),
}
#: The same words for a track, see `speeds`.
KNOTS = "{:.4g} knots"


def measured(
    test: str,
    values: np.ndarray,
    seconds: np.ndarray,
    at: np.ndarray,
    options: Mapping[str, Any],
) -> np.ndarray:
    """Return what a test measured."""
    there = np.flatnonzero(np.isfinite(values))
    found = np.full(at.size, np.nan)
    known = np.isfinite(values[at])
    if known.any():
        places = np.searchsorted(there, at[known])
        series = Series(values[there], seconds[there], places)
        found[known] = MEASURES[test][0](series, options)
    return found


def speeds(
    latitude: np.ndarray, longitude: np.ndarray, seconds: np.ndarray, at: np.ndarray
) -> np.ndarray:
    """Return the greatest speed to or from a fix."""
    there = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    lat, lon, t = latitude[there], longitude[there], seconds[there]
    km = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:])
    hours = np.diff(t) / 3600.0
    legs = np.full(km.size, np.inf)
    np.divide(_KNOTS_PER_KM_H * km, hours, out=legs, where=hours > 0)
    around = np.full(there.size + 1, np.nan)
    around[1:-1] = legs
    found = np.full(latitude.size, np.nan)
    found[there] = np.fmax(around[:-1], around[1:])
    return found[at]
