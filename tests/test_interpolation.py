"""Interpolation in time, on circles and on grids, against hand calculations."""

import numpy as np
import pytest

from oceanco2 import interpolation
from oceanco2.interpolation import (
    CIRCLES,
    brackets,
    difference,
    interpolate,
    interpolate_grid,
    mean,
    neighbours,
    on_circle,
    seconds,
)

TIMES = np.array([0.0, 100.0, 300.0])
VALUES = np.array([1.0, 2.0, 6.0])


def at(*times, **options):
    values, kind = interpolate(TIMES, VALUES, np.array(times), 200.0, **options)
    return values.tolist(), kind.tolist()


def test_between_at_and_outside_the_values():
    values, kind = at(0.0, 25.0, 100.0, 150.0, 300.0)
    assert values == [1.0, 1.25, 2.0, 3.0, 6.0]
    assert kind == [1, 2, 1, 2, 1]
    values, kind = at(-0.001, 300.001)
    assert np.isnan(values).all()
    assert kind == [0, 0]


def test_times_within_half_a_millisecond_are_the_same():
    values, kind = at(100.0004, 99.9996, -0.0004, 300.0004)
    assert values == [2.0, 2.0, 1.0, 6.0]
    assert kind == [1, 1, 1, 1]
    assert at(100.0006)[1] == [2]


def test_the_longest_distance_to_a_neighbour():
    point = np.array([150.0])
    for gap, found in ((150.0, 2), (149.9999995, 2), (149.99, 0)):
        assert interpolate(TIMES, VALUES, point, gap)[1].tolist() == [found]
    # the farther neighbour counts, on either side
    point = np.array([250.0])
    assert interpolate(TIMES, VALUES, point, 149.0)[1].tolist() == [0]
    assert interpolate(TIMES, VALUES, point, 150.0)[0].tolist() == [5.0]


def test_the_nearer_neighbour():
    assert at(149.0, 190.0, 210.0, nearest=True) == ([2.0, 2.0, 6.0], [2, 2, 2])


def test_neighbours_that_were_used():
    found = neighbours(TIMES, VALUES, np.array([-1.0, 0.0, 50.0, 100.0, 200.0]), 150.0)
    assert found.before.tolist() == [-1, 0, 0, 1, 1]
    assert found.after.tolist() == [-1, 0, 1, 1, 2]
    assert found.kind.dtype == np.int8


def test_nothing_to_interpolate_from():
    none = np.array([])
    found = neighbours(none, none, np.array([1.0, 2.0]), 10.0)
    assert np.isnan(found.values).all()
    assert found.kind.tolist() == [0, 0]
    assert found.before.tolist() == found.after.tolist() == [-1, -1]
    found.after[0] = 7
    assert found.before[0] == -1


def test_angles_take_the_shorter_way():
    one = np.array([350.0, 10.0, 0.0, 0.0])
    other = np.array([10.0, 350.0, 90.0, 180.0])
    assert difference(one, other, 0.0).tolist() == [20.0, -20.0, 90.0, -180.0]
    assert difference(one, other, None).tolist() == [-340.0, 340.0, 90.0, 180.0]
    angles = np.array([-190.0, -180.0, 180.0, 190.0, 370.0])
    assert on_circle(angles, -180.0).tolist() == [170.0, 180.0, 180.0, -170.0, 10.0]
    assert on_circle(angles, 0.0).tolist() == [170.0, 180.0, 180.0, 190.0, 10.0]
    assert on_circle(angles, None) is angles
    assert CIRCLES == {"longitude": -180.0, "wind_dir": 0.0, "ship_dir": 0.0}


def test_a_track_across_the_date_line():
    values, _ = interpolate(
        TIMES[:2], np.array([179.0, -179.0]), np.array([25.0, 75.0]), 100, circle=-180.0
    )
    assert values.tolist() == [179.5, -179.5]


def test_means():
    assert mean(np.array([1.0, 2.0, 6.0])) == 3.0
    assert mean(np.array([350.0, 20.0]), 0.0) == pytest.approx(5.0)
    assert mean(np.array([170.0, -160.0]), -180.0) == pytest.approx(-175.0)
    assert mean(np.array([300.0, 340.0]), 0.0) == pytest.approx(320.0)


def test_seconds_since_an_origin():
    times = np.array(["2020-01-01T00:00:01.500"], "datetime64[ms]")
    assert seconds(times, np.datetime64("2020-01-01")).tolist() == [1.5]


def test_nodes_on_both_sides():
    axis = np.array([0.0, 1.0, 3.0])
    points = np.array([-0.1, 0.0, 0.25, 1.0, 2.0, 3.0, 3.1, np.nan])
    below, weight, above = brackets(axis, points)
    assert below[1:6].tolist() == [0, 0, 1, 1, 2]
    assert above[1:6].tolist() == [1, 1, 2, 2, 2]
    assert weight[1:6].tolist() == [0.0, 0.25, 0.0, 0.5, 0.0]
    assert np.isnan(weight[[0, 6, 7]]).all()
    assert (below >= 0).all()
    assert (above <= 2).all()


def plane(x, y, z):
    return 2.0 * x - 3.0 * y + 5.0 * z + 1.0


def test_a_plane_is_met_exactly_in_blocks_of_any_size(monkeypatch):
    axes = [np.array([0.0, 1.0, 4.0]), np.array([-1.0, 2.0]), np.array([0.0, 0.5, 1.0])]
    grid = plane(*np.meshgrid(*axes, indexing="ij"))
    rng = np.random.default_rng(1)
    points = [rng.uniform(a[0], a[-1], (5, 2)) for a in axes]
    expected = plane(*points)
    for block in (500_000, 3):
        monkeypatch.setattr(interpolation, "BLOCK", block)
        found = interpolate_grid(grid, axes, points)
        np.testing.assert_allclose(found, expected, rtol=1e-13)
        assert found.shape == (5, 2)


def test_a_missing_node_matters_only_where_it_has_weight():
    days = np.array(["2020-01-01", "2020-01-03", "2020-01-04"], "datetime64[D]")
    values = np.array([1.0, 3.0, np.nan])
    hours = np.array(
        ["2020-01-02T00", "2020-01-03T00", "2020-01-03T12", "2020-01-05T00"],
        "datetime64[h]",
    )
    found = interpolate_grid(values, [days], [hours])
    assert found[:2].tolist() == [2.0, 3.0]
    assert np.isnan(found[2:]).all()
