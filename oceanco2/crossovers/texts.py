"""Data sets in text files: given out by SOCAT, to be uploaded, or plain tables."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.dashboard.checker import Check, check_file
from oceanco2.dashboard.recognition import missing_codes
from oceanco2.errors import ReadError
from oceanco2.physics import fco2rec
from oceanco2.qc.crossover import Track, platform_of
from oceanco2.synthesis import iter_socat
from oceanco2.vocabulary import GOOD

_EPOCH = np.datetime64(0, "s")
#: Column of a plain table and how its name begins, letters and digits only.
_PLAIN = {
    "longitude": "lon",
    "latitude": "lat",
    "time": "time|datetime|secondssince",
    "sst": "sst|seasurfacetemp|temp",
    "fco2": "fco2",
}
#: Columns of files that SOCAT gives out.
_GIVEN_OUT = (
    *("Expocode", "time", "longitude", "latitude", "SST", "fCO2rec", "fCO2rec_flag"),
)
#: Types of the dashboard that must be there, and those that fCO2rec is made of.
_UPLOAD = {"longitude": "longitude", "latitude": "latitude", "sst": "temp"}
_INPUTS = {
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
    """Read what crossovers need of the data sets of a text file."""
    first = True  # line that is no comment: where the head of a plain table is
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file):
            if line.startswith("Expocode\t") and "\tyr\t" in line:
                return tracks_given_out(path)
            if first and line.strip() and not line.startswith("#"):
                first = False
                found = _plain_names(line)
                if found:
                    return _plain(path, number, *found)
            if number > 20_000:  # no preamble is as long
                break
    return _uploaded(path)


def _named(path: Path) -> str:
    found = re.search(r"[A-Z0-9]{4}\d{8}(-\d)?", path.stem.upper())
    return found[0] if found else path.stem


# ---- files that SOCAT gives out -----------------------------------------------------


def tracks_given_out(path: Path) -> list[Track]:
    """Read the data sets of a file that SOCAT or PANGAEA give out."""
    held: dict[str, list[Columns]] = {}
    for chunk in iter_socat(path, _GIVEN_OUT, progress=False):
        codes = chunk["Expocode"].astype(str).to_numpy()
        seconds = (chunk["time"].to_numpy() - _EPOCH) / np.timedelta64(1, "s")
        flags, fco2 = chunk["fCO2rec_flag"].to_numpy(), chunk["fCO2rec"].to_numpy()
        kept = {
            "seconds": np.where(np.isnat(chunk["time"].to_numpy()), np.nan, seconds),
            "longitude": chunk["longitude"].to_numpy(),
            "latitude": chunk["latitude"].to_numpy(),
            "sst": chunk["SST"].to_numpy(),
            "fco2": np.where(flags == GOOD, fco2, np.nan),
        }
        starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
        for start, end in zip(starts, np.append(starts[1:], codes.size), strict=True):
            mine = {key: values[start:end].copy() for key, values in kept.items()}
            held.setdefault(str(codes[start]), []).append(mine)
    return [_joined(code, parts, str(path)) for code, parts in held.items()]


def _joined(code: str, parts: Sequence[Columns], source: str) -> Track:
    columns = {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}
    return Track(expocode=code, platform=platform_of(code), source=source, **columns)


# ---- plain tables -------------------------------------------------------------------


def _plain_names(line: str) -> tuple[str, dict[str, int]] | None:
    """Return separator and places of the columns, if this is the head of a table."""
    for separator in ("\t", ";", ","):
        names = [
            re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in line.split(separator)
        ]
        if "date" in names:  # with a time of day: a file to be uploaded
            continue
        found = {}
        for key, start in _PLAIN.items():
            hits = [i for i, name in enumerate(names) if re.match(start, name)]
            best = [i for i in hits if names[i].startswith("fco2rec")] or hits
            if not best:
                break
            found[key] = best[0]
        else:
            flags = [i for i, n in enumerate(names) if re.match(r"fco2\w*flag|woce", n)]
            found |= {"flag": flags[-1]} if flags else {}
            found |= {"code": names.index("expocode")} if "expocode" in names else {}
            return separator, found
    return None


def _plain(
    path: Path, line: int, separator: str, places: dict[str, int]
) -> list[Track]:
    import pandas as pd

    try:
        table = pd.read_csv(
            path,
            sep=separator,
            skiprows=line + 1,
            header=None,
            usecols=list(places.values()),
            comment="#",
            na_values=list(missing_codes()),
        )
    except ValueError as error:
        raise ReadError(f"{path}: a row cannot be read: {error}") from None
    cells = {key: table[place] for key, place in places.items()}
    columns = {
        key: _parsed(cells[key], f"{path}: {key}", line + 2)
        for key in ("longitude", "latitude", "sst", "fco2")
    }
    if pd.api.types.is_numeric_dtype(cells["time"]):
        columns["seconds"] = cells["time"].to_numpy(dtype=np.float64)
    else:
        columns["seconds"] = _moments(cells["time"], path, line + 2)
    if "flag" in cells:
        good = pd.to_numeric(cells["flag"], errors="coerce").to_numpy() == GOOD
        columns["fco2"] = np.where(good, columns["fco2"], np.nan)
    codes = np.full(len(table), _named(path))
    if "code" in cells:
        codes = cells["code"].to_numpy().astype(str)
    return _by_code(columns, codes, path)


def _by_code(columns: Columns, codes: np.ndarray, path: Path) -> list[Track]:
    """Part the rows of a file by their data set."""
    return [
        Track(
            expocode=str(code),
            platform=platform_of(str(code)),
            source=str(path),
            **{key: values[codes == code] for key, values in columns.items()},
        )
        for code in dict.fromkeys(codes.tolist())
    ]


def _parsed(cells: Any, where: str, first: int) -> np.ndarray:
    import pandas as pd

    values = pd.to_numeric(cells, errors="coerce")
    wrong = np.flatnonzero((values.isna() & cells.notna()).to_numpy())
    if wrong.size:
        said = f"line {wrong[0] + first}: no number: {cells.iloc[wrong[0]]}"
        raise ReadError(f"{where}: {said}")
    return values.to_numpy(dtype=np.float64)


def _moments(cells: Any, path: Path, first: int) -> np.ndarray:
    import pandas as pd

    times = pd.to_datetime(cells, utc=True, format="ISO8601", errors="coerce")
    wrong = np.flatnonzero((times.isna() & cells.notna()).to_numpy())
    if wrong.size:
        raise ReadError(
            f"{path}: line {wrong[0] + first}: no date and time such as"
            f" 2012-01-05T23:55:04: {cells.iloc[wrong[0]]}"
        )
    epoch = pd.Timestamp(0, tz="UTC")
    return ((times - epoch) / pd.Timedelta(1, "s")).to_numpy(dtype=np.float64)


# ---- files to be uploaded -----------------------------------------------------------


def _uploaded(path: Path) -> list[Track]:
    wanted = (*_UPLOAD.values(), *_INPUTS.values(), "expocode")
    check = check_file(path, keep=wanted)
    lacking = [kind for kind in _UPLOAD.values() if kind not in check.types]
    if any(m.type == "time" and m.severity == "CRITICAL" for m in check.about_file()):
        lacking.append("date and time")
    if check.header and not lacking:
        return _of_check(check, path)
    if check.header and len(lacking) < 3:
        raise ReadError(f"{path}: no column of type {', '.join(lacking)}")
    raise ReadError(
        f"{path}: is no processed netCDF, no SOCAT upload file, no file that SOCAT"
        " gives out and no table with longitude, latitude, time, SST and fCO2rec"
    )


def _of_check(check: Check, path: Path) -> list[Track]:
    """Take an upload file apart, as the dashboard reads it."""
    # Rows with another fault are bad, as for the dashboard, and do not count.
    for message in check.messages:
        if message.type == "fields":
            line = check.line_of(message)
            raise ReadError(f"{path}: line {line}, row {message.row}: {message.text}")
    seconds, longitude, latitude = check.track
    inputs = {
        key: check.kept[kind] for key, kind in _INPUTS.items() if kind in check.types
    }
    sst = check.kept[_UPLOAD["sst"]]
    recommended = np.asarray(fco2rec(sst=sst, **inputs)[0])
    columns = {
        "seconds": seconds,
        "longitude": longitude,
        "latitude": latitude,
        "sst": sst,
        "fco2": np.where(check.woce_water == GOOD, recommended, np.nan),
    }
    code = check.metadata.get("expocode", _named(path))
    codes = check.kept.get("expocode", np.full(seconds.size, code))
    return _by_code(columns, codes, path)
