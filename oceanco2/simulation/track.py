"""The way of a ship: great circles between ports, stays, and a speed that varies."""

from dataclasses import dataclass

import numpy as np

_EARTH_KM = 6371.0
_PORTS = np.array(
    [(60.4, 5.3), (64.1, -21.9), (55.7, -12.6), (41.2, -8.7), (36.7, -25.6)]
)
_MOORED = (34.3, -120.8)
_STAY = 10 * 3600.0  # in each port [s]
_RUN_UP = 1200.0  # to cruising speed, and down again [s]
_SWAY = ((0.05, 2.3 * 3600.0), (0.04, 9.1 * 3600.0))  # share of the speed, period [s]


@dataclass(frozen=True, slots=True)
class Track:
    """Legs of a cruise; none for a mooring.

    Attributes
    ----------
    begins, departures, durations : ndarray, shape (n,)
        When a leg begins with a stay in port, when the ship leaves [s since the
        start], and how long the passage takes [s].
    ports : ndarray of int, shape (n,)
        Index of the first port of each leg.
    before : ndarray, shape (n,)
        Way made before each leg [km].
    phases : ndarray, shape (n, 2)
        Of the variations of the speed.
    """

    begins: np.ndarray
    departures: np.ndarray
    durations: np.ndarray
    ports: np.ndarray
    before: np.ndarray
    phases: np.ndarray

    def position(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Tell where the platform is.

        Parameters
        ----------
        t : ndarray, shape (m,)
            Seconds since the start.

        Returns
        -------
        latitude, longitude : ndarray, shape (m,)
            Degrees north and east.
        distance : ndarray, shape (m,)
            Way made since the start [km].
        """
        if not self.begins.size:
            still = np.zeros(np.shape(t))
            return still + _MOORED[0], still + _MOORED[1], still
        leg = np.searchsorted(self.begins, t, side="right") - 1
        leg = np.clip(leg, 0, self.begins.size - 1)
        lasts, phases = self.durations[leg], self.phases[leg]
        eased = _eased(t - self.departures[leg], lasts)
        share = _swayed(eased, phases) / _swayed(lasts - _RUN_UP, phases)
        first = self.ports[leg]
        ends = _PORTS[first], _PORTS[(first + 1) % len(_PORTS)]
        latitude, longitude, whole = _great_circle(*ends, share)
        return latitude, longitude, self.before[leg] + share * whole


def _eased(elapsed: np.ndarray, lasts: np.ndarray) -> np.ndarray:
    """Time at full speed that makes the same way; no kink where the ship leaves."""
    at = np.clip(elapsed, 0.0, lasts)
    left = lasts - at
    middle = at - _RUN_UP / 2
    speeding = np.where(at < _RUN_UP, at**2 / (2 * _RUN_UP), middle)
    slowing = lasts - _RUN_UP - left**2 / (2 * _RUN_UP)
    return np.where(left < _RUN_UP, slowing, speeding)


def _swayed(time: np.ndarray, phases: np.ndarray) -> np.ndarray:
    """Integrate a speed of one with its variations."""
    total = np.array(time, dtype=float)
    for (share, period), phase in zip(_SWAY, phases.T, strict=True):
        rate = 2 * np.pi / period
        total += share / rate * (np.cos(phase) - np.cos(rate * time + phase))
    return total


def _great_circle(
    a: np.ndarray, b: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    one, two = _unit(*np.radians(a.T)), _unit(*np.radians(b.T))
    angle = np.arccos(np.clip((one * two).sum(axis=0), -1, 1))
    ahead, left = np.sin(share * angle), np.sin((1 - share) * angle)
    place = (left * one + ahead * two) / np.sin(angle)
    latitude = np.degrees(np.arcsin(np.clip(place[2], -1, 1)))
    return latitude, np.degrees(np.arctan2(place[1], place[0])), angle * _EARTH_KM


def _unit(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    flat = np.cos(latitude)
    return np.array(
        [flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)]
    )


def draw_track(rng: np.random.Generator, days: float, *, moves: bool) -> Track:
    """Draw a cruise from port to port, 10 to 12 knots.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance; a longer cruise begins with the same legs.
    days : float
        How long it must last.
    moves : bool
        False for a mooring.

    Returns
    -------
    Track
        Legs.
    """
    legs: list[tuple[float, float, float, int, float]] = []
    phases: list[np.ndarray] = []
    start, way, port = 0.0, 0.0, int(rng.integers(len(_PORTS)))
    while moves and start < days * 86400.0 + 7200.0:
        ends = _PORTS[[port]], _PORTS[[(port + 1) % len(_PORTS)]]
        whole = float(_great_circle(*ends, np.zeros(1))[2][0])
        speed = rng.uniform(5.3, 6.1) / 1000.0  # km/s
        leaves, lasts = start + (_STAY if legs else 0.0), whole / speed + _RUN_UP
        legs.append((start, leaves, lasts, port, way))
        phases.append(rng.uniform(0.0, 2 * np.pi, len(_SWAY)))
        start, way, port = leaves + lasts, way + whole, (port + 1) % len(_PORTS)
    columns = np.array(legs).reshape(-1, 5).T
    return Track(
        columns[0],
        columns[1],
        columns[2],
        columns[3].astype(int),
        columns[4],
        np.array(phases).reshape(-1, len(_SWAY)),
    )
