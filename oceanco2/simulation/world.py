"""Simulated sea, air and ship track: smooth functions of time and distance."""

from dataclasses import dataclass

import numpy as np

from oceanco2.dates import DAY_SECONDS, HOUR_SECONDS
from oceanco2.geography import MEAN_EARTH_KM

_PORTS = ((60.4, 5.3), (64.1, -21.9), (55.7, -12.6), (41.2, -8.7), (36.7, -25.6))
_FIRST_FRONT, _FRONT_SPACING = 250.0, 450.0  # km
_SPEED_CYCLES = 5  # cycles of speed on a leg


@dataclass(frozen=True, slots=True)
class Waves:
    """A sum of sines with random phases and unit variance."""

    rates: np.ndarray
    phases: np.ndarray

    def __call__(self, argument: np.ndarray) -> np.ndarray:
        """Evaluate the sum."""
        total = np.zeros(np.shape(argument))
        for rate, phase in zip(self.rates, self.phases, strict=True):
            total += np.sin(rate * argument + phase)
        return total * np.sqrt(2.0 / self.rates.size)


def waves(
    rng: np.random.Generator, shortest: float, longest: float, number: int = 6
) -> Waves:
    """Draw a sum of sines."""
    periods = np.geomspace(shortest, longest, number) * rng.uniform(0.9, 1.1, number)
    return Waves(2 * np.pi / periods, rng.uniform(0, 2 * np.pi, number))


