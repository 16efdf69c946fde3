"""Checks of equilibrator and air pressure against each other."""

import numpy as np

from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import NOTED, Count, Number, Options, register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

#: A pressure outside is flagged by its own range; nothing is compared with it.
_PLAUSIBLE = (870.0, 1085.0)


class PressureDifferenceOptions(Options):
    """Options of the check ``pressure_difference``."""

    questionable: Number = 15.0
    bad: Number = 50.0
    offset: Number = 10.0
    samples: Count = 31
    minutes: Number = 720.0


@register(
    "pressure_difference",
    bit=35,
    description=(
        "equilibrator and air pressure differ too much: one is wrong or a difference"
    ),
    reference=(
        "Pierrot et al. (2009), doi:10.1016/j.dsr2.2008.12.005: an"
        " equilibrator is within a"
        " few hPa of the laboratory, and a laboratory within some of the air outside"
    ),
    needs=("P_equ", "P_atm"),
    tables=("P_equ", "P_atm"),
    options=PressureDifferenceOptions,
    pairs=("P_equ", "P_atm"),
    limits={"default": {"P_equ": {}}},
)
def check_pressure_difference(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    P_equ: np.ndarray,
    P_atm: np.ndarray,
    questionable: float,
    bad: float,
    offset: float,
    samples: int,
    minutes: float,
) -> np.ndarray:
    """Flag pressures that are too far from each other."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        other = np.where(values == P_equ, P_atm, P_equ)
        other[(other < _PLAUSIBLE[0]) | (other > _PLAUSIBLE[1])] = np.nan
        difference = np.abs(values - other)
        flags[difference > questionable] = QUESTIONABLE
        flags[difference > bad] = BAD
        if (difference > offset).any():
            median = running_median(
                difference, seconds, samples=samples, minutes=minutes
            )[0]
            flags[(median > offset) & (flags == GOOD)] = QUESTIONABLE
    return flags


class ConstantOffsetOptions(Options):
    """Options of the check ``constant_offset``."""

    share: Number = 0.95
    tolerance: Number = 1e-3
    distinct: Number = 10.0


@register(
    "constant_offset",
    bit=36,
    description="equilibrator minus air pressure is constant: it was not measured",
    reference="a pressure computed from another has no independent noise",
    needs=("P_equ", "P_atm"),
    tables=("P_equ",),
    options=ConstantOffsetOptions,
    pairs=("P_equ", "P_atm"),
    limits={"default": {"P_equ": {}}},
)
def check_constant_offset(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    P_equ: np.ndarray,
    P_atm: np.ndarray,
    share: float,
    tolerance: float,
    distinct: float,
) -> np.ndarray:
    """Note where equilibrator pressure is air pressure plus a constant."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    present = np.flatnonzero(np.isfinite(P_equ) & np.isfinite(P_atm))
    subset = present[:: max(present.size // 1000, 1)]
    if np.unique(P_equ[subset]).size < distinct:
        return flags
    difference = P_equ[present] - P_atm[present]
    median = np.median(P_equ[subset] - P_atm[subset])
    same = np.abs(difference - median) <= tolerance
    if abs(median) > tolerance and same.mean() >= share:
        flags[present[same]] = NOTED
    return flags
