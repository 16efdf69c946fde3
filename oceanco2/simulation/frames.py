"""A MAPCO2 that does not exist: cycles of zero, span, water and air as sent."""

import numpy as np

from oceanco2 import physics
from oceanco2.platforms import Platform
from oceanco2.simulation.instrument import Rows, sensed, true_mole_fraction
from oceanco2.simulation.world import World
from oceanco2.vocabulary import RUN_TYPES

_CYCLE = 10800.0  # s
#: Lines of a frame: state, minute, run type.
LINES = (
    ("zero on", 0, "zero"),
    ("zero off", 1, "zero"),
    ("zero postcal", 2, "zero"),
    ("span on", 3, "span"),
    ("span off", 4, "span"),
    ("span postcal", 5, "span"),
    ("equil on", 16, "ignored"),
    ("equil off", 17, "water"),
    ("air on", 18, "ignored"),
    ("air off", 18, "air"),
)
_SPAN = 650.0  # umol mol-1
_DRY = 36.0  # what the humidity sensor shows in dry gas, percent
_HUMID = {"water": 71.0, "air": 67.0}
#: Residuals of zero and span drift from cycle to cycle [umol mol-1 a day].
_DRIFT = 0.05


def frame_rows(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    _start: np.datetime64,
    seed: int,
    noise: bool,
) -> Rows:
    """Read a moored system for a part of its deployment.

    Parameters
    ----------
    world : World
        The truth.
    platform : Platform
        Its ``reduction`` and uncertainties.
    span : tuple of float
        Begin and end of the part, and end of the deployment [s].
    _start : numpy.datetime64
        Not needed: nothing has a date.
    seed : int
        Source of the noise.
    noise : bool
        False for an ideal analyser.

    Returns
    -------
    Rows
        Ten rows a cycle and the truth.
    """
    begins = np.arange(np.ceil(span[0] / _CYCLE) * _CYCLE, span[1], _CYCLE)
    minutes = np.array([60.0 * minute for _, minute, _ in LINES])
    minutes[-1] += 30.0  # the second line of its minute
    t = (begins[:, None] + minutes).ravel()
    labels = np.tile(np.array([s for s, _, _ in LINES], dtype=object), begins.size)
    codes = np.array([RUN_TYPES[word] for *_, word in LINES], dtype=np.int8)
    truth = world.truth(t)
    # The gas of the equilibrator is at the temperature of the sea and at air pressure.
    truth |= {"T_equ": truth["SST"].copy(), "P_equ": truth["P_atm"].copy()}
    truth["xCO2_water_SST_dry"] = true_mole_fraction(truth, platform)
    truth |= {
        "run_type": np.tile(codes, begins.size),
        "gain": np.ones(t.size),
        "offset": _DRIFT * t / 86400.0,
    }
    rng = np.random.default_rng(np.random.SeedSequence([seed, 9, int(span[0])]))
    measured = _readings(truth, labels, t, rng if noise else None)
    measured |= {
        key: values
        for key, values in sensed(
            truth, t, platform, seed, rng if noise else None
        ).items()
        if key not in measured
    }
    return Rows(t, labels, measured, truth)


