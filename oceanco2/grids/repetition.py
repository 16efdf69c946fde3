"""Compiled: find rows that repeat an earlier one of the same data set and time."""

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.grids.wide import Int


@compiled
def _equal(values: np.ndarray, i: int, j: int) -> bool:
    for k in range(values.shape[0]):
        a, b = values[k, i], values[k, j]
        if a != b and not (np.isnan(a) and np.isnan(b)):
            return False
    return True


@compiled
def first_of_equals(
    start: int, keys: np.ndarray, values: np.ndarray, keep: np.ndarray
) -> tuple[Int, Int]:
    """Set `keep` to False for repeated rows; return unsorted rows, where to resume."""
    unsorted = 0
    same = np.int64(0)  # first row of this data set and time
    for i in range(keys.shape[1]):
        new_time = (
            i == 0 or keys[0, i] != keys[0, i - 1] or keys[1, i] != keys[1, i - 1]
        )
        if new_time:
            same = np.int64(i)
            if i >= start and i > 0 and keys[0, i] == keys[0, i - 1]:
                unsorted += keys[1, i] < keys[1, i - 1]
            continue
        if i < start:
            continue
        for j in range(same, i):
            if keep[j] and _equal(values, i, j):
                keep[i] = False
                break
    return unsorted, same
