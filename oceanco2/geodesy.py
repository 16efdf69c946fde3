"""Distances on the globe."""

import numpy as np

EARTH_KM = 6371.007  # radius of the sphere, as SOCAT


def distance_km(
    lat1: np.ndarray,
    lon1: np.ndarray,
    lat2: np.ndarray,
    lon2: np.ndarray,
    radius: float = EARTH_KM,
) -> np.ndarray:
    """Great-circle distance on a sphere, by the haversine formula.

    Parameters
    ----------
    lat1, lon1 : ndarray
        From [degrees].
    lat2, lon2 : ndarray
        To [degrees].
    radius : float, default 6371.007
        Of the sphere [km].

    Returns
    -------
    ndarray
        Distance [km].

    Examples
    --------
    >>> round(float(distance_km(0.0, 0.0, 1.0, 0.0)), 3)
    111.195
    """
    a, b = np.radians(lat1), np.radians(lat2)
    across = np.radians(lon2) - np.radians(lon1)
    half = np.sin((b - a) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(across / 2) ** 2
    return 2 * radius * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def west_and_east(lon: np.ndarray) -> tuple[float, float]:
    """Return how far a track goes to the west and to the east.

    Parameters
    ----------
    lon : ndarray
        Longitudes along the track [degrees east].

    Returns
    -------
    west : float
        In -180 to 180.
    east : float
        The same; smaller than `west` across the date line.

    Examples
    --------
    >>> west_and_east(np.array([179.5, -179.0, -178.0]))
    (179.5, -178.0)
    """
    if not (np.abs(np.diff(lon)) > 180).any():
        return float(lon.min()), float(lon.max())
    around = lon % 360
    west, east = float(around.min()), float(around.max())
    if east - west > 270:  # round the world, or a fix gone astray
        return float(lon.min()), float(lon.max())
    return (west - 360 if west > 180 else west), (east - 360 if east > 180 else east)
