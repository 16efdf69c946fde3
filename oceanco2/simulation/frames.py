"""A MAPCO2 that does not exist: cycles of zero, span, water and air as sent."""

import numpy as np

from oceanco2 import physics
from oceanco2.platforms import Platform
from oceanco2.simulation.instrument import (
    Rows,
    cylinder_contents,
    sensed,
    standards_at,
    true_mole_fraction,
)
from oceanco2.simulation.world import World
from oceanco2.vocabulary import RUN_TYPES

_CYCLE = 10800.0  # s
#: Lines of a frame: state, minute, run type.
LINES = (
    ("zero on", 1, "zero"),
    ("zero off", 2, "zero"),
    ("zero postcal", 3, "zero"),
    ("span on", 4, "span"),
    ("span off", 5, "span"),
    ("span postcal", 7, "span"),
    ("equil on", 17, "ignored"),
    ("equil off", 18, "water"),
    ("air on", 20, "ignored"),
    ("air off", 21, "air"),
)
_STATES = np.array([state for state, _, _ in LINES], dtype=object)
#: Lines before the system has set its zero and span in this cycle.
_BEFORE = ("zero on", "zero off", "span on", "span off")
_SPAN = 650.0  # umol mol-1, where the platform file names no span gas
_DRY = 36.0  # what the humidity sensor shows in dry gas, percent
_HUMID = {"equil": 71.0, "air": 67.0, "zero": 62.0}
#: Readings of zero and span gas after they were set, beyond their content.
_ZERO_LEFT, _SPAN_LEFT = 0.7, 1.5
_NOISE = {"xCO2": 0.3, "RH": 0.3}
_DAY = 86400.0


def frame_rows(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> Rows:
    """Read a moored system for a part of its deployment."""
    begins = np.arange(np.ceil(span[0] / _CYCLE) * _CYCLE, span[1], _CYCLE)
    minutes = np.array([60.0 * minute for _, minute, _ in LINES])
    t = (begins[:, None] + minutes).ravel()
    labels = np.tile(_STATES, begins.size)
    codes = np.array([RUN_TYPES[word] for *_, word in LINES], dtype=np.int8)
    truth = world.truth(t)
    # The gas of the equilibrator is at the temperature of the sea and at air pressure.
    truth |= {"T_equ": truth["SST"].copy(), "P_equ": truth["P_atm"].copy()}
    truth["xCO2_water_SST_dry"] = true_mole_fraction(truth, platform)
    truth["run_type"] = np.tile(codes, begins.size)
    gas = _span_gas(platform, labels, t, start)
    truth |= _analyser(world, np.repeat(begins, len(LINES)), labels, gas)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 9, int(span[0])]))
    measured = sensed(truth, t, platform, seed, rng if noise else None)
    real = gas * _content(platform, labels, t, start, seed) if noise else gas
    measured |= _readings(truth, measured, labels, real, t)
    measured |= _status(truth, t)
    if noise:
        for name, usual in _NOISE.items():
            source = platform.variables.get(name)
            sigma = source.uncertainty if source else None
            sigma = usual if sigma is None else sigma
            white = sigma * rng.standard_normal(t.size)
            measured[name] = measured[name] + white
    return Rows(t, labels, measured, truth)


def _span_gas(
    platform: Platform, labels: np.ndarray, t: np.ndarray, start: np.datetime64
) -> np.ndarray:
    """Certified content of the span gas in use at each row [umol mol-1]."""
    which = _which(platform, labels, t, start)
    known = np.array([s.xCO2 for s in platform.standards] or [_SPAN])
    return np.where(which >= 0, known[which], _SPAN)


def _which(
    platform: Platform, labels: np.ndarray, t: np.ndarray, start: np.datetime64
) -> np.ndarray:
    return standards_at(platform, np.full(labels.size, "span", object), t, start)


def _content(
    platform: Platform,
    labels: np.ndarray,
    t: np.ndarray,
    start: np.datetime64,
    seed: int,
) -> np.ndarray:
    """Draw what is really in the cylinder, over what is on its certificate."""
    if not platform.standards:
        return np.ones(labels.size)
    which = _which(platform, labels, t, start)
    drawn = cylinder_contents(platform, seed, noise=True)
    certified = np.array([s.xCO2 for s in platform.standards])
    ratio = drawn / np.where(certified > 0.0, certified, 1.0)
    return np.where(which >= 0, ratio[which], 1.0)


def _analyser(
    world: World, begins: np.ndarray, labels: np.ndarray, gas: np.ndarray
) -> dict[str, np.ndarray]:
    """Gain and offset: free before the system has set them, then what is left over."""
    free = world.truth(begins)
    zero = _ZERO_LEFT + 0.1 * (free["offset"] - 0.9)
    span = gas + _SPAN_LEFT + gas * (free["gain"] - 1.003)
    before = np.isin(labels, _BEFORE)
    gain = gas / (span - zero)
    return {
        "gain": np.where(before, free["gain"], gain),
        "offset": np.where(before, free["offset"], -zero * gain),
    }


def _readings(
    truth: dict[str, np.ndarray],
    seen: dict[str, np.ndarray],
    labels: np.ndarray,
    span_gas: np.ndarray,
    t: np.ndarray,
) -> dict[str, np.ndarray]:
    """Gas, humidity and pressure of each line."""
    kind = np.array([str(label).split(" ", maxsplit=1)[0] for label in labels])
    pumped = np.array([str(label).endswith(" on") for label in labels])
    humidity = np.full(t.size, _DRY)
    for name, value in _HUMID.items():
        humidity[kind == name] = value
    # The span gas flows at some pressure and dries the sensor little by little.
    humidity[labels == "span on"] = 27.0
    humidity[labels == "span postcal"] = 45.0
    flows = pumped & (kind == "span")
    pumping = np.where(flows, 24.0, np.where(pumped, -60.0, 0.0))
    pressure = seen["P_atm"] + pumping
    warmth = 25.0 + 2.0 * np.sin(2.0 * np.pi * t / _DAY)
    gas = np.zeros(t.size)
    gas = np.where(kind == "span", span_gas, gas)
    gas = np.where(kind == "equil", truth["xCO2_water_SST_dry"], gas)
    gas = np.where(kind == "air", truth["xCO2_atm_dry_actual"], gas)
    wet = np.isin(kind, ("equil", "air"))
    vapour = physics.vapour_of_humidity(humidity, _DRY, warmth)
    humid = gas * np.where(wet, 1.0 - vapour / pressure, 1.0)
    return {
        "xCO2": (humid - truth["offset"]) / truth["gain"],
        "RH": humidity,
        "T_RH": warmth,
        "P_analyser": pressure,
        "T_analyser": warmth + 1.0,
        "oxygen_percent": np.where(kind == "equil", 20.6, 20.8),
    }


def _status(truth: dict[str, np.ndarray], t: np.ndarray) -> dict[str, np.ndarray]:
    """Tell what the system says of itself; bytes of zero mean that all went well."""
    slow = np.sin(2.0 * np.pi * t / (9.0 * _DAY))
    return {
        "zero_coefficient": 0.878 + 4e-4 * slow,
        "span_coefficient": 0.714 + 6e-4 * slow,
        "span2_coefficient": np.zeros(t.size),
        "zero_status": np.zeros(t.size),
        "span_status": np.zeros(t.size),
        "xCO2_std": np.full(t.size, 0.5),
        "signal_detector": np.rint(3750000.0 - 700.0 * truth["xCO2_atm_dry_actual"]),
        "signal_reference": np.full(t.size, 3290000.0),
    }
