"""A plausible sea and air: smooth fields of time, known everywhere."""

from dataclasses import dataclass

import numpy as np

from oceanco2.simulation.track import Track, draw_track

_DAY = 86400.0
_YEAR = 365.2425
_APART = 220.0  # from front to front [km]


@dataclass(frozen=True, slots=True)
class Waves:
    """A sum of sines with random phases and unit variance.

    Attributes
    ----------
    rates : ndarray
        Angular frequencies [rad per unit of the argument].
    phases : ndarray
        Phases [rad].
    """

    rates: np.ndarray
    phases: np.ndarray

    def __call__(self, argument: np.ndarray) -> np.ndarray:
        """Evaluate the sum.

        Parameters
        ----------
        argument : ndarray
            Time or distance.

        Returns
        -------
        ndarray
            Dimensionless, variance 1 in the long run.
        """
        total = np.zeros(np.shape(argument))
        for rate, phase in zip(self.rates, self.phases, strict=True):
            total += np.sin(rate * argument + phase)
        return total * np.sqrt(2.0 / self.rates.size)


def waves(
    rng: np.random.Generator, shortest: float, longest: float, number: int = 6
) -> Waves:
    """Draw a sum of sines.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    shortest, longest : float
        Periods, in the units of the argument.
    number : int, default 6
        How many sines.

    Returns
    -------
    Waves
        To be called with times or distances.
    """
    periods = np.geomspace(shortest, longest, number) * rng.uniform(0.9, 1.1, number)
    return Waves(2 * np.pi / periods, rng.uniform(0, 2 * np.pi, number))


