"""How loops over arrays are compiled: serial, without the GIL, kept on disk."""

import os
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop when it is first called."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        # Compiled whole numbers wrap; those of NumPy would warn of it.
        return np.errstate(over="ignore")(function)
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # nowhere to keep the machine code
        return numba.njit(**_OPTIONS)(function)
