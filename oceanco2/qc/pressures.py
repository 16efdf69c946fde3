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
    """Flag pressures that are too far from each other.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One of the two, the one that is judged [hPa].
    seconds : ndarray, shape (n,)
        Rising times [s].
    P_equ, P_atm : ndarray, shape (n,)
        Both [hPa].
    questionable : float, default 15.0
        Difference that is doubtful [hPa].
    bad : float, default 50.0
        Difference that cannot be [hPa].
    offset : float, default 10.0
        Difference of the running median that is doubtful: an offset that stays [hPa].
    samples : int, default 31
        At most so many values in the running median.
    minutes : float, default 720.0
        Values farther away do not count.

    Returns
    -------
    ndarray of int8, shape (n,)
        WOCE flags; nothing is held against a value outside 870 to 1085 hPa.
    """
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
    """Tell where equilibrator pressure is air pressure plus a number.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Equilibrator pressure [hPa].
    seconds : ndarray, shape (n,)
        Times; not used.
    P_equ, P_atm : ndarray, shape (n,)
        Both [hPa].
    share : float, default 0.95
        Share of the data set that must have the same difference.
    tolerance : float, default 1e-3
        Differences that are the same [hPa].
    distinct : float, default 10.0
        Pressure itself must take so many values; else both may stand still.

    Returns
    -------
    ndarray of int8, shape (n,)
        But told (1) on the rows concerned; no value is doubted for it. An equilibrator
        that is open to the air has the pressure of the air: no difference is none to
        tell of.
    """
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
