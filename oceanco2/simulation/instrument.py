"""Timetable and readings of instruments for true values, with noise."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from oceanco2 import physics
from oceanco2.alignment import chain_of
from oceanco2.dates import DAY_SECONDS, SECOND
from oceanco2.platforms import Platform
from oceanco2.simulation.world import World, waves
from oceanco2.vocabulary import RUN_TYPES

SET_SECONDS = 3 * 3600  # from one set of standards to the next
_STANDARD, _AIR, _WATER = 300, 120, 103  # seconds between readings
_DAY = int(DAY_SECONDS)
_MIDNIGHT_RUNS = ((5, "SHUT DOWN"), (10, "WAKE UP"), (40, "FILTER"))
_AIR_ROWS, _DRAIN_INTERVAL = 5, 35


def timetable(platform: Platform, begin: float, end: float, last: float) -> tuple:
    """List times and labels of the readings of the analyser."""
    runs = list(dict.fromkeys(s.run for s in platform.standards))
    labels_of = run_labels(platform)
    drain_suffix = (
        "-DRAIN"
        if is_known_run(platform, f"{labels_of['water']}-DRAIN", "same")
        else ""
    )
    seconds: list[int] = []
    labels: list[str] = []
    first = int(begin // SET_SECONDS) * SET_SECONDS
    for start in range(first, int(end) + 1, SET_SECONDS):
        t = start + 60
        if start % _DAY == 0:  # the system restarts at midnight
            restart = _MIDNIGHT_RUNS if start else _MIDNIGHT_RUNS[1:]
            seconds += [start + s for s, _ in restart]
            labels += [label for _, label in restart]
        for run in runs:
            t += _STANDARD
            seconds.append(t)
            labels.append(run)
        if start + SET_SECONDS > last:
            break
        for _ in range(_AIR_ROWS):
            t += _AIR
            seconds.append(t)
            labels.append(labels_of["air"])
        number = 0
        t += 2 * _WATER
        while t + _WATER < start + SET_SECONDS:
            drain = number % _DRAIN_INTERVAL == _DRAIN_INTERVAL - 1
            seconds.append(t)
            labels.append(labels_of["water"] + (drain_suffix if drain else ""))
            t, number = t + _WATER, number + 1
    times = np.array(seconds, dtype=float)
    # The last day includes the complete closing set of standards.
    selected = (times >= begin) & ((times < end) | (end >= last))
    for _, event in _MIDNIGHT_RUNS:
        if not is_known_run(platform, event, "ignored"):
            selected &= np.array([label != event for label in labels])
    return times[selected], np.array(labels, dtype=object)[selected]


def is_known_run(platform: Platform, label: str, required_type: str) -> bool:
    """Whether the platform file knows a label with this run type."""
    if platform.files[platform.main_file()].reader == "general_oceanics":
        return True
    runs = platform.runs
    if runs is None:
        return False
    run_types = (
        run_type for text, run_type in runs.labels.items() if _matches(label, text)
    )
    return required_type in run_types or (
        required_type == "ignored" and runs.unknown == "ignored"
    )


def _matches(label: str, pattern: str) -> bool:
    return fnmatchcase(label.upper(), pattern.strip().upper())


def run_labels(platform: Platform) -> dict[str, str]:
    """Labels of water and air of the platform."""
    labels = platform.runs.labels if platform.runs else {}
    result = {}
    for kind, default in (("water", "EQU"), ("air", "ATM")):
        patterns = [
            label.strip() for label, run_type in labels.items() if run_type == kind
        ]
        exact = [label for label in patterns if "*" not in label]
        matches = any(_matches(default, label) for label in patterns)
        without_stars = [
            label.replace("*", "") for label in patterns if label.replace("*", "")
        ]
        result[kind] = (
            exact or ([default] if matches else without_stars) or [default]
        )[0]
    return result


def run_type_of(label: str, platform: Platform) -> int:
    """Run type of a logged label."""
    base = label.removesuffix("-DRAIN")
    if base in {s.run for s in platform.standards}:
        return RUN_TYPES["standard"]
    label_of = run_labels(platform)
    for kind in ("water", "air"):
        if base == label_of[kind]:
            return RUN_TYPES[kind]
    return RUN_TYPES["ignored"]


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
        later = t >= since / SECOND
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
