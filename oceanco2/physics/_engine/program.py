"""What a program is: a scalar formula, its arguments, its limits."""

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
    """Where an argument, or the difference of two, is inside a formula's range.

    Attributes
    ----------
    formula : str
        Name of the formula whose range this is.
    argument : str
        Name of the argument, or what the difference is called.
    low, high : float
        Limits, both inside [`units`].
    units : str
        Units of the limits.
    index : int
        Position of the argument.
    minus : int
        Position of the argument that is taken off, or -1.
    fatal : bool
        Whether a value outside is an error whatever the caller asked for.
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
        """Return where the value is outside; NaN is not.

        Parameters
        ----------
        arrays : sequence of ndarray
            The arguments.

        Returns
        -------
        ndarray of bool
            True outside.
        """
        value = arrays[self.index]
        if self.minus >= 0:
            value = value - arrays[self.minus]
        return np.asarray((value < self.low) | (value > self.high))

    def fires(self, arrays: Sequence[Array]) -> bool:
        """Return whether any value is outside; long arrays are taken in pieces.

        Parameters
        ----------
        arrays : sequence of ndarray
            The arguments.

        Returns
        -------
        bool
            True if one is.
        """
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
    """A formula of several arguments and what is known of them."""

    name: str
    formula: Scalar
    arguments: tuple[str, ...]
    floors: tuple[float, ...]
    checks: tuple[Check, ...] = ()
    elsewhere: Scalar | None = None

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
    bound.__parts__ = parts  # type: ignore[attr-defined]
    return bound


def bind(function: Scalar, **parts: Any) -> Scalar:
    """Return a copy of a function that uses other parts."""
    assert isinstance(function, FunctionType)
    return _bind(function, tuple(sorted(parts.items())))