def _readings(
    truth: dict[str, np.ndarray],
    labels: np.ndarray,
    t: np.ndarray,
    rng: np.random.Generator | None,
) -> dict[str, np.ndarray]:
    """Gas, humidity and pressure of each line."""
    run_type = truth["run_type"]
    water = np.array([str(label).startswith("equil") for label in labels])
    air = np.array([str(label).startswith("air") for label in labels])
    pumped = np.array([str(label).endswith(" on") for label in labels])
    humidity = np.full(t.size, _DRY)
    humidity[water], humidity[air] = _HUMID["water"], _HUMID["air"]
    pressure = truth["P_atm"] - 60.0 * pumped
    warmth = 25.0 + 2.0 * np.sin(2.0 * np.pi * t / 86400.0)
    full = physics.water_vapour_pressure(
        warmth, 0.0 * warmth, "buck_licor", on_range="ignore"
    )
    vapour = (humidity - _DRY) / 100.0 * full
    gas = np.zeros(t.size)
    gas[run_type == RUN_TYPES["span"]] = _SPAN
    gas = np.where(water, truth["xCO2_water_SST_dry"], gas)
    gas = np.where(air, truth["xCO2_atm_dry_actual"], gas)
    readings = gas * (1.0 - vapour / pressure)
    # Zero and span are set in each cycle; what drifts since, the residuals show.
    readings = readings + truth["offset"]
    if rng is not None:
        readings = readings + 0.3 * rng.standard_normal(t.size)
        humidity = np.rint(humidity + 0.3 * rng.standard_normal(t.size))
    return {
        "xCO2": readings,
        "RH": humidity,
        "T_RH": warmth,
        "P_analyser": pressure,
        "T_analyser": warmth + 1.0,
        "oxygen_percent": np.full(t.size, 20.7),
    }


def frame_texts(rows: Rows, start: np.datetime64, digits: int) -> list[str]:
    """Print frames as the system sends them.

    Parameters
    ----------
    rows : Rows
        From `frame_rows`.
    start : numpy.datetime64
        Start of the deployment.
    digits : int
        Decimals of an ideal system; a real one prints few.

    Returns
    -------
    list of str
        Lines.
    """
    lines: list[str] = []
    for first in range(0, rows.seconds.size, len(LINES)):
        lines += _frame(rows, first, start, 2 if digits <= 5 else digits)
    return lines


def _frame(rows: Rows, first: int, start: np.datetime64, digits: int) -> list[str]:
    one = {
        name: values[first : first + len(LINES)]
        for name, values in rows.measured.items()
    }
    seconds = np.rint(rows.seconds[first]).astype("timedelta64[s]")
    moment = str((start + seconds).astype("datetime64[s]"))
    day, clock = moment.split("T")
    year, month, date = day.split("-")
    lines = [
        f"NORM 00000 00000 {year}/{month}/{date} {clock}    DEMO 0001 06.09 03/27/2015",
        f"{month}/{date}/{year} {clock} {_place(one['latitude'][0], 'NS', 2)}"
        f" {_place(one['longitude'][0], 'EW', 3)} 0040",
        "10.4 10.1 00.877898 00.714991 00.000000 0000 00.000 0.000 00.00000 0.0000"
        " 00.0000 0.0000 000.0 0.00 000.0 0.00 000 000 000.0",
    ]
    wide = max(digits, 2)
    humid = 0 if digits == 2 else digits
    for i, (_, minute, _) in enumerate(LINES):
        lines.append(
            f"{minute:02d} {one['T_analyser'][i]:.2f} 0.025"
            f" {one['P_analyser'][i] / 10.0:.{wide}f} 0.01"
            f" {one['xCO2'][i]:.{wide}f} 0.30"
            f" {one['oxygen_percent'][i]:.2f} 0.0 {one['RH'][i]:.{humid}f} 0.1"
            f" {one['T_RH'][i]:.{max(1, humid)}f} 0.03 03746535 00239 03287995 00325"
        )
    water, salt = one["SST"][7], one["salinity"][7]
    return [
        *lines,
        "SW_xCO2(dry) 9999.99 Atm_xCO2(dry) 9999.99",
        "",
        "SBE16 DATA",
        f" {water:.{wide + 2}f} 00.0030 9999.999 9999.999",
        " 99.9999 99.9999 9999.99999 9999.99999",
        f" {salt:.{wide + 2}f} 000.0002 9999.999 9999.999",
        "END SBE16",
        "",
    ]


def _place(degrees: float, letters: str, width: int) -> str:
    letter = letters[int(degrees < 0)]
    whole, minutes = divmod(round(abs(float(degrees)) * 60.0, 4), 60.0)
    return f"{int(whole):0{width}d}{minutes:07.4f} {letter}"
