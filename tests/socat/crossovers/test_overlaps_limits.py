"""The limits of SOCAT for the same point: 0.001 s and 0.0001 degrees, excluded."""

import numpy as np
import pytest

from oceanco2.socat.crossovers.overlaps import overlap
from oceanco2.socat.crossovers.pairs import Track


def track(code, seconds=0.0, latitude=0.0, longitude=0.0):
    """Three points near 1970 so that a float holds a thousandth of a second exactly."""
    n = np.arange(3.0)
    columns = (longitude + n, latitude + n, seconds + 60.0 * n)
    return Track(code, code[:4], *columns, np.full(3, 18.0), np.full(3, 380.0))


@pytest.mark.parametrize(
    ("moved", "points"),
    [
        ({}, 3),
        ({"seconds": 0.00099}, 3),
        ({"seconds": 0.001005}, 0),
        ({"latitude": 0.000099}, 3),
        ({"latitude": 0.0001005}, 0),
        ({"longitude": -0.000099}, 3),
        ({"longitude": 0.0001005}, 0),
        ({"longitude": 360.000099}, 3),
        ({"longitude": 359.9998995}, 0),
    ],
)
def test_the_same_point(moved, points):
    found = overlap(track("11AA20240301"), track("22BB20240301", **moved))
    assert (found.points if found else 0) == points


def test_rows_and_times_of_the_first_and_last_shared_point():
    found = overlap(track("11AA20240301"), track("22BB20240301", 60.0, 1.0, 1.0))
    assert found.points == 2
    assert found.rows == ((2, 1), (3, 2))
    assert found.times == (60.0, 120.0)
    assert found.to_dict()["start"] == "1970-01-01T00:01:00.000Z"
    assert found.text() == (
        "11AA20240301 = 22BB20240301: 2 points in both, 1970-01-01T00:01:00.000Z"
        " (rows 2 and 1) to 1970-01-01T00:02:00.000Z (rows 3 and 2)"
    )
