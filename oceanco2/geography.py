"""Distances on the globe, boxes, SOCAT's regions, land, coast and usual salinity.

The land mask, a small file inside the package on a quarter-degree grid, is derived from
that of NOAA's GLOBE (30 arc seconds, public domain; by the package global-land-mask,
MIT) with ``tests/make_land.py``. Lakes and the Caspian Sea count as land, ice shelves
as sea.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from oceanco2.errors import OptionError

EARTH_KM = 6371.007  # radius of the sphere that SOCAT uses
MEAN_EARTH_KM = 6371.0  # of fluxes and maps


def distance_km(
    lat1: np.ndarray,
    lon1: np.ndarray,
    lat2: np.ndarray,
    lon2: np.ndarray,
    radius: float = EARTH_KM,
) -> np.ndarray:
    """Return the great-circle distance on a sphere by the haversine formula.

    Examples
    --------
    >>> round(float(distance_km(0.0, 0.0, 1.0, 0.0)), 3)
    111.195
    """
    a, b = np.radians(lat1), np.radians(lat2)
    difference = np.radians(lon2) - np.radians(lon1)
    half = np.sin((b - a) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(difference / 2) ** 2
    return 2 * radius * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def west_and_east(lon: np.ndarray) -> tuple[float, float]:
    """Return the westernmost and easternmost longitude of a track.

    Examples
    --------
    >>> west_and_east(np.array([179.5, -179.0, -178.0]))
    (179.5, -178.0)
    """
    if not (np.abs(np.diff(lon)) > 180).any():
        return float(lon.min()), float(lon.max())
    around = lon % 360
    west, east = float(around.min()), float(around.max())
    if east - west > 270:  # around the world, or a wrong position
        return float(lon.min()), float(lon.max())
    return (west - 360 if west > 180 else west), (east - 360 if east > 180 else east)


#: Regions of SOCAT by letter; "C" (coastal) has no box and needs the distance to land.
REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "A": "north_atlantic",
        "C": "coastal",
        "I": "indian",
        "N": "north_pacific",
        "O": "southern",
        "R": "arctic",
        "T": "tropical_pacific",
        "Z": "tropical_atlantic",
    }
)
#: Boxes (lat0, lon0, lat1, lon1) of regions that are neither polar nor coastal.
_BOXES: Mapping[str, tuple[tuple[int, int, int, int], ...]] = {
    "A": (
        *((30, 0, 90, 20), (30, -68, 90, 0), (7, -84, 90, -68)),
        *((18, -100, 90, -84), (30, 20, 90, 43)),
    ),
    "I": ((-30, 20, 30, 100), (-30, 100, -5, 130), (-30, 130, -30, 147)),
    "N": ((30, 106, 90, 180), (30, -180, 90, -105)),
    "T": (
        *((-5, 100, 30, 180), (-5, -180, 30, -100), (-30, -180, -5, -68)),
        *((-5, -100, 5, -68), (5, -100, 18, -84), (-30, 130, -5, 180)),
    ),
    "Z": ((-30, 0, 20, 20), (-30, -68, 30, 0)),
}


def within(
    latitude: np.ndarray,
    longitude: np.ndarray,
    south: float,
    west: float,
    north: float,
    east: float,
) -> np.ndarray:
    """Return a mask of positions in a box, edges included.

    Examples
    --------
    >>> within(np.array([1.0, 1.0]), np.array([-179.0, 10.0]), 0, 170, 5, -170)
    array([ True, False])
    """
    inside = (latitude >= south) & (latitude <= north) & np.isfinite(longitude)
    if east - west >= 360:
        return inside
    width = (east - west) % 360
    return inside & (np.mod(longitude - west, 360.0) <= width)


def socat_regions(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return the SOCAT region of positions by boxes; coasts are not distinguished.

    Examples
    --------
    >>> socat_regions(np.array([71.0, -40.0, 60.0]), np.array([0.0, 10.0, -20.0]))
    array(['R', 'O', 'A'], dtype='<U1')
    """
    latitude, longitude = np.broadcast_arrays(latitude, longitude)
    letters = np.full(latitude.shape, "", dtype="<U1")
    for letter, boxes in _BOXES.items():
        for box in boxes:
            letters[(letters == "") & within(latitude, longitude, *box)] = letter
    valid = np.isfinite(latitude) & np.isfinite(longitude)
    letters[valid & (latitude < -30.0)] = "O"
    atlantic = within(latitude, longitude, -90, -100, 90, 43)
    letters[valid & (latitude > np.where(atlantic, 70.0, 66.0))] = "R"
    return letters


#: Largest distance of coastal cells from land [km].
COASTAL_KM = 400.0
#: Smaller pieces of land are ignored [km2].
MAJOR_LAND_KM2 = 20_000.0
_FILE = Path(__file__).with_name("land.npz")
_STEP = 0.25
_STEP_KM = 10.0  # between points that are looked up
_LEVELS = 200


