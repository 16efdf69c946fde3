"""What instruments make of the truth: analyser, cylinders, sensors and their noise."""

from dataclasses import dataclass

import numpy as np

from oceanco2 import physics
from oceanco2.alignment import chain_of
from oceanco2.platforms import Platform
from oceanco2.simulation.timetable import run_type_of, timetable
from oceanco2.simulation.world import World, waves
from oceanco2.vocabulary import RUN_TYPES

_CALIBRATED = {"water": "xCO2_water_Tequ_dry", "air": "xCO2_atm_dry_actual"}
#: Where a platform file states no uncertainty, sensors are this noisy.
_USUAL = {"SST": 0.02, "T_equ": 0.02, "salinity": 0.02, "P_equ": 0.3, "P_atm": 0.3}
#: Lag of a platform whose lag is to be found from the data [s].
_AUTO = 60.0


@dataclass(slots=True)
class Rows:
    """Readings of one day at one rhythm."""

    seconds: np.ndarray
    labels: np.ndarray
    measured: dict[str, np.ndarray]
    truth: dict[str, np.ndarray]


def lag_of(platform: Platform, name: str) -> float:
    """Tell how much earlier the water passed a sensor."""
    source = platform.variables.get(name)
    if source is None or platform.file_of(source) == platform.main_file():
        return 0.0
    if source.group is not None:
        chain = chain_of(platform.alignment, np.datetime64(0, "ns"))
        now = np.zeros(1)
        return -float(chain.follow(now, platform.alignment.home, source.group)[0])
    return _AUTO if source.lag_seconds == "auto" else source.lag_seconds


def _at_analyser(world: World, platform: Platform, t: np.ndarray) -> dict:
    """Evaluate the truth for water that passed each sensor some time ago."""
    truth = world.truth(t)
    water = lag_of(platform, "SST")
    lags = dict.fromkeys(("SST", "salinity", "fCO2_water_SST_wet", "T_equ"), water)
    for name, source in platform.variables.items():
        if name in truth and platform.file_of(source) != platform.main_file():
            lags[name] = lag_of(platform, name)
    for lag in sorted(set(lags.values()) - {0.0}):
        earlier = world.truth(t - lag)
        truth |= {name: earlier[name] for name, own in lags.items() if own == lag}
    return truth


def true_mole_fraction(truth: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
    """Find what an ideal analyser reads: the recipe of the reduction, backwards."""
    options = platform.reduction
    wanted, sst, t_equ = truth["fCO2_water_SST_wet"], truth["SST"], truth["T_equ"]
    law = options.temperature_correction
    salinity = truth["salinity"]
    guess = wanted.copy()
    for _ in range(8):  # exact at once for a constant coefficient
        there = physics.correct_to_temperature(
            guess, t_equ, sst, law, salinity=salinity, on_range="ignore"
        )
        guess = guess * wanted / there
    virial = "1atm" if options.virial_pressure == "standard_atmosphere" else None
    return physics.xco2_from_fco2(
        guess,
        t_equ,
        salinity,
        truth["P_equ"],
        vapour_pressure=options.vapour_pressure,
        mole_fraction=options.mole_fraction,
        virial_pressure=virial,
        on_range="ignore",
    )


def analyser_rows(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> Rows:
    """Read the analyser for a part of the cruise."""
    t, labels = timetable(platform, *span)
    truth = _at_analyser(world, platform, t)
    truth["xCO2_water_Tequ_dry"] = true_mole_fraction(truth, platform)
    run_type = np.array([run_type_of(x, platform) for x in labels], dtype=np.int8)
    truth["run_type"] = run_type
    air = run_type == RUN_TYPES["air"]
    gas = np.where(air, truth["xCO2_atm_dry_actual"], truth["xCO2_water_Tequ_dry"])
    measured = {
        name: np.where(run_type == RUN_TYPES[word], gas, np.nan)
        for word, name in _CALIBRATED.items()
    }
    measured |= _diagnostics(truth, run_type)
    if platform.calibration.moisture_correction or not platform.variables["xCO2"].dry:
        gas = gas * (1.0 - measured["xH2O"] / 1000.0)
    which = standards_at(platform, labels, t, start)
    contents = cylinder_contents(platform, seed, noise)
    gas = np.where(which >= 0, contents[which], gas)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 3, int(span[0])]))
    readings = (gas - truth["offset"]) / truth["gain"]
    if noise:
        sigma = platform.variables["xCO2"].uncertainty or 0.0
        readings = readings + sigma * rng.standard_normal(t.size)
    measured["xCO2"] = readings
    return Rows(
        t,
        labels,
        measured | sensed(truth, t, platform, seed, rng if noise else None),
        truth,
    )


