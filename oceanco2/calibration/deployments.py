"""The calibrations in force before and after a time."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from oceanco2.errors import OptionError, did_you_mean

_SIDES = ("prior", "post")


def to_times(dates: Sequence[datetime]) -> np.ndarray:
    """Convert dates of a platform file to times of a dataset."""
    naive = [date.replace(tzinfo=None) for date in dates]
    return np.array(naive, dtype="datetime64[us]").astype("datetime64[ns]")


def calibration_in_force(
    dates: np.ndarray, at: np.ndarray, which: str = "prior"
) -> np.ndarray:
    """Return the index of the calibration before or after each time, else -1.

    Examples
    --------
    >>> import numpy as np
    >>> dates = np.array(["2024-01-04", "2024-01-10"], dtype="datetime64[D]")
    >>> days = np.array(["2024-01-03", "2024-01-04", "2024-01-12"], "datetime64[D]")
    >>> calibration_in_force(dates, days), calibration_in_force(dates, days, "post")
    (array([-1,  0,  1]), array([ 0,  1, -1]))
    """
    if which not in _SIDES:
        hint = did_you_mean(which, _SIDES)
        raise OptionError(
            f"which must be one of {', '.join(_SIDES)}, not {which!r}.{hint}"
        )
    after = np.searchsorted(dates, at, side="right")
    if which == "prior":
        return after - 1
    return np.where(after < dates.size, after, -1)
