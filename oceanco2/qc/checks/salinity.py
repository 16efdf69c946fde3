"""Checks of salinity: what the open sea does not have, and copies of temperature."""

from itertools import pairwise

import numpy as np

from oceanco2.geography import is_oceanic, near_land, usual_salinity
from oceanco2.qc.check import Number, Options, good, register
from oceanco2.vocabulary import QUESTIONABLE

_MARGIN = 4.0  # plumes of great rivers, ice melt and rain far from land
_STEP = 5.0
_GAP_MINUTES, _HOURS = 90.0, 12.0


def is_unusual(
    salinity: np.ndarray, lat: np.ndarray, lon: np.ndarray, margin: float = _MARGIN
) -> np.ndarray:
    """Return where the open ocean does not have such a salinity."""
    low, high = usual_salinity(lat, lon)
    with np.errstate(invalid="ignore"):
        outside = (salinity < low - margin) | (salinity > high + margin)
    return outside & is_oceanic(lat, lon)


_OFFSHORE_KM = 100.0  # plumes of rivers with sharp fronts are nearer


def is_offshore(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return where no land is near."""
    offshore = np.isfinite(lat) & np.isfinite(lon)
    offshore[offshore] = ~near_land(lat[offshore], lon[offshore], _OFFSHORE_KM)
    return offshore


class UnusualOptions(Options):
    """Options of the check ``unusual``."""

    margin: Number = _MARGIN
    step: Number = _STEP
    max_gap_minutes: Number = _GAP_MINUTES
    hours: Number = _HOURS


@register(
    "unusual",
    bit=55,
    description=(
        "salinity far from the annual means of this part of the open ocean, or gone"
        " and back in one step each, far from land"
    ),
    reference=(
        "means of one degree: Levitus (1982), NOAA Professional Paper 13;"
        " fronts far from land are gradual or stay"
    ),
    tables=("salinity",),
    needs=("latitude", "longitude"),
    options=UnusualOptions,
    limits={"default": {"salinity": {}}},
    contradiction="salinity",
)
def check_unusual(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    latitude: np.ndarray,
    longitude: np.ndarray,
    margin: float,
    step: float,
    max_gap_minutes: float,
    hours: float,
) -> np.ndarray:
    """Flag salinity that the open sea does not have."""
    flags = good(values)
    flags[is_unusual(values, latitude, longitude, margin)] = QUESTIONABLE
    away = _excursions(values, seconds, step, 60.0 * max_gap_minutes, 3600.0 * hours)
    rows = np.flatnonzero(away)
    flags[rows[is_offshore(latitude[rows], longitude[rows])]] = QUESTIONABLE
    return flags


def _excursions(
    values: np.ndarray, seconds: np.ndarray, step: float, gap: float, longest: float
) -> np.ndarray:
    """Return the rows between a step and the step back."""
    away = np.zeros(values.shape, dtype=bool)
    rows = np.flatnonzero(np.isfinite(values))
    x, t = values[rows], seconds[rows]
    change = np.diff(x)
    distance = np.abs(x - np.median(x)) if x.size else x
    jumps = np.flatnonzero((np.abs(change) >= step) & (np.diff(t) <= gap))
    for leave, back in pairwise(jumps.tolist()):
        opposite = change[leave] * change[back] < 0.0
        returns = abs(x[back + 1] - x[leave]) < 0.5 * abs(change[leave])
        brief = t[back] - t[leave + 1] <= longest
        farther = distance[leave + 1] > distance[leave]
        if opposite and returns and brief and farther:
            away[rows[leave + 1 : back + 1]] = True
    return away


#: Coincidences of single rows are shorter, those of few decimals do not vary.
_FEWEST_EQUAL, _FEWEST_VALUES = 5, 3


@register(
    "copied",
    bit=56,
    description="temperature and salinity with the same changing values",
    reference="two sensors never agree to the last digit for five readings",
    tables=("SST", "salinity"),
    needs=("SST", "salinity"),
    limits={"default": {"SST": {}, "salinity": {}}},
    contradiction="copies",
)
def check_copied(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    SST: np.ndarray,
    salinity: np.ndarray,
) -> np.ndarray:
    """Flag both of two series where one is a copy of the other."""
    flags = good(values)
    rows = np.flatnonzero(np.isfinite(SST) & np.isfinite(salinity))
    equal = SST[rows] == salinity[rows]
    edges = np.flatnonzero(np.diff(equal, prepend=False, append=False))
    for start, end in edges.reshape(-1, 2):
        copied = SST[rows[start:end]]
        if copied.size >= _FEWEST_EQUAL and np.unique(copied).size >= _FEWEST_VALUES:
            flags[rows[start:end]] = QUESTIONABLE
    return flags
