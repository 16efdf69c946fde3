"""What can go wrong on a ship, each switched on by its name.

A fault changes the readings of a day and tells which rows of the analyser it spoils.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from oceanco2.registry import Registry
from oceanco2.simulation.instrument import SET_SECONDS, Rows
from oceanco2.vocabulary import RUN_TYPES

_WATER = RUN_TYPES["water"]


@dataclass(slots=True)
class Day:
    """Readings of one day, to be spoilt.

    Attributes
    ----------
    rows : Rows
        The analyser.
    stream : Rows
        The thermosalinograph.
    standards : tuple of str
        Run types of the standards.
    shift : ndarray
        What the clock of the log is off [s].
    keep : ndarray of bool
        Rows that are logged at all.
    typed : ndarray
        Factor on the operator's ``std val``.
    cut : list of int
        Rows whose line breaks off.
    again : list of int
        Rows whose lines stand in the log twice.
    """

    rows: Rows
    stream: Rows
    standards: tuple[str, ...]
    shift: np.ndarray = field(default_factory=lambda: np.zeros(0))
    keep: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    typed: np.ndarray = field(default_factory=lambda: np.zeros(0))
    cut: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)

    def water(self) -> np.ndarray:
        """Return the numbers of the water rows.

        Returns
        -------
        ndarray of int
            Rows of the analyser.
        """
        return np.flatnonzero(self.rows.truth["run_type"] == _WATER)

    def beside(self, begin: float, end: float) -> np.ndarray:
        """Return the analyser rows of a time.

        Parameters
        ----------
        begin, end : float
            Seconds since the start.

        Returns
        -------
        ndarray of int
            Water rows, a minute more on either side.
        """
        mine = self.water()
        t = self.rows.seconds[mine]
        return mine[(t > begin - 60) & (t < end + 120)]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that can be switched on.

    Attributes
    ----------
    name : str
        The word that users type.
    description : str
        One line for lists.
    spoil : callable
        ``(day, rng) -> rows`` of the analyser that are spoilt.
    """

    name: str
    description: str
    spoil: Callable[[Day, np.random.Generator], np.ndarray]


FAULTS: Registry[Fault] = Registry("fault")


def _fault(description: str) -> Callable:
    def decorate(function: Callable) -> Callable:
        name = function.__name__.removeprefix("_")
        FAULTS.add(name, Fault(name, description, function))
        return function

    return decorate


def _some(rng: np.random.Generator, rows: np.ndarray, number: int) -> np.ndarray:
    return np.sort(rng.choice(rows, min(number, rows.size), replace=False))


