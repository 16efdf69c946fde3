"""Faults visible only against history, surroundings or another sensor."""

import numpy as np

from oceanco2.simulation.faults import Day, choose_period, choose_rows, fault
from oceanco2.simulation.timetable import SET_SECONDS
from oceanco2.vocabulary import RUN_TYPES

_HOUR = 3600.0


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
    rows = choose_period(rng, day, 2 * _HOUR)
    since = day.rows.seconds[rows] - (day.rows.seconds[rows[0]] if rows.size else 0.0)
    day.rows.measured["T_equ"][rows] += 2.4 * (1.0 - np.abs(since / _HOUR - 1.0))
    return rows


@fault("the equilibrator is 1.2 K too cold for three hours", "T_equ")
def _cold_equilibrator(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3 * _HOUR)
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
    rows = choose_period(rng, day, 8 * _HOUR)
    selected = _rows_between(day, rows)
    if rows.size:
        day.rows.measured["P_equ"][selected] = day.rows.measured["P_equ"][rows[0]]
    return rows


@fault("equilibrator pressure is 18 hPa too high for three hours", "P_equ")
def _pressure_offset(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, 3 * _HOUR)
    day.rows.measured["P_equ"][_rows_between(day, rows)] += 18.0
    return rows


@fault("the gauge of the equilibrator steps by 7 hPa for an hour", "P_equ")
def _pressure_step(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, _HOUR)
    day.rows.measured["P_equ"][_rows_between(day, rows)] += 7.0
    return rows[[0, -1]] if rows.size else rows  # where it shows


@fault("equilibrator pressure is the bare difference to the laboratory", "P_equ")
def _bare_difference(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, _HOUR)
    day.rows.measured["P_equ"][rows] = 0.6
    return rows


@fault("one standard drifts by 9 umol/mol over the day", "xCO2", "standards")
def _drifting_standard(day: Day, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    standard_rows = np.flatnonzero(day.rows.labels == day.standards[-2])
    since = day.rows.seconds - day.rows.seconds[:1]
    day.rows.measured["xCO2"][standard_rows] += 9.0 * since[standard_rows] / 86400.0
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
    rows = choose_period(rng, day, _HOUR)
    day.rows.measured["water_flow"][rows] *= 0.55
    return rows


@fault("gas flows by 45 % less for an hour", "gas_flow")
def _weak_gas_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, _HOUR)
    day.rows.measured["gas_flow"][rows] *= 0.55
    return rows


@fault("intake temperature reads -2.6 for half an hour", "SST")
def _frozen_intake(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = choose_period(rng, day, _HOUR / 2)
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
    rows = choose_period(rng, day, 8 * _HOUR)
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
