"""The published table of a PMEL MAPCO2 mooring, which SOCAT accepts unchanged.

* * ``QF``: 2 good, 3 questionable, 4 bad, 5 no value: flag of the dry mole fraction,
  or the manual flag of pCO2 or fCO2 if that is worse.
* * Every run of water or air is a row, also one without a value.
* * With QF 4 all CO2 values of water or air are -999; if temperature or salinity is
  missing or flagged bad, pCO2 and fCO2 are -999.
* * One decimal for mole fractions, pCO2, fCO2 and pressure, two for water and oxygen,
  three for temperature, salinity and position. Differences use unrounded values.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.dates import MONTHS
from oceanco2.errors import ProcessingError
from oceanco2.expocode import SOCAT_TYPES, expocode_of
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import (
    Measurements,
    comments,
    measurements,
    require,
    require_attribute,
    require_flags,
)
from oceanco2.export.values import FLAGGED, flags_of, format_numbers, values_of
from oceanco2.files import one_set, write_bytes
from oceanco2.text import plain_text
from oceanco2.vocabulary import BAD, GOOD, MISSING

_RECEIVER = "a MAPCO2 table"
NO_VALUE = 5


@dataclass(frozen=True, slots=True)
class _Side:
    """Names of the variables of water or air."""

    dry: str
    wet: str
    partial: str
    fugacity: str
    label: str


_WATER = _Side(
    "xCO2_water_SST_dry",
    "xCO2_water_SST_wet",
    "pCO2_water_SST_wet",
    "fCO2_water_SST_wet",
    "xCO2 SW",
)
_AIR = _Side(
    "xCO2_atm_dry_actual",
    "xCO2_atm_wet_actual",
    "pCO2_atm_wet_actual",
    "fCO2_atm_wet_actual",
    "xCO2 Air",
)


def mapco2_file_name(ds: xr.Dataset) -> str:
    """Return the usual name of the table."""
    mooring = require_attribute(ds, "platform_name", _RECEIVER, "name")
    time = ds["time"].to_numpy()
    time = time[~np.isnat(time)]
    if not time.size:
        raise ProcessingError(
            "the dataset has no row with a time: there is nothing to write"
        )
    name = "".join(c if c.isalnum() else "_" for c in plain_text(mooring))
    return f"{name}_{_month(time.min())}_{_month(time.max())}.csv"


def _month(moment: np.datetime64) -> str:
    year, month = str(moment.astype("datetime64[M]")).split("-")
    return f"{MONTHS[int(month) - 1][:3].title()}{year}"


@exporter(
    "mapco2",
    description="table of a PMEL MAPCO2 mooring, with its QF log",
    suffix=".csv",
    reference="doi:10.5194/essd-6-353-2014",
)
def write_mapco2(ds: xr.Dataset, path: str | Path) -> Path:
    """Write a MAPCO2 table, and the log of flagged values beside it.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset of a mooring or another platform whose gas is equilibrated at
        sea surface temperature.
    path : str or Path
        The file, or a folder in which the file gets the usual name. The log has the
        same name followed by ``_QFlog``.

    Returns
    -------
    Path
        The table written.

    Raises
    ------
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If a file cannot be written.
    """
    path = Path(path)
    path = path / mapco2_file_name(ds) if path.is_dir() else path
    table, log = mapco2_table(ds)
    log_path = path.with_name(f"{path.stem}_QFlog{path.suffix}")
    with one_set(str(ds.attrs.get("run_id", ""))):
        write_bytes(table, path)
        write_bytes(log, log_path)
    return path


def mapco2_table(ds: xr.Dataset) -> tuple[bytes, bytes]:
    """Make a MAPCO2 table and its log.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.

    Returns
    -------
    table : bytes
        ASCII: four lines of metadata, the header, the rows.
    log : bytes
        ASCII: ``Date/Time,Parameter,Value,QF,QC Note``, a line for each flagged value.

    Raises
    ------
    ProcessingError
        If the dataset lacks what the format requires.
    """
    if "xCO2_water_SST_dry" not in ds and "xCO2_water_Tequ_dry" in ds:
        raise ProcessingError(
            "a MAPCO2 table needs gas equilibrated at sea surface temperature"
            " (xCO2_water_SST_dry), but the equilibrator of this system has its own"
            " temperature: use format 'socat'"
        )
    require(ds, ["latitude", "longitude", "SST", "salinity", _WATER.dry], _RECEIVER)
    require_flags(ds, [_WATER.dry], _RECEIVER)
    metadata = _metadata_lines(ds)
    rows = measurements(ds, _RECEIVER, with_position=True, with_missing=True)
    water, air = (_SideValues(ds, rows, side) for side in (_WATER, _AIR))
    columns = _columns(ds, rows, water, air)
    buffer = io.StringIO()
    buffer.writelines(f"{line}\n" for line in metadata)
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return buffer.getvalue().encode("ascii"), _log(ds, rows, (water, air))


def _metadata_lines(ds: xr.Dataset) -> list[str]:
    name = require_attribute(ds, "platform_name", _RECEIVER, "name")
    key = "[metadata] investigators"
    people = plain_text(require_attribute(ds, "creator_name", _RECEIVER, key))
    people = f'"{people}"' if ";" in people else people
    kind = str(ds.attrs.get("platform_kind", ""))
    if kind not in SOCAT_TYPES:
        choices = ", ".join(SOCAT_TYPES)
        raise ProcessingError(
            f"platform_kind must be one of {choices}, not {kind!r}"
            " (platform file: kind)"
        )
    return [
        f"expocode: {expocode_of(ds)}",
        f"vessel name: {plain_text(name)}",
        f"PIs: {people}",
        f"vessel type: {SOCAT_TYPES[kind]}",
    ]


class _SideValues:
    """Values and QF of water or air; NaN where the table has -999."""

    def __init__(self, ds: xr.Dataset, rows: Measurements, side: _Side) -> None:
        self.side = side
        index = rows.rows
        self.dry, self.wet, self.partial, self.fugacity = (
            values_of(ds, name, index)
            for name in (side.dry, side.wet, side.partial, side.fugacity)
        )
        self.original = self.dry.copy()
        self.flag = self._flags(ds, index)
        for values in (self.dry, self.wet, self.partial, self.fugacity):
            values[np.isin(self.flag, (BAD, NO_VALUE))] = np.nan
        for name in ("SST", "salinity"):
            unusable = ~np.isfinite(_usable(ds, name, index))
            self.partial[unusable] = self.fugacity[unusable] = np.nan

    def _flags(self, ds: xr.Dataset, index: np.ndarray) -> np.ndarray:
        flags = flags_of(ds, self.side.dry, index)
        for name in (self.side.partial, self.side.fugacity):
            if f"{name}_flag_manual" in ds:
                manual = ds[f"{name}_flag_manual"].to_numpy()[index]
                flags = np.where(
                    (manual > flags) & np.isin(manual, FLAGGED), manual, flags
                )
        present = np.isfinite(self.dry)
        if (present & (flags == 0)).any():
            count = int((present & (flags == 0)).sum())
            raise ProcessingError(
                f"{count} values of {self.side.dry} were not evaluated by quality"
                " control: a MAPCO2 table has no QF for these (oceanco2.flag)"
            )
        absent = ~present & ((flags <= GOOD) | (flags == MISSING))
        return np.where(absent, NO_VALUE, flags)


def _usable(ds: xr.Dataset, name: str, index: np.ndarray) -> np.ndarray:
    """Values that are not flagged bad."""
    bad = flags_of(ds, name, index) == BAD
    return np.where(bad, np.nan, values_of(ds, name, index))


def _columns(
    ds: xr.Dataset, rows: Measurements, water: _SideValues, air: _SideValues
) -> dict[str, list[str]]:
    """All columns of the table, in order."""
    index = rows.rows
    days, times = _dates_and_times(rows.time)
    pressure = "P_atm" if "P_atm" in ds else "P_equ"
    numbers = {
        "H2O SW (mmol/mol)": (values_of(ds, "xH2O_water", index), 2),
        "xCO2 Air (wet) (umol/mol)": (air.wet, 1),
        "CO2 Air QF": (air.flag, 0),
        "H2O Air (mmol/mol)": (values_of(ds, "xH2O_atm", index), 2),
        "Licor Atm Pressure (hPa)": (values_of(ds, pressure, index), 1),
        "Licor Temp (C)": (values_of(ds, "T_analyser", index), 1),
        "MAPCO2 %O2": (values_of(ds, "oxygen_percent", index), 2),
        "SST (C)": (_usable(ds, "SST", index), 3),
        "Salinity": (_usable(ds, "salinity", index), 3),
        "xCO2 SW (dry) (umol/mol)": (water.dry, 1),
        "xCO2 Air (dry) (umol/mol)": (air.dry, 1),
        "fCO2 SW (sat) uatm": (water.fugacity, 1),
        "fCO2 Air (sat) uatm": (air.fugacity, 1),
        "dfCO2": (water.fugacity - air.fugacity, 1),
        "pCO2 SW (sat) uatm": (water.partial, 1),
        "pCO2 Air (sat) uatm": (air.partial, 1),
        "dpCO2": (water.partial - air.partial, 1),
    }
    return {
        "Mooring Name": [plain_text(ds.attrs["platform_name"])] * index.size,
        "Latitude": _fixed(rows.latitude, 3),
        "Longitude": _fixed(rows.longitude, 3),
        "Date": days,
        "Time": times,
        "xCO2 SW (wet) (umol/mol)": _fixed(water.wet, 1),
        "CO2 SW QF": _fixed(water.flag, 0),
        **{
            name: _fixed(*format_arguments)
            for name, format_arguments in numbers.items()
        },
        "pH (total scale)": ["-999"] * index.size,  # not measured here
        "pH QF": [str(NO_VALUE)] * index.size,
    }


def _dates_and_times(time: np.ndarray) -> tuple[list[str], list[str]]:
    """Format dates as mm/dd/yyyy, and times with seconds only if any are not zero."""
    seconds = time.astype("datetime64[s]")
    texts = [str(moment) for moment in seconds]
    days = [f"{t[5:7]}/{t[8:10]}/{t[:4]}" for t in texts]
    end = 16 if all(t.endswith(":00") for t in texts) else 19
    return days, [t[11:end] for t in texts]


def _fixed(values: np.ndarray, decimals: int) -> list[str]:
    return format_numbers(values, decimals, "-999")


def _log(
    ds: xr.Dataset, rows: Measurements, sides: tuple[_SideValues, _SideValues]
) -> bytes:
    """Log flagged values, which the table may not contain."""
    lines: list[tuple[np.datetime64, Mapping[str, str]]] = []
    for filled in sides:
        flagged = np.flatnonzero(np.isin(filled.flag, FLAGGED))
        names = (filled.side.dry, filled.side.partial, filled.side.fugacity)
        notes = comments(ds, rows.rows[flagged], names) if flagged.size else []
        for row, note in zip(flagged.tolist(), notes, strict=True):
            line = {
                "Date/Time": f"{rows.time[row].astype('datetime64[s]')}Z",
                "Parameter": filled.side.label,
                "Value": _fixed(filled.original[row : row + 1], 1)[0],
                "QF": str(filled.flag[row]),
                "QC Note": note,
            }
            lines.append((rows.time[row], line))
    lines.sort(key=lambda line: line[0])
    buffer = io.StringIO()
    fields = ("Date/Time", "Parameter", "Value", "QF", "QC Note")
    writer = csv.DictWriter(buffer, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(line for _, line in lines)
    return buffer.getvalue().encode("ascii")
