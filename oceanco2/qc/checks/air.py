"""Checks of CO2 in air: implausible marine air, and the ship's own exhaust."""

import numpy as np

from oceanco2.fields.air import interpolate_mbl, marine_background, read_air
from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import Count, Number, Options, Pair, Text, register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_AIR = ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp")


class AirPlausibilityOptions(Options):
    """Options of the check ``air_plausibility``."""

    questionable: Pair = (-15.0, 25.0)
    bad: Pair = (-60.0, 200.0)
    file: Text = ""


@register(
    "air_plausibility",
    bit=24,
    description="CO2 of the air far from that of marine air at its date and latitude",
    reference=(
        "NOAA marine boundary layer reference; without a file global means of NOAA,"
        " doi:10.15138/9N0H-ZH07, with gradient and season by latitude"
    ),
    tables=_AIR,
    needs=("time", "latitude"),
    options=AirPlausibilityOptions,
    limits={"default": {name: {} for name in _AIR}},
)
def check_air_plausibility(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    time: np.ndarray,
    latitude: np.ndarray,
    questionable: Pair,
    bad: Pair,
    file: str,
) -> np.ndarray:
    """Flag air that is not marine air."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    rows = np.flatnonzero(np.isfinite(values) & np.isfinite(latitude))
    if not rows.size:
        return flags
    difference = values[rows] - _expected(time[rows], latitude[rows], file)
    flags[rows[(difference < questionable[0]) | (difference > questionable[1])]] = (
        QUESTIONABLE
    )
    flags[rows[(difference < bad[0]) | (difference > bad[1])]] = BAD
    return flags


def _expected(time: np.ndarray, latitude: np.ndarray, file: str) -> np.ndarray:
    """Return marine air by whole days and degrees, which is accurate enough."""
    day = time.astype("datetime64[D]")
    degree = np.floor(latitude)
    new = np.ones(day.size, dtype=bool)
    new[1:] = (day[1:] != day[:-1]) | (degree[1:] != degree[:-1])
    when = day[new].astype("datetime64[ns]") + np.timedelta64(12, "h")
    where = np.clip(degree[new] + 0.5, -90.0, 90.0)
    expected = np.full(when.size, np.nan)
    if file:
        expected = interpolate_mbl(read_air(file), when, where)
    missing = np.isnan(expected)
    expected[missing] = marine_background(when[missing], where[missing])
    return np.asarray(expected[np.cumsum(new) - 1])


class PlumeOptions(Options):
    """Options of the check ``plume``."""

    questionable: Number = 5.0
    bad: Number = 50.0
    sigma: Number = 6.0
    samples: Count = 31
    hours: Number = 12.0


@register(
    "plume",
    bit=48,
    description="air suddenly richer in CO2 than before and after: exhaust of the ship",
    reference=(
        "contamination is short and positive: Pierrot et al. (2009),"
        " doi:10.1016/j.dsr2.2008.12.005"
    ),
    tables=("xCO2_atm_dry_actual",),
    options=PlumeOptions,
    limits={"default": {"xCO2_atm_dry_actual": {}}},
)
def check_plume(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float,
    sigma: float,
    samples: int,
    hours: float,
) -> np.ndarray:
    """Flag air that is richer than the air around it."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    median, scatter, count = running_median(
        values, seconds, samples=samples, minutes=60.0 * hours, limit=questionable
    )
    with np.errstate(invalid="ignore"):
        excess = values - median
        outlying = (excess > questionable) & (excess > sigma * scatter) & (count >= 5)
        flags[outlying] = QUESTIONABLE
        flags[outlying & (excess > bad)] = BAD
    return flags
