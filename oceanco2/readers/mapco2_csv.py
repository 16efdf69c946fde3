"""Published tables of PMEL MAPCO2 moorings, as CDIAC, NCEI and SOCAT have them."""

import re
from collections.abc import Mapping
from itertools import product

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.cells import fields, sniff
from oceanco2.readers.clocks import parse_each
from oceanco2.readers.delimited import Head, rows_of
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, Wanted
from oceanco2.readers.text import decode, split_lines
from oceanco2.readers.times import (
    Cells,
    joined_texts,
    number_columns,
    on_the_axis,
    read_times,
    text_columns,
)

_WATER_FLAG, _AIR_FLAG, _WATER = "QF water", "QF air", "H2O"
#: How a name begins, in small letters and digits, to the canonical name.
_NAMES = {
    r"latitude": "latitude",
    r"longitude": "longitude",
    r"date": "Date",
    r"time": "Time",
    r"x?co2 sw qf|qf x?co2 sw": _WATER_FLAG,
    r"x?co2 air qf|qf x?co2 air": _AIR_FLAG,
    r"xco2 sw wet": "xCO2_water_SST_wet",
    r"xco2 air wet": "xCO2_atm_wet_actual",
    r"xco2 sw dry": "xCO2_water_SST_dry",
    r"xco2 air dry": "xCO2_atm_dry_actual",
    r"h2o sw": "xH2O_water",
    r"h2o air": "xH2O_atm",
    r"h2o": _WATER,
    r"licor atm press(ure)?": "P_atm",
    r"licor temp(erature)?": "T_analyser",
    r"(mapco2 )?(percent )?o2( percent)?$": "oxygen_percent",
    r"sst|sea surface temp(erature)?": "SST",
    r"sss|salinity": "salinity",
    r"t ?equ": "T_equ",
    r"sample depth": "sample_depth",
    r"fco2 sw": "fCO2_water_SST_wet",
    r"fco2 air": "fCO2_atm_wet_actual",
    r"dfco2": "delta_fCO2",
    r"pco2 sw": "pCO2_water_SST_wet",
    r"pco2 air": "pCO2_atm_wet_actual",
}
_HUMID = ("xH2O_water", "xH2O_atm")
_MISSING = -999.0
#: Where neither was measured, some files say so.
_MISSING_TOO = {"SST": -9.999, "salinity": -9.999}
_CLOCKS = ("%H:%M", "%H:%M:%S")
_DATES = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%Y/%m/%d")
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y")
_FAR = 200  # lines that may stand before the names
_X = "umol mol-1"


def _offers() -> Mapping[str, VariableSource]:
    units = {
        "SST": "degree_Celsius",
        "salinity": "1",
        "sample_depth": "m",
        "T_analyser": "degree_Celsius",
        "oxygen_percent": "percent",
        "P_atm": "hPa",
        "xCO2_water_SST_wet": _X,
        "xCO2_atm_wet_actual": _X,
        "xH2O_water": "mmol mol-1",
        "xH2O_atm": "mmol mol-1",
    }
    found = {n: VariableSource(column=n, units=u) for n, u in units.items()}
    # The gas of the equilibrator is at the temperature of the sea and at air pressure.
    found["P_equ"] = VariableSource(column="P_atm", units="hPa")
    for name, flag in (
        ("xCO2_water_SST_dry", _WATER_FLAG),
        ("xCO2_atm_dry_actual", _AIR_FLAG),
    ):
        found[name] = VariableSource(column=name, units=_X, flag=flag)
    results = ("fCO2_water_SST_wet", "fCO2_atm_wet_actual", "delta_fCO2")
    for name in (*results, "pCO2_water_SST_wet", "pCO2_atm_wet_actual"):
        found[f"{name}_delivered"] = VariableSource(column=name, units="uatm")
    return found


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read dates with the month first, as the layout has them."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    columns = ["Date", "Time"]
    texts = joined_texts([rows.texts(name, required=True) for name in columns])
    times, notes = _parsed(texts, _DATES), []
    lost = np.isnat(times) & (texts != " ")
    if lost.mean() > 0.05:
        other = _parsed(texts, _DAY_FIRST)
        if np.isnat(other).sum() < np.isnat(times).sum():
            times, notes = other, [f"{where}: dates have the day first"]
    return on_the_axis(times, where, "'Date' and 'Time'", columns, rows), notes


