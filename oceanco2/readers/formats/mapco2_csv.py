"""Published tables of PMEL MAPCO2 moorings (CDIAC, NCEI, SOCAT)."""

import re
from collections.abc import Mapping
from itertools import pairwise, product

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, merge_tables
from oceanco2.readers.text_table import Head, fields, guess_separator, split_rows
from oceanco2.readers.times import (
    Cells,
    check_times,
    join_texts,
    number_columns,
    parse_each,
    read_times,
    text_columns,
)
from oceanco2.text import decode, split_lines
from oceanco2.units import split_name
from oceanco2.vocabulary import VARIABLES

_WATER_FLAG, _AIR_FLAG, _WATER = "QF water", "QF air", "H2O"
#: Beginning of a column name, in lower case, to the canonical name.
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
_WATER_COLUMNS = ("xH2O_water", "xH2O_atm")
_MISSING = -999.0
#: Missing codes of some files where SST or salinity was not measured.
_OTHER_MISSING = {"SST": -9.999, "salinity": -9.999}
_CLOCKS = ("%H:%M", "%H:%M:%S")
_DATES = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%Y/%m/%d")
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y")
_HEADER_LINES = 200  # lines searched for the column names
_X_UNITS = "umol mol-1"


def _offers() -> Mapping[str, VariableSource]:
    units = {
        "SST": "degree_Celsius",
        "salinity": "1",
        "sample_depth": "m",
        "T_analyser": "degree_Celsius",
        "oxygen_percent": "percent",
        "P_atm": "hPa",
        "xCO2_water_SST_wet": _X_UNITS,
        "xCO2_atm_wet_actual": _X_UNITS,
        "xH2O_water": "mmol mol-1",
        "xH2O_atm": "mmol mol-1",
    }
    offered = {n: VariableSource(column=n, units=u) for n, u in units.items()}
    # The equilibrator gas is at sea temperature and air pressure.
    offered["P_equ"] = VariableSource(column="P_atm", units="hPa")
    for name, flag in (
        ("xCO2_water_SST_dry", _WATER_FLAG),
        ("xCO2_atm_dry_actual", _AIR_FLAG),
    ):
        offered[name] = VariableSource(column=name, units=_X_UNITS, flag=flag)
    results = ("fCO2_water_SST_wet", "fCO2_atm_wet_actual", "delta_fCO2")
    for name in (*results, "pCO2_water_SST_wet", "pCO2_atm_wet_actual"):
        offered[f"{name}_delivered"] = VariableSource(column=name, units="uatm")
    return offered


