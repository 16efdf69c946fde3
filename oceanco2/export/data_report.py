"""What surrounds the rows of files in the form of SOCAT: preamble, header, account."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OutputError, ProcessingError
from oceanco2.export.enhanced import (
    NOT_GIVEN,
    EnhancedOptions,
    Records,
    records,
    synthesis_rows,
)
from oceanco2.export.entries import exporter
from oceanco2.provenance import now, package_version, whole_file
from oceanco2.socat_format import COLUMNS, Text, format_rows, header_line

_OPTIONS = tuple(option.name for option in fields(EnhancedOptions))
_REFERENCE = "doi:10.5194/essd-8-383-2016"
_TABLE = (
    "Expocode",
    "version",
    "Dataset Name",
    "Platform Name",
    "PI(s)",
    "Data Source DOI",
    "Data Source Reference",
    "Westmost Longitude",
    "Eastmost Longitude",
    "Southmost Latitude",
    "Northmost Latitude",
    "Start Time",
    "End Time",
    "QC Flag",
    "Additional Metadata Document(s)",
)
_EVERY = (
    "This is a report of all data points, including those with missing",
    "recomputed fCO2 values and those of WOCE flag 3 (questionable) or 4 (bad).",
)
_GOOD = (
    "This is a report of only data points with recomputed fCO2 values",
    "which were deemed acceptable (WOCE flag 2).",
)


@exporter(
    "socat_enhanced",
    description="every row in the form of SOCAT's enhanced files, with fCO2rec",
    suffix=".tsv",
    reference=_REFERENCE,
    options=_OPTIONS,
)
def write_enhanced(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write one data set as an enhanced file of SOCAT."""
    one = records(ds, EnhancedOptions(**options))
    _save(path, [*_about_one(one), *_explanation(_EVERY)], [one])


@exporter(
    "socat_synthesis",
    description="good rows in the form of SOCAT's synthesis files, with fCO2rec",
    suffix=".tsv",
    reference=_REFERENCE,
    options=_OPTIONS,
)
def write_synthesis(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write one data set as a synthesis file of SOCAT."""
    write_report([records(ds, EnhancedOptions(**options))], path)


def write_report(
    sets: Iterable[Records], path: str | Path, *, every: bool = False
) -> list[Records]:
    """Write several data sets into one file in the form of SOCAT.

    Parameters
    ----------
    sets : iterable of Records
        Data sets in any order; no expocode twice.
    path : str or Path
        The file; replaced as a whole or not at all.
    every : bool, default False
        Every row, as in enhanced files; else the good ones of data sets A to D.

    Returns
    -------
    list of Records
        What was written, ordered by expocode, then time.

    Raises
    ------
    ProcessingError
        If there is no data set, one twice, or one without a row to write.
    OutputError
        If the file cannot be written.
    """
    chosen = sorted(sets, key=lambda one: one.expocode)
    codes = [one.expocode for one in chosen]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ProcessingError(f"data set {twice[0]} is given twice")
    if not chosen:
        raise ProcessingError("no data set to write")
    if not every:
        chosen = [synthesis_rows(one) for one in chosen]
    head = [*_about_many(chosen), *_explanation(_EVERY if every else _GOOD)]
    _save(path, head, chosen)
    return chosen


def _created() -> str:
    stamp = now()
    return f"SOCAT data report created: {stamp[:10]} {stamp[11:16]} +0000"


def _origin() -> str:
    return (
        f"Made by oceanco2 {package_version()}, not by SOCAT, in the form of its files"
    )


def _about_one(one: Records) -> list[str]:
    limit = one.limits()
    return [
        _created(),
        _origin(),
        f"Expocode: {one.expocode}",
        f"version: {one.version}",
        f"Dataset Name: {one.about['name']}",
        f"Platform Name: {one.about['platform']}",
        f"Principal Investigator(s): {one.about['investigators']}",
        f"DOI for the original data: {one.doi}",
        f"DOI of the entire SOCAT collection: {NOT_GIVEN}",
        f"Supplemental documentation reference(s): {one.about['reference']}",
        f"Longitude range: {limit['west']} to {limit['east']}",
        f"Latitude range: {limit['south']} to {limit['north']}",
        f"Time range: {limit['start']} to {limit['end']}",
        f"Data set QC flag: {one.flag}",
        "",
    ]


def _about_many(sets: Sequence[Records]) -> list[str]:
    lines = [
        _created(),
        _origin(),
        f"DOI of the entire SOCAT collection: {NOT_GIVEN}",
        "SOCAT data for the following data sets:",
        "\t".join(_TABLE),
    ]
    for one in sets:
        limit = one.limits()
        about = (one.about[n] for n in ("name", "platform", "investigators"))
        cells = [one.expocode, one.version, *about, one.doi, one.about["reference"]]
        cells += [limit[n] for n in ("west", "east", "south", "north", "start", "end")]
        lines.append("\t".join([*cells, one.flag, ""]))
    return [*lines, ""]


def _explanation(which: Sequence[str]) -> list[str]:
    said = []
    for column in COLUMNS:
        units = f" [{column.units}]" if column.units not in ("", "1") else ""
        said.append(f"{column.name}: {column.long_name}{units}")
    return [
        "Explanation of data columns:",
        *said,
        "",
        "Missing values are indicated by 'NaN'",
        "",
        "For the meaning of QC_Flag, fCO2rec_src and fCO2rec_flag see Bakker et al.",
        "(2016), Earth System Science Data, 8(2), 383-413, doi:10.5194/essd-8-383-2016",
        "",
        *which,
        "",
    ]


def _save(path: str | Path, head: Sequence[str], sets: Sequence[Records]) -> None:
    with whole_file(path) as temporary:
        try:
            with temporary.open("wb") as file:
                file.write(("\n".join(head) + "\n").encode("utf-8"))
                file.write(header_line())
                for one in sets:
                    file.write(_rows(one))
        except OSError as error:
            said = f"{path}: cannot be written: {error.strerror}"
            raise OutputError(said) from None


def _rows(one: Records) -> bytes:
    size = one.time.size
    texts = {
        "Expocode": one.expocode,
        "version": one.version,
        "Source_DOI": one.doi,
        "QC_Flag": one.flag,
    }
    zero = np.zeros(size, np.int32)
    values = {name: Text(zero, [text.encode()]) for name, text in texts.items()}
    return format_rows(COLUMNS, values | time_columns(one.time) | dict(one.columns))


def time_columns(time: np.ndarray) -> dict[str, np.ndarray]:
    """Cut times into the columns of a row.

    Examples
    --------
    >>> parts = time_columns(np.array(["2024-03-01T06:02:30.250"], "datetime64[ms]"))
    >>> {name: part.tolist() for name, part in parts.items()}
    {'yr': [2024], 'mon': [3], 'day': [1], 'hh': [6], 'mm': [2], 'ss': [30.25]}
    """
    milli = time.astype("datetime64[ms]")
    months, days = milli.astype("datetime64[M]"), milli.astype("datetime64[D]")
    in_day = (milli - days).astype("int64")
    return {
        "yr": milli.astype("datetime64[Y]").astype("int64") + 1970,
        "mon": months.astype("int64") % 12 + 1,
        "day": (days - months.astype("datetime64[D]")).astype("int64") + 1,
        "hh": in_day // 3_600_000,
        "mm": in_day // 60_000 % 60,
        "ss": in_day % 60_000 / 1000,
    }