@dataclass(slots=True)
class World:
    """True values as functions of the seconds since the start."""

    moves: bool
    legs: np.ndarray
    fields: dict[str, Waves]
    fronts: np.ndarray

    def position(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitude, longitude and distance sailed [km]."""
        if not self.moves:
            zero = np.zeros(np.shape(t))
            return zero + 34.3, zero - 120.8, zero
        which = np.searchsorted(self.legs[:, 0], t, side="right") - 1
        which = np.clip(which, 0, len(self.legs) - 1)
        leg = self.legs[which]
        fraction = np.clip((t - leg[:, 1]) / (leg[:, 2] - leg[:, 1]), 0.0, 1.0)
        pace = 2 * np.pi * _SPEED_CYCLES  # the speed varies by 8 % and averages out
        fraction = fraction + 0.08 * (1.0 - np.cos(pace * fraction)) / pace
        first = leg[:, 3].astype(int) % len(_PORTS)
        ports = np.array(_PORTS)
        a, b = ports[first], ports[(first + 1) % len(_PORTS)]
        latitude, longitude, total = _great_circle(a, b, fraction)
        lengths = np.cumsum([0.0, *(_leg_km(int(i)) for i in self.legs[:, 3])])
        return latitude, longitude, lengths[which] + fraction * total

    def front_warming(self, distance: np.ndarray) -> np.ndarray:
        """Warming of the water by the fronts that were passed."""
        nearest = np.rint((distance - _FIRST_FRONT) / _FRONT_SPACING).astype(int)
        nearest = np.clip(nearest, 0, len(self.fronts) - 1)
        position, width, behind = self.fronts[nearest].T
        levels = np.append(0.0, self.fronts[:, 2])
        level_before = levels[nearest]
        passed = 0.5 + 0.5 * np.tanh((distance - position) / width)
        return level_before + (behind - level_before) * passed

    def truth(self, t: np.ndarray) -> dict[str, np.ndarray]:
        """Evaluate the sea, the air and the instrument."""
        latitude, longitude, km = self.position(t)
        f = self.fields
        day = np.sin(2 * np.pi * (t / DAY_SECONDS - 0.35))
        sst = (
            27.0 - 0.32 * np.abs(latitude) + 0.7 * f["eddies"](km) + 0.5 * f["days"](t)
        )
        sst += 0.15 * (day + np.maximum(day, 0.0) ** 3)
        sst += self.front_warming(km)
        salinity = 35.2 + 0.3 * f["salt"](km) - 0.03 * (sst - 14.0)
        fco2 = 375.0 + 14.0 * f["biology"](km) + 9.0 * f["season"](t)
        fco2 += 4.0 * (sst - (27.0 - 0.32 * np.abs(latitude)))
        sea_level = 1012.0 + 9.0 * f["weather"](t)
        wind = 8.0 + 3.5 * f["wind"](t)
        return {
            "latitude": latitude,
            "longitude": longitude,
            "SST": sst,
            "salinity": salinity,
            "fCO2_water_SST_wet": fco2,
            "P_atm": sea_level,
            "T_equ": sst + 0.32 + 0.06 * f["warming"](t),
            "P_equ": sea_level + 0.4 + 0.25 * f["pump"](t),
            "xCO2_atm_dry_actual": 421.0 + 1.5 * f["air"](t),
            "wind_speed": np.abs(wind),
            "gain": 1.003 + 0.0012 * f["gain"](t),
            "offset": 0.9 + 0.6 * f["offset"](t),
            "water_flow": 2.4 + 0.1 * f["pump"](t),
        }


def _great_circle(
    a: np.ndarray, b: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lat1, lon1, lat2, lon2 = (np.radians(x) for x in (*a.T, *b.T))
    first = _vector(lat1, lon1)
    second = _vector(lat2, lon2)
    angle = np.arccos(np.clip((first * second).sum(axis=0), -1, 1))
    point = (
        np.sin((1 - share) * angle) * first + np.sin(share * angle) * second
    ) / np.sin(angle)
    latitude = np.degrees(np.arcsin(np.clip(point[2], -1, 1)))
    return latitude, np.degrees(np.arctan2(point[1], point[0])), angle * MEAN_EARTH_KM


def _vector(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    flat = np.cos(latitude)
    return np.array(
        [flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)]
    )


def _leg_km(first: int) -> float:
    a, b = _PORTS[first % len(_PORTS)], _PORTS[(first + 1) % len(_PORTS)]
    ends = _great_circle(np.array([a]), np.array([b]), np.zeros(1))
    return float(ends[2][0])


def build_world(seed: int, days: float, *, moves: bool) -> World:
    """Draw random fields, legs and fronts."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    periods = {  # km for fields in space, s for fields in time
        "eddies": (60.0, 900.0),
        "salt": (80.0, 1200.0),
        "biology": (90.0, 1500.0),
        "days": (0.4 * DAY_SECONDS, 9 * DAY_SECONDS),
        "season": (2 * DAY_SECONDS, 30 * DAY_SECONDS),
        "weather": (0.7 * DAY_SECONDS, 8 * DAY_SECONDS),
        "wind": (0.2 * DAY_SECONDS, 5 * DAY_SECONDS),
        "warming": (0.1 * DAY_SECONDS, 3 * DAY_SECONDS),
        "pump": (0.05 * DAY_SECONDS, 1 * DAY_SECONDS),
        "air": (0.5 * DAY_SECONDS, 9 * DAY_SECONDS),
        "gain": (6 * DAY_SECONDS, 20 * DAY_SECONDS),
        "offset": (6 * DAY_SECONDS, 20 * DAY_SECONDS),
    }
    fields = {name: waves(rng, *span) for name, span in periods.items()}
    speed = rng.uniform(5.2, 6.0) / 1000.0  # km/s, 10 to 12 knots
    legs: list[tuple[float, float, float, int]] = []
    start, number = 0.0, int(rng.integers(len(_PORTS)))
    while start < days * DAY_SECONDS + 1.0:
        stay = 0.0 if not legs else 10 * HOUR_SECONDS
        arrival = start + stay + _leg_km(number) / speed
        legs.append((start, start + stay, arrival, number))
        start, number = arrival, number + 1
    # Fronts have their own random numbers: a longer cruise has the same first ones.
    rng = np.random.default_rng(np.random.SeedSequence([seed, 2]))
    reach = days * DAY_SECONDS * speed * 1.1 + 2 * _FRONT_SPACING
    number = int(reach / _FRONT_SPACING) + 1
    drawn = rng.uniform([-90.0, 3.0, -1.2], [90.0, 8.0, 1.2], (number, 3))
    drawn[:, 0] += _FIRST_FRONT + _FRONT_SPACING * np.arange(number)
    return World(moves, np.array(legs), fields, drawn)
