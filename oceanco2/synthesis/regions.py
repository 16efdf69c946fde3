"""SOCAT regions: boxes of positions, and the coast by distance to land."""

from typing import Any

import numpy as np

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.socat.archive.printing import Array

#: Letters and names.
REGIONS = {
    "A": "North Atlantic",
    "C": "Coastal",
    "I": "Indian",
    "N": "North Pacific",
    "O": "Southern",
    "R": "Arctic",
    "T": "Tropical Pacific",
    "Z": "Tropical Atlantic",
}
#: Global: every row, in a region or not.
GLOBAL = "G"
COAST_KM = 400.0
#: lat0, lon0, lat1, lon1; the Southern Ocean and the Arctic come before all others.
_BOXES = {
    "A": (
        (30, 0, 90, 20),
        (30, -68, 90, 0),
        (7, -84, 90, -68),
        (18, -100, 90, -84),
        (30, 20, 90, 43),
    ),
    "I": ((-30, 20, 30, 100), (-30, 100, -5, 130), (-30, 130, -30, 147)),
    "N": ((30, 106, 90, 180), (30, -180, 90, -105)),
    "T": (
        (-5, 100, 30, 180),
        (-5, -180, 30, -100),
        (-30, -180, -5, -68),
        (-5, -100, 5, -68),
        (5, -100, 18, -84),
        (-30, 130, -5, 180),
    ),
    "Z": ((-30, 0, 20, 20), (-30, -68, 30, 0)),
}
#: Regions that do not depend on the distance to land.
WITHOUT_COAST = frozenset("GOR")


def region_letters(text: str) -> frozenset[str]:
    """Return the letters of regions named by letters or names.

    Examples
    --------
    >>> sorted(region_letters("arctic, Coastal"))
    ['C', 'R']
    """
    names = {name.lower(): letter for letter, name in REGIONS.items()}
    result = set()
    for part in (p.strip() for p in text.split(",")):
        if part.lower() in names:
            result.add(names[part.lower()])
        elif part and set(part) <= {*REGIONS, GLOBAL}:
            result |= set(part)
        else:
            choices = ", ".join(f"{k} {v}" for k, v in REGIONS.items())
            near = did_you_mean(part, REGIONS.values())
            raise OptionError(f"no region {part!r}.{near} Known: {choices}, G global.")
    return frozenset(result)


def region_of(longitude: Any, latitude: Any, dist_to_land: Any) -> Array:
    """Return the letter of the region of each position.

    Examples
    --------
    >>> region_of([-20.0, 330.0, 10.0], [40.0, 40.0, -50.0], [900.0, 399.0, 10.0])
    array(['A', 'C', 'O'], dtype='<U1')
    """
    lat = np.asarray(latitude, float)
    lon = (np.asarray(longitude, float) + 180.0) % 360.0 - 180.0
    regions = np.full(np.broadcast_shapes(lat.shape, lon.shape), " ", "<U1")
    for letter, boxes in _BOXES.items():
        for south, west, north, east in boxes:
            inside = (lat >= south) & (lat < north) & (lon >= west) & (lon < east)
            regions[inside] = letter
    regions[np.broadcast_to(np.asarray(dist_to_land) < COAST_KM, regions.shape)] = "C"
    regions[np.broadcast_to(lat < -30.0, regions.shape)] = "O"
    limit = np.where((lon >= -100.0) & (lon < 43.0), 70.0, 66.0)
    regions[lat >= limit] = "R"
    return regions
