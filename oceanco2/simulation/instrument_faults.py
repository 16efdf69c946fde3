"""Faults that show only against history, surroundings or another sensor."""

import numpy as np

from oceanco2.simulation.faults import Day, fault, some, stretch
from oceanco2.simulation.timetable import SET_SECONDS
from oceanco2.vocabulary import RUN_TYPES

_HOUR = 3600.0


def _meanwhile(day: Day, rows: np.ndarray) -> np.ndarray:
    """Tell all rows of the analyser from the first to the last of some."""
    here = np.zeros(day.rows.seconds.size, dtype=bool)
    if rows.size:
        here[rows[0] : rows[-1] + 1] = True
    return here


def _sampled(day: Day) -> np.ndarray:
    """Tell the rows of water and air."""
    kinds = day.rows.truth["run_type"]
    return np.isin(kinds, (RUN_TYPES["water"], RUN_TYPES["air"]))


@fault("equilibrator temperature is 0.7 K off for single readings", "T_equ")
def _warming_outliers(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = some(rng, day.water()[3:-3:9], 6)
    day.rows.measured["T_equ"][rows] += 0.7
    return rows


@fault("the equilibrator is heated by 2.4 K within an hour, and cools again", "T_equ")
def _warming_ramp(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, 2 * _HOUR)
    since = day.rows.seconds[rows] - (day.rows.seconds[rows[0]] if rows.size else 0.0)
    day.rows.measured["T_equ"][rows] += 2.4 * (1.0 - np.abs(since / _HOUR - 1.0))
    return rows


@fault("the equilibrator is 1.2 K too cold for three hours", "T_equ")
def _cold_equilibrator(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, 3 * _HOUR)
    day.rows.measured["T_equ"][rows] -= 1.2
    return rows


@fault("equilibrator temperature is but intake temperature plus 0.3", "T_equ", "SST")
def _made_temperature(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    passed = day.rows.seconds - day.lag
    intake = np.interp(passed, day.stream.seconds, day.stream.measured["SST"])
    day.rows.measured["T_equ"] = intake + 0.3
    day.rows.measured["SST"] = intake
    return day.water()


@fault("equilibrator pressure stands still for eight hours", "P_equ")
def _stuck_pressure(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, 8 * _HOUR)
    here = _meanwhile(day, rows)
    if rows.size:
        day.rows.measured["P_equ"][here] = day.rows.measured["P_equ"][rows[0]]
    return rows


@fault("equilibrator pressure is 18 hPa too high for three hours", "P_equ")
def _pressure_offset(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, 3 * _HOUR)
    day.rows.measured["P_equ"][_meanwhile(day, rows)] += 18.0
    return rows


@fault("the gauge of the equilibrator steps by 7 hPa for an hour", "P_equ")
def _pressure_step(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, _HOUR)
    day.rows.measured["P_equ"][_meanwhile(day, rows)] += 7.0
    return rows[[0, -1]] if rows.size else rows  # where it shows


@fault("equilibrator pressure is the bare difference to the laboratory", "P_equ")
def _bare_difference(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, _HOUR)
    day.rows.measured["P_equ"][rows] = 0.6
    return rows


@fault("one standard drifts by 9 umol/mol over the day", "xCO2", "standards")
def _drifting_standard(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    mine = np.flatnonzero(day.rows.labels == day.standards[-2])
    since = day.rows.seconds - day.rows.seconds[:1]
    day.rows.measured["xCO2"][mine] += 9.0 * since[mine] / 86400.0
    return np.flatnonzero(_sampled(day))


@fault("the analyser steps by 7 umol/mol, standards and all", "xCO2", "standards")
def _analyser_shift(day: Day, rng: np.random.Generator) -> np.ndarray:
    sets = (day.rows.seconds // SET_SECONDS).astype(int)
    known = np.unique(sets)
    if known.size < 5:
        return np.zeros(0, dtype=int)
    first = int(rng.choice(known[1:-3]))
    since = SET_SECONDS * (first + 0.5)
    t = day.rows.seconds
    day.rows.measured["xCO2"][(t >= since) & (t < since + 2 * SET_SECONDS)] += 7.0
    # Between the standards around each step nobody knows when it came; between the
    # sets that have moved the standards put it right.
    return np.flatnonzero(_sampled(day) & np.isin(sets, (first, first + 2)))


@fault("exhaust in single air samples", "xCO2", "standards")
def _plume(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = some(rng, _air(day), 4)
    day.rows.measured["xCO2"][rows] += rng.uniform(12.0, 60.0, rows.size)
    return rows


@fault("the air line leaks: laboratory air for a third of the day", "xCO2", "standards")
def _laboratory_air(day: Day, rng: np.random.Generator) -> np.ndarray:
    mine = _air(day)
    start = int(rng.integers(max(mine.size // 2, 1)))
    rows = mine[start : start + max(mine.size // 3, 1)]
    day.rows.measured["xCO2"][rows] += 80.0
    return rows


def _air(day: Day) -> np.ndarray:
    return np.flatnonzero(day.rows.truth["run_type"] == RUN_TYPES["air"])


@fault("water flows by 45 % less for an hour", "water_flow")
def _weak_water_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, _HOUR)
    day.rows.measured["water_flow"][rows] *= 0.55
    return rows


@fault("gas flows by 45 % less for an hour", "gas_flow")
def _weak_gas_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, _HOUR)
    day.rows.measured["gas_flow"][rows] *= 0.55
    return rows


@fault("intake temperature reads -2.6 for half an hour", "SST")
def _frozen_intake(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, _HOUR / 2)
    if not rows.size:
        return rows
    begin, end = day.rows.seconds[rows[[0, -1]]] - day.lag
    for readings, lag in ((day.stream, 0.0), (day.rows, day.lag)):
        t = readings.seconds - lag
        here = (t >= begin - 30.0) & (t <= end + 30.0)
        readings.measured["SST"][here] = -2.6
    return rows


@fault("the ship lies still for eight hours and its water warms", "T_equ", "latitude")
def _port_stay(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = stretch(rng, day, 8 * _HOUR)
    if not rows.size:
        return rows
    begin, end = day.rows.seconds[rows[[0, -1]]]
    for readings in (day.rows, day.stream):
        here = (readings.seconds >= begin) & (readings.seconds <= end)
        for name in ("latitude", "longitude"):
            readings.measured[name][here] = day.rows.measured[name][rows[0]]
    day.rows.measured["T_equ"][rows] += 1.4
    return rows


@fault(
    "what lives in the pipes breathes: water is 170 umol/mol too rich",
    *("xCO2", "water_flow"),  # a mooring has no pipes
)
def _fouled_pipes(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    mine = day.water()
    rows = mine[mine.size // 2 :]  # to the end of the day: nothing comes back
    day.rows.measured["xCO2"][rows] += 170.0
    return rows
