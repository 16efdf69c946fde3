"""Write files in the format of SOCAT: preamble, header, rows."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OutputError, ProcessingError
from oceanco2.export.exporter import exporter
from oceanco2.provenance import now, package_version, whole_file
from oceanco2.socat.archive.printing import Text, format_rows
from oceanco2.socat.columns import COLUMNS, header_line
from oceanco2.socat.upload.enhanced import (
    NOT_GIVEN,
    EnhancedOptions,
    Records,
    records,
    synthesis_rows,
)

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
    description="every row in the format of SOCAT's enhanced files, with fCO2rec",
    suffix=".tsv",
    reference=_REFERENCE,
    options=_OPTIONS,
)
def write_enhanced(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write one data set in the format of SOCAT's enhanced files."""
    data_set = records(ds, EnhancedOptions(**options))
    _save(path, [*_preamble_of_one(data_set), *_explanation(_EVERY)], [data_set])


@exporter(
    "socat_synthesis",
    description="good rows in the format of SOCAT's synthesis files, with fCO2rec",
    suffix=".tsv",
    reference=_REFERENCE,
    options=_OPTIONS,
)
def write_synthesis(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write one data set in the format of SOCAT's synthesis files."""
    write_report([records(ds, EnhancedOptions(**options))], path)


def write_report(
    sets: Iterable[Records], path: str | Path, *, every: bool = False
) -> list[Records]:
    """Write several data sets into one file in the format of SOCAT.

    Parameters
    ----------
    sets : iterable of Records
        Data sets in any order, each expocode once.
    path : str or Path
        The file; written atomically.
    every : bool, default False
        Write every row, as in enhanced files; else good rows of data sets A to D.

    Returns
    -------
    list of Records
        The data sets written, ordered by expocode.

    Raises
    ------
    ProcessingError
        If there is no data set, a repeated one, or one without rows to write.
    OutputError
        If the file cannot be written.
    """
    data_sets = sorted(sets, key=lambda data_set: data_set.expocode)
    codes = [data_set.expocode for data_set in data_sets]
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise ProcessingError(f"data set {repeated[0]} appears more than once")
    if not data_sets:
        raise ProcessingError("no data set to write")
    if not every:
        data_sets = [synthesis_rows(data_set) for data_set in data_sets]
    head = [*_preamble_of_many(data_sets), *_explanation(_EVERY if every else _GOOD)]
    _save(path, head, data_sets)
    return data_sets


def _created() -> str:
    stamp = now()
    return f"SOCAT data report created: {stamp[:10]} {stamp[11:16]} +0000"


def _origin() -> str:
    return (
        f"Made by oceanco2 {package_version()}, not by SOCAT, in the form of its files"
    )


def _preamble_of_one(data_set: Records) -> list[str]:
    limit = data_set.limits()
    return [
        _created(),
        _origin(),
        f"Expocode: {data_set.expocode}",
        f"version: {data_set.version}",
        f"Dataset Name: {data_set.about['name']}",
        f"Platform Name: {data_set.about['platform']}",
        f"Principal Investigator(s): {data_set.about['investigators']}",
        f"DOI for the original data: {data_set.doi}",
        f"DOI of the entire SOCAT collection: {NOT_GIVEN}",
        f"Supplemental documentation reference(s): {data_set.about['reference']}",
        f"Longitude range: {limit['west']} to {limit['east']}",
        f"Latitude range: {limit['south']} to {limit['north']}",
        f"Time range: {limit['start']} to {limit['end']}",
        f"Data set QC flag: {data_set.flag}",
        "",
    ]


def _preamble_of_many(sets: Sequence[Records]) -> list[str]:
    lines = [
        _created(),
        _origin(),
        f"DOI of the entire SOCAT collection: {NOT_GIVEN}",
        "SOCAT data for the following data sets:",
        "\t".join(_TABLE),
    ]
    for data_set in sets:
        limit = data_set.limits()
        about = (data_set.about[n] for n in ("name", "platform", "investigators"))
        cells = [
            data_set.expocode,
            data_set.version,
            *about,
            data_set.doi,
            data_set.about["reference"],
        ]
        cells += [limit[n] for n in ("west", "east", "south", "north", "start", "end")]
        lines.append("\t".join([*cells, data_set.flag, ""]))
    return [*lines, ""]


def _explanation(closing: Sequence[str]) -> list[str]:
    lines = []
    for column in COLUMNS:
        units = f" [{column.units}]" if column.units not in ("", "1") else ""
        lines.append(f"{column.name}: {column.long_name}{units}")
    return [
        "Explanation of data columns:",
        *lines,
        "",
        "Missing values are indicated by 'NaN'",
        "",
        "For the meaning of QC_Flag, fCO2rec_src and fCO2rec_flag see Bakker et al.",
        "(2016), Earth System Science Data, 8(2), 383-413, doi:10.5194/essd-8-383-2016",
        "",
        *closing,
        "",
    ]


def _save(path: str | Path, head: Sequence[str], sets: Sequence[Records]) -> None:
    with whole_file(path) as temporary:
        try:
            with temporary.open("wb") as file:
                file.write(("\n".join(head) + "\n").encode("utf-8"))
                file.write(header_line())
                for data_set in sets:
                    file.write(_rows(data_set))
        except OSError as error:
            message = f"{path}: cannot be written: {error.strerror}"
            raise OutputError(message) from None


def _rows(data_set: Records) -> bytes:
    size = data_set.time.size
    texts = {
        "Expocode": data_set.expocode,
        "version": data_set.version,
        "Source_DOI": data_set.doi,
        "QC_Flag": data_set.flag,
    }
    zero = np.zeros(size, np.int32)
    values = {name: Text(zero, [text.encode()]) for name, text in texts.items()}
    return format_rows(
        COLUMNS, values | time_columns(data_set.time) | dict(data_set.columns)
    )


def time_columns(time: np.ndarray) -> dict[str, np.ndarray]:
    """Split times into the columns of a row.

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
