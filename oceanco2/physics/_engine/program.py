"""Programs: a scalar formula with its arguments, floors and range checks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Scalar = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Check:
    """Range of one argument of a formula, or of the difference of two.

    Both limits are inside. `index` is the position of the argument, `minus` that of
    the one to subtract, or -1. A `fatal` check raises whatever `on_range` is.
    """

    formula: str
    argument: str
    low: float
    high: float
    units: str
    index: int
    minus: int = -1
    fatal: bool = False

    def outside(self, arrays: Sequence[Array]) -> Array:
        """Return where the value is outside; NaN is not."""
        value = arrays[self.index]
        if self.minus >= 0:
            value = value - arrays[self.minus]
        return np.asarray((value < self.low) | (value > self.high))

    def fires(self, arrays: Sequence[Array]) -> bool:
        """Return whether any value is outside; long arrays are read in pieces."""
        used = [arrays[i] for i in (self.index, self.minus) if i >= 0]
        flat = [np.asarray(a).reshape(-1) for a in np.broadcast_arrays(*used)]
        short = Check(*self._limits(), index=0, minus=1 if self.minus >= 0 else -1)
        starts = range(0, flat[0].size, _PIECE)
        return any(
            short.outside([a[first : first + _PIECE] for a in flat]).any()
            for first in starts
        )

    def _limits(self) -> tuple[str, str, float, float, str]:
        return self.formula, self.argument, self.low, self.high, self.units


_PIECE = 65536


@dataclass(frozen=True, eq=False)
class Program:
    """A formula of several arguments, with floors and range checks."""

    name: str
    formula: Scalar
    arguments: tuple[str, ...]
    floors: tuple[float, ...]
    checks: tuple[Check, ...] = ()
    joint_check: Scalar | None = None

    def limits(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the narrowest limits of each argument."""
        low = [-np.inf] * len(self.arguments)
        high = [np.inf] * len(self.arguments)
        for check in self.checks:
            if check.minus < 0:
                low[check.index] = max(low[check.index], check.low)
                high[check.index] = min(high[check.index], check.high)
        return tuple(low), tuple(high)

    def outside(self, arrays: Sequence[Array]) -> Array:
        """Return where any argument is outside its published range."""
        mask = np.zeros(np.broadcast_shapes(*(np.shape(a) for a in arrays)), bool)
        for check in self.checks:
            mask = mask | check.outside(arrays)
        return mask


@lru_cache(maxsize=1024)
def _bind(function: FunctionType, parts: tuple[tuple[str, Any], ...]) -> FunctionType:
    scope = {**function.__globals__, **dict(parts)}
    bound = FunctionType(
        function.__code__, scope, function.__name__, function.__defaults__
    )
    bound.__qualname__ = function.__qualname__
    return bound


def bind(function: Scalar, **parts: Any) -> Scalar:
    """Return a copy of a function with other globals in the place of `parts`."""
    assert isinstance(function, FunctionType)
    return _bind(function, tuple(sorted(parts.items())))
