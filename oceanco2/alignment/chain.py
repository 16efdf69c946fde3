"""Groups of sensors in the order of the flow, and the lags between them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oceanco2.errors import UnknownNameError
from oceanco2.platforms import Alignment

#: Times and lags between two neighbouring groups [s].
Points = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups in the order of the flow, and the travel time between them.

    Attributes
    ----------
    groups : tuple of str
        For example intake, equilibrator, analyser.
    lags : mapping of str to tuple of ndarray
        For the first group of each neighbouring pair the rising times of its points
        and the lags at these times [s].
    """

    groups: tuple[str, ...]
    lags: Mapping[str, Points]

    def follow(self, times: np.ndarray, start: str, target: str) -> np.ndarray:
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
            When it was, or will be, at `target` [s]. The lag of each pair is added
            downstream and subtracted upstream, interpolated at the time at which
            the water leaves the group.

        Raises
        ------
        UnknownNameError
            If a group does not exist.

        Examples
        --------
        >>> import numpy as np
        >>> lag = (np.array([0.0]), np.array([300.0]))
        >>> chain = Chain(("intake", "equilibrator"), {"intake": lag})
        >>> chain.follow(np.array([1000.0]), "equilibrator", "intake")
        array([700.])
        """
        for name in (start, target):
            if name not in self.groups:
                raise UnknownNameError("sensor group", name, self.groups)
        first, last = self.groups.index(start), self.groups.index(target)
        out = np.array(times, dtype=np.float64)
        for pair in range(first, last):
            out += self._lag(pair, out)
        for pair in range(first - 1, last - 1, -1):
            out -= self._lag(pair, out)
        return out

    def _lag(self, pair: int, times: np.ndarray) -> np.ndarray:
        """Lag in whole ms: linear between points, constant outside, 0 without any."""
        if self.groups[pair] not in self.lags:
            return np.zeros(times.shape)
        line = np.interp(times, *self.lags[self.groups[pair]])
        # A nanosecond is a rounding error of the interpolation, not part of the lag.
        return np.floor(line * 1e3 + 1e-6) / 1e3


def chain_of(table: Alignment, origin: np.datetime64) -> Chain:
    """Read the chain of a platform file.

    Parameters
    ----------
    table : Alignment
        Its ``groups`` and ``lags``.
    origin : numpy.datetime64
        Time of second 0.

    Returns
    -------
    Chain
        Lags without a time are the same at any time.
    """
    lags = {group: _lag_points(table, group, origin) for group in table.groups}
    with_points = {group: points for group, points in lags.items() if points[0].size}
    return Chain(tuple(table.groups), with_points)


def _lag_points(table: Alignment, group: str, origin: np.datetime64) -> Points:
    entries = [lag for lag in table.lags if lag.from_ == group]
    times = np.zeros(len(entries))
    for number, lag in enumerate(entries):
        if lag.time is not None:
            instant = np.datetime64(lag.time.replace(tzinfo=None), "ns")
            times[number] = (instant - origin) / np.timedelta64(1, "s")
    order = np.argsort(times)
    return times[order], np.array([lag.seconds for lag in entries])[order]
