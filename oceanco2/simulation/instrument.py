"""What instruments make of the truth: timetable, analyser, sensors and their noise."""

from dataclasses import dataclass

import numpy as np

from oceanco2 import physics
from oceanco2.platforms import Platform
from oceanco2.simulation.world import World, waves
from oceanco2.vocabulary import RUN_TYPES

SET_SECONDS = 3 * 3600  # from one set of standards to the next
_STANDARD, _AIR, _WATER = 300, 120, 103  # seconds between readings
_AIR_ROWS, _DRAIN_EVERY = 5, 35
_CALIBRATED = {"water": "xCO2_water_Tequ_dry", "air": "xCO2_atm_dry_actual"}
#: Where a platform file states no uncertainty, sensors are this noisy.
_USUAL = {"SST": 0.02, "T_equ": 0.02, "salinity": 0.02, "P_equ": 0.3, "P_atm": 0.3}


@dataclass(slots=True)
class Rows:
    """Readings of one day at one rhythm.

    Attributes
    ----------
    seconds : ndarray
        Seconds since the start of the cruise.
    labels : ndarray of object
        Run type of each row; empty for streams without.
    measured : dict of str to ndarray
        Canonical variable to reading, canonical units.
    truth : dict of str to ndarray
        Canonical variable to true value.
    """

    seconds: np.ndarray
    labels: np.ndarray
    measured: dict[str, np.ndarray]
    truth: dict[str, np.ndarray]


def timetable(platform: Platform, begin: float, end: float, last: float) -> tuple:
    """List when the analyser reads what.

    Parameters
    ----------
    platform : Platform
        Its standards.
    begin, end : float
        Part of the cruise that is wanted [s].
    last : float
        End of the cruise [s]; a set of standards closes it.

    Returns
    -------
    seconds : ndarray
        Whole seconds.
    labels : ndarray of object
        Run types as logged.
    """
    runs = list(dict.fromkeys(s.run for s in platform.standards))
    words = _words(platform)
    seconds: list[int] = []
    labels: list[str] = []
    first = int(begin // SET_SECONDS) * SET_SECONDS
    for start in range(first, int(end) + 1, SET_SECONDS):
        t = start + 60
        if start == 0:
            seconds += [10, 40]
            labels += ["WAKE UP", "FILTER"]
        for run in runs:
            t += _STANDARD
            seconds.append(t)
            labels.append(run)
        if start + SET_SECONDS > last:
            break
        for _ in range(_AIR_ROWS):
            t += _AIR
            seconds.append(t)
            labels.append(words["air"])
        number = 0
        t += 2 * _WATER
        while t + _WATER < start + SET_SECONDS:
            drain = number % _DRAIN_EVERY == _DRAIN_EVERY - 1
            seconds.append(t)
            labels.append(words["water"] + ("-DRAIN" if drain else ""))
            t, number = t + _WATER, number + 1
    at = np.array(seconds, dtype=float)
    # The last day keeps the closing set of standards whole.
    here = (at >= begin) & ((at < end) | (end >= last))
    return at[here], np.array(labels, dtype=object)[here]


def _words(platform: Platform) -> dict[str, str]:
    labels = platform.runs.labels if platform.runs else {}
    words = {"water": "EQU", "air": "ATM"}
    for label, word in labels.items():
        if word in words and "*" not in label:
            words[word] = label
    return words


def true_mole_fraction(truth: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
    """Find what an ideal analyser reads: the recipe of the reduction, backwards.

    Parameters
    ----------
    truth : dict of str to ndarray
        ``fCO2_water_SST_wet``, ``SST``, ``T_equ``, ``salinity``, ``P_equ``.
    platform : Platform
        Its ``reduction`` names the formulas.

    Returns
    -------
    ndarray
        Dry mole fraction in the equilibrator [umol mol-1].
    """
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
    seed: int,
    noise: bool,
) -> Rows:
    """Read the analyser for a part of the cruise.

    Parameters
    ----------
    world : World
        The truth.
    platform : Platform
        Standards, lag and uncertainties.
    span : tuple of float
        Begin and end of the part, and end of the cruise [s].
    seed : int
        Source of the noise.
    noise : bool
        False for ideal sensors.

    Returns
    -------
    Rows
        Readings and truth.
    """
    t, labels = timetable(platform, *span)
    truth = world.truth(t)
    lag = platform.variables["SST"].lag_seconds if "SST" in platform.variables else 0.0
    if lag:
        # The water in the equilibrator passed the intake some time ago.
        earlier = world.truth(t - lag)
        for name in ("SST", "salinity", "fCO2_water_SST_wet", "T_equ"):
            truth[name] = earlier[name]
    truth["xCO2_water_Tequ_dry"] = true_mole_fraction(truth, platform)
    run_type = np.array([_run_type(x, platform) for x in labels], dtype=np.int8)
    gas = np.where(
        run_type == RUN_TYPES["air"],
        truth["xCO2_atm_dry_actual"],
        truth["xCO2_water_Tequ_dry"],
    )
    cylinders = cylinder_contents(platform, seed, noise)
    for run, content in cylinders.items():
        gas = np.where(labels == run, content, gas)
    truth["run_type"] = run_type
    rng = np.random.default_rng(np.random.SeedSequence([seed, 3, int(span[0])]))
    readings = (gas - truth["offset"]) / truth["gain"]
    sigma = platform.variables["xCO2"].uncertainty or 0.0
    if noise:
        readings = readings + sigma * rng.standard_normal(t.size)
    measured = sensed(truth, t, platform, seed, rng if noise else None)
    measured |= _diagnostics(truth, run_type)
    measured["xCO2"] = readings
    for word, name in _CALIBRATED.items():
        measured[name] = np.where(run_type == RUN_TYPES[word], gas, np.nan)
    return Rows(t, labels, measured, truth)


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
        "water_flow": truth["water_flow"],
        "vent_flow": np.full(size, 0.1),
        "T_analyser": np.full(size, 35.0),
        "P_analyser": truth["P_equ"] - 0.5,
        "T_condenser": np.full(size, 5.0),
    }


