"""The lag of the intake thermometer, of all data and of each day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import chdtrc

from oceanco2.alignment.correlation import CHANCE, Series, find_lag
from oceanco2.errors import ProcessingError
from oceanco2.platforms import Platform
from oceanco2.vocabulary import possible


@dataclass(frozen=True, slots=True)
class Lag:
    """How much earlier the water passed one thermometer than the other.

    Attributes
    ----------
    start, end : numpy.datetime64
        Period of the data.
    seconds : float
        The lag, positive if the water comes later to the equilibrator; NaN where it
        cannot be told.
    uncertainty : float
        Standard uncertainty [s].
    correlation : float
        Of the fast changes, at that lag.
    pairs : int
        Points of the even grid where both are known.
    reason : str
        Why it cannot be told; empty if it can.
    """

    start: np.datetime64
    end: np.datetime64
    seconds: float
    uncertainty: float
    correlation: float
    pairs: int
    reason: str

    @property
    def found(self) -> bool:
        """Whether the lag can be used.

        Returns
        -------
        bool
            True without a reason against it.
        """
        return not self.reason

    @property
    def rounded(self) -> float:
        """Return the lag that is used: tenths of a second, 0 where it was not found.

        Returns
        -------
        float
            Seconds.
        """
        return round(self.seconds, 1) if self.found else 0.0

    @property
    def attrs(self) -> dict[str, float | str]:
        """Say on a variable which lag was used and why.

        Returns
        -------
        dict
            ``lag_seconds``, its uncertainty and how it was found.
        """
        said = f"correlation of T_equ and SST: {self.correlation:.3f}"
        if not self.found:
            return {"lag_seconds": 0.0, "lag_source": f"not found: {self.reason}"}
        return {
            "lag_seconds": self.rounded,
            "lag_uncertainty_seconds": round(self.uncertainty, 1),
            "lag_source": said,
        }


def whole_lag(streams: Mapping[str, xr.Dataset], platform: Platform) -> Lag:
    """Find the lag of the intake thermometer from all data together."""
    series = _both(streams, platform)
    return _lag(series, *_period(series))


def differ(found: Sequence[Lag]) -> bool:
    """Tell whether lags differ by more than their uncertainties explain.

    Parameters
    ----------
    found : sequence of Lag
        For example those of days.

    Returns
    -------
    bool
        True if equal lags would scatter so with a chance below 0.001.
    """
    there = [lag for lag in found if lag.found and lag.uncertainty > 0.0]
    if len(there) < 2:
        return False
    seconds = np.array([lag.seconds for lag in there])
    weights = np.array([lag.uncertainty for lag in there]) ** -2.0
    scatter = weights * (seconds - np.average(seconds, weights=weights)) ** 2
    return bool(chdtrc(len(there) - 1, scatter.sum()) < CHANCE)


def lags(streams: Mapping[str, xr.Dataset], platform: Platform) -> list[Lag]:
    """Find the lag of the intake thermometer, of all data and of each day.

    Parameters
    ----------
    streams : mapping of str to xarray.Dataset
        From `oceanco2.read`.
    platform : Platform
        Named in messages.

    Returns
    -------
    list of Lag
        The whole period first, then the days that have data (UTC).

    Raises
    ------
    ProcessingError
        If one of the two temperatures is not there.

    Notes
    -----
    The lag is that of the signal: the way of the water and, where the equilibrator
    mixes, a part of its response time. Changes of the warming on the way that are as
    fast as those of the sea spoil it; its uncertainty knows of them only as far as
    they differ between blocks of two hours.
    """
    series = _both(streams, platform)
    origin, last = _period(series)
    found = [_lag(series, origin, last)]
    day = np.timedelta64(1, "D")
    midnights = np.arange(origin.astype("datetime64[D]"), last, day)
    for midnight in midnights if midnights.size > 1 else []:
        one = _lag(series, midnight, midnight + day)
        found += [one] if one.pairs else []
    return found


def _both(streams: Mapping[str, xr.Dataset], platform: Platform) -> list[Series]:
    return [_series(streams, platform, name) for name in ("SST", "T_equ")]


def _period(series: list[Series]) -> tuple[np.datetime64, np.datetime64]:
    return min(time[0] for time, _ in series), max(time[-1] for time, _ in series)


def _series(streams: Mapping[str, xr.Dataset], platform: Platform, name: str) -> Series:
    for stream in streams.values():
        for given in (name, f"{name}_raw"):
            if given in stream and stream.sizes["time"]:
                return stream["time"].to_numpy(), possible(
                    name, stream[given].to_numpy()
                )
    raise ProcessingError(
        f"{platform.path}: a lag is found from SST and T_equ, {name} is not there"
    )


def _lag(
    series: list[Series],
    start: np.datetime64,
    end: np.datetime64,
) -> Lag:
    pieces = []
    for time, values in series:
        here = (time >= start) & (time <= end)
        pieces.append(((time[here] - start) / np.timedelta64(1, "s"), values[here]))
    return Lag(start, end, *find_lag(*pieces))
