"""Read tracks from text files: published by SOCAT, upload files, or simple tables."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.dates import SECOND
from oceanco2.errors import ReadError
from oceanco2.physics import fco2rec
from oceanco2.socat.archive.reading import iter_socat
from oceanco2.socat.checker import Check, check_file
from oceanco2.socat.crossovers.pairs import Track, platform_of
from oceanco2.socat.types import missing_codes
from oceanco2.vocabulary import GOOD

_EPOCH = np.datetime64(0, "s")
#: Columns of a simple table and the beginning of their names (letters and digits).
_TABLE_COLUMNS = {
    "longitude": "lon",
    "latitude": "lat",
    "time": "time|datetime|secondssince",
    "sst": "sst|seasurfacetemp|temp",
    "fco2": "fco2",
}
#: Columns of a simple table about a value: its flag, source or uncertainty.
_ABOUT_VALUES = re.compile(r"\w*(flag|qc|src|source|alg|uncertainty|error|sd|std)")
#: Columns of files published by SOCAT.
_ARCHIVE_COLUMNS = (
    *("Expocode", "time", "longitude", "latitude", "SST", "fCO2rec", "fCO2rec_flag"),
)
#: Required types of columns of an upload file, and the inputs of fCO2rec.
_REQUIRED_TYPES = {"longitude": "longitude", "latitude": "latitude", "sst": "temp"}
_INPUT_TYPES = {
    "t_equ": "Temperature_equi",
    "salinity": "sal",
    "p_equ": "Pressure_equi",
    "p_atm": "Pressure_atm",
    "xco2_equ_dry": "xCO2_water_equi_temp_dry_ppm",
    "xco2_sst_dry": "xCO2_water_sst_dry_ppm",
    "pco2_equ_wet": "pCO2_water_equi_temp",
    "pco2_sst_wet": "pCO2_water_sst_100humidity_uatm",
    "fco2_equ_wet": "fCO2_water_equi_uatm",
    "fco2_sst_wet": "fCO2_water_sst_100humidity_uatm",
}
Columns = Mapping[str, np.ndarray]


def tracks_of_text(path: Path) -> list[Track]:
    """Read the tracks of the data sets of a text file."""
    is_first = True  # the first line after comments may be the head of a table
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file):
            if line.startswith("Expocode\t") and "\tyr\t" in line:
                return tracks_of_archive(path)
            if is_first and line.strip() and not line.startswith("#"):
                is_first = False
                table_columns = _table_columns(line)
                if table_columns:
                    return _tracks_of_table(path, number, *table_columns)
            if number > 20_000:  # no preamble is that long
                break
    return _tracks_of_upload(path)


def _code_of_file(path: Path) -> str:
    match = re.search(r"[A-Z0-9]{4}\d{8}(-\d)?", path.stem.upper())
    return match[0] if match else path.stem


# ---- files published by SOCAT -------------------------------------------------------


def tracks_of_archive(path: Path) -> list[Track]:
    """Read the tracks of a file published by SOCAT or PANGAEA."""
    parts: dict[str, list[Columns]] = {}
    for chunk in iter_socat(path, _ARCHIVE_COLUMNS, progress=False):
        codes = chunk["Expocode"].astype(str).to_numpy()
        seconds = (chunk["time"].to_numpy() - _EPOCH) / SECOND
        flags, fco2 = chunk["fCO2rec_flag"].to_numpy(), chunk["fCO2rec"].to_numpy()
        columns = {
            "seconds": np.where(np.isnat(chunk["time"].to_numpy()), np.nan, seconds),
            "longitude": chunk["longitude"].to_numpy(),
            "latitude": chunk["latitude"].to_numpy(),
            "sst": chunk["SST"].to_numpy(),
            "fco2": np.where(flags == GOOD, fco2, np.nan),
        }
        starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
        for start, end in zip(starts, np.append(starts[1:], codes.size), strict=True):
            part = {key: values[start:end].copy() for key, values in columns.items()}
            parts.setdefault(str(codes[start]), []).append(part)
    return [_track_of_blocks(code, blocks, str(path)) for code, blocks in parts.items()]


def _track_of_blocks(code: str, blocks: Sequence[Columns], source: str) -> Track:
    columns = {key: np.concatenate([p[key] for p in blocks]) for key in blocks[0]}
    return Track(expocode=code, platform=platform_of(code), source=source, **columns)


# ---- simple tables ------------------------------------------------------------------


def _table_columns(line: str) -> tuple[str, dict[str, int]] | None:
    """Return separator and positions of the columns, if this is the head of a table."""
    for separator in ("\t", ";", ","):
        names = [
            re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in line.split(separator)
        ]
        if "date" in names:  # date and time in two columns: an upload file
            continue
        positions = {}
        for key, start in _TABLE_COLUMNS.items():
            matches = [i for i, name in enumerate(names) if re.match(start, name)]
            matches = [i for i in matches if not _ABOUT_VALUES.fullmatch(names[i])]
            best = [i for i in matches if names[i].startswith("fco2rec")] or matches
            if not best:
                break
            positions[key] = best[0]
        else:
            flags = [
                i for i, n in enumerate(names) if re.match(r"fco2\w*(flag|qc)|woce", n)
            ]
            positions |= {"flag": flags[-1]} if flags else {}
            positions |= (
                {"code": names.index("expocode")} if "expocode" in names else {}
            )
            return separator, positions
    return None


def _tracks_of_table(
    path: Path, line: int, separator: str, positions: dict[str, int]
) -> list[Track]:
    import pandas as pd

    try:
        table = pd.read_csv(
            path,
            sep=separator,
            skiprows=line + 1,
            header=None,
            usecols=list(positions.values()),
            comment="#",
            na_values=list(missing_codes()),
        )
    except ValueError as error:
        raise ReadError(f"{path}: a row cannot be read: {error}") from None
    cells = {key: table[position] for key, position in positions.items()}
    columns = {
        key: _parse_numbers(cells[key], f"{path}: {key}", line + 2)
        for key in ("longitude", "latitude", "sst", "fco2")
    }
    if pd.api.types.is_numeric_dtype(cells["time"]):
        columns["seconds"] = cells["time"].to_numpy(dtype=np.float64)
    else:
        columns["seconds"] = _parse_times(cells["time"], path, line + 2)
    if "flag" in cells:
        good = pd.to_numeric(cells["flag"], errors="coerce").to_numpy() == GOOD
        columns["fco2"] = np.where(good, columns["fco2"], np.nan)
    codes = np.full(len(table), _code_of_file(path))
    if "code" in cells:
        codes = cells["code"].to_numpy().astype(str)
    return _split_by_code(columns, codes, path)


def _split_by_code(columns: Columns, codes: np.ndarray, path: Path) -> list[Track]:
    """Split the rows of a file by data set."""
    return [
        Track(
            expocode=str(code),
            platform=platform_of(str(code)),
            source=str(path),
            **{key: values[codes == code] for key, values in columns.items()},
        )
        for code in dict.fromkeys(codes.tolist())
    ]


def _parse_numbers(cells: Any, where: str, first: int) -> np.ndarray:
    import pandas as pd

    values = pd.to_numeric(cells, errors="coerce")
    invalid = np.flatnonzero((values.isna() & cells.notna()).to_numpy())
    if invalid.size:
        problem = f"line {invalid[0] + first}: not a number: {cells.iloc[invalid[0]]}"
        raise ReadError(f"{where}: {problem}")
    return values.to_numpy(dtype=np.float64)


def _parse_times(cells: Any, path: Path, first: int) -> np.ndarray:
    import pandas as pd

    times = pd.to_datetime(cells, utc=True, format="ISO8601", errors="coerce")
    invalid = np.flatnonzero((times.isna() & cells.notna()).to_numpy())
    if invalid.size:
        raise ReadError(
            f"{path}: line {invalid[0] + first}: not a date and time such as"
            f" 2012-01-05T23:55:04: {cells.iloc[invalid[0]]}"
        )
    epoch = pd.Timestamp(0, tz="UTC")
    return ((times - epoch) / pd.Timedelta(1, "s")).to_numpy(dtype=np.float64)


# ---- upload files -------------------------------------------------------------------


def _tracks_of_upload(path: Path) -> list[Track]:
    columns = (*_REQUIRED_TYPES.values(), *_INPUT_TYPES.values(), "expocode")
    check = check_file(path, keep=columns)
    missing = [kind for kind in _REQUIRED_TYPES.values() if kind not in check.types]
    if any(m.type == "time" and m.severity == "CRITICAL" for m in check.about_file()):
        missing.append("date and time")
    if check.header and not missing:
        return _tracks_of_check(check, path)
    if check.header and len(missing) < 3:
        raise ReadError(f"{path}: no column of type {', '.join(missing)}")
    raise ReadError(
        f"{path}: must be a processed netCDF, a SOCAT upload file, a file published by"
        " SOCAT, or a table with longitude, latitude, time, SST and fCO2rec"
    )


def _tracks_of_check(check: Check, path: Path) -> list[Track]:
    """Return the tracks of an upload file, as the dashboard reads it."""
    # Rows with other faults are flagged bad, as on the dashboard, and not used.
    for message in check.messages:
        if message.type == "fields":
            line = check.line_of(message)
            raise ReadError(f"{path}: line {line}, row {message.row}: {message.text}")
    seconds, longitude, latitude = check.track
    inputs = {
        key: check.kept[kind]
        for key, kind in _INPUT_TYPES.items()
        if kind in check.types
    }
    sst = check.kept[_REQUIRED_TYPES["sst"]]
    recommended = np.asarray(fco2rec(sst=sst, **inputs)[0])
    columns = {
        "seconds": seconds,
        "longitude": longitude,
        "latitude": latitude,
        "sst": sst,
        "fco2": np.where(check.woce_water == GOOD, recommended, np.nan),
    }
    code = check.metadata.get("expocode", _code_of_file(path))
    codes = check.kept.get("expocode", np.full(seconds.size, code))
    return _split_by_code(columns, codes, path)
