"""Pressures held against each other: one is about the other, and measured apart."""

import numpy as np

from oceanco2.qc.checks import TOLD, register
from oceanco2.qc.running import running_median
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

#: A pressure outside is told of by its own range; nothing is held against it.
_BELIEVED = (870.0, 1085.0)


@register(
    "pressure_difference",
    "equilibrator and air pressure too far apart: one is off, or a bare difference",
    "Pierrot et al. (2009), doi:10.1016/j.dsr2.2008.12.005: an equilibrator is within a"
    " few hPa of the laboratory, and a laboratory within some of the air outside",
    needs=("P_equ", "P_atm"),
    table=("P_equ", "P_atm"),
)
def check_pressure_difference(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    P_equ: np.ndarray,
    P_atm: np.ndarray,
    questionable: float = 15.0,
    bad: float = 50.0,
    offset: float = 10.0,
    samples: int = 31,
    minutes: float = 720.0,
) -> np.ndarray:
    """Flag pressures that are too far from each other."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        other = np.where(values == P_equ, P_atm, P_equ)
        other[(other < _BELIEVED[0]) | (other > _BELIEVED[1])] = np.nan
        apart = np.abs(values - other)
        flags[apart > questionable] = QUESTIONABLE
        flags[apart > bad] = BAD
        if (apart > offset).any():
            usual = running_median(apart, seconds, samples=samples, minutes=minutes)[0]
            flags[(usual > offset) & (flags == GOOD)] = QUESTIONABLE
    return flags


@register(
    "constant_offset",
    "equilibrator minus air pressure is one number: it was not measured",
    "a pressure that is made from another has none of its own noise",
    needs=("P_equ", "P_atm"),
    table="P_equ",
)
def check_constant_offset(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    P_equ: np.ndarray,
    P_atm: np.ndarray,
    share: float = 0.95,
    tolerance: float = 1e-3,
    distinct: float = 10.0,
) -> np.ndarray:
    """Tell where equilibrator pressure is air pressure plus a number."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    there = np.flatnonzero(np.isfinite(P_equ) & np.isfinite(P_atm))
    some = there[:: max(there.size // 1000, 1)]
    if np.unique(P_equ[some]).size < distinct:
        return flags
    apart = P_equ[there] - P_atm[there]
    usual = np.median(P_equ[some] - P_atm[some])
    same = np.abs(apart - usual) <= tolerance
    if abs(usual) > tolerance and same.mean() >= share:
        flags[there[same]] = TOLD
    return flags
