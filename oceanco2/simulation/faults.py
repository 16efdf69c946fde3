"""Faults that can be simulated, each selected by its name.

A fault changes the readings of a day and returns the analyser rows that it affects.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from oceanco2.dates import DAY_SECONDS, HOUR_SECONDS
from oceanco2.registry import Registry
from oceanco2.simulation.instrument import SET_SECONDS, SimulatedRows
from oceanco2.vocabulary import RUN_TYPES

_WATER = RUN_TYPES["water"]


@dataclass(slots=True)
class Day:
    """Readings of one day, changed by faults."""

    rows: SimulatedRows
    stream: SimulatedRows
    standards: tuple[str, ...]
    lag: float = 0.0
    clock_shift: np.ndarray = field(default_factory=lambda: np.zeros(0))
    is_logged: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    entered_factor: np.ndarray = field(default_factory=lambda: np.zeros(0))
    truncated: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)

    def water(self) -> np.ndarray:
        """Return the indices of the water rows."""
        return np.flatnonzero(self.rows.truth["run_type"] == _WATER)

    def intake(self, name: str, begin: float, end: float, values: float) -> None:
        """Change a sensor at the intake in both files."""
        for readings, lag in ((self.stream, 0.0), (self.rows, self.lag)):
            t = readings.seconds - lag
            readings.measured[name][(t >= begin) & (t < end)] += values


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that can be simulated."""

    name: str
    description: str
    needs: tuple[str, ...]
    spoil: Callable[[Day, np.random.Generator], np.ndarray]


FAULTS: Registry[Fault] = Registry("fault")


def fault(description: str, *needs: str) -> Callable:
    """Register a function as a fault, named without the leading underscore."""

    def decorate(function: Callable) -> Callable:
        name = function.__name__.removeprefix("_")
        FAULTS.add(name, Fault(name, description, needs, function))
        return function

    return decorate


def choose_rows(rng: np.random.Generator, rows: np.ndarray, number: int) -> np.ndarray:
    """Choose some rows."""
    return np.sort(rng.choice(rows, min(number, rows.size), replace=False))


