"""Align streams of different rates with the times of the main stream."""

from oceanco2.alignment.joining import Chain, align, chain_of
from oceanco2.alignment.lags import Lag, differ, find_lag, lags
from oceanco2.alignment.sampling import (
    Groups,
    Readings,
    group_starts,
    groups,
    measurement_mode,
    ranks,
)
from oceanco2.alignment.values import (
    SensorValues,
    periodic_value_at,
    value_at,
    value_over,
)

__all__ = [
    "Chain",
    "Groups",
    "Lag",
    "Readings",
    "SensorValues",
    "align",
    "chain_of",
    "differ",
    "find_lag",
    "group_starts",
    "groups",
    "lags",
    "measurement_mode",
    "periodic_value_at",
    "ranks",
    "value_at",
    "value_over",
]
