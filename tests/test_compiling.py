"""How loops are compiled and how many threads run them."""

import os

import numpy as np
import pytest

from oceanco2 import compiling

RUNS_COMPILED = not compiling.jit_disabled()


def double(x):
    return x * np.int8(2)


@pytest.mark.parametrize(
    ("value", "disabled"),
    [(None, False), ("", False), ("0", False), ("1", True), ("yes", True)],
)
def test_compiling_can_be_disabled(monkeypatch, value, disabled):
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    if value is not None:
        monkeypatch.setenv("NUMBA_DISABLE_JIT", value)
    assert compiling.jit_disabled() is disabled


def test_without_compiling_whole_numbers_wrap_silently(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    large = np.int8(100)
    with pytest.warns(RuntimeWarning, match="overflow"):
        double(large)
    assert compiling.compiled(double)(large) == -56
    assert compiling.inlined(double) is double


def test_how_loops_are_compiled(monkeypatch):
    calls = []

    def on_disk(function, options):
        calls.append((function, options))
        return "kernel"

    monkeypatch.setattr(compiling, "on_disk", on_disk)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    assert compiling.compiled(double) == compiling.inlined(double) == "kernel"
    usual = {"nogil": True, "error_model": "numpy"}
    assert calls == [(double, usual), (double, usual | {"forceinline": True})]


class Kernel:
    """What numba returns, as far as it is used."""

    def __init__(self, path):
        self.stats = type("Stats", (), {"cache_path": str(path)})


@pytest.mark.parametrize("fault", [None, RuntimeError, OSError])
def test_machine_code_is_cached_where_a_folder_can_be_written(
    monkeypatch, tmp_path, fault
):
    import numba

    folder, calls = tmp_path / "a" / "b", []

    def njit(**options):
        def make(function):
            calls.append((function, options))
            if fault is not None and "cache" in options:
                raise fault
            return Kernel(folder)

        return make

    monkeypatch.setattr(numba, "njit", njit)
    assert isinstance(compiling.on_disk(double, {"nogil": True}), Kernel)
    cached = (double, {"cache": True, "nogil": True})
    assert calls == [cached] if fault is None else [cached, (double, {"nogil": True})]
    assert folder.is_dir() == (fault is None)
    compiling.on_disk(double, {"nogil": True})  # the folder may exist


@pytest.mark.skipif(not RUNS_COMPILED, reason="compiling is disabled")
def test_a_loop_is_compiled():
    kernel = compiling.on_disk(double, {"nogil": True})
    assert kernel(3) == 6
    assert kernel.signatures


def test_the_number_of_threads(monkeypatch):
    for text, count in (("3", 3), ("1", 1), ("12", 12)):
        monkeypatch.setenv("OCEANCO2_THREADS", text)
        assert compiling.threads() == count
    for text in ("", "0", "-2", "two", "1.5"):
        monkeypatch.setenv("OCEANCO2_THREADS", text)
        monkeypatch.setattr(os, "sched_getaffinity", lambda who: {1, 4, 6 + who})
        assert compiling.threads() == 3
    monkeypatch.delenv("OCEANCO2_THREADS")
    assert compiling.threads() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert compiling.threads() == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert compiling.threads() == 1


def test_one_pool_of_threads_for_all_loops():
    pool = compiling.pool(2)
    assert compiling.pool(2) is pool
    assert compiling.pool(3) is not pool
    assert pool._max_workers == 2
    assert list(pool.map(double, [1, 2])) == [2, 4]
    assert compiling.pool.cache_info().maxsize == 8
    compiling.pool.cache_clear()
    assert compiling.pool(2) is not pool
