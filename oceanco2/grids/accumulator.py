"""Sums per month, cell and data set: any chunks in any order give the same bits."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.grids.products import MONTHS, find_product

#: Why rows are left out, in the order in which they are looked at.
REASONS = (
    "no time",
    "before 1970 or after 2099",
    "no position on the globe",
    "no fCO2",
    "400 km or more from land",
)
_SCALE = 1_000_000_000
_WIDTH = 25  # columns of a bin, see binning.py
_FIRST_BINS = 1024
_NOT_A_TIME = np.iinfo(np.int64).min
_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}


class Accumulator:
    """Observations of any number, put into the cells of a gridded product.

    Rows can be added in chunks of any length and order, and accumulators of several
    threads, processes or machines merged: the result is the same, bit for bit. Values
    are summed as whole billionths in integers of up to 128 bits, so numbers printed
    with nine decimals or fewer are summed exactly. Memory goes with the months, cells
    and data sets that have observations: 200 bytes each, not with the rows.

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
            from oceanco2.land import coastal_cells

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
        """Add observations. Not for several threads at once: each has its own.

        Parameters
        ----------
        time : array_like of datetime64, or of seconds since 1970-01-01 (UTC)
            Shape (n,). NaT or NaN: the row is left out.
        latitude, longitude : array_like
            Degrees north, -90 to 90, and east, any turn from -540 to 540.
        dataset_id : array_like of int, or int
            Which data set a row belongs to; the same number means the same data set in
            every chunk and in every accumulator that is merged.
        fco2 : array_like
            FCO2 in sea water [uatm]; rows without it are left out.
        sst, salinity : array_like
            Temperature [degree_Celsius] and salinity [1]; NaN where there is none.

        Raises
        ------
        OptionError
            If lengths differ, or the data set is no whole number.
        """
        from oceanco2.grids.binning import bin_rows

        moments, day = _moments(time)
        numbers = np.asarray(dataset_id)
        if numbers.dtype.kind not in "iu":
            raise OptionError(
                f"dataset_id must be whole numbers, not {numbers.dtype.name}:"
                " dataset_number() makes one of an expocode"
            )
        columns = [np.asarray(c) for c in (latitude, longitude, fco2, sst, salinity)]
        kinds = [np.float64, np.float64, np.int64, *[np.float64] * 3]
        columns.insert(2, numbers)
        rows = [moments]
        for column, kind in zip(columns, kinds, strict=True):
            rows.append(_stretched(column, kind, moments.size))
        grid = round(self.product.step * _SCALE), MONTHS, day
        state = 0, self._used
        while True:
            tables = self._bins, self._slots
            state = bin_rows(
                tuple(rows), grid, self._mask, tables, state, self._left_out
            )
            self._used = state[1]
            if state[0] == moments.size:
                return
            self._grow()

    def merge(self, other: "Accumulator") -> "Accumulator":
        """Add what another accumulator holds.

        Parameters
        ----------
        other : Accumulator
            Of the same product; not changed.

        Returns
        -------
        Accumulator
            This one.

        Raises
        ------
        OptionError
            If the other is of another product.
        """
        from oceanco2.grids.binning import merge_bins

        if other.product is not self.product and other.product != self.product:
            raise OptionError(
                f"cannot merge the {other.product.name} product into the"
                f" {self.product.name} one"
            )
        more = other._bins[: other._used].copy()  # it may be this one
        left_out = other._left_out.copy()
        state = 0, self._used
        while True:
            state = merge_bins(more, (self._bins, self._slots), state)
            self._used = state[1]
            if state[0] == more.shape[0]:
                break
            self._grow()
        self._left_out += left_out
        return self

    def _grow(self) -> None:
        """Make room for twice as many bins."""
        from oceanco2.grids.binning import fill_slots

        # In place where the system can: no second copy of the bins.
        self._bins.resize((2 * self._bins.shape[0], _WIDTH), refcheck=False)
        self._slots = np.zeros(2 * self._bins.shape[0], np.int32)
        fill_slots((self._bins, self._slots), self._used)

    @property
    def rows(self) -> int:
        """Count the rows that are in the grid.

        Returns
        -------
        int
            Observations with time, position and fCO2.
        """
        return int(self._bins[: self._used, 4].sum())

    @property
    def left_out(self) -> Mapping[str, int]:
        """Count the rows that are not in the grid.

        Returns
        -------
        mapping of str to int
            Reason to number of rows; reasons that occurred only.
        """
        pairs = zip(REASONS, self._left_out.tolist(), strict=True)
        return {reason: count for reason, count in pairs if count}

    @property
    def nbytes(self) -> int:
        """Sum the memory that is taken.

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
            Why rows were left out before, and how many: for the attributes.

        Returns
        -------
        xarray.Dataset
            Along time (from January 1970 to the end of the last year or decade with
            observations), ``ylat`` and ``xlon``. Values are made when they are asked
            for: `write_grid` never holds more than one period.

        Raises
        ------
        ProcessingError
            If no row has been taken.
        """
        from oceanco2.grids.cells import Cells
        from oceanco2.grids.description import described

        left_out = dict(Counter(also_left_out or {}) + Counter(self.left_out))
        if not self._used:
            said = ", ".join(f"{why}: {n:,}" for why, n in left_out.items())
            raise ProcessingError(f"no row to grid (left out: {said or 'none'})")
        cells = Cells.of_bins(self._bins[: self._used], self.product)
        counts = {
            "rows_gridded": self.rows,
            "cells_with_data": cells.period.size,
            "data_sets_gridded": np.unique(self._bins[: self._used, 1]).size,
            "rows_left_out": json.dumps(left_out, sort_keys=True),
        }
        return described(cells, self.product, counts)

    def __getstate__(self) -> dict[str, Any]:
        """Return what goes to another process: no empty bins, no hash table."""
        bins = self._bins[: self._used].copy()
        return {
            "product": self.product.name,
            "bins": bins,
            "left_out": self._left_out.copy(),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what came from another process."""
        from oceanco2.grids.binning import merge_bins

        self.__init__(state["product"])  # type: ignore[misc]
        while self._bins.shape[0] <= state["bins"].shape[0]:
            self._grow()
        tables = self._bins, self._slots
        _, self._used = merge_bins(state["bins"], tables, (0, 0))
        self._left_out += state["left_out"]


def dataset_number(expocode: str) -> int:
    """Return a number for a data set, the same in every process.

    Parameters
    ----------
    expocode : str
        Or any name that no other data set has.

    Returns
    -------
    int
        63 bits of a digest: among 10,000 data sets two agree with a chance of 5e-12.

    Examples
    --------
    >>> dataset_number("26NA20050107") == dataset_number("26NA20050107")
    True
    """
    import hashlib

    digest = hashlib.blake2b(expocode.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _moments(time: Any) -> tuple[np.ndarray, int]:
    """Return times as int64 and how many of their units make a day."""
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
    # Out of every range, but within an int64.
    there = np.isfinite(values)
    seconds: np.ndarray = np.full(values.size, _NOT_A_TIME)
    seconds[there] = np.floor(np.clip(values[there], -1e17, 1e17)).astype(np.int64)
    return seconds, _PER_DAY["s"]


def _stretched(column: np.ndarray, kind: type, size: int) -> np.ndarray:
    """Return a column of the kind and length that the loop takes."""
    values: np.ndarray = column.astype(kind, copy=False)
    if values.ndim == 0:
        return np.full(size, values)
    if values.shape != (size,):
        raise OptionError(f"columns differ in length: {values.shape} and ({size},)")
    return np.ascontiguousarray(values)
