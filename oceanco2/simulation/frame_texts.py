"""Frames of a MAPCO2 as the system prints them."""

from collections.abc import Collection

import numpy as np

from oceanco2.physics import mapco2_dry_mole_fraction
from oceanco2.simulation.frames import LINES
from oceanco2.simulation.instrument import Rows

_SIZE = len(LINES)


def frame_texts(
    rows: Rows,
    times: np.ndarray,
    digits: int,
    cut: Collection[int] = (),
    again: Collection[int] = (),
) -> list[str]:
    """Print frames as the system sends them."""
    lines: list[str] = []
    more = digits if digits > 5 else 0
    for first in range(0, rows.seconds.size, _SIZE):
        part = slice(first, first + _SIZE)
        one = {name: values[part] for name, values in rows.measured.items()}
        frame = _frame(one, times[first], more)
        for row in range(first, first + _SIZE):
            if row in cut:
                line = frame[3 + row - first]
                frame[3 + row - first] = line[: int(len(line) * 0.6)]
        lines += frame
        if not set(range(first, first + _SIZE)).isdisjoint(again):
            lines += frame
    return lines


def _frame(one: dict[str, np.ndarray], time: np.datetime64, more: int) -> list[str]:
    begin = time.astype("datetime64[s]") - np.timedelta64(60 * LINES[0][1], "s")
    day, clock = str(begin).split("T")
    year, month, date = day.split("-")
    place = (
        f"{_place(one['latitude'][0], 'NS', 2)} {_place(one['longitude'][0], 'EW', 3)}"
    )
    lines = [
        f"NORM 00000 00000 {year}/{month}/{date} {clock}    DEMO 0001 06.09 03/27/2015",
        f"{month}/{date}/{year} {clock} {place} 0040",
        _system(one, more),
    ]
    lines += [_reading(one, i, minute, more) for i, (_, minute, _) in enumerate(LINES)]
    water, air = (_dry(one, state) for state in ("equil off", "air off"))
    return [*lines, f"SW_xCO2(dry) {water:07.2f} Atm_xCO2(dry) {air:07.2f} ", ""]


def _system(one: dict[str, np.ndarray], more: int) -> str:
    flags = f"{int(one['span_status'][0]):02X}{int(one['zero_status'][0]):02X}"
    names = ("zero_coefficient", "span_coefficient", "span2_coefficient")
    coefficients = " ".join(f"{one[name][0]:09.6f}" for name in names)
    # Once a cycle, with the gas of the equilibrator.
    at = [word for word, _, _ in LINES].index("equil off")
    water = [float(one[name][at]) for name in ("SST", "salinity")]
    # Zeros where the thermosalinograph gives nothing, as where none is fitted.
    sst, salinity = water if np.isfinite(water).all() else (0.0, 0.0)
    conductivity = 0.0 if salinity == 0.0 else 4.0
    return (
        f"10.4 10.1 {coefficients} {flags} {_padded(sst, 2, 3 + more)} 0.001"
        f" {conductivity:08.5f} 0.0000 {_padded(salinity, 2, 4 + more)} 0.0000"
        " 000.0 0.00 000.0 0.00 000 000 000.0"
    )


def _reading(one: dict[str, np.ndarray], i: int, minute: int, more: int) -> str:
    value = {name: float(values[i]) for name, values in one.items()}
    humidity = f"{value['RH']:02.0f}" if not more else _padded(value["RH"], 2, more)
    return (
        f"{minute:02d} {_padded(value['T_analyser'], 2, 2)} 0.025"
        f" {_padded(value['P_analyser'] / 10.0, 3, 2 + more)} 00.01"
        f" {_padded(value['xCO2'], 4, 2 + more)} {_padded(value['xCO2_std'], 2, 2)}"
        f" {_padded(value['oxygen_percent'], 2, 2)} 0.0 {humidity} 0.1"
        f" {_padded(value['T_RH'], 2, 1 + more)} 0.03"
        f" {value['signal_detector']:08.0f} 00239"
        f" {value['signal_reference']:08.0f} 00325"
    )


def _padded(value: float, whole: int, decimals: int) -> str:
    """Print with zeros in front, so that all lines are as long."""
    return f"{value:0{whole + 1 + decimals}.{decimals}f}"


def _dry(one: dict[str, np.ndarray], state: str) -> float:
    """Compute what the system itself makes of a reading."""
    at = {word: number for number, (word, _, _) in enumerate(LINES)}
    i, span = at[state], at["span off"]
    names = ("xCO2", "P_analyser", "RH", "T_RH")
    xco2, pressure, humidity, warmth = (float(one[name][i]) for name in names)
    dry = float(one["RH"][span])
    return float(mapco2_dry_mole_fraction(xco2, pressure, humidity, warmth, dry))


def _place(degrees: float, letters: str, width: int) -> str:
    letter = letters[int(degrees < 0)]
    whole, minutes = divmod(round(abs(float(degrees)) * 60.0, 4), 60.0)
    return f"{int(whole):0{width}d}{minutes:07.4f} {letter}"
