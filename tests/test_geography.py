"""Which cells are coastal."""

import numpy as np
import pandas as pd
import pytest

from oceanco2.errors import OptionError
from oceanco2.geography import coastal_cells, ocean_fraction
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
