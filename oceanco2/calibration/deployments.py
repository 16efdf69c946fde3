"""Which calibration counts: the one before, and the one after."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from oceanco2.errors import OptionError, did_you_mean

_WAYS = ("prior", "post")


def moments(dates: Sequence[datetime]) -> np.ndarray:
    """Turn dates of a platform file into times of a dataset."""
    naive = [date.replace(tzinfo=None) for date in dates]
    return np.array(naive, dtype="datetime64[us]").astype("datetime64[ns]")


def deployed(dates: np.ndarray, at: np.ndarray, which: str = "prior") -> np.ndarray:
    """Find the calibration that was deployed before or comes after.

    Examples
    --------
    >>> import numpy as np
    >>> dates = np.array(["2024-01-04", "2024-01-10"], dtype="datetime64[D]")
    >>> days = np.array(["2024-01-03", "2024-01-04", "2024-01-12"], "datetime64[D]")
    >>> deployed(dates, days), deployed(dates, days, "post")
    (array([-1,  0,  1]), array([ 0,  1, -1]))
    """
    if which not in _WAYS:
        hint = did_you_mean(which, _WAYS)
        raise OptionError(f"which is {which!r}.{hint} Allowed: {', '.join(_WAYS)}.")
    after = np.searchsorted(dates, at, side="right")
    if which == "prior":
        return after - 1
    return np.where(after < dates.size, after, -1)
