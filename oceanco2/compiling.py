"""How loops over arrays are compiled (serial, no GIL, cached on disk) and run."""

import hashlib
import os
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
        kernel._cache = _checked_cache(function)
    except (RuntimeError, OSError):  # no folder can be written
        return numba.njit(**options)(function)
    return kernel


@lru_cache(maxsize=1)
def _file_class() -> Any:
    """Return numba's file of machine code, where damage costs time, not the result."""
    from numba.core.caching import IndexDataCacheFile

    class CheckedFile(IndexDataCacheFile):
        """Machine code with its SHA-256 and what it was compiled from."""

        def load(self, key: Any) -> Any:
            try:
                origin, data = super().load(key)
            except Exception:  # damaged in any way: compiled again
                return None
            return data if origin == self._origin(key) else None

        def save(self, key: Any, data: Any) -> None:
            super().save(key, (self._origin(key), data))

        def _origin(self, key: Any) -> str:
            return repr((self._version, self._source_stamp, key))

        def _load_index(self) -> Any:
            try:
                return super()._load_index()
            except Exception:
                return {}

        def _load_data(self, name: str) -> Any:
            content = Path(self._data_path(name)).read_bytes()
            if hashlib.sha256(content[32:]).digest() != content[:32]:
                raise ValueError("damaged")
            return pickle.loads(content[32:])

        def _save_data(self, name: str, data: Any) -> None:
            content = self._dump(data)
            with self._open_for_write(self._data_path(name)) as file:
                file.write(hashlib.sha256(content).digest() + content)

    return CheckedFile


@lru_cache(maxsize=1)
def _cache_class() -> Any:
    from numba.core.caching import FunctionCache

    class CheckedCache(FunctionCache):
        """Compiled functions in checked files."""

        def load_overload(self, sig: Any, target_context: Any) -> Any:
            try:
                return super().load_overload(sig, target_context)
            except Exception:  # of another libc, for example
                return None

        def save_overload(self, sig: Any, data: Any) -> None:
            with suppress(OSError):  # the disk is full, or the folder is read-only
                super().save_overload(sig, data)

    return CheckedCache


def _checked_cache(function: Callable[..., Any]) -> Any:
    cache = _cache_class()(function)
    plain = cache._cache_file
    base = plain._index_name.removesuffix(".nbi")
    cache._cache_file = _file_class()(plain._cache_path, base, plain._source_stamp)
    return cache


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
