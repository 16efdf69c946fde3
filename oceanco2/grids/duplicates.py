"""Exact duplicates count once (docs/socat-rules.md#which-rows), found by chunks."""

from typing import Any

import numpy as np

_COLUMNS = 5


class Duplicates:
    """Search for rows that appear more than once in a data set, across chunks.

    Duplicates have the same data set, time, latitude, longitude, temperature, salinity
    and fCO2 (two missing values are equal). They are searched among consecutive rows of
    equal time, as in every file published by SOCAT: sorted by data set, then time.
    """

    def __init__(self) -> None:
        self.found = 0
        #: Rows that are earlier than the previous row of their data set.
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
        """Return a mask of rows that do not repeat an earlier one.

        Parameters
        ----------
        time : ndarray of datetime64 or of numbers
            Shape (n,); the same type in every chunk.
        dataset_id : ndarray of int
            Data set of a row.
        latitude, longitude : ndarray
            Degrees.
        fco2, sst, salinity : ndarray
            Values that must be equal as well.

        Returns
        -------
        ndarray of bool, shape (n,)
            False for repeated rows.
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
