"""Compiled loops: serial, without the GIL, kept on disk where there is a place."""

from collections.abc import Callable
from typing import Any

import numba

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called."""
    return _kept(function, _OPTIONS)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a function that is called for each cell: the call would cost more."""
    return _kept(function, {**_OPTIONS, "forceinline": True})


def _kept(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # nowhere to keep it
        return numba.njit(**options)(function)
