"""Checks: arrays in, int8 WOCE flags out. To add one, write one decorated function.

Values never change. Checks ignore NaN; missing values are flagged afterwards.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.registry import Registry
from oceanco2.vocabulary import GOOD

Pair = tuple[float, float]
#: Flag of a check that sets its bit without making the value questionable.
NOTED = 1


@dataclass(frozen=True, slots=True)
class Check:
    """A check that a platform file can name.

    Attributes
    ----------
    name : str
        The name in ``[qc.VARIABLE]`` and of the bit in ``X_tests``.
    function : callable
        ``(values, seconds, *, <needs>, <options>) -> flags``.
    description : str
        One line for lists.
    reference : str
        Where the rule comes from.
    needs : tuple of str
        Other variables or coordinates of the dataset, passed as keyword-only
        arrays of the same length and name. Where one is missing, the
        check does not run, and ``tests_applied`` of the flag says so.
    tables : tuple of str
        The only variables it may be used for; empty: any.
    wants : tuple of str
        As `needs`, but optional: None is passed where one is missing.
    review : callable, optional
        Takes the options that are set and raises OptionError if one is invalid:
        for text options, which a type cannot validate.
    """

    name: str
    function: Callable[..., np.ndarray]
    description: str
    reference: str
    needs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    review: Callable[[dict[str, Any]], None] | None = None

    @property
    def options(self) -> dict[str, inspect.Parameter]:
        """Options that a platform file can set.

        Returns
        -------
        dict
            Name to parameter; its default gives its type: a pair, a number
            or a text.
        """
        parameters = inspect.signature(self.function).parameters.values()
        return {
            p.name: p
            for p in parameters
            if p.kind is p.KEYWORD_ONLY and p.name not in (*self.needs, *self.wants)
        }

    def with_defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return options completed with their defaults.

        Parameters
        ----------
        options : dict
            Options of a profile or platform file.

        Returns
        -------
        dict
            All options that have a value.
        """
        defaults = {name: p.default for name, p in self.options.items()}
        empty = inspect.Parameter.empty
        return {n: v for n, v in defaults.items() if v is not empty} | options


CHECKS: Registry[Check] = Registry("check")


def register(
    name: str,
    description: str,
    reference: str,
    *,
    needs: tuple[str, ...] = (),
    table: str | tuple[str, ...] | None = None,
    wants: tuple[str, ...] = (),
    review: Callable[[dict[str, Any]], None] | None = None,
) -> Callable:
    """Register a function as a check."""
    tables = (table,) if isinstance(table, str) else table or ()

    def decorate(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        entry = Check(
            name, function, description, reference, needs, tables, wants, review
        )
        CHECKS.add(name, entry)
        return function

    return decorate


def good(values: np.ndarray) -> np.ndarray:
    """Return flags that are all good."""
    return np.full(values.shape, GOOD, dtype=np.int8)


def _floats(array: np.ndarray) -> np.ndarray:
    """Return float64, so that each loop is compiled for one type only."""
    return np.ascontiguousarray(array, dtype=np.float64)


@register(
    "range",
    "value outside one of two nested ranges",
    "thresholds of the ICOS Ocean Thematic Centre",
)
def check_range(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    questionable: Pair = (-np.inf, np.inf),
    bad: Pair = (-np.inf, np.inf),
) -> np.ndarray:
    """Flag values outside two nested ranges."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = (float(limit) for limit in (*questionable, *bad))
    _kernels.ranges(_floats(values), *limits, flags)
    return flags


@register(
    "warming",
    "equilibrator too much warmer or colder than the sea",
    "SOCAT, doi:10.5194/essd-8-383-2016: within 1 K for flags A and B, 3 K for C and D",
    table="warming",
)
def check_warming(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: Pair = (-1.0, 1.0),
    bad: Pair = (-3.0, 3.0),
) -> np.ndarray:
    """Flag the difference of equilibrator and sea surface temperature."""
    return check_range(values, seconds, questionable=questionable, bad=bad)


@register(
    "constant",
    "the same value for longer than is plausible",
    "constant-value test of the ICOS Ocean Thematic Centre",
)
def check_constant(
    values: np.ndarray, seconds: np.ndarray, *, minutes: float = 120.0
) -> np.ndarray:
    """Flag a value that stays constant."""
    from oceanco2.qc import _kernels

    flags = good(values)
    _kernels.constant(_floats(values), _floats(seconds), float(minutes), flags)
    return flags


@register(
    "gradient",
    "change per minute from the previous value above a limit",
    "gradient test of the ICOS Ocean Thematic Centre",
)
def check_gradient(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    max_gap_minutes: float = 60.0,
) -> np.ndarray:
    """Flag spikes and steps by the change per minute."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = float(limit), float(max_gap_minutes)
    _kernels.gradient(_floats(values), _floats(seconds), *limits, flags)
    return flags


@register(
    "spike",
    "a single value far from both its neighbours",
    "spike test of QARTOD, U.S. Integrated Ocean Observing System",
)
def check_spike(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float,
    max_gap_minutes: float = 15.0,
) -> np.ndarray:
    """Flag values that stand out on both sides; a front does not."""
    from oceanco2.qc import _kernels

    flags = good(values)
    limits = float(questionable), float(bad), 60.0 * max_gap_minutes
    _kernels.spike(_floats(values), _floats(seconds), *limits, flags)
    return flags


@register(
    "outlier",
    "a value far from the running median around it",
    "Hampel, J. Am. Stat. Assoc. 69, 383-393 (1974)",
)
def check_outlier(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    questionable: float,
    bad: float = np.inf,
    sigma: float = 8.0,
    samples: int = 15,
    max_gap_minutes: float = 60.0,
) -> np.ndarray:
    """Flag values far from the running median, in units and in robust sigmas."""
    from oceanco2.qc import _kernels

    x, t = _floats(values), _floats(seconds)
    present = np.isfinite(x)
    complete = present.all()
    if not complete:
        x, t = x[present], t[present]
    result = good(x)
    limits = float(questionable), float(bad), float(sigma), 60.0 * max_gap_minutes
    _kernels.outlier(x, t, int(samples) // 2, *limits, result)
    if complete:
        return result
    flags = good(values)
    flags[present] = result
    return flags
