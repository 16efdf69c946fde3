"""Measurement mode of a sensor (continuous or in bursts) and its readings."""

from dataclasses import dataclass, field

import numpy as np

from oceanco2.interpolation import mean

#: Ranks: good, not calibrated, questionable, bad; then those never used.
UNUSABLE = 4
_RANKS = {2: 0, -2: 0, 0: 0, 1: 1, 3: 2, 4: 3}


def ranks(flags: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
    """Rank values by their flags, the best first.

    Parameters
    ----------
    flags : ndarray of int
        WOCE flags, or those of the ICOS scheme with its codes -2 (assumed good), 1
        (not calibrated), -10 (needed), -100 (flushing), -200 (lookup).
    values : ndarray, optional
        Missing values (NaN) are never used.

    Returns
    -------
    ndarray of int8
        0 good, assumed good or not evaluated, 1 not calibrated, 2 questionable, 3 bad,
        4 never used: flushing, awaiting manual control, missing.

    Examples
    --------
    >>> import numpy as np
    >>> ranks(np.array([2, 3, 4, -10]), np.array([1.0, np.nan, 1.0, 1.0]))
    array([0, 4, 3, 4], dtype=int8)
    """
    out = np.full(flags.shape, UNUSABLE, dtype=np.int8)
    for code, rank in _RANKS.items():
        out[flags == code] = rank
    if values is not None and values.dtype.kind == "f":
        out[np.isnan(values)] = UNUSABLE
    return out


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of one sensor.

    Attributes
    ----------
    times : ndarray, shape (n,)
        Rising times [s].
    values : ndarray, shape (n,)
        Numbers, or text; NaN where missing.
    flags : ndarray of int, shape (n,)
        See `ranks`; good by default.
    circle : float or None
        For angles [degrees]: lower end of their range; None for other quantities.
    """

    times: np.ndarray
    values: np.ndarray
    flags: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int16))
    circle: float | None = None

    def __post_init__(self) -> None:
        """Set readings without flags to good."""
        if self.flags.size != self.times.size:
            object.__setattr__(self, "flags", np.full(self.times.shape, 2, np.int16))

    @property
    def order(self) -> np.ndarray:
        """Rank the readings by their flags.

        Returns
        -------
        ndarray of int8
            See `ranks`.
        """
        return ranks(self.flags, self.values)


#: A longer pause separates groups [s, whole seconds].
GROUP_GAP = 300.0
#: Groups of a periodic sensor have at most this many values on average ...
MAX_MEAN_VALUES = 25
#: ... and at most this many groups have more.
MAX_LARGE_GROUPS = 5


def group_starts(times: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
    """Find where groups of readings begin.

    Parameters
    ----------
    times : ndarray, shape (n,)
        Rising times [s].
    values : ndarray of str, optional
        For a column of text: a new group also begins where the text changes.

    Returns
    -------
    ndarray of int
        Index of the first reading of each group.

    Examples
    --------
    >>> import numpy as np
    >>> group_starts(np.array([0.0, 1.0, 2.0, 1800.0, 1801.0]))
    array([0, 3])
    """
    # Whole seconds: a reading every five minutes sometimes comes after 300.002 s.
    new = np.floor(np.diff(times, prepend=-np.inf)) > GROUP_GAP
    if values is not None and values.size:
        new[1:] |= values[1:] != values[:-1]
    return np.flatnonzero(new)


def measurement_mode(times: np.ndarray, values: np.ndarray | None = None) -> str:
    """Determine whether a sensor measures continuously or in bursts.

    Parameters
    ----------
    times : ndarray, shape (n,)
        Rising times of the readings [s].
    values : ndarray of str, optional
        For a column of text: groups also end where the text changes.

    Returns
    -------
    str
        ``"periodic"`` if there is more than one pause of over 300 s, the groups have
        at most 25 readings on average and at most 5 of them have more; else
        ``"continuous"``.

    Examples
    --------
    >>> import numpy as np
    >>> half_hours = 1800.0 * np.arange(48)
    >>> measurement_mode(half_hours)
    'periodic'
    >>> measurement_mode(60.0 * np.arange(1440))
    'continuous'
    """
    pauses = group_starts(times).size - 1
    sizes = np.diff(group_starts(times, values), append=times.size)
    few = pauses > 1 and sizes.mean() <= MAX_MEAN_VALUES
    small = np.count_nonzero(sizes > MAX_MEAN_VALUES) <= MAX_LARGE_GROUPS
    return "periodic" if few and small else "continuous"


@dataclass(frozen=True, slots=True)
class Groups:
    """Bursts of readings, each averaged to one value.

    Attributes
    ----------
    first, last, middle : ndarray, shape (g,)
        Times of the first and the last reading, and halfway [s].
    values : ndarray
        Mean of the readings with the best flag of the group; for text the text.
    flags : ndarray of int16
        That flag.
    circle : float or None
        For angles [degrees]: lower end of their range.
    """

    first: np.ndarray
    last: np.ndarray
    middle: np.ndarray
    values: np.ndarray
    flags: np.ndarray
    circle: float | None


def groups(readings: Readings) -> Groups:
    """Average the readings of each burst.

    Parameters
    ----------
    readings : Readings
        Readings of one sensor.

    Returns
    -------
    Groups
        Bursts with at least one usable reading.

    Examples
    --------
    >>> import numpy as np
    >>> seconds = np.array([0.0, 10.0, 20.0, 1800.0])
    >>> values, flags = np.array([1.0, 2.0, 6.0, 4.0]), np.array([2, 2, 4, 3])
    >>> bursts = groups(Readings(seconds, values, flags))
    >>> bursts.middle, bursts.values, bursts.flags
    (array([  10., 1800.]), array([1.5, 4. ]), array([2, 3], dtype=int16))
    """
    times, values = readings.times, readings.values
    order = readings.order
    usable = np.flatnonzero(order < UNUSABLE)
    text = values.dtype.kind in "OUST"
    starts = group_starts(times[usable], values[usable] if text else None)
    bursts = []
    for burst in np.split(usable, starts[1:]) if usable.size else []:
        best = burst[order[burst] == order[burst].min()]
        value = values[best[0]] if text else mean(values[best], readings.circle)
        bursts.append(
            (times[burst[0]], times[burst[-1]], value, readings.flags[best[0]])
        )
    columns = zip(*bursts, strict=True) if bursts else iter([()] * 4)
    first, last, means, flag = (np.array(column) for column in columns)
    return Groups(
        first, last, (first + last) / 2.0, means, flag.astype(np.int16), readings.circle
    )