@dataclass(frozen=True, slots=True)
class Fronts:
    """Water masses one after another, with steps between them.

    Attributes
    ----------
    places, widths : ndarray, shape (n,)
        Where the steps are along the track, and how wide [km].
    levels : ndarray, shape (n + 1,)
        Of the water masses, -1 to 1: however long the track, it does not drift away.
    """

    places: np.ndarray
    widths: np.ndarray
    levels: np.ndarray

    def __call__(self, km: np.ndarray) -> np.ndarray:
        """Evaluate the level.

        Parameters
        ----------
        km : ndarray
            Way made.

        Returns
        -------
        ndarray
            -1 to 1.
        """
        middles = (self.places[1:] + self.places[:-1]) / 2
        near = np.searchsorted(middles, km)
        step = 0.5 + 0.5 * np.tanh((km - self.places[near]) / self.widths[near])
        return self.levels[near] + (self.levels[near + 1] - self.levels[near]) * step


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is true, as functions of the seconds since the start.

    Attributes
    ----------
    track : Track
        Where the platform is.
    fields : dict of str to Waves
        Random fields by name.
    fronts : Fronts
        Water masses along the track.
    start : float
        Start of the cruise [days since 1 January of its year].
    """

    track: Track
    fields: dict[str, Waves]
    fronts: Fronts
    start: float

    def truth(self, t: np.ndarray) -> dict[str, np.ndarray]:
        """Evaluate the sea, the air and the instrument.

        Parameters
        ----------
        t : ndarray
            Seconds since the start.

        Returns
        -------
        dict of str to ndarray
            Canonical variables, canonical units, and ``gain`` and ``offset`` of the
            analyser.
        """
        latitude, longitude, km = self.track.position(t)
        f, days = self.fields, self.start + t / _DAY
        season = np.cos(2 * np.pi * (days - 55.0) / _YEAR)  # 1 at the end of winter
        wind = _weibull(f["wind"](t), scale=9.0, shape=2.1)
        mean = 27.0 - 0.32 * np.abs(latitude) - 0.035 * np.abs(latitude) * season
        anomaly = 0.5 * f["eddies"](km) + 0.4 * f["days"](t) + self.fronts(km)
        anomaly += _diurnal(days + longitude / 360.0, wind)
        sea_level = 1012.0 + 9.0 * f["weather"](t)
        return {
            "latitude": latitude,
            "longitude": longitude,
            "ship_speed": self._knots(t),
            "SST": mean + anomaly,
            "salinity": 35.2 + 0.25 * f["salt"](km) + 0.2 * self.fronts(km),
            "fCO2_water_SST_wet": (
                372.0
                + 10.0 * season
                + 12.0 * f["biology"](km)
                + 8.0 * f["season"](t)
                + 4.0 * anomaly
                + 6.0 * self.fronts(km + 3.0)
            ),
            "P_atm": sea_level,
            "T_equ": mean + anomaly + 0.32 + 0.06 * f["warming"](t),
            "P_equ": sea_level + 0.4 + 0.25 * f["pump"](t),
            "xCO2_atm_dry_actual": (
                417.0 + latitude / 60.0 * (2.0 + 3.0 * season) + 0.8 * f["air"](t)
            ),
            "wind_speed": wind,
            "T_atm": mean - 0.8 + 1.5 * f["weather"](t + 40000.0),
            "gain": 1.003 + 0.0012 * f["gain"](t),
            "offset": 0.9 + 0.6 * f["offset"](t),
            "water_flow": 2.4 + 0.1 * f["pump"](t),
        }

    def _knots(self, t: np.ndarray) -> np.ndarray:
        ahead, behind = (self.track.position(t + s)[2] for s in (30.0, -30.0))
        return np.asarray((ahead - behind) * 60.0 / 1.852)


def _weibull(normal: np.ndarray, scale: float, shape: float) -> np.ndarray:
    """Give normal deviates the distribution of winds."""
    from scipy.special import ndtr

    return np.asarray(scale * (-np.log(ndtr(-normal))) ** (1.0 / shape))


def _diurnal(local_days: np.ndarray, wind: np.ndarray) -> np.ndarray:
    """Warm the surface in the afternoon, most where there is little wind."""
    sun = np.maximum(-np.cos(2 * np.pi * (local_days - 0.1)), 0.0)
    return np.asarray(0.8 * np.exp(-wind / 4.0) * sun**2)


_PERIODS = {  # km for what lies in the sea, s for what passes
    "eddies": (60.0, 900.0),
    "salt": (80.0, 1200.0),
    "biology": (90.0, 1500.0),
    "days": (0.4 * _DAY, 9 * _DAY),
    "season": (2 * _DAY, 30 * _DAY),
    "weather": (0.7 * _DAY, 8 * _DAY),
    "wind": (0.2 * _DAY, 5 * _DAY),
    "warming": (0.1 * _DAY, 3 * _DAY),
    "pump": (0.05 * _DAY, 1 * _DAY),
    "air": (0.5 * _DAY, 9 * _DAY),
    "gain": (6 * _DAY, 20 * _DAY),
    "offset": (6 * _DAY, 20 * _DAY),
}


def build(seed: int, days: float, start: np.datetime64, *, moves: bool) -> World:
    """Draw a world.

    Parameters
    ----------
    seed : int
        Same seed, same world, whatever the length.
    days : float
        How long it must last.
    start : numpy.datetime64
        Start of the cruise: the sea and the air have seasons.
    moves : bool
        False for a mooring.

    Returns
    -------
    World
        Fields, track and fronts.
    """
    # A stream of its own for each: a longer cruise begins like a shorter one.
    fields, track, fronts = (
        np.random.default_rng(np.random.SeedSequence([seed, part]))
        for part in (1, 8, 2)
    )
    into_year = (start - start.astype("datetime64[Y]")) / np.timedelta64(1, "D")
    return World(
        draw_track(track, days, moves=moves),
        {name: waves(fields, *span) for name, span in _PERIODS.items()},
        _draw_fronts(fronts, days),
        float(into_year),
    )


def _draw_fronts(rng: np.random.Generator, days: float) -> Fronts:
    number = int((days * 600.0 + 500.0) / _APART) + 2
    drawn = rng.uniform([-70.0, 1.5, -1.0], [70.0, 5.0, 1.0], (number, 3))
    places = 100.0 + _APART * np.arange(number) + drawn[:, 0]
    return Fronts(places, drawn[:, 1], np.concatenate([[0.0], drawn[:, 2]]))
