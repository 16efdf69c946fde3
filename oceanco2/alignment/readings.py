"""Readings of a sensor, and the order in which their flags are preferred."""

from dataclasses import dataclass, field

import numpy as np

#: Good, not calibrated, questionable, bad; what is never used stands behind.
NEVER = 4
_RANKS = {2: 0, -2: 0, 0: 0, 1: 1, 3: 2, 4: 3}


def ranks(flags: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
    """Rank values by their flags, the best first.

    Parameters
    ----------
    flags : ndarray of int
        WOCE flags, or those of the ICOS scheme with its codes -2 (assumed good), 1
        (not calibrated), -10 (needed), -100 (flushing), -200 (lookup).
    values : ndarray, optional
        Missing ones (NaN) are never used.

    Returns
    -------
    ndarray of int8
        0 good, assumed good and not judged, 1 not calibrated, 2 questionable, 3 bad,
        4 never to be used: flushing, not yet judged by a person, missing.

    Examples
    --------
    >>> import numpy as np
    >>> ranks(np.array([2, 3, 4, -10]), np.array([1.0, np.nan, 1.0, 1.0]))
    array([0, 4, 3, 4], dtype=int8)
    """
    out = np.full(flags.shape, NEVER, dtype=np.int8)
    for code, rank in _RANKS.items():
        out[flags == code] = rank
    if values is not None and values.dtype.kind == "f":
        out[np.isnan(values)] = NEVER
    return out


@dataclass(frozen=True, slots=True)
class Readings:
    """What a sensor read.

    Attributes
    ----------
    times : ndarray, shape (n,)
        Rising times [s].
    values : ndarray, shape (n,)
        Numbers, or text; NaN where missing.
    flags : ndarray of int, shape (n,)
        See `ranks`; good by default.
    circle : float or None
        For directions [degrees]: where their circle begins; None for a line.
    """

    times: np.ndarray
    values: np.ndarray
    flags: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int16))
    circle: float | None = None

    def __post_init__(self) -> None:
        """Take readings without flags for good."""
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