def _parsed(texts: np.ndarray, days: tuple[str, ...]) -> np.ndarray:
    return parse_each(texts, [f"{d} {c}" for d, c in product(days, _CLOCKS)])


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        return text_columns(definition.time), number_columns(definition.time)
    return ["Date", "Time"], []


def canonical(names: list[str]) -> list[str]:
    """Give the columns of a header the names of oceanco2.

    Examples
    --------
    >>> canonical(["xCO2_SW_wet", "CO2 SW  QF", "H2O (mmol/mol)", "H2O (mmol/mol)"])
    ['xCO2_water_SST_wet', 'QF water', 'xH2O_water', 'xH2O_atm']
    """
    found = [_canonical(name) for name in names]
    # Two columns of one name: first of the water, then of the air.
    humid = iter(_HUMID)
    return [next(humid, name) if name == _WATER else name for name in found]


def _canonical(name: str) -> str:
    plain = name.replace("%", "percent ").lower()
    plain = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    for pattern, said in _NAMES.items():
        if re.match(rf"({pattern})\b", plain):
            return said
    return name


def _is_header(line: str) -> bool:
    if "co2" not in line.lower():
        return False
    names = set(canonical(fields(line, sniff(line))))
    return {"Date", "Time"} <= names and any(
        name.startswith("xCO2_") or name == _WATER_FLAG for name in names
    )


@reader(
    "mapco2_csv",
    description="published table of a PMEL MAPCO2 mooring (CDIAC, NCEI, SOCAT)",
    proven=True,
    cite="Sutton et al. 2014, doi:10.5194/essd-6-353-2014",
    times=_times,
    time_columns=_time_columns,
    position={name: VariableSource(column=name) for name in ("latitude", "longitude")},
    offers=_offers(),
)
def read_mapco2_csv(
    definition: FileDefinition, raw: RawFile, wanted: Wanted
) -> RawTable:
    """Cut one published table into cells with canonical column names."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    at = next((i for i, line in enumerate(lines[:_FAR]) if _is_header(line)), None)
    if at is None:
        raise ReadError(
            f"{raw.name}: no header with Date, Time and xCO2 of a MAPCO2 table;"
            f" it starts {text[:60]!r}"
        )
    separator = sniff(lines[at])
    names = canonical(fields(lines[at], separator))
    while names and not names[-1]:
        names.pop()
    head = Head(at + 1, names, separator, {lines[at]})
    if at + 1 < len(lines) and _is_units(lines[at + 1], names, separator):
        head.lines.add(lines[at + 1])
    table = rows_of(definition, lines, head, (at + 1, len(lines)), wanted)
    _mend(table)
    said = [line.strip().strip('"') for line in lines[:at] if line.strip()]
    table.notes = [
        *notes,
        *(f"{raw.name}: {line[:200]}" for line in said),
        *table.notes,
    ]
    return table


def _is_units(line: str, names: list[str], separator: str) -> bool:
    """Tell the row of units: there is no digit where the date stands."""
    cells = dict(zip(names, fields(line, separator), strict=False))
    said = cells.get("Date", "")
    return bool(said) and not any(c.isdigit() for c in said)


def _mend(table: RawTable) -> None:
    """Take out missing codes, and bring flags to those of WOCE."""
    for position, cells in table.cells.items():
        name = table.names[position]
        if name in (_WATER_FLAG, _AIR_FLAG) and cells.dtype == object:
            plain = [t.strip().removesuffix(".0") for t in cells]
            table.cells[position] = np.array(
                ["9" if t == "5" else t for t in plain], dtype=object
            )
        elif cells.dtype != object:
            codes = (_MISSING, _MISSING_TOO.get(name, _MISSING))
            table.cells[position] = np.where(np.isin(cells, codes), np.nan, cells)
