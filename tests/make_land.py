"""Make oceanco2/land.npz from NOAA GLOBE: pip install global-land-mask (MIT).

    python tests/make_land.py

1 km points of the sea are averaged to the share of sea in quarter-degree cells;
distances are those from the middle of a cell to that of the nearest cell of land.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from oceanco2.geography import COASTAL_KM, EARTH_KM, MAJOR_LAND_KM2

STEP, LEVELS = 0.25, 200
TARGET = Path(__file__).parents[1] / "oceanco2" / "land.npz"


def share_of_sea():
    """Of each cell, south to north, from 180 W on."""
    folder = Path(find_spec("global_land_mask").origin).parent
    sea = np.load(folder / "globe_combined_mask_compressed.npz")["mask"]
    points = round(120 * STEP)
    shape = sea.shape[0] // points, points, sea.shape[1] // points, points
    return sea[::-1].reshape(shape).mean(axis=(1, 3))


def pieces(land):
    """Number the pieces of land: cells that touch, across 180 degrees, too."""
    number, count = ndimage.label(land, structure=np.ones((3, 3)))
    same = np.arange(count + 1)
    edge = np.concatenate([number[:, -1:], number[:, :1]], axis=1)
    joined, _ = ndimage.label(edge > 0, structure=np.ones((3, 3)))
    for k in range(1, joined.max() + 1):
        together = np.unique(edge[joined == k])
        same[np.isin(same, same[together])] = same[together].min()
    return same[number]


def points(latitude, longitude):
    """Positions on the unit sphere."""
    north, east = np.radians(latitude), np.radians(longitude)
    flat = np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)], -1)


def distance_to_land(sea):
    """From the middle of each cell [km]."""
    latitude = (np.arange(sea.shape[0]) + 0.5) * STEP - 90
    longitude = (np.arange(sea.shape[1]) + 0.5) * STEP - 180
    land = sea < 0.5
    number = pieces(land)
    side = np.radians(STEP) * EARTH_KM
    area = land * side**2 * np.cos(np.radians(latitude))[:, None]
    size = np.bincount(number.ravel(), area.ravel())
    row, column = np.nonzero(land & (size[number] >= MAJOR_LAND_KM2))
    tree = cKDTree(points(latitude[row], longitude[column]))
    chord, _ = tree.query(points(*np.meshgrid(latitude, longitude, indexing="ij")))
    return 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))


def main():
    sea = share_of_sea()
    coastal = distance_to_land(sea) < COASTAL_KM
    ocean = np.round(sea * LEVELS).astype(np.uint8)
    np.savez_compressed(TARGET, ocean=ocean, coastal=np.packbits(coastal))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, coastal {coastal.mean():.3f}")


if __name__ == "__main__":
    main()
