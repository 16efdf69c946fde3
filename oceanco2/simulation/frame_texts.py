"""Print frames of a MAPCO2 system."""

from collections.abc import Collection

import numpy as np

from oceanco2.physics import mapco2_dry_mole_fraction
from oceanco2.simulation.instrument import SimulatedRows
from oceanco2.simulation.mapco2 import LINES

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
