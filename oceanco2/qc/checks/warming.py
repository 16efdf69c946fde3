"""Warming of the water on its way to the equilibrator: rate, outliers, sign, constancy.

The limits are those of the guidelines of SOCAT for the open ocean away from ice:
Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413, doi:10.5194/essd-8-383-2016.
"""

from typing import Any

import numpy as np

from oceanco2.dates import DAY, HOUR_SECONDS, YEAR_DAYS
from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import NOTED, Count, Number, Options, Pair, register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_SOCAT = "SOCAT, doi:10.5194/essd-8-383-2016"


class WarmingOutlierOptions(Options):
    """Options of the check ``warming_outlier``."""

    questionable: Number = 0.3
    bad: Number = 3.0
    sigma: Number = 4.0
    samples: Count = 31
    minutes: Number = 60.0


@register(
    "warming_outlier",
    bit=31,
    description="equilibrator warming far from its running median, not at a front",
    reference=f"{_SOCAT}: within 0.3 K of the background",
    needs=("SST",),
    tables=("warming",),
    options=WarmingOutlierOptions,
    pairs=("T_equ", "SST"),
    limits={"default": {"warming": {"questionable": 0.3}}},
)
def check_warming_outlier(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    SST: np.ndarray,
    questionable: float,
    bad: float,
    sigma: float,
    samples: int,
    minutes: float,
) -> np.ndarray:
    """Flag warming far from its running median."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    window: dict[str, Any] = {"samples": samples, "minutes": minutes}
    median, scatter, count = running_median(
        values, seconds, **window, limit=questionable
    )
    with np.errstate(invalid="ignore"):
        distance = np.abs(values - median)
        outlying = (
            (distance > questionable) & (distance > sigma * scatter) & (count >= 5)
        )
        if outlying.any():
            outlying &= distance > questionable + _front(values, SST, seconds, **window)
        flags[outlying] = QUESTIONABLE
        flags[outlying & (distance > bad)] = BAD
    return flags


def _front(
    warming: np.ndarray,
    sst: np.ndarray,
    seconds: np.ndarray,
    *,
    samples: int,
    minutes: float,
) -> np.ndarray:
    """Return the smaller difference of sea and equilibrator from the median [K]."""
    both = np.where(np.isfinite(warming), sst, np.nan)
    smallest = np.full(both.shape, np.inf)
    signs = []
    for values in (both, both + warming):
        median = running_median(values, seconds, samples=samples, minutes=minutes)[0]
        difference = values - median
        signs.append(np.sign(difference))
        smallest = np.fmin(smallest, np.abs(difference))
    return np.where(signs[0] == signs[1], smallest, 0.0)


class WarmingRateOptions(Options):
    """Options of the check ``warming_rate``."""

    limit: Number = 1.0
    front: Number = 0.5
    samples: Count = 15


@register(
    "warming_rate",
    bit=32,
    description="equilibrator warming changes too fast [K per hour], not at a front",
    reference=f"{_SOCAT}: less than 1 K per hour unless at a front",
    needs=("SST",),
    tables=("warming",),
    options=WarmingRateOptions,
    pairs=("T_equ", "SST"),
    limits={"default": {"warming": {"limit": 1.0}}},
)
def check_warming_rate(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    SST: np.ndarray,
    limit: float,
    front: float,
    samples: int,
) -> np.ndarray:
    """Flag where warming changes by more than a limit within an hour."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    finite = np.flatnonzero(np.isfinite(values) & np.isfinite(SST))
    if finite.size < 6:
        return flags
    t = seconds[finite]
    window: dict[str, Any] = {"samples": samples, "minutes": 15.0}
    warming, _, count = running_median(values[finite], t, **window)
    before, after, hours, is_known = _half_hour_neighbours(t)
    is_known &= (count[before] >= 3) & (count[after] >= 3)
    change = warming[after] - warming[before]
    fast = is_known & (np.abs(change) > limit * hours)
    if fast.any():
        sst = running_median(SST[finite], t, **window)[0]
        sea_change = sst[after] - sst[before]
        equilibrator_change = sea_change + change
        same = np.sign(sea_change) == np.sign(equilibrator_change)
        fast &= ~(
            same & (np.fmin(np.abs(sea_change), np.abs(equilibrator_change)) >= front)
        )
    flags[finite[fast]] = QUESTIONABLE
    return flags


