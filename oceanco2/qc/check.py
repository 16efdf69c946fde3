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


CHECKS: Registry[Check] = Registry(
    "check", package="oceanco2.qc.checks", group="oceanco2.checks"
)


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
