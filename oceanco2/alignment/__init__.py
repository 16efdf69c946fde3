"""Align streams of different rates with the times of the main stream."""

from oceanco2.alignment.chain import Chain, chain_of
from oceanco2.alignment.finding import Lag, differ, lags
from oceanco2.alignment.joining import align
from oceanco2.alignment.lags import find_lag
from oceanco2.alignment.readings import Readings, ranks
from oceanco2.alignment.sampling import Groups, group_starts, groups, measurement_mode
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
