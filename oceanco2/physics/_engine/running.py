"""Run a program over arrays: broadcast, cut into chunks, count, on all cores.

Kernels are serial and release the GIL; one pool of threads works on chunks, so that
results do not depend on the number of cores.
"""

from collections.abc import Callable, Sequence

import numpy as np

from oceanco2.compiling import pool, threads
from oceanco2.physics._engine.compiling import kernel_of
from oceanco2.physics._engine.program import Array, Program

#: Samples of one call of a loop where an input is one number: the copies of that
#: number then stay in the cache of the core.
BLOCK = 16384
#: Fewest and most samples of one task of a thread. Many small tasks make the threads
#: wait for each other where the system hands out memory.
SMALLEST, LARGEST = 65536, 1048576


def run(
    program: Program, arrays: Sequence[Array], parameters: tuple[float, ...] = ()
) -> tuple[Array, int]:
    """Return the values of a program, and how many samples are out of range."""
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    values = np.empty(shape)
    flat = values.reshape(-1)
    if not flat.size:
        return values, 0
    inputs = [_flatten(array, shape) for array in arrays]
    cores = threads()
    chunk = chunk_size(flat.size, cores)
    step = chunk
    if flat.size > 1 and any(a.size == 1 for a in inputs):
        step = min(BLOCK, flat.size)
        inputs = [np.full(step, a[0]) if a.size == 1 else a for a in inputs]
    constant = [a.size < flat.size for a in inputs]
    kernel = kernel_of(program)
    parameters = parameters or (0.0,)

    def task(start: int) -> int:
        count = 0
        end = min(start + chunk, flat.size)
        for first in range(start, end, step):
            last = min(first + step, end)
            window, head = slice(first, last), slice(0, last - first)
            parts = [
                a[head] if same else a[window]
                for a, same in zip(inputs, constant, strict=True)
            ]
            count += int(kernel(*parts, flat[window], parameters))
        return count

    return values, spread(task, range(0, flat.size, chunk))


def spread(task: Callable[[int], int], starts: Sequence[int]) -> int:
    """Work on chunks, on all cores, and return the sum of the results."""
    cores = threads()
    if len(starts) == 1 or cores == 1:
        return sum(map(task, starts))
    return sum(pool(cores).map(task, starts))


def _flatten(array: Array, shape: tuple[int, ...]) -> Array:
    if array.size == 1:
        return array.reshape(1)
    if array.shape != shape:
        array = np.broadcast_to(array, shape)
    return np.ascontiguousarray(array).reshape(-1)


def chunk_size(size: int, cores: int) -> int:
    """Return how many samples one task of a thread takes."""
    return min(max(-(-size // (4 * cores)), SMALLEST), LARGEST)
