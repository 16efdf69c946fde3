"""Rows that repeat an earlier one of the same data set and time; compiled."""

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.grids.wide import Whole


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
) -> tuple[Whole, Whole]:
    """Mark the rows that repeat one before.

    Parameters
    ----------
    start : int
        First row to judge; those before it are for comparison.
    keys : ndarray of int64, shape (2, n)
        Data set and time.
    values : ndarray of float64, shape (k, n)
        What has to agree.
    keep : ndarray of bool, shape (n,)
        True at first; False is written where a row repeats one before.

    Returns
    -------
    tuple of int
        Rows whose time goes back in their data set, and the first row of the data set
        and time of the last row.
    """
    unsorted = 0
    same = np.int64(0)  # first row of this data set and time
    for i in range(keys.shape[1]):
        fresh = i == 0 or keys[0, i] != keys[0, i - 1] or keys[1, i] != keys[1, i - 1]
        if fresh:
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
