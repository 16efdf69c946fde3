"""Simulated MAPCO2: cycles of zero, span, water and air, printed as transmitted."""

from collections.abc import Collection

import numpy as np

from oceanco2 import physics
from oceanco2.dates import DAY_SECONDS
from oceanco2.physics import mapco2_dry_mole_fraction
from oceanco2.platforms import Platform
from oceanco2.simulation.instrument import (
    SimulatedRows,
    sensor_readings,
    standards_at,
    true_contents,
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
#: Lines before the system sets its zero and span in this cycle.
_BEFORE_SETTING = ("zero on", "zero off", "span on", "span off")
_SPAN = 650.0  # umol mol-1, if the platform file has no span gas
_DRY_HUMIDITY = 36.0  # reading of the humidity sensor in dry gas, percent
_HUMIDITY = {"equil": 71.0, "air": 67.0, "zero": 62.0}
#: Errors of zero and span gas readings after setting [umol mol-1].
_ZERO_LEFT, _SPAN_LEFT = 0.7, 1.5
_NOISE = {"xCO2": 0.3, "RH": 0.3}


def frame_rows(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> SimulatedRows:
    """Simulate the readings of a moored system for a part of its deployment."""
    begins = np.arange(np.ceil(span[0] / _CYCLE) * _CYCLE, span[1], _CYCLE)
    minutes = np.array([60.0 * minute for _, minute, _ in LINES])
    t = (begins[:, None] + minutes).ravel()
    labels = np.tile(_STATES, begins.size)
    codes = np.array([RUN_TYPES[word] for *_, word in LINES], dtype=np.int8)
    truth = world.truth(t)
    # The equilibrator gas is at sea temperature and air pressure.
    truth |= {"T_equ": truth["SST"].copy(), "P_equ": truth["P_atm"].copy()}
    truth["xCO2_water_SST_dry"] = true_mole_fraction(truth, platform)
    truth["run_type"] = np.tile(codes, begins.size)
    gas = _span_gas(platform, labels, t, start)
    truth |= _analyser_response(world, np.repeat(begins, len(LINES)), labels, gas)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 9, int(span[0])]))
    measured = sensor_readings(truth, t, platform, seed, rng if noise else None)
    true_gas = gas * _true_ratio(platform, labels, t, start, seed) if noise else gas
    measured |= _cycle_readings(truth, measured, labels, true_gas, t)
    measured |= _system_status(truth, t)
    if noise:
        for name, default in _NOISE.items():
            source = platform.variables.get(name)
            sigma = source.uncertainty if source else None
            sigma = default if sigma is None else sigma
            white = sigma * rng.standard_normal(t.size)
            measured[name] = measured[name] + white
    return SimulatedRows(t, labels, measured, truth)


def _span_gas(
    platform: Platform, labels: np.ndarray, t: np.ndarray, start: np.datetime64
) -> np.ndarray:
    """Certified mole fraction of the span gas in use [umol mol-1]."""
    which = _span_standard(platform, labels, t, start)
    certified = np.array([s.xCO2 for s in platform.standards] or [_SPAN])
    return np.where(which >= 0, certified[which], _SPAN)


def _span_standard(
    platform: Platform, labels: np.ndarray, t: np.ndarray, start: np.datetime64
) -> np.ndarray:
    return standards_at(platform, np.full(labels.size, "span", object), t, start)


def _true_ratio(
    platform: Platform,
    labels: np.ndarray,
    t: np.ndarray,
    start: np.datetime64,
    seed: int,
) -> np.ndarray:
    """Ratio of true to certified mole fraction of the span gas."""
    if not platform.standards:
        return np.ones(labels.size)
    which = _span_standard(platform, labels, t, start)
    drawn = true_contents(platform, seed, noise=True)
    certified = np.array([s.xCO2 for s in platform.standards])
    ratio = drawn / np.where(certified > 0.0, certified, 1.0)
    return np.where(which >= 0, ratio[which], 1.0)


