"""Lag between intake and equilibrator, for all data and for each day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import chdtrc

from oceanco2.alignment.lags import SIGNIFICANCE, Series, find_lag
from oceanco2.errors import ProcessingError
from oceanco2.platforms import Platform
from oceanco2.vocabulary import possible


@dataclass(frozen=True, slots=True)
class Lag:
    """Lag between intake and equilibrator.

    Attributes
    ----------
    start, end : numpy.datetime64
        Period of the data.
    seconds : float
        The lag, positive if the water reaches the equilibrator later; NaN if it cannot
        be estimated.
    uncertainty : float
        Standard uncertainty [s].
    correlation : float
        Correlation of the fast changes at that lag.
    pairs : int
        Points of the regular grid with both values.
    reason : str
        Why the lag cannot be estimated or used; empty otherwise.
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
            True if `reason` is empty.
        """
        return not self.reason

    @property
    def rounded(self) -> float:
        """Return the lag that is used: tenths of a second, 0 if it was not found.

        Returns
        -------
        float
            Seconds.
        """
        return round(self.seconds, 1) if self.found else 0.0

    @property
    def attrs(self) -> dict[str, float | str]:
        """Attributes that describe the lag of a variable.

        Returns
        -------
        dict
            ``lag_seconds``, its uncertainty and source.
        """
        source = f"correlation of T_equ and SST: {self.correlation:.3f}"
        if not self.found:
            return {"lag_seconds": 0.0, "lag_source": f"not found: {self.reason}"}
        return {
            "lag_seconds": self.rounded,
            "lag_uncertainty_seconds": round(self.uncertainty, 1),
            "lag_source": source,
        }


def total_lag(streams: Mapping[str, xr.Dataset], platform: Platform) -> Lag:
    """Estimate the lag between intake and equilibrator from all data."""
    series = _temperatures(streams, platform)
    return _lag_between(series, *_common_period(series))


def differ(found: Sequence[Lag]) -> bool:
    """Test whether lags differ by more than their uncertainties explain.

    Parameters
    ----------
    found : sequence of Lag
        For example of days.

    Returns
    -------
    bool
        True if equal lags would scatter as much with a probability below 0.001.
    """
    usable = [lag for lag in found if lag.found and lag.uncertainty > 0.0]
    if len(usable) < 2:
        return False
    seconds = np.array([lag.seconds for lag in usable])
    weights = np.array([lag.uncertainty for lag in usable]) ** -2.0
    scatter = weights * (seconds - np.average(seconds, weights=weights)) ** 2
    return bool(chdtrc(len(usable) - 1, scatter.sum()) < SIGNIFICANCE)


def lags(streams: Mapping[str, xr.Dataset], platform: Platform) -> list[Lag]:
    """Estimate the lag between intake and equilibrator, for all data and each day.

    Parameters
    ----------
    streams : mapping of str to xarray.Dataset
        From `oceanco2.read`.
    platform : Platform
        Named in messages.

    Returns
    -------
    list of Lag
        First the total period, then the days with data (UTC).

    Raises
    ------
    ProcessingError
        If SST or T_equ is missing.

    Notes
    -----
    The lag is that of the signal: the travel time of the water and, where the
    equilibrator mixes, a part of its response time. Fast changes of the warming
    between the sensors disturb it; the uncertainty includes them only as far as they
    differ between blocks of two hours.
    """
    series = _temperatures(streams, platform)
    origin, last = _common_period(series)
    results = [_lag_between(series, origin, last)]
    day = np.timedelta64(1, "D")
    midnights = np.arange(origin.astype("datetime64[D]"), last, day)
    for midnight in midnights if midnights.size > 1 else []:
        day_lag = _lag_between(series, midnight, midnight + day)
        results += [day_lag] if day_lag.pairs else []
    return results


def _temperatures(
    streams: Mapping[str, xr.Dataset], platform: Platform
) -> list[Series]:
    return [_temperature_series(streams, platform, name) for name in ("SST", "T_equ")]


def _common_period(series: list[Series]) -> tuple[np.datetime64, np.datetime64]:
    return min(time[0] for time, _ in series), max(time[-1] for time, _ in series)


def _temperature_series(
    streams: Mapping[str, xr.Dataset], platform: Platform, name: str
) -> Series:
    for stream in streams.values():
        for key in (name, f"{name}_raw"):
            if key in stream and stream.sizes["time"]:
                return stream["time"].to_numpy(), possible(name, stream[key].to_numpy())
    raise ProcessingError(
        f"{platform.path}: estimating a lag needs SST and T_equ; {name} is missing"
    )


def _lag_between(
    series: list[Series],
    start: np.datetime64,
    end: np.datetime64,
) -> Lag:
    pieces = []
    for time, values in series:
        inside = (time >= start) & (time <= end)
        pieces.append(((time[inside] - start) / np.timedelta64(1, "s"), values[inside]))
    return Lag(start, end, *find_lag(*pieces))
