"""Moving windows, stays and misplaced fixes against their definitions."""

import numpy as np
import pytest

from oceanco2.qc import _kernels as kernels

NAN = np.nan


def test_a_sorted_window_takes_and_gives():
    window = np.array([1.0, 3.0, 5.0, NAN, NAN])
    assert kernels._insert(window, 3, 4.0) == 4
    assert window[:4].tolist() == [1.0, 3.0, 4.0, 5.0]
    assert kernels._insert(window, 4, 0.0) == 5
    assert window.tolist() == [0.0, 1.0, 3.0, 4.0, 5.0]
    for old, left in ((5.0, [0, 1, 3, 4]), (0.0, [1, 3, 4]), (3.0, [1, 4])):
        size = kernels._remove(window, len(left) + 1, old)
        assert size == len(left)
        assert window[:size].tolist() == left
    assert kernels._insert(window, 0, 7.0) == 1
    assert window[0] == 7.0
    ties = np.array([2.0, 2.0, 2.0])
    assert kernels._remove(ties, 3, 2.0) == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (1.0, 9.0, [3, 5, 7, 9]),
        (7.0, 0.0, [0, 1, 3, 5]),
        (3.0, 6.0, [1, 5, 6, 7]),
        (5.0, 2.0, [1, 2, 3, 7]),
        (5.0, 5.5, [1, 3, 5.5, 7]),
        (7.0, 8.0, [1, 3, 5, 8]),
        (1.0, 0.5, [0.5, 3, 5, 7]),
    ],
)
def test_a_value_of_a_sorted_window_is_replaced(old, new, expected):
    window = np.array([1.0, 3.0, 5.0, 7.0, -99.0])
    kernels._replace(window, 4, old, new)
    assert window.tolist() == [*expected, -99.0]


@pytest.mark.parametrize(
    "values",
    [
        *(
            [4.0],
            [1.0, 4.0],
            [1.0, 2.0, 9.0],
            [1.0, 2.0, 4.0, 9.0],
            [0.0, 0.0, 0.0, 5.0],
        ),
        *(
            [1.0, 1.0, 5.0, 5.0],
            [0.0, 8.0, 9.0, 10.0, 11.0],
            [0.0, 1.0, 2.0, 3.0, 20.0],
        ),
    ],
)
def test_median_and_scatter_of_a_window(values):
    window, size = np.array([*values, 77.0, 99.0]), len(values)
    middle = kernels._middle(window, size)
    assert middle == np.median(values)
    distance = np.median(np.abs(np.array(values) - middle))
    assert kernels._scatter(window, size, middle) == pytest.approx(1.4826 * distance)


def by_definition(x, t, samples, minutes, limit, sparse=False):
    """Median, scatter and count of the values around each value."""
    median, scatter, count = np.full((2, x.size), NAN), None, np.zeros(x.size, int)
    median, scatter = median
    rows = np.flatnonzero(np.isfinite(x))
    side = samples // 2
    for place, row in enumerate(rows):
        near = rows[max(place - side, 0) : place + side + 1]
        if not sparse:
            near = near[np.abs(t[near] - t[row]) <= 60.0 * minutes]
        median[row] = np.median(x[near])
        count[row] = near.size
        distance = np.abs(x[near] - median[row])
        far = abs(x[row] - median[row]) > limit
        scatter[row] = 1.4826 * np.median(distance) if far else 0.0
    return median, scatter, count


