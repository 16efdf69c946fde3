"""What instruments make of the truth: analyser, sensors, lags and noise."""

from dataclasses import dataclass

import numpy as np

from oceanco2 import physics
from oceanco2.platforms import Platform
from oceanco2.simulation.schedule import Words, timetable
from oceanco2.simulation.world import World, waves
from oceanco2.units import to_canonical
from oceanco2.vocabulary import RUN_TYPES, VARIABLES

STREAM_SECONDS = 10.0  # from reading to reading of sensors beside the analyser
_CALIBRATED = {"water": "xCO2_water_Tequ_dry", "air": "xCO2_atm_dry_actual"}
#: What belongs to the water that passed the intake some time ago.
_OF_WATER = ("SST", "salinity", "T_equ", "fCO2_water_SST_wet")
#: Where a platform file states no uncertainty, sensors are this noisy.
_USUAL = {
    "SST": 0.02,
    "T_equ": 0.02,
    "salinity": 0.02,
    "P_equ": 0.3,
    "P_atm": 0.3,
    "xCO2": 0.05,
}
_FLOWS = {"water": 84.0, "air": 106.0, "standard": 62.0}  # gas, mL min-1


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


@dataclass(frozen=True, slots=True)
class Cruise:
    """What all days of a simulation share.

    Attributes
    ----------
    world : World
        The truth.
    platform : Platform
        Columns, standards, lags and uncertainties.
    words : Words
        Labels of the run types.
    start : numpy.datetime64
        Start of the cruise.
    last : float
        Its end [s since the start].
    seed : int
        Source of chance.
    noise : bool
        False for ideal sensors and cylinders.
    """

    world: World
    platform: Platform
    words: Words
    start: np.datetime64
    last: float
    seed: int
    noise: bool

    def chance(self, *key: int) -> np.random.Generator:
        """Return a stream of chance of its own.

        Parameters
        ----------
        *key : int
            What it is for.

        Returns
        -------
        numpy.random.Generator
            The same for the same seed and key.
        """
        return np.random.default_rng(np.random.SeedSequence([self.seed, *key]))

    def lag_of(self, name: str) -> float:
        """Return how much later the main stream sees what a sensor sees.

        Parameters
        ----------
        name : str
            Canonical variable.

        Returns
        -------
        float
            Seconds; 0 for what the main stream measures itself.
        """
        source = self.platform.variables.get(name)
        if source is None or source.value is not None:
            return 0.0
        main = self.platform.file_of(source) == self.platform.main_file()
        return 0.0 if main else source.lag_seconds


def analyser_rows(cruise: Cruise, begin: float, end: float) -> Rows:
    """Read the analyser for a part of the cruise.

    Parameters
    ----------
    cruise : Cruise
        World and platform.
    begin, end : float
        The part [s].

    Returns
    -------
    Rows
        Readings and truth.
    """
    platform, words = cruise.platform, cruise.words
    t, labels = timetable(words, begin, end, cruise.last)
    truth = cruise.world.truth(t)
    lag = cruise.lag_of("SST")
    if lag:
        # The water in the equilibrator passed the intake some time ago.
        earlier = cruise.world.truth(t - lag)
        truth |= {name: earlier[name] for name in _OF_WATER}
    _settle(truth, platform)
    truth["xCO2_water_Tequ_dry"] = true_mole_fraction(truth, platform)
    codes = [RUN_TYPES[words.meaning[x]] for x in labels]
    run_type = truth["run_type"] = np.array(codes, dtype=np.int8)
    gas = np.full(t.size, np.nan)
    for word, name in _CALIBRATED.items():
        gas = np.where(run_type == RUN_TYPES[word], truth[name], gas)
    aside = _diagnostics(truth, run_type)
    readings = gas
    if platform.calibration.moisture_correction or not platform.variables["xCO2"].dry:
        readings = gas * (1.0 - aside["xH2O"] / 1000.0)
    for run, content in _cylinders(cruise, t).items():
        here = np.isin(labels, _tapped(run, words))
        readings = np.where(here, content, readings)
    readings = (readings - truth["offset"]) / truth["gain"]
    rng = cruise.chance(3, int(begin)) if cruise.noise else None
    if rng is not None:
        readings = readings + _sigma(platform, "xCO2") * rng.standard_normal(t.size)
    measured = _sensed(cruise, truth, t, rng) | aside | {"xCO2": readings}
    for word, name in _CALIBRATED.items():
        measured[name] = np.where(run_type == RUN_TYPES[word], gas, np.nan)
    return Rows(t, labels, measured, truth)