def _analyser_response(
    world: World, begins: np.ndarray, labels: np.ndarray, gas: np.ndarray
) -> dict[str, np.ndarray]:
    """Gain and offset: drifting before the system sets them, small errors after."""
    drift = world.truth(begins)
    zero = _ZERO_LEFT + 0.1 * (drift["offset"] - 0.9)
    span = gas + _SPAN_LEFT + gas * (drift["gain"] - 1.003)
    is_before = np.isin(labels, _BEFORE_SETTING)
    gain = gas / (span - zero)
    return {
        "gain": np.where(is_before, drift["gain"], gain),
        "offset": np.where(is_before, drift["offset"], -zero * gain),
    }


def _cycle_readings(
    truth: dict[str, np.ndarray],
    measured: dict[str, np.ndarray],
    labels: np.ndarray,
    span_gas: np.ndarray,
    t: np.ndarray,
) -> dict[str, np.ndarray]:
    """Gas, humidity and pressure of each line."""
    kind = np.array([str(label).split(" ", maxsplit=1)[0] for label in labels])
    pumped = np.array([str(label).endswith(" on") for label in labels])
    humidity = np.full(t.size, _DRY_HUMIDITY)
    for name, value in _HUMIDITY.items():
        humidity[kind == name] = value
    # The span gas flows under pressure and slowly dries the humidity sensor.
    humidity[labels == "span on"] = 27.0
    humidity[labels == "span postcal"] = 45.0
    flows = pumped & (kind == "span")
    pumping = np.where(flows, 24.0, np.where(pumped, -60.0, 0.0))
    pressure = measured["P_atm"] + pumping
    temperature = 25.0 + 2.0 * np.sin(2.0 * np.pi * t / DAY_SECONDS)
    gas = np.zeros(t.size)
    gas = np.where(kind == "span", span_gas, gas)
    gas = np.where(kind == "equil", truth["xCO2_water_SST_dry"], gas)
    gas = np.where(kind == "air", truth["xCO2_atm_dry_actual"], gas)
    wet = np.isin(kind, ("equil", "air"))
    vapour = physics.vapour_of_humidity(humidity, _DRY_HUMIDITY, temperature)
    humid = gas * np.where(wet, 1.0 - vapour / pressure, 1.0)
    return {
        "xCO2": (humid - truth["offset"]) / truth["gain"],
        "RH": humidity,
        "T_RH": temperature,
        "P_analyser": pressure,
        "T_analyser": temperature + 1.0,
        "oxygen_percent": np.where(kind == "equil", 20.6, 20.8),
    }


def _system_status(
    truth: dict[str, np.ndarray], t: np.ndarray
) -> dict[str, np.ndarray]:
    """Diagnostics of the system; status 0 means no error."""
    slow = np.sin(2.0 * np.pi * t / (9.0 * DAY_SECONDS))
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


_FRAME_ROWS = len(LINES)


def frame_texts(
    rows: SimulatedRows,
    times: np.ndarray,
    digits: int,
    truncated: Collection[int] = (),
    repeated: Collection[int] = (),
) -> list[str]:
    """Print frames as the system sends them."""
    lines: list[str] = []
    extra = digits if digits > 5 else 0
    for first in range(0, rows.seconds.size, _FRAME_ROWS):
        rows_of_frame = slice(first, first + _FRAME_ROWS)
        cycle = {name: values[rows_of_frame] for name, values in rows.measured.items()}
        frame = _frame_lines(cycle, times[first], extra)
        for row in range(first, first + _FRAME_ROWS):
            if row in truncated:
                line = frame[3 + row - first]
                frame[3 + row - first] = line[: int(len(line) * 0.6)]
        lines += frame
        if not set(range(first, first + _FRAME_ROWS)).isdisjoint(repeated):
            lines += frame
    return lines


