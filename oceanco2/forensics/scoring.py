"""How well a recipe does, measured by what the printed digits allow."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oceanco2.forensics.columns import Columns

_PRESSURE = 1.0 / 990.0  # relative change of a result with pressure, hPa-1
_VAPOUR = 3e-3  # with temperature, by way of water vapour only, K-1
#: What gas constants and scales of temperature change between programs.
_FLOOR = 3e-8


@dataclass(frozen=True, slots=True)
class Rounding:
    """What the printed digits make of a relative difference, for each row."""

    bound: np.ndarray
    spread: np.ndarray
    result: np.ndarray
    shifts: tuple[tuple[float, float], ...]

    def at(self, rows: np.ndarray) -> "Rounding":
        """Return some of the rows."""
        return replace(
            self,
            bound=self.bound[rows],
            spread=self.spread[rows],
            result=self.result[rows],
        )

    def scale(self, ratio: np.ndarray) -> tuple[np.ndarray, bool]:
        """Choose the standard deviation that a good recipe shows."""
        width = _width(ratio)
        if width <= 1.5 * float(np.nanmedian(self.result)):
            return self.result, True
        return self.spread * (width / float(np.nanmedian(self.spread))), False

    def unshifted(self, ratio: np.ndarray, best: np.ndarray) -> np.ndarray:
        """Take off the constant difference that cut digits of inputs may make."""
        seen = _width(best)
        allowed = sum(half * share for half, share in self.shifts if half <= 3 * seen)
        return ratio - np.clip(np.median(ratio), -allowed, allowed)


def _width(ratio: np.ndarray) -> float:
    return 1.4826 * float(np.nanmedian(np.abs(ratio)))


def rounding(columns: Columns, target: str, source: str) -> Rounding:
    """Say what rounding of the printed columns alone makes of a difference."""
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
            shifts.append((float(np.nanmedian(half)), _alike(columns, name)))
    bound = np.sum(halves, axis=0)
    spread = np.sqrt(np.sum(np.square(halves), axis=0) / 3.0)
    return Rounding(
        bound + _FLOOR,
        spread + _FLOOR,
        result / np.sqrt(3.0) + _FLOOR,
        tuple(shifts),
    )


def _alike(columns: Columns, name: str) -> float:
    """Share of the rounding of an input that does not average out."""
    if name not in ("T_equ", "SST"):
        return 1.0
    values = columns.values[name]
    distinct = np.unique(values[np.isfinite(values)]).size
    return min(1.0, 2.0 / max(distinct, 1) ** 0.5)


def loss(ratio: np.ndarray) -> np.ndarray:
    """Robust misfit of each row: Student's t with three degrees of freedom."""
    return 2.0 * np.log1p(ratio * ratio / 3.0)


def effective(ratio: np.ndarray, most: int) -> float:
    """Say how many rows count as independent."""
    clipped = np.clip(ratio - np.median(ratio), -3.0, 3.0)
    total = float((clipped**2).sum())
    if clipped.size < 3 or total <= 0.0:
        return float(min(clipped.size, most))
    alike = float((clipped[1:] * clipped[:-1]).sum()) / total
    number = clipped.size * (1.0 - alike) / (1.0 + alike)
    return float(np.clip(number, 1.0, most))


@dataclass(frozen=True, slots=True)
class Fit:
    """How computed and published values differ, computed minus published.

    Attributes
    ----------
    rows : int
        Rows compared.
    median, percentile_95, largest : float
        Of the difference, and of its absolute value [units of the result].
    share : float
        Rows that differ by no more than rounding explains.
    tolerance : float
        What rounding explains, median [units of the result].
    """

    rows: int
    median: float
    percentile_95: float
    largest: float
    share: float
    tolerance: float


def fit_of(computed: np.ndarray, published: np.ndarray, bound: np.ndarray) -> Fit:
    """Compare computed and published values."""
    both = np.isfinite(computed) & np.isfinite(published)
    apart = (computed - published)[both]
    if not apart.size:
        nan = float("nan")
        return Fit(0, nan, nan, nan, 0.0, nan)
    allowed = np.broadcast_to(bound, published.shape)[both] * published[both]
    size = np.abs(apart)
    return Fit(
        rows=int(apart.size),
        median=float(np.median(apart)),
        percentile_95=float(np.percentile(size, 95)),
        largest=float(size.max()),
        share=float((size <= allowed * (1 + 1e-9)).mean()),
        tolerance=float(np.median(allowed)),
    )
