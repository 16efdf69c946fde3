"""Which cells are coastal."""

import numpy as np
import pandas as pd
import pytest

from oceanco2.errors import OptionError
from oceanco2.geography import (
    EARTH_KM,
    REGIONS,
    coastal_cells,
    distance_km,
    near_land,
    ocean_fraction,
    socat_regions,
    west_and_east,
    within,
)
from oceanco2.grids import Accumulator

DISTANCE = {
    "26NA20050107_CO2_underway_SOCATv3_PANGAEA.tab": (
        *("Date/Time", "Latitude", "Longitude", "Distance [km]"),
        526,
    ),
    "SOCATv2026_mini_excerpt.tsv": (
        *("Expocode\tversion\tSource", "latitude [dec.deg.N]"),
        *("longitude [dec.deg.E]", "dist_to_land [km]", 48),
    ),
    "PAT520150211_SOCATv4_enhanced_rows.tsv": (
        *("Expocode\tversion\tSOCAT", "latitude [dec.deg.N]"),
        *("longitude [dec.deg.E]", "dist_to_land [km]", 100),
    ),
}


@pytest.mark.parametrize("file", DISTANCE)
def test_coast_where_published_distances_put_it(reference_data, file):
    start, north, east, name, count = DISTANCE[file]
    path = reference_data / "socat" / file
    lines = path.read_text(encoding="utf-8").splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith(start))
    table = pd.read_csv(path, sep="\t", skiprows=begin)
    assert len(table) == count
    row = np.minimum((table[north] + 90) // 0.25, 719).astype(int)
    column = ((table[east] + 180) % 360 // 0.25).astype(int)
    found = coastal_cells(0.25)[row, column]
    # A cell has a size, and SOCAT's land is another one: 30 km are not judged.
    sure = (table[name] - 400).abs() > 30
    assert sure.sum() > 40
    assert (found == (table[name] < 400))[sure].all()


def test_seas_lakes_continents_and_open_ocean():
    fraction, coastal = ocean_fraction(), coastal_cells(0.25)
    assert fraction.shape == coastal.shape == (720, 1440)
    places = {
        "Pacific": (0.1, -140.1, 1.0, False),
        "North Sea": (56.1, 3.1, 1.0, True),
        "Black Sea": (43.1, 34.1, 1.0, True),
        "Caspian Sea": (42.1, 50.6, 0.0, True),
        "Sahara": (23.1, 10.1, 0.0, True),
        "Bouvet": (-54.4, 3.4, None, False),
        "across 180 degrees": (68.1, -179.9, None, True),
    }
    for name, (north, east, sea, coast) in places.items():
        cell = int((north + 90) / 0.25), int((east + 180) / 0.25)
        assert sea is None or fraction[cell] == sea, name
        assert coastal[cell] == coast, name
    weight = np.cos(np.radians((np.arange(720) + 0.5) / 4 - 90))[:, None]
    assert 0.70 < (fraction * weight).sum() / weight.sum() / 1440 < 0.72
    with pytest.raises(OptionError, match=r"0\.25"):
        coastal_cells(1.0)


def test_the_coastal_product_leaves_out_the_open_ocean():
    sums = Accumulator("coastal")
    latitude, longitude = np.array([0.1, 56.1]), np.array([-140.1, 3.2])
    sums.add(np.zeros(2), latitude, longitude, 1, 350.0, 10.0, 35.0)
    assert sums.left_out == {"400 km or more from land": 1}
    result = sums.result()
    assert dict(result.sizes) == {"tmnth": 12, "ylat": 720, "xlon": 1440, "bnds": 2}
    assert all(n.startswith("coast_") for n in result.data_vars if n != "tmnth_bnds")
    cell = result.isel(tmnth=0).sel(ylat=56.125, xlon=3.125)
    assert float(cell["coast_fco2_ave_unwtd"]) == 350.0
    assert float(cell["coast_lon_offset_unwtd"]) == np.float32(0.075)


def test_distances_on_the_sphere():
    quarter = np.pi / 2 * EARTH_KM
    assert EARTH_KM == 6371.007
    for start, end, km in (
        ((0, 0), (90, 0), quarter),
        ((0, 0), (0, 90), quarter),
        ((0, -90), (0, 90), 2 * quarter),
        ((90, 10), (-90, 77), 2 * quarter),
        ((60, 179.5), (60, -179.5), 55.597),  # half a degree of latitude, nearly
        ((10, 20), (10, 20), 0.0),
    ):
        assert distance_km(*start, *end) == pytest.approx(km, abs=1e-3)
    assert distance_km(0, 0, 0, 90, 1.0) == pytest.approx(np.pi / 2)
    # Bergen to Reykjavik
    assert distance_km(60.39, 5.32, 64.15, -21.94) == pytest.approx(1461, abs=5)


@pytest.mark.parametrize(
    ("track", "west", "east"),
    [
        ([10.0, -20.0, 30.0], -20.0, 30.0),
        ([179.5, -179.0, -178.0], 179.5, -178.0),
        ([-178.0, 179.0], 179.0, -178.0),
        ([350.0, 10.0, 355.0], 10.0, 355.0),  # not in a circle of -180 to 180
        ([-100.0, 90.0, -100.0], 90.0, -100.0),
        ([170.0, -170.0, -79.0, 10.0, 100.0], -170.0, 170.0),  # around the world
        ([170.0, -170.0, -80.0, 10.0, 100.0], 10.0, -80.0),  # three quarters of it
        ([90.0, -90.0], -90.0, 90.0),
    ],
)
def test_west_and_east_of_a_track(track, west, east):
    assert west_and_east(np.array(track)) == (west, east)


@pytest.mark.parametrize(
    ("lat", "lon", "box", "inside"),
    [
        (0.0, 10.0, (0, 10, 5, 20), True),
        (5.0, 20.0, (0, 10, 5, 20), True),
        (-0.1, 15.0, (0, 10, 5, 20), False),
        (5.1, 15.0, (0, 10, 5, 20), False),
        (1.0, 9.9, (0, 10, 5, 20), False),
        (1.0, 20.1, (0, 10, 5, 20), False),
        (1.0, 375.0, (0, 10, 5, 20), True),
        (1.0, -175.0, (0, 170, 5, -170), True),
        (1.0, 0.0, (0, 170, 5, -170), False),
        (1.0, 77.0, (0, -180, 5, 180), True),
        (1.0, 77.0, (0, 0, 5, 361), True),
        (1.0, np.nan, (0, -180, 5, 180), False),
        (np.nan, 1.0, (0, -180, 5, 180), False),
    ],
)
def test_boxes_with_their_edges(lat, lon, box, inside):
    assert within(np.array([lat]), np.array([lon]), *box).tolist() == [inside]


#: South, west, north, east of every part of a region, from SOCAT's documentation.
BOXES = {
    "A": "30 0 90 20, 30 -68 90 0, 7 -84 90 -68, 18 -100 90 -84, 30 20 90 43",
    "I": "-30 20 30 100, -30 100 -5 130",
    "N": "30 106 90 180, 30 -180 90 -105",
    "T": "-5 100 30 180, -5 -180 30 -100, -30 -180 -5 -68, -5 -100 5 -68,"
    " 5 -100 18 -84, -30 130 -5 180",
    "Z": "-30 0 20 20, -30 -68 30 0",
}
REGION_NAMES = (
    "A north_atlantic C coastal I indian N north_pacific O southern R arctic"
    " T tropical_pacific Z tropical_atlantic"
)


@pytest.mark.parametrize("letter", BOXES)
def test_corners_of_the_boxes_of_each_region(letter):
    for box in BOXES[letter].split(","):
        south, west, north, east = map(float, box.split())
        north = min(north, 65.0)
        lat = np.repeat([south + 0.5, north - 0.5], 2)
        lon = np.tile([west + 0.5, east - 0.5], 2)
        assert socat_regions(lat, lon).tolist() == [letter] * 4


@pytest.mark.parametrize(
    ("lat", "lon", "letter"),
    [
        (-30.0, 50.0, "I"),
        (-30.01, 50.0, "O"),
        (70.0, 0.0, "A"),
        (70.01, 0.0, "R"),
        (70.01, -100.0, "R"),
        (69.0, -100.0, "A"),
        (66.0, 180.0, "N"),
        (66.01, 180.0, "R"),
        (69.0, 43.0, "A"),
        (66.01, 43.1, "R"),
        (66.01, -100.1, "R"),
        (60.0, 60.0, ""),  # no sea
        (np.nan, 0.0, ""),
        (-50.0, np.nan, ""),
    ],
)
def test_edges_of_polar_regions(lat, lon, letter):
    assert socat_regions(np.array([lat]), np.array([lon])).tolist() == [letter]


def test_names_of_regions():
    words = REGION_NAMES.split()
    assert dict(REGIONS) == dict(zip(words[::2], words[1::2], strict=True))
    assert ocean_fraction().dtype == np.float32
    assert 0.0 <= ocean_fraction().min() < ocean_fraction().max() == 1.0
    assert coastal_cells(0.25).dtype == bool


@pytest.mark.parametrize(
    ("latitude", "longitude", "distance", "near"),
    [
        (50.0, -30.0, 50.0, False),  # open Atlantic
        (43.3, 5.0, 50.0, True),  # off Marseille
        (45.0, 3.0, 0.0, True),  # on land
        (42.4, 4.6, 50.0, False),  # Gulf of Lion, 90 km from the coast
        (42.4, 4.6, 120.0, True),
        (21.3, -158.6, 50.0, True),  # 35 km west of Oahu
        (21.3, -158.6, 20.0, False),
        (21.3, 201.4, 50.0, True),  # the same longitude
        (90.0, 0.0, 50.0, False),
        (-90.0, 180.0, 50.0, True),
    ],
)
def test_land_within_a_distance(latitude, longitude, distance, near):
    found = near_land(np.array([latitude]), np.array([longitude]), distance)
    assert found.tolist() == [near]