def _frame_lines(
    cycle: dict[str, np.ndarray], time: np.datetime64, extra: int
) -> list[str]:
    begin = time.astype("datetime64[s]") - np.timedelta64(60 * LINES[0][1], "s")
    day, clock = str(begin).split("T")
    year, month, day_of_month = day.split("-")
    latitude = _position_text(cycle["latitude"][0], "NS", 2)
    longitude = _position_text(cycle["longitude"][0], "EW", 3)
    lines = [
        f"NORM 00000 00000 {year}/{month}/{day_of_month} {clock}"
        "    DEMO 0001 06.09 03/27/2015",
        f"{month}/{day_of_month}/{year} {clock} {latitude} {longitude} 0040",
        _system_line(cycle, extra),
    ]
    lines += [
        _reading_line(cycle, i, minute, extra) for i, (_, minute, _) in enumerate(LINES)
    ]
    water, air = (
        _dry_mole_fraction(cycle, state) for state in ("equil off", "air off")
    )
    return [*lines, f"SW_xCO2(dry) {water:07.2f} Atm_xCO2(dry) {air:07.2f} ", ""]


def _system_line(cycle: dict[str, np.ndarray], extra: int) -> str:
    flags = f"{int(cycle['span_status'][0]):02X}{int(cycle['zero_status'][0]):02X}"
    names = ("zero_coefficient", "span_coefficient", "span2_coefficient")
    coefficients = " ".join(f"{cycle[name][0]:09.6f}" for name in names)
    # Once a cycle, with the gas of the equilibrator.
    row = [state_name for state_name, _, _ in LINES].index("equil off")
    water = [float(cycle[name][row]) for name in ("SST", "salinity")]
    # Zeros without values, as for systems without a thermosalinograph.
    sst, salinity = water if np.isfinite(water).all() else (0.0, 0.0)
    conductivity = 0.0 if salinity == 0.0 else 4.0
    return (
        f"10.4 10.1 {coefficients} {flags} {_zero_padded(sst, 2, 3 + extra)} 0.001"
        f" {conductivity:08.5f} 0.0000 {_zero_padded(salinity, 2, 4 + extra)} 0.0000"
        " 000.0 0.00 000.0 0.00 000 000 000.0"
    )


def _reading_line(cycle: dict[str, np.ndarray], i: int, minute: int, extra: int) -> str:
    value = {name: float(values[i]) for name, values in cycle.items()}
    humidity = (
        f"{value['RH']:02.0f}" if not extra else _zero_padded(value["RH"], 2, extra)
    )
    return (
        f"{minute:02d} {_zero_padded(value['T_analyser'], 2, 2)} 0.025"
        f" {_zero_padded(value['P_analyser'] / 10.0, 3, 2 + extra)} 00.01"
        f" {_zero_padded(value['xCO2'], 4, 2 + extra)}"
        f" {_zero_padded(value['xCO2_std'], 2, 2)}"
        f" {_zero_padded(value['oxygen_percent'], 2, 2)} 0.0 {humidity} 0.1"
        f" {_zero_padded(value['T_RH'], 2, 1 + extra)} 0.03"
        f" {value['signal_detector']:08.0f} 00239"
        f" {value['signal_reference']:08.0f} 00325"
    )


def _zero_padded(value: float, digits: int, decimals: int) -> str:
    """Print with leading zeros, so that all lines have the same length."""
    return f"{value:0{digits + 1 + decimals}.{decimals}f}"


def _dry_mole_fraction(cycle: dict[str, np.ndarray], state: str) -> float:
    """Dry mole fraction as computed by the system."""
    row_of_state = {
        state_name: number for number, (state_name, _, _) in enumerate(LINES)
    }
    i, span = row_of_state[state], row_of_state["span off"]
    names = ("xCO2", "P_analyser", "RH", "T_RH")
    xco2, pressure, humidity, temperature = (float(cycle[name][i]) for name in names)
    dry_humidity = float(cycle["RH"][span])
    return float(
        mapco2_dry_mole_fraction(xco2, pressure, humidity, temperature, dry_humidity)
    )


def _position_text(degrees: float, letters: str, width: int) -> str:
    letter = letters[int(degrees < 0)]
    degree, minutes = divmod(round(abs(float(degrees)) * 60.0, 4), 60.0)
    return f"{int(degree):0{width}d}{minutes:07.4f} {letter}"
