"""How the loops of quality control are compiled: serial, without the GIL, kept."""

from collections.abc import Callable
from typing import Any

import numba

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop when it is first called.

    Parameters
    ----------
    function : callable
        A loop over arrays, numpy only.

    Returns
    -------
    callable
        The same, compiled; its machine code is kept on disk where that can be.
    """
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # nowhere to keep the machine code
        return numba.njit(**_OPTIONS)(function)