def stream_rows(cruise: Cruise, begin: float, end: float) -> Rows:
    """Read the streams beside the analyser.

    Parameters
    ----------
    cruise : Cruise
        World and platform.
    begin, end : float
        Part of the cruise [s].

    Returns
    -------
    Rows
        Readings without run types.
    """
    step = STREAM_SECONDS
    t = np.arange(np.ceil(begin / step) * step, end, step)
    truth = cruise.world.truth(t)
    intake = cruise.lag_of("SST")
    shifted: dict[float, dict[str, np.ndarray]] = {0.0: truth}
    ahead: dict[str, np.ndarray] = {}
    for name in truth:
        # A sensor sees what the main stream will see after the sensor's lag; water in
        # the main stream is that of the intake.
        lag = cruise.lag_of(name)
        late = lag - intake if name in _OF_WATER and lag else lag
        if late not in shifted:
            shifted[late] = cruise.world.truth(t + late)
        ahead[name] = shifted[late][name]
    _settle(ahead, cruise.platform)
    rng = cruise.chance(6, int(begin)) if cruise.noise else None
    aside = _diagnostics(ahead, np.zeros(t.size, dtype=np.int8))
    measured = _sensed(cruise, ahead, t, rng) | aside
    return Rows(t, np.full(t.size, "", dtype=object), measured, ahead)


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


def _settle(truth: dict[str, np.ndarray], platform: Platform) -> None:
    """Make true what a platform file says is so: constants, and columns that serve two.

    One column for two variables (pressure of the air and of an equilibrator that is
    open to it) means that both are the same.
    """
    first: dict[tuple[str, ...], str] = {}
    for name, source in platform.variables.items():
        if name not in truth:
            continue
        if source.value is not None:
            units = VARIABLES[name].units
            value = to_canonical(source.value, source.units or units, units)
            truth[name] = np.full(truth[name].shape, float(value))
            continue
        columns = (platform.file_of(source), *source.columns, str(source.occurrence))
        same = first.setdefault(columns, name)
        truth[name] = truth[same].copy()


def _diagnostics(
    truth: dict[str, np.ndarray], run_type: np.ndarray
) -> dict[str, np.ndarray]:
    """Tell what the instrument says of itself."""
    size = run_type.size
    flow = np.full(size, 3.0)
    for word, value in _FLOWS.items():
        flow[run_type == RUN_TYPES[word]] = value
    tapped = np.isin(run_type, [RUN_TYPES[w] for w in ("standard", "zero", "span")])
    flow[tapped] = _FLOWS["standard"]
    return {
        "xH2O": np.where(tapped, 0.02, 0.5),
        "gas_flow": flow,
        "water_flow": truth["water_flow"],
        "vent_flow": np.full(size, 0.1),
        "T_analyser": np.full(size, 35.0),
        "P_analyser": truth["P_equ"] - 0.5,
        "T_condenser": np.full(size, 5.0),
        "ship_speed": truth["ship_speed"],
        "T_atm": truth["T_atm"],
    }


def _tapped(run: str, words: Words) -> list[str]:
    """Labels of rows that read a cylinder; zero and span are the ends of the set."""
    ends = {words.standards[0]: f"{run}z", words.standards[-1]: f"{run}s"}
    return [run, *words.known(ends.get(run, run))]


def _cylinders(cruise: Cruise, t: np.ndarray) -> dict[str, np.ndarray]:
    """Draw what is really in the cylinders; one may be replaced at sea."""
    standards = cruise.platform.standards
    errors = cruise.chance(4).standard_normal(len(standards)) * cruise.noise
    moments = cruise.start + (t * 1e3).astype("timedelta64[ms]")
    out: dict[str, np.ndarray] = {}
    order = sorted(range(len(standards)), key=lambda i: standards[i].valid_from)
    for i in order:
        entry = standards[i]
        content = entry.xCO2 + entry.uncertainty * errors[i]
        since = np.datetime64(entry.valid_from.replace(tzinfo=None), "ms")
        before = out.get(entry.run, np.full(t.size, content))
        out[entry.run] = np.where(moments >= since, content, before)
    return out


def _sigma(platform: Platform, name: str) -> float:
    source = platform.variables.get(name)
    stated = source.uncertainty if source else None
    if stated is None and source and source.sensor in platform.sensors:
        entries = platform.sensors[source.sensor].calibrations
        stated = max((c.uncertainty or 0.0 for c in entries), default=0.0) or None
    return _USUAL[name] if stated is None else stated


def _sensed(
    cruise: Cruise,
    truth: dict[str, np.ndarray],
    t: np.ndarray,
    rng: np.random.Generator | None,
) -> dict[str, np.ndarray]:
    """Let sensors read the truth, with white and slow errors."""
    out = {n: truth[n].copy() for n in ("latitude", "longitude", "wind_speed")}
    for number, name in enumerate(("SST", "T_equ", "salinity", "P_equ", "P_atm")):
        values = truth[name].copy()
        if rng is not None:
            slow = waves(cruise.chance(5, number), 1800.0, 30000.0, 12)(t)
            error = 0.8 * rng.standard_normal(t.size) + 0.6 * slow
            values += _sigma(cruise.platform, name) * error
        out[name] = values
    return out
