"""Files in the format that SOCAT publishes: enhanced (every row) and synthesis.

All numbers are first rounded as printed in the upload file, so that fCO2rec can be
recomputed to 0.001 uatm from the other columns, by SOCAT's own algorithms.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, choose
from oceanco2.expocode import expocode_of
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import usable_values
from oceanco2.fields.air import interpolate_mbl, read_air
from oceanco2.fields.sampling import open_field
from oceanco2.files import writing
from oceanco2.geography import west_and_east
from oceanco2.physics import fco2rec
from oceanco2.provenance import now, package_version
from oceanco2.socat.archive.printing import Text, format_rows
from oceanco2.socat.columns import COLUMNS, header_line
from oceanco2.socat.upload.rows import select
from oceanco2.text import plain_text

NOT_GIVEN = "N/A"
_FLAGS = (*"ABCDE", *"NU")
#: Columns of measured quantities and their variables of the dataset.
MEASURED: Mapping[str, str] = {
    "sample_depth": "sample_depth",
    "sal": "salinity",
    "SST": "SST",
    "Tequ": "T_equ",
    "PPPP": "P_atm",
    "Pequ": "P_equ",
    "xCO2water_equ_dry": "xCO2_water_Tequ_dry",
    "xCO2water_SST_dry": "xCO2_water_SST_dry",
    "pCO2water_equ_wet": "pCO2_water_Tequ_wet",
    "pCO2water_SST_wet": "pCO2_water_SST_wet",
    "fCO2water_equ_wet": "fCO2_water_Tequ_wet",
    "fCO2water_SST_wet": "fCO2_water_SST_wet",
}
_VERSION = re.compile(r"\d{1,4}(\.\d{1,2})?[NU]?")
#: Columns from other sources: missing unless the dataset has a variable of that name.
ANCILLARY = ("WOA_SSS", "NCEP_SLP", "ETOPO2_depth", "dist_to_land", "GVCO2")


@dataclass(frozen=True, slots=True)
class EnhancedOptions:
    """Options of files in the format of SOCAT.

    Attributes
    ----------
    version : str
        Version of SOCAT in which the data set first appears, e.g. ``"2026.0N"``.
    doi : str, optional
        DOI of the original data; by default the attribute ``doi`` of the dataset.
    flag : str, optional
        Data set flag A to E; by default the one that the investigators suggest, else
        ``"N"``: new, not evaluated yet.
    woa : str or Path, optional
        NetCDF of monthly salinity, for ``WOA_SSS``: the nearest sample.
    ncep : str or Path, optional
        NetCDF of pressure at sea level, for ``NCEP_SLP``: the nearest sample.
    gvco2 : str or Path, optional
        File of the marine boundary layer reference of NOAA (text or netCDF), for
        ``GVCO2``: interpolated in time and in the sine of latitude.
    """

    version: str = NOT_GIVEN
    doi: str | None = None
    flag: str | None = None
    woa: str | Path | None = None
    ncep: str | Path | None = None
    gvco2: str | Path | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        if self.version != NOT_GIVEN and not _VERSION.fullmatch(self.version):
            raise OptionError(
                "version must be like 2026.0N (new) or 3.0U (updated), not"
                f" {self.version!r}"
            )
        if self.flag is not None:
            choose("flag", self.flag, _FLAGS)


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The rows of one data set.

    Attributes
    ----------
    expocode, version, doi, flag : str
        The same in every row.
    about : mapping of str to str
        ``name``, ``platform``, ``investigators``, ``reference``.
    time : ndarray of datetime64[ms]
        In order.
    columns : mapping of str to ndarray
        Values by column name, rounded as printed.
    left_out : mapping of str to int
        Number of skipped rows of the dataset by reason.
    notes : tuple of str
        Columns without any value, and the reason.
    """

    expocode: str
    version: str
    doi: str
    flag: str
    about: Mapping[str, str]
    time: np.ndarray
    columns: Mapping[str, np.ndarray]
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def taken(self, rows: np.ndarray) -> "Records":
        """Return some of the rows.

        Parameters
        ----------
        rows : ndarray of bool
            True for the rows to keep.

        Returns
        -------
        Records
            The selected rows; the others are not counted.
        """
        columns = {name: values[rows] for name, values in self.columns.items()}
        return Records(
            self.expocode,
            self.version,
            self.doi,
            self.flag,
            self.about,
            self.time[rows],
            columns,
            self.left_out,
            self.notes,
        )

    def limits(self) -> dict[str, str]:
        """Return bounds and days in the format of SOCAT.

        Returns
        -------
        dict
            ``west`` and ``east`` such as ``"64.74W"``, ``south``, ``north``, ``start``
            and ``end``.
        """
        lon, lat = self.columns["longitude"], self.columns["latitude"]
        west, east = west_and_east(np.where(lon > 180, lon - 360, lon))
        days = self.time.astype("datetime64[D]")
        return {
            "west": f"{abs(west):.2f}{'W' if west < 0 else 'E'}",
            "east": f"{abs(east):.2f}{'W' if east < 0 else 'E'}",
            "south": f"{abs(lat.min()):.2f}{'S' if lat.min() < 0 else 'N'}",
            "north": f"{abs(lat.max()):.2f}{'S' if lat.max() < 0 else 'N'}",
            "start": str(days.min()),
            "end": str(days.max()),
        }


