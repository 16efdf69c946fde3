"""Simulated SOCAT files of any size, in the format of SOCAT."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.files import writing
from oceanco2.physics import fco2rec
from oceanco2.socat.archive.printing import Array, Text, format_rows
from oceanco2.socat.columns import COLUMNS, HEADERS, SYNTHESIS_HEADERS, header_line

#: Rows of one data set, about as in SOCAT.
_ROWS = 5000
#: Fraction of data sets by algorithm of fCO2rec.
_SHARES = {1: 0.70, 2: 0.07, 3: 0.04, 4: 0.05, 5: 0.01, 6: 0.05, 8: 0.05}
_SHARES |= {7: 0.005, 9: 0.005, 10: 0.005, 11: 0.005, 12: 0.005, 13: 0.0025, 14: 0.0025}
_CO2 = (
    "xCO2water_equ_dry",
    "xCO2water_SST_dry",
    "pCO2water_equ_wet",
    "pCO2water_SST_wet",
    "fCO2water_equ_wet",
    "fCO2water_SST_wet",
)
#: The CO2 column used by each algorithm.
_TAKES = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 2, 8: 3}
_TAKES |= {9: 0, 10: 1, 11: 0, 12: 1, 13: 0, 14: 1}
_NO_SALINITY, _NO_PRESSURE = (9, 10, 13, 14), (7, 8, 11, 12, 13, 14)
_PLATFORMS = ("06AQ", "26NA", "3164", "33RO", "49P1", "58GS", "64SA", "74EQ", "77AR")
_FIRST_DAY = date(1990, 1, 1)


def simulate_socat_file(
    path: str | Path,
    rows: int,
    *,
    seed: int = 0,
    enhanced: bool = True,
    each: int = _ROWS,
) -> None:
    """Write a simulated file in the format of SOCAT."""
    if rows < 0:
        raise OptionError(f"rows must be 0 or more, not {rows}")
    if each < 1:
        raise OptionError(f"each must be 1 or more, not {each}")
    headers = HEADERS if enhanced else SYNTHESIS_HEADERS
    columns = [column for column in COLUMNS if column.header in headers]
    with writing(path) as temporary, temporary.open("wb") as file:
        file.write(header_line(headers))
        for values in _data_sets(rows, seed, each):
            file.write(format_rows(columns, values))


def _data_sets(rows: int, seed: int, each: int) -> Iterator[dict[str, Array | Text]]:
    rng = np.random.default_rng(seed)
    count = -(-rows // each)
    order = np.sort(rng.integers(0, len(_PLATFORMS), count))
    step = max(1, 100_000 // each)
    for first in range(0, count, step):
        sets = range(first, min(first + step, count))
        sizes = [min(each, rows - i * each) for i in sets]
        codes = np.repeat(np.arange(len(sizes)), sizes)
        platforms = [_PLATFORMS[order[i]] for i in sets]
        yield _rows(rng, codes, np.concatenate([np.arange(n) for n in sizes]), sets) | (
            _texts(codes, sets, platforms)
        )


def _day(i: int) -> date:
    # One data set after the other, so that no two have the same expocode.
    return _FIRST_DAY + timedelta(days=int(i) % 12000)


def _texts(codes: Array, sets: range, platforms: list[str]) -> dict[str, Text]:
    names = [f"{p}{_day(i):%Y%m%d}" for i, p in zip(sets, platforms, strict=True)]
    each = {
        "Expocode": names,
        "version": ["2026.0N" if i % 3 else "3.0U" for i in sets],
        "Source_DOI": [
            "N/A" if i % 5 == 0 else f"10.25921/{n}"
            for i, n in zip(sets, names, strict=True)
        ],
        "QC_Flag": ["ABBBCD"[i % 6] for i in sets],
    }
    return {k: Text(codes, [w.encode() for w in words]) for k, words in each.items()}


def _rows(
    rng: np.random.Generator, of: Array, at: Array, sets: range
) -> dict[str, Array]:
    """Numeric columns; `of` is the index of the data set, `at` the row in it."""
    n, k = of.size, len(sets)
    src = rng.choice(list(_SHARES), k, p=np.array(list(_SHARES.values())))[of]
    start = np.array([_day(i) for i in sets], dtype="datetime64[s]")
    seconds = at * 150 + rng.integers(0, 60, k)[of]
    time = start[of] + seconds.astype("timedelta64[s]")
    latitude = rng.uniform(-60, 70, k)[of] + rng.uniform(-0.004, 0.004, k)[of] * at
    longitude = rng.uniform(0, 360, k)[of] + rng.uniform(-0.008, 0.008, k)[of] * at
    sst = 28.0 * np.cos(np.radians(latitude)) ** 2 + 0.02 * rng.standard_normal(n)
    columns = {
        **_clock(time),
        "longitude": np.round(longitude % 360.0, 5),
        "latitude": np.round(np.clip(latitude, -78.0, 90.0), 5),
        "sample_depth": np.where(of % 3, 5.0, np.nan),
        "sal": np.where(np.isin(src, _NO_SALINITY), np.nan, 34.0 + np.sin(at / 300)),
        "SST": sst,
        "Tequ": sst + 0.25,
        "PPPP": 1012.0 + 15.0 * np.sin(at / 400 + of),
        "Pequ": 1013.0 + 15.0 * np.sin(at / 400 + of),
        "WOA_SSS": 34.5 + 0.5 * np.sin(at / 1000),
        "NCEP_SLP": 1012.5 + 15.0 * np.sin(at / 400 + of),
        "ETOPO2_depth": np.round(3000.0 + 2000.0 * np.sin(at / 700)),
        "dist_to_land": np.round(np.minimum(1000.0, 20.0 + at / 3)),
        "GVCO2": 355.0 + (np.array([_day(i).year for i in sets]) - 1990)[of] * 1.9,
    }
    columns["PPPP"][np.isin(src, _NO_PRESSURE)] = np.nan
    columns["Pequ"][np.isin(src, _NO_PRESSURE) | (of % 4 == 0)] = np.nan
    co2 = 370.0 + 40.0 * np.sin(at / 500 + of) + rng.standard_normal(n)
    takes = np.array([_TAKES.get(i, 0) for i in range(15)])[src]
    for i, name in enumerate(_CO2):
        columns[name] = np.where(takes == i, co2, np.nan)
    for name in list(columns)[8:]:
        columns[name] = np.round(columns[name], 3)
    columns["fCO2rec"], columns["fCO2rec_src"] = _recommended(columns)
    columns["fCO2rec_flag"] = np.where(columns["fCO2rec_src"] > 0, 2, 9)
    return columns


def _clock(time: Array) -> dict[str, Array]:
    day = time.astype("datetime64[D]")
    month = time.astype("datetime64[M]")
    year = time.astype("datetime64[Y]")
    second = (time - day).astype(np.int64)
    return {
        "yr": year.astype(np.int64) + 1970,
        "mon": (month - year).astype(np.int64) + 1,
        "day": (day - month).astype(np.int64) + 1,
        "hh": second // 3600,
        "mm": second // 60 % 60,
        "ss": (second % 60).astype(float),
    }


def _recommended(columns: dict[str, Array]) -> tuple[Array, Array]:
    value, number = fco2rec(
        sst=columns["SST"],
        t_equ=columns["Tequ"],
        salinity=columns["sal"],
        woa_salinity=columns["WOA_SSS"],
        p_equ=columns["Pequ"],
        p_atm=columns["PPPP"],
        ncep_slp=columns["NCEP_SLP"],
        xco2_equ_dry=columns["xCO2water_equ_dry"],
        xco2_sst_dry=columns["xCO2water_SST_dry"],
        pco2_equ_wet=columns["pCO2water_equ_wet"],
        pco2_sst_wet=columns["pCO2water_SST_wet"],
        fco2_equ_wet=columns["fCO2water_equ_wet"],
        fco2_sst_wet=columns["fCO2water_SST_wet"],
    )
    return value, number
