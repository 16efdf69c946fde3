"""Land and coasts on maps."""

import time

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path

from oceanco2 import figures
from oceanco2.figures.maps import LAND, draw_land
from oceanco2.grids import Accumulator
from tests.datasets import canonical_dataset


def sea_chart(west, east, south, north):
    ax = Figure().add_subplot()
    ax.set(xlim=(west, east), ylim=(south, north))
    draw_land(ax)
    return ax


def land_of(ax):
    found = [
        c
        for c in ax.collections
        if len(c.get_facecolor()) and tuple(c.get_facecolor()[0]) == to_rgba(LAND)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def has_land(ax, east, north):
    """Inside an odd number of rings: a sea within land is a ring of its own."""
    (path,) = land_of(ax).get_paths()
    rings = path.to_polygons(closed_only=False)
    return sum(Path(ring).contains_point((east, north)) for ring in rings) % 2 == 1


def test_continents_and_seas_are_where_they_are():
    ax = sea_chart(-180.0, 180.0, -90.0, 90.0)
    for place in ((134, -25), (-100, 40), (20, 0), (100, 60), (-45, 75), (0, -85)):
        assert has_land(ax, *place)
    assert has_land(ax, 60.0, -89.95)  # land reaches the pole
    for place in ((-30, 0), (-150, 0), (80, -30), (0, 89), (18, 35), (-85, 60)):
        assert not has_land(ax, *place)


@pytest.mark.parametrize(
    "cape",
    [(-9.27, 42.88), (18.50, -34.36), (172.68, -34.42), (115.14, -34.37)],
    ids=["Finisterre", "Good Hope", "Reinga", "Leeuwin"],
)
def test_capes_are_true_to_a_quarter_of_a_degree(cape):
    east, north = cape
    ax = sea_chart(east - 5, east + 5, north - 5, north + 5)
    off = land_of(ax).get_paths()[0].vertices - cape
    assert np.hypot(off[:, 0] * np.cos(np.radians(north)), off[:, 1]).min() < 0.3


@pytest.mark.parametrize("turn", [-360.0, 360.0, 720.0])
def test_the_date_line_is_no_edge_and_turns_are_alike(turn):
    """Chukotka lies on both sides of 180 degrees."""
    ax = sea_chart(170.0, 190.0, 60.0, 72.0)
    assert all(has_land(ax, east, 67.5) for east in (179.0, 179.9, 180.1, 181.0))
    vertices = land_of(ax).get_paths()[0].vertices
    rings = land_of(ax).get_paths()[0].to_polygons(closed_only=False)
    assert any(r[:, 0].min() < 175.0 and r[:, 0].max() > 185.0 for r in rings)
    other = sea_chart(170.0 + turn, 190.0 + turn, 60.0, 72.0)
    moved = land_of(other).get_paths()[0].vertices - (turn, 0.0)
    np.testing.assert_allclose(moved, vertices, atol=1e-9)


def test_a_view_shows_what_the_globe_shows():
    globe = sea_chart(-180.0, 180.0, -90.0, 90.0)
    view = sea_chart(-12.0, 4.0, 48.0, 60.0)
    rng = np.random.default_rng(1)
    places = np.column_stack([rng.uniform(-12, 4, 200), rng.uniform(48, 60, 200)])
    seen = [has_land(view, *place) for place in places]
    assert seen == [has_land(globe, *place) for place in places]
    assert 0.2 < np.mean(seen) < 0.8


def test_limits_stay_and_open_sea_is_empty():
    ax = sea_chart(-141.3, -138.7, -1.2, 1.4)
    assert land_of(ax) is None
    ax = sea_chart(10.3, 21.7, -36.1, -28.9)
    assert land_of(ax) is not None
    assert (*ax.get_xlim(), *ax.get_ylim()) == (10.3, 21.7, -36.1, -28.9)
    ax = sea_chart(133.0, 133.2, -25.0, -24.8)  # nothing but land
    assert has_land(ax, 133.1, -24.9)


def off_the_cape():
    ds = canonical_dataset(200)
    east, north = np.linspace(10.0, 18.0, 200), np.linspace(-40.0, -34.5, 200)
    return ds.assign_coords(longitude=("time", east), latitude=("time", north))


def gridded():
    sums = Accumulator("monthly")
    east = np.linspace(10.0, 18.0, 50)
    sums.add(np.zeros(50), np.full(50, -33.5), east, 1, np.full(50, 350.0), 10.0, 35.0)
    return sums.result()


@pytest.mark.parametrize("kind", ["track", "flag_map", "overview", "grid_map"])
def test_every_map_has_land_behind_its_data(kind):
    figure = getattr(figures, kind)(gridded() if kind == "grid_map" else off_the_cape())
    maps = figure.axes[: 2 if kind == "grid_map" else 1]
    for ax in maps:
        land = land_of(ax)
        drawn = [*ax.lines, *ax.images, *(c for c in ax.collections if c is not land)]
        assert drawn
        assert land.get_zorder() < min(artist.get_zorder() for artist in drawn)
        limits = ax.get_xlim(), ax.get_ylim()
        figure.draw_without_rendering()
        assert (ax.get_xlim(), ax.get_ylim()) == limits
        assert limits[0][1] - limits[0][0] < 25.0  # the globe is not


def test_a_mooring_is_shown_with_the_coast_near_it():
    """CCE2 lies 25 km off Point Conception."""
    ds = canonical_dataset(50, "mooring", standards=False)
    places = {"longitude": ("time", np.full(50, -120.81))}
    ds = ds.assign_coords(places | {"latitude": ("time", np.full(50, 34.32))})
    ax = figures.track(ds).axes[0]
    assert has_land(ax, -119.0, 36.0)
    assert not has_land(ax, -120.81, 34.32)


def test_only_what_is_in_sight_is_contoured():
    def spent(*view):
        begin = time.process_time()
        sea_chart(*view)
        return time.process_time() - begin

    sea_chart(0.0, 10.0, 50.0, 60.0)
    small = min(spent(0.0, 10.0, 50.0, 60.0) for _ in range(3))
    globe = min(spent(-180.0, 180.0, -90.0, 90.0) for _ in range(3))
    assert small < 0.75 * globe
