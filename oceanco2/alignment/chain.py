"""Groups of sensors that the water passes one after the other, and its way between."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oceanco2.errors import UnknownNameError
from oceanco2.platforms import Alignment

#: Times and lags of the way between two neighbouring groups [s].
Points = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups in the order of the flow, and how long the water is between them.

    Attributes
    ----------
    groups : tuple of str
        For example intake, equilibrator, analyser.
    lags : mapping of str to tuple of ndarray
        The first group of each neighbouring pair to the times of its points, rising,
        and the lags there [s].
    """

    groups: tuple[str, ...]
    lags: Mapping[str, Points]

    def moved(self, times: np.ndarray, start: str, target: str) -> np.ndarray:
        """Follow the water from one group to another.

        Parameters
        ----------
        times : ndarray
            When the water is at `start` [s].
        start, target : str
            Names of groups.

        Returns
        -------
        ndarray
            When it was, or will be, at `target` [s]. Downstream the lag of each pair
            is added, upstream subtracted, each read at the time at which the water
            is at the group that it leaves.

        Raises
        ------
        UnknownNameError
            If there is no such group.

        Examples
        --------
        >>> import numpy as np
        >>> lag = (np.array([0.0]), np.array([300.0]))
        >>> chain = Chain(("intake", "equilibrator"), {"intake": lag})
        >>> chain.moved(np.array([1000.0]), "equilibrator", "intake")
        array([700.])
        """
        for name in (start, target):
            if name not in self.groups:
                raise UnknownNameError("sensor group", name, self.groups)
        here, there = self.groups.index(start), self.groups.index(target)
        out = np.array(times, dtype=np.float64)
        for pair in range(here, there):
            out += self._lag(pair, out)
        for pair in range(here - 1, there - 1, -1):
            out -= self._lag(pair, out)
        return out

    def _lag(self, pair: int, times: np.ndarray) -> np.ndarray:
        """Linear between points, constant outside, nothing without; whole ms."""
        if self.groups[pair] not in self.lags:
            return np.zeros(times.shape)
        line = np.interp(times, *self.lags[self.groups[pair]])
        # A nanosecond is rounding of the interpolation, not a part of the lag.
        return np.floor(line * 1e3 + 1e-6) / 1e3


def chain_of(table: Alignment, origin: np.datetime64) -> Chain:
    """Read the chain of a platform file.

    Parameters
    ----------
    table : Alignment
        Its ``groups`` and ``lags``.
    origin : numpy.datetime64
        Where the seconds begin.

    Returns
    -------
    Chain
        Lags without a time are the same at any time.
    """
    lags = {group: _points(table, group, origin) for group in table.groups}
    there = {group: points for group, points in lags.items() if points[0].size}
    return Chain(tuple(table.groups), there)


def _points(table: Alignment, group: str, origin: np.datetime64) -> Points:
    mine = [lag for lag in table.lags if lag.from_ == group]
    times = np.zeros(len(mine))
    for number, lag in enumerate(mine):
        if lag.time is not None:
            moment = np.datetime64(lag.time.replace(tzinfo=None), "ns")
            times[number] = (moment - origin) / np.timedelta64(1, "s")
    order = np.argsort(times)
    return times[order], np.array([lag.seconds for lag in mine])[order]
