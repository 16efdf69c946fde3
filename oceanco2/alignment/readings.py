"""Readings of a sensor, and the rank of their flags."""

from dataclasses import dataclass, field

import numpy as np

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