@pytest.mark.parametrize("samples", [1, 2, 3, 7, 15])
@pytest.mark.parametrize("minutes", [0.5, 3.0, np.inf])
@pytest.mark.parametrize("limit", [0.0, 1.0])
def test_running_medians(samples, minutes, limit):
    rng = np.random.default_rng(samples)
    x = np.round(rng.normal(0.0, 1.0, 60), 1)
    x[rng.integers(0, 60, 8)] = NAN
    t = np.cumsum(rng.choice([20.0, 60.0, 60.0, 400.0], 60))
    found = kernels.running_median(x, t, samples=samples, minutes=minutes, limit=limit)
    for one, other in zip(
        found, by_definition(x, t, samples, minutes, limit), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert found[2].dtype == np.int32


def test_defaults_of_running_medians():
    x = np.array([0.0, 9.0, 0.0, 1.0] * 6)
    t = 3600.0 * np.arange(24)
    median, scatter, count = kernels.running_median(x, t)
    expected = by_definition(x, t, 15, np.inf, np.inf)
    np.testing.assert_array_equal(median, expected[0])
    assert (scatter == 0.0).all()
    assert count.tolist() == expected[2].tolist()
    assert count.max() == 15
    # Sparse: neighbours count whatever time lies between.
    gaps = t**2
    found = kernels.running_median(x, gaps, samples=5, minutes=1.0, sparse=True)
    np.testing.assert_array_equal(found[0], by_definition(x, t, 5, 1, 9, True)[0])
    found = kernels.running_median(np.full(3, NAN), t[:3])
    assert np.isnan(found[0]).all()
    assert np.isnan(found[1]).all()
    assert found[2].tolist() == [0, 0, 0]


def test_rows_around():
    t = np.array([0.0, 10.0, 20.0, 25.0, 40.0])
    out = np.zeros((2, 5), np.int64)
    kernels.rows_around(t, 10.0, out)
    assert out[0].tolist() == [-1, 0, 1, 1, 3]
    assert out[1].tolist() == [1, 2, 4, 4, 5]
    rng = np.random.default_rng(3)
    t = np.cumsum(rng.choice([1.0, 2.0, 9.0], 40))
    out = np.zeros((2, 40), np.int64)
    kernels.rows_around(t, 5.0, out)
    for i in range(40):
        assert out[0, i] == np.flatnonzero(np.append(-np.inf, t) <= t[i] - 5.0)[-1] - 1
        assert out[1, i] == np.flatnonzero(np.append(t, np.inf) >= t[i] + 5.0)[0]


def until(lat, lon, t, offsets, reach):
    """The row until which each row is at rest, by the definition."""
    out = []
    for i in range(t.size):
        row = -1
        for k, offset in enumerate(offsets):
            later = np.flatnonzero((t >= t[i] + offset) & (np.arange(t.size) >= i))
            if not later.size or t[later[0]] > t[i] + offset + offsets[-1]:
                break
            j = later[0]
            east = abs((lon[j] - lon[i] + 180.0) % 360.0 - 180.0)
            east = min(east, east * np.cos(np.radians(lat[i])))
            if abs(lat[j] - lat[i]) > reach or east > reach:
                break
            if k == len(offsets) - 1:
                row = int(j)
        out.append(row)
    return out


def stays(lat, lon, t, offsets, reach):
    out = np.full(t.size, 77, np.int64)
    kernels.stays(lat, lon, t, np.array(offsets), reach, out)
    return out.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_stays(seed):
    rng = np.random.default_rng(seed)
    t = np.cumsum(rng.choice([60.0, 120.0, 900.0], 60, p=[0.7, 0.25, 0.05]))
    moves = rng.choice([0.0, 0.004, -0.004, 0.02], (2, 60), p=[0.9, 0.04, 0.04, 0.02])
    lat, lon = 60.0 + np.cumsum(moves[0]), np.cumsum(moves[1] * 2) + 179.98
    lon = (lon + 180.0) % 360.0 - 180.0
    offsets = [100.0, 300.0, 420.0]
    found = stays(lat, lon, t, offsets, 0.005)
    assert found == until(lat, lon, t, offsets, 0.005)
    assert max(found) > 0


@pytest.mark.parametrize(
    ("north", "east", "rests"),
    [
        *((0.25, 0.0, True), (0.251, 0.0, False), (-0.251, 0.0, False)),
        *((0.0, 0.5, True), (0.0, 0.51, False), (0.0, -0.51, False)),
        *((0.0, 360.25, True), (0.25, 0.5, True)),
    ],
)
def test_the_reach_of_a_stay(north, east, rests):
    """At 60 degrees a degree of longitude is half of one of latitude."""
    lat, lon = np.array([60.0, 60.0 + north]), np.array([10.0, 10.0 + east])
    found = stays(lat, lon, np.array([0.0, 10.0]), [5.0, 10.0], 0.2500001)
    assert found == [1 if rests else -1, -1]


def test_a_gap_longer_than_the_stay_is_none():
    still = np.zeros(2)
    for late, row in ((20.0, 1), (20.1, -1)):
        found = stays(still, still, np.array([0.0, late]), [10.0], 0.1)
        assert found == [row, -1]


RADIUS = 180.0 / np.pi * 60.0  # a degree is 60 units
HOURS = 3600.0


def fixes(*lat):
    """Kinds of fixes an hour apart; faster than 60 units an hour is too fast."""
    lat = np.array(lat, float)
    t = HOURS * np.arange(lat.size)
    sphere = RADIUS, 0.0, 1.0
    speeds = kernels.legs(lat, np.zeros(lat.size), t, *sphere)
    return kernels.too_fast(lat, np.zeros(lat.size), t, speeds, 60.5, *sphere).tolist()


@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_a_few_misplaced_fixes(number):
    lat = np.arange(14.0)
    lat[4 : 4 + number] += 30.0
    kinds = fixes(*lat)
    if number <= 5:
        assert kinds == [0] * 4 + [1] * number + [0] * (10 - number)
    else:  # a separate track
        assert kinds == [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0]


def test_first_and_last_fixes_and_jumps():
    assert fixes(0, 1, 2, 3) == [0, 0, 0, 0]
    assert fixes(30, 1, 2, 3) == [1, 0, 0, 0]
    assert fixes(0, 1, 2, 30) == [0, 0, 0, 2]
    assert fixes(0, 1, 30, 31) == [0, 0, 2, 0]
    assert fixes(0, 30) == [0, 2]
    assert fixes(0, 1) == [0, 0]
    assert fixes(0) == [0]
    assert fixes() == []
    assert fixes(0, 30, 2, 3) == [0, 1, 0, 0]
    assert fixes(0, 30, 2, 40, 4, 5) == [0, 1, 0, 1, 0, 0]
