"""Sums per month, cell and data set, independent of the order of the rows.

Exact duplicates count once (docs/socat-rules.md#which-rows).
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import DAY
from oceanco2.errors import OptionError, ProcessingError
from oceanco2.grids.products import MONTHS, find_product

#: Reasons to skip rows, in the order of the checks.
REASONS = (
    "no time",
    "before 1970 or after 2099",
    "no position on the globe",
    "no fCO2",
    "400 km or more from land",
)
_SCALE = 1_000_000_000
_WIDTH = 25  # columns of a bin, see `binning.WIDTH`
_FIRST_BINS = 1024
_NOT_A_TIME = np.iinfo(np.int64).min
_PER_DAY = {u: int(DAY / np.timedelta64(1, u)) for u in ("s", "ms", "us", "ns")}


class Accumulator:
    """Sums of observations in the cells of a gridded product.

    Rows can be added in chunks of any length and order, and accumulators of several
    threads, processes or machines can be merged: the result is the same, bit for bit.
    Values are summed as integers of billionths with up to 128 bits, so numbers with
    up to nine decimals are summed exactly. Memory grows with the months, cells and
    data sets that have observations (200 bytes each), not with the rows.

    Parameters
    ----------
    product : str
        ``"monthly"``, ``"yearly"``, ``"decadal"`` or ``"coastal"``.

    Raises
    ------
    UnknownNameError
        If there is no such product.

    Examples
    --------
    >>> sums = Accumulator("monthly")
    >>> when = np.array(["2020-03-05T12:00", "2020-03-06T12:00"], "datetime64[s]")
    >>> sums.add(when, [50.1, 50.3], [-20.4, -20.2], 1, [350.0, 352.0], 12.0, 35.0)
    >>> result = sums.result()
    >>> float(result["fco2_ave_unwtd"].sel(ylat=50.5, xlon=-20.5)[-10])
    351.0
    """

    def __init__(self, product: str) -> None:
        self.product = find_product(product)
        self._bins = np.zeros((_FIRST_BINS, _WIDTH), np.int64)
        self._slots = np.zeros(2 * _FIRST_BINS, np.int32)
        self._used = 0
        self._left_out = np.zeros(len(REASONS), np.int64)
        self._mask = np.zeros(0, bool)
        if self.product.coastal:
            from oceanco2.geography import coastal_cells

            self._mask = coastal_cells(self.product.step).ravel()

    def add(
        self,
        time: Any,
        latitude: Any,
        longitude: Any,
        dataset_id: Any,
        fco2: Any,
        sst: Any,
        salinity: Any,
    ) -> None:
        """Add observations; not thread-safe, each thread needs its own accumulator.

        Parameters
        ----------
        time : array_like of datetime64, or of seconds since 1970-01-01 (UTC)
            Shape (n,); rows with NaT or NaN are skipped.
        latitude, longitude : array_like
            Degrees north, -90 to 90, and degrees east, -540 to 540.
        dataset_id : array_like of int, or int
            Data set of a row; equal numbers mean the same data set in every chunk and
            in every accumulator that is merged.
        fco2 : array_like
            The fCO2 in sea water [uatm]; rows without it are skipped.
        sst, salinity : array_like
            Temperature [degree_Celsius] and salinity [1]; NaN if missing.

        Raises
        ------
        OptionError
            If lengths differ, or a data set is not an integer.
        """
        from oceanco2.grids._kernels import Bins, Grid, Observations, bin_rows

        times, day = _integer_times(time)
        numbers = np.asarray(dataset_id)
        if numbers.dtype.kind not in "iu":
            raise OptionError(
                f"dataset_id must be integers, not {numbers.dtype.name}; use"
                " dataset_number() for an expocode"
            )
        columns = [np.asarray(c) for c in (latitude, longitude, fco2, sst, salinity)]
        kinds = [np.float64, np.float64, np.int64, *[np.float64] * 3]
        columns.insert(2, numbers)
        pairs = zip(columns, kinds, strict=True)
        full = [_full_column(column, kind, times.size) for column, kind in pairs]
        rows = Observations(times, *full)
        grid = Grid(round(self.product.step * _SCALE), MONTHS, day)
        row = 0
        while True:
            bins = Bins(self._bins, self._slots)
            row, self._used = bin_rows(
                rows, grid, self._mask, bins, row, self._used, self._left_out
            )
            if row == times.size:
                return
            self._grow()

    def merge(self, other: "Accumulator") -> "Accumulator":
        """Add the sums of another accumulator.

        Parameters
        ----------
        other : Accumulator
            An accumulator of the same product; it is not changed.

        Returns
        -------
        Accumulator
            This accumulator.

        Raises
        ------
        OptionError
            If the products differ.
        """
        from oceanco2.grids._kernels import Bins, merge_bins

        if other.product is not self.product and other.product != self.product:
            raise OptionError(
                f"cannot merge the {other.product.name} product into the"
                f" {self.product.name} one"
            )
        more = other._bins[: other._used].copy()  # it may be this one
        left_out = other._left_out.copy()
        row = 0
        while True:
            bins = Bins(self._bins, self._slots)
            row, self._used = merge_bins(more, bins, row, self._used)
            if row == more.shape[0]:
                break
            self._grow()
        self._left_out += left_out
        return self

    def _grow(self) -> None:
        """Double the number of bins."""
        from oceanco2.grids._kernels import Bins, fill_slots

        # In place if the system allows it: no second copy of the bins.
        self._bins.resize((2 * self._bins.shape[0], _WIDTH), refcheck=False)
        self._slots = np.zeros(2 * self._bins.shape[0], np.int32)
        fill_slots(Bins(self._bins, self._slots), self._used)

    @property
    def rows(self) -> int:
        """Return the number of rows in the grid.

        Returns
        -------
        int
            Observations with time, position and fCO2.
        """
        return int(self._bins[: self._used, 4].sum())

    @property
    def left_out(self) -> Mapping[str, int]:
        """Return the number of skipped rows by reason.

        Returns
        -------
        mapping of str to int
            Number of rows for each reason that occurred.
        """
        pairs = zip(REASONS, self._left_out.tolist(), strict=True)
        return {reason: count for reason, count in pairs if count}

    @property
    def nbytes(self) -> int:
        """Return the memory in use.

        Returns
        -------
        int
            Bytes.
        """
        return self._bins.nbytes + self._slots.nbytes + self._mask.nbytes

    def result(self, also_left_out: Mapping[str, int] | None = None) -> xr.Dataset:
        """Return the gridded product.

        Parameters
        ----------
        also_left_out : mapping of str to int, optional
            Rows skipped earlier, by reason: for the attributes.

        Returns
        -------
        xarray.Dataset
            Along time (from January 1970 to the end of the last year or decade with
            observations), ``ylat`` and ``xlon``. Values are computed on access:
            `write_grid` has at most one period in memory.

        Raises
        ------
        ProcessingError
            If there are no rows in the grid.
        """
        from oceanco2.grids.netcdf import build_dataset
        from oceanco2.grids.products import Cells

        left_out = dict(Counter(also_left_out or {}) + Counter(self.left_out))
        if not self._used:
            skipped = ", ".join(f"{why}: {n:,}" for why, n in left_out.items())
            raise ProcessingError(f"no row to grid (skipped: {skipped or 0})")
        cells = Cells.of_bins(self._bins[: self._used], self.product)
        counts = {
            "rows_gridded": self.rows,
            "cells_with_data": cells.period.size,
            "data_sets_gridded": np.unique(self._bins[: self._used, 1]).size,
            "rows_left_out": json.dumps(left_out, sort_keys=True),
        }
        return build_dataset(cells, self.product, counts)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for pickling, without empty bins and hash table."""
        bins = self._bins[: self._used].copy()
        return {
            "product": self.product.name,
            "bins": bins,
            "left_out": self._left_out.copy(),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the pickled state."""
        from oceanco2.grids._kernels import Bins, merge_bins

        self.__init__(state["product"])  # type: ignore[misc]
        while self._bins.shape[0] <= state["bins"].shape[0]:
            self._grow()
        bins = Bins(self._bins, self._slots)
        _, self._used = merge_bins(state["bins"], bins, 0, 0)
        self._left_out += state["left_out"]


def dataset_number(expocode: str) -> int:
    """Return a number for a data set, the same in every process.

    Parameters
    ----------
    expocode : str
        Expocode, or any other unique name of the data set.

    Returns
    -------
    int
        63 bits of a digest; for 10,000 data sets, P(any two agree) is 5e-12.

    Examples
    --------
    >>> dataset_number("26NA20050107") == dataset_number("26NA20050107")
    True
    """
    import hashlib

    digest = hashlib.blake2b(expocode.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _integer_times(time: Any) -> tuple[np.ndarray, int]:
    """Return times as int64, and the number of their units per day."""
    values: Any = np.atleast_1d(np.asarray(time))
    if values.ndim != 1:
        raise OptionError(f"time must have one dimension, not {values.ndim}")
    if values.dtype.kind == "M":
        unit = np.datetime_data(values.dtype)
        if unit[0] not in _PER_DAY or unit[1] != 1:
            values, unit = values.astype("datetime64[s]"), ("s", 1)
        return np.ascontiguousarray(values).view(np.int64), _PER_DAY[unit[0]]
    if values.dtype.kind not in "iuf":
        raise OptionError(f"time must be datetime64 or seconds, not {values.dtype}")
    if values.dtype.kind in "iu":
        return values.astype(np.int64), _PER_DAY["s"]
    # Clipped values are outside every valid range, but fit into an int64.
    present = np.isfinite(values)
    seconds: np.ndarray = np.full(values.size, _NOT_A_TIME)
    seconds[present] = np.floor(np.clip(values[present], -1e17, 1e17)).astype(np.int64)
    return seconds, _PER_DAY["s"]


def _full_column(column: np.ndarray, kind: type, size: int) -> np.ndarray:
    """Return a column of the type and length that the compiled loop needs."""
    values: np.ndarray = column.astype(kind, copy=False)
    if values.ndim == 0:
        return np.full(size, values)
    if values.shape != (size,):
        raise OptionError(f"columns differ in length: {values.shape} and ({size},)")
    return np.ascontiguousarray(values)


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
        from oceanco2.grids._kernels import first_of_equals

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
