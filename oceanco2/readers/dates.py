"""Decide whether dates have the day or the month first."""

import re
from collections import Counter

import numpy as np

from oceanco2.errors import ReadError

_FEW_ROWS = 0.001  # this fraction of the rows may be corrupt


def day_first(texts: np.ndarray) -> tuple[bool, str]:
    """Decide from all dates whether the day or the month comes first.

    Examples
    --------
    >>> import numpy as np
    >>> day_first(np.array(["06/30/19", "07/01/19"], dtype=object))
    (False, '')
    """
    counts = Counter(texts.tolist())
    dates = {text: date for text in counts if (date := _date_numbers(text)) is not None}
    day = [t for t, d in dates.items() if 12 < d[0] <= 31 and 1 <= d[1] <= 12]
    month = [t for t, d in dates.items() if 12 < d[1] <= 31 and 1 <= d[0] <= 12]
    either = [d for d in dates.values() if 1 <= d[0] <= 12 and 1 <= d[1] <= 12]
    likely = _closer_order(either)
    # Rows in favour of each order; a few against many others are corrupt.
    few = max(2.0, _FEW_ROWS * texts.size)
    for_day, for_month = (sum(counts[t] for t in x) for x in (day, month))
    if for_day <= few and (for_month > 10 * few or (likely is False and not for_month)):
        day = []
    if for_month <= few and (for_day > 10 * few or (likely is True and not for_day)):
        month = []
    if day and month:
        raise ReadError(
            f"dates are inconsistent: {day[0]!r} has the day first,"
            f" {month[0]!r} the month"
        )
    if day or month or not either:
        return bool(day) or not month, ""
    first = likely is not False
    order = "day" if first else "month"
    return first, f"order of day and month is ambiguous: {order} first assumed"


def _date_numbers(text: str) -> tuple[int, int, int] | None:
    if not re.fullmatch(r"\d{1,4}/\d{1,2}/\d{1,4}", text, re.ASCII):
        return None
    one, two, three = map(int, text.split("/"))
    return one, two, three


def _closer_order(dates: list[tuple[int, int, int]]) -> bool | None:
    """Whether the dates span fewer days with the day first; None for a tie."""
    if not dates:
        return None
    numbers = np.array(dates)
    day, month = (
        np.ptp(372 * numbers[:, 2] + 31 * numbers[:, m] + numbers[:, d])
        for d, m in ((0, 1), (1, 0))
    )
    return None if day == month else bool(day < month)
