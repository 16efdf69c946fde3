"""Regions of SOCAT: the boxes and their precedence."""

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.socat.archive.selection import REGIONS, region_letters, region_of

# docs/socat-rules.md#regions: longitude, latitude, distance to land, letter.
PLACES = [
    (-20, 40, 900, "A"),
    (340, 40, 900, "A"),
    (-70, 20, 900, "A"),
    (25, 35, 500, "A"),
    (60, 0, 900, "I"),
    (120, -20, 900, "I"),
    (140, -20, 900, "T"),
    (-150, 40, 900, "N"),
    (179, 31, 900, "N"),
    (-10, -31, 10, "O"),
    (0, -89, 900, "O"),
    (170, 0, 900, "T"),
    (-90, 3, 900, "T"),
    (-86, 12, 900, "T"),
    (160, -20, 900, "T"),
    (-20, 10, 900, "Z"),
    (10, -20, 900, "Z"),
    (0, 71, 10, "R"),
    (0, 69, 900, "A"),
    (100, 67, 10, "R"),
    (-150, 65, 399, "C"),
    (-20, 40, 399, "C"),
    (-20, 40, 400, "A"),
    (0, 90, 900, "R"),
    (-180, 0, 900, "T"),
    (180, 0, 900, "T"),
    (50, 45, 900, " "),
]


def test_places():
    lon, lat, land, expected = zip(*PLACES, strict=True)
    assert region_of(lon, lat, land).tolist() == list(expected)
    assert region_of([-20], [40], [np.nan]).tolist() == ["A"]


def test_every_open_ocean_box_is_reached_once():
    lon, lat = np.meshgrid(np.arange(-179.5, 180), np.arange(-89.5, 90))
    found = region_of(lon.ravel(), lat.ravel(), 1000.0)
    assert set(found) == (set(REGIONS) - {"C"}) | {" "}
    turned = region_of(lon.ravel() + 360, lat.ravel(), 1000.0)
    assert (found == turned).all()


def test_names_and_letters():
    assert (
        region_letters("AR") == region_letters("Arctic, north atlantic") == {"A", "R"}
    )
    with pytest.raises(OptionError, match="Did you mean 'Arctic'"):
        region_letters("Artic")