def _times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read dates with the month first; day first if far more dates match."""
    if definition.time is not None:
        return read_times(definition, rows, where), []
    columns = ["Date", "Time"]
    texts = join_texts([rows.texts(name, required=True) for name in columns])
    times = _parse_dates(texts, _DATES)
    notes = []
    files = rows.file_index()
    for file in np.unique(files):
        at = files == file
        unread = np.isnat(times[at]) & (texts[at] != " ")
        if unread.mean() > 0.05:
            other = _parse_dates(texts[at], _DAY_FIRST)
            if np.isnat(other).sum() < np.isnat(times[at]).sum():
                times[at], notes = other, [f"{where}: dates have the day first"]
    return check_times(times, where, "'Date' and 'Time'", columns, rows), notes


def _parse_dates(texts: np.ndarray, days: tuple[str, ...]) -> np.ndarray:
    return parse_each(texts, [f"{d} {c}" for d, c in product(days, _CLOCKS)])


def _time_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    if definition.time is not None:
        return text_columns(definition.time), number_columns(definition.time)
    return ["Date", "Time"], []


def canonical_names(names: list[str]) -> list[str]:
    """Translate the column names of a header to canonical names.

    Examples
    --------
    >>> canonical_names(
    ...     ["xCO2_SW_wet", "CO2 SW  QF", "H2O (mmol/mol)", "H2O (mmol/mol)"]
    ... )
    ['xCO2_water_SST_wet', 'QF water', 'xH2O_water', 'xH2O_atm']
    """
    canonical = [_canonical_name(name) for name in names]
    # Of two columns with one name the first is water, the second air.
    water_names = iter(_WATER_COLUMNS)
    return [next(water_names, name) if name == _WATER else name for name in canonical]


def _canonical_name(name: str) -> str:
    simplified = name.replace("%", "percent ").lower()
    simplified = re.sub(r"[^a-z0-9]+", " ", simplified).strip()
    for pattern, canonical in _NAMES.items():
        if re.match(rf"({pattern})\b", simplified):
            return canonical
    return name


def _is_header(line: str) -> bool:
    if "co2" not in line.lower():
        return False
    names = set(canonical_names(fields(line, guess_separator(line))))
    return {"Date", "Time"} <= names and any(
        name.startswith("xCO2_") or name == _WATER_FLAG for name in names
    )


def _sniff(head: bytes) -> bool:
    lines = split_lines(head.decode("latin-1"))[:_HEADER_LINES]
    return any(_is_of_mooring(line) for line in lines)


def _is_of_mooring(line: str) -> bool:
    """Whether a header has the wet gas and its water vapour, as only MAPCO2 has."""
    names = set(canonical_names(fields(line, guess_separator(line))))
    return _is_header(line) and {"xCO2_water_SST_wet", "xH2O_water"} <= names


@reader(
    "mapco2_csv",
    description="published table of a PMEL MAPCO2 mooring (CDIAC, NCEI, SOCAT)",
    proven=True,
    cite="Sutton et al. 2014, doi:10.5194/essd-6-353-2014",
    times=_times,
    time_columns=_time_columns,
    position={name: VariableSource(column=name) for name in ("latitude", "longitude")},
    offers=_offers(),
    sniff=_sniff,
)
def read_mapco2_csv(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one published table into cells with canonical column names."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    heads = [i for i, line in enumerate(lines) if _is_header(line)]
    if not heads or heads[0] >= _HEADER_LINES:
        raise ReadError(
            f"{raw.name}: no header with Date, Time and xCO2 of a MAPCO2 table;"
            f" it starts {text[:60]!r}"
        )
    tables = []
    for at, stop in pairwise([*heads, len(lines)]):
        head = _read_head(lines, at)
        tables.append(split_rows(definition, lines, head, (at + 1, stop), required))
    table = merge_tables(tables)
    _clean(table)
    comments = [line.strip().strip('"') for line in lines[: heads[0]] if line.strip()]
    table.notes = [
        *notes,
        *(f"{raw.name}: {line[:200]}" for line in comments),
        *table.notes,
    ]
    return table


def _read_head(lines: list[str], at: int) -> Head:
    """Read a header and the row of units below it."""
    separator = guess_separator(lines[at])
    printed = fields(lines[at], separator)
    names = canonical_names(printed)
    while names and not names[-1]:
        names.pop()
    head = Head(at + 1, names, separator, {lines[at]})
    head.units.append(_units_in_names(printed, names))
    if at + 1 < len(lines) and _is_units(lines[at + 1], names, separator):
        head.lines.add(lines[at + 1])
        head.units.append(fields(lines[at + 1], separator))
    return head


def _units_in_names(printed: list[str], names: list[str]) -> list[str]:
    """Return the units that column names state before they are translated."""
    return [
        split_name(text, VARIABLES[name].units)[1] if name in VARIABLES else ""
        for text, name in zip(printed, names, strict=False)
    ]


def _is_units(line: str, names: list[str], separator: str) -> bool:
    """Whether a line is the row of units: no digit in the column of dates."""
    cells = dict(zip(names, fields(line, separator), strict=False))
    date = cells.get("Date", "")
    return bool(date) and not any(c.isdigit() for c in date)


def _clean(table: RawTable) -> None:
    """Remove missing codes and convert flags to WOCE flags."""
    for position, cells in table.cells.items():
        name = table.names[position]
        if name in (_WATER_FLAG, _AIR_FLAG) and cells.dtype == object:
            texts = [t.strip().removesuffix(".0") for t in cells]
            table.cells[position] = np.array(
                ["9" if t == "5" else t for t in texts], dtype=object
            )
        elif cells.dtype != object:
            codes = (_MISSING, _OTHER_MISSING.get(name, _MISSING))
            table.cells[position] = np.where(np.isin(cells, codes), np.nan, cells)
