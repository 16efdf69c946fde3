"""Readings of instruments for true values: analyser, cylinders, sensors, noise."""

from dataclasses import dataclass

import numpy as np

from oceanco2 import physics
from oceanco2.alignment import chain_of
from oceanco2.platforms import Platform
from oceanco2.simulation.timetable import run_type_of, timetable
from oceanco2.simulation.world import World, waves
from oceanco2.vocabulary import RUN_TYPES

_CALIBRATED = {"water": "xCO2_water_Tequ_dry", "air": "xCO2_atm_dry_actual"}
#: Noise of sensors without an uncertainty in the platform file.
_DEFAULT_NOISE = {
    "SST": 0.02,
    "T_equ": 0.02,
    "salinity": 0.02,
    "P_equ": 0.3,
    "P_atm": 0.3,
}
#: Simulated lag for lag_seconds = "auto" [s].
_AUTO_LAG = 60.0


@dataclass(slots=True)
class SimulatedRows:
    """Readings of one day at one interval."""

    seconds: np.ndarray
    labels: np.ndarray
    measured: dict[str, np.ndarray]
    truth: dict[str, np.ndarray]


def lag_of(platform: Platform, name: str) -> float:
    """Lag of a sensor: how much earlier the water passed it [s]."""
    source = platform.variables.get(name)
    if source is None or platform.file_of(source) == platform.main_file():
        return 0.0
    if source.group is not None:
        chain = chain_of(platform.alignment, np.datetime64(0, "ns"))
        now = np.zeros(1)
        return -float(chain.follow(now, platform.alignment.home, source.group)[0])
    return _AUTO_LAG if source.lag_seconds == "auto" else source.lag_seconds


def _truth_at_analyser(world: World, platform: Platform, t: np.ndarray) -> dict:
    """Evaluate true values of the water that passed each sensor earlier."""
    truth = world.truth(t)
    sst_lag = lag_of(platform, "SST")
    lags = dict.fromkeys(("SST", "salinity", "fCO2_water_SST_wet", "T_equ"), sst_lag)
    for name, source in platform.variables.items():
        if name in truth and platform.file_of(source) != platform.main_file():
            lags[name] = lag_of(platform, name)
    for lag in sorted(set(lags.values()) - {0.0}):
        earlier = world.truth(t - lag)
        truth |= {
            name: earlier[name]
            for name, lag_of_name in lags.items()
            if lag_of_name == lag
        }
    return truth


def true_mole_fraction(truth: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
    """Mole fraction read by an ideal analyser: the inverse of the reduction."""
    options = platform.reduction
    target, sst, t_equ = truth["fCO2_water_SST_wet"], truth["SST"], truth["T_equ"]
    law = options.temperature_correction
    salinity = truth["salinity"]
    guess = target.copy()
    for _ in range(8):  # one step is exact for a constant coefficient
        corrected = physics.correct_to_temperature(
            guess, t_equ, sst, law, salinity=salinity, on_range="ignore"
        )
        guess = guess * target / corrected
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
) -> SimulatedRows:
    """Simulate the readings of the analyser for a part of the cruise."""
    t, labels = timetable(platform, *span)
    truth = _truth_at_analyser(world, platform, t)
    truth["xCO2_water_Tequ_dry"] = true_mole_fraction(truth, platform)
    run_type = np.array([run_type_of(x, platform) for x in labels], dtype=np.int8)
    truth["run_type"] = run_type
    air = run_type == RUN_TYPES["air"]
    gas = np.where(air, truth["xCO2_atm_dry_actual"], truth["xCO2_water_Tequ_dry"])
    measured = {
        name: np.where(run_type == RUN_TYPES[run], gas, np.nan)
        for run, name in _CALIBRATED.items()
    }
    measured |= _diagnostic_readings(truth, run_type)
    if platform.calibration.moisture_correction or not platform.variables["xCO2"].dry:
        gas = gas * (1.0 - measured["xH2O"] / 1000.0)
    which = standards_at(platform, labels, t, start)
    contents = true_contents(platform, seed, noise)
    gas = np.where(which >= 0, contents[which], gas)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 3, int(span[0])]))
    readings = (gas - truth["offset"]) / truth["gain"]
    if noise:
        sigma = platform.variables["xCO2"].uncertainty or 0.0
        readings = readings + sigma * rng.standard_normal(t.size)
    measured["xCO2"] = readings
    return SimulatedRows(
        t,
        labels,
        measured | sensor_readings(truth, t, platform, seed, rng if noise else None),
        truth,
    )


def standards_at(
    platform: Platform, labels: np.ndarray, t: np.ndarray, start: np.datetime64
) -> np.ndarray:
    """Index of the cylinder measured in each row; -1 for samples."""
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


def _diagnostic_readings(
    truth: dict[str, np.ndarray], run_type: np.ndarray
) -> dict[str, np.ndarray]:
    """Diagnostic readings of the instrument."""
    size = run_type.size
    flows = {"water": 84.0, "air": 106.0}
    flow = np.full(size, 62.0)
    for run, value in flows.items():
        flow[run_type == RUN_TYPES[run]] = value
    return {
        "xH2O": np.full(size, 0.5),
        "gas_flow": flow,
        "water_flow": truth["water_flow"].copy(),
        "vent_flow": np.full(size, 0.1),
        "T_analyser": np.full(size, 35.0),
        "P_analyser": truth["P_equ"] - 0.5,
        "T_condenser": np.full(size, 5.0),
    }


def true_contents(platform: Platform, seed: int, noise: bool) -> np.ndarray:
    """Draw the true mole fractions of the cylinders."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    errors = rng.standard_normal(len(platform.standards))
    certified = np.array([s.xCO2 for s in platform.standards])
    uncertainty = np.array([s.uncertainty for s in platform.standards])
    return certified + uncertainty * errors * noise


def sensor_readings(
    truth: dict[str, np.ndarray],
    t: np.ndarray,
    platform: Platform,
    seed: int,
    rng: np.random.Generator | None,
) -> dict[str, np.ndarray]:
    """Simulate readings of sensors: true values with white noise and slow drift."""
    out = {n: truth[n].copy() for n in ("latitude", "longitude", "wind_speed")}
    for number, name in enumerate(("SST", "T_equ", "salinity", "P_equ", "P_atm")):
        values = truth[name].copy()
        if rng is not None:
            source = platform.variables.get(name)
            sigma = source.uncertainty if source else None
            sigma = _DEFAULT_NOISE[name] if sigma is None else sigma
            drawn = np.random.default_rng(np.random.SeedSequence([seed, 5, number]))
            slow = waves(drawn, 1800.0, 30000.0, 12)(t)
            values += sigma * (0.8 * rng.standard_normal(t.size) + 0.6 * slow)
        out[name] = values
    return out


def stream_rows(
    world: World, platform: Platform, span: tuple[float, float], seed: int, noise: bool
) -> SimulatedRows:
    """Simulate a second stream with readings every ten seconds."""
    t = np.arange(np.ceil(span[0] / 10.0) * 10.0, span[1], 10.0)
    truth = world.truth(t)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 6, int(span[0])]))
    measured = sensor_readings(truth, t, platform, seed, rng if noise else None)
    return SimulatedRows(t, np.full(t.size, "", dtype=object), measured, truth)