def _run_type(label: str, platform: Platform) -> int:
    plain = label.removesuffix("-DRAIN")
    if plain in {s.run for s in platform.standards}:
        return RUN_TYPES["standard"]
    words = _words(platform)
    for word in ("water", "air"):
        if plain == words[word]:
            return RUN_TYPES[word]
    return RUN_TYPES["ignored"]


def cylinder_contents(platform: Platform, seed: int, noise: bool) -> dict[str, float]:
    """Draw what is really in the cylinders.

    Parameters
    ----------
    platform : Platform
        Certificates and their uncertainties.
    seed : int
        Source of chance.
    noise : bool
        False for cylinders as certified.

    Returns
    -------
    dict of str to float
        Run to mole fraction [umol mol-1].
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    errors = rng.standard_normal(len(platform.standards))
    return {
        s.run: s.xCO2 + (s.uncertainty * e if noise else 0.0)
        for s, e in zip(platform.standards, errors, strict=True)
    }


def sensed(
    truth: dict[str, np.ndarray],
    t: np.ndarray,
    platform: Platform,
    seed: int,
    rng: np.random.Generator | None,
) -> dict[str, np.ndarray]:
    """Let sensors read the truth, with white and slow errors.

    Parameters
    ----------
    truth : dict of str to ndarray
        Canonical variables.
    t : ndarray
        Seconds since the start.
    platform : Platform
        Uncertainties of its variables.
    seed : int
        Source of the slow errors.
    rng : numpy.random.Generator or None
        Source of the white ones; None for ideal sensors.

    Returns
    -------
    dict of str to ndarray
        What is logged.
    """
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
    """Read a stream beside the analyser, every ten seconds.

    Parameters
    ----------
    world : World
        The truth.
    platform : Platform
        Uncertainties of its variables.
    span : tuple of float
        Begin and end [s].
    seed : int
        Source of the noise.
    noise : bool
        False for ideal sensors.

    Returns
    -------
    Rows
        Readings without run types.
    """
    t = np.arange(np.ceil(span[0] / 10.0) * 10.0, span[1], 10.0)
    truth = world.truth(t)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 6, int(span[0])]))
    measured = sensed(truth, t, platform, seed, rng if noise else None)
    return Rows(t, np.full(t.size, "", dtype=object), measured, truth)