def choose_period(rng: np.random.Generator, day: Day, seconds: float) -> np.ndarray:
    """Choose a period that begins in the first half of a day."""
    water = day.water()
    if not water.size:
        return water
    start = day.rows.seconds[int(rng.choice(water[: max(1, water.size // 2)]))]
    t = day.rows.seconds[water]
    return water[(t >= start) & (t < start + seconds)]


@fault("equilibrator temperature jumps for single readings", "T_equ")
def _spikes(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water()[2:-2:7], 4)
    day.rows.measured["T_equ"][rows] += rng.choice([-6.0, 6.0], rows.size)
    return rows


@fault("equilibrator pressure reads zero", "P_equ")
def _dropouts(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water(), 6)
    day.rows.measured["P_equ"][rows] = 0.0
    return rows


@fault("intake temperature is empty for twenty minutes", "SST")
def _blank_intake(day: Day, rng: np.random.Generator) -> np.ndarray:
    begin = rng.uniform(0.2, 0.6) * (day.stream.seconds[-1] - day.stream.seconds[0])
    begin += day.stream.seconds[0]
    day.intake("SST", begin, begin + 1200, np.nan)
    water = day.water()
    intake_time = day.rows.seconds[water] - day.lag
    return water[(intake_time >= begin) & (intake_time < begin + 1200)]


@fault("intake temperature and salinity change places", "SST", "salinity")
def _swapped_columns(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water()[3:-3], 1)
    for intake_time in day.rows.seconds[rows] - day.lag:
        for readings, lag in ((day.stream, 0.0), (day.rows, day.lag)):
            selected = np.abs(readings.seconds - lag - intake_time) < 30.0
            sst, salinity = (
                readings.measured[n][selected].copy() for n in ("SST", "salinity")
            )
            readings.measured["SST"][selected] = salinity
            readings.measured["salinity"][selected] = sst
    return rows


@fault("equilibrator temperature stands still for four hours", "T_equ")
def _stuck_sensor(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 4 * 3600)
    if not rows.size:
        return rows
    begin, end = day.rows.seconds[rows[[0, -1]]]
    selected = (day.rows.seconds >= begin) & (day.rows.seconds <= end)
    day.rows.measured["T_equ"][selected] = day.rows.measured["T_equ"][rows[0]]
    return rows


@fault("one fix lies a degree and a half away", "latitude")
def _gps_jump(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water()[3:-3], 1)
    day.rows.measured["latitude"][rows] -= 1.5
    return rows


@fault("the clock of the log goes back an hour for ten rows")
def _clock_reset(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = choose_rows(rng, day.water()[60:-15], 1)
    rows = np.concatenate([np.arange(n, n + 10) for n in first] or [first])
    day.clock_shift[rows] = -3611.0
    return rows


@fault("one standard reads nonsense", "xCO2", "standards")
def _bad_standard(day: Day, rng: np.random.Generator) -> np.ndarray:
    runs = np.flatnonzero(np.isin(day.rows.labels, day.standards[-2:]))
    rows = choose_rows(rng, runs, 1)
    day.rows.measured["xCO2"][rows] = 3.0
    return rows


@fault("one set of standards is lost", "standards")
def _missing_standards(day: Day, rng: np.random.Generator) -> np.ndarray:
    sets = (day.rows.seconds // SET_SECONDS).astype(int)
    lost = int(rng.choice(np.unique(sets)[1:-1] if np.unique(sets).size > 2 else sets))
    lost_rows = (sets == lost) & np.isin(day.rows.labels, day.standards)
    day.is_logged[lost_rows] = False
    # Rows that are not logged cannot be marked, so their set is marked instead.
    return np.flatnonzero((sets == lost) & ~lost_rows)


@fault("the analyser steps by 6 umol/mol until the next standards", "xCO2", "standards")
def _analyser_step(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = choose_rows(rng, day.water()[10:-40], 1)
    sets = day.rows.seconds // SET_SECONDS
    after = np.isin(sets, sets[first]) & np.isin(
        day.rows.labels, day.standards, invert=True
    )
    rows = np.flatnonzero(after & (np.arange(sets.size) >= min(first, default=0)))
    day.rows.measured["xCO2"][rows] += 6.0
    return rows


@fault("water hardly flows for an hour", "water_flow")
def _low_water_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3600)
    day.rows.measured["water_flow"][rows] = 0.05
    return rows


@fault("gas hardly flows for an hour", "gas_flow")
def _low_gas_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3600)
    day.rows.measured["gas_flow"][rows] = 12.0
    return rows


@fault("water stands in the pipes for two hours and warms", "T_equ")
def _port_stop(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 7200)
    day.rows.measured["T_equ"][rows] += 5.0
    day.rows.measured["water_flow"][rows] = 0.0
    return rows


@fault("a line of the log breaks off")
def _truncated_row(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water(), 2)
    day.truncated += rows.tolist()
    return rows


@fault("ten lines stand in the log twice")
def _duplicated_block(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = choose_rows(rng, day.water()[:-12], 1)
    rows = np.concatenate([np.arange(n, n + 10) for n in first] or [first])
    day.repeated += rows.tolist()
    return rows


@fault("the equilibrator is 1.8 K too warm for an hour", "T_equ")
def _warming_anomaly(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3600)
    day.rows.measured["T_equ"][rows] += 1.8
    return rows


@fault("bubbles: salinity falls by 8 for single readings", "salinity")
def _salinity_bubbles(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water()[3:-3:9], 4)
    for intake_time in day.rows.seconds[rows] - day.lag:
        day.intake("salinity", intake_time - 20.0, intake_time + 20.0, -8.0)
    return rows


@fault("the operator typed a wrong concentration", "std val")
def _wrong_std_val(day: Day, rng: np.random.Generator) -> np.ndarray:
    last = len(day.standards)
    run = day.standards[int(rng.integers(max(last - 2, 0), last))]
    rows = np.flatnonzero(day.rows.labels == run)
    day.entered_factor[rows] = 1.1
    return rows


@fault("the span gas is closed for a cycle: air in its place", "span_status")
def _lost_span(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = choose_rows(rng, day.water(), 1)
    rows = np.concatenate([np.arange(n - 7, n + 3) for n in first] or [first])
    span = rows[day.rows.truth["run_type"][rows] == RUN_TYPES["span"]]
    day.rows.measured["span_status"][rows] = 255.0
    day.rows.measured["xCO2"][span] = 421.0
    day.rows.measured["RH"][span] = 67.0
    kinds = day.rows.truth["run_type"][rows]
    return rows[np.isin(kinds, (_WATER, RUN_TYPES["air"]))]


def _rows_between(day: Day, rows: np.ndarray) -> np.ndarray:
    """Mask all analyser rows from the first to the last of the given ones."""
    selected = np.zeros(day.rows.seconds.size, dtype=bool)
    if rows.size:
        selected[rows[0] : rows[-1] + 1] = True
    return selected


def _water_and_air(day: Day) -> np.ndarray:
    """Mask the rows of water and air."""
    kinds = day.rows.truth["run_type"]
    return np.isin(kinds, (RUN_TYPES["water"], RUN_TYPES["air"]))


@fault("equilibrator temperature is 0.7 K off for single readings", "T_equ")
def _warming_outliers(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, day.water()[3:-3:9], 6)
    day.rows.measured["T_equ"][rows] += 0.7
    return rows


@fault("the equilibrator is heated by 2.4 K within an hour, and cools again", "T_equ")
def _warming_ramp(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 2 * HOUR_SECONDS)
    since = day.rows.seconds[rows] - (day.rows.seconds[rows[0]] if rows.size else 0.0)
    day.rows.measured["T_equ"][rows] += 2.4 * (1.0 - np.abs(since / HOUR_SECONDS - 1.0))
    return rows


@fault("the equilibrator is 1.2 K too cold for three hours", "T_equ")
def _cold_equilibrator(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3 * HOUR_SECONDS)
    day.rows.measured["T_equ"][rows] -= 1.2
    return rows


@fault("equilibrator temperature is but intake temperature plus 0.3", "T_equ", "SST")
def _made_temperature(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    intake_time = day.rows.seconds - day.lag
    intake = np.interp(intake_time, day.stream.seconds, day.stream.measured["SST"])
    day.rows.measured["T_equ"] = intake + 0.3
    day.rows.measured["SST"] = intake
    return day.water()


@fault("equilibrator pressure stands still for eight hours", "P_equ")
def _stuck_pressure(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 8 * HOUR_SECONDS)
    selected = _rows_between(day, rows)
    if rows.size:
        day.rows.measured["P_equ"][selected] = day.rows.measured["P_equ"][rows[0]]
    return rows


@fault("equilibrator pressure is 18 hPa too high for three hours", "P_equ")
def _pressure_offset(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3 * HOUR_SECONDS)
    day.rows.measured["P_equ"][_rows_between(day, rows)] += 18.0
    return rows


@fault("the gauge of the equilibrator steps by 7 hPa for an hour", "P_equ")
def _pressure_step(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, HOUR_SECONDS)
    day.rows.measured["P_equ"][_rows_between(day, rows)] += 7.0
    return rows[[0, -1]] if rows.size else rows  # where it shows


@fault("equilibrator pressure is the bare difference to the laboratory", "P_equ")
def _bare_difference(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, HOUR_SECONDS)
    day.rows.measured["P_equ"][rows] = 0.6
    return rows


@fault("one standard drifts by 9 umol/mol over the day", "xCO2", "standards")
def _drifting_standard(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    standard_rows = np.flatnonzero(day.rows.labels == day.standards[-2])
    since = day.rows.seconds - day.rows.seconds[:1]
    day.rows.measured["xCO2"][standard_rows] += 9.0 * since[standard_rows] / DAY_SECONDS
    return np.flatnonzero(_water_and_air(day))


@fault("the analyser steps by 7 umol/mol, standards and all", "xCO2", "standards")
def _analyser_shift(day: Day, rng: np.random.Generator) -> np.ndarray:
    sets = (day.rows.seconds // SET_SECONDS).astype(int)
    set_numbers = np.unique(sets)
    if set_numbers.size < 5:
        return np.zeros(0, dtype=int)
    first = int(rng.choice(set_numbers[1:-3]))
    since = SET_SECONDS * (first + 0.5)
    t = day.rows.seconds
    day.rows.measured["xCO2"][(t >= since) & (t < since + 2 * SET_SECONDS)] += 7.0
    # The time of each step is unknown between the standards around it; between the
    # shifted sets of standards the calibration corrects it.
    return np.flatnonzero(_water_and_air(day) & np.isin(sets, (first, first + 2)))


@fault("exhaust in single air samples", "xCO2", "standards")
def _plume(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_rows(rng, _air_rows(day), 4)
    day.rows.measured["xCO2"][rows] += rng.uniform(12.0, 60.0, rows.size)
    return rows


@fault("the air line leaks: laboratory air for a third of the day", "xCO2", "standards")
def _laboratory_air(day: Day, rng: np.random.Generator) -> np.ndarray:
    air_rows = _air_rows(day)
    start = int(rng.integers(max(air_rows.size // 2, 1)))
    rows = air_rows[start : start + max(air_rows.size // 3, 1)]
    day.rows.measured["xCO2"][rows] += 80.0
    return rows


def _air_rows(day: Day) -> np.ndarray:
    return np.flatnonzero(day.rows.truth["run_type"] == RUN_TYPES["air"])


@fault("water flows by 45 % less for an hour", "water_flow")
def _weak_water_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, HOUR_SECONDS)
    day.rows.measured["water_flow"][rows] *= 0.55
    return rows


@fault("gas flows by 45 % less for an hour", "gas_flow")
def _weak_gas_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, HOUR_SECONDS)
    day.rows.measured["gas_flow"][rows] *= 0.55
    return rows


@fault("intake temperature reads -2.6 for half an hour", "SST")
def _frozen_intake(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, HOUR_SECONDS / 2)
    if not rows.size:
        return rows
    begin, end = day.rows.seconds[rows[[0, -1]]] - day.lag
    for readings, lag in ((day.stream, 0.0), (day.rows, day.lag)):
        t = readings.seconds - lag
        selected = (t >= begin - 30.0) & (t <= end + 30.0)
        readings.measured["SST"][selected] = -2.6
    return rows


@fault("the ship lies still for eight hours and its water warms", "T_equ", "latitude")
def _port_stay(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 8 * HOUR_SECONDS)
    if not rows.size:
        return rows
    begin, end = day.rows.seconds[rows[[0, -1]]]
    for readings in (day.rows, day.stream):
        selected = (readings.seconds >= begin) & (readings.seconds <= end)
        for name in ("latitude", "longitude"):
            readings.measured[name][selected] = day.rows.measured[name][rows[0]]
    day.rows.measured["T_equ"][rows] += 1.4
    return rows


@fault(
    "what lives in the pipes breathes: water is 170 umol/mol too rich",
    *("xCO2", "water_flow"),  # not for moorings, which have no pipes
)
def _fouled_pipes(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    water_rows = day.water()
    rows = water_rows[
        water_rows.size // 2 :
    ]  # to the end of the day: it does not recover
    day.rows.measured["xCO2"][rows] += 170.0
    return rows