def _half_hour_neighbours(
    t: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows half an hour before and after each, and the hours between."""
    from oceanco2.qc._kernels import rows_around

    rows = np.empty((2, t.size), dtype=np.int64)
    rows_around(t, HOUR_SECONDS / 2, rows)
    is_known = (rows[0] >= 0) & (rows[1] < t.size)
    before, after = np.maximum(rows[0], 0), np.minimum(rows[1], t.size - 1)
    hours = (t[after] - t[before]) / HOUR_SECONDS
    # Across a gap the rate is unknown.
    return before, after, np.maximum(hours, 1.0), is_known & (hours <= 1.5)


class CoolingOptions(Options):
    """Options of the check ``cooling``."""

    low: Number = 1.0
    high: Number = 0.1
    summer: Number = 0.3
    band: Pair = (40.0, 60.0)
    samples: Count = 15


@register(
    "cooling",
    bit=33,
    description=(
        "equilibrator colder than the sea where a ship warms the water, by latitude"
    ),
    reference=f"{_SOCAT}: cooling is unlikely at high latitudes",
    needs=("latitude", "time"),
    tables=("warming",),
    options=CoolingOptions,
    pairs=("T_equ", "SST"),
    limits={"default": {"warming": {}}},
)
def check_cooling(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    latitude: np.ndarray,
    time: np.ndarray,
    low: float,
    high: float,
    summer: float,
    band: tuple[float, float],
    samples: int,
) -> np.ndarray:
    """Flag cooling that latitude and season make unlikely."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        cold = values < -min(low, high, summer)
    if not cold.any():
        return flags
    median = running_median(values, seconds, samples=samples, minutes=60.0)[0]
    rows = np.flatnonzero(cold)
    share = np.interp(np.abs(latitude[rows]), band, (0.0, 1.0))
    polar = high + (summer - high) * _summer(time[rows], latitude[rows])
    limit = low + (polar - low) * share
    with np.errstate(invalid="ignore"):
        flags[rows[np.maximum(median[rows], values[rows]) < -limit]] = QUESTIONABLE
    return flags


def _summer(time: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Return 1 when the sea is warmest (mid August in the north), 0 in winter."""
    year = time.astype("datetime64[Y]")
    day = (time - year) / DAY
    phase = np.cos(2 * np.pi * (day - 227.0) / YEAR_DAYS)
    return np.clip(0.5 + 0.5 * np.where(latitude < 0.0, -phase, phase), 0.0, 1.0)


class ConstantWarmingOptions(Options):
    """Options of the check ``constant_warming``."""

    minutes: Number = 360.0
    distinct: Number = 10.0
    share: Number = 0.95
    tolerance: Number = 1e-4


@register(
    "constant_warming",
    bit=34,
    description="warming is constant: one temperature was computed from the other",
    reference=f"{_SOCAT}: zero or constant warming suggests that SST was not measured",
    needs=("SST",),
    tables=("warming",),
    options=ConstantWarmingOptions,
    pairs=("T_equ", "SST"),
    limits={"default": {"warming": {}}},
)
def check_constant_warming(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    SST: np.ndarray,
    minutes: float,
    distinct: float,
    share: float,
    tolerance: float,
) -> np.ndarray:
    """Flag warming that stays constant although the sea does not."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    finite = np.flatnonzero(np.isfinite(values) & np.isfinite(SST))
    if finite.size < 3:
        return flags
    w, t = values[finite], seconds[finite]
    moved = np.diff(SST[finite], prepend=SST[finite[0]]) != 0
    starts = np.flatnonzero(np.abs(np.diff(w, prepend=np.inf)) > tolerance)
    ends = np.append(starts[1:], w.size) - 1
    # The step into a period does not belong to it.
    changes = np.add.reduceat(moved, starts) - moved[starts]
    long = (changes >= distinct) & (t[ends] - t[starts] > 60.0 * minutes)
    stuck = np.repeat(long, ends - starts + 1)
    if not stuck.any():
        return flags
    median = np.median(w[stuck])
    same = np.abs(w - median) <= tolerance
    if same.mean() >= share:
        flags[finite[same]] = NOTED
    else:
        flags[finite[stuck]] = QUESTIONABLE
    return flags