def standards_at(
    platform: Platform, labels: np.ndarray, t: np.ndarray, start: np.datetime64
) -> np.ndarray:
    """Find which cylinder is read."""
    which = np.full(t.size, -1)
    order = sorted(
        range(len(platform.standards)), key=lambda i: platform.standards[i].valid_from
    )
    for index in order:
        standard = platform.standards[index]
        since = np.datetime64(standard.valid_from.replace(tzinfo=None), "s") - start
        later = t >= since / np.timedelta64(1, "s")
        which[later & (labels == standard.run)] = index
    return which


def _diagnostics(
    truth: dict[str, np.ndarray], run_type: np.ndarray
) -> dict[str, np.ndarray]:
    """Tell what the instrument says of itself."""
    size = run_type.size
    flows = {"water": 84.0, "air": 106.0}
    flow = np.full(size, 62.0)
    for word, value in flows.items():
        flow[run_type == RUN_TYPES[word]] = value
    return {
        "xH2O": np.full(size, 0.5),
        "gas_flow": flow,
        "water_flow": truth["water_flow"].copy(),
        "vent_flow": np.full(size, 0.1),
        "T_analyser": np.full(size, 35.0),
        "P_analyser": truth["P_equ"] - 0.5,
        "T_condenser": np.full(size, 5.0),
    }


def cylinder_contents(platform: Platform, seed: int, noise: bool) -> np.ndarray:
    """Draw what is really in the cylinders."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    errors = rng.standard_normal(len(platform.standards))
    certified = np.array([s.xCO2 for s in platform.standards])
    doubt = np.array([s.uncertainty for s in platform.standards])
    return certified + doubt * errors * noise


def sensed(
    truth: dict[str, np.ndarray],
    t: np.ndarray,
    platform: Platform,
    seed: int,
    rng: np.random.Generator | None,
) -> dict[str, np.ndarray]:
    """Let sensors read the truth, with white and slow errors."""
    out = {n: truth[n].copy() for n in ("latitude", "longitude", "wind_speed")}
    for number, name in enumerate(("SST", "T_equ", "salinity", "P_equ", "P_atm")):
        values = truth[name].copy()
        if rng is not None:
            source = platform.variables.get(name)
            sigma = source.uncertainty if source else None
            sigma = _USUAL[name] if sigma is None else sigma
            drawn = np.random.default_rng(np.random.SeedSequence([seed, 5, number]))
            slow = waves(drawn, 1800.0, 30000.0, 12)(t)
            values += sigma * (0.8 * rng.standard_normal(t.size) + 0.6 * slow)
        out[name] = values
    return out


def stream_rows(
    world: World, platform: Platform, span: tuple[float, float], seed: int, noise: bool
) -> Rows:
    """Read a stream beside the analyser, every ten seconds."""
    t = np.arange(np.ceil(span[0] / 10.0) * 10.0, span[1], 10.0)
    truth = world.truth(t)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 6, int(span[0])]))
    measured = sensed(truth, t, platform, seed, rng if noise else None)
    return Rows(t, np.full(t.size, "", dtype=object), measured, truth)