def _stretch(rng: np.random.Generator, day: Day, seconds: float) -> np.ndarray:
    mine = day.water()
    start = day.rows.seconds[int(rng.choice(mine[: max(1, mine.size // 2)]))]
    t = day.rows.seconds[mine]
    return mine[(t >= start) & (t < start + seconds)]


@_fault("equilibrator temperature jumps for single readings")
def _spikes(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _some(rng, day.water()[2:-2:7], 4)
    day.rows.measured["T_equ"][rows] += rng.choice([-6.0, 6.0], rows.size)
    return rows


@_fault("equilibrator pressure reads zero")
def _dropouts(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _some(rng, day.water(), 6)
    day.rows.measured["P_equ"][rows] = 0.0
    return rows


@_fault("intake temperature is empty for twenty minutes")
def _blank_intake(day: Day, rng: np.random.Generator) -> np.ndarray:
    begin = rng.uniform(0.2, 0.6) * (day.stream.seconds[-1] - day.stream.seconds[0])
    begin += day.stream.seconds[0]
    here = (day.stream.seconds >= begin) & (day.stream.seconds < begin + 1200)
    day.stream.measured["SST"][here] = np.nan
    return day.beside(begin + 300, begin + 900)


@_fault("intake temperature and salinity change places")
def _swapped_columns(day: Day, rng: np.random.Generator) -> np.ndarray:
    row = int(_some(rng, day.water()[3:-3], 1)[0])
    at = day.rows.seconds[row]
    here = np.abs(day.stream.seconds - at + 60.0) < 30.0
    one, two = (day.stream.measured[n][here].copy() for n in ("SST", "salinity"))
    day.stream.measured["SST"][here], day.stream.measured["salinity"][here] = two, one
    return np.array([row])


@_fault("equilibrator temperature stands still for four hours")
def _stuck_sensor(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _stretch(rng, day, 4 * 3600)
    begin, end = day.rows.seconds[rows[[0, -1]]]
    here = (day.rows.seconds >= begin) & (day.rows.seconds <= end)
    day.rows.measured["T_equ"][here] = day.rows.measured["T_equ"][rows[0]]
    return rows


@_fault("one fix lies a degree and a half away")
def _gps_jump(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _some(rng, day.water()[3:-3], 1)
    day.rows.measured["latitude"][rows] -= 1.5
    return rows


@_fault("the clock of the log goes back an hour for ten rows")
def _clock_reset(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = int(_some(rng, day.water()[60:-15], 1)[0])
    rows = np.arange(first, first + 10)
    day.shift[rows] = -3611.0
    return rows


@_fault("one standard reads nonsense")
def _bad_standard(day: Day, rng: np.random.Generator) -> np.ndarray:
    runs = np.flatnonzero(np.isin(day.rows.labels, day.standards[-2:]))
    rows = _some(rng, runs, 1)
    day.rows.measured["xCO2"][rows] = 3.0
    return rows


@_fault("one set of standards is lost")
def _missing_standards(day: Day, rng: np.random.Generator) -> np.ndarray:
    sets = (day.rows.seconds // SET_SECONDS).astype(int)
    lost = int(rng.choice(np.unique(sets)[1:-1] if np.unique(sets).size > 2 else sets))
    rows = np.flatnonzero((sets == lost) & np.isin(day.rows.labels, day.standards))
    day.keep[rows] = False
    return rows


@_fault("the analyser steps by 6 umol/mol until the next standards")
def _analyser_step(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = int(_some(rng, day.water()[10:-40], 1)[0])
    same = day.rows.seconds // SET_SECONDS == day.rows.seconds[first] // SET_SECONDS
    rows = np.flatnonzero(same & (np.arange(same.size) >= first))
    day.rows.measured["xCO2"][rows] += 6.0
    return rows


@_fault("water hardly flows for an hour")
def _low_water_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _stretch(rng, day, 3600)
    day.rows.measured["water_flow"][rows] = 0.05
    return rows


@_fault("gas hardly flows for an hour")
def _low_gas_flow(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _stretch(rng, day, 3600)
    day.rows.measured["gas_flow"][rows] = 12.0
    return rows


@_fault("water stands in the pipes for two hours and warms")
def _port_stop(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _stretch(rng, day, 7200)
    day.rows.measured["T_equ"][rows] += 5.0
    day.rows.measured["water_flow"][rows] = 0.0
    return rows


@_fault("a line of the log breaks off")
def _truncated_row(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _some(rng, day.water(), 2)
    day.cut += rows.tolist()
    return rows


@_fault("ten lines stand in the log twice")
def _duplicated_block(day: Day, rng: np.random.Generator) -> np.ndarray:
    first = int(_some(rng, day.water()[:-12], 1)[0])
    rows = np.arange(first, first + 10)
    day.again += rows.tolist()
    return rows


@_fault("the equilibrator is 1.8 K too warm for an hour")
def _warming_anomaly(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _stretch(rng, day, 3600)
    day.rows.measured["T_equ"][rows] += 1.8
    return rows


@_fault("bubbles: salinity falls by 8 for single readings")
def _salinity_bubbles(day: Day, rng: np.random.Generator) -> np.ndarray:
    rows = _some(rng, day.water()[3:-3:9], 4)
    for row in rows:
        near = np.abs(day.stream.seconds - day.rows.seconds[row] + 60.0) < 20.0
        day.stream.measured["salinity"][near] -= 8.0
    return rows


@_fault("the operator typed a wrong concentration")
def _wrong_std_val(day: Day, rng: np.random.Generator) -> np.ndarray:
    run = day.standards[int(rng.integers(len(day.standards) - 2, len(day.standards)))]
    rows = np.flatnonzero(day.rows.labels == run)
    day.typed[rows] = 1.1
    return rows
