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
