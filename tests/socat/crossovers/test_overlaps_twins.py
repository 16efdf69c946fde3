"""Points that are the same, and the text of an overlap."""

from importlib import import_module

import numpy as np
import pytest

from oceanco2.socat.crossovers.overlaps import Overlap
from oceanco2.socat.crossovers.pairs import Track

# The package has a function of the same name.
overlaps = import_module("oceanco2.socat.crossovers.overlaps")


@pytest.mark.parametrize(
    ("other", "twin"),
    [
        ((100.0, 10.0, 20.0), 0),
        ((100.0009, 10.0, 20.0), 0),
        ((99.9991, 10.0, 20.0), 0),
        ((100.0011, 10.0, 20.0), -1),
        ((99.9989, 10.0, 20.0), -1),
        ((100.0, 10.00009, 20.0), 0),
        ((100.0, 10.00011, 20.0), -1),
        ((100.0, 10.0, 20.00009), 0),
        ((100.0, 10.0, 20.00011), -1),
        ((100.0, 10.0, 380.0), 0),
        ((100.0, 10.0, -340.00005), 0),
        ((100.0, 10.0, 19.99991), 0),
        ((100.0, 10.0, 19.99989), -1),
    ],
)
def test_twins(other, twin):
    a, b = np.array([[100.0], [10.0], [20.0]]), np.array(other).reshape(3, 1)
    assert overlaps._twins(a, b).tolist() == [twin]


def test_first_twin_counts():
    a = np.array([[100.0], [10.0], [20.0]])
    b = np.array([[100.0] * 3, [11.0, 10.0, 10.0], [20.0] * 3])
    assert overlaps._twins(a, b).tolist() == [1]


def track(name, lat, lon=0.0, seconds=0.0):
    lat, lon, seconds = np.broadcast_arrays(*map(np.atleast_1d, (lat, lon, seconds)))
    nothing = np.full(lat.size, np.nan)
    return Track(name, name[:4], lon, lat, seconds, nothing, nothing, f"{name}.csv")


def test_valid_rows():
    made = track(
        "a", [90, -90, 90.1, 0, 0, 0], [0, 540, 0, 540.1, -540, 0], [6, 5, 4, 3, 2, 1]
    )
    assert overlaps._valid_rows(made).tolist() == [5, 4, 1, 0]
    assert overlaps._box(track("a", [91.0])) is None


def made(points, rows, names=("a", "b")):
    return Overlap(names, ("a.csv", "b.csv"), points, rows, (0.0, 3600.5))


def test_texts():
    start, end = "1970-01-01T00:00:00.000Z", "1970-01-01T01:00:00.500Z"
    assert made(1, ((1, 2), (1, 2))).text() == (
        f"a = b: 1 point in both, {start} (rows 1 and 2)"
    )
    assert made(1000, ((1, 2), (3, 4))).text() == (
        f"a = b: 1,000 points in both, {start} (rows 1 and 2) to {end} (rows 3 and 4)"
    )
    twice = made(1, ((1, 2), (1, 2)), ("a", "a")).text()
    assert twice.startswith("a (a.csv) = a (b.csv): 1 point")
    assert made(2, ((1, 2), (3, 4))).to_dict() == {
        "expocodes": ["a", "b"],
        "files": ["a.csv", "b.csv"],
        "points": 2,
        "rows_first": [[1, 2], [3, 4]],
        "start": start,
        "end": end,
    }


def test_overlap():
    one = track("b", [1.0, 2.0, 3.0], seconds=[0.0, 10.0, 20.0])
    two = track("a", [3.0, 2.0], seconds=[20.0, 10.0])
    found = overlaps.overlap(one, two)
    assert found == overlaps.overlap(two, one)
    assert found.expocodes == ("a", "b")
    assert found.sources == ("a.csv", "b.csv")
    assert found.points == 2
    assert found.rows == ((2, 2), (1, 3))
    assert found.times == (10.0, 20.0)
    assert overlaps.overlap(one, track("c", [5.0])) is None
    far = track("c", [50.0])
    assert overlaps.overlaps([far, one, two]) == [found]
    assert overlaps.overlaps([]) == overlaps.overlaps([one]) == []
    assert (overlaps.SECONDS_LIMIT, overlaps.DEGREES_LIMIT) == (0.001, 0.0001)