def records(ds: xr.Dataset, options: EnhancedOptions | None = None) -> Records:
    """Make the rows of an enhanced file from a dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset; the rows are the same as in an upload file.
    options : EnhancedOptions, optional
        Version, DOI and flag of the data set, files of fields.

    Returns
    -------
    Records
        All rows, including flags 3 and 4 and rows without fCO2rec.

    Raises
    ------
    ProcessingError
        If required content is missing.
    ReadError
        If a file of a field is not valid.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413,
       doi:10.5194/essd-8-383-2016.
    """
    enhanced_options = options or EnhancedOptions()
    selection = select(ds, include_air=False, include_bad=True)
    rows = selection.rows
    columns = {
        "longitude": _rounded("longitude", selection.longitude[rows] % 360),
        "latitude": _rounded("latitude", selection.latitude[rows]),
    }
    for name, variable in MEASURED.items():
        columns[name] = _rounded(name, _values(ds, variable, rows))
    coordinates = ds["time"].to_numpy()[rows], columns["latitude"], columns["longitude"]
    for name in ANCILLARY:
        values = _sampled(name, enhanced_options, *coordinates)
        if values is None:
            values = _values(ds, name, rows)
        columns[name] = _rounded(name, values)
    columns |= _recommended(columns, selection.water_flag)
    missing_columns = [
        name for name in ANCILLARY if not np.isfinite(columns[name]).any()
    ]
    notes = (
        (f"NaN, as not available: {', '.join(missing_columns)}",)
        if missing_columns
        else ()
    )
    return Records(
        expocode=expocode_of(ds),
        version=enhanced_options.version,
        doi=_text_or_missing(enhanced_options.doi or ds.attrs.get("doi")),
        flag=enhanced_options.flag or str(ds.attrs.get("suggested_flag") or "N"),
        about=_about(ds),
        time=selection.time[rows],
        columns=columns,
        left_out=selection.left_out,
        notes=notes,
    )


def _sampled(
    name: str,
    options: EnhancedOptions,
    time: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
) -> np.ndarray | None:
    """Sample a field from the file that the user gives, if any."""
    if name == "GVCO2" and options.gvco2 is not None:
        return interpolate_mbl(read_air(options.gvco2), time, latitude)
    files = {
        "WOA_SSS": (options.woa, "salinity"),
        "NCEP_SLP": (options.ncep, "pressure"),
    }
    path, kind = files.get(name, (None, ""))
    if path is None:
        return None
    return open_field(path, kind).at(time, latitude, longitude)


def _values(ds: xr.Dataset, variable: str, rows: np.ndarray) -> np.ndarray:
    if variable not in ds.variables:
        return np.full(rows.size, np.nan)
    if variable in ANCILLARY:
        return np.asarray(ds[variable].to_numpy()[rows], dtype=np.float64)
    return usable_values(ds, variable)[0][rows]


_DECIMALS = {column.name: column.decimals for column in COLUMNS}


def _rounded(name: str, values: np.ndarray) -> np.ndarray:
    """Round as printed, so that the file contains exactly these numbers."""
    form = f"%.{_DECIMALS[name]}f"
    return np.array([float(form % value) for value in values.tolist()])


def _recommended(
    columns: Mapping[str, np.ndarray], flags: np.ndarray
) -> dict[str, np.ndarray]:
    inputs: dict[str, Any] = {
        argument: columns[name]
        for argument, name in (
            ("sst", "SST"),
            ("t_equ", "Tequ"),
            ("salinity", "sal"),
            ("woa_salinity", "WOA_SSS"),
            ("p_equ", "Pequ"),
            ("p_atm", "PPPP"),
            ("ncep_slp", "NCEP_SLP"),
            ("xco2_equ_dry", "xCO2water_equ_dry"),
            ("xco2_sst_dry", "xCO2water_SST_dry"),
            ("pco2_equ_wet", "pCO2water_equ_wet"),
            ("pco2_sst_wet", "pCO2water_SST_wet"),
            ("fco2_equ_wet", "fCO2water_equ_wet"),
            ("fco2_sst_wet", "fCO2water_SST_wet"),
        )
    }
    value, number = fco2rec(**inputs)
    return {
        "fCO2rec": _rounded("fCO2rec", value),
        "fCO2rec_src": np.asarray(number, dtype=np.int64),
        "fCO2rec_flag": np.where(number == 0, 9, flags).astype(np.int64),
    }


def _text_or_missing(value: object) -> str:
    return plain_text(value) if value else NOT_GIVEN


def _about(ds: xr.Dataset) -> dict[str, str]:
    texts = {
        "name": ds.attrs.get("dataset_name"),
        "platform": ds.attrs.get("platform_name"),
        "investigators": ds.attrs.get("creator_name"),
        "reference": ds.attrs.get("references"),
    }
    return {name: _text_or_missing(value) for name, value in texts.items()}


def synthesis_rows(data_set: Records) -> Records:
    """Return the rows of a synthesis file."""
    if data_set.flag not in set("ABCD"):
        raise ProcessingError(
            f"{data_set.expocode}: a synthesis file needs data set flag A to D, not"
            f" {data_set.flag!r} (option flag, or platform file: [metadata]"
            " suggested_flag)"
        )
    good = data_set.columns["fCO2rec_flag"] == 2
    names = ("latitude", "longitude", "SST", "sal", "fCO2rec")
    good_rows = data_set.taken(good)
    # Two NaN count as equal here.
    values = [np.nan_to_num(good_rows.columns[name], nan=-9999.0) for name in names]
    keys = np.stack([good_rows.time.astype("int64").astype(np.float64), *values])
    first = np.zeros(good_rows.time.size, dtype=bool)
    first[np.unique(keys, axis=1, return_index=True)[1]] = True
    if not first.any():
        raise ProcessingError(f"{data_set.expocode}: no row with an fCO2rec of flag 2")
    return good_rows.taken(first)


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
    options=EnhancedOptions,
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
    options=EnhancedOptions,
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
    with writing(path) as temporary, temporary.open("wb") as file:
        file.write(("\n".join(head) + "\n").encode("utf-8"))
        file.write(header_line())
        for data_set in sets:
            file.write(_rows(data_set))


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
