"""How loops over arrays are compiled (serial, no GIL, cached on disk) and run."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def jit_disabled() -> bool:
    """Return whether NUMBA_DISABLE_JIT asks for NumPy instead of compiled loops."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a loop when it is first called."""
    if jit_disabled():
        # Compiled whole numbers wrap; those of NumPy would warn of it.
        return np.errstate(over="ignore")(function)
    return on_disk(function, _OPTIONS)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a function that is called for each cell: the call would cost more."""
    if jit_disabled():
        return function
    return on_disk(function, {**_OPTIONS, "forceinline": True})


def on_disk(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Compile a function; its machine code is cached on disk where possible."""
    import numba

    try:
        kernel = numba.njit(cache=True, **options)(function)
        Path(kernel.stats.cache_path).mkdir(parents=True, exist_ok=True)
    except (RuntimeError, OSError):  # no folder can be written
        return numba.njit(**options)(function)
    return kernel


def threads() -> int:
    """Return how many threads work on a long array."""
    requested = os.environ.get("OCEANCO2_THREADS", "")
    if requested.isdigit() and int(requested) > 0:
        return int(requested)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=8)
def pool(workers: int) -> ThreadPoolExecutor:
    """Return the threads that all loops share."""
    return ThreadPoolExecutor(workers, thread_name_prefix="oceanco2")


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork; a child makes its own.
    os.register_at_fork(after_in_child=pool.cache_clear)
