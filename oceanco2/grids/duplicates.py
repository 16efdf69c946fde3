"""Exact duplicates count once (docs/socat-rules.md#which-rows), found by chunks."""

from typing import Any

import numpy as np

_COLUMNS = 5


class Duplicates:
    """Finds rows that stand in a data set more than once, however chunks are cut.

    Duplicates have the same data set, time, latitude, longitude, temperature, salinity
    and fCO2 (two missing values are the same). They are looked for among rows of one
    time that stand behind each other, as in every file that SOCAT gives out: sorted by
    data set, then time.
    """

    def __init__(self) -> None:
        self.found = 0
        #: Rows whose time is before that of the row above, in the same data set.
        self.unsorted = 0
        self._keys = np.empty((2, 0), np.int64)
        self._values = np.empty((_COLUMNS, 0))

    def first(
        self,
        time: Any,
        dataset_id: Any,
        latitude: Any,
        longitude: Any,
        fco2: Any,
        sst: Any,
        salinity: Any,
    ) -> np.ndarray:
        """Return which rows are no repetition of one before.

        Parameters
        ----------
        time : ndarray of datetime64 or of numbers
            Shape (n,); the same kind in every chunk.
        dataset_id : ndarray of int
            Which data set a row belongs to.
        latitude, longitude : ndarray
            Degrees.
        fco2, sst, salinity : ndarray
            The values that have to agree as well.

        Returns
        -------
        ndarray of bool, shape (n,)
            False where a row is left out.
        """
        from oceanco2.grids.repetition import first_of_equals

        moments = np.asarray(time)
        if moments.dtype.kind == "f":
            moments = moments.astype(np.float64)
        keys = np.stack([np.asarray(dataset_id, np.int64), moments.view(np.int64)])
        columns = (latitude, longitude, fco2, sst, salinity)
        values = np.stack([np.asarray(column, np.float64) for column in columns])
        before = self._keys.shape[1]
        keys = np.concatenate([self._keys, keys], axis=1)
        values = np.concatenate([self._values, values], axis=1)
        keep = np.ones(keys.shape[1], bool)
        unsorted, tail = first_of_equals(before, keys, values, keep)
        self.unsorted += unsorted
        self._keys, self._values = keys[:, tail:].copy(), values[:, tail:].copy()
        self.found += int(keep.size - np.count_nonzero(keep))
        return keep[before:]
