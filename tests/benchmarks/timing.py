"""Time, memory floors and arrays for the benchmarks."""

import time
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

from oceanco2.compiling import threads
from oceanco2.physics._engine.running import chunk_size


def sea(n):
    rng = np.random.default_rng(0)
    sst = rng.uniform(0.0, 30.0, n)
    return {
        "xco2": rng.uniform(300.0, 500.0, n),
        "sst": sst,
        "t_equ": sst + rng.uniform(-0.5, 0.5, n),
        "salinity": rng.uniform(30.0, 38.0, n),
        "pressure": rng.uniform(980.0, 1030.0, n),
        "fco2": rng.uniform(300.0, 500.0, n),
        "wind": rng.uniform(3.0, 15.0, n),
        "ice": rng.uniform(0.0, 1.0, n),
    }


def seconds(*calls, turns=4, share=0.3):
    """Best time of each call; they take turns of equal length on the same machine."""
    best = [np.inf] * len(calls)
    for _ in range(turns):
        for i, call in enumerate(calls):
            begin = time.perf_counter()
            while time.perf_counter() - begin < share:
                start = time.perf_counter()
                call()
                best[i] = min(best[i], time.perf_counter() - start)
    return best


@numba.njit(nogil=True, error_model="numpy")
def sum_5(a, b, c, d, e, out):
    for i in range(out.size):
        out[i] = a[i] + b[i] + c[i] + d[i] + e[i]


@numba.njit(nogil=True, error_model="numpy")
def sum_7(a, b, c, d, e, f, g, out):
    for i in range(out.size):
        out[i] = a[i] + b[i] + c[i] + d[i] + e[i] + f[i] + g[i]


def memory_floor(arrays):
    """Read the arrays and write a new one, with the same chunks and threads."""
    kernel = {5: sum_5, 7: sum_7}[len(arrays)]
    out = np.empty(arrays[0].size)
    chunk = chunk_size(out.size, threads())

    def task(start):
        window = slice(start, start + chunk)
        kernel(*(a[window] for a in arrays), out[window])

    starts = range(0, out.size, chunk)
    with ThreadPoolExecutor(threads()) as pool:
        list(pool.map(task, starts))
    return out