@lru_cache(maxsize=1)
def _file() -> dict[str, np.ndarray]:
    with np.load(_FILE) as file:
        return {name: file[name] for name in file.files}


def ocean_fraction() -> np.ndarray:
    """Return the ocean fraction of quarter-degree cells."""
    return _file()["ocean"].astype(np.float32) / np.float32(_LEVELS)


def coastal_cells(step: float) -> np.ndarray:
    """Return a mask of coastal cells as in SOCAT: less than 400 km from land."""
    if step != _STEP:
        raise OptionError(
            f"coastal cells are available at {_STEP} degrees only, not {step}"
        )
    shape = _file()["ocean"].shape
    bits = np.unpackbits(_file()["coastal"], count=shape[0] * shape[1])
    return bits.astype(bool).reshape(shape)


def near_land(
    latitude: np.ndarray, longitude: np.ndarray, distance: float
) -> np.ndarray:
    """Return a mask of finite positions with land within a distance [km].

    Examples
    --------
    >>> near_land(np.array([50.0, 43.3]), np.array([-30.0, 5.0]), 50.0)
    array([False,  True])
    """
    is_land = _file()["ocean"] < _LEVELS
    width = np.maximum(np.cos(np.radians(latitude)), 1e-3)
    found = np.zeros(np.shape(latitude), dtype=bool)
    steps = np.arange(0.0, distance + 1.0, _STEP_KM)
    for bearing in np.radians(np.arange(0.0, 360.0, 30.0)):
        for step in np.degrees(steps / MEAN_EARTH_KM):
            north = np.clip(latitude + step * np.cos(bearing), -90.0, 90.0)
            found |= _at(is_land, north, longitude + step * np.sin(bearing) / width)
    return found


def _at(cells: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return the cells of a global grid at positions; zero or False outside."""
    rows, columns = cells.shape
    found = np.zeros(lat.shape, dtype=cells.dtype)
    valid = (np.abs(lat) <= 90.0) & np.isfinite(lon)
    row = np.minimum((lat[valid] + 90.0) * rows / 180.0, rows - 1).astype(np.intp)
    column = ((lon[valid] + 180.0) % 360.0 * columns / 360.0).astype(np.intp) % columns
    found[valid] = cells[row, column]
    return found


def _widened(cells: np.ndarray, reach: int) -> np.ndarray:
    """Return the maximum of each cell and those around it, across 180 degrees, too."""
    wide = cells
    for axis, mode in ((0, "edge"), (1, "wrap")):
        margin = [(0, 0), (0, 0)]
        margin[axis] = (reach, reach)
        padded = np.pad(wide, margin, mode=mode)  # type: ignore[call-overload]
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis)
        wide = windows.max(axis=-1)
    return wide


@lru_cache(maxsize=1)
def _inland_cells() -> np.ndarray:
    return ~_widened(_file()["ocean"] > 0, 1)


def is_inland(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return where no sea is within a cell of a quarter degree and its neighbours.

    Examples
    --------
    >>> is_inland(np.array([48.1, 53.5, np.nan]), np.array([11.6, 9.9, 0.0]))
    array([ True, False, False])
    """
    return _at(_inland_cells(), latitude, longitude)


def is_oceanic(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return where no major land is within 400 km.

    Examples
    --------
    >>> is_oceanic(np.array([45.0, 45.0, np.nan]), np.array([-20.0, -10.0, 0.0]))
    array([ True, False, False])
    """
    return _at(~coastal_cells(_STEP), latitude, longitude)


#: Annual means of one degree [0.2]: Levitus (1982), NOAA Professional Paper 13.
_SALINITY_FILE = Path(__file__).with_name("salinity.npz")
_SALINITY_STEP = 0.2
_AROUND = 2  # cells on each side: their means enclose what a mean has smoothed


@lru_cache(maxsize=1)
def _salinities() -> tuple[np.ndarray, np.ndarray]:
    with np.load(_SALINITY_FILE) as file:
        steps = file["salinity"]  # 0 where there is none
    values = steps * _SALINITY_STEP
    there = steps > 0
    lowest = -_widened(np.where(there, -values, -np.inf), _AROUND)
    highest = _widened(np.where(there, values, -np.inf), _AROUND)
    known = np.isfinite(highest)
    return np.where(known, lowest, np.nan), np.where(known, highest, np.nan)


def usual_salinity(
    latitude: np.ndarray, longitude: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and highest annual mean of surface salinity within 2 degrees.

    NaN where no mean is known: the Black Sea, the Caspian, lakes.

    Examples
    --------
    >>> low, high = usual_salinity(np.array([45.0, 43.0]), np.array([-20.0, 34.0]))
    >>> low.round(1), high.round(1)
    (array([35.6,  nan]), array([35.8,  nan]))
    """
    known = np.isfinite(latitude) & (np.abs(latitude) <= 90.0) & np.isfinite(longitude)
    pair = (_at(field, latitude, longitude) for field in _salinities())
    low, high = (np.where(known, values, np.nan) for values in pair)
    return low, high
