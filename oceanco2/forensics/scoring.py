"""Fit of a recipe, relative to the rounding of the printed digits."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oceanco2.forensics.columns import Columns

_PRESSURE = 1.0 / 990.0  # relative change of a result with pressure, hPa-1
_VAPOUR = 3e-3  # with temperature, through water vapour only, K-1
#: Relative difference between programs from gas constants and temperature scales.
_NUMERICAL_ERROR = 3e-8


@dataclass(frozen=True, slots=True)
class Rounding:
    """Relative differences explained by rounding, for each row."""

    bound: np.ndarray
    spread: np.ndarray
    result: np.ndarray
    shifts: tuple[tuple[float, float], ...]

    def select(self, rows: np.ndarray) -> "Rounding":
        """Return selected rows."""
        return replace(
            self,
            bound=self.bound[rows],
            spread=self.spread[rows],
            result=self.result[rows],
        )

    def scale(self, ratio: np.ndarray) -> tuple[np.ndarray, bool]:
        """Choose the standard deviation expected for a good recipe."""
        width = _width(ratio)
        if width <= 1.5 * float(np.nanmedian(self.result)):
            return self.result, True
        return self.spread * (width / float(np.nanmedian(self.spread))), False

    def without_offset(self, ratio: np.ndarray, best: np.ndarray) -> np.ndarray:
        """Subtract the constant difference that rounded inputs may explain."""
        width = _width(best)
        allowed = sum(half * share for half, share in self.shifts if half <= 3 * width)
        return ratio - np.clip(np.median(ratio), -allowed, allowed)


def _width(ratio: np.ndarray) -> float:
    return 1.4826 * float(np.nanmedian(np.abs(ratio)))


def rounding(columns: Columns, target: str, source: str) -> Rounding:
    """Compute the differences that rounding of the printed columns explains."""
    published = columns.published[target]
    gains: dict[str, Any] = {source: 1.0 / columns.values[source], "salinity": 2e-5}
    gains["P_atm" if "_atm_" in source else "P_equ"] = _PRESSURE
    if "SST" in source or "_atm_" in source:
        gains["SST"] = _VAPOUR
    elif "_SST_" in target:
        gains |= {"T_equ": 0.0423, "SST": 0.0423}
    else:
        gains["T_equ"] = _VAPOUR
    result = np.abs(0.5 * columns.steps[target] / published)
    halves, shifts = [result], []
    for name, gain in gains.items():
        if name in columns.steps:
            half = np.abs(0.5 * columns.steps[name] * gain)
            halves.append(np.broadcast_to(half, result.shape))
            shifts.append(
                (float(np.nanmedian(half)), _systematic_fraction(columns, name))
            )
    bound = np.sum(halves, axis=0)
    spread = np.sqrt(np.sum(np.square(halves), axis=0) / 3.0)
    return Rounding(
        bound + _NUMERICAL_ERROR,
        spread + _NUMERICAL_ERROR,
        result / np.sqrt(3.0) + _NUMERICAL_ERROR,
        tuple(shifts),
    )


def _systematic_fraction(columns: Columns, name: str) -> float:
    """Fraction of the rounding error of an input that does not average out."""
    if name not in ("T_equ", "SST"):
        return 1.0
    values = columns.values[name]
    distinct = np.unique(values[np.isfinite(values)]).size
    return min(1.0, 2.0 / max(distinct, 1) ** 0.5)


def loss(ratio: np.ndarray) -> np.ndarray:
    """Robust misfit of each row: Student's t with three degrees of freedom."""
    return 2.0 * np.log1p(ratio * ratio / 3.0)


def effective_number(ratio: np.ndarray, most: int) -> float:
    """Estimate the number of independent rows."""
    clipped = np.clip(ratio - np.median(ratio), -3.0, 3.0)
    total = float((clipped**2).sum())
    if clipped.size < 3 or total <= 0.0:
        return float(min(clipped.size, most))
    autocorrelation = float((clipped[1:] * clipped[:-1]).sum()) / total
    number = clipped.size * (1.0 - autocorrelation) / (1.0 + autocorrelation)
    return float(np.clip(number, 1.0, most))


@dataclass(frozen=True, slots=True)
class Fit:
    """How computed and published values differ, computed minus published.

    Attributes
    ----------
    rows : int
        Rows compared.
    median, percentile_95, largest : float
        Median difference; percentile and maximum of its absolute value [units of the
        result].
    share : float
        Fraction of rows that agree within rounding.
    tolerance : float
        Median difference explained by rounding [units of the result].
    """

    rows: int
    median: float
    percentile_95: float
    largest: float
    share: float
    tolerance: float


def fit_of(computed: np.ndarray, published: np.ndarray, bound: np.ndarray) -> Fit:
    """Compare computed and published values; differences are relative."""
    return fit_within(computed, published, bound * published)


def fit_within(computed: np.ndarray, published: np.ndarray, allowed: np.ndarray) -> Fit:
    """Compare computed and published values."""
    both = np.isfinite(computed) & np.isfinite(published)
    difference = (computed - published)[both]
    if not difference.size:
        nan = float("nan")
        return Fit(0, nan, nan, nan, 0.0, nan)
    allowed = np.broadcast_to(allowed, published.shape)[both]
    size = np.abs(difference)
    return Fit(
        rows=int(difference.size),
        median=float(np.median(difference)),
        percentile_95=float(np.percentile(size, 95)),
        largest=float(size.max()),
        share=float((size <= allowed * (1 + 1e-9)).mean()),
        tolerance=float(np.median(allowed)),
    )
